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
import java.util.HashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.session.SessionState;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class SendEventTest {

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @BeforeEach
    void open() throws Exception {
        camel.start(route -> route.from("openai-realtime:support?turnDetection=none").process(new Received()));
        camel.awaitState("support", SessionState.READY);
    }

    private Exchange send(String options, Object body, Map<String, Object> headers) throws Exception {
        return RealtimeCamel.done(camel.send("openai-realtime:support?" + options, ExchangePattern.InOnly, body, headers));
    }

    private JsonNode arrived(String type) {
        await().atMost(RealtimeCamel.PATIENCE).until(() -> !camel.server(0).received(type).isEmpty());
        var all = camel.server(0).received(type);
        return all.get(all.size() - 1);
    }

    @ParameterizedTest
    @ValueSource(strings = { "input_audio_buffer.append", "input_audio_buffer.commit", "input_audio_buffer.clear",
            "response.create" })
    @DisplayName("RESP-17 the event id that a route wants is on the wire, whichever way the event goes")
    void eventId(String type) throws Exception {
        String audio = Base64.getEncoder().encodeToString(new byte[4_800]);
        if (type.endsWith("commit")) {
            send("operation=send-event", Map.of("type", "input_audio_buffer.append", "audio", audio), Map.of());
        }
        Map<String, Object> event = new HashMap<>(Map.of("type", type));
        if (type.endsWith("append")) {
            event.put("audio", audio);
        }
        Exchange done = send("operation=send-event", event, Map.of(OpenAIRealtimeConstants.OVERRIDE_EVENT_ID, "mine"));
        assertThat(done.getException()).isNull();
        assertThat(arrived(type).path("event_id").asText()).isEqualTo("mine");
    }

    @Test
    @DisplayName("CFG-5 session.update without a session is refused")
    void updateOfNothing() throws Exception {
        Exchange refused = send("operation=send-event", Map.of("type", "session.update"), Map.of());
        assertThat(refused.getException()).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("session.update", "'session'");
    }

    @ParameterizedTest
    @ValueSource(strings = { "append-audio", "commit-audio" })
    void awaitResponseHasNoMeaningForAudio(String operation) throws Exception {
        Exchange refused = send("await=response&operation=" + operation, new byte[4_800], Map.of());
        assertThat(refused.getException()).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("await=response").hasMessageContaining(operation);
    }
}
