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
package io.github.camelrealtime.transport.websocket;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.github.camelrealtime.net.HttpClients;
import io.github.camelrealtime.transport.TransportRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class FailedConnectsTest {

    private static final int ATTEMPTS = 60;

    /** As a component hands it in. */
    private final ThreadPoolExecutor executor
            = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 60, TimeUnit.SECONDS, new SynchronousQueue<>());
    private final HttpClients clients
            = HttpClients.builder().executor(executor).connectTimeout(Duration.ofSeconds(5)).build();
    private final WebSocketTransportFactory factory = new WebSocketTransportFactory(clients);

    @AfterEach
    void stop() {
        clients.close();
        executor.shutdownNow();
    }

    @Test
    @DisplayName("CONN-4 60 refused handshakes leave no socket, no thread and no pooled connection")
    void refusedHandshakes() throws Exception {
        check(connection -> {
            connection.request();
            connection.write("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno");
            connection.drain(); // keeps its side open: only the client can end this
        });
    }

    @Test
    @DisplayName("CONN-4 60 connections dropped in the middle of the handshake leave nothing")
    void droppedHandshakes() throws Exception {
        check(connection -> {
            connection.request();
            connection.write("HTTP/1.1 101 Swi");
        });
    }

    @Test
    @DisplayName("CONN-4 60 handshakes answered with a wrong proof leave nothing")
    void wrongProofs() throws Exception {
        check(connection -> {
            connection.request();
            connection.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             + "Sec-WebSocket-Accept: AAAA\r\n\r\n");
            connection.drain();
        });
    }

    @Test
    @DisplayName("CONN-4 60 attempts at a closed port leave nothing")
    void nobodyThere() throws Exception {
        int port;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = gone.getLocalPort();
        }
        URI uri = URI.create("ws://" + InetAddress.getLoopbackAddress().getHostAddress() + ":" + port + "/");
        for (int i = 0; i < ATTEMPTS; i++) {
            fail(uri);
        }
        assertNothingLeft();
    }

    private void check(RawServer.Script script) throws Exception {
        try (RawServer server = new RawServer(script)) {
            for (int i = 0; i < ATTEMPTS; i++) {
                fail(server.uri());
            }
            assertThat(server.accepted()).as("each attempt knocks once").isEqualTo(ATTEMPTS);
            await().until(() -> server.open() == 0);
            assertNothingLeft();
        }
    }

    private void fail(URI uri) throws Exception {
        RecordingListener listener = new RecordingListener();
        factory.open(new TransportRequest(uri, Map.of()), listener);
        listener.awaitFailure();
        assertThat(listener.calls).containsExactly("failure");
    }

    private void assertNothingLeft() {
        await().until(() -> executor.getActiveCount() == 0);
        // one after the other they need one thread, two while the last lets go of its
        assertThat(executor.getLargestPoolSize()).isLessThan(ATTEMPTS / 4);
        assertThat(clients.websocket().dispatcher().runningCallsCount()).isZero();
        assertThat(clients.websocket().connectionPool().connectionCount()).isZero();
    }
}
