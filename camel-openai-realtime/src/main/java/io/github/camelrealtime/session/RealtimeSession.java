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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;
import io.github.camelrealtime.event.TransportKind;
import io.github.camelrealtime.transport.TransportException;
import io.github.camelrealtime.transport.TransportFactory;
import io.github.camelrealtime.transport.TransportRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A logical, named session: the conductor of what its parts do. Every endpoint that names it shares it; it outlives its
 * connections (epochs) and is owned by the {@link SessionRegistry}.
 *
 * <p>One lock guards the state of its life; it is never held while something is sent (starting to dial is only a
 * request to do so), while a future is completed, or while a subscription is called. Futures given out are completed on
 * a thread that must not be held: whoever goes on to run a route hops to a worker.
 *
 * <p>Events are handled in a fixed order: life cycle, input buffer, owed transcripts, responses, refusals,
 * subscriptions. So when a subscription hears of an event, whoever waited for it has been told.
 */
public final class RealtimeSession {

    private static final Logger LOG = LoggerFactory.getLogger(RealtimeSession.class);
    private static final int NORMAL_CLOSURE = 1000;
    /** How long the service may take to answer our close frame, in ms. */
    private static final long CLOSE_MILLIS = 2000;

    private final String name;
    private final SessionConfig config;
    private final TransportFactory transports;
    private final Timers timers;
    private final Refusals refusals = new Refusals();
    private final Spans spans = new Spans();
    private final OwedTranscripts owed = new OwedTranscripts();
    private final Outbox outbox;
    private final AudioInbox inbox;
    private final ResponseSequencer responses;
    private final EventFanOut fanOut;
    private final LongAdder malformed = new LongAdder();

    private final ReentrantLock lock = new ReentrantLock();
    private final List<CompletableFuture<?>> lossWatchers = new ArrayList<>();
    private SessionState state = SessionState.IDLE;
    private int epochs;
    private int attempt;
    private Epoch current;
    private Timers.Cancellable retry = Timers.Cancellable.NOTHING;
    private CompletableFuture<Void> ready = new CompletableFuture<>();
    private CompletableFuture<Void> closed = CompletableFuture.completedFuture(null);
    private SessionClosedException failure;
    private volatile long lastEventMillis;
    private volatile long lastUsedMillis;

    public RealtimeSession(String name, SessionConfig config, TransportFactory transports, Timers timers) {
        this.name = name;
        this.config = config;
        this.transports = transports;
        this.timers = timers;
        this.outbox = new Outbox(name, config.inputFormat(), config.audioQueue(), timers);
        this.inbox = new AudioInbox(name, config, outbox, refusals, spans, timers);
        this.responses = new ResponseSequencer(name, outbox, refusals);
        this.fanOut = new EventFanOut(name, timers);
        this.lastUsedMillis = timers.millis();
    }

    public String name() {
        return name;
    }

    public SessionConfig config() {
        return config;
    }

    /** The input buffer. Audio given before the session is ready is kept and sent in order once it is. */
    public AudioInbox audio() {
        lastUsedMillis = timers.millis();
        return inbox;
    }

    public void subscribe(Subscription subscription) {
        fanOut.add(subscription);
    }

    public void unsubscribe(Subscription subscription) {
        fanOut.remove(subscription);
    }

    boolean hasSubscriptions() {
        return !fanOut.isEmpty();
    }

    long lastUsedMillis() {
        return lastUsedMillis;
    }

    // ---- life cycle

    /**
     * Opens the session unless it is open or being opened. Attempts that fail for a passing reason are repeated.
     *
     * @return done when the session is ready; fails when it cannot be opened
     */
    public CompletableFuture<Void> open() {
        CompletableFuture<Void> answer;
        lock.lock();
        try {
            lastUsedMillis = timers.millis();
            switch (state) {
                case CLOSING -> answer = CompletableFuture.failedFuture(
                        new SessionClosedException(name, "Session " + name + " is being closed"));
                case CONNECTING, CONFIGURING, READY -> answer = ready;
                default -> {
                    ready = new CompletableFuture<>();
                    answer = ready;
                    failure = null;
                    outbox.reset();
                    attempt = 0;
                    state = SessionState.CONNECTING;
                    dial();
                }
            }
        } finally {
            lock.unlock();
        }
        return answer;
    }

    /** Starts the next attempt. There is never more than one: only the present epoch's end leads here again. */
    private void dial() {
        attempt++;
        Epoch epoch = new Epoch(this, ++epochs, spans);
        current = epoch;
        Map<String, String> headers;
        try {
            headers = config.headers().get();
        } catch (RuntimeException e) {
            timers.schedule(() -> giveUp(epoch, new SessionClosedException(
                    name, "Session " + name + " cannot be opened: " + e.getMessage(), 0, true, e)), 0);
            return;
        }
        LOG.debug("Session {}: dialling {}, attempt {}", name, config.uri(), attempt);
        epoch.transport = transports.open(new TransportRequest(config.uri(), headers), epoch);
    }

    void onOpen(Epoch epoch) {
        lock.lock();
        try {
            if (epoch != current) {
                epoch.transport.abort();
                return;
            }
            state = SessionState.CONFIGURING;
            epoch.readyTimer = timers.schedule(() -> attemptFailed(epoch, new SessionClosedException(
                    name, "Session " + name + ": the service did not confirm the configuration within "
                          + config.timeouts().ready() + " ms (option sessionReadyTimeout)")), config.timeouts().ready());
        } finally {
            lock.unlock();
        }
    }

    private void onLifeCycleEvent(Epoch epoch, ServerEvent event) {
        if (EventTypes.SESSION_CREATED.equals(event.getType())) {
            JsonNode session = event.getJson().path("session");
            epoch.named(session.path("id").asText(null), session.path("expires_at").asLong() * 1000);
            noteEffective(session);
            if (config.firstUpdate() == null) {
                becomeReady(epoch);
            } else {
                configure(epoch);
            }
        } else if (EventTypes.SESSION_UPDATED.equals(event.getType())) {
            noteEffective(event.getJson().path("session"));
            becomeReady(epoch);
        }
    }

    private void noteEffective(JsonNode session) {
        inbox.serverSilence(session.path("audio").path("input").path("turn_detection").path("silence_duration_ms").asInt());
    }

    private void configure(Epoch epoch) {
        ClientEvent update = ClientEvent.sessionUpdate(config.firstUpdate());
        lock.lock();
        try {
            if (epoch != current || state != SessionState.CONFIGURING) {
                return;
            }
            epoch.updateEventId = update.getEventId();
        } finally {
            lock.unlock();
        }
        // past the outbox, whose gate is still shut
        epoch.transport.send(update.toJson());
    }

    private void becomeReady(Epoch epoch) {
        CompletableFuture<Void> opened;
        lock.lock();
        try {
            if (epoch != current || state != SessionState.CONFIGURING) {
                return;
            }
            state = SessionState.READY;
            epoch.readyTimer.cancel();
            opened = ready;
        } finally {
            lock.unlock();
        }
        LOG.info("Session {} is ready: {}, model {}", name, epoch, config.model());
        outbox.open(epoch.transport);
        fanOut.deliverLocal(epoch, LocalEvents.SESSION_READY, ids(epoch));
        opened.complete(null);
    }

    private static ObjectNode ids(Epoch epoch) {
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        members.put("session_id", epoch.sessionId);
        members.put("epoch", epoch.number);
        return members;
    }

    void onClosed(Epoch epoch, int code, String reason) {
        ErrorClass kind = ErrorClassifier.ofClose(code, reason);
        ended(epoch, kind, new SessionClosedException(
                name, "Session " + name + ": the service closed the connection with " + code
                      + (reason == null || reason.isEmpty() ? "" : ", reason: " + reason),
                code, kind == ErrorClass.FATAL, null), 0);
    }

    void onFailure(Epoch epoch, TransportException problem) {
        ErrorClass kind = ErrorClassifier.ofFailure(problem);
        ended(epoch, kind, new SessionClosedException(
                name, "Session " + name + ": " + problem.getMessage(), 0, kind == ErrorClass.FATAL, problem),
                problem.getRetryAfterMillis());
    }

    private void ended(Epoch epoch, ErrorClass kind, SessionClosedException reason, long retryAfterMillis) {
        SessionState before;
        lock.lock();
        try {
            if (epoch != current) {
                return;
            }
            before = state;
        } finally {
            lock.unlock();
        }
        switch (before) {
            case CLOSING -> closedInGoodOrder(epoch);
            case CONNECTING, CONFIGURING -> {
                if (kind == ErrorClass.FATAL) {
                    giveUp(epoch, reason);
                } else {
                    attemptFailed(epoch, reason, retryAfterMillis);
                }
            }
            case READY -> giveUp(epoch, reason);
            default -> LOG.debug("Session {}: {} ended in state {}", name, epoch, before);
        }
    }

    private void attemptFailed(Epoch epoch, SessionClosedException reason) {
        attemptFailed(epoch, reason, 0);
    }

    private void attemptFailed(Epoch epoch, SessionClosedException reason, long retryAfterMillis) {
        boolean again;
        lock.lock();
        try {
            if (epoch != current || state != SessionState.CONNECTING && state != SessionState.CONFIGURING) {
                return;
            }
            epoch.readyTimer.cancel();
            again = attempt < config.backoff().maxAttempts();
            if (again) {
                // from here on nothing that the old attempt says counts
                current = null;
                state = SessionState.CONNECTING;
                long delay = Math.max(
                        config.backoff().delayMillis(attempt, ThreadLocalRandom.current().nextDouble()), retryAfterMillis);
                LOG.debug("Session {}: attempt {} failed ({}), next one in {} ms", name, attempt, reason.getMessage(), delay);
                retry = timers.schedule(this::dialAgain, delay);
            }
        } finally {
            lock.unlock();
        }
        abort(epoch);
        if (!again) {
            giveUp(epoch, reason);
        }
    }

    private void dialAgain() {
        lock.lock();
        try {
            if (state == SessionState.CONNECTING && current == null) {
                dial();
            }
        } finally {
            lock.unlock();
        }
    }

    private static void abort(Epoch epoch) {
        if (epoch.transport != null) {
            epoch.transport.abort();
        }
    }

    /** The session is lost: tell everybody who waits, once, and say so in an event. */
    private void giveUp(Epoch epoch, SessionClosedException reason) {
        CompletableFuture<Void> opening;
        lock.lock();
        try {
            if (epoch != current || state == SessionState.FAILED || state == SessionState.IDLE) {
                return;
            }
            epoch.readyTimer.cancel();
            state = SessionState.FAILED;
            failure = reason;
            current = null;
            opening = ready;
        } finally {
            lock.unlock();
        }
        LOG.warn("{}", reason.getMessage());
        abort(epoch);
        settleAll(reason);
        opening.completeExceptionally(reason);
        ObjectNode members = ids(epoch);
        members.put("reason", reason.getMessage());
        members.put("close_code", reason.getCloseCode());
        members.put("fatal", reason.isFatal());
        fanOut.deliverAbandoned(epoch, "lost");
        fanOut.deliverLocal(epoch, LocalEvents.SESSION_FAILED, members);
    }

    private void settleAll(Exception reason) {
        List<CompletableFuture<?>> watchers;
        lock.lock();
        try {
            watchers = new ArrayList<>(lossWatchers);
            lossWatchers.clear();
        } finally {
            lock.unlock();
        }
        outbox.failAll(reason);
        inbox.failAll(reason);
        responses.failAll(reason);
        refusals.clear();
        owed.giveUp();
        watchers.forEach(watcher -> watcher.completeExceptionally(reason));
    }

    /** Fails the future when the session is lost or closed. Does so at once if the session is not there any more. */
    void onLoss(CompletableFuture<?> watcher) {
        SessionClosedException gone;
        lock.lock();
        try {
            gone = failure;
            if (gone == null) {
                lossWatchers.add(watcher);
            }
        } finally {
            lock.unlock();
        }
        if (gone != null) {
            watcher.completeExceptionally(gone);
            return;
        }
        watcher.whenComplete((result, problem) -> {
            lock.lock();
            try {
                lossWatchers.remove(watcher);
            } finally {
                lock.unlock();
            }
        });
    }

    /**
     * Ends the present stream of audio and waits for what is owed: unsent audio, unanswered commits, transcripts to come.
     *
     * @return done when nothing is owed or the drain time-out has passed; never fails
     */
    public CompletableFuture<Void> drain() {
        CompletableFuture<Void> drained = new CompletableFuture<>();
        if (state() != SessionState.READY && state() != SessionState.CLOSING) {
            drained.complete(null);
            return drained;
        }
        inbox.endOfStream();
        Timers.Cancellable timer = timers.schedule(() -> drained.complete(null), config.timeouts().drain());
        outbox.flushed()
                .thenCompose(nothing -> config.transcribesInput() ? owed.settled() : CompletableFuture.completedFuture(null))
                .whenComplete((nothing, problem) -> drained.complete(null));
        drained.whenComplete((nothing, problem) -> timer.cancel());
        return drained;
    }

    /**
     * Closes the session in good order: takes nothing new, lets out what was accepted, waits for what is owed (at most the
     * drain time-out), closes with 1000.
     *
     * @return done when the connection is gone; never fails
     */
    public CompletableFuture<Void> close() {
        Epoch epoch;
        CompletableFuture<Void> done;
        boolean opened;
        lock.lock();
        try {
            if (state == SessionState.CLOSING || state == SessionState.IDLE || state == SessionState.FAILED) {
                return closed;
            }
            opened = state == SessionState.READY;
            state = SessionState.CLOSING;
            retry.cancel();
            closed = new CompletableFuture<>();
            done = closed;
            epoch = current;
            if (epoch != null) {
                epoch.readyTimer.cancel();
            }
        } finally {
            lock.unlock();
        }
        if (!opened) {
            if (epoch != null) {
                abort(epoch);
            }
            closedInGoodOrder(epoch);
            return done;
        }
        drain().whenComplete((nothing, problem) -> {
            int missing = owed.giveUp();
            if (missing > 0 && config.transcribesInput()) {
                LOG.warn("Session {}: closed with {} transcripts still to come (option drainTimeout)", name, missing);
            }
            fanOut.deliverAbandoned(epoch, "hangup");
            epoch.transport.close(NORMAL_CLOSURE, "OK");
            timers.schedule(() -> {
                abort(epoch);
                closedInGoodOrder(epoch);
            }, CLOSE_MILLIS);
        });
        return done;
    }

    /** Closes at once: what waits is dropped and those who wait are told. */
    public void closeNow() {
        Epoch epoch;
        lock.lock();
        try {
            if (state == SessionState.IDLE || state == SessionState.FAILED) {
                return;
            }
            if (state != SessionState.CLOSING) {
                closed = new CompletableFuture<>();
            }
            state = SessionState.CLOSING;
            retry.cancel();
            epoch = current;
            if (epoch != null) {
                epoch.readyTimer.cancel();
            }
        } finally {
            lock.unlock();
        }
        if (epoch != null) {
            abort(epoch);
        }
        closedInGoodOrder(epoch);
    }

    private void closedInGoodOrder(Epoch epoch) {
        CompletableFuture<Void> done;
        CompletableFuture<Void> opening;
        lock.lock();
        try {
            if (state != SessionState.CLOSING || epoch != current) {
                return;
            }
            state = SessionState.IDLE;
            current = null;
            done = closed;
            opening = ready;
        } finally {
            lock.unlock();
        }
        LOG.info("Session {} is closed", name);
        SessionClosedException reason = new SessionClosedException(name, "Session " + name + " was closed");
        settleAll(reason);
        opening.completeExceptionally(reason);
        fanOut.deliverLocal(epoch, LocalEvents.SESSION_CLOSED, epoch == null ? JsonNodeFactory.instance.objectNode() : ids(epoch));
        done.complete(null);
    }

    // ---- events in

    void onMalformed(Epoch epoch, String what) {
        malformed.increment();
        LOG.debug("Session {}: unreadable frame: {}", name, what);
        if (isCurrent(epoch)) {
            ObjectNode members = JsonNodeFactory.instance.objectNode();
            members.put("reason", what);
            fanOut.deliverLocal(epoch, LocalEvents.ERROR_MALFORMED, members);
        }
    }

    void onEvent(Epoch epoch, ServerEvent event) {
        if (!isCurrent(epoch)) {
            return;
        }
        lastEventMillis = timers.millis();
        if (EventTypes.RESPONSE_OUTPUT_AUDIO_DELTA.equals(event.getType())) {
            fanOut.deliver(epoch, event);
            return;
        }
        onLifeCycleEvent(epoch, event);
        inbox.onEvent(event);
        owed.onEvent(event);
        responses.onEvent(event);
        if (!EventTypes.ERROR.equals(event.getType()) || !onError(epoch, event)) {
            fanOut.deliver(epoch, event);
        }
    }

    private boolean isCurrent(Epoch epoch) {
        lock.lock();
        try {
            return epoch == current;
        } finally {
            lock.unlock();
        }
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
        ErrorClass kind = ErrorClassifier.ofEvent(type, code, message, config.turns() == TurnMode.SERVER);
        if (state() == SessionState.CONFIGURING) {
            configurationRefused(epoch, kind, refused);
            return false;
        }
        Consumer<RequestRefusedException> addressee = refusals.take(eventId, code, param);
        if (addressee != null) {
            addressee.accept(refused);
            return true;
        }
        if (kind == ErrorClass.BENIGN) {
            LOG.debug("Session {}: {} ({}), a lost race without consequence", name, code, message);
            return true;
        }
        LOG.debug("Session {}: the service reports {} {}", name, type, code);
        return false;
    }

    private void configurationRefused(Epoch epoch, ErrorClass kind, RequestRefusedException refused) {
        SessionClosedException reason = new SessionClosedException(
                name, "Session " + name + " cannot be configured: " + refused.getMessage(), 0, kind != ErrorClass.TRANSIENT, refused);
        if (kind == ErrorClass.TRANSIENT || kind == ErrorClass.EXPIRED) {
            attemptFailed(epoch, reason);
        } else {
            giveUp(epoch, reason);
        }
    }

    // ---- events out

    /**
     * Sends an event, in order with audio that was given before.
     *
     * @return done when handed to the transport; fails if the service or the protocol does not allow it here
     */
    public CompletableFuture<Void> send(ClientEvent event) {
        RealtimeException refusal = refusal(event);
        return refusal != null ? CompletableFuture.failedFuture(refusal) : outbox.send(event);
    }

    /** As {@link #send}, and tells if the service refuses the event later. */
    public CompletableFuture<Void> send(ClientEvent event, Consumer<RequestRefusedException> onRefused) {
        RealtimeException refusal = refusal(event);
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        refusals.expect(event, onRefused);
        return outbox.send(event);
    }

    /** Why this event cannot be sent here and now; {@code null} if it can. */
    private RealtimeException refusal(ClientEvent event) {
        lastUsedMillis = timers.millis();
        if (!EventTypes.isAllowed(event.getType(), config.type(), TransportKind.WEBSOCKET)) {
            return new RealtimeException(
                    name, "Session " + name + ": event " + event.getType() + " is not possible in a " + config.type().wireName()
                          + " session over WebSocket");
        }
        return gone();
    }

    /** Why nothing can be asked of the session now; {@code null} if it can. */
    public SessionClosedException gone() {
        lock.lock();
        try {
            return switch (state) {
                case FAILED -> failure;
                case CLOSING -> new SessionClosedException(name, "Session " + name + " is being closed");
                case IDLE -> new SessionClosedException(name, "Session " + name + " is not open (operation open-session opens it)");
                default -> null;
            };
        } finally {
            lock.unlock();
        }
    }

    /**
     * Asks for a response, after those asked for before.
     *
     * @param before       an event that belongs to the request and is sent just before it, such as the user's text;
     *                     {@code null} for none
     * @param response     the {@code response} member of {@code response.create}, or {@code null}
     * @param timeoutMillis for the response to be done, counted from when the request has been sent
     */
    public PendingResponse respond(ClientEvent before, ObjectNode response, long timeoutMillis) {
        ResponseSequencer.Request request = new ResponseSequencer.Request(before, response);
        RealtimeException refusal = refusal(request.create);
        if (refusal != null) {
            return PendingResponse.failed(refusal);
        }
        responses.request(request);
        return PendingResponse.of(name, request, timeoutMillis, timers, () -> responses.abandon(request));
    }

    /**
     * Commits the input buffer and waits for the transcript.
     *
     * @return done with the final text, {@code null} if there was nothing to commit; fails if there is no transcript
     */
    public CompletableFuture<String> commitAndTranscribe() {
        return FinalTranscript.ofCommit(this, timers);
    }

    /** Starts a recording of operation {@code transcribe}; the session must belong to the caller alone. */
    public TranscriptionRun transcribe() {
        lastUsedMillis = timers.millis();
        return TranscriptionRun.start(this, timers);
    }

    // ---- for those who look

    public SessionState state() {
        lock.lock();
        try {
            return state;
        } finally {
            lock.unlock();
        }
    }

    public SessionStatus status() {
        SessionState now;
        Epoch epoch;
        int number;
        SessionClosedException problem;
        lock.lock();
        try {
            now = state;
            epoch = current;
            number = epochs;
            problem = failure;
        } finally {
            lock.unlock();
        }
        return new SessionStatus(
                name, now, number, epoch == null ? null : epoch.sessionId, lastEventMillis,
                epoch == null ? 0 : epoch.expiresAtMillis, outbox.queuedAudioMillis(), outbox.droppedAudioMillis(),
                outbox.sentAudioMillis(), fanOut.delivered(), fanOut.stale(), malformed.sum(), inbox.suppressedCommits(),
                owed.size(), responses.pending(), problem);
    }

    @Override
    public String toString() {
        return "RealtimeSession[" + name + ", " + state() + "]";
    }
}
