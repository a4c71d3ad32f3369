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

import java.io.IOException;
import java.util.Locale;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.MalformedEventException.Kind;

/** How this package reads and writes JSON. */
final class Json {

    /**
     * Jackson refuses strings above 20,000,000 characters; one audio item read back is 20 MiB of base64. The size of a
     * frame is the transport's to bound. Names come from the peer, so they are not kept in the JVM's string table.
     */
    static final ObjectMapper MAPPER = new ObjectMapper(
            JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .build());

    private Json() {
    }

    /**
     * Reads one object and nothing else.
     *
     * @throws MalformedEventException saying what the text is instead, and where, without quoting it
     */
    static ObjectNode parseObject(String text) throws MalformedEventException {
        try (JsonParser parser = MAPPER.createParser(text)) {
            JsonNode node = parser.readValueAsTree();
            if (node == null) {
                throw new MalformedEventException(Kind.NO_JSON, "Frame is empty");
            }
            if (!node.isObject()) {
                throw new MalformedEventException(Kind.NO_OBJECT, "Frame is " + kindOf(node) + ", not a JSON object");
            }
            if (parser.nextToken() != null) {
                throw new MalformedEventException(
                        Kind.NO_JSON,
                        "Frame goes on after its JSON object, at character " + parser.currentTokenLocation().getCharOffset());
            }
            return (ObjectNode) node;
        } catch (JsonProcessingException e) {
            // Jackson's message quotes the text
            long offset = e.getLocation() == null ? -1 : e.getLocation().getCharOffset();
            throw new MalformedEventException(
                    Kind.NO_JSON,
                    "Frame of " + text.length() + " characters is not JSON" + (offset < 0 ? "" : ", at character " + offset));
        } catch (IOException e) {
            throw new MalformedEventException(Kind.NO_JSON, "Frame of " + text.length() + " characters cannot be read");
        }
    }

    static String write(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A JSON tree could not be written", e);
        }
    }

    /** For messages: "a number", "an array" … */
    static String kindOf(JsonNode node) {
        JsonNodeType type = node.getNodeType();
        String name = type.name().toLowerCase(Locale.ROOT);
        return switch (type) {
            case ARRAY, OBJECT -> "an " + name;
            case NULL -> name;
            default -> "a " + name;
        };
    }
}
