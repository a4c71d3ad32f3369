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

import com.fasterxml.jackson.databind.JsonNode;
import okio.ByteString;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ClientEventTest extends WireTest {

    @ParameterizedTest(name = "SIM-3 client event {0} is refused: {1} at {2}, and the session stays open")
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'type':'sing'} | invalid_value | type",
        "{'event_id':'x'} | missing_required_parameter | type",
        "{'type':7} | missing_required_parameter | type",
        "{'type':'response.create','why':1} | unknown_parameter | why",
        "{'type':'session.update'} | missing_required_parameter | session",
        "{'type':'input_audio_buffer.append'} | missing_required_parameter | audio",
        "{'type':'input_audio_buffer.append','audio':'###'} | invalid_value | audio",
        "{'type':'input_audio_buffer.append','audio':7} | invalid_value | audio",
        "{'type':'output_audio_buffer.clear'} | invalid_event | type",
        "{'type':'conversation.item.create'} | missing_required_parameter | item",
        "{'type':'conversation.item.create','item':{'role':'user'}} | missing_required_parameter | item.type",
        "{'type':'conversation.item.create','item':{'type':'poem'}} | invalid_value | item.type",
        "{'type':'conversation.item.create','item':{'type':'message','role':'user'}}"
            + " | missing_required_parameter | item.content",
        "{'type':'conversation.item.create','item':{'type':'message','role':'user','content':[{'type':'output_text',"
            + "'text':'x'}]}} | invalid_value | item.content[0].type",
        "{'type':'conversation.item.create','item':{'type':'message','role':'user','content':[{'type':'input_text'}]}}"
            + " | missing_required_parameter | item.content[0].text",
        "{'type':'conversation.item.create','item':{'type':'message','role':'system','content':[{'type':'input_audio',"
            + "'audio':''}]}} | invalid_value | item.content[0].type",
        "{'type':'conversation.item.create','item':{'type':'message','role':'assistant','content':[{'type':'output_audio',"
            + "'audio':''}]}} | missing_required_parameter | item.content[0].text",
        "{'type':'conversation.item.create','item':{'type':'message','role':'user','content':[{'type':'input_image',"
            + "'image_url':'https://x/y.png'}]}} | invalid_value | item.content[0].image_url",
        "{'type':'conversation.item.create','item':{'type':'message','role':'user','content':[{'type':'input_image',"
            + "'image_url':'data:image/gif;base64,R0lGODlh'}]}} | invalid_value | item.content[0].image_url",
        "{'type':'conversation.item.create','item':{'type':'message','role':'user','content':[{'type':'input_audio',"
            + "'audio':'###'}]}} | invalid_value | item.content[0].audio",
        "{'type':'conversation.item.create','item':{'type':'function_call_output','call_id':'c'}}"
            + " | missing_required_parameter | item.output",
        "{'type':'conversation.item.create','item':{'type':'function_call_output','call_id':'c','output':{}}}"
            + " | invalid_value | item.output",
        "{'type':'conversation.item.create','item':{'type':'item_reference','id':'x'}} | invalid_value | item.type",
        "{'type':'conversation.item.create','previous_item_id':'nobody','item':{'type':'function_call_output','call_id':'c',"
            + "'output':''}} | invalid_value | previous_item_id",
        "{'type':'conversation.item.create','item':{'id':'12345678-1234-1234-1234-123456789abc',"
            + "'type':'function_call_output','call_id':'c','output':''}} | string_above_max_length | item.id",
        "{'type':'conversation.item.delete','item_id':'nobody'} | invalid_value | item_id",
        "{'type':'conversation.item.retrieve','item_id':'nobody'} | invalid_value | item_id",
        "{'type':'conversation.item.truncate','item_id':'nobody','content_index':0,'audio_end_ms':1} | invalid_value | item_id",
        "{'type':'conversation.item.truncate','item_id':'x','content_index':0} | missing_required_parameter | audio_end_ms",
        "{'type':'conversation.item.truncate','item_id':'x','content_index':0,'audio_end_ms':1.5}"
            + " | invalid_value | audio_end_ms",
        "{'type':'response.create','response':{'modalities':['text']}} | unknown_parameter | response.modalities",
        "{'type':'response.create','response':{'output_modalities':['text','audio']}}"
            + " | invalid_value | response.output_modalities",
        "{'type':'response.create','response':{'conversation':'some'}} | invalid_value | response.conversation",
        "{'type':'response.create','response':{'input':[{'type':'item_reference','id':'nobody'}]}}"
            + " | invalid_value | response.input",
        "{'type':'response.create','response':{'metadata':{'k':7}}} | invalid_value | response.metadata.k",
        "{'type':'response.create','response':{'audio':{'output':{'format':{'type':'audio/pcm'}}}}}"
            + " | missing_required_parameter | response.audio.output.format.rate",
        "{'type':'response.cancel','response_id':'resp_x'} | response_cancel_not_active | response_id",
    })
    void refused(String event, String code, String param) {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        client.send(event);
        JsonNode error = client.expectError();
        assertThat(error.path("code").asText()).isEqualTo(code);
        assertThat(error.path("param").asText()).isEqualTo(param);
        client.expectNothingMore();
        assertThat(session().isOpen()).isTrue();
    }

    @ParameterizedTest(name = "SIM-3 the frame {0} is no event: invalid_event")
    @ValueSource(strings = {"{\"type\":\"response.create\"", "hello", "[]", "null", "\"response.create\"", ""})
    void malformed(String frame) {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        client.sendExactly(frame);
        assertThat(client.expectError().path("code").asText()).isEqualTo("invalid_event");
        client.expectNothingMore();
    }

    @Test
    @DisplayName("SIM-3 a binary frame is refused and the session stays open")
    void binary() {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        client.socket().send(ByteString.of((byte) 1, (byte) 2));
        assertThat(client.expectError().path("code").asText()).isEqualTo("invalid_event");
        client.expectNothingMore();
    }

    @ParameterizedTest(name = "SIM-3 {0} is refused in a transcription session")
    @ValueSource(strings = {
        "{'type':'response.create'}", "{'type':'response.cancel'}",
        "{'type':'conversation.item.create','item':{'type':'function_call_output','call_id':'c','output':''}}",
        "{'type':'conversation.item.retrieve','item_id':'x'}", "{'type':'conversation.item.delete','item_id':'x'}",
        "{'type':'conversation.item.truncate','item_id':'x','content_index':0,'audio_end_ms':1}",
    })
    void notInTranscription(String event) {
        start(Scenario.standard());
        Client client = connect(TRANSCRIPTION);
        client.send(event);
        assertThat(client.expectError().path("code").asText()).isEqualTo("invalid_event");
        client.expectNothingMore();
    }

    @Test
    @DisplayName("SIM-3 event_id may have 512 characters and no more")
    void eventIdLength() {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        client.send("{'type':'input_audio_buffer.clear','event_id':'" + "x".repeat(512) + "'}");
        client.expect("input_audio_buffer.cleared");
        client.send("{'type':'input_audio_buffer.clear','event_id':'" + "x".repeat(513) + "'}");
        assertThat(client.expectError().path("code").asText()).isEqualTo("string_above_max_length");
    }

    @Test
    @DisplayName("SIM-3 metadata: 16 pairs, keys of 64, values of 512 characters, and no more")
    void metadataLimits() {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        StringBuilder pairs = new StringBuilder();
        for (int i = 0; i < 17; i++) {
            pairs.append(i == 0 ? "" : ",").append("'k").append(i).append("':''");
        }
        client.send("{'type':'response.create','response':{'metadata':{" + pairs + "}}}");
        assertThat(client.expectError().path("param").asText()).isEqualTo("response.metadata");
        client.send("{'type':'response.create','response':{'metadata':{'" + "k".repeat(65) + "':''}}}");
        assertThat(client.expectError().path("code").asText()).isEqualTo("string_above_max_length");
        client.send("{'type':'response.create','response':{'metadata':{'k':'" + "v".repeat(513) + "'}}}");
        assertThat(client.expectError().path("code").asText()).isEqualTo("string_above_max_length");
        client.send("{'type':'response.create','response':{'metadata':{'" + "k".repeat(64) + "':'" + "v".repeat(512) + "'}}}");
        client.expect("response.created");
    }

    @Test
    @DisplayName("SIM-2 error.event_id echoes the client's, and is null by switch or when there was none")
    void errorEventId() {
        RealtimeSimulator simulator = start(Scenario.standard());
        Client client = connect(REALTIME);
        client.send("{'type':'sing','event_id':'e-1'}");
        assertThat(client.expectError().path("event_id").asText()).isEqualTo("e-1");
        client.send("{'type':'sing'}");
        assertThat(client.expectError().path("event_id").isNull()).isTrue();
        simulator.scenario(Scenario.builder().errorEventIds(false).build());
        Client other = connect(REALTIME);
        other.send("{'type':'sing','event_id':'e-1'}");
        assertThat(other.expectError().path("event_id").isNull()).isTrue();
    }
}
