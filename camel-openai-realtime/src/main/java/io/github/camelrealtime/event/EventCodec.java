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

import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.MalformedEventException.Kind;

/**
 * Text frames to events and audio to text frames. Frames of audio, by far the most, are read by {@link AudioDeltaScanner};
 * it hands everything that is not quite plain to the full parse here, so that the two never differ. May be used from
 * any thread.
 */
public final class EventCodec {

    private EventCodec() {
    }

    /**
     * Reads one frame. Unknown types and members are fine.
     *
     * @throws MalformedEventException if the frame is not one JSON object, has no string {@code type}, or is an audio
     *                                 delta that is not base64. Recoverable: the next frame is another matter
     */
    public static ServerEvent decode(String frame) throws MalformedEventException {
        ServerEvent event = AudioDeltaScanner.scan(frame);
        return event != null ? event : decodeFully(frame);
    }

    /** The reference: what {@link #decode(String)} does without its fast way. */
    static ServerEvent decodeFully(String frame) throws MalformedEventException {
        ObjectNode json = Json.parseObject(frame);
        JsonNode typeNode = json.get("type");
        if (typeNode == null) {
            throw new MalformedEventException(Kind.NO_TYPE, "Event has no type");
        }
        if (!typeNode.isTextual()) {
            throw new MalformedEventException(
                    Kind.NO_TYPE, "Type of the event is " + Json.kindOf(typeNode) + ", not a string");
        }
        String said = typeNode.textValue();
        String type = FormerNames.current(said);
        if (type.isEmpty()) {
            throw new MalformedEventException(Kind.NO_TYPE, "Type of the event is empty");
        }
        if (!type.equals(said)) {
            json.put("type", type);
        }
        byte[] audio = EventTypes.isAudioDelta(type) ? audioOf(type, json.get("delta")) : null;
        return new ServerEvent(EventHead.of(type, json), audio, frame, json, false);
    }

    private static byte[] audioOf(String type, JsonNode delta) throws MalformedEventException {
        if (delta == null || delta.isNull()) {
            return null;
        }
        if (!delta.isTextual()) {
            throw new MalformedEventException(
                    Kind.NO_AUDIO, "delta of " + type + " is " + Json.kindOf(delta) + ", not a string");
        }
        try {
            return Base64.getDecoder().decode(delta.textValue());
        } catch (IllegalArgumentException e) {
            throw new MalformedEventException(
                    Kind.NO_AUDIO, "delta of " + type + ", " + delta.textValue().length() + " characters, is not base64");
        }
    }

    /**
     * Writes one {@code input_audio_buffer.append}.
     *
     * @param  audio                     in the session's input format
     * @param  offset                    first byte to send
     * @param  length                    bytes to send; the service takes at most 15 MiB, the transport less
     * @param  eventId                   at most 512 characters; {@code null} for a new one
     * @throws IndexOutOfBoundsException if the range is not within the array
     * @throws IllegalArgumentException  if the id is blank or too long
     */
    public static String encodeAppend(byte[] audio, int offset, int length, String eventId) {
        Objects.checkFromIndexSize(offset, length, audio.length);
        String id = eventId == null ? EventIds.next() : quoted(EventIds.checked(eventId));
        byte[] part = length == audio.length ? audio : Arrays.copyOfRange(audio, offset, offset + length);
        // the encoder is a small part of sending: the plainest way is as good as any
        return "{\"type\":\"" + EventTypes.INPUT_AUDIO_BUFFER_APPEND + "\",\"event_id\":\"" + id + "\",\"audio\":\""
               + Base64.getEncoder().encodeToString(part) + "\"}";
    }

    private static String quoted(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(text));
    }
}
