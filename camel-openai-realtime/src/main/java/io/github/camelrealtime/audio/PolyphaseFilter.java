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

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The coefficients of one reduced ratio {@code up/down}: a Kaiser-windowed sinc, one row of {@link #taps} per phase.
 *
 * <p>The stop band begins exactly at the lower of the two Nyquist frequencies, so that nothing above it folds back, and
 * the pass band reaches to 0.42 of the lower rate (3.37 kHz of 8 kHz). Immutable, hence shared by all streams.
 */
final class PolyphaseFilter {

    /** Taps per phase where the rate goes up; where it goes down the filter is longer by the ratio. */
    private static final int BASE_HALF = 32;
    private static final double STOP_BAND_DB = 80;
    private static final double KAISER_BETA = 0.1102 * (STOP_BAND_DB - 8.7);
    /** Kaiser's formula: width of the transition in cycles per sample for 2 × BASE_HALF taps. */
    private static final double TRANSITION = (STOP_BAND_DB - 8) / (2.285 * 2 * Math.PI * 2 * BASE_HALF);

    /** Ratios are few in practice; an odd one out of many must not fill the heap for good. */
    private static final int MAX_CACHED = 32;
    private static final int MAX_CACHED_COEFFICIENTS = 1 << 18;
    private static final Map<Long, PolyphaseFilter> CACHE = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, PolyphaseFilter> eldest) {
            return size() > MAX_CACHED;
        }
    };
    private static final ReentrantLock CACHE_LOCK = new ReentrantLock();

    /** Numerator of the reduced ratio, which is also the number of phases. */
    final int up;
    /** Denominator of the reduced ratio. */
    final int down;
    /** Input samples needed beyond the one at or before the output's position. */
    final int half;
    /** Coefficients per phase, twice {@link #half} and a multiple of four. */
    final int taps;
    /** Row {@code phase} starts at {@code phase * taps}. */
    final float[] coefficients;

    private PolyphaseFilter(int up, int down) {
        this.up = up;
        this.down = down;
        double narrowing = Math.min(1, (double) up / down);
        half = Math.toIntExact(Math.round(Math.ceil(BASE_HALF / narrowing / 2)) * 2);
        taps = 2 * half;
        double cutoff = (0.5 - TRANSITION / 2) * narrowing;
        coefficients = new float[Math.multiplyExact(up, taps)];
        double[] row = new double[taps];
        for (int phase = 0; phase < up; phase++) {
            double sum = 0;
            for (int k = 0; k < taps; k++) {
                double distance = k - half + 1 - (double) phase / up;
                row[k] = sinc(2 * cutoff * distance) * kaiser(distance / half);
                sum += row[k];
            }
            // every phase passes DC alike, else a constant would come out with a ripple
            for (int k = 0; k < taps; k++) {
                coefficients[phase * taps + k] = (float) (row[k] / sum);
            }
        }
    }

    /** The filter from one rate to another, both in Hz. Thread-safe. */
    static PolyphaseFilter of(int fromRate, int toRate) {
        int divisor = gcd(fromRate, toRate);
        int up = toRate / divisor;
        int down = fromRate / divisor;
        long key = (long) up << 32 | down;
        CACHE_LOCK.lock();
        try {
            PolyphaseFilter filter = CACHE.get(key);
            if (filter == null) {
                filter = new PolyphaseFilter(up, down);
                if (filter.coefficients.length <= MAX_CACHED_COEFFICIENTS) {
                    CACHE.put(key, filter);
                }
            }
            return filter;
        } finally {
            CACHE_LOCK.unlock();
        }
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    }

    private static double kaiser(double position) {
        // a row reaches one tap further to the right than to the left: without that one it is symmetrical
        return position >= 1 ? 0 : bessel(KAISER_BETA * Math.sqrt(1 - position * position));
    }

    /** Modified Bessel function of the first kind and order zero, by its series. */
    private static double bessel(double x) {
        double sum = 1;
        double term = 1;
        for (int k = 1; term > sum * 1e-14; k++) {
            term *= x / (2 * k) * (x / (2 * k));
            sum += term;
        }
        return sum;
    }
}
