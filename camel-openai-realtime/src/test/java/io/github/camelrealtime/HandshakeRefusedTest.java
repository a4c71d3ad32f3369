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
package io.github.camelrealtime;

import java.nio.charset.StandardCharsets;
import java.util.List;

import io.github.camelrealtime.session.SessionClosedException;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.fault.Fault;
import io.github.camelrealtime.simulator.fault.RawWebSocketServer;
import io.github.camelrealtime.transport.TransportException;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class HandshakeRefusedTest {

    private static final int ATTEMPTS = 3;
    private static final String KEY = "sk-proj-Planted0123456789";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @ParameterizedTest(name = "CONN-19 HTTP {0}, fatal: {1}")
    @CsvSource({ "401, true", "403, true", "404, true", "400, true", "408, false", "429, false", "500, false", "503, false" })
    @DisplayName("CONN-19 a refused handshake is a typed error with status, masked body and request id; only passing ones are repeated")
    void refused(int status, boolean fatal) throws Exception {
        String body = "{\"error\":{\"message\":\"Incorrect API key provided: " + KEY + ".\",\"code\":\"some_code\"}}";
        try (RawWebSocketServer server = RawWebSocketServer.start(answer(status, body))) {
            camel.connectTo(server.baseUrl());
            camel.options().setApiKey(KEY);
            camel.options().setReconnectInterval(1L);
            camel.options().setReconnectMaxInterval(1L);
            camel.options().setMaxReconnectAttempts(ATTEMPTS);
            Received received = new Received();
            camel.start(
                    route -> route.from("openai-realtime:support?eventTypes=error").process(received),
                    route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));
            Exchange asked = RealtimeCamel.done(camel.ask("direct:ask", "Hello"));

            SessionClosedException closed = asked.getException(SessionClosedException.class);
            assertThat(closed).isNotNull();
            assertThat(closed.isFatal()).isEqualTo(fatal);
            assertThat(closed).hasMessageContaining(Integer.toString(status)).hasMessageContaining("req_planted");
            TransportException transport = (TransportException) closed.getCause();
            assertThat(transport.getStatus()).isEqualTo(status);
            assertThat(transport.getRequestId()).isEqualTo("req_planted");
            assertThat(transport.getBody()).contains("some_code", "sk-***");
            assertThat(server.accepted()).isEqualTo(fatal ? 1 : ATTEMPTS);

            Received.Event failed = received.await("camel.session.failed");
            assertThat(failed.body().toString()).contains(Integer.toString(status));
            for (String text : List.of(closed.toString(), transport.toString(), transport.getBody(), failed.body().toString(),
                    camel.session("support").status().toString())) {
                assertThat(text).doesNotContain(KEY);
            }
        }
    }

    @Test
    @DisplayName("CONN-19 ERR-1 a quota that is spent is fatal although its status, 429, is that of a passing limit")
    void spentQuota() throws Exception {
        String body = "{\"error\":{\"message\":\"You exceeded your current quota.\",\"code\":\"insufficient_quota\"}}";
        try (RawWebSocketServer server = RawWebSocketServer.start(answer(429, body))) {
            camel.connectTo(server.baseUrl());
            camel.options().setReconnectInterval(1L);
            camel.start(route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));
            Exchange asked = RealtimeCamel.done(camel.ask("direct:ask", "Hello"));

            assertThat(asked.getException(SessionClosedException.class).isFatal()).isTrue();
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("CONN-19 an endless body of a refusal is cut, with no secret cut in two")
    void longBody() throws Exception {
        String body = "x".repeat(2_040) + KEY + "y".repeat(100_000);
        try (RawWebSocketServer server = RawWebSocketServer.start(answer(401, body))) {
            camel.connectTo(server.baseUrl());
            camel.start(route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));
            Exchange asked = RealtimeCamel.done(camel.ask("direct:ask", "Hello"));

            TransportException transport = (TransportException) asked.getException().getCause();
            assertThat(transport.getBody()).hasSizeLessThanOrEqualTo(2_048).doesNotContain("Planted");
        }
    }

    @Test
    @DisplayName("CONN-19 without an API key nothing is dialled, and the error says where to put one")
    void missingKey() throws Exception {
        camel.options().setApiKey(" ");
        camel.start(route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));

        Exchange asked = RealtimeCamel.done(camel.ask("direct:ask", "Hello"));
        assertThat(asked.getException()).isInstanceOf(SessionClosedException.class)
                .hasMessageContainingAll("apiKey", "OPENAI_API_KEY", "openai.api.key");
        assertThat(asked.getException(SessionClosedException.class).isFatal()).isTrue();
        assertThat(camel.session("support").state()).isEqualTo(SessionState.FAILED);
        assertThat(camel.simulator().handshakes()).isEmpty();
    }

    private static Fault answer(int status, String body) {
        return connection -> {
            connection.readRequest();
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            connection.sendBytes(("HTTP/1.1 " + status + " Refused\r\nContent-Type: application/json\r\n"
                    + "X-Request-Id: req_planted\r\nContent-Length: " + bytes.length + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            connection.sendBytes(bytes);
        };
    }
}
