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
import java.util.Base64;
import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A message as audio with its transcript; each word is told before it is heard. */
final class SpeechStream extends ItemStream {

    /** About fifteen characters a second. */
    private static final long MILLIS_PER_CHARACTER = 65;

    private final WireFormat format;
    private final short[] sound;
    private final StringBuilder said = new StringBuilder();
    private List<String> words;
    private int steps;
    private int soundSent;

    SpeechStream(SessionContext context, ResponseRun run, int outputIndex, Item item, String text) {
        super(context, run, outputIndex, item);
        format = WireFormat.of(run.settings().format());
        words = Transcription.words(text);
        sound = SyntheticSpeech.samples(text.length() * MILLIS_PER_CHARACTER, format.rate());
    }

    @Override
    boolean hasMore() {
        return steps < 2 * words.size();
    }

    @Override
    void next() {
        String word = words.get(steps / 2);
        if (steps++ % 2 == 0) {
            said.append(word);
            send(context().downlink().delta(part("response.output_audio_transcript.delta"), word));
        } else {
            int until = Math.toIntExact(soundSent + word.length() * MILLIS_PER_CHARACTER * format.rate() / 1000);
            byte[] wire = format.fromSamples(Arrays.copyOfRange(sound, soundSent, Math.min(until, sound.length)));
            soundSent = until;
            item().assistantSound(format, wire);
            send(part("response.output_audio.delta").put("delta", Base64.getEncoder().encodeToString(wire)));
        }
    }

    @Override
    void halve() {
        words = words.subList(0, words.size() / 2);
    }

    @Override
    void begin() {
        ObjectNode event = part("response.content_part.added");
        event.putObject("part").put("type", "audio").put("transcript", "");
        send(event);
    }

    @Override
    void finish() {
        send(part("response.output_audio.done"));
        send(part("response.output_audio_transcript.done").put("transcript", said.toString()));
        ObjectNode done = part("response.content_part.done");
        done.putObject("part").put("type", "audio").put("transcript", said.toString());
        send(done);
        item().json().putArray("content").addObject().put("type", "output_audio").put("transcript", said.toString());
    }

    @Override
    boolean namesPreviousWhenDone() {
        return false;
    }

    private ObjectNode part(String type) {
        return event(type).put("content_index", 0);
    }
}
