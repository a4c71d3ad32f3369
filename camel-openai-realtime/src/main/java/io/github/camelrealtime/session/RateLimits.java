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

import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;

/** What the service last said of its limits. A hint: it comes late or not at all (trap T-46), so nothing waits for it. */
final class RateLimits {

    private static final int MAX_NAMES = 32;
    private static final double MILLIS_PER_SECOND = 1000;

    private final Timers timers;
    private volatile Map<String, SessionStatus.RateLimit> limits = Map.of();

    RateLimits(Timers timers) {
        this.timers = timers;
    }

    /** On the reader thread. */
    void onEvent(ServerEvent event) {
        if (!EventTypes.RATE_LIMITS_UPDATED.equals(event.getType())) {
            return;
        }
        Map<String, SessionStatus.RateLimit> all = new LinkedHashMap<>(limits);
        for (JsonNode limit : event.getJson().path("rate_limits")) {
            String name = limit.path("name").asText(null);
            if (name != null && (all.size() < MAX_NAMES || all.containsKey(name))) {
                long resetMillis = Math.round(limit.path("reset_seconds").asDouble() * MILLIS_PER_SECOND);
                all.put(name, new SessionStatus.RateLimit(
                        limit.path("limit").asLong(), limit.path("remaining").asLong(), timers.millis() + resetMillis));
            }
        }
        limits = Map.copyOf(all);
    }

    /** By name. */
    Map<String, SessionStatus.RateLimit> all() {
        return limits;
    }
}
