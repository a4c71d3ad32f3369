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

import java.time.Duration;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Limits, usage and shapes of responses that depend on the model, and the questions nobody outside can answer. */
class ModelLimitsTest extends WireTest {

    private static final String TEXT = "{'type':'response.create','response':{'output_modalities':['text']}}";

    @Test
    @DisplayName("SIM-2 max_output_tokens cuts a response off: incomplete, and so is its item")
    void outputTokens() {
        start(Scenario.builder().otherwise(Reply.text("one two three four five six seven eight nine ten")).build());
        Client client = connect(REALTIME);
        client.send("{'type':'response.create','response':{'output_modalities':['text'],'max_output_tokens':3}}");
        JsonNode response = client.await("response.done").path("response");
        assertThat(response.path("status").asText()).isEqualTo("incomplete");
        assertThat(response.path("status_details")).isEqualTo(json("{'type':'incomplete','reason':'max_output_tokens'}"));
        assertThat(response.at("/output/0/status").asText()).isEqualTo("incomplete");
        assertThat(response.at("/output/0/content/0/text").asText()).isEqualTo("one two three");
        assertThat(response.at("/usage/output_token_details/text_tokens").asInt()).isGreaterThanOrEqualTo(3);
    }

    @Test
    @DisplayName("SIM-2 truncation: the oldest items are left out, by the retention ratio; disabled makes the response fail")
    void truncation() {
        start(Scenario.builder().contextTokens(200).build());
        Client client = connect(REALTIME);
        update(client, "'instructions':''");
        String letters = "x".repeat(400);
        for (int i = 0; i < 3; i++) {
            text(client, letters);
        }
        assertThat(usage(client).path("input_tokens").asInt()).isEqualTo(200);
        update(client, "'truncation':{'type':'retention_ratio','retention_ratio':0.5}");
        assertThat(usage(client).path("input_tokens").asInt()).isLessThanOrEqualTo(100);
        update(client, "'truncation':{'type':'retention_ratio','retention_ratio':1,'token_limits':{'post_instructions':120}}");
        assertThat(usage(client).path("input_tokens").asInt()).isLessThanOrEqualTo(120);
        update(client, "'truncation':'disabled'");
        client.send(TEXT);
        assertThat(client.await("response.done").at("/response/status").asText()).isEqualTo("failed");
    }

    @Test
    @DisplayName("SIM-2 the cache holds what has not changed from the beginning: deleting an item or other tools end it there")
    void cache() {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        update(client, "'instructions':'" + "i".repeat(400) + "'");
        String first = text(client, "a".repeat(800));
        text(client, "b".repeat(800));
        assertThat(cached(usage(client))).isZero();
        assertThat(cached(usage(client))).isEqualTo(448);
        client.send("{'type':'conversation.item.delete','item_id':'" + first + "'}");
        client.expect("conversation.item.deleted");
        assertThat(cached(usage(client))).isEqualTo(64);
        update(client, "'tools':[{'type':'function','name':'f'}]");
        assertThat(cached(usage(client))).isZero();
    }

    @Test
    @DisplayName("SIM-2 pictures count as image tokens; reasoning tokens are told by script, on reasoning models only")
    void details() {
        start(Scenario.builder().reasoningTokens(40).build());
        for (String model : List.of("gpt-realtime-2.1", "gpt-realtime")) {
            Client client = connect("?model=" + model);
            client.expectCreated("{'type':'conversation.item.create','item':{'type':'message','role':'user','content':"
                    + "[{'type':'input_image','image_url':'data:image/png;base64,iVBORw0KGgo=','detail':'low'}]}}");
            JsonNode usage = usage(client);
            assertThat(usage.at("/input_token_details/image_tokens").asInt()).isPositive();
            assertThat(usage.at("/output_token_details").has("reasoning_tokens")).isEqualTo(model.endsWith("2.1"));
        }
    }

    @ParameterizedTest(name = "SIM-3 the picture {0} is refused")
    @ValueSource(strings = {"data:image/gif;base64,AAAA", "data:image/png,AAAA", "data:image/png;base64,", "AAAA"})
    void pictures(String uri) {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        client.send("{'type':'conversation.item.create','item':{'type':'message','role':'user','content':[{'type':'input_image',"
                + "'image_url':'" + uri + "'}]}}");
        assertThat(client.expectError().path("param").asText()).isEqualTo("item.content[0].image_url");
    }

    @ParameterizedTest(name = "SIM-3 response.create with {0} is refused on a model that does not reason, taken on one that does")
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"'reasoning':{'effort':'low'} | response.reasoning",
        "'parallel_tool_calls':true | response.parallel_tool_calls"})
    void reasoning(String member, String param) {
        start(Scenario.standard());
        String create = "{'type':'response.create','response':{" + member + "}}";
        Client plain = connect(REALTIME);
        plain.send(create);
        assertThat(plain.expectError().path("param").asText()).isEqualTo(param);
        Client reasoning = connect("?model=gpt-realtime-2.1");
        reasoning.send(create);
        reasoning.expect("response.created");
    }

    @Test
    @DisplayName("SIM-3 effort 'none' is no value")
    void effort() {
        start(Scenario.standard());
        Client client = connect("?model=gpt-realtime-2.1");
        client.send("{'type':'session.update','session':{'type':'realtime','reasoning':{'effort':'none'}}}");
        assertThat(client.expectError().path("param").asText()).isEqualTo("session.reasoning.effort");
        update(client, "'reasoning':{'effort':'xhigh'}");
    }

    @Test
    @DisplayName("SIM-2 items of one response interleave by script: the call begins while the commentary still streams")
    void interleaved() {
        start(Scenario.builder().otherwise(Reply.nothing().andCommentary("Let me have a look at that")
                .andFunctionCall("find_train", "{\"to\":\"Ghent\"}").interleaved()).build());
        Client client = connect("?model=gpt-realtime-2.1");
        client.send(TEXT);
        List<String> types = client.until("response.done").stream().map(event -> event.path("type").asText()).toList();
        assertThat(types.indexOf("response.function_call_arguments.delta"))
                .isLessThan(types.lastIndexOf("response.output_text.delta"));
        assertThat(types.lastIndexOf("response.output_item.added")).isLessThan(types.indexOf("response.output_item.done"));
    }

    @Test
    @DisplayName("SIM-2 a cancelled call has the arguments sent so far, and is incomplete")
    void brokenArguments() {
        start(Scenario.builder().otherwise(Reply.functionCall("find_train", "{\"to\":\"Ghent\"}").endless()).build());
        Client client = connect(REALTIME);
        client.send(TEXT);
        client.await("response.function_call_arguments.delta");
        client.send("{'type':'response.cancel'}");
        JsonNode item = client.await("response.done").at("/response/output/0");
        assertThat(item.path("status").asText()).isEqualTo("incomplete");
        assertThat("{\"to\":\"Ghent\"}").startsWith(item.path("arguments").asText());
    }

    @Test
    @DisplayName("SIM-2 rate_limits.updated may come late")
    void lateLimits() {
        VirtualClock clock = new VirtualClock();
        start(RealtimeSimulator.builder().clock(clock).scenario(Scenario.builder().delayRateLimits(Duration.ofSeconds(3)).build()));
        Client client = connect(REALTIME);
        client.send(TEXT);
        client.await("response.done");
        client.expectNothingMore();
        clock.advance(Duration.ofSeconds(3));
        client.expect("rate_limits.updated");
    }

    @Test
    @DisplayName("SIM-2 Azure repeats the part under content, by switch")
    void azureContent() {
        start(Scenario.builder().duplicateContent(true).build());
        Client client = connect(REALTIME);
        client.send(TEXT);
        JsonNode added = client.await("response.content_part.added");
        assertThat(added.path("content")).isEqualTo(added.path("part"));
        JsonNode done = client.await("response.content_part.done");
        assertThat(done.path("content")).isEqualTo(done.path("part")).isNotEmpty();
    }

    @Test
    @DisplayName("SIM-2 retrieved audio may look as in the published sample, and is huge")
    void retrieved() {
        start(Scenario.builder().schemaRetrieved(true).build());
        Client client = connect(REALTIME);
        update(client, "'audio':{'input':{'turn_detection':null}}");
        client.append(SyntheticSpeech.pcm(60_000));
        client.send("{'type':'input_audio_buffer.commit'}");
        String item = client.expect("input_audio_buffer.committed").path("item_id").asText();
        client.expect("conversation.item.added", "conversation.item.done");
        client.send("{'type':'conversation.item.retrieve','item_id':'" + item + "'}");
        JsonNode part = client.expect("conversation.item.retrieved").at("/item/content/0");
        assertThat(part.path("type").asText()).isEqualTo("audio");
        assertThat(part.path("format").asText()).isEqualTo("pcm16");
        assertThat(part.path("audio").asText()).hasSize(60 * 64_000);
    }

    @Test
    @DisplayName("SIM-2 question 3: output_audio_buffer.clear on a WebSocket is an error, or ignored")
    void outputBufferClear() {
        RealtimeSimulator simulator = start(Scenario.standard());
        Client strict = connect(REALTIME);
        strict.send("{'type':'output_audio_buffer.clear'}");
        strict.expectError();
        simulator.scenario(Scenario.builder().assume(Assumption.OUTPUT_BUFFER_CLEAR_IGNORED).build());
        Client lenient = connect(REALTIME);
        lenient.send("{'type':'output_audio_buffer.clear'}");
        lenient.expectNothingMore();
    }

    @Test
    @DisplayName("SIM-2 question 4: conversation events in a transcription session are errors, or ignored")
    void transcriptionSessions() {
        start(Scenario.builder().assume(Assumption.CONVERSATION_EVENTS_IGNORED).build());
        Client client = connect(TRANSCRIPTION);
        client.send("{'type':'response.create'}");
        client.expectNothingMore();
    }

    @Test
    @DisplayName("SIM-2 question 5: formats may change any time, or only between responses; call ids have a limit, or none")
    void formatAndCallId() {
        String longCall = "{'type':'conversation.item.create','item':{'type':'function_call','call_id':'" + "c".repeat(33)
                + "','name':'f','arguments':'{}'}}";
        RealtimeSimulator simulator = start(Scenario.builder().next(Reply.text("x").endless()).build());
        Client free = connect(REALTIME);
        free.send(longCall);
        assertThat(free.expectError().path("param").asText()).isEqualTo("item.call_id");
        free.send("{'type':'response.create'}");
        free.await("response.output_audio.delta");
        update(free, "'audio':{'output':{'format':{'type':'audio/pcmu'}}}");

        simulator.scenario(Scenario.builder().next(Reply.text("x").endless())
                .assume(Assumption.FORMAT_FIXED_WHILE_RESPONDING, Assumption.CALL_ID_UNLIMITED).build());
        Client fixed = connect(REALTIME);
        fixed.expectCreated(longCall);
        fixed.send("{'type':'response.create'}");
        fixed.await("response.output_audio.delta");
        fixed.send("{'type':'session.update','session':{'type':'realtime','audio':{'output':{'format':{'type':'audio/pcmu'}}}}}");
        assertThat(fixed.expectError().path("code").asText()).isEqualTo("invalid_value");
    }

    @Test
    @DisplayName("SIM-2 question 6: max_output_tokens ends at 4096, or at 32,000 on 2.x models")
    void largeOutput() {
        RealtimeSimulator simulator = start(Scenario.standard());
        String update = "{'type':'session.update','session':{'type':'realtime','max_output_tokens':4097}}";
        Client strict = connect("?model=gpt-realtime-2.1");
        strict.send(update);
        assertThat(strict.expectError().path("param").asText()).isEqualTo("session.max_output_tokens");
        simulator.scenario(Scenario.builder().assume(Assumption.OUTPUT_TOKENS_BY_MODEL).build());
        Client large = connect("?model=gpt-realtime-2.1");
        large.send(update);
        large.expect("session.updated");
        Client old = connect(REALTIME);
        old.send(update);
        old.expectError();
    }

    @Test
    @DisplayName("SIM-2 question 7: out-of-band items make no conversation events, or do")
    void outOfBandItems() {
        start(Scenario.builder().assume(Assumption.OUT_OF_BAND_ITEMS_TOLD).build());
        Client client = connect(REALTIME);
        client.send("{'type':'response.create','response':{'conversation':'none','output_modalities':['text'],'input':[]}}");
        assertThat(client.until("response.done")).extracting(event -> event.path("type").asText())
                .contains("conversation.item.added", "conversation.item.done");
    }

    @Test
    @DisplayName("SIM-2 an update of turn_detection merges, or is rebuilt from the defaults")
    void turnDetection() {
        RealtimeSimulator simulator = start(Scenario.standard());
        Client merging = connect(REALTIME);
        update(merging, "'audio':{'input':{'turn_detection':{'type':'server_vad','threshold':0.7}}}");
        assertThat(update(merging, "'audio':{'input':{'turn_detection':{'type':'server_vad','create_response':false}}}")
                .at("/audio/input/turn_detection/threshold").asDouble()).isEqualTo(0.7);
        simulator.scenario(Scenario.builder().assume(Assumption.TURN_DETECTION_REBUILT).build());
        Client rebuilding = connect(REALTIME);
        update(rebuilding, "'audio':{'input':{'turn_detection':{'type':'server_vad','threshold':0.7}}}");
        assertThat(update(rebuilding, "'audio':{'input':{'turn_detection':{'type':'server_vad','create_response':false}}}")
                .at("/audio/input/turn_detection/threshold").asDouble()).isEqualTo(0.5);
    }

    @ParameterizedTest(name = "SIM-2 truncation leaves of the transcript: {0}")
    @CsvSource({"false, ''", "true, one two"})
    void heardTranscript(boolean kept, String left) {
        Scenario.Builder scenario = Scenario.builder().otherwise(Reply.text("one two three"));
        start((kept ? scenario.assume(Assumption.TRUNCATION_KEEPS_HEARD_TRANSCRIPT) : scenario).build());
        Client client = connect(REALTIME);
        client.send("{'type':'response.create'}");
        String item = client.await("response.output_item.added").at("/item/id").asText();
        client.await("rate_limits.updated");
        // three letters, then four with the blank, at 65 ms each
        client.send("{'type':'conversation.item.truncate','item_id':'" + item + "','content_index':0,'audio_end_ms':500}");
        client.expect("conversation.item.truncated");
        client.send("{'type':'conversation.item.retrieve','item_id':'" + item + "'}");
        assertThat(client.expect("conversation.item.retrieved").at("/item/content/0/transcript").asText("").replace("null", ""))
                .isEqualTo(left);
    }

    @Test
    @DisplayName("SIM-2 Beta shapes: an error and close 4000 for a session without type and for transcription_session.update")
    void betaShapes() {
        start(Scenario.standard());
        for (String event : List.of("{'type':'session.update','session':{'modalities':['text'],'voice':'alloy'}}",
                "{'type':'transcription_session.update','session':{}}")) {
            Client client = connect(REALTIME);
            client.send(event);
            assertThat(client.expectError().path("code").asText()).isEqualTo("beta_api_shape_disabled");
            assertThat(client.awaitClose()).isEqualTo(4000);
            assertThat(Client.get(client.closeReason)).isEqualTo("invalid_request_error.beta_api_shape_disabled");
        }
    }

    private static JsonNode update(Client client, String members) {
        client.send("{'type':'session.update','session':{'type':'realtime'," + members + "}}");
        return client.await("session.updated").path("session");
    }

    private static String text(Client client, String text) {
        return client.expectCreated("{'type':'conversation.item.create','item':{'type':'message','role':'user',"
                + "'content':[{'type':'input_text','text':'" + text + "'}]}}").at("/item/id").asText();
    }

    /** Of a response out of band on the whole conversation would be another input: an ordinary one, its answer deleted. */
    private static JsonNode usage(Client client) {
        client.send("{'type':'response.create','response':{'output_modalities':['text']}}");
        JsonNode response = client.await("response.done").path("response");
        client.await("rate_limits.updated");
        client.send("{'type':'conversation.item.delete','item_id':'" + response.at("/output/0/id").asText() + "'}");
        client.expect("conversation.item.deleted");
        return response.path("usage");
    }

    private static int cached(JsonNode usage) {
        return usage.at("/input_token_details/cached_tokens").asInt();
    }
}
