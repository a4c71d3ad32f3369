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

/** From the synthesiser's 16 kHz to the simulator's 24 kHz: three samples for two, through a low pass at 7.4 kHz. */
final class To24kHz {

    private static final int UP = 3;
    private static final int DOWN = 2;
    private static final int HALF_WIDTH = 72;
    /** Share of 48 kHz, the rate between the two. */
    private static final double CUTOFF = 7_400.0 / 48_000;
    private static final double[] FILTER = lowPass();

    private To24kHz() {
    }

    /** @return as long in time, the delay of the filter taken out */
    static short[] resample(short[] samples) {
        short[] out = new short[Math.toIntExact((long) samples.length * UP / DOWN)];
        for (int i = 0; i < out.length; i++) {
            int centre = i * DOWN;
            double sum = 0;
            for (int k = Math.floorDiv(centre - HALF_WIDTH + UP - 1, UP); k * UP <= centre + HALF_WIDTH; k++) {
                if (k >= 0 && k < samples.length) {
                    sum += samples[k] * FILTER[k * UP - centre + HALF_WIDTH];
                }
            }
            out[i] = (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, Math.round(sum)));
        }
        return out;
    }

    private static double[] lowPass() {
        double[] taps = new double[2 * HALF_WIDTH + 1];
        for (int i = 0; i < taps.length; i++) {
            double t = i - HALF_WIDTH;
            double sinc = t == 0 ? 2 * CUTOFF : Math.sin(2 * Math.PI * CUTOFF * t) / (Math.PI * t);
            taps[i] = UP * sinc * (0.5 + 0.5 * Math.cos(Math.PI * t / HALF_WIDTH));
        }
        return taps;
    }
}
