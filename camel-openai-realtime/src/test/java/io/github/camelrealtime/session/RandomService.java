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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.ServerEvent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A service that answers when it likes, starts responses itself, rejects what comes while one runs, and does not always
 * name the request that an error is about. It watches that two responses asked for by us never meet.
 */
final class RandomService {

    private final Random random;
    private final FakeTransport transport;
    private final Refusals refusals;
    private final ResponseSequencer sequencer;
    private final ManualTimers timers;
    private final Deque<JsonNode> inbound = new ArrayDeque<>();
    private final Deque<ServerEvent> outbound = new ArrayDeque<>();
    private final List<ResponseRequest> requests = new ArrayList<>();
    private final Map<ResponseRequest, Integer> settled = new HashMap<>();
    private final List<String> outOfBand = new ArrayList<>();
    private String active;
    private boolean activeIsOurs;
    private int responses;
    private int rejections;

    RandomService(long seed, FakeTransport transport, Refusals refusals, ResponseSequencer sequencer, ManualTimers timers) {
        this.random = new Random(seed);
        this.transport = transport;
        this.refusals = refusals;
        this.sequencer = sequencer;
        this.timers = timers;
        transport.onSend = inbound::add;
    }

    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            switch (random.nextInt(8)) {
                case 0 -> ask();
                case 1, 2 -> takeIn();
                case 3, 4, 5 -> giveOut();
                case 6 -> end();
                default -> {
                    if (random.nextInt(4) == 0) {
                        startByItself();
                    }
                }
            }
        }
        for (int i = 0; i < 100_000 && sequencer.pending() > 0; i++) {
            takeIn();
            end();
            giveOut();
            if (inbound.isEmpty() && outbound.isEmpty() && active == null) {
                timers.advance(1_000);
            }
        }
        assertThat(sequencer.pending()).isZero();
        assertThat(requests).allMatch(request -> request.done.isDone());
        assertThat(settled.values()).allMatch(times -> times == 1);
        assertThat(settled).hasSameSizeAs(requests);
        assertThat(rejections).as("the service must have had its say").isPositive();
    }

    private void ask() {
        ObjectNode response = JsonNodeFactory.instance.objectNode();
        if (random.nextInt(4) == 0) {
            response.put("conversation", "none");
        }
        ResponseRequest request = new ResponseRequest(null, response, true);
        requests.add(request);
        request.done.whenComplete((done, failure) -> settled.merge(request, 1, Integer::sum));
        sequencer.request(request);
    }

    private void takeIn() {
        JsonNode frame = inbound.poll();
        if (frame == null) {
            return;
        }
        JsonNode response = frame.path("response");
        String metadata = ",'metadata':" + response.path("metadata");
        if (response.path("conversation").asText().equals("none")) {
            String id = "oob" + responses++;
            say("response.created", "{'id':'" + id + "','conversation_id':null" + metadata + "}");
            outOfBand.add("{'id':'" + id + "','status':'completed','conversation_id':null" + metadata + "}");
        } else if (random.nextInt(20) == 0) {
            error(frame, "invalid_value", true);
        } else if (active != null) {
            assertThat(activeIsOurs).as("two of ours at once").isFalse();
            rejections++;
            error(frame, "conversation_already_has_active_response", random.nextBoolean());
        } else {
            activeIsOurs = true;
            begin(metadata);
        }
    }

    private void startByItself() {
        if (active == null) {
            activeIsOurs = false;
            begin("");
        }
    }

    private void begin(String metadata) {
        String id = "r" + responses++;
        active = "{'id':'" + id + "','conversation_id':'conv'" + metadata + ",'status':'completed'}";
        say("response.created", "{'id':'" + id + "','conversation_id':'conv'" + metadata + "}");
    }

    private void end() {
        if (!outOfBand.isEmpty() && random.nextBoolean()) {
            say("response.done", outOfBand.remove(random.nextInt(outOfBand.size())));
        } else if (active != null) {
            say("response.done", active);
            active = null;
        }
    }

    private void say(String type, String response) {
        outbound.add(Events.of("{'type':'" + type + "','response':" + response + "}"));
    }

    private void error(JsonNode frame, String code, boolean named) {
        outbound.add(Events.of("{'type':'error','error':{'type':'invalid_request_error','code':'" + code + "','param':'response.x',"
                               + "'event_id':" + (named ? "'" + frame.path("event_id").asText() + "'" : "null") + "}}"));
    }

    private void giveOut() {
        ServerEvent event = outbound.poll();
        if (event == null) {
            return;
        }
        if (!event.getType().equals("error")) {
            sequencer.onEvent(event);
            return;
        }
        JsonNode error = event.getJson().path("error");
        String id = error.path("event_id").asText(null);
        String code = error.path("code").asText();
        var addressee = refusals.take(id, code, error.path("param").asText(), null);
        if (addressee != null) {
            addressee.test(new RequestRefusedException("s", "invalid_request_error", code, "no", null, id));
        }
    }
}
