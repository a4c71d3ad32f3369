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
 * Many channels to one. Weights add up to 1, so a mix never clips. Where it is known which speaker a channel is for, the
 * centre, where speech is, weighs most, the surrounds least, and the bass effects channel is left out. It is known from the
 * channel mask; without one six and more channels are taken as 5.1, 6.1 and 7.1 in WAV order, and two to five, which may be
 * anything, are averaged.
 */
final class Downmix {

    private static final float FRONT = (float) Math.sqrt(0.5);
    private static final float SURROUND = 0.5f;
    /** By the bits of a channel mask: front left and right, centre, bass, back left and right, front left and right of centre. */
    private static final float[] BY_SPEAKER = { FRONT, FRONT, 1, 0, SURROUND, SURROUND, FRONT, FRONT };
    private static final float[] WAV_ORDER = { FRONT, FRONT, 1, 0, SURROUND, SURROUND, SURROUND, SURROUND };
    private static final int STEREO = 0x3;
    private static final int FIVE_ONE = 0x3F;

    private final float[] weights;

    Downmix(AudioFormat format) {
        weights = weights(format.channels(), format.speakers());
        float sum = 0;
        for (float weight : weights) {
            sum += weight;
        }
        if (sum == 0) {
            // bass alone: better that than silence
            Arrays.fill(weights, 1);
            sum = weights.length;
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= sum;
        }
    }

    /** The channel mask that says no more than the number of channels does. */
    static int usualSpeakers(int channels) {
        return switch (channels) {
            case 2 -> STEREO;
            case 6 -> FIVE_ONE;
            default -> 0;
        };
    }

    private static float[] weights(int channels, int speakers) {
        float[] weights = new float[channels];
        if (channels == 1) {
            weights[0] = 1;
        } else if (speakers != 0) {
            Arrays.fill(weights, SURROUND);
            int left = speakers;
            // channels beyond the mask belong to no speaker, those of the sides, the back and the ceiling are surrounds
            for (int i = 0; i < channels && left != 0; i++) {
                int speaker = Integer.numberOfTrailingZeros(left);
                left &= left - 1;
                weights[i] = speaker < BY_SPEAKER.length ? BY_SPEAKER[speaker] : SURROUND;
            }
        } else if (channels >= 6 && channels <= WAV_ORDER.length) {
            System.arraycopy(WAV_ORDER, 0, weights, 0, channels);
        } else {
            Arrays.fill(weights, 1);
        }
        return weights;
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
