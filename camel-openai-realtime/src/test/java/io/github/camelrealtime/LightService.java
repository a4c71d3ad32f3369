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

import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.session.Timers;
import io.github.camelrealtime.transport.memory.MemoryConnection;
import io.github.camelrealtime.transport.memory.MemoryPeer;

/**
 * One connection of a service that remembers nothing: a simulator keeps what crossed the wire, which is right for a test of
 * behaviour and in the way of one that weighs the heap. Transcribes each commit, answers with voice, calls a tool where the
 * client's words say {@code tool}, and closes when its time is over. Lawful as far as it goes.
 */
final class LightService implements MemoryPeer {

    /** One delta: 100 ms of G.711. */
    static final int DELTA_BYTES = 800;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String VOICE = Base64.getEncoder().encodeToString(new byte[DELTA_BYTES]);
    private static final int GOING_AWAY = 1001;

    /** What all connections of a test have done. Told on the test's own thread. */
    static final class Tally {
        long connections;
        long open;
        long appends;
        long commits;
        long answers;
        long calls;
        long outputs;
        long expired;
        /** Connections that are being made, until they are configured. */
        int dialling;
        int mostDialling;
        long mostOpen;
        /** When they were begun, ms since 1970. */
        final List<Long> dials = new ArrayList<>();
    }

    private final MemoryConnection client;
    private final Timers timers;
    private final Tally tally;
    private final String id;
    private final int deltas;
    private final Timers.Cancellable end;
    private final long expiresAtSeconds;
    private ObjectNode session;
    private boolean over;
    private boolean configured;
    private boolean callsTool;
    private int number;
    private String lastItem;

    /**
     * @param handshake how long that takes
     * @param deltas    of voice in an answer
     */
    LightService(MemoryConnection client, Timers timers, Duration handshake, Duration life, int deltas, Tally tally) {
        this.client = client;
        this.timers = timers;
        this.deltas = deltas;
        this.tally = tally;
        this.id = "sess_" + ++tally.connections;
        tally.open++;
        tally.mostOpen = Math.max(tally.mostOpen, tally.open);
        tally.dialling++;
        tally.mostDialling = Math.max(tally.mostDialling, tally.dialling);
        tally.dials.add(timers.millis());
        this.expiresAtSeconds = (timers.millis() + life.toMillis()) / 1000;
        session = JSON.createObjectNode().put("type", "realtime").put("id", id).put("expires_at", expiresAtSeconds);
        if (handshake.isZero()) {
            opened();
        } else {
            timers.schedule(this::opened, handshake.toMillis());
        }
        end = timers.schedule(this::expire, life.toMillis());
    }

    private void opened() {
        client.open();
        say(event("session.created").set("session", session));
    }

    private void configured() {
        if (!configured) {
            configured = true;
            tally.dialling--;
        }
    }

    private void expire() {
        tally.expired++;
        client.close(GOING_AWAY, "Your session hit the maximum duration of 60 minutes.");
        ended();
    }

    private void ended() {
        if (!over) {
            over = true;
            tally.open--;
            configured();
            end.cancel();
        }
    }

    @Override
    public void onFrame(String frame) {
        JsonNode json;
        try {
            json = JSON.readTree(frame);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
        switch (json.path("type").asText()) {
            case "session.update" -> update(json);
            case "input_audio_buffer.append" -> tally.appends++;
            case "input_audio_buffer.clear" -> say(event("input_audio_buffer.cleared"));
            case "input_audio_buffer.commit" -> commit();
            case "conversation.item.create" -> create((ObjectNode) json.path("item"));
            case "conversation.item.delete" -> say(event("conversation.item.deleted").put("item_id", json.path("item_id").asText()));
            case "response.create" -> answer(json);
            default -> throw new IllegalStateException("Not foreseen: " + json.path("type"));
        }
    }

    @Override
    public void onClosed(int code, String reason) {
        ended();
    }

    @Override
    public void onAborted() {
        ended();
    }

    private void update(JsonNode json) {
        session = ((ObjectNode) json.path("session")).deepCopy().put("id", id).put("expires_at", expiresAtSeconds);
        say(event("session.updated").set("session", session));
        configured();
    }

    private void commit() {
        tally.commits++;
        String item = id + "-u" + number++;
        say(event("input_audio_buffer.committed").put("item_id", item).put("previous_item_id", lastItem));
        ObjectNode message = JSON.createObjectNode().put("id", item).put("type", "message").put("role", "user");
        message.putArray("content").addObject().put("type", "input_audio").putNull("transcript");
        place(message);
        String text = "what the caller said in turn " + number;
        say(event("conversation.item.input_audio_transcription.delta").put("item_id", item).put("content_index", 0)
                .put("delta", text));
        say(event("conversation.item.input_audio_transcription.completed").put("item_id", item).put("content_index", 0)
                .put("transcript", text));
    }

    private void create(ObjectNode item) {
        if (!item.hasNonNull("id")) {
            item.put("id", id + "-c" + number++);
        }
        callsTool = item.toString().contains("tool,");
        tally.outputs += "function_call_output".equals(item.path("type").asText()) ? 1 : 0;
        place(item);
    }

    /** Announces an item at the end of the conversation, whole. */
    private void place(ObjectNode item) {
        for (String type : new String[] {"conversation.item.added", "conversation.item.done"}) {
            say(event(type).put("previous_item_id", lastItem).set("item", item));
        }
        lastItem = item.path("id").asText();
    }

    private void answer(JsonNode json) {
        tally.answers++;
        String response = id + "-r" + number++;
        ObjectNode object = JSON.createObjectNode().put("id", response).put("status", "in_progress").put("conversation_id", "c");
        object.set("metadata", json.path("response").path("metadata"));
        say(event("response.created").set("response", object));
        ObjectNode item = callsTool ? call(response) : speech(response);
        callsTool = false;
        ObjectNode done = object.deepCopy().put("status", "completed");
        done.putArray("output").add(item);
        done.putObject("usage").put("total_tokens", 300).put("input_tokens", 200).put("output_tokens", 100);
        say(event("response.done").set("response", done));
    }

    private ObjectNode call(String response) {
        tally.calls++;
        ObjectNode item = JSON.createObjectNode().put("id", response + "-i").put("type", "function_call").put("name", "find_train")
                .put("call_id", "call_" + number++).put("arguments", "{\"to\":\"Ghent\"}");
        say(part("response.output_item.added", response).set("item", item));
        say(part("response.function_call_arguments.done", response).put("call_id", item.path("call_id").asText())
                .put("item_id", response + "-i").put("arguments", "{\"to\":\"Ghent\"}"));
        place(item);
        say(part("response.output_item.done", response).set("item", item));
        return item;
    }

    private ObjectNode speech(String response) {
        ObjectNode item = JSON.createObjectNode().put("id", response + "-i").put("type", "message").put("role", "assistant")
                .put("status", "completed");
        say(part("response.output_item.added", response).set("item", item));
        String words = "what the assistant answers in " + response;
        say(part("response.output_audio_transcript.delta", response).put("delta", words));
        for (int i = 0; i < deltas; i++) {
            say(part("response.output_audio.delta", response).put("delta", VOICE));
        }
        say(part("response.output_audio.done", response));
        say(part("response.output_audio_transcript.done", response).put("transcript", words));
        item.putArray("content").addObject().put("type", "output_audio").put("transcript", words);
        place(item);
        say(part("response.output_item.done", response).set("item", item));
        return item;
    }

    private ObjectNode part(String type, String response) {
        return event(type).put("response_id", response).put("item_id", response + "-i").put("output_index", 0)
                .put("content_index", 0);
    }

    private ObjectNode event(String type) {
        return JSON.createObjectNode().put("type", type).put("event_id", "event_" + number++);
    }

    private void say(JsonNode event) {
        client.send(event.toString());
    }
}
