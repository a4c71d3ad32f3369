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
package io.github.camelrealtime.audio;

import static io.github.camelrealtime.audio.Bytes.ascii;
import static io.github.camelrealtime.audio.Bytes.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;

import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

import io.github.camelrealtime.audio.AudioFormat.Encoding;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** AIFF and AU byte by byte, and all three kinds of file as the JDK writes them. */
class AudioContainerTest {

    private static final byte[] AUDIO = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };

    // ---- AIFF

    static Stream<Arguments> aiffEncodings() {
        return Stream.of(
                Arguments.of(null, 8, "pcm8s;rate=22050"), Arguments.of(null, 16, "pcm16be;rate=22050"),
                Arguments.of(null, 12, "pcm16be;rate=22050"), Arguments.of(null, 24, "pcm24be;rate=22050"),
                Arguments.of(null, 32, "pcm32be;rate=22050"), Arguments.of("NONE", 16, "pcm16be;rate=22050"),
                Arguments.of("twos", 24, "pcm24be;rate=22050"), Arguments.of("sowt", 16, "pcm16;rate=22050"),
                Arguments.of("sowt", 24, "pcm24;rate=22050"), Arguments.of("raw ", 8, "pcm8;rate=22050"),
                Arguments.of("in24", 24, "pcm24be;rate=22050"), Arguments.of("in32", 32, "pcm32be;rate=22050"),
                Arguments.of("fl32", 32, "float32be;rate=22050"), Arguments.of("FL32", 32, "float32be;rate=22050"),
                Arguments.of("fl64", 64, "float64be;rate=22050"), Arguments.of("FL64", 64, "float64be;rate=22050"),
                Arguments.of("ulaw", 16, "pcmu;rate=22050"), Arguments.of("ULAW", 8, "pcmu;rate=22050"),
                Arguments.of("alaw", 8, "pcma;rate=22050"), Arguments.of("ALAW", 16, "pcma;rate=22050"));
    }

    @ParameterizedTest(name = "{0} {1} bits: {2}")
    @MethodSource("aiffEncodings")
    @DisplayName("AIN-17 AIFF and AIFF-C: every encoding is read")
    void aiff(String compression, int bits, String format) throws IOException {
        AudioReader reader = AudioContainer.AIFF.open(WavReaderTest.stream(
                form(compression, comm(compression, 1, 0, bits, 22_050), ssnd(0, AUDIO), bigChunk("ANNO", AUDIO))));
        assertThat(reader.format()).isEqualTo(AudioFormat.parse(format));
        assertThat(reader.dataBytes()).isEqualTo(AUDIO.length);
        assertThat(WavReaderTest.readAll(reader)).isEqualTo(AUDIO);
    }

    @ParameterizedTest
    @ValueSource(ints = { 8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000, 192_000, 4_000 })
    @DisplayName("AIN-17 the sample rate of AIFF, a float of 80 bits, is read exactly")
    void extendedFloat(int rate) throws IOException {
        byte[] file = form(null, comm(null, 2, 4, 16, rate), ssnd(0, AUDIO));
        assertThat(new AiffReader(WavReaderTest.stream(file)).format())
                .isEqualTo(new AudioFormat(Encoding.PCM_S16_BE, rate, 2));
    }

    @Test
    @DisplayName("AIN-17 AIFF: the offset of the sound is skipped, and what is there beyond the frames is left out")
    void ssndOffset() throws IOException {
        byte[] padded = new byte[5 + AUDIO.length + 7];
        Arrays.fill(padded, (byte) 99);
        System.arraycopy(AUDIO, 0, padded, 5, AUDIO.length);
        byte[] file = form(null, bigChunk("FVER", new byte[3]), comm(null, 2, 4, 16, 8_000), ssnd(5, padded));
        assertThat(WavReaderTest.readAll(new AiffReader(WavReaderTest.stream(file)))).isEqualTo(AUDIO);
    }

    @ParameterizedTest
    @CsvSource({ "0, 0", "ffffffff, 0", "7f000008, 3f800000", "00000008, 0", "7f000006, 0" })
    @DisplayName("AIN-17 AIFF: sizes that streaming writers leave mean: until the stream ends")
    void aiffUnknownSize(String size, String frames) throws IOException {
        byte[] sound = ssnd(0, AUDIO);
        ByteBuffer.wrap(sound).putInt(4, Integer.parseUnsignedInt(size, 16));
        byte[] file = form(null, comm(null, 1, Integer.parseUnsignedInt(frames, 16), 16, 8_000), sound);
        AudioReader reader = new AiffReader(WavReaderTest.stream(file));
        assertThat(reader.dataBytes()).isEqualTo(-1);
        assertThat(WavReaderTest.readAll(reader)).isEqualTo(AUDIO);
    }

    // ---- AU

    @ParameterizedTest
    @CsvSource({ "1, pcmu", "2, pcm8s", "3, pcm16be", "4, pcm24be", "5, pcm32be", "6, float32be", "7, float64be", "27, pcma" })
    @DisplayName("AIN-17 AU: every encoding is read, with and without a text before the audio")
    void au(int encoding, String word) throws IOException {
        for (int text : new int[] { 0, 4, 1_000 }) {
            AudioReader reader = new AuReader(WavReaderTest.stream(au(text, AUDIO.length, encoding, 32_000, 1, AUDIO)));
            assertThat(reader.format()).isEqualTo(AudioFormat.parse(word + ";rate=32000"));
            assertThat(reader.dataBytes()).isEqualTo(AUDIO.length);
            assertThat(WavReaderTest.readAll(reader)).isEqualTo(AUDIO);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = { -1, 0 })
    @DisplayName("AIN-17 AU of unknown size is read until the stream ends")
    void auUnknownSize(int size) throws IOException {
        AudioReader reader = new AuReader(WavReaderTest.stream(au(8, size, 3, 8_000, 2, AUDIO)));
        assertThat(reader.dataBytes()).isEqualTo(-1);
        assertThat(WavReaderTest.readAll(reader)).isEqualTo(AUDIO);
    }

    @Test
    @DisplayName("AIN-17 wherever the header of an AIFF or AU file is cut, the message says so")
    void cutHeaders() {
        byte[] aiff = form("NONE", bigChunk("FVER", new byte[4]), comm("NONE", 1, 8, 16, 8_000), ssnd(3, AUDIO));
        byte[] au = au(9, AUDIO.length, 3, 8_000, 1, AUDIO);
        for (int length = 0; length < aiff.length - AUDIO.length + 3; length++) {
            byte[] cut = Arrays.copyOf(aiff, length);
            assertThatThrownBy(() -> new AiffReader(WavReaderTest.stream(cut))).as("%d bytes", length)
                    .isInstanceOf(AudioFormatException.class).hasMessageMatching("truncated: .*|.*no SSND chunk.*");
        }
        for (int length = 0; length < au.length - AUDIO.length; length++) {
            byte[] cut = Arrays.copyOf(au, length);
            assertThatThrownBy(() -> new AuReader(WavReaderTest.stream(cut))).as("%d bytes", length)
                    .isInstanceOf(AudioFormatException.class).hasMessageStartingWith("truncated: ");
        }
    }

    // ---- all

    @RepeatedTest(60)
    @DisplayName("AIN-17 what the JDK writes in any format is read: the same format, the same bytes, the same file by its magic")
    void jdkFiles(RepetitionInfo repetition) throws IOException {
        Random random = new Random(repetition.getCurrentRepetition());
        AudioContainer container = AudioContainer.values()[random.nextInt(3)];
        int[] rates = { 8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000 };
        int rate = rates[random.nextInt(rates.length)];
        int channels = 1 + random.nextInt(8);
        boolean wav = container == AudioContainer.WAV;
        Encoding[] possible = wav
                ? new Encoding[] { Encoding.PCM_U8, Encoding.PCM_S16_LE, Encoding.PCM_S24_LE, Encoding.PCM_S32_LE }
                : new Encoding[] { Encoding.PCM_S8, Encoding.PCM_S16_BE, Encoding.PCM_S24_BE, Encoding.PCM_S32_BE };
        Encoding encoding = possible[random.nextInt(possible.length)];
        AudioFormat format = new AudioFormat(encoding, rate, channels);
        byte[] audio = new byte[format.bytesPerFrame() * random.nextInt(500)];
        random.nextBytes(audio);
        var jdk = new javax.sound.sampled.AudioFormat(
                rate, encoding.bytesPerSample() * 8, channels, encoding != Encoding.PCM_U8, !wav);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AudioFileFormat.Type type = switch (container) {
            case WAV -> AudioFileFormat.Type.WAVE;
            case AIFF -> AudioFileFormat.Type.AIFF;
            case AU -> AudioFileFormat.Type.AU;
        };
        AudioSystem.write(new AudioInputStream(
                new ByteArrayInputStream(audio), jdk, audio.length / format.bytesPerFrame()), type, out);
        byte[] file = out.toByteArray();
        assertThat(AudioContainer.of(file, file.length)).isEqualTo(container);
        assertThat(ForeignFormats.sure(file, file.length)).isNull();
        AudioReader reader = container.open(WavReaderTest.stream(file));
        assertThat(reader.format()).isEqualTo(format);
        assertThat(WavReaderTest.readAll(reader)).isEqualTo(audio);
    }

    @RepeatedTest(20)
    @DisplayName("AIN-17 the JDK reads the same from files made here by hand")
    void jdkOracle(RepetitionInfo repetition) throws Exception {
        Random random = new Random(repetition.getCurrentRepetition());
        int rate = new int[] { 8_000, 11_025, 16_000, 44_100 }[random.nextInt(4)];
        int channels = 1 + random.nextInt(2);
        int bits = new int[] { 8, 16, 24, 32 }[random.nextInt(4)];
        byte[] audio = new byte[bits / 8 * channels * (1 + random.nextInt(300))];
        random.nextBytes(audio);
        byte[] file = random.nextBoolean()
                ? form(null, comm(null, channels, audio.length / channels / (bits / 8), bits, rate), ssnd(0, audio))
                : au(8, audio.length, bits / 8 + 1, rate, channels, audio);
        AudioReader ours = AudioContainer.of(file, file.length).open(WavReaderTest.stream(file));
        try (AudioInputStream theirs = AudioSystem.getAudioInputStream(new ByteArrayInputStream(file))) {
            assertThat((float) ours.format().sampleRate()).isEqualTo(theirs.getFormat().getSampleRate());
            assertThat(ours.format().channels()).isEqualTo(theirs.getFormat().getChannels());
            assertThat(ours.format().encoding().bytesPerSample() * 8).isEqualTo(theirs.getFormat().getSampleSizeInBits());
            assertThat(WavReaderTest.readAll(ours)).isEqualTo(theirs.readAllBytes());
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = { "wav", "aiff", "au" })
    @DisplayName("AIN-1 AIN-17 a tone of any rate arrives as that tone, with more than 60 dB between it and all else")
    void signalQuality(String kind) throws IOException {
        for (int rate : new int[] { 8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000 }) {
            byte[] little = Sound.pcm16(Sound.tone(rate, 1_000, 12_000, rate));
            byte[] big = little.clone();
            for (int i = 0; i < big.length; i += 2) {
                big[i] = little[i + 1];
                big[i + 1] = little[i];
            }
            byte[] file = switch (kind) {
                case "wav" -> join(WavWriter.header(new AudioFormat(Encoding.PCM_S16_LE, rate, 1), little.length), little);
                case "aiff" -> form(null, comm(null, 1, rate, 16, rate), ssnd(0, big));
                default -> au(8, -1, 3, rate, 1, big);
            };
            AudioReader reader = AudioContainer.ofWord(kind).open(new ByteArrayInputStream(file));
            AudioConverter converter = new AudioConverter(reader.format(), AudioFormat.PCM_24K);
            byte[] audio = WavReaderTest.readAll(reader);
            byte[] out = join(converter.convert(audio, 0, audio.length), converter.finish());
            assertThat(out).hasSize(48_000);
            assertThat(Sound.snr(Sound.tone(24_000, 1_000, 12_000, 24_000), Sound.samples(out), 1_000, 23_000))
                    .as("%d Hz", rate).isGreaterThan(60);
        }
    }

    @Test
    @DisplayName("AIN-17 closing a reader closes the stream below")
    void closes() throws IOException {
        for (byte[] file : new byte[][] {
                form(null, comm(null, 1, 8, 16, 8_000), ssnd(0, AUDIO)), au(0, -1, 3, 8_000, 1, AUDIO) }) {
            boolean[] closed = new boolean[1];
            InputStream in = new ByteArrayInputStream(file) {
                @Override
                public void close() {
                    closed[0] = true;
                }
            };
            AudioContainer.of(file, file.length).open(in).close();
            assertThat(closed[0]).isTrue();
        }
    }

    // ---- files

    static byte[] form(String compression, byte[]... chunks) {
        byte[] content = join(chunks);
        return ByteBuffer.allocate(12 + content.length).put(ascii("FORM")).putInt(4 + content.length)
                .put(ascii(compression == null ? "AIFF" : "AIFC")).put(content).array();
    }

    static byte[] comm(String compression, int channels, int frames, int bits, int rate) {
        int exponent = 31 - Integer.numberOfLeadingZeros(Math.max(1, rate));
        ByteBuffer comm = ByteBuffer.allocate(compression == null ? 18 : 24).putShort((short) channels).putInt(frames)
                .putShort((short) bits).putShort((short) (16_383 + exponent)).putLong((long) rate << 63 - exponent);
        if (compression != null) {
            comm.put(ascii(compression));
        }
        return bigChunk("COMM", comm.array());
    }

    static byte[] ssnd(int offset, byte[] content) {
        return bigChunk("SSND", ByteBuffer.allocate(8 + content.length).putInt(offset).putInt(0).put(content).array());
    }

    static byte[] bigChunk(String id, byte[] content) {
        return ByteBuffer.allocate(8 + content.length + (content.length & 1)).put(ascii(id)).putInt(content.length)
                .put(content).array();
    }

    static byte[] au(int text, int size, int encoding, int rate, int channels, byte[] audio) {
        return ByteBuffer.allocate(24 + text + audio.length).put(ascii(".snd")).putInt(24 + text).putInt(size).putInt(encoding)
                .putInt(rate).putInt(channels).put(new byte[text]).put(audio).array();
    }
}
