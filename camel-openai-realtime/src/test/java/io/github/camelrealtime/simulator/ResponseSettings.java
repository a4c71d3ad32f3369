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

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What holds for one response: the session's configuration with the request's overrides.
 *
 * @param inConversation false for an out-of-band response
 * @param modalities     {@code ["audio"]} or {@code ["text"]}
 * @param maxTokens      integer or {@code "inf"}
 * @param format         output format object
 * @param voice          output voice
 * @param instructions   instructions
 * @param metadata       the client's, or JSON null
 * @param input          the items that replace the conversation as the model's input; missing if none do
 * @param tools          tools
 * @param toolChoice     {@code auto}, {@code none}, {@code required} or an object
 */
record ResponseSettings(boolean inConversation, JsonNode modalities, JsonNode maxTokens, JsonNode format, JsonNode voice,
        String instructions, JsonNode metadata, JsonNode input, JsonNode tools, JsonNode toolChoice) {

    /** @param request the {@code response} of a {@code response.create}; may be missing or null */
    static ResponseSettings of(SessionConfig session, JsonNode request) {
        JsonNode metadata = request.path("metadata");
        return new ResponseSettings(
                !request.path("conversation").asText().equals("none"),
                either(request.path("output_modalities"), session.at("/output_modalities")),
                either(request.path("max_output_tokens"), session.at("/max_output_tokens")),
                either(request.at("/audio/output/format"), session.at("/audio/output/format")),
                either(request.at("/audio/output/voice"), session.at("/audio/output/voice")),
                either(request.path("instructions"), session.at("/instructions")).asText(),
                metadata.isMissingNode() ? JsonNodeFactory.instance.nullNode() : metadata.deepCopy(),
                request.path("input"), either(request.path("tools"), session.at("/tools")),
                either(request.path("tool_choice"), session.at("/tool_choice")));
    }

    /** An answer to a turn the voice detector ended. */
    static ResponseSettings automatic(SessionConfig session) {
        return of(session, MissingNode.getInstance());
    }

    /** How many tokens it may have. */
    long mostTokens() {
        return maxTokens.isNumber() ? maxTokens.asLong() : Long.MAX_VALUE;
    }

    /** Characters of what stands before the conversation: instructions and definitions of tools. */
    String preamble() {
        return tools.isEmpty() ? instructions : instructions + tools;
    }

    boolean spoken() {
        return modalities.path(0).asText().equals("audio");
    }

    /** The response object's members that do not change while it runs. */
    ObjectNode audio() {
        ObjectNode audio = JsonNodeFactory.instance.objectNode();
        ObjectNode output = audio.putObject("output");
        output.set("format", format.deepCopy());
        output.set("voice", voice.deepCopy());
        return audio;
    }

    private static JsonNode either(JsonNode wanted, JsonNode otherwise) {
        return wanted.isMissingNode() || wanted.isNull() ? otherwise : wanted;
    }
}
