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
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import io.github.camelrealtime.session.SessionClosedException;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.SampleRange;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import io.github.camelrealtime.simulator.VirtualClock;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ExchangeTimedOutException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.camelrealtime.RealtimeCamel.await;
import static org.assertj.core.api.Assertions.assertThat;

/** Streams that come when they like, and end when their program does. */
class LiveSourceTest {

    private static final String LINE = "openai-realtime:line?turnDetection=none&operation=append-audio";
    private static final byte[] PCM = SyntheticSpeech.pcm(600);

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    /** Gives something, and then blocks in a read until closed, as a silent device does. */
    private static final class Stuck extends InputStream {

        private final InputStream before;
        private final CountDownLatch reading = new CountDownLatch(1);
        private final CountDownLatch closed = new CountDownLatch(1);

        Stuck(byte[] before) {
            this.before = new ByteArrayInputStream(before);
        }

        @Override
        public int read() throws IOException {
            reading.countDown();
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new IOException("closed");
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = before.read(buffer, offset, length);
            return n < 0 ? read() : n;
        }

        @Override
        public void close() {
            closed.countDown();
        }

        boolean isRead() {
            return reading.getCount() == 0;
        }

        boolean isClosed() {
            return closed.getCount() == 0;
        }
    }

    private static InputStream live(byte[] content) {
        return new FilterInputStream(new ByteArrayInputStream(content)) {
        };
    }

    private void start(String options) throws Exception {
        camel.start(route -> route.from("direct:audio").noStreamCaching().to(LINE + options));
        camel.awaitState("line", SessionState.READY);
    }

    private void give(Object body, Map<String, Object> headers) throws Exception {
        Exchange done = RealtimeCamel.done(camel.send("direct:audio", ExchangePattern.InOnly, body, headers));
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getHeaders()).doesNotContainKey(OpenAIRealtimeConstants.OVERRIDE_END_OF_STREAM);
    }

    @Test
    @DisplayName("AIN-18 the output of another program is given as it comes, and never holds the thread of the route")
    void asItComes() throws Exception {
        start("&audioFormat=pcm16");
        PipedInputStream pipe = new PipedInputStream(2 * PCM.length);
        PipedOutputStream program = new PipedOutputStream(pipe);
        // nothing is in it yet: this returns, or the test never ends
        CompletableFuture<Exchange> given = camel.tell("direct:audio", pipe);
        program.write(PCM, 0, 3 * 4_800);
        program.flush();
        await().until(() -> WireAudio.appended(camel.server(0)).length >= 2 * 4_800);
        assertThat(given).isNotDone();
        program.write(PCM, 3 * 4_800, PCM.length - 3 * 4_800);
        program.close();
        assertThat(RealtimeCamel.done(given).getException()).isNull();
        await().until(() -> camel.server(0).committedRanges().size() == 1);
        assertThat(WireAudio.appended(camel.server(0))).isEqualTo(PCM);
    }

    @ParameterizedTest(name = "audioFormat={0}, {1} bytes before")
    @CsvSource({ "auto, 0", "auto, 11", "pcm16, 0", "pcm16, 9600" })
    @DisplayName("AIN-18 a source that gives nothing for sourceTimeout fails its exchange and is closed; the session goes on")
    void stalled(String format, int before) throws Exception {
        VirtualClock clock = new VirtualClock();
        camel.component().setTimers(new VirtualTimers(clock));
        start("&pacing=asap&sourceTimeout=9s&audioFormat=" + format);
        Stuck stuck = new Stuck(Arrays.copyOf(PCM, before));
        CompletableFuture<Exchange> given = camel.tell("direct:audio", stuck);
        await().until(stuck::isRead);
        clock.advance(Duration.ofMillis(8_999));
        assertThat(given).isNotDone();
        assertThat(stuck.isClosed()).isFalse();
        clock.advance(Duration.ofMillis(1));
        assertThat(RealtimeCamel.done(given).getException()).isInstanceOf(ExchangeTimedOutException.class)
                .hasMessageContaining("gave nothing for 9000 ms").hasMessageContaining("sourceTimeout");
        await().until(stuck::isClosed);
        give(new ByteArrayInputStream(format.equals("auto") ? Wav.pcm(24_000, 16, 1, WireAudio.samples(PCM)) : PCM), Map.of());
        await().until(() -> camel.server(0).committedRanges().size() == 1);
        assertThat(WireAudio.appended(camel.server(0))).endsWith(PCM);
    }

    @ParameterizedTest(name = "{0} bytes before")
    @ValueSource(ints = { 0, 9_600 })
    @DisplayName("AIN-18 ROLL-14 when the session is closed, a source that blocks is let go at once")
    void closedMeanwhile(int before) throws Exception {
        start("&pacing=asap&audioFormat=pcm16");
        Stuck stuck = new Stuck(Arrays.copyOf(PCM, before));
        CompletableFuture<Exchange> given = camel.tell("direct:audio", stuck);
        await().until(stuck::isRead);
        camel.session("line").closeNow();
        assertThat(RealtimeCamel.done(given).getException()).isInstanceOf(SessionClosedException.class);
        await().until(stuck::isClosed);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = { "RAW(pcm16;rate=16000)", "RAW(pcm24;rate=44100;channels=2)", "pcm16" })
    @DisplayName("AIN-18 AIN-3 the end of a decoder is not the end of the stream: two bodies are one recording, cut in a sample or not")
    void twoBodies(String format) throws Exception {
        start("&pacing=asap&audioFormat=" + format);
        give(new ByteArrayInputStream(PCM), Map.of());
        await().until(() -> camel.server(0).committedRanges().size() == 1);
        int cut = 10_001;
        give(live(Arrays.copyOf(PCM, cut)), Map.of(OpenAIRealtimeConstants.OVERRIDE_END_OF_STREAM, false));
        assertThat(camel.server(0).received("input_audio_buffer.commit")).as("the stream goes on").hasSize(1);
        give(live(Arrays.copyOfRange(PCM, cut, PCM.length)), Map.of());
        await().until(() -> camel.server(0).committedRanges().size() == 2);
        SampleRange whole = camel.server(0).committedRanges().get(0);
        assertThat(camel.server(0).committedRanges().get(1).length()).isEqualTo(whole.length());
        byte[] wire = WireAudio.appended(camel.server(0));
        assertThat(Arrays.copyOfRange(wire, wire.length / 2, wire.length)).isEqualTo(Arrays.copyOf(wire, wire.length / 2));
        // and what comes then is a recording of its own
        give(new ByteArrayInputStream(PCM), Map.of());
        await().until(() -> camel.server(0).committedRanges().size() == 3);
        assertThat(camel.server(0).committedRanges().get(2).length()).isEqualTo(whole.length());
    }

    @Test
    @DisplayName("AIN-18 with endOfStream=false files with headers follow one another until the header says that it was the last")
    void option() throws Exception {
        start("&endOfStream=false");
        byte[] file = Wav.pcm(24_000, 16, 1, WireAudio.samples(PCM));
        give(new ByteArrayInputStream(file), Map.of());
        give(new ByteArrayInputStream(file), Map.of());
        assertThat(camel.server(0).received("input_audio_buffer.commit")).isEmpty();
        give(new ByteArrayInputStream(file), Map.of(OpenAIRealtimeConstants.OVERRIDE_END_OF_STREAM, "true"));
        await().until(() -> camel.server(0).committedRanges().size() == 1);
        assertThat(camel.server(0).committedRanges().get(0).length()).isEqualTo(3L * PCM.length / 2);
    }

    @Test
    @DisplayName("AIN-18 what goes on cannot be waited for, and transcribe has no parts")
    void refusals() throws Exception {
        camel.start(
                route -> route.from("direct:audio").to(LINE + "&await=completed&audioFormat=pcm16"),
                route -> route.from("direct:file").to("openai-realtime:scribe?operation=transcribe&audioFormat=pcm16"));
        Map<String, Object> goesOn = Map.of(OpenAIRealtimeConstants.OVERRIDE_END_OF_STREAM, false);
        assertThat(RealtimeCamel.done(camel.send("direct:audio", ExchangePattern.InOnly, new ByteArrayInputStream(PCM), goesOn))
                .getException()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("await=completed");
        assertThat(RealtimeCamel.done(camel.send("direct:file", ExchangePattern.InOnly, new ByteArrayInputStream(PCM), goesOn))
                .getException()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("transcribe");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = { "endOfStream=false", "sourceTimeout=-1" })
    @DisplayName("AIN-18 options that cannot be meant fail at start-up, by name")
    void refusedOptions(String option) {
        assertThat(camel.startFailure(route -> route.from("direct:file")
                .to("openai-realtime:scribe?operation=transcribe&audioFormat=pcm16&" + option)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(option.substring(0, option.indexOf('=')));
    }

    @Test
    @DisplayName("AIN-18 a recording that breaks off is taken back, so that its redelivery is heard once")
    void redelivered() throws Exception {
        start("&await=committed");
        byte[] file = Wav.pcm(24_000, 16, 1, WireAudio.samples(PCM));
        Exchange broken = RealtimeCamel.done(camel.tell("direct:audio", new ByteArrayInputStream(Arrays.copyOf(file, 20_000))));
        assertThat(broken.getException()).hasMessageContaining("truncated");
        give(new ByteArrayInputStream(file), Map.of());
        assertThat(camel.server(0).committedRanges()).hasSize(1);
        assertThat(camel.server(0).committedRanges().get(0).length()).isEqualTo(PCM.length / 2);
    }
}
