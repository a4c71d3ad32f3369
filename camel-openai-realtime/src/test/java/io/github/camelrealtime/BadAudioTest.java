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
import java.io.File;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

import io.github.camelrealtime.audio.AudioFormatException;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.EchoTranscriber;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.converter.stream.InputStreamCache;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static io.github.camelrealtime.audio.Bytes.ascii;
import static io.github.camelrealtime.audio.Bytes.join;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Bodies and headers that are no audio, or not the audio they are said to be: each fails its own exchange with words that
 * help and that repeat nothing of the body, and the session goes on as if nothing had been.
 */
class BadAudioTest {

    private static final String LINE = "openai-realtime:line?turnDetection=none&transcriptionModel=gpt-4o-mini-transcribe";
    private static final String PLANTED = "PLANTED-kept-secret";
    private static final byte[] AUDIO = join(ascii(PLANTED), SyntheticSpeech.pcm(200), ascii(PLANTED));
    private static final int GOOD_MILLIS = 300;
    private static final int SAMPLES_PER_MILLI = 24;
    private static final String CONVERT = "ffmpeg -i <input> -f s16le -ar 24000 -ac 1 -";
    private static final String EXPECTED = "audio is expected as byte[]";
    private static final String DECLARE = "audioFormat=pcm16;rate=16000";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    /**
     * @param format  option audioFormat
     * @param headers of the message
     * @param says    what the message must contain
     */
    private record Row(String name, Object body, String format, Map<String, Object> headers, List<String> says) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static Row file(String name, byte[] file, String... says) {
        return new Row(name, new ByteArrayInputStream(file), "auto", Map.of(), List.of(says));
    }

    private static Row body(String name, Object body, String... says) {
        return new Row(name, body, "auto", Map.of(), List.of(says));
    }

    private static Row as(String format, String name, Object body, String... says) {
        return new Row(format + ", " + name, body, format, Map.of(), List.of(says));
    }

    private static Row header(String name, String header, Object value, String... says) {
        return new Row(name, SyntheticSpeech.pcm(200), "auto", Map.of(header, value), List.of(says));
    }

    static Stream<Row> rows() throws IOException {
        return Stream.of(brokenWav(), brokenAiff(), brokenAu(), foreign(), wrongFormat(), wrongBodies(), wrongHeaders())
                .flatMap(List::stream);
    }

    private static List<Row> brokenWav() {
        return List.of(
                file("WAV that ends in its RIFF header", Arrays.copyOf(wav(1, 16), 7), "RIFF", CONVERT),
                file("WAV that ends in a chunk header", Arrays.copyOf(wav(1, 16), 15), "truncated", "WAV", "chunk header"),
                file("WAV that ends in its fmt chunk", Arrays.copyOf(wav(1, 16), 25), "truncated", "fmt"),
                file("WAV without a data chunk", Arrays.copyOf(wav(1, 16), 36), "no data chunk"),
                file("WAV without a fmt chunk", wav(bytes -> put(bytes, 12, "junk")), "no fmt chunk before its data chunk"),
                file("WAV that promises more audio than there is", Arrays.copyOf(wav(1, 16), 2_000), "truncated", "promises",
                        "1956 arrived", "send the whole file"),
                file("WAV with a fmt chunk of 14 bytes", wav(bytes -> bytes.put(16, (byte) 14)), "14 bytes", "at least 16"),
                file("WAV with a fmt chunk of negative size", wav(bytes -> bytes.putInt(16, -1)), "fmt chunk claims 4294967295 bytes"),
                file("WAV without channels", wav(bytes -> bytes.putShort(22, (short) 0)), "0 channels", "1 to 32"),
                file("WAV of 60,000 channels", wav(bytes -> bytes.putShort(22, Short.reverseBytes((short) 60_000))), "60000 channels"),
                file("WAV of 0 Hz", wav(bytes -> bytes.putInt(24, 0)), "Sample rate 0 Hz", "4000 to 192000"),
                file("WAV of -1 Hz", wav(bytes -> bytes.putInt(24, -1)), "Sample rate -1 Hz"),
                file("WAV of a billion Hz", wav(bytes -> bytes.putInt(24, Integer.reverseBytes(1_000_000_000))), "1000000000 Hz"),
                file("WAV of 12 bytes a frame that has 2", wav(bytes -> bytes.put(32, (byte) 12)), "contradicts itself", "12"),
                file("WAV of 40 bits", wav(bytes -> bytes.put(34, (byte) 40).put(32, (byte) 5)), "40 bits is not supported", CONVERT),
                file("WAV of ADPCM", wav(0x11, 4), "ADPCM", CONVERT),
                file("WAV of GSM", wav(0x31, 0), "GSM", CONVERT),
                file("WAV with MP3 in it", wav(0x55, 0), "MPEG audio", CONVERT),
                file("WAV of float with 16 bits", wav(3, 16), "(float) with 16 bits", CONVERT),
                file("WAV with an unknown sub-format", extensible(ascii(PLANTED)), "sub-format", CONVERT),
                file("WAV with a cut extensible header", wav(0xFFFE, 16), "extensible", "40 are needed"),
                file("RF64 with a negative size", rf64(-2), "ds64", "impossible size"),
                body("WAV as byte[] that promises more", Arrays.copyOf(wav(1, 16), 3_000), "truncated", "2956 arrived"));
    }

    private static List<Row> brokenAiff() {
        return List.of(
                file("AIFF that ends in its FORM header", Arrays.copyOf(aiff(1, 16, 8_000), 9), "IFF", CONVERT),
                file("AIFF that ends in its COMM chunk", Arrays.copyOf(aiff(1, 16, 8_000), 30), "truncated", "COMM"),
                file("AIFF without an SSND chunk", Arrays.copyOf(aiff(1, 16, 8_000), 38), "no SSND chunk"),
                file("AIFF with the audio before its COMM chunk", join(ascii("FORM"), new byte[4], ascii("AIFF"), ascii("SSND"),
                        big(4, AUDIO.length), AUDIO), "COMM", "cannot be read as a stream", CONVERT),
                file("AIFF that promises more audio than there is", Arrays.copyOf(aiff(1, 16, 8_000), 1_000), "truncated", "AIFF",
                        "946 arrived"),
                file("AIFF of 0 channels", aiff(0, 16, 8_000), "0 channels"),
                file("AIFF of 0 bits", aiff(1, 0, 8_000), "0 bits is not supported", CONVERT),
                file("AIFF of 48 bits", aiff(1, 48, 8_000), "48 bits is not supported", CONVERT),
                file("AIFF of 100 Hz", aiff(1, 16, 100), "100 Hz is outside"),
                file("AIFF of a negative rate", patched(aiff(1, 16, 8_000), 28, 0xC0), "impossible sample rate"),
                file("AIFF of an endless rate", patched(patched(aiff(1, 16, 8_000), 28, 0x7F), 29, 0xFF), "impossible sample rate"),
                file("AIFF whose audio begins after its end", patched(aiff(1, 16, 8_000), 46, 0x7F), "SSND", "begin after"),
                file("AIFF-C of IMA ADPCM", aifc("ima4"), "IMA ADPCM", CONVERT),
                file("AIFF-C of an unknown kind", aifc("PLAN"), "compression with 16 bits is not supported", CONVERT),
                file("AIFF-C with a COMM chunk of AIFF", put(aiff(1, 16, 8_000), 8, "AIFC"), "18 bytes", "22 are needed"));
    }

    private static List<Row> brokenAu() {
        return List.of(
                file("AU that ends in its header", Arrays.copyOf(au(24, -1, 3, 8_000, 1), 20), "truncated", "AU"),
                file("AU whose audio begins before its header ends", au(23, -1, 3, 8_000, 1), "23 bytes", "24 to"),
                file("AU whose audio begins after a gigabyte", au(16_000_000, -1, 3, 8_000, 1), "16000000 bytes"),
                file("AU that ends in its text", Arrays.copyOf(au(20_000, -1, 3, 8_000, 1), 500), "truncated", "before its audio"),
                file("AU of G.721", au(24, -1, 23, 8_000, 1), "encoding 23 is not supported", CONVERT),
                file("AU of encoding -1", au(24, -1, -1, 8_000, 1), "encoding 4294967295 is not supported", CONVERT),
                file("AU of 0 Hz", au(24, -1, 3, 0, 1), "Sample rate 0 Hz"),
                file("AU of 4 billion Hz", au(24, -1, 3, -1, 1), "Hz is outside 4000 to 192000"),
                file("AU of -1 channels", au(24, -1, 3, 8_000, -1), "channels are outside 1 to 32"),
                file("AU that promises more audio than there is", au(24, 1_000_000, 3, 8_000, 1), "truncated", "promises 1000000"));
    }

    private static List<Row> foreign() throws IOException {
        byte[] opus = join(ascii("OggS"), new byte[24], ascii("OpusHead"), AUDIO);
        byte[] vorbis = join(ascii("OggS"), new byte[24], new byte[] { 1 }, ascii("vorbis"), AUDIO);
        byte[] mp4 = join(big(4, 28), ascii("ftypM4A "), new byte[16], AUDIO);
        byte[] webm = join(HexFormat.of().parseHex("1a45dfa39f4286810142f7810142f2810442f381084282"), new byte[] { (byte) 0x84 },
                ascii("webm"), new byte[8], AUDIO);
        byte[] asf = join(HexFormat.of().parseHex("3026b2758e66cf11a6d900aa0062ce6c"), AUDIO);
        byte[] flac = join(ascii("fLaC"), new byte[] { 0, 0, 0, 34 }, AUDIO);
        byte[] id3 = join(ascii("ID3"), new byte[] { 4, 0, 0, 0, 0, 1, 0 }, AUDIO);
        byte[] zip = join(ascii("PK"), new byte[] { 3, 4, 20, 0, 0, 0, 8, 0 }, AUDIO);
        byte[] html = ascii("<!DOCTYPE html><html><body>" + PLANTED);
        List<Row> rows = new ArrayList<>(List.of(
                file("text", ascii("Dear service, " + PLANTED + " and so on and on and on, as letters do"), "is text", CONVERT),
                file("JSON", ascii("{\"audio\": \"" + PLANTED + "\"}"), "is text", CONVERT),
                file("an empty file", new byte[0], "The audio is empty"),
                file("one byte", new byte[] { 7 }, "no WAV, AIFF or AU header", DECLARE),
                file("raw audio that nobody declares", SyntheticSpeech.pcm(200), "no WAV, AIFF or AU header", DECLARE, CONVERT),
                file("a RIFF file with something else", join(ascii("RIFF"), new byte[4], ascii("WEBP"), AUDIO), "RIFF file", CONVERT),
                file("a WAV file in big endian", put(wav(1, 16), 0, "RIFX"), "RIFX", CONVERT),
                file("an AU file in little endian", put(au(24, -1, 3, 8_000, 1), 0, "dns."), "little-endian AU", CONVERT),
                file("an MP3 frame and nothing more", join(new byte[] { -1, (byte) 0xFB, (byte) 0x90, 0 }, new byte[300]), "MP3", CONVERT)));
        Map<String, byte[]> files = Map.ofEntries(
                Map.entry("MP3", id3), Map.entry("Ogg with Opus", opus), Map.entry("Ogg with Vorbis", vorbis),
                Map.entry("FLAC", flac), Map.entry("MP4 or M4A", mp4), Map.entry("WebM", webm),
                Map.entry("AMR", join(ascii("#!AMR\n"), AUDIO)), Map.entry("Windows Media Audio (ASF)", asf),
                Map.entry("HTML", html), Map.entry("gzip data", gzip(wav(1, 16))), Map.entry("a ZIP archive", zip),
                Map.entry("CAF", join(ascii("caff"), new byte[] { 0, 1, 0, 0 }, AUDIO)));
        files.forEach((name, bytes) -> {
            // as a stream, as a piece of one, and where the route says that it is raw
            rows.add(file(name, bytes, "is " + name + ",", CONVERT));
            rows.add(body(name + " as byte[]", bytes, "is " + name + ",", CONVERT));
            rows.add(as("pcm16", name, new ByteArrayInputStream(bytes), "audioFormat=pcm16", "begins like " + name, CONVERT));
        });
        rows.add(body("MP3 without a tag, as byte[]", mp3(), "is MP3,", CONVERT));
        rows.add(as("pcm16", "MP3 without a tag", new ByteArrayInputStream(mp3()), "begins like MP3", CONVERT));
        rows.add(body("MP3 without a tag from a pipe", live(mp3()), "is MP3,", CONVERT));
        rows.add(body("Ogg as ByteBuffer", ByteBuffer.wrap(opus), "is Ogg with Opus,", CONVERT));
        rows.add(body("FLAC in a stream cache", new InputStreamCache(flac), "is FLAC,", CONVERT));
        rows.add(body("a pipe that ends at once", live(new byte[0]), "The audio is empty"));
        rows.add(body("a pipe with text", live(ascii("ffmpeg: no such file " + PLANTED)), "is text", CONVERT));
        rows.add(body("a pipe that breaks off", live(Arrays.copyOf(wav(1, 16), 4_000)), "truncated", "3956 arrived"));
        return rows;
    }

    private static List<Row> wrongFormat() {
        byte[] aiff = aiff(1, 16, 8_000);
        return List.of(
                as("pcm16", "a WAV file", new ByteArrayInputStream(wav(1, 16)), "audioFormat=pcm16", "of the kind WAV", "audioFormat=auto"),
                as("RAW(pcmu;rate=16000)", "an AIFF file as byte[]", aiff, "audioFormat=pcmu;rate=16000", "of the kind AIFF"),
                as("pcma", "an AU file", new ByteArrayInputStream(au(24, -1, 27, 8_000, 1)), "of the kind AU", "audioFormat=auto"),
                as("wav", "an AIFF file", new ByteArrayInputStream(aiff), "audioFormat=wav", "of the kind AIFF", "audioFormat=auto"),
                as("aiff", "a WAV file", new ByteArrayInputStream(wav(1, 16)), "audioFormat=aiff", "of the kind WAV"),
                as("au", "raw audio", new ByteArrayInputStream(SyntheticSpeech.pcm(200)), "audioFormat=au", "nothing that we know", CONVERT),
                as("wav", "nothing", new ByteArrayInputStream(new byte[0]), "The audio is empty", "audioFormat=wav"),
                as("wav", "text as byte[]", ascii(PLANTED + " is what I wanted to say"), "audioFormat=wav", "begins like text"));
    }

    private static List<Row> wrongBodies() {
        return List.of(
                body("no body", null, "no body", EXPECTED),
                body("a String", PLANTED, "text (String)", EXPECTED, "operation=send-text"),
                body("a StringBuilder", new StringBuilder(PLANTED), "text (StringBuilder)", EXPECTED),
                body("a Reader", new StringReader(PLANTED), "text (StringReader)", EXPECTED),
                body("a Map", Map.of("audio", PLANTED), "Map", EXPECTED),
                body("a number", 42L, "java.lang.Long", EXPECTED),
                body("a list", List.of(PLANTED), "List", EXPECTED),
                body("a file that is not there", new File("there-is-no-such.wav"), "java.io.File", EXPECTED),
                body("a path that is not there", Path.of("there-is-no-such.wav"), "Path", EXPECTED),
                body("a stream that fails", new ByteArrayInputStream(new byte[0]) {
                    @Override
                    public byte[] readNBytes(int length) {
                        throw new IllegalStateException("the disk is on fire");
                    }
                }, "the disk is on fire"));
    }

    private static List<Row> wrongHeaders() {
        return List.of(
                header("endOfStream that is no truth value", OpenAIRealtimeConstants.OVERRIDE_END_OF_STREAM, "perhaps",
                        OpenAIRealtimeConstants.OVERRIDE_END_OF_STREAM, "is not true or false"),
                header("endOfStream as a number", OpenAIRealtimeConstants.OVERRIDE_END_OF_STREAM, 1, "is not true or false",
                        "Integer"),
                header("a wildcard for a session", OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME, "caller-*",
                        OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME, "wildcard"),
                header("an operation that there is not", OpenAIRealtimeConstants.OPERATION, "append-audoi",
                        OpenAIRealtimeConstants.OPERATION, "append-audio"));
    }

    @ParameterizedTest(name = "bad audio: {0}")
    @MethodSource("rows")
    @DisplayName("bad audio: AIN-17 AIN-1 SEC-3 it fails its exchange with what is wrong and what to do, and the session goes on")
    void refused(Row row) throws Exception {
        camel.start(
                route -> route.from("direct:bad").noStreamCaching()
                        .to(LINE + "&operation=append-audio&audioFormat=" + row.format()),
                route -> route.from("direct:good").to(LINE + "&operation=append-audio"),
                route -> route.from("direct:commit").to(LINE + "&operation=commit-audio&await=completed"));
        camel.awaitState("line", SessionState.READY);

        Exchange bad = RealtimeCamel.done(camel.send("direct:bad", ExchangePattern.InOnly, row.body(), row.headers()));
        assertThat(bad.getException()).as("failure").isNotNull();
        assertThat(bad.getException().getMessage()).contains(row.says());
        if (bad.getException() instanceof AudioFormatException) {
            assertThat(bad.getException().getMessage()).as("what to do").containsAnyOf(
                    CONVERT, EXPECTED, DECLARE, "audioFormat=auto", "send the whole file", "look at what was to write it");
        }
        for (Throwable cause = bad.getException(); cause != null; cause = cause.getCause()) {
            assertThat(cause.toString()).doesNotContain(PLANTED)
                    .doesNotContain(HexFormat.of().formatHex(ascii(PLANTED)), HexFormat.ofDelimiter(" ").formatHex(ascii("PLAN")));
        }

        assertThat(RealtimeCamel.done(camel.tell("direct:good", SyntheticSpeech.pcm(GOOD_MILLIS))).getException()).isNull();
        Exchange transcript = RealtimeCamel.done(camel.ask("direct:commit", null));
        assertThat(transcript.getException()).isNull();
        // nothing of the bad one is left to be heard
        assertThat(EchoTranscriber.parse(transcript.getMessage().getBody(String.class)).length())
                .isEqualTo(GOOD_MILLIS * SAMPLES_PER_MILLI);
        assertThat(camel.server(0).sent("error")).isEmpty();
        assertThat(camel.simulator().sessions()).hasSize(1);
    }

    // ---- files

    private static byte[] wav(int tag, int bits) {
        byte[] file = Wav.file(1, 8_000, 16, 1, AUDIO);
        ByteBuffer.wrap(file).putShort(20, Short.reverseBytes((short) tag)).putShort(34, Short.reverseBytes((short) bits));
        return file;
    }

    /** A good file with something wrong. */
    private static byte[] wav(Consumer<ByteBuffer> mistake) {
        byte[] file = wav(1, 16);
        mistake.accept(ByteBuffer.wrap(file));
        return file;
    }

    private static void put(ByteBuffer file, int at, String word) {
        file.put(at, ascii(word));
    }

    private static byte[] put(byte[] file, int at, String word) {
        byte[] changed = file.clone();
        put(ByteBuffer.wrap(changed), at, word);
        return changed;
    }

    private static byte[] patched(byte[] file, int at, int value) {
        byte[] changed = file.clone();
        changed[at] = (byte) value;
        return changed;
    }

    private static byte[] extensible(byte[] subFormat) {
        byte[] plain = wav(0xFFFE, 16);
        byte[] fmt = Arrays.copyOf(Arrays.copyOfRange(plain, 20, 36), 40);
        System.arraycopy(subFormat, 0, fmt, 24, 16);
        return join(Arrays.copyOf(plain, 16), new byte[] { 40, 0, 0, 0 }, fmt, Arrays.copyOfRange(plain, 36, plain.length));
    }

    private static byte[] rf64(long size) {
        byte[] plain = put(wav(1, 16), 0, "RF64");
        byte[] file = join(Arrays.copyOf(plain, 12), ascii("ds64"), new byte[] { 28, 0, 0, 0 }, new byte[8],
                big(8, Long.reverseBytes(size)), new byte[12], Arrays.copyOfRange(plain, 12, plain.length));
        ByteBuffer.wrap(file).putInt(file.length - AUDIO.length - 4, -1);
        return file;
    }

    private static byte[] aiff(int channels, int bits, int rate) {
        return join(ascii("FORM"), new byte[4], ascii("AIFF"), ascii("COMM"), big(4, 18), comm(channels, bits, rate), ssnd());
    }

    private static byte[] aifc(String compression) {
        return join(ascii("FORM"), new byte[4], ascii("AIFC"), ascii("COMM"), big(4, 24), comm(1, 16, 8_000), ascii(compression),
                new byte[2], ssnd());
    }

    private static byte[] comm(int channels, int bits, int rate) {
        int exponent = 31 - Integer.numberOfLeadingZeros(rate);
        return join(big(2, channels), big(4, AUDIO.length / 2), big(2, bits), big(2, 16_383 + exponent),
                big(8, (long) rate << 63 - exponent));
    }

    private static byte[] ssnd() {
        return join(ascii("SSND"), big(4, AUDIO.length + 8), new byte[8], AUDIO);
    }

    private static byte[] au(int offset, int size, int encoding, int rate, int channels) {
        byte[] text = new byte[Math.min(20_000, Math.max(0, offset - 24))];
        return join(ascii(".snd"), big(4, offset), big(4, size), big(4, encoding), big(4, rate), big(4, channels), text, AUDIO);
    }

    /** Three frames of MPEG-1 layer III, 128 kbit/s, 44.1 kHz, without the tag that most files have before them. */
    private static byte[] mp3() {
        byte[] frame = Arrays.copyOf(join(new byte[] { -1, (byte) 0xFB, (byte) 0x90, 0x40 }, ascii(PLANTED)), 417);
        return join(frame, frame, frame);
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }

    /** A stream of which nobody can say what it is, such as a decoder's output. */
    private static InputStream live(byte[] content) {
        return new FilterInputStream(new ByteArrayInputStream(content)) {
        };
    }

    private static byte[] big(int bytes, long value) {
        byte[] all = ByteBuffer.allocate(8).putLong(value).array();
        return Arrays.copyOfRange(all, 8 - bytes, 8);
    }
}
