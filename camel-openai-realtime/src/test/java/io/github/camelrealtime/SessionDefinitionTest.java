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

import static io.github.camelrealtime.RealtimeCamel.await;
import static org.assertj.core.api.Assertions.assertThat;

/** One session, many endpoints: who may say what about it. */
class SessionDefinitionTest {

    private static final String SECRET = "sk-proj-Planted0123456789";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @Test
    @DisplayName("CFG-8 two endpoints that set one option of a session differently fail the start; both URIs are named, secrets masked")
    void conflict() throws Exception {
        Throwable failure = camel.startFailure(
                route -> route.from("openai-realtime:support?instructions=Be brief&apiKey=" + SECRET).process(new Received()),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text&instructions=Be kind"));
        assertThat(failure).isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll(
                "support", "instructions", "openai-realtime://support?",
                "operation=send-text", "apiKey=xxxxxx", "sessions.support.instructions");
        assertThat(failure.getMessage()).doesNotContain(SECRET);
        assertThat(camel.simulator().handshakes()).isEmpty();
    }

    @Test
    @DisplayName("CFG-8 keys that differ are a conflict too, and neither is shown")
    void conflictingKeys() throws Exception {
        Throwable failure = camel.startFailure(
                route -> route.from("openai-realtime:support?apiKey=" + SECRET).process(new Received()),
                route -> route.from("openai-realtime:support?eventTypes=all&apiKey=" + SECRET + "X").process(new Received()));
        assertThat(failure).hasMessageContaining("apiKey");
        assertThat(failure.getMessage()).doesNotContain("Planted");
    }

    @Test
    @DisplayName("CFG-8 equal values, and different options of different endpoints, add up to one session")
    void agreement() throws Exception {
        camel.start(
                route -> route.from("openai-realtime:support?instructions=Be brief&voice=cedar").process(new Received()),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text&instructions=Be brief&speed=1.2"));
        JsonNode session = firstUpdate();
        assertThat(session.path("instructions").asText()).isEqualTo("Be brief");
        assertThat(session.at("/audio/output/voice").asText()).isEqualTo("cedar");
        assertThat(session.at("/audio/output/speed").asDouble()).isEqualTo(1.2);
        assertThat(camel.simulator().handshakes()).hasSize(1);
    }

    @Test
    @DisplayName("CFG-8 different options of sessions with different names are no conflict")
    void otherSession() throws Exception {
        camel.start(
                route -> route.from("openai-realtime:first?voice=cedar").process(new Received()),
                route -> route.from("openai-realtime:second?voice=marin").process(new Received()));
        camel.awaitState("first", SessionState.READY);
        camel.awaitState("second", SessionState.READY);
    }

    @Test
    @DisplayName("CFG-8 options of a session are declared once on the component, by sessions.<name>.*")
    void declared() throws Exception {
        camel.component().setSessions(Map.of("support", Map.of("instructions", "Be brief", "sessionReadyTimeout", "7s")));
        camel.start(route -> route.from("openai-realtime:support?voice=cedar").process(new Received()));
        JsonNode session = firstUpdate();
        assertThat(session.path("instructions").asText()).isEqualTo("Be brief");
        assertThat(session.at("/audio/output/voice").asText()).isEqualTo("cedar");
        assertThat(camel.session("support").config().timeouts().ready()).isEqualTo(7_000);
    }

    @Test
    @DisplayName("CFG-8 an endpoint that contradicts the declared session fails the start")
    void contradictsDeclared() {
        camel.component().setSessions(Map.of("support", Map.of("instructions", "Be brief")));
        assertThat(camel.startFailure("openai-realtime:support?instructions=Be kind"))
                .hasMessageContainingAll("camel.component.openai-realtime.sessions.support", "instructions=Be");
    }

    @Test
    @DisplayName("CFG-8 options of the component itself are defaults that endpoints and declared sessions may change")
    void componentDefaults() throws Exception {
        camel.options().setInstructions("default");
        camel.options().setVoice("cedar");
        camel.component().setSessions(Map.of("support", Map.of("instructions", "declared")));
        camel.start(route -> route.from("openai-realtime:support?speed=1.1").process(new Received()));
        JsonNode session = firstUpdate();
        assertThat(session.path("instructions").asText()).isEqualTo("declared");
        assertThat(session.at("/audio/output/voice").asText()).isEqualTo("cedar");
        assertThat(session.at("/audio/output/speed").asDouble()).isEqualTo(1.1);
    }

    @Test
    @DisplayName("CFG-8 an endpoint that comes later and wants the session otherwise fails; once the others are gone it may")
    void comesLater() throws Exception {
        camel.start(route -> route.from("openai-realtime:support?voice=cedar").routeId("first").process(new Received()));
        camel.awaitState("support", SessionState.READY);
        assertThat(camel.startFailure("openai-realtime:support?instructions=Be brief")).hasMessageContaining("support");

        camel.context().getRouteController().stopRoute("first");
        camel.context().removeRoute("first");
        camel.route(route -> route.from("openai-realtime:support?voice=marin").process(new Received()));
        await().until(() -> camel.simulator().sessions().size() == 2);
        camel.awaitState("support", SessionState.READY);
        assertThat(camel.server(1).effectiveConfig().at("/audio/output/voice").asText()).isEqualTo("marin");
    }

    private JsonNode firstUpdate() {
        camel.awaitState("support", SessionState.READY);
        return camel.server(0).received("session.update").get(0).path("session");
    }

    @Test
    @DisplayName("CFG-8 a length of time that cannot be read is not taken for 0, which would switch pings off; 0 itself is")
    void unreadableDeclaration() throws Exception {
        camel.component().setSessions(Map.of("support", Map.of("pingInterval", "20S", "idleTimeout", "0s")));
        Throwable failure = camel.startFailure(route -> route.from("openai-realtime:support").process(new Received()));
        assertThat(failure).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("Option pingInterval", "neither a number nor a length of time", "1h30m");
        assertThat(camel.simulator().handshakes()).isEmpty();
    }

    @Test
    @DisplayName("CFG-8 what says nothing, however it is written, is 0")
    void zeros() throws Exception {
        camel.component().setSessions(Map.of("support", Map.of("pingInterval", "0", "livenessTimeout", "0ms")));
        camel.start(route -> route.from("openai-realtime:support?sendTimeout=0s").process(new Received()));
        camel.awaitState("support", SessionState.READY);
    }
}
