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

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.operation.Overrides;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * The headers {@code CamelOpenAIRealtimeOverride…} of a message, all taken off before any is looked at: they are for one
 * operation and no other, however it ends. (Camel's error handler tries again with the message as it was.)
 */
final class OverrideHeaders {

    /** All there are; a test holds them against the constants. */
    private static final List<String> NAMES = List.of(
            OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME, OpenAIRealtimeConstants.OVERRIDE_SAFETY_IDENTIFIER,
            OpenAIRealtimeConstants.OVERRIDE_EVENT_ID, OpenAIRealtimeConstants.OVERRIDE_END_OF_STREAM,
            OpenAIRealtimeConstants.OVERRIDE_RESPONSE_ID, OpenAIRealtimeConstants.OVERRIDE_ITEM_ID,
            OpenAIRealtimeConstants.OVERRIDE_PREVIOUS_ITEM_ID, OpenAIRealtimeConstants.OVERRIDE_CONTENT_INDEX,
            OpenAIRealtimeConstants.OVERRIDE_AUDIO_END_MS, OpenAIRealtimeConstants.OVERRIDE_IMAGE_TEXT,
            OpenAIRealtimeConstants.OVERRIDE_PLAYED_MS, OpenAIRealtimeConstants.OVERRIDE_TIMESTAMP,
            OpenAIRealtimeConstants.OVERRIDE_PLAYBACK_MARK);

    private final Exchange exchange;
    private final Map<String, Object> values;

    private OverrideHeaders(Exchange exchange, Map<String, Object> values) {
        this.exchange = exchange;
        this.values = values;
    }

    static OverrideHeaders take(Exchange exchange) {
        Message message = exchange.getMessage();
        if (!message.hasHeaders()) {
            return new OverrideHeaders(exchange, Map.of());
        }
        // most messages have none
        Map<String, Object> values = null;
        for (String name : NAMES) {
            Object value = message.removeHeader(name);
            if (value != null) {
                values = values == null ? new HashMap<>() : values;
                values.put(name, value);
            }
        }
        return new OverrideHeaders(exchange, values == null ? Map.of() : values);
    }

    /**
     * All but those that choose the session.
     *
     * @throws IllegalArgumentException naming the header whose value is of a wrong kind, or too long
     */
    Overrides overrides() {
        if (values.isEmpty()) {
            return Overrides.NONE;
        }
        return new Overrides(
                eventId(),
                text(OpenAIRealtimeConstants.OVERRIDE_RESPONSE_ID),
                text(OpenAIRealtimeConstants.OVERRIDE_ITEM_ID),
                text(OpenAIRealtimeConstants.OVERRIDE_PREVIOUS_ITEM_ID),
                number(OpenAIRealtimeConstants.OVERRIDE_CONTENT_INDEX, Integer.class),
                number(OpenAIRealtimeConstants.OVERRIDE_AUDIO_END_MS, Long.class),
                number(OpenAIRealtimeConstants.OVERRIDE_PLAYED_MS, Long.class),
                text(OpenAIRealtimeConstants.OVERRIDE_PLAYBACK_MARK),
                text(OpenAIRealtimeConstants.OVERRIDE_IMAGE_TEXT),
                truth(OpenAIRealtimeConstants.OVERRIDE_END_OF_STREAM),
                number(OpenAIRealtimeConstants.OVERRIDE_TIMESTAMP, Long.class));
    }

    /**
     * A header that is text; nothing if it is blank.
     *
     * @throws IllegalArgumentException naming the header if its value is of another kind
     */
    String text(String header) {
        Object value = values.get(header);
        if (value == null) {
            return null;
        }
        if (value instanceof String text) {
            return text.isBlank() ? null : text;
        }
        throw wrong(header, value, "text");
    }

    private String eventId() {
        String id = text(OpenAIRealtimeConstants.OVERRIDE_EVENT_ID);
        try {
            return id == null ? null : ClientEvent.checkedEventId(id);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Header " + OpenAIRealtimeConstants.OVERRIDE_EVENT_ID + ": " + e.getMessage(), e);
        }
    }

    private <T extends Number> T number(String header, Class<T> type) {
        Object value = values.get(header);
        if (value == null) {
            return null;
        }
        T number = value instanceof Number || value instanceof String
                ? exchange.getContext().getTypeConverter().tryConvertTo(type, exchange, value) : null;
        if (number == null || value instanceof Number given && given.doubleValue() != number.doubleValue()) {
            throw wrong(header, value, "a whole number");
        }
        return number;
    }

    private Boolean truth(String header) {
        Object value = values.get(header);
        if (value == null || value instanceof Boolean) {
            return (Boolean) value;
        }
        String text = value.toString();
        if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
            return Boolean.valueOf(text);
        }
        throw wrong(header, value, "true or false");
    }

    /** The value itself is not shown: it may be anything. */
    private static IllegalArgumentException wrong(String header, Object value, String expected) {
        return new IllegalArgumentException("Header " + header + " is not " + expected + " but holds another value, of type "
                                            + value.getClass().getSimpleName());
    }
}
