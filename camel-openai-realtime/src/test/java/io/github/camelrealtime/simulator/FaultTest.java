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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

class FaultTest extends WireTest {

    private static final String CLEAR = "{'type':'input_audio_buffer.clear'}";

    @ParameterizedTest(name = "SIM-4 a fault closes with {0} at an event, which is not answered")
    @ValueSource(ints = {1000, 1001, 1011, 1012, 1013, 3000, 4000})
    void close(int code) {
        start(Scenario.builder().fault(Trigger.atClientEvent(2), SessionFaults.close(code, "because")).build());
        Client client = connect(REALTIME);
        client.expectNothingMore();
        client.send(CLEAR);
        assertThat(client.awaitClose()).isEqualTo(code);
        assertThat(session().sent("input_audio_buffer.cleared")).hasSize(1);
    }

    @Test
    @DisplayName("SIM-4 a fault drops the connection in one session only")
    void dropInSession() {
        start(Scenario.builder().fault(Trigger.atClientEvent("input_audio_buffer.clear", 2).inSession(2), SessionFaults.drop()).build());
        Client first = connect(REALTIME);
        Client second = connect(REALTIME);
        first.expectNothingMore();
        first.expectNothingMore();
        second.expectNothingMore();
        second.send(CLEAR);
        assertThat(Client.get(second.failed)).isNotNull();
        first.expectNothingMore();
    }

    @Test
    @DisplayName("SIM-4 a black hole answers nothing more, but keeps the connection")
    void silence() {
        VirtualClock clock = new VirtualClock();
        start(RealtimeSimulator.builder().clock(clock).scenario(Scenario.builder()
                .fault(Trigger.afterServerEvent("response.output_text.delta", 2), SessionFaults.silence())
                .otherwise(Reply.text("one two three four")).stepDelay(Duration.ofMillis(10)).build()));
        Client client = connect(REALTIME);
        client.send("{'type':'response.create','response':{'output_modalities':['text']}}");
        client.expect("response.created");
        clock.advance(Duration.ofHours(2));
        client.await("response.output_text.delta");
        client.await("response.output_text.delta");
        client.send(CLEAR);
        // a second session proves that the first one's frame has been dealt with
        connect(REALTIME).expectNothingMore();
        assertThat(simulator().sessions().get(0).isOpen()).isTrue();
        assertThat(simulator().sessions().get(0).sent("response.output_text.delta")).hasSize(2);
        assertThat(simulator().sessions().get(0).sent("input_audio_buffer.cleared")).isEmpty();
    }

    @Test
    @DisplayName("SIM-4 a stalled reader lets what is sent pile up at the client, and still lets the simulator close")
    void stopReading() {
        start(Scenario.builder().fault(Trigger.atClientEvent(1), SessionFaults.stopReading()).build());
        Client client = connect(REALTIME);
        client.send(CLEAR);
        client.expect("input_audio_buffer.cleared");
        String large = "{'type':'input_audio_buffer.append','audio':'" + "A".repeat(1 << 20) + "'}";
        for (int i = 0; i < 12; i++) {
            client.send(large);
        }
        assertThat(client.socket().queueSize()).isGreaterThan(1 << 20);
        assertThat(session().received("input_audio_buffer.append")).isEmpty();
    }

    @Test
    @DisplayName("SIM-4 a slow reader takes its time for each frame")
    void slowReader() {
        VirtualClock clock = new VirtualClock();
        start(RealtimeSimulator.builder().clock(clock)
                .scenario(Scenario.builder().fault(Trigger.at(Duration.ofSeconds(1)), SessionFaults.readSlowly(Duration.ofSeconds(5))).build()));
        Client client = connect(REALTIME);
        clock.advance(Duration.ofSeconds(1));
        int before = clock.pending();
        client.send(CLEAR);
        client.send(CLEAR);
        client.expect("input_audio_buffer.cleared");
        await().until(() -> clock.pending() == before + 1);
        assertThat(session().received("input_audio_buffer.clear")).hasSize(1);
        clock.advance(Duration.ofSeconds(5));
        client.expect("input_audio_buffer.cleared");
    }

    @Test
    @DisplayName("SIM-4 malformed JSON, a binary frame, an unknown event and a text of one's own, then life goes on")
    void strangeFrames() {
        start(Scenario.builder().fault(Trigger.atClientEvent(1), SessionFaults.malformedJson())
                .fault(Trigger.atClientEvent(1), SessionFaults.binary(16))
                .fault(Trigger.atClientEvent(1), SessionFaults.unknownEvent())
                .fault(Trigger.atClientEvent(1), SessionFaults.text("{\"type\":\"mine\"}")).build());
        Client client = connect(REALTIME);
        client.send(CLEAR);
        client.expect("not json", "session.weather.updated", "mine", "input_audio_buffer.cleared");
        assertThat(client.binaries).containsExactly(16);
    }

    @ParameterizedTest(name = "SIM-4 one frame of about {0} bytes from the ordinary server")
    @ValueSource(ints = {66_000, 12 * 1024 * 1024})
    void largeFrame(int bytes) {
        start(Scenario.builder().fault(Trigger.atClientEvent(1), SessionFaults.largeFrame(bytes)).build());
        Client client = connect(REALTIME);
        client.send(CLEAR);
        assertThat(client.expect("conversation.item.retrieved").at("/item/content/0/audio").asText()).hasSize(bytes / 4 * 4);
        client.expect("input_audio_buffer.cleared");
    }

    @Test
    @DisplayName("SIM-4 a flood arrives whole and in order")
    void flood() {
        start(Scenario.builder().fault(Trigger.atClientEvent(1), SessionFaults.flood(5_000)).build());
        Client client = connect(REALTIME);
        client.send(CLEAR);
        for (int i = 0; i < 5_000; i++) {
            assertThat(client.next().path("audio_start_ms").asInt(-1)).isEqualTo(i);
        }
        client.expect("input_audio_buffer.cleared");
    }

    @Test
    @DisplayName("SIM-4 late events come after those behind them, and nothing gets lost")
    void late() {
        VirtualClock clock = new VirtualClock();
        lawlessOnPurpose();
        start(RealtimeSimulator.builder().clock(clock)
                .scenario(Scenario.builder().lateEvery(3, Duration.ofSeconds(1)).rateLimits(false).build()));
        Client client = connect(REALTIME);
        client.send("{'type':'response.create','response':{'output_modalities':['text']}}");
        client.expect("response.created");
        client.expect("conversation.item.added");
        assertThat(client.await("response.output_item.done")).isNotNull();
        clock.advance(Duration.ofSeconds(1));
        client.await("response.output_item.added");
    }

    @Test
    @DisplayName("SIM-4 latency is drawn from the seed, keeps the order, and is the same each time")
    void latency() {
        List<List<Long>> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            VirtualClock clock = new VirtualClock(0);
            start(RealtimeSimulator.builder().clock(clock).seed(7).scenario(Scenario.builder()
                    .latency(Duration.ofMillis(20), Duration.ofMillis(200)).stepDelay(Duration.ofMillis(10)).build()));
            Client client = dial(request(REALTIME).header("Authorization", "Bearer sk-simulator").build());
            await().until(() -> clock.pending() > 1);
            clock.advance(Duration.ofMillis(200));
            client.expect("session.created");
            client.send("{'type':'response.create','response':{'output_modalities':['text']}}");
            await().until(() -> session().received("response.create").size() == 1 && session().isIdle());
            clock.advance(Duration.ofSeconds(10));
            client.until("response.done");
            List<Frame> frames = session().frames();
            assertThat(frames.stream().filter(frame -> frame.type().equals("session.created")).findFirst().orElseThrow().atMillis())
                    .isBetween(20L, 200L);
            runs.add(frames.stream().map(Frame::atMillis).toList());
            closeAll();
        }
        assertThat(runs.get(0)).isEqualTo(runs.get(1));
    }

    @Test
    @DisplayName("SIM-4 the service's clock may be ahead: expires_at and received_at")
    void clockSkew() {
        VirtualClock clock = new VirtualClock(1_795_248_000_000L);
        start(RealtimeSimulator.builder().clock(clock).scenario(Scenario.builder().clockSkew(Duration.ofMinutes(10))
                .sessionLifetime(Duration.ofSeconds(60)).build()));
        Client client = connect(REALTIME);
        assertThat(session().effectiveConfig().path("expires_at").asLong()).isEqualTo(1_795_248_660L);
        session().dtmf("9");
        JsonNode key = client.expect("input_audio_buffer.dtmf_event_received");
        assertThat(key).isEqualTo(json("{'type':'input_audio_buffer.dtmf_event_received','event':'9','received_at':1795248600}"));
        clock.advance(Duration.ofSeconds(60));
        assertThat(client.awaitClose()).isEqualTo(1001);
    }

    @Test
    @DisplayName("SIM-2 a key press comes by script")
    void dtmf() {
        start(Scenario.builder().fault(Trigger.atClientEvent(1), SessionFaults.dtmf("#")).build());
        Client client = connect(REALTIME);
        client.send(CLEAR);
        assertThat(client.expect("input_audio_buffer.dtmf_event_received").path("event").asText()).isEqualTo("#");
    }

    @Test
    @DisplayName("SIM-2 question 8: an idle session may be closed")
    void idle() {
        VirtualClock clock = new VirtualClock();
        start(RealtimeSimulator.builder().clock(clock).scenario(Scenario.builder().closeWhenIdle(Duration.ofSeconds(20)).build()));
        Client client = connect(REALTIME);
        clock.advance(Duration.ofSeconds(19));
        client.expectNothingMore();
        clock.advance(Duration.ofSeconds(19));
        client.expectNothingMore();
        clock.advance(Duration.ofSeconds(20));
        assertThat(client.awaitClose()).isEqualTo(1001);
    }

    @Test
    @DisplayName("SIM-4 a fault is counted from one")
    void counting() {
        assertThatIllegalArgumentException().isThrownBy(() -> Trigger.atClientEvent(0));
    }
}
