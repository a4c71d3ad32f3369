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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/** What the heap holds after hours of many sessions. */
@Tag("hours")
class HeapTest {

    private static final Logger LOG = LoggerFactory.getLogger(HeapTest.class);
    /** More than a session remembers of anything but transcripts. */
    private static final int QUESTIONS = 520;
    private static final int MINUTES = 120;
    private static final int TURNS = 55;

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

    /** The first ten minutes fill what is remembered of a conversation; from then on it must stay as it is. */
    private static void hours(int size) {
        long before = Crowd.heap();
        try (Crowd crowd = new Crowd(size, Duration.ZERO, Duration.ofMinutes(60), 5, options -> {
            options.setTurnDetection("none");
            options.setTranscriptionModel("gpt-4o-transcribe");
            options.setSegmentation(false);
            options.setHistoryMaxItems(50);
        }).open()) {
            crowd.chat(QUESTIONS, Duration.ofSeconds(1)).pass(Duration.ofMinutes(10));
            long full = Crowd.heap() - before;
            long most = full;
            crowd.talk(Duration.ofMinutes(2));
            for (int minute = 20; minute <= MINUTES; minute += 10) {
                crowd.pass(Duration.ofMinutes(10));
                long now = Crowd.heap() - before;
                most = Math.max(most, now);
                LOG.info("{} sessions, minute {}: {} kB, {} timers", size, minute, now / 1024, crowd.timers());
            }
            long end = Crowd.heap() - before;
            LOG.info("{} sessions: {} kB at minute 10, {} kB at minute 120, {} kB at most", size, full / 1024, end / 1024, most / 1024);
            assertThat(end).as("heap at the end, bytes").isLessThan(full + full / 10);
            assertThat(crowd.failures()).isZero();
            assertThat(crowd.reconnects()).isZero();
            assertThat(crowd.service().expired).isZero();
            assertThat(crowd.rollovers()).isEqualTo(2L * size);
            assertThat(crowd.finals()).isEqualTo(crowd.service().commits).isGreaterThan((long) size * TURNS * 2 / 3 - size);
            assertThat(crowd.service().calls).isPositive();
            assertThat(crowd.service().open).isEqualTo(size);
            Footprint print = Footprint.of(crowd.sessions());
            assertThat(print.count("Epoch")).as("connections that are held").isEqualTo(size);
        }
    }
}
