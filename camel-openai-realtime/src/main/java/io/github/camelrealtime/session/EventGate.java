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
 * Keeps what is to be said at the end of an epoch behind the event that the reader thread is passing on just then, and in
 * order, without making anybody wait: whoever is through last says it. So when it has been said, nothing of that event is
 * still on its way.
 */
final class EventGate {

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    /** Threads that pass an event on or say something. */
    private int inside;

    /** The reader begins to pass an event on. */
    void enter() {
        lock.lock();
        try {
            inside++;
        } finally {
            lock.unlock();
        }
    }

    /** The reader is through with it. */
    void leave() {
        Runnable next;
        lock.lock();
        try {
            next = inside > 1 ? null : waiting.poll();
            if (next == null) {
                inside--;
                return;
            }
        } finally {
            lock.unlock();
        }
        try {
            next.run();
        } finally {
            leave();
        }
    }

    /** Runs the task now, or after the event that is being passed on and the tasks before it, on the thread of those. */
    void afterPresentEvent(Runnable task) {
        lock.lock();
        try {
            if (inside > 0) {
                waiting.add(task);
                return;
            }
            inside++;
        } finally {
            lock.unlock();
        }
        try {
            task.run();
        } finally {
            leave();
        }
    }
}
