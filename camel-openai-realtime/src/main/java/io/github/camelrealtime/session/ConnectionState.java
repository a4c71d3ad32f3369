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
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a session stands in its life, and the steps from one state to another: each is taken as a whole, under one lock, or
 * not at all. There is one present epoch or none; for an older one no step is taken. The steps of connections beside the
 * present one stand in {@link StandbyState}: a planned rollover, and a restart, happen within READY. If the present epoch is lost
 * while there is a standby, that becomes the present attempt: CONNECTING or CONFIGURING, as far as it is. Without rollover a
 * restart is a loss that is wanted.
 *
 * <pre>
 * IDLE ──open──▶ CONNECTING ──101──▶ CONFIGURING ──session.updated──▶ READY ──close──▶ CLOSING ──▶ IDLE
 *                  ▲  ▲ │ failed, attempts left      │                │ │ │
 *                  │  └─┴────────────────────────────┘                │ │ │
 *                  └────────────────── lost, expired ─────────────────┘ │ │
 *                      failed for good ──────────▶ FAILED ◀─────────────┘─┘ lost for good: fatal, or reconnects used up
 *                                                    └──open──▶ CONNECTING
 * </pre>
 *
 * <p>What follows from a step is done by the {@link SessionConnection}, so a step returns what is needed for it, a
 * {@link ConnectionStep}. The lock is never held while the {@link ConnectionOwner} is told of an end or a future completed.
 */
final class ConnectionState {

    /**
     * How the session does.
     *
     * @param epoch      the present one, {@code null} if there is none
     * @param number     of the present epoch or the last there was, 0 before the first
     * @param reconnects how often it was ready anew after a time without a connection
     * @param rollovers  how often another connection took the place of one that still stood
     * @param sockets    connections that stand, are being made, or have not gone yet
     * @param outage     why it is being connected anew, {@code null} if it is not
     * @param failure    why it was lost for good, {@code null} if it was not
     */
    record Snapshot(
            SessionState state, Epoch epoch, int number, int reconnects, int rollovers, int sockets,
            SessionClosedException outage, SessionClosedException failure) {
    }

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionState.class);

    private final String name;
    private final ConnectionOwner owner;
    private final Timers timers;
    private final Redial redial;
    private final EpochLine line;

    private final ReentrantLock lock;
    private SessionState state = SessionState.IDLE;
    private int rollovers;
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

    /** @param line guarded by its lock, which is the connection's */
    ConnectionState(String name, ConnectionOwner owner, Timers timers, Redial redial, EpochLine line) {
        this.name = name;
        this.owner = owner;
        this.timers = timers;
        this.redial = redial;
        this.line = line;
        this.lock = line.lock;
    }

    // ---- towards being ready

    ConnectionStep.Opening open() {
        lock.lock();
        try {
            if (retired) {
                return ConnectionStep.Opening.answer(CompletableFuture.failedFuture(EndReasons.retired(name)));
            }
            if (state == SessionState.CLOSING) {
                return ConnectionStep.Opening.answer(CompletableFuture.failedFuture(EndReasons.closing(name)));
            }
            if (!settled.isDone()) {
                // the owner is still telling those who waited for the last connection
                return new ConnectionStep.Opening(null, settled, null);
            }
            if (state != SessionState.IDLE && state != SessionState.FAILED) {
                return ConnectionStep.Opening.answer(ready);
            }
            owner.opening();
            ready = new CompletableFuture<>();
            failure = null;
            outage = null;
            redial.begin();
            state = SessionState.CONNECTING;
            return new ConnectionStep.Opening(nextEpoch(), null, ready);
        } finally {
            lock.unlock();
        }
    }

    /** The next attempt. There is never more than one: only the end of the present one leads here again. */
    private Epoch nextEpoch() {
        redial.dialling();
        Epoch next = line.nextPresent();
        owner.dialling(next);
        return next;
    }

    /** Has this called after a while, unless the session is closed before. */
    void retryIn(long delayMillis, Runnable dial) {
        lock.lock();
        try {
            if (state == SessionState.CONNECTING && line.present == null) {
                retry = timers.schedule(dial, delayMillis);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The epoch to dial after a setback; {@code null} if none is wanted any more. */
    Epoch retry() {
        return locked(() -> state == SessionState.CONNECTING && line.present == null ? nextEpoch() : null);
    }

    /** Does this if it is the present epoch or the standby, and lets nothing come in between. */
    void whileWanted(Epoch epoch, Runnable action) {
        lock.lock();
        try {
            if (epoch == line.present || epoch == line.standby) {
                action.run();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * A connection stands: the one of the present attempt, or that of the standby.
     *
     * @param  late called if it is not configured within this many ms
     * @return      whether anybody wants it
     */
    boolean connected(Epoch epoch, long timeoutMillis, Runnable late) {
        lock.lock();
        try {
            boolean attempt = epoch == line.present && state == SessionState.CONNECTING;
            if (epoch.stage != Epoch.Stage.DIALLED || !attempt && epoch != line.standby) {
                return false;
            }
            epoch.stage = Epoch.Stage.CONFIGURING;
            if (attempt) {
                state = SessionState.CONFIGURING;
            }
            epoch.readyTimer = timers.schedule(late, timeoutMillis);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The service has confirmed the configuration. Returns whether it was awaited, of the present attempt or the standby. */
    boolean configured(Epoch epoch) {
        lock.lock();
        try {
            boolean attempt = epoch == line.present && state == SessionState.CONFIGURING;
            if (epoch.stage != Epoch.Stage.CONFIGURING || !attempt && epoch != line.standby) {
                return false;
            }
            epoch.stage = Epoch.Stage.CONFIGURED;
            epoch.readyTimer.cancel();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The present epoch is lost, and the standby takes its place: as the attempt that is being made. To be called with the lock
     * held; {@code null} if there is none, or none is wanted.
     */
    Epoch promote() {
        if (state != SessionState.CONNECTING || line.present != null || line.standby == null) {
            return null;
        }
        redial.dialling();
        line.promote();
        state = line.present.stage == Epoch.Stage.DIALLED ? SessionState.CONNECTING : SessionState.CONFIGURING;
        return line.present;
    }

    /** The standby has become the present epoch in the life of a ready session. To be called with the lock held. */
    void switched() {
        rollovers++;
        redial.followed(timers.elapsedMillis());
    }

    /** Returns {@code null} if it was not to be awaited any more, or was ready before. */
    ConnectionStep.Ready ready(Epoch epoch) {
        lock.lock();
        try {
            if (epoch != line.present || state != SessionState.CONFIGURING || epoch.stage != Epoch.Stage.CONFIGURED) {
                return null;
            }
            state = SessionState.READY;
            Outage over = outage;
            outage = null;
            redial.ready(timers.elapsedMillis(), over != null);
            owner.admit(epoch);
            return new ConnectionStep.Ready(over, ready);
        } finally {
            lock.unlock();
        }
    }

    // ---- ends that nobody here asked for

    /** The present epoch, which was ready, is over; {@code null} if it is another. */
    ConnectionStep.Setback lost(Epoch epoch, Outage why) {
        lock.lock();
        try {
            if (epoch != line.present || state != SessionState.READY) {
                return null;
            }
            if (!redial.lost(why.kind(), timers.elapsedMillis(), line.standby != null)) {
                return ConnectionStep.Setback.last(redial.isSpent());
            }
            // from here on nothing that the old epoch says counts
            line.present = null;
            state = SessionState.CONNECTING;
            outage = why;
            ready = new CompletableFuture<>();
            long delay = redial.delayAfterLoss(why.kind());
            owner.hold();
            return ConnectionStep.Setback.again(delay, beginSettling());
        } finally {
            lock.unlock();
        }
    }

    /** The present attempt has failed; {@code null} if it is another. */
    ConnectionStep.Setback failed(Epoch epoch, SessionClosedException reason, long retryAfterMillis) {
        lock.lock();
        try {
            if (epoch != line.present || state != SessionState.CONNECTING && state != SessionState.CONFIGURING) {
                return null;
            }
            epoch.readyTimer.cancel();
            if (!redial.mayTryAgain()) {
                return ConnectionStep.Setback.last(redial.isSpent());
            }
            // from here on nothing that the old attempt says counts
            line.present = null;
            state = SessionState.CONNECTING;
            long delay = redial.failed(retryAfterMillis);
            LOG.debug("Session {}: attempt {} failed ({}), next one in {} ms",
                    name, redial.attempts(), reason.getMessage(), delay);
            return ConnectionStep.Setback.again(delay, null);
        } finally {
            lock.unlock();
        }
    }

    /** No other attempt is made; {@code null} if this is not the present epoch, or the session is being closed. */
    ConnectionStep.End giveUp(Epoch epoch, SessionClosedException reason) {
        lock.lock();
        try {
            if (epoch != line.present || state == SessionState.CLOSING) {
                return null;
            }
            epoch.readyTimer.cancel();
            state = SessionState.FAILED;
            failure = reason;
            outage = null;
            line.present = null;
            return new ConnectionStep.End(epoch.gate, beginSettling(), ready, null);
        } finally {
            lock.unlock();
        }
    }

    /** Only when all that is being told has been told does the next connection begin. */
    private CompletableFuture<Void> beginSettling() {
        CompletableFuture<Void> told = new CompletableFuture<>();
        settled = settled.isDone() ? told : CompletableFuture.allOf(settled, told);
        return told;
    }

    // ---- ends that somebody here asks for

    /** Nothing changes before {@link #lost}; {@code null} if the session was lost for good and is to be opened. */
    ConnectionStep.Restart restart() {
        lock.lock();
        try {
            return switch (state) {
                case FAILED -> null;
                case CLOSING, IDLE -> new ConnectionStep.Restart(null, CompletableFuture.failedFuture(unavailable()));
                case CONNECTING, CONFIGURING -> new ConnectionStep.Restart(null, ready);
                case READY -> {
                    if (!restarted.isDone()) {
                        yield new ConnectionStep.Restart(null, restarted);
                    }
                    restarted = new CompletableFuture<>();
                    yield new ConnectionStep.Restart(current(), restarted);
                }
            };
        } finally {
            lock.unlock();
        }
    }

    /** Done when the session is ready; fails if it is not going to be. */
    CompletableFuture<Void> awaited() {
        return locked(() -> {
            SessionClosedException gone = unavailable();
            return gone == null ? ready : CompletableFuture.failedFuture(gone);
        });
    }

    /** It is never opened again. */
    void retire() {
        lock.lock();
        try {
            retired = true;
        } finally {
            lock.unlock();
        }
    }

    /** @param again whether to go on if it is being closed already */
    ConnectionStep.Closing close(boolean again) {
        lock.lock();
        try {
            boolean closing = state == SessionState.CLOSING;
            if (state == SessionState.IDLE || state == SessionState.FAILED || closing && !again) {
                return new ConnectionStep.Closing(false, false, null, closed);
            }
            boolean opened = state == SessionState.READY;
            if (!closing) {
                state = SessionState.CLOSING;
                retry.cancel();
                if (current() != null) {
                    current().readyTimer.cancel();
                }
                closed = new CompletableFuture<>();
            }
            return new ConnectionStep.Closing(true, opened, current(), closed);
        } finally {
            lock.unlock();
        }
    }

    /** The connection is gone as was wanted; {@code null} if that was not wanted, or has been taken note of. */
    ConnectionStep.End closed(Epoch epoch) {
        lock.lock();
        try {
            if (state != SessionState.CLOSING || epoch != line.present) {
                return null;
            }
            state = SessionState.IDLE;
            line.present = null;
            outage = null;
            return new ConnectionStep.End(line.latest.gate, beginSettling(), ready, closed);
        } finally {
            lock.unlock();
        }
    }

    // ---- for those who look

    boolean isCurrent(Epoch epoch) {
        return epoch == line.present;
    }

    Epoch current() {
        return line.present;
    }

    SessionState get() {
        return locked(() -> state);
    }

    /** The state if this is the present epoch, else {@code null}. */
    SessionState of(Epoch epoch) {
        return locked(() -> epoch != null && epoch == line.present ? state : null);
    }

    /** All that others may want to know, of one moment. */
    Snapshot snapshot() {
        return locked(() -> new Snapshot(
                state, line.present, line.latest == null ? 0 : line.latest.number, redial.reconnects(), rollovers, line.sockets(),
                outage == null ? null : outage.reason(), failure));
    }

    /** Whether it is or was ready, and has not been closed or lost for good since. */
    boolean wasReady() {
        return locked(() -> outage != null || state == SessionState.READY);
    }

    /** Whether a loss is followed by a reconnect, as long as there are any left. */
    boolean reconnects() {
        return redial.budget() > 0;
    }

    /** Why nothing can be asked of the session now; {@code null} if it can. */
    SessionClosedException unavailable() {
        return locked(() -> switch (state) {
            case FAILED -> failure;
            case CLOSING -> EndReasons.closing(name);
            case IDLE -> EndReasons.notOpen(name);
            case CONNECTING, CONFIGURING, READY -> null;
        });
    }

    private <T> T locked(Supplier<T> look) {
        lock.lock();
        try {
            return look.get();
        } finally {
            lock.unlock();
        }
    }
}
