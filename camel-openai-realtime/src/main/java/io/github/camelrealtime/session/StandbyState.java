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

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The steps of connections beside the present one, each under the connection's lock or not at all. What follows from them is
 * done by {@link Rollover}.
 *
 * <pre>
 *             session.updated          switch (planned, restart)           settled, time over, dead
 * dialled ──▶ standby ──▶ ready standby ──────────────▶ PRESENT ──next switch──▶ draining ──▶ leaving ──▶ gone
 *                │ failed      │ failed  └─ the present one is lost ─▶ present attempt, goes on where it is
 *                └─────────────┴──▶ gone, another is dialled after a while
 * </pre>
 */
final class StandbyState {

    private final ConnectionState state;
    private final ConnectionOwner owner;
    private final EpochLine line;
    private final ReentrantLock lock;

    StandbyState(ConnectionState state, ConnectionOwner owner, EpochLine line) {
        this.state = state;
        this.owner = owner;
        this.line = line;
        this.lock = line.lock;
    }

    /** A standby for this epoch, to be dialled; {@code null} if there is one, or this is not the present, ready epoch. */
    Epoch begin(Epoch present) {
        return locked(() -> {
            if (!isReady(present) || line.standby != null) {
                return null;
            }
            Epoch standby = line.nextStandby();
            owner.dialling(standby);
            return standby;
        });
    }

    /** Whether this is the present epoch, and the session is ready. */
    boolean isReady(Epoch present) {
        return state.of(present) == SessionState.READY;
    }

    /** {@code null} if there is none. */
    Epoch present() {
        return line.present;
    }

    /** {@code null} if there is none. */
    Epoch standby() {
        return line.standby;
    }

    boolean isStandby(Epoch epoch) {
        return epoch != null && epoch == line.standby;
    }

    boolean isDraining(Epoch epoch) {
        return line.isDraining(epoch);
    }

    boolean isAnyDraining() {
        return line.isAnyDraining();
    }

    /** The standby is of no use any more. Returns whether this is the standby. */
    boolean failed(Epoch epoch) {
        return locked(() -> {
            if (!isStandby(epoch)) {
                return false;
            }
            epoch.readyTimer.cancel();
            line.standby = null;
            return true;
        });
    }

    /**
     * The standby becomes the present epoch and the present one a draining one; input goes the new way from here.
     *
     * @return whether it was so; not if one of them has been lost meanwhile, or the session is being closed
     */
    boolean switchOver(Epoch from, Epoch to) {
        return locked(() -> {
            if (!isReady(from) || !isStandby(to)) {
                return false;
            }
            line.promote();
            state.switched();
            owner.admit(to);
            return true;
        });
    }

    /** There is no next connection after all: input goes to the present one again. Returns whether there is one. */
    boolean admitAgain(Epoch present) {
        return locked(() -> {
            SessionState now = state.of(present);
            if (now != SessionState.READY && now != SessionState.CLOSING) {
                return false;
            }
            owner.admit(present);
            return true;
        });
    }

    /** The present epoch is lost: the standby takes its place as the next attempt. {@code null} if there is none. */
    Epoch promote() {
        return locked(state::promote);
    }

    /** Nothing that it says counts any more. Returns whether it was draining. */
    boolean drained(Epoch epoch) {
        return locked(() -> line.drained(epoch));
    }

    /** The connection of an epoch that was leaving is gone. Returns whether it was one. */
    boolean left(Epoch epoch) {
        return locked(() -> line.left(epoch));
    }

    /** A connection that was the present one is being closed. */
    void leaves(Epoch epoch) {
        locked(() -> {
            line.leaves(epoch);
            return null;
        });
    }

    /** {@code null} if there is none. */
    Epoch takeStandby() {
        return locked(() -> {
            Epoch standby = line.takeStandby();
            if (standby != null) {
                standby.readyTimer.cancel();
            }
            return standby;
        });
    }

    /** The draining ones, of which nothing counts any more. */
    List<Epoch> takeDraining() {
        return locked(line::takeDraining);
    }

    List<Epoch> takeLeaving() {
        return locked(line::takeLeaving);
    }

    /**
     * Whoever is first gets to restore what this connection has to know of the session.
     *
     * @return what the caller has to begin; {@code null} if somebody has
     */
    CompletableFuture<Replay.Result> beginRestoring(Epoch epoch) {
        return locked(() -> {
            if (epoch.restored != null) {
                return null;
            }
            epoch.restored = new CompletableFuture<>();
            return epoch.restored;
        });
    }

    private <T> T locked(Supplier<T> step) {
        lock.lock();
        try {
            return step.get();
        } finally {
            lock.unlock();
        }
    }
}
