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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.session.RealtimeException;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Frame.Direction;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static io.github.camelrealtime.RealtimeCamel.await;
import static org.assertj.core.api.Assertions.assertThat;

class ClientEventRefusedTest {

    private static final String AUDIO = Base64.getEncoder().encodeToString(new byte[9_600]);

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    /** What the wire reference (§8) allows over a WebSocket. */
    private static final Map<String, Set<String>> ALLOWED = Map.of(
            "realtime", Set.of("session.update", "input_audio_buffer.append", "input_audio_buffer.commit",
                    "input_audio_buffer.clear", "conversation.item.create", "conversation.item.delete",
                    "conversation.item.retrieve", "conversation.item.truncate", "response.create", "response.cancel"),
            "transcription", Set.of("session.update", "input_audio_buffer.append", "input_audio_buffer.commit",
                    "input_audio_buffer.clear"));

    static Stream<Arguments> everyEventInEverySession() {
        return ALLOWED.keySet().stream().sorted().flatMap(session -> new TreeSet<>(EventTypes.clientTypes()).stream()
                .map(type -> Arguments.of(session, type, ALLOWED.get(session).contains(type))));
    }

    @ParameterizedTest(name = "CFG-12 {1} in a {0} session: {2}")
    @MethodSource("everyEventInEverySession")
    @DisplayName("CFG-12 every client event in every session by send-event: what is valid there the service accepts, the rest is "
                 + "refused before it is sent")
    void matrix(String sessionType, String type, boolean allowed) throws Exception {
        camel.start(route -> route.from("direct:event")
                .to("openai-realtime:support?operation=send-event&sessionType=" + sessionType
                    + "&turnDetection=none&segmentation=false"));
        camel.awaitState("support", SessionState.READY);
        Map<String, Object> event = new HashMap<>(Map.of("type", type, "event_id", "the_one"));
        event.putAll(membersOf(type, allowed));
        if (type.equals("input_audio_buffer.commit")) {
            send(Map.of("type", "input_audio_buffer.append", "audio", AUDIO));
        }
        Exchange sent = RealtimeCamel.done(camel.tell("direct:event", event));

        if (allowed) {
            assertThat(sent.getException()).isNull();
        } else {
            assertThat(sent.getException()).isInstanceOf(RealtimeException.class).hasMessageContainingAll(type, sessionType);
        }
        // what comes after it has been answered, so it would have been too
        send(Map.of("type", "input_audio_buffer.clear", "event_id", "last"));
        await().until(() -> camel.server(0).received("input_audio_buffer.clear").stream().anyMatch(ClientEventRefusedTest::isLast)
                && camel.server(0).isIdle());
        assertThat(camel.server(0).frames().stream().filter(frame -> frame.direction() == Direction.RECEIVED)
                .filter(frame -> frame.json().path("event_id").asText().equals("the_one"))).hasSize(allowed ? 1 : 0);
        // that nothing is there to be cancelled is no complaint about the event's form
        assertThat(camel.server(0).sent("error")).extracting(error -> error.at("/error/code").asText())
                .isSubsetOf("response_cancel_not_active");
        assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
    }

    private static boolean isLast(JsonNode event) {
        return event.path("event_id").asText().equals("last");
    }

    private Map<String, Object> membersOf(String type, boolean allowed) throws Exception {
        return switch (type) {
            case "input_audio_buffer.append", "session.input_audio_buffer.append" -> Map.of("audio", AUDIO);
            case "session.update" -> Map.of("session", Map.of("include", List.of()));
            case "conversation.item.create" -> Map.of("item", Map.of("type", "message", "role", "user",
                    "content", List.of(Map.of("type", "input_text", "text", "Hello"))));
            case "conversation.item.delete", "conversation.item.retrieve" -> Map.of("item_id", allowed ? answer() : "item_1");
            case "conversation.item.truncate" -> Map.of("item_id", allowed ? answer() : "item_1", "content_index", 0,
                    "audio_end_ms", 1);
            default -> Map.of();
        };
    }

    /** Has the model answer, and gives the item of the answer. */
    private String answer() throws Exception {
        send(Map.of("type", "response.create"));
        await().until(() -> !camel.server(0).sent("response.done").isEmpty());
        return camel.server(0).sent("response.output_item.added").get(0).at("/item/id").asText();
    }

    private void send(Map<String, Object> event) throws Exception {
        assertThat(RealtimeCamel.done(camel.tell("direct:event", event)).getException()).isNull();
    }

    @Test
    @DisplayName("CFG-11, CFG-12 the body of create-response is looked at too: Beta members are refused, modalities put right, and "
                 + "the route's own body stays as it was")
    void createResponse() throws Exception {
        camel.start(
                route -> route.from("openai-realtime:support?turnDetection=none").process(new Received()),
                route -> route.from("direct:create").to("openai-realtime:support?operation=create-response"));
        camel.awaitState("support", SessionState.READY);
        Exchange refused = RealtimeCamel.done(camel.tell("direct:create", Map.of("temperature", 0.8)));
        assertThat(refused.getException()).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("response.temperature");
        assertThat(camel.server(0).received("response.create")).isEmpty();

        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putArray("modalities").add("text");
        ObjectNode before = body.deepCopy();
        assertThat(RealtimeCamel.done(camel.tell("direct:create", body)).getException()).isNull();
        await().until(() -> !camel.server(0).received("response.create").isEmpty());
        JsonNode sent = camel.server(0).received("response.create").get(0).path("response");
        assertThat(sent.path("output_modalities").toString()).isEqualTo("[\"text\"]");
        assertThat(sent.has("modalities")).isFalse();
        assertThat(body).isEqualTo(before);
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
