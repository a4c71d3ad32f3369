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
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;

import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;

/**
 * The one place where TLS, proxy, sockets, threads and time-outs of outgoing connections are decided. Gives two views,
 * one for WebSockets and one for REST, which share all of these.
 *
 * <ul>
 * <li>Redirects are not followed: the credentials are for the address that was configured.</li>
 * <li>REST: a request without a body is tried again on a fresh connection if a kept one proved dead; a body is sent
 * once, see {@link OneShotBodies}.</li>
 * <li>WebSocket: nothing is tried again, as whoever asked for the connection decides that; and no connection is kept or
 * taken from a pool, so that a refused handshake leaves no socket behind.</li>
 * </ul>
 *
 * Thread-safe.
 */
public final class HttpClients implements AutoCloseable {

    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);
    public static final Duration DEFAULT_PING_INTERVAL = Duration.ofSeconds(20);

    /** Longest silence in the middle of a REST answer; a deadline for the whole is the caller's to set on its call. */
    private static final Duration REST_READ_TIMEOUT = Duration.ofSeconds(20);
    /** How long the peer may let us wait with bytes it does not take. Ends a connection whose peer has stopped reading. */
    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(10);
    /** How long the peer may take to answer our close frame before the socket is dropped. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final OkHttpClient websocket;
    private final OkHttpClient rest;
    private final boolean ownsExecutor;

    private HttpClients(Builder builder) {
        ownsExecutor = builder.executor == null;

        // an open WebSocket counts as a running request for life: at OkHttp's default the 65th would wait without a word
        Dispatcher dispatcher = ownsExecutor ? new Dispatcher() : new Dispatcher(builder.executor);
        dispatcher.setMaxRequests(Integer.MAX_VALUE);
        dispatcher.setMaxRequestsPerHost(Integer.MAX_VALUE);

        OkHttpClient.Builder common = new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .socketFactory(new NoDelaySocketFactory())
                .connectTimeout(builder.connectTimeout)
                .writeTimeout(WRITE_TIMEOUT)
                .followRedirects(false)
                .followSslRedirects(false);
        if (builder.sslContext != null) {
            common.sslSocketFactory(builder.sslContext.getSocketFactory(), builder.trustManager);
        }
        ProxyLogin login = builder.proxy == null ? ProxyLogin.atUnknown() : ProxyLogin.at(builder.proxy);
        common.proxyAuthenticator(login);
        if (builder.proxy != null) {
            common.proxySelector(builder.proxy.selector());
        }
        if (builder.credentials != null) {
            common.addInterceptor(new BearerTokens(builder.credentials));
        }
        OkHttpClient base = common.build();

        OkHttpClient.Builder forWebSocket = base.newBuilder()
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
                .retryOnConnectionFailure(false)
                .readTimeout(builder.connectTimeout)
                .pingInterval(builder.pingInterval)
                .webSocketCloseTimeout(CLOSE_TIMEOUT);
        if (!builder.compression) {
            forWebSocket.addInterceptor(HttpClients::withoutCompression);
        }
        websocket = forWebSocket.build();

        rest = base.newBuilder()
                .connectionPool(new ConnectionPool())
                .readTimeout(REST_READ_TIMEOUT)
                .addInterceptor(new OneShotBodies())
                .addNetworkInterceptor(login)
                .build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** For WebSockets. Its time-out for the answer to the handshake is the connect time-out. */
    public OkHttpClient websocket() {
        return websocket;
    }

    /** For REST calls. */
    public OkHttpClient rest() {
        return rest;
    }

    /**
     * Closes idle connections and, unless it was handed in, lets the executor run out. Calls and WebSockets in progress
     * belong to those who started them and are not touched.
     */
    @Override
    public void close() {
        websocket.connectionPool().evictAll();
        rest.connectionPool().evictAll();
        if (ownsExecutor) {
            websocket.dispatcher().executorService().shutdown();
        }
    }

    /** OkHttp always offers permessage-deflate. Taken, it costs 7 times the CPU for a third fewer bytes. */
    private static Response withoutCompression(Interceptor.Chain chain) throws IOException {
        return chain.proceed(chain.request().newBuilder().removeHeader("Sec-WebSocket-Extensions").build());
    }

    /** Everything may be left at its default. */
    public static final class Builder {

        private Duration connectTimeout = DEFAULT_CONNECT_TIMEOUT;
        private Duration pingInterval = DEFAULT_PING_INTERVAL;
        private SSLContext sslContext;
        private X509TrustManager trustManager;
        private HttpProxy proxy;
        private RealtimeCredentials credentials;
        private boolean compression;
        private ExecutorService executor;

        private Builder() {
        }

        /**
         * Longest wait for the TCP connection, for each step of the TLS handshake, and for the answer to a WebSocket
         * handshake. More than 0; default 10 s.
         */
        public Builder connectTimeout(Duration connectTimeout) {
            if (connectTimeout.isNegative() || connectTimeout.isZero()) {
                throw new IllegalArgumentException("connectTimeout must be more than 0 but is " + connectTimeout);
            }
            this.connectTimeout = connectTimeout;
            return this;
        }

        /**
         * Time between protocol pings on WebSockets. A pong that has not come when the next ping is due fails the
         * connection, so that a dead peer is found within two intervals. Default 20 s, 0 for no pings.
         */
        public Builder pingInterval(Duration pingInterval) {
            if (pingInterval.isNegative()) {
                throw new IllegalArgumentException("pingInterval must not be negative but is " + pingInterval);
            }
            this.pingInterval = pingInterval;
            return this;
        }

        /** TLS other than the JDK's: both or, for the default, neither. */
        public Builder tls(SSLContext sslContext, X509TrustManager trustManager) {
            if ((sslContext == null) != (trustManager == null)) {
                throw new IllegalArgumentException("An SSLContext and the X509TrustManager it was made with go together");
            }
            this.sslContext = sslContext;
            this.trustManager = trustManager;
            return this;
        }

        /** The proxy to go through; by default ({@code null}) the one the JDK's system properties name, if any. */
        public Builder proxy(HttpProxy proxy) {
            this.proxy = proxy;
            return this;
        }

        /**
         * Asked for the token of each request that brings no {@code Authorization} of its own; by default ({@code null})
         * requests go as they are.
         */
        public Builder credentials(RealtimeCredentials credentials) {
            this.credentials = credentials;
            return this;
        }

        /** Whether to offer permessage-deflate on WebSockets. Default false. */
        public Builder compression(boolean compression) {
            this.compression = compression;
            return this;
        }

        /**
         * Threads for connecting and reading: one for each WebSocket as long as it is open, so the pool must grow and must
         * not queue. Stays the caller's. By default ({@code null}) a cached pool of our own.
         */
        public Builder executor(ExecutorService executor) {
            this.executor = executor;
            return this;
        }

        public HttpClients build() {
            return new HttpClients(this);
        }
    }
}
