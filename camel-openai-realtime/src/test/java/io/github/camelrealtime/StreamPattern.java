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
package io.github.camelrealtime;

import java.util.ArrayList;
import java.util.List;

import io.github.camelrealtime.simulator.AudioClip;
import io.github.camelrealtime.simulator.SampleRange;
import io.github.camelrealtime.simulator.Transcriber;
import io.github.camelrealtime.simulator.Transcription;

/**
 * Audio whose every sample tells its place in the stream, so that whoever hears some of it knows exactly what: over connections,
 * cuts and repetitions. Blocks of 32 samples: a mark and the block's number in binary, loud for speech and faint for silence.
 * How many samples are lost or doubled is heard exactly, and where to within a block.
 *
 * <p>G.711 µ-law, 8 kHz, one byte a sample: it comes through unchanged as long as nobody converts it.
 */
public final class StreamPattern {

    public static final int SAMPLES_PER_MILLI = 8;

    private static final int BLOCK = 32;
    /** Numbers are mostly zeros, in which a lost sample would not show before the next mark. */
    private static final int MASK = 0x59D2_3A66;
    // µ-law for 16764, 8316 and -8316, and for 64, 32 and -32
    private static final byte LOUD_MARK = (byte) 0x8F;
    private static final byte LOUD_ONE = (byte) 0x9F;
    private static final byte LOUD_ZERO = (byte) 0x1F;
    private static final byte FAINT_MARK = (byte) 0xF7;
    private static final byte FAINT_ONE = (byte) 0xFB;
    private static final byte FAINT_ZERO = (byte) 0x7B;
    private static final int LOUD = 4000;
    private static final int LOUD_MARK_LEVEL = 12_000;
    private static final int FAINT_MARK_LEVEL = 48;
    private static final String WORD = "stream ";

    private StreamPattern() {
    }

    /** Samples {@code [first, first + count)} of the stream. */
    public static byte[] samples(long first, int count, boolean loud) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            long place = first + i;
            if (place % BLOCK == 0) {
                bytes[i] = loud ? LOUD_MARK : FAINT_MARK;
            } else if (bit(place)) {
                bytes[i] = loud ? LOUD_ONE : FAINT_ONE;
            } else {
                bytes[i] = loud ? LOUD_ZERO : FAINT_ZERO;
            }
        }
        return bytes;
    }

    /** Hears of which samples of the stream a clip is made: {@code stream 0..48000}, with a blank between stretches. */
    public static Transcriber transcriber() {
        return StreamPattern::hear;
    }

    /** Reads transcripts of the {@link #transcriber}; stretches that follow one another are one. */
    public static List<SampleRange> ranges(List<String> transcripts) {
        List<SampleRange> ranges = new ArrayList<>();
        for (String transcript : transcripts) {
            for (String stretch : transcript.trim().split(" *" + WORD)) {
                if (!stretch.isEmpty()) {
                    String[] ends = stretch.split("\\.\\.");
                    join(ranges, new SampleRange(Long.parseLong(ends[0]), Long.parseLong(ends[1])));
                }
            }
        }
        return ranges;
    }

    private static void join(List<SampleRange> ranges, SampleRange next) {
        int last = ranges.size() - 1;
        if (last >= 0 && ranges.get(last).end() == next.first()) {
            ranges.set(last, new SampleRange(ranges.get(last).first(), next.end()));
        } else {
            ranges.add(next);
        }
    }

    private static Transcription hear(AudioClip clip) {
        StringBuilder text = new StringBuilder();
        heard(clip.pcm16()).forEach(range -> text.append(text.length() == 0 ? "" : " ").append(WORD).append(range.first())
                .append("..").append(range.end()));
        return Transcription.of(text.toString());
    }

    /** Stretches of the stream in 16-bit samples. */
    static List<SampleRange> heard(byte[] pcm16) {
        int count = pcm16.length / 2;
        List<SampleRange> stretches = new ArrayList<>();
        int at = 0;
        while (at < count) {
            long first = placeOf(pcm16, at, count);
            int end = at + 1;
            while (end < count && fits(level(pcm16, end), first + end - at)) {
                end++;
            }
            stretches.add(new SampleRange(first, first + end - at));
            at = end;
        }
        return stretches;
    }

    /** The place of a sample, from the next block that is whole. */
    private static long placeOf(byte[] pcm, int at, int count) {
        int mark = at;
        while (mark < count && !isMark(level(pcm, mark))) {
            mark++;
        }
        if (mark + BLOCK > count) {
            throw new IllegalArgumentException("No whole block in the last " + (count - at) + " samples of a clip");
        }
        long block = 0;
        for (int i = 1; i < BLOCK; i++) {
            block |= level(pcm, mark + i) > 0 != ((MASK >> i & 1) == 1) ? 1L << i - 1 : 0;
        }
        return block * BLOCK - (mark - at);
    }

    private static boolean fits(int level, long place) {
        return place % BLOCK == 0 ? isMark(level) : !isMark(level) && level > 0 == bit(place);
    }

    private static boolean isMark(int level) {
        return level > LOUD_MARK_LEVEL || level > FAINT_MARK_LEVEL && level < LOUD;
    }

    private static boolean bit(long place) {
        return (place / BLOCK >> place % BLOCK - 1 & 1) != (MASK >> place % BLOCK & 1);
    }

    private static int level(byte[] pcm, int index) {
        return (short) (pcm[2 * index] & 0xFF | pcm[2 * index + 1] << 8);
    }
}
