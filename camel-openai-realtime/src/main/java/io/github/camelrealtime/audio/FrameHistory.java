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

/** Power and verdict of the last frames, as many as the cut of an overlong segment looks back on. */
final class FrameHistory {

    private final double[] powers;
    private final boolean[] speech;
    private long frames;

    FrameHistory(int capacity) {
        powers = new double[capacity];
        speech = new boolean[capacity];
    }

    void add(double power, boolean isSpeech) {
        int slot = (int) (frames % powers.length);
        powers[slot] = power;
        speech[slot] = isSpeech;
        frames++;
    }

    /**
     * How many frames ago the middle of the quietest stretch of the whole history lies; of equal ones the latest, so that
     * the segment is as long as it may be.
     *
     * @param stretch length of the stretch in frames
     */
    int framesSinceQuietest(int stretch) {
        double quietest = Double.POSITIVE_INFINITY;
        int found = 0;
        for (int newest = 0; newest + stretch <= powers.length; newest++) {
            double sum = 0;
            for (int age = newest; age < newest + stretch; age++) {
                sum += powers[slot(age)];
            }
            if (sum < quietest) {
                quietest = sum;
                found = newest + stretch - stretch / 2;
            }
        }
        return found;
    }

    /** How many of the last {@code count} frames are speech. */
    int speechAmong(int count) {
        int found = 0;
        for (int age = 0; age < count; age++) {
            found += speech[slot(age)] ? 1 : 0;
        }
        return found;
    }

    private int slot(int age) {
        return (int) ((frames - 1 - age) % powers.length);
    }
}
