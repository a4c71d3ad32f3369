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

import java.io.IOException;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.EventCodec;
import io.github.camelrealtime.event.MalformedEventException;
import io.github.camelrealtime.event.ServerEvent;
import io.github.camelrealtime.session.EventContext;
import io.github.camelrealtime.session.SessionEvent;
import io.github.camelrealtime.session.TranscriptAssembler;

/**
 * Events as text for the spool, and back: one JSON object with the frame as it came and what the session knew of it. It names
 * no Java types, so reading it makes nothing but events; members that another version wrote and this one does not know are
 * passed over.
 */
final class SpooledEvents {

    private static final String VERSION = "v";
    private static final int CURRENT = 1;
    private static final String SEQUENCE = "sequence";
    private static final String DROPPED = "dropped";
    private static final String SESSION = "session";
    private static final String SESSION_ID = "session_id";
    private static final String EPOCH = "epoch";
    private static final String RECEIVED = "received";
    private static final String LOCAL = "local";
    private static final String FRAME = "frame";
    private static final String TRANSCRIPT = "transcript";
    private static final String CONTEXT = "context";
    private static final String VOICE_END = "voice_end";
    private static final String PIECE = "piece";

    /** A frame may be larger than Jackson's bound on strings; the transport has bounded it. */
    private static final ObjectMapper MAPPER = JsonMapper
            .builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build()).build())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private SpooledEvents() {
    }

    static String write(EventQueue.Numbered numbered) {
        SessionEvent known = numbered.event();
        ObjectNode json = MAPPER.createObjectNode();
        json.put(VERSION, CURRENT);
        json.put(SEQUENCE, numbered.sequence());
        json.put(DROPPED, numbered.dropped());
        json.put(SESSION, known.sessionName());
        json.put(SESSION_ID, known.sessionId());
        json.put(EPOCH, known.epoch());
        json.put(RECEIVED, known.receivedMillis());
        json.put(LOCAL, known.event().isLocal());
        json.put(FRAME, known.event().getRaw());
        json.set(TRANSCRIPT, MAPPER.valueToTree(known.transcript()));
        json.set(CONTEXT, MAPPER.valueToTree(known.context()));
        json.put(VOICE_END, known.voiceEndBytes());
        if (known.event().getAudio() != null && known.event().rawLength() == 0) {
            // cut out of what came in frames: its text has none of it
            json.put(PIECE, known.event().getAudio());
        }
        return json.toString();
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @param  redelivered whether the route may have had it
     * @throws IOException if it is anything else; the message says nothing of the content
     */
    static EventQueue.Numbered read(String text, boolean redelivered) throws IOException {
        try {
            JsonNode json = MAPPER.readTree(text);
            if (json.path(VERSION).asInt() != CURRENT) {
                throw new IOException("It is of format " + json.path(VERSION).asInt() + ", known is " + CURRENT);
            }
            SessionEvent event = new SessionEvent(
                    event(json), json.path(SESSION).asText(), json.path(SESSION_ID).textValue(), json.path(EPOCH).asInt(),
                    json.path(RECEIVED).asLong(), part(json.path(TRANSCRIPT), TranscriptAssembler.Progress.class),
                    part(json.path(CONTEXT), EventContext.class), json.path(VOICE_END).asLong());
            return new EventQueue.Numbered(event, json.path(SEQUENCE).asLong(), json.path(DROPPED).asLong(), redelivered);
        } catch (MalformedEventException | RuntimeException | JsonProcessingException e) {
            throw new IOException("It is no event (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static ServerEvent event(JsonNode json) throws IOException, MalformedEventException {
        String frame = json.path(FRAME).asText();
        if (!json.path(LOCAL).asBoolean()) {
            ServerEvent event = EventCodec.decode(frame);
            return json.has(PIECE) ? event.withAudio(json.path(PIECE).binaryValue()) : event;
        }
        ObjectNode members = (ObjectNode) MAPPER.readTree(frame);
        return ServerEvent.local(members.path("type").asText(), members);
    }

    private static <T> T part(JsonNode json, Class<T> type) throws IOException {
        return json.isObject() ? MAPPER.treeToValue(json, type) : null;
    }
}
