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
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.EchoTranscriber;
import io.github.camelrealtime.simulator.SampleRange;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SimulatedSession;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import io.github.camelrealtime.simulator.TranscriptionScript;
import io.github.camelrealtime.simulator.VirtualClock;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeTimedOutException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The last words of a recording are not lost, whoever ends the turns. */
class EndOfStreamTest {

    private static final String TRANSCRIBED = "&transcriptionModel=gpt-4o-transcribe&operation=append-audio&audioFormat=pcm16";
    private static final String FINAL = "conversation.item.input_audio_transcription.completed";
    private static final int SAMPLES_PER_MILLI = 24;
    private static final int MARGIN_MILLIS = 200;

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received finals = new Received();

    @ParameterizedTest(name = "{0} waits for {1} ms")
    @CsvSource({ "gpt-realtime, 200", "gpt-realtime-2.1, 500" })
    @DisplayName("AIN-9 server VAD: silence is appended for as long as the service says that it waits")
    void serverTurns(String model, int silenceMillis) throws Exception {
        start("openai-realtime:line?model=" + model + "&await=completed" + TRANSCRIBED);
        camel.awaitState("line", SessionState.READY);
        give(SyntheticSpeech.pcm(1_500));
        SimulatedSession server = camel.server(0);
        assertAppended(1_500 + silenceMillis + MARGIN_MILLIS);
        assertLastWord(1_500);
        assertThat(server.received("input_audio_buffer.commit")).isEmpty();
    }

    @Test
    @DisplayName("AIN-9 server VAD: the silence that our own configuration asks for counts, not the service's default")
    void ownSilence() throws Exception {
        start("openai-realtime:line?vadSilenceDuration=900&await=completed" + TRANSCRIBED);
        give(SyntheticSpeech.pcm(800));
        assertAppended(800 + 900 + MARGIN_MILLIS);
        assertLastWord(800);
    }

    @ParameterizedTest(name = "eagerness {0}")
    @CsvSource({ "low, 8000", "auto, 4000", "high, 2000" })
    @DisplayName("AIN-9 semantic VAD: silence is appended for the longest that the model waits")
    void semanticTurns(String eagerness, int silenceMillis) throws Exception {
        start("openai-realtime:line?turnDetection=semantic_vad&vadEagerness=" + eagerness + "&await=completed" + TRANSCRIBED);
        give(SyntheticSpeech.pcm(800));
        assertAppended(800 + silenceMillis + MARGIN_MILLIS);
        assertLastWord(800);
    }

    @Test
    @DisplayName("AIN-9 server VAD: turns before the last one do not pass for it, and all are waited for")
    void severalTurns() throws Exception {
        start("openai-realtime:line?await=completed" + TRANSCRIBED);
        ByteArrayOutputStream talk = new ByteArrayOutputStream();
        for (int turn = 0; turn < 4; turn++) {
            talk.writeBytes(SyntheticSpeech.pcm(700));
            talk.writeBytes(SyntheticSpeech.silence(turn == 3 ? 100 : 1_000));
        }
        give(talk.toByteArray());
        assertThat(camel.server(0).sent(FINAL)).hasSize(4);
        assertLastWord(3 * 1_700 + 700);
    }

    @Test
    @DisplayName("AIN-9 server VAD: of pieces that were given live, a close in good order brings the last words too")
    void livePieces() throws Exception {
        camel.start(route -> route.from("direct:audio").to("openai-realtime:line?drainTimeout=10s" + TRANSCRIBED),
                route -> route.from("direct:close").to("openai-realtime:line?operation=close-session"),
                route -> route.from("openai-realtime:line?eventTypes=" + FINAL).process(finals));
        RealtimeCamel.done(camel.tell("direct:audio", SyntheticSpeech.pcm(600)));
        RealtimeCamel.done(camel.tell("direct:audio", SyntheticSpeech.pcm(600)));
        RealtimeCamel.done(camel.tell("direct:close", null));
        assertLastWord(1_200);
    }

    @Test
    @DisplayName("AIN-9 manual turns: what is left is committed, and its transcript waited for")
    void manualTurns() throws Exception {
        start("openai-realtime:line?turnDetection=none&await=completed" + TRANSCRIBED);
        give(SyntheticSpeech.pcm(700));
        assertThat(camel.server(0).appendedSamples()).isEqualTo(700 * SAMPLES_PER_MILLI);
        assertThat(camel.server(0).received("input_audio_buffer.commit")).hasSize(1);
        assertLastWord(700);
    }

    @Test
    @DisplayName("AIN-9 an item that is never transcribed is waited for until transcriptTimeout, and then the exchange fails")
    void neverTranscribed() throws Exception {
        VirtualClock clock = new VirtualClock();
        camel.component().setTimers(new VirtualTimers(clock));
        camel.scenario(Scenario.builder().transcription(TranscriptionScript.never()).build());
        start("openai-realtime:line?turnDetection=none&transcriptTimeout=3s&await=completed" + TRANSCRIBED);
        CompletableFuture<Exchange> waiting = camel.tell("direct:audio", new ByteArrayInputStream(SyntheticSpeech.pcm(500)));
        await().atMost(RealtimeCamel.PATIENCE).until(() -> camel.server(0).sent("input_audio_buffer.committed").size() == 1
                && camel.session("line").status().owedTranscripts() == 1);
        clock.advance(Duration.ofMillis(2_999));
        assertThat(waiting).isNotDone();
        clock.advance(Duration.ofMillis(1));
        assertThat(RealtimeCamel.done(waiting).getException()).isInstanceOf(ExchangeTimedOutException.class);
        camel.session("line").closeNow();
    }

    private void start(String uri) throws Exception {
        camel.start(route -> route.from("direct:audio").to(uri),
                route -> route.from("openai-realtime:line?eventTypes=" + FINAL).process(finals));
    }

    private void give(byte[] pcm) throws Exception {
        Exchange done = RealtimeCamel.done(camel.tell("direct:audio", new ByteArrayInputStream(pcm)));
        assertThat(done.getException()).isNull();
    }

    /** All of it arrives; the turn, and with it the exchange, may end before the last of the silence has. */
    private void assertAppended(int millis) {
        await().atMost(RealtimeCamel.PATIENCE)
                .until(() -> camel.server(0).appendedSamples() == (long) millis * SAMPLES_PER_MILLI);
    }

    /** The final transcripts had all been sent when the exchange was done, and the last one reaches to the end of the words. */
    private void assertLastWord(int wordsEndMillis) {
        List<SampleRange> sent = camel.server(0).sent(FINAL).stream()
                .map(event -> EchoTranscriber.parse(event.path("transcript").asText())).toList();
        assertThat(sent).isNotEmpty();
        // they need not have been sent in their order, but are routed in it
        SampleRange last = sent.stream().max(Comparator.comparingLong(SampleRange::end)).orElseThrow();
        assertThat(last.end()).isGreaterThanOrEqualTo((long) wordsEndMillis * SAMPLES_PER_MILLI);
        List<Received.Event> routed = finals.await(sent.size());
        assertThat(EchoTranscriber.parse((String) routed.get(routed.size() - 1).body())).isEqualTo(last);
    }
}
