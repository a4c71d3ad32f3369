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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class DirectFaultTest extends DirectTest {

    private static final String ASK = "{'type':'response.create','response':{'output_modalities':['text']}}";
    private static final String CLOSED = "closed 1001 " + SimulatedSession.EXPIRED;

    @ParameterizedTest(name = "SIM-4 a session that expires by {0}, at a shortened life that expires_at tells")
    @EnumSource(Expiry.class)
    void expiry(Expiry how) {
        start(Scenario.builder().sessionLifetime(Duration.ofSeconds(90)).expiry(how));
        dial("sk-simulator");
        assertThat(frames.get(0).at("/session/expires_at").asLong()).isEqualTo(VirtualClock.DEFAULT_START / 1000 + 90);
        pass(89);
        assertThat(heard).hasSize(2);
        pass(1);
        switch (how) {
            case ERROR_AND_CLOSE -> assertThat(heard.subList(2, 4)).containsExactly("error", CLOSED);
            case CLOSE -> assertThat(heard.subList(2, 3)).containsExactly(CLOSED);
            case ERROR -> {
                assertThat(frames.get(1).at("/error/code").asText()).isEqualTo("session_expired");
                send(CLEAR);
                pass(3600);
                assertThat(heard).containsExactly("opened", "session.created", "error");
                assertThat(connection.isOpen()).isTrue();
            }
        }
    }

    @Test
    @DisplayName("SIM-4 clients are let in and closed out, so many in a row, before their session begins")
    void acceptAndClose() {
        start(Scenario.builder().acceptAndClose(2, 1013, "try again").acceptAndClose(1, 1006, ""));
        for (int i = 0; i < 4; i++) {
            dial("sk-simulator");
        }
        assertThat(heard).containsExactly("opened", "closed 1013 try again", "opened", "closed 1013 try again",
                "opened", "dropped", "opened", "session.created");
        assertThat(simulator.handshakes()).allMatch(handshake -> handshake.status() == 101).hasSize(4);
    }

    @Test
    @DisplayName("SIM-4 a hole towards the service: nothing is done; a hole towards the client: all is done and nothing comes")
    void holes() {
        start(Scenario.builder().fault(Trigger.atClientEvent(1).inSession(1), SessionFaults.deaf())
                .fault(Trigger.atClientEvent(1).inSession(2), SessionFaults.mute()));
        dial("sk-simulator");
        send(CLEAR);
        send(CLEAR);
        assertThat(connection.session().received("input_audio_buffer.clear")).hasSize(1);
        simulator.sessions().get(0).dtmf("5");
        settle();
        assertThat(heard).containsExactly("opened", "session.created", "input_audio_buffer.dtmf_event_received");
        dial("sk-simulator");
        send("{'type':'session.update','session':{'type':'realtime','instructions':'Be brief.'}}");
        assertThat(heard).endsWith("opened", "session.created");
        assertThat(connection.session().effectiveConfig().path("instructions").asText()).isEqualTo("Be brief.");
    }

    @Test
    @DisplayName("SIM-4 the next few events of a type are lost or late, as told, and only they")
    void tampering() {
        start(Scenario.builder().fault(Trigger.atClientEvent(1), SessionFaults.lose("input_audio_buffer.cleared", 2))
                .fault(Trigger.atClientEvent(4), SessionFaults.delay("input_audio_buffer.cleared", 1, Duration.ofSeconds(5))));
        dial("sk-simulator");
        send(CLEAR);
        send(CLEAR);
        assertThat(heard).hasSize(2);
        send(CLEAR);
        assertThat(heard).hasSize(3);
        send(CLEAR);
        send("{'type':'nonsense'}");
        assertThat(heard).hasSize(4).endsWith("error");
        pass(5);
        assertThat(heard).hasSize(5).endsWith("input_audio_buffer.cleared");
    }

    @Test
    @DisplayName("SIM-4 a transcript that is lost, and a session.updated that is late, in one session of two")
    void lostTranscript() {
        start(Scenario.builder().fault(Trigger.atClientEvent(1).inSession(1),
                SessionFaults.delay("session.updated", 1, Duration.ofSeconds(2))));
        dial("sk-simulator");
        send("{'type':'session.update','session':{'type':'realtime','instructions':'x'}}");
        dial("sk-simulator");
        send("{'type':'session.update','session':{'type':'realtime','instructions':'x'}}");
        assertThat(heard).containsExactly("opened", "session.created", "opened", "session.created", "session.updated");
        pass(2);
        assertThat(heard).endsWith("session.updated", "session.updated");
    }

    @Test
    @DisplayName("SIM-4 nonsense is the same for the same seed, another for another, and has every kind")
    void nonsense() {
        start(Scenario.builder());
        List<String> frames = new Nonsense(7).frames(400);
        assertThat(new Nonsense(7).frames(400)).isEqualTo(frames);
        assertThat(new Nonsense(8).frames(400)).isNotEqualTo(frames);
        assertThat(frames).contains("null", "[]").anyMatch(frame -> frame.contains("response.done") && frame.contains("_nobody"))
                .anyMatch(frame -> frame.contains("no base64")).anyMatch(frame -> frame.contains("\"item_id\":null"))
                .anyMatch(frame -> frame.contains("[[[[[[[[")).anyMatch(frame -> frame.length() > 20_000);
        // nothing of it says that the session is over
        assertThat(frames).noneMatch(frame -> frame.contains("session_expired"));
    }

    @Test
    @DisplayName("SIM-4 a session that talks nonsense goes on with what it does otherwise")
    void nonsenseInBetween() {
        start(Scenario.builder().fault(Trigger.atClientEvent("response.create", 1), SessionFaults.nonsense(3, 50)));
        dial("sk-simulator");
        send(ASK);
        assertThat(heard).hasSizeGreaterThan(52).endsWith("response.output_item.done", "response.done", "rate_limits.updated");
        assertThat(connection.session().frames()).filteredOn(Frame::scripted).hasSize(50);
    }

    @Test
    @DisplayName("SIM-4 faults and fates in YAML")
    void yaml() throws IOException {
        String text = String.join("\n", "session-lifetime: 1m", "expiry: close", "accept-and-close: {code: 1013, reason: later}",
                "faults:", "  - {at-client-event: 1, in-session: 2, do: {lose: {type: input_audio_buffer.cleared}}}",
                "  - {at-client-event: 2, in-session: 2, do: {delay: {type: input_audio_buffer.cleared, by: 5s}}}",
                "  - {at-client-event: 3, in-session: 2, do: {nonsense: {seed: 1, frames: 3}}}",
                "  - {at-client-event: 1, in-session: 3, do: deaf}", "  - {at-client-event: 1, in-session: 4, do: mute}",
                "  - {at-client-event: 1, in-session: 5, do: {expire: error}}", "");
        start(Scenario.fromYaml(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))));
        dial("sk-simulator");
        assertThat(heard).containsExactly("opened", "closed 1013 later");
        heard.clear();
        dial("sk-simulator");
        send(CLEAR);
        send(CLEAR);
        assertThat(heard).containsExactly("opened", "session.created");
        pass(5);
        assertThat(heard).hasSize(3);
        send(CLEAR);
        assertThat(heard).hasSize(7);
        for (int session = 3; session <= 5; session++) {
            dial("sk-simulator");
            send(CLEAR);
            send(CLEAR);
        }
        assertThat(heard.subList(7, heard.size())).containsExactly("opened", "session.created", "opened", "session.created",
                "opened", "session.created", "error");
        pass(60);
        assertThat(heard).contains(CLOSED).doesNotContain("dropped");
    }
}
