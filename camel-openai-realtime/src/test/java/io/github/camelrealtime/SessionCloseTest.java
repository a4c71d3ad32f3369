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
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SimulatedSession;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import io.github.camelrealtime.simulator.TranscriptionScript;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.camelrealtime.RealtimeCamel.await;
import static org.assertj.core.api.Assertions.assertThat;

/** That no socket stays open is checked after every test, also of other classes, by {@link RealtimeCamel}. */
class SessionCloseTest {

    private static final int NORMAL = 1000;

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @Test
    @DisplayName("CONN-13 the end of the only route that uses a session closes it in good order")
    void routeStop() throws Exception {
        camel.start(route -> route.from("openai-realtime:support").routeId("events").process(new Received()));
        camel.awaitState("support", SessionState.READY);

        camel.context().getRouteController().stopRoute("events");
        assertClosedInOrder(camel.server(0));
        assertThat(camel.session("support")).as("the name is free again").isNull();
    }

    @Test
    @DisplayName("CONN-13 a removed route with a producer closes its session")
    void routeRemoved() throws Exception {
        camel.start(route -> route.from("direct:ask").routeId("ask").to("openai-realtime:support?operation=send-text"));
        camel.template().requestBody("direct:ask", "Hello");

        camel.context().getRouteController().stopRoute("ask");
        camel.context().removeRoute("ask");
        assertClosedInOrder(camel.server(0));
    }

    @Test
    @DisplayName("CONN-13 the end of the context closes shared, pooled and dynamic sessions")
    void contextStop() throws Exception {
        camel.start(
                route -> route.from("openai-realtime:support").process(new Received()),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"),
                route -> route.from("direct:transcribe").to("openai-realtime:scribe?operation=transcribe&poolSize=2"));
        camel.template().requestBody("direct:transcribe", new byte[9_600]);
        camel.template().requestBody("direct:ask", "Hello");
        camel.template().requestBodyAndHeader("direct:ask", "Hello", OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME, "guest");
        assertThat(camel.simulator().openSockets()).isEqualTo(3);

        camel.context().stop();
        camel.simulator().sessions().forEach(SessionCloseTest::assertClosedInOrder);
    }

    @Test
    @DisplayName("CONN-13 exceptions in routes, of consumers and producers, leave nothing open after the stop")
    void exceptions() throws Exception {
        camel.scenario(Scenario.builder().transcription(TranscriptionScript.failed("audio_unintelligible")).build());
        Received received = new Received();
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=all").process(received).process(exchange -> {
                    throw new IllegalStateException("planned");
                }),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text").process(exchange -> {
                    throw new IllegalStateException("planned");
                }),
                route -> route.from("direct:transcribe").to("openai-realtime:scribe?operation=transcribe"));

        Exchange asked = RealtimeCamel.done(camel.ask("direct:ask", "Hello"));
        assertThat(asked.getException()).hasMessage("planned");
        received.await("response.done");
        Exchange transcribed = RealtimeCamel.done(camel.ask("direct:transcribe", SyntheticSpeech.pcm(1_000)));
        assertThat(transcribed.getException()).hasMessageContaining("audio_unintelligible");
        Exchange refused = RealtimeCamel.done(camel.ask("direct:ask", ""));
        assertThat(refused.getException()).isInstanceOf(IllegalArgumentException.class);
        assertThat(camel.session("support").state()).as("the session outlives the exceptions").isEqualTo(SessionState.READY);
    }

    @Test
    @DisplayName("CONN-13 a route that cannot start lets go of its session")
    void failedStart() throws Exception {
        camel.start(route -> route.from("openai-realtime:support?model=gpt-realtime-2.1").routeId("good").process(new Received()));
        camel.awaitState("support", SessionState.READY);
        assertThat(camel.startFailure("openai-realtime:support?model=gpt-realtime-mini")).isNotNull();
        assertThat(camel.startFailure("openai-realtime:support?speed=9")).isNotNull();

        camel.context().getRouteController().stopRoute("good");
        assertClosedInOrder(camel.server(0));
        assertThat(camel.component().registry().sessions()).isEmpty();
    }

    @Test
    @DisplayName("CONN-13 close-session closes a dynamic session for good; its name can be used again")
    void closeSession() throws Exception {
        camel.start(route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text&connectOn=manual"));
        for (int round = 0; round < 2; round++) {
            Map<String, Object> guest = Map.of(OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME, "guest");
            Exchange asked = RealtimeCamel.done(camel.send("direct:ask", ExchangePattern.InOut, "Hello", guest));
            assertThat(asked.getMessage().getBody(String.class)).contains("Hello");
            RealtimeCamel.done(camel.send("direct:ask", ExchangePattern.InOnly, null, Map.of(
                    OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME, "guest",
                    OpenAIRealtimeConstants.OPERATION, "close-session")));
            assertClosedInOrder(camel.server(round));
            assertThat(camel.session("guest")).isNull();
        }
    }

    private static void assertClosedInOrder(SimulatedSession server) {
        await().until(() -> !server.isOpen());
        assertThat(server.closeCode()).isEqualTo(NORMAL);
    }
}
