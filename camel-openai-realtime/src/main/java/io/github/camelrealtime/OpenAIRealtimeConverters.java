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
package io.github.camelrealtime;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;
import io.github.camelrealtime.session.Transcript;
import org.apache.camel.Converter;

/**
 * What bodies of the component can be converted to: events to JSON in its several shapes and back, the audio events to
 * their audio, a transcript to its text or its document. Camel's {@code convertBodyTo} and {@code getBody(type)} find them.
 */
@Converter(generateLoader = true)
public final class OpenAIRealtimeConverters {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final byte[] NO_AUDIO = new byte[0];

    private OpenAIRealtimeConverters() {
    }

    // ---- events of the service

    /** The frame as it came. */
    @Converter
    public static String toString(ServerEvent event) {
        return event.getRaw();
    }

    /** A tree of the caller's own. */
    @Converter
    public static JsonNode toJson(ServerEvent event) {
        return event.getJson().deepCopy();
    }

    @Converter
    public static Map<String, Object> toMap(ServerEvent event) {
        return event.toMap();
    }

    /**
     * The audio of an audio event, in the session's output format; no bytes for the event that ends it, so that what is
     * appended one after the other is the whole answer. For all other events the frame as UTF-8.
     */
    @Converter
    public static byte[] toBytes(ServerEvent event) {
        if (event.getAudio() != null) {
            return event.getAudio().clone();
        }
        return EventTypes.RESPONSE_OUTPUT_AUDIO_DONE.equals(event.getType())
                ? NO_AUDIO : event.getRaw().getBytes(StandardCharsets.UTF_8);
    }

    /** As {@link #toBytes(ServerEvent)}. */
    @Converter
    public static InputStream toStream(ServerEvent event) {
        return new ByteArrayInputStream(toBytes(event));
    }

    // ---- events for the service

    /** The frame to send. */
    @Converter
    public static String toString(ClientEvent event) {
        return event.toJson();
    }

    @Converter
    public static JsonNode toJson(ClientEvent event) {
        return event.getJson();
    }

    @Converter
    @SuppressWarnings("unchecked")
    public static Map<String, Object> toMap(ClientEvent event) {
        return MAPPER.convertValue(event.getJson(), Map.class);
    }

    /** @throws IllegalArgumentException if the text is not one JSON object with a type */
    @Converter
    public static ClientEvent toClientEvent(String json) {
        return ClientEvent.parse(json);
    }

    /** @throws IllegalArgumentException if there is no type */
    @Converter
    public static ClientEvent toClientEvent(Map<String, Object> members) {
        return ClientEvent.of((ObjectNode) MAPPER.valueToTree(members));
    }

    /** @throws IllegalArgumentException if the tree is no object with a type */
    @Converter
    public static ClientEvent toClientEvent(JsonNode json) {
        if (!(json instanceof ObjectNode object)) {
            throw new IllegalArgumentException("A client event is a JSON object with a type");
        }
        return ClientEvent.of(object);
    }

    // ---- transcripts

    /** The text alone. */
    @Converter
    public static String toString(Transcript transcript) {
        return transcript.getText();
    }

    /** The document, as with {@code dataFormat=raw}. */
    @Converter
    public static JsonNode toJson(Transcript transcript) {
        return transcript.toTree();
    }

    /** As {@link #toJson(Transcript)}. */
    @Converter
    @SuppressWarnings("unchecked")
    public static Map<String, Object> toMap(Transcript transcript) {
        return MAPPER.convertValue(transcript.toTree(), Map.class);
    }
}
