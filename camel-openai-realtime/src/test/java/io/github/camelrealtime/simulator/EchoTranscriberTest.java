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

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EchoTranscriberTest {

    @Test
    @DisplayName("ING-3 the echo names the range it heard, first inclusive, end exclusive, and is read back")
    void range() {
        Transcription heard = new EchoTranscriber().transcribe(new AudioClip("sess", 480, 2_400, new byte[4_800], 24_000));
        assertThat(heard.text()).isEqualTo("samples 480..2880");
        assertThat(String.join("", heard.deltas())).isEqualTo(heard.text());
        assertThat(heard.isFailure()).isFalse();
        assertThat(EchoTranscriber.parse(heard.text())).isEqualTo(new SampleRange(480, 2_880));
        assertThat(EchoTranscriber.parse(heard.text()).length()).isEqualTo(2_400);
        assertThat(EchoTranscriber.parseAll("samples 0..5 and samples 5..9"))
                .containsExactly(new SampleRange(0, 5), new SampleRange(5, 9));
    }

    @Test
    @DisplayName("ING-3 what is no echo is refused")
    void refused() {
        assertThatThrownBy(() -> EchoTranscriber.parse("hello")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EchoTranscriber.parse("samples 9..5")).isInstanceOf(IllegalArgumentException.class);
        assertThat(EchoTranscriber.parseAll("hello")).isEmpty();
    }
}
