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

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

import io.github.camelrealtime.simulator.AudioClip;
import io.github.camelrealtime.simulator.Transcriber;
import io.github.camelrealtime.simulator.Transcription;

/**
 * Hears the sentences of a scenario with Sphinx-4, offline and in pure Java, so that what the simulator puts on the wire is
 * what came through as audio. It knows no other words: a clip is either made of whole sentences of the scenario, or silent,
 * or fails with {@value #UNINTELLIGIBLE}.
 * <p/>
 * Safe for any number of threads; as many clips are heard at once as there are recognisers, the others wait their turn. A
 * recogniser is built when first needed, which takes one to four seconds, and keeps about 95 MB of heap (192 MB are plenty).
 */
public final class SphinxTranscriber implements Transcriber {

    /** The failure code of a clip that is not made of whole sentences of the scenario. */
    public static final String UNINTELLIGIBLE = "audio_unintelligible";

    private final SentenceGrammar grammar;
    private final int recognisers;
    private final Semaphore turns;
    private final Queue<SphinxRecogniser> idle = new ConcurrentLinkedQueue<>();

    /**
     * With as many recognisers as there are cores.
     *
     * @param  texts                    what may be said: any number of texts of one or more sentences, as they should be
     *                                  spelled in transcripts
     * @throws IllegalArgumentException if there is no sentence, or one has a word that the dictionary lacks
     */
    public SphinxTranscriber(Collection<String> texts) {
        this(texts, Runtime.getRuntime().availableProcessors());
    }

    /**
     * @param texts       as above
     * @param recognisers how many at most, 1 or more
     */
    public SphinxTranscriber(Collection<String> texts, int recognisers) {
        if (recognisers < 1) {
            throw new IllegalArgumentException("At least one recogniser is needed, not " + recognisers);
        }
        this.grammar = new SentenceGrammar(texts);
        this.recognisers = recognisers;
        this.turns = new Semaphore(recognisers, true);
    }

    /**
     * Builds all recognisers now, so that no clip has to wait for one. Call it before the first clip, if at all.
     *
     * @return this
     */
    public SphinxTranscriber prepare() {
        turns.acquireUninterruptibly(recognisers);
        try {
            while (idle.size() < recognisers) {
                idle.add(new SphinxRecogniser(grammar));
            }
        } finally {
            turns.release(recognisers);
        }
        return this;
    }

    @Override
    public Transcription transcribe(AudioClip clip) {
        short[] samples = new short[clip.pcm16().length / Short.BYTES];
        ByteBuffer.wrap(clip.pcm16()).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
        return hear(To16kHz.resample(samples, clip.sampleRate()))
                .map(Transcription::of)
                .orElseGet(() -> Transcription.failed(UNINTELLIGIBLE,
                        "The audio holds speech that is not made of whole sentences of the scenario."));
    }

    private Optional<String> hear(short[] samples) {
        turns.acquireUninterruptibly();
        try {
            SphinxRecogniser recogniser = idle.poll();
            if (recogniser == null) {
                recogniser = new SphinxRecogniser(grammar);
            }
            Optional<String> heard = recogniser.hear(samples);
            // not in a finally: one that failed in the middle may be out of step, and is replaced by a new one
            idle.add(recogniser);
            return heard;
        } finally {
            turns.release();
        }
    }
}
