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

/**
 * Names that server events had in the Beta (wire reference §1.10) and that some endpoints, of Azure mostly, still send.
 * They are renamed on the way in, so that nobody else has to know both.
 */
final class FormerNames {

    private static final String AUDIO_DELTA = "response.audio.delta";

    private static final Map<String, String> CURRENT = Map.of(
            AUDIO_DELTA, EventTypes.RESPONSE_OUTPUT_AUDIO_DELTA,
            "response.audio.done", EventTypes.RESPONSE_OUTPUT_AUDIO_DONE,
            "response.audio_transcript.delta", EventTypes.RESPONSE_OUTPUT_AUDIO_TRANSCRIPT_DELTA,
            "response.audio_transcript.done", EventTypes.RESPONSE_OUTPUT_AUDIO_TRANSCRIPT_DONE,
            "response.text.delta", EventTypes.RESPONSE_OUTPUT_TEXT_DELTA,
            "response.text.done", EventTypes.RESPONSE_OUTPUT_TEXT_DONE,
            EventTypes.CONVERSATION_ITEM_CREATED, EventTypes.CONVERSATION_ITEM_ADDED,
            "transcription_session.created", EventTypes.SESSION_CREATED,
            "transcription_session.updated", EventTypes.SESSION_UPDATED);

    private FormerNames() {
    }

    /** The name of today; the given one if it is that, or unknown. */
    static String current(String type) {
        return CURRENT.getOrDefault(type, type);
    }

    /** Asked after the names of today only, so that audio under these costs nothing more. */
    static boolean isAudioDelta(String type) {
        return type.equals(AUDIO_DELTA);
    }
}
