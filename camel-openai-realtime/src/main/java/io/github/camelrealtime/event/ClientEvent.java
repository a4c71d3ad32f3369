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
package io.github.camelrealtime.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

/**
 * One event for the service. Always has a {@code type} and an {@code event_id}: the one it was given, or a new one,
 * unique in this JVM. Immutable; may be used from any thread. Audio appends do not go this way but through
 * {@link EventCodec#encodeAppend}.
 */
public final class ClientEvent {

    private static final String TYPE = "type";
    private static final String EVENT_ID = "event_id";

    private final ObjectNode json;

    /** @param json ours alone, with a valid type and event id */
    private ClientEvent(ObjectNode json) {
        this.json = json;
    }

    /** An event without members. */
    public static ClientEvent of(String type) {
        return of(object().put(TYPE, type));
    }

    /**
     * An event with these members, which are copied.
     *
     * @throws IllegalArgumentException if {@code type} is not a string with something in it, or {@code event_id} is there
     *                                  (and not null) but not a string of 1 to 512 characters
     */
    public static ClientEvent of(ObjectNode event) {
        JsonNode type = event.get(TYPE);
        if (type == null || !type.isTextual() || type.textValue().isBlank()) {
            throw new IllegalArgumentException("A client event needs a type: a string such as 'response.create'");
        }
        ObjectNode json = object();
        json.set(TYPE, type);
        json.put(EVENT_ID, eventIdOf(event.get(EVENT_ID)));
        event.deepCopy().properties().forEach(member -> json.putIfAbsent(member.getKey(), member.getValue()));
        return new ClientEvent(json);
    }

    /**
     * An event from its JSON text.
     *
     * @throws IllegalArgumentException if that is not one JSON object, or as {@link #of(ObjectNode)}
     */
    public static ClientEvent parse(String json) {
        try {
            return of(Json.parseObject(json));
        } catch (MalformedEventException e) {
            throw new IllegalArgumentException("Not a client event: " + e.getMessage(), e);
        }
    }

    /** {@code input_audio_buffer.commit}: what was appended becomes a user item. */
    public static ClientEvent commit() {
        return of(EventTypes.INPUT_AUDIO_BUFFER_COMMIT);
    }

    /** {@code input_audio_buffer.clear}: what was appended since the last commit is forgotten. */
    public static ClientEvent clear() {
        return of(EventTypes.INPUT_AUDIO_BUFFER_CLEAR);
    }

    /** {@code session.update} with the members to change, or the whole session. */
    public static ClientEvent sessionUpdate(ObjectNode session) {
        return of(EventTypes.SESSION_UPDATE).with("session", session);
    }

    /** {@code conversation.item.create} with a text message of the user. Does not ask for a response. */
    public static ClientEvent userText(String text) {
        ObjectNode item = object().put(TYPE, "message").put("role", "user");
        item.putArray("content").addObject().put(TYPE, "input_text").put("text", text);
        return itemCreate(item, null);
    }

    /** {@code response.create}; what the response should have other than the session, or {@code null}. */
    public static ClientEvent responseCreate(ObjectNode response) {
        return of(EventTypes.RESPONSE_CREATE).with("response", response);
    }

    /** {@code response.cancel} of that response, or with {@code null} of the one the conversation is in. */
    public static ClientEvent responseCancel(String responseId) {
        return of(EventTypes.RESPONSE_CANCEL).with("response_id", responseId);
    }

    /**
     * {@code conversation.item.create}.
     *
     * @param item           the item; an id, if it has one, may have 32 characters
     * @param previousItemId the item to stand behind, {@code root} to be the first, {@code null} to be the last
     */
    public static ClientEvent itemCreate(ObjectNode item, String previousItemId) {
        return of(EventTypes.CONVERSATION_ITEM_CREATE).with("previous_item_id", previousItemId).with("item", item);
    }

    /**
     * This event with one member more, or another value for it. Java's {@code null} leaves the member out; JSON's null is
     * sent, and for many members clears what the session has.
     *
     * @return                          a new event
     * @throws IllegalArgumentException for {@code type}, which makes an event what it is, and for an {@code event_id} that
     *                                  is not a string of 1 to 512 characters
     */
    public ClientEvent with(String member, JsonNode value) {
        if (TYPE.equals(member)) {
            throw new IllegalArgumentException("The type of an event cannot be changed: make another");
        }
        ObjectNode changed = json.deepCopy();
        if (EVENT_ID.equals(member)) {
            changed.put(EVENT_ID, eventIdOf(value));
        } else if (value == null) {
            changed.remove(member);
        } else {
            changed.set(member, value.deepCopy());
        }
        return new ClientEvent(changed);
    }

    /** As {@link #with(String, JsonNode)}. */
    public ClientEvent with(String member, String value) {
        return with(member, value == null ? null : TextNode.valueOf(value));
    }

    /** As {@link #with(String, JsonNode)}. */
    public ClientEvent with(String member, long value) {
        return with(member, LongNode.valueOf(value));
    }

    /** As {@link #with(String, JsonNode)}. */
    public ClientEvent with(String member, boolean value) {
        return with(member, BooleanNode.valueOf(value));
    }

    /** A fresh event id, for frames that are written without a {@code ClientEvent}. */
    public static String nextEventId() {
        return EventIds.next();
    }

    /** A fresh id for an item of the conversation, at most 32 characters long (trap T-27). */
    public static String nextItemId() {
        return EventIds.nextItem();
    }

    /**
     * An event id that the service accepts: it is returned as it is.
     *
     * @throws IllegalArgumentException if it is blank or has more than 512 characters
     */
    public static String checkedEventId(String eventId) {
        return EventIds.checked(eventId);
    }

    public String getType() {
        return json.get(TYPE).textValue();
    }

    public String getEventId() {
        return json.get(EVENT_ID).textValue();
    }

    /** The whole event, as a copy. */
    public ObjectNode getJson() {
        return json.deepCopy();
    }

    /** The frame to send. */
    public String toJson() {
        return Json.write(json);
    }

    /** Type and event id, never content. */
    @Override
    public String toString() {
        return "ClientEvent[" + getType() + ", event " + getEventId() + "]";
    }

    private static String eventIdOf(JsonNode node) {
        if (node == null || node.isNull()) {
            return EventIds.next();
        }
        if (!node.isTextual()) {
            throw new IllegalArgumentException("event_id is " + Json.kindOf(node) + ", not a string");
        }
        return EventIds.checked(node.textValue());
    }

    private static ObjectNode object() {
        return Json.MAPPER.createObjectNode();
    }
}
