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

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Reply;
import io.github.camelrealtime.simulator.Scenario;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.camelrealtime.RealtimeCamel.await;
import static org.assertj.core.api.Assertions.assertThat;

/** Planned rollovers over real sockets: sessions of the simulator live for seconds instead of an hour. */
class RolloverTest {

    private static final String EVENTS = "openai-realtime:support?eventTypes=lifecycle";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();

    @BeforeEach
    void quick() {
        HealthCheckHelper.getHealthCheckRegistry(camel.context());
        camel.options().setReconnectInterval(1L);
        camel.options().setRolloverJitter(0L);
    }

    private SessionConsumer consumer() {
        return (SessionConsumer) camel.context().getRoute("events").getConsumer();
    }

    private void start() throws Exception {
        camel.start(
                route -> route.from(EVENTS).routeId("events").process(received),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));
        camel.awaitState("support", SessionState.READY);
    }

    @Test
    @DisplayName("ROLL-1 ROLL-2 ROLL-20 a session outlives those of the service: no loss, no failure, and the conversation goes on")
    void outlives() throws Exception {
        camel.scenario(Scenario.builder().sessionLifetime(Duration.ofSeconds(10)).build());
        start();
        assertThat(camel.template().requestBody("direct:ask", "Hello", String.class)).contains("Hello");
        Map<?, ?> rollover = (Map<?, ?>) received.await("camel.session.rollover").body();
        assertThat(rollover.get("cause")).isEqualTo("planned");
        assertThat(rollover.get("old_session_id")).isEqualTo(camel.server(0).id());
        assertThat(rollover.get("session_id")).isEqualTo(camel.server(1).id());
        assertThat(rollover.get("context_restored")).isEqualTo("true");
        Map<?, ?> samples = (Map<?, ?>) rollover.get("samples");
        assertThat(((Number) samples.get("dropped")).longValue()).isZero();
        assertThat(camel.template().requestBody("direct:ask", "Again", String.class)).contains("Again");
        received.await("camel.session.drained");
        assertThat(received.types()).doesNotContain("camel.session.reconnecting", "camel.session.failed");
        assertThat(consumer().getHealthCheck().call().getState()).isEqualTo(HealthCheck.State.UP);
        assertThat(consumer().getReconnects()).isZero();
    }

    @Test
    @DisplayName("ROLL-8 a refused standby leaves the session open; health is DOWN with the reason, as the session will end")
    void refusedStandby() throws Exception {
        start();
        camel.scenario(Scenario.builder().rejectHandshake(401, "{}", 99, null).build());
        consumer().restartSessions();
        await().until(() -> camel.session("support").status().rolloverProblem() != null);
        HealthCheck.Result health = consumer().getHealthCheck().call();
        assertThat(health.getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(health.getMessage().orElseThrow()).contains("401", "will be lost");
        assertThat(camel.session("support").status().sockets()).isEqualTo(1);
        assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
        assertThat(received.types()).doesNotContain("camel.session.failed");
        assertThat(camel.template().requestBody("direct:ask", "Hello", String.class)).contains("Hello");
    }

    @Test
    @DisplayName("ROLL-1 CFG-5 what is changed while the next connection stands and waits for a pause is so on that one, too")
    void changedMeanwhile() throws Exception {
        camel.scenario(Scenario.builder().onText("wait", Reply.text("never").endless()).build());
        camel.options().setDrainTimeout(20_000L);
        camel.options().setInstructions("Be long.");
        start();
        CompletableFuture<Exchange> running = camel.ask("direct:ask", "wait");
        await().until(() -> !camel.server(0).sent("response.created").isEmpty());
        consumer().restartSessions();
        await().until(() -> camel.simulator().sessions().size() == 2 && !camel.server(1).sent("session.updated").isEmpty());
        assertThat(operation("update-session&await=committed", Map.of("instructions", "Be brief.")).getException()).isNull();
        assertThat(operation("cancel-response", null).getException()).isNull();
        RealtimeCamel.done(running);
        received.await("camel.session.rollover");
        List<JsonNode> updates = camel.server(1).received("session.update");
        assertThat(updates.get(updates.size() - 1).at("/session/instructions").asText()).isEqualTo("Be brief.");
        assertThat(camel.server(0).received("session.update")).hasSizeGreaterThan(1);
    }

    @Test
    @DisplayName("ROLL-10 CTX-2 an answer that is still being given when the next connection takes over is told to that one whole")
    void answerOfTheOldOne() throws Exception {
        String answer = "It left the harbour on Monday and arrives tomorrow at nine.";
        camel.scenario(Scenario.builder().onText("ship", Reply.text(answer).every(Duration.ofMillis(100))).build());
        camel.options().setOutputModalities("text");
        camel.options().setDrainTimeout(50L);
        start();
        CompletableFuture<Exchange> running = camel.ask("direct:ask", "Where is the ship?");
        await().until(() -> !camel.server(0).sent("response.output_text.delta").isEmpty());
        consumer().restartSessions();
        Map<?, ?> rollover = (Map<?, ?>) received.await("camel.session.rollover").body();
        assertThat(rollover.get("forced")).isEqualTo(true);
        assertThat(RealtimeCamel.done(running).getMessage().getBody(String.class)).isEqualTo(answer);
        await().untilAsserted(() -> assertThat(camel.server(1).received("conversation.item.create").stream()
                .map(create -> create.at("/item/content/0/text").asText())).containsOnlyOnce(answer));
    }

    private Exchange operation(String operation, Object body) throws Exception {
        return RealtimeCamel.done(camel.send("openai-realtime:support?operation=" + operation, ExchangePattern.InOnly, body, Map.of()));
    }

    @Test
    @DisplayName("CONN-14 a context that stops while a second connection is being made leaves no socket")
    void stopDuringRollover() throws Exception {
        start();
        camel.scenario(Scenario.builder().slowHandshake(Duration.ofHours(1)).build());
        consumer().restartSessions();
        await().until(() -> camel.session("support").status().sockets() == 2);
        camel.context().stop();
        await().until(() -> camel.simulator().openSockets() == 0);
    }
}
