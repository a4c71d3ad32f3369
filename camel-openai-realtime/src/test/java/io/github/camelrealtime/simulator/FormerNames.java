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
package io.github.camelrealtime.simulator;

import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Puts frames into the words of the Beta (API reference section 1.10), which some old endpoints still use. */
final class FormerNames {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> FORMER = Map.of(
            "response.output_text.delta", "response.text.delta",
            "response.output_text.done", "response.text.done",
            "response.output_audio.delta", "response.audio.delta",
            "response.output_audio.done", "response.audio.done",
            "response.output_audio_transcript.delta", "response.audio_transcript.delta",
            "response.output_audio_transcript.done", "response.audio_transcript.done",
            "conversation.item.added", "conversation.item.created");

    private FormerNames() {
    }

    /** The frame as it was once sent; null if there was no such event. */
    static String of(String frame) {
        try {
            if (!(JSON.readTree(frame) instanceof ObjectNode event)) {
                return frame;
            }
            String type = event.path("type").asText();
            if (type.equals("conversation.item.done")) {
                return null;
            }
            return event.put("type", FORMER.getOrDefault(type, type)).toString();
        } catch (JsonProcessingException e) {
            // a test's own frame, which is not meant to be understood
            return frame;
        }
    }
}
