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

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;

/** The shapes of client events and of the items in them (API reference section 4). */
final class EventRules {

    private static final int LONGEST_EVENT_ID = 512;
    private static final int LONGEST_ID = 32;

    private static final Set<String> IN_TRANSCRIPTION_SESSIONS = Set.of("session.update", "input_audio_buffer.append",
            "input_audio_buffer.commit", "input_audio_buffer.clear");

    private static final Shape CALL_ID = Shape.matching("^[a-zA-Z0-9_-]+$");

    private static final Shape TEXT_PART = Shape.object().required("type", Shape.string()).required("text", Shape.string());

    private static final Shape USER_PARTS = Shape.listOf(Shape.byType(Map.of(
            "input_text", TEXT_PART,
            "input_audio", Shape.object().required("type", Shape.string()).required("audio", Shape.string())
                    .optional("transcript", Shape.string().orNull()),
            "input_image", Shape.object().required("type", Shape.string())
                    .required("image_url", EventRules::checkDataUri)
                    .optional("detail", Shape.oneOf("auto", "low", "high")))));

    private static final Shape SYSTEM_PARTS = Shape.listOf(Shape.byType(Map.of("input_text", TEXT_PART)));

    private static final Shape ASSISTANT_PARTS = Shape.listOf((part, path) -> {
        // the service complains of the missing text, not of the type: audio of the assistant cannot be made up
        if (part.path("type").asText().equals("output_audio") && !part.has("text")) {
            throw ProtocolError.missing(path + ".text");
        }
        Shape.byType(Map.of("output_text", TEXT_PART)).check(part, path);
    });

    private static final Shape ITEM = Shape.byType(itemShapes());

    private static final Shape RESPONSE = Shape.object()
            .optional("conversation", Shape.oneOf("auto", "none"))
            .optional("input", Shape.listOf((item, path) -> {
                if (item.path("type").asText().equals("item_reference")) {
                    Shape.object().required("type", Shape.string()).required("id", Shape.string()).check(item, path);
                } else {
                    ITEM.check(item, path);
                }
            }))
            .optional("instructions", Shape.string())
            .optional("output_modalities", SessionRules.OUTPUT_MODALITIES)
            .optional("tools", SessionRules.TOOLS)
            .optional("tool_choice", SessionRules.TOOL_CHOICE)
            .optional("parallel_tool_calls", Shape.bool())
            .optional("reasoning", SessionRules.REASONING)
            .optional("max_output_tokens", SessionRules.MAX_OUTPUT_TOKENS)
            .optional("prompt", SessionRules.PROMPT.orNull())
            .optional("audio", Shape.object().optional("output", Shape.object()
                    .optional("format", SessionRules.FORMAT).optional("voice", SessionRules.VOICE)))
            .optional("metadata", Shape.map(16, 64, Shape.string(512)).orNull());

    private static final Map<String, Shape> EVENTS = eventShapes();

    private EventRules() {
    }

    /**
     * Checks a client event, all but the inside of {@code session}, which depends on the kind of session.
     *
     * @throws ProtocolError if the service would refuse it
     */
    static void check(JsonNode event, SessionType session, Behaviour behaviour) {
        JsonNode type = event.get("type");
        if (type == null || !type.isTextual()) {
            throw ProtocolError.missing("type");
        }
        if (type.textValue().equals("transcription_session.update")) {
            throw BetaShapes.refusal();
        }
        Shape.byType(EVENTS).check(event, "");
        checkAssumed(event, behaviour);
        if (isIgnored(event, session, behaviour)) {
            return;
        }
        if (session == SessionType.TRANSCRIPTION && !IN_TRANSCRIPTION_SESSIONS.contains(type.textValue())) {
            throw ProtocolError.of("invalid_event", "Event type '" + type.textValue()
                    + "' is not supported in a transcription session.", "type");
        }
        if (type.textValue().equals("output_audio_buffer.clear")) {
            throw ProtocolError.of("invalid_event", "Event type 'output_audio_buffer.clear' is only supported on WebRTC and"
                    + " SIP connections.", "type");
        }
    }

    /** Whether the service is assumed to pass over an event without a word. */
    static boolean isIgnored(JsonNode event, SessionType session, Behaviour behaviour) {
        String type = event.path("type").asText();
        return type.equals("output_audio_buffer.clear") && behaviour.assumes(Assumption.OUTPUT_BUFFER_CLEAR_IGNORED)
                || session == SessionType.TRANSCRIPTION && !IN_TRANSCRIPTION_SESSIONS.contains(type)
                && behaviour.assumes(Assumption.CONVERSATION_EVENTS_IGNORED);
    }

    private static void checkAssumed(JsonNode event, Behaviour behaviour) {
        JsonNode callId = event.at("/item/call_id");
        if (!callId.isMissingNode() && !behaviour.assumes(Assumption.CALL_ID_UNLIMITED)) {
            Shape.string(LONGEST_ID).check(callId, "item.call_id");
        }
    }

    private static Map<String, Shape> eventShapes() {
        Map<String, Shape> events = new LinkedHashMap<>();
        events.put("session.update", event().required("session", Shape.any()));
        events.put("input_audio_buffer.append", event().required("audio", Shape.string()));
        events.put("input_audio_buffer.commit", event());
        events.put("input_audio_buffer.clear", event());
        events.put("output_audio_buffer.clear", event());
        events.put("conversation.item.create", event().required("item", ITEM)
                .optional("previous_item_id", Shape.string().orNull()));
        events.put("conversation.item.delete", event().required("item_id", Shape.string()));
        events.put("conversation.item.retrieve", event().required("item_id", Shape.string()));
        events.put("conversation.item.truncate", event().required("item_id", Shape.string())
                .required("content_index", Shape.integer(0, Integer.MAX_VALUE))
                .required("audio_end_ms", Shape.integer(0, Integer.MAX_VALUE)));
        events.put("response.create", event().optional("response", RESPONSE.orNull()));
        events.put("response.cancel", event().optional("response_id", Shape.string().orNull()));
        return events;
    }

    private static Shape.Members event() {
        return Shape.object().required("type", Shape.string()).optional("event_id", Shape.string(LONGEST_EVENT_ID).orNull());
    }

    private static Map<String, Shape> itemShapes() {
        Map<String, Shape> items = new LinkedHashMap<>();
        items.put("message", (item, path) -> {
            String role = item.path("role").asText();
            Shape parts = switch (role) {
                case "system" -> SYSTEM_PARTS;
                case "assistant" -> ASSISTANT_PARTS;
                default -> USER_PARTS;
            };
            item().required("role", Shape.oneOf("system", "user", "assistant")).required("content", parts).check(item, path);
        });
        items.put("function_call", item().required("name", Shape.string()).required("arguments", Shape.string())
                .optional("call_id", CALL_ID));
        items.put("function_call_output", item().required("call_id", CALL_ID)
                .required("output", Shape.string()));
        items.put("mcp_approval_response", item().required("id", Shape.string(LONGEST_ID)).required("approval_request_id", Shape.string())
                .required("approve", Shape.bool()).optional("reason", Shape.string().orNull()));
        return items;
    }

    private static Shape.Members item() {
        return Shape.object().required("type", Shape.string())
                .optional("id", Shape.string(LONGEST_ID))
                .optional("object", Shape.oneOf("realtime.item"))
                .optional("status", Shape.oneOf("in_progress", "completed", "incomplete"));
    }

    private static void checkDataUri(JsonNode value, String path) {
        Shape.string().check(value, path);
        if (!value.textValue().matches("(?s)data:image/(png|jpe?g);base64,[A-Za-z0-9+/=]+")) {
            throw ProtocolError.invalidValue("Invalid '" + path + "': expected a data URI of a PNG or JPEG image.", path);
        }
    }
}
