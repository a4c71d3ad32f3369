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
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.EventTypes;

/**
 * Finds out whom an {@code error} event concerns. The service names the client event at fault in {@code error.event_id},
 * but often leaves it null (trap T-44); then it is the last event of the kind that the error speaks
 * of among those that have left.
 *
 * <p>Thread-safe.
 */
final class Refusals {

    /** Events older than this many are no longer matched; the service answers refusals at once. */
    private static final int MAX_REMEMBERED = 1024;

    /** @param itemId the item that the event is about, {@code null} if none */
    private record Waiting(String type, String itemId, boolean left, Predicate<RequestRefusedException> onRefused) {
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Waiting> byEventId = new BoundedMap<>(MAX_REMEMBERED);

    /**
     * Wants to be told if this event is refused. To be called before the event can leave.
     *
     * @param onRefused returns whether somebody takes note; if not, the error goes out as an event
     */
    void expect(ClientEvent event, Predicate<RequestRefusedException> onRefused) {
        locked(() -> byEventId.put(event.getEventId(), new Waiting(event.getType(), itemId(event), false, onRefused)));
    }

    /** The event is about to be handed over: from now on an error without an event id may be about it. */
    void leaves(String eventId) {
        locked(() -> {
            Waiting leaving = byEventId.remove(eventId);
            // at the end: the order is that of leaving
            return leaving == null
                    ? null : byEventId.put(eventId, new Waiting(leaving.type(), leaving.itemId(), true, leaving.onRefused()));
        });
    }

    /** The event has been answered. */
    void forget(String eventId) {
        locked(() -> byEventId.remove(eventId));
    }

    /**
     * The connection is lost: no error is about what has left by it.
     *
     * @param staying ids of events that leave by the next one, though the lost one may have been about to take them
     */
    void cut(Set<String> staying) {
        locked(() -> byEventId.entrySet().removeIf(
                entry -> entry.getValue().left() && !staying.contains(entry.getKey())));
    }

    void clear() {
        locked(() -> {
            byEventId.clear();
            return null;
        });
    }

    int size() {
        return locked(byEventId::size);
    }

    private static String itemId(ClientEvent event) {
        JsonNode json = event.getJson();
        return json.path("item_id").asText(json.path("item").path("id").textValue());
    }

    /**
     * Takes out whom the error concerns.
     *
     * @param  message of the error: the item that it names, if any, decides between events of the same kind
     * @return         whom to tell, or {@code null} if nobody waits for it: then it goes out as an event
     */
    Predicate<RequestRefusedException> take(String eventId, String code, String param, String message) {
        return locked(() -> find(eventId, code, param, message == null ? "" : message));
    }

    private Predicate<RequestRefusedException> find(String eventId, String code, String param, String message) {
        if (eventId != null) {
            Waiting named = byEventId.remove(eventId);
            return named == null ? null : named.onRefused();
        }
        Set<String> kinds = kindsOf(code, param, message);
        String last = null;
        int named = 0;
        for (Map.Entry<String, Waiting> entry : byEventId.entrySet()) {
            Waiting waiting = entry.getValue();
            if (waiting.left() && kinds.contains(waiting.type())) {
                String itemId = waiting.itemId();
                // the longest id that the message holds: item_1 is part of item_10
                int fits = itemId != null && message.contains(itemId) ? itemId.length() : 0;
                if (fits >= named) {
                    named = fits;
                    last = entry.getKey();
                }
            }
        }
        return last == null ? null : byEventId.remove(last).onRefused();
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    private static Set<String> kindsOf(String code, String param, String message) {
        String kind = kindOfCode(code == null ? "" : code);
        if (kind == null) {
            kind = kindOfMessage(message);
        }
        return kind != null ? Set.of(kind) : kindsOfParam(param == null ? "" : param);
    }

    private static String kindOfCode(String code) {
        return switch (code) {
            case "input_audio_buffer_commit_empty" -> EventTypes.INPUT_AUDIO_BUFFER_COMMIT;
            case "conversation_already_has_active_response" -> EventTypes.RESPONSE_CREATE;
            case "response_cancel_not_active" -> EventTypes.RESPONSE_CANCEL;
            case "cannot_update_voice" -> EventTypes.SESSION_UPDATE;
            case "item_truncate_invalid_item_id" -> EventTypes.CONVERSATION_ITEM_TRUNCATE;
            case "item_delete_invalid_item_id" -> EventTypes.CONVERSATION_ITEM_DELETE;
            case "item_retrieve_invalid_item_id" -> EventTypes.CONVERSATION_ITEM_RETRIEVE;
            default -> null;
        };
    }

    /** Errors that come without a code (wire reference §7.3). */
    private static String kindOfMessage(String message) {
        return message.startsWith("Only model output audio messages can be truncated") || message.startsWith("Audio content of ")
                ? EventTypes.CONVERSATION_ITEM_TRUNCATE : null;
    }

    private static Set<String> kindsOfParam(String param) {
        if (param.startsWith("session")) {
            return Set.of(EventTypes.SESSION_UPDATE);
        }
        if (param.startsWith("response")) {
            return Set.of(EventTypes.RESPONSE_CREATE);
        }
        if (param.equals("item") || param.startsWith("item.")) {
            return Set.of(EventTypes.CONVERSATION_ITEM_CREATE);
        }
        return switch (param) {
            case "previous_item_id" -> Set.of(EventTypes.CONVERSATION_ITEM_CREATE);
            case "content_index", "audio_end_ms" -> Set.of(EventTypes.CONVERSATION_ITEM_TRUNCATE);
            case "item_id" -> Set.of(EventTypes.CONVERSATION_ITEM_DELETE, EventTypes.CONVERSATION_ITEM_RETRIEVE,
                    EventTypes.CONVERSATION_ITEM_TRUNCATE);
            default -> Set.of();
        };
    }
}
