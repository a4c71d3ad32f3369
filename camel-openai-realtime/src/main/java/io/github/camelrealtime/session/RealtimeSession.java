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
package io.github.camelrealtime.session;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;
import io.github.camelrealtime.event.TransportKind;
import io.github.camelrealtime.transport.Transport;
import io.github.camelrealtime.transport.TransportFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A logical, named session: the conductor of what its parts do. Every endpoint that names it shares it; it outlives its
 * connections (epochs) and is owned by the {@link SessionRegistry}.
 *
 * <p>Each part has its own state and its own lock, none of which is held while something is sent, a future completed or a
 * subscription called. Futures given out are completed on a thread that must not be held: whoever goes on to run a route
 * hops to a worker.
 *
 * <p>Events are handled in a fixed order: life cycle, what becomes owed, input buffer, responses, refusals, subscriptions,
 * what is owed no longer. So when a subscription hears of an event, whoever waited for it has been told; only who waits to
 * close the session comes after it.
 */
public final class RealtimeSession {

    /** The longest event that can be sent, in bytes of its JSON text. */
    public static final int MAX_EVENT_BYTES = Transport.MAX_FRAME_BYTES;

    private static final Logger LOG = LoggerFactory.getLogger(RealtimeSession.class);
    private static final int NORMAL_CLOSURE = 1000;

    private final String name;
    private final SessionConfig config;
    private final Timers timers;
    private final Refusals refusals = new Refusals();
    private final OwedTranscripts owed = new OwedTranscripts();
    private final Outbox outbox;
    private final AudioInbox inbox;
    private final Acknowledgements acknowledgements;
    private final SessionChanges changes;
    private final EventFanOut fanOut;
    private final SessionConnection connection;
    private final Conversation conversation;
    private final LongAdder malformed = new LongAdder();
    private final LossWatchers lossWatchers = new LossWatchers();
    private final ErrorJudge errors;
    private final RateLimits rateLimits;
    private final OpenTurn turn;
    private final Pulse pulse;
    private volatile String fatalError;
    private volatile long readySinceMillis;
    private volatile long lastUsedMillis;
    private volatile long sentWhenLastSeen;
    /** Whether the user's speech is transcribed now. */
    private volatile boolean transcribesInput;

    public RealtimeSession(String name, SessionConfig config, TransportFactory transports, Timers timers) {
        this(name, config, transports, timers, null);
    }

    /** @param classifier overrides what errors mean, {@code null} for none */
    public RealtimeSession(String name, SessionConfig config, TransportFactory transports, Timers timers,
                           RealtimeErrorClassifier classifier) {
        this.name = name;
        this.config = config;
        this.timers = timers;
        Spans spans = new Spans();
        this.outbox = new Outbox(name, config.inputFormat(), config.audioQueue(), timers);
        this.inbox = new AudioInbox(name, config, outbox, refusals, spans, timers);
        this.fanOut = new EventFanOut(name, timers);
        this.errors = new ErrorJudge(name, () -> turns() == TurnMode.SERVER, classifier);
        this.connection = new SessionConnection(this, new Life(), transports, timers, spans, errors);
        this.conversation = new Conversation(this, inbox, outbox, refusals, fanOut, timers, connection::current);
        this.acknowledgements = new Acknowledgements(
                name, refusals, timers, config.timeouts().itemAck(), conversation::isResponding);
        this.changes = new SessionChanges(name, config, acknowledgements, inbox);
        this.transcribesInput = config.transcribesInput();
        this.lastUsedMillis = timers.millis();
        this.rateLimits = new RateLimits(timers);
        this.turn = new OpenTurn(timers, config.liveness().vadStuck(), this::endStuckTurn);
        this.pulse = new Pulse(config, inbox, acknowledgements, conversation.responses(), owed, turn, outbox);
        inbox.onUnanswered(this::distrustCommits);
        outbox.onGap(this::announceGap);
        outbox.onLeaving(eventId -> {
            refusals.leaves(eventId);
            acknowledgements.leaves(eventId);
        });
    }

    private void announceGap(long millis) {
        LOG.debug("Session {}: {} ms of audio for the model were dropped", name, millis);
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        members.put("dropped_ms", millis);
        fanOut.deliverLocal(connection.current(), LocalEvents.AUDIO_GAP, members);
    }

    private void endStuckTurn() {
        LOG.warn("Session {}: the service heard speech begin and not end within {} ms (option vadStuckTimeout); committing",
                name, config.liveness().vadStuck());
        inbox.commit(false);
    }

    /** Were its answer only late, the next commit would be taken for it, and with it somebody else's words. */
    private void distrustCommits() {
        Epoch epoch = connection.current();
        if (epoch != null && connection.reconnects()) {
            connection.distrust(
                    epoch, Outage.Kind.STALLED, EndReasons.unanswered(name, config.timeouts().itemAck()));
        }
    }

    public String name() {
        return name;
    }

    public SessionConfig config() {
        return config;
    }

    public void subscribe(Subscription subscription) {
        fanOut.add(subscription);
    }

    /** Subscribes somebody within the session, who gets finals as they come. */
    void subscribeInsider(Subscription insider) {
        fanOut.addInsider(insider);
    }

    public void unsubscribe(Subscription subscription) {
        fanOut.remove(subscription);
    }

    // ---- life cycle

    /**
     * Opens the session unless it is open or being opened. Attempts that fail for a passing reason are repeated.
     *
     * @return done when the session is ready; fails when it cannot be opened
     */
    public CompletableFuture<Void> open() {
        touch();
        return connection.open();
    }

    /**
     * Closes the session in good order: takes nothing new, lets out what was accepted, waits for what is owed (at most the
     * drain time-out), closes with 1000.
     *
     * @return done when the connection is gone; never fails
     */
    public CompletableFuture<Void> close() {
        return connection.close();
    }

    /**
     * Ends the present connection in good order and makes another; what is given meanwhile waits for it. Opens the session if
     * it was lost for good.
     *
     * @return done when the session is ready again; fails when it is not open, or cannot be opened again
     */
    public CompletableFuture<Void> restart() {
        touch();
        return connection.restart();
    }

    /** As {@link #close()}, for good: it refuses to be opened again, as nobody would be left to close it. */
    CompletableFuture<Void> retire() {
        return connection.retire();
    }

    /** Closes at once: what waits is dropped and those who wait are told. */
    public void closeNow() {
        connection.closeNow();
    }

    /**
     * Ends the present stream of audio and waits for what is owed: unsent audio, unanswered commits, transcripts to come.
     *
     * @return done when nothing is owed or the drain time-out has passed; never fails
     */
    public CompletableFuture<Void> drain() {
        CompletableFuture<Void> drained = new CompletableFuture<>();
        SessionState now = state();
        if (now != SessionState.READY && now != SessionState.CLOSING) {
            drained.complete(null);
            return drained;
        }
        inbox.endOfStream();
        settled(config.timeouts().drain()).whenComplete((all, problem) -> drained.complete(null));
        return drained;
    }

    /**
     * Makes the session fit for the next recording: empties the buffer, and waits for what the last one is still owed.
     *
     * @return whether nothing of the last recording is left, within the drain time-out; never fails
     */
    CompletableFuture<Boolean> tidy() {
        if (inbox.hasUncommitted()) {
            inbox.clear();
        }
        return settled(config.timeouts().drain()).thenApply(all -> all && inbox.isInOrder());
    }

    /**
     * Waits until all that was given so far has its transcript.
     *
     * @return done when it has; fails when a transcript fails or does not come in time, and when the session is lost
     */
    public CompletableFuture<Void> transcribed() {
        CompletableFuture<Void> transcribed = new CompletableFuture<>();
        Subscription failures = told -> {
            ServerEvent event = told.event();
            if (EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_FAILED.equals(event.getType())) {
                Long start = told.transcript() == null ? null : told.transcript().startMillis();
                Long end = told.transcript() == null ? null : told.transcript().endMillis();
                transcribed.completeExceptionally(TranscriptionFailedException.of(
                        name, event, start == null ? 0 : start, end == null ? 0 : end));
            }
        };
        fanOut.addInsider(failures);
        onLoss(transcribed);
        long timeout = config.timeouts().transcript();
        settled(timeout).whenComplete((all, problem) -> {
            if (Boolean.TRUE.equals(all)) {
                transcribed.complete(null);
            } else {
                transcribed.completeExceptionally(new TimedOutException(
                        "Session " + name + ": not all transcripts came within " + timeout + " ms (option transcriptTimeout)",
                        timeout));
            }
        });
        return transcribed.whenComplete((nothing, problem) -> fanOut.remove(failures));
    }

    /**
     * Whether anything can be given to the session now: it is open or being opened.
     *
     * @throws SessionClosedException with the reason if not
     */
    public void requireOpen() throws SessionClosedException {
        SessionClosedException gone = connection.unavailable();
        if (gone != null) {
            throw gone;
        }
    }

    /** Whether all that is owed has come within this many ms. */
    private CompletableFuture<Boolean> settled(long timeoutMillis) {
        return settled(timeoutMillis, outbox.flushed());
    }

    /** @param sent done when all has left that is to be waited for */
    private CompletableFuture<Boolean> settled(long timeoutMillis, CompletableFuture<Void> sent) {
        CompletableFuture<Boolean> settled = new CompletableFuture<>();
        Timers.Cancellable timer = timers.schedule(() -> settled.complete(false), timeoutMillis);
        sent
                .thenCompose(nothing -> inbox.answered())
                .thenCompose(nothing -> transcribesInput ? owed.settled() : CompletableFuture.completedFuture(null))
                .whenComplete((nothing, problem) -> settled.complete(problem == null));
        settled.whenComplete((all, problem) -> timer.cancel());
        return settled;
    }

    /** What the session does at the turns of its life. */
    private final class Life implements ConnectionOwner {

        @Override
        public void dialling(Epoch epoch) {
            transcribesInput = config.transcribesInput();
            if (config.transcriptOrdering() == TranscriptOrdering.CONVERSATION) {
                epoch.order = new TranscriptOrder(
                        transcribesInput, config.timeouts().transcript(), timers, fanOut::pass,
                        itemId -> fanOut.deliverMissing(epoch, itemId));
            }
        }

        @Override
        public void opening() {
            outbox.reset();
            conversation.opening();
        }

        @Override
        public void admit(Epoch epoch) {
            outbox.admit(epoch.transport);
        }

        @Override
        public void ready(Epoch epoch, Outage outage) {
            fatalError = null;
            epoch.watch = watch(epoch);
            epoch.watch.start();
            readySinceMillis = timers.millis();
            outbox.drain();
            if (outage == null) {
                fanOut.deliverLocal(epoch, LocalEvents.SESSION_READY, ids(epoch));
                return;
            }
            ObjectNode members = ids(epoch);
            members.put("cause", outage.kind().word());
            members.put("reason", outage.reason().getMessage());
            members.put("old_session_id", outage.sessionId());
            members.put("old_epoch", outage.epoch());
            members.put("context_restored", "false");
            fanOut.deliverLocal(epoch, LocalEvents.SESSION_RECONNECTED, members);
        }

        @Override
        public void hold() {
            outbox.shut();
        }

        @Override
        public CompletableFuture<Void> pause() {
            CompletableFuture<Void> paused = new CompletableFuture<>();
            CompletableFuture<Void> quiet = conversation.responses().pause();
            settled(config.timeouts().drain(), inbox.pause().thenCombine(quiet, (sent, none) -> null))
                    .whenComplete((all, problem) -> paused.complete(null));
            return paused;
        }

        @Override
        public void interrupted(Epoch epoch, Outage outage) {
            epoch.unwatch();
            long unsettled = inbox.unsettledMillis();
            long dropped = settleSent(outage.told());
            fanOut.deliverAbandoned(epoch, "reconnecting");
            ObjectNode members = ids(epoch);
            members.put("cause", outage.kind().word());
            members.put("reason", outage.reason().getMessage());
            members.put("close_code", outage.reason().getCloseCode());
            members.put("unsettled_audio_ms", unsettled);
            members.put("dropped_audio_ms", dropped);
            fanOut.deliverLocal(epoch, LocalEvents.SESSION_RECONNECTING, members);
            conversation.responses().goOn();
        }

        @Override
        public void configured(JsonNode session) {
            changes.configured(session);
            conversation.configured(session);
            JsonNode transcription = session.path("audio").path("input").path("transcription");
            if (!transcription.isMissingNode()) {
                transcribesInput = transcription.isObject();
                Epoch epoch = connection.current();
                if (epoch != null && epoch.order != null) {
                    epoch.order.transcribesInput(transcribesInput);
                }
            }
        }

        @Override
        public CompletableFuture<Void> drain() {
            return RealtimeSession.this.drain();
        }

        @Override
        public void closing(Epoch epoch) {
            int missing = owed.giveUp();
            if (missing > 0 && transcribesInput) {
                LOG.warn("Session {} is closed with {} transcripts still to come (option drainTimeout)", name, missing);
            }
            fanOut.deliverAbandoned(epoch, "hangup");
        }

        @Override
        public void gone(Epoch epoch, SessionClosedException reason, boolean lost) {
            settleAll(reason);
            if (epoch != null) {
                epoch.unwatch();
                // the service closes in good order when the caller has hung up
                boolean hangup = !lost || reason.getCloseCode() == NORMAL_CLOSURE;
                fanOut.deliverAbandoned(epoch, hangup ? "hangup" : "lost");
            }
            ObjectNode members = ids(epoch);
            if (lost) {
                members.put("reason", reason.getMessage());
                members.put("close_code", reason.getCloseCode());
                members.put("fatal", reason.isFatal());
            }
            fanOut.deliverLocal(epoch, lost ? LocalEvents.SESSION_FAILED : LocalEvents.SESSION_CLOSED, members);
        }

        private ObjectNode ids(Epoch epoch) {
            ObjectNode members = JsonNodeFactory.instance.objectNode();
            if (epoch != null) {
                members.put("session_id", epoch.sessionId);
                members.put("epoch", epoch.number);
            }
            return members;
        }
    }

    /**
     * What has left by a lost connection will not be answered; what has not stays.
     *
     * @return audio that waited and is dropped, in ms
     */
    private long settleSent(Exception reason) {
        List<CompletableFuture<?>> watchers = lossWatchers.takeBound();
        List<ResponseRequest> asked = conversation.cut();
        Set<String> withdrawn = new HashSet<>();
        asked.forEach(request -> withdrawn.addAll(request.eventIds()));
        OutboxCut cut = inbox.cut(reason, withdrawn);
        refusals.cut(cut.staying);
        acknowledgements.cut(cut.staying, reason);
        changes.reset();
        asked.forEach(request -> request.fail(reason));
        watchers.forEach(watcher -> watcher.completeExceptionally(reason));
        forgetConnection();
        return config.inputFormat().millisOf(cut.droppedBytes);
    }

    private void settleAll(Exception reason) {
        List<CompletableFuture<?>> watchers = lossWatchers.takeAll();
        outbox.failAll(reason);
        acknowledgements.failAll(reason);
        changes.reset();
        inbox.failAll(reason);
        conversation.failAll(reason);
        refusals.clear();
        // before nothing is owed: that must not look as if all had come
        watchers.forEach(watcher -> watcher.completeExceptionally(reason));
        forgetConnection();
    }

    private void forgetConnection() {
        owed.giveUp();
        turn.end();
    }

    /** Fails the future when the session is lost or closed; at once if it is not there any more. */
    public void onLoss(CompletableFuture<?> watcher) {
        onLoss(watcher, () -> false);
    }

    /** @param unsent whether what is waited for has not left, and so may leave by the next connection */
    void onLoss(CompletableFuture<?> watcher, BooleanSupplier unsent) {
        lossWatchers.add(watcher, unsent);
        // after the adding: whoever is lost in between is told here
        SessionClosedException gone = connection.unavailable();
        if (gone != null) {
            watcher.completeExceptionally(gone);
        }
    }

    // ---- whether the connection lives

    private LivenessWatch watch(Epoch epoch) {
        return new LivenessWatch(config.liveness(), pulse, new LivenessWatch.Listener() {
            @Override
            public void silent(String what, boolean heardOnly) {
                if (heardOnly) {
                    // once: if it was no speech after all, the next connection would not answer it either
                    turn.deaf();
                }
                connection.distrust(
                        epoch, Outage.Kind.STALLED, EndReasons.silent(name, what, config.liveness().silence()));
            }

            @Override
            public void stuck(long queuedBytes) {
                connection.distrust(
                        epoch, Outage.Kind.STALLED, EndReasons.notTaken(name, queuedBytes, config.liveness().send()));
            }
        }, timers);
    }

    // ---- events in

    void onMalformed(Epoch epoch, String what) {
        malformed.increment();
        LOG.debug("Session {}: unreadable frame: {}", name, what);
        if (connection.isCurrent(epoch)) {
            ObjectNode members = JsonNodeFactory.instance.objectNode();
            members.put("reason", what);
            fanOut.deliverLocal(epoch, LocalEvents.ERROR_MALFORMED, members);
        }
    }

    void onEvent(Epoch epoch, ServerEvent event) {
        epoch.gate.enter();
        try {
            if (connection.isCurrent(epoch)) {
                take(epoch, event);
            }
        } finally {
            epoch.gate.leave();
        }
    }

    private void take(Epoch epoch, ServerEvent event) {
        long now = timers.millis();
        pulse.heard(now);
        if (EventTypes.RESPONSE_OUTPUT_AUDIO_DELTA.equals(event.getType())) {
            // the hot path: no other part has a use for it
            if (conversation.onAudio(event, now)) {
                fanOut.deliver(epoch, event);
            }
            return;
        }
        epoch.effective.onEvent(event);
        Runnable acknowledged = acknowledgements.take(event);
        connection.onEvent(epoch, event);
        turn.onEvent(event);
        rateLimits.onEvent(event);
        owed.begin(event);
        inbox.onEvent(event);
        boolean wanted = conversation.onEvent(event);
        acknowledged.run();
        if (wanted && (!EventTypes.ERROR.equals(event.getType()) || !onError(epoch, event))) {
            fanOut.deliver(epoch, event);
        }
        if (EventTypes.INPUT_AUDIO_BUFFER_SPEECH_STARTED.equals(event.getType())) {
            conversation.speechStarted();
        }
        // last: whoever waited for it may close the session on this very thread
        owed.settle(event);
    }

    /** Returns whether the error has found its addressee and is not to be passed on. */
    private boolean onError(Epoch epoch, ServerEvent event) {
        JsonNode error = event.getJson().path("error");
        String type = error.path("type").asText(null);
        String code = error.path("code").asText(null);
        String message = error.path("message").asText(null);
        String param = error.path("param").asText(null);
        String eventId = error.path("event_id").asText(null);
        RequestRefusedException refused = new RequestRefusedException(name, type, code, message, param, eventId);
        ErrorClass kind = errors.ofEvent(type, code, message);
        if (kind == ErrorClass.FATAL) {
            // whoever it is about: nothing that is asked from now on will fare better
            fatalError = code;
        }
        if (connection.isConfiguring(epoch)) {
            connection.configurationRefused(epoch, kind, refused);
            return false;
        }
        Predicate<RequestRefusedException> addressee = refusals.take(eventId, code, param, message);
        if (addressee != null && addressee.test(refused)) {
            return true;
        }
        if (kind == ErrorClass.BENIGN) {
            LOG.debug("Session {}: {}, a lost race without consequence", name, code);
            return true;
        }
        LOG.debug("Session {}: the service reports {} {}", name, type, code);
        return false;
    }

    // ---- events and audio out

    /**
     * Keeps the speaker from being heard, or lets him be heard again (AIN-15). Audio given meanwhile is taken and counted,
     * and the model gets nothing of it, or silence (option {@code muteMode}). Holds until it is said otherwise, on later
     * connections too.
     */
    public void mute(boolean muted) {
        touch();
        inbox.muting().turn(muted);
    }

    /** The talk with the model. */
    public Conversation conversation() {
        touch();
        return conversation;
    }

    /** The input buffer. Audio given before the session is ready is kept and sent in order once it is. */
    public AudioInbox audio() {
        touch();
        return inbox;
    }

    /**
     * Sends an event, in order with audio that was given before.
     *
     * @return done when handed to the transport; fails if the service or the protocol does not allow it here
     */
    public CompletableFuture<Void> send(ClientEvent event) {
        RealtimeException refusal = refusal(event);
        return refusal != null ? CompletableFuture.failedFuture(refusal) : outbox.send(event);
    }

    /**
     * As {@link #send(ClientEvent)}, but overtaking audio and an unanswered commit: for what is about the model and not about
     * the input buffer.
     */
    public CompletableFuture<Void> sendUrgent(ClientEvent event) {
        RealtimeException refusal = refusal(event);
        return refusal != null ? CompletableFuture.failedFuture(refusal) : outbox.sendUrgent(event);
    }

    /**
     * As {@link #send(ClientEvent)}, and tells if the service refuses the event later.
     *
     * @param onRefused returns whether somebody takes note; if not, the error goes out as an event
     */
    public CompletableFuture<Void> send(ClientEvent event, Predicate<RequestRefusedException> onRefused) {
        RealtimeException refusal = refusal(event);
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        refusals.expect(event, onRefused);
        return outbox.send(event);
    }

    /** Whether {@link #request} knows the answer to this event from others. */
    public static boolean isAcknowledged(ClientEvent event) {
        return Acknowledgements.isAcknowledged(event);
    }

    /**
     * Sends an event about an item, which the service acknowledges: {@code conversation.item.create} of an item with an id, and
     * {@code …delete}, {@code …retrieve} and {@code …truncate}. While a response runs the service confirms created items
     * only afterwards, which does not count for {@code itemAckTimeout}.
     *
     * @param urgent  whether it overtakes audio, as {@link #sendUrgent}
     * @param awaited whether somebody waits for the answer; if not, a refusal goes out as an error event
     */
    public Acknowledged request(ClientEvent event, boolean urgent, boolean awaited) {
        RealtimeException refusal = refusal(event);
        return refusal != null
                ? Acknowledged.failed(refusal)
                : acknowledgements.send(event, awaited, urgent ? outbox::sendUrgent : outbox::send);
    }

    /**
     * Changes the session ({@code session.update}), in order with audio that was given before. Only what differs from what the
     * service holds is sent; what cannot be changed while the session lives fails at once.
     *
     * @param wanted  members of the session object to set, null to clear; those not named stay as they are
     * @param eventId of the update, {@code null} for a new one
     * @param awaited whether somebody waits for the answer; if not, a refusal goes out as an error event
     */
    public Acknowledged update(ObjectNode wanted, String eventId, boolean awaited) {
        RealtimeException refusal = refusal(EventTypes.SESSION_UPDATE);
        if (refusal != null) {
            return Acknowledged.failed(refusal);
        }
        Epoch epoch = connection.current();
        return changes.update(epoch == null ? new EffectiveSession() : epoch.effective, wanted, eventId, awaited);
    }

    /** As {@link #refusal(String)}. */
    RealtimeException refusal(ClientEvent event) {
        return refusal(event.getType());
    }

    /** Why this event cannot be sent here and now; {@code null} if it can. */
    private RealtimeException refusal(String eventType) {
        touch();
        if (!EventTypes.isAllowed(eventType, config.type(), TransportKind.WEBSOCKET)) {
            return new RealtimeException(
                    name, "Session " + name + ": event " + eventType + " is not possible in a " + config.type().wireName()
                          + " session over WebSocket");
        }
        return connection.unavailable();
    }

    /**
     * Commits the input buffer and waits for the transcript.
     *
     * @param  eventId of the commit, {@code null} for a new one
     * @return         done with the final text, {@code null} if there was nothing to commit; fails if there is no transcript
     */
    public CompletableFuture<String> commitAndTranscribe(String eventId) {
        touch();
        return FinalTranscript.ofCommit(this, eventId, timers);
    }

    /** Starts a recording of operation {@code transcribe}; the session must belong to the caller alone. */
    public TranscriptionRun transcribe() {
        touch();
        return TranscriptionRun.start(this, timers);
    }

    /** Somebody asks something of it, or is about to. */
    void touch() {
        lastUsedMillis = timers.millis();
    }

    // ---- for those who look

    /** Who ends turns now: as configured, unless an update has handed them over. */
    public TurnMode turns() {
        return inbox.mode();
    }

    public SessionState state() {
        return connection.state();
    }

    /** When the present connection became ready, ms since 1970; 0 if the session is not ready. */
    public long readySinceMillis() {
        return state() == SessionState.READY ? readySinceMillis : 0;
    }

    /** When something was last asked of the session, ms since 1970. A recording being sent counts as asked all the time. */
    long lastUsedMillis() {
        long sent = outbox.sentAudioMillis();
        if (sent != sentWhenLastSeen) {
            sentWhenLastSeen = sent;
            touch();
        }
        return lastUsedMillis;
    }

    public SessionStatus status() {
        Epoch epoch = connection.current();
        return new SessionStatus(
                name, connection.state(), connection.epochs(), connection.reconnectCount(),
                epoch == null ? null : epoch.sessionId, pulse.lastEventMillis(), epoch == null ? 0 : epoch.expiresAtMillis,
                outbox.queuedAudioMillis(), outbox.droppedAudioMillis(), outbox.sentAudioMillis(), fanOut.delivered(), fanOut.stale(), malformed.sum(), inbox.suppressedCommits(),
                owed.size(), conversation.pending(), rateLimits.all(), conversation.cancellations().droppedDeltas(),
                conversation.cancellations().lostRaces(), inbox.muting().isOn(), inbox.muting().mutedMillis(),
                connection.outage(), connection.failure(), fatalError);
    }

    @Override
    public String toString() {
        return "RealtimeSession[" + name + ", " + state() + "]";
    }
}
