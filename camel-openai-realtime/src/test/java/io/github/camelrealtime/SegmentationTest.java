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
import java.util.List;

import io.github.camelrealtime.simulator.SampleRange;
import io.github.camelrealtime.simulator.SimulatedSession;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

/** Live captions with models that refuse turn detection: our segmenter ends the turns. */
class SegmentationTest {

    private static final String CAPTIONS = "openai-realtime:captions?sessionType=transcription";
    private static final int SAMPLES_PER_MILLI = 24;
    private static final int PIECE_BYTES = 20 * 48;

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received finals = new Received();

    private void start(String options) throws Exception {
        camel.start(route -> route.from("direct:live").to(CAPTIONS + options + "&operation=append-audio"),
                route -> route.from("openai-realtime:captions?eventTypes=transcript").process(finals));
    }

    /** As a call comes: 20 ms in each exchange. */
    private void talk(byte[]... parts) throws Exception {
        ByteArrayOutputStream talk = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            talk.writeBytes(part);
        }
        byte[] all = talk.toByteArray();
        for (int at = 0; at < all.length; at += PIECE_BYTES) {
            byte[] piece = new byte[PIECE_BYTES];
            System.arraycopy(all, at, piece, 0, PIECE_BYTES);
            Exchange done = RealtimeCamel.done(camel.tell("direct:live", piece));
            assertThat(done.getException()).isNull();
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = { "gpt-live-transcribe", "gpt-realtime-whisper" })
    @DisplayName("SEG-1 turn detection is off at the service, and each stretch of a live talk is committed by itself")
    void liveTalk(String model) throws Exception {
        start("&model=" + model);
        talk(SyntheticSpeech.silence(400), SyntheticSpeech.pcm(1_000), SyntheticSpeech.silence(1_200),
                SyntheticSpeech.pcm(800), SyntheticSpeech.silence(1_000));
        List<Received.Event> heard = finals.await(2);
        SimulatedSession server = camel.server(0);
        assertThat(server.effectiveConfig().at("/audio/input/turn_detection").isNull()).isTrue();
        assertThat(server.effectiveConfig().at("/audio/input/transcription/model").asText()).isEqualTo(model);
        assertThat(server.committedRanges()).hasSize(2);
        assertThat(server.sent("error")).isEmpty();
        // with the 300 ms before the words that are kept, and the 500 ms of silence that end a segment
        assertSpan(heard.get(0), 100, 1_900);
        assertSpan(heard.get(1), 2_300, 3_900);
    }

    private static void assertSpan(Received.Event event, long start, long end) {
        assertThat((Long) event.header(OpenAIRealtimeConstants.STREAM_START_MS)).isCloseTo(start, within(60L));
        assertThat((Long) event.header(OpenAIRealtimeConstants.STREAM_END_MS)).isCloseTo(end, within(60L));
        assertThat(event.header(OpenAIRealtimeConstants.TIME_SOURCE)).isEqualTo("segment");
    }

    @Test
    @DisplayName("SEG-2 speech without a pause is committed within the longest segment, every sample of it once")
    void withoutPause() throws Exception {
        start("&segmentMax=4s");
        talk(SyntheticSpeech.pcm(10_000), SyntheticSpeech.silence(800));
        SimulatedSession server = camel.server(0);
        finals.await(3);
        await().atMost(RealtimeCamel.PATIENCE).until(() -> server.appendedSamples() >= 10_000L * SAMPLES_PER_MILLI);
        List<SampleRange> ranges = server.committedRanges();
        long end = 0;
        for (SampleRange range : ranges) {
            assertThat(range.first()).isEqualTo(end);
            assertThat(range.length()).isLessThanOrEqualTo(4_000L * SAMPLES_PER_MILLI);
            end = range.end();
        }
        assertThat(end).isGreaterThanOrEqualTo(10_000L * SAMPLES_PER_MILLI);
        assertThat(WireAudio.appended(server)).startsWith(SyntheticSpeech.pcm(10_000));
    }

    @Test
    @DisplayName("SEG-3 SEG-2 silence is neither committed nor sent, live or as a recording")
    void silence() throws Exception {
        start("&audioFormat=pcm16");
        talk(SyntheticSpeech.silence(5_000));
        RealtimeCamel.done(camel.tell("direct:live", new ByteArrayInputStream(SyntheticSpeech.silence(5_000))));
        assertThat(camel.server(0).frames()).noneMatch(frame -> frame.type().startsWith("input_audio_buffer"));
    }

    @Test
    @DisplayName("SEG-1 with segmentation=true our segmenter ends the turns of other models too")
    void chosen() throws Exception {
        start("&model=gpt-4o-transcribe&segmentation=true");
        talk(SyntheticSpeech.pcm(600), SyntheticSpeech.silence(800));
        finals.await(1);
        assertThat(camel.server(0).effectiveConfig().at("/audio/input/turn_detection").isNull()).isTrue();
        assertThat(camel.server(0).received("input_audio_buffer.commit")).hasSize(1);
    }

    @Test
    @DisplayName("SEG-1 a commit by hand ends the open segment, and what comes after it is the next")
    void commitByHand() throws Exception {
        camel.route(route -> route.from("direct:commit").to(CAPTIONS + "&operation=commit-audio&await=completed"));
        start("");
        talk(SyntheticSpeech.pcm(500));
        Exchange committed = RealtimeCamel.done(camel.ask("direct:commit", null));
        assertThat(committed.getMessage().getBody(String.class)).isEqualTo("samples 0.." + 500 * SAMPLES_PER_MILLI);
        talk(SyntheticSpeech.pcm(500), SyntheticSpeech.silence(800));
        finals.await(2);
        assertThat(camel.server(0).committedRanges().get(1).first()).isEqualTo(500L * SAMPLES_PER_MILLI);
    }

    @Test
    @DisplayName("SEG-1 AIN-8 segments shorter than the service takes are padded, not refused")
    void shortSegments() throws Exception {
        camel.start(route -> route.from("direct:audio")
                .to(CAPTIONS + "&segmentMinSpeech=20&segmentPreRoll=0&operation=append-audio&audioFormat=pcm16&await=completed"),
                route -> route.from("openai-realtime:captions?eventTypes=transcript").process(finals));
        Exchange done = RealtimeCamel.done(
                camel.tell("direct:audio", new ByteArrayInputStream(SyntheticSpeech.pcm(60))));
        assertThat(done.getException()).isNull();
        finals.await(1);
        assertThat(camel.server(0).sent("error")).isEmpty();
        assertThat(camel.server(0).committedRanges().get(0).length()).isGreaterThanOrEqualTo(100L * SAMPLES_PER_MILLI);
    }
}
