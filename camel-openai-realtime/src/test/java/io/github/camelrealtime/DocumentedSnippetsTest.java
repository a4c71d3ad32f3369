/*
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */
package io.github.camelrealtime;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.camelrealtime.docs.AnyComponent;
import io.github.camelrealtime.docs.Snippet;
import io.github.camelrealtime.docs.SnippetCompiler;
import io.github.camelrealtime.session.SessionState;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RoutesDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.apache.camel.xml.in.ModelParser;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every piece of code in the README and the guide runs: routes are started against the simulator, in whatever language they are
 * written, and their sessions become ready. Properties are run by {@link DocumentedPropertiesTest}; snippets with a name by the test
 * that holds their source.
 */
class DocumentedSnippetsTest {

    private static final Pattern DEPENDENCY = Pattern.compile(
            "<groupId>(.*?)</groupId>\\s*<artifactId>(.*?)</artifactId>\\s*<version>(.*?)</version>");
    private static SnippetCompiler compiled;

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private static Stream<Snippet> in(String language) throws IOException {
        return Snippet.all().stream().filter(snippet -> snippet.language().equals(language) && !snippet.named());
    }

    static List<Snippet> java() throws IOException {
        return in("java").toList();
    }

    static List<Snippet> javaRoutes() throws IOException {
        return java().stream().filter(snippet -> !SnippetCompiler.isTestClass(snippet)).toList();
    }

    static List<Snippet> yaml() throws IOException {
        return in("yaml").toList();
    }

    static List<Snippet> xmlRoutes() throws IOException {
        return in("xml").filter(snippet -> snippet.text().startsWith("<camel>")).toList();
    }

    @Test
    @DisplayName("All code of the guide is in languages that tests run; Java and YAML in abundance")
    void languages() throws IOException {
        assertThat(Snippet.all()).extracting(Snippet::language).isSubsetOf("java", "yaml", "xml", "properties", "bash", "json",
                "");
        assertThat(javaRoutes()).hasSizeGreaterThan(40);
        assertThat(yaml()).hasSizeGreaterThan(30);
        assertThat(xmlRoutes()).isNotEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("javaRoutes")
    void javaRoutes(Snippet snippet) throws Exception {
        if (compiled == null) {
            compiled = new SnippetCompiler(java());
        }
        starts(context -> context.addRoutes(compiled.routes(snippet)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("yaml")
    @Tag("camel-4.18-only")
    void yamlRoutes(Snippet snippet) throws Exception {
        Resource yaml = ResourceHelper.fromString("snippet.yaml", snippet.text());
        starts(context -> PluginHelper.getRoutesLoader(context).loadRoutes(yaml));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("xmlRoutes")
    void xmlRoutes(Snippet snippet) throws Exception {
        String routes = snippet.text().replace("<camel>", "<routes>").replace("</camel>", "</routes>");
        starts(context -> context.addRouteDefinitions(
                new ModelParser(new ByteArrayInputStream(routes.getBytes(StandardCharsets.UTF_8))).parseRoutesDefinition()
                        .orElse(new RoutesDefinition()).getRoutes()));
    }

    @Test
    @DisplayName("Dependencies have the versions of the build, and name modules that exist")
    void dependencies() throws IOException {
        String pom = Files.readString(Path.of("..", "pom.xml"));
        Map<String, String> versions = Map.of("jackson-bom", property(pom, "jackson.version"),
                "camel-bom", property(pom, "camel.version"), "h2-mvstore", property(pom, "h2.version"));
        List<String> xml = in("xml").map(Snippet::text).filter(text -> text.contains("<dependency>")).toList();
        assertThat(xml).isNotEmpty();
        for (String text : xml) {
            Matcher dependency = DEPENDENCY.matcher(text);
            while (dependency.find()) {
                String artifact = dependency.group(2);
                if (dependency.group(1).equals("io.github.camelrealtime")) {
                    assertThat(Path.of("..", artifact, "pom.xml")).exists();
                    assertThat(pom).contains("<version>" + dependency.group(3) + "</version>");
                } else {
                    assertThat(dependency.group(3)).as(artifact).isEqualTo(versions.get(artifact));
                }
            }
        }
    }

    private static String property(String pom, String name) {
        Matcher value = Pattern.compile("<" + name + ">(.*?)</").matcher(pom);
        assertThat(value.find()).isTrue();
        return value.group(1);
    }

    @FunctionalInterface
    private interface Loading {
        void into(DefaultCamelContext context) throws Exception;
    }

    private void starts(Loading routes) throws Exception {
        DefaultCamelContext context = camel.context();
        AnyComponent.standIn(context);
        context.getRegistry().bind("seen", new MemoryIdempotentRepository());
        // the session whose properties docs/operations.md gives
        camel.component().setSessions(Map.of("desk", Map.of("turnDetection", "none")));
        routes.into(context);
        context.start();
        RealtimeCamel.await().untilAsserted(() -> assertThat(camel.component().registry().sessions())
                .allSatisfy(session -> assertThat(session.state()).isIn(SessionState.READY, SessionState.IDLE)));
    }
}
