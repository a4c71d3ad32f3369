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

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import okhttp3.Request;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class LoadTest extends WireTest {

    @Test
    @DisplayName("SIM-1 eighty sessions at once, each with its own audio, none mixed up, lost or doubled")
    void eightySessions() {
        start(Scenario.standard());
        List<Client> clients = IntStream.range(0, 80).mapToObj(i -> dial(authorized(TRANSCRIPTION))).toList();
        clients.forEach(client -> client.expect("session.created"));
        assertThat(simulator().openSockets()).isEqualTo(80);
        assertThat(simulator().sessions()).extracting(SimulatedSession::id).doesNotHaveDuplicates();
        for (Client client : clients) {
            client.send("{'type':'session.update','session':{'type':'transcription','audio':{'input':{'transcription':"
                    + "{'model':'whisper-1'},'turn_detection':null}}}}");
        }
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < clients.size(); i++) {
                clients.get(i).append(SyntheticSpeech.pcm(100 + i));
                clients.get(i).send("{'type':'input_audio_buffer.commit'}");
            }
        }
        for (int i = 0; i < clients.size(); i++) {
            long length = (100 + i) * 24L;
            List<SampleRange> heard = new ArrayList<>();
            for (int round = 0; round < 5; round++) {
                heard.add(EchoTranscriber.parse(clients.get(i)
                        .await("conversation.item.input_audio_transcription.completed").path("transcript").asText()));
            }
            assertThat(heard).containsExactlyInAnyOrderElementsOf(IntStream.range(0, 5)
                    .mapToObj(round -> new SampleRange(round * length, (round + 1) * length)).toList());
        }
    }

    @Test
    @DisplayName("SIM-1 two hundred requests at once are all answered and recorded")
    void twoHundredRequests() {
        start(Scenario.builder().rejectHandshake(503, null, 120, null).build());
        List<Client> clients = IntStream.range(0, 200).mapToObj(i -> dial(authorized(REALTIME))).toList();
        await().until(() -> simulator().handshakes().size() == 200 && simulator().openSockets() == 80);
        await().until(() -> clients.stream().filter(client -> client.refused.isDone()).count() == 120);
        assertThat(simulator().handshakes()).filteredOn(handshake -> handshake.status() == 503).hasSize(120);
    }

    @Test
    @DisplayName("SIM-1 a simulator that is closed drops its sessions, frees its port, and closes twice without complaint")
    void closing() {
        RealtimeSimulator first = start(Scenario.standard());
        Client client = connect(REALTIME);
        Client sleeper = connect(REALTIME);
        client.send("{'type':'response.create'}");
        first.close();
        assertThat(Client.get(sleeper.failed)).isNotNull();
        assertThat(first.openSockets()).isZero();
        first.close();
        start(RealtimeSimulator.builder().port(first.port()));
        connect(REALTIME);
    }

    private Request authorized(String query) {
        return request(query).header("Authorization", "Bearer sk-simulator").build();
    }
}
