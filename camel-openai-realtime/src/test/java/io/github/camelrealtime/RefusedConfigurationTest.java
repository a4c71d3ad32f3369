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

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.session.SessionState;
import org.apache.camel.Exchange;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRepository;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What cannot work fails when the route starts, and the error says what to change. */
class RefusedConfigurationTest {

    private static final String IN_BETA = "belongs to the Beta API, which is switched off; now it is ";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    // ---- the Beta

    @Test
    @DisplayName("CFG-11 events of the Beta are refused before they are sent, and the session goes on")
    void betaEvents() throws Exception {
        camel.start(route -> route.from("direct:ask").to("openai-realtime:support?operation=send-event"));
        camel.awaitState("support", SessionState.READY);

        assertThat(failure(Map.of("type", "transcription_session.update", "session", Map.of())))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("transcription_session.update")
                .hasMessageContaining("session.update with session.type transcription");
        assertThat(failure(Map.of("type", "session.update", "session", Map.of("temperature", 0.8))))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("session.temperature " + IN_BETA);
        assertThat(failure(Map.of("type", "response.create", "response", Map.of("voice", "cedar"))))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("response.voice " + IN_BETA);
        assertThat(camel.server(0).frames()).noneMatch(frame -> frame.toString().contains("transcription_session"));
        assertThat(camel.server(0).received("response.create")).isEmpty();
        assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
    }

    @Test
    @DisplayName("CFG-12 events that a WebSocket does not take, or another type of session, are refused before they are sent")
    void eventsOfOtherTransports() throws Exception {
        camel.start(
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-event"),
                route -> route.from("direct:scribe").to("openai-realtime:scribe?sessionType=transcription&operation=send-event"));
        camel.awaitState("support", SessionState.READY);
        camel.awaitState("scribe", SessionState.READY);

        assertThat(failure(Map.of("type", "output_audio_buffer.clear"))).hasMessageContaining("output_audio_buffer.clear");
        Exchange response = RealtimeCamel.done(camel.tell("direct:scribe", Map.of("type", "response.create")));
        assertThat(response.getException()).hasMessageContaining("response.create");
        assertThat(camel.simulator().sessions()).allSatisfy(server -> {
            assertThat(server.received("output_audio_buffer.clear")).isEmpty();
            assertThat(server.received("response.create")).isEmpty();
            assertThat(server.sent("error")).isEmpty();
        });
    }

    // ---- options

    @ParameterizedTest
    @CsvSource({ "speed=0.25", "speed=1.5", "vadThreshold=0", "vadThreshold=1", "maxOutputTokens=1", "maxOutputTokens=4096",
            "vadIdleTimeout=5s", "vadIdleTimeout=30s", "maxReconnectAttempts=1", "maxMessageSize=65536" })
    @DisplayName("The ends of a range are in it")
    void endsOfRanges(String option) throws Exception {
        camel.start(route -> route.from("direct:ask").to("openai-realtime:support?" + option));
        camel.awaitState("support", SessionState.READY);
    }

    @ParameterizedTest
    @CsvSource({ "true, true", "true, false", "false, true", "false, false" })
    @DisplayName("CFG-10 with turns of the service every combination of the two goes, and reaches it")
    void answers(boolean create, boolean interrupt) throws Exception {
        camel.start(route -> route.from("openai-realtime:support?turnDetection=server_vad&vadCreateResponse=" + create
                                        + "&vadInterruptResponse=" + interrupt).process(new Received()));
        camel.awaitState("support", SessionState.READY);
        JsonNode sent = camel.server(0).received("session.update").get(0).at("/session/audio/input/turn_detection");
        assertThat(sent.path("create_response").asBoolean()).isEqualTo(create);
        assertThat(sent.path("interrupt_response").asBoolean()).isEqualTo(interrupt);
    }

    // ---- two endpoints of one session

    @Test
    @DisplayName("transcribe and another operation on one session name are refused, with both URIs")
    void mixedUse() {
        assertThat(camel.startFailure(
                route -> route.from("direct:transcribe").to("openai-realtime:support?operation=transcribe"),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=append-audio")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("support", "operation=transcribe", "operation=append-audio");
    }

    @Test
    @DisplayName("Two pools of one name with different sizes are refused")
    void poolSizes() {
        assertThat(camel.startFailure(
                route -> route.from("direct:one").to("openai-realtime:scribe?operation=transcribe&poolSize=1"),
                route -> route.from("direct:two").to("openai-realtime:scribe?operation=transcribe&poolSize=2")))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("poolSize");
    }

    // ---- the key

    @Test
    @DisplayName("CONN-19 without an API key the failure is fatal, and health is DOWN and says where to put one")
    void missingKey() throws Exception {
        camel.options().setApiKey(" ");
        HealthCheckRepository checks = HealthCheckHelper.getHealthCheckRepository(
                camel.context(), "consumers", HealthCheckRepository.class);
        checks.setEnabled(true);
        camel.start(route -> route.from("openai-realtime:support").routeId("events").to("log:events?level=OFF"));
        camel.awaitState("support", SessionState.FAILED);

        List<HealthCheck.Result> results = checks.stream().map(HealthCheck::call)
                .filter(result -> result.getDetails().containsKey("session.fatal")).toList();
        assertThat(results).hasSize(1);
        assertThat(results.get(0).getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(results.get(0).getDetails()).containsEntry("session.fatal", true);
        assertThat(results.get(0).getMessage().orElseThrow()).contains("apiKey", "OPENAI_API_KEY", "openai.api.key");
        assertThat(camel.simulator().handshakes()).isEmpty();
    }

    private Throwable failure(Map<String, Object> event) throws Exception {
        return RealtimeCamel.done(camel.tell("direct:ask", event)).getException();
    }
}
