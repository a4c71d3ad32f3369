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
package io.github.camelrealtime.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.SocketFactory;

import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.Credentials;
import okhttp3.EventListener;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class HttpClientsTest {

    private final MockWebServer server = new MockWebServer();
    private HttpClients clients = HttpClients.builder().build();

    @BeforeEach
    void start() throws IOException {
        server.start();
    }

    @AfterEach
    void stop() {
        clients.close();
        server.close();
    }

    @Test
    @DisplayName("P1 every socket the factory makes, whichever way, has TCP_NODELAY on")
    void factoryTurnsNagleOff() throws IOException {
        SocketFactory factory = clients.websocket().socketFactory();
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket peer = new ServerSocket(0, 50, loopback);
             Socket unconnected = factory.createSocket();
             Socket byName = factory.createSocket(loopback.getHostAddress(), peer.getLocalPort());
             Socket byAddress = factory.createSocket(loopback, peer.getLocalPort());
             Socket bound = factory.createSocket(loopback, peer.getLocalPort(), loopback, 0);
             Socket boundByName = factory.createSocket(loopback.getHostAddress(), peer.getLocalPort(), loopback, 0)) {
            for (Socket socket : List.of(unconnected, byName, byAddress, bound, boundByName)) {
                assertThat(socket.getTcpNoDelay()).isTrue();
            }
            assertThat(List.of(byName, byAddress, bound, boundByName)).allMatch(Socket::isConnected);
        }
        assertThat(clients.rest().socketFactory()).isSameAs(factory);
    }

    @Test
    @DisplayName("P1 the socket of a WebSocket in use, and that of a REST call, have TCP_NODELAY on")
    void socketsInUseHaveNagleOff() throws Exception {
        server.enqueue(new MockResponse.Builder().webSocketUpgrade(new Peer()).build());
        server.enqueue(new MockResponse.Builder().build());

        List<Socket> made = new CopyOnWriteArrayList<>();
        OkHttpClient websocket = clients.websocket().newBuilder()
                .socketFactory(new Remembering(clients.websocket().socketFactory(), made)).build();
        Opened opened = new Opened();
        WebSocket socket = websocket.newWebSocket(new Request.Builder().url(server.url("/")).build(), opened);
        opened.future.get(10, TimeUnit.SECONDS);
        assertThat(made).hasSize(1);
        assertThat(made.get(0).isConnected()).isTrue();
        assertThat(made.get(0).getTcpNoDelay()).isTrue();
        socket.cancel();

        CompletableFuture<Boolean> noDelay = new CompletableFuture<>();
        OkHttpClient rest = clients.rest().newBuilder().eventListener(new EventListener() {
            @Override
            public void connectionAcquired(Call call, Connection connection) {
                try {
                    noDelay.complete(connection.socket().getTcpNoDelay());
                } catch (IOException e) {
                    noDelay.completeExceptionally(e);
                }
            }
        }).build();
        rest.newCall(new Request.Builder().url(server.url("/")).build()).execute().close();
        assertThat(noDelay.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @DisplayName("P2 80 WebSockets open at once, where OkHttp's own limit is 64")
    void opensManyWebSockets() throws Exception {
        int count = 80;
        for (int i = 0; i < count; i++) {
            server.enqueue(new MockResponse.Builder().webSocketUpgrade(new Peer()).build());
        }
        List<Opened> opened = new CopyOnWriteArrayList<>();
        List<WebSocket> sockets = new CopyOnWriteArrayList<>();
        for (int i = 0; i < count; i++) {
            Opened listener = new Opened();
            opened.add(listener);
            sockets.add(clients.websocket().newWebSocket(new Request.Builder().url(server.url("/")).build(), listener));
        }
        for (Opened listener : opened) {
            listener.future.get(30, TimeUnit.SECONDS);
        }
        assertThat(clients.websocket().dispatcher().runningCallsCount()).isEqualTo(count);
        sockets.forEach(WebSocket::cancel);
    }

    @ParameterizedTest
    @ValueSource(booleans = { false, true })
    @DisplayName("P3 permessage-deflate is offered only if asked for")
    void offersCompressionOnlyIfAsked(boolean compression) throws Exception {
        clients = HttpClients.builder().compression(compression).build();
        server.enqueue(new MockResponse.Builder().webSocketUpgrade(new Peer()).build());
        Opened opened = new Opened();
        WebSocket socket = clients.websocket().newWebSocket(new Request.Builder().url(server.url("/")).build(), opened);
        opened.future.get(10, TimeUnit.SECONDS);
        RecordedRequest request = server.takeRequest(10, TimeUnit.SECONDS);
        assertThat(request.getHeaders().get("Sec-WebSocket-Extensions")).isEqualTo(compression ? "permessage-deflate" : null);
        socket.cancel();
    }

    @ParameterizedTest
    @ValueSource(ints = { 301, 302, 303, 307, 308 })
    @DisplayName("SEC-11 a redirect to another host is not followed, so the key is not sent there")
    void doesNotFollowRedirects(int code) throws Exception {
        try (MockWebServer foreign = new MockWebServer()) {
            foreign.start();
            server.enqueue(new MockResponse.Builder().code(code).addHeader("Location", foreign.url("/steal")).build());
            Request request = new Request.Builder().url(server.url("/")).header("Authorization", "Bearer sk-secret")
                    .header("api-key", "secret").build();
            try (Response response = clients.rest().newCall(request).execute()) {
                assertThat(response.code()).isEqualTo(code);
            }
            assertThat(foreign.getRequestCount()).isZero();
        }
    }

    @Test
    @DisplayName("SEC-11 nor is a redirect followed within the same host")
    void doesNotFollowLocalRedirects() throws Exception {
        server.enqueue(new MockResponse.Builder().code(302).addHeader("Location", "/elsewhere").build());
        try (Response response = clients.rest().newCall(new Request.Builder().url(server.url("/")).build()).execute()) {
            assertThat(response.code()).isEqualTo(302);
        }
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void postIsNotRepeatedOn503() throws Exception {
        server.enqueue(new MockResponse.Builder().code(503).addHeader("Retry-After", "0").build());
        server.enqueue(new MockResponse.Builder().build());
        try (Response response = clients.rest().newCall(post()).execute()) {
            assertThat(response.code()).isEqualTo(503);
        }
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void postIsNotRepeatedOn408() throws Exception {
        server.enqueue(new MockResponse.Builder().code(408).build());
        server.enqueue(new MockResponse.Builder().build());
        try (Response response = clients.rest().newCall(post()).execute()) {
            assertThat(response.code()).isEqualTo(408);
        }
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void postIsNotRepeatedWhenTheConnectionBreaks() throws Exception {
        // the second request goes over the kept connection, which OkHttp would take for stale and replace
        server.enqueue(new MockResponse.Builder().build());
        server.enqueue(new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build());
        server.enqueue(new MockResponse.Builder().build());
        clients.rest().newCall(post()).execute().close();
        assertThatThrownBy(() -> clients.rest().newCall(post()).execute()).isInstanceOf(IOException.class);
        assertThat(server.getRequestCount()).isEqualTo(2);
    }

    @Test
    void bodyArrivesAsItWas() throws Exception {
        server.enqueue(new MockResponse.Builder().build());
        clients.rest().newCall(post()).execute().close();
        RecordedRequest request = server.takeRequest();
        assertThat(request.getBody().utf8()).isEqualTo("{\"a\":1}");
        assertThat(request.getHeaders().get("Content-Type")).startsWith("application/json");
        assertThat(request.getHeaders().get("Content-Length")).isEqualTo("7");
    }

    @Test
    void usesTheTlsItWasGiven() throws Exception {
        HeldCertificate certificate = new HeldCertificate.Builder().addSubjectAlternativeName(server.getHostName()).build();
        HandshakeCertificates own = new HandshakeCertificates.Builder().heldCertificate(certificate).build();
        HandshakeCertificates trusting
                = new HandshakeCertificates.Builder().addTrustedCertificate(certificate.certificate()).build();
        server.useHttps(own.sslSocketFactory());
        server.enqueue(new MockResponse.Builder().build());

        Request request = new Request.Builder().url(server.url("/")).build();
        assertThatThrownBy(() -> clients.rest().newCall(request).execute()).isInstanceOf(IOException.class);
        clients.close();
        clients = HttpClients.builder().tls(trusting.sslContext(), trusting.trustManager()).build();
        try (Response response = clients.rest().newCall(request).execute()) {
            assertThat(response.code()).isEqualTo(200);
        }
        assertThat(clients.websocket().sslSocketFactory()).isSameAs(clients.rest().sslSocketFactory());
    }

    @Test
    void logsInAtTheProxy() throws Exception {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                boolean loggedIn = Credentials.basic("user", "pass").equals(request.getHeaders().get("Proxy-Authorization"));
                return loggedIn
                        ? new MockResponse.Builder().body("through").build()
                        : new MockResponse.Builder().code(407).addHeader("Proxy-Authenticate", "Basic realm=\"x\"").build();
            }
        });
        clients = HttpClients.builder().proxy(proxy("user", "pass")).build();
        Request request = post().newBuilder().url("http://api.invalid/v1/realtime/calls").build();
        try (Response response = clients.rest().newCall(request).execute()) {
            assertThat(response.body().string()).isEqualTo("through");
        }
        assertThat(server.takeRequest().getRequestLine()).startsWith("POST http://api.invalid/v1/realtime/calls");
    }

    @Test
    void givesUpWhenTheProxyRefusesTheLogin() throws Exception {
        for (int i = 0; i < 3; i++) {
            server.enqueue(new MockResponse.Builder().code(407).addHeader("Proxy-Authenticate", "Basic realm=\"x\"").build());
        }
        clients = HttpClients.builder().proxy(proxy("user", "wrong")).build();
        Request request = new Request.Builder().url("http://api.invalid/").build();
        try (Response response = clients.rest().newCall(request).execute()) {
            assertThat(response.code()).isEqualTo(407);
        }
        // once unasked, once asked
        assertThat(server.getRequestCount()).isEqualTo(2);
    }

    @Test
    void proxyPasswordDoesNotReachTheServer() throws Exception {
        server.enqueue(new MockResponse.Builder().build());
        clients = HttpClients.builder()
                .proxy(HttpProxy.of("proxy.invalid", 8080, "user", "pass", server.getHostName())).build();
        clients.rest().newCall(new Request.Builder().url(server.url("/")).build()).execute().close();
        assertThat(server.takeRequest().getHeaders().get("Proxy-Authorization")).isNull();
    }

    @Test
    void closesOnlyWhatIsItsOwn() throws Exception {
        ExecutorService mine = Executors.newCachedThreadPool();
        try {
            HttpClients withMine = HttpClients.builder().executor(mine).build();
            assertThat(withMine.rest().dispatcher().executorService()).isSameAs(mine);
            server.enqueue(new MockResponse.Builder().build());
            withMine.rest().newCall(new Request.Builder().url(server.url("/")).build()).execute().close();
            assertThat(withMine.rest().connectionPool().connectionCount()).isEqualTo(1);
            withMine.close();
            assertThat(withMine.rest().connectionPool().connectionCount()).isZero();
            assertThat(mine.isShutdown()).isFalse();
        } finally {
            mine.shutdownNow();
        }
        ExecutorService own = clients.rest().dispatcher().executorService();
        clients.close();
        assertThat(own.isShutdown()).isTrue();
    }

    @Test
    void closeLeavesOpenSocketsToTheirOwners() throws Exception {
        Peer peer = new Peer();
        server.enqueue(new MockResponse.Builder().webSocketUpgrade(peer).build());
        Opened opened = new Opened();
        WebSocket socket = clients.websocket().newWebSocket(new Request.Builder().url(server.url("/")).build(), opened);
        opened.future.get(10, TimeUnit.SECONDS);
        clients.close();
        assertThat(socket.send("still here")).isTrue();
        await().until(() -> peer.frames.get() == 1);
        socket.cancel();
    }

    @Test
    void defaultsAndLimits() {
        assertThat(clients.websocket().connectTimeoutMillis()).isEqualTo(10_000);
        assertThat(clients.websocket().pingIntervalMillis()).isEqualTo(20_000);
        assertThat(clients.rest().pingIntervalMillis()).isZero();
        HttpClients.Builder builder = HttpClients.builder();
        assertThat(builder.pingInterval(Duration.ZERO).build().websocket().pingIntervalMillis()).isZero();
        assertThatThrownBy(() -> builder.connectTimeout(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("connectTimeout");
        assertThatThrownBy(() -> builder.pingInterval(Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pingInterval");
        assertThatThrownBy(() -> builder.tls(null, new HandshakeCertificates.Builder().build().trustManager()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("SSLContext");
    }

    /** The server as a proxy. */
    private HttpProxy proxy(String user, String password) {
        return HttpProxy.of(server.getHostName(), server.getPort(), user, password, null);
    }

    private Request post() {
        return new Request.Builder().url(server.url("/"))
                .post(RequestBody.create("{\"a\":1}".getBytes(), MediaType.get("application/json"))).build();
    }

    private static final class Opened extends WebSocketListener {

        final CompletableFuture<Void> future = new CompletableFuture<>();

        @Override
        public void onOpen(WebSocket webSocket, Response response) {
            future.complete(null);
        }

        @Override
        public void onFailure(WebSocket webSocket, Throwable t, Response response) {
            future.completeExceptionally(t);
        }
    }

    private static final class Peer extends WebSocketListener {

        final AtomicInteger frames = new AtomicInteger();

        @Override
        public void onMessage(WebSocket webSocket, String text) {
            frames.incrementAndGet();
        }
    }

    private static final class Remembering extends SocketFactory {

        private final SocketFactory factory;
        private final List<Socket> made;

        Remembering(SocketFactory factory, List<Socket> made) {
            this.factory = factory;
            this.made = made;
        }

        @Override
        public Socket createSocket() throws IOException {
            Socket socket = factory.createSocket();
            made.add(socket);
            return socket;
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
            throw new UnsupportedOperationException();
        }
    }
}
