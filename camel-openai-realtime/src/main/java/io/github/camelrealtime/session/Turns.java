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

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;

/**
 * Counts the turns of a session. A turn begins when the user begins to speak, or with a message of the user's that was
 * typed; a response belongs to the turn whose words were last given to the model when it began. So a transcript that comes
 * after the answer it caused still has the earlier place.
 *
 * <p>Audio that a lost connection has not settled is given to the next one again, where it becomes another item: that lies
 * where the old one did, so it is known to be of the same turn.
 *
 * <p>Items of the user that nobody has announced count from their first sight, as streaming transcription is ahead of the
 * commit (trap T-10). Not thread-safe; used under the lock of {@link ItemMemory}.
 */
final class Turns {

    private static final int MAX_REMEMBERED = 1000;
    /** Places of one turn; what comes after the last shares it. */
    private static final int PLACES = 1000;
    /** Turns that are looked at for what is said again: as many as can be unsettled at once. */
    private static final int MAX_UNSETTLED = 100;
    /** Stretches of speech may touch; from here on they are the same, in ms. */
    private static final long OVERLAP_MILLIS = 200;

    /** An item's turn and its place there, 0 for the user's words. */
    private record Place(long turn, int place) {
    }

    private record UserItem(String id, int epoch) {
    }

    private final Map<String, Place> byItem = new BoundedMap<>(MAX_REMEMBERED);
    private final Map<String, Long> byResponse = new BoundedMap<>(MAX_REMEMBERED);
    private final Map<Long, UserItem> userItems = new BoundedMap<>(MAX_REMEMBERED);
    private final Map<Long, Integer> places = new BoundedMap<>(MAX_REMEMBERED);
    private long begun;
    /** The latest whose words the model has. */
    private long given;

    /** The turn the event belongs to; {@code null} if it cannot be told. */
    Turn take(ServerEvent event, int epoch, Spans spans) {
        switch (event.getType()) {
            case EventTypes.INPUT_AUDIO_BUFFER_SPEECH_STARTED, EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_DELTA,
                    EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_COMPLETED,
                    EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_SEGMENT,
                    EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_FAILED ->
                begin(event.getItemId(), epoch, spans);
            case EventTypes.INPUT_AUDIO_BUFFER_COMMITTED -> give(event.getItemId(), epoch, spans);
            case EventTypes.CONVERSATION_ITEM_ADDED -> added(event, epoch, spans);
            case EventTypes.RESPONSE_CREATED -> byResponse.putIfAbsent(event.getResponseId(), given);
            default -> place(event.getItemId(), event.getResponseId());
        }
        return turnOf(event, spans);
    }

    private Place begin(String itemId, int epoch, Spans spans) {
        Place known = byItem.get(itemId);
        if (known == null && itemId != null) {
            Long again = saidAgain(itemId, epoch, spans);
            known = new Place(again == null ? ++begun : again, 0);
            byItem.put(itemId, known);
            userItems.put(known.turn(), new UserItem(itemId, epoch));
        }
        return known;
    }

    /** The eldest turn whose words an earlier epoch heard at the same place of the stream; {@code null} if there is none. */
    private Long saidAgain(String itemId, int epoch, Spans spans) {
        Spans.Span span = spans.find(itemId);
        if (span == null || span.startMillis() == null) {
            return null;
        }
        for (long turn = Math.max(1, begun - MAX_UNSETTLED); turn <= begun; turn++) {
            UserItem before = userItems.get(turn);
            if (before != null && before.epoch() < epoch && overlap(span, spans.find(before.id())) > OVERLAP_MILLIS) {
                return turn;
            }
        }
        return null;
    }

    /** In ms; what has no end yet goes on for ever. */
    private static long overlap(Spans.Span one, Spans.Span other) {
        if (other == null || other.startMillis() == null) {
            return 0;
        }
        return Math.min(end(one), end(other)) - Math.max(one.startMillis(), other.startMillis());
    }

    private static long end(Spans.Span span) {
        return span.endMillis() == null ? Long.MAX_VALUE : span.endMillis();
    }

    private void give(String itemId, int epoch, Spans spans) {
        Place place = begin(itemId, epoch, spans);
        if (place != null) {
            given = Math.max(given, place.turn());
        }
    }

    private void added(ServerEvent event, int epoch, Spans spans) {
        JsonNode item = event.getJson().path("item");
        if ("user".equals(item.path("role").asText())) {
            give(event.getItemId(), epoch, spans);
        } else if (!byItem.containsKey(event.getItemId())) {
            next(event.getItemId(), given);
        }
    }

    /** An item of a response has its place from when the response first speaks of it. */
    private void place(String itemId, String responseId) {
        if (itemId != null && responseId != null && !byItem.containsKey(itemId)) {
            next(itemId, byResponse.getOrDefault(responseId, given));
        }
    }

    private void next(String itemId, long turn) {
        byItem.put(itemId, new Place(turn, Math.min(places.merge(turn, 1, Integer::sum), PLACES - 1)));
    }

    private Turn turnOf(ServerEvent event, Spans spans) {
        Place place = byItem.get(event.getItemId());
        Long number = place != null ? Long.valueOf(place.turn()) : byResponse.get(event.getResponseId());
        if (number == null) {
            return null;
        }
        UserItem userItem = userItems.get(number);
        Spans.Span span = userItem == null ? null : spans.find(userItem.id());
        return new Turn(
                number, place == null ? null : place.turn() * PLACES + place.place(), span == null ? null : span.startMillis());
    }
}
