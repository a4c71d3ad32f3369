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

import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recognises the dead Beta protocol (wire reference §1.10) before the service does, which would close the session over
 * it. Refused with a word on what to write instead; {@code modalities}, which many examples still have, is put right.
 */
public final class BetaShapes {

    private static final Logger LOG = LoggerFactory.getLogger(BetaShapes.class);

    private static final Map<String, String> SESSION_MEMBERS = Map.of(
            "voice", "audio.output.voice",
            "speed", "audio.output.speed",
            "input_audio_format", "audio.input.format",
            "output_audio_format", "audio.output.format",
            "input_audio_transcription", "audio.input.transcription",
            "input_audio_noise_reduction", "audio.input.noise_reduction",
            "turn_detection", "audio.input.turn_detection",
            "max_response_output_tokens", "max_output_tokens",
            "temperature", "nothing: it is gone");
    private static final Map<String, String> EVENT_TYPES = Map.of(
            "transcription_session.update", "session.update with session.type transcription");

    private BetaShapes() {
    }

    /**
     * Looks at a client event.
     *
     * @param  type                     its type
     * @param  event                    the event; {@code modalities} in it is renamed
     * @throws IllegalArgumentException if it has the shape of the Beta
     */
    public static void check(String type, ObjectNode event) {
        if (EVENT_TYPES.containsKey(type)) {
            throw new IllegalArgumentException("Event type " + type + " belongs to the Beta API, which is switched off; now it is "
                                               + EVENT_TYPES.get(type));
        }
        for (String container : new String[] { "session", "response" }) {
            if (event.path(container) instanceof ObjectNode object) {
                checkMembers(object, container);
            }
        }
    }

    /** Looks at a session object. */
    public static void checkSession(ObjectNode session) {
        checkMembers(session, "session");
    }

    /** Looks at the {@code response} member of {@code response.create}. */
    public static void checkResponse(ObjectNode response) {
        checkMembers(response, "response");
    }

    private static void checkMembers(ObjectNode object, String container) {
        SESSION_MEMBERS.forEach((old, now) -> {
            if (object.has(old)) {
                throw new IllegalArgumentException("Member " + container + "." + old
                                                   + " belongs to the Beta API, which is switched off; now it is " + now);
            }
        });
        JsonNode modalities = object.get("modalities");
        if (modalities != null) {
            LOG.warn("Member {}.modalities belongs to the Beta API; it is sent as output_modalities", container);
            object.remove("modalities");
            if (!object.has("output_modalities")) {
                boolean audio = false;
                for (JsonNode modality : modalities) {
                    audio |= "audio".equals(modality.asText());
                }
                // the Beta had both at once; now audio brings its transcript with it
                object.putArray("output_modalities").add(audio ? "audio" : "text");
            }
        }
    }
}
