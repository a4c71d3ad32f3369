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
import java.util.concurrent.CompletionException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
 * lost. {@link ConnectionState} decides on each step, under its lock, and knows the present epoch; here is done what follows
 * from it.
 *
 * <p>An epoch ends once: what is to be said at its end is said by its {@link EventGate}, after the event that is just being
 * passed on, and the next epoch does not begin before. So nothing of an old one can reach the parts of a new one.
 */
final class SessionConnection {

    private static final Logger LOG = LoggerFactory.getLogger(SessionConnection.class);
    private static final int NORMAL_CLOSURE = 1000;
    /** How long the service may take to answer our close frame, in ms: little, as a stop waits for it beyond drainTimeout. */
    private static final long CLOSE_MILLIS = 1000;
    private static final long MILLIS_PER_SECOND = 1000;

    private final String name;
    private final SessionConfig config;
    private final TransportFactory transports;
    private final Timers timers;
    private final ConnectionOwner owner;
    private final ErrorJudge errors;

    /** For others to look at only. */
    final ConnectionState state;

    SessionConnection(
            String name, SessionConfig config, ConnectionOwner owner, EventIntake intake, TransportFactory transports,
            Timers timers, Spans spans, ErrorJudge errors) {
        this.errors = errors;
        this.owner = owner;
        this.name = name;
        this.config = config;
        this.transports = transports;
        this.timers = timers;
        this.state = new ConnectionState(
                name, owner, timers, new Redial(config.backoff(), config.maxReconnects()),
                number -> new Epoch(this, intake, number, spans));
    }

    // ---- opening

    /** Opens unless open or being opened. */
    CompletableFuture<Void> open() {
        ConnectionStep.Opening opening = state.open();
        if (opening.after() != null) {
            return opening.after().thenCompose(nothing -> open());
        }
        if (opening.first() != null) {
            dial(opening.first());
        }
        return opening.ready();
    }

    private void dial(Epoch epoch) {
        try {
            // asked for at every attempt: credentials expire and rotate. Not under a lock: a vault may take its time
            TransportRequest request = new TransportRequest(config.uri(), config.headers().get());
            LOG.debug("Session {}: dialling {}, {}", name, config.uri(), epoch);
            state.whilePresent(epoch, () -> epoch.transport = transports.open(request, epoch));
        } catch (RuntimeException e) {
            // not on this thread: whoever opens has no future in hand yet
            timers.schedule(() -> giveUp(epoch, EndReasons.notOpened(name, e)), 0);
        }
    }

    private void dialAgain() {
        Epoch next = state.retry();
        if (next != null) {
            dial(next);
        }
    }

    void onOpen(Epoch epoch) {
        long timeout = config.timeouts().ready();
        if (!state.connected(epoch, timeout, () -> attemptFailed(epoch, EndReasons.notConfirmed(name, timeout), 0))) {
            abort(epoch);
        }
    }

    void onEvent(Epoch epoch, ServerEvent event) {
        if (EventTypes.SESSION_CREATED.equals(event.getType())) {
            JsonNode created = event.getJson().path("session");
            epoch.named(created.path("id").asText(null), created.path("expires_at").asLong() * MILLIS_PER_SECOND);
            ObjectNode configuration = owner.configuration();
            if (configuration == null) {
                owner.configured(created);
                replay(epoch);
            } else if (isConfiguring(epoch)) {
                configure(epoch, configuration);
            }
        } else if (EventTypes.SESSION_UPDATED.equals(event.getType())) {
            owner.configured(event.getJson().path("session"));
            replay(epoch);
        }
    }

    /** Past the outbox, whose gate is still shut. */
    private void configure(Epoch epoch, ObjectNode configuration) {
        try {
            epoch.transport.send(ClientEvent.sessionUpdate(configuration).toJson());
        } catch (IllegalArgumentException tooLarge) {
            giveUp(epoch, EndReasons.notConfigured(name, tooLarge, true));
        }
    }

    boolean isConfiguring(Epoch epoch) {
        return state.of(epoch) == SessionState.CONFIGURING;
    }

    /** Past the outbox too: what waits there was said later. */
    private void replay(Epoch epoch) {
        if (!isConfiguring(epoch) || epoch.replay != null) {
            return;
        }
        // it has a time-out of its own, as it takes the longer the more was said
        epoch.readyTimer.cancel();
        owner.replay(epoch).whenComplete((nothing, failure) -> {
            if (failure == null) {
                becomeReady(epoch);
            } else {
                Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                attemptFailed(epoch, EndReasons.notReplayed(name, cause), 0);
            }
        });
    }

    private void becomeReady(Epoch epoch) {
        ConnectionStep.Ready ready = state.ready(epoch);
        if (ready == null) {
            return;
        }
        Outage over = ready.over();
        LOG.info("Session {} is ready{}: {}, model {}", name, over == null ? "" : " again", epoch, config.model());
        owner.ready(epoch, over);
        ready.opened().complete(null);
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
        SessionState then = state.of(epoch);
        if (then == SessionState.CLOSING) {
            closedInGoodOrder(epoch);
        } else if (kind == ErrorClass.FATAL || kind == ErrorClass.CALL_GONE) {
            giveUp(epoch, reason);
        } else if (then == SessionState.READY) {
            lost(epoch, Outage.of(Outage.Kind.of(kind), reason, epoch));
        } else if (then != null) {
            attemptFailed(epoch, reason, retryAfterMillis);
        }
        if (state.of(epoch) == SessionState.CLOSING) {
            // a close came in between and waits for an end that has already been
            closedInGoodOrder(epoch);
        }
    }

    /** The connection is of no use any more though it stands: the next takes its place, if the session reconnects. */
    void distrust(Epoch epoch, Outage.Kind kind, SessionClosedException reason) {
        lost(epoch, Outage.of(kind, reason, epoch));
    }

    /** The present epoch, which was ready, is over; the next begins once everybody has been told. */
    private void lost(Epoch epoch, Outage why) {
        ConnectionStep.Setback setback = state.lost(epoch, why);
        if (setback == null) {
            return;
        }
        if (!setback.again()) {
            giveUp(epoch, setback.spent() ? EndReasons.tooOften(why.reason(), config.maxReconnects()) : why.reason());
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
                setback.told().complete(null);
                state.retryIn(setback.delayMillis(), this::dialAgain);
            }
        });
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
        ConnectionStep.Restart restart = state.restart();
        if (restart == null) {
            return open();
        }
        Epoch epoch = restart.epoch();
        CompletableFuture<Void> over = restart.over();
        if (epoch == null) {
            return over;
        }
        owner.pause().whenComplete((nothing, problem) -> {
            lost(epoch, Outage.of(Outage.Kind.RESTART, EndReasons.restarted(name), epoch));
            // lost or closed meanwhile, by others: then it is their end that counts
            state.awaited().whenComplete((again, failed) -> {
                if (failed == null) {
                    over.complete(null);
                } else {
                    over.completeExceptionally(failed);
                }
            });
        });
        return over;
    }

    private void attemptFailed(Epoch epoch, SessionClosedException reason, long retryAfterMillis) {
        ConnectionStep.Setback setback = state.failed(epoch, reason, retryAfterMillis);
        if (setback == null) {
            return;
        }
        if (setback.again()) {
            abort(epoch);
            epoch.gate.afterPresentEvent(() -> state.retryIn(setback.delayMillis(), this::dialAgain));
        } else {
            giveUp(epoch, reason);
        }
    }

    private void giveUp(Epoch epoch, SessionClosedException reason) {
        ConnectionStep.End end = state.giveUp(epoch, reason);
        if (end == null) {
            return;
        }
        LOG.warn("{}", reason.getMessage());
        abort(epoch);
        end.gate().afterPresentEvent(() -> {
            try {
                owner.gone(epoch, reason, true);
            } finally {
                end.told().complete(null);
                end.opening().completeExceptionally(reason);
            }
        });
    }

    private static void abort(Epoch epoch) {
        if (epoch.transport != null) {
            epoch.transport.abort();
        }
    }

    // ---- closing

    /** As {@link #close()}, and it is never opened again. */
    CompletableFuture<Void> retire() {
        state.retire();
        return close();
    }

    /** Closes in good order; done when the connection is gone, never fails. */
    CompletableFuture<Void> close() {
        ConnectionStep.Closing closing = state.close(false);
        Epoch epoch = closing.epoch();
        CompletableFuture<Void> done = closing.done();
        if (!closing.wanted()) {
            return done;
        }
        if (!closing.ready()) {
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
        ConnectionStep.Closing closing = state.close(true);
        if (closing.wanted()) {
            abandon(closing.epoch());
        }
    }

    private void abandon(Epoch epoch) {
        if (epoch != null) {
            abort(epoch);
        }
        closedInGoodOrder(epoch);
    }

    private void closedInGoodOrder(Epoch epoch) {
        ConnectionStep.End end = state.closed(epoch);
        if (end == null) {
            return;
        }
        LOG.info("Session {} is closed", name);
        SessionClosedException reason = EndReasons.closed(name);
        end.gate().afterPresentEvent(() -> {
            try {
                owner.gone(epoch, reason, false);
            } finally {
                end.told().complete(null);
                end.opening().completeExceptionally(reason);
                end.closed().complete(null);
            }
        });
    }
}
