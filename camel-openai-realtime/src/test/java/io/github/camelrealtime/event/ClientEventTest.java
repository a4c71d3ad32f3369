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
package io.github.camelrealtime.event;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ClientEventTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    @DisplayName("RESP-17 every event gets a short event id of its own")
    void uniqueIds() {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            for (ClientEvent event : List.of(ClientEvent.commit(), ClientEvent.userText("x"), ClientEvent.of("a.b"))) {
                assertThat(ids.add(event.getEventId())).isTrue();
                assertThat(event.getEventId()).hasSizeLessThan(32);
            }
        }
    }

    @Test
    @DisplayName("RESP-17 an id the caller brought stays; null and absent ones are made up for")
    void keepsTheCallersId() {
        assertThat(ClientEvent.parse("{\"event_id\":\"mine\",\"type\":\"response.create\"}").getEventId()).isEqualTo("mine");
        assertThat(ClientEvent.commit().with("event_id", "mine").toJson())
                .isEqualTo("{\"type\":\"input_audio_buffer.commit\",\"event_id\":\"mine\"}");
        assertThat(ClientEvent.parse("{\"event_id\":null,\"type\":\"response.create\"}").getEventId()).startsWith("evt_");
        String longest = "x".repeat(512);
        assertThat(ClientEvent.of("a.b").with("event_id", longest).getEventId()).isEqualTo(longest);
    }

    @ParameterizedTest
    @ValueSource(strings = { "{\"type\":\"a.b\",\"event_id\":5}", "{\"type\":\"a.b\",\"event_id\":\" \"}" })
    @DisplayName("RESP-17 an id the service would refuse is refused here")
    void refusesBadIds(String json) {
        assertThatThrownBy(() -> ClientEvent.parse(json)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("event_id");
        assertThatThrownBy(() -> ClientEvent.of("a.b").with("event_id", "x".repeat(513)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("513").hasMessageContaining("512");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "", "secret", "[]", "{}", "{\"type\":null}", "{\"type\":1}", "{\"type\":\" \"}", "{\"type\":\"a.b\"} {}" })
    void refusesWhatIsNoEvent(String json) {
        assertThatThrownBy(() -> ClientEvent.parse(json)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void factoriesWriteWhatTheServiceReads() {
        ObjectNode session = MAPPER.createObjectNode().put("type", "realtime");
        ObjectNode item = MAPPER.createObjectNode().put("type", "message");
        assertThat(without(ClientEvent.commit())).isEqualTo("{\"type\":\"input_audio_buffer.commit\"}");
        assertThat(without(ClientEvent.clear())).isEqualTo("{\"type\":\"input_audio_buffer.clear\"}");
        assertThat(without(ClientEvent.sessionUpdate(session)))
                .isEqualTo("{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\"}}");
        assertThat(without(ClientEvent.userText("Hi \"you\""))).isEqualTo(
                "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\",\"role\":\"user\","
                        + "\"content\":[{\"type\":\"input_text\",\"text\":\"Hi \\\"you\\\"\"}]}}");
        assertThat(without(ClientEvent.responseCreate(null))).isEqualTo("{\"type\":\"response.create\"}");
        assertThat(without(ClientEvent.responseCreate(MAPPER.createObjectNode())))
                .isEqualTo("{\"type\":\"response.create\",\"response\":{}}");
        assertThat(without(ClientEvent.responseCancel(null))).isEqualTo("{\"type\":\"response.cancel\"}");
        assertThat(without(ClientEvent.responseCancel("resp_1")))
                .isEqualTo("{\"type\":\"response.cancel\",\"response_id\":\"resp_1\"}");
        assertThat(without(ClientEvent.itemCreate(item, "root"))).isEqualTo(
                "{\"type\":\"conversation.item.create\",\"previous_item_id\":\"root\",\"item\":{\"type\":\"message\"}}");
        assertThat(without(ClientEvent.of("conversation.item.truncate").with("item_id", "i").with("content_index", 0)
                .with("audio_end_ms", 1480L).with("flag", true))).isEqualTo(
                        "{\"type\":\"conversation.item.truncate\",\"item_id\":\"i\",\"content_index\":0,\"audio_end_ms\":1480,"
                                + "\"flag\":true}");
    }

    @Test
    void javaNullLeavesOutAndJsonNullIsSent() {
        ClientEvent event = ClientEvent.of("a.b").with("x", "1");
        assertThat(without(event.with("x", (String) null))).isEqualTo("{\"type\":\"a.b\"}");
        assertThat(without(event.with("x", NullNode.getInstance()))).isEqualTo("{\"type\":\"a.b\",\"x\":null}");
    }

    @Test
    void isImmutable() {
        ObjectNode session = MAPPER.createObjectNode().put("voice", "cedar");
        ClientEvent event = ClientEvent.sessionUpdate(session);
        String before = event.toJson();
        session.put("voice", "marin");
        event.getJson().put("type", "changed");
        event.with("extra", "1");
        assertThat(event.toJson()).isEqualTo(before);

        ObjectNode own = MAPPER.createObjectNode().put("type", "a.b");
        own.putObject("x").put("y", 1);
        ClientEvent copied = ClientEvent.of(own);
        own.withObject("/x").put("y", 2);
        assertThat(copied.getJson().at("/x/y").intValue()).isEqualTo(1);
    }

    @Test
    void refusesAnotherType() {
        assertThatThrownBy(() -> ClientEvent.commit().with("type", "response.create"))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("type");
    }

    @Test
    void printsNoContent() {
        assertThat(ClientEvent.userText("my diagnosis").with("event_id", "e1"))
                .hasToString("ClientEvent[conversation.item.create, event e1]");
    }

    private static String without(ClientEvent event) {
        ObjectNode json = event.getJson();
        assertThat(json.remove("event_id").textValue()).isEqualTo(event.getEventId());
        return json.toString();
    }
}
