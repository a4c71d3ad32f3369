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
import java.util.logging.Level;
import java.util.logging.Logger;

import edu.cmu.sphinx.api.Configuration;
import edu.cmu.sphinx.api.Context;
import edu.cmu.sphinx.recognizer.Recognizer;
import edu.cmu.sphinx.result.Result;

/**
 * One Sphinx-4 recogniser for one grammar. Building takes one to four seconds and about 95 MB of heap that stay in use;
 * hearing takes about 0.02 s per second of audio.
 * <p/>
 * It keeps a running average of the sound from one recording to the next, so it is not safe for more than one thread at a
 * time.
 */
final class SphinxRecogniser {

    /** Held, because java.util.logging forgets the level of a logger that nobody holds; the library tells much at INFO. */
    private static final Logger LIBRARY = Logger.getLogger("edu.cmu.sphinx");

    static {
        LIBRARY.setLevel(Level.WARNING);
    }

    private static final String CONFIGURATION = "resource:/io/github/camelrealtime/examples/simulator/recogniser.xml";
    private static final String MODEL = "resource:/edu/cmu/sphinx/models/en-us/en-us";
    private static final String NOT_IN_GRAMMAR = "<unk>";

    /** The endpointer needs to hear silence around speech, and recordings often have none. */
    private static final int SILENCE_BEFORE = To16kHz.RATE * 6 / 10;
    private static final int SILENCE_AFTER = To16kHz.RATE * 8 / 10;

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
        context.setSpeechSource(new ByteArrayInputStream(padded(samples)));
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

    private static byte[] padded(short[] samples) {
        int length = SILENCE_BEFORE + samples.length + SILENCE_AFTER;
        ByteBuffer bytes = ByteBuffer.allocate(length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(SILENCE_BEFORE * Short.BYTES);
        for (short sample : samples) {
            bytes.putShort(sample);
        }
        return bytes.array();
    }

    private static Context context(SentenceGrammar grammar) throws IOException {
        // the library reads a grammar from a folder only
        Path folder = Files.createTempDirectory("grammar");
        Path file = folder.resolve(SentenceGrammar.NAME + ".gram");
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
            Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        }
    }
}
