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

import java.util.stream.LongStream;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Half an hour of a session to which everything happens that can, by chance; see {@link ChaosRun} for what must hold. A seed that
 * fails prints itself and its schedule. {@code -Dchaos.seed=n} runs that one alone, {@code -Dchaos.seeds=n} so many,
 * from {@code -Dchaos.from}.
 */
@Tag("hours")
class ChaosSeedsTest {

    private static final int MINUTES = 30;
    private static final int SEEDS = 20;

    @RegisterExtension
    final VirtualCamel camel = VirtualCamel.onOneThread(ChaosRun::simulator);

    static LongStream seeds() {
        Long one = Long.getLong("chaos.seed");
        long from = Long.getLong("chaos.from", 1);
        return one == null ? LongStream.range(from, from + Long.getLong("chaos.seeds", SEEDS)) : LongStream.of(one);
    }

    @ParameterizedTest(name = "SIM-12 seed {0}")
    @MethodSource("seeds")
    @DisplayName("SIM-12 T1 half an hour of faults, tools, interruptions and two consumers: all that must hold does")
    void survives(long seed) throws Exception {
        FaultSchedule schedule = FaultSchedule.random(seed, MINUTES);
        try {
            new ChaosRun(camel, schedule).run();
        } catch (AssertionError | RuntimeException broken) {
            throw new AssertionError("Seed " + seed + " fails; run it alone with -Dchaos.seed=" + seed + "\n" + schedule, broken);
        }
    }
}
