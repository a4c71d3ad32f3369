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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.camelrealtime.simulator.SimulatorClock.Cancellable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class VirtualClockTest {

    private final VirtualClock clock = new VirtualClock(1_000);
    private final List<String> ran = new ArrayList<>();

    @Test
    @DisplayName("SIM-5 tasks run in the order of their time, equal times in the order of scheduling, each at its own time")
    void order() {
        note(30, "c");
        note(10, "a");
        note(30, "d");
        note(20, "b");
        clock.advance(Duration.ofMillis(29));
        assertThat(ran).containsExactly("a@1010", "b@1020");
        clock.advance(Duration.ofMillis(1));
        assertThat(ran).containsExactly("a@1010", "b@1020", "c@1030", "d@1030");
        assertThat(clock.millis()).isEqualTo(1_030);
    }

    @Test
    @DisplayName("SIM-5 what a task schedules within the span runs too")
    void chain() {
        clock.schedule(5, () -> {
            note(5, "second");
            note(50, "too late");
        });
        clock.advance(Duration.ofMillis(20));
        assertThat(ran).containsExactly("second@1010");
        assertThat(clock.pending()).isEqualTo(1);
        assertThat(clock.millisToNext()).isEqualTo(35);
    }

    @Test
    @DisplayName("SIM-5 a cancelled task does not run; time does not go back")
    void cancel() {
        Cancellable task = clock.schedule(5, () -> ran.add("never"));
        task.cancel();
        clock.advance(Duration.ofMillis(10));
        assertThat(ran).isEmpty();
        assertThat(clock.millisToNext()).isEqualTo(Long.MAX_VALUE);
        assertThatThrownBy(() -> clock.advance(Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class);
        assertThat(clock.millis()).isEqualTo(1_010);
    }

    @Test
    @DisplayName("SIM-5 work in progress is waited for before time moves")
    void settles() {
        clock.beforeAdvance(() -> note(10, "settled at " + clock.millis()));
        clock.advance(Duration.ofMillis(10));
        assertThat(ran).containsExactly("settled at 1000@1010");
    }

    private void note(long delay, String name) {
        clock.schedule(delay, () -> ran.add(name + "@" + clock.millis()));
    }
}
