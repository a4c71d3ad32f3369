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
package io.github.camelrealtime.simulator;

import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

/** Which items of a long conversation the model still sees (API reference section 3.2). The stored items stay. */
final class ContextWindow {

    private final long budget;

    /** @param budget tokens of input */
    ContextWindow(long budget) {
        this.budget = budget;
    }

    /**
     * The latest items that fit.
     *
     * @param  preambleTokens instructions and tools, which always stay
     * @param  truncation     the session's
     * @return                empty if they do not fit and truncation is disabled
     */
    Optional<List<Item>> visible(List<Item> items, long preambleTokens, JsonNode truncation) {
        long all = items.stream().mapToLong(TokenMeter::inputTokens).sum();
        long most = budget - preambleTokens;
        JsonNode own = truncation.at("/token_limits/post_instructions");
        if (own.isNumber()) {
            most = Math.min(most, own.asLong());
        }
        if (all <= most) {
            return Optional.of(items);
        }
        if (truncation.asText().equals("disabled")) {
            return Optional.empty();
        }
        // below the limit by the ratio, so that the next turns need no truncation
        long target = (long) (most * truncation.path("retention_ratio").asDouble(1));
        int first = 0;
        while (first < items.size() && all > target) {
            all -= TokenMeter.inputTokens(items.get(first++));
        }
        return Optional.of(items.subList(first, items.size()));
    }
}
