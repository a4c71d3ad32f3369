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

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TextTurnTest extends WireTest {

    @Test
    @DisplayName("SIM-2 a text turn has the events of 5.7b in their order")
    void textTurn() {
        start(Scenario.builder().onText("hi", Reply.text("Hello there.")).build());
        Client client = connect(REALTIME);
        client.send("{'type':'conversation.item.create','item':{'type':'message','role':'user',"
                + "'content':[{'type':'input_text','text':'Hi'}]}}");
        client.send("{'type':'response.create','response':{'output_modalities':['text']}}");

        List<JsonNode> events = client.expect("conversation.item.added", "conversation.item.done", "response.created",
                "response.output_item.added", "conversation.item.added", "response.content_part.added",
                "response.output_text.delta", "response.output_text.delta", "response.output_text.done",
                "response.content_part.done", "conversation.item.done", "response.output_item.done", "response.done",
                "rate_limits.updated");
        String user = events.get(0).at("/item/id").asText();
        assertThat(events.get(4).path("previous_item_id").asText()).isEqualTo(user);
        assertThat(events.get(10).path("previous_item_id").asText()).isEqualTo(user);
        assertThat(events.get(5).path("part")).isEqualTo(json("{'type':'text','text':''}"));
        assertThat(events.get(8).path("text").asText()).isEqualTo("Hello there.");
        assertThat(events.get(12).at("/response/output/0/content"))
                .isEqualTo(json("[{'type':'output_text','text':'Hello there.'}]"));
        assertThat(events.get(12).at("/response/status").asText()).isEqualTo("completed");
    }
}
