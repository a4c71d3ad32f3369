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
import java.util.Base64;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ResponseTest extends WireTest {

    private static final String TEXT = "{'type':'response.create','response':{'output_modalities':['text']}}";

    @Test
    @DisplayName("SIM-2 response.created has every member of a live one, null where it is not known yet")
    void created() {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        client.send("{'type':'response.create'}");
        JsonNode response = client.expect("response.created").path("response");
        assertThat(response.path("id").asText()).matches("resp_[A-Za-z0-9]{21}");
        assertThat(response.path("conversation_id").asText()).matches("conv_[A-Za-z0-9]{21}");
        assertThat(response).isEqualTo(json("{'object':'realtime.response','id':'" + response.path("id").asText()
                + "','status':'in_progress','status_details':null,'output':[],'conversation_id':'"
                + response.path("conversation_id").asText() + "','output_modalities':['audio'],'max_output_tokens':'inf',"
                + "'audio':{'output':{'format':{'type':'audio/pcm','rate':24000},'voice':'alloy'}},'usage':null,"
                + "'metadata':null}"));
    }

    @Test
    @DisplayName("SIM-3 a second response of the conversation is refused with a message that names the first")
    void oneActive() {
        start(Scenario.builder().next(Reply.text("x").endless()).build());
        Client client = connect(REALTIME);
        client.send("{'type':'response.create'}");
        String id = client.await("response.created").at("/response/id").asText();
        client.await("response.output_audio.delta");
        client.send("{'type':'response.create','event_id':'again'}");
        JsonNode error = client.expectError();
        assertThat(error).isEqualTo(json("{'type':'invalid_request_error','code':'conversation_already_has_active_response',"
                + "'message':'Conversation already has an active response in progress: " + id
                + ". Wait until the response is finished before creating a new one.','param':null,'event_id':'again'}"));
    }

    @Test
    @DisplayName("SIM-2 out-of-band responses run beside the active one, join nothing, echo metadata, can be cancelled by id")
    void outOfBand() {
        start(Scenario.builder().onText("main", Reply.text("main answer").endless()).onText("topic", Reply.text("Trains"))
                .onText("stay", Reply.text("staying").endless()).build());
        Client client = connect(REALTIME);
        String user = text(client, "main question");
        client.send(TEXT);
        client.await("response.output_text.delta");
        client.await("response.output_text.delta");

        client.send("{'type':'response.create','response':{'conversation':'none','output_modalities':['text'],"
                + "'metadata':{'job':'topic'},'input':[{'type':'item_reference','id':'" + user + "'},{'type':'message',"
                + "'role':'user','content':[{'type':'input_text','text':'One word: topic?'}]}]}}");
        List<JsonNode> events = client.expect("response.created", "response.output_item.added", "response.content_part.added",
                "response.output_text.delta", "response.output_text.done", "response.content_part.done",
                "response.output_item.done", "response.done", "rate_limits.updated");
        assertThat(events.get(0).at("/response/conversation_id").isNull()).isTrue();
        assertThat(events.get(0).at("/response/metadata")).isEqualTo(json("{'job':'topic'}"));
        assertThat(events.get(7).at("/response/metadata")).isEqualTo(json("{'job':'topic'}"));
        assertThat(events.get(4).path("text").asText()).isEqualTo("Trains");

        client.send("{'type':'response.create','response':{'conversation':'none','output_modalities':['text'],"
                + "'input':[{'type':'message','role':'user','content':[{'type':'input_text','text':'stay'}]}]}}");
        String second = client.await("response.created").at("/response/id").asText();
        client.await("response.output_text.delta");
        client.send("{'type':'response.cancel','response_id':'" + second + "'}");
        JsonNode done = client.await("response.done").path("response");
        assertThat(done.path("id").asText()).isEqualTo(second);
        assertThat(done.path("status").asText()).isEqualTo("cancelled");
        client.await("rate_limits.updated");
        client.send("{'type':'response.cancel'}");
        assertThat(client.await("response.done").at("/response/id").asText()).isNotEqualTo(second);
    }

    @Test
    @DisplayName("SIM-2 an out-of-band response is not cancelled by speech")
    void outOfBandSurvivesSpeech() {
        start(Scenario.builder().next(Reply.text("x").endless()).build());
        Client client = connect(REALTIME);
        client.send("{'type':'response.create','response':{'conversation':'none','output_modalities':['text'],'input':[]}}");
        client.await("response.output_text.delta");
        client.speak(SyntheticSpeech.pcm(300));
        client.expect("input_audio_buffer.speech_started");
        client.expectNothingMore();
    }

    @Test
    @DisplayName("SIM-2 cancel without id ends the active response with client_cancelled; a second cancel is not_active")
    void cancel() {
        start(Scenario.builder().next(Reply.text("long story").endless()).build());
        Client client = connect(REALTIME);
        client.send("{'type':'response.cancel','event_id':'c0'}");
        assertThat(client.expectError()).isEqualTo(json("{'type':'invalid_request_error','code':'response_cancel_not_active',"
                + "'message':'Cancellation failed: no active response found','param':null,'event_id':'c0'}"));
        client.send(TEXT);
        client.await("response.output_text.delta");
        client.await("response.output_text.delta");
        client.send("{'type':'response.cancel'}");
        List<JsonNode> end = client.expect("response.output_text.done", "response.content_part.done",
                "conversation.item.done", "response.output_item.done", "response.done");
        assertThat(end.get(4).at("/response/status_details")).isEqualTo(json("{'type':'cancelled','reason':'client_cancelled'}"));
        assertThat(end.get(4).at("/response/output/0/status").asText()).isEqualTo("incomplete");
        client.expect("rate_limits.updated");
        client.send("{'type':'response.cancel'}");
        client.expectError();
    }

    @Test
    @DisplayName("SIM-2 deltas after a cancellation come by switch, before response.done")
    void deltasAfterCancel() {
        VirtualClock clock = new VirtualClock();
        start(RealtimeSimulator.builder().clock(clock).scenario(Scenario.builder().deltasAfterCancel(true)
                .stepDelay(Duration.ofMillis(10)).otherwise(Reply.text("one two three")).build()));
        Client client = connect(REALTIME);
        client.send(TEXT);
        client.await("response.content_part.added");
        clock.advance(Duration.ofMillis(10));
        client.expect("response.output_text.delta");
        client.send("{'type':'response.cancel'}");
        client.expect("response.output_text.delta", "response.output_text.done");
    }

    @Test
    @DisplayName("SIM-2 a cancel before the first item ends an empty response")
    void cancelEarly() {
        VirtualClock clock = new VirtualClock();
        start(RealtimeSimulator.builder().clock(clock).scenario(Scenario.builder().thinkTime(Duration.ofSeconds(3)).build()));
        Client client = connect(REALTIME);
        client.send("{'type':'response.create'}");
        client.expect("response.created");
        client.send("{'type':'response.cancel'}");
        JsonNode done = client.expect("response.done");
        assertThat(done.at("/response/output")).isEmpty();
        clock.advance(Duration.ofSeconds(10));
        client.expect("rate_limits.updated");
        client.expectNothingMore();
    }

    @Test
    @DisplayName("SIM-2 a function call streams its arguments and names itself when done; then only response.create goes on")
    void functionCall() {
        start(Scenario.builder().onText("train", Reply.functionCall("find_train", "{\"to\":\"Ghent\"}"))
                .onToolOutput("IC 540", Reply.text("Take IC 540.")).build());
        Client client = connect(REALTIME);
        String user = text(client, "Next train?");
        client.send(TEXT);
        List<JsonNode> events = client.expect("response.created", "response.output_item.added", "conversation.item.added",
                "response.function_call_arguments.delta", "response.function_call_arguments.delta",
                "response.function_call_arguments.done", "conversation.item.done", "response.output_item.done",
                "response.done", "rate_limits.updated");
        assertThat(events.get(1).at("/item/arguments").asText()).isEmpty();
        assertThat(events.get(2).path("previous_item_id").asText()).isEqualTo(user);
        assertThat(events.get(3).path("delta").asText() + events.get(4).path("delta").asText()).isEqualTo("{\"to\":\"Ghent\"}");
        assertThat(events.get(5).path("name").asText()).isEqualTo("find_train");
        assertThat(events.get(5).has("content_index")).isFalse();
        assertThat(events.get(6).path("previous_item_id").isNull()).isTrue();
        String call = events.get(5).path("call_id").asText();
        assertThat(call).matches("call_[A-Za-z0-9]{16}");
        client.expectCreated("{'type':'conversation.item.create','item':{'type':'function_call_output','call_id':'" + call
                + "','output':'IC 540'}}");
        client.expectNothingMore();
        client.send(TEXT);
        assertThat(client.await("response.output_text.done").path("text").asText()).isEqualTo("Take IC 540.");
    }

    @Test
    @DisplayName("SIM-2 one response may hold a commentary, several calls and a message; phase tells on models that have it")
    void severalItems() {
        start(Scenario.builder().next(Reply.nothing().andCommentary("Let me look.").andFunctionCall("a", "{}")
                .andFunctionCall("b", "{}").andText("Done.")).build());
        Client client = connect("?model=gpt-realtime-2.1");
        client.send(TEXT);
        JsonNode output = client.await("response.done").at("/response/output");
        assertThat(output).hasSize(4);
        assertThat(output.path(0).path("phase").asText()).isEqualTo("commentary");
        assertThat(output.path(1).has("phase")).isFalse();
        assertThat(output.path(1).path("call_id")).isNotEqualTo(output.path(2).path("call_id"));
        assertThat(output.path(3).path("phase").asText()).isEqualTo("final_answer");
        assertThat(session().sent("response.output_item.added")).extracting(event -> event.path("output_index").asInt())
                .containsExactly(0, 1, 2, 3);
    }

    @Test
    @DisplayName("SIM-2 failed and incomplete responses end in response.done, never in an error event")
    void endings() {
        start(Scenario.builder().next(Reply.failed("rate_limit_exceeded", "Rate limit reached"),
                Reply.text("one two three four").thenIncomplete("max_output_tokens"),
                Reply.text("so far").thenFail("server_error", "Broken")).build());
        Client client = connect(REALTIME);
        client.send(TEXT);
        JsonNode failed = client.await("response.done").path("response");
        assertThat(failed.path("status_details")).isEqualTo(json("{'type':'failed','error':{'type':'server_error',"
                + "'code':'rate_limit_exceeded','message':'Rate limit reached'}}"));
        assertThat(failed.path("usage").isNull()).isTrue();
        assertThat(failed.path("output")).isEmpty();
        client.send(TEXT);
        JsonNode incomplete = client.await("response.done").path("response");
        assertThat(incomplete.path("status_details")).isEqualTo(json("{'type':'incomplete','reason':'max_output_tokens'}"));
        assertThat(incomplete.at("/output/0/content/0/text").asText()).isEqualTo("one two");
        assertThat(incomplete.at("/output/0/status").asText()).isEqualTo("incomplete");
        client.send(TEXT);
        JsonNode late = client.await("response.done").path("response");
        assertThat(late.path("status").asText()).isEqualTo("failed");
        assertThat(late.at("/output/0/status").asText()).isEqualTo("completed");
        assertThat(session().sent("error")).isEmpty();
    }

    @ParameterizedTest(name = "SIM-2 {0} output: deltas hold whole samples, as long as the text takes to say")
    @CsvSource({"'{''type'':''audio/pcm'',''rate'':24000}', 48",
        "'{''type'':''audio/pcmu''}', 8", "'{''type'':''audio/pcma''}', 8"})
    void outputFormats(String format, int bytesPerMilli) {
        start(Scenario.builder().otherwise(Reply.text("Twenty characters...")).build());
        Client client = connect(REALTIME);
        client.send("{'type':'response.create','response':{'audio':{'output':{'format':" + format + "}}}}");
        int bytes = client.until("response.done").stream()
                .filter(event -> event.path("type").asText().equals("response.output_audio.delta"))
                .mapToInt(event -> Base64.getDecoder().decode(event.path("delta").asText()).length).sum();
        assertThat(bytes).isEqualTo(20 * 65 * bytesPerMilli);
    }

    @Test
    @DisplayName("SIM-2 usage: a token per 100 ms heard and 50 ms said, history grows, its cached part comes in blocks of 64")
    void usage() {
        start(Scenario.builder().otherwise(Reply.text("x".repeat(40))).build());
        Client client = connect(REALTIME);
        client.send("{'type':'session.update','session':{'type':'realtime','instructions':'" + "i".repeat(400)
                + "','audio':{'input':{'turn_detection':null}}}}");
        client.expect("session.updated");
        client.append(SyntheticSpeech.pcm(2_796));
        client.send("{'type':'input_audio_buffer.commit'}");
        client.send("{'type':'response.create'}");
        JsonNode first = client.await("response.done").at("/response/usage");
        assertThat(first).isEqualTo(json("{'total_tokens':189,'input_tokens':127,'output_tokens':62,'input_token_details':"
                + "{'text_tokens':100,'audio_tokens':27,'image_tokens':0,'cached_tokens':0,'cached_tokens_details':"
                + "{'text_tokens':0,'audio_tokens':0,'image_tokens':0}},'output_token_details':{'text_tokens':10,"
                + "'audio_tokens':52}}"));
        client.send("{'type':'response.create'}");
        JsonNode second = client.await("response.done").at("/response/usage");
        assertThat(second.at("/input_token_details/audio_tokens").asInt()).isEqualTo(27 + 52);
        assertThat(second.at("/input_token_details/cached_tokens").asInt()).isEqualTo(64);
        assertThat(second.at("/input_token_details/cached_tokens_details/text_tokens").asInt()).isEqualTo(64);
    }

    @Test
    @DisplayName("SIM-3 another voice for one response is refused once assistant audio is present")
    void voiceLock() {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        client.send("{'type':'response.create','response':{'audio':{'output':{'voice':'cedar'}}}}");
        assertThat(client.until("rate_limits.updated").get(0).at("/response/audio/output/voice").asText()).isEqualTo("cedar");
        client.send("{'type':'response.create','response':{'audio':{'output':{'voice':'marin'}}}}");
        assertThat(client.expectError().path("code").asText()).isEqualTo("cannot_update_voice");
    }

    @Test
    @DisplayName("SIM-2 rate_limits.updated, obfuscation and item objects are switches")
    void switches() {
        start(Scenario.builder().rateLimits(false).obfuscation(false).itemObjects(true).build());
        Client client = connect(REALTIME);
        client.send("{'type':'response.create'}");
        List<JsonNode> events = client.until("response.done");
        assertThat(events).noneMatch(event -> event.has("obfuscation"));
        assertThat(events.get(1).at("/item/object").asText()).isEqualTo("realtime.item");
        client.expectNothingMore();
    }

    @Test
    @DisplayName("SIM-2 with obfuscation, every text delta is padded to a multiple of 16 characters")
    void obfuscation() {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        text(client, "a rather long sentence with an extraordinarilylongwordinit");
        client.send(TEXT);
        assertThat(client.until("response.done").stream().filter(event -> event.has("delta")).toList()).isNotEmpty()
                .allSatisfy(event -> assertThat((event.path("delta").asText() + event.path("obfuscation").asText()).length() % 16)
                        .isZero());
    }

    private static String text(Client client, String text) {
        return client.expectCreated("{'type':'conversation.item.create','item':{'type':'message','role':'user',"
                + "'content':[{'type':'input_text','text':'" + text + "'}]}}").at("/item/id").asText();
    }
}
