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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.EventTypes;

/**
 * What became known of the conversation after a connection had been told of it: the end of an answer that was still being given
 * on the connection before, or that less of one was heard than was said. The item is removed and told anew in its place, or
 * told at all.
 *
 * <p>It counts when it leaves, not before: were the connection lost meanwhile, the next would be told of it anyway. Not
 * thread-safe: the lock of the {@link ConversationMirror} guards it.
 */
final class MirrorCorrections {

    private record Correction(MirrorItem item, String newId, int told) {
    }

    private final Map<String, Correction> underWay = new HashMap<>();

    /**
     * Makes the events that put right what the present connection knows.
     *
     * @return in the order in which they are to be sent, nothing in between
     */
    List<ClientEvent> make(List<MirrorItem> items, int present) {
        Set<MirrorItem> corrected = new HashSet<>();
        underWay.values().forEach(correction -> corrected.add(correction.item()));
        List<ClientEvent> events = new ArrayList<>();
        String previous = "root";
        for (MirrorItem item : items) {
            boolean known = item.epoch == present;
            boolean wrong = known ? isTold(item) && item.told != Objects.hashCode(item.words()) : item.isDone();
            if (wrong && item.removal == null && !corrected.contains(item)) {
                previous = correct(item, known, previous, events);
            } else if (known && item.removal == null) {
                previous = item.id;
            }
        }
        return events;
    }

    private static boolean isTold(MirrorItem item) {
        return item.restored && MirrorItem.MESSAGE.equals(item.type);
    }

    /** Returns what the next item stands behind. */
    private String correct(MirrorItem item, boolean known, String previous, List<ClientEvent> events) {
        ObjectNode json = told(item, ClientEvent.nextItemId());
        Correction correction = json == null
                ? null : new Correction(item, json.path("id").textValue(), Objects.hashCode(item.words()));
        if (known) {
            ClientEvent delete = ClientEvent.of(EventTypes.CONVERSATION_ITEM_DELETE).with("item_id", item.id);
            if (correction != null) {
                underWay.put(delete.getEventId(), correction);
            }
            events.add(delete);
        }
        if (correction == null) {
            return previous;
        }
        ClientEvent create = ClientEvent.itemCreate(json, previous);
        underWay.put(create.getEventId(), correction);
        events.add(create);
        return correction.newId();
    }

    private static ObjectNode told(MirrorItem item, String newId) {
        if (item.isCompleteCall()) {
            return item.call(newId, item.callId());
        }
        if (item.isOutput()) {
            return item.output(newId, item.callId());
        }
        return MirrorItem.MESSAGE.equals(item.type) ? item.message(newId) : null;
    }

    /** Whether this event belongs to a correction; it is about to leave. */
    boolean leaves(ClientEvent event, MirrorList items, int present) {
        Correction correction = underWay.remove(event.getEventId());
        if (correction == null) {
            return false;
        }
        MirrorItem item = correction.item();
        if (EventTypes.CONVERSATION_ITEM_DELETE.equals(event.getType())) {
            item.replaced = item.id;
        } else if (items.find(item.id) == item) {
            items.rename(item, correction.newId());
            item.named = true;
            item.restored = true;
            item.told = correction.told();
            item.epoch = present;
        }
        return true;
    }

    /** The connection is lost: what has not left is not to leave any more. Returns the ids of those events. */
    Set<String> withdraw() {
        Set<String> unsent = new HashSet<>(underWay.keySet());
        underWay.clear();
        return unsent;
    }
}
