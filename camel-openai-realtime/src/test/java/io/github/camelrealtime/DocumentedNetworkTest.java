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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import io.github.camelrealtime.net.RealtimeCredentials;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Each block of properties in docs/network.md starts a Camel Main. */
class DocumentedNetworkTest {

    private static final Path PAGE = Path.of("..", "docs", "network.md");
    private static final Pattern BLOCK = Pattern.compile("^```properties\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);

    @TempDir
    Path folder;

    static List<String> blocks() throws IOException {
        return BLOCK.matcher(Files.readString(PAGE)).results().map((MatchResult block) -> block.group(1)).toList();
    }

    @ParameterizedTest(name = "block {index} of the page on the network")
    @MethodSource("blocks")
    void starts(String block) throws Exception {
        new Certificates().trustAndKey(folder);
        Properties properties = new Properties();
        properties.load(new StringReader(block.replace("/etc/camel", folder.toString())));
        assertThat(properties).isNotEmpty();
        Main main = new Main();
        properties.forEach((name, value) -> main.addInitialProperty(name.toString(), value.toString()));
        main.addInitialProperty("openai.key", "sk-example");
        main.addInitialProperty("proxy.password", "example");
        main.addInitialProperty("safety.secret", "example");
        main.bind("entra", (RealtimeCredentials) address -> "example");
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                String model = block.contains("= azure") ? "" : "&model=gpt-realtime-2.1";
                from("direct:ask").to("openai-realtime:support?connectOn=manual" + model);
            }
        });
        main.start();
        try {
            OpenAIRealtimeComponent component = main.getCamelContext().getComponent("openai-realtime", OpenAIRealtimeComponent.class);
            assertThat(component.registry().find("support")).isNotNull();
        } finally {
            main.stop();
        }
    }

    @Test
    @DisplayName("The blocks are found")
    void found() throws IOException {
        assertThat(blocks()).hasSizeGreaterThan(5);
    }
}
