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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class BackoffTest {

    @ParameterizedTest
    @CsvSource({
            "1,0,250", "1,0.999999,499", "2,0,500", "3,0,1000", "6,0,8000", "7,0,15000", "7,0.999999,29999", "1000,0,15000" })
    @DisplayName("ROLL-6 the interval doubles up to its bound, spread over 50 to 100 %")
    void delay(int attempt, double jitter, long millis) {
        assertThat(new SessionConfig.Backoff(500, 30_000, 5).delayMillis(attempt, jitter)).isEqualTo(millis);
    }
}
