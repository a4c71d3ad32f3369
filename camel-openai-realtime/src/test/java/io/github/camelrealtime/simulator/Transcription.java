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
import java.util.stream.Collectors;

/**
 * What a transcriber heard.
 *
 * @param text           the transcript; empty for silence, null if it failed
 * @param deltas         the partial transcripts, which joined give the text
 * @param failureCode    null unless it failed
 * @param failureMessage null unless it failed
 * @param segments       who said what; empty if that is not known
 */
public record Transcription(String text, List<String> deltas, String failureCode, String failureMessage,
        List<Segment> segments) {

    public Transcription {
        deltas = List.copyOf(deltas);
        segments = List.copyOf(segments);
    }

    /** Without segments. */
    public Transcription(String text, List<String> deltas, String failureCode, String failureMessage) {
        this(text, deltas, failureCode, failureMessage, List.of());
    }

    /** A transcript whose deltas are its words, each with the blank before it. */
    public static Transcription of(String text) {
        return new Transcription(text, words(text), null, null);
    }

    /** A transcript with deltas of your own. */
    public static Transcription of(String text, List<String> deltas) {
        return new Transcription(text, deltas, null, null);
    }

    /** A failure, which the client sees as {@code conversation.item.input_audio_transcription.failed}. */
    public static Transcription failed(String code, String message) {
        return new Transcription(null, List.of(), code, message);
    }

    /** A transcript that several speakers share, as the diarizing model tells them apart. The text is theirs, joined by blanks. */
    public static Transcription of(Segment... segments) {
        List<Segment> all = List.of(segments);
        String text = all.stream().map(Segment::text).collect(Collectors.joining(" "));
        return new Transcription(text, words(text), null, null, all);
    }

    /** The segments, or all of it as one of a speaker A. */
    List<Segment> segments(long millis) {
        return segments.isEmpty() && text != null ? List.of(new Segment("A", text, 0, millis)) : segments;
    }

    /**
     * What one speaker said.
     *
     * @param speaker     a name, usually a letter
     * @param startMillis since the beginning of the item
     */
    public record Segment(String speaker, String text, long startMillis, long endMillis) {
    }

    /** True if there is no transcript. */
    public boolean isFailure() {
        return failureCode != null;
    }

    /** Splits before each blank, so that the pieces joined are the text again. */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        int start = 0;
        for (int i = 1; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == ' ') {
                words.add(text.substring(start, i));
                start = i;
            }
        }
        return words;
    }
}
