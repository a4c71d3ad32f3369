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

import java.util.Map;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One event from the service, or one that this component made ({@code camel.*}). Getters give {@code null} for what
 * the event does not have; JSON null and absent count as the same. Immutable and shared by all who receive it: neither
 * the array of {@link #getAudio()} nor the tree of {@link #getJson()} may be changed. May be used from any thread.
 *
 * <p>Types that nobody knew when this was written are ordinary events: their members are in {@link #getJson()}.
 */
public final class ServerEvent {

    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {
    };

    private final EventHead head;
    private final byte[] audio;
    private final String raw;
    private final boolean local;
    /** Null as long as nobody asked, if the frame was read the fast way. */
    private volatile ObjectNode json;

    ServerEvent(EventHead head, byte[] audio, String raw, ObjectNode json, boolean local) {
        this.head = head;
        this.audio = audio;
        this.raw = raw;
        this.json = json;
        this.local = local;
    }

    /**
     * An event made by this component.
     *
     * @param  type                     must start with {@code camel.}, so that it is never taken for one of the service's
     * @param  members                  everything but the type, copied; may be {@code null}
     * @throws IllegalArgumentException if the type does not start with {@code camel.}
     */
    public static ServerEvent local(String type, ObjectNode members) {
        if (type == null || !type.startsWith(EventTypes.LOCAL_PREFIX)) {
            throw new IllegalArgumentException(
                    "Type of a local event must start with '" + EventTypes.LOCAL_PREFIX + "' but is '" + type + "'");
        }
        ObjectNode json = Json.MAPPER.createObjectNode().put("type", type);
        if (members != null) {
            json.setAll(members.deepCopy());
            json.put("type", type);
        }
        return new ServerEvent(EventHead.of(type, json), null, null, json, true);
    }

    /**
     * A piece of the audio of this event, or of it and others of the same part. It has the ids of this event; its tree and its
     * text say no audio.
     */
    public ServerEvent withAudio(byte[] piece) {
        return new ServerEvent(head, piece, null, null, false);
    }

    /** The wire name, such as {@code response.done}; never {@code null}. */
    public String getType() {
        return head.type;
    }

    /** {@code event_id}: chosen by the service; a few events have none. */
    public String getEventId() {
        return head.eventId;
    }

    /** {@code item_id}, or the {@code id} of the event's {@code item}. */
    public String getItemId() {
        return head.itemId;
    }

    /** {@code previous_item_id}: the item this one follows in the conversation. */
    public String getPreviousItemId() {
        return head.previousItemId;
    }

    /** {@code response_id}, or the {@code id} of the event's {@code response}. */
    public String getResponseId() {
        return head.responseId;
    }

    /** {@code call_id} of a function call, or that of the event's {@code item}; never the id of a phone call. */
    public String getToolCallId() {
        return head.toolCallId;
    }

    /** {@code output_index}: the item's place in the response, from 0. */
    public Integer getOutputIndex() {
        return head.outputIndex;
    }

    /** {@code content_index}: the part's place in the item, from 0. */
    public Integer getContentIndex() {
        return head.contentIndex;
    }

    /** {@code delta} of text, transcripts and arguments. {@code null} for audio, which is in {@link #getAudio()}. */
    public String getDelta() {
        return head.delta;
    }

    /** {@code transcript}: the finished words of one part. */
    public String getTranscript() {
        return head.transcript;
    }

    /** {@code text}: the finished text of one part, or of a transcript's segment. */
    public String getText() {
        return head.text;
    }

    /**
     * The audio of {@code response.output_audio.delta} and {@code session.output_audio.delta}, in the session's output
     * format, decoded. Not a copy. {@code null} for all other events.
     */
    public byte[] getAudio() {
        return audio;
    }

    /** The frame as it came; for local events, and pieces of others, what it would have been. */
    public String getRaw() {
        return raw != null ? raw : Json.write(getJson());
    }

    /** Characters of the frame it came in, 0 if it came in none. Makes nothing. */
    public int rawLength() {
        return raw == null ? 0 : raw.length();
    }

    /** The whole event. May parse the frame on the first call, after that the same tree each time. */
    public JsonNode getJson() {
        ObjectNode tree = json;
        if (tree == null && raw == null) {
            tree = head.toJson();
            json = tree;
        }
        if (tree == null) {
            try {
                tree = Json.parseObject(raw);
                // the frame may have the name of former days
                tree.put("type", head.type);
            } catch (MalformedEventException e) {
                throw new IllegalStateException("The fast way accepted a frame that is no JSON object", e);
            }
            json = tree;
        }
        return tree;
    }

    /** The whole event as maps, lists, strings, numbers and booleans; a new one on each call. */
    public Map<String, Object> toMap() {
        return Json.MAPPER.convertValue(getJson(), MAP);
    }

    /**
     * What is odd about the event, such as "item_id is a number, not a string", without quoting it: that member counts as
     * absent. {@code null} if it is as the wire reference says, or of a type that nobody knew when this was written.
     */
    public String getFlaw() {
        return head.flaw;
    }

    /** Whether this component made the event. */
    public boolean isLocal() {
        return local;
    }

    /** Type and ids, never content; fit for a log line. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(96).append("ServerEvent[").append(LogText.of(head.type));
        append(text, "event", head.eventId);
        append(text, "item", head.itemId);
        append(text, "response", head.responseId);
        append(text, "toolCall", head.toolCallId);
        return text.append(']').toString();
    }

    private static void append(StringBuilder text, String name, String id) {
        if (id != null) {
            text.append(", ").append(name).append(' ').append(LogText.of(id));
        }
    }
}
