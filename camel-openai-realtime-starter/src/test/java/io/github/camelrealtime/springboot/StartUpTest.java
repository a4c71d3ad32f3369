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
package io.github.camelrealtime.springboot;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.camelrealtime.OpenAIRealtimeComponent;
import io.github.camelrealtime.OpenAIRealtimeConfiguration;
import io.github.camelrealtime.net.RealtimeCredentials;
import io.github.camelrealtime.session.Timers;
import io.github.camelrealtime.simulator.RealtimeSimulator;
import io.github.camelrealtime.simulator.RealtimeSimulatorExtension;
import io.github.camelrealtime.springboot.application.SharedBeans;
import io.github.camelrealtime.springboot.application.VoiceApplication;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.spi.ComponentCustomizer;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What an application sees when it starts: its properties taken, its mistakes named, its secrets kept. */
@ExtendWith(OutputCaptureExtension.class)
class StartUpTest {

    private static final String PREFIX = "camel.component.openai-realtime.";
    private static final String SECRET = "sk-known-to-nobody";

    @RegisterExtension
    final RealtimeSimulatorExtension simulator
            = new RealtimeSimulatorExtension(() -> RealtimeSimulator.builder().apiKey(SECRET));

    @ParameterizedTest
    @CsvSource({
            "sessions.support.modle, sessions.support.modle",
            "sessions[support].modle, sessions.support.modle",
            "sessions.support.event-types, sessions.support.event-types",
            "sessions.support.turn-detection.type, sessions.support.turn-detection.type" })
    @DisplayName("An unknown key in a declared session fails at start-up and is named")
    void unknownKey(String property, String named, CapturedOutput output) {
        assertThatThrownBy(() -> run(Map.of("api-key", SECRET, property, SECRET)).close())
                .hasStackTraceContaining("Option " + named + " is not an option of a session");
        assertThat(output).doesNotContain(SECRET);
    }

    @Test
    @DisplayName("A declared session without an option fails at start-up")
    void sessionWithoutOption() {
        assertThatThrownBy(() -> run(Map.of("api-key", SECRET, "sessions.support", "gpt-realtime-mini")).close())
                .hasStackTraceContaining("camel.component.openai-realtime.sessions.support");
    }

    @Test
    @DisplayName("A value of the wrong type fails at start-up, with the property named")
    void wrongType() {
        assertThatThrownBy(() -> run(Map.of("queue-size", "many")).close())
                .hasStackTraceContaining("camel.component.openai-realtime.queue-size");
    }

    @ParameterizedTest
    @ValueSource(strings = { "api-key", "apiKey", "sessions.support.api-key", "sessions[support].apiKey" })
    @DisplayName("API keys are not in the log, not even when all of Camel logs at DEBUG")
    void secretsStayOutOfTheLog(String property, CapturedOutput output) {
        Map<String, Object> properties = Map.of(property, SECRET);
        try (ConfigurableApplicationContext application = run(properties,
                "--logging.level.io.github.camelrealtime=DEBUG", "--logging.level.org.apache.camel=DEBUG")) {
            assertThat(ask(application)).contains("Good morning");
        }

        assertThat(output).contains("Session support is ready").doesNotContain(SECRET);
    }

    @Test
    @DisplayName("Environment variables declare sessions too")
    void environmentVariables() {
        Map<String, Object> variables = new LinkedHashMap<>();
        variables.put("CAMEL_COMPONENT_OPENAIREALTIME_APIKEY", SECRET);
        variables.put("CAMEL_COMPONENT_OPENAIREALTIME_SESSIONS_SUPPORT_MODEL", "gpt-realtime-mini");
        variables.put("CAMEL_COMPONENT_OPENAIREALTIME_SESSIONS_SUPPORT_TURNDETECTION", "semantic_vad");
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));

        try (ConfigurableApplicationContext application = builder().environment(environment).run(arguments(Map.of()))) {
            ask(application);
        }

        assertThat(simulator.simulator().sessions()).singleElement().satisfies(session -> {
            assertThat(session.model()).isEqualTo("gpt-realtime-mini");
            assertThat(session.effectiveConfig().at("/audio/input/turn_detection/type").asText()).isEqualTo("semantic_vad");
        });
    }

    @Test
    @DisplayName("Beans are named by #bean:, and what no property sets stays as the bean has it")
    void beans() {
        Map<String, Object> properties = Map.of(
                "timers", "#bean:ownTimers", "configuration", "#house", "voice", "marin", "credentials", "#bean:entra",
                "ssl-context-parameters", "#bean:officeTls");
        try (ConfigurableApplicationContext application
                = builder().sources(SharedBeans.class).run(arguments(properties))) {
            OpenAIRealtimeComponent component = component(application);
            OpenAIRealtimeConfiguration house = application.getBean(OpenAIRealtimeConfiguration.class);

            assertThat(component.getTimers()).isSameAs(application.getBean(Timers.class));
            assertThat(component.getConfiguration()).isSameAs(house);
            assertThat(house.getVoice()).isEqualTo("marin");
            assertThat(house.getQueueSize()).isEqualTo(17);
            assertThat(house.getCredentials()).isSameAs(application.getBean(RealtimeCredentials.class));
            assertThat(house.getSslContextParameters()).isSameAs(application.getBean(SSLContextParameters.class));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "sessions.support.", "sessions[support]." })
    @DisplayName("A declared session may name beans, and has the options that are maps, words, numbers and flags")
    void declaredBeansAndMaps(String session) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("api-key", "sk-of-nobody");
        properties.put(session + "credentials", "#bean:entra");
        properties.put(session + "handshake-headers.X-Tenant", "north");
        properties.put(session + "handshakeHeaders.X-Desk", "4");
        properties.put(session + "safety-identifier", "user-1");
        properties.put(session + "mute-mode", "silence");
        properties.put(session + "reconnect", "false");
        properties.put(session + "vadSilenceDuration", "700ms");
        properties.put(session + "turn-detection", "server_vad");
        try (ConfigurableApplicationContext application
                = builder().sources(SharedBeans.class).run(arguments(properties))) {
            ask(application);
        }

        assertThat(simulator.simulator().handshakes()).singleElement().satisfies(handshake -> {
            assertThat(handshake.authorization()).isEqualTo("Bearer " + SECRET);
            assertThat(handshake.header("X-Tenant")).isEqualTo("north");
            assertThat(handshake.header("X-Desk")).isEqualTo("4");
            assertThat(handshake.header("OpenAI-Safety-Identifier")).isEqualTo("user-1");
        });
        assertThat(simulator.simulator().sessions()).singleElement().satisfies(opened -> assertThat(
                opened.effectiveConfig().at("/audio/input/turn_detection/silence_duration_ms").asInt()).isEqualTo(700));
    }

    @Test
    @DisplayName("handshake-headers.* for all sessions, and safety identifiers, reach the handshake")
    void handshakeHeaders() {
        try (ConfigurableApplicationContext application = run(
                Map.of("api-key", SECRET, "handshake-headers.X-Tenant", "north", "safety-identifier", "user-1"))) {
            ask(application);
        }

        assertThat(simulator.simulator().handshakes()).singleElement().satisfies(handshake -> {
            assertThat(handshake.header("X-Tenant")).isEqualTo("north");
            assertThat(handshake.header("OpenAI-Safety-Identifier")).isEqualTo("user-1");
        });
    }

    @Test
    @DisplayName("A bean that is not named as one fails at start-up")
    void notAReference() {
        assertThatThrownBy(() -> run(Map.of("timers", "ownTimers")).close())
                .hasStackTraceContaining("A reference to a bean of type " + Timers.class.getName() + " is expected");
    }

    @Test
    @DisplayName("enabled=false takes the auto-configuration away")
    void disabled() {
        try (ConfigurableApplicationContext application = run(Map.of("enabled", "false", "max-sessions", "3"))) {
            assertThat(application.getBeansOfType(ComponentCustomizer.class))
                    .doesNotContainKey("configureOpenAIRealtimeComponent");
            assertThat(component(application).getMaxSessions()).isEqualTo(100);
        }
    }

    @Test
    @DisplayName("customizer.enabled=false leaves the component as it is")
    void customizerDisabled() {
        try (ConfigurableApplicationContext application = run(Map.of("customizer.enabled", "false", "max-sessions", "3"))) {
            assertThat(component(application).getMaxSessions()).isEqualTo(100);
        }
    }

    @Test
    @DisplayName("Options of the component itself are set")
    void optionOfTheComponent() {
        try (ConfigurableApplicationContext application = run(Map.of("max-sessions", "3"))) {
            assertThat(component(application).getMaxSessions()).isEqualTo(3);
        }
    }

    private ConfigurableApplicationContext run(Map<String, Object> properties, String... further) {
        return builder().run(arguments(properties, further));
    }

    private static SpringApplicationBuilder builder() {
        return new SpringApplicationBuilder(VoiceApplication.class).web(WebApplicationType.NONE);
    }

    /** The session is opened by the first message, so that applications without a key start. */
    private String[] arguments(Map<String, Object> properties, String... further) {
        List<String> arguments = new ArrayList<>(List.of(further));
        arguments.add("--" + PREFIX + "base-url=" + simulator.baseUrl());
        arguments.add("--" + PREFIX + "connect-on=first-message");
        properties.forEach((name, value) -> arguments.add("--" + PREFIX + name + "=" + value));
        return arguments.toArray(String[]::new);
    }

    private static String ask(ConfigurableApplicationContext application) {
        return application.getBean(ProducerTemplate.class).requestBody("direct:ask", "Good morning", String.class);
    }

    private static OpenAIRealtimeComponent component(ConfigurableApplicationContext application) {
        return application.getBean(CamelContext.class).getComponent("openai-realtime", OpenAIRealtimeComponent.class);
    }
}
