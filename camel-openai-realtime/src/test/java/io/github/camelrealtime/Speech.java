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

/** Something that a voice detector takes for speech. */
final class Speech {

    private static final int SAMPLES_PER_MILLI = 24;

    private Speech() {
    }

    /** A tone, PCM16 24 kHz mono little-endian. */
    static byte[] pcm(int millis) {
        byte[] pcm = new byte[millis * SAMPLES_PER_MILLI * 2];
        for (int i = 0; i < pcm.length / 2; i++) {
            short sample = (short) (8_000 * Math.sin(i * 0.1));
            pcm[2 * i] = (byte) sample;
            pcm[2 * i + 1] = (byte) (sample >> 8);
        }
        return pcm;
    }
}
