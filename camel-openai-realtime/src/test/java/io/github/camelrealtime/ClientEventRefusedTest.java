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

import java.util.List;
import java.util.Map;

import io.github.camelrealtime.session.RealtimeException;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Frame.Direction;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.github.camelrealtime.RealtimeCamel.await;
import static org.assertj.core.api.Assertions.assertThat;

class ClientEventRefusedTest {

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @ParameterizedTest(name = "CFG-12 {1} in a {0} session: {2}")
    @CsvSource({
            "realtime, conversation.item.create, true", "realtime, response.cancel, true", "realtime, session.update, true",
            "realtime, input_audio_buffer.clear, true", "realtime, output_audio_buffer.clear, false",
            "realtime, session.input_audio_buffer.append, false", "realtime, session.close, false",
            "transcription, session.update, true", "transcription, input_audio_buffer.clear, true",
            "transcription, response.create, false", "transcription, response.cancel, false",
            "transcription, conversation.item.create, false", "transcription, output_audio_buffer.clear, false" })
    @DisplayName("CFG-12 an event that is not valid in the session or on the transport is refused before it is sent")
    void matrix(String sessionType, String type, boolean allowed) throws Exception {
        camel.start(route -> route.from("direct:event")
                .to("openai-realtime:support?operation=send-event&sessionType=" + sessionType + "&turnDetection=none&segmentation=false"));
        camel.awaitState("support", SessionState.READY);
        Map<String, Object> event = Map.of("type", type, "session", Map.of("include", List.of()), "item", Map.of("type", "message", "role", "user",
                "content", List.of(Map.of("type", "input_text", "text", "Hello"))));
        Exchange sent = RealtimeCamel.done(camel.tell("direct:event", event));

        if (allowed) {
            assertThat(sent.getException()).isNull();
        } else {
            assertThat(sent.getException()).isInstanceOf(RealtimeException.class).hasMessageContainingAll(type, sessionType);
        }
        // what comes after it has arrived, so it would have too
        RealtimeCamel.done(camel.tell("direct:event", Map.of("type", "input_audio_buffer.clear", "event_id", "last")));
        await().until(() -> camel.server(0).received("input_audio_buffer.clear").stream()
                .anyMatch(clear -> clear.path("event_id").asText().equals("last")));
        assertThat(camel.server(0).frames().stream().filter(frame -> frame.direction() == Direction.RECEIVED)
                .filter(frame -> frame.type().equals(type)).filter(frame -> !frame.json().path("event_id").asText().equals("last")))
                .hasSize(allowed ? firstUpdates(type) + 1 : 0);
        assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
    }

    /** How many updates the session has sent by itself. */
    private static int firstUpdates(String type) {
        return type.equals("session.update") ? 1 : 0;
    }

    @Test
    @DisplayName("CFG-12 send-text in a transcription session is refused, with the kind of session it needs")
    void textInTranscription() throws Exception {
        camel.start(route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text&sessionType=transcription"));
        Exchange refused = RealtimeCamel.done(camel.ask("direct:ask", "Hello"));
        assertThat(refused.getException()).isInstanceOf(RealtimeException.class).hasMessageContaining("transcription session");
    }

    @Test
    @DisplayName("CFG-12 what is no event is refused without repeating it")
    void noEvent() throws Exception {
        camel.start(route -> route.from("direct:event").to("openai-realtime:support?operation=send-event"));
        for (Object body : new Object[] { "private words", "{\"no\":\"type\"}", Map.of("type", 3), 17 }) {
            Exchange refused = RealtimeCamel.done(camel.tell("direct:event", body));
            assertThat(refused.getException()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("type");
            assertThat(refused.getException().getMessage()).doesNotContain("private words");
        }
    }
}
