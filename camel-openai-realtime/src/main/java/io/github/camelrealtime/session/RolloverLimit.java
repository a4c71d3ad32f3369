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

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many sessions may dial a second connection at once (ROLL-19): the sessions of a component were often opened together and so
 * come to their end together. Those who come later wait their turn, without a thread. Thread-safe; nobody is called under the
 * lock.
 */
public final class RolloverLimit {

    /** The right to dial, to be given back once. */
    static final class Permit {

        private final RolloverLimit limit;
        private final Runnable turn;
        /** Guarded by the lock of the limit. */
        private boolean granted;
        private boolean over;

        private Permit(RolloverLimit limit, Runnable turn) {
            this.limit = limit;
            this.turn = turn;
        }

        /** Waits for it, unless it can be had at once. */
        void ask() {
            limit.ask(this);
        }

        /** Waits for it no longer. Returns whether it was waited for. */
        boolean withdraw() {
            return limit.withdraw(this);
        }

        /** Gives it back, or waits for it no longer. Again is no different from once. */
        void release() {
            limit.release(this);
        }
    }

    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Permit> waiting = new ArrayDeque<>();
    private int used;

    /** @param most dials at once */
    public RolloverLimit(int most) {
        this.most = most;
    }

    /**
     * A permit to be asked for.
     *
     * @param turn run when it is granted, by {@link Permit#ask} or by whoever gives one back
     */
    Permit permit(Runnable turn) {
        return new Permit(this, turn);
    }

    private void ask(Permit permit) {
        lock.lock();
        try {
            if (permit.over) {
                return;
            }
            permit.granted = used < most;
            if (!permit.granted) {
                waiting.add(permit);
                return;
            }
            used++;
        } finally {
            lock.unlock();
        }
        permit.turn.run();
    }

    private boolean withdraw(Permit permit) {
        lock.lock();
        try {
            permit.over |= waiting.remove(permit);
            return permit.over && !permit.granted;
        } finally {
            lock.unlock();
        }
    }

    private void release(Permit permit) {
        Permit next = null;
        lock.lock();
        try {
            if (permit.over) {
                return;
            }
            permit.over = true;
            if (!permit.granted) {
                waiting.remove(permit);
                return;
            }
            next = waiting.poll();
            if (next == null) {
                used--;
            } else {
                next.granted = true;
            }
        } finally {
            lock.unlock();
        }
        if (next != null) {
            next.turn.run();
        }
    }

    /** Dials that are being made. */
    int used() {
        lock.lock();
        try {
            return used;
        } finally {
            lock.unlock();
        }
    }
}
