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
package io.github.camelrealtime.session;

import java.util.Map;
import java.util.TreeMap;

import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.audio.SpeechSegmenter;

/**
 * Turns that our segmenter ends, and where in the stream they lie: the segmenter counts what it hears, and the stream has more
 * than that, such as what a speaker said while muted.
 *
 * <p>Not thread-safe: the inbox's lock guards it.
 */
final class OwnTurns {

    /** Who takes what the segmenter lets through. */
    interface Listener {

        /** @param position of its first byte in the stream */
        void audio(byte[] pcm, int offset, int length, long position);

        /** What came since the last end is one turn; in ms of the stream. */
        void end(long startMillis, long endMillis);
    }

    /** Gaps kept at most of what was let through: more than a turn has. */
    private static final int MAX_GAPS = 1_000;

    private final SpeechSegmenter segmenter;
    private final AudioFormat format;
    private final SpeechSegmenter.Sink sink;
    /** By what the segmenter has heard, in bytes: how much more of the stream there was before. */
    private final TreeMap<Long, Long> ahead = new TreeMap<>();
    private long heardBytes;

    /** @param origin where in the stream it begins, in bytes */
    OwnTurns(AudioFormat format, SpeechSegmenter segmenter, long origin, Listener listener) {
        this.format = format;
        this.segmenter = segmenter;
        this.ahead.put(0L, origin);
        this.sink = new SpeechSegmenter.Sink() {
            @Override
            public void audio(byte[] pcm, int offset, int length, long firstSample) {
                pass(listener, pcm, offset, length, firstSample * format.bytesPerFrame());
            }

            @Override
            public void end(long startSample, long endSample) {
                // an end belongs to what lies before it
                long last = Math.max(0, endSample - 1);
                listener.end(millis(startSample), format.millisOf(
                        position(last * format.bytesPerFrame()) + (endSample - last) * format.bytesPerFrame()));
            }
        };
    }

    private long millis(long sample) {
        return format.millisOf(position(sample * format.bytesPerFrame()));
    }

    private long position(long heard) {
        return heard + ahead.floorEntry(heard).getValue();
    }

    private void pass(Listener listener, byte[] pcm, int offset, int length, long heard) {
        for (int done = 0; done < length;) {
            Map.Entry<Long, Long> next = ahead.higherEntry(heard + done);
            int part = next == null ? length - done : (int) Math.min(length - done, next.getKey() - heard - done);
            listener.audio(pcm, offset + done, part, position(heard + done));
            done += part;
        }
        // it never goes back before what it has let through, but for the beginning of the turn it is in
        forget(heard);
    }

    private void forget(long before) {
        while (ahead.size() > MAX_GAPS && ahead.higherKey(ahead.firstKey()) <= before) {
            ahead.pollFirstEntry();
        }
    }

    /** The next of the stream. */
    void accept(byte[] audio) {
        heardBytes += audio.length;
        segmenter.accept(audio, 0, audio.length, sink);
    }

    /** The next of the stream is not to be heard. */
    void skip(long bytes) {
        ahead.merge(heardBytes, ahead.floorEntry(heardBytes).getValue() + bytes, (before, now) -> now);
    }

    /** Ends the turn that it is in, if any. */
    void flush() {
        segmenter.flush(sink);
    }
}
