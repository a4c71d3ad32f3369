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
import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import io.github.camelrealtime.docs.Snippet;
import io.github.camelrealtime.net.RealtimeCredentials;
import io.github.camelrealtime.session.RealtimeErrorClassifier;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Each block of properties in the guide starts a Camel Main. */
class DocumentedPropertiesTest {

    private static final String OF_COMPONENT = "camel.component.openai-realtime.";
    private static final Pattern SESSION = Pattern.compile("\\.sessions\\.([a-z]+)\\.");

    @TempDir
    Path folder;

    static List<Snippet> blocks() throws IOException {
        return Snippet.all().stream().filter(snippet -> snippet.language().equals("properties")).toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("blocks")
    void starts(Snippet snippet) throws Exception {
        String block = snippet.text();
        new Certificates().trustAndKey(folder);
        Properties properties = new Properties();
        properties.load(new StringReader(block.replace("/etc/camel", folder.toString())));
        assertThat(properties).isNotEmpty();
        Set<String> sessions = new TreeSet<>(Set.of("support"));
        properties.forEach((name, value) -> {
            // what is not of the component is of Camel's own beans
            assertThat(name.toString()).startsWith(name.toString().startsWith("camel.beans.") ? "camel.beans." : OF_COMPONENT);
            SESSION.matcher(name.toString()).results().forEach(session -> sessions.add(session.group(1)));
        });
        boolean needsModel = properties.containsKey(OF_COMPONENT + "provider") && !block.contains("sessions.support.model");
        Main main = main(properties);
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                sessions.forEach(session -> from("direct:" + session).to("openai-realtime:" + session + "?connectOn=manual"
                        + (needsModel && session.equals("support") ? "&model=x" : "")));
            }
        });
        main.start();
        try {
            OpenAIRealtimeComponent component = main.getCamelContext().getComponent("openai-realtime",
                    OpenAIRealtimeComponent.class);
            assertThat(sessions).allSatisfy(session -> assertThat(component.registry().find(session)).isNotNull());
        } finally {
            main.stop();
        }
    }

    private static Main main(Properties properties) {
        Main main = new Main();
        // a variable of the environment that the build need not have
        properties.forEach((name, value) -> main.addInitialProperty(
                name.toString(), value.toString().replace("{{env:OPENAI_API_KEY}}", "sk-example")));
        main.addInitialProperty("openai.key", "sk-example");
        main.addInitialProperty("proxy.password", "example");
        main.addInitialProperty("safety.secret", "example");
        main.bind("entra", (RealtimeCredentials) address -> "example");
        main.bind("ours", (RealtimeErrorClassifier) error -> null);
        return main;
    }

    @Test
    @DisplayName("The blocks are found")
    void found() throws IOException {
        assertThat(blocks()).hasSizeGreaterThan(10);
    }
}
