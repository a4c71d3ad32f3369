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

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers with the place of the samples it heard instead of words: {@code samples 0..48000}, the first inclusive, the
 * second exclusive. Put together, the transcripts of a session tell exactly which audio was lost or heard twice.
 */
public final class EchoTranscriber implements Transcriber {

    private static final Pattern RANGE = Pattern.compile("samples (\\d+)\\.\\.(\\d+)");

    @Override
    public Transcription transcribe(AudioClip clip) {
        return Transcription.of("samples " + clip.firstSample() + ".." + (clip.firstSample() + clip.samples()));
    }

    /**
     * Reads the one range of a transcript.
     *
     * @throws IllegalArgumentException if the text is not exactly what an echo transcriber says
     */
    public static SampleRange parse(String transcript) {
        Matcher matcher = RANGE.matcher(transcript);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("Not an echo transcript, which reads 'samples A..B': '" + transcript + "'");
        }
        return range(matcher);
    }

    /** Reads all ranges in a text, in their order: for transcripts that were joined. */
    public static List<SampleRange> parseAll(String text) {
        List<SampleRange> ranges = new ArrayList<>();
        Matcher matcher = RANGE.matcher(text);
        while (matcher.find()) {
            ranges.add(range(matcher));
        }
        return ranges;
    }

    private static SampleRange range(Matcher matcher) {
        return new SampleRange(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
    }
}
