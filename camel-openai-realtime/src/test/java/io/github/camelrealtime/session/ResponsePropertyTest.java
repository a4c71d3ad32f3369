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

import java.util.stream.LongStream;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Random interleavings of what clients and the service do, against {@link ModelService}, watched by {@link ResponseWatch}. A
 * seed that fails names itself; {@code -Dresponses.seed=n} runs that one alone, {@code -Dresponses.seeds=n} so many.
 */
class ResponsePropertyTest {

    private static final int STEPS = 2_000;

    static LongStream seeds() {
        Long one = Long.getLong("responses.seed");
        return one == null ? LongStream.rangeClosed(1, Long.getLong("responses.seeds", 300)) : LongStream.of(one);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @DisplayName("RESP-1 RESP-5 RESP-16 RESP-20 random interleavings, hostile ones too: never two of ours, all "
                 + "settled once, no place stuck")
    void invariants(long seed) {
        try {
            new RandomTalk(seed, seed % 3 > 0).run(STEPS);
        } catch (AssertionError | RuntimeException broken) {
            throw new AssertionError("Seed " + seed + " fails; run it alone with -Dresponses.seed=" + seed, broken);
        }
    }

    @Test
    @DisplayName("The random talks meet what they are for: rejections, cuts, rollovers, time-outs, all states")
    void coverage() {
        RandomTalk.Met met = new RandomTalk.Met();
        for (long seed = 1; seed <= 30; seed++) {
            RandomTalk talk = new RandomTalk(seed, seed % 3 > 0);
            talk.run(STEPS);
            met.add(talk.met());
        }
        assertThat(met.rejections()).isPositive();
        assertThat(met.completed()).isGreaterThan(met.failed() / 10);
        assertThat(met.timedOut()).isPositive();
        assertThat(met.states()).containsExactlyInAnyOrder(ResponseState.values());
    }
}
