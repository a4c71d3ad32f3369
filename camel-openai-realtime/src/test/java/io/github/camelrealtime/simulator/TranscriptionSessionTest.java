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

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class TranscriptionSessionTest extends WireTest {

    private static final String WHISPER = "{'type':'session.update','session':{'type':'transcription','audio':{'input':"
            + "{'format':{'type':'audio/pcm','rate':24000},'transcription':{'model':'gpt-realtime-whisper'},"
            + "'turn_detection':null}}}}";

    @Test
    @DisplayName("SIM-2 session.created of a transcription session has the members of 3.6, null where nothing is set")
    void created() {
        start(Scenario.standard());
        Client client = dial(request(TRANSCRIPTION).header("Authorization", "Bearer sk-simulator").build());
        JsonNode session = client.expect("session.created").path("session");

        assertThat(session.path("type").asText()).isEqualTo("transcription");
        assertThat(session.path("object").asText()).isEqualTo("realtime.transcription_session");
        assertThat(session.path("id").asText()).matches("sess_[A-Za-z0-9]{21}");
        assertThat(session.at("/audio/input/transcription").isNull()).isTrue();
        assertThat(session.at("/audio/input/noise_reduction").isNull()).isTrue();
        assertThat(session.at("/audio/input/turn_detection/type").asText()).isEqualTo("server_vad");
        assertThat(session.has("model")).isFalse();
    }

    @Test
    @DisplayName("SIM-2 a committed segment: committed, added, done, deltas, completed, in this order")
    void manualCommit() {
        start(Scenario.standard());
        Client client = connect(TRANSCRIPTION);
        client.send(WHISPER);
        JsonNode updated = client.expect("session.updated");
        assertThat(updated.at("/session/audio/input/transcription"))
                .isEqualTo(json("{'model':'gpt-realtime-whisper','language':null,'prompt':null}"));

        client.speak(SyntheticSpeech.pcm(1_500));
        client.send("{'type':'input_audio_buffer.commit'}");
        List<JsonNode> events = client.expect("input_audio_buffer.committed", "conversation.item.added",
                "conversation.item.done", "conversation.item.input_audio_transcription.delta",
                "conversation.item.input_audio_transcription.delta",
                "conversation.item.input_audio_transcription.completed");

        String item = events.get(0).path("item_id").asText();
        assertThat(events.get(0).path("previous_item_id").isNull()).isTrue();
        assertThat(events.get(1).at("/item/content")).isEqualTo(json("[{'type':'input_audio','transcript':null}]"));
        assertThat(events).allSatisfy(event -> assertThat(event.toString()).contains(item));
        assertThat(events.get(3).path("delta").asText() + events.get(4).path("delta").asText()).isEqualTo("samples 0..36000");
        assertThat(events.get(5).path("transcript").asText()).isEqualTo("samples 0..36000");
        assertThat(events.get(5).path("usage")).isEqualTo(json("{'type':'duration','seconds':2}"));
    }

    @Test
    @DisplayName("ING-3 the echo transcriber names every sample exactly once over many commits")
    void echo() {
        start(Scenario.standard());
        Client client = connect(TRANSCRIPTION);
        client.send(WHISPER);
        client.expect("session.updated");
        StringBuilder all = new StringBuilder();
        for (int i = 1; i <= 20; i++) {
            client.append(SyntheticSpeech.pcm(100 + i));
            client.send("{'type':'input_audio_buffer.commit'}");
            all.append(client.await("conversation.item.input_audio_transcription.completed").path("transcript").asText());
        }

        List<SampleRange> heard = EchoTranscriber.parseAll(all.toString());
        assertThat(heard).hasSize(20).isEqualTo(session().committedRanges());
        long end = 0;
        for (SampleRange range : heard) {
            assertThat(range.first()).isEqualTo(end);
            end = range.end();
        }
        assertThat(end).isEqualTo(session().appendedSamples()).isEqualTo((20 * 100 + 210) * 24L);
        await().until(simulator()::isIdle);
    }
}
