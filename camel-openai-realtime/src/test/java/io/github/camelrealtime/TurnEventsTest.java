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

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelrealtime.simulator.Reply;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import io.github.camelrealtime.simulator.TranscriptionScript;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Turns as a whole, as routes get them. */
class TurnEventsTest {

    private static final String TURN = "camel.turn.completed";
    private static final String TURNS = "openai-realtime:support?turnDetection=none&eventTypes=" + TURN;
    private static final String TRANSCRIBED = "&transcriptionModel=gpt-live-transcribe";
    private static final String ASK = "openai-realtime:support?operation=send-text";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();

    @TempDir
    Path directory;

    @Test
    @DisplayName("TRX-16 a typed question and its answer are one event, with headers for routes that look at nothing else")
    void typed() throws Exception {
        camel.start(route -> route.from(TURNS).process(received), route -> route.from("direct:ask").to(ASK));
        Exchange asked = RealtimeCamel.done(camel.ask("direct:ask", "Hello"));
        Received.Event turn = received.await(TURN);
        assertThat(turn.headers())
                .containsEntry(OpenAIRealtimeConstants.TURN, 1L)
                .containsEntry(OpenAIRealtimeConstants.TURN_COMPLETED, true)
                .containsEntry(OpenAIRealtimeConstants.INTERRUPTED, false)
                .containsEntry(OpenAIRealtimeConstants.TEXT, asked.getMessage().getBody(String.class))
                .containsEntry(OpenAIRealtimeConstants.DEDUPLICATION_ID, camel.server(0).id() + ":turn:1:1")
                .containsEntry(OpenAIRealtimeConstants.SESSION_NAME, "support")
                .containsEntry(OpenAIRealtimeConstants.EPOCH, 1)
                .containsEntry(OpenAIRealtimeConstants.SEQUENCE, 1L)
                .containsKey(OpenAIRealtimeConstants.TOTAL_TOKENS)
                .doesNotContainKeys(OpenAIRealtimeConstants.STATUS_REASON, OpenAIRealtimeConstants.ITEM_ID);
        JsonNode body = body(turn);
        assertThat(body.at("/user/0/text").asText()).isEqualTo("Hello");
        assertThat(body.at("/responses/0/status").asText()).isEqualTo("completed");
        assertThat(body.path("usage").path("total_tokens").asInt())
                .isEqualTo(turn.header(OpenAIRealtimeConstants.TOTAL_TOKENS));
    }

    @Test
    @DisplayName("TRX-16 push to talk: the turn waits for the user's final and comes behind it; the words have their place in the audio")
    void pushToTalk() throws Exception {
        camel.scenario(Scenario.builder().next(Reply.text("One."), Reply.text("Two.")).build());
        camel.start(
                route -> route.from(TURNS + ",transcript" + TRANSCRIBED).process(received),
                route -> route.from("direct:talk").to("openai-realtime:support?operation=append-audio")
                        .to("openai-realtime:support?operation=end-turn"));
        RealtimeCamel.done(camel.ask("direct:talk", SyntheticSpeech.pcm(500)));
        received.await(TURN);
        RealtimeCamel.done(camel.ask("direct:talk", SyntheticSpeech.pcm(700)));
        JsonNode second = body(received.await(TURN, 2));
        assertThat(second.at("/user/0/outcome").asText()).isEqualTo("final");
        assertThat(second.at("/user/0/text").asText()).isEqualTo("samples 12000..28800");
        assertThat(second.at("/user/0/stream_start_ms").asLong()).isEqualTo(500);
        assertThat(second.at("/user/0/stream_end_ms").asLong()).isEqualTo(1200);
        assertThat(second.path("text").asText()).isEqualTo("Two.");
        assertThat(second.path("completed").asBoolean()).isTrue();
        assertThat(received.types().indexOf(TURN)).as("behind both finals of the first turn: %s", received.types()).isEqualTo(2);
        assertThat(received.ofType(TURN)).extracting(event -> event.header(OpenAIRealtimeConstants.TURN)).containsExactly(1L, 2L);
    }

    @Test
    @DisplayName("TRX-16 a call of a function and its answer belong to the turn that caused them")
    void tools() throws Exception {
        camel.scenario(Scenario.builder().onToolOutput("nine", Reply.text("At nine."))
                .otherwise(Reply.functionCall("lookup", "{}", "call_1")).build());
        camel.start(
                route -> route.from(TURNS).process(received),
                route -> route.from("direct:ask").to(ASK),
                route -> route.from("openai-realtime:support?turnDetection=none&eventTypes=response.done")
                        .filter(exchange -> exchange.getMessage().getHeader(OpenAIRealtimeConstants.TEXT) == null)
                        .setBody(route.constant(Map.of("type", "conversation.item.create", "item", Map.of(
                                "type", "function_call_output", "call_id", "call_1", "output", "nine"))))
                        .to("openai-realtime:support?operation=send-event")
                        .setBody(route.constant(Map.of("type", "response.create")))
                        .to("openai-realtime:support?operation=send-event"));
        camel.tell("direct:ask", "When is the next train?");
        JsonNode turn = body(received.await(TURN));
        assertThat(turn.path("completed").asBoolean()).as(turn.toString()).isTrue();
        assertThat(turn.path("text").asText()).isEqualTo("At nine.");
        assertThat(turn.path("responses")).hasSize(2);
        assertThat(turn.at("/tools/0/name").asText()).isEqualTo("lookup");
        assertThat(turn.at("/tools/0/call_id").asText()).isEqualTo("call_1");
        assertThat(turn.at("/tools/0/status").asText()).isEqualTo("answered");
        assertThat(received.ofType(TURN)).hasSize(1);
    }

    @Test
    @DisplayName("TRX-16 a greeting is turn 0, without a user")
    void greeting() throws Exception {
        camel.start(route -> route.from(TURNS + "&greeting=Say hello").process(received));
        JsonNode turn = body(received.await(TURN));
        assertThat(turn.path("turn").asLong()).isZero();
        assertThat(turn.path("user")).isEmpty();
        assertThat(turn.path("text").asText()).isNotEmpty();
    }

    @Test
    @DisplayName("TRX-16 ROLL-13 the connection breaks under an answer: the turn is told of, not completed; the next is a whole one")
    void cut() throws Exception {
        camel.options().setReconnectInterval(1L);
        camel.scenario(Scenario.builder().onText("long", Reply.text("A long story").endless())
                .otherwise(Reply.text("Short.")).build());
        camel.start(
                route -> route.from(TURNS + "," + TranscriptFrames.ANSWER_DELTA).process(received),
                route -> route.from("direct:ask").to(ASK));
        camel.tell("direct:ask", "A long one, please");
        received.await(TranscriptFrames.ANSWER_DELTA);
        camel.server(0).abort();
        Received.Event lost = received.await(TURN);
        assertThat(lost.headers())
                .containsEntry(OpenAIRealtimeConstants.TURN_COMPLETED, false)
                .containsEntry(OpenAIRealtimeConstants.STATUS_REASON, "reconnecting");
        RealtimeCamel.done(camel.ask("direct:ask", "And now?"));
        JsonNode next = body(received.await(TURN, 2));
        assertThat(next.path("completed").asBoolean()).isTrue();
        assertThat(next.path("turn").asLong()).isEqualTo(2);
        assertThat(next.path("epochs").toString()).isEqualTo("[2]");
    }

    @Test
    @DisplayName("TRX-16 TRX-13 hang-up while the transcript is owed: the turn is told of before the session is closed")
    void hangUp() throws Exception {
        camel.scenario(Scenario.builder().transcription(TranscriptionScript.never()).build());
        camel.start(
                route -> route.from(TURNS + ",lifecycle&drainTimeout=100" + TRANSCRIBED).process(received),
                route -> route.from("direct:talk").to("openai-realtime:support?operation=append-audio")
                        .to("openai-realtime:support?operation=end-turn"));
        RealtimeCamel.done(camel.ask("direct:talk", SyntheticSpeech.pcm(500)));
        RealtimeCamel.done(camel.operation("direct:talk", "close-session"));
        received.await("camel.session.closed");
        assertThat(received.types()).containsSubsequence(TURN, "camel.session.closed");
        JsonNode turn = body(received.await(TURN));
        assertThat(turn.path("reason").asText()).isEqualTo("hangup");
        assertThat(turn.at("/user/0/outcome").asText()).isEqualTo("lost");
        assertThat(turn.at("/responses/0/status").asText()).isEqualTo("completed");
    }

    @Test
    @DisplayName("TRX-16 in a transcription session there are no turns: the final of a segment says all there is to say")
    void transcription() throws Exception {
        camel.start(
                route -> route.from("openai-realtime:captions?sessionType=transcription&eventTypes=transcript,turn,lifecycle")
                        .process(received),
                route -> route.from("direct:talk").to("openai-realtime:captions?operation=append-audio&audioFormat=pcm16"
                                                      + "&await=completed"));
        RealtimeCamel.done(camel.tell("direct:talk", new ByteArrayInputStream(SyntheticSpeech.pcm(600))));
        RealtimeCamel.done(camel.operation("direct:talk", "close-session"));
        received.await("camel.session.closed");
        assertThat(received.types()).contains(TranscriptFrames.USER_FINAL).doesNotContain(TURN);
    }

    @Test
    @DisplayName("TRX-16 the route of the guide: every turn is a line of a file")
    void guide() throws Exception {
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=camel.turn.completed&dataFormat=raw")
                        .to("file:" + directory.toUri().getPath() + "?fileName=support.jsonl&fileExist=Append&appendChars=\\n")
                        .process(received),
                route -> route.from("direct:ask").to(ASK));
        RealtimeCamel.done(camel.ask("direct:ask", "One"));
        RealtimeCamel.done(camel.ask("direct:ask", "Two"));
        received.await(2);
        List<String> lines = Files.readAllLines(directory.resolve("support.jsonl"));
        assertThat(lines).hasSize(2);
        assertThat(new ObjectMapper().readTree(lines.get(1)).at("/user/0/text").asText()).isEqualTo("Two");
    }

    private static JsonNode body(Received.Event event) {
        return new ObjectMapper().valueToTree(event.body());
    }
}
