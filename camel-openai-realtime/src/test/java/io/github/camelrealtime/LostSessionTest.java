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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.camelrealtime.session.RealtimeException;
import io.github.camelrealtime.session.SessionClosedException;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Reply;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import io.github.camelrealtime.simulator.TranscriptionScript;
import org.apache.camel.Exchange;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.support.LoggingExceptionHandler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.github.camelrealtime.RealtimeCamel.await;
import static org.assertj.core.api.Assertions.assertThat;

class LostSessionTest {

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();

    /** What happens otherwise: {@link ReconnectTest}. */
    @BeforeEach
    void lostIsLost() {
        camel.options().setReconnect(false);
        HealthCheckHelper.getHealthCheckRegistry(camel.context());
    }

    @ParameterizedTest(name = "ERR-1 code {0}, fatal: {1}")
    @CsvSource({ "1006, false", "1011, false", "1000, false", "1001, false", "1008, true", "3000, true", "4000, true" })
    @DisplayName("ERR-1 a connection that ends unasked: waiting exchanges fail at once, consumers get an error event")
    void lost(int code, boolean fatal) throws Exception {
        camel.scenario(Scenario.builder().onText("wait", Reply.text("never").endless())
                .transcription(TranscriptionScript.never()).build());
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=error&transcriptionModel=gpt-4o-transcribe&turnDetection=none")
                        .process(received),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text&requestTimeout=1h"),
                route -> route.from("direct:audio").to("openai-realtime:support?operation=append-audio"),
                route -> route.from("direct:commit")
                        .to("openai-realtime:support?operation=commit-audio&await=completed&transcriptTimeout=1h"));
        camel.awaitState("support", SessionState.READY);
        CompletableFuture<Exchange> running = camel.ask("direct:ask", "wait");
        await().until(() -> !camel.server(0).sent("response.created").isEmpty());
        CompletableFuture<Exchange> queued = camel.ask("direct:ask", "after that");
        RealtimeCamel.done(camel.tell("direct:audio", SyntheticSpeech.pcm(500)));
        CompletableFuture<Exchange> transcript = camel.ask("direct:commit", null);
        await().until(() -> !camel.server(0).sent("input_audio_buffer.committed").isEmpty());

        camel.server(0).close(code, "planned");
        for (CompletableFuture<Exchange> waiting : List.of(running, queued, transcript)) {
            SessionClosedException closed = RealtimeCamel.done(waiting).getException(SessionClosedException.class);
            assertThat(closed).isNotNull();
            assertThat(closed.isFatal()).isEqualTo(fatal);
            assertThat(closed.getCloseCode()).isEqualTo(code == 1006 ? 0 : code);
        }
        Map<?, ?> failed = (Map<?, ?>) received.await("camel.session.failed").body();
        assertThat(failed.get("fatal")).isEqualTo(fatal);
        assertThat(failed.get("close_code")).isEqualTo(code == 1006 ? 0 : code);
        assertThat(camel.session("support").state()).isEqualTo(SessionState.FAILED);
        // later ones are told so too
        Exchange late = RealtimeCamel.done(camel.ask("direct:ask", "Hello?"));
        assertThat(late.getException()).isInstanceOf(SessionClosedException.class);
    }

    @Test
    @DisplayName("ERR-1 health of consumers: DOWN when the session is lost, UP when it is open again")
    void health() throws Exception {
        camel.start(
                route -> route.from("openai-realtime:support").routeId("events").process(received),
                route -> route.from("direct:ask").routeId("ask").to("openai-realtime:support?operation=send-text"));
        camel.awaitState("support", SessionState.READY);
        assertThat(consumerHealth().getState()).isEqualTo(HealthCheck.State.UP);

        camel.server(0).abort();
        camel.awaitState("support", SessionState.FAILED);
        HealthCheck.Result down = consumerHealth();
        assertThat(down.getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(down.getMessage().orElseThrow()).contains("support");
        assertThat(down.getDetails()).containsEntry("session.state", "FAILED");

        RealtimeCamel.done(camel.operation("direct:ask", "open-session"));
        assertThat(consumerHealth().getState()).isEqualTo(HealthCheck.State.UP);
    }

    private HealthCheck.Result consumerHealth() {
        SessionConsumer consumer = (SessionConsumer) camel.context().getRoute("events").getConsumer();
        assertThat(consumer.getHealthCheck().getId()).isEqualTo("consumer:openai-realtime-events");
        return consumer.getHealthCheck().call();
    }

    @Test
    @DisplayName("ERR-4 the exception handler of a consumer is told of a lost session, whatever events it wants")
    void exceptionHandler() throws Exception {
        List<Throwable> told = new CopyOnWriteArrayList<>();
        ExceptionHandler handler = new LoggingExceptionHandler(camel.context(), getClass()) {
            @Override
            public void handleException(Throwable exception) {
                told.add(exception);
            }
        };
        camel.context().getRegistry().bind("told", handler);
        camel.start(route -> route.from("openai-realtime:support?eventTypes=response.done&exceptionHandler=#told").process(received));
        camel.awaitState("support", SessionState.READY);

        camel.server(0).close(1011, "planned");
        await().until(() -> !told.isEmpty());
        assertThat(told).singleElement().isInstanceOf(RealtimeException.class);
        assertThat(told.get(0)).hasMessageContaining("1011").hasMessageContaining("support");
        assertThat(received.events()).isEmpty();
    }

    @Test
    @DisplayName("ERR-4 bridgeErrorHandler: a lost session goes to the route's own error handling")
    void bridgeErrorHandler() throws Exception {
        Received errors = new Received();
        List<Throwable> caught = new CopyOnWriteArrayList<>();
        camel.start(route -> {
            route.onException(RealtimeException.class).handled(true)
                    .process(exchange -> caught.add(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class)))
                    .process(errors);
            route.from("openai-realtime:support?eventTypes=response.done&bridgeErrorHandler=true").process(received);
        });
        camel.awaitState("support", SessionState.READY);

        camel.server(0).abort();
        errors.await(1);
        assertThat(caught).singleElement().isInstanceOf(RealtimeException.class);
        assertThat(received.events()).isEmpty();
    }

    @Test
    @DisplayName("CONN-2 open-session after a loss dials again, and everything works on the new connection")
    void opensAgain() throws Exception {
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=response.done,lifecycle").process(received),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));
        for (int epoch = 1; epoch <= 3; epoch++) {
            assertThat(camel.template().requestBody("direct:ask", "Hello", String.class)).contains("Hello");
            assertThat(received.await("response.done", epoch).header(OpenAIRealtimeConstants.EPOCH)).isEqualTo(epoch);
            camel.server(epoch - 1).abort();
            received.await("camel.session.failed", epoch);
            RealtimeCamel.done(camel.operation("direct:ask", "open-session"));
        }
        assertThat(camel.simulator().handshakes()).hasSize(4);
        assertThat(camel.simulator().openSockets()).isEqualTo(1);
    }
}
