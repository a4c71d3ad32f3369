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
import io.github.camelrealtime.event.SessionType;

/**
 * Tells {@link UnsettledAudio} what the service says of audio that it got: where somebody spoke, what it committed, and what
 * needs not be sent again. Stateless.
 */
final class Settlement {

    private final Outbox outbox;
    private final boolean answers;

    /** @param type of the session: whether a response settles what was said before */
    Settlement(Outbox outbox, SessionType type) {
        this.outbox = outbox;
        this.answers = type == SessionType.REALTIME;
    }

    /** @param epoch number of the connection */
    void onEvent(int epoch, ServerEvent event) {
        switch (event.getType()) {
            case EventTypes.INPUT_AUDIO_BUFFER_SPEECH_STARTED -> {
                JsonNode start = event.getJson().path("audio_start_ms");
                if (start.isNumber()) {
                    outbox.tellUnsettled(ring -> ring.speechStarted(epoch, event.getItemId(), start.longValue()));
                }
            }
            case EventTypes.INPUT_AUDIO_BUFFER_SPEECH_STOPPED -> {
                JsonNode end = event.getJson().path("audio_end_ms");
                if (end.isNumber()) {
                    outbox.tellUnsettled(ring -> ring.speechStopped(epoch, event.getItemId(), end.longValue()));
                }
            }
            case EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_COMPLETED,
                    EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_FAILED, EventTypes.CONVERSATION_ITEM_DELETED ->
                outbox.tellUnsettled(ring -> ring.settled(event.getItemId()));
            case EventTypes.RESPONSE_CREATED -> {
                // a response outside of the conversation is not an answer to what was said
                if (answers && !ResponseEvents.isOutOfBand(event)) {
                    outbox.tellUnsettled(ring -> ring.responded(epoch));
                }
            }
            default -> {
                // says nothing of the input
            }
        }
    }

    /** Where in the stream, in ms, the stretch of a commit of ours begins that is about to become an item. */
    long startMillis(Commit commit) {
        return outbox.unsettled(ring -> ring.startMillis(commit));
    }

    /**
     * The service has committed by itself.
     *
     * @return what it has committed, in samples of the connection; {@code null} if nothing is known of that
     */
    SentBuffer.Stretch committedByService(int epoch, String itemId) {
        return outbox.unsettled(ring -> ring.committedByService(epoch, itemId));
    }
}
