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
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SimulatedSession;
import io.github.camelrealtime.simulator.fault.Fault;
import io.github.camelrealtime.simulator.fault.Faults;
import io.github.camelrealtime.simulator.fault.RawFrame;
import io.github.camelrealtime.simulator.fault.RawWebSocketServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

class UnknownEventTest {

    private static final String GOOD = "{\"type\":\"input_audio_buffer.speech_started\",\"event_id\":\"event_good\","
            + "\"audio_start_ms\":0,\"item_id\":\"item_raw\"}";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();

    @Test
    @DisplayName("CONN-18 an event type nobody knows is routed with all its members, as map and as raw text")
    void unknownType() throws Exception {
        Received raw = new Received();
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=brand.*").process(received),
                route -> route.from("openai-realtime:support?eventTypes=brand.*&dataFormat=raw").process(raw));
        camel.awaitState("support", SessionState.READY);
        String frame = "{\"event_id\":\"event_1\",\"type\":\"brand.new\",\"deep\":{\"list\":[1,null,\"x\"]}}";
        camel.server(0).send(frame);

        assertThat(received.await("brand.new").body()).isEqualTo(new ObjectMapper().readValue(frame, Map.class));
        assertThat(raw.await("brand.new").body()).isEqualTo(frame);
    }

    @Test
    @DisplayName("CONN-18 a service that mixes in unknown types and members everywhere is understood all the same")
    void unknownMembersEverywhere() throws Exception {
        camel.scenario(Scenario.builder().unknownEvents(true).build());
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=all").process(received),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text&outputModalities=text"));
        assertThat(camel.template().requestBody("direct:ask", "Hello", String.class)).contains("Hello");

        SimulatedSession server = camel.server(0);
        received.await("response.done");
        assertThat(received.types()).filteredOn(type -> !type.startsWith("camel."))
                .containsSubsequence("session.created", "session.updated", "response.created", "response.done");
        long sent = server.frames().stream().filter(frame -> frame.json().path("type").asText().equals("response.done")).count();
        assertThat(received.ofType("response.done")).hasSize((int) sent);
        assertThat(received.types()).doesNotContain("camel.error.malformed");
    }

    @Test
    @DisplayName("CONN-18 no JSON, no type, a binary frame: each is an error event, and the session goes on")
    void unreadableFrames() throws Exception {
        Fault fault = Faults.configured(connection -> {
            connection.sendText("{\"type\":\"response.output_text.delta\",\"delta\":");
            connection.sendText("not JSON at all");
            connection.sendText("[1,2,3]");
            connection.sendText("{\"event_id\":\"event_untyped\"}");
            connection.sendText("{\"type\":17}");
            connection.send(new RawFrame(true, 2, "binary".getBytes(StandardCharsets.UTF_8)));
            connection.sendText(GOOD);
            connection.serveUntilClosed();
        });
        try (RawWebSocketServer server = RawWebSocketServer.start(fault)) {
            camel.connectTo(server.baseUrl());
            camel.start(route -> route.from("openai-realtime:support?eventTypes=error,input_audio_buffer.*&turnDetection=none")
                    .process(received));

            received.await("input_audio_buffer.speech_started");
            assertThat(received.ofType("camel.error.malformed")).hasSize(6)
                    .allSatisfy(event -> assertThat((String) ((Map<?, ?>) event.body()).get("reason")).isNotBlank());
            assertThat(received.types()).hasSize(7);
            assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
            assertThat(camel.session("support").status().malformedFrames()).isEqualTo(6);
            assertThat(server.accepted()).isEqualTo(1);
            camel.context().stop();
        }
    }
}
