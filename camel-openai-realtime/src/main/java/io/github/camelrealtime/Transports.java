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
import io.github.camelrealtime.transport.TransportFactory;
import io.github.camelrealtime.transport.websocket.WebSocketTransportFactory;

/** The network clients of a component: one for each set of network options in use. */
final class Transports {

    private record Key(long connectTimeout, long pingInterval, boolean compression, int maxMessageSize) {

        static Key of(OpenAIRealtimeConfiguration options) {
            return new Key(
                    options.getConnectTimeout() == null ? 10_000 : options.getConnectTimeout(),
                    options.getPingInterval() == null ? 20_000 : options.getPingInterval(),
                    Boolean.TRUE.equals(options.getCompression()),
                    options.getMaxMessageSize() == null ? WebSocketTransportFactory.DEFAULT_MAX_MESSAGE_SIZE : options.getMaxMessageSize());
        }
    }

    private record Client(HttpClients clients, TransportFactory factory) {
    }

    private final ExecutorService dispatcher;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, Client> clients = new HashMap<>();

    Transports(ExecutorService dispatcher) {
        this.dispatcher = dispatcher;
    }

    TransportFactory find(OpenAIRealtimeConfiguration options) {
        Key key = Key.of(options);
        lock.lock();
        try {
            return clients.computeIfAbsent(key, this::create).factory();
        } finally {
            lock.unlock();
        }
    }

    private Client create(Key key) {
        HttpClients http = HttpClients.builder()
                .connectTimeout(Duration.ofMillis(key.connectTimeout()))
                .pingInterval(Duration.ofMillis(key.pingInterval()))
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
