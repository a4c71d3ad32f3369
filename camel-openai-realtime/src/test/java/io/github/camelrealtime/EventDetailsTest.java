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
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.Received.Event;
import io.github.camelrealtime.event.EventExamples;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Reply;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SimulatedSession;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.github.camelrealtime.TranscriptFrames.completed;
import static io.github.camelrealtime.TranscriptFrames.delta;
import static io.github.camelrealtime.TranscriptFrames.failed;
import static io.github.camelrealtime.TranscriptFrames.mark;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.tuple;

/** What single events have that others have not. */
class EventDetailsTest {

    private static final String SESSION = "openai-realtime:support?transcriptionModel=gpt-4o-transcribe&turnDetection=none"
                                          + "&transcriptOrdering=arrival&drainTimeout=100";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();

    private SimulatedSession start(String options) throws Exception {
        camel.start(route -> route.from(SESSION + "&" + options).process(received));
        camel.awaitState("support", SessionState.READY);
        return camel.server(0);
    }

    @Test
    @DisplayName("TRX-15 a diarised segment is text with speaker, times and id; a header says that the label holds for the epoch")
    void segment() throws Exception {
        SimulatedSession server = start("eventTypes=transcript,x.mark");
        server.send(event("conversation.item.input_audio_transcription.segment").put("item_id", "item_1").put("content_index", 0)
                .put("id", "seg_1").put("speaker", "A").put("text", "Good morning.").put("start", 0.4).put("end", 1.6));
        Event segment = received.await("conversation.item.input_audio_transcription.segment");

        assertThat(segment.body()).isEqualTo("Good morning.");
        assertThat(segment.headers())
                .containsEntry(OpenAIRealtimeConstants.SPEAKER, "A")
                .containsEntry(OpenAIRealtimeConstants.SPEAKER_SCOPE, "epoch")
                .containsEntry(OpenAIRealtimeConstants.EPOCH, 1)
                .containsEntry(OpenAIRealtimeConstants.SEGMENT_ID, "seg_1")
                .containsEntry(OpenAIRealtimeConstants.AUDIO_START_MS, 400L)
                .containsEntry(OpenAIRealtimeConstants.AUDIO_END_MS, 1_600L)
                .containsEntry(OpenAIRealtimeConstants.ITEM_ID, "item_1");
    }

    @Test
    @DisplayName("TRX-11 confidence is the geometric mean of the tokens' probabilities; below minConfidence a transcript is marked and "
                 + "still routed; without log probabilities there is neither")
    void confidence() throws Exception {
        SimulatedSession server = start("eventTypes=transcript,transcript-partial,x.mark&transcriptionLogprobs=true&minConfidence=0.6");
        server.send(withLogprobs(completed("item_sure", "Yes."), -0.1, -0.3));
        server.send(withLogprobs(delta("item_unsure", "Mum"), -2));
        server.send(withLogprobs(completed("item_unsure", "Mumble."), -2, -1, 0));
        server.send(completed("item_plain", "Who knows."));
        ObjectNode odd = completed("item_odd", "Odd.");
        odd.putArray("logprobs").addObject().put("token", "Odd").put("logprob", "none");
        server.send(odd);
        server.send(mark());
        received.await("x.mark");

        assertThat(confidenceOf("item_sure")).isEqualTo(Math.exp(-0.2), offset(1e-9));
        assertThat(confidenceOf("item_unsure")).isEqualTo(Math.exp(-1), offset(1e-9));
        assertThat(finals()).extracting(Event::body, event -> event.header(OpenAIRealtimeConstants.LOW_CONFIDENCE))
                .containsExactly(tuple("Yes.", false), tuple("Mumble.", true), tuple("Who knows.", null), tuple("Odd.", null));
        assertThat(confidenceOf("item_plain")).isNull();
        assertThat(confidenceOf("item_odd")).isNull();
        assertThat(received.ofType(TranscriptFrames.USER_DELTA)).singleElement().satisfies(partial -> assertThat(partial.headers())
                .doesNotContainKey(OpenAIRealtimeConstants.CONFIDENCE));
    }

    private Double confidenceOf(String itemId) {
        return (Double) finals().stream().filter(event -> itemId.equals(event.header(OpenAIRealtimeConstants.ITEM_ID))).findFirst()
                .orElseThrow().header(OpenAIRealtimeConstants.CONFIDENCE);
    }

    private List<Event> finals() {
        return received.ofType(TranscriptFrames.USER_FINAL);
    }

    private static ObjectNode withLogprobs(ObjectNode event, double... logprobs) {
        event.putArray("logprobs");
        for (double logprob : logprobs) {
            event.withArray("logprobs").addObject().put("token", "x").put("logprob", logprob);
        }
        return event;
    }

    @ParameterizedTest
    @CsvSource({ "-0.1", "1.01", "NaN" })
    @DisplayName("TRX-11 a threshold that is no probability fails at start-up")
    void minConfidenceRange(String value) {
        assertThat(camel.startFailure("openai-realtime:support?minConfidence=" + value))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll("minConfidence", value, "0 to 1");
    }

    @ParameterizedTest
    @CsvSource({ "1000, hangup", "1011, lost", "1006, lost" })
    @DisplayName("TRX-13 the service closes because the caller has hung up, or the connection breaks: partial words are routed, marked "
                 + "as not final and with the reason, before the end of the session")
    void closedByService(int code, String reason) throws Exception {
        SimulatedSession server = start("reconnect=false&eventTypes=camel.transcript.*,camel.session.*,transcript-partial");
        server.send(delta("item_1", "I would "));
        server.send(delta("item_1", "like"));
        received.await(TranscriptFrames.USER_DELTA, 2);
        server.close(code, "bye");

        Event abandoned = received.await(TranscriptFrames.ABANDONED);
        assertThat(abandoned.body()).isEqualTo("I would like");
        assertThat(abandoned.headers()).containsEntry(OpenAIRealtimeConstants.TRANSCRIPT_FINAL, false)
                .containsEntry(OpenAIRealtimeConstants.TRANSCRIPT_REASON, reason)
                .containsEntry(OpenAIRealtimeConstants.ROLE, "user");
        received.await("camel.session.failed");
        assertThat(received.types()).endsWith(TranscriptFrames.ABANDONED, "camel.session.failed");
    }

    @ParameterizedTest
    @CsvSource({ "audio", "text" })
    @DisplayName("TRX-7 what was said is put together per item and per response, spoken or written; a preamble is an item of its own and "
                 + "not part of the answer")
    void aggregation(String modality) throws Exception {
        camel.scenario(Scenario.builder().otherwise(Reply.nothing().andCommentary("Let me see.").andText("It is nine.")).build());
        camel.start(
                route -> route.from(SESSION + "&eventTypes=response.output_item.done,response.done,text&outputModalities=" + modality)
                        .process(received),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));
        camel.template().requestBody("direct:ask", "What time is it?");
        received.await("response.done");

        assertThat(received.ofType("response.output_item.done"))
                .extracting(event -> event.header(OpenAIRealtimeConstants.TEXT), event -> event.header(OpenAIRealtimeConstants.PHASE),
                        event -> event.header(OpenAIRealtimeConstants.ROLE))
                .containsExactly(tuple("Let me see.", "commentary", "assistant"), tuple("It is nine.", "final_answer", "assistant"));
        assertThat(received.await("response.done").header(OpenAIRealtimeConstants.TEXT)).isEqualTo("It is nine.");
        boolean written = modality.equals("text");
        assertThat(received.ofType("response.output_text.done")).extracting(Event::body)
                .containsExactlyElementsOf(written ? List.of("Let me see.", "It is nine.") : List.of());
        assertThat(received.ofType("response.output_text.delta").isEmpty()).isEqualTo(!written);
    }

    @Test
    @DisplayName("CONN-18 arguments come with the name of the tool and the id of its call, from the first piece on; an MCP call "
                 + "with the tool's name, an approval request with its type")
    void tools() throws Exception {
        SimulatedSession server = start("eventTypes=response.*,conversation.*,mcp,x.mark");
        EventExamples.frames().stream()
                .filter(frame -> frame.contains("item_f1") || frame.contains("item_m1") || frame.contains("item_p1"))
                .forEach(server::send);
        server.send(mark());
        received.await("x.mark");

        for (String type : List.of("response.function_call_arguments.delta", "response.function_call_arguments.done")) {
            assertThat(received.await(type).headers()).containsEntry(OpenAIRealtimeConstants.TOOL_NAME, "find_train")
                    .containsEntry(OpenAIRealtimeConstants.TOOL_CALL_ID, "call_9aX")
                    .containsEntry(OpenAIRealtimeConstants.ITEM_TYPE, "function_call");
        }
        for (String type : List.of("response.mcp_call_arguments.done", "response.mcp_call.completed", "response.mcp_call.failed")) {
            assertThat(received.await(type).headers()).containsEntry(OpenAIRealtimeConstants.TOOL_NAME, "lookup")
                    .containsEntry(OpenAIRealtimeConstants.ITEM_TYPE, "mcp_call")
                    .doesNotContainKey(OpenAIRealtimeConstants.TOOL_CALL_ID);
        }
        assertThat(received.events()).filteredOn(event -> "item_p1".equals(event.header(OpenAIRealtimeConstants.ITEM_ID)))
                .isNotEmpty().allSatisfy(event -> assertThat(event.header(OpenAIRealtimeConstants.ITEM_TYPE))
                        .isEqualTo("mcp_approval_request"));
    }

    @Test
    @DisplayName("ERR-5 the word error stands for failures without an error event too: responses, transcriptions, MCP calls and imports; "
                 + "T-45")
    void failuresWithoutErrorEvent() throws Exception {
        SimulatedSession server = start("eventTypes=error,x.mark");
        server.send(response("resp_1", "completed"));
        server.send(response("resp_2", "failed"));
        server.send(response("resp_3", "cancelled"));
        server.send(response("resp_4", "incomplete"));
        server.send(failed("item_1", "audio_unintelligible"));
        server.send(event("response.mcp_call.failed").put("item_id", "item_2").put("output_index", 0));
        server.send(event("mcp_list_tools.failed").put("item_id", "item_3"));
        server.send(mark());
        received.await("x.mark");

        assertThat(received.types()).containsExactly("camel.response.failed", "response.done", "response.done",
                TranscriptFrames.USER_FAILED, "response.mcp_call.failed", "mcp_list_tools.failed", "x.mark");
        assertThat(received.headers(OpenAIRealtimeConstants.RESPONSE_STATUS)).containsExactly("failed", "incomplete");
    }

    @ParameterizedTest
    @CsvSource(value = {
            "{'type':'http_error','code':502,'message':'Bad gateway'} | 502",
            "{'type':'protocol_error','code':'bad_request','message':'No.'} | bad_request",
            "{'type':'tool_execution_error','message':'No.'} | tool_execution_error" }, delimiter = '|', quoteCharacter = '^')
    @DisplayName("ERR-5 the reason why an MCP call failed is a header of its finished item, whatever form it has")
    void mcpErrors(String error, String code) throws Exception {
        SimulatedSession server = start("eventTypes=response.output_item.done");
        ObjectNode done = event("response.output_item.done").put("response_id", "resp_1").put("output_index", 0);
        done.putObject("item").put("id", "item_1").put("type", "mcp_call").put("name", "lookup")
                .set("error", EventExamples.parse(error.replace('\'', '"')));
        server.send(done);
        assertThat(received.await("response.output_item.done").header(OpenAIRealtimeConstants.ERROR_CODE)).isEqualTo(code);
    }

    @Test
    @DisplayName("SIP-7, T-54 a key that the caller pressed is routed without an event id; no log, not even at TRACE, says which")
    void dtmf() throws Exception {
        try (LogCapture log = LogCapture.of("io.github.camelrealtime", Level.TRACE)) {
            SimulatedSession server = start("eventTypes=all");
            Stream.of("7", "#").forEach(key -> server.send(JsonNodeFactory.instance.objectNode()
                    .put("type", "input_audio_buffer.dtmf_event_received").put("event", key).put("received_at", 1_795_248_042L)));
            received.await("input_audio_buffer.dtmf_event_received", 2);
            assertThat(received.ofType("input_audio_buffer.dtmf_event_received"))
                    .extracting(event -> event.header(OpenAIRealtimeConstants.DTMF_EVENT)).containsExactly("7", "#");
            assertThat(received.ofType("input_audio_buffer.dtmf_event_received")).allSatisfy(event -> {
                assertThat(event.headers()).doesNotContainKey(OpenAIRealtimeConstants.EVENT_ID);
                assertThat((Map<?, ?>) event.body()).extracting("received_at").isEqualTo(1_795_248_042);
            });
            assertThat(log.messages()).noneMatch(message -> message.contains("1795248042") || message.contains("\"event\":\"7\""));
        }
    }

    private static ObjectNode response(String id, String status) {
        ObjectNode event = event("response.done");
        event.putObject("response").put("id", id).put("status", status).putArray("output");
        return event;
    }

    private static ObjectNode event(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type).put("event_id", "event_x");
    }
}
