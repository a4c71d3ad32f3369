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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.stream.Stream;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Long files that exist nowhere: what is allocated on the way through them is counted, so nothing can pile up. */
class FlatMemoryTest {

    private static final long FIVE_GIGABYTES = 5_000_000_000L;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    static Stream<Arguments> hugeFiles() {
        byte[] data = WavReaderTest.chunk("data", new byte[0]);
        Arrays.fill(data, 4, 8, (byte) 0xFF);
        byte[] ds64 = WavReaderTest.ds64(FIVE_GIGABYTES);
        byte[] fmt = WavReaderTest.fmt(1, 2, 16);
        // the two that count in 32 bits cannot say how long they are
        byte[] ssnd = AudioContainerTest.ssnd(0, new byte[0]);
        Arrays.fill(ssnd, 4, 8, (byte) 0xFF);
        return Stream.of(
                Arguments.of("RF64", WavReaderTest.rf64(ds64, fmt, data)), Arguments.of("BW64", WavReaderTest.bw64(ds64, fmt, data)),
                Arguments.of("AIFF", AudioContainerTest.form(null, AudioContainerTest.comm(null, 2, 0, 16, 48_000), ssnd)),
                Arguments.of("AU", AudioContainerTest.au(0, -1, 3, 48_000, 2, new byte[0])));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hugeFiles")
    @DisplayName("AIN-17 AIN-18 a file of 5 GB is read in flat memory, to its last byte")
    void readsFiveGigabytes(String kind, byte[] header) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        long before = THREADS.getCurrentThreadAllocatedBytes();
        AudioReader reader = AudioContainer.of(header, header.length).open(
                new SequenceInputStream(new ByteArrayInputStream(header), zeros(FIVE_GIGABYTES)));
        long read = 0;
        for (int n; (n = reader.read(buffer, 0, buffer.length)) >= 0; read += n) {
            assertThat(n > 0).isTrue();
        }
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertThat(read).isEqualTo(FIVE_GIGABYTES);
        assertThat(allocated).isLessThan(32L << 20);
    }

    /** So many zeros that exist nowhere. */
    private static InputStream zeros(long size) {
        return new InputStream() {
            private long left = size;

            @Override
            public int read() {
                throw new AssertionError("bytes are not read one by one");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                int n = (int) Math.min(left, length);
                left -= n;
                return n == 0 ? -1 : n;
            }
        };
    }

    @Test
    @DisplayName("AIN-18 AIN-2 half an hour of stereo through reader, converter and segmenter allocates its result and no more")
    void convertsInFlatMemory() throws IOException {
        AudioFormat source = AudioFormat.parse("pcm16;rate=48000;channels=2");
        long size = source.bytesOf(30 * 60 * 1_000);
        assertThat(size).isGreaterThan(300_000_000);
        byte[] second = new byte[(int) source.bytesOf(1_000)];
        byte[] mono = Sound.pcm16(Sound.babble(48_000, -20, 48_000));
        for (int i = 0; i < mono.length; i += 2) {
            System.arraycopy(mono, i, second, 2 * i, 2);
            System.arraycopy(mono, i, second, 2 * i + 2, 2);
        }
        InputStream file = new SequenceInputStream(
                new ByteArrayInputStream(WavWriter.header(source, size)), endless(second));
        WavReader reader = new WavReader(file);
        AudioConverter converter = new AudioConverter(reader.format(), AudioFormat.PCM_24K);
        EnergySegmenter segmenter = new EnergySegmenter(24_000);
        Counter counter = new Counter();
        byte[] buffer = new byte[10_001];
        long converted = 0;
        long mostHeld = 0;
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int n; (n = reader.read(buffer, 0, buffer.length)) >= 0;) {
            byte[] pcm = converter.convert(buffer, 0, n);
            converted += pcm.length;
            segmenter.accept(pcm, 0, pcm.length, counter);
            mostHeld = Math.max(mostHeld, segmenter.heldSamples());
        }
        byte[] tail = converter.finish();
        segmenter.accept(tail, 0, tail.length, counter);
        segmenter.flush(counter);
        converted += tail.length;
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;

        assertThat(converted).isEqualTo(AudioFormat.PCM_24K.bytesOf(30 * 60 * 1_000));
        assertThat(counter.bytes).isEqualTo(converted);
        assertThat(counter.segments).isGreaterThanOrEqualTo(60);
        assertThat(mostHeld).as("samples held back").isLessThanOrEqualTo(2 * 24_000 + 480);
        assertThat(allocated).as("bytes allocated for %d bytes of result", converted).isLessThan(converted + converted / 10);
    }

    private static final class Counter implements SpeechSegmenter.Sink {
        private long bytes;
        private int segments;

        @Override
        public void audio(byte[] pcm, int offset, int length, long firstSample) {
            bytes += length;
        }

        @Override
        public void end(long startSample, long endSample) {
            segments++;
        }
    }

    /** The same bytes again and again. */
    private static InputStream endless(byte[] period) {
        return new InputStream() {
            private int at;

            @Override
            public int read() {
                throw new AssertionError("bytes are not read one by one");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                int n = Math.min(length, period.length - at);
                System.arraycopy(period, at, buffer, offset, n);
                at = (at + n) % period.length;
                return n;
            }
        };
    }
}
