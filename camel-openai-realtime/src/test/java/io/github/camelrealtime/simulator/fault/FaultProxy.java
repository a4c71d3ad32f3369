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
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A network that can be broken: it stands before any server, such as a simulator, and passes bytes on, TLS or not, until told
 * otherwise. What it does it does to all connections, those that come later included, unless one is named. Times are real time.
 */
public final class FaultProxy implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FaultProxy.class);
    /** Small, so that a peer that is not read is felt soon. */
    private static final int BUFFER = 8192;
    private static final int BACKLOG = 256;

    private final URI target;
    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = Executors.defaultThreadFactory().newThread(task);
        thread.setDaemon(true);
        thread.setName("fault-proxy-" + thread.getName());
        return thread;
    });
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final ProxyLine toServer;
    private final ProxyLine toClient;
    /** Of each connection alone, by its number. */
    private final Map<Integer, Lines> own = new ConcurrentHashMap<>();

    private FaultProxy(URI target, ServerSocket server, long seed) {
        this.target = target;
        this.server = server;
        toServer = new ProxyLine(seed);
        toClient = new ProxyLine(seed + 1);
    }

    private record Lines(ProxyLine toServer, ProxyLine toClient) {

        private Lines() {
            this(new ProxyLine(0), new ProxyLine(0));
        }

        private ProxyLine line(Way way) {
            return way == Way.TO_SERVER ? toServer : toClient;
        }
    }

    /** Which way bytes go. */
    public enum Way {
        TO_SERVER, TO_CLIENT
    }

    /**
     * Stands before a server, on a free port of the loopback interface.
     *
     * @param baseUrl where the server is, {@code http://127.0.0.1:PORT/v1}
     */
    public static FaultProxy before(String baseUrl) throws IOException {
        return before(baseUrl, 0);
    }

    /** @param seed of the jitter */
    public static FaultProxy before(String baseUrl, long seed) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReceiveBufferSize(BUFFER);
        socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), BACKLOG);
        FaultProxy started = new FaultProxy(URI.create(baseUrl), socket, seed);
        started.threads.execute(started::acceptAll);
        return started;
    }

    /** The server's base URL, but by way of here. */
    public String baseUrl() {
        return target.getScheme() + "://127.0.0.1:" + server.getLocalPort() + target.getRawPath();
    }

    /** How many connections there have been. */
    public int accepted() {
        return accepted.get();
    }

    /** Bytes that have arrived that way. */
    public long passed(Way way) {
        return line(way).passed();
    }

    /**
     * A black hole: nothing arrives that way from now on, and nobody is told; connections are still made. Both ways make a
     * connection half-open for both.
     */
    public void blackHole(Way... ways) {
        for (Way way : ways) {
            line(way).block();
        }
    }

    /**
     * As {@link #blackHole(Way...)}, for one connection, which may be still to come.
     *
     * @param connection from 0
     */
    public void blackHole(int connection, Way... ways) {
        for (Way way : ways) {
            linesOf(connection).line(way).block();
        }
    }

    /** Ends a {@link #blackHole(int, Way...)}. */
    public void heal(int connection, Way... ways) {
        for (Way way : ways) {
            linesOf(connection).line(way).unblock();
        }
    }

    private Lines linesOf(int connection) {
        return own.computeIfAbsent(connection, number -> new Lines());
    }

    /** Ends a {@link #blackHole}; what was sent meanwhile arrives, as the network sends again what was not acknowledged. */
    public void heal(Way... ways) {
        for (Way way : ways) {
            line(way).unblock();
        }
    }

    /** What is sent that way takes that long, each piece a time of its own drawn from the seed, in order. */
    public void latency(Way way, Duration least, Duration most) {
        line(way).latency(least, most);
    }

    /** As many bytes a second pass that way; 0 for no limit. */
    public void bandwidth(Way way, long bytesPerSecond) {
        line(way).bandwidth(bytesPerSecond);
    }

    /** Lets so many more bytes pass that way and then resets the connection they belong to: in the middle of a frame, or of the handshake. */
    public void cutAfter(Way way, long bytes) {
        line(way).cutAfter(bytes);
    }

    /** Resets all connections there are. */
    public void cut() {
        sockets.forEach(FaultProxy::reset);
        sockets.clear();
    }

    /** Resets what is open and frees the port. */
    @Override
    public void close() throws IOException {
        server.close();
        cut();
        toServer.end();
        toClient.end();
        own.values().forEach(lines -> {
            lines.toServer().end();
            lines.toClient().end();
        });
        threads.shutdownNow();
    }

    private ProxyLine line(Way way) {
        return way == Way.TO_SERVER ? toServer : toClient;
    }

    private void acceptAll() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Lines lines = linesOf(accepted.getAndIncrement());
                threads.execute(() -> connect(client, lines));
            } catch (IOException e) {
                LOG.debug("No longer accepting connections: {}", e.getMessage());
            }
        }
    }

    private void connect(Socket client, Lines lines) {
        Socket service = new Socket();
        sockets.add(client);
        sockets.add(service);
        try {
            client.setTcpNoDelay(true);
            service.setTcpNoDelay(true);
            service.connect(new InetSocketAddress(target.getHost(), target.getPort()));
        } catch (IOException e) {
            LOG.debug("Nobody behind the proxy: {}", e.getMessage());
            reset(client);
            return;
        }
        threads.execute(() -> pump(toClient, lines.toClient(), service, client));
        pump(toServer, lines.toServer(), client, service);
    }

    private void pump(ProxyLine line, ProxyLine own, Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER];
        try {
            for (int read = from.getInputStream().read(buffer); read >= 0; read = from.getInputStream().read(buffer)) {
                own.admit(read);
                int passing = line.admit(read);
                to.getOutputStream().write(buffer, 0, passing);
                if (passing < read) {
                    to.getOutputStream().flush();
                    reset(from);
                    reset(to);
                    return;
                }
            }
            // an end that no frame announces has to wait its turn too
            own.admit(0);
            line.admit(0);
            to.shutdownOutput();
        } catch (IOException e) {
            LOG.debug("A connection ended: {}", e.getMessage());
            // a hole swallows resets as well
            endQuietly(own);
            endQuietly(line);
            reset(from);
            reset(to);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void endQuietly(ProxyLine line) {
        try {
            line.admit(0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            LOG.debug("Already gone: {}", e.getMessage());
        }
    }
}
