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
package io.github.camelrealtime.operation;

import java.io.InputStream;
import java.util.Collection;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.ClientEvent;
import org.apache.camel.Exchange;
import org.apache.camel.TypeConversionException;

/** Message bodies as JSON and as streams. Error texts name what is wrong and never repeat the body. */
final class Bodies {

    private static final ObjectMapper MAPPER = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Bodies() {
    }

    /** A client event from a {@code ClientEvent}, {@code Map}, {@code JsonNode} or JSON text. */
    static ClientEvent event(Object body) {
        if (body instanceof ClientEvent event) {
            return event;
        }
        ObjectNode json = object(body);
        if (json == null || !json.path("type").isTextual()) {
            throw new IllegalArgumentException("send-event: the body is not a client event: a Map, JsonNode or JSON text with "
                                               + "a string member 'type' is expected, found " + describe(body));
        }
        return ClientEvent.of(json);
    }

    /** The {@code response} member of {@code response.create}; {@code null} for an empty body. */
    static ObjectNode responseObject(Object body) {
        if (body == null || body instanceof String text && text.isBlank()) {
            return null;
        }
        ObjectNode json = object(body);
        if (json == null) {
            throw new IllegalArgumentException("create-response: the body is neither empty nor an object of response "
                                               + "parameters (Map, JsonNode or JSON text), found " + describe(body)
                                               + "; operation=send-text says a text and asks for the answer");
        }
        // the body stays the route's: what is put right in it is put right in a copy
        return json.deepCopy();
    }

    /** Whether the text is a JSON object with a type: somebody's event, not something to say. */
    static boolean looksLikeEvent(String text) {
        if (!text.stripLeading().startsWith("{")) {
            return false;
        }
        ObjectNode json = object(text);
        return json != null && json.has("type");
    }

    /** The body as a JSON object; {@code null} if it is none. */
    static ObjectNode object(Object body) {
        if (body instanceof ObjectNode node) {
            return node;
        }
        if (body instanceof Map) {
            return MAPPER.valueToTree(body);
        }
        if (body instanceof String text) {
            try {
                JsonNode node = MAPPER.readTree(text);
                return node instanceof ObjectNode found ? found : null;
            } catch (JsonProcessingException e) {
                return null;
            }
        }
        return null;
    }

    /**
     * The body as a stream.
     *
     * @throws IllegalArgumentException if there is none of it; the message names the type of the body and nothing of its
     *                                  content, which Camel's own would repeat
     */
    static InputStream stream(Exchange exchange, Object body) {
        InputStream stream;
        try {
            stream = body instanceof InputStream in ? in : exchange.getMessage().getBody(InputStream.class);
        } catch (TypeConversionException e) {
            throw new IllegalArgumentException("The body, a " + body.getClass().getName() + ", cannot be read as a stream: "
                                               + rootOf(e).getClass().getSimpleName());
        }
        if (stream == null) {
            throw new IllegalArgumentException("The body is a " + body.getClass().getName());
        }
        return stream;
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    static ClientEvent withId(ClientEvent event, String eventId) {
        return eventId == null ? event : event.with("event_id", eventId);
    }

    /** Whether it holds members or elements, so that its text is nothing to say. */
    static boolean isStructured(Object body) {
        return body instanceof Map || body instanceof Collection || body instanceof Object[]
                || body instanceof JsonNode node && node.isContainerNode();
    }

    /** What kind of thing it is, for messages. */
    static String describe(Object body) {
        return body == null ? "nothing" : body.getClass().getSimpleName();
    }
}
