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
package io.github.camelrealtime.examples.simulator;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.github.camelrealtime.simulator.AudioClip;
import io.github.camelrealtime.simulator.Transcriber;
import io.github.camelrealtime.simulator.Transcription;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.camelrealtime.examples.simulator.SpokenRecordings.clip;
import static io.github.camelrealtime.examples.simulator.SpokenRecordings.samples;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SphinxTranscriberTest {

    private static final Map<String, String> TEXTS = SpokenRecordings.texts();

    private static Transcriber transcriber;

    @BeforeAll
    static void listen() {
        transcriber = new SphinxTranscriber(TEXTS.values(), 2);
    }

    @Test
    @DisplayName("Hears ten of ten recordings word for word, brought from 8 to 24 kHz, with the spelling of the scenario")
    void wordPerfect() {
        assertThat(heard(SpokenRecordings.files(), SphinxTranscriberTest::at24kHz)).isEqualTo(TEXTS);
    }

    @Test
    @DisplayName("Hears ten of ten recordings at 8 kHz, as they come as G.711, whatever it heard before")
    void wordPerfectAt8kHzInReverseOrder() {
        List<String> files = SpokenRecordings.files();
        Collections.reverse(files);

        assertThat(heard(files, samples -> clip(samples, 8_000))).isEqualTo(TEXTS);
    }

    @Test
    @DisplayName("Hears several recordings at once")
    void severalAtOnce() {
        Map<String, String> heard = SpokenRecordings.files().parallelStream()
                .collect(Collectors.toMap(file -> file, file -> text(clip(samples(file), 8_000))));

        assertThat(heard).isEqualTo(TEXTS);
    }

    @Test
    @DisplayName("Hears recordings at half their level")
    void quiet() {
        assertThat(heard(SpokenRecordings.files(), samples -> clip(halved(samples), 8_000))).isEqualTo(TEXTS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello-world.wav", "ss-noservice.wav", "demo-congrats.wav"})
    @DisplayName("Refuses a recording whose sentences the scenario does not have")
    void otherWords(String file) {
        Transcriber others = new SphinxTranscriber(SpokenRecordings.textsWithout(file), 1);

        assertThat(others.transcribe(at24kHz(samples(file))).failureCode()).isEqualTo("audio_unintelligible");
    }

    @Test
    @DisplayName("Refuses all ten recordings played backwards")
    void backwards() {
        assertThat(SpokenRecordings.files()).allSatisfy(file -> {
            Transcription refused = transcriber.transcribe(at24kHz(SpokenRecordings.reversed(samples(file))));
            assertThat(refused.isFailure()).isTrue();
            assertThat(refused.failureCode()).isEqualTo(SphinxTranscriber.UNINTELLIGIBLE);
            assertThat(refused.deltas()).isEmpty();
        });
    }

    @Test
    @DisplayName("Refuses a recording that breaks off inside a sentence")
    void brokenOff() {
        short[] whole = samples("tt-weasels.wav");

        assertThat(transcriber.transcribe(at24kHz(Arrays.copyOf(whole, whole.length / 2))).failureCode())
                .isEqualTo(SphinxTranscriber.UNINTELLIGIBLE);
    }

    @Test
    @DisplayName("Silence is an empty transcript, not a failure")
    void silence() {
        Transcription silence = transcriber.transcribe(clip(new short[24_000], 24_000));

        assertThat(silence.isFailure()).isFalse();
        assertThat(silence.text()).isEmpty();
    }

    @Test
    @DisplayName("Without a recogniser or a sentence it is refused when built, not when heard")
    void nothingToListenWith() {
        assertThatIllegalArgumentException().isThrownBy(() -> new SphinxTranscriber(TEXTS.values(), 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new SphinxTranscriber(List.of(), 1));
    }

    private static Map<String, String> heard(List<String> files, Function<short[], AudioClip> line) {
        return files.stream().collect(Collectors.toMap(file -> file, file -> text(line.apply(samples(file)))));
    }

    private static String text(AudioClip clip) {
        Transcription heard = transcriber.transcribe(clip);
        return heard.isFailure() ? heard.failureCode() : heard.text();
    }

    private static AudioClip at24kHz(short[] samples) {
        return clip(SpokenRecordings.tripled(samples), 24_000);
    }

    private static short[] halved(short[] samples) {
        short[] halved = new short[samples.length];
        for (int i = 0; i < samples.length; i++) {
            halved[i] = (short) (samples[i] / 2);
        }
        return halved;
    }
}
