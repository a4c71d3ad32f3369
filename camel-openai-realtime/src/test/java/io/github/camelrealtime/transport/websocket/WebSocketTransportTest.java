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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.camelrealtime.net.HttpClients;
import io.github.camelrealtime.transport.Transport;
import io.github.camelrealtime.transport.TransportException;
import io.github.camelrealtime.transport.TransportRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class WebSocketTransportTest {

    private HttpClients clients = HttpClients.builder().build();
    private final RecordingListener listener = new RecordingListener();
    private RawServer server;

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            server.close();
        }
        clients.close();
        assertThat(listener.overlaps).as("calls at the same time").hasValue(0);
    }

    @Test
    void carriesFramesBothWaysWithTheHeadersAsked() throws Exception {
        CompletableFuture<String> request = new CompletableFuture<>();
        List<String> received = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        server = new RawServer(connection -> {
            request.complete(connection.upgrade());
            connection.text("one");
            connection.frame(2, true, new byte[7]);
            connection.text("zwei Grüße \ud83d\ude00");
            received.add(connection.read().text());
            received.add(connection.read().text());
            done.countDown();
            connection.drain();
        });
        Transport transport = open(Map.of("Authorization", "Bearer sk-1", "OpenAI-Project", "p1"));
        listener.awaitOpen();
        assertThat(transport.send("a")).isTrue();
        assertThat(transport.send("b \u00fc \ud83d\ude00")).isTrue();
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(received).containsExactly("a", "b \u00fc \ud83d\ude00");
        assertThat(request.get()).startsWith("GET /v1/realtime?model=gpt-realtime HTTP/1.1\r\n")
                .contains("\r\nAuthorization: Bearer sk-1\r\n", "\r\nOpenAI-Project: p1\r\n");
        await().untilAsserted(
                () -> assertThat(listener.calls).containsExactly("open", "one", "binary 7", "zwei Grüße \ud83d\ude00"));
        await().until(() -> transport.queuedBytes() == 0);
    }

    @ParameterizedTest
    @CsvSource({ "1000, ''", "1001, Your session hit the maximum duration of 60 minutes.", "1011, oops",
            "3000, invalid_request_error.invalid_api_key", "4000, invalid_request_error.invalid_model" })
    void reportsTheServersCloseAndAnswersIt(int code, String reason) throws Exception {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        server = new RawServer(connection -> {
            connection.upgrade();
            connection.text("last words");
            connection.close(code, reason);
            answer.complete(connection.read().closeCode());
        });
        Transport transport = open();
        assertThat(listener.awaitClosed()).isEqualTo(code + " " + reason);
        assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo(code);
        assertThat(transport.send("too late")).isFalse();
        await().until(() -> server.open() == 0);
        assertThat(listener.calls).containsExactly("open", "last words", "closed " + code + " " + reason);
    }

    @Test
    void reportsACloseWithoutCodeAs1005() throws Exception {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        server = new RawServer(connection -> {
            connection.upgrade();
            connection.frame(8, true, new byte[0]);
            answer.complete(connection.read().closeCode());
        });
        open();
        assertThat(listener.awaitClosed()).isEqualTo("1005 ");
        assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo(1000);
    }

    @Test
    void theServersCodeIsNotLostWhenItDoesNotWaitForTheAnswer() throws Exception {
        server = new RawServer(connection -> {
            connection.upgrade();
            connection.close(4000, "invalid_request_error.invalid_intent");
        });
        open();
        assertThat(listener.awaitClosed()).isEqualTo("4000 invalid_request_error.invalid_intent");
        assertThat(listener.calls).containsExactly("open", "closed 4000 invalid_request_error.invalid_intent");
    }

    @Test
    void whatWasSentLeavesBeforeOurClose() throws Exception {
        List<String> received = new ArrayList<>();
        CompletableFuture<RawServer.Frame> close = new CompletableFuture<>();
        server = new RawServer(connection -> {
            connection.upgrade();
            for (int i = 0; i < 500; i++) {
                received.add(connection.read().text());
            }
            RawServer.Frame frame = connection.read();
            close.complete(frame);
            connection.close(1000, "OK");
        });
        Transport transport = open();
        listener.awaitOpen();
        for (int i = 0; i < 500; i++) {
            assertThat(transport.send("frame " + i)).isTrue();
        }
        transport.close(1000, "done");
        transport.close(4999, "ignored");
        assertThat(transport.send("after")).isFalse();
        assertThat(close.get(20, TimeUnit.SECONDS).closeCode()).isEqualTo(1000);
        assertThat(close.get().payload()).endsWith("done".getBytes());
        assertThat(received).hasSize(500).startsWith("frame 0").endsWith("frame 499");
        assertThat(listener.awaitClosed()).isEqualTo("1000 OK");
        assertThat(listener.calls).containsExactly("open", "closed 1000 OK");
    }

    @Test
    void aPeerThatHangsUpOnOurCloseFrameHasClosed() throws Exception {
        server = new RawServer(connection -> {
            connection.upgrade();
            connection.read();
        });
        Transport transport = open();
        listener.awaitOpen();
        transport.close(1000, "bye");
        assertThat(listener.awaitClosed()).isEqualTo("1000 bye");
        assertThat(listener.calls).containsExactly("open", "closed 1000 bye");
    }

    @Test
    void aPeerThatHangsUpUnaskedHasFailed() throws Exception {
        server = new RawServer(connection -> {
            connection.upgrade();
            connection.text("one");
        });
        Transport transport = open();
        assertThat(listener.awaitFailure()).hasMessageContaining("was lost").hasMessageContaining("ws://")
                .hasMessageNotContaining("model=");
        assertThat(transport.send("x")).isFalse();
        assertThat(listener.calls).containsExactly("open", "one", "failure");
    }

    @Test
    @DisplayName("CONN-4 closed before it was open: the attempt is given up, the socket freed, the code reported")
    void closeBeforeOpen() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        server = new RawServer(connection -> {
            connection.request();
            asked.countDown();
            connection.drain();
        });
        Transport transport = open();
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(transport.send("too early")).isFalse();
        assertThat(transport.queuedBytes()).isZero();
        transport.close(1000, "changed my mind");
        assertThat(listener.awaitClosed()).isEqualTo("1000 changed my mind");
        await().until(() -> server.open() == 0);
        assertThat(listener.calls).containsExactly("closed 1000 changed my mind");
    }

    @Test
    @DisplayName("CONN-4 aborted before it was open: one failure, the socket freed")
    void abortBeforeOpen() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        server = new RawServer(connection -> {
            connection.request();
            asked.countDown();
            connection.drain();
        });
        Transport transport = open();
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        transport.abort();
        assertThat(listener.awaitFailure()).hasMessageContaining("our side");
        await().until(() -> server.open() == 0);
        assertThat(listener.calls).containsExactly("failure");
    }

    @Test
    @DisplayName("CONN-4 aborted while open: one failure, the socket freed, and later calls do nothing")
    void abortWhileOpen() throws Exception {
        server = new RawServer(connection -> {
            connection.upgrade();
            connection.drain();
        });
        Transport transport = open();
        listener.awaitOpen();
        transport.abort();
        assertThat(listener.awaitFailure()).isInstanceOf(TransportException.class).hasMessageContaining("our side");
        await().until(() -> server.open() == 0);
        transport.abort();
        transport.close(1000, null);
        assertThat(transport.send("x")).isFalse();
        assertThat(listener.calls).containsExactly("open", "failure");
    }

    @Test
    @DisplayName("CONN-7 a peer that answers no ping is found out")
    void missingPongFails() throws Exception {
        clients = HttpClients.builder().pingInterval(Duration.ofMillis(100)).build();
        server = new RawServer(connection -> {
            connection.upgrade();
            connection.drain();
        });
        open();
        assertThat(listener.awaitFailure()).hasMessageContaining("pong");
        assertThat(listener.calls).containsExactly("open", "failure");
    }

    @Test
    void reasonIsCutToWhatACloseFrameHolds() throws Exception {
        CompletableFuture<RawServer.Frame> close = new CompletableFuture<>();
        server = new RawServer(connection -> {
            connection.upgrade();
            close.complete(connection.read());
            connection.close(1000, "");
        });
        Transport transport = open();
        listener.awaitOpen();
        transport.close(1000, "ü".repeat(100));
        assertThat(close.get(20, TimeUnit.SECONDS).payload()).hasSize(2 + 122);
        listener.awaitClosed();
    }

    @Test
    void refusesAReservedCloseCodeAndStaysOpen() throws Exception {
        server = new RawServer(connection -> {
            connection.upgrade();
            connection.drain();
        });
        Transport transport = open();
        listener.awaitOpen();
        for (int code : new int[] { 0, 999, 1004, 1005, 1006, 1015, 2999, 5000 }) {
            assertThatThrownBy(() -> transport.close(code, "no")).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("" + code);
        }
        assertThat(transport.send("still open")).isTrue();
        transport.abort();
        listener.awaitFailure();
    }

    @ParameterizedTest
    @ValueSource(strings = { "http://localhost/v1", "localhost:1", "ws:///v1", "mailto:a@b.c" })
    void refusesOtherAddresses(String uri) {
        assertThatThrownBy(() -> factory().open(new TransportRequest(URI.create(uri), Map.of()), listener))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("ws://");
        assertThat(listener.calls).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = { "Authorization", "api-key" })
    @DisplayName("SEC-7 a key with a line break at its end is refused without being quoted")
    void refusesABadHeaderWithoutQuotingIt(String name) {
        TransportRequest request = new TransportRequest(URI.create("ws://localhost:1/"), Map.of(name, "0123456789abcdef\n"));
        assertThatThrownBy(() -> factory().open(request, listener)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name).hasMessageNotContaining("abcdef").hasNoCause();
    }

    @Test
    void aClosedClientFailsTheAttemptAndTellsOnce() throws Exception {
        clients.close();
        Transport transport
                = factory().open(new TransportRequest(URI.create("ws://localhost:1/"), Map.of()), listener);
        listener.awaitFailure();
        assertThat(listener.calls).containsExactly("failure");
        assertThatCode(transport::abort).doesNotThrowAnyException();
    }

    private Transport open() {
        return open(Map.of());
    }

    private Transport open(Map<String, String> headers) {
        return factory().open(new TransportRequest(server.uri(), headers), listener);
    }

    private WebSocketTransportFactory factory() {
        return new WebSocketTransportFactory(
                clients, WebSocketTransportFactory.DEFAULT_MAX_MESSAGE_SIZE, Clock.systemUTC());
    }
}
