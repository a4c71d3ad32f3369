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

import java.time.Duration;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The simulator without a socket, on one thread: what is asserted has happened. */
class DirectConnectionTest extends DirectTest {

    @Test
    @DisplayName("SIM-5 a session without a socket is a session as any other, and is in the same lists")
    void session() {
        start(Scenario.builder());
        dial("sk-simulator");
        send(CLEAR);
        send("no json");
        connection.binary();
        settle();
        assertThat(heard).containsExactly("opened", "session.created", "input_audio_buffer.cleared", "error", "error");
        assertThat(simulator.sessions()).containsExactly(connection.session());
        assertThat(simulator.handshakes()).singleElement().satisfies(handshake -> assertThat(handshake.status()).isEqualTo(101));
        connection.close(1000, "OK");
        settle();
        assertThat(connection.isOpen()).isFalse();
        assertThat(connection.session().closeCode()).isEqualTo(1000);
        send(CLEAR);
        assertThat(connection.session().received("input_audio_buffer.clear")).hasSize(1);
    }

    @Test
    @DisplayName("SIM-5 expiry by the clock that a test moves: the error, then close 1001")
    void expiry() {
        start(Scenario.builder().sessionLifetime(Duration.ofMinutes(1)));
        dial("sk-simulator");
        pass(59);
        assertThat(heard).containsExactly("opened", "session.created");
        pass(1);
        assertThat(heard.subList(2, 4)).containsExactly("error", "closed 1001 " + SimulatedSession.EXPIRED);
        assertThat(connection.isOpen()).isFalse();
    }

    @Test
    @DisplayName("SIM-4 handshakes are refused and delayed as over a socket; who has given up is not let in")
    void handshakes() {
        start(Scenario.builder().slowHandshake(Duration.ofSeconds(5)).rejectHandshake(503, null, 1, Duration.ofSeconds(2)));
        dial("sk-simulator");
        pass(4);
        assertThat(heard).isEmpty();
        pass(1);
        assertThat(heard).containsExactly("refused 503 PT2S");
        dial("sk-wrong");
        pass(5);
        assertThat(heard).endsWith("refused 401 null");
        dial("sk-simulator");
        connection.drop();
        pass(10);
        assertThat(heard).hasSize(2);
        assertThat(simulator.sessions()).isEmpty();
    }

    @Test
    @DisplayName("SIM-4 a drop by either side is the end for both")
    void drops() {
        start(Scenario.builder().fault(Trigger.atClientEvent(1).inSession(1), SessionFaults.drop()));
        dial("sk-simulator");
        send(CLEAR);
        assertThat(heard).endsWith("dropped");
        dial("sk-simulator");
        connection.drop();
        settle();
        assertThat(simulator.sessions().get(1).closeCode()).isEqualTo(1006);
        assertThat(heard).endsWith("opened", "session.created");
    }

    @Test
    @DisplayName("SIM-4 a slow reader and one that stops: what it has not read it has not got, and the client is told")
    void readers() {
        start(Scenario.builder().fault(Trigger.atClientEvent(1), SessionFaults.readSlowly(Duration.ofSeconds(2)))
                .fault(Trigger.atClientEvent(4), SessionFaults.stopReading()));
        dial("sk-simulator");
        send(CLEAR);
        for (int i = 0; i < 5; i++) {
            connection.text(CLEAR);
        }
        settle();
        assertThat(heard).last().isEqualTo("input_audio_buffer.cleared");
        assertThat(connection.session().received("input_audio_buffer.clear")).hasSize(2);
        pass(2);
        assertThat(connection.session().received("input_audio_buffer.clear")).hasSize(3);
        pass(100);
        assertThat(connection.session().received("input_audio_buffer.clear")).hasSize(4);
        assertThat(heard).contains("does not read", "reads");
    }
}
