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

import java.time.Duration;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What the heap holds after hours of many sessions. */
class HeapTest {

    @Test
    @DisplayName("FLOW-6 50 sessions, two hours, turns, tools and two rollovers each: the heap is as it was after ten minutes")
    void fifty() {
        hours(50);
    }

    @Test
    @Tag("soak")
    @DisplayName("FLOW-6 1,000 sessions, two hours, turns, tools and two rollovers each: the heap is as it was after ten minutes")
    void thousand() {
        hours(1_000);
    }

    private static void hours(int size) {
        long before = Crowd.heap();
        try (Crowd crowd = new Crowd(size, Duration.ofMinutes(60), 10, options -> {
            options.setTurnDetection("none");
            options.setTranscriptionModel("gpt-4o-transcribe");
            options.setSegmentation(false);
        }).open()) {
            System.err.printf("open %d kB%n", (Crowd.heap() - before) / 1024);
            crowd.talk(Duration.ofMinutes(2));
            for (int ten = 1; ten <= 12; ten++) {
                crowd.pass(Duration.ofMinutes(10));
                System.err.printf("minute %d: %d kB, timers %d finals %d answers %d failures %d rollovers %d reconnects %d deltas %d calls %d conns %d open %d%n", ten * 10, (Crowd.heap() - before) / 1024,
                        crowd.timers(), crowd.finals(), crowd.answers(), crowd.failures(), crowd.rollovers(), crowd.reconnects(), crowd.deltas(), crowd.service().calls, crowd.service().connections, crowd.service().open);
            }
            Footprint print = Footprint.of(crowd.sessions().get(0));
            System.err.println(print.counts());
            System.err.println(print.sizes());
            System.err.println(String.join("\n", print.paths("Epoch")));
            System.err.println(String.join("\n", print.paths("Replay")));
            assertThat(crowd.failures()).isZero();
        }
    }
}
