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

import java.time.Clock;

import io.github.camelrealtime.net.HttpClients;
import io.github.camelrealtime.transport.Transport;
import io.github.camelrealtime.transport.TransportFactory;
import io.github.camelrealtime.transport.TransportListener;
import io.github.camelrealtime.transport.TransportRequest;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/**
 * Opens WebSockets with OkHttp. Listeners are called on the thread that reads the socket, for some failures on another,
 * but never by two threads at a time.
 *
 * <p>{@link Transport#send(String)} throws an {@link IllegalArgumentException} for frames above
 * {@link Transport#MAX_FRAME_BYTES}. It also answers {@code false} when the frame would bring
 * {@link Transport#queuedBytes()} above that: the connection stays open then, and the listener is told if it turns out
 * that the peer has stopped reading, after 10 s without a byte leaving.
 *
 * <p>A connection closed before it was open ends with {@link TransportListener#onClosed} and the code and reason it was
 * closed with. The same is said if the peer, having got our close frame, hangs up without one of its own.
 */
public final class WebSocketTransportFactory implements TransportFactory {

    /** The service takes 15 MiB in one event, 20 MiB as base64, and can give it back in one. */
    public static final int DEFAULT_MAX_MESSAGE_SIZE = 32 * 1024 * 1024;

    private final OkHttpClient client;
    private final long maxMessageSize;
    private final Clock clock;

    /** With the default limit. */
    public WebSocketTransportFactory(HttpClients clients) {
        this(clients, DEFAULT_MAX_MESSAGE_SIZE, Clock.systemUTC());
    }

    /**
     * @param clients        stays the caller's
     * @param maxMessageSize largest message accepted, in bytes as they arrive, all frames of the message together; a
     *                       larger one is not read, the connection is closed with 1009 and fails. With compression the
     *                       text may be larger than what arrives; it is checked once more when inflated
     * @param clock          for dates in {@code Retry-After}
     */
    public WebSocketTransportFactory(HttpClients clients, int maxMessageSize, Clock clock) {
        if (maxMessageSize < 1) {
            throw new IllegalArgumentException("maxMessageSize must be at least 1 byte but is " + maxMessageSize);
        }
        this.client = clients.websocket().newBuilder().addInterceptor(new InboundLimit(maxMessageSize)).build();
        this.maxMessageSize = maxMessageSize;
        this.clock = clock;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the address is not {@code ws:} or {@code wss:} with a host, or a header cannot be
     *                                  sent as it is
     */
    @Override
    public Transport open(TransportRequest request, TransportListener listener) {
        String scheme = request.uri().getScheme();
        if (request.uri().getHost() == null || !"ws".equalsIgnoreCase(scheme) && !"wss".equalsIgnoreCase(scheme)) {
            throw new IllegalArgumentException("Not a WebSocket address, ws://… or wss://…: " + request.uri());
        }
        Request.Builder handshake = new Request.Builder().url(request.uri().toString());
        request.headers().forEach((name, value) -> header(handshake, name, value));

        WebSocketTransport transport = new WebSocketTransport(request.uri(), listener, maxMessageSize, clock);
        transport.connect(client, handshake.tag(WebSocketTransport.class, transport).build());
        return transport;
    }

    private static void header(Request.Builder handshake, String name, String value) {
        try {
            handshake.header(name, value);
        } catch (IllegalArgumentException e) {
            // no cause: OkHttp quotes the value, and a key with a line break at its end is a likely one
            throw new IllegalArgumentException(
                    "Header " + name + " cannot be sent: it holds a character that is not printable ASCII, say a line break");
        }
    }
}
