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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.session.Timers;
import io.github.camelrealtime.simulator.Reply;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SimulatedSession;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import io.github.camelrealtime.simulator.TranscriptionScript;
import org.apache.camel.Exchange;
import org.apache.camel.ServiceStatus;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.camelrealtime.RealtimeCamel.await;
import static org.assertj.core.api.Assertions.assertThat;

/** Stops while everything is under way, over sockets: what was accepted is delivered, or is known not to be. */
class StopUnderLoadTest {

    private static final int EVENTS = 400;
    private static final String NUMBERS = "openai-realtime:support?eventTypes=x.number&turnDetection=none&drainTimeout=1s";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @TempDir
    Path folder;

    private final Received received = new Received();

    /** Counts what is scheduled and neither has run nor is called off. */
    private static final class CountedTimers implements Timers {

        private final AtomicInteger waiting = new AtomicInteger();
        private final ScheduledExecutorService threads = Executors.newSingleThreadScheduledExecutor();
        private final Timers timers = Timers.system(threads);

        @Override
        public long millis() {
            return timers.millis();
        }

        @Override
        public long nanos() {
            return timers.nanos();
        }

        @Override
        public Cancellable schedule(Runnable task, long delayMillis) {
            waiting.incrementAndGet();
            AtomicInteger once = new AtomicInteger(1);
            Cancellable scheduled = timers.schedule(() -> {
                waiting.addAndGet(-once.getAndSet(0));
                task.run();
            }, delayMillis);
            return () -> {
                waiting.addAndGet(-once.getAndSet(0));
                scheduled.cancel();
            };
        }
    }

    // ---- the context

    @ParameterizedTest(name = "spool {0}")
    @ValueSource(booleans = {false, true})
    @DisplayName("CONN-14 TRX-18 a context that stops while audio goes in and events come faster than the route takes them: each that was "
                 + "accepted is routed, or dead-lettered and counted, or kept in the spool, and in order")
    void contextStop(boolean spool) throws Exception {
        Received dead = new Received();
        String options = spool ? "&spool=" + folder.resolve("spool") : "";
        camel.start(route -> {
            route.onException(RejectedExecutionException.class).handled(true).process(dead);
            route.from(NUMBERS + options).routeId("events").process(exchange -> TimeUnit.MILLISECONDS.sleep(5)).process(received);
        }, route -> route.from("direct:audio").to("openai-realtime:support?operation=append-audio&endOfStream=false"));
        camel.awaitState("support", SessionState.READY);
        SessionConsumer consumer = consumer();
        sendNumbers(camel.server(0), 0, EVENTS);
        List<CompletableFuture<Exchange>> audio = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            audio.add(camel.tell("direct:audio", SyntheticSpeech.pcm(200)));
        }
        received.await(20);
        camel.context().stop();

        assertThat(audio).allSatisfy(exchange -> assertThat(exchange).isCompleted());
        List<String> all = new ArrayList<>(numbers(received));
        if (spool) {
            assertThat(dead.events()).isEmpty();
            assertThat(consumer.getDroppedEvents()).isZero();
            try (DefaultCamelContext next = camel.newContext()) {
                RealtimeCamel.route(next, route -> route.from(NUMBERS + options).process(received));
                next.start();
                camel.server(1).send(number(EVENTS));
                await().until(() -> numbers(received).contains(Integer.toString(EVENTS)));
            }
            all = new ArrayList<>(numbers(received));
            // what the route had in hand may come again
            assertThat(all.stream().distinct().toList()).isEqualTo(numbersTo(all.stream().distinct().toList().size() - 1, EVENTS));
        } else {
            assertThat(consumer.getDroppedEvents()).isEqualTo(dead.events().size());
            all.addAll(numbers(dead));
            assertThat(all).isEqualTo(IntStream.range(0, all.size()).mapToObj(Integer::toString).toList());
        }
        assertThat(all.size()).isGreaterThan(20);
    }

    /** 0 to {@code count - 1}, and the one more that was sent afterwards. */
    private static List<String> numbersTo(int count, int last) {
        List<String> numbers = new ArrayList<>(IntStream.range(0, count).mapToObj(Integer::toString).toList());
        numbers.add(Integer.toString(last));
        return numbers;
    }

    @Test
    @DisplayName("CONN-14 a context that stops while a pooled session transcribes: the exchange gets its transcript or fails, none hangs")
    void pooledTranscribe() throws Exception {
        camel.scenario(Scenario.builder().transcription(TranscriptionScript.never()).build());
        camel.start(route -> route.from("direct:scribe")
                .to("openai-realtime:scribe?operation=transcribe&poolSize=2&transcriptionModel=gpt-4o-transcribe&drainTimeout=1s"));
        List<CompletableFuture<Exchange>> asked = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            asked.add(camel.ask("direct:scribe", SyntheticSpeech.pcm(500)));
        }
        // two at work, two wait for a session
        await().until(() -> camel.simulator().sessions().stream()
                .filter(server -> !server.sent("input_audio_buffer.committed").isEmpty()).count() == 2);
        camel.context().stop();
        for (CompletableFuture<Exchange> exchange : asked) {
            assertThat(RealtimeCamel.done(exchange).getException()).isNotNull();
        }
    }

    @Test
    @DisplayName("CONN-14 a context that stops while the output of a function is awaited: the session closes, and nobody waits")
    void toolCall() throws Exception {
        camel.scenario(Scenario.builder().onText("train", Reply.functionCall("find_train", "{}", "call_1")).build());
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=tool&drainTimeout=1s&outputModalities=text").process(received),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));
        camel.awaitState("support", SessionState.READY);
        CompletableFuture<Exchange> asked = camel.ask("direct:ask", "When does the train leave?");
        received.await(1);
        RealtimeSession session = camel.session("support");
        camel.context().stop();
        assertThat(asked).isCompleted();
        assertThat(session.state()).isEqualTo(SessionState.IDLE);
    }

    @Test
    @DisplayName("CONN-14 ROLL-2 a route that is suspended before its session changes connections routes what both said when it is resumed")
    void suspendedOverSwitch() throws Exception {
        camel.start(route -> route.from(NUMBERS).routeId("events").process(received));
        RealtimeSession session = camel.awaitState("support", SessionState.READY);
        camel.context().getRouteController().suspendRoute("events");
        sendNumbers(camel.server(0), 0, 10);
        session.restart();
        await().until(() -> session.status().epoch() == 2);
        sendNumbers(camel.server(1), 10, 20);
        await().until(() -> consumer().getQueuedEvents() == 20);
        assertThat(received.events()).isEmpty();
        camel.context().getRouteController().resumeRoute("events");
        received.await(20);
        assertThat(numbers(received)).isEqualTo(IntStream.range(0, 20).mapToObj(Integer::toString).toList());
    }

    // ---- routes that come and go

    @Test
    @DisplayName("CONN-13 CONN-14 ten times a route is stopped and started while audio flows and connections break: no thread, socket or "
                 + "timer is left over")
    void tenTimes() throws Exception {
        comeAndGo(10);
    }

    @Test
    @Tag("soak")
    @DisplayName("CONN-13 CONN-14 a hundred times a route is stopped and started while audio flows and connections break: no thread, socket "
                 + "or timer is left over")
    void hundredTimes() throws Exception {
        comeAndGo(100);
    }

    private void comeAndGo(int rounds) throws Exception {
        CountedTimers timers = new CountedTimers();
        camel.component().setTimers(timers);
        camel.start(
                route -> route.from(NUMBERS).routeId("events").process(received),
                route -> route.from("direct:audio").routeId("audio")
                        .to("openai-realtime:support?operation=append-audio&endOfStream=false"));
        camel.awaitState("support", SessionState.READY);
        int threads = 0;
        for (int round = 0; round < rounds; round++) {
            List<CompletableFuture<Exchange>> audio = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                audio.add(camel.tell("direct:audio", SyntheticSpeech.pcm(200)));
            }
            List<SimulatedSession> open = camel.simulator().sessions().stream().filter(SimulatedSession::isOpen).toList();
            if (round % 3 == 0) {
                open.forEach(SimulatedSession::abort);
            }
            for (String id : List.of("events", "audio")) {
                camel.context().getRouteController().stopRoute(id, RealtimeCamel.PATIENCE.toSeconds(), TimeUnit.SECONDS);
                assertThat(camel.context().getRouteController().getRouteStatus(id)).isEqualTo(ServiceStatus.Stopped);
            }
            for (CompletableFuture<Exchange> exchange : audio) {
                RealtimeCamel.done(exchange);
            }
            await().untilAsserted(() -> assertThat(camel.simulator().openSockets()).isZero());
            await().untilAsserted(() -> assertThat(timers.waiting).as("timers").hasValue(0));
            camel.context().getRouteController().startRoute("events");
            camel.context().getRouteController().startRoute("audio");
            camel.awaitState("support", SessionState.READY);
            threads = Math.max(threads, camel.threads().size());
        }
        // its readers go to sleep and wake up: none of a round is kept for the next but those
        assertThat(threads).isLessThan(12);
        assertThat(camel.component().registry().sessions()).hasSize(1);
        camel.context().stop();
        timers.threads.shutdownNow();
    }

    // ---- helpers

    private static ObjectNode number(int number) {
        return JsonNodeFactory.instance.objectNode().put("type", "x.number").put("event_id", Integer.toString(number));
    }

    private static void sendNumbers(SimulatedSession server, int from, int to) {
        for (int i = from; i < to; i++) {
            server.send(number(i));
        }
    }

    private static List<String> numbers(Received events) {
        return events.headers(OpenAIRealtimeConstants.EVENT_ID).stream().map(String::valueOf).toList();
    }

    private SessionConsumer consumer() {
        return (SessionConsumer) camel.context().getRoute("events").getConsumer();
    }
}
