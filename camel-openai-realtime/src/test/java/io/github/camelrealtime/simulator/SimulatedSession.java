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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.camelrealtime.simulator.Frame.Direction;
import io.github.camelrealtime.simulator.SimulatorClock.Cancellable;

/**
 * The server side of one connection, and a test's view of it. Every public method may be called from any thread; what
 * changes the session is queued behind what the client has sent.
 */
public final class SimulatedSession {

    static final String EXPIRED = "Your session hit the maximum duration of 60 minutes.";

    private static final int NOT_CLOSED = -1;
    private static final int ABNORMAL = 1006;
    private static final int GOING_AWAY = 1001;
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
    private final SimulatorClock clock;
    private final Background background;
    /** What is on its way to the client; outlives the session's own end. */
    private final LaneTimer deliveries;
    private final Map<String, Integer> arrivals = new HashMap<>();
    private final Map<String, Integer> departures = new HashMap<>();
    private final int number;
    private final TurnOut turnedOut;
    /** Null but for a session that plays a recording. */
    private final ReplayScript replay;
    /** Null while open. Code and reason in one: either side may be first to close. */
    private final AtomicReference<End> end = new AtomicReference<>();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private final Duration lifetime;
    /** It hears nothing. */
    private volatile boolean deaf;
    private volatile boolean lawless;
    private int received;
    private int sent;
    private Cancellable idleClose;

    SimulatedSession(SessionRequest request, Settings settings, Wire wire) {
        this.request = request;
        this.scenario = settings.scenario();
        this.wire = wire;
        Behaviour behaviour = scenario.behaviour();
        this.number = settings.number();
        this.replay = behaviour.replay == null ? null : new ReplayScript(behaviour.replay, settings.clock().millis());
        this.turnedOut = settings.turnedOut();
        this.clock = settings.clock();
        this.lifetime = behaviour.lifetime == null ? settings.lifetime() : behaviour.lifetime;
        lane = new SerialLane(settings.lanes());
        log = new FrameLog(settings.clock(), settings.retainedAudio());
        Ids ids = new Ids(settings.seed());
        String id = ids.session();
        long expiresAt = (settings.clock().millis() + lifetime.toMillis() + behaviour.clockSkew.toMillis()) / 1000;
        SessionConfig config = request.type() == SessionType.REALTIME
                ? SessionConfig.realtime(id, request.model(), expiresAt) : SessionConfig.transcription(id, expiresAt);
        LaneTimer timer = new LaneTimer(settings.clock(), lane, settings.settles());
        deliveries = new LaneTimer(settings.clock(), lane, settings.settles());
        Downlink downlink = new Downlink(ids, behaviour, log, wire, lane, new Delivery(deliveries, behaviour, settings.seed()));
        downlink.whenSent(this::departed);
        background = new Background(settings.workers(), lane);
        context = new SessionContext(id, scenario, ids, timer, downlink, config, new Conversation(ids.conversation()), background);
        transcriptions = new TranscriptionDesk(context, settings.transcriber());
        responses = new ResponseEngine(context, settings.voice(), transcriptions);
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
        return end.get() == null;
    }

    /** The code of the close frame that came first, 1006 if there was none, -1 while open. */
    public int closeCode() {
        End known = end.get();
        return known == null ? NOT_CLOSED : known.code();
    }

    /** The reason of that close frame, or empty. */
    public String closeReason() {
        End known = end.get();
        return known == null ? "" : known.reason();
    }

    /** Whether it was the client that ended the connection, in good order or not. */
    boolean isClosedByClient() {
        End known = end.get();
        return known != null && known.byClient();
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

    /**
     * The items of the conversation in the order in which the model sees them, as the wire would show them: audio as its
     * transcript. A copy. Once the session is idle this is all that it has been told.
     */
    public List<JsonNode> conversation() {
        return lane.inspect(context.conversation()::snapshot);
    }

    /**
     * The conversation in a line each, without ids: {@code user: Hello}, {@code find_train({"to":"Ghent"})}, {@code -> IC 540}.
     * Made for comparing what two sessions know, such as one and the one that took its place.
     */
    public List<String> conversationOutline() {
        return ConversationOutline.of(conversation());
    }

    /** Sends a frame of your own, for instance an event that no simulator would send. */
    public void send(JsonNode event) {
        lane.execute(() -> context.downlink().sendRaw(event.toString(), event));
    }

    /** Sends a frame of your own, JSON or not. */
    public void send(String rawFrame) {
        lane.execute(() -> context.downlink().sendRaw(rawFrame, parse(rawFrame)));
    }

    /** A key pressed on the telephone, as on SIP calls: {@code 0} to {@code 9}, {@code *}, {@code #}, {@code A} to {@code D}. */
    public void dtmf(String key) {
        lane.execute(() -> dtmfNow(key));
    }

    /** Has a fault strike now. */
    public void strike(SessionFault fault) {
        lane.execute(() -> fault.strike(this));
    }

    /** What is wrong with the frames by the laws of {@link TraceCheck}; empty if nothing is, or the scenario wants them broken. */
    public List<String> violations() {
        return scenario.isLawless() || lawless ? List.of() : log.violations();
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
        return lane.isIdle() && !background.isBusy();
    }

    /** The connection is open. */
    void opened() {
        lane.execute(() -> {
            if (request.refusal() != null) {
                fail(request.refusal(), null);
                return;
            }
            if (turnedOut != null) {
                end(turnedOut.code(), turnedOut.reason());
                return;
            }
            if (replay == null) {
                ObjectNode created = context.downlink().event("session.created");
                created.set("session", context.config().toJson());
                context.downlink().send(created);
            } else {
                goOnWithReplay();
            }
            context.timer().schedule(lifetime, () -> expire(scenario.behaviour().expiry));
            watchIdleness();
            scenario.behaviour().faults.stream().map(PlannedFault::trigger).filter(trigger -> trigger.time() != null)
                    .distinct().forEach(trigger -> context.timer().schedule(trigger.time(), () -> strikeAll(trigger)));
            scenario.behaviour().endings.stream().filter(ending -> ending.time() != null)
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
        markClosed(code, reason, true);
        lane.execute(context.timer()::cancelAll);
        lane.execute(deliveries::cancelAll);
    }

    /** The connection is lost. */
    void lost() {
        closedByClient(ABNORMAL, "");
    }

    /** Has something done once either side has ended it; at once if that has been. */
    void whenGone(Runnable action, Executor executor) {
        gone.thenRunAsync(action, executor);
    }

    /** Waits until what has arrived is dealt with. */
    void settle() {
        lane.settle();
    }

    /** Drops the connection now, whatever is queued, and does nothing more. */
    void drop() {
        markClosed(ABNORMAL, "", false);
        lane.close();
        context.timer().cancelAll();
        deliveries.cancelAll();
        wire.abort();
    }

    private void process(String text) {
        if (!isOpen() || deaf) {
            return;
        }
        JsonNode event = parse(text);
        log.add(Direction.RECEIVED, event);
        received++;
        if (endsByCount()) {
            return;
        }
        watchIdleness();
        String type = event.path("type").asText();
        int nth = arrivals.merge(type, 1, Integer::sum);
        strike(Trigger.Kind.CLIENT_EVENT, type, nth, received);
        if (!isOpen() || deaf) {
            return;
        }
        runHooks(type, nth);
        try {
            if (!event.isObject()) {
                throw ProtocolError.of("invalid_event", "The frame is not a JSON object.", null);
            }
            if (replay != null) {
                replay.arrived(event);
                goOnWithReplay();
                return;
            }
            events.handle(event);
            idleTimeout.inputChanged();
        } catch (ProtocolError error) {
            fail(error, event.get("event_id"));
        }
    }

    private void goOnWithReplay() {
        replay.goOn(event -> context.downlink().sendRaw(event.toString(), event), line -> end(line.code(), line.reason()));
    }

    private boolean endsByCount() {
        for (SocketEnding ending : scenario.behaviour().endings) {
            if (ending.time() == null && ending.events() == received) {
                end(ending.code(), ending.reason());
                return true;
            }
        }
        return false;
    }

    private void runHooks(String type, int nth) {
        scenario.behaviour().hooks.stream()
                .filter(hook -> hook.type().equals(type) && (hook.nth() == 0 || hook.nth() == nth))
                .forEach(hook -> hook.action().accept(this));
    }

    private void departed(String type) {
        sent++;
        int nth = departures.merge(type, 1, Integer::sum);
        int ofAny = sent;
        boolean due = scenario.behaviour().faults.stream().map(PlannedFault::trigger)
                .anyMatch(trigger -> trigger.isMet(Trigger.Kind.SERVER_EVENT, type, nth, ofAny));
        if (due) {
            // whoever sends is in the middle of something
            lane.execute(() -> strike(Trigger.Kind.SERVER_EVENT, type, nth, ofAny));
        }
    }

    private void strike(Trigger.Kind happened, String type, int nth, int ofAny) {
        scenario.behaviour().faults.stream()
                .filter(planned -> planned.trigger().isMet(happened, type, nth, ofAny) && planned.trigger().concerns(number))
                .forEach(planned -> planned.fault().strike(this));
    }

    private void strikeAll(Trigger trigger) {
        scenario.behaviour().faults.stream()
                .filter(planned -> planned.trigger().equals(trigger) && trigger.concerns(number))
                .forEach(planned -> planned.fault().strike(this));
    }

    private void watchIdleness() {
        if (idleClose != null) {
            idleClose.cancel();
        }
        if (scenario.behaviour().idleClose != null) {
            idleClose = context.timer().schedule(scenario.behaviour().idleClose, () -> end(GOING_AWAY, "idle"));
        }
    }

    /** Sends a frame of somebody's own. On the lane, as all that follow. */
    void sendNow(String frame) {
        context.downlink().sendRaw(frame, parse(frame));
    }

    void sendBinaryNow(byte[] bytes) {
        context.downlink().sendBinary(bytes);
    }

    void dtmfNow(String key) {
        ObjectNode event = JSON.createObjectNode().put("type", "input_audio_buffer.dtmf_event_received").put("event", key)
                .put("received_at", (clock.millis() + scenario.behaviour().clockSkew.toMillis()) / 1000);
        context.downlink().send(event);
    }

    String nextEventId() {
        return context.ids().event();
    }

    void fallSilent() {
        fallDeaf();
        fallMute();
        context.timer().cancelAll();
    }

    /** Nothing that comes from now on is heard. */
    void fallDeaf() {
        deaf = true;
    }

    /** Nothing is said from now on. */
    void fallMute() {
        context.downlink().fallSilent();
    }

    /** @param by how late the next events of the type are; null if they are lost */
    void tamper(String type, int times, Duration by) {
        lawless |= by != null;
        context.downlink().tampering().plan(type, times, by);
    }

    void stopReading() {
        wire.stopReading();
    }

    void readSlowly(Duration perFrame) {
        wire.afterEachFrame(() -> {
            CompletableFuture<Void> over = new CompletableFuture<>();
            clock.schedule(perFrame.toMillis(), () -> over.complete(null));
            return CompletableFuture.anyOf(over, gone);
        });
    }

    private void fail(ProtocolError error, JsonNode clientEventId) {
        if (error.isTold()) {
            context.downlink().error(error, clientEventId);
        }
        if (error.isFatal()) {
            end(error.closeCode(), "invalid_request_error." + error.code());
        }
    }

    void expire(Expiry how) {
        if (how != Expiry.CLOSE) {
            context.downlink().error(ProtocolError.of("session_expired", EXPIRED, null), null);
        }
        if (how == Expiry.ERROR) {
            fallSilent();
        } else {
            end(GOING_AWAY, EXPIRED);
        }
    }

    void end(int code, String reason) {
        if (!markClosed(code, reason, false)) {
            return;
        }
        context.timer().cancelAll();
        if (code == ABNORMAL) {
            deliveries.cancelAll();
            wire.abort();
        } else {
            context.downlink().close(code, reason);
        }
    }

    private boolean markClosed(int code, String reason, boolean byClient) {
        boolean first = end.compareAndSet(null, new End(code, reason, byClient));
        gone.complete(null);
        return first;
    }

    private static JsonNode parse(String text) {
        try {
            JsonNode parsed = JSON.readTree(text);
            return parsed.isMissingNode() ? TextNode.valueOf(text) : parsed;
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(text);
        }
    }

    /** The first close frame, or 1006 for none. */
    private record End(int code, String reason, boolean byClient) {
    }

    /**
     * What a session needs from the simulator.
     *
     * @param voice         null for the synthetic one
     * @param number        the how manieth session of the simulator, from 1
     * @param lanes         threads for the sessions' lanes
     * @param workers       threads for transcribers
     * @param settles       whether the clock waits for what it has begun, as one does that a test moves
     * @param turnedOut     a close with which the session ends before it has begun; null for none
     * @param retainedAudio characters of base64 audio kept in the frame log
     */
    record Settings(Scenario scenario, SimulatorClock clock, Transcriber transcriber, Voice voice, Duration lifetime,
            long seed, int number, Executor lanes, Executor workers, boolean settles, TurnOut turnedOut, long retainedAudio) {

        /** Those of the nth session. */
        Settings ofSession(Scenario present, int nth, TurnOut fate) {
            return new Settings(present, clock, transcriber, voice, lifetime, seed + nth - 1, nth, lanes, workers, settles, fate,
                    retainedAudio);
        }
    }
}
