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
package io.github.camelrealtime.simulator;

import java.util.Base64;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What each client event does. On the session's lane; a {@link ProtocolError} becomes an {@code error} event. */
final class ClientEvents {

    private static final int LARGEST_APPEND = 15 * 1024 * 1024;

    private final SessionContext context;
    private final InputAudio input;
    private final ResponseEngine responses;
    /** Opened with a transcription intent and a model at once, which the service takes for a conversation. */
    private final boolean ambiguousIntent;

    ClientEvents(SessionContext context, InputAudio input, ResponseEngine responses, boolean ambiguousIntent) {
        this.context = context;
        this.input = input;
        this.responses = responses;
        this.ambiguousIntent = ambiguousIntent;
    }

    void handle(JsonNode event) {
        EventRules.check(event, context.config().type(), context.behaviour());
        if (EventRules.isIgnored(event, context.config().type(), context.behaviour())) {
            return;
        }
        switch (event.path("type").asText()) {
            case "session.update" -> updateSession(event.path("session"));
            case "input_audio_buffer.append" -> input.append(decode(event.path("audio").asText(), "audio"));
            case "input_audio_buffer.commit" -> input.commit();
            case "input_audio_buffer.clear" -> input.clear();
            case "conversation.item.create" -> createItem(event);
            case "conversation.item.delete" -> deleteItem(event);
            case "conversation.item.retrieve" -> retrieveItem(event);
            case "conversation.item.truncate" -> truncateItem(event);
            case "response.create" -> responses.create(event.path("response"));
            case "response.cancel" -> responses.cancel(event.path("response_id"));
            default -> throw new IllegalStateException("No handler for " + event.path("type"));
        }
    }

    private void updateSession(JsonNode session) {
        if (BetaShapes.isBeta(session)) {
            throw BetaShapes.refusal();
        }
        checkSessionType(session);
        if (context.behaviour().refusedUpdateCode != null) {
            throw ProtocolError.of(context.behaviour().refusedUpdateCode, "The session update was refused.", "session");
        }
        context.config().update(session, context.conversation().hasAssistantAudio(), responses.isActive(), context.behaviour());
        input.configured();
        Acknowledgement wish = context.behaviour().sessionUpdated;
        ObjectNode updated = context.downlink().event("session.updated");
        updated.set("session", context.config().toJson());
        if (wish.sent() && wish.delay().isZero()) {
            context.downlink().send(updated);
        } else if (wish.sent()) {
            context.timer().schedule(wish.delay(), () -> context.downlink().send(updated));
        }
        responses.configured();
    }

    private void checkSessionType(JsonNode session) {
        String wanted = session.path("type").asText();
        boolean transcription = wanted.equals(SessionType.TRANSCRIPTION.wireName());
        if (transcription && context.config().type() == SessionType.REALTIME) {
            String message = "Passing a transcription session update event to a realtime session is not allowed.";
            throw ambiguousIntent ? ProtocolError.fatal("invalid_model", message, "session.type")
                    : ProtocolError.of(null, message, "session.type");
        }
        if (wanted.equals(SessionType.REALTIME.wireName()) && context.config().type() == SessionType.TRANSCRIPTION) {
            throw ProtocolError.of(null,
                    "Passing a realtime session update event to a transcription session is not allowed.", "session.type");
        }
    }

    private void createItem(JsonNode event) {
        ObjectNode given = event.path("item").deepCopy();
        ObjectNode json = given.objectNode().put("id", given.path("id").asText(context.ids().item()));
        json.put("type", given.path("type").asText());
        if (given.path("type").asText().matches("message|function_call")) {
            json.put("status", "completed");
        }
        given.fields().forEachRemaining(member -> {
            if (!json.has(member.getKey()) && !member.getKey().equals("status") && !member.getKey().equals("object")) {
                json.set(member.getKey(), member.getValue());
            }
        });
        if (json.path("type").asText().equals("function_call") && !json.has("call_id")) {
            json.put("call_id", context.ids().call());
        }
        if (json.path("type").asText().equals("mcp_approval_response")) {
            checkApproval(json);
        }
        Item item = new Item(json);
        storeSound(item);
        String previous = context.conversation().insert(item, event.get("previous_item_id"));
        Runnable confirmation = () -> {
            Downlink downlink = context.downlink();
            downlink.send(Conversation.itemEvent(downlink, "conversation.item.added", previous, item));
            downlink.send(Conversation.itemEvent(downlink, "conversation.item.done", previous, item));
        };
        if (context.behaviour().confirmItemsAtOnce) {
            confirmation.run();
        } else {
            responses.afterActive(confirmation);
        }
        if (item.type().equals("mcp_approval_response")) {
            responses.approve(json.path("approval_request_id").asText(), json.path("approve").asBoolean());
        }
    }

    private void checkApproval(JsonNode response) {
        Item request = context.conversation().find(response.path("approval_request_id").asText());
        if (request == null || !request.type().equals("mcp_approval_request")) {
            throw ProtocolError.invalidValue("There is no approval request with the id '"
                    + response.path("approval_request_id").asText() + "'.", "item.approval_request_id");
        }
    }

    /** Item events show a transcript in place of audio. */
    private void storeSound(Item item) {
        JsonNode content = item.json().path("content");
        for (int i = 0; i < content.size(); i++) {
            if (content.get(i) instanceof ObjectNode part && part.has("audio")) {
                WireFormat format = context.config().inputFormat();
                byte[] pcm = format.toPcm16(decode(part.remove("audio").asText(), "item.content[" + i + "].audio"));
                item.userSound(new AudioClip(context.sessionId(), 0, pcm.length / 2, pcm, format.rate()));
                if (!part.has("transcript")) {
                    part.putNull("transcript");
                }
            }
        }
        if (context.behaviour().itemObjects) {
            item.json().put("object", "realtime.item");
        }
    }

    private void deleteItem(JsonNode event) {
        Item item = context.conversation().require(event.path("item_id"));
        context.conversation().remove(item);
        context.downlink().send(context.downlink().event("conversation.item.deleted").put("item_id", item.id()));
    }

    private void retrieveItem(JsonNode event) {
        Item item = context.conversation().require(event.path("item_id"));
        ObjectNode retrieved = context.downlink().event("conversation.item.retrieved");
        retrieved.set("item", context.behaviour().schemaRetrieved ? item.asPublished() : item.withAudio());
        context.downlink().send(retrieved);
    }

    private void truncateItem(JsonNode event) {
        Item item = context.conversation().require(event.path("item_id"));
        if (!item.isAssistantAudio() || event.path("content_index").asInt() != 0) {
            throw ProtocolError.of(null, "Only model output audio messages can be truncated", "item_id");
        }
        long end = event.path("audio_end_ms").asLong();
        if (end > item.audioMillis()) {
            throw ProtocolError.of(null, "Audio content of " + item.audioMillis() + " ms is already shorter than " + end
                    + " ms", "audio_end_ms");
        }
        item.truncateAudio(end, context.behaviour().assumes(Assumption.TRUNCATION_KEEPS_HEARD_TRANSCRIPT));
        context.downlink().send(context.downlink().event("conversation.item.truncated").put("item_id", item.id())
                .put("content_index", 0).put("audio_end_ms", end));
    }

    private static byte[] decode(String base64, String param) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw ProtocolError.invalidValue("Invalid '" + param + "': expected base64-encoded audio bytes, but the value"
                    + " cannot be decoded.", param);
        }
        if (bytes.length > LARGEST_APPEND) {
            throw ProtocolError.invalidValue("Invalid '" + param + "': audio of " + bytes.length + " bytes is more than the "
                    + LARGEST_APPEND + " bytes allowed in one event.", param);
        }
        return bytes;
    }
}
