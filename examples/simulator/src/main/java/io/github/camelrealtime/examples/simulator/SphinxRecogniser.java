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
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;

import edu.cmu.sphinx.api.Configuration;
import edu.cmu.sphinx.api.Context;
import edu.cmu.sphinx.recognizer.Recognizer;
import edu.cmu.sphinx.result.Result;

/**
 * One Sphinx-4 recogniser for one grammar. Building takes one to four seconds and about 95 MB of heap that stay in use;
 * hearing takes about 0.02 s per second of audio. What it hears in a recording does not depend on those before it.
 * <p/>
 * Not safe for more than one thread at a time.
 */
final class SphinxRecogniser {

    /**
     * All loggers of the library hang on this one, named after the configuration's file. The library sets its level and
     * then drops it, whereupon java.util.logging forgets the level and much is told at INFO: so it is held here.
     */
    private static final Logger LIBRARY = Logger.getLogger("recogniser");

    static {
        LIBRARY.setLevel(Level.WARNING);
    }

    private static final String CONFIGURATION = "resource:/io/github/camelrealtime/examples/simulator/recogniser.xml";
    private static final String MODEL = "resource:/edu/cmu/sphinx/models/en-us/en-us";
    private static final String NOT_IN_GRAMMAR = "<unk>";

    /** The endpointer needs to hear silence around speech, and recordings often have none. */
    private static final int SILENCE_BEFORE = To16kHz.RATE * 6 / 10;
    private static final int SILENCE_AFTER = To16kHz.RATE * 8 / 10;

    /** The loudest sample of every recording as the recogniser hears it. */
    private static final double PEAK = 12_000;
    /** Below this, -44 dB of full scale, nobody speaks, and there is nothing to make louder. */
    private static final int FAINTEST_PEAK = 200;
    /**
     * Standard deviation of the noise put under everything. A telephone's recording has nothing above 4 kHz, and what the
     * models make of nothing hangs on how the audio was resampled; of this noise they always make the same.
     */
    private static final double NOISE = 8;

    /** The library's parser of grammars is one for the whole process. */
    private static final ReentrantLock BUILDING = new ReentrantLock();

    private final SentenceGrammar grammar;
    private final Context context;
    private final Recognizer recognizer;

    SphinxRecogniser(SentenceGrammar grammar) {
        this.grammar = grammar;
        try {
            this.context = context(grammar);
        } catch (IOException e) {
            throw new UncheckedIOException("The recogniser's models cannot be read", e);
        }
        this.recognizer = context.getInstance(Recognizer.class);
    }

    /**
     * Hears one recording.
     *
     * @param  samples 16 kHz, mono, 16 bits
     * @return         the sentences as they were written, an empty text if nobody spoke, or nothing at all if any stretch of
     *                 speech was not made of whole sentences of the grammar
     */
    Optional<String> hear(short[] samples) {
        int peak = peak(samples);
        if (peak < FAINTEST_PEAK) {
            return Optional.of("");
        }
        context.setSpeechSource(new ByteArrayInputStream(prepared(samples, PEAK / peak)));
        List<String> sentences = new ArrayList<>();
        boolean understood = true;
        // read to the end whatever is heard: what is left over would be taken for the next recording's beginning
        for (Result stretch = recognizer.recognize(); stretch != null; stretch = recognizer.recognize()) {
            String words = stretch.getBestResultNoFiller().strip();
            if (!words.isEmpty()) {
                Optional<String> sentence = accepted(words, stretch.getBestFinalToken() != null);
                sentence.ifPresent(sentences::add);
                understood &= sentence.isPresent();
            }
        }
        return understood ? Optional.of(String.join(" ", sentences)) : Optional.empty();
    }

    private Optional<String> accepted(String words, boolean whole) {
        List<String> list = List.of(words.split("\\s+"));
        return whole && !list.contains(NOT_IN_GRAMMAR) ? grammar.written(list) : Optional.empty();
    }

    /** Between silences, at a steady level and above a steady noise, so that what is heard depends on what is said alone. */
    private static byte[] prepared(short[] samples, double gain) {
        int length = SILENCE_BEFORE + samples.length + SILENCE_AFTER;
        ByteBuffer bytes = ByteBuffer.allocate(length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(SILENCE_BEFORE * Short.BYTES);
        // always the same noise: a test that hears a recording twice hears it alike
        Random noise = new Random(0);
        for (short sample : samples) {
            bytes.putShort((short) Math.round(sample * gain + NOISE * noise.nextGaussian()));
        }
        return bytes.array();
    }

    private static int peak(short[] samples) {
        int peak = 0;
        for (short sample : samples) {
            peak = Math.max(peak, Math.abs((int) sample));
        }
        return peak;
    }

    private static Context context(SentenceGrammar grammar) throws IOException {
        // the library reads a grammar from a folder only
        Path folder = Files.createTempDirectory("grammar");
        Path file = folder.resolve(SentenceGrammar.NAME + ".gram");
        BUILDING.lock();
        try {
            Files.writeString(file, grammar.toJsgf());
            Configuration configuration = new Configuration();
            configuration.setAcousticModelPath(MODEL);
            configuration.setDictionaryPath("resource:" + SentenceGrammar.DICTIONARY);
            configuration.setGrammarPath(folder.toUri().toString());
            configuration.setGrammarName(SentenceGrammar.NAME);
            configuration.setUseGrammar(true);
            configuration.setSampleRate(To16kHz.RATE);
            Context context = new Context(CONFIGURATION, configuration);
            context.getInstance(Recognizer.class).allocate();
            return context;
        } finally {
            BUILDING.unlock();
            Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        }
    }
}
