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

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.camelrealtime.event.SessionType;
import io.github.camelrealtime.session.SessionConfig;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class HistoryFactoryTest {

    private static final String MODEL = "gpt-realtime";

    private static SessionConfig.History of(Object history) {
        OpenAIRealtimeConfiguration options = new OpenAIRealtimeConfiguration();
        options.setHistory(history);
        return HistoryFactory.create(options, SessionType.REALTIME, MODEL);
    }

    @Test
    @DisplayName("CTX-1 JSON, a list of maps, an array and JSON nodes say the same, in short or as the wire has it")
    void forms() {
        String whole = "[{'type':'message','role':'assistant','content':[{'type':'output_text','text':'hi'}]}]".replace('\'', '"');
        List<Object> forms = List.of(
                whole, "[{\"role\":\"assistant\",\"text\":\"hi\"}]", "[{\"role\":\"assistant\",\"content\":\"hi\"}]",
                List.of(Map.of("role", "assistant", "text", "hi")), new Object[] { Map.of("role", "assistant", "text", "hi") },
                JsonNodeFactory.instance.arrayNode().add(
                        JsonNodeFactory.instance.objectNode().put("role", "assistant").put("text", "hi")));
        assertThat(forms).extracting(form -> of(form).seed()).containsOnly(of(whole).seed());
        assertThat(of(whole).seed()).singleElement().satisfies(item -> {
            assertThat(item.path("type").asText()).isEqualTo("message");
            assertThat(item.path("content").get(0).path("type").asText()).isEqualTo("output_text");
        });
        assertThat(of(null).seed()).isEmpty();
        assertThat(of(" ").seed()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
            "{'role':'user'} | no list",
            "no json | not JSON",
            "['secret'] | item 1",
            "[{'role':'user','text':'x'},{'role':'narrator','text':'secret'}] | item 2",
            "[{'role':'user','content':[{'type':'input_audio','audio':'secret'}]}] | audio",
            "[{'role':'assistant','content':[{'type':'output_audio','transcript':'secret'}]}] | output_text",
            "[{'type':'function_call','name':'f','arguments':'{}'}] | call_id",
            "[{'type':'function_call','name':'f','arguments':'{}','call_id':'c'}] | without an output",
            "[{'type':'function_call_output','call_id':'c','output':'secret'}] | call does not stand before",
            "[{'type':'mcp_call'}] | service only",
            "[{'type':'of_tomorrow'}] | none of message",
            "[{'id':'a','role':'user','text':'x'},{'id':'a','role':'user','text':'x'}] | 'id'",
            "[{'id':'a123456789012345678901234567890123','role':'user','text':'x'}] | 32 characters" })
    @DisplayName("CTX-1 a history that cannot be told fails when the route starts, naming the place and nothing of what is said")
    void refused(String history, String word) {
        assertThatIllegalArgumentException().isThrownBy(() -> of(history.replace('\'', '"')))
                .withMessageContaining("Option history").withMessageContaining(word).withMessageNotContaining("secret");
    }

    @Test
    @DisplayName("CTX-1 CFG-12 a transcription session has no conversation to begin with; more than is kept is refused")
    void misplaced() {
        OpenAIRealtimeConfiguration options = new OpenAIRealtimeConfiguration();
        options.setHistory("[{\"role\":\"user\",\"text\":\"x\"},{\"role\":\"user\",\"text\":\"y\"}]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HistoryFactory.create(options, SessionType.TRANSCRIPTION, MODEL))
                .withMessageContaining("history").withMessageContaining("transcription");
        options.setHistoryMaxItems(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HistoryFactory.create(options, SessionType.REALTIME, MODEL))
                .withMessageContaining("historyMaxItems");
    }

    @Test
    @DisplayName("CTX-10 ROLL-17 the window is that of the model unless said otherwise, an unknown model has none; none is no re-anchor")
    void rest() {
        assertThat(of(null).windowTokens()).isEqualTo(28_224);
        assertThat(of(null).reanchor()).isEqualTo(SessionConfig.History.REANCHOR);
        assertThat(of(null).replay()).isTrue();
        OpenAIRealtimeConfiguration options = new OpenAIRealtimeConfiguration();
        options.setReanchor("none");
        options.setReplayHistory(false);
        SessionConfig.History other = HistoryFactory.create(options, SessionType.REALTIME, "of-tomorrow");
        assertThat(other.windowTokens()).isZero();
        assertThat(other.reanchor()).isNull();
        assertThat(other.replay()).isFalse();
    }
}
