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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.session.RealtimeException;
import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SessionFaults;
import io.github.camelrealtime.simulator.SimulatedSession;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import io.github.camelrealtime.simulator.TranscriptionScript;
import io.github.camelrealtime.simulator.VirtualClock;
import org.apache.camel.Exchange;
import org.apache.camel.builder.LambdaRouteBuilder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.camelrealtime.RealtimeCamel.await;
import static org.assertj.core.api.Assertions.assertThat;

/** How long a stop takes, whatever is going on, and what becomes of what did not come in time. */
class StopTest {

    private static final Duration DRAIN = Duration.ofHours(1);
    /** Much more than is needed to close, and less than a second drain. */
    private static final Duration LONGEST = DRAIN.plusMinutes(30);
    private static final Duration STEP = Duration.ofSeconds(1);
    private static final int EVENTS = 50;
    private static final String TRANSCRIBING = "transcriptionModel=gpt-4o-transcribe&turnDetection=none&transcriptTimeout=24h"
                                               + "&livenessTimeout=0&drainTimeout=1h";

    private final VirtualClock clock = new VirtualClock();
    private final VirtualClock simulatorClock = new VirtualClock();

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel(builder -> builder.clock(simulatorClock));

    private final Received received = new Received();
    private final CountDownLatch release = new CountDownLatch(1);

    private static CompletableFuture<Void> inBackground(Runnable stop) {
        return CompletableFuture.runAsync(stop);
    }

    private CompletableFuture<Void> stopContext() {
        return inBackground(camel.context()::stop);
    }

    private static void done(CompletableFuture<Void> stopped) throws Exception {
        stopped.get(RealtimeCamel.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Lets time pass until the stop is done, and says how much it took. */
    private Duration pass(CompletableFuture<Void> stopped) {
        long began = clock.millis();
        clock.advance(DRAIN);
        await().until(() -> {
            if (!stopped.isDone()) {
                clock.advance(STEP);
            }
            return stopped.isDone();
        });
        return Duration.ofMillis(clock.millis() - began);
    }

    private void withVirtualTime() {
        camel.component().setTimers(new VirtualTimers(clock));
    }

    // ---- in every state of a connection

    @Test
    @DisplayName("CONN-14 a context that stops while a session is being dialled waits for nothing")
    void duringDial() throws Exception {
        camel.scenario(Scenario.builder().slowHandshake(DRAIN).build());
        stopsAtOnce(SessionState.CONNECTING);
    }

    @Test
    @DisplayName("CONN-14 a context that stops while a session is being configured waits for nothing")
    void duringReadyWait() throws Exception {
        camel.scenario(Scenario.builder().withholdSessionUpdated().build());
        stopsAtOnce(SessionState.CONFIGURING);
    }

    @Test
    @DisplayName("CONN-14 a context that stops between two attempts to dial waits for nothing, and no attempt follows")
    void duringBackoff() throws Exception {
        withVirtualTime();
        camel.scenario(Scenario.builder().rejectHandshake(503, "{}", 100, Duration.ofMinutes(10)).build());
        stopsAtOnce(SessionState.CONNECTING, () -> camel.simulator().handshakes().size() == 1);
        clock.advance(DRAIN);
        assertThat(camel.simulator().handshakes()).hasSize(1);
    }

    private void stopsAtOnce(SessionState state) throws Exception {
        stopsAtOnce(state, () -> true);
    }

    private void stopsAtOnce(SessionState state, Callable<Boolean> reached) throws Exception {
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=x.number&drainTimeout=1h&instructions=Wait").process(received),
                route -> route.from("direct:text").to("openai-realtime:support?operation=send-text"));
        camel.awaitState("support", state);
        await().until(reached);
        done(stopContext());
        assertThat(received.events()).isEmpty();
    }

    @Test
    @DisplayName("CONN-14 an exchange that waits for a connection fails when a stopping context has waited for drainTimeout, and no later")
    void waitingExchange() throws Exception {
        withVirtualTime();
        camel.scenario(Scenario.builder().withholdSessionUpdated().build());
        camel.start(route -> route.from("direct:text").to(
                "openai-realtime:support?operation=send-text&instructions=Wait&drainTimeout=1h&sessionReadyTimeout=20h&livenessTimeout=0"
                + "&requestTimeout=24h"));
        camel.awaitState("support", SessionState.CONFIGURING);
        CompletableFuture<Exchange> waiting = camel.ask("direct:text", "Hello");
        CompletableFuture<Void> stopped = stopContext();
        await().until(() -> camel.context().isStopping());
        clock.advance(DRAIN.minusMinutes(1));
        assertThat(waiting).isNotDone();

        await().until(() -> {
            clock.advance(DRAIN);
            return stopped.isDone();
        });
        assertThat(RealtimeCamel.done(waiting).getException()).isInstanceOf(RealtimeException.class).hasMessageContaining("support");
    }

    // ---- what is owed is waited for once

    @Test
    @DisplayName("CONN-14 a server that answers nothing any more: the stop of consumer and producer takes drainTimeout once")
    void blackHole() throws Exception {
        withVirtualTime();
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=transcript&" + TRANSCRIBING).routeId("events").process(received),
                route -> route.from("direct:audio").to("openai-realtime:support?operation=append-audio"));
        camel.awaitState("support", SessionState.READY);
        camel.template().sendBody("direct:audio", SyntheticSpeech.pcm(1_000));
        camel.server(0).strike(SessionFaults.silence());

        SessionConsumer consumer = consumer();
        CompletableFuture<Void> stopped = stopContext();
        await().until(() -> consumer.getPendingExchangesSize() > 0);
        assertThat(pass(stopped)).isBetween(DRAIN, LONGEST);
    }

    @Test
    @DisplayName("CONN-14 producers on sessions of their own, a pool, and sessions named by messages: all are drained at the same time")
    void manySessions() throws Exception {
        withVirtualTime();
        camel.scenario(Scenario.builder().transcription(TranscriptionScript.never()).build());
        List<LambdaRouteBuilder> routes = new ArrayList<>();
        for (String name : List.of("one", "two", "three")) {
            routes.add(route -> route.from("direct:" + name).to("openai-realtime:" + name + "?operation=append-audio&" + TRANSCRIBING));
        }
        routes.add(route -> route.from("direct:dynamic").toD("openai-realtime:${header.caller}?operation=append-audio&" + TRANSCRIBING));
        camel.start(routes.toArray(LambdaRouteBuilder[]::new));
        for (String name : List.of("one", "two", "three")) {
            camel.template().sendBody("direct:" + name, SyntheticSpeech.pcm(1_000));
        }
        for (String name : List.of("call-1", "call-2")) {
            camel.template().sendBodyAndHeader("direct:dynamic", SyntheticSpeech.pcm(1_000), "caller", name);
        }
        List<RealtimeSession> sessions = camel.component().registry().sessions();
        assertThat(sessions).hasSize(5).allSatisfy(session -> camel.awaitState(session.name(), SessionState.READY));

        CompletableFuture<Void> stopped = stopContext();
        await().untilAsserted(() -> assertThat(camel.simulator().sessions())
                .allSatisfy(server -> assertThat(server.sent("input_audio_buffer.committed")).hasSize(1)));
        assertThat(pass(stopped)).isBetween(DRAIN, LONGEST);
        assertThat(sessions).allSatisfy(session -> assertThat(session.state()).isEqualTo(SessionState.IDLE));
    }

    @Test
    @DisplayName("CONN-14 the stop of a producer's route commits what it gave and waits for the transcript, which others hear")
    void producer() throws Exception {
        camel.scenario(Scenario.builder().transcription(TranscriptionScript.never()).build());
        camel.start(
                route -> route.from("openai-realtime:sup*?eventTypes=transcript").process(received),
                route -> route.from("direct:audio").routeId("audio")
                        .to("openai-realtime:support?operation=append-audio&" + TRANSCRIBING));
        camel.awaitState("support", SessionState.READY);
        camel.template().sendBody("direct:audio", SyntheticSpeech.pcm(1_000));
        SimulatedSession server = camel.server(0);

        CompletableFuture<Void> stopped = inBackground(() -> stopRoute("audio"));
        await().until(() -> server.sent("input_audio_buffer.committed").size() == 1);
        server.send(TranscriptFrames.completed(
                server.sent("input_audio_buffer.committed").get(0).path("item_id").asText(), "the last words"));
        done(stopped);
        assertThat(received.await(1).get(0).body()).isEqualTo("the last words");
    }

    @Test
    @DisplayName("CONN-14 a route that stops while another uses the session ends nothing: the session is neither drained nor closed")
    void sharedSession() throws Exception {
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=x.number&" + TRANSCRIBING).routeId("events").process(received),
                route -> route.from("openai-realtime:support?eventTypes=x.number").routeId("others").process(received),
                route -> route.from("direct:audio").to("openai-realtime:support?operation=append-audio&endOfStream=false"));
        camel.awaitState("support", SessionState.READY);
        camel.template().sendBody("direct:audio", SyntheticSpeech.pcm(1_000));
        stopRoute("events");
        camel.server(0).send(number(0));
        received.await(1);
        assertThat(camel.server(0).sent("input_audio_buffer.committed")).isEmpty();
        assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
        camel.session("support").closeNow();
    }

    // ---- what the route does not get to

    @Test
    @DisplayName("CONN-14 what a slow route does not get to within drainTimeout is dead-lettered and counted: of 50 events none is lost "
                 + "unseen, and the order is kept")
    void deadLetters() throws Exception {
        withVirtualTime();
        Received dead = new Received();
        List<Throwable> reasons = new ArrayList<>();
        CountDownLatch entered = new CountDownLatch(1);
        camel.start(route -> {
            route.onException(RejectedExecutionException.class).handled(true)
                    .process(exchange -> reasons.add(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class))).process(dead);
            route.from("openai-realtime:support?eventTypes=x.number&drainTimeout=1h").routeId("events").process(exchange -> {
                entered.countDown();
                release.await();
            }).process(received);
        });
        camel.awaitState("support", SessionState.READY);
        for (int i = 0; i < EVENTS; i++) {
            camel.server(0).send(number(i));
        }
        entered.await();
        SessionConsumer consumer = consumer();
        await().until(() -> consumer.getQueuedEvents() == EVENTS - 1);

        CompletableFuture<Void> stopped = stopContext();
        await().until(() -> camel.context().isStopping());
        await().until(() -> {
            // until the stop has begun to count
            clock.advance(DRAIN);
            return consumer.getPendingExchangesSize() == 0;
        });
        release.countDown();
        await().until(() -> {
            clock.advance(STEP);
            return stopped.isDone();
        });
        assertThat(numbers(received)).containsExactly("0");
        assertThat(numbers(dead)).hasSize(EVENTS - 1).first().isEqualTo("1");
        assertThat(numbers(dead)).isEqualTo(IntStream.range(1, EVENTS).mapToObj(Integer::toString).toList());
        assertThat(consumer.getDroppedEvents()).isEqualTo(EVENTS - 1);
        assertThat(reasons).allSatisfy(reason -> assertThat(reason).hasMessageContaining("drainTimeout"));
    }

    @Test
    @DisplayName("CONN-14 a route that is suspended with more than it gets to within drainTimeout holds the rest, and routes it when resumed")
    void suspendWithFullLane() throws Exception {
        withVirtualTime();
        CountDownLatch entered = new CountDownLatch(1);
        camel.start(route -> route.from("openai-realtime:support?eventTypes=x.number&drainTimeout=1h").routeId("events")
                .process(exchange -> {
                    entered.countDown();
                    release.await();
                }).process(received));
        camel.awaitState("support", SessionState.READY);
        for (int i = 0; i < EVENTS; i++) {
            camel.server(0).send(number(i));
        }
        entered.await();
        SessionConsumer consumer = consumer();
        await().until(() -> consumer.getQueuedEvents() == EVENTS - 1);

        CompletableFuture<Void> suspended = inBackground(() -> {
            try {
                camel.context().getRouteController().suspendRoute("events");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        await().until(() -> {
            clock.advance(DRAIN);
            return consumer.getPendingExchangesSize() == 0;
        });
        release.countDown();
        done(suspended);
        assertThat(numbers(received)).containsExactly("0");
        assertThat(consumer.getQueuedEvents()).isEqualTo(EVENTS - 1);

        camel.context().getRouteController().resumeRoute("events");
        received.await(EVENTS);
        assertThat(numbers(received)).isEqualTo(IntStream.range(0, EVENTS).mapToObj(Integer::toString).toList());
        assertThat(consumer.getDroppedEvents()).isZero();
        assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
        // nothing is owed: the end waits for nobody
        done(stopContext());
    }

    private SessionConsumer consumer() {
        return (SessionConsumer) camel.context().getRoute("events").getConsumer();
    }

    private static ObjectNode number(int number) {
        return JsonNodeFactory.instance.objectNode().put("type", "x.number").put("event_id", Integer.toString(number));
    }

    private static List<String> numbers(Received events) {
        return events.headers(OpenAIRealtimeConstants.EVENT_ID).stream().map(String::valueOf).toList();
    }

    private void stopRoute(String routeId) {
        try {
            camel.context().getRouteController().stopRoute(routeId, RealtimeCamel.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
