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
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;

/**
 * Which turns of the user the service answers by itself, by what it has confirmed of the session: those that it ends itself
 * with {@code create_response} on. A commit of ours is answered by nobody. Not thread-safe: the sequencer's lock guards it.
 */
final class AutomaticAnswers {

    private boolean creates;
    private boolean interrupts;
    /** The service has ended a turn and not committed it yet. */
    private boolean turnEnded;

    /** The session object that the service confirms. */
    void configured(JsonNode session) {
        JsonNode turns = session.path("audio").path("input").path("turn_detection");
        if (turns.isMissingNode()) {
            return;
        }
        // transcription sessions have the two members too, and no responses
        boolean answers = turns.isObject() && !"transcription".equals(session.path("type").asText());
        creates = answers && turns.path("create_response").asBoolean(true);
        interrupts = answers && turns.path("interrupt_response").asBoolean(true);
    }

    /** Whether with this event a response of the service's own is on its way. */
    boolean begins(ServerEvent event) {
        switch (event.getType()) {
            case EventTypes.INPUT_AUDIO_BUFFER_SPEECH_STOPPED,
                    EventTypes.INPUT_AUDIO_BUFFER_TIMEOUT_TRIGGERED -> turnEnded = true;
            case EventTypes.INPUT_AUDIO_BUFFER_COMMITTED -> {
                boolean byService = turnEnded;
                turnEnded = false;
                return byService && creates;
            }
            default -> {
                // no concern of ours
            }
        }
        return false;
    }

    /** Whether the response may silently not start, as one that runs is not interrupted (trap T-50). */
    boolean mayStayAway() {
        return !interrupts;
    }

    /** The connection is lost, and with it the turn; the next is configured alike. */
    void connectionLost() {
        turnEnded = false;
    }

    /** The session is opened. */
    void reset() {
        creates = false;
        interrupts = false;
        turnEnded = false;
    }
}
