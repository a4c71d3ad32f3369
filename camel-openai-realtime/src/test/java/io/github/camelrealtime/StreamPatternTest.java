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
package io.github.camelrealtime;

import java.io.ByteArrayOutputStream;
import java.util.List;

import io.github.camelrealtime.simulator.AudioClip;
import io.github.camelrealtime.simulator.SampleRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StreamPatternTest {

    @Test
    @DisplayName("T1 every sample tells its place: stretches are found whole, wherever they begin, loud and faint")
    void stretches() {
        assertThat(heard(StreamPattern.samples(0, 8000, true))).containsExactly(new SampleRange(0, 8000));
        assertThat(heard(StreamPattern.samples(1_234_567, 801, false))).containsExactly(new SampleRange(1_234_567, 1_235_368));
        assertThat(heard(StreamPattern.samples(86_400_017, 900, true), StreamPattern.samples(86_400_917, 900, false)))
                .containsExactly(new SampleRange(86_400_017, 86_401_817));
    }

    @Test
    @DisplayName("T1 a sample that is lost or doubled is found")
    void faults() {
        for (int skipped = -40; skipped <= 40; skipped++) {
            if (skipped != 0) {
                List<SampleRange> heard = heard(StreamPattern.samples(0, 1001, true), StreamPattern.samples(1001 + skipped, 900, true));
                assertThat(heard).as("%d skipped", skipped).hasSize(2);
                assertThat(heard.get(0).first()).isZero();
                assertThat(heard.get(0).end()).isBetween(1001L, 1001L + 32);
                assertThat(heard.get(1).first() - heard.get(0).end()).isEqualTo(skipped);
                assertThat(heard.get(1).end()).isEqualTo(1901 + skipped);
            }
        }
    }

    @Test
    @DisplayName("T1 stretches of several transcripts that follow one another are one")
    void joined() {
        assertThat(StreamPattern.ranges(List.of("stream 0..10", "stream 10..20 stream 30..40", "")))
                .containsExactly(new SampleRange(0, 20), new SampleRange(30, 40));
    }

    private static List<SampleRange> heard(byte[]... pieces) {
        ByteArrayOutputStream pcm = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            for (byte sample : piece) {
                int level = linear(sample);
                pcm.write(level);
                pcm.write(level >> 8);
            }
        }
        byte[] all = pcm.toByteArray();
        String text = StreamPattern.transcriber().transcribe(new AudioClip("s", 0, all.length / 2, all, 8000)).text();
        return StreamPattern.ranges(List.of(text));
    }

    /** ITU-T G.711, written down once more so that neither side's tables are trusted. */
    private static int linear(byte sample) {
        int bits = ~sample & 0xFF;
        int magnitude = ((bits & 0x0F) << 3) + 0x84 << (bits >> 4 & 7);
        return (bits & 0x80) == 0 ? magnitude - 0x84 : 0x84 - magnitude;
    }
}
