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

import java.util.Arrays;
import java.util.Base64;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ConversationTest extends WireTest {

    @Test
    @DisplayName("SIM-2 items go to the end, after an id, or to the root; the id may be the client's, up to 32 characters")
    void places() {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        String longest = "x".repeat(32);
        assertThat(create(client, longest, "").path("previous_item_id").isNull()).isTrue();
        assertThat(create(client, "b", "").path("previous_item_id").asText()).isEqualTo(longest);
        assertThat(create(client, "c", ",'previous_item_id':'root'").path("previous_item_id").isNull()).isTrue();
        assertThat(create(client, "d", ",'previous_item_id':'" + longest + "'").path("previous_item_id").asText())
                .isEqualTo(longest);
        assertThat(create(client, "e", ",'previous_item_id':null").path("previous_item_id").asText()).isEqualTo("b");
        JsonNode made = client.expectCreated("{'type':'conversation.item.create','item':{'type':'message','role':'system',"
                + "'content':[{'type':'input_text','text':'x'}]}}");
        assertThat(made.at("/item/id").asText()).matches("item_[A-Za-z0-9]{21}");
        assertThat(made.at("/item/status").asText()).isEqualTo("completed");
    }

    @Test
    @DisplayName("SIM-3 an id that is taken is refused")
    void duplicate() {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        create(client, "a", "");
        client.send("{'type':'conversation.item.create','item':{'id':'a','type':'message','role':'user','content':[]}}");
        assertThat(client.expectError().path("param").asText()).isEqualTo("item.id");
    }

    @Test
    @DisplayName("SIM-2 a function output comes back without a status, and starts no response")
    void functionOutput() {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        client.expectCreated("{'type':'conversation.item.create','item':{'type':'function_call','call_id':'call_1','name':'f',"
                + "'arguments':'{}'}}");
        JsonNode added = client.expectCreated(output("call_1"));
        assertThat(added.path("item").has("status")).isFalse();
        assertThat(added.path("item").has("object")).isFalse();
        assertThat(added.at("/item/output").asText()).isEqualTo("7");
        client.expectNothingMore();
    }

    private static String output(String callId) {
        return "{'type':'conversation.item.create','item':{'type':'function_call_output','call_id':'" + callId
               + "','output':'7'}}";
    }

    @Test
    @DisplayName("SIM-3 an output needs its call in the conversation, before it, and not deleted; and an id of letters and digits")
    void outputWithoutCall() {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        client.send(output("call_1"));
        JsonNode error = client.expectError();
        assertThat(error.path("code").asText()).isEqualTo("invalid_tool_call_id");
        assertThat(error.path("message").asText()).isEqualTo("Tool call ID 'call_1' not found in conversation.");
        client.expectCreated("{'type':'conversation.item.create','item':{'id':'f','type':'function_call','call_id':'call_1',"
                + "'name':'f','arguments':'{}'}}");
        client.expectCreated(output("call_1"));
        client.send("{'type':'conversation.item.delete','item_id':'f'}");
        client.expect("conversation.item.deleted");
        client.send(output("call_1"));
        assertThat(client.expectError().path("code").asText()).isEqualTo("invalid_tool_call_id");
        client.send(output("call/1"));
        assertThat(client.expectError().path("param").asText()).isEqualTo("item.call_id");
    }

    @Test
    @DisplayName("SIM-2 a new connection starts an empty conversation; what two know can be compared, whatever the ids and the voice")
    void compared() {
        start(Scenario.builder().onText("train", Reply.functionCall("find_train", "{}"))
                .onToolOutput("IC", Reply.text("The IC 540.")).build());
        Client client = connect(REALTIME);
        client.expectCreated("{'type':'conversation.item.create','item':{'type':'message','role':'user',"
                + "'content':[{'type':'input_text','text':'A train!'}]}}");
        client.send("{'type':'response.create'}");
        JsonNode call = last(client.until("rate_limits.updated"), "response.done").at("/response/output/0");
        client.expectCreated("{'type':'conversation.item.create','item':{'type':'function_call_output','call_id':'"
                + call.path("call_id").asText() + "','output':'IC 540'}}");
        client.send("{'type':'response.create'}");
        client.until("rate_limits.updated");
        List<String> known = session().conversationOutline();
        assertThat(known).containsExactly("user: A train!", "find_train({})", "-> IC 540", "assistant: The IC 540.");
        assertThat(session().conversation()).extracting(item -> item.path("type").asText())
                .containsExactly("message", "function_call", "function_call_output", "message");

        Client next = connect(REALTIME);
        assertThat(session().conversation()).isEmpty();
        next.expectCreated("{'type':'conversation.item.create','item':{'type':'message','role':'user',"
                + "'content':[{'type':'input_text','text':'A train!'}]}}");
        next.expectCreated("{'type':'conversation.item.create','item':{'type':'function_call','call_id':'call_x',"
                + "'name':'find_train','arguments':'{}'}}");
        next.expectCreated("{'type':'conversation.item.create','item':{'type':'function_call_output','call_id':'call_x',"
                + "'output':'IC 540'}}");
        next.expectCreated("{'type':'conversation.item.create','item':{'type':'message','role':'assistant',"
                + "'content':[{'type':'output_text','text':'The IC 540.'}]}}");
        assertThat(session().conversationOutline()).isEqualTo(known);
    }

    @Test
    @DisplayName("SIM-2 delete and retrieve; a deleted item is unknown")
    void deleteAndRetrieve() {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        create(client, "a", "");
        client.send("{'type':'conversation.item.retrieve','item_id':'a'}");
        assertThat(client.expect("conversation.item.retrieved").at("/item/content/0/text").asText()).isEqualTo("x");
        client.send("{'type':'conversation.item.delete','item_id':'a'}");
        assertThat(client.expect("conversation.item.deleted").path("item_id").asText()).isEqualTo("a");
        client.send("{'type':'conversation.item.retrieve','item_id':'a'}");
        assertThat(client.expectError().path("message").asText()).contains("'a'");
    }

    @Test
    @DisplayName("SIM-2 user audio is told as a transcript of null and retrieved with its samples")
    void userAudio() {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        String audio = Base64.getEncoder().encodeToString(SyntheticSpeech.pcm(100));
        JsonNode added = client.expectCreated("{'type':'conversation.item.create','item':{'id':'a','type':'message','role':'user',"
                + "'content':[{'type':'input_audio','audio':'" + audio + "'}]}}");
        assertThat(added.at("/item/content")).isEqualTo(json("[{'type':'input_audio','transcript':null}]"));
        client.send("{'type':'conversation.item.retrieve','item_id':'a'}");
        assertThat(client.expect("conversation.item.retrieved").at("/item/content/0/audio").asText()).isEqualTo(audio);
    }

    @Test
    @DisplayName("SIM-2 committed audio is retrieved with exactly the samples that were appended")
    void committedAudio() {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        client.send("{'type':'session.update','session':{'type':'realtime','audio':{'input':{'turn_detection':null}}}}");
        client.expect("session.updated");
        byte[] pcm = SyntheticSpeech.pcm(300);
        client.speak(pcm);
        client.send("{'type':'input_audio_buffer.commit'}");
        String item = client.expect("input_audio_buffer.committed").path("item_id").asText();
        client.expect("conversation.item.added", "conversation.item.done");
        client.send("{'type':'conversation.item.retrieve','item_id':'" + item + "'}");
        JsonNode retrieved = client.expect("conversation.item.retrieved");
        assertThat(Base64.getDecoder().decode(retrieved.at("/item/content/0/audio").asText())).isEqualTo(pcm);
    }

    @Test
    @DisplayName("SIM-3 truncate: past the end, of a user's item and of a text item, with the service's texts; then right")
    void truncate() {
        start(Scenario.builder().onText("go", Reply.text("0123456789")).build());
        Client client = connect(REALTIME);
        create(client, "user", "");
        truncate(client, "user", 0);
        assertThat(client.expectError().path("message").asText())
                .isEqualTo("Only model output audio messages can be truncated");

        client.send("{'type':'response.create','response':{'output_modalities':['text']}}");
        String text = last(client.until("rate_limits.updated"), "conversation.item.done").at("/item/id").asText();
        truncate(client, text, 0);
        assertThat(client.expectError().path("code").isNull()).isTrue();

        client.expectCreated("{'type':'conversation.item.create','item':{'type':'message','role':'user',"
                + "'content':[{'type':'input_text','text':'go'}]}}");
        client.send("{'type':'response.create'}");
        String spoken = last(client.until("rate_limits.updated"), "conversation.item.done").at("/item/id").asText();
        truncate(client, spoken, 651);
        assertThat(client.expectError().path("message").asText())
                .isEqualTo("Audio content of 650 ms is already shorter than 651 ms");
        truncate(client, spoken, 650);
        client.expect("conversation.item.truncated");
        truncate(client, spoken, 100);
        JsonNode truncated = client.expect("conversation.item.truncated");
        assertThat(truncated.path("audio_end_ms").asInt()).isEqualTo(100);
        truncate(client, spoken, 101);
        assertThat(client.expectError().path("message").asText()).contains("100 ms is already shorter than 101 ms");

        client.send("{'type':'conversation.item.retrieve','item_id':'" + spoken + "'}");
        JsonNode part = client.expect("conversation.item.retrieved").at("/item/content/0");
        assertThat(Base64.getDecoder().decode(part.path("audio").asText())).hasSize(4_800);
        assertThat(part.path("transcript").isNull()).isTrue();
    }

    @Test
    @DisplayName("SIM-2 an item created while a response runs is confirmed after its response.done, or at once by switch")
    void confirmedLater() {
        RealtimeSimulator simulator = start(Scenario.builder().next(Reply.text("a b").endless()).build());
        Client client = connect(REALTIME);
        client.send("{'type':'response.create'}");
        client.await("response.output_audio.delta");
        client.await("response.output_audio.delta");
        client.send("{'type':'conversation.item.create','item':{'id':'mine','type':'message','role':'user','content':[]}}");
        client.send("{'type':'response.cancel'}");
        List<String> types = client.until("conversation.item.added").stream().map(event -> event.path("type").asText()).toList();
        assertThat(types).containsSubsequence("response.done", "rate_limits.updated", "conversation.item.added");

        simulator.scenario(Scenario.builder().next(Reply.text("a b").endless()).confirmItemsAtOnce(true).build());
        Client other = connect(REALTIME);
        other.send("{'type':'response.create'}");
        other.await("response.output_audio.delta");
        other.await("response.output_audio.delta");
        other.send("{'type':'conversation.item.create','item':{'id':'mine','type':'message','role':'user','content':[]}}");
        other.expect("conversation.item.added");
    }

    private static JsonNode create(Client client, String id, String more) {
        return client.expectCreated("{'type':'conversation.item.create','item':{'id':'" + id + "','type':'message','role':'user',"
                + "'content':[{'type':'input_text','text':'x'}]}" + more + "}");
    }

    private static void truncate(Client client, String item, int millis) {
        client.send("{'type':'conversation.item.truncate','item_id':'" + item + "','content_index':0,'audio_end_ms':" + millis
                + "}");
    }

    private static JsonNode last(List<JsonNode> events, String type) {
        return events.stream().filter(event -> event.path("type").asText().equals(type)).reduce((one, other) -> other)
                .orElseThrow(() -> new AssertionError("No " + type + " in " + Arrays.toString(events.toArray())));
    }
}
