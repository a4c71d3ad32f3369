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
package io.github.camelrealtime.simulator.fault;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A WebSocket server without manners, for what a well-behaved library cannot be made to do: cut frames, invalid UTF-8,
 * frames of 20 MiB, peers that stop reading, resets. The nth connection gets the nth fault, the last one all that follow.
 */
public final class RawWebSocketServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RawWebSocketServer.class);
    /** Small, so that a peer that does not read is felt soon. */
    private static final int RECEIVE_BUFFER = 4096;
    private static final int BACKLOG = 256;

    private final List<Fault> faults;
    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool(daemons());
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();

    private RawWebSocketServer(List<Fault> faults, ServerSocket server) {
        this.faults = faults;
        this.server = server;
    }

    /** Starts on a free port of the loopback interface. At least one fault. */
    public static RawWebSocketServer start(Fault... inOrder) throws IOException {
        if (inOrder.length == 0) {
            throw new IllegalArgumentException("Give at least one fault");
        }
        ServerSocket socket = new ServerSocket();
        socket.setReceiveBufferSize(RECEIVE_BUFFER);
        socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), BACKLOG);
        RawWebSocketServer started = new RawWebSocketServer(List.of(inOrder), socket);
        started.threads.execute(started::acceptAll);
        return started;
    }

    /** {@code http://127.0.0.1:PORT/v1}. */
    public String baseUrl() {
        return "http://127.0.0.1:" + server.getLocalPort() + "/v1";
    }

    /** How many TCP connections there have been. */
    public int accepted() {
        return accepted.get();
    }

    /** Text messages read so far, over all connections. A snapshot. */
    public List<String> received() {
        return List.copyOf(received);
    }

    /** Resets what is open and frees the port. */
    @Override
    public void close() throws IOException {
        server.close();
        closed.countDown();
        for (Socket socket : sockets) {
            socket.close();
        }
        threads.shutdownNow();
    }

    private void acceptAll() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                sockets.add(socket);
                int index = accepted.getAndIncrement();
                threads.execute(() -> strike(socket, faults.get(Math.min(index, faults.size() - 1))));
            } catch (IOException e) {
                LOG.debug("No longer accepting connections: {}", e.getMessage());
            }
        }
    }

    private void strike(Socket socket, Fault fault) {
        try (socket) {
            socket.setTcpNoDelay(true);
            fault.strike(new RawConnection(socket, received, closed));
        } catch (IOException e) {
            LOG.debug("A connection ended: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ThreadFactory daemons() {
        ThreadFactory plain = Executors.defaultThreadFactory();
        return task -> {
            Thread thread = plain.newThread(task);
            thread.setName("raw-websocket-" + thread.getName());
            thread.setDaemon(true);
            return thread;
        };
    }
}
