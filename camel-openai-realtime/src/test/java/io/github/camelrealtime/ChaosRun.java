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
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.camelrealtime.event.SessionType;
import io.github.camelrealtime.session.InputAccounts;
import io.github.camelrealtime.session.LocalEvents;
import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.session.SessionStatus;
import io.github.camelrealtime.simulator.RealtimeSimulator;
import io.github.camelrealtime.simulator.Reply;
import io.github.camelrealtime.simulator.SampleRange;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.TranscriptionScript;
import io.github.camelrealtime.transport.memory.MemoryConnection.Way;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.apache.camel.Processor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One seed of {@link ChaosSeedsTest}: routes that speak, ask, interrupt and answer calls of tools by chance, two consumers, a
 * {@link FaultSchedule}; and what must hold at the end, whatever happened.
 */
final class ChaosRun {

    private static final String URI = "openai-realtime:chaos";
    private static final String FINAL = "conversation.item.input_audio_transcription.completed";
    private static final String CALL = "response.function_call_arguments.done";
    private static final int TICK_MILLIS = 200;
    private static final int CHUNK = TICK_MILLIS * StreamPattern.SAMPLES_PER_MILLI;
    private static final long MINUTE_TICKS = 60_000 / TICK_MILLIS;

    /** Who ends turns. */
    private enum Kind {
        VAD, MANUAL, SEGMENTS
    }

    /** Something asked of the session, and how often it was answered. */
    private static final class Request {
        private final String what;
        private final AtomicInteger ends = new AtomicInteger();
        private Exchange exchange;

        private Request(String what) {
            this.what = what;
        }

        @Override
        public String toString() {
            return what + " ended " + ends + " times";
        }
    }

    /** A consumer's end: what came, in order, without the voice. On one thread. */
    private static final class Heard implements Processor {

        private record Event(String type, Map<String, Object> headers, Object body) {

            private Object header(String name) {
                return headers.get(name);
            }
        }

        private final List<Event> events = new ArrayList<>();

        @Override
        public void process(Exchange exchange) {
            Message message = exchange.getMessage();
            boolean voice = message.getBody() instanceof byte[];
            events.add(new Event(message.getHeader(OpenAIRealtimeConstants.EVENT_TYPE, String.class),
                    new HashMap<>(message.getHeaders()), voice ? null : message.getBody()));
        }

        private List<Event> events() {
            return events;
        }

        private List<Event> ofType(String type) {
            return events.stream().filter(event -> type.equals(event.type())).toList();
        }
    }

    private final VirtualCamel camel;
    private final FaultSchedule schedule;
    private final Random random;
    private final Kind kind;
    private final Heard all = new Heard();
    private final Heard words = new Heard();
    private final Map<String, AsyncProducer> producers = new HashMap<>();
    private final List<Request> requests = new ArrayList<>();
    private final List<SampleRange> spoken = new ArrayList<>();
    private long given;
    private long speechFrom = -1;
    private int left;

    ChaosRun(VirtualCamel camel, FaultSchedule schedule) {
        this.camel = camel;
        this.schedule = schedule;
        this.random = new Random(schedule.seed());
        this.kind = Kind.values()[(int) (schedule.seed() % Kind.values().length)];
    }

    /** A service that lives for ten minutes, is not the fastest, and calls a tool when it is asked about an order. */
    static RealtimeSimulator.Builder simulator(RealtimeSimulator.Builder builder) {
        return builder.transcriber(StreamPattern.transcriber()).sessionLifetime(Duration.ofMinutes(10))
                .scenario(Scenario.builder().latency(Duration.ofMillis(10), Duration.ofMillis(200))
                        .transcription(TranscriptionScript.late(Duration.ofMillis(800))).thinkTime(Duration.ofMillis(300))
                        .stepDelay(Duration.ofMillis(40))
                        .onText("order", Reply.functionCall("lookup", "{\"order\":\"42\"}"))
                        .build());
    }

    private boolean talks() {
        return kind != Kind.SEGMENTS;
    }

    void run() throws Exception {
        start();
        schedule.begin(camel.world());
        long ticks = schedule.minutes() * MINUTE_TICKS;
        long quiet = FaultSchedule.QUIET.toMillis() / TICK_MILLIS;
        for (long tick = 0; tick < ticks - quiet; tick++) {
            tick();
        }
        silence();
        camel.pass(FaultSchedule.QUIET);
        checkRest();
        checkUsable();
        checkRequests();
        checkEvents(all);
        checkEvents(words);
        checkStream();
        checkEnd();
    }

    // ---- what happens

    private void start() throws Exception {
        OpenAIRealtimeConfiguration options = camel.options();
        options.setSessionType(talks() ? SessionType.REALTIME : SessionType.TRANSCRIPTION);
        options.setInputAudioFormat("pcmu");
        options.setOutputAudioFormat("pcmu");
        options.setTranscriptionModel("gpt-4o-transcribe");
        options.setTurnDetection(kind == Kind.VAD ? "server_vad" : "none");
        options.setSegmentation(kind == Kind.SEGMENTS);
        options.setRolloverBefore(120_000L);
        options.setRolloverDeadline(30_000L);
        options.setRolloverJitter(0L);
        options.setMaxReconnects(1_000);
        options.setMaxReconnectAttempts(20);
        camel.start(
                route -> route.from(URI + "?eventTypes=all&failedTranscripts=event").process(all).process(this::callOfTool),
                route -> route.from(URI + "?eventTypes=transcript,lifecycle&failedTranscripts=event").process(words));
        camel.pass(Duration.ofSeconds(2));
    }

    private void tick() throws Exception {
        if (left-- <= 0) {
            turnOver();
        }
        byte[] audio = StreamPattern.samples(given, CHUNK, speechFrom >= 0);
        given += CHUNK;
        ask("append-audio", audio);
        if (talks()) {
            talk();
        }
        camel.pass(Duration.ofMillis(TICK_MILLIS));
    }

    /** Speech is followed by silence, and that by speech. */
    private void turnOver() throws Exception {
        if (speechFrom >= 0) {
            spoken.add(new SampleRange(speechFrom, given));
            speechFrom = -1;
            left = 5 + random.nextInt(25);
            if (kind == Kind.MANUAL) {
                ask("end-turn&await=response", null);
            }
        } else {
            speechFrom = given;
            left = 4 + random.nextInt(25);
        }
    }

    private void talk() throws Exception {
        switch (random.nextInt(600)) {
            case 0, 1, 2, 3 -> ask("send-text&await=response", "Number " + requests.size());
            case 4, 5 -> ask("send-text&await=response", "Where is my order?");
            case 6, 7 -> ask("interrupt", null);
            case 8 -> ask("cancel-response", null);
            case 9 -> ask("create-item&await=committed", Map.of("type", "message", "role", "system", "content",
                    List.of(Map.of("type", "input_text", "text", "Note " + requests.size()))));
            case 10 -> ask("update-session&await=committed", Map.of("instructions", "Rule " + requests.size()));
            default -> {
                // mostly nothing
            }
        }
    }

    private void callOfTool(Exchange exchange) {
        String call = exchange.getMessage().getHeader(OpenAIRealtimeConstants.TOOL_CALL_ID, String.class);
        if (call == null || !CALL.equals(exchange.getMessage().getHeader(OpenAIRealtimeConstants.EVENT_TYPE))) {
            // or one that a fault made up
            return;
        }
        camel.world().clock().schedule(random.nextInt(3_000), () -> {
            ask("create-item", Map.of("type", "function_call_output", "call_id", call, "output", "shipped"));
            ask("create-response&await=response", null);
        });
    }

    private void silence() throws Exception {
        if (speechFrom >= 0) {
            turnOver();
        }
        for (int i = 0; i < 10; i++) {
            ask("append-audio", StreamPattern.samples(given, CHUNK, false));
            given += CHUNK;
            camel.pass(Duration.ofMillis(TICK_MILLIS));
        }
    }

    /** Counts how often the component says that it is done. */
    private Request ask(String operation, Object body) {
        Request request = new Request(operation.split("&")[0]);
        requests.add(request);
        try {
            String uri = URI + "?operation=" + operation;
            AsyncProducer producer = producers.get(uri);
            if (producer == null) {
                producer = camel.context().getEndpoint(uri).createAsyncProducer();
                producer.start();
                camel.context().addService(producer);
                producers.put(uri, producer);
            }
            request.exchange = producer.getEndpoint().createExchange(ExchangePattern.InOnly);
            request.exchange.getMessage().setBody(body);
            producer.process(request.exchange, doneSync -> request.ends.incrementAndGet());
        } catch (Exception e) {
            throw new IllegalStateException(request.what, e);
        }
        return request;
    }

    // ---- what must hold

    private void checkRest() {
        RealtimeSession session = camel.session("chaos");
        SessionStatus status = session.status();
        assertThat(status.state()).as("%s", status).isEqualTo(SessionState.READY);
        assertThat(status.pendingResponses()).as("RESP-5 no place is kept: %s", status).isZero();
        assertThat(status.queuedAudioMillis()).as("%s", status).isZero();
        assertThat(status.owedTranscripts()).as("%s", status).isZero();
        assertThat(status.sockets()).as("%s", status).isBetween(1, 2);
        assertThat(status.history().items()).as("FLOW-6 %s", status).isLessThanOrEqualTo(1_000);
        InputAccounts accounts = session.audio().accounts();
        assertThat(accounts.unsettled()).as("FLOW-6 %s", accounts).isLessThanOrEqualTo(120_000L * StreamPattern.SAMPLES_PER_MILLI);
        assertThat(accounts.given()).isEqualTo(given);
    }

    private void checkUsable() throws Exception {
        if (talks()) {
            Request question = ask("send-text&await=response", "Are you there?");
            camel.pass(Duration.ofSeconds(20));
            assertThat(question.exchange.getException()).isNull();
            assertThat(question.ends).hasValue(1);
        }
        int before = finals(words).size();
        for (int i = 0; i < 5; i++) {
            turnOver();
            while (left-- > 0) {
                ask("append-audio", StreamPattern.samples(given, CHUNK, speechFrom >= 0));
                given += CHUNK;
                camel.pass(Duration.ofMillis(TICK_MILLIS));
            }
        }
        silence();
        camel.pass(Duration.ofSeconds(40));
        assertThat(finals(words).size()).as("usable").isGreaterThan(before);
    }

    private void checkRequests() {
        assertThat(requests).as("ends exactly once").allMatch(request -> request.ends.get() == 1);
    }

    private void checkEvents(Heard consumer) {
        long next = -1;
        for (Heard.Event event : consumer.events()) {
            long number = ((Number) event.header(OpenAIRealtimeConstants.SEQUENCE)).longValue();
            Number dropped = (Number) event.header(OpenAIRealtimeConstants.DROPPED);
            if (next >= 0) {
                assertThat(number - next).as("hole before %s", event).isEqualTo(dropped == null ? 0 : dropped.longValue());
            }
            next = number + 1;
        }
        assertThat(consumer.events()).extracting(Heard.Event::type).doesNotContain(LocalEvents.SESSION_FAILED, LocalEvents.ERROR_OVERRUN);
        List<Object> ids = finals(consumer).stream()
                .map(event -> event.header(OpenAIRealtimeConstants.DEDUPLICATION_ID)).toList();
        assertThat(ids).as("finals never twice").doesNotHaveDuplicates();
    }

    /** Nothing is left of it, once the service has ended by itself what the network keeps from being closed. */
    private void checkEnd() throws Exception {
        camel.stop(camel.context());
        // a service that reads nothing does not get to know of the end
        camel.world().links().forEach(link -> List.of(Way.values()).forEach(link::heal));
        camel.pass(Duration.ofMinutes(15));
        assertThat(camel.simulator().openSockets()).as("open sockets").isZero();
        assertThat(camel.world().clock().pending()).as("timers").isZero();
    }

    /** What the service has heard, without what a fault made up. */
    private static List<Heard.Event> finals(Heard consumer) {
        return consumer.ofType(FINAL).stream()
                .filter(event -> event.body() instanceof String text && text.startsWith("stream ")).toList();
    }

    private void checkStream() {
        List<String> texts = finals(words).stream().map(event -> (String) event.body()).toList();
        assertThat(finals(all).stream().map(event -> (String) event.body()).toList()).as("the same for both").isEqualTo(texts);
        StreamTally tally = StreamTally.of(spoken, StreamPattern.ranges(texts));
        assertThat(tally.doubled()).as("finals never twice").isEmpty();
        List<SampleRange> announced = new ArrayList<>();
        for (Heard.Event missing : words.ofType(LocalEvents.TRANSCRIPT_MISSING)) {
            Number start = (Number) missing.header(OpenAIRealtimeConstants.STREAM_START_MS);
            Number end = (Number) missing.header(OpenAIRealtimeConstants.STREAM_END_MS);
            if (start != null && end != null) {
                announced.add(new SampleRange(start.longValue() * 8, (end.longValue() + 1) * 8));
            }
        }
        announced.sort(Comparator.comparingLong(SampleRange::first));
        List<SampleRange> lost = StreamTally.without(tally.lost(), announced);
        long dropped = camel.session("chaos").audio().accounts().dropped();
        assertThat(lost.stream().mapToLong(SampleRange::length).sum()).as("lost and not announced: %s", lost)
                .isLessThanOrEqualTo(dropped);
        assertThat(tally.early()).as("in order").isEmpty();
    }
}
