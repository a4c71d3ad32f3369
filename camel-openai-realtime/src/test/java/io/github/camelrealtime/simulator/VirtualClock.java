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

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Time that stands still until a test moves it. Tasks run on the thread that calls {@link #advance}, in order of their
 * time and, at one time, in the order in which they were scheduled; a session finishes what a task gave it before the
 * next one runs.
 */
public final class VirtualClock implements SimulatorClock {

    /** Where the clock starts unless told otherwise, in milliseconds since the epoch. */
    public static final long DEFAULT_START = 1_795_248_000_000L;

    private final ReentrantLock state = new ReentrantLock();
    private final ReentrantLock advancing = new ReentrantLock();
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::due).thenComparingLong(Task::order));
    private final List<Runnable> beforeAdvance = new CopyOnWriteArrayList<>();
    private final List<Runnable> betweenTasks = new CopyOnWriteArrayList<>();
    private long now;
    private long order;

    public VirtualClock() {
        this(DEFAULT_START);
    }

    /** @param startMillis milliseconds since the epoch */
    public VirtualClock(long startMillis) {
        now = startMillis;
    }

    @Override
    public long millis() {
        state.lock();
        try {
            return now;
        } finally {
            state.unlock();
        }
    }

    @Override
    public Cancellable schedule(long delayMillis, Runnable task) {
        state.lock();
        try {
            Task entry = new Task(now + Math.max(0, delayMillis), order++, task);
            tasks.add(entry);
            return () -> remove(entry);
        } finally {
            state.unlock();
        }
    }

    /** Tasks that wait for their time. */
    public int pending() {
        state.lock();
        try {
            return tasks.size();
        } finally {
            state.unlock();
        }
    }

    /** How long the next task has to wait, in ms; {@code Long.MAX_VALUE} if there is none. */
    public long millisToNext() {
        state.lock();
        try {
            return tasks.isEmpty() ? Long.MAX_VALUE : Math.max(0, tasks.peek().due() - now);
        } finally {
            state.unlock();
        }
    }

    /**
     * Has something done on the advancing thread before time moves, such as waiting for work in progress to settle. A
     * simulator enters itself, so that what its sessions are doing is done at the old time.
     */
    public void beforeAdvance(Runnable settle) {
        beforeAdvance.add(settle);
    }

    /**
     * Has something done on the advancing thread before time moves and after each task, such as running or waiting for all that
     * the task has set going, on whatever threads.
     */
    public void betweenTasks(Runnable settle) {
        betweenTasks.add(settle);
    }

    /**
     * Moves time forward and runs what falls due, also what the tasks themselves schedule within the span. Blocks until
     * that is done; calls from several threads run one after the other.
     *
     * @param span zero or more; zero runs what is due now
     */
    public void advance(Duration span) {
        if (span.isNegative()) {
            throw new IllegalArgumentException("Time cannot go back by " + span.negated() + ": give a span of zero or more");
        }
        advancing.lock();
        try {
            beforeAdvance.forEach(Runnable::run);
            betweenTasks.forEach(Runnable::run);
            long target = millis() + span.toMillis();
            for (Task task = nextDue(target); task != null; task = nextDue(target)) {
                task.work().run();
                betweenTasks.forEach(Runnable::run);
            }
            moveTo(target);
        } finally {
            advancing.unlock();
        }
    }

    private Task nextDue(long target) {
        state.lock();
        try {
            Task next = tasks.peek();
            if (next == null || next.due() > target) {
                return null;
            }
            now = Math.max(now, next.due());
            return tasks.poll();
        } finally {
            state.unlock();
        }
    }

    private void moveTo(long target) {
        state.lock();
        try {
            now = Math.max(now, target);
        } finally {
            state.unlock();
        }
    }

    private void remove(Task entry) {
        state.lock();
        try {
            tasks.remove(entry);
        } finally {
            state.unlock();
        }
    }

    private record Task(long due, long order, Runnable work) {
    }
}
