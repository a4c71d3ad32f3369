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
package io.github.camelrealtime.interop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.openai.core.ObjectMappers;
import com.openai.errors.OpenAIInvalidDataException;
import com.openai.models.realtime.RealtimeClientEvent;
import com.openai.models.realtime.RealtimeServerEvent;

/** The types of OpenAI's own Java SDK as judges: an event passes if it is one they know, with all that they demand. */
public final class OfficialTypes {

    private static final JsonMapper MAPPER = ObjectMappers.jsonMapper();

    private OfficialTypes() {
    }

    /** @throws OpenAIInvalidDataException with the reason if it does not pass */
    public static RealtimeServerEvent server(JsonNode event) {
        RealtimeServerEvent typed = read(event, RealtimeServerEvent.class);
        return typed.validate();
    }

    /** @throws OpenAIInvalidDataException with the reason if it does not pass */
    public static RealtimeClientEvent client(String event) {
        return client(tree(event));
    }

    /** @throws OpenAIInvalidDataException with the reason if it does not pass */
    public static RealtimeClientEvent client(JsonNode event) {
        RealtimeClientEvent typed = read(event, RealtimeClientEvent.class);
        return typed.validate();
    }

    public static JsonNode tree(Object typed) {
        return MAPPER.valueToTree(typed);
    }

    private static JsonNode tree(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not JSON: " + json, e);
        }
    }

    private static <T> T read(JsonNode event, Class<T> type) {
        try {
            return MAPPER.treeToValue(event, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not a " + type.getSimpleName() + ": " + event, e);
        }
    }
}
