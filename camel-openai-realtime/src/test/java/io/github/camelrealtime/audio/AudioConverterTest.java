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
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

import io.github.camelrealtime.audio.AudioFormat.Encoding;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AudioConverterTest {

    private static final AudioFormat WIRE = AudioFormat.PCM_24K;

    @ParameterizedTest
    @EnumSource(Encoding.class)
    @DisplayName("AIN-1 every encoding, two channels, 8 kHz: the session hears the same tone at the same time")
    void everyEncoding(Encoding encoding) {
        double[] tone = Sound.tone(8_000, 1_000, 12_000, 8_000);
        byte[] stereo = encode(encoding, interleave(tone, tone));
        byte[] out = convert(new AudioFormat(encoding, 8_000, 2), WIRE, stereo, stereo.length, new Random(1));
        double[] reference = Sound.tone(24_000, 1_000, 12_000, 24_000);
        double snr = switch (encoding) {
            case PCM_U8, PCM_S8 -> 30;
            case PCMU, PCMA -> 35;
            default -> 70;
        };
        assertThat(out).hasSize(48_000);
        assertThat(Sound.snr(reference, Sound.samples(out), 1_000, 23_000)).isGreaterThan(snr);
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    @DisplayName("AIN-3 cut anywhere, in the middle of a sample too, the result is the same bit for bit")
    void oddChunks(Encoding encoding) {
        Random random = new Random(encoding.ordinal());
        for (AudioFormat to : new AudioFormat[] { WIRE, AudioFormat.PCMU_8K, AudioFormat.PCMA_8K }) {
            for (int channels : new int[] { 1, 2, 6 }) {
                AudioFormat from = new AudioFormat(encoding, 11_025, channels);
                byte[] in = encode(encoding, Sound.noise(random, -15, 5_000 * channels));
                byte[] whole = convert(from, to, in, in.length, random);
                assertThat(whole).hasSize((int) Math.ceil(5_000.0 * to.sampleRate() / 11_025) * to.bytesPerFrame());
                for (int maxChunk : new int[] { 1, 7, 333, 4_001 }) {
                    assertThat(convert(from, to, in, maxChunk, random)).as("%s to %s", from, to).isEqualTo(whole);
                }
            }
        }
    }

    @Test
    @DisplayName("AIN-3 an odd trailing byte waits for its other half; one that is left at the end is no sound")
    void oddByteIsCarried() {
        AudioConverter converter = new AudioConverter(AudioFormat.parse("pcm16be;rate=24000"), WIRE);
        assertThat(converter.convert(new byte[] { 9, 1, 2, 3 }, 1, 3)).containsExactly(2, 1);
        assertThat(converter.convert(new byte[] { 4, 5 }, 0, 2)).containsExactly(4, 3);
        assertThat(converter.convert(new byte[0], 0, 0)).isEmpty();
        assertThat(converter.finish()).isEmpty();
        assertThat(converter.finish()).isEmpty();
        assertThatThrownBy(() -> converter.convert(new byte[2], 0, 2)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("finished");
    }

    @Test
    @DisplayName("AIN-4 the same format passes through untouched, in whole frames")
    void passThrough() {
        byte[] codes = new byte[256];
        for (int i = 0; i < 256; i++) {
            codes[i] = (byte) i;
        }
        // µ-law has two zeros: anything but a pass-through would merge them
        assertThat(convert(AudioFormat.PCMU_8K, AudioFormat.PCMU_8K, codes, 17, new Random(2))).isEqualTo(codes);
        assertThat(convert(WIRE, WIRE, codes, 17, new Random(3))).isEqualTo(codes);

        AudioConverter wide = new AudioConverter(AudioFormat.parse("pcm24;channels=2"), AudioFormat.parse("pcm24;channels=2"));
        assertThat(wide.convert(codes, 0, 7)).isEqualTo(Arrays.copyOf(codes, 6));
        assertThat(wide.convert(codes, 7, 6)).isEqualTo(Arrays.copyOfRange(codes, 6, 12));
    }

    @Test
    @DisplayName("AIN-4 µ-law at 8 kHz becomes PCM at 24 kHz and back without a second codec")
    void telephonyThereAndBack() {
        double[] tone = Sound.tone(8_000, 700, 15_000, 8_000);
        byte[] law = encode(Encoding.PCMU, tone);
        byte[] pcm = convert(AudioFormat.PCMU_8K, WIRE, law, law.length, new Random(4));
        byte[] back = convert(WIRE, AudioFormat.PCMU_8K, pcm, pcm.length, new Random(5));
        assertThat(back).hasSize(law.length);
        assertThat(Sound.snr(tone, decodeUlaw(back), 500, 7_500)).isGreaterThan(33);
        byte[] alaw = convert(AudioFormat.PCMU_8K, AudioFormat.PCMA_8K, law, law.length, new Random(6));
        assertThat(alaw).hasSize(law.length).isNotEqualTo(law);
    }

    @ParameterizedTest
    @ValueSource(ints = { 2, 3, 4, 5, 8, 7, 6 })
    @DisplayName("AIN-3 many channels are mixed down: full scale on all of them is full scale, nothing clips or wraps")
    void mixKeepsFullScale(int channels) {
        double[] in = new double[300 * channels];
        Arrays.fill(in, Short.MIN_VALUE);
        byte[] out = convert(new AudioFormat(Encoding.PCM_S16_LE, 24_000, channels), WIRE, Sound.pcm16(in), 1_000,
                new Random(7));
        assertThat(Sound.samples(out)).hasSize(300).containsOnly(Short.MIN_VALUE);
    }

    @Test
    @DisplayName("AIN-3 stereo is the mean of both sides; of 5.1 the centre weighs most and the bass channel nothing")
    void mixWeights() {
        assertThat(mixOfOneChannel(2, 0)).isEqualTo(5_000);
        assertThat(mixOfOneChannel(2, 1)).isEqualTo(5_000);
        double left = mixOfOneChannel(6, 0);
        double centre = mixOfOneChannel(6, 2);
        double back = mixOfOneChannel(6, 4);
        assertThat(mixOfOneChannel(6, 3)).isZero();
        assertThat(mixOfOneChannel(6, 1)).isEqualTo(left);
        assertThat(mixOfOneChannel(6, 5)).isEqualTo(back);
        assertThat(centre).isGreaterThan(left);
        assertThat(left).isGreaterThan(back);
        assertThat(2 * left + centre + 2 * back).isBetween(9_998.0, 10_002.0);
    }

    @ParameterizedTest(name = "mask {0} of {1} channels: {2}")
    @CsvSource({
            // 5.1 with its surrounds at the back or at the sides, also without the bass
            "0x3f, 6, F F C - S S", "0x60f, 6, F F C - S S", "0x37, 5, F F C S S", "0x33, 4, F F S S", "0x107, 4, F F C S",
            "0x63f, 8, F F C - S S S S", "0xff, 8, F F C - S S F F", "0xb, 3, F F -",
            // more channels than speakers, and bass alone
            "0x3, 3, F F S", "0x8, 1, C", "0x18, 2, - S" })
    @DisplayName("AIN-17 AIN-3 the channel mask says which channel is which speaker")
    void mixByMask(String mask, int channels, String expected) {
        String[] speakers = expected.split(" ");
        double sum = 0;
        for (String speaker : speakers) {
            sum += weight(speaker);
        }
        for (int channel = 0; channel < channels; channel++) {
            AudioFormat from = new AudioFormat(Encoding.PCM_S16_LE, 24_000, channels, Integer.decode(mask));
            assertThat(mixOfOneChannel(from, channel)).as("channel %d", channel)
                    .isCloseTo(10_000 * weight(speakers[channel]) / sum, within(1.0));
        }
    }

    private static double weight(String speaker) {
        return switch (speaker) {
            case "C" -> 1;
            case "F" -> Math.sqrt(0.5);
            case "S" -> 0.5;
            default -> 0;
        };
    }

    private static double mixOfOneChannel(int channels, int channel) {
        return mixOfOneChannel(new AudioFormat(Encoding.PCM_S16_LE, 24_000, channels), channel);
    }

    private static double mixOfOneChannel(AudioFormat from, int channel) {
        double[] in = new double[from.channels()];
        in[channel] = 10_000;
        return Sound.samples(convert(from, WIRE, Sound.pcm16(in), 100, new Random(8)))[0];
    }

    @Test
    @DisplayName("AIN-1 what is louder than full scale saturates instead of wrapping round; a NaN is silence")
    void saturates() {
        float[] loud = { 1.5f, -1.5f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0.5f };
        ByteBuffer in = ByteBuffer.allocate(4 * loud.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float sample : loud) {
            in.putFloat(sample);
        }
        byte[] out = convert(AudioFormat.parse("float32"), WIRE, in.array(), 100, new Random(9));
        assertThat(Sound.samples(out)).containsExactly(32_767, -32_768, 0, 32_767, -32_768, 16_384);

        // a square wave of full scale rings above it when it is resampled
        double[] square = new double[8_000];
        for (int i = 0; i < square.length; i++) {
            square[i] = i % 80 < 40 ? 32_767 : -32_768;
        }
        byte[] pcm = Sound.pcm16(square);
        byte[] wide = convert(AudioFormat.parse("pcm16;rate=8000"), WIRE, pcm, pcm.length, new Random(10));
        double[] resampled = Sound.samples(wide);
        for (int i = 300; i < 23_700; i++) {
            if (i % 240 > 10 && i % 240 < 108) {
                assertThat(resampled[i]).as("sample %d", i).isPositive();
            }
        }
    }

    @Test
    @DisplayName("AIN-2 48 kHz to 24 kHz: a tone of 15 kHz does not come back as one of 9 kHz")
    void noAlias() {
        byte[] in = Sound.pcm16(Sound.tone(48_000, 15_000, 20_000, 48_000));
        double[] out = Sound.samples(convert(AudioFormat.parse("pcm16;rate=48000"), WIRE, in, 960, new Random(11)));
        assertThat(Sound.rms(out, 1_000, 23_000)).isLessThan(20_000 / Math.sqrt(2) / 1_000);
    }

    @ParameterizedTest
    @ValueSource(strings = { "pcm16;channels=2", "pcm8", "float32", "pcm16be", "pcm24", "pcmu;channels=2" })
    @DisplayName("AIN-1 a target that no session takes is refused by name")
    void refusesTargets(String to) {
        assertThatThrownBy(() -> new AudioConverter(WIRE, AudioFormat.parse(to)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(AudioFormat.parse(to).toString()).hasMessageContaining("mono");
    }

    /** Chunks of random length up to {@code maxChunk}, or the whole at once. */
    private static byte[] convert(AudioFormat from, AudioFormat to, byte[] in, int maxChunk, Random random) {
        AudioConverter converter = new AudioConverter(from, to);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 0;
        while (at < in.length) {
            int n = maxChunk >= in.length ? in.length : Math.min(in.length - at, random.nextInt(maxChunk + 1));
            byte[] converted = converter.convert(in, at, n);
            assertThat(converted.length % to.bytesPerFrame()).isZero();
            out.writeBytes(converted);
            at += n;
        }
        out.writeBytes(converter.finish());
        return out.toByteArray();
    }

    private static double[] interleave(double[] left, double[] right) {
        double[] both = new double[2 * left.length];
        for (int i = 0; i < left.length; i++) {
            both[2 * i] = left[i];
            both[2 * i + 1] = right[i];
        }
        return both;
    }

    /** An encoder of its own, so that an error of ours is not undone by itself. */
    private static byte[] encode(Encoding encoding, double[] x) {
        ByteBuffer out = ByteBuffer.allocate(x.length * encoding.bytesPerSample()).order(ByteOrder.LITTLE_ENDIAN);
        for (double sample : x) {
            double clipped = Math.max(-32_000, Math.min(32_000, sample));
            switch (encoding) {
                case PCM_U8 -> out.put((byte) (Math.round(clipped / 256) + 128));
                case PCM_S8 -> out.put((byte) Math.round(clipped / 256));
                case PCM_S16_LE -> out.putShort((short) Math.round(clipped));
                case PCM_S16_BE -> out.putShort(Short.reverseBytes((short) Math.round(clipped)));
                case PCM_S24_LE -> {
                    int wide = (int) Math.round(clipped * 256);
                    out.put((byte) wide).putShort((short) (wide >> 8));
                }
                case PCM_S24_BE -> {
                    int wide = (int) Math.round(clipped * 256);
                    out.putShort(Short.reverseBytes((short) (wide >> 8))).put((byte) wide);
                }
                case PCM_S32_LE -> out.putInt((int) Math.round(clipped * 65_536));
                case PCM_S32_BE -> out.putInt(Integer.reverseBytes((int) Math.round(clipped * 65_536)));
                case PCM_F32_LE -> out.putFloat((float) (clipped / 32_768));
                case PCM_F32_BE -> out.putInt(Integer.reverseBytes(Float.floatToIntBits((float) (clipped / 32_768))));
                case PCM_F64_LE -> out.putDouble(clipped / 32_768);
                case PCM_F64_BE -> out.putLong(Long.reverseBytes(Double.doubleToLongBits(clipped / 32_768)));
                case PCMU -> out.put(G711.encodeUlaw((int) Math.round(clipped)));
                case PCMA -> out.put(G711.encodeAlaw((int) Math.round(clipped)));
            }
        }
        return out.array();
    }

    private static double[] decodeUlaw(byte[] codes) {
        double[] x = new double[codes.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = G711.decodeUlaw(codes[i]);
        }
        return x;
    }
}
