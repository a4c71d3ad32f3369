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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;

/** The server's end of a WebSocket. */
final class SocketWire extends WebSocketListener implements Wire {

    /** What waits to be written at most: a limit of the server's, not of the service. */
    private static final int QUEUE_BYTES = 16 * 1024 * 1024;
    /** Characters of a frame that is worth a look at what waits. */
    private static final int HUGE = 1024 * 1024;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long MILLI_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Runnable cut;
    private final UnaryOperator<String> words;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private volatile WebSocket socket;
    private volatile SimulatedSession session;
    private volatile Supplier<CompletionStage<?>> pause = () -> CompletableFuture.completedFuture(null);

    /**
     * @param cut   drops the TCP connection
     * @param words what a frame is sent as; null if it is not sent
     */
    SocketWire(Runnable cut, UnaryOperator<String> words) {
        this.cut = cut;
        this.words = words;
    }

    @Override
    public void serve(SimulatedSession served) {
        session = served;
    }

    @Override
    public boolean send(String text) {
        WebSocket target = socket;
        String said = words.apply(text);
        if (said == null) {
            return true;
        }
        if (target != null && said.length() > HUGE) {
            makeRoom(target, said.length());
        }
        return target != null && target.send(said);
    }

    /** The server's socket closes with 1001 when more waits than it holds, which a client that reads is not to see. */
    private static void makeRoom(WebSocket target, int length) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (target.queueSize() > 0 && target.queueSize() + length > QUEUE_BYTES && System.nanoTime() < deadline) {
            LockSupport.parkNanos(MILLI_NANOS);
        }
    }

    @Override
    public boolean send(byte[] bytes) {
        WebSocket target = socket;
        return target != null && target.send(ByteString.of(bytes));
    }

    @Override
    public void stopReading() {
        // the way to make TCP tell the client
        pause = () -> gone;
    }

    @Override
    public void afterEachFrame(Supplier<CompletionStage<?>> work) {
        pause = work;
    }

    @Override
    public void close(int code, String reason) {
        WebSocket target = socket;
        if (target != null) {
            target.close(code, reason);
        }
    }

    @Override
    public void abort() {
        cut.run();
        gone.complete(null);
    }

    @Override
    public void onOpen(WebSocket webSocket, Response response) {
        socket = webSocket;
        session.opened();
    }

    @Override
    public void onMessage(WebSocket webSocket, String text) {
        session.arrived(text);
        rest();
    }

    @Override
    public void onMessage(WebSocket webSocket, ByteString bytes) {
        session.arrivedBinary();
        rest();
    }

    /** Holds the thread that reads this socket. */
    private void rest() {
        pause.get().toCompletableFuture().join();
    }

    @Override
    public void onClosing(WebSocket webSocket, int code, String reason) {
        session.closedByClient(code, reason);
        webSocket.close(code, reason);
    }

    @Override
    public void onFailure(WebSocket webSocket, Throwable failure, Response response) {
        session.lost();
    }
}
