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

import java.util.HashMap;
import java.util.Map;

import io.github.camelrealtime.session.SessionConfig;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.RealtimeSimulator;
import io.github.camelrealtime.simulator.Scenario;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.github.camelrealtime.RealtimeCamel.await;
import static org.assertj.core.api.Assertions.assertThat;

/** A session goes on at another place when its own fails, over real sockets to two services. */
class FallbackTest {

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();
    private final Map<String, Object> sessions = new HashMap<>();
    private RealtimeSimulator elsewhere;

    @BeforeEach
    void twoServices() throws Exception {
        HealthCheckHelper.getHealthCheckRegistry(camel.context());
        elsewhere = camel.startSimulator(builder -> builder.apiKey("sk-elsewhere"));
        camel.options().setReconnectInterval(1L);
        sessions.put("support.fallback", "backup");
        sessions.put("backup.baseUrl", elsewhere.baseUrl());
        sessions.put("backup.model", "gpt-realtime-mini");
        sessions.put("backup.apiKey", "sk-elsewhere");
    }

    @AfterEach
    void stop() throws Exception {
        // the one that it speaks to goes first
        camel.context().stop();
        elsewhere.close();
    }

    private void start() throws Exception {
        camel.component().setSessions(sessions);
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=lifecycle").routeId("events").process(received),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text&instructions=Be brief"));
        camel.awaitState("support", SessionState.READY);
    }

    private SessionConsumer consumer() {
        return (SessionConsumer) camel.context().getRoute("events").getConsumer();
    }

    private String answer(String question) {
        return camel.template().requestBody("direct:ask", question, String.class);
    }

    @ParameterizedTest
    @CsvSource({ "503, {}", "401, {}", "400, {\"error\":{\"code\":\"model_not_found\"}}" })
    @DisplayName("ROLL-21 refused at its own place the session works at the fallback: event, status and health say so, and health is UP")
    void refused(int status, String body) throws Exception {
        camel.scenario(Scenario.builder().rejectHandshake(status, body, 99, null).build());
        start();
        assertThat(answer("Hello")).contains("Hello");
        assertThat(camel.simulator().sessions()).isEmpty();
        assertThat(elsewhere.sessions()).hasSize(1);
        assertThat(elsewhere.sessions().get(0).model()).isEqualTo("gpt-realtime-mini");
        assertThat(elsewhere.sessions().get(0).effectiveConfig().path("instructions").asText())
                .as("how it speaks is its own").isEqualTo("Be brief");
        Map<?, ?> moved = (Map<?, ?>) received.await("camel.session.fallback").body();
        assertThat(moved.get("fallback")).isEqualTo("backup");
        assertThat(moved.get("model")).isEqualTo("gpt-realtime-mini");
        assertThat(camel.session("support").status().fallback()).isEqualTo("backup");
        HealthCheck.Result health = consumer().getHealthCheck().call();
        assertThat(health.getState()).isEqualTo(HealthCheck.State.UP);
        assertThat(health.getDetails()).containsEntry("session.degraded", true).containsEntry("session.fallback", "backup")
                .containsEntry("session.model", "gpt-realtime-mini");
    }

    @Test
    @DisplayName("ROLL-21 lost in the middle of a conversation and refused at home, it goes on elsewhere; later it comes home, each time with its history")
    void thereAndBack() throws Exception {
        sessions.put("support.fallbackCooldown", "1s");
        start();
        assertThat(answer("First")).contains("First");
        camel.scenario(Scenario.builder().rejectHandshake(401, "{}", 99, null).build());
        camel.server(0).abort();
        received.await("camel.session.fallback");
        assertThat(answer("Second")).contains("Second");
        assertThat(elsewhere.sessions().get(0).conversation().toString()).contains("First", "Second");
        camel.scenario(Scenario.builder().build());
        await().until(() -> {
            // as often as it takes: during the cool-down the next connection is one to the fallback
            consumer().restartSessions();
            return camel.session("support").status().fallback() == null;
        });
        Map<?, ?> back = (Map<?, ?>) received.await("camel.session.fallback", 2).body();
        assertThat(back.get("fallback")).isNull();
        assertThat(back.get("old_fallback")).isEqualTo("backup");
        assertThat(answer("Third")).contains("Third");
        // it may be on its way to another connection at home already, as it was restarted again and again
        assertThat(camel.simulator().sessions()).extracting(home -> home.conversation().toString())
                .anySatisfy(home -> assertThat(home).contains("First", "Second", "Third"));
        assertThat(consumer().getHealthCheck().call().getDetails()).doesNotContainKey("session.degraded");
        await().until(() -> elsewhere.openSockets() == 0);
    }

    @Test
    @DisplayName("ROLL-21 a key is not taken to another provider; what the fallback does not say is as in the session")
    void places() throws Exception {
        sessions.put("support.fallback", "backup, azure");
        sessions.put("support.organization", "org-1");
        sessions.put("azure.provider", "azure");
        sessions.put("azure.baseUrl", "https://resource.openai.azure.com");
        sessions.put("azure.model", "deployment");
        sessions.put("azure.apiKey", "azure-key");
        start();
        SessionConfig.Fallback fallback = camel.session("support").config().fallback();
        assertThat(fallback.attempts()).isEqualTo(2);
        assertThat(fallback.cooldownMillis()).isEqualTo(10_000);
        assertThat(fallback.targets()).extracting(target -> target.name()).containsExactly("backup", "azure");
        assertThat(fallback.targets().get(0).headers().get())
                .containsEntry("Authorization", "Bearer sk-elsewhere").containsEntry("OpenAI-Organization", "org-1");
        assertThat(fallback.targets().get(1).uri().getHost()).isEqualTo("resource.openai.azure.com");
        assertThat(fallback.targets().get(1).headers().get()).isEqualTo(Map.of("api-key", "azure-key"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "support.fallback | nowhere | fallback=nowhere",
            "support.fallback | support | names the session itself",
            "support.fallback | backup,backup | twice",
            "support.fallback | backup,,x | empty",
            "support.fallbackAttempts | 0 | fallbackAttempts",
            "support.fallbackCooldown | -1 | fallbackCooldown",
            "backup.baseUrl | http://example.com | fallback=backup",
            "backup.provider | azure | fallback=backup" })
    @DisplayName("ROLL-21 a fallback that cannot work is refused at start-up, with the option and the session")
    void refusedAtStart(String option, String value, String said) {
        sessions.put(option, value);
        if (option.equals("backup.provider")) {
            sessions.remove("backup.model");
        }
        camel.component().setSessions(sessions);
        assertThat(camel.startFailure("openai-realtime:support")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(said).message().doesNotContain("sk-");
    }

    @Test
    @DisplayName("ROLL-21 a fallback whose model would change who ends the turns is refused at start-up")
    void otherTurns() {
        sessions.put("support.sessionType", "transcription");
        sessions.put("support.transcriptionModel", "gpt-4o-transcribe");
        sessions.put("backup.model", "gpt-realtime-whisper");
        camel.component().setSessions(sessions);
        assertThat(camel.startFailure("openai-realtime:support")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fallback=backup").hasMessageContaining("turns");
    }
}
