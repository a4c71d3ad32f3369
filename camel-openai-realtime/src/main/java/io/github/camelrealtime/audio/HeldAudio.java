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

/**
 * The audio a segmenter keeps back: appended at the end, given or dropped from the front. PCM 16 bit mono, little
 * endian; knows the position of its first sample in the stream.
 */
final class HeldAudio {

    private static final int SAMPLE_BYTES = 2;

    private byte[] buffer;
    private int from;
    private int to;
    private long firstSample;

    HeldAudio(int initialBytes) {
        buffer = new byte[initialBytes];
    }

    void append(byte[] pcm, int offset, int length) {
        if (buffer.length - to < length) {
            int size = to - from;
            // compact only when at least half is free, so that a sample is moved about once
            byte[] target = size + length <= buffer.length / 2 ? buffer : new byte[2 * (size + length)];
            System.arraycopy(buffer, from, target, 0, size);
            buffer = target;
            from = 0;
            to = size;
        }
        System.arraycopy(pcm, offset, buffer, to, length);
        to += length;
    }

    /** Position of the first sample held. */
    long firstSample() {
        return firstSample;
    }

    /** Whole samples held. */
    int samples() {
        return (to - from) / SAMPLE_BYTES;
    }

    /** Gives the front, up to but without the sample at {@code endSample}; nothing if that has passed already. */
    void giveUntil(long endSample, SpeechSegmenter.Sink sink) {
        int samples = (int) Math.max(0, endSample - firstSample);
        if (samples > 0) {
            int at = from;
            long position = firstSample;
            advance(samples);
            sink.audio(buffer, at, samples * SAMPLE_BYTES, position);
        }
    }

    /**
     * Drops the front, up to but without the sample at {@code endSample}.
     *
     * @return how many samples that were
     */
    int dropUntil(long endSample) {
        int samples = (int) Math.max(0, endSample - firstSample);
        advance(samples);
        return samples;
    }

    /** Drops the first half of a sample whose other half never came. */
    void dropOddByte() {
        to -= (to - from) % SAMPLE_BYTES;
    }

    private void advance(int samples) {
        from += samples * SAMPLE_BYTES;
        firstSample += samples;
    }

    /**
     * Mean power of the last samples without their constant part, relative to a full-scale square wave: 0 to 1.
     *
     * @param samples how many, at least 1 and at most {@link #samples()}; the end must not be an odd byte
     */
    double powerOfLast(int samples) {
        long sum = 0;
        long squares = 0;
        for (int at = to - samples * SAMPLE_BYTES; at < to; at += SAMPLE_BYTES) {
            int sample = (buffer[at] & 0xFF) | (buffer[at + 1] << 8);
            sum += sample;
            squares += (long) sample * sample;
        }
        double mean = (double) sum / samples;
        return Math.max(0, (double) squares / samples - mean * mean) / (32_768.0 * 32_768.0);
    }
}
