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

class EmittedAudioTest {

    private final EmittedAudio emitted = new EmittedAudio();

    @Test
    @DisplayName("ROLL-13 what an earlier epoch gave out counts, whole or with edges that differ a little")
    void repeated() {
        emitted.add(1, span(1000, 3000));
        assertThat(emitted.has(2, span(1000, 3000))).isTrue();
        assertThat(emitted.has(3, span(880, 3100))).as("edges of 120 and 100 ms").isFalse();
        assertThat(emitted.has(3, span(900, 3090))).as("edges of 100 and 90 ms").isTrue();
        assertThat(emitted.has(2, span(1500, 2000))).isTrue();
    }

    @Test
    @DisplayName("ROLL-13 two stretches that an earlier epoch gave out, heard as one by the next, are repeated")
    void joined() {
        emitted.add(1, span(0, 1000));
        emitted.add(1, span(1100, 2000));
        assertThat(emitted.has(2, span(0, 2000))).isTrue();
        assertThat(emitted.has(2, span(0, 2400))).as("300 ms are new").isFalse();
    }

    @Test
    @DisplayName("ROLL-13 nothing that is new is taken for repeated: not the same epoch's, not a neighbour, not the unknown")
    void fresh() {
        emitted.add(2, span(1000, 2000));
        assertThat(emitted.has(2, span(1000, 2000))).isFalse();
        assertThat(emitted.has(1, span(1000, 2000))).isFalse();
        assertThat(emitted.has(3, span(2000, 2150))).as("shorter than an edge, but a neighbour").isFalse();
        assertThat(emitted.has(3, span(1950, 2100))).as("most of it is new").isFalse();
        assertThat(emitted.has(3, null)).isFalse();
        assertThat(emitted.has(3, new Spans.Span(1000L, null, "vad"))).isFalse();
        assertThat(emitted.has(3, new Spans.Span(null, 2000L, "vad"))).isFalse();
        assertThat(emitted.has(3, span(2000, 1000))).as("an end before its beginning").isFalse();
    }

    @Test
    @DisplayName("FLOW-6 only so many stretches are remembered, and none of the stream before")
    void bounded() {
        for (int i = 0; i <= 1000; i++) {
            emitted.add(1, span(1000 * i, 1000 * i + 900));
        }
        assertThat(emitted.has(2, span(0, 900))).isFalse();
        assertThat(emitted.has(2, span(1000, 1900))).isTrue();
        emitted.clear();
        assertThat(emitted.has(2, span(1000, 1900))).isFalse();
    }

    private static Spans.Span span(long start, long end) {
        return new Spans.Span(start, end, "segment");
    }
}
