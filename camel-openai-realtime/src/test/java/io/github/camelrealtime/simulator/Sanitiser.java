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

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

/** Takes out of events what is not to be kept. */
final class Sanitiser {

    static final List<String> AUDIO_MEMBERS = List.of("audio", "delta");

    private static final String MASK = "***";
    private static final Pattern KEY = Pattern.compile("\\b(sk|ek|sess-sk)[-_][A-Za-z0-9_-]{6,}|Bearer\\s+\\S+");
    private static final Set<String> SECRET = Set.of("authorization", "headers", "client_secret", "api_key", "api-key");
    private static final Set<String> CONTENT = Set.of("text", "transcript", "arguments", "output", "instructions", "delta",
            "image_url", "obfuscation", "prompt", "logprobs");

    private Sanitiser() {
    }

    /** The member with the sound of an audio event; null if it has none. */
    static String audioMember(JsonNode event) {
        String type = event.path("type").asText();
        String member = type.equals("input_audio_buffer.append") ? "audio" : type.equals("response.output_audio.delta") ? "delta" : null;
        return member != null && event.path(member).isTextual() ? member : null;
    }

    /** A copy in which keys, tokens and headers are masked, and times of expiry are counted from the beginning. */
    static JsonNode withoutSecrets(JsonNode event, long startMillis) {
        return audioMember(event) != null ? event : masked(event, startMillis);
    }

    private static JsonNode masked(JsonNode node, long startMillis) {
        if (node.isTextual()) {
            return KEY.matcher(node.textValue()).find() ? TextNode.valueOf(KEY.matcher(node.textValue()).replaceAll(MASK)) : node;
        }
        if (node instanceof ObjectNode object) {
            ObjectNode copy = object.objectNode();
            object.fields().forEachRemaining(member -> {
                String name = member.getKey();
                JsonNode value = member.getValue();
                if (SECRET.contains(name.toLowerCase(Locale.ROOT)) && !value.isNull()) {
                    copy.put(name, MASK);
                } else if (name.equals("expires_at") && value.isIntegralNumber()) {
                    copy.put(name, value.longValue() - startMillis / 1000);
                } else {
                    copy.set(name, masked(value, startMillis));
                }
            });
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = array.arrayNode();
            array.forEach(element -> copy.add(masked(element, startMillis)));
            return copy;
        }
        return node;
    }

    /** A copy that tells how long everything was that was said, and not what. */
    static JsonNode withoutContent(JsonNode node) {
        String audio = audioMember(node);
        if (audio != null) {
            // the letter of zeros, but for the padding, so that it stays as long as it was
            return ((ObjectNode) node.deepCopy()).put(audio, node.path(audio).textValue().replaceAll("[^=]", "A"));
        }
        if (node instanceof ObjectNode object) {
            ObjectNode copy = object.objectNode();
            object.fields().forEachRemaining(member -> copy.set(member.getKey(), CONTENT.contains(member.getKey())
                    && member.getValue().isTextual() ? TextNode.valueOf("x".repeat(member.getValue().textValue().length()))
                    : withoutContent(member.getValue())));
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = array.arrayNode();
            array.forEach(element -> copy.add(withoutContent(element)));
            return copy;
        }
        return node;
    }
}
