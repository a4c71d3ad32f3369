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
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ChaosTest extends WireTest {

    @Test
    @DisplayName("SIM-12 two hours of talk in virtual time: every turn answered, no timer left behind")
    void twoHours() {
        VirtualClock clock = new VirtualClock(0);
        start(RealtimeSimulator.builder().clock(clock).sessionLifetime(Duration.ofHours(3)).retainedAudio(0));
        Client client = connect(REALTIME);
        client.expectNothingMore();
        int timers = clock.pending();
        for (int turn = 0; turn < 120; turn++) {
            client.append(SyntheticSpeech.pcm(600));
            client.append(SyntheticSpeech.silence(400));
            client.await("rate_limits.updated");
            clock.advance(Duration.ofSeconds(60));
        }
        assertThat(session().sent("response.done")).hasSize(120)
                .allSatisfy(done -> assertThat(done.at("/response/status").asText()).isEqualTo("completed"));
        assertThat(session().committedRanges()).hasSize(120);
        assertThat(clock.pending()).isEqualTo(timers);
    }

    @Test
    @DisplayName("SIM-12 a hundred sessions under latency, one fault each: all end as planned, and those that live are answered")
    void manySessions() {
        Scenario.Builder scenario = Scenario.builder().latency(Duration.ofMillis(1), Duration.ofMillis(5));
        for (int session = 1; session <= 100; session += 4) {
            scenario.fault(Trigger.atClientEvent(2).inSession(session), SessionFaults.drop())
                    .fault(Trigger.afterServerEvent("response.created", 1).inSession(session + 1), SessionFaults.close(1012, "restart"))
                    .fault(Trigger.atClientEvent(2).inSession(session + 2), SessionFaults.malformedJson());
        }
        start(scenario.build());
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            // one after the other, so that the nth client is the nth session
            clients.add(connect(REALTIME));
        }
        clients.forEach(client -> {
            client.send("{'type':'input_audio_buffer.clear'}");
            client.send("{'type':'response.create','response':{'output_modalities':['text']}}");
        });
        for (int i = 0; i < 100; i++) {
            switch (i % 4) {
                case 0 -> assertThat(Client.get(clients.get(i).failed)).isNotNull();
                case 1 -> assertThat(clients.get(i).awaitClose()).isEqualTo(1012);
                default -> clients.get(i).await("response.done");
            }
        }
        await().until(() -> simulator().openSockets() == 50);
        clients.forEach(client -> client.socket().cancel());
        await().until(() -> simulator().openSockets() == 0);
        await().until(simulator()::isIdle);
    }
}
