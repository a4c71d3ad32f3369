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
    String flaw;

    EventHead(String type) {
        this.type = type;
    }

    static EventHead of(String type, ObjectNode json) {
        EventHead head = new EventHead(type);
        HeadReader reader = new HeadReader(json);
        head.eventId = reader.id("event_id");
        head.itemId = reader.id("item_id", "item", "id");
        head.previousItemId = reader.id("previous_item_id");
        head.responseId = reader.id("response_id", "response", "id");
        head.toolCallId = reader.id("call_id", "item", "call_id");
        head.outputIndex = reader.index("output_index");
        head.contentIndex = reader.index("content_index");
        head.delta = EventTypes.isAudioDelta(type) ? null : reader.text("delta");
        head.transcript = reader.text("transcript");
        head.text = reader.text("text");
        reader.expectObject("session");
        reader.expectObject("error");
        // of what is new since this was written nobody knows what is odd
        head.flaw = EventTypes.serverTypes().contains(type) ? reader.flaw() : null;
        return head;
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
