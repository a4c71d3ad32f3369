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
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

import okhttp3.Headers;

/** How long the service asks to be left alone, from the headers of a refusal. */
public final class RetryAfter {

    /** Without the header, or with one that cannot be read. */
    public static final long NONE = -1;

    private RetryAfter() {
    }

    /**
     * The wait in ms from {@code retry-after-ms}, else from {@code Retry-After} (seconds, or an HTTP date, of which what
     * is past gives 0); {@link #NONE} if neither can be read.
     */
    public static long millis(Headers headers, Clock clock) {
        long exact = scaled(headers.get("retry-after-ms"), 1);
        if (exact != NONE) {
            return exact;
        }
        String value = headers.get("Retry-After");
        long seconds = scaled(value, 1000);
        return seconds != NONE || value == null ? seconds : untilDate(value, clock);
    }

    private static long scaled(String number, long factor) {
        if (number == null) {
            return NONE;
        }
        try {
            double value = Double.parseDouble(number.trim());
            return value >= 0 && value < Long.MAX_VALUE ? Math.round(value * factor) : NONE;
        } catch (NumberFormatException e) {
            return NONE;
        }
    }

    private static long untilDate(String date, Clock clock) {
        try {
            ZonedDateTime then = ZonedDateTime.parse(date.trim(), DateTimeFormatter.RFC_1123_DATE_TIME);
            return Math.max(0, Duration.between(clock.instant(), then.toInstant()).toMillis());
        } catch (DateTimeParseException e) {
            return NONE;
        }
    }
}
