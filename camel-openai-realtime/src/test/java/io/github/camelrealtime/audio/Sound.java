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

import java.util.Random;

/** Synthetic signals for the tests of this package, as mono PCM of 16 bit, little endian, and ways to look at them. */
final class Sound {

    static final double FULL_SCALE = 32_768;

    private Sound() {
    }

    static double[] tone(int rate, double hertz, double amplitude, int samples) {
        double[] x = new double[samples];
        for (int i = 0; i < samples; i++) {
            x[i] = amplitude * Math.sin(2 * Math.PI * hertz * i / rate + 0.3);
        }
        return x;
    }

    static byte[] pcm16(double[] x) {
        byte[] bytes = new byte[2 * x.length];
        for (int i = 0; i < x.length; i++) {
            int sample = (int) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, Math.round(x[i])));
            bytes[2 * i] = (byte) sample;
            bytes[2 * i + 1] = (byte) (sample >> 8);
        }
        return bytes;
    }

    static double[] samples(byte[] pcm16) {
        double[] x = new double[pcm16.length / 2];
        for (int i = 0; i < x.length; i++) {
            x[i] = (pcm16[2 * i] & 0xFF) | (pcm16[2 * i + 1] << 8);
        }
        return x;
    }

    /** White noise of a level in dBFS. */
    static double[] noise(Random random, double level, int samples) {
        double[] x = new double[samples];
        double amplitude = FULL_SCALE * Math.pow(10, level / 20);
        for (int i = 0; i < samples; i++) {
            x[i] = amplitude * random.nextGaussian();
        }
        return x;
    }

    /**
     * What a talker looks like to an energy detector: a buzz of 150 Hz with harmonics, four syllables a second, the dips
     * between them 30 dB down. Never as long as 100 ms silent.
     *
     * @param level of the syllables in dBFS, roughly
     */
    static double[] babble(int rate, double level, int samples) {
        double[] x = new double[samples];
        double amplitude = FULL_SCALE * Math.pow(10, level / 20);
        for (int i = 0; i < samples; i++) {
            double t = (double) i / rate;
            double syllable = Math.pow(Math.abs(Math.sin(2 * Math.PI * 2 * t + 0.4)), 1.5) + 0.03;
            double voice = 0;
            for (int harmonic = 1; harmonic <= 8; harmonic++) {
                voice += Math.sin(2 * Math.PI * 150 * harmonic * t + harmonic) / harmonic;
            }
            x[i] = amplitude * syllable * voice;
        }
        return x;
    }

    static double[] join(double[]... parts) {
        int length = 0;
        for (double[] part : parts) {
            length += part.length;
        }
        double[] joined = new double[length];
        int at = 0;
        for (double[] part : parts) {
            System.arraycopy(part, 0, joined, at, part.length);
            at += part.length;
        }
        return joined;
    }

    static double[] add(double[] a, double[] b) {
        double[] sum = a.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += b[i];
        }
        return sum;
    }

    /** Power of the difference below the power of the reference in dB, over the samples from start to end. */
    static double snr(double[] reference, double[] x, int start, int end) {
        double signal = 0;
        double error = 0;
        for (int i = start; i < end; i++) {
            signal += reference[i] * reference[i];
            error += (x[i] - reference[i]) * (x[i] - reference[i]);
        }
        return 10 * Math.log10(signal / error);
    }

    /** Root mean square from start to end. */
    static double rms(double[] x, int start, int end) {
        double sum = 0;
        for (int i = start; i < end; i++) {
            sum += x[i] * x[i];
        }
        return Math.sqrt(sum / (end - start));
    }
}
