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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RecordReplayTest extends DirectTest {

    private static final Scenario DESK = Scenario.builder().onText("train", Reply.functionCall("find_train", "{\"to\":\"Ghent\"}"))
            .onToolOutput("IC", Reply.text("Take the IC 540.")).build();

    @TempDir
    Path folder;

    /** A text, a tool round, speech that the voice detector hears, an error, a close. */
    private Recording recorded() {
        start(DESK);
        dial("sk-simulator");
        send("{'type':'session.update','event_id':'up1','session':{'type':'realtime','instructions':'My key is sk-secret12345.',"
                + "'audio':{'input':{'transcription':{'model':'gpt-4o-transcribe'}}}}}");
        send("{'type':'conversation.item.create','item':{'id':'mine','type':'message','role':'user','content':[{'type':'input_text',"
                + "'text':'A train to Ghent'}]}}");
        send("{'type':'response.create'}");
        JsonNode call = frames.stream().filter(event -> event.path("type").asText().equals("response.done")).findFirst().orElseThrow();
        send("{'type':'conversation.item.create','item':{'type':'function_call_output','call_id':'"
                + call.at("/response/output/0/call_id").asText() + "','output':'IC 540'}}");
        send("{'type':'response.create'}");
        byte[] sound = WireTest.join(SyntheticSpeech.pcm(1_000), SyntheticSpeech.silence(1_000));
        for (int at = 0; at < sound.length; at += 4_800) {
            send("{'type':'input_audio_buffer.append','audio':'" + Base64.getEncoder().encodeToString(
                    Arrays.copyOfRange(sound, at, Math.min(sound.length, at + 4_800))) + "'}");
        }
        send("{'type':'response.cancel'}");
        simulator.sessions().get(0).close(1011, "over");
        settle();
        return Recording.of(simulator.sessions().get(0));
    }

    private Recording replayed(Recording recording, List<JsonNode> clientEvents) {
        simulator.scenario(Scenario.builder().replay(recording).build());
        dial("sk-simulator");
        clientEvents.forEach(event -> send(event.toString()));
        return Recording.of(connection.session());
    }

    @Test
    @DisplayName("SIM-6 a recording that is played again and recorded is itself, by way of files with the audio beside them")
    void itself() throws IOException {
        Recording recording = recorded();
        Path file = folder.resolve("desk.jsonl");
        recording.write(file);
        Recording read = Recording.read(file);
        assertThat(read.saysTheSameAs(recording)).isTrue();
        assertThat(read.type()).isEqualTo(SessionType.REALTIME);
        assertThat(read.model()).isEqualTo("gpt-realtime");
        assertThat(Files.size(folder.resolve("desk.client.audio"))).isEqualTo(96_000);
        assertThat(Files.size(folder.resolve("desk.server.audio"))).isPositive();
        assertThat(Files.readString(file)).contains("{\"recording\":1,").doesNotContain("AAAAAAAAAAAAAAAAAAAAAAAAAAAA");

        Recording again = replayed(read, read.clientEvents());
        assertThat(again.saysTheSameAs(recording)).isTrue();
        assertThat(replayed(again, again.clientEvents()).saysTheSameAs(recording)).isTrue();
    }

    @Test
    @DisplayName("SIM-6 what the service said comes by its causes: not before, whatever the pieces of the audio and the ids are now")
    void causes() {
        Recording recording = recorded();
        simulator.scenario(Scenario.builder().replay(recording).build());
        heard.clear();
        frames.clear();
        dial("sk-simulator");
        assertThat(heard).containsExactly("opened", "session.created");
        assertThat(frames.get(0).at("/session/expires_at").asLong()).isEqualTo(VirtualClock.DEFAULT_START / 1000 + 3600);
        for (JsonNode event : recording.clientEvents()) {
            JsonNode present = event;
            if (event.at("/item/id").asText().equals("mine")) {
                present = event.deepCopy();
                ((ObjectNode) present.path("item")).put("id", "another");
            }
            if (event.path("type").asText().equals("response.create")) {
                assertThat(heard).last().isNotEqualTo("response.done");
            }
            if (event.path("type").asText().equals("input_audio_buffer.append")) {
                byte[] audio = Base64.getDecoder().decode(event.path("audio").asText());
                for (byte[] half : List.of(Arrays.copyOf(audio, audio.length / 2), Arrays.copyOfRange(audio, audio.length / 2,
                        audio.length))) {
                    send("{'type':'input_audio_buffer.append','audio':'" + Base64.getEncoder().encodeToString(half) + "'}");
                }
            } else {
                send(present.toString());
            }
        }
        assertThat(heard).last().isEqualTo("closed 1011 over");
        assertThat(frames.toString()).contains("\"another\"").doesNotContain("\"mine\"");
    }

    @Test
    @DisplayName("SIM-6 SEC-6 secrets are masked, content is left out if wanted, and what is left can be played")
    void sanitised() throws IOException {
        Recording recording = recorded();
        Path file = folder.resolve("desk.jsonl");
        recording.write(file);
        assertThat(Files.readString(file)).doesNotContain("sk-secret").contains("My key is ***", "A train to Ghent");
        Recording bare = recording.withoutContent();
        bare.write(file);
        assertThat(Files.readString(file)).doesNotContain("My key", "A train", "Ghent", "IC 540", "samples 0");
        assertThat(Files.readAllBytes(folder.resolve("desk.client.audio"))).hasSize(96_000).containsOnly(0);
        assertThat(replayed(bare, bare.clientEvents()).saysTheSameAs(bare)).isTrue();
    }

    @Test
    @DisplayName("SIM-6 a simulator that is told to records each session when it ends, the last when it is closed")
    void recorder() throws IOException {
        simulator = RealtimeSimulator.builder().clock(clock).executor(work::add).scenario(DESK).recordTo(folder, true).build();
        dial("sk-simulator");
        send(CLEAR);
        connection.close(1000, "OK");
        settle();
        Recording first = Recording.read(folder.resolve("session-1.jsonl"));
        assertThat(first.clientEvents()).hasSize(1);
        assertThat(first.saysTheSameAs(Recording.of(connection.session()))).isTrue();
        dial("sk-simulator");
        assertThat(folder.resolve("session-2.jsonl")).doesNotExist();
        simulator.close();
        assertThat(Recording.read(folder.resolve("session-2.jsonl")).clientEvents()).isEmpty();
    }

    @Test
    @DisplayName("SIM-6 what is no recording is refused by name")
    void refused() throws IOException {
        start(DESK);
        Path file = Files.writeString(folder.resolve("other.jsonl"), "{\"recording\":2}\n");
        assertThatIllegalArgumentException().isThrownBy(() -> Recording.read(file)).withMessageContaining("other.jsonl");
    }
}
