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
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.camelrealtime.event.ServerEvent;

/** The spoken parts that a {@link PlaybackLedger} keeps account of, and where they are cut. The ledger's lock guards it. */
final class SpokenParts {

    /** Parts remembered: more than ever wait to be played. */
    static final int MOST = 100;

    private record Key(String itemId, int contentIndex) {
    }

    /** In the order of their beginning. */
    private final Map<Key, SpokenPart> parts = new BoundedMap<>(MOST);

    static int contentIndex(ServerEvent event) {
        return event.getContentIndex() == null ? 0 : event.getContentIndex();
    }

    /** The part that the event is about, {@code null} if none is known. */
    SpokenPart find(ServerEvent event) {
        return event.getItemId() == null ? null : find(event.getItemId(), contentIndex(event));
    }

    SpokenPart find(String itemId, int contentIndex) {
        return parts.get(new Key(itemId, contentIndex));
    }

    void add(SpokenPart part) {
        parts.put(new Key(part.itemId, part.contentIndex), part);
    }

    /** In the order of their beginning. */
    Collection<SpokenPart> all() {
        return parts.values();
    }

    /** The service has cut this item, or removed it. */
    void settle(String itemId) {
        parts.values().stream().filter(part -> part.itemId.equals(itemId)).forEach(part -> part.settled = true);
    }

    /**
     * Cuts whatever has not been heard to its end.
     *
     * @param present number of the connection by whose ids the service knows items now
     */
    List<PlaybackLedger.Cut> cut(long nowMillis, int present) {
        Map<SpokenPart, Long> heard = Playhead.heard(parts.values(), nowMillis);
        Set<String> heardItems = new HashSet<>();
        heard.forEach((part, millis) -> {
            if (millis > 0) {
                heardItems.add(part.itemId);
            }
        });
        List<PlaybackLedger.Cut> cuts = new ArrayList<>();
        heard.forEach((part, millis) -> {
            part.judgedMillis = millis;
            if (!part.settled && !(part.complete && millis >= part.receivedMillis())) {
                cuts.add(cut(part, millis, !heardItems.contains(part.itemId), present));
            }
        });
        return cuts;
    }

    /**
     * A response is over.
     *
     * @param  interrupted whether it had been interrupted
     * @return             what it brought afterwards
     */
    List<PlaybackLedger.Cut> done(String responseId, boolean interrupted, int present) {
        List<PlaybackLedger.Cut> late = new ArrayList<>();
        for (SpokenPart part : parts.values()) {
            if (responseId.equals(part.responseId)) {
                part.complete = true;
                // what had been heard to its end by the interruption stays
                if (interrupted && !part.settled && part.judgedMillis == 0) {
                    late.add(cut(part, 0, !isHeard(part.itemId), present));
                }
            }
        }
        return late;
    }

    private static PlaybackLedger.Cut cut(SpokenPart part, long heardMillis, boolean removesItem, int present) {
        part.settled = true;
        return new PlaybackLedger.Cut(
                part, heardMillis, part.receivedMillis(), part.heardText(heardMillis), removesItem, part.epoch == present);
    }

    private boolean isHeard(String itemId) {
        return parts.values().stream().anyMatch(part -> part.itemId.equals(itemId) && part.judgedMillis > 0);
    }

    void clear() {
        parts.clear();
    }
}
