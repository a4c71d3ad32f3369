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

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;

/** What the model said or wrote, put together from items and responses (wire reference §5.3). */
public final class AnswerText {

    private static final String FINAL_ANSWER = "final_answer";

    private AnswerText() {
    }

    /**
     * All parts of one item: its texts, and the transcripts of its audio.
     *
     * @return empty if nothing was said
     */
    public static String ofItem(JsonNode item) {
        StringBuilder message = new StringBuilder();
        for (JsonNode part : item.path("content")) {
            JsonNode said = part.path(part.hasNonNull("text") ? "text" : "transcript");
            if (said.isTextual()) {
                message.append(said.textValue());
            }
        }
        return message.toString();
    }

    /**
     * The messages of a response in order, joined by a blank; see {@link #messages}.
     *
     * @return empty if nothing was said
     */
    public static String ofResponse(JsonNode response) {
        return messages(response).stream().map(AnswerText::ofItem).filter(said -> !said.isEmpty())
                .collect(Collectors.joining(" "));
    }

    /**
     * The messages of a response that hold anything. Where the model marks its messages, a spoken preamble
     * ({@code commentary}) is not part of the answer (trap T-13).
     */
    static List<JsonNode> messages(JsonNode response) {
        List<JsonNode> all = new ArrayList<>();
        List<JsonNode> answers = new ArrayList<>();
        for (JsonNode item : response.path("output")) {
            if (!item.path("content").isEmpty()) {
                all.add(item);
                if (FINAL_ANSWER.equals(item.path("phase").asText())) {
                    answers.add(item);
                }
            }
        }
        return answers.isEmpty() ? all : answers;
    }
}
