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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.EventCodec;
import io.github.camelrealtime.session.LocalEvents;
import io.github.camelrealtime.session.SessionEvent;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.SimulatedSession;
import io.github.camelrealtime.simulator.VirtualClock;
import io.github.camelrealtime.spool.EventSpool;
import io.github.camelrealtime.spool.FileSpool;
import org.apache.camel.Processor;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.github.camelrealtime.RealtimeCamel.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/** Events that are kept in a spool until the route is done with them. */
class SpoolTest {

    private static final long PLENTY = 1024 * 1024;

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @TempDir
    private Path folder;

    private final Received received = new Received();
    private final AtomicBoolean brokerDown = new AtomicBoolean();
    private final AtomicInteger refused = new AtomicInteger();

    private String uri(String options) {
        return "openai-realtime:support?eventTypes=x.number,transcript,audio&transcriptionModel=gpt-4o-transcribe&turnDetection=none"
               + "&spool=" + folder.resolve("spool") + "&spoolRetryDelay=10&spoolMaxRetryDelay=20" + options;
    }

    /** What a broker does to a route. */
    private final Processor broker = exchange -> {
        if (brokerDown.get()) {
            refused.incrementAndGet();
            throw new IllegalStateException("The broker is down");
        }
        received.process(exchange);
    };

    private void start(String options) throws Exception {
        camel.start(route -> {
            route.errorHandler(route.noErrorHandler());
            route.from(uri(options)).routeId("events").process(broker);
        });
        camel.awaitState("support", SessionState.READY);
    }

    private static ObjectNode number(int number) {
        return JsonNodeFactory.instance.objectNode().put("type", "x.number").put("event_id", Integer.toString(number));
    }

    private void send(int from, int to) {
        for (int i = from; i < to; i++) {
            camel.server(camel.simulator().sessions().size() - 1).send(number(i));
        }
    }

    private List<String> numbers() {
        return received.ofType("x.number").stream().map(event -> (String) event.header(OpenAIRealtimeConstants.EVENT_ID)).toList();
    }

    private static List<String> numbers(int from, int to) {
        List<String> numbers = new ArrayList<>();
        for (int i = from; i < to; i++) {
            numbers.add(Integer.toString(i));
        }
        return numbers;
    }

    private void awaitNumbers(int from, int to) {
        await().untilAsserted(() -> assertThat(numbers()).isEqualTo(numbers(from, to)));
    }

    private SessionConsumer consumer() {
        return (SessionConsumer) camel.context().getRoute("events").getConsumer();
    }

    private HealthCheck.Result health() {
        return consumer().getHealthCheck().call();
    }

    // ---- in one life

    @Test
    @DisplayName("TRX-18 a broker that is down for ten minutes: nothing is lost, order is kept, the socket is read, memory holds two "
                 + "dozen events, and health stays UP")
    void brokerOutage() throws Exception {
        VirtualClock clock = new VirtualClock();
        camel.component().setTimers(new VirtualTimers(clock));
        start("&queueSize=20");
        send(0, 5);
        awaitNumbers(0, 5);

        brokerDown.set(true);
        for (int minute = 0; minute < 10; minute++) {
            int from = 5 + minute * 100;
            // as many at once as wait in memory, so that none is lost while the disk works
            for (int i = from; i < from + 100; i += 20) {
                send(i, i + 20);
                int sent = i + 15;
                await().until(() -> consumer().getSpooledEvents() == sent);
            }
            clock.advance(Duration.ofMinutes(1));
        }
        await().until(() -> consumer().getSpooledEvents() == 1_000);
        assertThat(consumer().isOverrun()).isFalse();
        assertThat(health().getState()).isEqualTo(HealthCheck.State.UP);
        assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
        assertThat(numbers()).isEqualTo(numbers(0, 5));
        await().until(() -> consumer().getFailedDeliveries() >= 10);

        brokerDown.set(false);
        await().untilAsserted(() -> {
            clock.advance(Duration.ofSeconds(60));
            assertThat(numbers()).isEqualTo(numbers(0, 1_005));
        });
        assertThat(consumer().getDroppedEvents()).isZero();
        await().until(() -> consumer().getSpooledEvents() == 0);
        List<Object> sequence = received.headers(OpenAIRealtimeConstants.SEQUENCE);
        for (int i = 1; i < sequence.size(); i++) {
            assertThat((Long) sequence.get(i)).isEqualTo((Long) sequence.get(i - 1) + 1);
        }
        assertThat(received.headers(OpenAIRealtimeConstants.DROPPED)).isEmpty();
    }

    @Test
    @DisplayName("TRX-18 the event that the route failed is given again before any other, and is marked; those behind it are not")
    void redelivered() throws Exception {
        start("");
        brokerDown.set(true);
        send(0, 3);
        await().until(() -> refused.get() >= 3);
        brokerDown.set(false);
        awaitNumbers(0, 3);
        List<Received.Event> events = received.ofType("x.number");
        assertThat(events.get(0).headers()).containsEntry(OpenAIRealtimeConstants.REDELIVERED, true);
        assertThat(events.get(1).headers()).doesNotContainKey(OpenAIRealtimeConstants.REDELIVERED);
        assertThat(events.get(2).headers()).doesNotContainKey(OpenAIRealtimeConstants.REDELIVERED);
    }

    @Test
    @DisplayName("TRX-18 what the route's error handler has dealt with is delivered: a dead letter is not given again")
    void handled() throws Exception {
        Received dead = new Received();
        camel.start(route -> {
            route.onException(IllegalStateException.class).handled(true).process(dead);
            route.from(uri("")).routeId("events").process(broker);
        });
        camel.awaitState("support", SessionState.READY);
        brokerDown.set(true);
        send(0, 2);
        dead.await(2);
        brokerDown.set(false);
        send(2, 4);
        awaitNumbers(2, 4);
        assertThat(dead.headers(OpenAIRealtimeConstants.EVENT_ID)).containsExactly("0", "1");
        await().until(() -> consumer().getSpooledEvents() == 0);
    }

    @Test
    @DisplayName("TRX-18 an exchange that is marked for rollback, without an exception, is given again")
    void rolledBack() throws Exception {
        AtomicInteger rounds = new AtomicInteger();
        camel.start(route -> route.from(uri("")).routeId("events").process(received).process(exchange -> {
            if (rounds.incrementAndGet() == 1) {
                exchange.setRollbackOnly(true);
            }
        }));
        camel.awaitState("support", SessionState.READY);
        send(0, 2);
        await().untilAsserted(() -> assertThat(numbers()).containsExactly("0", "0", "1"));
    }

    @Test
    @DisplayName("TRX-18, TRX-4 a transcript that there is not fails its exchange once; it is not given again, and holds nobody up")
    void failedTranscript() throws Exception {
        camel.start(route -> {
            route.errorHandler(route.noErrorHandler());
            route.from(uri("&eventTypes=transcript,x.number").replace("eventTypes=x.number,transcript,audio&", "")).routeId("events")
                    .process(broker);
        });
        camel.awaitState("support", SessionState.READY);
        camel.server(0).send(TranscriptFrames.failed("item_1", "audio_unintelligible"));
        send(0, 1);
        awaitNumbers(0, 1);
        await().until(() -> consumer().getSpooledEvents() == 0);
        assertThat(consumer().getFailedDeliveries()).isZero();
    }

    @Test
    @DisplayName("TRX-18 an asynchronous route: one event at a time, in order, each kept until its exchange is done")
    void asynchronous() throws Exception {
        camel.start(route -> {
            route.errorHandler(route.noErrorHandler());
            route.from(uri("")).routeId("events").delay(1).asyncDelayed().process(broker);
        });
        camel.awaitState("support", SessionState.READY);
        brokerDown.set(true);
        send(0, 20);
        await().until(() -> refused.get() >= 2);
        brokerDown.set(false);
        awaitNumbers(0, 20);
        await().until(() -> consumer().getSpooledEvents() == 0);
    }

    @Test
    @DisplayName("TRX-18 audio passes by the spool in its place among the events, and takes no room on the disk; once and no more")
    void audioPassesBy() throws Exception {
        start("");
        SimulatedSession server = camel.server(0);
        brokerDown.set(true);
        send(0, 1);
        await().until(() -> refused.get() >= 1);
        for (int i = 0; i < 3; i++) {
            server.send(audio(i));
            server.send(number(i + 1));
        }
        await().until(() -> consumer().getSpooledEvents() == 4);
        assertThat(consumer().getSpooledBytes()).isLessThan(4_000);
        brokerDown.set(false);
        await().untilAsserted(() -> assertThat(received.headers(OpenAIRealtimeConstants.EVENT_ID))
                .containsExactly("0", "audio_0", "1", "audio_1", "2", "audio_2", "3"));
        assertThat(received.headers(OpenAIRealtimeConstants.SEQUENCE)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
    }

    @Test
    @DisplayName("TRX-18, FLOW-6 audio that passes by a spool whose route fails is bounded: what is too much is dropped, counted and announced")
    void audioIsBounded() throws Exception {
        start("&queueSize=5");
        brokerDown.set(true);
        send(0, 1);
        await().until(() -> refused.get() >= 1);
        for (int i = 0; i < 10; i++) {
            camel.server(0).send(audio(i));
            // one at a time: more than five at once are too many for the way to the disk, too
            int all = i;
            await().until(() -> consumer().getQueuedEvents() + consumer().getDroppedEvents() >= all);
        }
        await().until(() -> consumer().getDroppedEvents() >= 4);
        assertThat(consumer().isOverrun()).isTrue();
        brokerDown.set(false);
        await().until(() -> !consumer().isOverrun());
        send(1, 2);
        awaitNumbers(0, 2);
        Received.Event last = received.events().get(received.events().size() - 1);
        assertThat(last.header(OpenAIRealtimeConstants.DROPPED)).isEqualTo(consumer().getDroppedEvents());
    }

    @Test
    @DisplayName("TRX-18 with spoolAudio=true audio is kept and given again like any event")
    void audioIsKept() throws Exception {
        start("&spoolAudio=true");
        brokerDown.set(true);
        camel.server(0).send(audio(0));
        send(0, 1);
        await().until(() -> refused.get() >= 2 && consumer().getSpooledEvents() == 2);
        brokerDown.set(false);
        awaitNumbers(0, 1);
        Received.Event delta = received.events().get(0);
        assertThat(delta.body()).isEqualTo(new byte[48]);
        assertThat(delta.headers()).containsEntry(OpenAIRealtimeConstants.REDELIVERED, true)
                .containsEntry(OpenAIRealtimeConstants.AUDIO_FORMAT, "pcm16;rate=24000");
    }

    private static ObjectNode audio(int number) {
        return JsonNodeFactory.instance.objectNode().put("type", "response.output_audio.delta").put("event_id", "audio_" + number)
                .put("response_id", "resp_1").put("item_id", "item_1").put("output_index", 0).put("content_index", 0)
                .put("delta", Base64.getEncoder().encodeToString(new byte[48]));
    }

    @Test
    @DisplayName("TRX-18 sessions of a wildcard have a lane each: one that fails does not hold up another, and both keep their order")
    void wildcard() throws Exception {
        camel.start(
                route -> {
                    route.errorHandler(route.noErrorHandler());
                    route.from("openai-realtime:call-*?eventTypes=x.number&spool=" + folder.resolve("spool") + "&spoolRetryDelay=10")
                            .routeId("events").process(exchange -> {
                                if ("call-1".equals(exchange.getMessage().getHeader(OpenAIRealtimeConstants.SESSION_NAME))) {
                                    broker.process(exchange);
                                } else {
                                    received.process(exchange);
                                }
                            });
                },
                route -> route.from("direct:open").toD("openai-realtime:${body}?operation=open-session"));
        for (int call = 1; call <= 2; call++) {
            camel.template().sendBody("direct:open", "call-" + call);
            camel.awaitState("call-" + call, SessionState.READY);
        }
        brokerDown.set(true);
        for (int i = 0; i < 10; i++) {
            camel.server(0).send(number(i));
            camel.server(1).send(number(i));
        }
        await().untilAsserted(() -> assertThat(numbersOf("call-2")).isEqualTo(numbers(0, 10)));
        assertThat(numbersOf("call-1")).isEmpty();
        camel.component().closeSession("call-1");
        brokerDown.set(false);
        await().untilAsserted(() -> assertThat(numbersOf("call-1")).isEqualTo(numbers(0, 10)));
        await().until(() -> consumer().getSessionNames().equals(List.of("call-2")));
    }

    private List<Object> numbersOf(String session) {
        return received.events().stream().filter(event -> session.equals(event.header(OpenAIRealtimeConstants.SESSION_NAME)))
                .map(event -> event.header(OpenAIRealtimeConstants.EVENT_ID)).toList();
    }

    // ---- over lives

    @Test
    @DisplayName("TRX-18 what was not delivered when the context stopped is routed first after the next start: same de-duplication id, "
                 + "marked, in order, and numbers go on")
    void nextLife() throws Exception {
        brokerDown.set(true);
        start("");
        SimulatedSession server = camel.server(0);
        send(0, 3);
        server.send(TranscriptFrames.completed("item_1", "What was said."));
        await().until(() -> consumer().getSpooledEvents() == 4);
        camel.context().stop();
        assertThat(received.events()).isEmpty();

        brokerDown.set(false);
        DefaultCamelContext second = camel.newContext();
        try {
            RealtimeCamel.route(second, route -> route.from(uri("")).process(broker));
            second.start();
            received.await(4);
            camel.server(1).send(number(3));
            received.await(5);
        } finally {
            second.stop();
        }

        assertThat(numbers()).isEqualTo(numbers(0, 4));
        List<Received.Event> events = received.events();
        assertThat(events.subList(0, 4)).allSatisfy(event -> assertThat(event.headers())
                .containsEntry(OpenAIRealtimeConstants.REDELIVERED, true));
        assertThat(events.get(4).headers()).doesNotContainKey(OpenAIRealtimeConstants.REDELIVERED);
        assertThat(received.headers(OpenAIRealtimeConstants.SEQUENCE)).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(events.get(3).body()).isEqualTo("What was said.");
        assertThat((String) events.get(3).header(OpenAIRealtimeConstants.DEDUPLICATION_ID)).endsWith(":item_1:0")
                .startsWith((String) events.get(3).header(OpenAIRealtimeConstants.SESSION_ID));
        assertThat(events.get(3).header(OpenAIRealtimeConstants.SESSION_ID))
                .isNotEqualTo(events.get(4).header(OpenAIRealtimeConstants.SESSION_ID));
    }

    @Test
    @DisplayName("TRX-18 a process that ends at once: another finds on the disk all that had not been delivered")
    void crash() throws Exception {
        brokerDown.set(true);
        start("");
        send(0, 5);
        await().until(() -> consumer().getSpooledEvents() == 5);
        // what a crash leaves behind is the file as it is now
        Files.createDirectories(folder.resolve("after"));
        Files.copy(folder.resolve("spool").resolve("events.spool"), folder.resolve("after").resolve("events.spool"));
        try (EventSpool spool = FileSpool.open(folder.resolve("after").toString(), PLENTY)) {
            List<String> kept = new ArrayList<>();
            for (EventSpool.Entry next = spool.next("support", 0); next != null; next = spool.next("support", next.position())) {
                kept.add(SpooledEvents.read(next.content(), true).event().event().getEventId());
            }
            assertThat(kept).isEqualTo(numbers(0, 5));
        }
    }

    @Test
    @DisplayName("TRX-18 what was kept of sessions that are gone is routed too, before any of them is there again")
    void sessionsOfYesterday() throws Exception {
        try (EventSpool spool = FileSpool.open(folder.resolve("spool").toString(), PLENTY)) {
            for (String session : List.of("call-7", "call-8")) {
                for (int i = 0; i < 2; i++) {
                    spool.append(List.of(new EventSpool.Entry(session, i + 1, SpooledEvents.write(numbered(session, i)))));
                }
            }
            spool.append(List.of(new EventSpool.Entry("call-9", 1, "no event"), new EventSpool.Entry(
                    "call-9", 2, SpooledEvents.write(numbered("call-9", 1)))));
        }
        camel.start(route -> route.from("openai-realtime:call-*?eventTypes=x.number&spool=" + folder.resolve("spool"))
                .routeId("events").process(received));
        received.await(5);
        assertThat(numbersOf("call-7")).containsExactly("0", "1");
        assertThat(numbersOf("call-8")).containsExactly("0", "1");
        assertThat(numbersOf("call-9")).containsExactly("1");
        await().until(() -> consumer().getSpooledEvents() == 0);
        assertThat(consumer().getLostSpooledEvents()).isEqualTo(1);
        // nobody will ever say that they have ended
        await().until(() -> consumer().getSessionNames().isEmpty());
    }

    private static EventQueue.Numbered numbered(String session, int number) throws Exception {
        return new EventQueue.Numbered(
                new SessionEvent(
                        EventCodec.decode(number(number).toString()), session, "sess_1", 1, 5, null, null),
                number + 1, 0, false);
    }

    @Test
    @DisplayName("TRX-18 a forced stop interrupts the route and leaves what waits in the spool")
    void forcedStop() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        camel.start(route -> route.from(uri("")).routeId("events").process(exchange -> never.await()));
        camel.awaitState("support", SessionState.READY);
        send(0, 10);
        await().until(() -> consumer().getSpooledEvents() == 10);
        SessionConsumer consumer = consumer();
        camel.context().getRouteController().stopRoute("events", 100, TimeUnit.MILLISECONDS);
        assertThat(consumer.getDroppedEvents()).isZero();
        try (EventSpool spool = FileSpool.open(folder.resolve("spool").toString(), PLENTY)) {
            assertThat(spool.count("support")).isEqualTo(10);
        }
    }

    @Test
    @DisplayName("TRX-18 CONN-14 a graceful stop routes what the spool holds if the route works, and nothing is left")
    void gracefulStop() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        camel.start(route -> route.from(uri("&drainTimeout=15s")).routeId("events").process(exchange -> release.await()).process(received));
        camel.awaitState("support", SessionState.READY);
        send(0, 50);
        await().until(() -> consumer().getSpooledEvents() == 50);
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(camel.context()::stop);
        await().until(() -> camel.context().isStopping());
        release.countDown();
        stopped.get(RealtimeCamel.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(numbers()).isEqualTo(numbers(0, 50));
        assertThat(folder.resolve("spool").resolve("events.spool")).doesNotExist();
    }

    @Test
    @DisplayName("TRX-18 CONN-14 suspended, events go into the spool beyond the bounds of memory; resumed they are routed in order")
    void suspended() throws Exception {
        start("&queueSize=10");
        camel.context().getRouteController().suspendRoute("events");
        for (int i = 0; i < 100; i += 10) {
            send(i, i + 10);
            int all = i + 10;
            await().until(() -> consumer().getSpooledEvents() == all);
        }
        assertThat(numbers()).isEmpty();
        camel.context().getRouteController().resumeRoute("events");
        awaitNumbers(0, 100);
        assertThat(consumer().getDroppedEvents()).isZero();
    }

    @Test
    @DisplayName("TRX-18 a component that is stopped and started under a running route: the route goes on, and retries go on")
    void componentRestarts() throws Exception {
        start("");
        brokerDown.set(true);
        send(0, 3);
        await().until(() -> consumer().getSpooledEvents() == 3);
        camel.component().stop();
        camel.component().start();
        camel.awaitState("support", SessionState.READY);
        send(3, 5);
        await().until(() -> consumer().getSpooledEvents() == 5);
        int before = refused.get();
        await().until(() -> refused.get() > before + 1);
        brokerDown.set(false);
        awaitNumbers(0, 5);
    }

    // ---- bad configuration and bad disks

    @Test
    @DisplayName("TRX-18 two consumers with one spool: the start fails, saying which spool")
    void shared() {
        Throwable failure = catchThrowable(() -> camel.start(
                route -> route.from(uri("")).process(received),
                route -> route.from(uri("&eventTypes=error").replace("eventTypes=x.number,transcript,audio&", "")).process(received)));
        assertThat(failure).hasStackTraceContaining("in use by another consumer").hasStackTraceContaining("events.spool");
    }

    @ParameterizedTest
    @CsvSource({ "spoolRetryDelay=0, spoolRetryDelay", "spoolMaxSize=0, spoolMaxSize", "spoolMaxRetryDelay=10, spoolMaxRetryDelay",
            "spoolAudio=perhaps, spoolAudio" })
    @DisplayName("TRX-18 options of the spool that cannot be fail at the start, by name")
    void badOptions(String option, String named) {
        assertThat(catchThrowable(() -> camel.start(route -> route.from("openai-realtime:support?spool=x&" + option).process(received))))
                .hasStackTraceContaining(named);
    }

    @Test
    @DisplayName("TRX-18 FLOW-9 a spool that is full: events wait in memory, past that they are lost, told, counted, and health is DOWN; "
                 + "with room again all goes on")
    void full() throws Exception {
        start("&spoolMaxSize=3000&queueSize=10");
        brokerDown.set(true);
        int sent = 0;
        while (!consumer().isOverrun()) {
            send(sent, ++sent);
            int all = sent;
            await().until(() -> consumer().getQueuedEvents() + consumer().getDroppedEvents() >= all - 1);
        }
        assertThat(health().getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(consumer().getSpooledBytes()).isLessThanOrEqualTo(3_000);
        assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
        long dropped = consumer().getDroppedEvents();
        assertThat(dropped).isPositive();

        brokerDown.set(false);
        int survived = sent - (int) dropped;
        // which of them are lost depends on when the spool's thread has made room
        await().until(() -> numbers().size() >= survived);
        assertThat(numbers().stream().map(Integer::valueOf)).hasSize(survived).isSorted().doesNotHaveDuplicates();
        await().until(() -> consumer().getSpooledEvents() == 0);
        await().until(() -> health().getState() == HealthCheck.State.UP);
        send(1_000, 1_001);
        await().untilAsserted(() -> assertThat(numbers()).endsWith("1000").hasSize(survived + 1));
    }

    /** A disk that can be broken. */
    private static class Disk implements EventSpool {
        final EventSpool spool;
        volatile boolean writable = true;
        volatile boolean readable = true;

        Disk(EventSpool spool) {
            this.spool = spool;
        }

        private void write() throws IOException {
            if (!writable) {
                throw new IOException("No space left on device");
            }
        }

        private void read() throws IOException {
            if (!readable) {
                throw new IOException("Input/output error");
            }
        }

        @Override
        public int append(List<Entry> entries) throws IOException {
            write();
            return spool.append(entries);
        }

        @Override
        public Entry next(String lane, long after) throws IOException {
            read();
            return spool.next(lane, after);
        }

        @Override
        public Entry last(String lane) throws IOException {
            return spool.last(lane);
        }

        @Override
        public long count(String lane) throws IOException {
            return spool.count(lane);
        }

        @Override
        public void remove(String lane, long position) throws IOException {
            write();
            spool.remove(lane, position);
        }

        @Override
        public void flush() throws IOException {
            spool.flush();
        }

        @Override
        public List<String> lanes() throws IOException {
            return spool.lanes();
        }

        @Override
        public long size() {
            return spool.size();
        }

        @Override
        public long bytes() {
            return spool.bytes();
        }

        @Override
        public void close() throws IOException {
            spool.close();
        }
    }

    private Disk startWithDisk() throws Exception {
        CompletableFuture<Disk> disk = new CompletableFuture<>();
        camel.component().setSpoolFactory((location, maxBytes) -> {
            disk.complete(new Disk(FileSpool.open(location, maxBytes)));
            return disk.join();
        });
        start("");
        return disk.join();
    }

    @Test
    @DisplayName("TRX-18 a full disk: events are routed without a net, in order and counted, health is DOWN, the session goes on; "
                 + "with room again they are kept again")
    void diskFull() throws Exception {
        Disk disk = startWithDisk();
        send(0, 5);
        awaitNumbers(0, 5);
        disk.writable = false;
        send(5, 10);
        awaitNumbers(0, 10);
        assertThat(consumer().getUnspooledEvents()).isEqualTo(5);
        assertThat(consumer().getSpoolErrors()).isPositive();
        assertThat(health().getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(health().getMessage().orElse("")).contains("No space left");
        assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);

        disk.writable = true;
        await().until(() -> health().getState() == HealthCheck.State.UP);
        brokerDown.set(true);
        send(10, 15);
        await().until(() -> consumer().getSpooledEvents() == 5);
        brokerDown.set(false);
        awaitNumbers(0, 15);
        assertThat(consumer().getUnspooledEvents()).isEqualTo(5);
    }

    @Test
    @DisplayName("TRX-18 a full disk and a broker that is down: what memory holds is given again in order, and kept once the disk can")
    void diskFullAndBrokerDown() throws Exception {
        Disk disk = startWithDisk();
        brokerDown.set(true);
        send(0, 3);
        await().until(() -> consumer().getSpooledEvents() == 3);
        disk.writable = false;
        send(3, 8);
        await().until(() -> consumer().getSpoolErrors() > 0);
        disk.writable = true;
        await().until(() -> consumer().getSpooledEvents() == 8);
        brokerDown.set(false);
        awaitNumbers(0, 8);
        assertThat(consumer().getUnspooledEvents()).isZero();
    }

    @Test
    @DisplayName("TRX-18 a disk that cannot be read: what is on it waits and nothing overtakes it, health is DOWN, and then all goes on")
    void diskUnreadable() throws Exception {
        Disk disk = startWithDisk();
        disk.readable = false;
        send(0, 5);
        await().until(() -> consumer().getSpooledEvents() == 5);
        await().until(() -> health().getState() == HealthCheck.State.DOWN);
        assertThat(numbers()).isEmpty();
        assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
        disk.readable = true;
        awaitNumbers(0, 5);
        await().until(() -> health().getState() == HealthCheck.State.UP);
    }

    @Test
    @DisplayName("FLOW-5 a disk that hangs does not hold the socket: another consumer hears everything")
    void diskHangs() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        Received other = new Received();
        camel.component().setSpoolFactory((location, maxBytes) -> new Disk(FileSpool.open(location, maxBytes)) {
            @Override
            public int append(List<Entry> entries) throws IOException {
                try {
                    hangs.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return super.append(entries);
            }
        });
        camel.start(
                route -> route.from(uri("")).routeId("events").process(received),
                route -> route.from("openai-realtime:support?eventTypes=x.number").process(other));
        camel.awaitState("support", SessionState.READY);
        try {
            send(0, 50);
            other.await(50);
            assertThat(numbers()).isEmpty();
        } finally {
            hangs.countDown();
        }
        awaitNumbers(0, 50);
    }

    @Test
    @DisplayName("TRX-18 the end of a session that nobody asked for passes by the spool: an error of the consumer, and no exchange")
    void endOfSession() throws Exception {
        start("");
        send(0, 1);
        awaitNumbers(0, 1);
        camel.session("support").closeNow();
        await().until(() -> camel.session("support").state() == SessionState.IDLE);
        camel.context().stop();
        assertThat(received.types()).doesNotContain(LocalEvents.SESSION_CLOSED);
        assertThat(folder.resolve("spool").resolve("events.spool")).doesNotExist();
    }
}
