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

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The service wants the rate with PCM although its schema does not (trap T-20). */
public final class PcmRates {

    /** The only one that there is, in Hz. */
    private static final int PCM_RATE = 24_000;

    private PcmRates() {
    }

    /** Adds the rate to the formats of this session object that are {@code audio/pcm} and have none. */
    public static void add(ObjectNode session) {
        for (String direction : new String[] { "input", "output" }) {
            JsonNode format = session.path("audio").path(direction).path("format");
            if ("audio/pcm".equals(format.path("type").asText()) && !format.has("rate")) {
                ((ObjectNode) format).put("rate", PCM_RATE);
            }
        }
    }
}
