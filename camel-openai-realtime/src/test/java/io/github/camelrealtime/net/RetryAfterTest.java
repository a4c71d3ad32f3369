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
package io.github.camelrealtime.net;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class RetryAfterTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-21T10:00:00Z"), ZoneOffset.UTC);

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "7 | 7000",
            "0 | 0",
            "1.5 | 1500",
            "Sat, 21 Nov 2026 10:02:00 GMT | 120000",
            "Sat, 21 Nov 2026 09:00:00 GMT | 0",
            "soon | -1",
            "-3 | -1",
            "NaN | -1",
            "Infinity | -1",
            "'' | -1"
    })
    void secondsAndDates(String value, long millis) {
        assertThat(RetryAfter.millis(Headers.of("Retry-After", value), CLOCK)).isEqualTo(millis);
    }

    @Test
    void millisecondsAreMoreExact() {
        assertThat(RetryAfter.millis(Headers.of("Retry-After", "2", "retry-after-ms", "1234"), CLOCK)).isEqualTo(1234);
        assertThat(RetryAfter.millis(Headers.of("Retry-After", "2", "retry-after-ms", "x"), CLOCK)).isEqualTo(2000);
        assertThat(RetryAfter.millis(Headers.of(), CLOCK)).isEqualTo(RetryAfter.NONE);
    }
}
