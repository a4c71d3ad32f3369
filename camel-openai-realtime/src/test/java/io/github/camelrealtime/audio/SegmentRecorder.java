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

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A sink that holds a segmenter to its contract at every call and keeps what it was given. */
final class SegmentRecorder implements SpeechSegmenter.Sink {

    record Segment(long start, long end) {
        double startSeconds(int rate) {
            return (double) start / rate;
        }

        double endSeconds(int rate) {
            return (double) end / rate;
        }

        double seconds(int rate) {
            return (double) (end - start) / rate;
        }
    }

    private final byte[] stream;
    final List<Segment> segments = new ArrayList<>();
    final ByteArrayOutputStream given = new ByteArrayOutputStream();
    int audioCalls;
    long submitted;
    private long start = -1;
    private long next;

    /** @param stream all that is accepted, to compare with what is given */
    SegmentRecorder(byte[] stream) {
        this.stream = stream;
    }

    @Override
    public void audio(byte[] pcm, int offset, int length, long firstSample) {
        audioCalls++;
        assertThat(length).isPositive();
        assertThat(length % 2).isZero();
        if (start < 0) {
            assertThat(firstSample).as("segments never overlap").isGreaterThanOrEqualTo(next);
            start = firstSample;
        } else {
            assertThat(firstSample).as("contiguous within a segment").isEqualTo(next);
        }
        int at = (int) (2 * firstSample);
        assertThat(Arrays.equals(pcm, offset, offset + length, stream, at, at + length))
                .as("the audio of the stream at sample %d", firstSample).isTrue();
        next = firstSample + length / 2;
        submitted += length / 2;
        given.write(pcm, offset, length);
        Arrays.fill(pcm, offset, offset + length, (byte) 0x55);
    }

    @Override
    public void end(long startSample, long endSample) {
        assertThat(startSample).isEqualTo(start);
        assertThat(endSample).isEqualTo(next);
        segments.add(new Segment(startSample, endSample));
        start = -1;
    }

    boolean isOpen() {
        return start >= 0;
    }

    /** Runs a segmenter over the stream in chunks of so many bytes and checks its sums after each. */
    void run(SpeechSegmenter segmenter, int chunk) {
        for (int at = 0; at < stream.length; at += chunk) {
            accept(segmenter, at, Math.min(chunk, stream.length - at));
        }
        flush(segmenter);
    }

    void accept(SpeechSegmenter segmenter, int at, int length) {
        segmenter.accept(stream, at, length, this);
        assertThat(submitted + segmenter.heldSamples() + segmenter.gatedSamples())
                .as("given, held and gated add up").isEqualTo((at + length) / 2);
    }

    void flush(SpeechSegmenter segmenter) {
        segmenter.flush(this);
        assertThat(isOpen()).isFalse();
        assertThat(segmenter.heldSamples()).isZero();
        assertThat(submitted + segmenter.gatedSamples()).isEqualTo(stream.length / 2);
    }
}
