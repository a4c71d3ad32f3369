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

import java.lang.management.ManagementFactory;
import java.util.List;

import com.sun.management.UnixOperatingSystemMXBean;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SimulatedSession;
import io.github.camelrealtime.simulator.fault.Fault;
import io.github.camelrealtime.simulator.fault.Faults;
import io.github.camelrealtime.simulator.fault.RawWebSocketServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.camelrealtime.RealtimeCamel.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

class FailedConnectsTest {

    private static final int ATTEMPTS = 40;
    /** Less than one for each attempt by far; the JVM opens files of its own. */
    private static final int SLACK = ATTEMPTS / 4;

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @Test
    @DisplayName("CONN-4 40 refused handshakes leave no socket and no thread")
    void refused() throws Exception {
        camel.scenario(Scenario.builder().rejectHandshake(503, null, ATTEMPTS, null).build());
        failAll(1);
        assertThat(camel.simulator().handshakes()).hasSize(ATTEMPTS);
    }

    @Test
    @DisplayName("CONN-4 40 connections reset in the handshake leave no socket and no thread")
    void reset() throws Exception {
        try (RawWebSocketServer server = RawWebSocketServer.start(Faults.resetDuringHandshake())) {
            camel.connectTo(server.baseUrl());
            failAll(1);
            assertThat(server.accepted()).isEqualTo(ATTEMPTS);
        }
    }

    @Test
    @DisplayName("CONN-4 40 handshakes that are never answered leave no socket and no thread")
    void unanswered() throws Exception {
        Fault silent = connection -> {
            connection.readRequest();
            // only the client can end this
            connection.serveUntilClosed();
        };
        try (RawWebSocketServer server = RawWebSocketServer.start(silent)) {
            camel.connectTo(server.baseUrl());
            camel.options().setConnectTimeout(20L);
            failAll(1);
            assertThat(server.accepted()).isEqualTo(ATTEMPTS);
        }
    }

    @Test
    @DisplayName("CONN-4 40 configurations that are never confirmed leave no socket and no thread")
    void unconfirmed() throws Exception {
        camel.scenario(Scenario.builder().withholdSessionUpdated().build());
        camel.options().setSessionReadyTimeout(10L);
        failAll(1);
        await().until(() -> camel.simulator().openSockets() == 0);
    }

    @Test
    @DisplayName("CONN-4 a configuration that is refused leaves no socket")
    void configurationRefused() throws Exception {
        camel.scenario(Scenario.builder().refuseSessionUpdate("invalid_value").build());
        camel.start(route -> route.from("openai-realtime:support?turnDetection=none").to("log:events?level=OFF"));

        camel.awaitState("support", SessionState.FAILED);
        SimulatedSession server = camel.server(0);
        await().until(() -> !server.isOpen());
    }

    private void failAll(long interval) throws Exception {
        camel.options().setReconnectInterval(interval);
        camel.options().setReconnectMaxInterval(interval);
        camel.options().setMaxReconnectAttempts(ATTEMPTS);
        long filesBefore = openFiles();
        camel.start(route -> route.from("openai-realtime:support?turnDetection=none").to("log:events?level=OFF"));
        camel.awaitState("support", SessionState.FAILED);

        // worker, timer, socket threads that idle for a while, and the consumer's
        List<String> threads = camel.threads();
        assertThat(threads).as("threads after " + ATTEMPTS + " failures").hasSizeLessThan(SLACK);
        assertThat(camel.session("support").status().epoch()).isEqualTo(ATTEMPTS);
        await().untilAsserted(
                () -> assertThat(openFiles()).as("open files and sockets").isLessThan(filesBefore + SLACK));
    }

    private static long openFiles() {
        assumeThat(ManagementFactory.getOperatingSystemMXBean()).isInstanceOf(UnixOperatingSystemMXBean.class);
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }
}
