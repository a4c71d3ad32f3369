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

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StreamMapTest {

    private static final int RATE = 8_000;

    private final StreamMap streams = new StreamMap(RATE);

    @Test
    @DisplayName("TIM-1 stream time over twelve connections, with gaps of dropped audio, silence of our own and audio sent again")
    void overConnections() {
        long stream = 0;
        for (int epoch = 1; epoch <= 12; epoch++) {
            streams.leaving(epoch, 0, stream, 60 * RATE);
            // half a second dropped, a second of silence that is not the stream's
            streams.leaving(epoch, 60 * RATE, stream + 60 * RATE + RATE / 2, 40 * RATE);
            streams.leaving(epoch, 101 * RATE, stream + 100 * RATE + RATE / 2, 20 * RATE);
            long millis = stream * 1000 / RATE;
            assertThat(streams.startMillis(epoch, 0)).isEqualTo(millis);
            assertThat(streams.startMillis(epoch, 59 * RATE)).isEqualTo(millis + 59_000);
            assertThat(streams.startMillis(epoch, 60 * RATE)).as("behind the gap").isEqualTo(millis + 60_500);
            assertThat(streams.endMillis(epoch, 60 * RATE)).as("before the gap").isEqualTo(millis + 60_000);
            assertThat(streams.startMillis(epoch, 100 * RATE + 10)).as("in silence: behind it").isEqualTo(millis + 100_500);
            assertThat(streams.endMillis(epoch, 100 * RATE + 10)).as("in silence: before it").isEqualTo(millis + 100_500);
            assertThat(streams.endMillis(epoch, 121 * RATE)).isEqualTo(millis + 120_500);
            // the last five seconds are sent again by the next connection
            stream += 115 * RATE + RATE / 2;
        }
        assertThat(streams.startMillis(11, 0)).as("the one before is remembered").isEqualTo((stream - 2 * (115 * RATE + RATE / 2)) / 8);
    }

    @Test
    @DisplayName("TIM-1 FLOW-6 the map is bounded: pieces, connections and moments")
    void bounded() {
        for (int i = 0; i < 10_000; i++) {
            streams.leaving(1, 100L * i, 200L * i, 100);
            streams.given(200L * i, 100, 1_000_000L + 10_000L * i, null);
        }
        assertThat(streams.startMillis(1, 999_900)).isEqualTo(200L * 9_999 / 8);
        assertThat(streams.startMillis(1, 0)).as("forgotten: the eldest that is known").isEqualTo(200L * (10_000 - 4_096) / 8);
        assertThat(streams.givenAt(0)).isNull();
        assertThat(streams.givenAt(200L * 9_999 / 8)).isEqualTo(1_000_000L + 10_000L * 9_999);
        for (int epoch = 2; epoch < 10; epoch++) {
            streams.leaving(epoch, 0, 8_000, 100);
        }
        assertThat(streams.startMillis(1, 8_000)).as("a connection that is not known any more").isEqualTo(1_000);
    }

    @Test
    @DisplayName("TIM-2 the clock of the source goes on from where it was told, the wall clock is that of the giving")
    void clocks() {
        streams.given(0, 8_000, 50_000, null);
        assertThat(streams.sourceTime(500)).as("not told").isNull();
        streams.given(8_000, 8_000, 51_000, 1_700_000_000_000L);
        streams.given(16_000, 8_000, 52_005, null);
        streams.given(24_000, 8_000, 55_000, 1_700_000_009_000L);
        assertThat(streams.sourceTime(500)).isNull();
        assertThat(streams.sourceTime(1_250)).isEqualTo(1_700_000_000_250L);
        assertThat(streams.sourceTime(2_500)).as("goes on").isEqualTo(1_700_000_001_500L);
        assertThat(streams.sourceTime(3_100)).as("told anew").isEqualTo(1_700_000_009_100L);
        assertThat(streams.givenAt(1_500)).isEqualTo(51_500);
        assertThat(streams.givenAt(2_500)).as("within the tolerance").isBetween(52_500L, 52_505L);
        assertThat(streams.givenAt(3_000)).isEqualTo(55_000);
        streams.restart();
        assertThat(streams.givenAt(0)).isNull();
    }
}
