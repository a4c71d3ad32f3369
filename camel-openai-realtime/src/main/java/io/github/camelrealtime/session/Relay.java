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
import java.util.function.Consumer;

/**
 * Passes on what several threads have to say, in the order in which it was put in and without a lock held: one thread at a
 * time speaks for all. Thread-safe; whoever gets it must not block.
 */
final class Relay<T> {

    private final Consumer<? super T> receiver;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<T> waiting = new ArrayDeque<>();
    private boolean passing;

    Relay(Consumer<? super T> receiver) {
        this.receiver = receiver;
    }

    /** To be passed on by the next {@link #pass}. May be called under a lock of the caller's, which settles the order. */
    void put(T said) {
        lock.lock();
        try {
            waiting.add(said);
        } finally {
            lock.unlock();
        }
    }

    /** Passes on what waits, unless another thread is about it; to be called under no lock. */
    void pass() {
        for (T next = begin(); next != null; next = goOn()) {
            boolean passed = false;
            try {
                receiver.accept(next);
                passed = true;
            } finally {
                if (!passed) {
                    stop();
                }
            }
        }
    }

    private T begin() {
        lock.lock();
        try {
            if (passing || waiting.isEmpty()) {
                return null;
            }
            passing = true;
            return waiting.poll();
        } finally {
            lock.unlock();
        }
    }

    private T goOn() {
        lock.lock();
        try {
            T next = waiting.poll();
            passing = next != null;
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** The receiver has failed on one of them, which must not keep the others from being passed on later. */
    private void stop() {
        lock.lock();
        try {
            passing = false;
        } finally {
            lock.unlock();
        }
    }
}
