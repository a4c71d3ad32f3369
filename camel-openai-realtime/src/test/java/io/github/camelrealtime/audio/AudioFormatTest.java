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
package io.github.camelrealtime.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelrealtime.audio.AudioFormat.Encoding;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AudioFormatTest {

    @ParameterizedTest
    @DisplayName("AIN-1 a declared source format is understood, with defaults for rate and channels")
    @CsvSource({
            "pcm16,                          PCM_S16_LE, 24000, 1",
            "pcm16;rate=16000;channels=2,    PCM_S16_LE, 16000, 2",
            "pcm16;channels=6;rate=48000,    PCM_S16_LE, 48000, 6",
            "pcm8,                           PCM_U8,     24000, 1",
            "pcm24,                          PCM_S24_LE, 24000, 1",
            "pcm32,                          PCM_S32_LE, 24000, 1",
            "float32,                        PCM_F32_LE, 24000, 1",
            "pcm16be;rate=44100,             PCM_S16_BE, 44100, 1",
            "pcmu,                           PCMU,       8000,  1",
            "pcma,                           PCMA,       8000,  1",
            "audio/pcm,                      PCM_S16_LE, 24000, 1",
            "audio/pcm;rate=24000,           PCM_S16_LE, 24000, 1",
            "audio/pcmu,                     PCMU,       8000,  1",
            "audio/pcma,                     PCMA,       8000,  1",
            "' PCM16 ; Rate = 8000 ',        PCM_S16_LE, 8000,  1" })
    void parses(String text, Encoding encoding, int rate, int channels) {
        assertThat(AudioFormat.parse(text)).isEqualTo(new AudioFormat(encoding, rate, channels));
    }

    @ParameterizedTest
    @DisplayName("AIN-1 a format we do not know is refused, naming it and what is allowed")
    @ValueSource(strings = {
            "", "mp3", "pcm", "pcm16;rate=fast", "pcm16;rate=", "pcm16;rate", "pcm16;", "pcm16;bits=16", "pcm16;rate=1",
            "pcm16;rate=8000;rate=16000", "pcm16;channels=0", "pcm16;channels=1000", "pcm16;rate=99999999999" })
    void refuses(String text) {
        assertThatThrownBy(() -> AudioFormat.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'").hasMessageContaining("pcm16").hasMessageContaining("audio/pcmu")
                .hasMessageContaining("rate=").hasMessageContaining("channels=");
    }

    @Test
    void refusesNothing() {
        assertThatThrownBy(() -> AudioFormat.parse(null)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("missing").hasMessageContaining("pcm16");
        assertThatThrownBy(() -> new AudioFormat(null, 8_000, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void textParsesBack(Encoding encoding) {
        for (int channels : new int[] { 1, 2 }) {
            AudioFormat format = new AudioFormat(encoding, 11_025, channels);
            assertThat(AudioFormat.parse(format.toString())).isEqualTo(format);
        }
    }

    @Test
    void wireFormats() {
        assertThat(AudioFormat.parse("audio/pcm")).isEqualTo(AudioFormat.PCM_24K);
        assertThat(AudioFormat.parse("audio/pcmu")).isEqualTo(AudioFormat.PCMU_8K);
        assertThat(AudioFormat.parse("audio/pcma")).isEqualTo(AudioFormat.PCMA_8K);
        assertThat(AudioFormat.PCM_24K).hasToString("pcm16;rate=24000");
    }

    @Test
    void bytesAndTime() {
        AudioFormat stereo24 = AudioFormat.parse("pcm24;rate=44100;channels=2");
        assertThat(stereo24.bytesPerFrame()).isEqualTo(6);
        assertThat(stereo24.bytesOf(1_000)).isEqualTo(264_600);
        // 1 ms is 44.1 frames
        assertThat(stereo24.bytesOf(1)).isEqualTo(44 * 6);
        assertThat(stereo24.millisOf(264_600)).isEqualTo(1_000);
        assertThat(stereo24.millisOf(264_599)).isEqualTo(999);
        assertThat(AudioFormat.PCM_24K.bytesOf(100)).isEqualTo(4_800);
        assertThat(AudioFormat.PCM_24K.millisOf(48)).isEqualTo(1);
        assertThat(AudioFormat.PCM_24K.millisOf(47)).isZero();
        assertThat(AudioFormat.PCMU_8K.bytesOf(20)).isEqualTo(160);
        assertThat(AudioFormat.PCM_24K.millisOf(50L << 30)).as("beyond 4 GiB").isEqualTo((50L << 30) / 48);
    }
}
