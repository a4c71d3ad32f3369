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
package io.github.camelrealtime.session;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.SessionType;

/**
 * Where the kinds of session differ on the wire (CFG-15), in one place: what is not said here is alike in all of them. Which
 * events a kind allows stands with the events.
 */
public enum WireProtocol {

    /** A conversation (wire reference §1.3, §3.1). */
    REALTIME(SessionType.REALTIME, "gpt-realtime-2.1") {

        @Override
        public String resource(String model) {
            return "/realtime?model=" + URLEncoder.encode(model, StandardCharsets.UTF_8);
        }

        @Override
        public boolean hasConversation() {
            return true;
        }

        @Override
        public String transcriptionModel(String sessionModel, String configured) {
            return configured;
        }
    },

    /** Speech to text only (wire reference §1.8, §3.6): the model is the transcription's, and not in the address. */
    TRANSCRIPTION(SessionType.TRANSCRIPTION, "gpt-live-transcribe") {

        @Override
        public String resource(String model) {
            return "/realtime?intent=transcription";
        }

        @Override
        public boolean hasConversation() {
            return false;
        }

        @Override
        public String transcriptionModel(String sessionModel, String configured) {
            return sessionModel;
        }
    };

    private static final String TYPE = "type";

    private final SessionType type;
    private final String defaultModel;

    WireProtocol(SessionType type, String defaultModel) {
        this.type = type;
        this.defaultModel = defaultModel;
    }

    /**
     * The protocol of this kind of session.
     *
     * @throws IllegalArgumentException if this version does not speak it
     */
    public static WireProtocol of(SessionType type) {
        for (WireProtocol protocol : values()) {
            if (protocol.type == type) {
                return protocol;
            }
        }
        throw new IllegalArgumentException(
                "Option sessionType: " + type.wireName() + " sessions are not in this version yet; use realtime or transcription");
    }

    public SessionType type() {
        return type;
    }

    /** The model if none is said. */
    public String defaultModel() {
        return defaultModel;
    }

    /** Path and query below the base address. */
    public abstract String resource(String model);

    /** Whether there are items, responses and a voice. */
    public abstract boolean hasConversation();

    /**
     * The model that transcribes the user's speech.
     *
     * @param  configured what is said of it, {@code null} if nothing
     * @return            {@code null} if nothing is to be said of it on the wire
     */
    public abstract String transcriptionModel(String sessionModel, String configured);

    /** The session object of an update, with what every update has to say: its type, unless it is there (trap T-19). */
    public ObjectNode update(ObjectNode session) {
        JsonNode given = session.get(TYPE);
        ObjectNode named = JsonNodeFactory.instance.objectNode();
        named.set(TYPE, given == null ? JsonNodeFactory.instance.textNode(type.wireName()) : given);
        session.remove(TYPE);
        return named.setAll(session);
    }
}
