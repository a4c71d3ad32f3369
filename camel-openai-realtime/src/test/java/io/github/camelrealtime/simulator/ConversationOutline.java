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
import java.util.StringJoiner;

import com.fasterxml.jackson.databind.JsonNode;

/** What a conversation says, a line for each item, whatever the ids and whether it was spoken or written. */
final class ConversationOutline {

    private ConversationOutline() {
    }

    static List<String> of(List<JsonNode> items) {
        return items.stream().map(ConversationOutline::line).toList();
    }

    private static String line(JsonNode item) {
        return switch (item.path("type").asText()) {
            case "message" -> item.path("role").asText() + ": " + words(item.path("content"));
            case "function_call" -> item.path("name").asText() + "(" + item.path("arguments").asText() + ")";
            case "function_call_output" -> "-> " + item.path("output").asText();
            default -> item.path("type").asText();
        };
    }

    private static String words(JsonNode content) {
        StringJoiner words = new StringJoiner(" ");
        for (JsonNode part : content) {
            if (part.path("type").asText().endsWith("image")) {
                words.add("(image)");
            } else if (part.hasNonNull("text")) {
                words.add(part.path("text").asText());
            } else {
                words.add(part.path("transcript").asText("(not transcribed)"));
            }
        }
        return words.toString();
    }
}
