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

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WavReaderTest {

    private static final byte[] AUDIO = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };
    private static final String GUID_TAIL = "000000001000800000aa00389b71";

    @ParameterizedTest
    @CsvSource({
            "1, 8,  1, pcm8;rate=8000",
            "1, 16, 1, pcm16;rate=8000",
            "1, 16, 6, pcm16;rate=8000;channels=6",
            "1, 12, 1, pcm16;rate=8000",
            "1, 24, 2, pcm24;rate=8000;channels=2",
            "1, 32, 1, pcm32;rate=8000",
            "3, 32, 2, float32;rate=8000;channels=2",
            "3, 64, 1, float64;rate=8000",
            "7, 8,  1, pcmu",
            "6, 8,  2, pcma;channels=2" })
    @DisplayName("AIN-17 every encoding is read, with a plain and with an extensible header")
    void encodings(int tag, int bits, int channels, String format) throws IOException {
        for (byte[] fmt : new byte[][] { fmt(tag, channels, bits), extensible(tag, channels, bits, GUID_TAIL) }) {
            WavReader reader = new WavReader(stream(riff(fmt, chunk("data", AUDIO))));
            assertThat(reader.format()).isEqualTo(AudioFormat.parse(format));
            assertThat(reader.dataBytes()).isEqualTo(AUDIO.length);
            assertThat(readAll(reader)).isEqualTo(AUDIO);
        }
    }

    @ParameterizedTest
    @CsvSource({
            "0x4,   1, pcm16;rate=8000",
            "0x3,   2, pcm16;rate=8000;channels=2",
            "0x3f,  6, pcm16;rate=8000;channels=6",
            "0x60f, 6, pcm16;rate=8000;channels=6;speakers=1551",
            "0x37,  5, pcm16;rate=8000;channels=5;speakers=55" })
    @DisplayName("AIN-17 the channel mask of an extensible header is kept where it says more than the number of channels")
    void channelMask(String mask, int channels, String format) throws IOException {
        byte[] wav = riff(extensible(1, channels, 16, Integer.decode(mask), GUID_TAIL), chunk("data", AUDIO));
        assertThat(new WavReader(stream(wav)).format()).isEqualTo(AudioFormat.parse(format)).hasToString(format);
    }

    @Test
    @DisplayName("AIN-17 chunks before the audio are skipped, odd ones with their padding; what follows it is left alone")
    void otherChunks() throws IOException {
        byte[] odd = "INFOx".getBytes(StandardCharsets.US_ASCII);
        byte[] wav = riff(chunk("JUNK", new byte[20_001]), fmt(1, 1, 16), chunk("LIST", odd), chunk("data", AUDIO),
                chunk("LIST", odd));
        assertThat(readAll(new WavReader(stream(wav)))).isEqualTo(AUDIO);
    }

    @Test
    @DisplayName("AIN-17 a data chunk of odd size is read without its padding")
    void oddData() throws IOException {
        byte[] odd = Arrays.copyOf(AUDIO, 7);
        assertThat(readAll(new WavReader(stream(riff(fmt(7, 1, 8), chunk("data", odd)))))).isEqualTo(odd);
    }

    @ParameterizedTest
    @ValueSource(strings = { "00000000", "ffffffff", "00f0ff7f", "ffffff7f", "00000080", "dbffffff" })
    @DisplayName("AIN-17 sizes that streaming writers leave in the header mean: until the stream ends")
    void unknownSize(String size) throws IOException {
        byte[] data = chunk("data", AUDIO);
        System.arraycopy(HexFormat.of().parseHex(size), 0, data, 4, 4);
        WavReader reader = new WavReader(stream(riff(fmt(1, 1, 16), data)));
        assertThat(reader.dataBytes()).isEqualTo(-1);
        assertThat(readAll(reader)).isEqualTo(AUDIO);
    }

    @Test
    @DisplayName("AIN-17 RF64: the size of the audio is in ds64, beyond 4 GiB too")
    void rf64() throws IOException {
        byte[] data = chunk("data", AUDIO);
        System.arraycopy(HexFormat.of().parseHex("ffffffff"), 0, data, 4, 4);
        assertThat(readAll(new WavReader(stream(bw64(ds64(AUDIO.length), fmt(1, 1, 16), data, chunk("axml", AUDIO))))))
                .isEqualTo(AUDIO);
        WavReader exact = new WavReader(stream(rf64(ds64(AUDIO.length), fmt(1, 1, 16), data, chunk("LIST", AUDIO))));
        assertThat(exact.dataBytes()).isEqualTo(AUDIO.length);
        assertThat(readAll(exact)).isEqualTo(AUDIO);

        WavReader huge = new WavReader(stream(rf64(ds64(5L << 30), fmt(1, 1, 16), data)));
        assertThat(huge.dataBytes()).isEqualTo(5L << 30);
        assertThatThrownBy(() -> readAll(huge)).isInstanceOf(AudioFormatException.class)
                .hasMessageContaining(String.valueOf(5L << 30)).hasMessageContaining("12 arrived");

        assertThat(new WavReader(stream(rf64(ds64(-1), fmt(1, 1, 16), data))).dataBytes()).isEqualTo(-1);
        assertThatThrownBy(() -> new WavReader(stream(rf64(ds64(-2), fmt(1, 1, 16), data))))
                .isInstanceOf(AudioFormatException.class).hasMessageContaining("impossible");
        assertThatThrownBy(() -> new WavReader(stream(rf64(chunk("ds64", new byte[8]), fmt(1, 1, 16), data))))
                .isInstanceOf(AudioFormatException.class).hasMessageContaining("ds64");
    }

    @Test
    @DisplayName("AIN-17 a file shorter than its header promises is told apart, after all of its audio")
    void truncated() throws IOException {
        byte[] wav = riff(fmt(1, 1, 16), chunk("data", AUDIO));
        WavReader reader = new WavReader(stream(Arrays.copyOf(wav, wav.length - 5)));
        byte[] buffer = new byte[100];
        int read = 0;
        while (read < 7) {
            read += reader.read(buffer, read, 100 - read);
        }
        assertThat(Arrays.copyOf(buffer, read)).isEqualTo(Arrays.copyOf(AUDIO, 7));
        assertThatThrownBy(() -> reader.read(buffer, 0, 100)).isInstanceOf(AudioFormatException.class)
                .hasMessageContaining("truncated").hasMessageContaining("12 bytes").hasMessageContaining("7 arrived");
    }

    @Test
    @DisplayName("AIN-17 wherever a header is cut, the reason is clear")
    void truncatedHeader() {
        byte[] wav = riff(chunk("LIST", AUDIO), fmt(1, 1, 16), chunk("data", AUDIO));
        int header = wav.length - AUDIO.length;
        for (int length = 0; length < header; length++) {
            byte[] cut = Arrays.copyOf(wav, length);
            assertThatThrownBy(() -> new WavReader(stream(cut))).as("%d bytes", length)
                    .isInstanceOf(AudioFormatException.class)
                    .hasMessageMatching("truncated: .*|.*no data chunk.*|.*it is empty|not a WAV file: it does not start with .*");
        }
    }

    @Test
    @DisplayName("AIN-17 what is not a WAV file is refused with a clear reason")
    void refusals() {
        refused(new byte[0], "it is empty");
        refused("Hello, this is a text.".getBytes(StandardCharsets.US_ASCII), "does not start with RIFF, RF64 or BW64");
        refused("RIFX....WAVE".getBytes(StandardCharsets.US_ASCII), "does not start with RIFF");
        refused("RIFF....AVI LIST".getBytes(StandardCharsets.US_ASCII), "does not hold WAVE");
        refused(riff(fmt(1, 1, 16)), "no data chunk");
        refused(riff(chunk("data", AUDIO)), "no fmt chunk before");
        refused(riff(chunk("fmt ", new byte[14]), chunk("data", AUDIO)), "14 bytes");
        refused(riff(fmt(85, 2, 0), chunk("data", AUDIO)), "encoding 85 (MPEG audio) with 0 bits is not supported");
        refused(riff(fmt(3, 1, 16), chunk("data", AUDIO)), "encoding 3 (float) with 16 bits");
        refused(riff(fmt(1, 1, 40), chunk("data", AUDIO)), "encoding 1 (PCM) with 40 bits");
        refused(riff(fmt(1, 0, 16), chunk("data", AUDIO)), "0 channels");
        refused(riff(extensible(1, 2, 16, "00000000100080000000000000ff"), chunk("data", AUDIO)), "sub-format");
        refused(riff(chunk("fmt ", Arrays.copyOfRange(extensible(1, 2, 16, GUID_TAIL), 8, 26)), chunk("data", AUDIO)),
                "extensible fmt chunk has 18 bytes");
        byte[] wrongFrame = fmt(1, 2, 16);
        wrongFrame[8 + 12] = 3;
        refused(riff(wrongFrame, chunk("data", AUDIO)), "contradicts itself");
        byte[] hugeFmt = fmt(1, 1, 16);
        hugeFmt[7] = 0x7F;
        refused(riff(hugeFmt, chunk("data", AUDIO)), "fmt chunk claims");
        byte[] noRate = fmt(1, 1, 16);
        Arrays.fill(noRate, 12, 16, (byte) 0);
        refused(riff(noRate, chunk("data", AUDIO)), "Sample rate 0 Hz");
    }

    private static void refused(byte[] file, String reason) {
        assertThatThrownBy(() -> new WavReader(stream(file))).isInstanceOf(AudioFormatException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void startsLikeWav() {
        byte[] wav = riff(fmt(1, 1, 16));
        assertThat(WavReader.startsLikeWav(wav, wav.length)).isTrue();
        assertThat(WavReader.startsLikeWav(wav, 12)).isTrue();
        assertThat(WavReader.startsLikeWav(wav, 11)).isFalse();
        assertThat(WavReader.startsLikeWav(rf64(ds64(1)), 12)).isTrue();
        assertThat(WavReader.startsLikeWav("RIFF....AVI ".getBytes(StandardCharsets.US_ASCII), 12)).isFalse();
        assertThat(WavReader.startsLikeWav(new byte[0], 0)).isFalse();
    }

    @Test
    @DisplayName("AIN-17 reads what the JDK writes")
    void readsTheJdksFiles() throws IOException {
        var format = new javax.sound.sampled.AudioFormat(11_025, 16, 2, true, false);
        byte[] pcm = Sound.pcm16(Sound.tone(11_025, 440, 9_000, 2_000));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AudioSystem.write(new AudioInputStream(new ByteArrayInputStream(pcm), format, 1_000), AudioFileFormat.Type.WAVE, out);
        WavReader reader = new WavReader(stream(out.toByteArray()));
        assertThat(reader.format()).isEqualTo(AudioFormat.parse("pcm16;rate=11025;channels=2"));
        assertThat(readAll(reader)).isEqualTo(pcm);
    }

    @Test
    void closesTheStreamAndChecksItsArguments() throws IOException {
        boolean[] closed = new boolean[1];
        WavReader reader = new WavReader(new ByteArrayInputStream(riff(fmt(1, 1, 16), chunk("data", AUDIO))) {
            @Override
            public void close() {
                closed[0] = true;
            }
        });
        assertThat(reader.read(new byte[0], 0, 0)).isZero();
        assertThatThrownBy(() -> reader.read(new byte[4], 2, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(closed[0]).isFalse();
        reader.close();
        assertThat(closed[0]).isTrue();
    }

    static byte[] readAll(AudioReader reader) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[5];
        int n;
        while ((n = reader.read(buffer, 0, buffer.length)) >= 0) {
            assertThat(n).isPositive();
            out.write(buffer, 0, n);
        }
        assertThat(reader.read(buffer, 0, buffer.length)).as("still at the end").isEqualTo(-1);
        return out.toByteArray();
    }

    /** A stream that cannot be marked and gives at most three bytes at a time, as a slow socket may. */
    static InputStream stream(byte[] file) {
        ByteArrayInputStream bytes = new ByteArrayInputStream(file);
        return new InputStream() {
            @Override
            public int read() {
                return bytes.read();
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                return bytes.read(buffer, offset, Math.min(3, length));
            }
        };
    }

    static byte[] riff(byte[]... chunks) {
        return file("RIFF", chunks);
    }

    static byte[] rf64(byte[]... chunks) {
        return file("RF64", chunks);
    }

    static byte[] bw64(byte[]... chunks) {
        return file("BW64", chunks);
    }

    private static byte[] file(String word, byte[]... chunks) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int size = 4;
        for (byte[] chunk : chunks) {
            size += chunk.length;
        }
        out.writeBytes(little(12).put(word.getBytes(StandardCharsets.US_ASCII)).putInt(word.equals("RIFF") ? size : -1)
                .put("WAVE".getBytes(StandardCharsets.US_ASCII)).array());
        for (byte[] chunk : chunks) {
            out.writeBytes(chunk);
        }
        return out.toByteArray();
    }

    static byte[] chunk(String id, byte[] content) {
        return little(8 + content.length + (content.length & 1)).put(id.getBytes(StandardCharsets.US_ASCII))
                .putInt(content.length).put(content).array();
    }

    static byte[] ds64(long dataBytes) {
        return chunk("ds64", little(28).putLong(dataBytes + 80).putLong(dataBytes).putLong(0).putInt(0).array());
    }

    static byte[] fmt(int tag, int channels, int bits) {
        return chunk("fmt ", basic(16, tag, channels, bits).array());
    }

    private static byte[] extensible(int tag, int channels, int bits, String guidTail) {
        return extensible(tag, channels, bits, 0, guidTail);
    }

    private static byte[] extensible(int tag, int channels, int bits, int speakers, String guidTail) {
        ByteBuffer content = basic(40, 0xFFFE, channels, bits);
        content.putShort((short) 22).putShort((short) bits).putInt(speakers).putShort((short) tag)
                .put(HexFormat.of().parseHex(guidTail));
        return chunk("fmt ", content.array());
    }

    private static ByteBuffer basic(int size, int tag, int channels, int bits) {
        int frame = channels * ((bits + 7) / 8);
        return little(size).putShort((short) tag).putShort((short) channels).putInt(8_000).putInt(8_000 * frame)
                .putShort((short) frame).putShort((short) bits);
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
