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

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;

/**
 * The session object as the service holds it on one connection: what {@code session.created} and {@code session.updated} said
 * last, whole each time. And whether the assistant has been heard, which fixes its voice (trap T-18).
 *
 * <p>Thread-safe: written by the reader, read by all.
 */
final class EffectiveSession {

    /** Never changed, only replaced; {@code null} as long as the service has said nothing. */
    private volatile ObjectNode session;
    private volatile boolean assistantHeard;

    void onEvent(ServerEvent event) {
        switch (event.getType()) {
            case EventTypes.SESSION_CREATED, EventTypes.SESSION_UPDATED -> {
                if (event.getJson().path("session") instanceof ObjectNode said) {
                    session = said;
                }
            }
            // the deltas are the hot path, and these stand at both ends of them
            case EventTypes.RESPONSE_CONTENT_PART_ADDED, EventTypes.RESPONSE_OUTPUT_AUDIO_DONE -> {
                if (!assistantHeard) {
                    assistantHeard = isAudio(event);
                }
            }
            default -> {
                // says nothing of the session
            }
        }
    }

    private static boolean isAudio(ServerEvent event) {
        return EventTypes.RESPONSE_OUTPUT_AUDIO_DONE.equals(event.getType())
                || event.getJson().path("part").path("type").asText().endsWith("audio");
    }

    /** The session object, not to be changed; {@code null} if not known yet. */
    JsonNode session() {
        return session;
    }

    /** Whether the conversation holds audio of the assistant. */
    boolean isAssistantHeard() {
        return assistantHeard;
    }
}
