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

import io.github.camelrealtime.operation.Overrides;
import org.apache.camel.Exchange;

/** Takes the headers {@code CamelOpenAIRealtimeOverride…} off a message: they are for one operation and no other. */
final class OverrideHeaders {

    private OverrideHeaders() {
    }

    /**
     * All but those that choose the session, which are asked for before.
     *
     * @throws IllegalArgumentException naming the header whose value is of a wrong kind
     */
    static Overrides take(Exchange exchange) {
        return new Overrides(
                text(exchange, OpenAIRealtimeConstants.OVERRIDE_EVENT_ID),
                text(exchange, OpenAIRealtimeConstants.OVERRIDE_RESPONSE_ID),
                text(exchange, OpenAIRealtimeConstants.OVERRIDE_ITEM_ID),
                text(exchange, OpenAIRealtimeConstants.OVERRIDE_PREVIOUS_ITEM_ID),
                number(exchange, OpenAIRealtimeConstants.OVERRIDE_CONTENT_INDEX, Integer.class),
                number(exchange, OpenAIRealtimeConstants.OVERRIDE_AUDIO_END_MS, Long.class),
                number(exchange, OpenAIRealtimeConstants.OVERRIDE_PLAYED_MS, Long.class),
                text(exchange, OpenAIRealtimeConstants.OVERRIDE_IMAGE_TEXT),
                truth(exchange, OpenAIRealtimeConstants.OVERRIDE_END_OF_STREAM));
    }

    /** A header that is text; nothing if it is blank. */
    static String text(Exchange exchange, String header) {
        Object value = exchange.getMessage().removeHeader(header);
        if (value == null) {
            return null;
        }
        if (value instanceof String text) {
            return text.isBlank() ? null : text;
        }
        throw wrong(header, value, "text");
    }

    private static <T extends Number> T number(Exchange exchange, String header, Class<T> type) {
        Object value = exchange.getMessage().removeHeader(header);
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

    private static Boolean truth(Exchange exchange, String header) {
        Object value = exchange.getMessage().removeHeader(header);
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
