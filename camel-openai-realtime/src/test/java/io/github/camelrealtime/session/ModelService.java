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
package io.github.camelrealtime.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One connection of a small model of the service: runs one response of the conversation and any number beside it, starts
 * answers to turns by itself, refuses what comes while one runs, fails now and then, and takes its time. A hostile one
 * loses, repeats, mixes up and makes up events besides. Written against the wire reference alone.
 */
final class ModelService {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** A response that runs. */
    static final class Response {
        final String id;
        final JsonNode metadata;
        final boolean outOfBand;

        Response(String id, JsonNode metadata, boolean outOfBand) {
            this.id = id;
            this.metadata = metadata;
            this.outOfBand = outOfBand;
        }

        /** Key of ours, {@code null} if it is the service's own. */
        String key() {
            return metadata.path(ResponseRequest.METADATA_KEY).textValue();
        }
    }

    final FakeTransport transport = new FakeTransport();
    private final Random random;
    private final String name;
    /** Whether a response of ours that runs may have been given up by us, so that another request is no mistake. */
    private final Predicate<Response> givenUp;
    private final Deque<JsonNode> inbound = new ArrayDeque<>();
    private final List<ObjectNode> outbound = new ArrayList<>();
    private final Map<String, Response> beside = new LinkedHashMap<>();
    private final List<ObjectNode> said = new ArrayList<>();
    private Response active;
    private int responses;
    private int turns;
    boolean createsResponses;
    boolean interrupts;
    int rejections;
    int conflicts;

    ModelService(Random random, String name, Predicate<Response> givenUp) {
        this.random = random;
        this.name = name;
        this.givenUp = givenUp;
        this.createsResponses = random.nextInt(3) > 0;
        this.interrupts = random.nextBoolean();
    }

    // ---- the client

    void receive(JsonNode frame) {
        inbound.add(frame);
    }

    /** Takes one event of the client. */
    void takeIn() {
        JsonNode frame = inbound.poll();
        if (frame == null) {
            return;
        }
        switch (frame.path("type").asText()) {
            case "response.create" -> create(frame);
            case "response.cancel" -> cancel(frame);
            default -> {
                // items are taken as they come
            }
        }
    }

    private void create(JsonNode frame) {
        JsonNode response = frame.path("response");
        if ("none".equals(response.path("conversation").asText())) {
            Response begun = new Response(name + "-oob" + responses++, response.path("metadata"), true);
            beside.put(begun.id, begun);
            say("response.created", begun, "in_progress", null);
        } else if (random.nextInt(20) == 0) {
            error(frame, "invalid_value", true);
        } else if (active != null) {
            rejections++;
            // the same one twice: it was left unanswered for too long, or another's rejection named nobody
            String key = response.at("/metadata/" + ResponseRequest.METADATA_KEY).textValue();
            if (active.key() != null && !active.key().equals(key) && !givenUp.test(active)) {
                conflicts++;
            }
            error(frame, "conversation_already_has_active_response", random.nextBoolean());
        } else {
            begin(response.path("metadata"));
        }
    }

    private void cancel(JsonNode frame) {
        String id = frame.path("response_id").textValue();
        if (active != null && (id == null || id.equals(active.id))) {
            end("cancelled", "client_cancelled");
        } else if (id != null && beside.containsKey(id)) {
            say("response.done", beside.remove(id), "cancelled", "client_cancelled");
        } else {
            error(frame, "response_cancel_not_active", random.nextBoolean());
        }
    }

    // ---- what it does by itself

    /** The user speaks a whole turn. Returns whether its beginning ends a response. */
    boolean turn() {
        String item = name + "-u" + turns++;
        boolean interrupted = active != null && interrupts;
        if (interrupted) {
            end("cancelled", "turn_detected");
        }
        plain("input_audio_buffer.speech_stopped").put("item_id", item);
        plain("input_audio_buffer.committed").put("item_id", item);
        // where one runs that was not interrupted, the answer silently stays away
        if (createsResponses && active == null) {
            begin(JsonNodeFactory.instance.objectNode());
        }
        return interrupted;
    }

    private void begin(JsonNode metadata) {
        active = new Response(name + "-r" + responses++, metadata, false);
        say("response.created", active, "in_progress", null);
    }

    /** Says something more of what runs. */
    void goOn() {
        if (active != null) {
            delta(active.id);
        }
    }

    private void delta(String id) {
        plain("response.output_text.delta").put("response_id", id).put("item_id", "i").put("delta", "x");
    }

    /** Ends something that runs. */
    void end() {
        if (!beside.isEmpty() && random.nextBoolean()) {
            String id = beside.keySet().iterator().next();
            say("response.done", beside.remove(id), outcome(), null);
        } else if (active != null) {
            end(outcome(), null);
        }
    }

    private String outcome() {
        int one = random.nextInt(12);
        return one == 0 ? "failed" : one == 1 ? "incomplete" : "completed";
    }

    private void end(String status, String reason) {
        say("response.done", active, status, reason);
        active = null;
    }

    boolean isIdle() {
        return active == null && beside.isEmpty() && inbound.isEmpty() && outbound.isEmpty();
    }

    // ---- what it says

    private void say(String type, Response response, String status, String reason) {
        ObjectNode members = plain(type).putObject("response");
        members.put("id", response.id).put("status", status).set("metadata", response.metadata);
        members.put("conversation_id", response.outOfBand ? null : "conv");
        ObjectNode details = members.putObject("status_details");
        details.put("reason", reason);
        if ("failed".equals(status)) {
            details.putObject("error").put("code", random.nextBoolean() ? "server_error" : "invalid_prompt");
        }
    }

    private void error(JsonNode frame, String code, boolean named) {
        plain("error").putObject("error").put("type", "invalid_request_error").put("code", code)
                .put("param", code.equals("invalid_value") ? "response.x" : null)
                .put("event_id", named ? frame.path("event_id").asText() : null);
    }

    private ObjectNode plain(String type) {
        ObjectNode event = MAPPER.createObjectNode().put("type", type);
        outbound.add(event);
        return event;
    }

    /** The next event on its way to the client, {@code null} if there is none. */
    ObjectNode giveOut() {
        if (outbound.isEmpty()) {
            return null;
        }
        ObjectNode event = outbound.remove(0);
        said.add(event);
        if (said.size() > 20) {
            said.remove(0);
        }
        return event;
    }

    // ---- what no service should do

    private String stranger() {
        return name + "-stranger" + random.nextInt(5);
    }

    void mischief() {
        ObjectNode old = said.isEmpty() ? null : said.get(random.nextInt(said.size())).deepCopy();
        switch (random.nextInt(9)) {
            case 0 -> {
                if (!outbound.isEmpty()) {
                    outbound.remove(0);
                }
            }
            case 1 -> {
                if (old != null) {
                    outbound.add(old);
                }
            }
            case 2 -> {
                if (old != null && old.has("response")) {
                    old.withObject("/response").remove(List.of("id", "metadata"));
                    outbound.add(old);
                }
            }
            case 3 -> {
                if (old != null && old.has("response")) {
                    old.withObject("/response").put("usage", "much").put("status_details", "nonsense").remove("metadata");
                    outbound.add(old);
                }
            }
            case 4 -> plain("response.done").putObject("response").put("id", stranger()).put("status", "completed");
            case 5 -> plain("response.created").putObject("response").put("id", stranger());
            case 6 -> plain("error").putObject("error").put("code", random.nextBoolean()
                    ? "conversation_already_has_active_response" : "invalid_value").put("event_id", "evt_stranger");
            case 7 -> plain("response.done").putNull("response");
            default -> {
                if (outbound.size() > 1) {
                    outbound.add(outbound.remove(0));
                } else if (old != null && old.has("response")) {
                    delta(old.path("response").path("id").asText());
                }
            }
        }
    }
}
