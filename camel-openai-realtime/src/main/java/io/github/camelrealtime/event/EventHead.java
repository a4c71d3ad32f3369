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
package io.github.camelrealtime.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The members of a server event that have a getter. Filled by one thread, then only read. */
final class EventHead {

    final String type;
    String eventId;
    String itemId;
    String previousItemId;
    String responseId;
    String toolCallId;
    Integer outputIndex;
    Integer contentIndex;
    String delta;
    String transcript;
    String text;

    EventHead(String type) {
        this.type = type;
    }

    static EventHead of(String type, JsonNode json) {
        EventHead head = new EventHead(type);
        head.eventId = Json.text(json, "event_id");
        head.itemId = either(Json.text(json, "item_id"), json, "item", "id");
        head.previousItemId = Json.text(json, "previous_item_id");
        head.responseId = either(Json.text(json, "response_id"), json, "response", "id");
        head.toolCallId = either(Json.text(json, "call_id"), json, "item", "call_id");
        head.outputIndex = Json.integer(json, "output_index");
        head.contentIndex = Json.integer(json, "content_index");
        head.delta = EventTypes.isAudioDelta(type) ? null : Json.text(json, "delta");
        head.transcript = Json.text(json, "transcript");
        head.text = Json.text(json, "text");
        return head;
    }

    private static String either(String first, JsonNode json, String outer, String member) {
        return first != null ? first : Json.text(json, outer, member);
    }

    /** Type and ids as the event had them, without content. */
    ObjectNode toJson() {
        ObjectNode json = Json.MAPPER.createObjectNode().put("type", type);
        put(json, "event_id", eventId);
        put(json, "response_id", responseId);
        put(json, "item_id", itemId);
        if (outputIndex != null) {
            json.put("output_index", outputIndex);
        }
        if (contentIndex != null) {
            json.put("content_index", contentIndex);
        }
        return json;
    }

    private static void put(ObjectNode json, String member, String value) {
        if (value != null) {
            json.put(member, value);
        }
    }
}
