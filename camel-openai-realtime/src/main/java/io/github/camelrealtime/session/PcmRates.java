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

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The service wants the rate with PCM although its schema does not (wire reference, trap T-20). */
public final class PcmRates {

    private static final int PCM_RATE = 24_000;

    private PcmRates() {
    }

    /**
     * Gives PCM formats that have no rate the only one there is, 24 000 Hz.
     *
     * @param session the session object of a {@code session.update}, changed in place
     */
    public static void add(ObjectNode session) {
        for (String direction : new String[] { "input", "output" }) {
            if (session.path("audio").path(direction).path("format") instanceof ObjectNode format
                    && "audio/pcm".equals(format.path("type").asText()) && !format.has("rate")) {
                format.put("rate", PCM_RATE);
            }
        }
    }
}
