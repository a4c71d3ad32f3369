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
import static org.assertj.core.data.Offset.offset;

import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResamplerTest {

    private static final String RATIOS = """
            from,  to
            8000,  24000
            11025, 24000
            16000, 24000
            22050, 24000
            32000, 24000
            44100, 24000
            48000, 24000
            11025, 8000
            16000, 8000
            22050, 8000
            24000, 8000
            32000, 8000
            44100, 8000
            48000, 8000
            24000, 16000
            24000, 48000
            192000, 8000
            """;

    @ParameterizedTest
    @CsvSource(textBlock = RATIOS, useHeadersInDisplayName = true)
    @DisplayName("AIN-2 pass-band tones come out at the same level and time: SNR > 70 dB")
    void passBand(int from, int to) {
        int lower = Math.min(from, to);
        for (double part : new double[] { 0.02, 0.055, 0.125, 0.25, 0.375, 0.415 }) {
            double hertz = part * lower;
            double[] out = resample(Sound.tone(from, hertz, 20_000, from), from, to);
            // the reference is the same tone, neither shifted nor scaled: linear phase, delay compensated, flat
            double[] reference = Sound.tone(to, hertz, 20_000, to);
            assertThat(Sound.snr(reference, out, to / 10, to - to / 10)).as("%.0f Hz", hertz).isGreaterThan(70);
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = RATIOS, useHeadersInDisplayName = true)
    @DisplayName("AIN-2 nothing above half of the lower rate comes through: alias and image rejection > 70 dB")
    void aliases(int from, int to) {
        if (to > from) {
            // upwards: whatever is not the tone itself is an image
            for (double part : new double[] { 0.1, 0.3, 0.41 }) {
                double[] out = resample(Sound.tone(from, part * from, 20_000, from), from, to);
                double[] reference = Sound.tone(to, part * from, 20_000, to);
                assertThat(Sound.snr(reference, out, to / 10, to - to / 10)).isGreaterThan(70);
            }
            return;
        }
        for (double part : new double[] { 0.5001, 0.52, 0.6, 0.75, 0.9, 0.999 }) {
            double hertz = part * to;
            if (hertz < from / 2.0) {
                double[] out = resample(Sound.tone(from, hertz, 20_000, from), from, to);
                double level = 20 * Math.log10(Sound.rms(out, to / 10, to - to / 10) / (20_000 / Math.sqrt(2)));
                assertThat(level).as("%.0f Hz", hertz).isLessThan(-70);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = RATIOS, useHeadersInDisplayName = true)
    @DisplayName("AIN-2 the count is exact: ceil(samples * to / from)")
    void count(int from, int to) {
        Random random = new Random(from + to);
        for (int samples : new int[] { 0, 1, 2, 3, 7, 63, 64, 65, 511, 512, 513, 1_000, random.nextInt(100_000) }) {
            double[] out = resample(new double[samples], from, to);
            assertThat(out.length).as("%d samples", samples).isEqualTo(-Math.floorDiv(-(long) samples * to, from));
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = RATIOS, useHeadersInDisplayName = true)
    @DisplayName("AIN-2 chunked gives the same as whole, bit for bit, and outputFor() tells how much beforehand")
    void chunked(int from, int to) {
        Random random = new Random(31L * from + to);
        float[] in = floats(Sound.noise(random, -12, 6_000));
        float[] whole = run(new Resampler(from, to), in, in.length, random);
        for (int round = 0; round < 5; round++) {
            assertThat(run(new Resampler(from, to), in, round == 0 ? 1 : 2_000, random)).isEqualTo(whole);
        }
    }

    @Test
    @DisplayName("AIN-2 a constant stays constant, without ripple")
    void constant() {
        double[] in = new double[11_025];
        Arrays.fill(in, 10_000);
        double[] out = resample(in, 11_025, 24_000);
        for (int i = 1_000; i < out.length - 1_000; i++) {
            assertThat(out[i]).isBetween(9_999.9, 10_000.1);
        }
    }

    @Test
    @DisplayName("AIN-2 a click stays where it is, its echo symmetrical around it")
    void linearPhase() {
        double[] in = new double[2_000];
        in[1_000] = 10_000;
        double[] out = resample(in, 8_000, 24_000);
        assertThat(out[3_000]).isGreaterThan(8_000);
        for (int i = 1; i < 120; i++) {
            assertThat(out[3_000 + i]).isCloseTo(out[3_000 - i], offset(0.01));
        }
    }

    @Test
    void coefficientsAreShared() {
        assertThat(PolyphaseFilter.of(44_100, 24_000)).isSameAs(PolyphaseFilter.of(88_200, 48_000));
        assertThat(PolyphaseFilter.of(44_100, 24_000).up).isEqualTo(80);
        assertThat(PolyphaseFilter.of(44_100, 24_000).down).isEqualTo(147);
    }

    @Test
    void refusesRatesThatAreNone() {
        assertThatThrownBy(() -> new Resampler(0, 24_000)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 Hz");
        assertThatThrownBy(() -> new Resampler(24_000, 1_000_000)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1000000 Hz");
    }

    private static double[] resample(double[] in, int from, int to) {
        float[] out = run(new Resampler(from, to), floats(in), Math.max(1, in.length), new Random(0));
        double[] samples = new double[out.length];
        for (int i = 0; i < out.length; i++) {
            samples[i] = out[i];
        }
        return samples;
    }

    private static float[] floats(double[] in) {
        float[] samples = new float[in.length];
        for (int i = 0; i < in.length; i++) {
            samples[i] = (float) in[i];
        }
        return samples;
    }

    /** Feeds chunks of random length up to {@code maxChunk}, or all at once if that is the whole. */
    private static float[] run(Resampler resampler, float[] in, int maxChunk, Random random) {
        float[] out = new float[0];
        int at = 0;
        while (at < in.length) {
            int n = maxChunk == in.length ? maxChunk : Math.min(in.length - at, random.nextInt(maxChunk + 1));
            int expected = (int) resampler.outputFor(n);
            int start = out.length;
            out = Arrays.copyOf(out, start + expected);
            assertThat(resampler.process(in, at, n, out, start)).isEqualTo(expected);
            at += n;
        }
        int start = out.length;
        int tail = (int) resampler.remaining();
        out = Arrays.copyOf(out, start + tail);
        assertThat(resampler.finish(out, start)).isEqualTo(tail);
        assertThat(resampler.remaining()).isZero();
        return out;
    }
}
