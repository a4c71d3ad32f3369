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
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.github.camelrealtime.session.SessionReconnectingException;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.SampleRange;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SimulatedSession;
import io.github.camelrealtime.simulator.Transcription;
import io.github.camelrealtime.simulator.TranscriptionScript;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static io.github.camelrealtime.RealtimeCamel.await;
import static org.assertj.core.api.Assertions.assertThat;

/** A recording whose exchange outlives connections: every sample tells its place, so what the service heard of it is known. */
class AudioOverLossTest {

    private static final int RATE = 8_000;
    private static final String EVENTS = "openai-realtime:line?eventTypes=transcript,lifecycle";
    private static final String LINE = "openai-realtime:line?operation=append-audio&audioFormat=pcmu&inputAudioFormat=pcmu"
                                       + "&pacing=asap";
    private static final Map<String, String> MODES = Map.of(
            "manual", "&sessionType=transcription&segmentation=false&turnDetection=none",
            "server", "&sessionType=transcription&transcriptionModel=gpt-4o-transcribe&segmentation=false"
                      + "&turnDetection=server_vad",
            "conversation", "&turnDetection=server_vad&transcriptionModel=gpt-4o-transcribe",
            "own", "&sessionType=transcription&segmentation=true");

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel(builder -> builder.transcriber(clip -> hear(clip.pcm16())));

    private final Received received = new Received();
    private final Received after = new Received();
    private final ByteArrayOutputStream recording = new ByteArrayOutputStream();
    private final List<Long> spoken = new ArrayList<>();

    @BeforeEach
    void quick() {
        camel.options().setReconnectInterval(1L);
        camel.options().setRolloverJitter(0L);
        // two sentences with a pause, in syllables, as what goes on and on is noise
        rest(300);
        speak(1_500);
        rest(1_200);
        speak(2_000);
        rest(1_500);
    }

    private void speak(int millis) {
        for (int i = 0; i < millis; i += 250) {
            add(190, true);
            add(60, false);
        }
    }

    private void rest(int millis) {
        add(millis, false);
    }

    private void add(int millis, boolean loud) {
        int first = recording.size();
        recording.writeBytes(StreamPattern.samples(first, millis * RATE / 1_000, loud));
        for (long sample = first; loud && sample < recording.size(); sample++) {
            spoken.add(sample);
        }
    }

    /** Silence of our own making has no place in the recording. */
    private static Transcription hear(byte[] pcm16) {
        byte[] given = new byte[pcm16.length];
        int length = 0;
        for (int i = 0; i < pcm16.length; i += 2) {
            if (pcm16[i] != 0 || pcm16[i + 1] != 0) {
                given[length++] = pcm16[i];
                given[length++] = pcm16[i + 1];
            }
        }
        StringBuilder text = new StringBuilder();
        StreamPattern.heard(Arrays.copyOf(given, length))
                .forEach(range -> text.append("stream ").append(range.first()).append("..").append(range.end()).append(' '));
        return Transcription.of(text.toString().trim());
    }

    private void start(String mode, String options) throws Exception {
        camel.start(
                route -> route.from(EVENTS + MODES.get(mode) + "&inputAudioFormat=pcmu").process(received),
                route -> route.from("direct:audio").noStreamCaching().to(LINE + MODES.get(mode) + options).process(after),
                route -> route.from("direct:restart").to("openai-realtime:line?operation=restart"));
        camel.awaitState("line", SessionState.READY);
    }

    static Stream<Arguments> ways() {
        return Stream.of("manual", "server", "conversation", "own").flatMap(mode -> Stream.of("none", "sent", "committed", "completed")
                .flatMap(await -> Stream.of("cut", "rollover").map(how -> Arguments.of(mode, await, how))));
    }

    @ParameterizedTest(name = "{0}, await={1}, {2}")
    @MethodSource("ways")
    @DisplayName("ROLL-12 ROLL-3 ING-5 another connection in the middle of a recording: it goes on, nothing is lost, and the exchange is done once")
    void goesOn(String mode, String await, String how) throws Exception {
        start(mode, "&await=" + await);
        byte[] audio = recording.toByteArray();
        PipedInputStream pipe = new PipedInputStream(2 * audio.length);
        PipedOutputStream source = new PipedOutputStream(pipe);
        CompletableFuture<Exchange> given = camel.tell("direct:audio", pipe);
        int middle = 3_700 * RATE / 1_000;
        source.write(audio, 0, middle);
        source.flush();
        await().until(() -> camel.server(0).appendedSamples() >= (mode.equals("own") ? 1_500 : 3_000) * RATE / 1_000);
        if (!mode.equals("manual")) {
            // the first sentence is over, and final
            received.await(TranscriptFrames.USER_FINAL);
        }
        if (how.equals("cut")) {
            camel.server(0).abort();
        } else {
            camel.operation("direct:restart", "restart");
        }
        source.write(audio, middle, audio.length - middle);
        source.close();
        assertThat(RealtimeCamel.done(given).getException()).isNull();
        int finals = mode.equals("manual") ? 1 : 2;
        received.await(TranscriptFrames.USER_FINAL, finals);
        received.await(how.equals("cut") ? "camel.session.reconnected" : "camel.session.rollover");
        assertThat(heard(received.ofType(TranscriptFrames.USER_FINAL))).containsAll(spoken).doesNotHaveDuplicates();
        assertThat(received.ofType(TranscriptFrames.USER_FINAL)).hasSize(finals);
        assertThat(after.events()).hasSize(1);
        assertOnlyAnnounced(how);
    }

    @ParameterizedTest(name = "{0}, lost after {1} ms")
    @CsvSource({ "server, 1000", "server, 2100", "server, 2900", "server, 3400", "conversation, 1600", "conversation, 3000" })
    @DisplayName("ROLL-13 TRX-2 over a lost connection each word has one final: none is taken for repeated that is not, none comes twice")
    void finalsOnce(String mode, int millis) throws Exception {
        start(mode, "");
        byte[] audio = recording.toByteArray();
        int place = millis * RATE / 1_000;
        PipedInputStream pipe = new PipedInputStream(2 * audio.length);
        PipedOutputStream source = new PipedOutputStream(pipe);
        CompletableFuture<Exchange> given = camel.tell("direct:audio", pipe);
        source.write(audio, 0, place);
        source.flush();
        // as appends carry 40 ms each, the last may be on its way
        await().until(() -> camel.server(0).appendedSamples() >= place - RATE / 10);
        if (mode.equals("conversation") && millis > 2_500) {
            // a turn that the model answers is settled by that: it is not given again for its transcript alone
            received.await(TranscriptFrames.USER_FINAL);
        }
        camel.server(0).abort();
        received.await("camel.session.reconnected");
        source.write(audio, place, audio.length - place);
        source.close();
        assertThat(RealtimeCamel.done(given).getException()).isNull();
        await().untilAsserted(() -> assertThat(heard(received.ofType(TranscriptFrames.USER_FINAL)))
                .containsAll(spoken).doesNotHaveDuplicates());
        // a third would have come by now, or comes before the answer to this
        camel.template().sendBody("direct:restart", null);
        received.await("camel.session.drained");
        assertThat(received.ofType(TranscriptFrames.USER_FINAL)).hasSize(2);
    }

    private static List<Long> heard(List<Received.Event> finals) {
        List<Long> samples = new ArrayList<>();
        StreamPattern.ranges(finals.stream().map(event -> (String) event.body()).toList())
                .forEach(range -> Stream.iterate(range.first(), at -> at < range.end(), at -> at + 1).forEach(samples::add));
        return samples;
    }

    /** What both connections got is what was said to be sent again, and no more. */
    private void assertOnlyAnnounced(String how) {
        List<SampleRange> twice = new ArrayList<>();
        List<SampleRange> first = appended(camel.server(0));
        for (SampleRange again : appended(camel.server(1))) {
            for (SampleRange before : first) {
                long from = Math.max(before.first(), again.first());
                long to = Math.min(before.end(), again.end());
                if (from < to) {
                    twice.add(new SampleRange(from, to));
                }
            }
        }
        if (how.equals("cut") && !twice.isEmpty()) {
            Map<?, ?> told = (Map<?, ?>) received.await("camel.session.reconnecting").body();
            long from = ((Number) told.get("resent_from_ms")).longValue() * RATE / 1_000;
            long to = from + (((Number) told.get("resent_audio_ms")).longValue() + 1) * RATE / 1_000;
            assertThat(twice).allSatisfy(range -> {
                assertThat(range.first()).isGreaterThanOrEqualTo(from);
                assertThat(range.end()).isLessThanOrEqualTo(to);
            });
        }
    }

    private static List<SampleRange> appended(SimulatedSession server) {
        byte[] wire = WireAudio.appended(server);
        byte[] pcm = new byte[2 * wire.length];
        for (int i = 0; i < wire.length; i++) {
            int level = mulaw(wire[i]);
            pcm[2 * i] = (byte) level;
            pcm[2 * i + 1] = (byte) (level >> 8);
        }
        return StreamPattern.ranges(List.of(hear(pcm).text()));
    }

    private static int mulaw(byte code) {
        int bits = ~code & 0xFF;
        int level = (((bits & 0x0F) << 3) + 0x84 << ((bits & 0x70) >> 4)) - 0x84;
        return (bits & 0x80) == 0 ? level : -level;
    }

    @ParameterizedTest(name = "{0}, await={1}")
    @CsvSource({ "own, committed", "own, completed", "own, sent", "server, completed" })
    @DisplayName("ROLL-12 AIN-10 a file that waits for room, as nothing it gave is final, goes on over the loss")
    void waitsForRoom(String mode, String await) throws Exception {
        camel.scenario(Scenario.builder().transcription(TranscriptionScript.never()).build());
        start(mode, "&maxOutstandingAudio=1s&await=" + await);
        CompletableFuture<Exchange> given = camel.ask("direct:audio", new ByteArrayInputStream(recording.toByteArray()));
        await().until(() -> !camel.server(0).committedRanges().isEmpty());
        assertThat(given).isNotDone();
        camel.scenario(Scenario.standard());
        camel.server(0).abort();
        assertThat(RealtimeCamel.done(given).getException()).isNull();
        received.await(TranscriptFrames.USER_FINAL, 2);
        assertThat(heard(received.ofType(TranscriptFrames.USER_FINAL))).containsAll(spoken).doesNotHaveDuplicates();
        assertThat(after.events()).hasSize(1);
    }

    @ParameterizedTest(name = "maxUnsettledAudio={0}")
    @CsvSource({ "0", "500" })
    @DisplayName("ROLL-12 ROLL-14 FLOW-6 what is not there to be sent again fails its exchange, once and typed; the rest is taken back")
    void lost(String bound) throws Exception {
        start("manual", "&await=completed&maxUnsettledAudio=" + bound);
        byte[] audio = recording.toByteArray();
        PipedInputStream pipe = new PipedInputStream(2 * audio.length);
        PipedOutputStream source = new PipedOutputStream(pipe);
        CompletableFuture<Exchange> given = camel.tell("direct:audio", pipe);
        source.write(audio, 0, audio.length / 2);
        source.flush();
        await().until(() -> camel.server(0).appendedSamples() >= 2 * RATE);
        camel.server(0).abort();
        assertThat(RealtimeCamel.done(given).getException()).isInstanceOf(SessionReconnectingException.class);
        Map<?, ?> told = (Map<?, ?>) received.await("camel.session.reconnecting").body();
        assertThat(((Number) told.get("dropped_audio_ms")).longValue()).isGreaterThanOrEqualTo(1_000);
        received.await("camel.session.reconnected");
        // again, as whoever gives it would
        Exchange again = RealtimeCamel.done(camel.send(
                "direct:audio", ExchangePattern.InOnly, new ByteArrayInputStream(audio), Map.of()));
        assertThat(again.getException()).isNull();
        received.await(TranscriptFrames.USER_FINAL);
        assertThat(heard(received.ofType(TranscriptFrames.USER_FINAL))).containsAll(spoken).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("ROLL-3 ROLL-12 transcribe: a planned rollover and a lost connection in the middle of one recording lose nothing and double nothing")
    void transcribe() throws Exception {
        camel.start(
                route -> route.from("openai-realtime:scribe?eventTypes=lifecycle").process(received),
                route -> route.from("direct:file").noStreamCaching()
                        .to("openai-realtime:scribe?operation=transcribe&audioFormat=pcmu&inputAudioFormat=pcmu").process(after));
        speak(1_000);
        rest(1_200);
        speak(1_000);
        byte[] audio = recording.toByteArray();
        PipedInputStream pipe = new PipedInputStream(2 * audio.length);
        PipedOutputStream source = new PipedOutputStream(pipe);
        CompletableFuture<Exchange> given = camel.ask("direct:file", pipe);
        source.write(audio, 0, 2_000 * RATE / 1_000);
        source.flush();
        await().until(() -> camel.server(0).appendedSamples() >= RATE / 2);
        camel.session("scribe").restart();
        received.await("camel.session.rollover");
        source.write(audio, 2_000 * RATE / 1_000, 3_000 * RATE / 1_000);
        source.flush();
        await().until(() -> camel.server(1).appendedSamples() >= RATE / 2);
        camel.server(1).abort();
        source.write(audio, 5_000 * RATE / 1_000, audio.length - 5_000 * RATE / 1_000);
        source.close();
        Exchange done = RealtimeCamel.done(given);
        assertThat(done.getException()).isNull();
        List<Long> samples = new ArrayList<>();
        StreamPattern.ranges(List.of(done.getMessage().getBody(String.class)))
                .forEach(range -> Stream.iterate(range.first(), at -> at < range.end(), at -> at + 1).forEach(samples::add));
        assertThat(samples).containsAll(spoken).doesNotHaveDuplicates().isSorted();
        received.await("camel.session.reconnected");
        assertThat(after.events()).hasSize(1);
    }
}
