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

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Sounds that replies are made of, as 24 kHz samples. */
final class Tones {

    private static final double HERTZ = 440;
    private static final double LOUDNESS = 8_000;
    private static final int THREE = 3;
    private static final int RIFF_HEADER = 12;
    private static final int CHUNK_HEADER = 8;

    private Tones() {
    }

    static short[] sine(Duration length) {
        short[] samples = new short[Math.toIntExact(length.toMillis() * Voice.SAMPLE_RATE / 1000)];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) (LOUDNESS * Math.sin(2 * Math.PI * HERTZ * i / Voice.SAMPLE_RATE));
        }
        return samples;
    }

    static short[] recording(Path wav) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(wav)).order(ByteOrder.LITTLE_ENDIAN);
        if (file.limit() < RIFF_HEADER || !tag(file, 0).equals("RIFF") || !tag(file, CHUNK_HEADER).equals("WAVE")) {
            throw refused(wav, "no WAV file");
        }
        int rate = 0;
        int at = RIFF_HEADER;
        while (at + CHUNK_HEADER <= file.limit()) {
            int size = file.getInt(at + 4);
            int body = at + CHUNK_HEADER;
            if (tag(file, at).equals("fmt ")) {
                rate = file.getInt(body + 4);
                if (file.getShort(body) != 1 || file.getShort(body + 2) != 1 || file.getShort(body + 14) != Short.SIZE) {
                    throw refused(wav, "not mono with 16 bits");
                }
            } else if (tag(file, at).equals("data")) {
                short[] samples = new short[Math.min(size, file.limit() - body) / Short.BYTES];
                file.position(body);
                file.asShortBuffer().get(samples);
                return at24kHz(wav, samples, rate);
            }
            at = body + size + size % 2;
        }
        throw refused(wav, "without sound");
    }

    private static short[] at24kHz(Path wav, short[] samples, int rate) {
        if (rate == Voice.SAMPLE_RATE) {
            return samples;
        }
        if (rate * THREE != Voice.SAMPLE_RATE) {
            throw refused(wav, "of " + rate + " Hz");
        }
        short[] more = new short[samples.length * THREE];
        for (int i = 0; i < more.length; i++) {
            short here = samples[i / THREE];
            short next = samples[Math.min(i / THREE + 1, samples.length - 1)];
            more[i] = (short) (here + (next - here) * (i % THREE) / THREE);
        }
        return more;
    }

    private static String tag(ByteBuffer file, int at) {
        return new String(file.array(), at, 4, StandardCharsets.US_ASCII);
    }

    private static IllegalArgumentException refused(Path wav, String what) {
        return new IllegalArgumentException("A recording is a WAV file, mono, 16-bit, 24 or 8 kHz, but " + wav.getFileName()
                + " is " + what);
    }
}
