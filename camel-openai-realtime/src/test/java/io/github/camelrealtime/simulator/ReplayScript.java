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

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Plays the service's part of a recording. What it said comes when the client has done what it had done before it, event type by
 * event type and audio by its amount; not at a time. Ids that the client chooses anew are changed where they come back. On the
 * session's lane.
 */
final class ReplayScript {

    private static final String APPEND = "input_audio_buffer.append";

    private final List<Recording.Line> lines;
    private final long nowSeconds;
    private final Map<String, Long> needed = new HashMap<>();
    private final Map<String, Long> done = new HashMap<>();
    private final Map<String, Integer> taken = new HashMap<>();
    private final Map<String, String> ids = new HashMap<>();
    private int next;

    ReplayScript(Recording recording, long nowMillis) {
        this.lines = recording.lines();
        this.nowSeconds = nowMillis / 1000;
    }

    /** The client has done something. */
    void arrived(JsonNode event) {
        String type = event.path("type").asText();
        done.merge(type, weight(event), Long::sum);
        if (!type.equals(APPEND)) {
            int nth = taken.merge(type, 1, Integer::sum);
            lines.stream().filter(line -> line.client() && line.event() != null && line.event().path("type").asText().equals(type))
                    .skip(nth - 1L).findFirst().ifPresent(line -> learn(line.event(), event));
        }
    }

    private void learn(JsonNode recorded, JsonNode present) {
        for (String place : List.of("/event_id", "/item/id", "/item_id")) {
            String old = recorded.at(place).asText();
            String now = present.at(place).asText();
            if (!old.isEmpty() && !now.isEmpty()) {
                ids.put(old, now);
            }
        }
    }

    /** How much of its kind an event is: its audio, or one. */
    private static long weight(JsonNode event) {
        return event.path("type").asText().equals(APPEND) ? event.path("audio").asText().replace("=", "").length() * 3L / 4 : 1;
    }

    /**
     * Says what can be said now.
     *
     * @param say  what is given an event
     * @param shut what is given the end, if it was the service's
     */
    void goOn(Consumer<JsonNode> say, Consumer<Recording.Line> shut) {
        while (next < lines.size()) {
            Recording.Line line = lines.get(next);
            if (line.client()) {
                if (line.event() != null) {
                    needed.merge(line.event().path("type").asText(), weight(line.event()), Long::sum);
                }
                next++;
                continue;
            }
            if (!needed.entrySet().stream().allMatch(need -> done.getOrDefault(need.getKey(), 0L) >= need.getValue())) {
                return;
            }
            next++;
            if (line.event() == null) {
                shut.accept(line);
            } else {
                say.accept(asOfNow(line.event()));
            }
        }
    }

    private JsonNode asOfNow(JsonNode recorded) {
        JsonNode event = Sanitiser.audioMember(recorded) != null ? recorded : renamed(recorded.deepCopy());
        if (event.at("/session/expires_at").isIntegralNumber()) {
            ((ObjectNode) event.path("session")).put("expires_at", event.at("/session/expires_at").longValue() + nowSeconds);
        }
        return event;
    }

    private JsonNode renamed(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.fields().forEachRemaining(member -> {
                if (member.getValue().isTextual() && member.getKey().endsWith("id") && ids.containsKey(member.getValue().textValue())) {
                    member.setValue(object.textNode(ids.get(member.getValue().textValue())));
                } else {
                    renamed(member.getValue());
                }
            });
        } else {
            node.forEach(this::renamed);
        }
        return node;
    }
}
