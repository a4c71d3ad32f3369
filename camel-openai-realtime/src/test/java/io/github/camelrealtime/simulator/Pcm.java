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
package io.github.camelrealtime.simulator;

/** Signed 16-bit little-endian samples in byte arrays. */
final class Pcm {

    private static final int THREE = 3;
    private static final int HALF_WIDTH = 24;
    private static final double CUTOFF = 0.155;
    private static final double[] LOW_PASS = lowPass();

    private Pcm() {
    }

    static short get(byte[] pcm, int sample) {
        return (short) (pcm[2 * sample] & 0xFF | pcm[2 * sample + 1] << 8);
    }

    static void put(byte[] pcm, int sample, short value) {
        pcm[2 * sample] = (byte) value;
        pcm[2 * sample + 1] = (byte) (value >> 8);
    }

    /** A third of the samples, with what the lower rate cannot hold filtered out. */
    static short[] third(short[] samples) {
        short[] out = new short[samples.length / THREE];
        for (int i = 0; i < out.length; i++) {
            double sum = 0;
            for (int tap = -HALF_WIDTH; tap <= HALF_WIDTH; tap++) {
                int at = THREE * i + tap;
                sum += at >= 0 && at < samples.length ? samples[at] * LOW_PASS[tap + HALF_WIDTH] : 0;
            }
            out[i] = (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, Math.round(sum)));
        }
        return out;
    }

    /** A sinc under a Hann window that ends a little below the sixth of the rate. */
    private static double[] lowPass() {
        double[] taps = new double[2 * HALF_WIDTH + 1];
        double sum = 0;
        for (int i = 0; i < taps.length; i++) {
            double t = i - HALF_WIDTH;
            double sinc = t == 0 ? 2 * CUTOFF : Math.sin(2 * Math.PI * CUTOFF * t) / (Math.PI * t);
            taps[i] = sinc * (0.5 + 0.5 * Math.cos(Math.PI * t / (HALF_WIDTH + 1)));
            sum += taps[i];
        }
        for (int i = 0; i < taps.length; i++) {
            taps[i] /= sum;
        }
        return taps;
    }

    /** Root mean square of some samples, 0 to 32768. */
    static double rms(byte[] pcm, int from, int count) {
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            double value = get(pcm, i);
            sum += value * value;
        }
        return Math.sqrt(sum / count);
    }
}
