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

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.locks.ReentrantLock;

/** Time that stands still until a test moves it on; tasks run on the thread that does. */
public final class ManualTimers implements Timers {

    private static final class Task {
        final Runnable code;
        final long due;
        final long number;

        Task(Runnable code, long due, long number) {
            this.code = code;
            this.due = due;
            this.number = number;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final PriorityQueue<Task> tasks
            = new PriorityQueue<>(Comparator.<Task> comparingLong(task -> task.due).thenComparingLong(task -> task.number));
    private long now = 1_000_000;
    /** ms that the calendar is ahead of the time that has passed. */
    private long ahead;
    private long scheduled;

    @Override
    public long millis() {
        lock.lock();
        try {
            return now + ahead;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long nanos() {
        return passed() * 1_000_000;
    }

    private long passed() {
        lock.lock();
        try {
            return now;
        } finally {
            lock.unlock();
        }
    }

    /** The calendar jumps, as when a computer's clock is set; no time passes. */
    public void jump(long millis) {
        lock.lock();
        try {
            ahead += millis;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Cancellable schedule(Runnable code, long delayMillis) {
        lock.lock();
        try {
            Task task = new Task(code, now + delayMillis, scheduled++);
            tasks.add(task);
            return () -> cancel(task);
        } finally {
            lock.unlock();
        }
    }

    private void cancel(Task task) {
        lock.lock();
        try {
            tasks.remove(task);
        } finally {
            lock.unlock();
        }
    }

    /** Lets so many ms pass and runs what is due meanwhile, each at its time. */
    public void advance(long millis) {
        long until = passed() + millis;
        Task next;
        while ((next = due(until)) != null) {
            next.code.run();
        }
    }

    private Task due(long until) {
        lock.lock();
        try {
            Task next = tasks.peek();
            if (next == null || next.due > until) {
                now = until;
                return null;
            }
            now = Math.max(now, next.due);
            return tasks.poll();
        } finally {
            lock.unlock();
        }
    }

    /** How many tasks wait for their time. */
    public int waiting() {
        lock.lock();
        try {
            return tasks.size();
        } finally {
            lock.unlock();
        }
    }

    /** ms until the next task is due, -1 if there is none. */
    public long nextIn() {
        lock.lock();
        try {
            return tasks.isEmpty() ? -1 : tasks.peek().due - now;
        } finally {
            lock.unlock();
        }
    }
}
