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
package io.github.camelrealtime;

import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.session.WireProtocol;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SessionUpdateFactoryTest {

    private final OpenAIRealtimeConfiguration options = new OpenAIRealtimeConfiguration();

    /** As the wire has it, so that an int and a long of the same value are the same. */
    private ObjectNode update() {
        ObjectNode update = new SessionUpdateFactory(options, WireProtocol.REALTIME, "gpt-realtime-2.1", false).create();
        return update == null ? null : parsed(update.toString());
    }

    private static ObjectNode json(String text) {
        return parsed(text.replace('\'', '"'));
    }

    private static ObjectNode parsed(String text) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    @Test
    @DisplayName("CFG-3 unset is not sent, none is sent as null, a value as itself")
    void triState() {
        assertThat(update()).isNull();
        options.setTurnDetection("none");
        options.setNoiseReduction("none");
        options.setTranscriptionModel("none");
        assertThat(update()).isEqualTo(json(
                "{'type':'realtime','audio':{'input':{'noise_reduction':null,'transcription':null,'turn_detection':null}}}"));
    }

    @Test
    @DisplayName("CFG-6 everything in its place, with the type and with the rate of PCM")
    void all() {
        options.setInstructions("be brief");
        options.setVoice("marin");
        options.setSpeed(1.1);
        options.setOutputModalities("audio");
        options.setMaxOutputTokens(100);
        options.setReasoningEffort("low");
        options.setInputAudioFormat("pcm16");
        options.setOutputAudioFormat("pcmu");
        options.setNoiseReduction("near_field");
        options.setTranscriptionModel("gpt-transcribe");
        options.setLanguages("de, en");
        options.setKeywords("Camel");
        options.setVadThreshold(0.5);
        options.setVadSilenceDuration(700L);
        options.setVadCreateResponse(false);
        options.setTranscriptionLogprobs(true);
        assertThat(update()).isEqualTo(json(
                "{'type':'realtime','instructions':'be brief','output_modalities':['audio'],'max_output_tokens':100,"
                                            + "'reasoning':{'effort':'low'},"
                                            + "'include':['item.input_audio_transcription.logprobs'],"
                                            + "'audio':{'output':{'format':{'type':'audio/pcmu'},'voice':'marin','speed':1.1},"
                                            + "'input':{'format':{'type':'audio/pcm','rate':24000},"
                                            + "'noise_reduction':{'type':'near_field'},"
                                            + "'transcription':{'model':'gpt-transcribe','languages':['de','en'],'keywords':['Camel']},"
                                            + "'turn_detection':{'type':'server_vad','threshold':0.5,'silence_duration_ms':700,"
                                            + "'create_response':false}}}}"));
        assertThat(update().fieldNames().next()).isEqualTo("type");
    }

    @Test
    @DisplayName("CFG-7 file and properties are laid over the options, member by member")
    void merged() {
        options.setVoice("marin");
        options.setInstructions("from the option");
        options.setSessionConfig("{\"type\":\"ignored\",\"instructions\":\"from the file\",\"audio\":{\"output\":{\"speed\":1.2}},"
                                 + "\"brand_new\":{\"a\":1}}");
        options.setSessionProperties(Map.of("audio.output.speed", "1.3", "truncation.type", "auto"));
        assertThat(update()).isEqualTo(json(
                "{'type':'realtime','instructions':'from the file','brand_new':{'a':1},'truncation':{'type':'auto'},"
                                            + "'audio':{'output':{'voice':'marin','speed':1.3}}}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "24000|24000", "true|true", "null|null", "[\"a\"]|[\"a\"]", "plain words|\"plain words\"",
            "5 rules: be brief|\"5 rules: be brief\"", "null and void|\"null and void\"", "24 kHz|\"24 kHz\"",
            "{\"a\":1} and more|\"{\\\"a\\\":1} and more\"" })
    @DisplayName("CFG-7 a property is JSON if all of it is, else it is text, whole")
    void propertyValues(String value, String expected) throws JsonProcessingException {
        options.setSessionProperties(Map.of("x", value));
        assertThat(update().get("x")).isEqualTo(new ObjectMapper().readTree(expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "[1]", "{\"a\":", "{\"a\":1} trailing", "words" })
    void sessionConfigThatIsNoObjectIsRefusedWithoutRepeatingIt(String config) {
        options.setSessionConfig(config);
        assertThatIllegalArgumentException().isThrownBy(this::update).withMessageContaining("sessionConfig")
                .withMessageNotContaining("trailing").withMessageNotContaining("words");
    }

    @Test
    @DisplayName("CFG-11 members of the Beta are refused, wherever they come from")
    void beta() {
        options.setSessionProperties(Map.of("temperature", 0.8));
        assertThatIllegalArgumentException().isThrownBy(this::update).withMessageContaining("session.temperature");
    }

    @Test
    @DisplayName("CFG-19 settings of one kind of turn detection do not go with the other")
    void turnDetectionKinds() {
        options.setVadEagerness("low");
        assertThatIllegalArgumentException().isThrownBy(this::update).withMessageContaining("vadEagerness");
        options.setTurnDetection("semantic_vad");
        assertThat(update().at("/audio/input/turn_detection")).isEqualTo(json("{'type':'semantic_vad','eagerness':'low'}"));
        options.setVadThreshold(0.3);
        assertThatIllegalArgumentException().isThrownBy(this::update).withMessageContaining("vadThreshold");
    }

    @Test
    void unknownWireFormatsAreRefused() {
        options.setInputAudioFormat("opus");
        assertThatIllegalArgumentException().isThrownBy(this::update).withMessageContaining("pcm16, pcmu, pcma");
    }
}
