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

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.camelrealtime.net.HttpClients;
import io.github.camelrealtime.transport.TransportFactory;
import io.github.camelrealtime.transport.TransportRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class InboundLimitTest {

    private static final int LIMIT = 100_000;

    private final HttpClients clients = HttpClients.builder().build();
    private final RecordingListener listener = new RecordingListener();
    private final CompletableFuture<Integer> closeCode = new CompletableFuture<>();

    @AfterEach
    void close() {
        clients.close();
    }

    @Test
    @DisplayName("CONN-11 a frame of 20 MiB survives at the default limit, and the connection with it")
    void hugeFrameSurvives() throws Exception {
        byte[] payload = "x".repeat(20 * 1024 * 1024).getBytes(StandardCharsets.US_ASCII);
        try (RawServer server = new RawServer(connection -> {
            connection.upgrade();
            connection.frame(1, true, payload);
            connection.text("next");
            connection.close(1000, "");
            connection.drain();
        })) {
            open(new WebSocketTransportFactory(clients), server);
            listener.awaitClosed();
        }
        assertThat(listener.calls).containsExactly("open", "frame of " + payload.length, "next", "closed 1000 ");
    }

    @Test
    @DisplayName("CONN-11 a message cut into many frames, with pings between them, is joined")
    void joinsFragments() throws Exception {
        try (RawServer server = new RawServer(connection -> {
            connection.upgrade();
            for (int i = 0; i < 10; i++) {
                connection.frame(i == 0 ? 1 : 0, i == 9, ("<" + i + ">").getBytes(StandardCharsets.US_ASCII));
                connection.frame(9, true, new byte[3]);
            }
            connection.close(1000, "");
            connection.drain();
        })) {
            open(limited(), server);
            listener.awaitClosed();
        }
        assertThat(listener.calls).containsExactly("open", "<0><1><2><3><4><5><6><7><8><9>", "closed 1000 ");
    }

    @Test
    @DisplayName("CONN-11 a message announced above the limit is not even read: close 1009 and a failure that names the limit")
    void refusesWhatIsTooBig() throws Exception {
        try (RawServer server = new RawServer(connection -> {
            connection.upgrade();
            connection.text("before");
            connection.header(1, true, LIMIT + 1);
            // not one byte of it comes
            closeCode.complete(connection.read().closeCode());
            connection.drain();
        })) {
            open(limited(), server);
            assertNamedFailure();
        }
        assertThat(listener.calls).containsExactly("open", "before", "failure");
    }

    @Test
    @DisplayName("CONN-11 frames of one message that are too big together: close 1009 and the same failure, no half message")
    void refusesTooManyFragments() throws Exception {
        try (RawServer server = new RawServer(connection -> {
            connection.upgrade();
            connection.text("before");
            connection.frame(1, false, new byte[LIMIT]);
            connection.header(0, true, 1);
            closeCode.complete(connection.read().closeCode());
            connection.drain();
        })) {
            open(limited(), server);
            assertNamedFailure();
        }
        assertThat(listener.calls).containsExactly("open", "before", "failure");
    }

    @Test
    @DisplayName("CONN-11 a binary message above the limit is refused as well")
    void refusesBinary() throws Exception {
        try (RawServer server = new RawServer(connection -> {
            connection.upgrade();
            connection.header(2, true, 1L << 40);
            closeCode.complete(connection.read().closeCode());
            connection.drain();
        })) {
            open(limited(), server);
            assertNamedFailure();
        }
        assertThat(listener.calls).containsExactly("open", "failure");
    }

    @Test
    @DisplayName("CONN-11 the peer's own 1009 is not taken for ours")
    void peersOwn1009() throws Exception {
        try (RawServer server = new RawServer(connection -> {
            connection.upgrade();
            connection.close(1009, "yours was too big");
            connection.drain();
        })) {
            open(limited(), server);
            assertThat(listener.awaitClosed()).isEqualTo("1009 yours was too big");
        }
    }

    @Test
    void limitMustBePositive() {
        assertThatThrownBy(() -> new WebSocketTransportFactory(clients, 0, Clock.systemUTC()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("maxMessageSize");
    }

    private void assertNamedFailure() throws Exception {
        assertThat(listener.awaitFailure()).hasMessageContaining("maxMessageSize").hasMessageContaining("" + LIMIT)
                .hasMessageContaining("1009");
        assertThat(closeCode.get(20, TimeUnit.SECONDS)).isEqualTo(1009);
    }

    private TransportFactory limited() {
        return new WebSocketTransportFactory(clients, LIMIT, Clock.systemUTC());
    }

    private void open(TransportFactory factory, RawServer server) {
        factory.open(new TransportRequest(server.uri(), Map.of()), listener);
    }
}
