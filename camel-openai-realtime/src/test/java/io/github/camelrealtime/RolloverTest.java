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

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Reply;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import io.github.camelrealtime.simulator.TranscriptionScript;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    // ---- what goes on over it

    private static final String CAPTIONS = "openai-realtime:captions?sessionType=transcription";

    @ParameterizedTest
    @ValueSource(strings = { "committed", "completed" })
    @DisplayName("ING-5 ROLL-2 an exchange that waits for its audio to be taken goes on once, with a rollover in between")
    void audioInFlight(String await) throws Exception {
        Received done = new Received();
        camel.scenario(Scenario.builder().delayCommitted(Duration.ofMillis(300))
                .transcription(TranscriptionScript.late(Duration.ofMillis(600))).build());
        camel.start(
                route -> route.from(CAPTIONS + "&eventTypes=lifecycle,transcript").routeId("events").process(received),
                route -> route.from("direct:audio").to(CAPTIONS + "&operation=append-audio&audioFormat=pcm16&await=" + await).process(done));
        camel.awaitState("captions", SessionState.READY);
        CompletableFuture<Exchange> given = camel.tell("direct:audio", new ByteArrayInputStream(SyntheticSpeech.pcm(600)));
        await().until(() -> !camel.server(0).received("input_audio_buffer.commit").isEmpty());
        consumer().restartSessions();
        received.await("camel.session.drained");
        assertThat(RealtimeCamel.done(given).getException()).isNull();
        received.await("conversation.item.input_audio_transcription.completed");
        camel.template().sendBody("direct:audio", new ByteArrayInputStream(SyntheticSpeech.pcm(600)));
        received.await("conversation.item.input_audio_transcription.completed", 2);
        assertThat(done.events()).as("each once").hasSize(2);
        assertThat(received.ofType("conversation.item.input_audio_transcription.completed")).hasSize(2)
                .extracting(event -> event.header(OpenAIRealtimeConstants.EPOCH)).containsExactly(1, 2);
        assertThat(camel.server(0).appendedSamples() + camel.server(1).appendedSamples()).isEqualTo(2 * 600 * 24);
    }

    @Test
    @DisplayName("RESP-20 ROLL-2 answers that are waited for during a rollover come once each, to those who asked")
    void answersInFlight() throws Exception {
        camel.scenario(Scenario.builder().thinkTime(Duration.ofMillis(300)).build());
        start();
        CompletableFuture<Exchange> one = camel.ask("direct:ask", "One");
        CompletableFuture<Exchange> two = camel.ask("direct:ask", "Two");
        consumer().restartSessions();
        CompletableFuture<Exchange> three = camel.ask("direct:ask", "Three");
        assertThat(RealtimeCamel.done(one).getMessage().getBody(String.class)).contains("One");
        assertThat(RealtimeCamel.done(two).getMessage().getBody(String.class)).contains("Two");
        assertThat(RealtimeCamel.done(three).getMessage().getBody(String.class)).contains("Three");
        received.await("camel.session.drained");
        long asked = camel.simulator().sessions().stream().mapToLong(server -> server.sent("response.created").size()).sum();
        assertThat(asked).isEqualTo(3);
        assertThat(camel.template().requestBody("direct:ask", "Four", String.class)).contains("Four");
        assertThat(camel.server(1).conversation().toString()).contains("One", "Two", "Three", "Four");
    }

    @Test
    @DisplayName("CFG-5 ROLL-18 an update between the configuration of the standby and the switch reaches the new connection")
    void updateInBetween() throws Exception {
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=lifecycle&turnDetection=none&instructions=Old.").routeId("events")
                        .process(received),
                route -> route.from("direct:do").to("openai-realtime:support"));
        camel.awaitState("support", SessionState.READY);
        byte[] audio = SyntheticSpeech.pcm(300);
        RealtimeCamel.done(camel.tell("openai-realtime:support?operation=append-audio", audio));
        camel.options().setDrainTimeout(60_000L);
        consumer().restartSessions();
        await().until(() -> camel.server(1).effectiveConfig().path("instructions").asText().equals("Old."));
        RealtimeCamel.done(camel.tell("openai-realtime:support?operation=update-session", "{\"instructions\":\"New.\"}"));
        RealtimeCamel.done(camel.operation("direct:do", "clear-audio"));
        received.await("camel.session.rollover");
        assertThat(camel.session("support").status().sessionId()).isEqualTo(camel.server(1).id());
        await().until(() -> camel.server(1).effectiveConfig().path("instructions").asText().equals("New."));
        assertThat(camel.server(1).received("session.update")).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    @DisplayName("CONN-15 ROLL-7 over twelve rollovers the Kafka key and the session name stay, each connection has its number, nothing fails")
    void twelve() throws Exception {
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=response.done,lifecycle&kafkaKey=true").routeId("events")
                        .process(received),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));
        camel.awaitState("support", SessionState.READY);
        for (int i = 1; i <= 12; i++) {
            assertThat(camel.template().requestBody("direct:ask", "Question " + i, String.class)).contains("Question " + i);
            consumer().restartSessions();
            received.await("camel.session.rollover", i);
        }
        assertThat(camel.template().requestBody("direct:ask", "The last", String.class)).contains("The last");
        received.await("response.done", 13);
        assertThat(received.headers("kafka.KEY")).hasSameSizeAs(received.events()).containsOnly("support");
        assertThat(received.headers(OpenAIRealtimeConstants.SESSION_NAME)).hasSameSizeAs(received.events()).containsOnly("support");
        assertThat(received.ofType("response.done")).extracting(event -> event.header(OpenAIRealtimeConstants.EPOCH))
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13);
        assertThat(received.ofType("response.done")).extracting(event -> event.header(OpenAIRealtimeConstants.SESSION_ID))
                .doesNotHaveDuplicates();
        assertThat(received.types()).doesNotContain("camel.session.reconnecting", "camel.session.failed");
        assertThat(camel.session("support").status().rollovers()).isEqualTo(12);
        assertThat(camel.server(12).conversation().toString()).contains("Question 1", "Question 12", "The last");
    }
}
