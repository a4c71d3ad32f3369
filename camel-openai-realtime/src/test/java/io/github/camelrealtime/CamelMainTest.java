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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.net.RealtimeCredentials;
import io.github.camelrealtime.session.MuteMode;
import io.github.camelrealtime.session.SessionConfig;
import io.github.camelrealtime.simulator.Handshake;
import io.github.camelrealtime.simulator.RealtimeSimulator;
import io.github.camelrealtime.simulator.RealtimeSimulatorExtension;
import io.github.camelrealtime.simulator.SimulatedSession;
import org.apache.camel.Component;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.apache.camel.spi.RouteController;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The properties of Camel Main reach the session on the wire. */
class CamelMainTest {

    private static final String PREFIX = "camel.component.openai-realtime.";
    private static final String SECRET = "sk-known-to-nobody";

    @RegisterExtension
    final RealtimeSimulatorExtension simulator
            = new RealtimeSimulatorExtension(() -> RealtimeSimulator.builder().apiKey(SECRET));

    @TempDir
    Path directory;

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

        start("openai-realtime:support?operation=send-text", properties);

        assertThat(ask()).contains("Good morning");
        SimulatedSession opened = onlySession();
        assertThat(opened.model()).isEqualTo("gpt-realtime-mini");
        JsonNode config = opened.effectiveConfig();
        assertThat(config.at("/output_modalities").toString()).isEqualTo("[\"text\"]");
        assertThat(config.at("/instructions").asText()).isEqualTo("Be brief.");
        assertThat(config.at("/audio/input/turn_detection/type").asText()).isEqualTo("server_vad");
        assertThat(config.at("/audio/input/turn_detection/silence_duration_ms").asInt()).isEqualTo(1000);
        assertThat(config.at("/audio/output/speed").asDouble()).isEqualTo(1.1);
    }

    @ParameterizedTest
    @ValueSource(strings = { "sessions.support.", "sessions[support]." })
    @DisplayName("A declared session may name beans, and has the options that are maps, words, numbers and flags")
    void declaredBeansAndMaps(String session) throws Exception {
        RealtimeCredentials entra = address -> SECRET;
        main.bind("entra", entra);
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("apiKey", "sk-of-nobody");
        properties.put(session + "credentials", "#bean:entra");
        properties.put(session + "handshakeHeaders[X-Tenant]", "north");
        properties.put(session + "handshake-headers.desk", "4");
        properties.put(session + "safety-identifier", "user-1");
        properties.put(session + "muteMode", "silence");
        properties.put(session + "maxReconnects", "7");
        properties.put(session + "max-outstanding-audio", "10s");
        properties.put(session + "auto-truncate", "false");

        start("openai-realtime:support?operation=send-text", properties);

        assertThat(ask()).contains("Good morning");
        Handshake handshake = simulator.simulator().handshakes().get(0);
        assertThat(handshake.authorization()).isEqualTo("Bearer " + SECRET);
        assertThat(handshake.header("X-Tenant")).isEqualTo("north");
        assertThat(handshake.header("desk")).isEqualTo("4");
        assertThat(handshake.header("OpenAI-Safety-Identifier")).isEqualTo("user-1");
        SessionConfig config = main.getCamelContext().getComponent("openai-realtime", OpenAIRealtimeComponent.class)
                .registry().find("support").config();
        assertThat(config.talk().muteMode()).isEqualTo(MuteMode.SILENCE);
        assertThat(config.talk().autoTruncate()).isFalse();
        assertThat(config.maxOutstandingMillis()).isEqualTo(10_000);
        assertThat(config.maxReconnects()).isEqualTo(7);
    }

    @Test
    @DisplayName("Handshake headers for all sessions: in brackets, as Camel takes the dashes away from what stands behind a dot")
    void handshakeHeaders() throws Exception {
        start("openai-realtime:support?operation=send-text",
                Map.of("handshakeHeaders[X-Tenant]", "north", "handshake-headers.desk", "4"));

        ask();

        Handshake handshake = simulator.simulator().handshakes().get(0);
        assertThat(handshake.header("X-Tenant")).isEqualTo("north");
        assertThat(handshake.header("desk")).isEqualTo("4");
    }

    @ParameterizedTest
    @ValueSource(strings = { "sessions.call-center.model", "sessions[call-center].model", "sessions[call-center.model]" })
    @DisplayName("The name of a declared session may have dashes")
    void nameWithDash(String property) throws Exception {
        start("openai-realtime:call-center?operation=send-text", Map.of(property, "gpt-realtime-mini"));

        ask();

        assertThat(onlySession().model()).isEqualTo("gpt-realtime-mini");
    }

    @Test
    @DisplayName("An endpoint that contradicts the declared session fails at start-up, with both named")
    void contradiction() {
        assertThatThrownBy(() -> start("openai-realtime:support?operation=send-text&model=gpt-realtime-2.1",
                Map.of("sessions.support.model", "gpt-realtime-mini")))
                .hasStackTraceContaining("camel.component.openai-realtime.sessions.support")
                .hasStackTraceContaining("openai-realtime://support?model=gpt-realtime-2.1&operation=send-text");
    }

    @ParameterizedTest
    @CsvSource({
            "sessions.support.modle, sessions.support.modle",
            "sessions[support].modle, sessions.support.modle",
            "sessions.support.eventTypes, sessions.support.eventTypes",
            "sessions.support.model.name, sessions.support.model.name",
            "sessions.support, sessions.support" })
    @DisplayName("An unknown key in a declared session fails at start-up and is named")
    void unknownKey(String property, String named) {
        assertThatThrownBy(() -> start("openai-realtime:support?operation=send-text", Map.of(property, SECRET)))
                .hasStackTraceContaining("Option " + named + " is not")
                .extracting(CamelMainTest::messages).asString().doesNotContain(SECRET);
    }

    @Test
    @DisplayName("An unknown option of the component fails at start-up and is named")
    void unknownOption() {
        assertThatThrownBy(() -> start("openai-realtime:support?operation=send-text", Map.of("modle", "gpt-realtime-mini")))
                .hasStackTraceContaining("modle");
    }

    @ParameterizedTest
    @ValueSource(strings = { "sessionProperties.audio.output.speed", "sessionProperties[audio.output.speed]",
            "session-properties.audio.output.speed" })
    @DisplayName("Fields without an option can be set for all sessions")
    void sessionProperties(String property) throws Exception {
        start("openai-realtime:support?operation=send-text", Map.of(property, "1.25"));

        ask();

        assertThat(onlySession().effectiveConfig().at("/audio/output/speed").asDouble()).isEqualTo(1.25);
    }

    @Test
    @DisplayName("The URI's session properties add to those of the component")
    void sessionPropertiesOfUri() throws Exception {
        start("openai-realtime:support?operation=send-text&sessionProperties.audio.output.voice=cedar",
                Map.of("sessionProperties.audio.output.speed", "1.25"));

        ask();

        JsonNode config = onlySession().effectiveConfig();
        assertThat(config.at("/audio/output/speed").asDouble()).isEqualTo(1.25);
        assertThat(config.at("/audio/output/voice").asText()).isEqualTo("cedar");
    }

    @Test
    @DisplayName("Declared sessions are there after the component has been stopped and started")
    void restart() throws Exception {
        start("openai-realtime:support?operation=send-text", Map.of("sessions.support.model", "gpt-realtime-mini"));
        ask();
        RouteController routes = main.getCamelContext().getRouteController();
        Component component = main.getCamelContext().getComponent("openai-realtime");
        routes.stopAllRoutes();
        component.stop();
        component.start();
        routes.startAllRoutes();

        assertThat(ask()).contains("Good morning");
        assertThat(simulator.simulator().sessions()).extracting(SimulatedSession::model)
                .containsExactly("gpt-realtime-mini", "gpt-realtime-mini");
    }

    @ParameterizedTest
    @ValueSource(strings = { "apiKey", "api-key", "sessions.support.apiKey", "sessions[support].api-key" })
    @DisplayName("API keys are not in the log")
    void secretsStayOutOfTheLog(String property) throws Exception {
        try (LogCapture log = LogCapture.of(Logger.ROOT_LOGGER_NAME, Level.INFO)) {
            start("openai-realtime:support?operation=send-text", Map.of(property, SECRET));

            assertThat(ask()).contains("Good morning");
            main.stop();

            assertThat(log.messages()).anyMatch(line -> line.contains("camel.component.openai-realtime"))
                    .noneMatch(line -> line.contains(SECRET));
        }
    }

    /** As an application does: by a properties file. */
    private void start(String uri, Map<String, String> properties) {
        Map<String, String> all = new LinkedHashMap<>(properties);
        all.put("baseUrl", simulator.baseUrl());
        if (properties.keySet().stream().noneMatch(name -> name.toLowerCase(Locale.ROOT).matches(".*api-?key"))) {
            all.put("apiKey", SECRET);
        }
        List<String> lines = new ArrayList<>();
        all.forEach((name, value) -> lines.add(PREFIX + name + "=" + value));
        Path file = directory.resolve("application.properties");
        try {
            Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        main.setPropertyPlaceholderLocations("file:" + file);
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").to(uri);
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

    private static String messages(Throwable thrown) {
        StringBuilder all = new StringBuilder();
        for (Throwable next = thrown; next != null; next = next.getCause()) {
            all.append(next.getMessage()).append('\n');
        }
        return all.toString();
    }
}
