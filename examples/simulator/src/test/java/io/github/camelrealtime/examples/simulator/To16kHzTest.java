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

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class To16kHzTest {

    @ParameterizedTest
    @CsvSource({"8000, 300", "8000, 3000", "24000, 300", "24000, 3000", "24000, 6500"})
    @DisplayName("A tone that the recogniser can hear stays the same tone at the same place")
    void tone(int rate, int hertz) {
        short[] resampled = To16kHz.resample(sine(rate, hertz), rate);

        assertThat(resampled).hasSize(16_000);
        assertThat(worst(resampled, sine(16_000, hertz))).isLessThan(100);
    }

    @Test
    @DisplayName("A tone above 8 kHz does not come back as another")
    void alias() {
        assertThat(worst(To16kHz.resample(sine(24_000, 10_000), 24_000), new short[16_000])).isLessThan(10);
    }

    @Test
    @DisplayName("16 kHz is left alone, other rates are refused")
    void rates() {
        short[] samples = {1, 2, 3};

        assertThat(To16kHz.resample(samples, 16_000)).isSameAs(samples);
        assertThatIllegalArgumentException().isThrownBy(() -> To16kHz.resample(samples, 44_100))
                .withMessageContaining("44100 Hz");
    }

    private static short[] sine(int rate, int hertz) {
        short[] samples = new short[rate];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) Math.round(10_000 * Math.sin(2 * Math.PI * hertz * i / rate));
        }
        return samples;
    }

    // the ends are left out: there the filter sees less than it needs
    private static int worst(short[] actual, short[] expected) {
        int worst = 0;
        for (int i = 200; i < actual.length - 200; i++) {
            worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
        }
        return worst;
    }
}
