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

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.EchoTranscriber;
import io.github.camelrealtime.simulator.Reply;
import io.github.camelrealtime.simulator.SampleRange;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import io.github.camelrealtime.simulator.TranscriptionScript;
import io.github.camelrealtime.simulator.VirtualClock;
import io.github.camelrealtime.simulator.fault.FaultProxy;
import io.github.camelrealtime.simulator.fault.FaultProxy.Way;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.camelrealtime.RealtimeCamel.await;
import static io.github.camelrealtime.RealtimeCamel.done;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connections that die without a word, over real sockets: the present one, the one that is to follow, the one that drains. A
 * network that swallows everything stands between component and simulator. What counts is by what they are found and that
 * nothing is lost, not how soon.
 */
class DeadConnectionTest {

    private static final Way[] BOTH = { Way.TO_SERVER, Way.TO_CLIENT };
    private static final String CAPTIONS = "openai-realtime:captions?eventTypes=lifecycle,transcript&sessionType=transcription"
                                           + "&model=gpt-4o-transcribe&turnDetection=none";
    private static final String SUPPORT = "openai-realtime:support?eventTypes=lifecycle,turn";
    /** 100 ms of 24 kHz PCM. */
    private static final int BYTES_PER_100_MS = 4_800;

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();
    private FaultProxy proxy;

    @BeforeEach
    void between() throws IOException {
        proxy = FaultProxy.before(camel.address());
        camel.connectTo(proxy.baseUrl());
        camel.options().setReconnectInterval(1L);
        camel.options().setRolloverJitter(0L);
        // one watchdog at a time
        camel.options().setPingInterval(0L);
        camel.options().setLivenessTimeout(0L);
        camel.options().setSendTimeout(0L);
    }

    /** Before the simulator is asked whether all sockets are gone: those in a black hole never hear of the end. */
    @AfterEach
    void noNetwork() throws Exception {
        camel.context().stop();
        proxy.close();
    }

    private void captions() throws Exception {
        camel.start(
                route -> route.from(CAPTIONS).routeId("events").process(received),
                route -> route.from("direct:say").to("openai-realtime:captions?operation=append-audio&audioFormat=pcm16"),
                route -> route.from("direct:commit").to("openai-realtime:captions?operation=commit-audio&await=completed"));
        camel.awaitState("captions", SessionState.READY);
    }

    private void support() throws Exception {
        // something to configure
        camel.options().setInstructions("Be brief");
        camel.start(
                route -> route.from(SUPPORT).routeId("events").process(received),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text&requestTimeout=1h"));
        camel.awaitState("support", SessionState.READY);
    }

    private static byte[] speech() {
        return SyntheticSpeech.pcm(1_000);
    }

    private Map<?, ?> local(String type) {
        return (Map<?, ?>) received.await(type).body();
    }

    /** Finals as routes got them: the samples of each by the connection that heard it. */
    private List<String> finals() {
        return received.ofType("conversation.item.input_audio_transcription.completed").stream()
                .map(event -> (String) event.body()).toList();
    }

    private static String whole(byte[] speech) {
        return "samples 0.." + speech.length / 2;
    }

    // ---- the present connection

    @Test
    @DisplayName("CONN-7 half-open: the missing pong tells, and what was said into the void is said to the next connection, once")
    void halfOpen() throws Exception {
        camel.options().setPingInterval(300L);
        captions();
        proxy.blackHole(0, BOTH);
        done(camel.tell("direct:say", speech()));
        CompletableFuture<Exchange> completed = camel.tell("direct:commit", null);
        assertThat(local("camel.session.reconnecting").get("cause")).isEqualTo("lost");
        assertThat((String) local("camel.session.reconnecting").get("reason")).contains("ping");
        received.await("camel.session.reconnected");
        assertThat(done(completed).getException()).isNull();
        received.await("conversation.item.input_audio_transcription.completed");
        assertThat(finals()).containsExactly(whole(speech()));
        assertThat(camel.server(0).appendedSamples()).as("nothing got through").isZero();
        assertThat(camel.server(1).appendedSamples()).isEqualTo(speech().length / 2);
        assertThat(camel.session("captions").status().reconnects()).isEqualTo(1);
    }

    @Test
    @DisplayName("CONN-7 deaf for what the service says only: found all the same, and what it had heard is said again")
    void nothingComesBack() throws Exception {
        camel.options().setPingInterval(300L);
        captions();
        proxy.blackHole(0, Way.TO_CLIENT);
        done(camel.tell("direct:say", speech()));
        CompletableFuture<Exchange> completed = camel.tell("direct:commit", null);
        assertThat((String) local("camel.session.reconnecting").get("reason")).contains("ping");
        assertThat(done(completed).getException()).isNull();
        received.await("conversation.item.input_audio_transcription.completed");
        assertThat(finals()).as("never twice").containsExactly(whole(speech()));
    }

    @Test
    @DisplayName("CONN-8 what stands behind a living line says nothing: livenessTimeout tells, and what was said is said again")
    void stuckUpstream() throws Exception {
        camel.options().setPingInterval(100L);
        camel.options().setLivenessTimeout(1_000L);
        camel.scenario(Scenario.builder().withholdCommitted().transcription(TranscriptionScript.never()).build());
        camel.options().setItemAckTimeout(60_000L);
        captions();
        camel.scenario(Scenario.standard());
        done(camel.tell("direct:say", speech()));
        CompletableFuture<Exchange> completed = camel.tell("direct:commit", null);
        assertThat(local("camel.session.reconnecting").get("cause")).isEqualTo("stalled");
        assertThat((String) local("camel.session.reconnecting").get("reason")).contains("livenessTimeout");
        assertThat(done(completed).getException()).isNull();
        received.await("conversation.item.input_audio_transcription.completed");
        assertThat(finals()).containsExactly(whole(speech()));
    }

    @Test
    @DisplayName("CONN-9 a peer that stops reading: sendTimeout tells, and all that was given reaches the next connection, once")
    void stoppedReading() throws Exception {
        camel.options().setSendTimeout(1_000L);
        camel.options().setMaxQueuedAudio(600_000L);
        // more than the sockets' buffers take
        byte[] audio = new byte[300 * 10 * BYTES_PER_100_MS];
        camel.options().setMaxUnsettledAudio(600_000L);
        captions();
        proxy.blackHole(0, Way.TO_SERVER);
        CompletableFuture<Exchange> said = camel.tell("direct:say", audio);
        assertThat(local("camel.session.reconnecting").get("cause")).isEqualTo("stalled");
        assertThat((String) local("camel.session.reconnecting").get("reason")).contains("sendTimeout");
        assertThat(done(said).getException()).isNull();
        assertThat(done(camel.tell("direct:commit", null)).getException()).isNull();
        await().untilAsserted(() -> assertThat(finals().stream().flatMap(text -> EchoTranscriber.parseAll(text).stream())
                .mapToLong(SampleRange::length).sum()).isEqualTo(audio.length / 2));
        assertThat(camel.server(1).appendedSamples()).isEqualTo(audio.length / 2);
    }

    @Test
    @DisplayName("CONN-7 CONN-8 CONN-9 with all three off nobody notices anything, for ten hours; then the line breaks, and nothing is lost")
    void watchdogsOff() throws Exception {
        VirtualClock clock = new VirtualClock();
        camel.component().setTimers(new VirtualTimers(clock));
        camel.options().setRollover(false);
        camel.options().setItemAckTimeout(86_400_000L);
        camel.options().setTranscriptTimeout(86_400_000L);
        captions();
        proxy.blackHole(0, BOTH);
        done(camel.tell("direct:say", speech()));
        CompletableFuture<Exchange> completed = camel.tell("direct:commit", null);
        for (int hours = 0; hours < 10; hours++) {
            clock.advance(Duration.ofHours(1));
        }
        assertThat(camel.session("captions").state()).isEqualTo(SessionState.READY);
        assertThat(camel.simulator().handshakes()).hasSize(1);
        assertThat(received.types()).doesNotContain("camel.session.reconnecting");
        proxy.cut();
        await().until(() -> {
            // the next attempt waits for the clock
            clock.advance(Duration.ofMillis(10));
            return completed.isDone();
        });
        assertThat(done(completed).getException()).isNull();
        received.await("conversation.item.input_audio_transcription.completed");
        assertThat(finals()).containsExactly(whole(speech()));
        camel.session("captions").closeNow();
    }

    // ---- the one that is to follow

    @Test
    @DisplayName("CONN-7 the connection that is to follow is half-open before it answers: another is made, the present one stands")
    void standbyDoesNotAnswer() throws Exception {
        camel.options().setConnectTimeout(1_000L);
        camel.options().setSessionReadyTimeout(1_000L);
        support();
        proxy.blackHole(1, BOTH);
        CompletableFuture<Void> over = camel.session("support").restart();
        await().until(() -> proxy.accepted() >= 2);
        assertThat(done(camel.ask("direct:ask", "Hello")).getMessage().getBody(String.class)).contains("Hello");
        await().until(over::isDone);
        assertThat(over).isCompleted();
        assertNothingLost(2);
    }

    @Test
    @DisplayName("CONN-7 the connection that is to follow is half-open while it waits for a pause: another is made, the answer is whole")
    void standbyDies() throws Exception {
        camel.options().setPingInterval(300L);
        camel.options().setDrainTimeout(60_000L);
        camel.scenario(Scenario.builder().onText("wait", Reply.text("never").endless()).build());
        support();
        CompletableFuture<Exchange> running = camel.ask("direct:ask", "wait");
        await().until(() -> !camel.server(0).sent("response.created").isEmpty());
        CompletableFuture<Void> over = camel.session("support").restart();
        await().until(() -> camel.simulator().sessions().size() == 2 && !camel.server(1).sent("session.updated").isEmpty());
        proxy.blackHole(1, BOTH);
        await().until(() -> camel.simulator().sessions().size() == 3);
        assertThat(camel.session("support").status().sessionId()).as("no pause, no switch").isEqualTo(camel.server(0).id());
        // the answer is ended by somebody: then there is a pause
        done(camel.operation("openai-realtime:support", "cancel-response"));
        assertThat(done(running)).isNotNull();
        await().until(over::isDone);
        assertThat(over).isCompleted();
        assertNothingLost(3);
    }

    @Test
    @DisplayName("CONN-8 the service does not configure the connection that is to follow: another is made, the present one stands")
    void standbyIsStuck() throws Exception {
        camel.options().setPingInterval(100L);
        camel.options().setSessionReadyTimeout(1_000L);
        support();
        camel.scenario(Scenario.builder().withholdSessionUpdated().build());
        CompletableFuture<Void> over = camel.session("support").restart();
        await().until(() -> camel.simulator().sessions().size() == 2 && !camel.server(1).received("session.update").isEmpty());
        camel.scenario(Scenario.standard());
        await().until(over::isDone);
        assertThat(over).isCompleted();
        assertNothingLost(3);
    }

    /** @param sessions that the simulator has had, at least */
    private void assertNothingLost(int sessions) throws Exception {
        received.await("camel.session.rollover");
        assertThat(done(camel.ask("direct:ask", "Again")).getMessage().getBody(String.class)).contains("Again");
        assertThat(camel.session("support").status().reconnects()).isZero();
        assertThat(camel.session("support").status().rollovers()).isEqualTo(1);
        assertThat(received.types()).doesNotContain("camel.session.reconnecting", "camel.session.failed");
        assertThat(camel.simulator().sessions()).hasSizeGreaterThanOrEqualTo(sessions);
    }

    // ---- the one that drains

    @Test
    @DisplayName("CONN-7 the draining connection is half-open: its end is announced, and what it had not settled is said again, once")
    void drainingDies() throws Exception {
        camel.options().setPingInterval(300L);
        camel.options().setDrainTimeout(60_000L);
        camel.scenario(Scenario.builder().transcription(TranscriptionScript.never()).build());
        captions();
        camel.scenario(Scenario.standard());
        done(camel.tell("direct:say", speech()));
        CompletableFuture<Exchange> completed = camel.tell("direct:commit", null);
        await().until(() -> !camel.server(0).sent("input_audio_buffer.committed").isEmpty());
        CompletableFuture<Void> over = camel.session("captions").restart();
        await().until(over::isDone);
        proxy.blackHole(0, BOTH);
        assertThat(local("camel.session.drained").get("lost")).isEqualTo(true);
        assertThat(done(completed).getException()).isNull();
        received.await("conversation.item.input_audio_transcription.completed");
        assertThat(finals()).containsExactly(whole(speech()));
        assertThat(received.types()).doesNotContain("camel.session.reconnecting", "camel.session.failed");
    }

    @Test
    @DisplayName("CONN-8 the draining connection says nothing any more: it is waited for as long as for any transcript, nobody hangs, and "
                 + "the session goes on")
    void drainingIsStuck() throws Exception {
        camel.options().setPingInterval(100L);
        camel.options().setTranscriptTimeout(5_000L);
        camel.scenario(Scenario.builder().transcription(TranscriptionScript.never()).build());
        captions();
        camel.scenario(Scenario.standard());
        done(camel.tell("direct:say", speech()));
        CompletableFuture<Exchange> completed = camel.tell("direct:commit", null);
        await().until(() -> !camel.server(0).sent("input_audio_buffer.committed").isEmpty());
        CompletableFuture<Void> over = camel.session("captions").restart();
        await().until(over::isDone);
        assertThat(local("camel.session.drained").get("missing")).as("it has failed as a missing transcript by then").isEqualTo(0);
        assertThat(local("camel.session.drained").get("lost")).isEqualTo(false);
        assertThat(done(completed)).as("answered or failed").isNotNull();
        done(camel.tell("direct:say", speech()));
        assertThat(done(camel.tell("direct:commit", null)).getException()).isNull();
        assertThat(received.types()).doesNotContain("camel.session.reconnecting");
    }
}
