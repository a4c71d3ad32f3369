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
 * Keeps what another thread has to say at the end of an epoch behind the event that the reader thread is passing on just
 * then, without making either wait: the reader says it when it is through.
 */
final class EventGate {

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean passing;

    /** The reader begins to pass an event on. */
    void enter() {
        lock.lock();
        try {
            passing = true;
        } finally {
            lock.unlock();
        }
    }

    /** The reader is through with it. */
    void leave() {
        while (true) {
            Runnable next;
            lock.lock();
            try {
                next = waiting.poll();
                if (next == null) {
                    passing = false;
                    return;
                }
            } finally {
                lock.unlock();
            }
            next.run();
        }
    }

    /** Runs the task now, or on the reader thread after the event that is being passed on. */
    void afterPresentEvent(Runnable task) {
        lock.lock();
        try {
            if (passing) {
                waiting.add(task);
                return;
            }
        } finally {
            lock.unlock();
        }
        task.run();
    }
}
