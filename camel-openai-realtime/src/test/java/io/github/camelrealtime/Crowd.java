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

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;
import io.github.camelrealtime.session.LocalEvents;
import io.github.camelrealtime.session.Question;
import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.RolloverLimit;
import io.github.camelrealtime.session.SessionConfig;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.session.Timers;
import io.github.camelrealtime.simulator.VirtualClock;
import io.github.camelrealtime.transport.TransportFactory;
import io.github.camelrealtime.transport.memory.MemoryTransportFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many sessions on one clock and one thread, with a service that remembers nothing: what the heap holds after hours is the
 * component's. Single-threaded.
 */
final class Crowd implements AutoCloseable {

    /** As the component has it. */
    static final int MOST_ROLLOVERS = 10;

    private static final int COLLECTIONS = 4;
    private static final int CHUNK_BYTES = 800;
    private static final int CHUNKS = 10;

    private final VirtualClock clock = new VirtualClock();
    private final Timers timers = new VirtualTimers(clock);
    private final ConcurrentLinkedQueue<Runnable> work = new ConcurrentLinkedQueue<>();
    private final LightService.Tally tally = new LightService.Tally();
    private final List<RealtimeSession> sessions = new ArrayList<>();
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private final TransportFactory transports;
    private final Duration handshake;
    private long finals;
    private long answers;
    private long failures;
    private long rollovers;
    private long reconnects;
    private long deltas;

    /**
     * @param handshake how long each takes
     * @param life      of a connection
     * @param deltas    of voice in an answer
     * @param options   of all sessions, beyond address, key and format
     */
    Crowd(int size, Duration handshake, Duration life, int deltas, Consumer<OpenAIRealtimeConfiguration> options) {
        transports = new MemoryTransportFactory(
                connection -> new LightService(connection, timers, handshake, life, deltas, tally), work::add);
        this.handshake = handshake;
        RolloverLimit limit = new RolloverLimit(MOST_ROLLOVERS);
        clock.betweenTasks(this::settle);
        SessionConfig config = LongRun.config(options);
        for (int i = 0; i < size; i++) {
            RealtimeSession session = new RealtimeSession("caller-" + i, config, transports, timers, null, limit);
            session.subscribe(event -> told(session, event.event()));
            sessions.add(session);
        }
    }

    private void settle() {
        for (Runnable next = work.poll(); next != null; next = work.poll()) {
            next.run();
        }
    }

    private void told(RealtimeSession session, ServerEvent event) {
        switch (event.getType()) {
            case EventTypes.RESPONSE_OUTPUT_AUDIO_DELTA -> deltas++;
            case EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_COMPLETED -> finals++;
            case EventTypes.RESPONSE_DONE -> toolCall(event.getJson().at("/response/output/0"), session);
            case LocalEvents.SESSION_ROLLOVER -> rollovers++;
            case LocalEvents.SESSION_RECONNECTED -> reconnects++;
            default -> {
                // of no interest
            }
        }
    }

    /** Off the thread that tells of events, as a route would. */
    private void toolCall(JsonNode item, RealtimeSession session) {
        if ("function_call".equals(item.path("type").asText())) {
            ObjectNode output = JsonNodeFactory.instance.objectNode().put("type", "function_call_output")
                    .put("call_id", item.path("call_id").asText()).put("output", "{\"platform\":7}");
            work.add(() -> ask(session, ClientEvent.itemCreate(output, null)));
        }
    }

    Crowd open() {
        sessions.forEach(RealtimeSession::open);
        clock.advance(handshake);
        assertThat(sessions).allSatisfy(session -> assertThat(session.state()).isEqualTo(SessionState.READY));
        return this;
    }

    /** Every session has a turn each so often from now on, not all at once; every third one asks for a tool. */
    Crowd talk(Duration interval) {
        for (int i = 0; i < sessions.size(); i++) {
            RealtimeSession session = sessions.get(i);
            turns(session, 1, interval.toMillis(), interval.toMillis() * i / sessions.size());
        }
        return this;
    }

    /** Every session asks so many questions in writing, one after the other: what a session remembers is full then. */
    Crowd chat(int questions, Duration interval) {
        sessions.forEach(session -> chat(session, questions, interval.toMillis()));
        return this;
    }

    private void chat(RealtimeSession session, int questions, long interval) {
        if (questions > 0) {
            clock.schedule(interval, () -> {
                ask(session, ClientEvent.userText("How long does it take?"));
                chat(session, questions - 1, interval);
            });
        }
    }

    private void turns(RealtimeSession session, int turn, long interval, long delay) {
        clock.schedule(delay, () -> {
            turn(session, turn);
            turns(session, turn + 1, interval, interval);
        });
    }

    private void turn(RealtimeSession session, int turn) {
        if (turn % 3 == 0) {
            ask(session, ClientEvent.userText("Call a tool, please, for the " + turn + "th time"));
            return;
        }
        for (int i = 0; i < CHUNKS; i++) {
            session.audio().piece(AudioFormat.PCMU_8K, CHUNK_BYTES).append(chunk, 0, CHUNK_BYTES);
        }
        note(session.conversation().endTurn(Question.awaited(null, null, null, 0)).answer());
    }

    private void ask(RealtimeSession session, ClientEvent before) {
        note(session.conversation().ask(Question.awaited(before, null, null, 0)).answer());
    }

    private void note(CompletableFuture<?> answer) {
        answer.whenComplete((value, failure) -> {
            answers += failure == null ? 1 : 0;
            failures += failure == null ? 0 : 1;
        });
    }

    Crowd pass(Duration time) {
        clock.advance(time);
        return this;
    }

    /** Bytes in use after a collection: the least of several, as a collector may leave something over. */
    static long heap() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            memory.gc();
            least = Math.min(least, memory.getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    List<RealtimeSession> sessions() {
        return sessions;
    }

    LightService.Tally service() {
        return tally;
    }

    int timers() {
        return clock.pending();
    }

    long finals() {
        return finals;
    }

    long answers() {
        return answers;
    }

    long failures() {
        return failures;
    }

    long rollovers() {
        return rollovers;
    }

    long reconnects() {
        return reconnects;
    }

    long deltas() {
        return deltas;
    }

    @Override
    public void close() {
        List<CompletableFuture<Void>> closed = sessions.stream().map(RealtimeSession::close).toList();
        settle();
        for (int seconds = 0; seconds < 60 && !closed.stream().allMatch(CompletableFuture::isDone); seconds++) {
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(closed).allMatch(CompletableFuture::isDone);
        assertThat(tally.open).as("connections after the end").isZero();
    }
}
