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

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Frames that make no sense, as a broken service or gateway might send them: text that is no JSON, JSON that is no event, types
 * nobody knows, known types with null everywhere or members of the wrong kind, ids used twice, responses, items and transcripts
 * that nobody has begun, audio that is no base64. The same seed gives the same frames.
 *
 * <p>Nothing in it ends a session by the rules of the protocol: whoever ends it gives up on nonsense.
 */
public final class Nonsense {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static final List<String> TYPES = List.of("session.created", "session.updated", "conversation.created",
            "conversation.item.added", "conversation.item.done", "conversation.item.created", "conversation.item.deleted",
            "conversation.item.retrieved", "conversation.item.truncated", "conversation.item.input_audio_transcription.delta",
            "conversation.item.input_audio_transcription.segment", "conversation.item.input_audio_transcription.completed",
            "conversation.item.input_audio_transcription.failed", "input_audio_buffer.committed", "input_audio_buffer.cleared",
            "input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped", "input_audio_buffer.timeout_triggered",
            "input_audio_buffer.dtmf_event_received", "output_audio_buffer.started", "output_audio_buffer.stopped",
            "output_audio_buffer.cleared", "response.created", "response.done", "response.output_item.added",
            "response.output_item.done", "response.content_part.added", "response.content_part.done", "response.output_text.delta",
            "response.output_text.done", "response.output_audio_transcript.delta", "response.output_audio_transcript.done",
            "response.output_audio.delta", "response.output_audio.done", "response.function_call_arguments.delta",
            "response.function_call_arguments.done", "response.mcp_call_arguments.delta", "response.mcp_call_arguments.done",
            "response.mcp_call.in_progress", "response.mcp_call.completed", "response.mcp_call.failed",
            "mcp_list_tools.in_progress", "mcp_list_tools.completed", "mcp_list_tools.failed", "rate_limits.updated", "error");

    private static final List<String> MEMBERS = List.of("event_id", "session", "response", "item", "item_id", "previous_item_id",
            "response_id", "output_index", "content_index", "part", "delta", "transcript", "text", "arguments", "call_id", "name",
            "audio_start_ms", "audio_end_ms", "usage", "logprobs", "rate_limits", "error", "conversation", "event");

    private final Random random;
    private final SimulatedSession session;
    private final List<Supplier<String>> kinds = List.of(this::noJson, this::noEvent, this::unknownType, this::nulls,
            this::wrongKinds, this::sameIdAgain, this::unbegun, this::brokenAudio, this::deep, this::oddType);
    private final List<String> idsUsed = new ArrayList<>();

    /** Frames for somebody else to send. */
    public Nonsense(long seed) {
        this(seed, null);
    }

    /** @param session whom {@link #send} has send them */
    Nonsense(long seed, SimulatedSession session) {
        this.random = new Random(seed);
        this.session = session;
    }

    /** The next frames; each kind has its turn. */
    public List<String> frames(int count) {
        List<String> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            frames.add(kinds.get(i % kinds.size()).get());
        }
        return frames;
    }

    void send(int count) {
        frames(count).forEach(session::sendNow);
    }

    private String noJson() {
        return pick(List.of("", " ", "{", "{\"type\":", "not json", "{\"type\":\"response.done\"}}", "\u0000\u0001", "<html></html>",
                "{'type':'error'}", "{\"type\":\"response.output_text.delta\",\"delta\":\"\\u12", "[".repeat(50), "NaN"));
    }

    private String noEvent() {
        return pick(List.of("null", "true", "42", "\"response.done\"", "[]", "[{\"type\":\"response.done\"}]", "{}", "[null]",
                "1e400", "{\"event_id\":\"event_without_type\"}"));
    }

    private String unknownType() {
        return event("session.weather." + random.nextInt(1000)).put("sky", "clear").toString();
    }

    private String oddType() {
        ObjectNode event = JSON.objectNode();
        switch (random.nextInt(5)) {
            case 0 -> event.putNull("type");
            case 1 -> event.put("type", 7);
            case 2 -> event.put("type", "");
            case 3 -> event.putArray("type").add("error");
            default -> event.put("type", "x".repeat(20_000));
        }
        return event.toString();
    }

    private String nulls() {
        ObjectNode event = JSON.objectNode().put("type", pick(TYPES));
        MEMBERS.forEach(event::putNull);
        return event.toString();
    }

    private String wrongKinds() {
        ObjectNode event = JSON.objectNode().put("type", pick(TYPES));
        for (String member : MEMBERS) {
            if (random.nextBoolean()) {
                event.set(member, anything(2));
            }
        }
        // what names a fault that ends sessions would not be nonsense
        event.remove("error");
        return event.toString();
    }

    private String sameIdAgain() {
        String id = idsUsed.isEmpty() || random.nextBoolean() ? "event_twice" : pick(idsUsed);
        ObjectNode event = event("conversation.item.added").put("event_id", id).putNull("previous_item_id");
        ObjectNode item = event.putObject("item").put("id", "item_twice").put("type", "message").put("role", "assistant");
        item.putArray("content");
        return event.toString();
    }

    private String unbegun() {
        String id = "_nobody" + random.nextInt(50);
        return switch (random.nextInt(8)) {
            case 0 -> {
                ObjectNode done = event("response.done");
                done.putObject("response").put("id", "resp" + id).put("status", "completed").putArray("output");
                yield done.toString();
            }
            case 1 -> event("response.output_text.delta").put("response_id", "resp" + id).put("item_id", "item" + id)
                    .put("output_index", 0).put("content_index", 0).put("delta", "x").toString();
            case 2 -> event("conversation.item.input_audio_transcription.completed").put("item_id", "item" + id)
                    .put("content_index", 0).put("transcript", "nobody said this").toString();
            case 3 -> event("input_audio_buffer.committed").put("item_id", "item" + id)
                    .put("previous_item_id", "item_before").toString();
            case 4 -> event("input_audio_buffer.speech_stopped").put("item_id", "item" + id).put("audio_end_ms", -1).toString();
            case 5 -> event("response.function_call_arguments.done").put("response_id", "resp" + id).put("item_id", "item" + id)
                    .put("call_id", "call" + id).put("arguments", "{").toString();
            case 6 -> event("response.output_item.done").put("response_id", "resp" + id).putNull("item").toString();
            default -> event("conversation.item.deleted").put("item_id", "item" + id).toString();
        };
    }

    private String brokenAudio() {
        ObjectNode event = event("response.output_audio.delta").put("response_id", "resp_nobody").put("item_id", "item_nobody")
                .put("output_index", 0).put("content_index", 0);
        switch (random.nextInt(4)) {
            case 0 -> event.put("delta", "*** no base64 ***");
            case 1 -> event.put("delta", "AAA");
            case 2 -> event.put("delta", 17);
            default -> event.putNull("delta");
        }
        return event.toString();
    }

    private String deep() {
        int depth = 20 + random.nextInt(3000);
        return "{\"type\":\"session.deep\",\"x\":" + "[".repeat(depth) + "]".repeat(depth) + "}";
    }

    private ObjectNode event(String type) {
        String id = "event_nonsense" + random.nextInt(1_000_000);
        idsUsed.add(id);
        return JSON.objectNode().put("type", type).put("event_id", id);
    }

    private JsonNode anything(int depth) {
        return switch (random.nextInt(depth == 0 ? 6 : 8)) {
            case 0 -> JSON.nullNode();
            case 1 -> JSON.booleanNode(random.nextBoolean());
            case 2 -> JSON.numberNode(random.nextLong());
            case 3 -> JSON.numberNode(-1.5e300);
            case 4 -> JSON.textNode("");
            case 5 -> JSON.textNode("nonsense");
            case 6 -> {
                ArrayNode array = JSON.arrayNode();
                array.add(anything(depth - 1)).add(anything(depth - 1));
                yield array;
            }
            default -> {
                ObjectNode object = JSON.objectNode();
                object.set(pick(MEMBERS), anything(depth - 1));
                object.set("id", anything(depth - 1));
                yield object;
            }
        };
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
