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
package io.github.camelrealtime.bench;

import java.util.Random;
import java.util.concurrent.TimeUnit;

import io.github.camelrealtime.audio.AudioConverter;
import io.github.camelrealtime.audio.AudioFormat;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One second of audio to the 24 kHz of the wire, in pieces of 20 ms. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ResamplerBenchmark {

    private static final int CHUNK_MILLIS = 20;
    private static final int CHUNKS = 50;

    @Param({ "pcmu", "pcm16;rate=8000", "pcm16;rate=16000", "pcm16;rate=44100", "pcm16;rate=48000;channels=2" })
    private String source;

    private AudioFormat from;
    private byte[] chunk;

    @Setup
    public void setUp() {
        from = AudioFormat.parse(source);
        chunk = new byte[(int) from.bytesOf(CHUNK_MILLIS)];
        new Random(1).nextBytes(chunk);
    }

    @Benchmark
    public int second() {
        AudioConverter converter = new AudioConverter(from, AudioFormat.PCM_24K);
        int bytes = 0;
        for (int i = 0; i < CHUNKS; i++) {
            bytes += converter.convert(chunk, 0, chunk.length).length;
        }
        return bytes + converter.finish().length;
    }
}
