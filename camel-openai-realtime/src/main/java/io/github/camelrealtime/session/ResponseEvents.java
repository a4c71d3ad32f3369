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
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.ServerEvent;

/** What {@code response.created} and {@code response.done} say of their response, and what we say of it. */
final class ResponseEvents {

    private ResponseEvents() {
    }

    /** Which request of ours it answers, {@code null} if none. */
    static String key(ServerEvent event) {
        JsonNode key = event.getJson().path("response").path("metadata").path(ResponseRequest.METADATA_KEY);
        return key.isTextual() ? key.textValue() : null;
    }

    /** Whether it is none of the default conversation. */
    static boolean isOutOfBand(ServerEvent event) {
        JsonNode response = event.getJson().path("response");
        // absent is not the same as null here: only an explicit null says "no conversation"
        return response.has("conversation_id") && response.get("conversation_id").isNull();
    }

    /** The members of {@link LocalEvents#RESPONSE_FAILED} that all have. */
    static ObjectNode members(String responseId, String status, String reason) {
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        members.put("response_id", responseId);
        members.put("status", status);
        members.put("reason", reason);
        return members;
    }

    /** The format of its voice, if the service names one that we know. */
    static AudioFormat audioFormat(ServerEvent event, AudioFormat otherwise) {
        return switch (event.getJson().path("response").path("audio").path("output").path("format").path("type").asText()) {
            case "audio/pcm" -> AudioFormat.PCM_24K;
            case "audio/pcmu" -> AudioFormat.PCMU_8K;
            case "audio/pcma" -> AudioFormat.PCMA_8K;
            default -> otherwise;
        };
    }
}
