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

import java.util.Arrays;

/**
 * The input audio buffer: samples that were appended and neither committed nor cleared, and the count of all samples ever
 * appended. Positions are samples since the session's first append.
 */
final class InputBuffer {

    private WireFormat format;
    private byte[] pcm = new byte[0];
    private int head;
    private int tail;
    private long first;
    private byte[] halfSample = new byte[0];
    /** Where the present format began, in samples and in milliseconds: offsets on the wire are milliseconds of all audio. */
    private long formatFirst;
    private long formatFirstMillis;

    InputBuffer(WireFormat format) {
        this.format = format;
    }

    WireFormat format() {
        return format;
    }

    /** The samples of another format cannot be told from these any more: what is pending is dropped. */
    void changeFormat(WireFormat next) {
        if (next == format) {
            return;
        }
        formatFirstMillis = millisAt(end());
        formatFirst = end();
        format = next;
        clear();
    }

    /** Adds wire bytes; half a sample at their end waits for its other half. */
    void append(byte[] wire) {
        byte[] bytes = wire;
        if (halfSample.length > 0) {
            bytes = Arrays.copyOf(halfSample, halfSample.length + wire.length);
            System.arraycopy(wire, 0, bytes, halfSample.length, wire.length);
        }
        int whole = bytes.length - bytes.length % format.bytesPerSample();
        halfSample = Arrays.copyOfRange(bytes, whole, bytes.length);
        byte[] samples = format.toPcm16(whole == bytes.length ? bytes : Arrays.copyOf(bytes, whole));
        reserve(samples.length);
        System.arraycopy(samples, 0, pcm, tail, samples.length);
        tail += samples.length;
    }

    /** The first pending sample. */
    long first() {
        return first;
    }

    /** After the last sample appended. */
    long end() {
        return first + (tail - head) / 2;
    }

    /** How much is pending, in milliseconds. */
    double pendingMillis() {
        return (end() - first) * 1000.0 / format.rate();
    }

    /** A position as milliseconds of all audio appended, rounded down. */
    long millisAt(long sample) {
        return formatFirstMillis + (sample - formatFirst) * 1000 / format.rate();
    }

    /** Loudness of pending samples, see {@link Pcm#rms}. */
    double rms(long from, int count) {
        return Pcm.rms(pcm, (int) (head / 2 + from - first), count);
    }

    /** Takes samples out; what was pending before them is gone. Signed 16-bit little-endian. */
    byte[] take(SampleRange range) {
        int start = head + Math.toIntExact(2 * (range.first() - first));
        int stop = start + Math.toIntExact(2 * range.length());
        byte[] taken = Arrays.copyOfRange(pcm, start, stop);
        dropBefore(range.end());
        return taken;
    }

    /** Forgets pending samples before a position. */
    void dropBefore(long sample) {
        if (sample > first) {
            head += Math.toIntExact(2 * (sample - first));
            first = sample;
        }
    }

    void clear() {
        dropBefore(end());
        halfSample = new byte[0];
    }

    private void reserve(int more) {
        if (tail + more <= pcm.length) {
            return;
        }
        int pending = tail - head;
        byte[] target = 2 * (pending + more) > pcm.length ? new byte[2 * (pending + more)] : pcm;
        System.arraycopy(pcm, head, target, 0, pending);
        pcm = target;
        head = 0;
        tail = pending;
    }
}
