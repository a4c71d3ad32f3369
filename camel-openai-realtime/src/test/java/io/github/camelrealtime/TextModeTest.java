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

import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Reply;
import io.github.camelrealtime.simulator.Scenario;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** A conversation in writing. */
class TextModeTest {

    private static final String MODALITY = "/response/output_modalities/0";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @Test
    @DisplayName("A text session: each question gets its answer in text, and no audio is made")
    void textSession() throws Exception {
        camel.start(route -> route.from("direct:ask").to("openai-realtime:chat?outputModalities=text&operation=send-text"));
        for (String question : new String[] { "One", "Two", "Three" }) {
            Exchange answered = RealtimeCamel.done(camel.ask("direct:ask", question));
            assertThat(answered.getMessage().getBody()).isEqualTo("You said: " + question);
            assertThat(answered.getMessage().getHeaders()).containsKeys(
                    OpenAIRealtimeConstants.RESPONSE_ID, OpenAIRealtimeConstants.ITEM_ID, OpenAIRealtimeConstants.TOTAL_TOKENS)
                    .doesNotContainKeys(OpenAIRealtimeConstants.TRANSCRIPT, OpenAIRealtimeConstants.AUDIO_FORMAT);
        }
        assertThat(camel.server(0).sent("response.output_audio.delta")).isEmpty();
        assertThat(camel.server(0).sent("response.output_text.done")).hasSize(3);
    }

    @Test
    @DisplayName("outputModality=text asks a speaking session for one answer in text; the others stay spoken")
    void oneAnswerInText() throws Exception {
        camel.start(route -> route.from("direct:text").to("openai-realtime:chat?operation=send-text&outputModality=text"),
                route -> route.from("direct:voice").to("openai-realtime:chat?operation=send-text"),
                route -> route.from("direct:create").to("openai-realtime:chat?operation=create-response&outputModality=text"));
        assertThat(RealtimeCamel.done(camel.ask("direct:text", "One")).getMessage().getBody()).isEqualTo("You said: One");
        assertThat(camel.server(0).sent("response.output_audio.delta")).isEmpty();
        assertThat(RealtimeCamel.done(camel.ask("direct:voice", "Two")).getMessage().getBody()).isEqualTo("You said: Two");
        assertThat(camel.server(0).sent("response.output_audio.delta")).isNotEmpty();
        RealtimeCamel.done(camel.ask("direct:create", Map.of("instructions", "Be brief")));
        RealtimeCamel.done(camel.ask("direct:create", Map.of("output_modalities", new String[] { "audio" })));
        assertThat(camel.server(0).received("response.create")).extracting(create -> create.at(MODALITY).asText())
                .containsExactly("text", "", "text", "audio");
        assertThat(camel.server(0).received("response.create").get(2).at("/response/instructions").asText()).isEqualTo("Be brief");
    }

    @Test
    @DisplayName("replyFormat=text makes an InOnly exchange wait for the answer's text, be it written or spoken")
    void waitsInOnly() throws Exception {
        camel.scenario(Scenario.builder().otherwise(Reply.text("Good day")).build());
        camel.start(route -> route.from("direct:ask").to("openai-realtime:chat?operation=send-text&replyFormat=text"));
        camel.awaitState("chat", SessionState.READY);
        Exchange answered = RealtimeCamel.done(camel.send("direct:ask", ExchangePattern.InOnly, "Hello", Map.of()));
        assertThat(answered.getMessage().getBody()).isEqualTo("Good day");
    }
}
