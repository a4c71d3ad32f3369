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
package io.github.camelrealtime.session;

import java.io.ByteArrayOutputStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelrealtime.audio.AudioFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static io.github.camelrealtime.session.Futures.failure;
import static io.github.camelrealtime.session.Futures.value;
import static org.assertj.core.api.Assertions.assertThat;

class TranscriptionRunTest {

    private final ManualTimers timers = new ManualTimers();
    private final FakeTransports transports = new FakeTransports();
    private final RealtimeSession session = new RealtimeSession("s", Configs.client().build(), transports, timers);
    private FakeTransport transport;

    @BeforeEach
    void open() {
        session.open();
        transport = transports.last().ready();
    }

    private static byte[] speech(int seconds) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int second = 0; second < seconds; second++) {
            for (int i = 0; i < 24_000; i++) {
                int sample = i < 12_000 ? (int) (8_000 * Math.sin(i * 0.1)) : 0;
                out.write(sample);
                out.write(sample >> 8);
            }
        }
        return out.toByteArray();
    }

    private void give(TranscriptionRun run, byte[] audio) {
        run.intake(AudioFormat.PCM_24K).append(audio, 0, audio.length);
    }

    @Test
    @DisplayName("TRX-1 each stretch gets its own transcript by item id, in the order of the audio, whatever comes first")
    void run() throws Exception {
        TranscriptionRun run = session.transcribe();
        give(run, speech(2));
        transport.committed("a");
        run.finish(2_000);
        transport.committed("b");
        transport.transcribed("stranger", "not ours");
        transport.transcribed("b", "two");
        assertThat(run.result()).isNotDone();
        transport.transcribed("a", " one ");
        Transcript transcript = value(run.result());
        assertThat(transcript.getText()).isEqualTo("one two");
        assertThat(transcript.getSegments()).extracting(Transcript.Segment::getItemId).containsExactly("a", "b");
        assertThat(transcript.getSegments().get(1).getStartMillis()).isBetween(500L, 1_100L);
        assertThat(transcript.getSegments().get(1).getEndMillis()).isBetween(1_500L, 2_000L);
        assertThat(transcript.getAudioMillis()).isEqualTo(2_000);
        assertThat(transcript.getSessionName()).isEqualTo("s");
        assertThat(transcript.getModel()).isEqualTo("a-model");
        assertThat(transcript.getUsage()).containsEntry("total_tokens", 6L).containsEntry("type", "tokens");
        assertThat(timers.waiting()).isZero();
        JsonNode json = new ObjectMapper().readTree(transcript.toJson());
        assertThat(json.path("text").asText()).isEqualTo("one two");
        assertThat(json.path("segments")).hasSize(2);
        assertThat(json.path("segments").get(0).path("usage").path("total_tokens").asInt()).isEqualTo(3);
        assertThat(json.path("usage").path("total_tokens").asInt()).isEqualTo(6);
        assertThat(transcript.toString()).doesNotContain("one");
    }

    @Test
    @DisplayName("SEG-2 silence is done at once, with an empty text")
    void silence() {
        TranscriptionRun run = session.transcribe();
        give(run, new byte[48_000]);
        run.finish(1_000);
        assertThat(value(run.result()).getText()).isEmpty();
        assertThat(value(run.result()).getSegments()).isEmpty();
        assertThat(transport.types()).containsExactly("session.update");
    }

    @Test
    @DisplayName("TRX-4 a stretch without transcript fails the run: with the code, or after the time per item")
    void fails() {
        TranscriptionRun refused = session.transcribe();
        give(refused, speech(1));
        refused.finish(1_000);
        transport.committed("a");
        transport.say("{'type':'conversation.item.input_audio_transcription.failed','item_id':'a','error':{'code':'bad'}}");
        assertThat(failure(refused.result())).isInstanceOfSatisfying(TranscriptionFailedException.class, e -> {
            assertThat(e.getCode()).isEqualTo("bad");
            assertThat(e.getEndMillis()).isGreaterThan(e.getStartMillis());
        });
        TranscriptionRun late = session.transcribe();
        give(late, speech(1));
        late.finish(1_000);
        transport.committed("b");
        timers.advance(30_000);
        assertThat(failure(late.result())).hasMessageContaining("transcriptTimeout");
        assertThat(timers.waiting()).isZero();
    }

    @Test
    @DisplayName("CTX-3 a refused or unanswered commit fails the run")
    void commitFails() {
        TranscriptionRun run = session.transcribe();
        give(run, speech(1));
        run.finish(1_000);
        timers.advance(5_000);
        assertThat(failure(run.result())).hasMessageContaining("itemAckTimeout");
        assertThat(timers.waiting()).isZero();
    }

    @Test
    @DisplayName("ROLL-14 a lost session fails the run")
    void lost() {
        TranscriptionRun run = session.transcribe();
        give(run, speech(1));
        transport.listener.onClosed(1011, "");
        assertThat(failure(run.result())).isInstanceOf(SessionClosedException.class);
        run.finish(1_000);
    }

    @Test
    @DisplayName("AIN-16 whoever hears of the result finds the session free: a run begun there gets its own words only")
    void nextRun() {
        TranscriptionRun first = session.transcribe();
        AudioIntake stale = first.intake(AudioFormat.PCM_24K);
        TranscriptionRun[] next = new TranscriptionRun[1];
        first.result().whenComplete((transcript, failure) -> next[0] = session.transcribe());
        give(first, speech(1));
        first.fail(new IllegalStateException("the recording is broken"));
        assertThat(failure(first.result())).hasMessage("the recording is broken");

        // the first does what it still had in mind
        byte[] rest = speech(1);
        assertThat(stale.append(rest, 0, rest.length)).isCompletedExceptionally();
        AudioIntake present = next[0].intake(AudioFormat.PCM_24K);
        // an open segment, which the end of another stream must not cut
        present.append(rest, 0, 20_000);
        first.finish(1_000);
        assertThat(next[0].result()).isNotDone();
        present.append(rest, 20_000, rest.length - 20_000);
        next[0].finish(1_000);
        // what the first had committed is answered first
        transport.committed("w");
        transport.transcribed("w", "first");
        transport.committed("x");
        transport.transcribed("x", "second");
        assertThat(value(next[0].result()).getText()).isEqualTo("second");
        assertThat(value(next[0].result()).getSegments()).hasSize(1);
        assertThat(value(next[0].result()).getSegments().get(0).getEndMillis()).isGreaterThan(500);
    }
}
