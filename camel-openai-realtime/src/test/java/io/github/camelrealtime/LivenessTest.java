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

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import io.github.camelrealtime.simulator.TranscriptionScript;
import io.github.camelrealtime.simulator.VirtualClock;
import io.github.camelrealtime.simulator.fault.Faults;
import io.github.camelrealtime.simulator.fault.RawWebSocketServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.camelrealtime.RealtimeCamel.await;
import static org.assertj.core.api.Assertions.assertThat;

/** Connections that stand and carry nothing, over real sockets. */
class LivenessTest {

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();

    @BeforeEach
    void quick() {
        camel.options().setReconnectInterval(1L);
    }

    private Map<?, ?> reconnecting() {
        return (Map<?, ?>) received.await("camel.session.reconnecting").body();
    }

    @Test
    @DisplayName("CONN-7 a black hole is found by the missing pong, and another connection made")
    void blackHole() throws Exception {
        try (RawWebSocketServer server = RawWebSocketServer.start(Faults.halfOpen(), Faults.none())) {
            camel.connectTo(server.baseUrl());
            camel.start(route -> route.from(
                    "openai-realtime:support?eventTypes=lifecycle&turnDetection=none&pingInterval=100").process(received));
            assertThat(reconnecting().get("cause")).isEqualTo("lost");
            assertThat((String) reconnecting().get("reason")).contains("ping");
            received.await("camel.session.reconnected");
            camel.context().stop();
        }
    }

    @Test
    @DisplayName("CONN-7 pingInterval=0 is off: nobody misses a pong")
    void noPings() throws Exception {
        try (RawWebSocketServer server = RawWebSocketServer.start(Faults.halfOpen(), Faults.none())) {
            camel.connectTo(server.baseUrl());
            VirtualClock clock = new VirtualClock();
            camel.component().setTimers(new VirtualTimers(clock));
            camel.start(
                    route -> route.from("openai-realtime:support?eventTypes=lifecycle&turnDetection=none&pingInterval=0")
                            .process(received),
                    route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text&await=sent"));
            received.await("camel.session.ready");
            RealtimeCamel.done(camel.tell("direct:ask", "Hello?"));
            clock.advance(Duration.ofSeconds(5));
            assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
            // pings are none of the things that can find it now; the watchdog is
            await().until(() -> {
                clock.advance(Duration.ofSeconds(5));
                return received.types().contains("camel.session.reconnecting");
            });
            assertThat(reconnecting().get("cause")).isEqualTo("stalled");
            camel.context().stop();
        }
    }

    @Test
    @DisplayName("CONN-8 pongs come and nothing else: the owed answer is missed, and another connection made")
    void pongsOnly() throws Exception {
        try (RawWebSocketServer server = RawWebSocketServer.start(Faults.none(), Faults.none())) {
            camel.connectTo(server.baseUrl());
            camel.start(
                    route -> route.from("openai-realtime:support?eventTypes=lifecycle&turnDetection=none&pingInterval=50"
                                        + "&livenessTimeout=300&replayHistory=false").process(received),
                    route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text&await=sent"));
            received.await("camel.session.ready");
            RealtimeCamel.done(camel.tell("direct:ask", "Hello?"));
            assertThat(reconnecting().get("cause")).isEqualTo("stalled");
            assertThat((String) reconnecting().get("reason")).contains("livenessTimeout", "response");
            received.await("camel.session.reconnected");
            camel.context().stop();
        }
    }

    @Test
    @DisplayName("CONN-9 a peer that stops reading: what waits does not fall for sendTimeout, the connection is given up")
    void neverReads() throws Exception {
        try (RawWebSocketServer server = RawWebSocketServer.start(Faults.neverReads(), Faults.none())) {
            camel.connectTo(server.baseUrl());
            camel.start(
                    route -> route.from("openai-realtime:support?eventTypes=lifecycle&turnDetection=none&pingInterval=0"
                                        + "&livenessTimeout=0&sendTimeout=400").process(received),
                    route -> route.from("direct:audio").to("openai-realtime:support?operation=append-audio&audioFormat=pcm16"
                                                           + "&maxQueuedAudio=1h"));
            received.await("camel.session.ready");
            // more than the buffers of two sockets take
            camel.tell("direct:audio", new byte[24 * 1024 * 1024]);
            assertThat(reconnecting().get("cause")).isEqualTo("stalled");
            assertThat((String) reconnecting().get("reason")).contains("sendTimeout", "bytes wait");
            received.await("camel.session.reconnected");
            camel.context().stop();
        }
    }

    @Test
    @DisplayName("AIN-14 the item of silence that the service makes after vadIdleTimeout is marked on all its events, others are not")
    void idleItem() throws Exception {
        camel.start(route -> route.from("openai-realtime:support?eventTypes=turn,transcript&transcriptionModel=gpt-4o-transcribe"
                                        + "&turnDetection=server_vad&vadIdleTimeout=5s").process(received));
        camel.awaitState("support", SessionState.READY);
        for (String event : List.of(
                "{'type':'input_audio_buffer.committed','event_id':'e','item_id':'spoken','previous_item_id':null}",
                "{'type':'input_audio_buffer.timeout_triggered','event_id':'e','item_id':'idle','audio_start_ms':0,'audio_end_ms':9}",
                "{'type':'input_audio_buffer.committed','event_id':'e','item_id':'idle','previous_item_id':'spoken'}",
                "{'type':'conversation.item.input_audio_transcription.completed','event_id':'e','item_id':'spoken','content_index':0,"
                    + "'transcript':'so'}",
                "{'type':'conversation.item.input_audio_transcription.completed','event_id':'e','item_id':'idle','content_index':0,"
                    + "'transcript':''}")) {
            camel.server(0).send((ObjectNode) new ObjectMapper().readTree(event.replace('\'', '"')));
        }
        received.await(5);
        assertThat(received.events()).allSatisfy(event -> assertThat(event.header(OpenAIRealtimeConstants.IDLE_TIMEOUT))
                .isEqualTo("idle".equals(event.header(OpenAIRealtimeConstants.ITEM_ID)) ? true : null));
        assertThat(received.headers(OpenAIRealtimeConstants.IDLE_TIMEOUT)).hasSize(3);
    }

    @Test
    @DisplayName("AIN-10 asap: no more than maxOutstandingAudio is given and not final, however long the service takes")
    void outstanding() throws Exception {
        VirtualClock clock = new VirtualClock();
        camel.component().setTimers(new VirtualTimers(clock));
        camel.scenario(Scenario.builder().transcription(TranscriptionScript.never()).build());
        camel.start(
                route -> route.from("openai-realtime:dictation?eventTypes=lifecycle").process(received),
                route -> route.from("direct:audio").to("openai-realtime:dictation?sessionType=transcription&segmentation=true"
                                                       + "&operation=append-audio&audioFormat=pcm16&maxOutstandingAudio=10s"
                                                       + "&segmentMax=4s&livenessTimeout=0&itemAckTimeout=1h"));
        received.await("camel.session.ready");
        var given = camel.tell("direct:audio", SyntheticSpeech.pcm(30_000));
        await().until(() -> {
            // a full transport is asked again by the clock
            clock.advance(Duration.ofMillis(1));
            return camel.session("dictation").status().owedTranscripts() >= 2;
        });
        await().during(Duration.ofMillis(300)).until(() -> camel.session("dictation").status().sentAudioMillis() <= 15_000);
        assertThat(given).isNotDone();

        // transcripts that do not come in their time are not waited for any more
        await().until(() -> {
            clock.advance(Duration.ofSeconds(10));
            return given.isDone();
        });
        assertThat(camel.session("dictation").status().sentAudioMillis()).isGreaterThanOrEqualTo(28_000);
        // a good end would wait for the clock
        camel.session("dictation").closeNow();
    }
}
