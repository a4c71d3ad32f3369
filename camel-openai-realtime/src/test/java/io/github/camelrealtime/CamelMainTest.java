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

import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.simulator.RealtimeSimulatorExtension;
import io.github.camelrealtime.simulator.SimulatedSession;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The properties of Camel Main reach the session on the wire. */
class CamelMainTest {

    private static final String PREFIX = "camel.component.openai-realtime.";
    private static final String SECRET = "sk-of-the-session";

    @RegisterExtension
    final RealtimeSimulatorExtension simulator = new RealtimeSimulatorExtension();

    private final Main main = new Main();

    @AfterEach
    void stop() {
        main.stop();
    }

    @ParameterizedTest
    @ValueSource(strings = { "sessions.support.", "sessions[support]." })
    @DisplayName("Sessions are declared by sessions.support.model and by sessions[support].model")
    void sessionIsDeclared(String session) throws Exception {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put(session + "model", "gpt-realtime-mini");
        properties.put(session + "outputModalities", "text");
        properties.put(session + "instructions", "Be brief.");
        properties.put(session + "turn-detection", "server_vad");
        properties.put(session + "vad-silence-duration", "1s");
        properties.put(session + "connect-timeout", "5s");
        properties.put(session + "sessionProperties.audio.output.speed", "1.1");

        start(properties);
        String answer = ask();

        assertThat(answer).contains("Good morning");
        SimulatedSession opened = onlySession();
        assertThat(opened.model()).isEqualTo("gpt-realtime-mini");
        JsonNode config = opened.effectiveConfig();
        assertThat(config.at("/output_modalities").toString()).isEqualTo("[\"text\"]");
        assertThat(config.at("/instructions").asText()).isEqualTo("Be brief.");
        assertThat(config.at("/audio/input/turn_detection/type").asText()).isEqualTo("server_vad");
        assertThat(config.at("/audio/input/turn_detection/silence_duration_ms").asInt()).isEqualTo(1000);
        assertThat(config.at("/audio/output/speed").asDouble()).isEqualTo(1.1);
    }

    private void start(Map<String, String> properties) {
        main.addOverrideProperty(PREFIX + "baseUrl", simulator.baseUrl());
        main.addOverrideProperty(PREFIX + "apiKey", SECRET);
        properties.forEach((name, value) -> main.addOverrideProperty(PREFIX + name, value));
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").to("openai-realtime:support?operation=send-text");
            }
        });
        main.start();
    }

    private String ask() throws Exception {
        return main.getCamelTemplate().requestBody("direct:ask", "Good morning", String.class);
    }

    private SimulatedSession onlySession() {
        assertThat(simulator.simulator().sessions()).hasSize(1);
        return simulator.simulator().sessions().get(0);
    }
}
