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

import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;

import io.github.camelrealtime.net.HttpClients;
import io.github.camelrealtime.transport.TransportException;
import io.github.camelrealtime.transport.TransportRequest;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class HandshakeRefusalTest {

    private final MockWebServer server = new MockWebServer();
    private final HttpClients clients = HttpClients.builder().build();
    private final WebSocketTransportFactory factory = new WebSocketTransportFactory(clients,
            WebSocketTransportFactory.DEFAULT_MAX_MESSAGE_SIZE,
            Clock.fixed(Instant.parse("2026-11-21T10:00:00Z"), ZoneOffset.UTC));
    private final RecordingListener listener = new RecordingListener();

    @BeforeEach
    void start() throws IOException {
        server.start();
    }

    @AfterEach
    void stop() {
        clients.close();
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
            "401 | invalid_api_key     | -                             | -1",
            "403 | model_access        | -                             | -1",
            "404 | call_id_not_found   | -                             | -1",
            "429 | rate_limit_exceeded | 17                            | 17000",
            "503 | server_error        | Sat, 21 Nov 2026 10:01:30 GMT | 90000"
    })
    @DisplayName("CONN-19 a refused handshake is a typed failure with status, body, request id and Retry-After")
    void refusal(int status, String code, String retryAfter, long millis) throws Exception {
        MockResponse.Builder response = new MockResponse.Builder().code(status).addHeader("X-Request-Id", "req_77")
                .body("{\"error\":{\"message\":\"no\",\"code\":\"" + code + "\"}}");
        if (retryAfter != null) {
            response.addHeader("Retry-After", retryAfter);
        }
        server.enqueue(response.build());
        TransportException failure = refused();
        assertThat(failure.getStatus()).isEqualTo(status);
        assertThat(failure.getBody()).isEqualTo("{\"error\":{\"message\":\"no\",\"code\":\"" + code + "\"}}");
        assertThat(failure.getRequestId()).isEqualTo("req_77");
        assertThat(failure.getRetryAfterMillis()).isEqualTo(millis);
        assertThat(failure).hasMessageContaining("HTTP " + status).hasMessageContaining("req_77").hasMessageContaining(code)
                .hasMessageContaining("/v1/realtime").hasMessageNotContaining("model=");
        assertThat(listener.calls).containsExactly("failure");
    }

    @Test
    @DisplayName("CONN-19, SEC-7 the body is cut at 2,048 characters and holds no key, nor does the message")
    void bodyIsBoundedAndMasked() throws Exception {
        String body = "Incorrect key sk-proj-abcdefgh given. " + "x".repeat(2000) + " Bearer abcdefghijklmnop "
                      + "y".repeat(1_000_000);
        server.enqueue(new MockResponse.Builder().code(401).body(body).build());
        TransportException failure = refused();
        assertThat(failure.getBody()).hasSize(2048).startsWith("Incorrect key sk-*** given. ")
                .doesNotContain("abcdefgh");
        assertThat(failure).hasMessageContaining("sk-***").hasMessageNotContaining("abcdefgh");
        assertThat(failure.getMessage()).hasSizeLessThan(600);
    }

    @Test
    @DisplayName("CONN-19 without body, request id and Retry-After there are none")
    void bareRefusal() throws Exception {
        server.enqueue(new MockResponse.Builder().code(404).build());
        TransportException failure = refused();
        assertThat(failure.getStatus()).isEqualTo(404);
        assertThat(failure.getBody()).isNull();
        assertThat(failure.getRequestId()).isNull();
        assertThat(failure.getRetryAfterMillis()).isEqualTo(-1);
    }

    @Test
    @DisplayName("CONN-19 a body that never ends does not keep the failure back")
    void bodyWithoutEnd() throws Exception {
        try (RawServer raw = new RawServer(connection -> {
            connection.request();
            connection.write("HTTP/1.1 503 No\r\nContent-Length: 1000000\r\n\r\nbusy");
            connection.drain();
        })) {
            factory.open(new TransportRequest(raw.uri(), Map.of()), listener);
            TransportException failure = listener.awaitFailure();
            assertThat(failure.getStatus()).isEqualTo(503);
            assertThat(failure.getBody()).isEqualTo("busy");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = { 301, 302, 307, 308 })
    @DisplayName("SEC-11 a redirected handshake fails, and the key does not go to the other host")
    void redirectIsNotFollowed(int code) throws Exception {
        try (MockWebServer foreign = new MockWebServer()) {
            foreign.start();
            server.enqueue(new MockResponse.Builder().code(code).addHeader("Location", foreign.url("/steal")).build());
            TransportException failure = refused();
            assertThat(failure.getStatus()).isEqualTo(code);
            assertThat(failure).hasMessageContaining("redirects are not followed");
            assertThat(foreign.getRequestCount()).isZero();
        }
    }

    @Test
    @DisplayName("CONN-19 a 200 is a refusal too")
    void okIsNoUpgrade() throws Exception {
        server.enqueue(new MockResponse.Builder().body("<html>captive portal</html>").build());
        TransportException failure = refused();
        assertThat(failure.getStatus()).isEqualTo(200);
        assertThat(failure).hasMessageContaining("captive portal");
    }

    @Test
    @DisplayName("CONN-19 a 101 that does not prove the peer speaks WebSocket is a failure without a status")
    void wrongAccept() throws Exception {
        try (RawServer raw = new RawServer(connection -> {
            connection.request();
            connection.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             + "Sec-WebSocket-Accept: bm90IHRoZSByaWdodCBvbmU=\r\n\r\n");
            connection.drain();
        })) {
            factory.open(new TransportRequest(raw.uri(), Map.of()), listener);
            assertThat(listener.awaitFailure().getStatus()).isZero();
            assertThat(listener.calls).containsExactly("failure");
        }
    }

    @Test
    @DisplayName("CONN-19 nobody there: a failure without a status that says where")
    void nobodyThere() throws Exception {
        server.close();
        TransportException failure = refused();
        assertThat(failure.getStatus()).isZero();
        assertThat(failure).hasMessageContaining("No connection to ws://").hasCauseInstanceOf(IOException.class);
    }

    private TransportException refused() throws Exception {
        URI uri = URI.create("ws://" + server.getHostName() + ":" + server.getPort() + "/v1/realtime?model=m");
        factory.open(new TransportRequest(uri, Map.of("Authorization", "Bearer sk-secret")), listener);
        return listener.awaitFailure();
    }
}
