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
package io.github.camelrealtime.session;

import java.util.List;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.SessionType;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ModelRulesTest {

    static ObjectNode json(String text) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static ObjectNode transcription(String members) {
        return json("{'audio':{'input':{'turn_detection':{'type':'server_vad'},'transcription':{" + members + "}}}}");
    }

    @ParameterizedTest
    @ValueSource(strings = { "gpt-realtime-whisper", "gpt-live-transcribe" })
    @DisplayName("CFG-9 transcription models that refuse turn detection get none in transcription sessions")
    void turnDetection(String model) {
        assertThat(ModelRules.refusesTurnDetection(model)).isTrue();
        ObjectNode session = transcription("'model':'" + model + "'");
        List<String> omitted = ModelRules.apply(SessionType.TRANSCRIPTION, model, session);
        assertThat(session.at("/audio/input/turn_detection").isNull()).isTrue();
        assertThat(omitted).singleElement().asString().contains("turn_detection").contains(model);

        ObjectNode conversation = transcription("'model':'" + model + "'");
        assertThat(ModelRules.apply(SessionType.REALTIME, "gpt-realtime", conversation)).isEmpty();
        assertThat(conversation.at("/audio/input/turn_detection").isObject()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
            "gpt-realtime-whisper,prompt,true", "gpt-4o-transcribe-diarize,prompt,true", "gpt-4o-transcribe,prompt,false",
            "gpt-4o-transcribe,keywords,true", "gpt-transcribe,keywords,false", "gpt-live-transcribe,languages,false",
            "whisper-1,languages,true", "whisper-1,delay,true", "gpt-realtime-whisper,delay,false",
            "somebody-elses-model,keywords,false", "somebody-elses-model,delay,false" })
    @DisplayName("CFG-9 what a transcription model is known not to take is left out and told; unknown models get all")
    void transcriptionMembers(String model, String member, boolean omitted) {
        ObjectNode session = transcription("'model':'" + model + "','" + member + "':'x'");
        ((ObjectNode) session.at("/audio/input")).remove("turn_detection");
        List<String> told = ModelRules.apply(SessionType.TRANSCRIPTION, model, session);
        assertThat(session.at("/audio/input/transcription").has(member)).isEqualTo(!omitted);
        assertThat(told).hasSize(omitted ? 1 : 0);
    }

    @Test
    @DisplayName("CFG-9 reasoning is left out for models that do not reason")
    void reasoning() {
        ObjectNode session = json("{'reasoning':{'effort':'low'},'parallel_tool_calls':true,'instructions':'x'}");
        assertThat(ModelRules.apply(SessionType.REALTIME, "gpt-realtime", session)).hasSize(2);
        assertThat(session).isEqualTo(json("{'instructions':'x'}"));
        ObjectNode other = json("{'reasoning':{'effort':'low'}}");
        assertThat(ModelRules.apply(SessionType.REALTIME, "gpt-realtime-2.1", other)).isEmpty();
        assertThat(other.has("reasoning")).isTrue();
    }

    @Test
    void oddShapesAreLeftAlone() {
        for (String odd : List.of("{}", "{'audio':null}", "{'audio':{'input':[]}}", "{'audio':{'input':{'transcription':null}}}")) {
            ObjectNode session = json(odd);
            assertThat(ModelRules.apply(SessionType.TRANSCRIPTION, "gpt-live-transcribe", session)).isEmpty();
            assertThat(session).isEqualTo(json(odd));
        }
    }
}
