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

/** How sure the service is of a transcript. */
public final class Confidence {

    private Confidence() {
    }

    /**
     * The geometric mean of the probabilities of the tokens, 0 to 1, which unlike their product does not fall with the length
     * of the text.
     *
     * @param  logprobs member {@code logprobs} of a final transcript, which it has if the session asks for it (option
     *                  {@code transcriptionLogprobs})
     * @return          {@code null} if there are none
     */
    public static Double of(JsonNode logprobs) {
        double sum = 0;
        int tokens = 0;
        for (JsonNode token : logprobs) {
            JsonNode logprob = token.path("logprob");
            if (logprob.isNumber()) {
                sum += logprob.doubleValue();
                tokens++;
            }
        }
        // a rounding error above 0 is still certainty
        return tokens == 0 ? null : Double.valueOf(Math.exp(Math.min(0, sum / tokens)));
    }
}
