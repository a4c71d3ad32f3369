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
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

import io.github.camelrealtime.FaultSchedule.Entry;
import io.github.camelrealtime.FaultSchedule.Kind;
import io.github.camelrealtime.session.SessionState;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

@Tag("hours")
class FaultScheduleTest {

    private static final Duration SPEECH = Duration.ofSeconds(4);
    private static final Duration SILENCE = Duration.ofSeconds(2);

    @Test
    @DisplayName("SIM-12 the same seed is the same schedule, another another; the end is quiet, all kinds have their turn")
    void seeds() {
        FaultSchedule one = FaultSchedule.random(1, 30);
        assertThat(FaultSchedule.random(1, 30)).isEqualTo(one);
        assertThat(FaultSchedule.random(2, 30)).isNotEqualTo(one);
        EnumSet<Kind> met = EnumSet.noneOf(Kind.class);
        for (long seed = 0; seed < 100; seed++) {
            List<Entry> entries = FaultSchedule.random(seed, 30).entries();
            entries.forEach(entry -> met.add(entry.kind()));
            assertThat(entries).extracting(Entry::atMillis).isSorted()
                    .allMatch(at -> at < Duration.ofMinutes(30).minus(FaultSchedule.QUIET).toMillis());
        }
        assertThat(met).containsExactlyInAnyOrder(Kind.values());
        assertThat(one.toString()).startsWith("seed 1, 30 minutes");
    }

    @ParameterizedTest(name = "SIM-12 a session gets over {0} between two turns, and the turns after it are heard")
    @EnumSource(Kind.class)
    void survives(Kind kind) {
        for (int number = 0; number < 3; number++) {
            VirtualWorld world = VirtualWorld.onOneThread(builder -> builder.transcriber(StreamPattern.transcriber()));
            try (world; LongRun run = new LongRun(world, options -> {
                options.setTurnDetection("server_vad");
                options.setTranscriptionModel("gpt-4o-transcribe");
                options.setOutputModalities("text");
            }).open()) {
                List<Entry> entries = new ArrayList<>();
                entries.add(new Entry(7_000 + 611 * number, kind, 30_000 + number));
                new FaultSchedule(0, 6, entries).begin(world);
                run.talk(Duration.ofMinutes(5), SPEECH, SILENCE);
                int before = run.finals().size();
                run.talk(Duration.ofMinutes(1), SPEECH, SILENCE);
                assertThat(run.session().state()).isEqualTo(SessionState.READY);
                assertThat(run.finals().size() - before).as("turns in the last minute").isEqualTo(10);
            }
        }
    }
}
