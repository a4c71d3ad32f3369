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

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelrealtime.session.SessionClosedException;
import io.github.camelrealtime.session.TimedOutException;
import io.github.camelrealtime.session.Transcript;
import io.github.camelrealtime.simulator.EchoTranscriber;
import io.github.camelrealtime.simulator.SampleRange;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SimulatedSession;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import io.github.camelrealtime.simulator.TranscriptionScript;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ExchangeTimedOutException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Recordings through a route that transcribes: the text of each, when it was said, and what becomes of those that fail. */
class TranscribeTest {

    private static final String SCRIBE = "openai-realtime:scribe?operation=transcribe";
    private static final String COMPLETED = "conversation.item.input_audio_transcription.completed";
    private static final int SAMPLES_PER_MILLI = 24;
    private static final int PRE_ROLL_MILLIS = 300;
    private static final int HANGOVER_MILLIS = 500;
    private static final int PAUSE_MILLIS = 1_200;
    /** Even, so that each final that is held back has one behind it. */
    private static final int STRETCHES = 12;

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @TempDir
    Path inbox;

    private final Received refused = new Received();

    private void start(String options) throws Exception {
        camel.start(route -> {
            route.onException(Exception.class).process(refused);
            route.from("direct:recording").to(SCRIBE + options);
        });
    }

    private CompletableFuture<Exchange> give(Object recording) throws Exception {
        return camel.ask("direct:recording", recording);
    }

    private Object transcribed(Object recording) throws Exception {
        return bodyOf(give(recording));
    }

    private static Object bodyOf(CompletableFuture<Exchange> recording) throws Exception {
        Exchange done = RealtimeCamel.done(recording);
        assertThat(done.getException()).isNull();
        return done.getMessage().getBody();
    }

    private static int stretchMillis(int nth) {
        return 900 + 100 * nth;
    }

    /** Half a minute of speech and pauses. */
    private static byte[] longRecording() {
        ByteArrayOutputStream pcm = new ByteArrayOutputStream();
        for (int i = 0; i < STRETCHES; i++) {
            pcm.writeBytes(SyntheticSpeech.silence(PAUSE_MILLIS));
            pcm.writeBytes(SyntheticSpeech.pcm(stretchMillis(i)));
        }
        pcm.writeBytes(SyntheticSpeech.silence(PAUSE_MILLIS));
        return Wav.file(Wav.PCM, SAMPLES_PER_MILLI * 1_000, 16, 1, pcm.toByteArray());
    }

    @Test
    @DisplayName("TRX-1 SEG-1 a long recording has a segment for each stretch of speech, with its time in the recording, and the"
                 + " texts in its order although the service finishes them in another")
    void longRecordingInOrder() throws Exception {
        camel.scenario(Scenario.builder().transcription(TranscriptionScript.outOfOrder(RealtimeCamel.PATIENCE)).build());
        start("&dataFormat=event");

        Transcript transcript = (Transcript) transcribed(longRecording());

        assertThat(transcript.getSegments()).hasSize(STRETCHES);
        long millis = 0;
        long heard = 0;
        for (int i = 0; i < STRETCHES; i++) {
            Transcript.Segment segment = transcript.getSegments().get(i);
            millis += PAUSE_MILLIS;
            assertThat(segment.getStartMillis()).isCloseTo(millis - PRE_ROLL_MILLIS, within(60L));
            millis += stretchMillis(i);
            assertThat(segment.getEndMillis()).isCloseTo(millis + HANGOVER_MILLIS, within(60L));
            // each begins where the last one ended: nothing is lost between them and nothing is heard twice
            SampleRange range = EchoTranscriber.parse(segment.getText());
            assertThat(range.first()).isEqualTo(heard);
            assertThat(range.length())
                    .isEqualTo((segment.getEndMillis() - segment.getStartMillis()) * SAMPLES_PER_MILLI);
            heard = range.end();
        }
        assertThat(transcript.getAudioMillis()).isEqualTo(millis + PAUSE_MILLIS);
        assertThat(transcript.getText())
                .isEqualTo(String.join(" ", transcript.getSegments().stream().map(Transcript.Segment::getText).toList()));
        assertThat(itemsInOrderOfArrival()).isNotEqualTo(itemsOf(transcript)).containsExactlyInAnyOrderElementsOf(itemsOf(transcript));
    }

    private List<String> itemsInOrderOfArrival() {
        return camel.server(0).sent(COMPLETED).stream().map(event -> event.path("item_id").asText()).toList();
    }

    private static List<String> itemsOf(Transcript transcript) {
        return transcript.getSegments().stream().map(Transcript.Segment::getItemId).toList();
    }

    @Test
    @DisplayName("dataFormat=payload is the text, and which session did it stands in a header")
    void payload() throws Exception {
        start("");

        Exchange done = RealtimeCamel.done(give(SyntheticSpeech.pcm(800)));

        assertThat(done.getMessage().getBody()).isEqualTo("samples 0.." + 800 * SAMPLES_PER_MILLI);
        assertThat(done.getMessage().getHeader(OpenAIRealtimeConstants.SESSION_NAME)).isEqualTo("scribe");
    }

    @Test
    @DisplayName("dataFormat=raw is the transcript as JSON text: text, model, session, length, segments and usage")
    void raw() throws Exception {
        start("&dataFormat=raw&model=gpt-4o-transcribe");

        Object body = transcribed(SyntheticSpeech.pcm(800));

        assertThat(body).isInstanceOf(String.class);
        JsonNode json = new ObjectMapper().readTree((String) body);
        assertThat(json.path("text").asText()).isEqualTo("samples 0.." + 800 * SAMPLES_PER_MILLI);
        assertThat(json.path("model").asText()).isEqualTo("gpt-4o-transcribe");
        assertThat(json.path("sessionName").asText()).isEqualTo("scribe");
        assertThat(json.path("audioMillis").asLong()).isEqualTo(800);
        assertThat(json.path("segments")).singleElement().satisfies(segment -> {
            assertThat(segment.path("startMillis").asLong()).isZero();
            assertThat(segment.path("endMillis").asLong()).isEqualTo(800);
            assertThat(segment.path("itemId").asText()).isEqualTo(itemsInOrderOfArrival().get(0));
            assertThat(segment.path("usage")).isEqualTo(json.path("usage"));
        });
        assertThat(json.at("/usage/type").asText()).isEqualTo("tokens");
    }

    @Test
    @DisplayName("The usage of a recording is the sum over its segments, in tokens or in seconds as the model counts")
    void usage() throws Exception {
        camel.start(
                route -> route.from("direct:tokens").to("openai-realtime:tokens?operation=transcribe&dataFormat=event"
                                                        + "&model=gpt-4o-transcribe"),
                route -> route.from("direct:seconds").to("openai-realtime:seconds?operation=transcribe&dataFormat=event"
                                                         + "&model=whisper-1"));

        Transcript tokens = (Transcript) bodyOf(camel.ask("direct:tokens", longRecording()));
        Transcript seconds = (Transcript) bodyOf(camel.ask("direct:seconds", longRecording()));

        assertThat(tokens.getUsage()).containsEntry("type", "tokens")
                .containsEntry("total_tokens", sent(0, "/usage/total_tokens"))
                .containsEntry("output_tokens", sent(0, "/usage/output_tokens"));
        assertThat(tokens.getUsage().get("input_token_details")).isInstanceOfSatisfying(Map.class,
                details -> assertThat(details).containsEntry("audio_tokens", sent(0, "/usage/input_token_details/audio_tokens")));
        assertThat(seconds.getUsage()).containsExactly(Map.entry("type", "duration"), Map.entry("seconds", sent(1, "/usage/seconds")));
    }

    private Object sent(int session, String pointer) {
        long sum = camel.server(session).sent(COMPLETED).stream().mapToLong(event -> event.at(pointer).asLong()).sum();
        assertThat(sum).isPositive();
        return sum;
    }

    @Test
    @DisplayName("ROLL-14 with reconnect=false a pool member that is lost in the middle fails its exchange, once and with the"
                 + " reason; the others are transcribed, and a fresh member takes its place")
    void lostMember() throws Exception {
        camel.scenario(Scenario.builder().transcription(TranscriptionScript.never()).build());
        start("&poolSize=2&reconnect=false");
        CompletableFuture<Exchange> unlucky = give(SyntheticSpeech.pcm(800));
        RealtimeCamel.await().until(() -> camel.server(0).committedRanges().size() == 1);
        camel.scenario(Scenario.standard());
        assertThat(transcribed(SyntheticSpeech.pcm(700))).isEqualTo("samples 0.." + 700 * SAMPLES_PER_MILLI);

        camel.server(0).abort();

        Exception failure = RealtimeCamel.done(unlucky).getException();
        assertThat(failure).isInstanceOfSatisfying(SessionClosedException.class,
                closed -> assertThat(closed.getSessionName()).isEqualTo("scribe#1"));
        List<CompletableFuture<Exchange>> both = List.of(give(SyntheticSpeech.pcm(600)), give(SyntheticSpeech.pcm(500)));
        for (CompletableFuture<Exchange> recording : both) {
            assertThat(bodyOf(recording)).asString().startsWith("samples ");
        }
        assertThat(refused.events()).hasSize(1);
        assertThat(camel.simulator().sessions()).hasSize(3);
        assertThat(camel.server(0).received("input_audio_buffer.commit")).as("nothing is tried twice").hasSize(1);
    }

    @Test
    @DisplayName("AIN-16 twenty files on a pool of four: four sessions, each file with its own words, whole")
    void twentyFiles() throws Exception {
        start("&poolSize=4");
        List<Integer> lengths = IntStream.range(0, 20).map(i -> 500 + 20 * i).boxed().toList();
        List<CompletableFuture<Exchange>> recordings = new ArrayList<>();
        for (int millis : lengths) {
            Path file = inbox.resolve(millis + ".wav");
            Files.write(file, Wav.file(Wav.PCM, SAMPLES_PER_MILLI * 1_000, 16, 1, SyntheticSpeech.pcm(millis)));
            recordings.add(give(file.toFile()));
        }

        for (int i = 0; i < lengths.size(); i++) {
            SampleRange range = EchoTranscriber.parse((String) bodyOf(recordings.get(i)));
            assertThat(range.length()).isEqualTo((long) lengths.get(i) * SAMPLES_PER_MILLI);
        }
        assertThat(camel.simulator().sessions()).hasSize(4);
        assertThat(camel.simulator().sessions().stream().map(SimulatedSession::committedRanges).flatMap(List::stream)).hasSize(20);
    }

    @Test
    @DisplayName("SEG-2 SEG-3 silence has an empty text, and none of it is sent")
    void silence() throws Exception {
        start("");

        assertThat(transcribed(SyntheticSpeech.silence(5_000))).isEqualTo("");

        assertThat(camel.server(0).received("input_audio_buffer.append")).isEmpty();
        assertThat(camel.server(0).received("input_audio_buffer.commit")).isEmpty();
    }

    @Test
    @DisplayName("poolWaitTimeout ends the wait for a member, and says which options there are")
    void poolWaitTimeout() throws Exception {
        camel.scenario(Scenario.builder().transcription(TranscriptionScript.never()).build());
        start("&reconnect=false&poolWaitTimeout=" + Duration.ofMillis(100).toMillis());
        CompletableFuture<Exchange> first = give(SyntheticSpeech.pcm(800));

        Exception late = RealtimeCamel.done(give(SyntheticSpeech.pcm(800))).getException();

        assertThat(late).isInstanceOf(ExchangeTimedOutException.class).hasCauseInstanceOf(TimedOutException.class)
                .hasMessageContainingAll("Pool scribe", "100 ms", "poolSize", "poolWaitTimeout");
        assertThat(first).isNotDone();
        RealtimeCamel.await().until(() -> camel.server(0).committedRanges().size() == 1);
        camel.server(0).abort();
        assertThat(RealtimeCamel.done(first).getException()).isInstanceOf(SessionClosedException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = { "append-audio", "send-text", "auto" })
    @DisplayName("Header Operation cannot ask for another operation where sessions are kept for transcribe; no session is opened for it")
    void otherOperation(String operation) throws Exception {
        start("");

        Exchange done = RealtimeCamel.done(camel.send("direct:recording", ExchangePattern.InOut, SyntheticSpeech.pcm(800),
                Map.of(OpenAIRealtimeConstants.OPERATION, operation)));

        assertThat(done.getException()).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(OpenAIRealtimeConstants.OPERATION, "transcribe", "another endpoint");
        assertThat(camel.simulator().sessions()).isEmpty();
    }

    @Test
    @DisplayName("Header Operation may ask for transcribe")
    void sameOperation() throws Exception {
        start("");

        Exchange done = RealtimeCamel.done(camel.send("direct:recording", ExchangePattern.InOut, SyntheticSpeech.pcm(800),
                Map.of(OpenAIRealtimeConstants.OPERATION, "transcribe")));

        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody()).isEqualTo("samples 0.." + 800 * SAMPLES_PER_MILLI);
    }
}
