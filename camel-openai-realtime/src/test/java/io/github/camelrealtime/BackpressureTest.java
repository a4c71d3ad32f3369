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

import java.util.Base64;
import java.util.concurrent.CountDownLatch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.SimulatedSession;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class BackpressureTest {

    private static final int QUEUE = 100;
    private static final int ROUNDS = 40;
    private static final int DELTAS_PER_ROUND = 50;
    private static final String DELTA = "response.output_audio.delta";
    private static final String FINAL = "response.output_audio_transcript.done";
    private static final String TOOL_CALL = "response.function_call_arguments.done";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final CountDownLatch blocked = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final Received slow = new Received();
    private final Received other = new Received();

    @ParameterizedTest
    @ValueSource(strings = { "drop-oldest", "drop-newest" })
    @DisplayName("FLOW-4 FLOW-6 a flood of deltas on a blocked route loses no final and no tool call; holes, headers, counter agree")
    void flood(String strategy) throws Exception {
        SimulatedSession server = start("&queueSize=" + QUEUE + "&backpressureStrategy=" + strategy);
        long total = 0;
        try {
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < DELTAS_PER_ROUND; i++) {
                    server.send(delta(round * DELTAS_PER_ROUND + i, 48));
                    // the first one is in the route, so all that follow find the same room
                    blocked.await();
                    total++;
                }
                server.send(event(FINAL, round).put("transcript", "Final " + round));
                server.send(event(TOOL_CALL, round).put("call_id", "call_" + round).put("name", "f").put("arguments", "{}"));
                total += 2;
            }
            long all = total;
            await().atMost(RealtimeCamel.PATIENCE).untilAsserted(() -> assertThat(
                    1 + consumer().getQueuedEvents() + consumer().getDroppedEvents()).isEqualTo(all));
            assertThat(consumer().getQueuedEvents()).isEqualTo(QUEUE + 2 * ROUNDS);
        } finally {
            release.countDown();
        }
        slow.await(TOOL_CALL, ROUNDS);
        other.await(TOOL_CALL, ROUNDS);
        assertThat(slow.ofType(FINAL)).extracting(Received.Event::body)
                .containsExactlyElementsOf(other.ofType(FINAL).stream().map(Received.Event::body).toList());
        assertThat(slow.ofType(FINAL)).hasSize(ROUNDS);
        assertThat(slow.ofType(TOOL_CALL)).hasSize(ROUNDS);

        long previous = 0;
        long announced = 0;
        for (Received.Event event : slow.events()) {
            long sequence = (Long) event.header(OpenAIRealtimeConstants.SEQUENCE);
            Object dropped = event.header(OpenAIRealtimeConstants.DROPPED);
            long hole = sequence - previous - 1;
            assertThat(dropped).isEqualTo(hole == 0 ? null : (Object) hole);
            announced += hole;
            previous = sequence;
        }
        assertThat(previous).isEqualTo(total);
        assertThat(announced).isEqualTo(total - slow.events().size()).isEqualTo(consumer().getDroppedEvents())
                .isEqualTo((long) ROUNDS * DELTAS_PER_ROUND - slow.ofType(DELTA).size());
        assertThat(slow.types()).containsOnly(DELTA, FINAL, TOOL_CALL);
        // which ones stayed
        String lastDelta = (String) slow.ofType(DELTA).get(slow.ofType(DELTA).size() - 1).header(OpenAIRealtimeConstants.EVENT_ID);
        assertThat(lastDelta).isEqualTo("event_" + ("drop-oldest".equals(strategy) ? ROUNDS * DELTAS_PER_ROUND - 1 : QUEUE));
    }

    @Test
    @DisplayName("FLOW-5 the socket is read on while a route is blocked: 25 MB more than any buffer reach another consumer")
    void socketIsRead() throws Exception {
        int deltas = 400;
        SimulatedSession server = start("");
        try {
            for (int i = 0; i < deltas; i++) {
                server.send(delta(i, 48_000));
                if (i % 50 == 0) {
                    // the simulator can hold 16 MiB: what is further back than that has been read
                    int read = i - 50;
                    await().atMost(RealtimeCamel.PATIENCE).until(() -> other.ofType(DELTA).size() >= read);
                }
            }
            server.send(event(FINAL, 0).put("transcript", "The end"));
            blocked.await();
            other.await(FINAL);
            assertThat(other.ofType(DELTA)).hasSize(deltas);
            assertThat(slow.events()).isEmpty();
            assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
        } finally {
            release.countDown();
        }
        slow.await(FINAL);
        assertThat(slow.ofType(DELTA)).hasSize(deltas);
    }

    @Test
    @DisplayName("FLOW-6 what waits, what was dropped and what was unreadable is counted and exposed")
    void counters() throws Exception {
        SimulatedSession server = start("&queueSize=1&backpressureStrategy=drop-newest");
        try {
            server.send(delta(0, 48));
            blocked.await();
            for (int i = 1; i <= 6; i++) {
                server.send(delta(i, 48));
            }
            server.send("this is no JSON");
            await().atMost(RealtimeCamel.PATIENCE).until(() -> camel.session("support").status().malformedFrames() == 1);
            assertThat(consumer().getQueuedEvents()).isEqualTo(1);
            assertThat(consumer().getDroppedEvents()).isEqualTo(5);
            assertThat(consumer().getSessionNames()).containsExactly("support");
            assertThat(camel.session("support").status().receivedEvents()).isGreaterThanOrEqualTo(7);
        } finally {
            release.countDown();
        }
        slow.await(2);
        await().atMost(RealtimeCamel.PATIENCE).until(() -> consumer().getQueuedEvents() == 0);
        assertThat(consumer().getDroppedEvents()).isEqualTo(5);
    }

    private SimulatedSession start(String options) throws Exception {
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=response.*" + options).routeId("slow").process(exchange -> {
                    blocked.countDown();
                    release.await();
                }).process(slow),
                route -> route.from("openai-realtime:support?eventTypes=response.*&queueSize=100000").process(other));
        camel.awaitState("support", SessionState.READY);
        return camel.server(0);
    }

    private SessionConsumer consumer() {
        return (SessionConsumer) camel.context().getRoute("slow").getConsumer();
    }

    private static ObjectNode delta(int number, int bytes) {
        return event(DELTA, 0).put("event_id", "event_" + number).put("delta", Base64.getEncoder().encodeToString(new byte[bytes]));
    }

    private static ObjectNode event(String type, int item) {
        return JsonNodeFactory.instance.objectNode().put("type", type).put("event_id", type + item).put("response_id", "resp_1")
                .put("item_id", "item_" + item).put("output_index", 0).put("content_index", 0);
    }
}
