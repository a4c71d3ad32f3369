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

import java.util.Arrays;

/**
 * Changes the sample rate of one mono stream: polyphase FIR with linear phase and no delay, because output sample
 * {@code n} stands at the exact time of input position {@code n * from / to}. Aliases and images are at least 70 dB
 * down; the pass band reaches to 0.42 of the lower rate.
 *
 * <p>Samples are floats of any scale. Chunking is invisible: the same input gives the same output bit for bit however it
 * is cut. After {@link #finish} exactly {@code ceil(samples * to / from)} samples have come out. Calls allocate nothing.
 * Not thread-safe: one per stream; the coefficients are shared.
 */
public final class Resampler {

    private static final int BLOCK = 512;

    private final PolyphaseFilter filter;
    private final int step;
    private final int stepRemainder;
    /** The input that outputs still need, {@code filled} samples of it; it begins with silence before the first one. */
    private final float[] window;
    private int filled;
    /** Index in the window of the first tap of the next output, and that output's phase. */
    private int next;
    private int phase;
    private long taken;
    private long given;

    /**
     * @param fromRate rate of the input in Hz, {@value AudioFormat#MIN_RATE} to {@value AudioFormat#MAX_RATE}
     * @param toRate   rate of the output in Hz, same range
     */
    public Resampler(int fromRate, int toRate) {
        checkRate(fromRate);
        checkRate(toRate);
        filter = PolyphaseFilter.of(fromRate, toRate);
        step = filter.down / filter.up;
        stepRemainder = filter.down % filter.up;
        window = new float[filter.taps + Math.max(BLOCK, filter.taps)];
        filled = filter.half - 1;
    }

    private static void checkRate(int rate) {
        if (rate < AudioFormat.MIN_RATE || rate > AudioFormat.MAX_RATE) {
            throw new IllegalArgumentException("Sample rate " + rate + " Hz is outside " + AudioFormat.MIN_RATE + " to "
                                               + AudioFormat.MAX_RATE + " Hz");
        }
    }

    /** How many samples the next {@link #process} will give for so many samples of input. */
    public long outputFor(long samples) {
        return Math.max(0, positionsBefore(taken + samples - filter.half) - given);
    }

    /** How many samples {@link #finish} will give. */
    public long remaining() {
        return positionsBefore(taken) - given;
    }

    private long positionsBefore(long inputPosition) {
        return inputPosition <= 0 ? 0 : (inputPosition * filter.up + filter.down - 1) / filter.down;
    }

    /**
     * Takes input and gives what can be computed from it.
     *
     * @return how many samples were written from {@code outOffset} on: {@link #outputFor(long) outputFor(length)}
     */
    public int process(float[] in, int offset, int length, float[] out, int outOffset) {
        int end = offset + length;
        int at = offset;
        int written = outOffset;
        while (at < end) {
            makeRoom();
            int n = Math.min(end - at, window.length - filled);
            System.arraycopy(in, at, window, filled, n);
            filled += n;
            at += n;
            written = filter(out, written);
        }
        taken += length;
        given += written - outOffset;
        return written - outOffset;
    }

    /**
     * Gives the end of the stream, as if silence followed. The resampler is of no use afterwards.
     *
     * @return how many samples were written from {@code outOffset} on: {@link #remaining()}
     */
    public int finish(float[] out, int outOffset) {
        int written = outOffset;
        int silence = remaining() == 0 ? 0 : filter.half;
        while (silence > 0) {
            makeRoom();
            int n = Math.min(silence, window.length - filled);
            Arrays.fill(window, filled, filled + n, 0);
            filled += n;
            silence -= n;
            written = filter(out, written);
        }
        given += written - outOffset;
        return written - outOffset;
    }

    /** Moves what is still needed to the front; that is less than the taps, so at least a block is free then. */
    private void makeRoom() {
        if (next > 0) {
            System.arraycopy(window, next, window, 0, filled - next);
            filled -= next;
            next = 0;
        }
    }

    private int filter(float[] out, int offset) {
        float[] x = window;
        float[] h = filter.coefficients;
        int taps = filter.taps;
        int written = offset;
        while (next + taps <= filled) {
            int i = next;
            int row = phase * taps;
            int rowEnd = row + taps;
            // four sums: a single one would wait for the adder at every tap
            float a = 0;
            float b = 0;
            float c = 0;
            float d = 0;
            for (int k = row; k < rowEnd; k += 4, i += 4) {
                a += x[i] * h[k];
                b += x[i + 1] * h[k + 1];
                c += x[i + 2] * h[k + 2];
                d += x[i + 3] * h[k + 3];
            }
            out[written++] = a + b + (c + d);
            next += step;
            phase += stepRemainder;
            if (phase >= filter.up) {
                phase -= filter.up;
                next++;
            }
        }
        return written;
    }
}
