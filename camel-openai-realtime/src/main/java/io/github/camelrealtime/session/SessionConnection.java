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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;
import io.github.camelrealtime.transport.TransportException;
import io.github.camelrealtime.transport.TransportFactory;
import io.github.camelrealtime.transport.TransportRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a session: dialling (again), configuring, being ready, closing, being lost. There is one present epoch or
 * none; what an older one says changes nothing.
 *
 * <pre>
 * IDLE ──open──▶ CONNECTING ──101──▶ CONFIGURING ──session.updated──▶ READY ──close──▶ CLOSING ──▶ IDLE
 *                   ▲  │ failed, attempts left      │                   │ lost
 *                   └──┴────────────────────────────┘                   ▼
 *                      failed for good ───────────────────────────▶ FAILED ──open──▶ CONNECTING
 * </pre>
 *
 * <p>The lock guards the state; it is never held while the owner is told of an end or a future completed.
 */
final class SessionConnection {

    private static final Logger LOG = LoggerFactory.getLogger(SessionConnection.class);
    private static final int NORMAL_CLOSURE = 1000;
    /** How long the service may take to answer our close frame, in ms. */
    private static final long CLOSE_MILLIS = 2000;
    private static final long MILLIS_PER_SECOND = 1000;

    private final String name;
    private final SessionConfig config;
    private final TransportFactory transports;
    private final Timers timers;
    private final Spans spans;
    private final RealtimeSession session;
    private final ConnectionOwner owner;

    private final ReentrantLock lock = new ReentrantLock();
    private SessionState state = SessionState.IDLE;
    private int epochs;
    private int attempt;
    private Timers.Cancellable retry = Timers.Cancellable.NOTHING;
    private CompletableFuture<Void> ready = new CompletableFuture<>();
    private CompletableFuture<Void> closed = CompletableFuture.completedFuture(null);
    private SessionClosedException failure;
    /** Done when the owner has been told of the end of the last connection, and the next may begin. */
    private CompletableFuture<Void> settled = CompletableFuture.completedFuture(null);
    private boolean retired;
    /** Written under the lock; read without it for every event. */
    private volatile Epoch current;

    SessionConnection(RealtimeSession session, ConnectionOwner owner, TransportFactory transports, Timers timers, Spans spans) {
        this.session = session;
        this.owner = owner;
        this.name = session.name();
        this.config = session.config();
        this.transports = transports;
        this.timers = timers;
        this.spans = spans;
    }

    // ---- opening

    /** Opens unless open or being opened. */
    CompletableFuture<Void> open() {
        Epoch first;
        CompletableFuture<Void> opened;
        lock.lock();
        try {
            if (retired) {
                return CompletableFuture.failedFuture(EndReasons.retired(name));
            }
            if (state == SessionState.CLOSING) {
                return CompletableFuture.failedFuture(EndReasons.closing(name));
            }
            if (!settled.isDone()) {
                // the owner is still telling those who waited for the last connection
                return settled.thenCompose(nothing -> open());
            }
            if (state != SessionState.IDLE && state != SessionState.FAILED) {
                return ready;
            }
            owner.opening();
            ready = new CompletableFuture<>();
            failure = null;
            attempt = 0;
            state = SessionState.CONNECTING;
            first = nextEpoch();
            opened = ready;
        } finally {
            lock.unlock();
        }
        dial(first);
        return opened;
    }

    /** The next attempt. There is never more than one: only the end of the present one leads here again. */
    private Epoch nextEpoch() {
        attempt++;
        current = new Epoch(this, session, ++epochs, spans);
        owner.dialling(current);
        return current;
    }

    private void dial(Epoch epoch) {
        try {
            // asked for at every attempt: credentials expire and rotate. Not under the lock: a vault may take its time
            TransportRequest request = new TransportRequest(config.uri(), config.headers().get());
            LOG.debug("Session {}: dialling {}, {}", name, config.uri(), epoch);
            lock.lock();
            try {
                if (epoch == current) {
                    epoch.transport = transports.open(request, epoch);
                }
            } finally {
                lock.unlock();
            }
        } catch (RuntimeException e) {
            // not on this thread: whoever opens has no future in hand yet
            timers.schedule(() -> giveUp(epoch, EndReasons.notOpened(name, e)), 0);
        }
    }

    private void dialAgain() {
        Epoch next;
        lock.lock();
        try {
            if (state != SessionState.CONNECTING || current != null) {
                return;
            }
            next = nextEpoch();
        } finally {
            lock.unlock();
        }
        dial(next);
    }

    void onOpen(Epoch epoch) {
        boolean stale;
        lock.lock();
        try {
            stale = epoch != current || state != SessionState.CONNECTING;
            if (!stale) {
                state = SessionState.CONFIGURING;
                long timeout = config.timeouts().ready();
                epoch.readyTimer = timers.schedule(
                        () -> attemptFailed(epoch, EndReasons.notConfirmed(name, timeout), 0), timeout);
            }
        } finally {
            lock.unlock();
        }
        if (stale) {
            abort(epoch);
        }
    }

    void onEvent(Epoch epoch, ServerEvent event) {
        if (EventTypes.SESSION_CREATED.equals(event.getType())) {
            JsonNode created = event.getJson().path("session");
            epoch.named(created.path("id").asText(null), created.path("expires_at").asLong() * MILLIS_PER_SECOND);
            if (config.firstUpdate() == null) {
                owner.configured(created);
                becomeReady(epoch);
            } else if (isConfiguring(epoch)) {
                configure(epoch);
            }
        } else if (EventTypes.SESSION_UPDATED.equals(event.getType())) {
            owner.configured(event.getJson().path("session"));
            becomeReady(epoch);
        }
    }

    /** Past the outbox, whose gate is still shut. */
    private void configure(Epoch epoch) {
        try {
            epoch.transport.send(ClientEvent.sessionUpdate(config.firstUpdate()).toJson());
        } catch (IllegalArgumentException tooLarge) {
            giveUp(epoch, EndReasons.notConfigured(name, tooLarge, true));
        }
    }

    boolean isConfiguring(Epoch epoch) {
        return stateOf(epoch) == SessionState.CONFIGURING;
    }

    private void becomeReady(Epoch epoch) {
        CompletableFuture<Void> opened;
        lock.lock();
        try {
            if (epoch != current || state != SessionState.CONFIGURING) {
                return;
            }
            state = SessionState.READY;
            owner.admit(epoch);
            epoch.readyTimer.cancel();
            opened = ready;
        } finally {
            lock.unlock();
        }
        LOG.info("Session {} is ready: {}, model {}", name, epoch, config.model());
        owner.ready(epoch);
        opened.complete(null);
    }

    /** The service refuses the configuration: another attempt would fare no better, unless the fault is its own. */
    void configurationRefused(Epoch epoch, ErrorClass kind, RequestRefusedException refused) {
        boolean passing = kind == ErrorClass.TRANSIENT || kind == ErrorClass.EXPIRED;
        SessionClosedException reason = EndReasons.notConfigured(name, refused, !passing);
        if (passing) {
            attemptFailed(epoch, reason, 0);
        } else {
            giveUp(epoch, reason);
        }
    }

    // ---- the end of a connection that nobody here asked for

    void onClosed(Epoch epoch, int code, String reason) {
        ErrorClass kind = ErrorClassifier.ofClose(code, reason);
        ended(epoch, kind, EndReasons.closedByService(name, code, reason, kind), 0);
    }

    void onFailure(Epoch epoch, TransportException problem) {
        ErrorClass kind = ErrorClassifier.ofFailure(problem);
        ended(epoch, kind, EndReasons.failed(name, problem, kind), problem.getRetryAfterMillis());
    }

    private void ended(Epoch epoch, ErrorClass kind, SessionClosedException reason, long retryAfterMillis) {
        SessionState then = stateOf(epoch);
        if (then == SessionState.CLOSING) {
            closedInGoodOrder(epoch);
        } else if (then == SessionState.READY || kind == ErrorClass.FATAL) {
            giveUp(epoch, reason);
        } else if (then != null) {
            attemptFailed(epoch, reason, retryAfterMillis);
        }
        if (stateOf(epoch) == SessionState.CLOSING) {
            // a close came in between and waits for an end that has already been
            closedInGoodOrder(epoch);
        }
    }

    /** The state if this is the present epoch, else {@code null}. */
    private SessionState stateOf(Epoch epoch) {
        lock.lock();
        try {
            return epoch == current ? state : null;
        } finally {
            lock.unlock();
        }
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
        if (again) {
            abort(epoch);
        } else {
            giveUp(epoch, reason);
        }
    }

    private void giveUp(Epoch epoch, SessionClosedException reason) {
        CompletableFuture<Void> opening;
        CompletableFuture<Void> told;
        lock.lock();
        try {
            if (epoch != current || state == SessionState.CLOSING) {
                return;
            }
            epoch.readyTimer.cancel();
            state = SessionState.FAILED;
            failure = reason;
            current = null;
            opening = ready;
            told = beginSettling();
        } finally {
            lock.unlock();
        }
        LOG.warn("{}", reason.getMessage());
        abort(epoch);
        tell(epoch, reason, true, told);
        opening.completeExceptionally(reason);
    }

    private CompletableFuture<Void> beginSettling() {
        settled = new CompletableFuture<>();
        return settled;
    }

    private void tell(Epoch epoch, SessionClosedException reason, boolean lost, CompletableFuture<Void> told) {
        try {
            owner.gone(epoch, reason, lost);
        } finally {
            told.complete(null);
        }
    }

    private static void abort(Epoch epoch) {
        if (epoch.transport != null) {
            epoch.transport.abort();
        }
    }

    // ---- closing

    /** As {@link #close()}, and it is never opened again. */
    CompletableFuture<Void> retire() {
        lock.lock();
        try {
            retired = true;
        } finally {
            lock.unlock();
        }
        return close();
    }

    /** Closes in good order; done when the connection is gone, never fails. */
    CompletableFuture<Void> close() {
        Epoch epoch;
        CompletableFuture<Void> done;
        boolean opened;
        lock.lock();
        try {
            if (state == SessionState.CLOSING || state == SessionState.IDLE || state == SessionState.FAILED) {
                return closed;
            }
            opened = state == SessionState.READY;
            done = beginClosing();
            epoch = current;
        } finally {
            lock.unlock();
        }
        if (!opened) {
            abandon(epoch);
            return done;
        }
        owner.drain().whenComplete((nothing, problem) -> {
            owner.closing(epoch);
            epoch.transport.close(NORMAL_CLOSURE, "OK");
            Timers.Cancellable timer = timers.schedule(() -> abandon(epoch), CLOSE_MILLIS);
            done.whenComplete((gone, none) -> timer.cancel());
        });
        return done;
    }

    /** Closes at once. */
    void closeNow() {
        Epoch epoch;
        lock.lock();
        try {
            if (state == SessionState.IDLE || state == SessionState.FAILED) {
                return;
            }
            if (state != SessionState.CLOSING) {
                beginClosing();
            }
            epoch = current;
        } finally {
            lock.unlock();
        }
        abandon(epoch);
    }

    private CompletableFuture<Void> beginClosing() {
        state = SessionState.CLOSING;
        retry.cancel();
        if (current != null) {
            current.readyTimer.cancel();
        }
        closed = new CompletableFuture<>();
        return closed;
    }

    private void abandon(Epoch epoch) {
        if (epoch != null) {
            abort(epoch);
        }
        closedInGoodOrder(epoch);
    }

    private void closedInGoodOrder(Epoch epoch) {
        CompletableFuture<Void> done;
        CompletableFuture<Void> opening;
        CompletableFuture<Void> told;
        lock.lock();
        try {
            if (state != SessionState.CLOSING || epoch != current) {
                return;
            }
            state = SessionState.IDLE;
            current = null;
            done = closed;
            opening = ready;
            told = beginSettling();
        } finally {
            lock.unlock();
        }
        LOG.info("Session {} is closed", name);
        SessionClosedException reason = EndReasons.closed(name);
        tell(epoch, reason, false, told);
        opening.completeExceptionally(reason);
        done.complete(null);
    }

    // ---- for those who look

    boolean isCurrent(Epoch epoch) {
        return epoch == current;
    }

    Epoch current() {
        return current;
    }

    SessionState state() {
        lock.lock();
        try {
            return state;
        } finally {
            lock.unlock();
        }
    }

    int epochs() {
        lock.lock();
        try {
            return epochs;
        } finally {
            lock.unlock();
        }
    }

    SessionClosedException failure() {
        lock.lock();
        try {
            return failure;
        } finally {
            lock.unlock();
        }
    }

    /** Why nothing can be asked of the session now; {@code null} if it can. */
    SessionClosedException unavailable() {
        lock.lock();
        try {
            return switch (state) {
                case FAILED -> failure;
                case CLOSING -> EndReasons.closing(name);
                case IDLE -> EndReasons.notOpen(name);
                case CONNECTING, CONFIGURING, READY -> null;
            };
        } finally {
            lock.unlock();
        }
    }
}
