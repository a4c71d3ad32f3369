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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class G711Test {

    @ParameterizedTest(name = "SIM-2 G.711 reference: u-law {0} is {1}, A-law {0} is {2}")
    @CsvSource({"0x00, -32124, -5504", "0x80, 32124, 5504", "0xFF, 0, 848", "0x7F, 0, -848", "0xD5, 716, 8", "0x55, -716, -8",
        "0x2A, -5372, -32256", "0xAA, 5372, 32256"})
    void reference(String code, short ulaw, short alaw) {
        byte wire = (byte) (int) Integer.decode(code);
        assertThat(G711.fromUlaw(wire)).isEqualTo(ulaw);
        assertThat(G711.fromAlaw(wire)).isEqualTo(alaw);
    }

    @Test
    @DisplayName("SIM-2 every G.711 code survives decoding and encoding; every sample comes back within its step")
    void roundTrip() {
        for (int code = 0; code < 256; code++) {
            short ulaw = G711.fromUlaw((byte) code);
            assertThat(G711.fromUlaw(G711.toUlaw(ulaw))).isEqualTo(ulaw);
            assertThat(G711.toAlaw(G711.fromAlaw((byte) code))).isEqualTo((byte) code);
        }
        for (int sample = Short.MIN_VALUE; sample <= Short.MAX_VALUE; sample++) {
            int step = Math.max(16, Math.abs(sample) / 16);
            assertThat((int) G711.fromUlaw(G711.toUlaw((short) sample))).isCloseTo(sample, within(Math.max(step, 700)));
            assertThat((int) G711.fromAlaw(G711.toAlaw((short) sample))).isCloseTo(sample, within(step));
        }
    }
}
