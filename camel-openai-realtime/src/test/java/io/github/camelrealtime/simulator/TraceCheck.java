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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.simulator.Frame.Direction;

/**
 * Laws that every log of server events must obey: at most one response of the conversation at a time, one
 * {@code response.done} for each {@code response.created}, nothing about a response after its end, a {@code .done} for
 * every item and content part that was {@code .added} to a finished response, deltas that joined are what their {@code .done}
 * says and none after it, no item added twice or done without having been added, no buffer committed twice, no end of speech
 * without a beginning, one outcome for each transcript, nothing before {@code session.created}, nothing after the close, one
 * close, and no event id twice. Frames that a test or a fault made up are passed over.
 */
public final class TraceCheck {

    private static final List<String> WHOLE = List.of("text", "transcript", "arguments");

    private final List<String> violations = new ArrayList<>();
    private final Set<String> eventIds = new HashSet<>();
    private final Map<String, Boolean> running = new HashMap<>();
    private final Set<String> finished = new HashSet<>();
    private final Map<String, String> openItems = new HashMap<>();
    private final Map<String, String> openParts = new HashMap<>();
    private final Map<String, StringBuilder> streams = new HashMap<>();
    private final Set<String> added = new HashSet<>();
    private final Set<String> endedStreams = new HashSet<>();
    private final Set<String> committed = new HashSet<>();
    private final Set<String> transcribed = new HashSet<>();
    private final Map<String, String> itemsOfResponses = new HashMap<>();
    private final Set<String> doneInConversation = new HashSet<>();
    private boolean begun;
    private boolean speaking;
    private boolean closed;

    TraceCheck() {
    }

    /** What is wrong with the log of one connection, one sentence each; empty if nothing is. */
    public static List<String> violations(List<Frame> frames) {
        TraceCheck check = new TraceCheck();
        frames.forEach(check::look);
        return check.violations();
    }

    /** The next frame, as it crosses the wire. */
    void look(Frame frame) {
        if (frame.direction() == Direction.SENT && !frame.scripted()) {
            lawKept(!closed, frame.type() + " after the close", frame.json().path("event_id"));
            look(frame.type(), frame.json());
        }
    }

    /** A close frame has been sent. */
    void closed() {
        if (closed) {
            violations.add("Closed twice");
        }
        closed = true;
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    private void look(String type, JsonNode event) {
        if (event.has("event_id") && !eventIds.add(event.path("event_id").asText())) {
            violations.add("Event id used twice: " + event.path("event_id").asText());
        }
        if (type.equals("session.created") && begun) {
            violations.add("Event before session.created");
        }
        begun = true;
        switch (type) {
            case "input_audio_buffer.speech_started" -> speaking = true;
            case "input_audio_buffer.speech_stopped" -> {
                lawKept(speaking, "End of speech that has not begun", event.path("item_id"));
                speaking = false;
            }
            case "input_audio_buffer.committed" ->
                lawKept(committed.add(event.path("item_id").asText()), "Committed twice", event.path("item_id"));
            case "conversation.item.input_audio_transcription.completed", "conversation.item.input_audio_transcription.failed" ->
                lawKept(transcribed.add(event.path("item_id").asText()), "Transcript settled twice", event.path("item_id"));
            case "conversation.item.done" -> {
                // the list of a server's tools is not announced
                lawKept(added.contains(event.at("/item/id").asText())
                        || event.at("/item/type").asText().equals("mcp_list_tools"),
                        "Item of the conversation done without having been added", event.at("/item/id"));
                lawKept(doneInConversation.add(event.at("/item/id").asText()), "Item of the conversation done twice",
                        event.at("/item/id"));
            }
            case "response.created" -> created(event.path("response"));
            case "response.done" -> done(event.path("response").path("id").asText());
            case "response.output_item.added" -> {
                alive(type, event);
                openItems.put(event.at("/item/id").asText(), event.path("response_id").asText());
                itemsOfResponses.put(event.at("/item/id").asText(), event.path("response_id").asText());
            }
            case "conversation.item.added" -> {
                if (!added.add(event.at("/item/id").asText())) {
                    violations.add("Item added twice: " + event.at("/item/id").asText());
                }
            }
            case "response.content_part.added" -> {
                alive(type, event);
                openParts.put(event.path("item_id").asText() + "/" + event.path("content_index").asText(),
                        event.path("response_id").asText());
            }
            case "response.content_part.done" -> {
                alive(type, event);
                if (openParts.remove(event.path("item_id").asText() + "/" + event.path("content_index").asText()) == null) {
                    violations.add("Content part done without having been added: " + event.path("item_id").asText());
                }
            }
            case "response.output_item.done" -> {
                alive(type, event);
                if (openItems.remove(event.at("/item/id").asText()) == null) {
                    violations.add("Item done without having been added: " + event.at("/item/id").asText());
                }
            }
            default -> {
                if (event.has("response_id")) {
                    alive(type, event);
                    stream(type, event);
                }
            }
        }
    }

    private void lawKept(boolean kept, String violation, JsonNode id) {
        if (!kept) {
            violations.add(violation + ": " + id.asText());
        }
    }

    /** The deltas of a stream, joined, are what its end says; none comes after it. */
    private void stream(String type, JsonNode event) {
        int dot = type.lastIndexOf('.');
        String key = event.path("item_id").asText() + "/" + event.path("content_index").asText() + "/" + type.substring(0, dot);
        boolean again = endedStreams.contains(key);
        if (type.endsWith(".delta")) {
            lawKept(!again, type + " after the end of its stream", event.path("item_id"));
        } else if (type.endsWith(".done")) {
            lawKept(endedStreams.add(key), type + " twice", event.path("item_id"));
        }
        if (type.endsWith(".delta") && !type.contains("output_audio.")) {
            streams.computeIfAbsent(key, name -> new StringBuilder()).append(event.path("delta").asText());
        }
        for (String member : WHOLE) {
            if (type.endsWith(".done") && !again && event.has(member)) {
                StringBuilder deltas = streams.remove(key);
                if (!(deltas == null ? "" : deltas.toString()).equals(event.path(member).asText())) {
                    violations.add(type + " differs from its deltas: " + event.path("item_id").asText());
                }
            }
        }
    }

    private void created(JsonNode response) {
        boolean inConversation = !response.path("conversation_id").isNull();
        if (inConversation && running.containsValue(true)) {
            violations.add("Second response of the conversation while one is active: " + response.path("id").asText());
        }
        running.put(response.path("id").asText(), inConversation);
    }

    private void done(String id) {
        if (running.remove(id) == null) {
            violations.add("Response done that was not running: " + id);
        }
        if (openParts.containsValue(id)) {
            violations.add("Response done with a content part still open: " + id);
        }
        if (openItems.containsValue(id)) {
            violations.add("Response done with an item still open: " + id);
        }
        itemsOfResponses.entrySet().removeIf(item -> {
            boolean over = item.getValue().equals(id);
            if (over && added.contains(item.getKey()) && !doneInConversation.contains(item.getKey())) {
                violations.add("Response done with an item of the conversation not done: " + id + ", " + item.getKey());
            }
            return over;
        });
        finished.add(id);
    }

    private void alive(String type, JsonNode event) {
        String id = event.path("response_id").asText();
        if (!running.containsKey(id)) {
            violations.add(type + (finished.contains(id) ? " after the end of " : " before the start of ") + id);
        }
    }
}
