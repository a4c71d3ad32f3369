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

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** With the JDK's client, which waits for a pong as long as it is told to: OkHttp's gives up after one interval. */
class PongTest {

    private static final long PATIENCE_SECONDS = 20;
    private static final String UPDATE = "{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\"}}";

    @Test
    @DisplayName("SIM-4 a raw server that is not half-open answers pings with what they carry")
    void pong() throws Exception {
        CompletableFuture<String> pong = new CompletableFuture<>();
        try (RawWebSocketServer server = RawWebSocketServer.start(Faults.none())) {
            WebSocket socket = HttpClient.newHttpClient().newWebSocketBuilder()
                    .buildAsync(URI.create(server.baseUrl().replace("http", "ws") + "/realtime"), new Listener(pong))
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            socket.sendText(UPDATE, true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            socket.sendPing(StandardCharsets.US_ASCII.encode("there?")).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(pong.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("there?");
            socket.abort();
        }
    }

    private record Listener(CompletableFuture<String> pong) implements WebSocket.Listener {

        @Override
        public CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
            pong.complete(StandardCharsets.US_ASCII.decode(message).toString());
            return null;
        }
    }
}
