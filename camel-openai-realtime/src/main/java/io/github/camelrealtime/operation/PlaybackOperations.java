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
package io.github.camelrealtime.operation;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.github.camelrealtime.session.PlaybackMark;
import org.apache.camel.Exchange;

/**
 * {@code playback-position}, {@code playback-mark}: how far a sink has played the model's voice. Nothing is sent, and the body
 * stays as it is.
 */
final class PlaybackOperations {

    private PlaybackOperations() {
    }

    /** Takes note that a sink has come to a mark. The mark is in a header, or in the body as text. */
    static CompletableFuture<OperationResult> mark(Exchange exchange, OperationContext context) {
        String header = context.overrides().playbackMark();
        Object mark = header != null ? header : exchange.getMessage().getBody();
        if (!(mark instanceof String text) || text.isBlank()) {
            throw new IllegalArgumentException(
                    "playback-mark: no mark is given; header CamelOpenAIRealtimeOverridePlaybackMark or a body with the text of "
                                               + "the mark is expected");
        }
        try {
            context.session().playback().played(PlaybackMark.parse(text.trim()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("playback-mark: " + e.getMessage(), e);
        }
        return CompletableFuture.completedFuture(OperationResult.DONE);
    }

    /**
     * Takes note of how far a sink has played an item. The item is in a header, in the body as text, or in a body of type
     * {@code Map} with {@code item_id}, {@code content_index} and {@code played_ms}.
     */
    static CompletableFuture<OperationResult> position(Exchange exchange, OperationContext context) {
        Object body = exchange.getMessage().getBody();
        Map<?, ?> position = body instanceof Map<?, ?> map ? map : Map.of();
        Object itemId = context.overrides().itemId() != null ? context.overrides().itemId()
                : body instanceof String text ? text : position.get("item_id");
        if (!(itemId instanceof String id) || id.isBlank()) {
            throw new IllegalArgumentException(
                    "playback-position: no item is named; header CamelOpenAIRealtimeOverrideItemId, a body with the item's id, "
                                               + "or a Map with item_id is expected");
        }
        long played = context.overrides().playedMillis() != null ? context.overrides().playedMillis()
                : number("played_ms", position.get("played_ms"), null);
        if (played < 0) {
            throw new IllegalArgumentException("playback-position: played_ms is " + played + ", it cannot be negative");
        }
        long contentIndex = number("content_index", position.get("content_index"), 0L);
        if (contentIndex < 0 || contentIndex > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("playback-position: content_index is " + contentIndex + ", it counts from 0");
        }
        context.session().playback().played(id, (int) contentIndex, played);
        return CompletableFuture.completedFuture(OperationResult.DONE);
    }

    private static long number(String member, Object value, Long otherwise) {
        if (value instanceof Number number) {
            return number.longValue();
        }
        if (value == null && otherwise != null) {
            return otherwise;
        }
        throw new IllegalArgumentException(
                "playback-position: " + member + " is not a number; it belongs into a Map as body" + ("played_ms".equals(member)
                        ? " or into header CamelOpenAIRealtimeOverridePlayedMs" : ""));
    }
}
