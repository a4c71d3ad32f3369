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

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class SessionUpdateTest extends WireTest {

    @ParameterizedTest(name = "SIM-2 session.created of {0}: voice {1}, silence {2} ms, expiry one lifetime away")
    @CsvSource({"gpt-realtime, alloy, 200", "gpt-realtime-2.1, marin, 500", "gpt-realtime-mini, alloy, 500"})
    void defaults(String model, String voice, int silence) {
        VirtualClock clock = new VirtualClock(1_795_248_000_000L);
        start(RealtimeSimulator.builder().clock(clock));
        Client client = dial(request("?model=" + model).header("Authorization", "Bearer sk-simulator").build());
        JsonNode event = client.expect("session.created");
        assertThat(event.path("event_id").asText()).matches("event_[A-Za-z0-9]{21}");

        JsonNode expected = json("{'type':'realtime','object':'realtime.session','id':'" + session().id() + "','model':'" + model
                + "','output_modalities':['audio'],'instructions':'x','tools':[],'tool_choice':'auto','max_output_tokens':'inf',"
                + "'tracing':null,'truncation':'auto','prompt':null,'expires_at':1795251600,'audio':{'input':{'format':"
                + "{'type':'audio/pcm','rate':24000},'transcription':null,'noise_reduction':null,'turn_detection':"
                + "{'type':'server_vad','threshold':0.5,'prefix_padding_ms':300,'silence_duration_ms':" + silence
                + ",'idle_timeout_ms':null,'create_response':true,'interrupt_response':true}},'output':{'format':"
                + "{'type':'audio/pcm','rate':24000},'voice':'" + voice + "','speed':1.0}},'include':null}");
        JsonNode session = event.path("session");
        assertThat(session.path("instructions").asText()).isNotBlank();
        assertThat(((ObjectNode) session.deepCopy()).put("instructions", "x"))
                .isEqualTo(expected);
    }

    @Test
    @DisplayName("SIM-2 an update changes only the members it has and the answer shows all of them, with nulls added")
    void memberWise() {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        JsonNode updated = update(client, "'instructions':'Be brief.','audio':{'input':{'transcription':"
                + "{'model':'gpt-realtime-whisper'},'turn_detection':{'type':'server_vad','create_response':false}},"
                + "'output':{'format':{'type':'audio/pcmu'}}}");
        assertThat(updated.at("/audio/input/transcription"))
                .isEqualTo(json("{'model':'gpt-realtime-whisper','language':null,'prompt':null}"));
        assertThat(updated.at("/audio/input/turn_detection")).isEqualTo(json("{'type':'server_vad','threshold':0.5,"
                + "'prefix_padding_ms':300,'silence_duration_ms':200,'idle_timeout_ms':null,'create_response':false,"
                + "'interrupt_response':true}"));
        assertThat(updated.at("/audio/output")).isEqualTo(json("{'format':{'type':'audio/pcmu'},'voice':'alloy','speed':1.0}"));
        assertThat(updated.path("instructions").asText()).isEqualTo("Be brief.");
        assertThat(session().effectiveConfig()).isEqualTo(updated);

        JsonNode cleared = update(client, "'instructions':'','audio':{'input':{'transcription':null,'turn_detection':null}}");
        assertThat(cleared.at("/audio/input/transcription").isNull()).isTrue();
        assertThat(cleared.at("/audio/input/turn_detection").isNull()).isTrue();
        assertThat(cleared.path("instructions").asText()).isEmpty();
        assertThat(cleared.at("/audio/output/format/type").asText()).isEqualTo("audio/pcmu");

        JsonNode semantic = update(client, "'audio':{'input':{'turn_detection':{'type':'semantic_vad'}}}");
        assertThat(semantic.at("/audio/input/turn_detection")).isEqualTo(
                json("{'type':'semantic_vad','eagerness':'auto','create_response':true,'interrupt_response':true}"));
    }

    @ParameterizedTest(name = "SIM-3 session.update {0} is refused: {1} at {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'instructions':'x'} | missing_required_parameter | session.type",
        "{'type':'live'} | invalid_value | session.type",
        "{'type':'realtime','colour':'red'} | unknown_parameter | session.colour",
        "{'type':'realtime','temperature':0.8} | unknown_parameter | session.temperature",
        "{'type':'realtime','id':'sess_1'} | unknown_parameter | session.id",
        "{'type':'realtime','modalities':['text']} | unknown_parameter | session.modalities",
        "{'type':'realtime','output_modalities':['text','audio']} | invalid_value | session.output_modalities",
        "{'type':'realtime','output_modalities':['smell']} | invalid_value | session.output_modalities[0]",
        "{'type':'realtime','model':'gpt-realtime-2'} | invalid_value | session.model",
        "{'type':'realtime','instructions':7} | invalid_value | session.instructions",
        "{'type':'realtime','max_output_tokens':0} | invalid_value | session.max_output_tokens",
        "{'type':'realtime','max_output_tokens':4097} | invalid_value | session.max_output_tokens",
        "{'type':'realtime','max_output_tokens':'many'} | invalid_value | session.max_output_tokens",
        "{'type':'realtime','reasoning':{'effort':'low'}} | invalid_value | session.reasoning",
        "{'type':'realtime','parallel_tool_calls':true} | invalid_value | session.parallel_tool_calls",
        "{'type':'realtime','tool_choice':'maybe'} | invalid_value | session.tool_choice",
        "{'type':'realtime','tools':[{'name':'f'}]} | missing_required_parameter | session.tools[0].type",
        "{'type':'realtime','tools':[{'type':'function'}]} | missing_required_parameter | session.tools[0].name",
        "{'type':'realtime','tools':[{'type':'function','name':'f','strict':true}]}"
            + " | unknown_parameter | session.tools[0].strict",
        "{'type':'realtime','truncation':{'type':'retention_ratio','retention_ratio':1.5}}"
            + " | invalid_value | session.truncation.retention_ratio",
        "{'type':'realtime','include':['everything']} | invalid_value | session.include[0]",
        "{'type':'realtime','audio':{'output':{'speed':2}}} | invalid_value | session.audio.output.speed",
        "{'type':'realtime','audio':{'output':{'speed':0.2}}} | invalid_value | session.audio.output.speed",
        "{'type':'realtime','audio':{'output':{'format':{'type':'audio/pcm'}}}}"
            + " | missing_required_parameter | session.audio.output.format.rate",
        "{'type':'realtime','audio':{'input':{'format':{'type':'audio/pcm'}}}}"
            + " | missing_required_parameter | session.audio.input.format.rate",
        "{'type':'realtime','audio':{'input':{'format':{'type':'audio/pcm','rate':16000}}}}"
            + " | invalid_value | session.audio.input.format.rate",
        "{'type':'realtime','audio':{'input':{'format':'pcm16'}}} | invalid_value | session.audio.input.format",
        "{'type':'realtime','audio':{'input':{'format':{'type':'audio/opus'}}}}"
            + " | invalid_value | session.audio.input.format.type",
        "{'type':'realtime','audio':{'input':{'noise_reduction':{'type':'loud'}}}}"
            + " | invalid_value | session.audio.input.noise_reduction.type",
        "{'type':'realtime','audio':{'input':{'turn_detection':{'threshold':0.5}}}}"
            + " | missing_required_parameter | session.audio.input.turn_detection.type",
        "{'type':'realtime','audio':{'input':{'turn_detection':{'type':'server_vad','threshold':1.1}}}}"
            + " | invalid_value | session.audio.input.turn_detection.threshold",
        "{'type':'realtime','audio':{'input':{'turn_detection':{'type':'server_vad','idle_timeout_ms':4999}}}}"
            + " | invalid_value | session.audio.input.turn_detection.idle_timeout_ms",
        "{'type':'realtime','audio':{'input':{'turn_detection':{'type':'server_vad','idle_timeout_ms':30001}}}}"
            + " | invalid_value | session.audio.input.turn_detection.idle_timeout_ms",
        "{'type':'realtime','audio':{'input':{'turn_detection':{'type':'semantic_vad','threshold':0.5}}}}"
            + " | unknown_parameter | session.audio.input.turn_detection.threshold",
        "{'type':'realtime','audio':{'input':{'turn_detection':{'type':'semantic_vad','eagerness':'wild'}}}}"
            + " | invalid_value | session.audio.input.turn_detection.eagerness",
        "{'type':'realtime','audio':{'input':{'transcription':{'model':'gpt-realtime-whisper','prompt':'x'}}}}"
            + " | invalid_value | session.audio.input.transcription.prompt",
        "{'type':'realtime','audio':{'input':{'transcription':{'model':'whisper-1','delay':'low'}}}}"
            + " | invalid_value | session.audio.input.transcription.delay",
        "{'type':'realtime','audio':{'input':{'transcription':{'model':'whisper-1','keywords':['x']}}}}"
            + " | invalid_value | session.audio.input.transcription.keywords",
        "{'type':'realtime','audio':{'input':{'transcription':{'language':'en'}}}}"
            + " | missing_required_parameter | session.audio.input.transcription.model",
    })
    void refused(String session, String code, String param) {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        JsonNode before = session().effectiveConfig();
        client.send("{'type':'session.update','event_id':'mine','session':" + session + "}");
        JsonNode error = client.expectError();
        assertThat(error.path("code").asText()).isEqualTo(code);
        assertThat(error.path("param").asText()).isEqualTo(param);
        assertThat(error.path("event_id").asText()).isEqualTo("mine");
        assertThat(error.path("message").asText()).isNotBlank();
        assertThat(session().effectiveConfig()).isEqualTo(before);
        client.expectNothingMore();
    }

    @Test
    @DisplayName("SIM-2 the error for a missing rate has the service's text")
    void missingRateText() {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        client.send("{'type':'session.update','session':{'type':'realtime','audio':{'output':{'format':{'type':'audio/pcm'}}}}}");
        assertThat(client.expectError().path("message").asText())
                .isEqualTo("Missing required parameter: 'session.audio.output.format.rate'.");
    }

    @ParameterizedTest(name = "SIM-3 {0} refuses turn detection in a transcription session, and drops the default by itself")
    @CsvSource({"gpt-realtime-whisper", "gpt-live-transcribe"})
    void noTurnDetection(String model) {
        start(Scenario.standard());
        Client client = connect(TRANSCRIPTION);
        String transcription = "'transcription':{'model':'" + model + "'}";
        client.send("{'type':'session.update','session':{'type':'transcription','audio':{'input':{" + transcription
                + ",'turn_detection':{'type':'server_vad'}}}}}");
        JsonNode error = client.expectError();
        assertThat(error.path("message").asText()).isEqualTo("Turn detection is not supported for this transcription model");
        assertThat(error.path("code").isNull()).isTrue();

        client.send("{'type':'session.update','session':{'type':'transcription','audio':{'input':{" + transcription + "}}}}");
        assertThat(client.expect("session.updated").at("/session/audio/input/turn_detection").isNull()).isTrue();

        client.send("{'type':'session.update','session':{'type':'transcription','audio':{'input':{'turn_detection':"
                + "{'type':'server_vad'}}}}}");
        assertThat(client.expectError().path("param").asText()).isEqualTo("session.audio.input.turn_detection");
    }

    @Test
    @DisplayName("SIM-2 gpt-realtime-whisper as side transcriber of a conversation keeps server VAD")
    void whisperBesideVad() {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        JsonNode updated = update(client, "'audio':{'input':{'transcription':{'model':'gpt-realtime-whisper'},"
                + "'turn_detection':{'type':'server_vad'}}}");
        assertThat(updated.at("/audio/input/turn_detection/type").asText()).isEqualTo("server_vad");
    }

    @Test
    @DisplayName("SIM-3 an update of the other session type is refused and the session stays open")
    void otherType() {
        start(Scenario.standard());
        Client conversation = connect(REALTIME);
        conversation.send("{'type':'session.update','session':{'type':'transcription'}}");
        assertThat(conversation.expectError().path("message").asText())
                .isEqualTo("Passing a transcription session update event to a realtime session is not allowed.");
        conversation.expectNothingMore();
        Client transcription = connect(TRANSCRIPTION);
        transcription.send("{'type':'session.update','session':{'type':'realtime'}}");
        assertThat(transcription.expectError().path("message").asText()).contains("not allowed");
        transcription.send("{'type':'session.update','session':{'type':'transcription','tools':[]}}");
        assertThat(transcription.expectError().path("param").asText()).isEqualTo("session.tools");
        transcription.expectNothingMore();
    }

    @Test
    @DisplayName("SIM-3 tracing is immutable once enabled; the same value again is accepted")
    void tracingLock() {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        update(client, "'tracing':'auto'");
        update(client, "'tracing':'auto'");
        client.send("{'type':'session.update','session':{'type':'realtime','tracing':null}}");
        assertThat(client.expectError().path("param").asText()).isEqualTo("session.tracing");
    }

    @Test
    @DisplayName("SIM-3 the voice is fixed by the first assistant audio, the speed while a response runs")
    void locks() {
        start(Scenario.builder().next(Reply.text("Hello").endless()).build());
        Client client = connect(REALTIME);
        update(client, "'audio':{'output':{'voice':'cedar'}}");
        client.send("{'type':'response.create'}");
        client.await("response.output_audio.delta");
        client.send("{'type':'session.update','session':{'type':'realtime','audio':{'output':{'voice':'marin'}}}}");
        JsonNode error = client.expectError();
        assertThat(error.path("code").asText()).isEqualTo("cannot_update_voice");
        assertThat(error.path("message").asText())
                .isEqualTo("Cannot update a conversation's voice if assistant audio is present.");
        client.send("{'type':'session.update','session':{'type':'realtime','audio':{'output':{'speed':1.25}}}}");
        assertThat(client.expectError().path("param").asText()).isEqualTo("session.audio.output.speed");
        update(client, "'audio':{'output':{'voice':'cedar'}}");
    }

    @Test
    @DisplayName("SIM-4 session.updated can be withheld, delayed, and the update refused with any code")
    void scripted() {
        VirtualClock clock = new VirtualClock();
        RealtimeSimulator simulator = start(RealtimeSimulator.builder().clock(clock)
                .scenario(Scenario.builder().withholdSessionUpdated().build()));
        Client withheld = connect(REALTIME);
        withheld.send("{'type':'session.update','session':{'type':'realtime','instructions':'x'}}");
        withheld.expectNothingMore();
        assertThat(session().effectiveConfig().path("instructions").asText()).isEqualTo("x");

        simulator.scenario(Scenario.builder().delaySessionUpdated(Duration.ofSeconds(5)).build());
        Client delayed = connect(REALTIME);
        delayed.send("{'type':'session.update','session':{'type':'realtime','instructions':'x'}}");
        delayed.expectNothingMore();
        clock.advance(Duration.ofSeconds(5));
        delayed.expect("session.updated");

        simulator.scenario(Scenario.builder().refuseSessionUpdate("insufficient_quota").build());
        Client refused = connect(REALTIME);
        refused.send("{'type':'session.update','session':{'type':'realtime'}}");
        assertThat(refused.expectError().path("code").asText()).isEqualTo("insufficient_quota");
    }

    private static JsonNode update(Client client, String members) {
        client.send("{'type':'session.update','session':{'type':'realtime'," + members + "}}");
        return client.expect("session.updated").path("session");
    }
}
