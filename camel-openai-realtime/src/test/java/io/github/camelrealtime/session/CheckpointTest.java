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

class CheckpointTest {

    private final ManualTimers timers = new ManualTimers();
    private final Checkpoint checkpoint = new Checkpoint(30_000, timers);

    @Test
    @DisplayName("ING-5 the checkpoint is the end of the last final, or the beginning of what has none yet")
    void holdsBack() {
        commit("a", 1, 0, 1000);
        commit("b", 1, 1200, 2000);
        commit("c", 1, 2100, 3000);
        assertThat(checkpoint.settled("c", span(2100, 3000))).isZero();
        assertThat(checkpoint.settled("a", span(0, 1000))).isEqualTo(1200);
        assertThat(checkpoint.settled("b", span(1200, 2000))).isEqualTo(3000);
    }

    @Test
    @DisplayName("ING-5 it never goes back: not for audio of unknown place, not for a final that comes twice")
    void neverBack() {
        commit("a", 1, 0, 1000);
        checkpoint.committed("x", 1, null);
        checkpoint.committed("y", 1, new Spans.Span(500L, null, "vad"));
        assertThat(checkpoint.settled("a", span(0, 1000))).isEqualTo(1000);
        assertThat(checkpoint.settled("x", null)).isNull();
        assertThat(checkpoint.settled("a", span(0, 1000))).isEqualTo(1000);
    }

    @Test
    @DisplayName("ING-5 over a loss: what the lost epoch owed holds it back until the next has settled the same audio")
    void overEpochs() {
        commit("a", 1, 0, 1000);
        commit("b", 1, 1200, 2000);
        commit("c", 1, 2100, 3000);
        assertThat(checkpoint.settled("a", span(0, 1000))).isEqualTo(1000);
        commit("b2", 2, 1190, 2010);
        assertThat(checkpoint.settled("b2", span(1190, 2010))).isEqualTo(2010);
        commit("d2", 2, 3100, 4000);
        assertThat(checkpoint.settled("d2", span(3100, 4000))).as("c is still to come").isEqualTo(2100);
        commit("c2", 2, 2100, 3000);
        assertThat(checkpoint.settled("c2", span(2100, 3000))).isEqualTo(4000);
    }

    @Test
    @DisplayName("ING-5 what never comes holds it back for its time and no longer")
    void timedOut() {
        commit("a", 1, 0, 1000);
        timers.advance(20_000);
        commit("b", 1, 1200, 2000);
        timers.advance(10_001);
        assertThat(checkpoint.settled("b", span(1200, 2000))).isEqualTo(2000);
    }

    @Test
    @DisplayName("ING-5 another stream begins at its own beginning")
    void anotherStream() {
        commit("a", 1, 0, 1000);
        commit("b", 1, 1200, 2000);
        checkpoint.settled("b", span(1200, 2000));
        checkpoint.clear();
        commit("c", 1, 0, 500);
        assertThat(checkpoint.settled("c", span(0, 500))).isEqualTo(500);
    }

    private void commit(String item, int epoch, long start, long end) {
        checkpoint.committed(item, epoch, span(start, end));
    }

    private static Spans.Span span(long start, long end) {
        return new Spans.Span(start, end, "segment");
    }
}
