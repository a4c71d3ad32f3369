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

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.github.camelrealtime.session.ModelRulesTest.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class BetaShapesTest {

    @ParameterizedTest
    @CsvSource({
            "voice,audio.output.voice", "speed,audio.output.speed", "input_audio_format,audio.input.format",
            "output_audio_format,audio.output.format", "input_audio_transcription,audio.input.transcription",
            "input_audio_noise_reduction,audio.input.noise_reduction", "turn_detection,audio.input.turn_detection",
            "max_response_output_tokens,max_output_tokens", "temperature,gone" })
    @DisplayName("CFG-11 members of the Beta are refused with what to write instead, null or not")
    void members(String old, String now) {
        for (String value : new String[] { "'x'", "null" }) {
            ObjectNode session = json("{'" + old + "':" + value + "}");
            assertThatIllegalArgumentException().isThrownBy(() -> BetaShapes.checkSession(session))
                    .withMessageContaining("session." + old).withMessageContaining(now);
            ObjectNode update = json("{'type':'session.update','session':{'" + old + "':" + value + "}}");
            assertThatIllegalArgumentException().isThrownBy(() -> BetaShapes.check("session.update", update));
            ObjectNode create = json("{'type':'response.create','response':{'" + old + "':" + value + "}}");
            assertThatIllegalArgumentException().isThrownBy(() -> BetaShapes.check("response.create", create))
                    .withMessageContaining("response." + old);
        }
    }

    @Test
    @DisplayName("CFG-11 the Beta's event for transcription sessions is refused")
    void eventType() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BetaShapes.check("transcription_session.update", json("{'session':{}}")))
                .withMessageContaining("session.update");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
            "{'modalities':['text','audio']};{'output_modalities':['audio']}",
            "{'modalities':['audio']};{'output_modalities':['audio']}",
            "{'modalities':['text']};{'output_modalities':['text']}",
            "{'modalities':['text'],'output_modalities':['audio']};{'output_modalities':['audio']}" })
    @DisplayName("CFG-11 modalities are put right")
    void modalities(String before, String after) {
        ObjectNode session = json(before);
        BetaShapes.checkSession(session);
        assertThat(session).isEqualTo(json(after));
    }

    @Test
    void whatIsOfTodayPasses() {
        ObjectNode session = json("{'type':'realtime','instructions':'x','audio':{'output':{'voice':'marin','speed':1},"
                                  + "'input':{'turn_detection':null}},'max_output_tokens':10}");
        ObjectNode before = session.deepCopy();
        BetaShapes.checkSession(session);
        BetaShapes.check("session.update", json("{'type':'session.update','session':" + session + "}"));
        BetaShapes.check("conversation.item.create", json("{'item':{'voice':'x'}}"));
        BetaShapes.check("response.create", json("{'response':null}"));
        assertThat(session).isEqualTo(before);
    }
}
