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

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PacingParseTest {

    @Test
    @DisplayName("AIN-7 asap, realtime or a factor, computed from the start of the stream")
    void parse() {
        assertThat(Pacing.parse("asap")).isEqualTo(Pacing.ASAP);
        assertThat(Pacing.parse("realtime")).isEqualTo(Pacing.REALTIME);
        assertThat(Pacing.parse("2.5").factor()).isEqualTo(2.5);
        assertThat(Pacing.ASAP.dueNanos(3_600_000)).isZero();
        assertThat(Pacing.REALTIME.dueNanos(1_500)).isEqualTo(1_500_000_000L);
        assertThat(Pacing.parse("2").dueNanos(1_500)).isEqualTo(750_000_000L);
        assertThat(Pacing.REALTIME.dueNanos(24L * 3_600_000)).isEqualTo(86_400_000_000_000L);
    }

    @Test
    @DisplayName("AIN-7 auto is real time for live sources and as soon as possible for all others; what is said wins")
    void auto() {
        assertThat(Pacing.parse("auto").of(true)).isEqualTo(Pacing.REALTIME);
        assertThat(Pacing.parse("auto").of(false)).isEqualTo(Pacing.ASAP);
        for (String text : new String[] { "asap", "realtime", "1.5" }) {
            assertThat(Pacing.parse(text).of(true)).isEqualTo(Pacing.parse(text).of(false)).isEqualTo(Pacing.parse(text))
                    .hasToString(text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "0", "-1", "NaN", "Infinity", "fast", "", "1,5" })
    @DisplayName("AIN-7 anything else is refused")
    void refused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Pacing.parse(text)).withMessageContaining("pacing");
    }
}
