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

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.SessionClosedException;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Frame;
import io.github.camelrealtime.simulator.Frame.Direction;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SimulatedSession;
import io.github.camelrealtime.simulator.VirtualClock;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.camelrealtime.RealtimeCamel.await;
import static org.assertj.core.api.Assertions.assertThat;

class SessionReadyTest {

    private static final int PIECE_BYTES = 4_800;

    private final VirtualClock simulatorClock = new VirtualClock();

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel(builder -> builder.clock(simulatorClock));

    @Test
    @DisplayName("CONN-5 audio and text given before session.updated wait for it, then arrive complete and in order")
    void earlyInputWaits() throws Exception {
        camel.scenario(Scenario.builder().delaySessionUpdated(Duration.ofSeconds(3)).build());
        camel.start(
                route -> route.from("direct:audio").to("openai-realtime:support?operation=append-audio&turnDetection=none"),
                route -> route.from("direct:text").to("openai-realtime:support?operation=send-text&createResponse=false"));
        SimulatedSession server = camel.server(0);
        await().until(() -> server.received("session.update").size() == 1);

        byte[] audio = new byte[15 * PIECE_BYTES];
        new Random(1).nextBytes(audio);
        List<CompletableFuture<Exchange>> given = new ArrayList<>();
        for (int piece = 0; piece < 15; piece++) {
            byte[] bytes = new byte[PIECE_BYTES];
            System.arraycopy(audio, piece * PIECE_BYTES, bytes, 0, PIECE_BYTES);
            given.add(camel.tell("direct:audio", bytes));
            if (piece % 5 == 4) {
                given.add(camel.tell("direct:text", "after piece " + piece));
            }
        }
        assertThat(camel.session("support").status().queuedAudioMillis()).isEqualTo(1_500);
        assertThat(given).noneMatch(CompletableFuture::isDone);
        assertThat(types(server)).containsExactly("session.update");

        simulatorClock.advance(Duration.ofSeconds(3));
        for (CompletableFuture<Exchange> exchange : given) {
            assertThat(RealtimeCamel.done(exchange).getException()).isNull();
        }
        await().untilAsserted(() -> assertThat(received(server)).hasSize(7));
        List<Frame> frames = server.frames();
        int updated = indexOf(frames, "session.updated");
        assertThat(frames.subList(0, updated)).filteredOn(frame -> frame.direction() == Direction.RECEIVED)
                .extracting(Frame::type).containsExactly("session.update");
        assertThat(received(server)).containsExactlyElementsOf(audioAndText(audio));
    }

    /** What is expected on the wire, appends joined. */
    private static List<String> audioAndText(byte[] audio) {
        List<String> expected = new ArrayList<>();
        expected.add("session.update");
        for (int third = 0; third < 3; third++) {
            byte[] part = new byte[5 * PIECE_BYTES];
            System.arraycopy(audio, third * part.length, part, 0, part.length);
            expected.add("audio " + Base64.getEncoder().encodeToString(part));
            expected.add("after piece " + (third * 5 + 4));
        }
        return expected;
    }

    private static List<String> received(SimulatedSession server) {
        List<String> received = new ArrayList<>();
        ByteArrayOutputStream audio = new ByteArrayOutputStream();
        for (Frame frame : server.frames()) {
            if (frame.direction() != Direction.RECEIVED) {
                continue;
            }
            if (frame.type().equals("input_audio_buffer.append")) {
                audio.writeBytes(Base64.getDecoder().decode(frame.json().path("audio").asText()));
                continue;
            }
            if (audio.size() > 0) {
                received.add("audio " + Base64.getEncoder().encodeToString(audio.toByteArray()));
                audio.reset();
            }
            JsonNode text = frame.json().at("/item/content/0/text");
            received.add(text.isTextual() ? text.textValue() : frame.type());
        }
        return received;
    }

    @Test
    @DisplayName("CONN-5 a configuration that is not confirmed in time fails the attempt; the next one is made, and no more")
    void unconfirmedConfiguration() throws Exception {
        VirtualClock clock = new VirtualClock();
        camel.component().setTimers(new VirtualTimers(clock));
        camel.scenario(Scenario.builder().withholdSessionUpdated().build());
        camel.options().setMaxReconnectAttempts(2);
        camel.start(route -> route.from("direct:text").to("openai-realtime:support?operation=send-text&outputModalities=text"));
        CompletableFuture<Exchange> asked = camel.ask("direct:text", "Hello");

        for (int attempt = 0; attempt < 2; attempt++) {
            SimulatedSession server = camel.server(attempt);
            await().until(() -> !server.received("session.update").isEmpty());
            clock.advance(Duration.ofMillis(9_999));
            assertThat(camel.session("support").state()).isEqualTo(SessionState.CONFIGURING);
            clock.advance(Duration.ofMillis(1));
            await().until(() -> !server.isOpen());
            clock.advance(Duration.ofMillis(500));
        }
        assertThat(RealtimeCamel.done(asked).getException()).isInstanceOf(SessionClosedException.class)
                .hasMessageContaining("sessionReadyTimeout");
        assertThat(camel.session("support").state()).isEqualTo(SessionState.FAILED);
        assertThat(camel.simulator().sessions()).hasSize(2);
    }

    @Test
    @DisplayName("CONN-5 a configuration that the service refuses is not tried again, and its reason is told")
    void refusedConfiguration() throws Exception {
        camel.scenario(Scenario.builder().refuseSessionUpdate("invalid_value").build());
        camel.start(route -> route.from("direct:text").to("openai-realtime:support?operation=send-text&outputModalities=text"));

        assertThat(RealtimeCamel.done(camel.ask("direct:text", "Hello")).getException())
                .isInstanceOf(SessionClosedException.class).hasMessageContaining("invalid_value");
        RealtimeSession session = camel.awaitState("support", SessionState.FAILED);
        assertThat(session.status().failure().isFatal()).isTrue();
        assertThat(camel.simulator().handshakes()).hasSize(1);
    }

    @Test
    @DisplayName("CONN-6 with nothing to configure no session.update is sent: session.created means ready")
    void nothingToConfigure() throws Exception {
        camel.start(route -> route.from("direct:text").to("openai-realtime:support?operation=send-text"));

        assertThat(camel.template().requestBody("direct:text", "Hello", String.class)).contains("Hello");
        assertThat(types(camel.server(0))).containsExactly("conversation.item.create", "response.create");
    }

    private static List<String> types(SimulatedSession server) {
        return server.frames().stream().filter(frame -> frame.direction() == Direction.RECEIVED).map(Frame::type).toList();
    }

    private static int indexOf(List<Frame> frames, String type) {
        return frames.stream().map(Frame::type).toList().indexOf(type);
    }
}
