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

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Queue;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A message as audio with its transcript; each word is told before it is heard. */
final class SpeechStream extends ItemStream {

    /** About fifteen characters a second. */
    private static final long MILLIS_PER_CHARACTER = 65;
    /** The longest piece of sound in one event. */
    private static final int LONGEST_MILLIS = 1_000;

    private final WireFormat format;
    private final Queue<Step> steps = new ArrayDeque<>();
    private final StringBuilder said = new StringBuilder();
    private long lastMillis;

    /** @param sound how the text sounds, at 24 kHz */
    SpeechStream(SessionContext context, ResponseRun run, int outputIndex, Item item, String text, short[] sound) {
        super(context, run, outputIndex, item);
        format = WireFormat.of(run.settings().format());
        plan(Transcription.words(text), format == WireFormat.PCM ? sound : Pcm.third(sound));
    }

    /** What the synthetic voice says: a sound as long as the text would take. */
    static short[] synthetic(String text) {
        return SyntheticSpeech.samples(text.length() * MILLIS_PER_CHARACTER, Voice.SAMPLE_RATE);
    }

    /** Each word with its share of the sound, by its length in characters. */
    private void plan(List<String> words, short[] sound) {
        long characters = words.stream().mapToInt(String::length).sum();
        int piece = format.rate() * LONGEST_MILLIS / 1000;
        long told = 0;
        int at = 0;
        for (String word : words) {
            steps.add(new Step(word, null));
            told += word.length();
            int until = Math.toIntExact(sound.length * told / characters);
            do {
                int end = Math.min(until, at + piece);
                steps.add(new Step(null, Arrays.copyOfRange(sound, at, end)));
                at = end;
            } while (at < until);
        }
        for (; words.isEmpty() && at < sound.length; at += piece) {
            steps.add(new Step(null, Arrays.copyOfRange(sound, at, Math.min(sound.length, at + piece))));
        }
    }

    @Override
    boolean hasMore() {
        return !steps.isEmpty();
    }

    @Override
    void next() {
        Step step = steps.remove();
        lastMillis = 0;
        if (step.word() != null) {
            said.append(step.word());
            send(context().downlink().delta(part("response.output_audio_transcript.delta"), step.word()));
            return;
        }
        byte[] wire = format.fromSamples(step.sound());
        lastMillis = step.sound().length * 1000L / format.rate();
        item().assistantSound(format, wire);
        item().spoken(said.toString());
        send(part("response.output_audio.delta").put("delta", Base64.getEncoder().encodeToString(wire)));
    }

    @Override
    long lastMillis() {
        return lastMillis;
    }

    @Override
    long tokens() {
        return TokenMeter.tokens(said.length()) + TokenMeter.audioTokens(item());
    }

    @Override
    void halve() {
        long words = steps.stream().filter(step -> step.word() != null).count() / 2;
        Queue<Step> kept = new ArrayDeque<>();
        for (Step step : steps) {
            words -= step.word() == null ? 0 : 1;
            if (words < 0) {
                break;
            }
            kept.add(step);
        }
        steps.clear();
        steps.addAll(kept);
    }

    @Override
    void begin() {
        sendPart("response.content_part.added", "audio", "transcript", "");
    }

    @Override
    void finish() {
        send(part("response.output_audio.done"));
        send(part("response.output_audio_transcript.done").put("transcript", said.toString()));
        sendPart("response.content_part.done", "audio", "transcript", said.toString());
        item().json().putArray("content").addObject().put("type", "output_audio").put("transcript", said.toString());
    }

    @Override
    boolean namesPreviousWhenDone() {
        return false;
    }

    private ObjectNode part(String type) {
        return event(type).put("content_index", 0);
    }

    /** A word to be told, or the sound of it. */
    private record Step(String word, short[] sound) {
    }
}
