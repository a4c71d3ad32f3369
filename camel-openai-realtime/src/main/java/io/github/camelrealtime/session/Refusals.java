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
import java.util.function.Predicate;
import java.util.function.Supplier;

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

    private record Waiting(String type, boolean left, Predicate<RequestRefusedException> onRefused) {
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Waiting> byEventId = new BoundedMap<>(MAX_REMEMBERED);

    /**
     * Wants to be told if this event is refused. To be called before the event can leave.
     *
     * @param onRefused returns whether somebody takes note; if not, the error goes out as an event
     */
    void expect(ClientEvent event, Predicate<RequestRefusedException> onRefused) {
        locked(() -> byEventId.put(event.getEventId(), new Waiting(event.getType(), false, onRefused)));
    }

    /** The event is about to be handed over: from now on an error without an event id may be about it. */
    void leaves(String eventId) {
        locked(() -> {
            Waiting leaving = byEventId.remove(eventId);
            // at the end: the order is that of leaving
            return leaving == null
                    ? null : byEventId.put(eventId, new Waiting(leaving.type(), true, leaving.onRefused()));
        });
    }

    /** The event has been answered. */
    void forget(String eventId) {
        locked(() -> byEventId.remove(eventId));
    }

    /** The connection is lost: no error is about what has left by it. */
    void cut() {
        locked(() -> {
            byEventId.values().removeIf(Waiting::left);
            return null;
        });
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

    /**
     * Takes out whom the error concerns.
     *
     * @return whom to tell, or {@code null} if nobody waits for it: then it goes out as an event
     */
    Predicate<RequestRefusedException> take(String eventId, String code, String param) {
        return locked(() -> find(eventId, code, param));
    }

    private Predicate<RequestRefusedException> find(String eventId, String code, String param) {
        if (eventId != null) {
            Waiting named = byEventId.remove(eventId);
            return named == null ? null : named.onRefused();
        }
        String kind = kindOf(code, param);
        if (kind == null) {
            return null;
        }
        String last = null;
        for (Map.Entry<String, Waiting> entry : byEventId.entrySet()) {
            if (entry.getValue().left() && entry.getValue().type().equals(kind)) {
                last = entry.getKey();
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

    private static String kindOf(String code, String param) {
        if (code != null) {
            switch (code) {
                case "input_audio_buffer_commit_empty":
                    return EventTypes.INPUT_AUDIO_BUFFER_COMMIT;
                case "conversation_already_has_active_response":
                    return EventTypes.RESPONSE_CREATE;
                case "response_cancel_not_active":
                    return EventTypes.RESPONSE_CANCEL;
                case "cannot_update_voice":
                    return EventTypes.SESSION_UPDATE;
                default:
                    break;
            }
        }
        if (param == null) {
            return null;
        }
        if (param.equals("audio_end_ms")) {
            return EventTypes.CONVERSATION_ITEM_TRUNCATE;
        }
        if (param.startsWith("session")) {
            return EventTypes.SESSION_UPDATE;
        }
        if (param.startsWith("response")) {
            return EventTypes.RESPONSE_CREATE;
        }
        // not item_id, which several events have
        return param.equals("item") || param.startsWith("item.") ? EventTypes.CONVERSATION_ITEM_CREATE : null;
    }
}
