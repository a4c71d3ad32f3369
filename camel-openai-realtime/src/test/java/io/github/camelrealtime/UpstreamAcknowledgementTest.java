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
import java.util.concurrent.CompletableFuture;

import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import io.github.camelrealtime.simulator.TranscriptionScript;
import io.github.camelrealtime.simulator.VirtualClock;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.camelrealtime.RealtimeCamel.await;
import static org.assertj.core.api.Assertions.assertThat;

/** When a source may forget what it has given: JMS acknowledges, Kafka commits an offset, a file is moved. */
class UpstreamAcknowledgementTest {

    private static final String AUDIO = "openai-realtime:captions?sessionType=transcription&operation=append-audio"
                                        + "&audioFormat=pcm16&livenessTimeout=0&await=";

    private final VirtualClock clock = new VirtualClock();

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel(simulator -> simulator.clock(clock));

    @Test
    @DisplayName("ING-5 await=committed: the exchange goes on when the service has taken the audio, and not before")
    void committed() throws Exception {
        CompletableFuture<Exchange> given = give("committed", Scenario.builder().delayCommitted(Duration.ofSeconds(3)).build());
        await().until(() -> !camel.server(0).received("input_audio_buffer.commit").isEmpty());
        assertThat(given).isNotDone();
        assertGoesOn(given);
        assertThat(camel.server(0).sent("input_audio_buffer.committed")).isNotEmpty();
    }

    @Test
    @DisplayName("ING-5 await=completed: the exchange goes on when the final transcript is there, and not before")
    void completed() throws Exception {
        CompletableFuture<Exchange> given = give("completed",
                Scenario.builder().transcription(TranscriptionScript.late(Duration.ofSeconds(3))).build());
        await().until(() -> !camel.server(0).sent("input_audio_buffer.committed").isEmpty());
        assertThat(given).isNotDone();
        assertGoesOn(given);
        assertThat(camel.server(0).sent(TranscriptFrames.USER_FINAL)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = { "committed", "completed" })
    @DisplayName("ING-5 ROLL-12 the connection is lost before the answer: the exchange waits on, the next gets the same audio, and answers")
    void lostConnection(String await) throws Exception {
        camel.options().setReconnectInterval(1L);
        CompletableFuture<Exchange> given = give(await, Scenario.builder().delayCommitted(Duration.ofSeconds(3)).build());
        await().until(() -> !camel.server(0).received("input_audio_buffer.commit").isEmpty());
        camel.server(0).abort();
        await().until(() -> camel.simulator().sessions().size() == 2
                && !camel.server(1).received("input_audio_buffer.commit").isEmpty());
        assertThat(given).isNotDone();
        assertGoesOn(given);
        assertThat(camel.server(1).appendedSamples()).isEqualTo(camel.server(0).appendedSamples());
        assertThat(camel.server(1).received("input_audio_buffer.commit"))
                .hasSameSizeAs(camel.server(0).received("input_audio_buffer.commit"));
    }

    @Test
    @DisplayName("ING-5 finals say up to where all have been routed: a source that begins there again leaves nothing out")
    void checkpoint() throws Exception {
        Received received = new Received();
        camel.start(
                route -> route.from("openai-realtime:captions?sessionType=transcription&segmentation=false&turnDetection=none"
                                    + "&eventTypes=transcript").process(received),
                route -> route.from("direct:audio").to("openai-realtime:captions?operation=append-audio")
                        .to("openai-realtime:captions?operation=commit-audio"));
        for (int i = 0; i < 3; i++) {
            camel.template().sendBody("direct:audio", SyntheticSpeech.pcm(400));
        }
        received.await(TranscriptFrames.USER_FINAL, 3);
        List<Object> settled = received.headers(OpenAIRealtimeConstants.SETTLED_MS);
        assertThat(settled).hasSize(3);
        assertThat(settled).last().isEqualTo(1200L);
        assertThat(received.events()).allSatisfy(event -> assertThat((Long) event.header(OpenAIRealtimeConstants.SETTLED_MS))
                .isLessThanOrEqualTo((Long) event.header(OpenAIRealtimeConstants.STREAM_END_MS)));
    }

    private void assertGoesOn(CompletableFuture<Exchange> given) throws Exception {
        await().until(() -> {
            clock.advance(Duration.ofSeconds(3));
            return given.isDone();
        });
        assertThat(RealtimeCamel.done(given).getException()).isNull();
    }

    private CompletableFuture<Exchange> give(String await, Scenario scenario) throws Exception {
        camel.scenario(scenario);
        camel.start(route -> route.from("direct:audio").to(AUDIO + await));
        return camel.tell("direct:audio", new ByteArrayInputStream(SyntheticSpeech.pcm(600)));
    }
}
