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

import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;

/**
 * Remembers what the service says of an item once and what holds for all events of the item. Thread-safe; not asked for
 * audio deltas.
 */
final class ItemMemory {

    /** The eldest are forgotten. */
    private static final int MAX_ITEMS = 1000;

    private static final class Item {
        String role;
        String type;
        String phase;
        String toolName;
        String previousItemId;
        boolean idleTimeout;
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Item> items = new BoundedMap<>(MAX_ITEMS);
    private final Turns turns = new Turns();

    /** Takes in what the event says; {@code null} if it belongs to no item and no response. */
    EventContext take(ServerEvent event, int epoch, Spans spans) {
        if (event.getItemId() == null && event.getResponseId() == null) {
            return null;
        }
        lock.lock();
        try {
            Turn turn = turns.take(event, epoch, spans);
            if (event.getItemId() == null) {
                return EventContext.of(turn);
            }
            Item item = items.computeIfAbsent(event.getItemId(), id -> new Item());
            learn(item, event);
            return new EventContext(item.role, item.type, item.phase, item.toolName, item.previousItemId, turn, item.idleTimeout,
                    null);
        } finally {
            lock.unlock();
        }
    }

    private static void learn(Item item, ServerEvent event) {
        JsonNode told = event.getJson().path("item");
        item.role = first(item.role, told.path("role"));
        item.type = first(item.type, told.path("type"));
        item.phase = first(item.phase, told.path("phase"));
        item.toolName = first(item.toolName, told.path("name"));
        if (item.previousItemId == null) {
            item.previousItemId = event.getPreviousItemId();
        }
        item.idleTimeout |= EventTypes.INPUT_AUDIO_BUFFER_TIMEOUT_TRIGGERED.equals(event.getType());
        if (event.getToolCallId() != null) {
            item.toolName = first(item.toolName, event.getJson().path("name"));
        }
    }

    private static String first(String known, JsonNode told) {
        return known == null && told.isTextual() ? told.textValue() : known;
    }
}
