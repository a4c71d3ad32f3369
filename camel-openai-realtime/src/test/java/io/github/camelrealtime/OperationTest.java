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
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Reply;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class OperationTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ITEM = "conversation.item.create";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @ParameterizedTest
    @CsvSource({ "InOnly, ''", "InOut, &await=sent", "InOut, &await=none", "InOnly, &await=none" })
    @DisplayName("RESP-16 send-text that is not to wait goes on without the answer and leaves the body alone")
    void doesNotWait(ExchangePattern pattern, String await) throws Exception {
        camel.scenario(Scenario.builder().otherwise(Reply.text("never").endless()).build());
        start("operation=send-text" + await);
        Exchange told = RealtimeCamel.done(camel.send("direct:in", pattern, "Hello", Map.of()));
        assertThat(told.getException()).isNull();
        assertThat(told.getMessage().getBody()).isEqualTo("Hello");
        assertThat(camel.server(0).sent("response.done")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({ "InOut, ''", "InOnly, &await=response" })
    @DisplayName("RESP-16 send-text that is to wait goes on with the answer, its response id and tokens")
    void waits(ExchangePattern pattern, String await) throws Exception {
        camel.scenario(Scenario.builder().otherwise(Reply.text("Good day")).build());
        start("operation=send-text" + await);
        Exchange answered = RealtimeCamel.done(camel.send("direct:in", pattern, "Hello", Map.of()));
        assertThat(answered.getMessage().getBody()).isEqualTo("Good day");
        assertThat(answered.getMessage().getHeaders()).containsKeys(
                OpenAIRealtimeConstants.RESPONSE_ID, OpenAIRealtimeConstants.TOTAL_TOKENS);
        assertThat(answered.getMessage().getHeader(OpenAIRealtimeConstants.RESPONSE_STATUS)).isEqualTo("completed");
    }

    @Test
    @DisplayName("send-event sends a Map, a JsonNode and JSON text alike, with an event id of its own or the header's")
    void sendsEvents() throws Exception {
        start("operation=send-event");
        String text = "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\",\"role\":\"user\","
                      + "\"content\":[{\"type\":\"input_text\",\"text\":\"Hi\"}]}}";
        for (Object body : List.of(JSON.readValue(text, Map.class), JSON.readTree(text), text)) {
            assertThat(RealtimeCamel.done(camel.tell("direct:in", body)).getException()).isNull();
        }
        Exchange named = RealtimeCamel.done(camel.send("direct:in", ExchangePattern.InOnly, text,
                Map.of(OpenAIRealtimeConstants.OVERRIDE_EVENT_ID, "mine")));
        assertThat(named.getMessage().getHeaders()).doesNotContainKey(OpenAIRealtimeConstants.OVERRIDE_EVENT_ID);
        List<JsonNode> items = received(ITEM, 4);
        assertThat(items).extracting(item -> item.path("item").path("id").asText()).as("known by an id of ours, or by the sender's")
                .doesNotHaveDuplicates().doesNotContain("");
        assertThat(items).extracting(item -> ((ObjectNode) item.path("item").deepCopy()).without("id"))
                .containsOnly(JSON.readTree(text).path("item"));
        assertThat(items).extracting(item -> item.path("event_id").asText()).doesNotHaveDuplicates().doesNotContain("")
                .last().isEqualTo("mine");
    }

    @ParameterizedTest
    @ValueSource(strings = { "realtime", "transcription" })
    @DisplayName("session.update by send-event gets the type of its session")
    void updateGetsItsType(String type) throws Exception {
        start("operation=send-event&turnDetection=none&sessionType=" + type);
        int before = camel.server(0).received("session.update").size();
        RealtimeCamel.done(camel.tell("direct:in", "{\"type\":\"session.update\",\"session\":{\"include\":[]}}"));
        assertThat(received("session.update", before + 1).get(before).path("session").path("type").asText()).isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{\"type\":\"session.update\",\"session\":{\"turn_detection\":null}}",
            "{\"type\":\"response.create\",\"response\":{\"voice\":\"alloy\"}}",
            "{\"type\":\"transcription_session.update\",\"session\":{}}" })
    @DisplayName("An event of the Beta is refused before it is sent, with a word on what it is called now")
    void betaIsRefused(String event) throws Exception {
        start("operation=send-event");
        assertRefused(event, "Beta API");
    }

    @ParameterizedTest
    @ValueSource(strings = { "no JSON", "[]", "{\"kind\":\"x\"}" })
    @DisplayName("send-event refuses what is no event")
    void noEvent(String body) throws Exception {
        start("operation=send-event");
        assertRefused(body, "not a client event");
    }

    @Test
    @DisplayName("auto: bytes are audio, a Map and a JsonNode are events, text is said")
    void autoByBody() throws Exception {
        start("turnDetection=none");
        RealtimeCamel.done(camel.tell("direct:in", SyntheticSpeech.pcm(200)));
        received("input_audio_buffer.append", 1);
        RealtimeCamel.done(camel.tell("direct:in", Map.of("type", "input_audio_buffer.clear")));
        received("input_audio_buffer.clear", 1);
        RealtimeCamel.done(camel.tell("direct:in", JSON.readTree("{\"type\":\"input_audio_buffer.clear\"}")));
        received("input_audio_buffer.clear", 2);
        RealtimeCamel.done(camel.tell("direct:in", "{curly, but no JSON}"));
        assertThat(received(ITEM, 1).get(0).at("/item/content/0/text").asText()).isEqualTo("{curly, but no JSON}");
    }

    @Test
    @DisplayName("auto refuses JSON text with a type, which could be meant either way, and bodies it has no use for")
    void autoRefuses() throws Exception {
        start("turnDetection=none");
        assertRefused("{\"type\":\"response.create\"}", "send-event");
        assertRefused(42, "java.lang.Integer");
        assertRefused(null, "empty body");
    }

    private void start(String options) throws Exception {
        camel.start(route -> route.from("direct:in").to("openai-realtime:support?" + options));
        camel.awaitState("support", SessionState.READY);
    }

    private void assertRefused(Object body, String word) throws Exception {
        int before = camel.server(0).frames().size();
        CompletableFuture<Exchange> refused = camel.tell("direct:in", body);
        assertThat(RealtimeCamel.done(refused).getException()).isNotNull().hasMessageContaining(word);
        assertThat(camel.server(0).frames()).hasSize(before);
        assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
    }

    private List<JsonNode> received(String type, int count) {
        await().atMost(RealtimeCamel.PATIENCE).until(() -> camel.server(0).received(type).size() >= count);
        return camel.server(0).received(type);
    }
}
