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
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.simulator.Frame.Direction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class TraceCheckTest {

    @Test
    @DisplayName("SIM-7 a lawful log has no violations, out-of-band responses beside the active one included")
    void lawful() {
        assertThat(check("created r", "oob x", "added r i", "delta r", "done x", "itemdone r i", "done r", "created s", "done s"))
                .isEmpty();
    }

    @ParameterizedTest(name = "SIM-7 found: {0}")
    @CsvSource({
        "two active responses, 'created r,created s', Second response",
        "a delta after the end, 'created r,done r,delta r', after the end of r",
        "a delta before the start, 'delta r', before the start of r",
        "two ends, 'created r,done r,done r', not running",
        "an item left open, 'created r,added r i,done r', still open",
        "an item that was never added, 'created r,itemdone r i', without having been added",
        "an item of the conversation that was never added, 'convdone i', without having been added",
        "an item of the conversation done twice, 'convadded i,convdone i,convdone i', done twice",
        "an item of the conversation left open, 'created r,added r i,convadded i,itemdone r i,done r', not done",
        "a delta after its stream, 'created r,delta r,deltadone r,delta r', after the end of its stream",
        "a stream that ends twice, 'created r,delta r,deltadone r,deltadone r', twice",
        "a commit told twice, 'committed i,committed i', Committed twice",
        "two transcripts of one item, 'transcript i,transcript i', settled twice",
        "an end of speech without a beginning, 'stopped i', has not begun",
        "an event before the session is there, 'committed i,session s', before session.created",
    })
    void broken(String name, String frames, String violation) {
        assertThat(check(frames.split(","))).hasSize(1).first().asString().contains(violation);
    }

    @Test
    @DisplayName("SIM-7 an event id used twice is found")
    void eventIds() {
        Frame frame = new Frame(Direction.SENT, "a", WireTest.json("{'type':'a','event_id':'e'}"), 0);
        assertThat(TraceCheck.violations(List.of(frame, frame))).hasSize(1);
    }

    @Test
    @DisplayName("SIM-7 RESP-20 nothing comes after the close, and there is one")
    void close() {
        TraceCheck check = new TraceCheck();
        check.look(frame("created r"));
        check.closed();
        assertThat(check.violations()).isEmpty();
        check.look(frame("done r"));
        check.closed();
        assertThat(check.violations()).hasSize(2).element(0).asString().contains("after the close");
    }

    private static List<String> check(String... frames) {
        return TraceCheck.violations(Arrays.stream(frames).map(TraceCheckTest::frame).toList());
    }

    private static Frame frame(String text) {
        String[] words = text.split(" ");
        String json = switch (words[0]) {
            case "created" -> "{'type':'response.created','response':{'id':'%s','conversation_id':'c'}}";
            case "oob" -> "{'type':'response.created','response':{'id':'%s','conversation_id':null}}";
            case "done" -> "{'type':'response.done','response':{'id':'%s'}}";
            case "added" -> "{'type':'response.output_item.added','response_id':'%s','item':{'id':'%s'}}";
            case "itemdone" -> "{'type':'response.output_item.done','response_id':'%s','item':{'id':'%s'}}";
            case "convadded" -> "{'type':'conversation.item.added','item':{'id':'%s','type':'message'}}";
            case "convdone" -> "{'type':'conversation.item.done','item':{'id':'%s','type':'message'}}";
            case "deltadone" -> "{'type':'response.output_text.done','response_id':'%s','text':'x'}";
            case "committed" -> "{'type':'input_audio_buffer.committed','item_id':'%s'}";
            case "transcript" -> "{'type':'conversation.item.input_audio_transcription.completed','item_id':'%s'}";
            case "stopped" -> "{'type':'input_audio_buffer.speech_stopped','item_id':'%s'}";
            case "session" -> "{'type':'session.created','session':{'id':'%s'}}";
            default -> "{'type':'response.output_text.delta','response_id':'%s','delta':'x'}";
        };
        JsonNode node = WireTest.json(String.format(json, words[1], words.length > 2 ? words[2] : ""));
        return new Frame(Direction.SENT, node.path("type").asText(), node, 0);
    }
}
