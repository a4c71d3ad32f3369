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

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;
import io.github.camelrealtime.transport.TransportException;
import io.github.camelrealtime.transport.TransportFactory;
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
final class SessionConnection implements Restorer {

    private static final Logger LOG = LoggerFactory.getLogger(SessionConnection.class);
    private static final long MILLIS_PER_SECOND = 1000;
    /** A hundred years after 2000; beyond it times in ms overflow, sooner or later. */
    private static final long LAST_SECOND = 4_102_444_800L;

    private final String name;
    private final SessionConfig config;
    private final Timers timers;
    private final ConnectionOwner owner;
    private final RolloverOwner successor;
    private final ErrorJudge errors;
    private final Targets targets;
    private final Dialler dialler;
    private final StandbyState standbys;
    private final Rollover rollover;

    /** For others to look at only. */
    final ConnectionState state;

    SessionConnection(
            String name, SessionConfig config, ConnectionOwner owner, RolloverOwner successor, EventIntake intake,
            TransportFactory transports, Timers timers, Spans spans, ErrorJudge errors, RolloverLimit limit) {
        this.errors = errors;
        this.owner = owner;
        this.successor = successor;
        this.name = name;
        this.config = config;
        this.timers = timers;
        EpochLine line = new EpochLine(number -> new Epoch(this, intake, number, spans));
        this.state = new ConnectionState(name, owner, timers, new Redial(config.backoff(), config.maxReconnects(), timers), line);
        this.standbys = new StandbyState(state, owner, line);
        this.targets = new Targets(config, timers);
        this.dialler = new Dialler(name, targets, transports, timers, state, standbys);
        this.rollover = new Rollover(name, config, successor, this, standbys, dialler, timers, limit);
    }

    /** How one connection follows another. */
    Rollover rollover() {
        return rollover;
    }

    /** The connections beside the present one. */
    StandbyState standbys() {
        return standbys;
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
        dialler.dial(epoch, problem -> unmade(epoch, problem));
    }

    private void dialAgain() {
        Epoch next = state.retry();
        if (next != null) {
            dial(next);
        }
    }

    void onOpen(Epoch epoch) {
        long timeout = config.timeouts().ready();
        if (!state.connected(epoch, timeout, () -> unmade(epoch, EndReasons.notConfirmed(name, timeout)))) {
            Dialler.abort(epoch);
        }
    }

    void onEvent(Epoch epoch, ServerEvent event) {
        JsonNode session = event.getJson().path("session");
        long expiresAt = millisOf(session.path("expires_at").asLong());
        if (EventTypes.SESSION_CREATED.equals(event.getType())) {
            epoch.named(session.path("id").asText(null), expiresAt);
            ObjectNode wanted = successor.configuration(epoch);
            if (wanted == null) {
                owner.configured(epoch, session);
                configured(epoch);
            } else if (isConfiguring(epoch)) {
                configure(epoch, wanted);
            }
        } else if (EventTypes.SESSION_UPDATED.equals(event.getType())) {
            owner.configured(epoch, session);
            configured(epoch);
            // only if the service says so: that an update prolongs the session is not to be relied on (ROLL-23)
            if (epoch.prolonged(expiresAt) && standbys.isReady(epoch) && rollover.isResting()) {
                rollover.plan(epoch);
            }
        }
    }

    /** Seconds since 1970 that nobody means count as unknown. */
    private static long millisOf(long seconds) {
        return seconds < 0 || seconds > LAST_SECOND ? 0 : seconds * MILLIS_PER_SECOND;
    }

    private void configure(Epoch epoch, ObjectNode wanted) {
        try {
            Dialler.configure(epoch, wanted);
        } catch (IllegalArgumentException tooLarge) {
            giveUp(epoch, EndReasons.notConfigured(name, tooLarge, true));
        }
    }

    boolean isConfiguring(Epoch epoch) {
        return epoch.stage == Epoch.Stage.CONFIGURING;
    }

    private void configured(Epoch epoch) {
        if (!state.configured(epoch)) {
            CompletableFuture<Void> again = epoch.configuredAgain;
            if (again != null) {
                again.complete(null);
            }
        } else if (standbys.isStandby(epoch)) {
            rollover.ready(epoch);
        } else {
            finish(epoch);
        }
    }

    /** The present attempt is configured: what it has to know, and then it is ready. */
    private void finish(Epoch epoch) {
        restore(epoch).whenComplete((restored, problem) -> {
            if (problem == null) {
                becomeReady(epoch, restored);
            } else {
                unmade(epoch, EndReasons.notReplayed(name, problem));
            }
        });
    }

    @Override
    public CompletableFuture<Replay.Result> restore(Epoch epoch) {
        CompletableFuture<Replay.Result> begun = standbys.beginRestoring(epoch);
        if (begun != null) {
            upToDate(epoch).thenCompose(nothing -> successor.restore(epoch)).whenComplete((restored, problem) -> {
                if (problem == null) {
                    begun.complete(restored);
                } else {
                    begun.completeExceptionally(problem instanceof CompletionException ? problem.getCause() : problem);
                }
            });
        }
        return epoch.restored;
    }

    /** The session may have been changed since the standby was configured. */
    private CompletableFuture<Void> upToDate(Epoch epoch) {
        ObjectNode wanted = successor.configuration(epoch);
        if (Objects.equals(wanted, epoch.configuration)) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> confirmed = new CompletableFuture<>();
        epoch.configuredAgain = confirmed;
        long timeout = config.timeouts().ready();
        epoch.readyTimer = timers.schedule(
                () -> confirmed.completeExceptionally(EndReasons.notConfirmed(name, timeout)), timeout);
        try {
            Dialler.configure(epoch, wanted);
        } catch (IllegalArgumentException tooLarge) {
            confirmed.completeExceptionally(EndReasons.notConfigured(name, tooLarge, false));
        }
        return confirmed.whenComplete((nothing, problem) -> epoch.readyTimer.cancel());
    }

    private void becomeReady(Epoch epoch, Replay.Result restored) {
        ConnectionStep.Ready ready = state.ready(epoch);
        if (ready == null) {
            return;
        }
        Outage over = ready.over();
        LOG.info("Session {} is ready{}: {}, model {}", name, over == null ? "" : " again", epoch, epoch.target.model());
        made(epoch);
        owner.ready(epoch, over, restored);
        rollover.begins(epoch);
        ready.opened().complete(null);
    }

    /**
     * The service refuses the configuration: another attempt would fare no better, unless the fault is its own, or the same has
     * been taken before.
     */
    void configurationRefused(Epoch epoch, ErrorClass kind, RequestRefusedException refused) {
        boolean fatal = kind == ErrorClass.FATAL || kind == ErrorClass.CALL_GONE;
        boolean passing = kind == ErrorClass.TRANSIENT || kind == ErrorClass.EXPIRED || state.wasReady();
        SessionClosedException reason = EndReasons.notConfigured(name, refused, fatal || !passing);
        CompletableFuture<Void> again = epoch.configuredAgain;
        if (again != null && again.completeExceptionally(reason)) {
            return;
        }
        unmade(epoch, reason);
    }

    /** Whether an error may be about the configuration. */
    boolean isAboutConfiguration(Epoch epoch) {
        CompletableFuture<Void> again = epoch.configuredAgain;
        return isConfiguring(epoch) || again != null && !again.isDone();
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

    private void ended(Epoch epoch, ErrorClass kind, SessionClosedException ofService, long retryAfterMillis) {
        if (rollover.draining().ended(epoch)) {
            return;
        }
        boolean fatal = kind == ErrorClass.FATAL;
        SessionState then = state.of(epoch);
        boolean attempt = standbys.isStandby(epoch) || then == SessionState.CONNECTING || then == SessionState.CONFIGURING;
        boolean elsewhere = (attempt || fatal && then == SessionState.READY) && targets.failed(epoch.target, fatal);
        SessionClosedException reason = elsewhere ? EndReasons.elsewhere(ofService) : ofService;
        long after = elsewhere ? Redial.AT_ONCE : retryAfterMillis;
        if (rollover.failed(epoch, reason, after)) {
            return;
        }
        if (then == SessionState.CLOSING) {
            closedInGoodOrder(epoch);
        } else if (fatal && !elsewhere || kind == ErrorClass.CALL_GONE) {
            giveUp(epoch, reason);
        } else if (then == SessionState.READY) {
            lost(epoch, Outage.of(Outage.Kind.of(kind), reason, epoch));
        } else if (then != null) {
            attemptFailed(epoch, reason, after);
        }
        if (state.of(epoch) == SessionState.CLOSING) {
            // a close came in between and waits for an end that has already been
            closedInGoodOrder(epoch);
        }
    }

    /**
     * The service says that the session has reached its greatest age; it may close the connection, or not (ROLL-4). That is no
     * failure. Where there can be no other connection, this one is of use until it is closed.
     */
    void expired(Epoch epoch, String message) {
        SessionClosedException reason = EndReasons.expired(name, message);
        if (standbys.isDraining(epoch) || rollover.failed(epoch, reason, 0)) {
            return;
        }
        if (state.of(epoch) == SessionState.READY && (state.reconnects() || standbys.standby() != null)) {
            lost(epoch, Outage.of(Outage.Kind.EXPIRED, reason, epoch));
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
        rollover.halt();
        if (why.kind() == Outage.Kind.RESTART) {
            dialler.hangUp(epoch);
        } else {
            if (why.kind() == Outage.Kind.EXPIRED) {
                LOG.info("{}; connecting anew", why.reason().getMessage());
            } else {
                LOG.warn("{}; connecting anew", why.reason().getMessage());
            }
            Dialler.abort(epoch);
        }
        epoch.gate.afterPresentEvent(() -> {
            try {
                owner.interrupted(epoch, why);
            } finally {
                setback.told().complete(null);
                if (!takeStandby()) {
                    state.retryIn(setback.delayMillis(), this::dialAgain);
                }
            }
        });
    }

    /** The standby becomes the next attempt, however far it is. Returns whether there is one. */
    private boolean takeStandby() {
        Epoch next = standbys.promote();
        if (next == null) {
            return false;
        }
        LOG.debug("Session {}: {} takes the place of the lost connection", name, next);
        if (next.stage == Epoch.Stage.CONFIGURED) {
            finish(next);
        }
        return true;
    }

    /**
     * Lets another epoch take the place of the present one: while that still stands, if there may be two.
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
        if (config.rollover().enabled()) {
            rollover.ask(epoch, over);
            return over;
        }
        owner.pause().whenComplete((nothing, problem) -> {
            lost(epoch, Outage.of(Outage.Kind.RESTART, EndReasons.restarted(name), epoch));
            // lost or closed meanwhile, by others: then it is their end that counts
            follow(over);
        });
        return over;
    }

    @Override
    public void follow(CompletableFuture<Void> over) {
        state.awaited().whenComplete((again, failed) -> {
            if (failed == null) {
                over.complete(null);
            } else {
                over.completeExceptionally(failed);
            }
        });
    }

    @Override
    public void made(Epoch epoch) {
        targets.ready(epoch.target);
    }

    /** An attempt has come to nothing: another is made, here or elsewhere, if any would fare better. */
    @Override
    public void unmade(Epoch epoch, SessionClosedException reason) {
        boolean attempt = standbys.isStandby(epoch) || state.isCurrent(epoch);
        boolean elsewhere = attempt && epoch.target != null && targets.failed(epoch.target, reason.isFatal());
        SessionClosedException why = elsewhere ? EndReasons.elsewhere(reason) : reason;
        long after = elsewhere ? Redial.AT_ONCE : 0;
        if (rollover.failed(epoch, why, after)) {
            return;
        }
        if (reason.isFatal() && !elsewhere) {
            giveUp(epoch, reason);
        } else {
            attemptFailed(epoch, why, after);
        }
    }

    private void attemptFailed(Epoch epoch, SessionClosedException reason, long retryAfterMillis) {
        ConnectionStep.Setback setback = state.failed(epoch, reason, retryAfterMillis);
        if (setback == null) {
            return;
        }
        if (setback.again()) {
            Dialler.abort(epoch);
            epoch.gate.afterPresentEvent(() -> state.retryIn(setback.delayMillis(), this::dialAgain));
        } else {
            giveUp(epoch, reason);
        }
    }

    private void giveUp(Epoch epoch, SessionClosedException reason) {
        if (rollover.failed(epoch, reason, 0)) {
            return;
        }
        ConnectionStep.End end = state.giveUp(epoch, reason);
        if (end == null) {
            return;
        }
        LOG.warn("{}", reason.getMessage());
        Dialler.abort(epoch);
        rollover.stop();
        rollover.draining().abandon();
        end.gate().afterPresentEvent(() -> {
            try {
                owner.gone(epoch, reason, true);
            } finally {
                end.told().complete(null);
                end.opening().completeExceptionally(reason);
            }
        });
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
        rollover.stop();
        if (!closing.ready()) {
            abandon(epoch);
            return done;
        }
        owner.drain().whenComplete((nothing, problem) -> {
            owner.closing(epoch);
            epoch.transport.close(Dialler.NORMAL_CLOSURE, "OK");
            Timers.Cancellable timer = timers.schedule(() -> abandon(epoch), Dialler.CLOSE_MILLIS);
            done.whenComplete((gone, none) -> timer.cancel());
        });
        return done;
    }

    /** Closes at once. */
    void closeNow() {
        ConnectionStep.Closing closing = state.close(true);
        if (closing.wanted()) {
            rollover.stop();
            abandon(closing.epoch());
        }
    }

    private void abandon(Epoch epoch) {
        if (epoch != null) {
            Dialler.abort(epoch);
        }
        closedInGoodOrder(epoch);
    }

    private void closedInGoodOrder(Epoch epoch) {
        ConnectionStep.End end = state.closed(epoch);
        if (end == null) {
            return;
        }
        LOG.info("Session {} is closed", name);
        rollover.draining().abandon();
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
