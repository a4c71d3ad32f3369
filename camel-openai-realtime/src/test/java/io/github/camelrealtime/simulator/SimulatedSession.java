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
package io.github.camelrealtime.simulator;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.camelrealtime.simulator.Frame.Direction;

/**
 * The server side of one connection, and a test's view of it. Every public method may be called from any thread; what
 * changes the session is queued behind what the client has sent.
 */
public final class SimulatedSession {

    static final String EXPIRED = "Your session hit the maximum duration of 60 minutes.";

    private static final int NOT_CLOSED = -1;
    private static final int ABNORMAL = 1006;
    private static final int GOING_AWAY = 1001;
    private static final int FATAL_REQUEST = 4000;
    /** An append of 15 MiB is 20 MiB of base64 in one string, more than Jackson takes unless told. */
    private static final int LONGEST_STRING = 64 * 1024 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxStringLength(LONGEST_STRING).build()).build());

    private final SessionRequest request;
    private final Scenario scenario;
    private final FrameLog log;
    private final Wire wire;
    private final SerialLane lane;
    private final SessionContext context;
    private final TranscriptionDesk transcriptions;
    private final ResponseEngine responses;
    private final InputAudio input;
    private final ClientEvents events;
    private final IdleTimeout idleTimeout;
    private final Map<String, Integer> arrivals = new HashMap<>();
    private final AtomicInteger closeCode = new AtomicInteger(NOT_CLOSED);
    private final Duration lifetime;
    private volatile String closeReason = "";
    private int received;

    SimulatedSession(SessionRequest request, Settings settings, Wire wire) {
        this.request = request;
        this.scenario = settings.scenario();
        this.wire = wire;
        this.lifetime = settings.lifetime();
        lane = new SerialLane(settings.lanes());
        log = new FrameLog(settings.clock(), settings.retainedAudio());
        Ids ids = new Ids(settings.seed());
        String id = ids.session();
        long expiresAt = (settings.clock().millis() + lifetime.toMillis()) / 1000;
        SessionConfig config = request.type() == SessionType.REALTIME
                ? SessionConfig.realtime(id, request.model(), expiresAt) : SessionConfig.transcription(id, expiresAt);
        context = new SessionContext(id, scenario, ids, new LaneTimer(settings.clock(), lane),
                new Downlink(ids, scenario, log, wire, lane), config, new Conversation(ids.conversation()));
        transcriptions = new TranscriptionDesk(context, settings.transcriber(), settings.workers(), lane);
        responses = new ResponseEngine(context);
        input = new InputAudio(context, transcriptions, responses, lane);
        events = new ClientEvents(context, input, responses, request.ambiguousIntent());
        idleTimeout = new IdleTimeout(context, input, responses);
    }

    /** {@code sess_…}. */
    public String id() {
        return context.sessionId();
    }

    public SessionType type() {
        return request.type();
    }

    /** The conversation's model; null in a transcription session. */
    public String model() {
        return request.model();
    }

    /** False once either side has closed, or the connection is lost. */
    public boolean isOpen() {
        return closeCode.get() == NOT_CLOSED;
    }

    /** The code of the close frame that came first, 1006 if there was none, -1 while open. */
    public int closeCode() {
        return closeCode.get();
    }

    /** The reason of that close frame, or empty. */
    public String closeReason() {
        return closeReason;
    }

    /** Everything that crossed the wire, in order; very long logs lose their oldest frames. A snapshot. */
    public List<Frame> frames() {
        return log.snapshot();
    }

    /** Client events of one type, in order. */
    public List<JsonNode> received(String type) {
        return log.ofType(Direction.RECEIVED, type);
    }

    /** Server events of one type, in order. */
    public List<JsonNode> sent(String type) {
        return log.ofType(Direction.SENT, type);
    }

    /** Samples of input audio since the session began: 24 000 a second for PCM, 8 000 for G.711. */
    public long appendedSamples() {
        return input.appendedSamples();
    }

    /** What has been committed, by client or voice detector, in order, counted as {@link #appendedSamples()}. */
    public List<SampleRange> committedRanges() {
        return input.committedRanges();
    }

    /** The session object as the next {@code session.updated} would carry it; a copy. */
    public ObjectNode effectiveConfig() {
        // through text, so that its numbers have the types that a client's parser gives them
        return (ObjectNode) parse(context.config().toJson().toString());
    }

    /** Sends a frame of your own, for instance an event that no simulator would send. */
    public void send(JsonNode event) {
        lane.execute(() -> context.downlink().sendRaw(event.toString(), event));
    }

    /** Sends a frame of your own, JSON or not. */
    public void send(String rawFrame) {
        lane.execute(() -> context.downlink().sendRaw(rawFrame, parse(rawFrame)));
    }

    /** Closes with a close frame after what has been sent so far. 1006 drops the connection instead. */
    public void close(int code, String reason) {
        lane.execute(() -> end(code, reason));
    }

    /** Drops the TCP connection without a close frame. */
    public void abort() {
        close(ABNORMAL, "");
    }

    /** True when nothing is being worked on: what the client has sent so far has been dealt with. */
    public boolean isIdle() {
        return lane.isIdle() && !transcriptions.isBusy();
    }

    /** The connection is open. */
    void opened() {
        lane.execute(() -> {
            if (request.refusal() != null) {
                fail(request.refusal(), null);
                return;
            }
            ObjectNode created = context.downlink().event("session.created");
            created.set("session", context.config().toJson());
            context.downlink().send(created);
            context.timer().schedule(lifetime, this::expire);
            scenario.endings().stream().filter(ending -> ending.time() != null)
                    .forEach(ending -> context.timer().schedule(ending.time(), () -> end(ending.code(), ending.reason())));
        });
    }

    /** A text frame has arrived. */
    void arrived(String text) {
        lane.execute(() -> process(text));
    }

    /** A binary frame has arrived. */
    void arrivedBinary() {
        lane.execute(() -> context.downlink().error(ProtocolError.of("invalid_event",
                "Binary frames are not supported: send events as JSON in text frames.", null), null));
    }

    /** The client has closed. */
    void closedByClient(int code, String reason) {
        markClosed(code, reason);
        lane.execute(context.timer()::cancelAll);
    }

    /** The connection is lost. */
    void lost() {
        closedByClient(ABNORMAL, "");
    }

    /** Waits until what has arrived is dealt with. */
    void settle() {
        lane.settle();
    }

    /** Drops the connection now, whatever is queued, and does nothing more. */
    void drop() {
        markClosed(ABNORMAL, "");
        lane.close();
        context.timer().cancelAll();
        wire.abort();
    }

    private void process(String text) {
        if (!isOpen()) {
            return;
        }
        JsonNode event = parse(text);
        log.add(Direction.RECEIVED, event);
        received++;
        if (endsByCount()) {
            return;
        }
        runHooks(event.path("type").asText());
        try {
            if (!event.isObject()) {
                throw ProtocolError.of("invalid_event", "The frame is not a JSON object.", null);
            }
            events.handle(event);
            idleTimeout.inputChanged();
        } catch (ProtocolError error) {
            fail(error, event.get("event_id"));
        }
    }

    private boolean endsByCount() {
        for (SocketEnding ending : scenario.endings()) {
            if (ending.time() == null && ending.events() == received) {
                end(ending.code(), ending.reason());
                return true;
            }
        }
        return false;
    }

    private void runHooks(String type) {
        int nth = arrivals.merge(type, 1, Integer::sum);
        scenario.hooks().stream()
                .filter(hook -> hook.type().equals(type) && (hook.nth() == 0 || hook.nth() == nth))
                .forEach(hook -> hook.action().accept(this));
    }

    private void fail(ProtocolError error, JsonNode clientEventId) {
        context.downlink().error(error, clientEventId);
        if (error.isFatal()) {
            end(FATAL_REQUEST, "invalid_request_error." + error.code());
        }
    }

    private void expire() {
        context.downlink().error(ProtocolError.of("session_expired", EXPIRED, null), null);
        end(GOING_AWAY, EXPIRED);
    }

    private void end(int code, String reason) {
        if (!markClosed(code, reason)) {
            return;
        }
        context.timer().cancelAll();
        if (code == ABNORMAL) {
            wire.abort();
        } else {
            wire.close(code, reason);
        }
    }

    private boolean markClosed(int code, String reason) {
        if (!isOpen()) {
            return false;
        }
        closeReason = reason;
        return closeCode.compareAndSet(NOT_CLOSED, code);
    }

    private static JsonNode parse(String text) {
        try {
            JsonNode parsed = JSON.readTree(text);
            return parsed.isMissingNode() ? TextNode.valueOf(text) : parsed;
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(text);
        }
    }

    /**
     * What a session needs from the simulator.
     *
     * @param lanes         threads for the sessions' lanes
     * @param workers       threads for transcribers
     * @param retainedAudio characters of base64 audio kept in the frame log
     */
    record Settings(Scenario scenario, SimulatorClock clock, Transcriber transcriber, Duration lifetime, long seed,
            Executor lanes, Executor workers, long retainedAudio) {
    }
}
