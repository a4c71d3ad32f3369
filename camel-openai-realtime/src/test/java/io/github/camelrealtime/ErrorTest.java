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

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.session.RequestRefusedException;
import io.github.camelrealtime.session.ResponseFailedException;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Reply;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.VirtualClock;
import org.apache.camel.Exchange;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ErrorTest {

    private static final Map<String, Object> OUT_OF_BAND = Map.of("conversation", "none");
    private static final Map<String, Object> REFUSED = Map.of("conversation", "none", "bogus", true);

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();

    @ParameterizedTest
    @ValueSource(strings = { "insufficient_quota", "invalid_api_key", "model_not_found", "server_error", "rate_limit_exceeded",
            "call_id_not_found", "invalid_value", "unknown_parameter", "cannot_update_voice",
            "conversation_already_has_active_response", "a_code_of_tomorrow" })
    @DisplayName("ERR-1 an error event alone, of whatever class (but session_expired, see ROLL-4), never closes the session; the route gets it with its code")
    void sessionLives(String code) throws Exception {
        startConversation();
        camel.server(0).send(error(code));

        Received.Event told = received.await("error");
        assertThat(told.header(OpenAIRealtimeConstants.ERROR_CODE)).isEqualTo(code);
        assertThat(camel.template().requestBody("direct:ask", "Hello", String.class)).contains("Hello");
        assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
        assertThat(camel.simulator().handshakes()).hasSize(1);
        assertThat(received.types()).containsExactly("error");
    }

    @Test
    @DisplayName("SEC-7 keys that the service quotes in an error, or in its reason for closing, do not reach exceptions")
    void quotedKeys() throws Exception {
        startConversation();
        RequestRefusedException refused = new RequestRefusedException("support", "invalid_request_error", "invalid_api_key",
                "Incorrect API key provided: sk-Planted0123456789.", null, null);
        assertThat(refused).hasMessageContaining("sk-***").hasMessageNotContaining("Planted");

        camel.server(0).close(3000, "invalid_request_error.invalid_api_key sk-Planted0123456789");
        camel.awaitState("support", SessionState.FAILED);
        assertThat(camel.session("support").status().failure()).hasMessageContainingAll("3000", "sk-***")
                .hasMessageNotContaining("Planted");
    }

    @Test
    @DisplayName("ERR-1 BENIGN: a cancel or a commit that lost its race is swallowed")
    void benign() throws Exception {
        startConversation();
        camel.server(0).send(error("response_cancel_not_active"));
        camel.server(0).send(error("input_audio_buffer_commit_empty"));
        ObjectNode nameless = error("x");
        ((ObjectNode) nameless.get("error")).putNull("code").put("message", "Cancellation failed: no active response found");
        camel.server(0).send(nameless);
        camel.server(0).send(error("invalid_value"));

        received.await("error");
        assertThat(received.headers(OpenAIRealtimeConstants.ERROR_CODE)).containsExactly("invalid_value");
        assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
    }

    @ParameterizedTest
    @CsvSource({ "401, invalid_api_key", "403, insufficient_quota", "404, model_not_found" })
    @DisplayName("ERR-1 FATAL: a handshake refused for good is not dialled again, and health is DOWN and says fatal")
    void fatalHandshake(int status, String code) throws Exception {
        VirtualClock clock = new VirtualClock();
        camel.component().setTimers(new VirtualTimers(clock));
        camel.scenario(Scenario.builder()
                .rejectHandshake(status, "{\"error\":{\"code\":\"" + code + "\",\"message\":\"No.\"}}", 100, null).build());
        HealthCheckHelper.getHealthCheckRegistry(camel.context());
        camel.start(route -> route.from("openai-realtime:support").routeId("events").process(received));
        camel.awaitState("support", SessionState.FAILED);
        received.await("camel.session.failed");

        for (int hour = 0; hour < 3; hour++) {
            clock.advance(Duration.ofHours(1));
        }
        assertThat(camel.session("support").status().epoch()).isEqualTo(1);
        assertThat(camel.simulator().handshakes()).hasSize(1);
        SessionConsumer consumer = (SessionConsumer) camel.context().getRoute("events").getConsumer();
        HealthCheck.Result health = consumer.getHealthCheck().call();
        assertThat(health.getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(health.getDetails()).containsEntry("session.fatal", true);
        assertThat(health.getMessage().orElseThrow()).contains(Integer.toString(status));
    }

    @Test
    @DisplayName("ERR-1 REQUEST, ERR-3 with event ids an error fails the exchange it names, not the last of its kind; ERR-4 typed")
    void matchedByEventId() throws Exception {
        CountDownLatch allSent = new CountDownLatch(1);
        camel.scenario(Scenario.builder().on("response.create", 1, session -> await(allSent)).build());
        startConversation();
        CompletableFuture<Exchange> refused = camel.ask("direct:create", REFUSED);
        CompletableFuture<Exchange> second = camel.ask("direct:create", OUT_OF_BAND);
        CompletableFuture<Exchange> third = camel.ask("direct:create", OUT_OF_BAND);
        RealtimeCamel.done(camel.tell("direct:create", OUT_OF_BAND));
        allSent.countDown();

        RequestRefusedException refusal = RealtimeCamel.done(refused).getException(RequestRefusedException.class);
        assertThat(refusal).isNotNull();
        assertThat(refusal.getType()).isEqualTo("invalid_request_error");
        assertThat(refusal.getCode()).isEqualTo("unknown_parameter");
        assertThat(refusal.getParam()).isEqualTo("response.bogus");
        String sent = camel.server(0).received("response.create").stream()
                .filter(event -> event.path("response").has("bogus")).findFirst().orElseThrow().path("event_id").asText();
        assertThat(refusal.getEventId()).isEqualTo(sent);
        assertThat(RealtimeCamel.done(second).getException()).isNull();
        assertThat(RealtimeCamel.done(third).getException()).isNull();
        assertThat(received.types()).as("who was told, was told once").isEmpty();
        assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
    }

    @Test
    @DisplayName("ERR-3 without event ids (T-44) an error fails the last request of its kind, and no other")
    void matchedByKind() throws Exception {
        CountDownLatch allSent = new CountDownLatch(1);
        camel.scenario(Scenario.builder().errorEventIds(false).on("response.create", 1, session -> await(allSent)).build());
        startConversation();
        CompletableFuture<Exchange> first = camel.ask("direct:create", OUT_OF_BAND);
        CompletableFuture<Exchange> refused = camel.ask("direct:create", REFUSED);
        // an event of another kind behind it must not be taken for it
        RealtimeCamel.done(camel.tell("direct:event", Map.of("type", "session.update", "session", Map.of("instructions", "Be brief."))));
        allSent.countDown();

        RequestRefusedException refusal = RealtimeCamel.done(refused).getException(RequestRefusedException.class);
        assertThat(refusal).isNotNull();
        assertThat(refusal.getCode()).isEqualTo("unknown_parameter");
        assertThat(refusal.getEventId()).isNull();
        assertThat(RealtimeCamel.done(first).getException()).isNull();
        assertThat(received.types()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    @DisplayName("ERR-3 an error that nobody waits for any more goes out as an error exchange with type, code and the whole event")
    void unmatched(boolean eventIds) throws Exception {
        camel.scenario(Scenario.builder().errorEventIds(eventIds).build());
        startConversation();
        Exchange sent = RealtimeCamel.done(camel.tell("direct:event", Map.of("type", "no.such.event")));
        assertThat(sent.getException()).isNull();
        RealtimeCamel.done(camel.tell("direct:create", REFUSED));

        received.await("error", 2);
        assertThat(received.headers(OpenAIRealtimeConstants.ERROR_CODE)).containsExactly("invalid_value", "unknown_parameter");
        assertThat(received.ofType("error")).allSatisfy(event -> {
            assertThat(event.header(OpenAIRealtimeConstants.SESSION_NAME)).isEqualTo("support");
            assertThat((Map<?, ?>) event.body()).extracting("error").extracting("type").isEqualTo("invalid_request_error");
        });
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
            "fail, failed, -, inference_rate_limit_exceeded", "long, incomplete, max_output_tokens, -", "bad, incomplete, content_filter, -" })
    @DisplayName("ERR-5 a response that fails without any error event fails its exchange with status, reason and code")
    void responseFailed(String question, String status, String reason, String code) throws Exception {
        camel.scenario(Scenario.builder()
                .onText("fail", Reply.failed("inference_rate_limit_exceeded", "Slow down"))
                .onText("long", Reply.text("So much to say").thenIncomplete("max_output_tokens"))
                .onText("bad", Reply.text("I must not").thenIncomplete("content_filter")).build());
        Received done = new Received();
        camel.route(route -> route.from("openai-realtime:support?eventTypes=response.done").process(done));
        startConversation();

        ResponseFailedException failure
                = RealtimeCamel.done(camel.ask("direct:ask", question)).getException(ResponseFailedException.class);
        assertThat(failure).isNotNull();
        assertThat(failure.getStatus()).isEqualTo(status);
        assertThat(failure.getReason()).isEqualTo(reason);
        assertThat(failure.getCode()).isEqualTo(code);
        Received.Event event = done.await("response.done");
        assertThat(failure.getResponseId()).isEqualTo(event.header(OpenAIRealtimeConstants.RESPONSE_ID));
        assertThat(event.header(OpenAIRealtimeConstants.RESPONSE_STATUS)).isEqualTo(status);
        assertThat(event.header(OpenAIRealtimeConstants.STATUS_REASON)).isEqualTo(reason);
        assertThat(event.header(OpenAIRealtimeConstants.ERROR_CODE)).isEqualTo(code);
        assertThat(camel.server(0).sent("error")).isEmpty();
        assertThat(camel.template().requestBody("direct:ask", "Hello", String.class)).contains("Hello");
    }

    private void startConversation() throws Exception {
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=error&turnDetection=server_vad&responseRetries=0").process(received),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"),
                route -> route.from("direct:create").to("openai-realtime:support?operation=create-response"),
                route -> route.from("direct:event").to("openai-realtime:support?operation=send-event"));
        camel.awaitState("support", SessionState.READY);
    }

    private static ObjectNode error(String code) {
        ObjectNode event = JsonNodeFactory.instance.objectNode().put("type", "error").put("event_id", "event_planted");
        event.putObject("error").put("type", "invalid_request_error").put("code", code).put("message", "Planted.")
                .putNull("param").putNull("event_id");
        return event;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
