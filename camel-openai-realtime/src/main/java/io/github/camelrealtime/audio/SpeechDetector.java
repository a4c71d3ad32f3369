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
 * Says of each frame of 20 ms whether it is speech, by its level against a noise floor that follows the stream and
 * against the level of the speech heard so far. Levels are in dB of full scale (dBFS).
 *
 * <p>The floor falls at once and rises slowly, so the dips between syllables keep it down while somebody talks. Steady
 * sound that is not loud is noise however suddenly it began: the floor jumps up to it. Loud sound is never noise, since
 * the floor is capped. Whatever the noise does, the detector is therefore neither shut nor open for ever.
 */
final class SpeechDetector {

    static final int FRAME_MILLIS = 20;

    /** Below any noise of a microphone: keeps digital silence from making a whisper of dither look loud. */
    private static final double LOWEST_FLOOR = -75;
    /** The floor a stream may start with; one that starts in the middle of a word must not take it for noise. */
    private static final double HIGHEST_FIRST_FLOOR = -50;
    /** Sound above this and the opening margin, -21 dBFS, counts as speech however steady it is. */
    private static final double HIGHEST_FLOOR = -30;
    private static final double RISE_PER_FRAME = 2.0 * FRAME_MILLIS / 1_000;
    private static final double FALL_PER_FRAME = 0.3;

    private static final int STEADY_FRAMES = 12;
    private static final double STEADY_DEVIATION = 1.5;
    private static final double STEADY_CEILING = -35;

    /** Speech must stand out this far to begin and this far to go on. */
    private static final double OPEN_MARGIN = 9;
    private static final double KEEP_MARGIN = 6;
    /** Nothing below is ever speech. */
    private static final double OPEN_LEAST = -52;
    private static final double KEEP_LEAST = -55;

    /** Sound this far below the peaks of the talker is breath, line noise or echo, unless they are quiet themselves. */
    private static final double TALKER_RANGE = 32;
    private static final double TALKER_CEILING = -42;
    private static final double TALKER_ATTACK = 0.1;
    private static final double TALKER_DECAY_PER_FRAME = 1.0 * FRAME_MILLIS / 1_000;

    private final double[] recent = new double[STEADY_FRAMES];
    private int frames;
    private double floor;
    private double talker = LOWEST_FLOOR;

    /**
     * Judges the next frame.
     *
     * @param power mean power of the frame, 0 to 1 (full scale)
     * @param open  whether speech is going on
     */
    boolean isSpeech(double power, boolean open) {
        double level = 10 * Math.log10(power + 1e-10);
        trackFloor(level);
        double relative = Math.min(TALKER_CEILING, talker - TALKER_RANGE);
        double threshold = open
                ? Math.max(floor + KEEP_MARGIN, Math.max(KEEP_LEAST, relative))
                : Math.max(floor + OPEN_MARGIN, Math.max(OPEN_LEAST, relative));
        boolean speech = level > threshold;
        if (speech && level > talker) {
            talker += TALKER_ATTACK * (level - talker);
        } else {
            talker = Math.max(LOWEST_FLOOR, talker - TALKER_DECAY_PER_FRAME);
        }
        return speech;
    }

    private void trackFloor(double level) {
        recent[frames % STEADY_FRAMES] = level;
        if (frames++ == 0) {
            floor = Math.min(level, HIGHEST_FIRST_FLOOR);
        } else if (level < floor) {
            floor += FALL_PER_FRAME * (level - floor);
        } else {
            floor = Math.min(floor + RISE_PER_FRAME, level);
        }
        if (frames >= STEADY_FRAMES && level > floor) {
            floor = Math.max(floor, steadyLevel());
        }
        floor = Math.max(LOWEST_FLOOR, Math.min(HIGHEST_FLOOR, floor));
    }

    /** The level of the last frames if they are alike and not loud, else the lowest there is. */
    private double steadyLevel() {
        double sum = 0;
        double squares = 0;
        for (double level : recent) {
            sum += level;
            squares += level * level;
        }
        double mean = sum / STEADY_FRAMES;
        double variance = squares / STEADY_FRAMES - mean * mean;
        return mean <= STEADY_CEILING && variance <= STEADY_DEVIATION * STEADY_DEVIATION ? mean : LOWEST_FLOOR;
    }
}
