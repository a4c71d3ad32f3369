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

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.IntNode;
import io.github.camelrealtime.audio.AudioFormatException;
import io.github.camelrealtime.session.RealtimeException;
import io.github.camelrealtime.session.SessionState;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.camelrealtime.RealtimeCamel.done;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a route can get wrong in a message: bodies and headers of every operation, and operations that the session is not made
 * for. Each fails its own exchange before anything is sent, with a message that names the place, says what is there, and what to
 * do, and repeats nothing of it. All of them go to sessions that run, and that work afterwards.
 */
class BadRequestTest {

    /** Stands in every value that a message must not repeat. */
    private static final String SECRET = "sesame";

    private static final String SUPPORT = "openai-realtime:support";
    private static final String CAPTIONS = "openai-realtime:captions";
    private static final String SERVED = "openai-realtime:served";
    private static final String CLOSED = "openai-realtime:closed";

    private static final String OPERATION = OpenAIRealtimeConstants.OPERATION;
    private static final String ITEM_ID = OpenAIRealtimeConstants.OVERRIDE_ITEM_ID;

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private record Row(String name, String uri, Object body, Map<String, Object> headers, List<String> said) {

        /** With one more header. */
        Row header(String header, Object value) {
            Map<String, Object> more = new HashMap<>(headers);
            more.put(header, value);
            return new Row(name, uri, body, more, said);
        }
    }

    /** @param said words that the message must have */
    private static Row row(String name, String uri, Object body, String... said) {
        return new Row(name, uri, body, Map.of(), List.of(said));
    }

    /** An operation on the session {@code support}, whose name the message must have. */
    private static Row support(String operation, String name, Object body, String... said) {
        return row(operation + ": " + name, SUPPORT + "?operation=" + operation, body,
                Stream.concat(Stream.of(operation.split("&")[0]), Stream.of(said)).toArray(String[]::new));
    }

    private static Row item(String name, Map<String, ?> item, String... said) {
        return support("create-item", name, item, said);
    }

    private static Row message(String name, String role, Object content, String... said) {
        return item(name, Map.of("type", "message", "role", role, "content", content), said);
    }

    private static Row event(String name, Object body, String... said) {
        return row("send-event: " + name, SUPPORT + "?operation=send-event", body, said);
    }

    // ---- headers

    private static Stream<Row> operationHeader() {
        return Stream.of(
                row("an operation nobody knows", SUPPORT, "Hello", "Header " + OPERATION, "Unknown operation", "append-audio, ")
                        .header(OPERATION, "say-" + SECRET),
                row("an empty operation", SUPPORT, "Hello", "Header " + OPERATION, "possible are").header(OPERATION, " "),
                row("an operation that is a number", SUPPORT, "Hello", "Header " + OPERATION, "Integer", "possible are")
                        .header(OPERATION, 42),
                row("an operation that is a list", SUPPORT, "Hello", "Header " + OPERATION, "List", "possible are")
                        .header(OPERATION, List.of(SECRET)),
                row("an operation nobody knows, to transcribe", "direct:scribe", new byte[4_800], "Header " + OPERATION,
                        "Unknown operation", "append-audio, ").header(OPERATION, "say-" + SECRET),
                row("another operation, to transcribe", "direct:scribe", new byte[4_800], "Header " + OPERATION,
                        "use another endpoint").header(OPERATION, "send-text"),
                row("an event id that is too long", SUPPORT, "Hello", "Header " + OpenAIRealtimeConstants.OVERRIDE_EVENT_ID,
                        "at most 512").header(OpenAIRealtimeConstants.OVERRIDE_EVENT_ID, SECRET.repeat(100)),
                row("transcribe by header", SUPPORT, new byte[4_800], "transcribe", "on an endpoint, not in the header")
                        .header(OPERATION, "transcribe"));
    }

    private static Stream<Row> overrideHeaders() {
        List<Row> rows = new ArrayList<>();
        for (String header : List.of(OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME,
                OpenAIRealtimeConstants.OVERRIDE_SAFETY_IDENTIFIER, OpenAIRealtimeConstants.OVERRIDE_EVENT_ID,
                OpenAIRealtimeConstants.OVERRIDE_RESPONSE_ID, ITEM_ID, OpenAIRealtimeConstants.OVERRIDE_PREVIOUS_ITEM_ID,
                OpenAIRealtimeConstants.OVERRIDE_PLAYBACK_MARK,
                OpenAIRealtimeConstants.OVERRIDE_IMAGE_TEXT)) {
            rows.add(override("a list", header, List.of(SECRET), "text", "List"));
            rows.add(override("bytes", header, SECRET.getBytes(StandardCharsets.US_ASCII), "text", "byte[]"));
        }
        for (String header : List.of(OpenAIRealtimeConstants.OVERRIDE_CONTENT_INDEX,
                OpenAIRealtimeConstants.OVERRIDE_AUDIO_END_MS,
                OpenAIRealtimeConstants.OVERRIDE_PLAYED_MS)) {
            rows.add(override("a word", header, SECRET, "a whole number", "String"));
            rows.add(override("a fraction", header, 1.5, "a whole number", "Double"));
            rows.add(override("a map", header, Map.of(SECRET, 1), "a whole number", "Map"));
        }
        rows.add(override("a word", OpenAIRealtimeConstants.OVERRIDE_END_OF_STREAM, SECRET, "true or false", "String"));
        rows.add(override("a number", OpenAIRealtimeConstants.OVERRIDE_END_OF_STREAM, 1, "true or false", "Integer"));
        return rows.stream();
    }

    private static Row override(String kind, String header, Object value, String... said) {
        return row(header + ": " + kind, SUPPORT + "?operation=send-text", "Hello",
                Stream.concat(Stream.of("Header " + header + " is not"), Stream.of(said)).toArray(String[]::new))
                        .header(header, value);
    }

    private static Stream<Row> names() {
        String name = OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME;
        return Stream.of(
                row("a wildcard as name", SUPPORT, "Hello", "Header " + name, "wildcard", "one session").header(name, SECRET
                        + "-*"),
                row("a name of 300 characters", SUPPORT, "Hello", "Header " + name, "300 characters", "at most 256")
                        .header(name, SECRET.repeat(50)),
                row("a line break in a name", SUPPORT, "Hello", "Header " + name, "control characters").header(name, SECRET
                        + "\n"),
                row("a session that transcribes", SUPPORT, "Hello", "scribe", "transcribe", "name another").header(name,
                        "scribe"),
                row("close-session: one that is not there", SUPPORT + "?operation=close-session", null, "not there", "closed")
                        .header(name, "nobody"),
                row("no name where every message has to name one", "openai-realtime:*", "Hello", "no session of its own", name,
                        "toD"),
                row("another end user", SUPPORT, "Hello", "Header " + OpenAIRealtimeConstants.OVERRIDE_SAFETY_IDENTIFIER,
                        "another end user", "use a session for each")
                        .header(OpenAIRealtimeConstants.OVERRIDE_SAFETY_IDENTIFIER, "somebody-" + SECRET));
    }

    // ---- bodies

    private static Stream<Row> words() {
        return Stream.of(
                row("auto: no body", SUPPORT, null, "Operation auto", "an empty body", OPERATION),
                row("auto: a number", SUPPORT, 4711, "Operation auto", "Integer", "set option operation"),
                row("auto: a list", SUPPORT, List.of(SECRET), "Operation auto", "List", "set option operation"),
                row("auto: somebody's record", SUPPORT, "{\"type\":\"order\",\"note\":\"" + SECRET + "\"}", "operation auto",
                        "type",
                        "operation=send-event", "operation=send-text"),
                support("send-text", "no body", null, "the body is empty", "text to say"),
                support("send-text", "blanks", "  \n", "the body is empty", "text to say"),
                support("send-text", "a map", Map.of("note", SECRET), "Map", "text"),
                support("send-text", "a list", List.of(SECRET), "List", "text"),
                support("send-text&await=committed", "await=committed", SECRET, "await=committed", "await=response"),
                support("send-text&await=completed", "await=completed", SECRET, "await=completed", "await=response"),
                support("send-text&await=response&createResponse=false", "an answer that is not asked for", SECRET,
                        "await=response",
                        "createResponse=false"),
                support("create-response", "words", SECRET, "String", "Map, JsonNode or JSON text", "send-text"),
                support("create-response", "half of a JSON object", "{\"" + SECRET + "\":", "String",
                        "Map, JsonNode or JSON text"),
                support("create-response", "a JSON list", "[\"" + SECRET + "\"]", "String", "Map, JsonNode or JSON text"),
                support("create-response", "a number", 17, "Integer", "Map, JsonNode or JSON text"),
                support("create-response", "a list", List.of(SECRET), "List", "Map, JsonNode or JSON text"),
                row("create-response: Beta, temperature", SUPPORT + "?operation=create-response", Map.of("temperature", SECRET),
                        "response.temperature", "Beta", "it is gone"),
                row("create-response: Beta, voice", SUPPORT + "?operation=create-response", Map.of("voice", SECRET),
                        "response.voice",
                        "Beta", "audio.output.voice"),
                support("create-response&await=committed", "await=committed", null, "await=committed", "await=response"),
                support("cancel-response&await=response", "await=response", null, "await=response", "create-response"));
    }

    private static Stream<Row> playback() {
        return Stream.of(
                support("playback-mark", "no mark", null, "no mark is given", OpenAIRealtimeConstants.OVERRIDE_PLAYBACK_MARK),
                support("playback-mark", "blanks", " ", "no mark is given"),
                support("playback-mark", "a number", 17, "no mark is given"),
                support("playback-mark", "a map", Map.of("mark", SECRET), "no mark is given"),
                support("playback-mark", "words", SECRET, "6 characters", "is no mark"),
                support("playback-mark", "a mark without a time", SECRET + ":0", "is no mark"),
                support("playback-mark", "a negative time", SECRET + ":0:-1", "is no mark"),
                support("playback-mark", "a megabyte", SECRET.repeat(200_000), "1200000 characters", "is no mark"),
                support("playback-mark", "no mark in the header", "item:0:100", "is no mark")
                        .header(OpenAIRealtimeConstants.OVERRIDE_PLAYBACK_MARK, SECRET),
                support("playback-position", "a time before the beginning", Map.of("item_id", "x", "played_ms", -1), "played_ms is -1"),
                support("playback-position", "a part that cannot be",
                        Map.of("item_id", "x", "played_ms", 1, "content_index", 5_000_000_000L), "content_index", "from 0"),
                support("playback-position", "a part before the first",
                        Map.of("item_id", "x", "played_ms", 1, "content_index", -1), "content_index", "from 0"),
                support("retrieve-item", "the word all for the star", Map.of("items", SECRET), ITEM_ID));
    }

    private static Stream<Row> audio() {
        return Stream.of(
                row("append-audio: no body", SUPPORT + "?operation=append-audio", null, "no body", "byte[]"),
                row("append-audio: words", SUPPORT + "?operation=append-audio", SECRET, "text (String)", "operation=send-text"),
                row("append-audio: a number", SUPPORT + "?operation=append-audio", 17, "Integer", "byte[]"),
                row("append-audio: a map", SUPPORT + "?operation=append-audio", Map.of("audio", SECRET), "Map", "byte[]"),
                support("append-audio&await=response", "await=response", new byte[4_800], "await=response", "create-response"),
                row("append-audio: await=committed of a piece", SUPPORT + "?operation=append-audio&await=committed",
                        new byte[4_800],
                        "await=committed", "a piece of a stream", "commit-audio"),
                row("append-audio: await=completed of a piece", SUPPORT + "?operation=append-audio&await=completed",
                        new byte[4_800],
                        "await=completed", "a piece of a stream", "commit-audio"),
                support("commit-audio&await=response", "await=response", null, "await=response", "create-response"),
                support("clear-audio&await=response", "await=response", null, "await=response", "create-response"),
                row("end-turn: nothing was said", SUPPORT + "?operation=end-turn", null, "end-turn", "100 ms"),
                support("end-turn&await=completed", "await=completed", null, "await=completed", "await=response"),
                row("end-turn: the service ends turns", SERVED, null, "end-turn", "turnDetection=none").header(OPERATION,
                        "end-turn"));
    }

    private static Stream<Row> items() {
        return Stream.of(
                support("create-item", "no body", null, "nothing", "Map, JsonNode or JSON text", "operation=send-text"),
                support("create-item", "words", SECRET, "String", "Map, JsonNode or JSON text", "operation=send-text"),
                support("create-item", "bytes", SECRET.getBytes(StandardCharsets.US_ASCII), "byte[]", "operation=append-image"),
                support("create-item", "a JSON list", "[\"" + SECRET + "\"]", "String", "Map, JsonNode or JSON text"),
                item("no type", Map.of("text", SECRET), "'type'", "missing", "function_call_output"),
                item("a type that is a number", Map.of("type", 7), "'type'", "message"),
                item("no role", Map.of("type", "message"), "'role'", "missing or no string"),
                message("a role nobody has", SECRET, List.of(), "'role'", "system, user, assistant"),
                message("content as text", "user", SECRET, "'content'", "list", "input_text"),
                message("no content", "user", List.of(), "'content'", "list", "input_text"),
                message("a part without a type", "user", List.of(Map.of("text", SECRET)), "content[0].type", "missing"),
                message("a part without its text", "user", List.of(Map.of("type", "input_text")), "content[0].text", "missing"),
                message("the second part is wrong", "user", List.of(Map.of("type", "input_text", "text", SECRET),
                        Map.of("type", "input_text", "text", 1)), "content[1].text", "no string"),
                message("words of the assistant from the user", "user", List.of(Map.of("type", "output_text", "text", SECRET)),
                        "content[0].type", "role user", "input_text"),
                message("a picture from the system", "system", List.of(Map.of("type", "input_image", "image_url", SECRET)),
                        "content[0].type", "role system", "input_text"),
                message("audio of the assistant", "assistant", List.of(Map.of("type", "output_audio", "audio", SECRET)),
                        "content[0].type", "output_text"),
                message("audio without audio", "user", List.of(Map.of("type", "input_audio")), "content[0].audio", "base64"),
                message("a picture by address", "user", List.of(Map.of("type", "input_image", "image_url", "https://x/"
                        + SECRET)),
                        "content[0].image_url", "data URI", "append-image"),
                message("a picture with a strange detail", "user",
                        List.of(Map.of("type", "input_image", "image_url", "data:image/png;base64,AA", "detail", SECRET)),
                        "content[0].detail", "auto, low, high"),
                item("a call without a name", Map.of("type", "function_call", "arguments", "{}"), "'name'",
                        "missing or no string"),
                item("arguments as an object", Map.of("type", "function_call", "name", "f", "arguments", Map.of("a", SECRET)),
                        "'arguments'", "string"),
                item("an output without its call", Map.of("type", "function_call_output", "output", SECRET), "'call_id'",
                        "missing"),
                item("an output as an object", Map.of("type", "function_call_output", "call_id", "c", "output", Map.of("a",
                        SECRET)),
                        "'output'", "string"),
                item("an approval without its request", Map.of("type", "mcp_approval_response", "approve", true),
                        "'approval_request_id'", "missing"),
                item("an approval in words", Map.of("type", "mcp_approval_response", "approval_request_id", "a", "approve",
                        SECRET),
                        "'approve'", "boolean"),
                item("what only the service makes", Map.of("type", "mcp_call"), "mcp_call", "by the service only"),
                item("a reference", Map.of("type", "item_reference", "id", SECRET), "item_reference", "create-response"),
                item("an id that is a number", withId(4711), "'id'", "string"),
                item("an id that is too long", withId(SECRET.repeat(6)), "1 to 32 characters", "has 36"),
                item("an id in the header that is too long", withId("short"), "1 to 32 characters", "has 36")
                        .header(ITEM_ID, SECRET.repeat(6)),
                support("create-item&await=completed", "await=completed", withId("x"), "await=completed", "await=committed"),
                support("create-item&await=response", "await=response", withId("x"), "await=response", "create-response"),
                support("delete-item", "no item", null, "no item is named", ITEM_ID, "'item_id'"),
                support("delete-item", "an object without one", Map.of("id", SECRET), "no item is named", ITEM_ID),
                support("delete-item", "a number", 17, "no item is named", ITEM_ID),
                support("delete-item", "an id that is too long", SECRET.repeat(6), "1 to 32 characters", "has 36"),
                support("retrieve-item", "no item", null, "no item is named", ITEM_ID, "'item_id'"),
                support("retrieve-item", "an id that is a number", Map.of("item_id", 17), "no item is named", ITEM_ID),
                support("retrieve-item&await=completed", "await=completed", "item_1", "await=completed", "await=committed"),
                support("truncate-item", "no item", Map.of("audio_end_ms", 1), "no item is named", ITEM_ID),
                support("truncate-item", "no place", Map.of("item_id", "item_1"), "audio_end_ms",
                        OpenAIRealtimeConstants.OVERRIDE_AUDIO_END_MS),
                support("truncate-item", "before the beginning", Map.of("item_id", "item_1", "audio_end_ms", -1),
                        "audio_end_ms", "negative"),
                support("truncate-item", "a place in words", Map.of("item_id", "item_1", "audio_end_ms", SECRET),
                        "audio_end_ms",
                        "whole number"),
                support("truncate-item", "a part in words", Map.of("item_id", "item_1", "audio_end_ms", 1, "content_index",
                        SECRET),
                        "content_index", "whole number"),
                support("truncate-item", "a negative header", "item_1", "audio_end_ms", "negative")
                        .header(OpenAIRealtimeConstants.OVERRIDE_AUDIO_END_MS, -1));
    }

    private static Map<String, Object> withId(Object id) {
        return Map.of("type", "message", "role", "user", "id", id, "content", List.of(Map.of("type", "input_text", "text",
                SECRET)));
    }

    private static Stream<Row> images() {
        return Stream.of(
                support("append-image", "no body", null, "the body is empty", "PNG or JPEG", "byte[]"),
                support("append-image", "words", SECRET, "String", "PNG or JPEG", "byte[]"),
                support("append-image", "no bytes", new byte[0], "0 bytes", "PNG", "JPEG"),
                support("append-image", "a GIF", ("GIF89a" + SECRET).getBytes(StandardCharsets.US_ASCII), "12 bytes", "PNG",
                        "JPEG",
                        "convert"),
                support("append-image", "words as bytes", SECRET.getBytes(StandardCharsets.US_ASCII), "6 bytes", "PNG", "JPEG"),
                support("append-image", "ten MiB", new byte[10 * 1024 * 1024], "bytes fit into a frame", "scale it down"),
                support("append-image", "a map", Map.of("image", SECRET), "Map", "PNG or JPEG", "byte[]"));
    }

    private static Stream<Row> sessions() {
        return Stream.of(
                support("update-session", "no body", null, "nothing", "Map, JsonNode or JSON text"),
                support("update-session", "words", SECRET, "String", "Map, JsonNode or JSON text"),
                support("update-session", "an event without its session", Map.of("type", "session.update"),
                        "without 'session'"),
                row("update-session: Beta", SUPPORT + "?operation=update-session", Map.of("temperature", SECRET),
                        "session.temperature",
                        "Beta", "it is gone"),
                row("update-session: another model", SUPPORT + "?operation=update-session", Map.of("model", SECRET), "model",
                        "cannot be changed", "a session of another name"),
                row("update-session: another kind", SUPPORT + "?operation=update-session", Map.of("type", "transcription"),
                        "type",
                        "cannot be changed", "a session of another name"),
                row("update-session: another format", SUPPORT + "?operation=update-session",
                        "{\"audio\":{\"input\":{\"format\":{\"type\":\"audio/pcmu\"}}}}", "audio.input.format",
                        "cannot be changed",
                        "option inputAudioFormat"),
                support("update-session&await=completed", "await=completed", Map.of("voice", "x"), "await=completed",
                        "await=committed"),
                support("playback-position", "no item", null, "no item is named", ITEM_ID),
                support("playback-position", "an item that is a number", Map.of("item_id", 1, "played_ms", 1),
                        "no item is named", ITEM_ID),
                support("playback-position", "no time", "item_1", "played_ms", OpenAIRealtimeConstants.OVERRIDE_PLAYED_MS),
                support("playback-position", "a time in words", Map.of("item_id", "item_1", "played_ms", SECRET), "played_ms",
                        "number",
                        OpenAIRealtimeConstants.OVERRIDE_PLAYED_MS),
                support("playback-position", "before the beginning", Map.of("item_id", "item_1", "played_ms", -5), "played_ms",
                        "-5",
                        "negative"),
                support("playback-position", "a part in words", Map.of("item_id", "item_1", "played_ms", 1, "content_index",
                        SECRET),
                        "content_index", "number"));
    }

    private static Stream<Row> events() {
        return Stream.of(
                event("no body", null, "send-event", "nothing", "'type'"),
                event("words", SECRET, "send-event", "String", "'type'"),
                event("no type", "{\"note\":\"" + SECRET + "\"}", "send-event", "'type'"),
                event("a type that is a number", Map.of("type", 3), "send-event", "'type'"),
                event("a number", 17, "send-event", "Integer", "'type'"),
                event("a JSON number", IntNode.valueOf(17), "send-event", "IntNode", "'type'"),
                event("a list", List.of(SECRET), "send-event", "List", "'type'"),
                event("two objects", "{\"type\":\"response.cancel\"}{\"" + SECRET + "\":1}", "send-event", "'type'"),
                event("of the Beta", Map.of("type", "transcription_session.update", "session", Map.of()),
                        "transcription_session.update",
                        "Beta", "session.update"),
                event("with a member of the Beta", Map.of("type", "session.update", "session", Map.of("temperature", SECRET)),
                        "session.temperature", "Beta"),
                event("an update without its session", Map.of("type", "session.update"), "send-event", "'session'"),
                event("audio without audio", Map.of("type", "input_audio_buffer.append"), "send-event", "'audio'", "base64"),
                event("audio that is no base64", Map.of("type", "input_audio_buffer.append", "audio", "#" + SECRET),
                        "send-event",
                        "'audio'", "base64"),
                event("for WebRTC", Map.of("type", "output_audio_buffer.clear"), "output_audio_buffer.clear", "WebSocket"),
                event("13 MiB", Map.of("type", "x.y", "note", SECRET.repeat(2_300_000)), "12", "bytes"),
                event("an event id that is too long", Map.of("type", "response.cancel", "event_id", SECRET.repeat(100)),
                        "event_id",
                        "512"));
    }

    private static Stream<Row> wrongSessions() {
        Stream<Row> transcription = Stream.of("send-text", "create-item", "append-image", "delete-item", "retrieve-item",
                "truncate-item", "create-response", "cancel-response", "interrupt", "end-turn", "playback-position")
                .map(operation -> row(operation + " in a transcription session", CAPTIONS, SECRET, "Session captions",
                operation,
                        "realtime session", "transcription session").header(OPERATION, operation));
        Stream<Row> closed = Stream.of("append-audio", "commit-audio", "clear-audio", "send-text", "create-response",
                "end-turn",
                "create-item", "delete-item", "retrieve-item", "truncate-item", "update-session", "send-event")
                .map(operation -> row(operation + " in a session that nobody opened", CLOSED, body(operation), "Session closed",
                        "not open", "open-session").header(OPERATION, operation));
        return Stream.concat(transcription, closed);
    }

    private static Object body(String operation) {
        return switch (operation) {
            case "append-audio" -> new byte[4_800];
            case "send-text" -> SECRET;
            case "create-item" -> withId("x");
            case "delete-item", "retrieve-item" -> "item_1";
            case "truncate-item" -> Map.of("item_id", "item_1", "audio_end_ms", 1);
            case "update-session" -> Map.of("instructions", SECRET);
            case "send-event" -> Map.of("type", "response.create");
            default -> null;
        };
    }

    @TestFactory
    @DisplayName("SEC-3, ERR-4 each wrong message fails its own exchange and says what, where and what to do; "
                 + "the session works afterwards")
    Stream<DynamicTest> wrongMessages() throws Exception {
        camel.start(
                route -> route.from("direct:support").to(SUPPORT + "?turnDetection=none&outputModalities=text"),
                route -> route.from("direct:served").to(SERVED),
                route -> route.from("direct:captions").to(CAPTIONS + "?sessionType=transcription"),
                route -> route.from("direct:closed").to(CLOSED + "?turnDetection=none&connectOn=manual"),
                route -> route.from("direct:scribe").to("openai-realtime:scribe?operation=transcribe"));
        for (String name : List.of("support", "served", "captions")) {
            camel.awaitState(name, SessionState.READY);
        }
        List<Row> rows = Stream.of(operationHeader(), overrideHeaders(), names(), words(), audio(), playback(), items(),
                images(), sessions(), events(),
                wrongSessions()).flatMap(all -> all).toList();
        assertThat(rows).hasSizeGreaterThan(120).extracting(Row::name).doesNotHaveDuplicates();
        return Stream.concat(rows.stream().map(row -> DynamicTest.dynamicTest(row.name(), () -> refused(row))),
                Stream.of(DynamicTest.dynamicTest("afterwards all sessions work", this::sessionsWork)));
    }

    private void refused(Row row) throws Exception {
        Exchange refused = done(camel.send(row.uri(), ExchangePattern.InOnly, row.body(), row.headers()));
        Exception failure = refused.getException();
        assertThat(failure).isInstanceOfAny(IllegalArgumentException.class, RealtimeException.class,
                AudioFormatException.class);
        assertThat(failure.getMessage()).contains(row.said());
        for (Throwable next = failure; next != null; next = next.getCause()) {
            assertThat(next.toString()).doesNotContain(SECRET, encoded(SECRET));
        }
        assertThat(refused.getMessage().getHeaders().keySet())
                .noneMatch(name -> name.startsWith("CamelOpenAIRealtimeOverride"));
    }

    private static String encoded(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return Arrays.toString(bytes);
    }

    private void sessionsWork() throws Exception {
        assertThat(camel.simulator().sessions()).hasSize(3).allSatisfy(server -> {
            assertThat(server.sent("error")).as("what the service refused").isEmpty();
            assertThat(server.frames()).noneMatch(frame -> frame.toString().contains(SECRET));
        });
        Exchange answer = done(camel.ask(SUPPORT + "?operation=send-text", "Are you there?"));
        assertThat(answer.getException()).isNull();
        assertThat(answer.getMessage().getBody(String.class)).contains("Are you there?");
        assertThat(camel.session("captions").state()).isEqualTo(SessionState.READY);
        assertThat(camel.session("served").state()).isEqualTo(SessionState.READY);
        assertThat(camel.session("closed").state()).isEqualTo(SessionState.IDLE);
    }
}
