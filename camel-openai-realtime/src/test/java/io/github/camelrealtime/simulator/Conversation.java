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

import java.util.ArrayList;
import java.util.List;
import java.util.ListIterator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The default conversation: items in the order in which the model sees them. */
final class Conversation {

    private static final String ROOT = "root";

    private final String id;
    private final List<Item> items = new ArrayList<>();

    Conversation(String id) {
        this.id = id;
    }

    String id() {
        return id;
    }

    List<Item> items() {
        return items;
    }

    String lastId() {
        return items.isEmpty() ? null : items.get(items.size() - 1).id();
    }

    /** Adds an item at the end. */
    void append(Item item) {
        items.add(item);
    }

    /**
     * Adds an item a client sent.
     *
     * @param previous null or JSON null: at the end; {@code "root"}: at the beginning; else after the item of that id
     * @return the id of the item before it, null if it is the first
     */
    String insert(Item item, JsonNode previous) {
        if (find(item.id()) != null) {
            throw ProtocolError.invalidValue("An item with the id '" + item.id() + "' already exists.", "item.id");
        }
        int place = place(previous);
        if (item.type().equals("function_call_output")) {
            requireCall(item.json().path("call_id").asText());
        }
        items.add(place, item);
        return place == 0 ? null : items.get(place - 1).id();
    }

    /** The item, or null. */
    Item find(String itemId) {
        return items.stream().filter(item -> item.id().equals(itemId)).findFirst().orElse(null);
    }

    /** The item a client names in {@code item_id}. */
    Item require(JsonNode itemId) {
        Item item = find(itemId.asText());
        if (item == null) {
            throw ProtocolError.invalidValue("The item with the id '" + itemId.asText() + "' does not exist.", "item_id");
        }
        return item;
    }

    /** An output needs the call that it answers. */
    private void requireCall(String callId) {
        if (items.stream().noneMatch(item -> item.type().equals("function_call") && item.json().path("call_id").asText().equals(callId))) {
            throw ProtocolError.of("invalid_tool_call_id", "Tool call ID '" + callId + "' not found in conversation.", null);
        }
    }

    /** As it is now, in the order in which the model sees it, without the sound. */
    List<JsonNode> snapshot() {
        return items.stream().<JsonNode>map(Item::snapshot).toList();
    }

    void remove(Item item) {
        items.remove(item);
    }

    boolean hasAssistantAudio() {
        return items.stream().anyMatch(Item::isAssistantAudio);
    }

    /** {@code conversation.item.added} or {@code .done}, not yet sent. */
    static ObjectNode itemEvent(Downlink downlink, String type, String previousItemId, Item item) {
        ObjectNode event = downlink.event(type).put("previous_item_id", previousItemId);
        event.set("item", item.snapshot());
        return event;
    }

    /** The latest user input or tool output, or null. */
    static Item latestInput(List<Item> items) {
        ListIterator<Item> backwards = items.listIterator(items.size());
        while (backwards.hasPrevious()) {
            Item item = backwards.previous();
            if (item.role().equals("user") || item.type().equals("function_call_output")) {
                return item;
            }
        }
        return null;
    }

    private int place(JsonNode previous) {
        if (previous == null || previous.isNull() || previous.isMissingNode()) {
            return items.size();
        }
        if (previous.asText().equals(ROOT)) {
            return 0;
        }
        Item before = find(previous.asText());
        if (before == null) {
            throw ProtocolError.invalidValue("The previous item with the id '" + previous.asText() + "' does not exist.",
                    "previous_item_id");
        }
        return items.indexOf(before) + 1;
    }
}
