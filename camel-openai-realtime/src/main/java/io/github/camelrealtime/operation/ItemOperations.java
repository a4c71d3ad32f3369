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

import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;
import io.github.camelrealtime.session.Acknowledged;
import io.github.camelrealtime.session.ConversationItem;
import io.github.camelrealtime.session.RealtimeException;
import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.SessionConfig;
import org.apache.camel.Exchange;

/**
 * {@code create-item}, {@code delete-item}, {@code retrieve-item}, {@code truncate-item}: the items of the conversation. None
 * of them asks for a response.
 */
final class ItemOperations {

    /** Stands for all items. */
    private static final String ALL = "*";

    private ItemOperations() {
    }

    /** Adds an item to the conversation; its id is the result. */
    static CompletableFuture<OperationResult> create(Exchange exchange, OperationContext context) {
        Await await = Answers.await(context, Operation.CREATE_ITEM);
        ObjectNode body = Bodies.object(exchange.getMessage().getBody());
        if (body == null) {
            throw new IllegalArgumentException(
                    "create-item: the body is not an item: a Map, JsonNode or JSON text with a member 'type' is expected, or "
                                               + "one with 'item' and 'previous_item_id', found "
                                               + Bodies.describe(exchange.getMessage().getBody())
                                               + "; operation=send-text says a text, operation=append-image shows an image");
        }
        boolean isEvent = body.path("item").isObject()
                && (!body.has("type") || EventTypes.CONVERSATION_ITEM_CREATE.equals(body.path("type").asText()));
        ObjectNode item = (isEvent ? (ObjectNode) body.get("item") : body).deepCopy();
        ItemShapes.check(item, Operation.CREATE_ITEM.value());
        String previous = isEvent ? body.path("previous_item_id").textValue() : null;
        String eventId = isEvent ? body.path("event_id").textValue() : null;
        return create(item, previous, eventId, await, context, Operation.CREATE_ITEM);
    }

    /**
     * Adds an item that is well-formed.
     *
     * @param item     changed in place: gets an id if it has none
     * @param previous as the body says it, {@code null} if it does not
     * @param eventId  as the body says it, {@code null} if it does not
     */
    static CompletableFuture<OperationResult> create(
            ObjectNode item, String previous, String eventId, Await await, OperationContext context, Operation operation) {
        if (context.overrides().itemId() != null) {
            item.put("id", context.overrides().itemId());
        } else if (!item.hasNonNull("id")) {
            item.put("id", ClientEvent.nextItemId());
        }
        if (!item.get("id").isTextual()) {
            throw new IllegalArgumentException(operation.value() + ": member 'id' of the item is no string");
        }
        String itemId = item.get("id").textValue();
        ItemIds.check(itemId, operation);
        ClientEvent event = ClientEvent.itemCreate(
                item, context.overrides().previousItemId() != null ? context.overrides().previousItemId() : previous);
        event = Bodies.withId(event, context.eventId() != null ? context.eventId() : eventId);
        Acknowledged asked = context.session().request(event, EventOperations.isUrgent(event), await == Await.COMMITTED);
        OperationResult created = OperationResult.ofItem(itemId);
        return Answers.result(asked, await, context, operation, created, added -> created);
    }

    /** Takes an item out of the conversation. */
    static CompletableFuture<OperationResult> delete(Exchange exchange, OperationContext context) {
        Await await = Answers.await(context, Operation.DELETE_ITEM);
        ItemReference item = ItemReference.of(exchange, context, Operation.DELETE_ITEM);
        return ask(EventTypes.CONVERSATION_ITEM_DELETE, item, await, context, Operation.DELETE_ITEM);
    }

    /**
     * Cuts what the assistant said down to what was heard: from {@code audio_end_ms} on the model does not know of it. The
     * service takes the item's transcript away with it (trap T-17).
     */
    static CompletableFuture<OperationResult> truncate(Exchange exchange, OperationContext context) {
        Await await = Answers.await(context, Operation.TRUNCATE_ITEM);
        ItemReference item = ItemReference.of(exchange, context, Operation.TRUNCATE_ITEM);
        ClientEvent event = ClientEvent.of(EventTypes.CONVERSATION_ITEM_TRUNCATE)
                .with("content_index", item.contentIndex() == null ? 0 : item.contentIndex())
                .with("audio_end_ms", item.audioEndMs());
        return ask(event, item, await, context, Operation.TRUNCATE_ITEM);
    }

    private static CompletableFuture<OperationResult> ask(
            String type, ItemReference item, Await await, OperationContext context, Operation operation) {
        return ask(ClientEvent.of(type), item, await, context, operation);
    }

    private static CompletableFuture<OperationResult> ask(
            ClientEvent event, ItemReference item, Await await, OperationContext context, Operation operation) {
        ClientEvent named = Bodies.withId(event.with("item_id", item.itemId()), context.eventId());
        Acknowledged asked = context.session().request(named, EventOperations.isUrgent(named), await == Await.COMMITTED);
        OperationResult done = OperationResult.ofItem(item.itemId());
        return Answers.result(asked, await, context, operation, done, answer -> done);
    }

    /**
     * Asks for an item; the body becomes the item, or its audio. Waits for it unless {@code await=none}. The item {@code *} is the
     * whole conversation, which is known here: a list of maps, in order.
     */
    static CompletableFuture<OperationResult> retrieve(Exchange exchange, OperationContext context) {
        Await await = Answers.await(context, Operation.RETRIEVE_ITEM) == Await.NONE ? Await.NONE : Await.COMMITTED;
        ItemReference item = ItemReference.of(exchange, context, Operation.RETRIEVE_ITEM);
        if (ALL.equals(item.itemId())) {
            return CompletableFuture.completedFuture(OperationResult.DONE.withReply(
                    context.session().conversationItems().stream().map(ConversationItem::toMap).toList()));
        }
        Integer contentIndex = item.contentIndex();
        ClientEvent event = ClientEvent.of(EventTypes.CONVERSATION_ITEM_RETRIEVE).with("item_id", item.itemId());
        Acknowledged asked = context.session().request(
                Bodies.withId(event, context.eventId()), false, await == Await.COMMITTED);
        return Answers.result(
                asked, await, context, Operation.RETRIEVE_ITEM, OperationResult.ofItem(item.itemId()),
                answer -> context.settings().retrieveAudio()
                        ? audio(answer, contentIndex, context.session())
                        : OperationResult.ofItem(item.itemId()).withReply(reply(answer, context.settings())));
    }

    private static Object reply(ServerEvent retrieved, OperationSettings settings) {
        return switch (settings.dataFormat()) {
            case PAYLOAD -> retrieved.toMap().getOrDefault("item", Map.of());
            case EVENT -> retrieved;
            case RAW -> retrieved.getRaw();
        };
    }

    /** User audio is in the session's input format, that of the assistant in its output format. */
    private static OperationResult audio(ServerEvent retrieved, Integer contentIndex, RealtimeSession session) {
        JsonNode item = retrieved.getJson().path("item");
        JsonNode content = item.path("content");
        String base64 = null;
        for (int i = 0; i < content.size() && base64 == null; i++) {
            if (contentIndex == null || contentIndex == i) {
                base64 = content.path(i).path("audio").textValue();
            }
        }
        if (base64 == null) {
            throw new CompletionException(new RealtimeException(
                    session.name(), "Session " + session.name() + ": item " + retrieved.getItemId() + " holds no audio"
                                    + (contentIndex == null ? "" : " in part " + contentIndex)
                                    + ", which option retrieveAudio asks for"));
        }
        SessionConfig config = session.config();
        AudioFormat format = "assistant".equals(item.path("role").asText()) ? config.outputFormat() : config.inputFormat();
        try {
            return OperationResult.ofItem(retrieved.getItemId()).withReply(Base64.getDecoder().decode(base64)).withAudio(format);
        } catch (IllegalArgumentException e) {
            throw new CompletionException(new RealtimeException(
                    session.name(), "Session " + session.name() + ": the audio of item " + retrieved.getItemId()
                                    + " is not base64"));
        }
    }
}
