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

/** Signed 16-bit little-endian samples in byte arrays. */
final class Pcm {

    private Pcm() {
    }

    static short get(byte[] pcm, int sample) {
        return (short) (pcm[2 * sample] & 0xFF | pcm[2 * sample + 1] << 8);
    }

    static void put(byte[] pcm, int sample, short value) {
        pcm[2 * sample] = (byte) value;
        pcm[2 * sample + 1] = (byte) (value >> 8);
    }

    /** Root mean square of some samples, 0 to 32768. */
    static double rms(byte[] pcm, int from, int count) {
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            double value = get(pcm, i);
            sum += value * value;
        }
        return Math.sqrt(sum / count);
    }
}
