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

import java.util.List;

import io.github.camelrealtime.simulator.SampleRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StreamTallyTest {

    private static SampleRange range(long first, long end) {
        return new SampleRange(first, end);
    }

    @Test
    @DisplayName("T1 all heard, once and in order")
    void whole() {
        StreamTally tally = StreamTally.of(List.of(range(0, 100), range(200, 300)),
                List.of(range(0, 50), range(50, 120), range(180, 300)));
        assertThat(tally).isEqualTo(new StreamTally(List.of(), List.of(), List.of()));
    }

    @Test
    @DisplayName("T1 what is lost, doubled or out of order is found to the sample")
    void faults() {
        StreamTally tally = StreamTally.of(List.of(range(0, 100), range(200, 300)),
                List.of(range(10, 40), range(39, 80), range(250, 290), range(230, 251)));
        assertThat(tally.lost()).containsExactly(range(0, 10), range(80, 100), range(200, 230), range(290, 300));
        assertThat(tally.doubled()).containsExactly(range(39, 40), range(250, 251));
        assertThat(tally.early()).containsExactly(range(250, 290));
    }

    @Test
    @DisplayName("T1 one stretch within another, and the same twice")
    void within() {
        StreamTally tally = StreamTally.of(List.of(range(0, 100)), List.of(range(0, 100), range(20, 30), range(20, 30)));
        assertThat(tally.lost()).isEmpty();
        assertThat(tally.doubled()).containsExactly(range(20, 30), range(20, 30));
    }
}
