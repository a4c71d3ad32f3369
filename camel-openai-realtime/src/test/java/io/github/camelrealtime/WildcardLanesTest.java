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

import io.github.camelrealtime.simulator.SyntheticSpeech;
import org.apache.camel.ExchangePattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class WildcardLanesTest {

    private static final int CALLS = 20;

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @Test
    @DisplayName("FLOW-6 lanes of a wildcard consumer go with their sessions")
    void lanesGo() throws Exception {
        Received received = new Received();
        camel.start(
                route -> route.from("openai-realtime:call-*?eventTypes=lifecycle").routeId("calls").process(received),
                route -> route.from("direct:open").to("openai-realtime:desk?connectOn=manual&operation=open-session"),
                route -> route.from("direct:close").to("openai-realtime:desk?operation=close-session"));
        for (int i = 0; i < CALLS; i++) {
            operate("direct:open", "call-" + i);
            operate("direct:close", "call-" + i);
        }
        await().atMost(RealtimeCamel.PATIENCE).untilAsserted(() -> {
            assertThat(received.ofType("camel.session.closed")).hasSize(CALLS);
            assertThat(consumer().getSessionNames()).isEmpty();
        });
    }

    @Test
    @DisplayName("CONN-14 at the stop of the context the last words of dynamic sessions are awaited and routed")
    void lastWords() throws Exception {
        Received received = new Received();
        camel.start(
                route -> route.from("openai-realtime:call-*?eventTypes=transcript").process(received),
                route -> route.from("direct:audio").to("openai-realtime:desk?connectOn=manual&sessionType=transcription"
                                                       + "&drainTimeout=10s&operation=append-audio"));
        camel.send("direct:audio", ExchangePattern.InOnly, SyntheticSpeech.pcm(600),
                Map.of(OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME, "call-1"));
        await().atMost(RealtimeCamel.PATIENCE).until(() -> camel.session("call-1").status().sentAudioMillis() > 0);
        camel.context().stop();
        assertThat(received.ofType("conversation.item.input_audio_transcription.completed")).hasSize(1);
    }

    private void operate(String uri, String session) throws Exception {
        assertThat(RealtimeCamel.done(camel.send(uri, ExchangePattern.InOnly, null,
                Map.of(OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME, session))).getException()).isNull();
    }

    private SessionConsumer consumer() {
        return (SessionConsumer) camel.context().getRoute("calls").getConsumer();
    }
}
