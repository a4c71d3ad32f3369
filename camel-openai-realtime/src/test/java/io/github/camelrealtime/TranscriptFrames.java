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

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Transcript events as the service sends them, for tests that say themselves what comes and in which order. */
final class TranscriptFrames {

    static final String USER_DELTA = "conversation.item.input_audio_transcription.delta";
    static final String USER_FINAL = "conversation.item.input_audio_transcription.completed";
    static final String USER_FAILED = "conversation.item.input_audio_transcription.failed";
    static final String ANSWER_DELTA = "response.output_audio_transcript.delta";
    static final String ANSWER_FINAL = "response.output_audio_transcript.done";
    static final String TEXT_FINAL = "response.output_text.done";
    static final String ABANDONED = "camel.transcript.abandoned";

    private TranscriptFrames() {
    }

    static ObjectNode delta(String itemId, String text) {
        return delta(itemId, 0, text);
    }

    static ObjectNode delta(String itemId, int contentIndex, String text) {
        return event(USER_DELTA, itemId, contentIndex).put("delta", text);
    }

    static ObjectNode completed(String itemId, String text) {
        return completed(itemId, 0, text);
    }

    static ObjectNode completed(String itemId, int contentIndex, String text) {
        return event(USER_FINAL, itemId, contentIndex).put("transcript", text);
    }

    static ObjectNode failed(String itemId, String code) {
        ObjectNode event = event(USER_FAILED, itemId, 0);
        event.putObject("error").put("type", "transcription_error").put("code", code).put("message", "It did not work.");
        return event;
    }

    static ObjectNode answerDelta(String itemId, String text) {
        return event(ANSWER_DELTA, itemId, 0).put("response_id", "resp_1").put("output_index", 0).put("delta", text);
    }

    static ObjectNode answerDone(String itemId, String text) {
        return event(ANSWER_FINAL, itemId, 0).put("response_id", "resp_1").put("output_index", 0).put("transcript", text);
    }

    /** An event of a type that the service does not have: when it is routed, all that was sent before has come. */
    static ObjectNode mark() {
        return JsonNodeFactory.instance.objectNode().put("type", "x.mark").put("event_id", "event_mark");
    }

    private static ObjectNode event(String type, String itemId, int contentIndex) {
        return JsonNodeFactory.instance.objectNode().put("type", type).put("event_id", "event_" + itemId)
                .put("item_id", itemId).put("content_index", contentIndex);
    }
}
