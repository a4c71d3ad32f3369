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
package io.github.camelrealtime.simulator;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session's work, one task at a time and in order, on threads borrowed from a pool. Everything a session owns is
 * touched on its lane only, which is why none of its rooms needs a lock.
 */
final class SerialLane implements Executor {

    private static final Logger LOG = LoggerFactory.getLogger(SerialLane.class);
    private static final long PATIENCE_SECONDS = 30;

    private final Executor pool;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition settled = lock.newCondition();
    private final Deque<Runnable> queue = new ArrayDeque<>();
    private Thread worker;
    private boolean draining;
    private boolean held;
    private boolean closed;

    SerialLane(Executor pool) {
        this.pool = pool;
    }

    @Override
    public void execute(Runnable task) {
        lock.lock();
        try {
            queue.addLast(task);
        } finally {
            lock.unlock();
        }
        drainInPool();
    }

    /** Stops after the task that runs now; later tasks wait for {@link #release}. Called on the lane. */
    void hold() {
        lock.lock();
        try {
            held = true;
        } finally {
            lock.unlock();
        }
    }

    /** Ends a {@link #hold}, running this task before all that waited. Any thread. */
    void release(Runnable first) {
        lock.lock();
        try {
            held = false;
            queue.addFirst(first);
        } finally {
            lock.unlock();
        }
        drainInPool();
    }

    /**
     * Runs a task and waits for the lane to settle. Virtual time needs that: what follows from a task must be scheduled
     * before time moves on.
     */
    void executeAndSettle(Runnable task) {
        execute(task);
        settle();
    }

    /** Waits until the lane has nothing left to do, or is held. Returns at once on the lane's own thread. */
    void settle() {
        lock.lock();
        try {
            if (worker == Thread.currentThread()) {
                return;
            }
            long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (!isSettled()) {
                if (left <= 0) {
                    throw new IllegalStateException("A simulated session is still busy after " + PATIENCE_SECONDS + " s");
                }
                left = settled.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Looks at what the lane owns: between two tasks, on the thread that asks. */
    <T> T inspect(Supplier<T> look) {
        beginTurn();
        try {
            return look.get();
        } finally {
            endTurn();
        }
    }

    private void beginTurn() {
        lock.lock();
        try {
            long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (draining) {
                if (left <= 0) {
                    throw new IllegalStateException("A simulated session is still busy after " + PATIENCE_SECONDS + " s");
                }
                left = settled.awaitNanos(left);
            }
            draining = true;
            worker = Thread.currentThread();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    private void endTurn() {
        lock.lock();
        try {
            draining = false;
            worker = null;
            settled.signalAll();
        } finally {
            lock.unlock();
        }
        drainInPool();
    }

    /** Forgets what waits and takes nothing more; a task that runs now finishes. Any thread. */
    void close() {
        lock.lock();
        try {
            closed = true;
            queue.clear();
        } finally {
            lock.unlock();
        }
    }

    /** True when no task runs and none can run. */
    boolean isIdle() {
        lock.lock();
        try {
            return !draining && !held && queue.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private boolean isSettled() {
        return !draining && (held || closed || queue.isEmpty());
    }

    private void drainInPool() {
        lock.lock();
        try {
            if (closed) {
                queue.clear();
            } else if (!draining && !held && !queue.isEmpty()) {
                draining = true;
                // under the lock: once closed, a lane must not touch its pool, which may be gone
                pool.execute(this::drain);
            }
        } finally {
            lock.unlock();
        }
    }

    private void drain() {
        for (Runnable task = next(); task != null; task = next()) {
            try {
                task.run();
            } catch (RuntimeException e) {
                // a bug of the simulator or of a test's hook: shout, but let the session go on so that the test can report
                LOG.error("A simulated session failed on a task", e);
            }
        }
    }

    private Runnable next() {
        lock.lock();
        try {
            Runnable task = held ? null : queue.pollFirst();
            if (task == null) {
                draining = false;
                worker = null;
                settled.signalAll();
            } else {
                worker = Thread.currentThread();
            }
            return task;
        } finally {
            lock.unlock();
        }
    }
}
