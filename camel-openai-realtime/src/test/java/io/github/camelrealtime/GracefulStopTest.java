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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.camelrealtime.session.LocalEvents;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SimulatedSession;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import io.github.camelrealtime.simulator.TranscriptionScript;
import io.github.camelrealtime.simulator.VirtualClock;
import org.apache.camel.ServiceStatus;
import org.apache.camel.builder.LambdaRouteBuilder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.camelrealtime.RealtimeCamel.await;
import static org.assertj.core.api.Assertions.assertThat;

class GracefulStopTest {

    private static final int EVENTS = 50;
    private static final String NUMBERS = "openai-realtime:support?eventTypes=x.number&drainTimeout=15s";

    private final VirtualClock simulatorClock = new VirtualClock();

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel(builder -> builder.clock(simulatorClock));

    private final Received received = new Received();
    private final CountDownLatch release = new CountDownLatch(1);

    @Test
    @DisplayName("CONN-14 a graceful stop of the route routes 50 of 50 events that had come")
    void routeStop() throws Exception {
        startSlowRoute();
        sendNumbers(0, EVENTS);
        awaitQueued(EVENTS - 1);

        CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> stopRoute(RealtimeCamel.PATIENCE.toMillis()));
        await().until(this::isBeingStopped);
        release.countDown();
        stopped.get(RealtimeCamel.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(numbers()).isEqualTo(numbersTo(EVENTS));
        await().until(() -> !camel.server(0).isOpen());
    }

    private boolean isBeingStopped() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                .anyMatch(name -> name.contains("(" + camel.context().getName() + ")") && name.contains("ShutdownTask"));
    }

    @Test
    @DisplayName("CONN-14 a graceful stop of the context routes 50 of 50 events that had come")
    void contextStop() throws Exception {
        startSlowRoute();
        sendNumbers(0, EVENTS);
        awaitQueued(EVENTS - 1);

        CompletableFuture<Void> stopped = CompletableFuture.runAsync(camel.context()::stop);
        await().until(() -> camel.context().isStopping());
        release.countDown();
        stopped.get(RealtimeCamel.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(numbers()).isEqualTo(numbersTo(EVENTS));
    }

    @Test
    @DisplayName("CONN-14 a transcript that is still to come is waited for and routed before the session closes")
    void pendingTranscript() throws Exception {
        camel.scenario(Scenario.builder().transcription(TranscriptionScript.never()).build());
        String options = "&transcriptionModel=gpt-4o-transcribe&turnDetection=none&drainTimeout=15s";
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=transcript" + options).process(received),
                route -> route.from("direct:audio").to("openai-realtime:support?operation=append-audio"));
        camel.awaitState("support", SessionState.READY);
        camel.template().sendBody("direct:audio", SyntheticSpeech.pcm(1_000));

        SimulatedSession server = camel.server(0);
        try (LogCapture log = LogCapture.of("org.apache.camel.impl.engine.DefaultShutdownStrategy", Level.DEBUG)) {
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(camel.context()::stop);
            // nothing has been committed: the stop itself does that, and then finds that something is still owed
            await().until(() -> server.sent("input_audio_buffer.committed").size() == 1);
            // at its second look too: at the first it may only have seen the commit
            await().untilAsserted(() -> assertThat(log.messages())
                    .filteredOn(message -> message.contains("Waiting as there are still")).hasSizeGreaterThanOrEqualTo(2));
            server.send(transcript(server.sent("input_audio_buffer.committed").get(0).path("item_id").asText(), "the last words"));
            stopped.get(RealtimeCamel.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(received.events()).extracting(Received.Event::body).containsExactly("the last words");
    }

    private static JsonNode transcript(String itemId, String text) {
        return JsonNodeFactory.instance.objectNode()
                .put("type", "conversation.item.input_audio_transcription.completed").put("event_id", "event_late")
                .put("item_id", itemId).put("content_index", 0).put("transcript", text);
    }

    @Test
    @DisplayName("CONN-14 a transcript that never comes delays the stop by drainTimeout, no longer")
    void transcriptNeverComes() throws Exception {
        VirtualClock clock = new VirtualClock();
        camel.component().setTimers(new VirtualTimers(clock));
        camel.scenario(Scenario.builder().transcription(TranscriptionScript.never()).build());
        String options = "&transcriptionModel=gpt-4o-transcribe&turnDetection=none&drainTimeout=3s&transcriptTimeout=24h";
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=transcript" + options).process(received),
                route -> route.from("direct:audio").to("openai-realtime:support?operation=append-audio"));
        camel.awaitState("support", SessionState.READY);
        camel.template().sendBody("direct:audio", SyntheticSpeech.pcm(1_000));

        CompletableFuture<Void> stopped = CompletableFuture.runAsync(camel.context()::stop);
        await().until(() -> camel.server(0).sent("input_audio_buffer.committed").size() == 1);
        await().until(() -> {
            clock.advance(Duration.ofSeconds(3));
            return stopped.isDone();
        });
        assertThat(received.events()).isEmpty();
    }

    @Test
    @DisplayName("CONN-14 a final that was held back for the order of the conversation is routed at the stop")
    void heldFinal() throws Exception {
        VirtualClock clock = new VirtualClock();
        camel.component().setTimers(new VirtualTimers(clock));
        camel.scenario(Scenario.builder().transcription(TranscriptionScript.never()).build());
        String options = "&transcriptionModel=gpt-4o-transcribe&turnDetection=none&transcriptTimeout=24h";
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=transcript" + options).routeId("events").process(received),
                route -> route.from("direct:audio").to("openai-realtime:support?operation=append-audio"),
                route -> route.from("direct:commit").to("openai-realtime:support?operation=commit-audio&await=committed"));
        camel.awaitState("support", SessionState.READY);
        SimulatedSession server = camel.server(0);
        for (int item = 0; item < 2; item++) {
            camel.template().sendBody("direct:audio", SyntheticSpeech.pcm(500));
            camel.template().sendBody("direct:commit", null);
        }
        // the first item gets no transcript, so that of the second waits
        String second = server.sent("input_audio_buffer.committed").get(1).path("item_id").asText();
        server.send(transcript(second, "the second"));
        await().until(() -> camel.session("support").status().owedTranscripts() == 1);
        assertThat(received.events()).isEmpty();

        CompletableFuture<Void> stopped = CompletableFuture.runAsync(camel.context()::stop);
        await().until(() -> {
            clock.advance(Duration.ofSeconds(2));
            return stopped.isDone();
        });
        assertThat(received.events()).extracting(Received.Event::body).containsExactly("the second");
    }

    @Test
    @DisplayName("CONN-14 a graceful stop routes 50 of 50 events also when the route is asynchronous")
    void asynchronousRoute() throws Exception {
        camel.start(route -> route.from(NUMBERS).routeId("events").process(exchange -> release.await()).delay(1).asyncDelayed()
                .process(received));
        camel.awaitState("support", SessionState.READY);
        sendNumbers(0, EVENTS);
        awaitQueued(EVENTS - 1);

        CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> stopRoute(RealtimeCamel.PATIENCE.toMillis()));
        await().until(this::isBeingStopped);
        release.countDown();
        stopped.get(RealtimeCamel.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(numbers()).isEqualTo(numbersTo(EVENTS));
    }

    @Test
    @DisplayName("CONN-14 what a session has to say at its very end is routed by an asynchronous route too, before the stop is done")
    void asynchronousRouteHearsTheEnd() throws Exception {
        camel.start(route -> route.from("openai-realtime:support?eventTypes=lifecycle").routeId("events")
                .delay(200).asyncDelayed().process(received));
        camel.awaitState("support", SessionState.READY);
        SessionConsumer consumer = consumer();

        stopRoute(RealtimeCamel.PATIENCE.toMillis());

        assertThat(received.types()).endsWith(LocalEvents.SESSION_CLOSED);
        assertThat(consumer.getDroppedEvents()).isZero();
    }

    @Test
    @DisplayName("CONN-14 a forced stop drops what waits, counts it, and interrupts the route that blocks")
    void forcedStop() throws Exception {
        startSlowRoute();
        sendNumbers(0, EVENTS);
        awaitQueued(EVENTS - 1);
        SessionConsumer consumer = consumer();

        stopRoute(100);
        assertThat(consumer.getDroppedEvents()).isEqualTo(EVENTS - 1);
        assertThat(numbers()).isEmpty();
        await().until(() -> !camel.server(0).isOpen());
    }

    @Test
    @DisplayName("CONN-14 a suspended consumer holds its events, resumed it routes them in order and goes on")
    void suspendAndResume() throws Exception {
        release.countDown();
        startSlowRoute();
        sendNumbers(0, 10);
        received.await(10);

        camel.context().getRouteController().suspendRoute("events");
        sendNumbers(10, 20);
        awaitQueued(10);
        assertThat(numbers()).isEqualTo(numbersTo(10));
        assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);

        camel.context().getRouteController().resumeRoute("events");
        sendNumbers(20, 30);
        received.await(30);
        assertThat(numbers()).isEqualTo(numbersTo(30));
        assertThat(camel.simulator().handshakes()).hasSize(1);
    }

    @Test
    @DisplayName("CONN-14 a graceful stop of a suspended route routes what it held")
    void stopWhileSuspended() throws Exception {
        release.countDown();
        startSlowRoute();
        camel.context().getRouteController().suspendRoute("events");
        sendNumbers(0, EVENTS);
        awaitQueued(EVENTS);

        stopRoute(RealtimeCamel.PATIENCE.toMillis());
        assertThat(numbers()).isEqualTo(numbersTo(EVENTS));
    }

    @Test
    @DisplayName("CONN-14 a context that is suspended while a route is already does not let out what that holds")
    void suspendTwice() throws Exception {
        release.countDown();
        startSlowRoute();
        camel.context().getRouteController().suspendRoute("events");
        sendNumbers(0, 10);
        awaitQueued(10);

        camel.context().suspend();
        assertThat(numbers()).isEmpty();
        assertThat(consumer().getQueuedEvents()).isEqualTo(10);
        camel.context().resume();
        camel.context().getRouteController().resumeRoute("events");
        received.await(10);
        assertThat(numbers()).isEqualTo(numbersTo(10));
    }

    @Test
    @DisplayName("CONN-14 a suspended and resumed context goes on where it was")
    void suspendAndResumeContext() throws Exception {
        release.countDown();
        startSlowRoute();
        sendNumbers(0, 10);
        received.await(10);

        camel.context().suspend();
        sendNumbers(10, 20);
        awaitQueued(10);
        camel.context().resume();
        received.await(20);
        assertThat(numbers()).isEqualTo(numbersTo(20));
    }

    // ---- stop and start again, each kind

    @Test
    @DisplayName("CONN-14 a consumer that is stopped and started again opens a new connection and routes on")
    void consumerRestarts() throws Exception {
        release.countDown();
        startSlowRoute();
        for (int round = 0; round < 3; round++) {
            camel.awaitState("support", SessionState.READY);
            sendTo(camel.server(round), round, round + 1);
            received.await(round + 1);
            restart("events");
        }
        assertThat(numbers()).isEqualTo(numbersTo(3));
    }

    @Test
    @DisplayName("CONN-14 a wildcard consumer that is stopped and started again hears the sessions that are there")
    void wildcardConsumerRestarts() throws Exception {
        camel.start(
                route -> route.from("openai-realtime:sup*?eventTypes=response.done").routeId("events").process(received),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));
        for (int round = 1; round <= 3; round++) {
            camel.template().requestBody("direct:ask", "Hello");
            received.await(round);
            restart("events");
        }
        assertThat(camel.simulator().handshakes()).hasSize(1);
    }

    @Test
    @DisplayName("CONN-14 a producer that is stopped and started again works with a new connection")
    void producerRestarts() throws Exception {
        restarts("direct:in", route -> route.from("direct:in").routeId("in").to("openai-realtime:support?operation=send-text"),
                "Hello", "Hello");
    }

    @Test
    @DisplayName("CONN-14 a transcribing producer that is stopped and started again works with new connections")
    void transcribeProducerRestarts() throws Exception {
        restarts("direct:in", route -> route.from("direct:in").routeId("in").to("openai-realtime:scribe?operation=transcribe"),
                SyntheticSpeech.pcm(1_000), "samples");
    }

    private void restarts(String uri, LambdaRouteBuilder route, Object body, String answer) throws Exception {
        camel.start(route);
        for (int round = 0; round < 3; round++) {
            assertThat(camel.template().requestBody(uri, body, String.class)).contains(answer);
            SimulatedSession server = camel.server(round);
            restart("in");
            await().until(() -> !server.isOpen());
        }
    }

    // ---- helpers

    /** A route that takes its first event and holds it until released. */
    private void startSlowRoute() throws Exception {
        camel.start(route -> route.from(NUMBERS).routeId("events").process(exchange -> release.await()).process(received));
        camel.awaitState("support", SessionState.READY);
    }

    private void sendNumbers(int from, int to) {
        sendTo(camel.server(0), from, to);
    }

    private static void sendTo(SimulatedSession server, int from, int to) {
        for (int i = from; i < to; i++) {
            server.send(JsonNodeFactory.instance.objectNode().put("type", "x.number").put("event_id", Integer.toString(i)));
        }
    }

    private List<String> numbers() {
        return received.headers(OpenAIRealtimeConstants.EVENT_ID).stream().map(String::valueOf).toList();
    }

    private static List<String> numbersTo(int end) {
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < end; i++) {
            numbers.add(Integer.toString(i));
        }
        return numbers;
    }

    private SessionConsumer consumer() {
        return (SessionConsumer) camel.context().getRoute("events").getConsumer();
    }

    private void awaitQueued(int count) {
        await().until(() -> consumer().getQueuedEvents() == count);
    }

    private void stopRoute(long timeoutMillis) {
        try {
            camel.context().getRouteController().stopRoute("events", timeoutMillis, TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void restart(String routeId) throws Exception {
        camel.context().getRouteController().stopRoute(routeId);
        assertThat(camel.context().getRouteController().getRouteStatus(routeId)).isEqualTo(ServiceStatus.Stopped);
        camel.context().getRouteController().startRoute(routeId);
    }
}
