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

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

import io.github.camelrealtime.simulator.AudioClip;
import io.github.camelrealtime.simulator.Voice;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class FreeTtsVoiceTest {

    private static final List<String> SENTENCES = List.of("Hello world.", "Please check the number and try again.",
            "Please call me back.");

    private final Voice voice = new FreeTtsVoice();

    @ParameterizedTest
    @ValueSource(strings = {"Hello world.", "Please check the number and try again."})
    @DisplayName("What it says is recognised word for word, also the second time")
    void understood(String text) {
        SphinxTranscriber ears = new SphinxTranscriber(SENTENCES, 1);
        assertThat(ears.transcribe(clip(voice.speak(text))).text()).isEqualTo(text);
        assertThat(ears.transcribe(clip(voice.speak(text))).text()).isEqualTo(text);
    }

    @Test
    @DisplayName("Several threads at once get what they asked for")
    void threads() {
        List<String> texts = List.of("Hello world.", "Please call me back.", "Hello world.", "Please call me back.");
        List<short[]> alone = texts.stream().map(voice::speak).toList();
        List<short[]> together = texts.parallelStream().map(voice::speak).toList();
        for (int i = 0; i < alone.size(); i++) {
            assertThat(together.get(i).length).isEqualTo(alone.get(i).length);
        }
    }

    @Test
    @DisplayName("A text without a word is silence")
    void nothing() {
        assertThat(voice.speak(" ")).isEmpty();
    }

    @Test
    @DisplayName("A tone keeps its level and length from 16 to 24 kHz, up to the edge, and has no image above it")
    void resampling() {
        for (int hertz : new int[] {200, 1_000, 3_000, 6_000}) {
            short[] in = new short[16_000];
            for (int i = 0; i < in.length; i++) {
                in[i] = (short) Math.round(10_000 * Math.sin(2 * Math.PI * hertz * i / 16_000));
            }
            short[] out = To24kHz.resample(in);
            assertThat(out).hasSize(24_000);
            double worst = 0;
            for (int i = 200; i < out.length - 200; i++) {
                worst = Math.max(worst, Math.abs(out[i] - 10_000 * Math.sin(2 * Math.PI * hertz * i / 24_000)));
            }
            assertThat(worst).as("%d Hz", hertz).isLessThan(200);
        }
    }

    private static AudioClip clip(short[] spoken) {
        // half a second of a quiet room on either side, as the voice detector would leave it
        short[] padded = new short[spoken.length + Voice.SAMPLE_RATE];
        for (int i = 0; i < padded.length; i++) {
            padded[i] = (short) (i % 3 - 1);
        }
        System.arraycopy(spoken, 0, padded, Voice.SAMPLE_RATE / 2, spoken.length);
        ByteBuffer bytes = ByteBuffer.allocate(padded.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asShortBuffer().put(padded);
        return new AudioClip("sess_1", 0, padded.length, bytes.array(), Voice.SAMPLE_RATE);
    }
}
