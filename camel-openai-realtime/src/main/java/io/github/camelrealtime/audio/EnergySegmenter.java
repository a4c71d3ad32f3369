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

import java.util.Objects;

/**
 * Finds speech by its energy over an adaptive noise floor, on frames of 20 ms.
 *
 * <p><b>Begin.</b> Sound above the floor is a burst. Once it has {@link Settings#minSpeechMillis()} of speech frames,
 * with pauses of at most 200 ms in between, it becomes a segment, and the sink gets the pre-roll and the burst at once.
 * A burst that falls silent before is gated like silence. One that the end of the stream interrupts has the
 * benefit of the doubt: it is given if it has 100 ms of speech, as a short recording may hold a single word.
 *
 * <p><b>End.</b> A segment ends after {@link Settings#hangoverMillis()} without speech, which belong to it. One that
 * goes on until {@link Settings#maxSegmentMillis()} is cut in the middle of the quietest 200 ms of its last 2 s, and what
 * lies behind the cut begins the next segment. That is why the last 2 s before the maximum are held back; until then
 * audio is given before {@link #accept} returns, but for the last incomplete frame.
 *
 * <p>After {@link #flush} the segmenter may go on: positions continue and the noise floor is kept.
 */
public final class EnergySegmenter implements SpeechSegmenter {

    private static final int CUT_SEARCH_MILLIS = 2_000;
    private static final int QUIET_MILLIS = 200;
    private static final int GAP_MILLIS = 200;
    /** A burst in which less than a third is speech is a row of clicks. */
    private static final int MAX_BURST_FACTOR = 3;
    /** Speech behind a cut that makes it worth a segment: it is the end of a word, so little is enough. */
    private static final int REST_SPEECH_MILLIS = 60;
    private static final int LAST_BURST_MILLIS = 100;
    /** How much may pile up inside one {@link #accept} before it is given, which keeps memory flat for huge arrays. */
    private static final int GIVE_MILLIS = 200;

    /**
     * When a segment begins and ends, in ms.
     *
     * @param minSpeechMillis  speech that makes a segment, 20 to 1,000, default 250
     * @param preRollMillis    audio before the first speech that is given too, 0 to 2,000, default 300
     * @param hangoverMillis   silence that ends a segment, 100 to 5,000, default 500
     * @param maxSegmentMillis longest segment, up to 600,000, default 30,000; at least 2,000 plus the pre-roll plus three
     *                         times the minimum of speech, so that there is something to cut
     */
    public record Settings(int minSpeechMillis, int preRollMillis, int hangoverMillis, int maxSegmentMillis) {

        public static final Settings DEFAULTS = new Settings(250, 300, 500, 30_000);

        public Settings {
            check("minSpeechMillis", minSpeechMillis, 20, 1_000);
            check("preRollMillis", preRollMillis, 0, 2_000);
            check("hangoverMillis", hangoverMillis, 100, 5_000);
            check("maxSegmentMillis", maxSegmentMillis,
                    CUT_SEARCH_MILLIS + preRollMillis + MAX_BURST_FACTOR * minSpeechMillis, 600_000);
        }

        private static void check(String name, int value, int least, int most) {
            if (value < least || value > most) {
                throw new IllegalArgumentException(
                        name + " is " + value + " ms, it must be " + least + " to " + most + " ms");
            }
        }
    }

    private enum State {
        /** Nothing but the pre-roll is held. */
        SILENT,
        /** A burst that may become a segment is held. */
        BURST,
        /** A segment is being given. */
        OPEN
    }

    private final int frameSamples;
    private final int preRollSamples;
    private final int searchSamples;
    private final int giveSamples;
    private final long maxSamples;
    private final int minSpeechFrames;
    private final int hangoverFrames;

    private final SpeechDetector detector = new SpeechDetector();
    private final FrameHistory history = new FrameHistory(CUT_SEARCH_MILLIS / SpeechDetector.FRAME_MILLIS);
    private final HeldAudio held;

    private State state = State.SILENT;
    /** Bytes of the frame that is not complete yet; they are the last ones held. */
    private int frameFill;
    /** End of the last complete frame. */
    private long position;
    private long gated;
    /** Frames without speech since the last one with it, while not silent. */
    private int quietFrames;
    private int burstFrames;
    private int burstSpeechFrames;
    /** Whether the burst is what a cut left over: it starts exactly there and needs little speech. */
    private boolean burstIsRest;
    private long segmentStart;

    /** With the default settings. */
    public EnergySegmenter(int sampleRate) {
        this(sampleRate, Settings.DEFAULTS);
    }

    /**
     * @param sampleRate of the sound in Hz, {@value AudioFormat#MIN_RATE} to {@value AudioFormat#MAX_RATE}
     */
    public EnergySegmenter(int sampleRate, Settings settings) {
        if (sampleRate < AudioFormat.MIN_RATE || sampleRate > AudioFormat.MAX_RATE) {
            throw new IllegalArgumentException("Sample rate " + sampleRate + " Hz is outside " + AudioFormat.MIN_RATE
                                               + " to " + AudioFormat.MAX_RATE + " Hz");
        }
        Objects.requireNonNull(settings, "settings");
        frameSamples = sampleRate * SpeechDetector.FRAME_MILLIS / 1_000;
        // all times in whole frames: positions then stay on frame borders, where the history knows the power
        preRollSamples = framesFor(settings.preRollMillis()) * frameSamples;
        searchSamples = framesFor(CUT_SEARCH_MILLIS) * frameSamples;
        giveSamples = framesFor(GIVE_MILLIS) * frameSamples;
        maxSamples = (long) settings.maxSegmentMillis() / SpeechDetector.FRAME_MILLIS * frameSamples;
        minSpeechFrames = framesFor(settings.minSpeechMillis());
        hangoverFrames = framesFor(settings.hangoverMillis());
        held = new HeldAudio(4 * (searchSamples + giveSamples));
    }

    private static int framesFor(int millis) {
        return (millis + SpeechDetector.FRAME_MILLIS - 1) / SpeechDetector.FRAME_MILLIS;
    }

    @Override
    public void accept(byte[] pcm, int offset, int length, Sink sink) {
        int frameBytes = 2 * frameSamples;
        int at = offset;
        int end = offset + length;
        while (at < end) {
            int n = Math.min(end - at, frameBytes - frameFill);
            held.append(pcm, at, n);
            frameFill += n;
            at += n;
            if (frameFill == frameBytes) {
                frameFill = 0;
                position += frameSamples;
                onFrame(sink);
            }
        }
        if (state == State.OPEN) {
            held.giveUntil(givable(), sink);
        }
    }

    private void onFrame(Sink sink) {
        double power = held.powerOfLast(frameSamples);
        boolean speech = detector.isSpeech(power, state == State.OPEN);
        history.add(power, speech);
        quietFrames = speech ? 0 : quietFrames + 1;
        switch (state) {
            case SILENT -> {
                if (speech) {
                    beginBurst(1, 1, false);
                    openIfSpeech(minSpeechFrames);
                } else {
                    gateAllButPreRoll();
                }
            }
            case BURST -> {
                burstFrames++;
                burstSpeechFrames += speech ? 1 : 0;
                openIfSpeech(burstIsRest ? framesFor(REST_SPEECH_MILLIS) : minSpeechFrames);
                if (state == State.BURST && burstIsOver()) {
                    state = State.SILENT;
                    gateAllButPreRoll();
                }
            }
            case OPEN -> onSegmentFrame(sink);
        }
    }

    private void beginBurst(int frames, int speechFrames, boolean rest) {
        state = State.BURST;
        burstFrames = frames;
        burstSpeechFrames = speechFrames;
        burstIsRest = rest;
    }

    private boolean burstIsOver() {
        return burstIsRest
                ? quietFrames >= hangoverFrames || position - held.firstSample() >= maxSamples - searchSamples
                : quietFrames > framesFor(GAP_MILLIS) || burstFrames >= MAX_BURST_FACTOR * minSpeechFrames;
    }

    private void openIfSpeech(int neededFrames) {
        if (burstSpeechFrames >= neededFrames) {
            state = State.OPEN;
            segmentStart = held.firstSample();
        }
    }

    private void gateAllButPreRoll() {
        gated += held.dropUntil(position - preRollSamples);
    }

    private void onSegmentFrame(Sink sink) {
        if (quietFrames >= hangoverFrames) {
            endSegment(position, sink);
            state = State.SILENT;
        } else if (position - segmentStart >= maxSamples) {
            cut(sink);
        } else if (givable() - held.firstSample() >= giveSamples) {
            held.giveUntil(givable(), sink);
        }
    }

    /** Audio before this position can no longer lie behind a cut. */
    private long givable() {
        return Math.min(position, segmentStart + maxSamples - searchSamples);
    }

    private void cut(Sink sink) {
        int restFrames = history.framesSinceQuietest(framesFor(QUIET_MILLIS));
        endSegment(position - (long) restFrames * frameSamples, sink);
        // the rest may be nothing but the silence after the last word: that is no segment
        beginBurst(restFrames, history.speechAmong(restFrames), true);
        quietFrames = Math.min(quietFrames, restFrames);
        openIfSpeech(framesFor(REST_SPEECH_MILLIS));
    }

    private void endSegment(long end, Sink sink) {
        held.giveUntil(end, sink);
        sink.end(segmentStart, end);
    }

    @Override
    public void flush(Sink sink) {
        held.dropOddByte();
        position = held.firstSample() + held.samples();
        frameFill = 0;
        if (state == State.BURST) {
            openIfSpeech(burstIsRest ? 1 : Math.min(minSpeechFrames, framesFor(LAST_BURST_MILLIS)));
        }
        if (state == State.OPEN) {
            endSegment(position, sink);
        } else {
            gated += held.dropUntil(position);
        }
        state = State.SILENT;
    }

    @Override
    public long heldSamples() {
        return held.samples();
    }

    @Override
    public long gatedSamples() {
        return gated;
    }
}
