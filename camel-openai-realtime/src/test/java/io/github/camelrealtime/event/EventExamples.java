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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The server frames of the wire reference (§5.7, §5.8) in its order, one a line in {@code examples.jsonl}, and what the
 * service may make of them: members nobody knows, and nulls where the schema knows only "absent" (§5.5).
 */
public final class EventExamples {

    private static final String RESOURCE = "examples.jsonl";
    private static final ObjectMapper MAPPER = new ObjectMapper();
    /** Members of the objects within events that the live service sends as null. */
    private static final Set<String> NULL_IN_RESPONSE
            = Set.of("status_details", "usage", "metadata", "conversation_id", "max_output_tokens", "audio", "output_modalities");
    private static final Set<String> NULL_IN_SESSION = Set.of("include", "tracing", "prompt", "audio", "tools");
    private static final Set<String> NULL_IN_ERROR = Set.of("param", "code", "event_id");
    private static final Set<String> NULL_IN_ITEM = Set.of("status", "role", "phase", "object");

    /** How a frame differs from the example. */
    public enum Variant {
        /** As the reference has it. */
        PLAIN,
        /** Unknown members at every depth. */
        UNKNOWN_MEMBERS,
        /** What may be absent is null. */
        NULLS
    }

    private EventExamples() {
    }

    /** The frames, as text. */
    public static List<String> frames() {
        try (InputStream in = EventExamples.class.getResourceAsStream(RESOURCE);
             BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines().filter(line -> !line.isBlank()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The frames of one kind of session. */
    public static List<String> framesOf(SessionType session) {
        return frames().stream().filter(frame -> EventCatalogue.serverEvents().get(type(frame)).where().containsKey(session)).toList();
    }

    public static String type(String frame) {
        return parse(frame).path("type").asText();
    }

    /** The type by which a route gets the frame: the present name of its event. */
    public static String deliveredType(String frame) {
        String type = type(frame);
        return EventTypes.CONVERSATION_ITEM_CREATED.equals(type) ? EventTypes.CONVERSATION_ITEM_ADDED : type;
    }

    /** The frame as a route gets it. */
    public static ObjectNode delivered(String frame) {
        return parse(frame).put("type", deliveredType(frame));
    }

    /** All frames in all variants. */
    public static Stream<String> variants() {
        return frames().stream().flatMap(frame -> Stream.of(Variant.values()).map(variant -> vary(frame, variant)));
    }

    /** The frame in that variant, with ids of its own, so that all variants may go through one session. */
    public static String vary(String frame, Variant variant) {
        ObjectNode event = parse(
                frame.replaceAll(":\"((item|resp|call|event|conv|hist)_\\w+)\"", ":\"$1v" + variant.ordinal() + "\""));
        switch (variant) {
            case UNKNOWN_MEMBERS -> addUnknown(event);
            case NULLS -> addNulls(event);
            default -> {
                return event.toString();
            }
        }
        return event.toString();
    }

    private static void addUnknown(JsonNode node) {
        node.forEach(EventExamples::addUnknown);
        if (node instanceof ObjectNode object) {
            object.putObject("member_of_the_future").put("level", 7).putNull("nothing").putArray("list").add("x").add(1.5);
        }
    }

    private static void addNulls(ObjectNode event) {
        EventCatalogue.serverEvents().get(event.path("type").asText()).members().stream()
                .filter(member -> member.startsWith("["))
                .forEach(member -> event.putIfAbsent(member.substring(1, member.length() - 1), event.nullNode()));
        nulls(event.path("response"), NULL_IN_RESPONSE);
        nulls(event.path("session"), NULL_IN_SESSION);
        nulls(event.path("error"), NULL_IN_ERROR);
        nulls(event.path("item"), NULL_IN_ITEM);
        event.path("item").path("content").forEach(part -> nulls(part, Set.of("transcript", "audio")));
    }

    private static void nulls(JsonNode object, Set<String> members) {
        if (object instanceof ObjectNode node) {
            members.forEach(member -> node.putIfAbsent(member, node.nullNode()));
        }
    }

    public static ObjectNode parse(String frame) {
        try {
            return (ObjectNode) MAPPER.readTree(frame);
        } catch (IOException e) {
            throw new UncheckedIOException(frame, e);
        }
    }
}
