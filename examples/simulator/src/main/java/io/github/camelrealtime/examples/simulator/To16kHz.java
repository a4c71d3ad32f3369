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
package io.github.camelrealtime.examples.simulator;

/**
 * Brings mono 16-bit samples of 8 or 24 kHz to the 16 kHz of the acoustic model: up by two, a linear-phase low pass, down by
 * one (from 8 kHz) or by three (from 24 kHz). Good enough for a recogniser that hears nothing above 6.8 kHz; no more is wanted.
 */
final class To16kHz {

    static final int RATE = 16_000;

    private static final int UP = 2;
    private static final int HALF_WIDTH = 96;

    private To16kHz() {
    }

    /**
     * @param  samples                  mono
     * @param  rate                     8,000, 16,000 or 24,000 Hz
     * @return                          as long in time, the delay of the filter taken out
     * @throws IllegalArgumentException for any other rate
     */
    static short[] resample(short[] samples, int rate) {
        if (rate == RATE) {
            return samples;
        }
        if (rate != 8_000 && rate != 24_000) {
            throw new IllegalArgumentException("The recogniser takes 8, 16 or 24 kHz, not " + rate + " Hz");
        }
        int down = UP * rate / RATE;
        double[] filter = lowPass(0.5 * 0.92 * Math.min(rate, RATE) / (UP * rate));
        short[] out = new short[(int) ((long) samples.length * UP / down)];
        for (int i = 0; i < out.length; i++) {
            // position in the doubled rate, where only every second sample is not zero
            int centre = i * down;
            double sum = 0;
            for (int k = Math.floorDiv(centre - HALF_WIDTH + UP, UP); k * UP < centre + HALF_WIDTH; k++) {
                if (k >= 0 && k < samples.length) {
                    sum += samples[k] * filter[k * UP - centre + HALF_WIDTH];
                }
            }
            out[i] = (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, Math.round(sum)));
        }
        return out;
    }

    /**
     * A sinc under a Blackman window, with the gain that makes up for the zeros put in.
     *
     * @param cutoff share of the doubled rate, 0 to 0.5
     */
    private static double[] lowPass(double cutoff) {
        double[] taps = new double[2 * HALF_WIDTH + 1];
        for (int i = 0; i < taps.length; i++) {
            double t = i - HALF_WIDTH;
            double sinc = t == 0 ? 2 * cutoff : Math.sin(2 * Math.PI * cutoff * t) / (Math.PI * t);
            double phase = 2 * Math.PI * i / (taps.length - 1);
            taps[i] = UP * sinc * (0.42 - 0.5 * Math.cos(phase) + 0.08 * Math.cos(2 * phase));
        }
        return taps;
    }
}
