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

import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** A conversation in which the route does everything itself: append, commit, ask. */
class ManualTurnTest {

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @Test
    @DisplayName("AIN-16 append-audio, commit-audio, create-response: the answer is to the audio, turn after turn")
    void threeSteps() throws Exception {
        camel.start(route -> route.from("direct:turn")
                .to("openai-realtime:talk?turnDetection=none&operation=append-audio&audioFormat=pcm16")
                .to("openai-realtime:talk?operation=commit-audio&await=committed")
                .process(exchange -> exchange.getMessage().setBody(null))
                .to("openai-realtime:talk?operation=create-response&await=response"));
        camel.awaitState("talk", SessionState.READY);
        for (int millis : List.of(400, 700)) {
            Exchange answered = RealtimeCamel.done(camel.tell("direct:turn", SyntheticSpeech.pcm(millis)));
            assertThat(answered.getException()).isNull();
            assertThat(answered.getMessage().getBody()).isEqualTo("I heard " + millis + " ms of audio.");
        }
        assertThat(camel.server(0).received("input_audio_buffer.commit")).hasSize(2);
        assertThat(camel.server(0).received("response.create")).hasSize(2);
    }

    @Test
    @DisplayName("Text and audio turns take place in one conversation, each with its own answer")
    void mixed() throws Exception {
        camel.start(route -> route.from("direct:say").to("openai-realtime:talk?turnDetection=none&operation=append-audio&audioFormat=pcm16")
                .to("openai-realtime:talk?operation=end-turn&await=response"),
                route -> route.from("direct:write").to("openai-realtime:talk?operation=send-text"));
        camel.awaitState("talk", SessionState.READY);
        assertThat(body("direct:write", "Hello")).isEqualTo("You said: Hello");
        assertThat(body("direct:say", SyntheticSpeech.pcm(500))).isEqualTo("I heard 500 ms of audio.");
        assertThat(body("direct:write", "Bye")).isEqualTo("You said: Bye");
        assertThat(camel.server(0).sent("error")).isEmpty();
    }

    private Object body(String uri, Object body) throws Exception {
        return RealtimeCamel.done(camel.ask(uri, body)).getMessage().getBody();
    }
}
