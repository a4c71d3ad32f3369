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

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.camel.Exchange;

/** Which item an operation is about: headers win, then the members of the body, then a body that is the item id itself. */
final class ItemReference {

    private final Operation operation;
    private final Overrides headers;
    private final ObjectNode body;
    private final String itemId;

    private ItemReference(Operation operation, Overrides headers, ObjectNode body, String itemId) {
        this.operation = operation;
        this.headers = headers;
        this.body = body;
        this.itemId = itemId;
    }

    /** @throws IllegalArgumentException if neither names an item, or what they say cannot be an item id */
    static ItemReference of(Exchange exchange, OperationContext context, Operation operation) {
        Overrides headers = context.overrides();
        Object body = exchange.getMessage().getBody();
        ObjectNode json = Bodies.object(body);
        String itemId = headers.itemId();
        if (itemId == null && json != null) {
            itemId = json.path("item_id").textValue();
        } else if (itemId == null && body instanceof String text && !text.stripLeading().startsWith("{")) {
            itemId = text.strip();
        }
        if (itemId == null || itemId.isBlank()) {
            throw new IllegalArgumentException(
                    operation.value() + ": no item is named: set header CamelOpenAIRealtimeOverrideItemId, or give a body with "
                                               + "member 'item_id' (Map, JsonNode, JSON text), or the item id as text");
        }
        ItemIds.check(itemId, operation);
        return new ItemReference(
                operation, headers, json == null ? JsonNodeFactory.instance.objectNode() : json, itemId);
    }

    String itemId() {
        return itemId;
    }

    /** Position of the part in the item; {@code null} if not said. */
    Integer contentIndex() {
        if (headers.contentIndex() != null) {
            return (int) notNegative("content_index", headers.contentIndex());
        }
        Long inBody = number("content_index", Integer.MAX_VALUE);
        return inBody == null ? null : inBody.intValue();
    }

    /** How much of the item's audio stays, in ms. */
    long audioEndMs() {
        if (headers.audioEndMillis() != null) {
            return notNegative("audio_end_ms", headers.audioEndMillis());
        }
        Long inBody = number("audio_end_ms", Long.MAX_VALUE);
        if (inBody == null) {
            throw new IllegalArgumentException(
                    operation.value() + ": where to cut is not said: set header CamelOpenAIRealtimeOverrideAudioEndMs, or give "
                                               + "a body with member 'audio_end_ms', in ms of the item's audio");
        }
        return inBody;
    }

    private Long number(String member, long most) {
        JsonNode value = body.path(member);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() > most) {
            throw new IllegalArgumentException(operation.value() + ": member '" + member + "' of the body is no whole number");
        }
        return notNegative(member, value.longValue());
    }

    private long notNegative(String member, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(operation.value() + ": " + member + " is " + value + ", it cannot be negative");
        }
        return value;
    }
}
