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
package io.github.camelrealtime.transport.memory;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One way of a connection: calls, one at a time and in order, on threads of an executor. Any thread. */
final class Line {

    private static final Logger LOG = LoggerFactory.getLogger(Line.class);

    private final Executor executor;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean running;
    private boolean held;
    private boolean ended;

    Line(Executor executor) {
        this.executor = executor;
    }

    void add(Runnable call) {
        lock.lock();
        try {
            if (!ended) {
                waiting.add(call);
            }
        } finally {
            lock.unlock();
        }
        run();
    }

    /** As {@link #add}; nothing follows. */
    void addLast(Runnable call) {
        lock.lock();
        try {
            if (!ended) {
                ended = true;
                waiting.add(call);
            }
        } finally {
            lock.unlock();
        }
        run();
    }

    /** Drops what waits, the end included, for this, after which nothing follows. Does nothing once the end has had its turn. */
    void cut(Runnable call) {
        lock.lock();
        try {
            if (ended && waiting.isEmpty()) {
                return;
            }
            ended = true;
            waiting.clear();
            waiting.add(call);
        } finally {
            lock.unlock();
        }
        run();
    }

    void hold() {
        lock.lock();
        try {
            held = true;
        } finally {
            lock.unlock();
        }
    }

    void release() {
        lock.lock();
        try {
            held = false;
        } finally {
            lock.unlock();
        }
        run();
    }

    private void run() {
        lock.lock();
        try {
            if (running || held || waiting.isEmpty()) {
                return;
            }
            running = true;
        } finally {
            lock.unlock();
        }
        try {
            executor.execute(this::drain);
        } catch (RejectedExecutionException e) {
            LOG.debug("Nobody is left to tell", e);
        }
    }

    private void drain() {
        for (Runnable call = next(); call != null; call = next()) {
            try {
                call.run();
            } catch (RuntimeException e) {
                // a mistake of whoever is called: what follows is to come all the same, as with a socket
                LOG.warn("A call about a connection in memory failed", e);
            }
        }
    }

    private Runnable next() {
        lock.lock();
        try {
            Runnable call = held ? null : waiting.poll();
            running = call != null;
            return call;
        } finally {
            lock.unlock();
        }
    }
}
