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
import java.util.concurrent.locks.ReentrantLock;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one connection follow another while both stand, so that nothing is lost (ROLL-1, ROLL-2): plans when, dials a standby, has
 * it told of the conversation, waits for a pause, hands over, and switches; the old one is {@link Draining}. A standby that dies
 * is replaced. If the present connection
 * is lost, {@link SessionConnection} takes the standby for the next.
 *
 * <pre>
 * RESTING ──begin──▶ DIALLING ──configured, told──▶ WAITING ──pause, or forced──▶ MOVING ──switched──▶ RESTING
 *    ▲                  │ failed                      │ failed                     │ failed: what waits leaves by the old one
 *    └──────after a while (back-off, Retry-After)─────┴────────────────────────────┘
 * </pre>
 *
 * <p>Holds no thread: a pause is looked for after events, and by a timer. Thread-safe; the lock guards the phase, and nobody is
 * called under it.
 */
final class Rollover {

    /** How far it is. */
    private enum Phase {
        RESTING,
        DIALLING,
        WAITING,
        MOVING
    }

    /** A pause may come without an event, so it is looked for this often, in ms. */
    private static final long LOOK_MILLIS = 100;
    private static final Logger LOG = LoggerFactory.getLogger(Rollover.class);

    private final String name;
    private final SessionConfig config;
    private final RolloverOwner owner;
    private final Restorer restorer;
    private final StandbyState standbys;
    private final Dialler dialler;
    private final Timers timers;
    private final RolloverLimit limit;
    private final Draining draining;

    private final ReentrantLock lock = new ReentrantLock();
    private volatile Phase phase = Phase.RESTING;
    /** The present epoch, which is to be followed; {@code null} while there is none. */
    private volatile Epoch from;
    private Timers.Cancellable begin = Timers.Cancellable.NOTHING;
    private Timers.Cancellable deadline = Timers.Cancellable.NOTHING;
    private Timers.Cancellable look = Timers.Cancellable.NOTHING;
    private RolloverLimit.Permit permit;
    private CompletableFuture<Void> handOver;
    /** Whether its time has come. */
    private boolean due;
    /** Whether a pause is not waited for. */
    private boolean overdue;
    private int setbacks;
    /** Of who asked for it, {@code null} if nobody did. */
    private CompletableFuture<Void> asked;
    private volatile SessionClosedException problem;

    Rollover(
            String name, SessionConfig config, RolloverOwner owner, Restorer restorer, StandbyState standbys, Dialler dialler,
            Timers timers, RolloverLimit limit) {
        this.name = name;
        this.config = config;
        this.owner = owner;
        this.restorer = restorer;
        this.standbys = standbys;
        this.dialler = dialler;
        this.timers = timers;
        this.limit = limit;
        this.draining = new Draining(config, owner, standbys, dialler, timers);
    }

    /** What becomes of the connections that others have taken the place of. */
    Draining draining() {
        return draining;
    }

    /** Why the next connection cannot be made, though the present one stands; {@code null} if nothing is wrong. */
    SessionClosedException problem() {
        return problem;
    }

    // ---- when

    /** This epoch is the present one from now on. Again is no different from once. */
    void begins(Epoch epoch) {
        if (epoch != from) {
            plan(epoch);
        }
    }

    /** This epoch is the present one, and its end is known, or known better than before. */
    void plan(Epoch epoch) {
        if (!config.rollover().enabled()) {
            halt(epoch);
            return;
        }
        long now = timers.millis();
        RolloverPlan plan = RolloverPlan.of(
                config.rollover(), now, epoch.expiresAtMillis, timers.spread());
        halt(epoch);
        lock.lock();
        try {
            begin = timers.schedule(() -> comesDue(epoch), plan.beginMillis() - now);
            deadline = timers.schedule(() -> hurry(epoch), plan.forceMillis() - now);
        } finally {
            lock.unlock();
        }
    }

    /** Whether another plan may be made: nothing is on its way yet. */
    boolean isResting() {
        return phase == Phase.RESTING;
    }

    private void comesDue(Epoch epoch) {
        lock.lock();
        try {
            due |= epoch == from;
        } finally {
            lock.unlock();
        }
        begin(epoch);
    }

    /**
     * Somebody wants the next connection now.
     *
     * @param over done when it is the present one
     */
    void ask(Epoch epoch, CompletableFuture<Void> over) {
        if (standbys.isReady(epoch)) {
            // whoever made it ready may not have come to say so yet
            begins(epoch);
        }
        boolean gone;
        lock.lock();
        try {
            gone = epoch != from;
            if (!gone) {
                asked = over;
                setbacks = 0;
            }
        } finally {
            lock.unlock();
        }
        if (gone) {
            // lost meanwhile, which leads to another connection as well
            restorer.follow(over);
            return;
        }
        begin(epoch);
        hurryAfterDrain(epoch);
    }

    private void hurryAfterDrain(Epoch epoch) {
        lock.lock();
        try {
            if (epoch != from || asked == null || phase != Phase.WAITING) {
                return;
            }
            deadline.cancel();
            deadline = timers.schedule(() -> hurry(epoch), config.timeouts().drain());
        } finally {
            lock.unlock();
        }
    }

    /** There is no time left for waiting. */
    private void hurry(Epoch epoch) {
        boolean dials = false;
        lock.lock();
        try {
            if (epoch != from) {
                return;
            }
            overdue = true;
            due = true;
            if (phase == Phase.DIALLING && permit != null && permit.withdraw()) {
                permit = null;
                dials = true;
            }
        } finally {
            lock.unlock();
        }
        if (dials) {
            dial(epoch);
        }
        begin(epoch);
        look();
    }

    // ---- the standby

    private void begin(Epoch epoch) {
        RolloverLimit.Permit wanted;
        lock.lock();
        try {
            if (epoch != from || phase != Phase.RESTING) {
                return;
            }
            phase = Phase.DIALLING;
            begin.cancel();
            wanted = limit.permit(() -> dial(epoch));
            permit = wanted;
        } finally {
            lock.unlock();
        }
        wanted.ask();
    }

    private void dial(Epoch present) {
        Epoch standby = standbys.begin(present);
        if (standby == null) {
            // lost or closed meanwhile
            release();
            return;
        }
        LOG.debug("Session {}: dialling {}, which is to follow {}", name, standby, present);
        dialler.dial(standby, problem -> restorer.unmade(standby, problem));
    }

    private void release() {
        RolloverLimit.Permit held;
        lock.lock();
        try {
            held = permit;
            permit = null;
        } finally {
            lock.unlock();
        }
        if (held != null) {
            held.release();
        }
    }

    /** The service has confirmed the configuration of the standby: it is told what was said so far (ROLL-10). */
    void ready(Epoch standby) {
        release();
        owner.prepare(standby).whenComplete((nothing, reason) -> {
            if (reason == null) {
                prepared(standby);
            } else {
                failed(standby, EndReasons.notReplayed(name, cause(reason)), 0);
            }
        });
    }

    private void prepared(Epoch standby) {
        Epoch present;
        lock.lock();
        try {
            if (phase != Phase.DIALLING || !standbys.isStandby(standby)) {
                return;
            }
            phase = Phase.WAITING;
            problem = null;
            present = from;
        } finally {
            lock.unlock();
        }
        restorer.made(standby);
        LOG.debug("Session {}: {} is ready to follow", name, standby);
        hurryAfterDrain(present);
        lookAgain();
    }

    /**
     * An attempt has failed, or a connection that stood is of no use any more.
     *
     * @return whether it is the standby; what is present is no matter of ours
     */
    boolean failed(Epoch standby, SessionClosedException reason, long retryAfterMillis) {
        if (!standbys.failed(standby)) {
            return false;
        }
        LOG.debug("Session {}: {} cannot follow: {}", name, standby, reason.getMessage());
        Dialler.abort(standby);
        CompletableFuture<Void> handingOver;
        Epoch present;
        lock.lock();
        try {
            handingOver = phase == Phase.MOVING ? handOver : CompletableFuture.completedFuture(null);
            boolean moving = phase == Phase.MOVING;
            present = from;
            problem = reason;
            look.cancel();
            setbacks++;
            if (!moving) {
                phase = Phase.RESTING;
            }
        } finally {
            lock.unlock();
        }
        release();
        // what was given meanwhile waits behind the hand-over, so that has to come to its end
        handingOver.whenComplete((nothing, failure) -> tryAgain(present, reason, retryAfterMillis));
        return true;
    }

    private void tryAgain(Epoch present, SessionClosedException reason, long retryAfterMillis) {
        boolean kept;
        CompletableFuture<Void> refused = null;
        lock.lock();
        try {
            if (present == null || present != from) {
                return;
            }
            kept = phase == Phase.MOVING;
            phase = Phase.RESTING;
            if (asked != null && (reason.isFatal() || setbacks >= config.backoff().maxAttempts())) {
                refused = asked;
                asked = null;
            }
            // after what is fatal there is one more try, when there is no time left (ROLL-8)
            if (!reason.isFatal() && (due || asked != null)) {
                long delay = config.backoff().delayMillis(setbacks, timers.spread());
                long wait = retryAfterMillis == Redial.AT_ONCE ? 0 : Math.max(delay, retryAfterMillis);
                begin = timers.schedule(() -> begin(present), wait);
            }
        } finally {
            lock.unlock();
        }
        if (kept) {
            keep(present);
        }
        if (refused != null) {
            plan(present);
            // nothing is wrong with the present one, but it will not be followed unless somebody sees to it
            problem = reason.isFatal() ? reason : null;
            refused.completeExceptionally(reason);
        }
    }

    // ---- the switch

    /** After everything that may make a pause; costs nothing while none is looked for. */
    void lookIfWaiting() {
        if (isWaiting()) {
            look();
        }
    }

    private boolean isWaiting() {
        return phase == Phase.WAITING;
    }

    private void lookAgain() {
        look();
        lock.lock();
        try {
            if (phase == Phase.WAITING) {
                look = timers.schedule(this::lookAgain, LOOK_MILLIS);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes the pause, if this is one. */
    void look() {
        boolean pause = isWaiting() && owner.isPause();
        Epoch present;
        Epoch standby;
        CompletableFuture<Void> handedOver = new CompletableFuture<>();
        lock.lock();
        try {
            standby = standbys.standby();
            if (phase != Phase.WAITING || !pause && !overdue || standby == null) {
                return;
            }
            phase = Phase.MOVING;
            look.cancel();
            present = from;
            handOver = handedOver;
        } finally {
            lock.unlock();
        }
        boolean forced = !pause;
        owner.handOver(forced).whenComplete((nothing, problem) -> {
            handedOver.complete(null);
            move(present, standby, forced);
        });
    }

    private void move(Epoch present, Epoch standby, boolean forced) {
        if (!standbys.isReady(present) || !standbys.isStandby(standby)) {
            // one of them is lost, or the session is being closed: that has been seen to
            return;
        }
        restorer.restore(standby).whenComplete((restored, problem) -> {
            if (problem != null) {
                failed(standby, EndReasons.notReplayed(name, cause(problem)), 0);
            } else {
                present.gate.afterPresentEvent(() -> switchOver(present, standby, forced, restored));
            }
        });
    }

    private static Throwable cause(Throwable problem) {
        return problem instanceof CompletionException && problem.getCause() != null ? problem.getCause() : problem;
    }

    private void switchOver(Epoch present, Epoch next, boolean forced, Replay.Result restored) {
        owner.switching(present, next);
        if (!standbys.switchOver(present, next)) {
            return;
        }
        LOG.info("Session {} goes on with {} in place of {}{}", name, next, present, forced ? ", without a pause" : "");
        CompletableFuture<Void> over;
        lock.lock();
        try {
            over = asked;
            asked = null;
        } finally {
            lock.unlock();
        }
        owner.switched(present, next, new RolloverOwner.Passage(over == null ? "planned" : "restart", forced, restored));
        draining.begin(present);
        begins(next);
        if (over != null) {
            over.complete(null);
        }
    }

    // ---- the end

    /** The present epoch is lost: nothing is planned until there is another. A standby stays for who needs one. */
    void halt() {
        CompletableFuture<Void> over;
        lock.lock();
        try {
            over = asked;
            asked = null;
        } finally {
            lock.unlock();
        }
        halt(null);
        if (over != null) {
            restorer.follow(over);
        }
    }

    private void halt(Epoch next) {
        lock.lock();
        try {
            from = next;
            phase = Phase.RESTING;
            due = false;
            overdue = false;
            setbacks = 0;
            problem = null;
            begin.cancel();
            deadline.cancel();
            look.cancel();
        } finally {
            lock.unlock();
        }
        release();
    }

    /** The session is being closed, or is lost for good: there is no next connection. */
    void stop() {
        Epoch kept = phase == Phase.MOVING ? from : null;
        Epoch standby = standbys.takeStandby();
        if (standby != null) {
            Dialler.abort(standby);
        }
        halt();
        if (kept != null) {
            keep(kept);
        }
    }

    private void keep(Epoch present) {
        if (standbys.admitAgain(present)) {
            owner.keep(present);
        }
    }
}
