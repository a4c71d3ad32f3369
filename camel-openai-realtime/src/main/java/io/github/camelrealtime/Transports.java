package io.github.camelrealtime;

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

    private static final int DEFAULT_MAX_MESSAGE = 32 * 1024 * 1024;

    private record Key(long connectTimeout, long pingInterval, boolean compression, int maxMessageSize) {

        static Key of(OpenAIRealtimeConfiguration options) {
            return new Key(
                    options.getConnectTimeout() == null ? 10_000 : options.getConnectTimeout(),
                    options.getPingInterval() == null ? 20_000 : options.getPingInterval(),
                    Boolean.TRUE.equals(options.getCompression()),
                    options.getMaxMessageSize() == null ? DEFAULT_MAX_MESSAGE : options.getMaxMessageSize());
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
        return new Client(http, new WebSocketTransportFactory(http, key.maxMessageSize()));
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
