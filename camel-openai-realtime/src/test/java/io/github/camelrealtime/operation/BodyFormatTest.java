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
package io.github.camelrealtime.operation;

import java.util.List;

import io.github.camelrealtime.audio.AudioContainer;
import io.github.camelrealtime.audio.AudioFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class BodyFormatTest {

    @Test
    @DisplayName("AIN-1 auto, wav, aiff, au, or a declared raw format")
    void parse() {
        assertThat(BodyFormat.parse("auto")).isEqualTo(BodyFormat.AUTO);
        assertThat(BodyFormat.parse("wav")).isEqualTo(new BodyFormat(BodyFormat.Kind.CONTAINER, null, AudioContainer.WAV));
        assertThat(BodyFormat.parse("aiff").container()).isEqualTo(AudioContainer.AIFF);
        assertThat(BodyFormat.parse("au").container()).isEqualTo(AudioContainer.AU);
        assertThat(List.of("auto", "au", "pcm24be;rate=48000;channels=2")).allSatisfy(
                text -> assertThat(BodyFormat.parse(text)).hasToString(text));
        assertThat(BodyFormat.parse("pcm16;rate=16000;channels=2")).isEqualTo(
                new BodyFormat(BodyFormat.Kind.RAW, new AudioFormat(AudioFormat.Encoding.PCM_S16_LE, 16_000, 2), null));
        assertThat(BodyFormat.parse("pcmu").raw()).isEqualTo(AudioFormat.PCMU_8K);
        assertThatIllegalArgumentException().isThrownBy(() -> BodyFormat.parse("mp3")).withMessageContaining("mp3");
        assertThatIllegalArgumentException().isThrownBy(() -> BodyFormat.parse("")).withMessageContaining("Audio format");
    }
}
