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
package io.github.camelrealtime.audio;

/**
 * Finds speech in a stream of sound and gives it away in segments, each to be committed as one turn; silence is kept
 * from the service (SEG-1 to SEG-3). One per stream, not thread-safe, never blocks.
 *
 * <p>The sound is mono, signed 16 bit, little endian, at the rate the segmenter was built for. Positions count samples
 * from the start of the stream. Every sample is given to the sink exactly once, held, or gated: the three always add up
 * to what was accepted, give or take an odd byte that waits for its other half.
 */
public interface SpeechSegmenter {

    /** Takes what is speech; called on the thread that calls {@link #accept} or {@link #flush}. */
    interface Sink {

        /**
         * The next audio of the segment, which this call opens if none is open. The calls of one segment follow each
         * other without a gap.
         *
         * @param pcm         holds the audio; belongs to the segmenter and is valid during this call only
         * @param offset      first byte of it
         * @param length      bytes of it, whole samples, at least one
         * @param firstSample position of its first sample in the stream
         */
        void audio(byte[] pcm, int offset, int length, long firstSample);

        /**
         * The segment is complete: time to commit.
         *
         * @param startSample position of its first sample
         * @param endSample   position after its last sample
         */
        void end(long startSample, long endSample);
    }

    /** Takes the next bytes of the stream, cut anywhere, and gives what of them is speech. */
    void accept(byte[] pcm, int offset, int length, Sink sink);

    /** The stream has ended: decides on what is held and ends the open segment. */
    void flush(Sink sink);

    /** How many samples are kept back: neither given to the sink nor gated so far. */
    long heldSamples();

    /** How many samples were judged silent and have never been given to the sink. */
    long gatedSamples();
}
