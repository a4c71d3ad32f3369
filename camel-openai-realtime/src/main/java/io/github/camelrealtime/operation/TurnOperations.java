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

import org.apache.camel.Exchange;

/**
 * {@code cancel-response}, {@code interrupt}, {@code playback-position}, {@code mute}, {@code unmute}: whose turn it is. The
 * body stays as it is.
 */
final class TurnOperations {

    private TurnOperations() {
    }

    /** Cancels the response that is named, or else the one that the conversation is in. */
    static CompletableFuture<OperationResult> cancel(Exchange exchange, OperationContext context) {
        Overrides overrides = context.overrides();
        return context.session().conversation().cancel(overrides.responseId(), overrides.eventId())
                .thenApply(nothing -> OperationResult.DONE);
    }

    /** Stops the model, and has it forget what was not heard. */
    static CompletableFuture<OperationResult> interrupt(Exchange exchange, OperationContext context) {
        return context.session().conversation().interrupt(context.overrides().eventId())
                .thenApply(nothing -> OperationResult.DONE);
    }

    /**
     * Takes note of how far a sink has played an item. The item is in a header, in the body as text, or in a body of type
     * {@code Map} with {@code item_id}, {@code content_index} and {@code played_ms}.
     */
    static CompletableFuture<OperationResult> playbackPosition(Exchange exchange, OperationContext context) {
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
        int contentIndex = (int) number("content_index", position.get("content_index"), 0L);
        context.session().playback().played(id, contentIndex, played);
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

    static CompletableFuture<OperationResult> mute(Exchange exchange, OperationContext context) {
        context.session().mute(true);
        return CompletableFuture.completedFuture(OperationResult.DONE);
    }

    static CompletableFuture<OperationResult> unmute(Exchange exchange, OperationContext context) {
        context.session().mute(false);
        return CompletableFuture.completedFuture(OperationResult.DONE);
    }
}
