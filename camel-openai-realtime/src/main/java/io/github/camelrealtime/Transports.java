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

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.ReentrantLock;

import io.github.camelrealtime.net.HttpClients;
import io.github.camelrealtime.net.HttpProxy;
import io.github.camelrealtime.net.RealtimeCredentials;
import io.github.camelrealtime.transport.TransportFactory;
import io.github.camelrealtime.transport.websocket.WebSocketTransportFactory;
import org.apache.camel.CamelContext;
import org.apache.camel.support.jsse.SSLContextParameters;

/** The network clients of a component: one for each set of network options in use. */
final class Transports {

    private record Key(long connectTimeout, long pingInterval, boolean compression, int maxMessageSize,
                       SSLContextParameters tls, HttpProxy proxy, RealtimeCredentials credentials) {

        static Key of(OpenAIRealtimeConfiguration options) {
            return new Key(
                    options.getConnectTimeout() == null ? 10_000 : options.getConnectTimeout(),
                    options.getPingInterval() == null ? 20_000 : options.getPingInterval(),
                    Boolean.TRUE.equals(options.getCompression()),
                    options.getMaxMessageSize() == null ? WebSocketTransportFactory.DEFAULT_MAX_MESSAGE_SIZE : options.getMaxMessageSize(),
                    options.getSslContextParameters(),
                    HttpProxy.of(options.getProxyHost(), options.getProxyPort(), options.getProxyUser(), options.getProxyPassword(),
                            options.getNonProxyHosts()),
                    options.getCredentials());
        }
    }

    private record Client(HttpClients clients, TransportFactory factory) {
    }

    private final CamelContext camel;
    private final ExecutorService dispatcher;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, Client> clients = new HashMap<>();

    Transports(CamelContext camel, ExecutorService dispatcher) {
        this.camel = camel;
        this.dispatcher = dispatcher;
    }

    /**
     * For WebSockets.
     *
     * @throws IllegalArgumentException naming the network option that is wrong
     */
    TransportFactory find(OpenAIRealtimeConfiguration options) {
        return client(options).factory();
    }

    /**
     * For REST calls to the same service: the same TLS, proxy and credentials.
     *
     * @throws IllegalArgumentException naming the network option that is wrong
     */
    HttpClients http(OpenAIRealtimeConfiguration options) {
        return client(options).clients();
    }

    private Client client(OpenAIRealtimeConfiguration options) {
        Key key = Key.of(options);
        lock.lock();
        try {
            return clients.computeIfAbsent(key, this::create);
        } finally {
            lock.unlock();
        }
    }

    private Client create(Key key) {
        TlsSettings tls = key.tls() == null ? new TlsSettings(null, null) : TlsSettings.of(key.tls(), camel);
        HttpClients http = HttpClients.builder()
                .connectTimeout(Duration.ofMillis(key.connectTimeout()))
                .pingInterval(Duration.ofMillis(key.pingInterval()))
                .tls(tls.context(), tls.trustManager())
                .proxy(key.proxy())
                .credentials(key.credentials())
                .compression(key.compression())
                .executor(dispatcher)
                .build();
        return new Client(http, new WebSocketTransportFactory(http, key.maxMessageSize(), Clock.systemUTC()));
    }

    void close() {
        lock.lock();
        try {
            clients.values().forEach(client -> client.clients().close());
            clients.clear();
        } finally {
            lock.unlock();
        }
    }
}
