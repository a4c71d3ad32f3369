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
import java.util.LongSummaryStatistics;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/** Sessions that were opened together come to their end together. */
@Tag("hours")
class RolloverCrowdTest {

    private static final Logger LOG = LoggerFactory.getLogger(RolloverCrowdTest.class);
    private static final int SESSIONS = 200;
    private static final Duration HANDSHAKE = Duration.ofSeconds(2);

    @Test
    @DisplayName("ROLL-1 ROLL-19 200 sessions that end at the same minute: their successors are dialled spread over the jitter and ten at "
                 + "a time, and each takes over before its end")
    void together() {
        try (Crowd crowd = new Crowd(SESSIONS, HANDSHAKE, Duration.ofMinutes(60), 3, options -> {
            options.setTurnDetection("none");
            options.setTranscriptionModel("gpt-4o-transcribe");
            options.setSegmentation(false);
        }).open()) {
            LightService.Tally service = crowd.service();
            service.mostDialling = 0;
            service.mostOpen = 0;
            service.dials.clear();
            crowd.talk(Duration.ofSeconds(40)).pass(Duration.ofMinutes(60));

            LongSummaryStatistics dials = service.dials.stream().mapToLong(Long::longValue).summaryStatistics();
            LOG.info("{} dials within {} ms, {} at once, {} connections at most", dials.getCount(), dials.getMax() - dials.getMin(),
                    service.mostDialling, service.mostOpen);
            assertThat(service.dials).hasSize(SESSIONS);
            assertThat(crowd.rollovers()).isEqualTo(SESSIONS);
            assertThat(service.expired).isZero();
            assertThat(crowd.reconnects()).isZero();
            assertThat(crowd.failures()).isZero();
            assertThat(service.mostDialling).isBetween(2, Crowd.MOST_ROLLOVERS);
            assertThat(dials.getMax() - dials.getMin()).as("ms over which they are spread").isBetween(45_000L, 90_000L);
            assertThat(service.open).isEqualTo(SESSIONS);
            assertThat(service.mostOpen).isLessThan(2L * SESSIONS);
        }
    }
}
