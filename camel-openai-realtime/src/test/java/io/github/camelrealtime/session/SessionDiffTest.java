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

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class SessionDiffTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** As the live service sends it (wire reference §3.1). */
    private static final String LIVE = "{'type':'realtime','object':'realtime.session','id':'s','model':'gpt-realtime-2.1',"
            + "'output_modalities':['audio'],'instructions':'Default prompt.','tools':[],'tool_choice':'auto',"
            + "'max_output_tokens':'inf','tracing':null,'truncation':'auto','prompt':null,"
            + "'audio':{'input':{'format':{'type':'audio/pcm','rate':24000},"
            + "'transcription':{'model':'whisper-1','language':'de','prompt':null},'noise_reduction':null,"
            + "'turn_detection':{'type':'server_vad','threshold':0.5,'prefix_padding_ms':300,'silence_duration_ms':500,"
            + "'idle_timeout_ms':null,'create_response':true,'interrupt_response':true}},"
            + "'output':{'format':{'type':'audio/pcm','rate':24000},'voice':'marin','speed':1.0}},'include':null}";

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
        } catch (Exception e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static String input(String members) {
        return "{'audio':{'input':{" + members + "}}}";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
            "{'instructions':'Default prompt.'} | {}",
            "{'instructions':''} | {'instructions':''}",
            "{'include':null,'prompt':null,'reasoning':null} | {}",
            "{'include':[]} | {'include':[]}",
            "{'tools':[],'tool_choice':'auto','max_output_tokens':'inf'} | {}",
            "{'audio':{'output':{'speed':1}}} | {}",
            "{'audio':{'output':{'speed':1.1,'voice':'marin'}}} | {'audio':{'output':{'speed':1.1}}}",
            "{'audio':{'output':{'voice':{'id':'voice_1'}}}} | {'audio':{'output':{'voice':{'id':'voice_1'}}}}",
            "{'tool_choice':{'type':'function','name':'f'}} | {'tool_choice':{'type':'function','name':'f'}}",
            "{'audio':{'input':{},'output':{'voice':'marin'}}} | {}",
            "{'new_member':{'a':1}} | {'new_member':{'a':1}}" })
    @DisplayName("CFG-5 what the service holds is left out; null is absent, and 1 is 1.0")
    void members(String wanted, String difference) {
        assertThat(SessionDiff.of(json(wanted), json(LIVE), List.of())).isEqualTo(json(difference));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
            "'turn_detection':{'type':'server_vad','threshold':0.5} | ",
            "'turn_detection':{'threshold':0.50} | ",
            "'turn_detection':null | 'turn_detection':null",
            "'turn_detection':{'threshold':0.7} | 'turn_detection':{'type':'server_vad','threshold':0.7,'prefix_padding_ms':300,"
                 + "'silence_duration_ms':500,'create_response':true,'interrupt_response':true}",
            "'turn_detection':{'type':'semantic_vad'} | 'turn_detection':{'type':'semantic_vad'}",
            "'noise_reduction':{'type':'near_field'} | 'noise_reduction':{'type':'near_field'}",
            "'transcription':{'language':'de'} | ",
            "'transcription':{'language':'fr'} | 'transcription':{'model':'whisper-1','language':'fr'}",
            "'transcription':{'language':null} | 'transcription':{'model':'whisper-1','language':null}",
            "'transcription':{'model':'gpt-transcribe'} | 'transcription':{'model':'gpt-transcribe'}" })
    @DisplayName("CFG-19 an object that has kinds is sent whole if anything in it differs, so merging and rebuilding are the same")
    void kinds(String wanted, String difference) {
        assertThat(SessionDiff.of(json(input(wanted)), json(LIVE), List.of()))
                .isEqualTo(difference == null ? json("{}") : json(input(difference)));
    }

    @Test
    @DisplayName("CFG-5 tools and prompts are compared as wholes: what they leave out is taken away")
    void wholes() {
        ObjectNode held = json("{'tools':[{'name':'f','description':'d'}],'prompt':{'id':'p','version':'2','variables':null}}");
        ObjectNode wanted = json("{'tools':[{'name':'f'}],'prompt':{'id':'p','version':'2'}}");
        assertThat(SessionDiff.of(wanted, held, List.of())).isEqualTo(json("{'tools':[{'name':'f'}]}"));
    }

    @Test
    @DisplayName("CFG-5 what is under way is sent in any case, and completes what is sent")
    void underWay() {
        List<ObjectNode> underWay = new ArrayList<>();
        underWay.add(json("{'instructions':'New.','audio':{'input':{'turn_detection':{'type':'server_vad','threshold':0.9}}}}"));
        ObjectNode held = json(LIVE);
        assertThat(SessionDiff.of(json("{'instructions':'Default prompt.','tool_choice':'auto'}"), held, underWay))
                .isEqualTo(json("{'instructions':'Default prompt.'}"));
        assertThat(SessionDiff.of(json(input("'turn_detection':{'silence_duration_ms':500}")), held, underWay)
                .at("/audio/input/turn_detection"))
                .isEqualTo(json("{'type':'server_vad','threshold':0.9,'silence_duration_ms':500}"));
        assertThat(SessionDiff.certain(held, underWay).at("/audio/input/turn_detection").isMissingNode()).isTrue();
        assertThat(held).as("is not changed").isEqualTo(json(LIVE));
    }

    @Test
    @DisplayName("CFG-5 as long as the service has said nothing all is sent")
    void unknown() {
        ObjectNode wanted = json("{'instructions':'x','audio':{'input':{'turn_detection':null}}}");
        ObjectNode difference = SessionDiff.of(wanted, null, List.of());
        assertThat(difference).isEqualTo(wanted).isNotSameAs(wanted);
        JsonNode one = json("{'a':[1,{'b':2.0}]}");
        assertThat(SessionDiff.same(one, json("{'a':[1.0,{'b':2,'c':null}]}"))).isTrue();
        assertThat(SessionDiff.same(one, json("{'a':[1]}"))).isFalse();
    }
}
