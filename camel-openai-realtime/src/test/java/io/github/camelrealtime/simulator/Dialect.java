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

/**
 * How the service speaks: everywhere the same protocol, with the differences that Azure is known for (API reference section
 * 1.11). Frame logs show events before they are put into a dialect.
 */
public enum Dialect {

    /** The service itself, at {@code /v1}. */
    OPENAI,

    /**
     * A resource of Azure, at {@code /openai/v1}, with {@code api-key} as well as bearer authentication: content parts are
     * repeated under a second name, and errors have a member more.
     */
    AZURE,

    /** The same, with the event names of the Beta (API reference section 1.10) and without what the Beta did not have. */
    AZURE_FORMER_NAMES;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> FORMER = Map.of(
            "response.output_text.delta", "response.text.delta",
            "response.output_text.done", "response.text.done",
            "response.output_audio.delta", "response.audio.delta",
            "response.output_audio.done", "response.audio.done",
            "response.output_audio_transcript.delta", "response.audio_transcript.delta",
            "response.output_audio_transcript.done", "response.audio_transcript.done",
            "conversation.item.added", "conversation.item.created");

    boolean isAzure() {
        return this != OPENAI;
    }

    String basePath() {
        return isAzure() ? "/openai/v1" : "/v1";
    }

    /** The frame as it is sent; null if this dialect does not have it. */
    String spoken(String frame) {
        if (this == OPENAI) {
            return frame;
        }
        try {
            return JSON.readTree(frame) instanceof ObjectNode event ? spoken(event) : frame;
        } catch (JsonProcessingException e) {
            // a test's own frame, which is not meant to be understood
            return frame;
        }
    }

    private String spoken(ObjectNode event) {
        String type = event.path("type").asText();
        if (type.startsWith("response.content_part.") && event.has("part")) {
            event.set("content", event.get("part").deepCopy());
        }
        if (event.get("error") instanceof ObjectNode error) {
            error.putObject("inner_error").put("code", "ResponsibleAIPolicyViolation");
        }
        if (this == AZURE_FORMER_NAMES) {
            if (type.equals("conversation.item.done")) {
                return null;
            }
            event.put("type", FORMER.getOrDefault(type, type));
        }
        return event.toString();
    }
}
