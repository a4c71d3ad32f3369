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

import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

import io.github.camelrealtime.transport.Transport;
import io.github.camelrealtime.transport.TransportException;
import io.github.camelrealtime.transport.TransportListener;
import io.github.camelrealtime.transport.TransportRequest;

/** The client's end of a connection: a {@link Line} either way, and a state that both ends change. */
final class MemoryTransport implements Transport {

    private enum State {
        CONNECTING,
        OPEN,
        /** We have closed, and wait for the answer. */
        CLOSING,
        CLOSED
    }

    private final TransportRequest request;
    private final TransportListener listener;
    private final Line toService;
    private final Line toClient;
    private final AtomicLong queued = new AtomicLong();
    /** Keeps a look at the state and its change together; nobody is called under it. */
    private final ReentrantLock lock = new ReentrantLock();
    private State state = State.CONNECTING;
    /** Set on the line to the service, before anything else goes that way. */
    private MemoryPeer peer;

    MemoryTransport(TransportRequest request, TransportListener listener, Executor executor) {
        this.request = request;
        this.listener = listener;
        this.toService = new Line(executor);
        this.toClient = new Line(executor);
    }

    void dial(MemoryServer server) {
        ServiceEnd end = new ServiceEnd();
        toService.add(() -> {
            try {
                peer = server.dialled(end);
            } catch (RuntimeException e) {
                end.fail(new TransportException("No connection to " + request.uri() + ": " + e, e));
            }
        });
    }

    @Override
    public boolean send(String frame) {
        long size = size(frame);
        if (size > MAX_FRAME_BYTES) {
            throw new IllegalArgumentException(
                    "Frame of " + size + " bytes is above the limit of " + MAX_FRAME_BYTES + ": send less at once");
        }
        lock.lock();
        try {
            if (state != State.OPEN || queued.get() + size > MAX_FRAME_BYTES) {
                return false;
            }
            queued.addAndGet(size);
        } finally {
            lock.unlock();
        }
        toService.add(() -> {
            queued.addAndGet(-size);
            peer.onFrame(frame);
        });
        return true;
    }

    /** Exact only where it matters: counting bytes costs a walk over the text. */
    private static long size(String frame) {
        return 3L * frame.length() <= MAX_FRAME_BYTES ? frame.length() : frame.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public long queuedBytes() {
        return queued.get();
    }

    @Override
    public void close(int code, String reason) {
        String said = reason == null ? "" : reason;
        State was = leaveFor(State.CLOSING);
        if (was == State.OPEN) {
            toService.addLast(() -> {
                peer.onClosed(code, said);
                endOfClient(() -> listener.onClosed(code, said));
            });
        } else if (was == State.CONNECTING) {
            toService.cut(this::tellAborted);
            endOfClient(() -> listener.onClosed(code, said));
        }
    }

    @Override
    public void abort() {
        if (leaveFor(State.CLOSED) == State.CLOSED) {
            return;
        }
        toService.cut(this::tellAborted);
        toClient.cut(() -> listener.onFailure(
                new TransportException("Connection to " + request.uri() + " was dropped on our side", null)));
        // it is we who know
        toClient.release();
    }

    private void tellAborted() {
        if (peer != null) {
            peer.onAborted();
        }
    }

    private void endOfClient(Runnable lastCall) {
        toClient.addLast(() -> {
            leaveFor(State.CLOSED);
            lastCall.run();
        });
    }

    /** States are left in their order only; returns the one before. */
    private State leaveFor(State next) {
        lock.lock();
        try {
            State was = state;
            if (next.compareTo(was) > 0) {
                state = next;
            }
            return was;
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return state == State.CLOSED;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "MemoryTransport[" + request.uri() + "]";
    }

    private final class ServiceEnd implements MemoryConnection {

        @Override
        public TransportRequest request() {
            return request;
        }

        @Override
        public void open() {
            if (leaveFor(State.OPEN) == State.CONNECTING) {
                toClient.add(listener::onOpen);
            }
        }

        @Override
        public boolean send(String frame) {
            toClient.add(() -> listener.onFrame(frame));
            return !isClosed();
        }

        @Override
        public boolean sendBinary(int bytes) {
            toClient.add(() -> listener.onBinary(bytes));
            return !isClosed();
        }

        @Override
        public void close(int code, String reason) {
            hearNoMore();
            endOfClient(() -> listener.onClosed(code, reason == null ? "" : reason));
        }

        @Override
        public void fail(TransportException reason) {
            hearNoMore();
            endOfClient(() -> listener.onFailure(reason));
        }

        /** Who has ended the connection himself is told nothing more, not even of the client's end. */
        private void hearNoMore() {
            toService.cut(() -> {
            });
        }

        @Override
        public void hold(Way way) {
            line(way).hold();
        }

        @Override
        public void release(Way way) {
            line(way).release();
        }

        private Line line(Way way) {
            return way == Way.TO_SERVICE ? toService : toClient;
        }
    }
}
