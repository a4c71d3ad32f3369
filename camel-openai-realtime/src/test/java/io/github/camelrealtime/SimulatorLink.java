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

import java.time.Duration;

import io.github.camelrealtime.simulator.DirectClient;
import io.github.camelrealtime.simulator.DirectConnection;
import io.github.camelrealtime.simulator.RealtimeSimulator;
import io.github.camelrealtime.simulator.SimulatedSession;
import io.github.camelrealtime.transport.TransportException;
import io.github.camelrealtime.transport.memory.MemoryConnection;
import io.github.camelrealtime.transport.memory.MemoryConnection.Way;
import io.github.camelrealtime.transport.memory.MemoryPeer;

/**
 * One connection in memory between component and simulator, which know nothing of each other; and the network between them,
 * which a test can break.
 */
public final class SimulatorLink implements MemoryPeer, DirectClient {

    private final MemoryConnection client;
    private volatile DirectConnection service;

    private SimulatorLink(MemoryConnection client) {
        this.client = client;
    }

    static SimulatorLink dialled(RealtimeSimulator simulator, MemoryConnection client) {
        SimulatorLink link = new SimulatorLink(client);
        link.service = simulator.connect(client.request().uri(), client.request().headers(), link);
        return link;
    }

    /** The simulator's view; {@code null} if it has not let the client in. */
    public SimulatedSession session() {
        return service.session();
    }

    /** Whether the connection stands, as far as the simulator knows. */
    public boolean isOpen() {
        return service.isOpen();
    }

    /** Both ends find the connection gone, what was sent before having arrived. */
    public void cut() {
        service.drop();
        client.fail(new TransportException("The connection was cut", null));
    }

    /** Nothing arrives that way from now on; nobody is told. */
    public void blackHole(Way way) {
        client.hold(way);
    }

    /** Ends a {@link #blackHole}: what was sent meanwhile arrives, in order. */
    public void heal(Way way) {
        client.release(way);
    }

    // ---- from the component

    @Override
    public void onFrame(String frame) {
        service.text(frame);
    }

    @Override
    public void onClosed(int code, String reason) {
        service.close(code, reason);
    }

    @Override
    public void onAborted() {
        service.drop();
    }

    // ---- from the simulator

    @Override
    public void opened() {
        client.open();
    }

    @Override
    public void refused(int status, String body, Duration retryAfter) {
        client.fail(new TransportException(
                "HTTP " + status, status, body, null, retryAfter == null ? -1 : retryAfter.toMillis(), null));
    }

    @Override
    public void text(String frame) {
        client.send(frame);
    }

    @Override
    public void binary(byte[] bytes) {
        client.sendBinary(bytes.length);
    }

    @Override
    public void closed(int code, String reason) {
        client.close(code, reason);
    }

    @Override
    public void dropped() {
        client.fail(new TransportException("The service has dropped the connection", null));
    }

    @Override
    public void reading(boolean reads) {
        if (reads) {
            client.release(Way.TO_SERVICE);
        } else {
            client.hold(Way.TO_SERVICE);
        }
    }
}
