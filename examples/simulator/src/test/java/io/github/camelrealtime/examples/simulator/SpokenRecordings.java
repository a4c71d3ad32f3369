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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;

import io.github.camelrealtime.simulator.AudioClip;

/** The ten recordings of the example next door and what is said in them. */
final class SpokenRecordings {

    static final Path FOLDER = Path.of("../transcribe-files/src/main/resources/recordings");

    private static final int HALF_WIDTH = 36;

    private SpokenRecordings() {
    }

    /** File name to words spoken. */
    static Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        List<String> lines;
        try {
            lines = Files.readAllLines(FOLDER.resolve("texts.tsv"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split("\t");
            texts.put(cells[0], cells[2]);
        }
        return texts;
    }

    static Collection<String> textsWithout(String file) {
        Map<String, String> texts = texts();
        texts.remove(file);
        return texts.values();
    }

    /** 8 kHz. */
    static short[] samples(String file) {
        try (AudioInputStream in = AudioSystem.getAudioInputStream(
                new ByteArrayInputStream(Files.readAllBytes(FOLDER.resolve(file))))) {
            byte[] bytes = in.readAllBytes();
            short[] samples = new short[bytes.length / Short.BYTES];
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
            return samples;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (UnsupportedAudioFileException e) {
            throw new IllegalStateException(e);
        }
    }

    static short[] reversed(short[] samples) {
        short[] reversed = new short[samples.length];
        for (int i = 0; i < samples.length; i++) {
            reversed[i] = samples[samples.length - 1 - i];
        }
        return reversed;
    }

    /** From 8 to 24 kHz, as a client does it that sends telephone recordings as pcm. */
    static short[] tripled(short[] samples) {
        short[] out = new short[samples.length * 3];
        for (int i = 0; i < out.length; i++) {
            double sum = 0;
            for (int k = Math.floorDiv(i - HALF_WIDTH, 3) + 1; k * 3 < i + HALF_WIDTH; k++) {
                double t = (i - k * 3) / 3.0;
                double window = 0.5 + 0.5 * Math.cos(Math.PI * t * 3 / HALF_WIDTH);
                double sinc = t == 0 ? 1 : Math.sin(Math.PI * t) / (Math.PI * t);
                sum += k >= 0 && k < samples.length ? samples[k] * sinc * window : 0;
            }
            out[i] = (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, Math.round(sum)));
        }
        return out;
    }

    static AudioClip clip(short[] samples, int rate) {
        ByteBuffer bytes = ByteBuffer.allocate(samples.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asShortBuffer().put(samples);
        return new AudioClip("sess_1", 0, samples.length, bytes.array(), rate);
    }

    static List<String> files() {
        return new ArrayList<>(texts().keySet());
    }
}
