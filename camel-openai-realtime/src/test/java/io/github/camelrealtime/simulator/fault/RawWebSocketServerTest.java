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
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class RawWebSocketServerTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String UPDATE = "{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\",\"instructions\":\"x\"}}";

    private final List<Peer> peers = new ArrayList<>();
    private RawWebSocketServer server;
    private OkHttpClient http = new OkHttpClient();

    @AfterEach
    void close() throws IOException {
        peers.forEach(peer -> peer.socket.cancel());
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
        server.close();
    }

    @Test
    @DisplayName("SIM-4 without a fault it opens a session, confirms the update, answers close, and keeps what it reads")
    void none() throws Exception {
        Peer peer = connect(Faults.none());
        assertThat(peer.next().path("type").asText()).isEqualTo("session.created");
        peer.socket.send(UPDATE);
        assertThat(peer.next().at("/session/instructions").asText()).isEqualTo("x");
        peer.socket.send("{\"type\":\"response.create\"}");
        await().until(() -> server.received().size() == 2);
        assertThat(server.received()).containsExactly(UPDATE, "{\"type\":\"response.create\"}");
        peer.socket.close(1000, "OK");
        assertThat(peer.closed.get(20, TimeUnit.SECONDS)).isEqualTo(1000);
    }

    @ParameterizedTest(name = "SIM-4 one frame of {0} bytes arrives whole")
    @ValueSource(ints = {1_000, 66_000, 20 * 1024 * 1024})
    void hugeFrame(int bytes) throws Exception {
        Peer peer = configured(Faults.hugeFrame(bytes));
        String frame = peer.nextText();
        assertThat(frame.length()).isBetween(bytes - 3, bytes);
        assertThat(frame).startsWith("{\"type\":\"conversation.item.retrieved\"").endsWith("}");
    }

    @Test
    @DisplayName("SIM-4 fragments with pings between them are one event")
    void fragmented() throws Exception {
        Peer peer = configured(Faults.fragmented(7));
        assertThat(peer.next().path("type").asText()).isEqualTo("input_audio_buffer.speech_started");
    }

    @Test
    @DisplayName("SIM-4 a frame that is cut in the middle fails the client")
    void cutFrame() throws Exception {
        Peer peer = configured(Faults.cutFrame());
        assertThat(peer.failed.get(20, TimeUnit.SECONDS)).isNotNull();
        assertThat(peer.inbox).isEmpty();
    }

    @Test
    @DisplayName("SIM-4 a text frame with a byte sequence that is not UTF-8 arrives as such")
    void invalidUtf8() throws Exception {
        Peer peer = configured(Faults.invalidUtf8());
        // OkHttp is lenient and replaces; a strict client would close with 1007
        assertThat(peer.nextText()).contains("\uFFFD");
    }

    @Test
    @DisplayName("SIM-4 malformed JSON is followed by a good event")
    void malformedJson() throws Exception {
        Peer peer = configured(Faults.malformedJson());
        assertThat(peer.nextText()).isEqualTo("{\"type\":\"response.output_text.delta\",\"delta\":");
        assertThat(peer.next().path("type").asText()).isEqualTo("input_audio_buffer.speech_started");
    }

    @Test
    @DisplayName("SIM-4 a reserved bit and a broken close frame fail the client")
    void protocolErrors() throws Exception {
        assertThat(configured(Faults.reservedBit()).failed.get(20, TimeUnit.SECONDS)).isNotNull();
        server.close();
        assertThat(configured(Faults.brokenClose()).failed.get(20, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    @DisplayName("SIM-4 half-open: pings stay unanswered and the client gives up on them, while TCP holds")
    void halfOpen() throws Exception {
        http = new OkHttpClient.Builder().pingInterval(200, TimeUnit.MILLISECONDS).build();
        Peer peer = connect(Faults.halfOpen());
        // at once, without a look at what comes: a busy machine may need longer than the ping interval for either
        peer.socket.send(UPDATE);
        assertThat(peer.failed.get(20, TimeUnit.SECONDS)).hasMessageContaining("sent ping but didn't receive pong");
    }

    @Test
    @DisplayName("SIM-4 a peer that never reads lets what is sent pile up")
    void neverReads() throws Exception {
        // the kernel hides a few MiB on the way; what it has not taken by the end stays in the client's queue
        Peer peer = connect(Faults.neverReads());
        assertThat(peer.next().path("type").asText()).isEqualTo("session.created");
        assertThat(peer.next().path("type").asText()).isEqualTo("session.updated");
        String large = "x".repeat(1 << 20);
        for (int i = 0; i < 12; i++) {
            assertThat(peer.socket.send(large)).isTrue();
        }
        // what the kernel hides is a few MiB at most
        assertThat(peer.socket.queueSize()).isGreaterThan(1 << 20);
        assertThat(server.received()).isEmpty();
    }

    @Test
    @DisplayName("SIM-4 a flood of 80,000 events arrives whole and in order")
    void flood() throws Exception {
        Peer peer = configured(Faults.flood(80_000));
        for (int i = 0; i < 80_000; i++) {
            assertThat(peer.next().path("event_id").asText()).isEqualTo("event_" + i);
        }
    }

    @Test
    @DisplayName("SIM-4 resets: after the session is up, and in the middle of the handshake")
    void resets() throws Exception {
        assertThat(configured(Faults.reset()).failed.get(20, TimeUnit.SECONDS)).isNotNull();
        server.close();
        assertThat(connect(Faults.resetDuringHandshake()).failed.get(20, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    @DisplayName("SIM-4 a handshake that is never answered runs into the client's own timeout")
    void silentHandshake() throws Exception {
        http = new OkHttpClient.Builder().readTimeout(300, TimeUnit.MILLISECONDS).build();
        assertThat(connect(Faults.silentHandshake()).failed.get(20, TimeUnit.SECONDS))
                .isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    @DisplayName("SIM-4 any close code can be sent")
    void closeCodes() throws Exception {
        assertThat(configured(Faults.close(1012, "restart")).closed.get(20, TimeUnit.SECONDS)).isEqualTo(1012);
    }

    @Test
    @DisplayName("SIM-4 the nth connection gets the nth fault, later ones the last")
    void inOrder() throws Exception {
        server = RawWebSocketServer.start(Faults.resetDuringHandshake(), Faults.none());
        assertThat(dial().failed.get(20, TimeUnit.SECONDS)).isNotNull();
        await().until(() -> server.accepted() == 1);
        assertThat(dial().next().path("type").asText()).isEqualTo("session.created");
        assertThat(dial().next().path("type").asText()).isEqualTo("session.created");
        assertThat(server.accepted()).isEqualTo(3);
    }

    /** Connects and has the session configured. */
    private Peer configured(Fault fault) throws Exception {
        Peer peer = connect(fault);
        assertThat(peer.next().path("type").asText()).isEqualTo("session.created");
        peer.socket.send(UPDATE);
        assertThat(peer.next().path("type").asText()).isEqualTo("session.updated");
        return peer;
    }

    private Peer connect(Fault fault) throws IOException {
        server = RawWebSocketServer.start(fault);
        return dial();
    }

    private Peer dial() {
        Peer peer = new Peer();
        peer.socket = http.newWebSocket(new Request.Builder().url(server.baseUrl() + "/realtime?model=gpt-realtime").build(), peer);
        peers.add(peer);
        return peer;
    }

    private static final class Peer extends WebSocketListener {

        private final BlockingQueue<String> inbox = new LinkedBlockingQueue<>();
        private final CompletableFuture<Throwable> failed = new CompletableFuture<>();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private WebSocket socket;

        private String nextText() throws InterruptedException {
            String text = inbox.poll(20, TimeUnit.SECONDS);
            assertThat(text).as("a further frame").isNotNull();
            return text;
        }

        private JsonNode next() throws Exception {
            return JSON.readTree(nextText());
        }

        @Override
        public void onMessage(WebSocket webSocket, String text) {
            inbox.add(text);
        }

        @Override
        public void onClosing(WebSocket webSocket, int code, String reason) {
            closed.complete(code);
        }

        @Override
        public void onClosed(WebSocket webSocket, int code, String reason) {
            closed.complete(code);
        }

        @Override
        public void onFailure(WebSocket webSocket, Throwable failure, Response response) {
            failed.complete(failure);
        }
    }
}
