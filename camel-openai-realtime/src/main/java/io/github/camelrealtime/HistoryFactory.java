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
package io.github.camelrealtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.SessionType;
import io.github.camelrealtime.operation.ItemShapes;
import io.github.camelrealtime.session.ModelRules;
import io.github.camelrealtime.session.SessionConfig;

/** Reads what a conversation begins with (option {@code history}), and what is kept of it. */
final class HistoryFactory {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final double WARNING = 0.8;
    private static final String NONE = "none";
    private static final int MAX_ID = 32;

    private HistoryFactory() {
    }

    /** @throws IllegalArgumentException naming the option that is wrong, and the place in it, never what is said there */
    static SessionConfig.History create(OpenAIRealtimeConfiguration options, SessionType type, String model) {
        List<ObjectNode> seed = seed(options.getHistory());
        if (!seed.isEmpty() && type != SessionType.REALTIME) {
            throw new IllegalArgumentException("Option history needs a model to talk with, so it cannot go with a "
                                               + type.wireName() + " session");
        }
        int maxItems = options.getHistoryMaxItems() == null ? SessionConfig.History.MAX_ITEMS : options.getHistoryMaxItems();
        if (seed.size() > maxItems) {
            throw new IllegalArgumentException("Option history has " + seed.size() + " items, but historyMaxItems is " + maxItems);
        }
        String reanchor = options.getReanchor() == null ? SessionConfig.History.REANCHOR : options.getReanchor();
        return new SessionConfig.History(
                seed, !Boolean.FALSE.equals(options.getReplayHistory()),
                reanchor.isBlank() || NONE.equals(reanchor) ? null : reanchor, maxItems,
                options.getHistoryMaxText() == null ? SessionConfig.History.MAX_TEXT : options.getHistoryMaxText(),
                options.getHistoryMaxImages() == null ? SessionConfig.History.MAX_IMAGES : options.getHistoryMaxImages(),
                options.getContextWindow() == null ? ModelRules.inputTokens(model) : options.getContextWindow(),
                options.getContextWarning() == null ? WARNING : options.getContextWarning());
    }

    private static List<ObjectNode> seed(Object history) {
        if (history == null || history instanceof String text && text.isBlank()) {
            return List.of();
        }
        JsonNode items = history instanceof String text ? parse(text)
                : MAPPER.valueToTree(history instanceof Object[] array ? Arrays.asList(array) : history);
        if (!items.isArray()) {
            throw new IllegalArgumentException("Option history is no list: an array of messages such as "
                                               + "{\"role\":\"user\",\"text\":\"…\"} is expected, as JSON, a resource or a bean");
        }
        List<ObjectNode> seed = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < items.size(); i++) {
            String place = "Option history, item " + (i + 1);
            if (!(items.get(i) instanceof ObjectNode object)) {
                throw new IllegalArgumentException(place + ": it is no object");
            }
            ObjectNode item = whole(object.deepCopy());
            ItemShapes.check(item, place);
            checkKind(item, place);
            JsonNode id = item.path("id");
            if (!id.isMissingNode() && (!id.isTextual() || id.textValue().isBlank() || id.textValue().length() > MAX_ID
                    || !ids.add(id.textValue()))) {
                throw new IllegalArgumentException(place + ": member 'id' has to be a string of 1 to " + MAX_ID
                                                   + " characters that no other item has");
            }
            seed.add(item);
        }
        checkRounds(seed);
        return List.copyOf(seed);
    }

    private static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Option history is not JSON: line " + e.getLocation().getLineNr()
                                               + ", column " + e.getLocation().getColumnNr());
        }
    }

    /** A message may be given by its role and its words alone. */
    private static ObjectNode whole(ObjectNode item) {
        if (item.has("role") && !item.has("type")) {
            item.put("type", "message");
        }
        JsonNode words = item.path("text").isTextual() ? item.path("text") : item.path("content");
        if ("message".equals(item.path("type").asText()) && words.isTextual()) {
            String part = "assistant".equals(item.path("role").asText()) ? "output_text" : "input_text";
            item.remove("text");
            item.remove("content");
            item.putArray("content").addObject().put("type", part).put("text", words.textValue());
        }
        return item;
    }

    private static void checkKind(ObjectNode item, String place) {
        switch (item.path("type").textValue()) {
            case "message" -> item.path("content").forEach(part -> {
                if (part.path("type").asText().endsWith("audio")) {
                    throw new IllegalArgumentException(place + ": audio is not told again, give its words as text");
                }
            });
            case "function_call", "function_call_output" -> {
                if (!item.path("call_id").isTextual()) {
                    throw new IllegalArgumentException(place + ": member 'call_id' is missing or no string");
                }
            }
            default -> throw new IllegalArgumentException(
                    place + ": type " + item.path("type").textValue() + " is none of message, function_call, function_call_output");
        }
    }

    /** A call without an output, or the reverse, would have the model wait for ever, or the service refuse it. */
    private static void checkRounds(List<ObjectNode> seed) {
        Set<String> open = new HashSet<>();
        for (int i = 0; i < seed.size(); i++) {
            String callId = seed.get(i).path("call_id").textValue();
            switch (seed.get(i).path("type").textValue()) {
                case "function_call" -> open.add(callId);
                case "function_call_output" -> {
                    if (!open.remove(callId)) {
                        throw new IllegalArgumentException("Option history, item " + (i + 1)
                                                           + ": an output whose call does not stand before it");
                    }
                }
                default -> {
                    // a message needs no other
                }
            }
        }
        if (!open.isEmpty()) {
            throw new IllegalArgumentException("Option history holds " + open.size() + " function_call items without an output");
        }
    }
}
