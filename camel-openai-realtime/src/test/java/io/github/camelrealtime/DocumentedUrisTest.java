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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Every endpoint URI in README.md and in the pages of the guide is tried, also those that YAML spells out. */
class DocumentedUrisTest {

    private static final Path ROOT = Path.of("..");
    private static final Path SHORT_FORM = Path.of("src", "main", "docs", "openai-realtime-component.adoc");
    private static final Pattern FENCE = Pattern.compile("^```(\\w+)\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
    /** In code only; a name in angle brackets or a bracketed part is grammar, not an example. */
    private static final Pattern URI = Pattern.compile("(?<=[\"'`])openai-realtime:[A-Za-z*][^\\s\"'`<>\\[\\]…]*(?=[\"'`])");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final DefaultCamelContext CONTEXT = DocumentedUri.newContext();

    @AfterAll
    static void stopContext() {
        CONTEXT.stop();
    }

    static Set<String> uris() throws IOException {
        Set<String> found = new LinkedHashSet<>();
        for (Path page : pages()) {
            String text = Files.readString(page);
            Matcher uri = URI.matcher(text);
            while (uri.find()) {
                found.add(uri.group().replace("&amp;", "&"));
            }
            Matcher fence = FENCE.matcher(text);
            while (fence.find()) {
                if ("yaml".equals(fence.group(1))) {
                    collect(YAML.readTree(fence.group(2)), found);
                }
            }
        }
        return found;
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            // the examples of options.md have a test of their own
            return Stream.concat(Stream.of(ROOT.resolve("README.md"), SHORT_FORM), docs
                    .filter(page -> page.toString().endsWith(".md") && !page.endsWith("options.md")).sorted()).toList();
        }
    }

    /** An endpoint of YAML: its parameters belong to its URI. */
    private static void collect(JsonNode yaml, Set<String> found) {
        String uri = yaml.path("uri").asText();
        if (uri.startsWith("openai-realtime:")) {
            String parameters = yaml.path("parameters").properties().stream()
                    .map(parameter -> parameter.getKey() + "=" + parameter.getValue().asText())
                    .collect(Collectors.joining("&"));
            found.add(parameters.isEmpty() ? uri : uri + "?" + parameters);
        }
        for (String step : List.of("to", "toD")) {
            // the short form
            if (yaml.path(step).asText().startsWith("openai-realtime:")) {
                found.add(yaml.path(step).asText());
            }
        }
        yaml.forEach(child -> collect(child, found));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("uris")
    void documentedUri(String uri) {
        DocumentedUri documented = new DocumentedUri(CONTEXT, uri);
        if (documented.kind() == Kind.SESSION) {
            assertThatCode(documented::check).doesNotThrowAnyException();
        } else {
            // the pages name these kinds as not there yet
            assertThatThrownBy(documented::check).isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("not in this version yet");
        }
    }

    @Test
    @DisplayName("URIs are found in Java, XML and YAML alike")
    void findsUris() throws IOException {
        assertThat(uris()).hasSizeGreaterThan(15);
        Set<String> found = new LinkedHashSet<>();
        collect(YAML.readTree("- to:\n    uri: openai-realtime:x\n    parameters:\n      operation: send-text\n"), found);
        assertThat(found).containsExactly("openai-realtime:x?operation=send-text");
        assertThat(Map.of("`openai-realtime:a?b=c`", true, "openai-realtime:<name>", false))
                .allSatisfy((text, isExample) -> assertThat(URI.matcher(text).find()).isEqualTo(isExample));
    }
}
