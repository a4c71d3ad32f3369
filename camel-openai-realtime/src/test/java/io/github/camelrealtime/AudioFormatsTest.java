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
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import io.github.camelrealtime.audio.G711;
import io.github.camelrealtime.simulator.SampleRange;
import io.github.camelrealtime.simulator.SimulatedSession;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.camelrealtime.RealtimeCamel.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Audio of any format through a route: as many samples as it lasts, and the tone that it is. */
class AudioFormatsTest {

    private static final String LINE = "openai-realtime:line?turnDetection=none&operation=append-audio";
    private static final int HERTZ = 440;
    private static final int AMPLITUDE = 8_000;
    private static final int WIRE_RATE = 24_000;
    /** Not a whole number of anything. */
    private static final int ODD_FRAMES = 17;

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private static short[] tone(int rate) {
        short[] tone = new short[rate + ODD_FRAMES];
        for (int i = 0; i < tone.length; i++) {
            tone[i] = (short) (AMPLITUDE * Math.sin(2 * Math.PI * HERTZ * i / rate));
        }
        return tone;
    }

    @ParameterizedTest(name = "{0} Hz")
    @ValueSource(ints = { 8_000, 16_000, 44_100, 48_000 })
    @DisplayName("AIN-1 AIN-2 WAV files of 8, 16 and 24 bit, mono and stereo, become the same tone in as many samples")
    void wavFiles(int rate) throws Exception {
        List<byte[]> files = new ArrayList<>();
        List<Double> levels = new ArrayList<>();
        for (int bits : new int[] { 8, 16, 24 }) {
            for (int channels : new int[] { 1, 2 }) {
                files.add(Wav.pcm(rate, bits, channels, tone(rate)));
                // the second channel is silent: the mean of both is half as loud
                levels.add((double) AMPLITUDE / channels);
            }
        }
        camel.start(route -> route.from("direct:audio").to(LINE));
        List<short[]> heard = give(files, WIRE_RATE);
        long expected = samples(rate + ODD_FRAMES, rate, WIRE_RATE);
        for (int i = 0; i < files.size(); i++) {
            assertTone(heard.get(i), expected, WIRE_RATE, levels.get(i));
        }
    }

    @ParameterizedTest(name = "format tag {0}")
    @ValueSource(ints = { Wav.ULAW, Wav.ALAW })
    @DisplayName("AIN-1 AIN-4 WAV files of G.711 become the same tone in three times as many samples")
    void companded(int tag) throws Exception {
        camel.start(route -> route.from("direct:audio").to(LINE));
        List<short[]> heard = give(List.of(Wav.file(tag, 8_000, 8, 1, companded(tag, tone(8_000)))), WIRE_RATE);
        assertTone(heard.get(0), samples(8_000 + ODD_FRAMES, 8_000, WIRE_RATE), WIRE_RATE, AMPLITUDE);
    }

    private static byte[] companded(int tag, short[] samples) {
        byte[] codes = new byte[samples.length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = tag == Wav.ULAW ? G711.encodeUlaw(samples[i]) : G711.encodeAlaw(samples[i]);
        }
        return codes;
    }

    static Stream<Arguments> rawFormats() {
        return Stream.of(
                Arguments.of("pcm16;rate=16000;channels=2", 16_000, 16, 2, ByteOrder.LITTLE_ENDIAN),
                Arguments.of("pcm16be;rate=44100", 44_100, 16, 1, ByteOrder.BIG_ENDIAN),
                Arguments.of("pcm8;rate=8000", 8_000, 8, 1, ByteOrder.LITTLE_ENDIAN),
                Arguments.of("pcm24;rate=48000;channels=2", 48_000, 24, 2, ByteOrder.LITTLE_ENDIAN),
                Arguments.of("pcm16", 24_000, 16, 1, ByteOrder.LITTLE_ENDIAN));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rawFormats")
    @DisplayName("AIN-1 audio without a header is what the endpoint declares it to be")
    void declared(String format, int rate, int bits, int channels, ByteOrder order) throws Exception {
        camel.start(route -> route.from("direct:audio").to(LINE + "&audioFormat=RAW(" + format + ")"));
        List<short[]> heard = give(List.of(Wav.raw(bits, channels, order, tone(rate))), WIRE_RATE);
        assertTone(heard.get(0), samples(rate + ODD_FRAMES, rate, WIRE_RATE), WIRE_RATE, (double) AMPLITUDE / channels);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({ "pcm16;rate=16000, 16000, 16, 1", "pcm16;rate=16000;channels=2, 16000, 16, 2", "pcm24;rate=44100, 44100, 24, 1",
            "pcm16, 24000, 16, 1" })
    @DisplayName("AIN-3 AIN-2 a stream cut into odd pieces gives the same samples as the whole, bit for bit")
    void oddPieces(String format, int rate, int bits, int channels) throws Exception {
        byte[] whole = Wav.raw(bits, channels, ByteOrder.LITTLE_ENDIAN, tone(rate));
        camel.start(route -> route.from("direct:audio").to(LINE + "&audioFormat=RAW(" + format + ")"),
                route -> route.from("direct:commit").to(LINE.replace("append-audio", "commit-audio")));
        Random random = new Random(7);
        for (int at = 0; at < whole.length;) {
            int length = Math.min(whole.length - at, 1 + random.nextInt(1_500));
            byte[] piece = new byte[length];
            System.arraycopy(whole, at, piece, 0, length);
            assertThat(RealtimeCamel.done(camel.tell("direct:audio", piece)).getException()).isNull();
            at += length;
        }
        RealtimeCamel.done(camel.tell("direct:commit", null));
        RealtimeCamel.done(camel.tell("direct:audio", new ByteArrayInputStream(whole)));
        List<short[]> heard = heard(2);
        assertThat(heard.get(0)).hasSize((int) samples(rate + ODD_FRAMES, rate, WIRE_RATE)).isEqualTo(heard.get(1));
    }

    @Test
    @DisplayName("AIN-3 half a sample before a commit is completed by the piece after it")
    void commitWithinASample() throws Exception {
        camel.start(route -> route.from("direct:audio").to(LINE),
                route -> route.from("direct:commit").to(LINE.replace("append-audio", "commit-audio")));
        byte[] whole = Wav.raw(16, 1, ByteOrder.LITTLE_ENDIAN, tone(WIRE_RATE));
        int cut = 12_001;
        RealtimeCamel.done(camel.tell("direct:audio", Arrays.copyOf(whole, cut)));
        RealtimeCamel.done(camel.tell("direct:commit", null));
        RealtimeCamel.done(camel.tell("direct:audio", Arrays.copyOfRange(whole, cut, whole.length)));
        RealtimeCamel.done(camel.tell("direct:commit", null));
        heard(2);
        assertThat(WireAudio.appended(camel.server(0))).isEqualTo(whole);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({ "pcmu, 7", "pcma, 6" })
    @DisplayName("AIN-4 G.711 passes through a G.711 session byte for byte, raw, in WAV files and in live pieces")
    void passThrough(String format, int tag) throws Exception {
        byte[] codes = new byte[2_000];
        new Random(3).nextBytes(codes);
        String line = LINE + "&inputAudioFormat=" + format;
        camel.start(route -> route.from("direct:audio").to(line + "&audioFormat=" + format),
                route -> route.from("direct:wav").to(line),
                route -> route.from("direct:commit").to(line.replace("append-audio", "commit-audio")));
        RealtimeCamel.done(camel.tell("direct:audio", new ByteArrayInputStream(codes)));
        RealtimeCamel.done(camel.tell("direct:wav", new ByteArrayInputStream(Wav.file(tag, 8_000, 8, 1, codes))));
        RealtimeCamel.done(camel.tell("direct:audio", codes));
        RealtimeCamel.done(camel.tell("direct:commit", null));
        SimulatedSession server = camel.server(0);
        await().until(() -> server.committedRanges().size() == 3);
        byte[] wire = WireAudio.appended(server);
        assertThat(wire).hasSize(3 * codes.length);
        for (int i = 0; i < wire.length; i++) {
            assertThat(wire[i]).isEqualTo(codes[i % codes.length]);
        }
    }

    @Test
    @DisplayName("AIN-4 A-law becomes µ-law where the session wants that, one code for one")
    void otherLaw() throws Exception {
        camel.start(route -> route.from("direct:audio").to(LINE + "&inputAudioFormat=pcmu&audioFormat=pcma"));
        byte[] codes = companded(Wav.ALAW, tone(8_000));
        RealtimeCamel.done(camel.tell("direct:audio", new ByteArrayInputStream(codes)));
        SimulatedSession server = camel.server(0);
        await().until(() -> server.committedRanges().size() == 1);
        byte[] wire = WireAudio.appended(server);
        assertThat(wire).hasSize(codes.length);
        for (int i = 0; i < wire.length; i++) {
            assertThat((int) G711.decodeUlaw(wire[i])).isCloseTo(G711.decodeAlaw(codes[i]), within(AMPLITUDE / 16));
        }
    }

    @Test
    @DisplayName("AIN-1 what comes in and what goes out is logged once for each source, at DEBUG")
    void logged() throws Exception {
        camel.start(route -> route.from("direct:audio").to(LINE));
        byte[] stereo = Wav.pcm(44_100, 16, 2, tone(44_100));
        byte[] mono = Wav.pcm(8_000, 16, 1, tone(8_000));
        try (LogCapture debug = LogCapture.of("io.github.camelrealtime.session", Level.DEBUG)) {
            give(List.of(stereo, stereo, mono, mono), WIRE_RATE);
            assertThat(debug.messages()).filteredOn(message -> message.contains("audio comes as")).hasSize(2)
                    .anyMatch(message -> message.contains("pcm16;rate=44100;channels=2 and goes out as pcm16;rate=24000"))
                    .anyMatch(message -> message.contains("pcm16;rate=8000 and goes out as"));
        }
        try (LogCapture info = LogCapture.of("io.github.camelrealtime.session", Level.INFO)) {
            RealtimeCamel.done(camel.tell("direct:audio", new ByteArrayInputStream(stereo)));
            assertThat(info.messages()).noneMatch(message -> message.contains("audio comes as"));
        }
    }

    private List<short[]> give(List<byte[]> files, int wireRate) throws Exception {
        for (byte[] file : files) {
            Exchange done = RealtimeCamel.done(camel.tell("direct:audio", new ByteArrayInputStream(file)));
            assertThat(done.getException()).isNull();
        }
        return heard(files.size());
    }

    /** What was committed, each commit apart. */
    private List<short[]> heard(int commits) {
        SimulatedSession server = camel.server(0);
        await().until(() -> server.committedRanges().size() == commits);
        short[] all = WireAudio.samples(WireAudio.appended(server));
        List<short[]> heard = new ArrayList<>();
        for (SampleRange range : server.committedRanges()) {
            heard.add(Arrays.copyOfRange(all, (int) range.first(), (int) range.end()));
        }
        return heard;
    }

    private static long samples(long frames, int from, int to) {
        return (frames * to + from - 1) / from;
    }

    /** The right pitch shows rate, width and byte order; the level shows width and channels. */
    private static void assertTone(short[] heard, long samples, int rate, double amplitude) {
        assertThat((long) heard.length).isEqualTo(samples);
        int crossings = 0;
        double squares = 0;
        for (int i = 1; i < heard.length; i++) {
            crossings += heard[i - 1] < 0 && heard[i] >= 0 ? 1 : 0;
            squares += (double) heard[i] * heard[i];
        }
        assertThat((double) crossings * rate / heard.length).isCloseTo(HERTZ, within(2.0));
        assertThat(Math.sqrt(2 * squares / heard.length)).isCloseTo(amplitude, within(0.03 * amplitude + 100));
    }
}
