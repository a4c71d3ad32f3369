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
package io.github.camelrealtime.examples.memo;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import io.github.camelrealtime.simulator.Frame;
import io.github.camelrealtime.simulator.RealtimeSimulator;
import io.github.camelrealtime.simulator.SampleRange;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SimulatedSession;
import io.github.camelrealtime.simulator.TranscriptionScript;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class VoiceMemoRouteTest {

    private static final String ONE_MEMO = "input_audio_buffer.append input_audio_buffer.commit "
                                           + "conversation.item.input_audio_transcription.completed response.create response.done ";

    @TempDir
    Path folder;

    @ParameterizedTest(name = "yaml={0}")
    @ValueSource(booleans = {false, true})
    @DisplayName("What was asked is written though its transcript is late, and one question is over before the next begins")
    void lateTranscripts(boolean yaml) throws Exception {
        Scenario late = Scenario.builder().transcription(TranscriptionScript.late(Duration.ofMillis(500))).build();
        try (RealtimeSimulator simulator = RealtimeSimulator.builder().scenario(late).build()) {
            simulator.start();
            VoiceMemo memo = new VoiceMemo(
                    new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8), yaml, folder);
            assertThat(memo.answer(simulator.baseUrl(), "sk-simulator")).isZero();

            SimulatedSession session = simulator.sessions().get(0);
            assertThat(story(session)).isEqualTo(ONE_MEMO.repeat(4).strip());
            // the simulator tells which samples it heard, and answers how long they are
            List<String> written = new ArrayList<>();
            for (SampleRange range : session.committedRanges()) {
                written.add("Question: samples " + range.first() + ".." + range.end()
                            + "\nAnswer: I heard " + (range.end() - range.first()) / 24 + " ms of audio.");
            }
            assertThat(texts()).isEqualTo(written);
            assertThat(simulator.violations()).isEmpty();
        }
    }

    /** What happened, a run of appends as one. */
    private static String story(SimulatedSession session) {
        List<String> types = List.of(ONE_MEMO.split(" "));
        return session.frames().stream().map(Frame::type).filter(types::contains).collect(Collectors.joining(" "))
                .replaceAll("(input_audio_buffer\\.append )+", "input_audio_buffer.append ");
    }

    /** In the order of the questions. */
    private List<String> texts() throws Exception {
        List<String> texts = new ArrayList<>();
        for (String question : Questions.texts().keySet()) {
            texts.add(Files.readString(folder.resolve("answers").resolve(question.replace(".wav", ".txt"))));
        }
        return texts;
    }
}
