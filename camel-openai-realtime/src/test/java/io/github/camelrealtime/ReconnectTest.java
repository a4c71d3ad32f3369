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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.camelrealtime.session.ErrorClass;
import io.github.camelrealtime.session.RealtimeErrorClassifier;
import io.github.camelrealtime.session.ReportedError;
import io.github.camelrealtime.session.SessionReconnectingException;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Reply;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import io.github.camelrealtime.simulator.TranscriptionScript;
import org.apache.camel.Exchange;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.camelrealtime.RealtimeCamel.await;
import static org.assertj.core.api.Assertions.assertThat;

class ReconnectTest {

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();

    @BeforeEach
    void quick() {
        HealthCheckHelper.getHealthCheckRegistry(camel.context());
        camel.options().setReconnectInterval(1L);
    }

    private SessionConsumer consumer() {
        return (SessionConsumer) camel.context().getRoute("events").getConsumer();
    }

    @Test
    @DisplayName("ROLL-11 ROLL-14 a drop under a running answer: it fails once, events tell of it, and the next is answered")
    void drop() throws Exception {
        camel.scenario(Scenario.builder().onText("wait", Reply.text("never").endless()).build());
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=lifecycle").routeId("events").process(received),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text&requestTimeout=1h"));
        camel.awaitState("support", SessionState.READY);
        CompletableFuture<Exchange> running = camel.ask("direct:ask", "wait");
        await().until(() -> !camel.server(0).sent("response.created").isEmpty());
        CompletableFuture<Exchange> queued = camel.ask("direct:ask", "Hello");
        await().until(() -> camel.session("support").status().pendingResponses() == 2);

        camel.server(0).abort();
        assertThat(RealtimeCamel.done(running).getException()).isInstanceOf(SessionReconnectingException.class);
        assertThat(RealtimeCamel.done(queued).getMessage().getBody(String.class)).contains("Hello");
        Map<?, ?> reconnecting = (Map<?, ?>) received.await("camel.session.reconnecting").body();
        Map<?, ?> reconnected = (Map<?, ?>) received.await("camel.session.reconnected").body();
        assertThat(reconnecting.get("session_id")).isEqualTo(camel.server(0).id());
        assertThat(reconnected.get("old_session_id")).isEqualTo(camel.server(0).id());
        assertThat(reconnected.get("session_id")).isEqualTo(camel.server(1).id());
        assertThat(reconnected.get("context_restored")).isEqualTo("true");
        assertThat(received.await("camel.session.reconnected").header(OpenAIRealtimeConstants.EPOCH)).isEqualTo(2);
        assertThat(received.types()).doesNotContain("camel.session.failed");
        assertThat(consumer().getReconnects()).isEqualTo(1);
        assertThat(camel.simulator().openSockets()).isEqualTo(1);
    }

    @Test
    @DisplayName("ROLL-6 health is DOWN with the reason while reconnecting, UP afterwards; refused attempts are repeated")
    void health() throws Exception {
        camel.start(route -> route.from("openai-realtime:support?eventTypes=lifecycle").routeId("events").process(received));
        camel.awaitState("support", SessionState.READY);
        camel.scenario(Scenario.builder().rejectHandshake(503, "{}", 1, Duration.ofHours(1)).build());
        camel.server(0).close(1011, "planned");
        await().until(() -> camel.simulator().handshakes().size() == 2
                && camel.session("support").state() == SessionState.CONNECTING);
        HealthCheck.Result down = consumer().getHealthCheck().call();
        assertThat(down.getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(down.getMessage().orElseThrow()).contains("reconnecting", "1011");
        assertThat(down.getDetails()).containsEntry("session.reconnecting", true).containsEntry("session.closeCode", 1011);
    }

    @Test
    @DisplayName("ROLL-8 a fatal refusal while reconnecting: no further attempt, health DOWN, an error event")
    void fatal() throws Exception {
        camel.start(route -> route.from("openai-realtime:support?eventTypes=error").routeId("events").process(received));
        camel.awaitState("support", SessionState.READY);
        camel.scenario(Scenario.builder().rejectHandshake(401, "{}", 99, null).build());
        camel.server(0).abort();
        received.await("camel.session.failed");
        assertThat(camel.session("support").state()).isEqualTo(SessionState.FAILED);
        HealthCheck.Result down = consumer().getHealthCheck().call();
        assertThat(down.getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(down.getDetails()).containsEntry("session.fatal", true);
        assertThat(camel.simulator().handshakes()).hasSize(2);
    }

    @Test
    @DisplayName("ROLL-5 ROLL-9 a clean close that nobody asked for is a drop, and the key is looked up for the next dial")
    void cleanClose() throws Exception {
        camel.start(route -> route.from("openai-realtime:support?eventTypes=lifecycle").routeId("events").process(received));
        camel.awaitState("support", SessionState.READY);
        camel.server(0).close(1000, "");
        received.await("camel.session.reconnected");
        assertThat(camel.simulator().handshakes()).hasSize(2)
                .allSatisfy(handshake -> assertThat(handshake.authorization()).contains(RealtimeCamel.API_KEY));
    }

    @Test
    @DisplayName("ROLL-12 transcribe: a lost connection is no loss; what had no transcript is given to the next, and the exchange goes on")
    void pool() throws Exception {
        camel.scenario(Scenario.builder().transcription(TranscriptionScript.never()).build());
        camel.start(route -> route.from("direct:file").to("openai-realtime:files?operation=transcribe&audioFormat=pcm16"));
        CompletableFuture<Exchange> running = camel.ask("direct:file", SyntheticSpeech.pcm(2_000));
        await().until(() -> !camel.server(0).sent("input_audio_buffer.committed").isEmpty());
        camel.scenario(Scenario.standard());
        camel.server(0).abort();
        Exchange done = RealtimeCamel.done(running);
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody(String.class)).isEqualTo("samples 0..48000");
        Exchange next = RealtimeCamel.done(camel.ask("direct:file", SyntheticSpeech.pcm(2_000)));
        assertThat(next.getException()).isNull();
        assertThat(camel.simulator().handshakes()).hasSize(2);
    }

    @Test
    @DisplayName("CONN-20 operation restart and the JMX operation force a new epoch, while the old one stands; what is asked meanwhile is answered")
    void restart() throws Exception {
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=lifecycle").routeId("events").process(received),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));
        camel.awaitState("support", SessionState.READY);
        assertThat(RealtimeCamel.done(camel.operation("direct:ask", "restart")).getException()).isNull();
        assertThat(camel.session("support").status().epoch()).isEqualTo(2);
        Map<?, ?> told = (Map<?, ?>) received.await("camel.session.rollover").body();
        assertThat(told.get("cause")).isEqualTo("restart");

        consumer().restartSessions();
        assertThat(camel.template().requestBody("direct:ask", "Hello", String.class)).contains("Hello");
        received.await("camel.session.rollover", 2);
        assertThat(consumer().getRollovers()).isEqualTo(2);
        assertThat(consumer().getReconnects()).isZero();
        await().until(() -> camel.simulator().openSockets() == 1);
        await().until(() -> consumer().getSockets() == 1);
    }

    @Test
    @DisplayName("ERR-2 a classifier of the user decides: what is fatal to it ends the session; null and failures leave it as usual")
    void classifier() throws Exception {
        List<ReportedError> asked = new CopyOnWriteArrayList<>();
        RealtimeErrorClassifier own = error -> {
            asked.add(error);
            if (error.closeCode() == 1011) {
                throw new IllegalStateException("odd");
            }
            return error.closeCode() == 4999 ? ErrorClass.FATAL : null;
        };
        camel.component().setErrorClassifier(own);
        camel.start(route -> route.from("openai-realtime:support?eventTypes=lifecycle,error").routeId("events").process(received));
        camel.awaitState("support", SessionState.READY);
        camel.server(0).close(1011, "broken");
        received.await("camel.session.reconnected");
        camel.server(1).close(1012, "restart");
        received.await("camel.session.reconnected", 2);
        camel.server(2).close(4999, "of tomorrow");
        Map<?, ?> failed = (Map<?, ?>) received.await("camel.session.failed").body();
        assertThat(failed.get("fatal")).isEqualTo(true);
        assertThat(asked).extracting(ReportedError::closeCode).containsExactly(1011, 1012, 4999);
        assertThat(asked).extracting(ReportedError::usual).containsOnly(ErrorClass.TRANSIENT);
        assertThat(asked).extracting(ReportedError::sessionName).containsOnly("support");
    }

    @Test
    @DisplayName("CONN-13 the component stopped and started under running routes: they have sessions again, shared, pooled, wildcard")
    void componentRestarted() throws Exception {
        Received any = new Received();
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=lifecycle").routeId("events").process(received),
                route -> route.from("openai-realtime:sup*?eventTypes=lifecycle").process(any),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"),
                route -> route.from("direct:file").to("openai-realtime:files?operation=transcribe&audioFormat=pcm16"));
        camel.template().requestBody("direct:ask", "Hello", String.class);
        assertThat(RealtimeCamel.done(camel.ask("direct:file", SyntheticSpeech.pcm(1_000))).getException()).isNull();

        camel.component().stop();
        received.await("camel.session.closed");
        camel.component().start();
        assertThat(camel.template().requestBody("direct:ask", "Hello", String.class)).contains("Hello");
        assertThat(RealtimeCamel.done(camel.ask("direct:file", SyntheticSpeech.pcm(1_000))).getException()).isNull();
        received.await("camel.session.ready", 2);
        any.await("camel.session.ready", 2);
        assertThat(consumer().getHealthCheck().call().getState()).isEqualTo(HealthCheck.State.UP);
        assertThat(camel.component().registry().holders("support")).isEqualTo(2);
    }

    @Test
    @DisplayName("ERR-2 a classifier of the user decides about error events too: what is nothing to it reaches no consumer")
    void classifierOfEvents() throws Exception {
        camel.component().setErrorClassifier(error -> "quiet".equals(error.code()) ? ErrorClass.BENIGN : null);
        camel.start(route -> route.from("openai-realtime:support?eventTypes=error").routeId("events").process(received));
        camel.awaitState("support", SessionState.READY);
        for (String code : List.of("quiet", "loud", "quiet", "last")) {
            camel.server(0).send("{\"type\":\"error\",\"event_id\":\"e\",\"error\":{\"type\":\"server_error\",\"code\":\"" + code
                                 + "\",\"message\":\"m\"}}");
        }
        received.await("error", 2);
        assertThat(received.headers(OpenAIRealtimeConstants.ERROR_CODE)).containsExactly("loud", "last");
        assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
    }

    @Test
    @DisplayName("ERR-2 a classifier is found in the registry")
    void classifierInRegistry() throws Exception {
        RealtimeErrorClassifier own = error -> null;
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("own", own);
            assertThat(context.getComponent("openai-realtime", OpenAIRealtimeComponent.class).getErrorClassifier()).isSameAs(own);
        }
    }

    @Test
    @DisplayName("FLOW-7 rate limits are attributes of the consumer")
    void rateLimits() throws Exception {
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=rate_limits.updated").routeId("events").process(received),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));
        camel.template().requestBody("direct:ask", "Hello", String.class);
        received.await("rate_limits.updated");
        assertThat(consumer().getRateLimits()).isNotEmpty().allMatch(limit -> limit.startsWith("support: "));
        assertThat(camel.session("support").status().rateLimits()).containsKey("tokens");
    }
}
