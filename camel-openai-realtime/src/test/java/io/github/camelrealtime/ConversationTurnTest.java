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
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.Received.Event;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.SimulatedSession;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.camelrealtime.TranscriptFrames.answerDone;
import static io.github.camelrealtime.TranscriptFrames.completed;
import static io.github.camelrealtime.TranscriptFrames.delta;
import static io.github.camelrealtime.TranscriptFrames.mark;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

class ConversationTurnTest {

    private static final String SESSION = "openai-realtime:support?transcriptionModel=gpt-4o-transcribe&turnDetection=none"
                                          + "&transcriptOrdering=arrival&drainTimeout=100";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();
    private final Received sorted = new Received();

    @Test
    @DisplayName("TRX-8 overlapping turns, both transcripts after their answers: with turn and speech start on both sides a resequencer "
                 + "puts them in the order in which they were said; TRX-9 the answers have not waited")
    void overlappingTurns() throws Exception {
        camel.start(
                route -> route.from(SESSION + "&eventTypes=transcript,x.mark").process(received)
                        .filter(exchange -> !"x.mark".equals(exchange.getMessage().getHeader(OpenAIRealtimeConstants.EVENT_TYPE)))
                        .to("direct:sort"),
                route -> route.from("direct:sort").resequence(route.header(OpenAIRealtimeConstants.TURN_ORDER)).batch().size(4)
                        .timeout(60_000).process(sorted));
        camel.awaitState("support", SessionState.READY);
        SimulatedSession server = camel.server(0);
        server.send(speechStarted("item_u1", 1_000));
        server.send(committed("item_u1", null));
        server.send(responseCreated("resp_1"));
        // the user speaks on before the model has said a word, and its answer is still one to the first question
        server.send(speechStarted("item_u2", 5_000));
        server.send(itemAdded("resp_1", "item_a1"));
        server.send(committed("item_u2", "item_u1"));
        server.send(answerDone("item_a1", "First answer."));
        server.send(responseCreated("resp_2"));
        server.send(itemAdded("resp_2", "item_a2"));
        server.send(answerDone("item_a2", "Second answer.").put("response_id", "resp_2"));
        server.send(completed("item_u2", "Second question?"));
        server.send(completed("item_u1", "First question?"));
        server.send(mark());
        received.await("x.mark");

        assertThat(received.events().subList(0, 4))
                .extracting(Event::body, event -> event.header(OpenAIRealtimeConstants.TURN),
                        event -> event.header(OpenAIRealtimeConstants.SPEECH_START_MS),
                        event -> event.header(OpenAIRealtimeConstants.ROLE))
                .containsExactly(
                        tuple("First answer.", 1L, 1_000L, "assistant"), tuple("Second answer.", 2L, 5_000L, "assistant"),
                        tuple("Second question?", 2L, 5_000L, "user"), tuple("First question?", 1L, 1_000L, "user"));
        assertThat(sorted.await(4)).extracting(Event::body)
                .containsExactly("First question?", "First answer.", "Second question?", "Second answer.");
    }

    @Test
    @DisplayName("TRX-8 a typed message begins a turn, a greeting comes before the first, words that stream ahead of their commit "
                 + "count from their first sight, and a second response of a turn belongs to it")
    void everySortOfTurn() throws Exception {
        camel.start(route -> route.from(SESSION + "&eventTypes=all").process(received));
        camel.awaitState("support", SessionState.READY);
        SimulatedSession server = camel.server(0);
        Stream.of(
                responseCreated("resp_0"), itemAdded("resp_0", "item_hello"), responseDone("resp_0"),
                typed("item_typed"), responseCreated("resp_1"), itemAdded("resp_1", "item_call"), responseDone("resp_1"),
                responseCreated("resp_2"), itemAdded("resp_2", "item_answer"), responseDone("resp_2"),
                delta("item_ahead", "And"), committed("item_ahead", "item_answer"), responseCreated("resp_3"), mark())
                .forEach(server::send);
        received.await("x.mark");

        assertThat(turnsOf("item_hello")).containsOnly(0L);
        assertThat(turnsOf("item_typed")).containsOnly(1L);
        assertThat(turnsOf("item_call")).containsOnly(1L);
        assertThat(turnsOf("item_answer")).containsOnly(1L);
        assertThat(turnsOf("item_ahead")).containsOnly(2L);
        assertThat(received.ofType("response.created")).extracting(event -> event.header(OpenAIRealtimeConstants.TURN))
                .containsExactly(0L, 1L, 1L, 2L);
        assertThat(Stream.of("item_hello", "item_typed", "item_call", "item_answer", "item_ahead")
                .map(item -> (Long) ofItem(item).get(0).header(OpenAIRealtimeConstants.TURN_ORDER)))
                .as("the order is strict").isSorted().doesNotHaveDuplicates();
    }

    private List<Object> turnsOf(String itemId) {
        return ofItem(itemId).stream().map(event -> event.header(OpenAIRealtimeConstants.TURN)).toList();
    }

    private List<Event> ofItem(String itemId) {
        return received.events().stream().filter(event -> itemId.equals(event.header(OpenAIRealtimeConstants.ITEM_ID))).toList();
    }

    // ---- frames

    private static ObjectNode event(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type).put("event_id", "event_x");
    }

    private static ObjectNode speechStarted(String itemId, int startMillis) {
        return event("input_audio_buffer.speech_started").put("audio_start_ms", startMillis).put("item_id", itemId);
    }

    private static ObjectNode committed(String itemId, String previous) {
        return event("input_audio_buffer.committed").put("previous_item_id", previous).put("item_id", itemId);
    }

    private static ObjectNode responseCreated(String responseId) {
        return response("response.created", responseId, "in_progress");
    }

    private static ObjectNode responseDone(String responseId) {
        return response("response.done", responseId, "completed");
    }

    private static ObjectNode response(String type, String responseId, String status) {
        ObjectNode event = event(type);
        event.putObject("response").put("id", responseId).put("status", status).putArray("output");
        return event;
    }

    private static ObjectNode itemAdded(String responseId, String itemId) {
        ObjectNode event = event("response.output_item.added").put("response_id", responseId).put("output_index", 0);
        event.putObject("item").put("id", itemId).put("type", "message").put("role", "assistant").putArray("content");
        return event;
    }

    private static ObjectNode typed(String itemId) {
        ObjectNode event = event("conversation.item.added").putNull("previous_item_id");
        event.putObject("item").put("id", itemId).put("type", "message").put("role", "user").putArray("content");
        return event;
    }
}
