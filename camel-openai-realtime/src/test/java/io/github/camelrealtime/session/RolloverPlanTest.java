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


import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** When a connection is followed by the next. */
class RolloverPlanTest {

    private static final long MINUTE = 60_000;
    private static final long NOW = 1_000_000_000;
    /** The defaults: 5 minutes before, 2 minutes before, up to one minute earlier. */
    private static final SessionConfig.Rollover USUAL = new SessionConfig.Rollover(true, 5 * MINUTE, 2 * MINUTE, MINUTE);

    private static RolloverPlan plan(long lifeMillis, double random) {
        return RolloverPlan.of(USUAL, NOW, NOW + lifeMillis, random);
    }

    @Test
    @DisplayName("ROLL-1 from five minutes before the end that the service tells, forced two minutes before it")
    void usual() {
        assertThat(plan(60 * MINUTE, 0)).isEqualTo(new RolloverPlan(NOW + 55 * MINUTE, NOW + 58 * MINUTE));
    }

    @ParameterizedTest
    @ValueSource(longs = { 15 * MINUTE, 30 * MINUTE, 60 * MINUTE, 120 * MINUTE })
    @DisplayName("ROLL-1 the end is what the service tells, however long that is")
    void anyLife(long life) {
        assertThat(plan(life, 0)).isEqualTo(new RolloverPlan(NOW + life - 5 * MINUTE, NOW + life - 2 * MINUTE));
    }

    @ParameterizedTest
    @ValueSource(longs = { 0, -5, NOW - 1, NOW })
    @DisplayName("ROLL-1 an end that is not told, makes no sense or is over already is taken to be an hour away")
    void unknownEnd(long expiresMillis) {
        assertThat(RolloverPlan.of(USUAL, NOW, expiresMillis, 0)).isEqualTo(plan(60 * MINUTE, 0));
    }

    @Test
    @DisplayName("ROLL-1 a later end moves all of it")
    void laterEnd() {
        RolloverPlan sooner = plan(20 * MINUTE, 0.5);
        RolloverPlan later = plan(30 * MINUTE, 0.5);
        assertThat(later.beginMillis() - sooner.beginMillis()).isEqualTo(10 * MINUTE);
        assertThat(later.forceMillis() - sooner.forceMillis()).isEqualTo(10 * MINUTE);
    }

    @ParameterizedTest
    @CsvSource({ "0, 0", "0.5, 30000", "0.999, 59940" })
    @DisplayName("ROLL-1 chance makes it begin up to rolloverJitter earlier, and never later; the deadline stays")
    void jitter(double random, long earlier) {
        RolloverPlan plan = plan(60 * MINUTE, random);
        assertThat(plan.beginMillis()).isEqualTo(NOW + 55 * MINUTE - earlier);
        assertThat(plan.forceMillis()).isEqualTo(NOW + 58 * MINUTE);
    }

    @ParameterizedTest
    @ValueSource(longs = { 1, 10, 999, 10_000, 60_000, 6 * 60_000, 12 * 60_000 - 1, 12 * 60_000 })
    @DisplayName("ROLL-1 of a short life the second half is kept, and the other times are scaled down with it")
    void shortLife(long life) {
        for (double random : new double[] { 0, 0.5, 0.9999 }) {
            RolloverPlan plan = plan(life, random);
            assertThat(plan.beginMillis()).as("not in the first half").isBetween(NOW + life / 2, NOW + life);
            assertThat(plan.forceMillis()).isBetween(plan.beginMillis(), NOW + life);
        }
        // 6 minutes kept of which one is chance, 2 for the deadline
        assertThat((double) plan(life, 0).beginMillis()).isCloseTo(NOW + life * 7 / 12.0, within());
        assertThat((double) plan(life, 0).forceMillis()).isCloseTo(NOW + life * 10 / 12.0, within());
    }

    private static Offset<Double> within() {
        return Offset.offset(1.5);
    }

    @Test
    @DisplayName("ROLL-1 a deadline before the beginning is the beginning: whoever kept the two apart has changed one of them")
    void deadlineBeforeTheBeginning() {
        RolloverPlan plan = RolloverPlan.of(new SessionConfig.Rollover(true, MINUTE, 5 * MINUTE, 0), NOW, NOW + 60 * MINUTE, 0);
        assertThat(plan.forceMillis()).isEqualTo(plan.beginMillis()).isEqualTo(NOW + 59 * MINUTE);
    }

    @Test
    @DisplayName("ROLL-1 with no time kept it is at the end")
    void nothingKept() {
        RolloverPlan plan = RolloverPlan.of(new SessionConfig.Rollover(true, 0, 0, 0), NOW, NOW + 60 * MINUTE, 0.5);
        assertThat(plan).isEqualTo(new RolloverPlan(NOW + 60 * MINUTE, NOW + 60 * MINUTE));
    }
}
