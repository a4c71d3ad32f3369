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

import java.util.HashMap;
import java.util.Map;

import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Handshake;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** What the handshake carries besides the key. */
class HandshakeHeadersTest {

    /** HMAC-SHA256 of "ann@example.com" with "house secret", by openssl. */
    private static final String ANN = "fb7d770fa4953da6da174cacccd0dfbc7baedebce56d8e57db079d32945190ea";
    private static final String IDENTIFIER = "OpenAI-Safety-Identifier";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private Handshake connected(String uri) throws Exception {
        camel.start(route -> route.from("direct:ask").to(uri));
        camel.awaitState("support", SessionState.READY);
        return camel.simulator().handshakes().get(0);
    }

    @Test
    @DisplayName("NET-7 organization, project and headers of one's own, from component, session and URI together")
    void headers() throws Exception {
        camel.options().setHandshakeHeaders(Map.of("X-Office", "Ghent"));
        camel.component().setSessions(Map.of("support", Map.of("handshakeHeaders.X-Team", "voice", "project", "proj_1")));
        Handshake handshake = connected("openai-realtime:support?organization=org-1&handshakeHeaders.X-Tenant=north");
        assertThat(handshake.header("OpenAI-Organization")).isEqualTo("org-1");
        assertThat(handshake.header("OpenAI-Project")).isEqualTo("proj_1");
        assertThat(handshake.header("X-Office")).isEqualTo("Ghent");
        assertThat(handshake.header("X-Team")).isEqualTo("voice");
        assertThat(handshake.header("X-Tenant")).isEqualTo("north");
        assertThat(handshake.authorization()).isEqualTo("Bearer " + RealtimeCamel.API_KEY);
    }

    @Test
    @DisplayName("CFG-11, CFG-17, CFG-18 by default neither beta, nor tracing, nor identifier, nor anything else is sent")
    void nothingElse() throws Exception {
        Handshake handshake = connected("openai-realtime:support?voice=marin");
        assertThat(handshake.headers().names()).noneMatch(name -> name.toLowerCase().startsWith("openai-"));
        assertThat(camel.server(0).received("session.update")).hasSize(1)
                .allSatisfy(update -> assertThat(update.path("session").has("tracing")).isFalse());
    }

    @Test
    @DisplayName("CFG-17 tracing is on for those who ask for it")
    void tracing() throws Exception {
        connected("openai-realtime:support?tracing=auto");
        assertThat(camel.server(0).received("session.update").get(0).at("/session/tracing").asText()).isEqualTo("auto");
    }

    @Test
    @DisplayName("CFG-18 an identifier goes as it is")
    void identifier() throws Exception {
        assertThat(connected("openai-realtime:support?safetyIdentifier=user-4711").header(IDENTIFIER)).isEqualTo("user-4711");
    }

    @Test
    @DisplayName("CFG-18 with a secret the HMAC-SHA256 goes, and neither identifier nor secret is seen by anybody")
    void hashed() throws Exception {
        String uri = "openai-realtime:support?safetyIdentifier=ann@example.com&safetyIdentifierSecret=RAW(house secret)";
        assertThat(connected(uri).header(IDENTIFIER)).isEqualTo(ANN);
        assertThat(camel.simulator().handshakes().get(0).headers().toString()).doesNotContain("ann@", "house");
        assertThat(camel.context().getEndpoints()).extracting(Object::toString).noneMatch(text -> text.contains("ann@"))
                .noneMatch(text -> text.contains("house"));
        assertThat(camel.session("support").config().toString()).doesNotContain("ann@", "house", ANN);
    }

    @Test
    @DisplayName("CFG-18 sessions named by messages are each for their own end user, and for no other one")
    void perMessage() throws Exception {
        camel.options().setSafetyIdentifierSecret("house secret");
        camel.start(route -> route.from("direct:ask").to("openai-realtime:support?operation=open-session&connectOn=manual"));

        Exchange ann = open("call-1", "ann@example.com");
        assertThat(ann.getException()).isNull();
        assertThat(ann.getMessage().getHeaders()).doesNotContainKey(OpenAIRealtimeConstants.OVERRIDE_SAFETY_IDENTIFIER);
        camel.awaitState("call-1", SessionState.READY);
        assertThat(camel.simulator().handshakes().get(0).header(IDENTIFIER)).isEqualTo(ANN);

        assertThat(open("call-1", "ann@example.com").getException()).isNull();
        assertThat(open("call-1", null).getException()).isNull();
        assertThat(camel.simulator().handshakes()).hasSize(1);
        assertThat(open("call-1", "bob@example.com").getException()).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(OpenAIRealtimeConstants.OVERRIDE_SAFETY_IDENTIFIER, "call-1", "another end user")
                .hasMessageNotContaining("bob").hasMessageNotContaining("ann");

        assertThat(open("call-2", "bob@example.com").getException()).isNull();
        camel.awaitState("call-2", SessionState.READY);
        assertThat(camel.simulator().handshakes().get(1).header(IDENTIFIER)).hasSize(64).isNotEqualTo(ANN);
    }

    @Test
    @DisplayName("CFG-18 sessions of a pool serve everybody: an end user in a header is refused")
    void pooled() throws Exception {
        camel.start(route -> route.from("direct:scribe").to("openai-realtime:scribe?operation=transcribe"));
        Exchange done = RealtimeCamel.done(camel.send("direct:scribe", ExchangePattern.InOut, SyntheticSpeech.pcm(200),
                Map.of(OpenAIRealtimeConstants.OVERRIDE_SAFETY_IDENTIFIER, "user-4711")));
        assertThat(done.getException()).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(OpenAIRealtimeConstants.OVERRIDE_SAFETY_IDENTIFIER, "option safetyIdentifier")
                .hasMessageNotContaining("4711");
    }

    private Exchange open(String session, String endUser) throws Exception {
        Map<String, Object> headers = new HashMap<>();
        headers.put(OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME, session);
        if (endUser != null) {
            headers.put(OpenAIRealtimeConstants.OVERRIDE_SAFETY_IDENTIFIER, endUser);
        }
        return RealtimeCamel.done(camel.send("direct:ask", ExchangePattern.InOnly, null, headers));
    }
}
