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
package io.github.camelrealtime.simulator;

import java.io.IOException;
import java.time.Duration;

import io.github.camelrealtime.simulator.fault.FaultProxy;
import io.github.camelrealtime.simulator.fault.FaultProxy.Way;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class FaultProxyTest extends WireTest {

    private static final String CLEAR = "{'type':'input_audio_buffer.clear'}";

    private FaultProxy proxy;

    @BeforeEach
    void startBoth() throws IOException {
        proxy = FaultProxy.before(start(Scenario.standard()).baseUrl());
    }

    @AfterEach
    void closeProxy() throws IOException {
        proxy.close();
    }

    @Test
    @DisplayName("SIM-4 a proxy that is told nothing changes nothing")
    void transparent() {
        Client client = connected();
        client.expectNothingMore();
        client.socket().close(1000, "OK");
        assertThat(client.awaitClose()).isEqualTo(1000);
        await().until(() -> session().closeCode() == 1000);
        assertThat(proxy.accepted()).isEqualTo(1);
    }

    @Test
    @DisplayName("SIM-4 a black hole towards the server: what the client sends is not there until it is healed, then in order")
    void blackHoleToServer() {
        Client client = connected();
        proxy.blackHole(Way.TO_SERVER);
        client.send(CLEAR);
        // what the server says still comes
        session().dtmf("5");
        client.expect("input_audio_buffer.dtmf_event_received");
        assertThat(session().received("input_audio_buffer.clear")).isEmpty();
        proxy.heal(Way.TO_SERVER);
        client.expect("input_audio_buffer.cleared");
    }

    @Test
    @DisplayName("SIM-4 a black hole towards the client: the server does what it is told, and nobody hears of it until it is healed")
    void blackHoleToClient() {
        Client client = connected();
        proxy.blackHole(Way.TO_CLIENT);
        client.send(CLEAR);
        await().until(() -> session().sent("input_audio_buffer.cleared").size() == 1);
        session().close(1011, "gone");
        assertThat(client.closed).isNotDone();
        proxy.heal(Way.TO_CLIENT);
        client.expect("input_audio_buffer.cleared");
        assertThat(client.awaitClose()).isEqualTo(1011);
    }

    @Test
    @DisplayName("SIM-4 half-open: both ends live, neither hears of the other, not even of its end")
    void halfOpen() {
        Client client = connected();
        proxy.blackHole(Way.TO_SERVER, Way.TO_CLIENT);
        session().abort();
        client.send(CLEAR);
        await().until(() -> !session().isOpen());
        assertThat(client.failed).isNotDone();
        proxy.heal(Way.TO_SERVER, Way.TO_CLIENT);
        assertThat(Client.get(client.failed)).isNotNull();
    }

    @Test
    @DisplayName("SIM-4 a black hole may be for one connection alone")
    void oneConnection() {
        Client first = connected();
        Client second = connected();
        proxy.blackHole(0, Way.TO_SERVER, Way.TO_CLIENT);
        first.send(CLEAR);
        second.send(CLEAR);
        second.expect("input_audio_buffer.cleared");
        assertThat(proxy.accepted()).isEqualTo(2);
        proxy.heal(0, Way.TO_SERVER, Way.TO_CLIENT);
        first.expect("input_audio_buffer.cleared");
    }

    @Test
    @DisplayName("SIM-4 a cut in the middle of a frame, on either way, and in the middle of the handshake")
    void cutInFrame() {
        Client first = connected();
        proxy.cutAfter(Way.TO_SERVER, 20);
        first.send(CLEAR);
        assertThat(Client.get(first.failed)).isNotNull();
        assertThat(session().received("input_audio_buffer.clear")).isEmpty();
        Client second = connected();
        proxy.cutAfter(Way.TO_CLIENT, 20);
        second.send(CLEAR);
        assertThat(Client.get(second.failed)).isNotNull();
        proxy.cutAfter(Way.TO_CLIENT, 20);
        assertThat(Client.get(dialTo(proxy.baseUrl()).failed)).isNotNull();
        connected().expectNothingMore();
        assertThat(proxy.accepted()).isEqualTo(4);
    }

    @Test
    @DisplayName("SIM-4 all connections are cut at once")
    void cutAll() {
        Client first = connected();
        Client second = connected();
        proxy.cut();
        assertThat(Client.get(first.failed)).isNotNull();
        assertThat(Client.get(second.failed)).isNotNull();
        await().until(() -> simulator().openSockets() == 0);
    }

    @Test
    @DisplayName("SIM-4 latency, jitter and a narrow line delay, and change nothing else")
    void slow() {
        Client client = connected();
        proxy.latency(Way.TO_SERVER, Duration.ofMillis(30), Duration.ofMillis(60));
        proxy.bandwidth(Way.TO_CLIENT, 2_000);
        long before = System.nanoTime();
        long passed = proxy.passed(Way.TO_CLIENT);
        for (int i = 0; i < 5; i++) {
            client.send(CLEAR);
        }
        for (int i = 0; i < 5; i++) {
            client.expect("input_audio_buffer.cleared");
        }
        // never faster than the line: a lower bound holds on any machine
        long bytes = proxy.passed(Way.TO_CLIENT) - passed;
        assertThat(System.nanoTime() - before).isGreaterThan(30_000_000L + bytes * 1_000_000_000L / 2_000 * 9 / 10);
    }

    private Client connected() {
        Client client = dialTo(proxy.baseUrl());
        client.expect("session.created");
        return client;
    }
}
