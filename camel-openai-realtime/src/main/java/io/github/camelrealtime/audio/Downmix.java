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

import java.util.Arrays;

/**
 * Many channels to one. Weights add up to 1, so a mix never clips. Two channels and layouts we cannot know are averaged;
 * six and more channels are taken in WAV order as 5.1, 6.1 and 7.1: the centre, where speech is, weighs most, the
 * surrounds least, and the bass effects channel is left out.
 */
final class Downmix {

    private static final float FRONT = (float) Math.sqrt(0.5);
    private static final float SURROUND = 0.5f;
    private static final float[] WAV_ORDER = { FRONT, FRONT, 1, 0, SURROUND, SURROUND, SURROUND, SURROUND };

    private final float[] weights;

    Downmix(int channels) {
        weights = new float[channels];
        if (channels >= 6 && channels <= WAV_ORDER.length) {
            System.arraycopy(WAV_ORDER, 0, weights, 0, channels);
        } else {
            Arrays.fill(weights, 1);
        }
        float sum = 0;
        for (float weight : weights) {
            sum += weight;
        }
        for (int i = 0; i < channels; i++) {
            weights[i] /= sum;
        }
    }

    /** Mixes in place: the mono samples are the first {@code frames} of the array afterwards. */
    void mix(float[] samples, int frames) {
        int channels = weights.length;
        if (channels == 1) {
            return;
        }
        // reading runs ahead of writing, so one array is enough
        for (int frame = 0, at = 0; frame < frames; frame++) {
            float sum = 0;
            for (int channel = 0; channel < channels; channel++) {
                sum += samples[at++] * weights[channel];
            }
            samples[frame] = sum;
        }
    }
}
