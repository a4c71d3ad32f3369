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
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A connection to the simulator without a socket: for clients in the same JVM, with a {@link VirtualClock} for runs of many
 * hours. The client says here what it sends; what the simulator sends it hears by its {@link DirectClient}. Any thread; nothing
 * blocks.
 */
public final class DirectConnection {

    private final DirectClient client;
    private final UnaryOperator<String> words;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Runnable> unread = new ArrayDeque<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Wire wire = new DirectWire();
    private volatile Supplier<CompletionStage<?>> pause;
    private boolean paused;
    /** For good. */
    private boolean stopped;
    private boolean reading;
    private volatile SimulatedSession session;

    DirectConnection(DirectClient client, UnaryOperator<String> words) {
        this.client = client;
        this.words = words;
    }

    Wire wire() {
        return wire;
    }

    /** Whether the simulator has let the client in, and neither has left. */
    public boolean isOpen() {
        return session != null && !ended.get();
    }

    /** Whether the client has gone before it was let in. */
    boolean isGivenUp() {
        return ended.get();
    }

    /** The simulator's view of it; null before the handshake is over, and if it was refused. */
    public SimulatedSession session() {
        return session;
    }

    /** A text frame of the client's. */
    public void text(String frame) {
        read(() -> session.arrived(frame));
    }

    /** A binary frame of the client's. */
    public void binary() {
        read(() -> session.arrivedBinary());
    }

    /** A close frame of the client's, or its answer to one. */
    public void close(int code, String reason) {
        read(() -> {
            ended.set(true);
            session.closedByClient(code, reason);
        });
    }

    /** The client has gone without a close frame, or has given up before it was let in. */
    public void drop() {
        SimulatedSession served = session;
        if (!ended.getAndSet(true) && served != null) {
            served.lost();
        }
    }

    private void read(Runnable arrival) {
        lock.lock();
        try {
            if (session == null || ended.get()) {
                return;
            }
            unread.add(arrival);
        } finally {
            lock.unlock();
        }
        readOn();
    }

    /** One thread reads at a time; whoever else has something leaves it to that one. */
    private void readOn() {
        for (Runnable arrival = next(false); arrival != null; arrival = next(true)) {
            arrival.run();
            rest();
        }
    }

    private Runnable next(boolean mine) {
        lock.lock();
        try {
            if (reading && !mine) {
                return null;
            }
            Runnable arrival = paused ? null : unread.poll();
            reading = arrival != null;
            return arrival;
        } finally {
            lock.unlock();
        }
    }

    private void rest() {
        Supplier<CompletionStage<?>> wanted = pause;
        if (wanted == null) {
            return;
        }
        setReading(false);
        wanted.get().thenRun(() -> {
            setReading(true);
            readOn();
        });
    }

    private void setReading(boolean reads) {
        lock.lock();
        try {
            if (stopped) {
                return;
            }
            paused = !reads;
        } finally {
            lock.unlock();
        }
        client.reading(reads);
    }

    private final class DirectWire implements Wire {

        @Override
        public void serve(SimulatedSession served) {
            session = served;
        }

        @Override
        public boolean send(String text) {
            String said = words.apply(text);
            if (said != null && !ended.get()) {
                client.text(said);
            }
            return !ended.get();
        }

        @Override
        public boolean send(byte[] bytes) {
            if (!ended.get()) {
                client.binary(bytes);
            }
            return !ended.get();
        }

        @Override
        public void stopReading() {
            setReading(false);
            lock.lock();
            try {
                stopped = true;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void afterEachFrame(Supplier<CompletionStage<?>> work) {
            pause = work;
        }

        @Override
        public void close(int code, String reason) {
            if (!ended.getAndSet(true)) {
                client.closed(code, reason == null ? "" : reason);
            }
        }

        @Override
        public void abort() {
            if (!ended.getAndSet(true)) {
                client.dropped();
            }
        }
    }
}
