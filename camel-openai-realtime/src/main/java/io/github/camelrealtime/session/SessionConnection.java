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
 * The life of a session: dialling (again), configuring, being ready, being without a connection for a while, closing, being
 * lost. There is one present epoch or none; what an older one says changes nothing.
 *
 * <pre>
 * IDLE ──open──▶ CONNECTING ──101──▶ CONFIGURING ──session.updated──▶ READY ──close──▶ CLOSING ──▶ IDLE
 *                  ▲  ▲ │ failed, attempts left      │                │ │ │
 *                  │  └─┴────────────────────────────┘                │ │ │
 *                  └────────────────── lost, expired, restart ────────┘ │ │
 *                      failed for good ──────────▶ FAILED ◀─────────────┘─┘ lost for good: fatal, or reconnects used up
 *                                                    └──open──▶ CONNECTING
 * </pre>
 *
 * <p>An epoch ends once: what is to be said at its end is said by its {@link EventGate}, after the event that is just being
 * passed on, and the next epoch does not begin before. So nothing of an old one can reach the parts of a new one.
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
    private final ErrorJudge errors;

    private final ReentrantLock lock = new ReentrantLock();
    private SessionState state = SessionState.IDLE;
    private final Redial redial;
    private int epochs;
    private Timers.Cancellable retry = Timers.Cancellable.NOTHING;
    private CompletableFuture<Void> ready = new CompletableFuture<>();
    private CompletableFuture<Void> closed = CompletableFuture.completedFuture(null);
    private SessionClosedException failure;
    /** Done when the owner has been told of the end of the last connection, and the next may begin. */
    private CompletableFuture<Void> settled = CompletableFuture.completedFuture(null);
    private boolean retired;
    /** Why the session is without a connection though it was ready; {@code null} when it is not. */
    private Outage outage;
    /** Done when a restart that was asked for is over. */
    private CompletableFuture<Void> restarted = CompletableFuture.completedFuture(null);
    /** The present epoch or the last there was. */
    private Epoch latest;
    /** Written under the lock; read without it for every event. */
    private volatile Epoch current;

    SessionConnection(RealtimeSession session, ConnectionOwner owner, TransportFactory transports, Timers timers, Spans spans,
                      ErrorJudge errors) {
        this.errors = errors;
        this.session = session;
        this.owner = owner;
        this.name = session.name();
        this.config = session.config();
        this.transports = transports;
        this.timers = timers;
        this.spans = spans;
        this.redial = new Redial(config.backoff(), config.maxReconnects());
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
            outage = null;
            redial.begin();
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
        redial.dialling();
        latest = new Epoch(this, session, ++epochs, spans);
        current = latest;
        owner.dialling(latest);
        return latest;
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
        Outage over;
        lock.lock();
        try {
            if (epoch != current || state != SessionState.CONFIGURING) {
                return;
            }
            state = SessionState.READY;
            over = outage;
            outage = null;
            redial.ready(timers.millis(), over != null);
            owner.admit(epoch);
            epoch.readyTimer.cancel();
            opened = ready;
        } finally {
            lock.unlock();
        }
        LOG.info("Session {} is ready{}: {}, model {}", name, over == null ? "" : " again", epoch, config.model());
        owner.ready(epoch, over);
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
        ErrorClass kind = errors.ofClose(code, reason);
        ended(epoch, kind, EndReasons.closedByService(name, code, reason, kind), 0);
    }

    void onFailure(Epoch epoch, TransportException problem) {
        ErrorClass kind = errors.ofFailure(problem);
        ended(epoch, kind, EndReasons.failed(name, problem, kind), problem.getRetryAfterMillis());
    }

    private void ended(Epoch epoch, ErrorClass kind, SessionClosedException reason, long retryAfterMillis) {
        SessionState then = stateOf(epoch);
        if (then == SessionState.CLOSING) {
            closedInGoodOrder(epoch);
        } else if (kind == ErrorClass.FATAL || kind == ErrorClass.CALL_GONE) {
            giveUp(epoch, reason);
        } else if (then == SessionState.READY) {
            lost(epoch, Outage.of(Outage.Kind.of(kind), reason, epoch));
        } else if (then != null) {
            attemptFailed(epoch, reason, retryAfterMillis);
        }
        if (stateOf(epoch) == SessionState.CLOSING) {
            // a close came in between and waits for an end that has already been
            closedInGoodOrder(epoch);
        }
    }

    /** The connection is of no use any more though it stands: the next takes its place, if the session reconnects. */
    void distrust(Epoch epoch, Outage.Kind kind, SessionClosedException reason) {
        lost(epoch, Outage.of(kind, reason, epoch));
    }

    boolean reconnects() {
        return redial.budget() > 0;
    }

    /** The present epoch, which was ready, is over; the next begins once everybody has been told. */
    private void lost(Epoch epoch, Outage why) {
        CompletableFuture<Void> told;
        long delay;
        lock.lock();
        try {
            if (epoch != current || state != SessionState.READY) {
                return;
            }
            if (redial.lost(why.kind(), timers.millis())) {
                // from here on nothing that the old epoch says counts
                current = null;
                state = SessionState.CONNECTING;
                outage = why;
                ready = new CompletableFuture<>();
                delay = redial.delayAfterLoss(why.kind());
                owner.hold();
                told = beginSettling();
            } else {
                told = null;
                delay = 0;
            }
        } finally {
            lock.unlock();
        }
        if (told == null) {
            giveUp(epoch, reconnects() && redial.isSpent() ? EndReasons.tooOften(why.reason(), redial.budget()) : why.reason());
            return;
        }
        if (why.kind() == Outage.Kind.RESTART) {
            hangUp(epoch);
        } else {
            LOG.warn("{}; connecting anew", why.reason().getMessage());
            abort(epoch);
        }
        epoch.gate.afterPresentEvent(() -> {
            try {
                owner.interrupted(epoch, why);
            } finally {
                told.complete(null);
                dialIn(delay);
            }
        });
    }

    /** The next attempt, unless somebody closes the session before. */
    private void dialIn(long delayMillis) {
        lock.lock();
        try {
            if (state == SessionState.CONNECTING && current == null) {
                retry = timers.schedule(this::dialAgain, delayMillis);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Closes a connection that is no longer the present one, in good order if the service plays along. */
    private void hangUp(Epoch epoch) {
        epoch.transport.close(NORMAL_CLOSURE, "OK");
        timers.schedule(() -> abort(epoch), CLOSE_MILLIS);
    }

    /**
     * Ends the present epoch in good order and begins the next.
     *
     * @return done when the next is ready; fails if the session is not open, or cannot be opened again
     */
    CompletableFuture<Void> restart() {
        Epoch epoch;
        CompletableFuture<Void> over;
        lock.lock();
        try {
            if (state == SessionState.CONNECTING || state == SessionState.CONFIGURING) {
                return ready;
            }
            if (state == SessionState.READY && !restarted.isDone()) {
                return restarted;
            }
            epoch = current;
            over = new CompletableFuture<>();
            if (state == SessionState.READY) {
                restarted = over;
            }
        } finally {
            lock.unlock();
        }
        SessionClosedException gone = unavailable();
        if (gone != null) {
            return state() == SessionState.FAILED ? open() : CompletableFuture.failedFuture(gone);
        }
        owner.pause().whenComplete((nothing, problem) -> {
            lost(epoch, Outage.of(Outage.Kind.RESTART, EndReasons.restarted(name), epoch));
            // lost or closed meanwhile, by others: then it is their end that counts
            afterwards().whenComplete((again, failed) -> {
                if (failed == null) {
                    over.complete(null);
                } else {
                    over.completeExceptionally(failed);
                }
            });
        });
        return over;
    }

    private CompletableFuture<Void> afterwards() {
        SessionClosedException gone = unavailable();
        lock.lock();
        try {
            return gone == null ? ready : CompletableFuture.failedFuture(gone);
        } finally {
            lock.unlock();
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
        long delay = 0;
        lock.lock();
        try {
            if (epoch != current || state != SessionState.CONNECTING && state != SessionState.CONFIGURING) {
                return;
            }
            epoch.readyTimer.cancel();
            again = redial.mayTryAgain();
            if (again) {
                // from here on nothing that the old attempt says counts
                current = null;
                state = SessionState.CONNECTING;
                delay = redial.failed(retryAfterMillis);
                LOG.debug("Session {}: attempt {} failed ({}), next one in {} ms",
                        name, redial.attempts(), reason.getMessage(), delay);
            }
        } finally {
            lock.unlock();
        }
        if (again) {
            long wait = delay;
            abort(epoch);
            epoch.gate.afterPresentEvent(() -> dialIn(wait));
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
            outage = null;
            current = null;
            opening = ready;
            told = beginSettling();
        } finally {
            lock.unlock();
        }
        LOG.warn("{}", reason.getMessage());
        abort(epoch);
        epoch.gate.afterPresentEvent(() -> {
            try {
                owner.gone(epoch, reason, true);
            } finally {
                told.complete(null);
                opening.completeExceptionally(reason);
            }
        });
    }

    /** Only when all that is being told has been told does the next connection begin. */
    private CompletableFuture<Void> beginSettling() {
        CompletableFuture<Void> told = new CompletableFuture<>();
        settled = settled.isDone() ? told : CompletableFuture.allOf(settled, told);
        return told;
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
        EventGate gate;
        lock.lock();
        try {
            if (state != SessionState.CLOSING || epoch != current) {
                return;
            }
            state = SessionState.IDLE;
            current = null;
            outage = null;
            done = closed;
            opening = ready;
            gate = latest.gate;
            told = beginSettling();
        } finally {
            lock.unlock();
        }
        LOG.info("Session {} is closed", name);
        SessionClosedException reason = EndReasons.closed(name);
        gate.afterPresentEvent(() -> {
            try {
                owner.gone(epoch, reason, false);
            } finally {
                told.complete(null);
                opening.completeExceptionally(reason);
                done.complete(null);
            }
        });
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

    /** Why the session is being connected anew; {@code null} if it is not. */
    SessionClosedException outage() {
        lock.lock();
        try {
            return outage == null ? null : outage.reason();
        } finally {
            lock.unlock();
        }
    }

    /** How often it was ready anew without having been closed. */
    int reconnectCount() {
        lock.lock();
        try {
            return redial.reconnects();
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
