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
package io.github.camelrealtime.transport.memory;

import java.util.Objects;
import java.util.concurrent.Executor;

import io.github.camelrealtime.transport.Transport;
import io.github.camelrealtime.transport.TransportFactory;
import io.github.camelrealtime.transport.TransportListener;
import io.github.camelrealtime.transport.TransportRequest;

/**
 * Opens connections without a network, to a service within the same JVM. A means for tests: with a clock that a test moves (option
 * {@code timers} of the component) hours pass in seconds, as no socket has to be waited for, and with an executor of one thread
 * each run is like the one before.
 *
 * <p>Connections behave as WebSockets do: {@link Transport#send(String)} throws an {@link IllegalArgumentException} for frames
 * above {@link Transport#MAX_FRAME_BYTES} and returns {@code false} when as much waits already; a close is answered by the
 * service once it has read what was sent before. They have no pings.
 */
public final class MemoryTransportFactory implements TransportFactory {

    private final MemoryServer server;
    private final Executor executor;

    /**
     * @param server   answers those who dial
     * @param executor calls listeners and the server. It must not run a task on the thread that hands it in; one that takes
     *                 nothing more, being shut down, leaves the connections as they are
     */
    public MemoryTransportFactory(MemoryServer server, Executor executor) {
        this.server = Objects.requireNonNull(server, "server");
        this.executor = Objects.requireNonNull(executor, "executor");
    }

    @Override
    public Transport open(TransportRequest request, TransportListener listener) {
        MemoryTransport transport = new MemoryTransport(request, listener, executor);
        transport.dial(server);
        return transport;
    }
}
