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

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.session.SessionState;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Several endpoints that speak about one session. */
class SessionConflictTest {

    private static final String ONE = "openai-realtime://support";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @Test
    @DisplayName("CFG-8 two endpoints with different values fail the start, and both are named, with their secrets masked")
    void differentValues() {
        Throwable thrown = startFailure(
                "openai-realtime:support?voice=cedar&apiKey=sk-first0123456789",
                "openai-realtime:support?voice=marin&organization=org-2");
        assertThat(thrown).hasStackTraceContaining("option voice is set differently")
                .hasStackTraceContaining(ONE + "?apiKey=xxxxxx&voice=cedar")
                .hasStackTraceContaining(ONE + "?organization=org-2&voice=marin");
        assertThat(thrown.getMessage() + causes(thrown)).doesNotContain("first0123456789");
        assertThat(camel.simulator().handshakes()).isEmpty();
    }

    @Test
    @DisplayName("CFG-8 two different API keys for one session fail the start, and neither is shown")
    void differentKeys() {
        Throwable thrown = startFailure(
                "openai-realtime:support?apiKey=sk-first0123456789", "openai-realtime:support?apiKey=sk-second012345678");
        assertThat(thrown).hasStackTraceContaining("option apiKey is set differently");
        assertThat(causes(thrown)).doesNotContain("first0123456789").doesNotContain("second012345678");
    }

    @Test
    @DisplayName("CFG-8 a difference in one sessionProperties path is one too")
    void differentProperties() {
        Throwable thrown = startFailure(
                "openai-realtime:support?sessionProperties.audio.output.speed=1.1",
                "openai-realtime:support?sessionProperties.audio.output.speed=1.2");
        assertThat(thrown).hasStackTraceContaining("option sessionProperties.audio.output.speed is set differently");
    }

    @Test
    @DisplayName("CFG-8 equal values are fine, and different options add up")
    void equalValues() throws Exception {
        camel.start(
                route -> route.from("openai-realtime:support?voice=cedar&instructions=Hi").to("log:events?level=OFF"),
                route -> route.from("direct:ask").to("openai-realtime:support?voice=cedar&outputModalities=text"));
        camel.awaitState("support", SessionState.READY);
        assertThat(camel.simulator().handshakes()).hasSize(1);
        JsonNode config = camel.server(0).effectiveConfig();
        assertThat(config.at("/audio/output/voice").asText()).isEqualTo("cedar");
        assertThat(config.at("/instructions").asText()).isEqualTo("Hi");
        assertThat(config.at("/output_modalities/0").asText()).isEqualTo("text");
    }

    @Test
    @DisplayName("CFG-8 options of an endpoint may differ: they are no session's")
    void endpointOptions() throws Exception {
        camel.start(
                route -> route.from("direct:a").to("openai-realtime:support?requestTimeout=1s&operation=send-text"),
                route -> route.from("direct:b").to("openai-realtime:support?requestTimeout=2s&operation=send-event"));
        camel.awaitState("support", SessionState.READY);
    }

    @Test
    @DisplayName("CFG-8 an endpoint against a declared session fails the start, and both are named")
    void againstDeclaration() {
        camel.component().setSessions(Map.of("support", Map.of("voice", "cedar")));
        assertThat(startFailure("openai-realtime:support?voice=marin"))
                .hasStackTraceContaining("camel.component.openai-realtime.sessions.support")
                .hasStackTraceContaining(ONE + "?voice=marin");
    }

    @Test
    @DisplayName("CFG-8 an endpoint that agrees with the declared session is fine")
    void withDeclaration() throws Exception {
        camel.component().setSessions(Map.of("support", Map.of("voice", "cedar", "instructions", "Hi")));
        camel.start(route -> route.from("direct:ask").to("openai-realtime:support?voice=cedar"));
        camel.awaitState("support", SessionState.READY);
        assertThat(camel.server(0).effectiveConfig().at("/instructions").asText()).isEqualTo("Hi");
    }

    @Test
    @DisplayName("CFG-8 what a consumer's endpoint says holds, although a producer of the session starts first")
    void consumerStartsLater() throws Exception {
        camel.start(
                route -> route.from("direct:ask").startupOrder(1).to("openai-realtime:support"),
                route -> route.from("openai-realtime:support?instructions=Of the consumer").startupOrder(2)
                        .to("log:events?level=OFF"));
        camel.awaitState("support", SessionState.READY);
        assertThat(camel.server(0).effectiveConfig().at("/instructions").asText()).isEqualTo("Of the consumer");
        assertThat(camel.server(0).received("session.update")).hasSize(1);
    }

    @Test
    @DisplayName("CFG-8 news about a session that is in use are refused, and the session goes on as it was")
    void tooLate() throws Exception {
        camel.start(route -> route.from("direct:ask").to("openai-realtime:support?instructions=Hi&operation=send-text"));
        camel.awaitState("support", SessionState.READY);

        assertThatThrownBy(() -> camel.route(route -> route.from("direct:late").to("openai-realtime:support?voice=cedar")))
                .hasStackTraceContaining("Session support is in use already")
                .hasStackTraceContaining(ONE + "?voice=cedar");
        // nothing of it stays: the same words as before, or none, are welcome
        camel.route(route -> route.from("direct:same").to("openai-realtime:support?instructions=Hi"));
        assertThat(camel.template().requestBody("direct:ask", "Hello", String.class)).contains("Hello");
        assertThat(camel.simulator().handshakes()).hasSize(1);
    }

    // ---- operation transcribe has its sessions to itself

    @Test
    @DisplayName("CFG-8 transcribe and another producer on one name fail the start, and both are named")
    void transcribeShares() {
        assertThat(startFailure("openai-realtime:support?operation=transcribe", "openai-realtime:support?operation=append-audio"))
                .hasStackTraceContaining(ONE + "?operation=transcribe")
                .hasStackTraceContaining(ONE + "?operation=append-audio")
                .hasStackTraceContaining("give them different names");
    }

    @Test
    @DisplayName("CFG-8 two pools of one name and different poolSize fail the start, and both are named")
    void poolSizes() {
        assertThat(startFailure("openai-realtime:support?operation=transcribe&poolSize=2",
                "openai-realtime:support?operation=transcribe&poolSize=3"))
                .hasStackTraceContaining("option poolSize is set differently")
                .hasStackTraceContaining(ONE + "?operation=transcribe&poolSize=2")
                .hasStackTraceContaining(ONE + "?operation=transcribe&poolSize=3");
    }

    private Throwable startFailure(String... uris) {
        Throwable[] failure = new Throwable[1];
        assertThatThrownBy(() -> {
            for (String uri : uris) {
                camel.route(route -> route.from("direct:" + Integer.toHexString(uri.hashCode())).to(uri));
            }
            camel.context().start();
        }).satisfies(thrown -> failure[0] = thrown);
        return failure[0];
    }

    private static String causes(Throwable thrown) {
        StringBuilder all = new StringBuilder();
        for (Throwable next = thrown; next != null; next = next.getCause()) {
            all.append(next).append('\n');
        }
        return all.toString();
    }
}
