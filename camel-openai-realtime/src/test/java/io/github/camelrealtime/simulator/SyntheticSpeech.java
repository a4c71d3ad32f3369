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

/**
 * Sound that behaves like speech to a voice detector and to ears that only measure: a voiced tone with harmonics whose
 * loudness follows syllables. The same arguments give the same samples.
 */
public final class SyntheticSpeech {

    private static final double PITCH = 140;
    private static final double SYLLABLES_PER_SECOND = 4;
    private static final double LOUDNESS = 9_000;

    private SyntheticSpeech() {
    }

    /**
     * Speech-like sound.
     *
     * @param millis     length
     * @param sampleRate Hz
     */
    public static short[] samples(long millis, int sampleRate) {
        short[] samples = new short[Math.toIntExact(millis * sampleRate / 1000)];
        for (int i = 0; i < samples.length; i++) {
            double t = (double) i / sampleRate;
            // never down to nothing: a pause between syllables must not look like the end of a turn
            double envelope = 0.35 + 0.65 * Math.abs(Math.sin(Math.PI * SYLLABLES_PER_SECOND * t));
            double phase = 2 * Math.PI * PITCH * t;
            double tone = 0.6 * Math.sin(phase) + 0.3 * Math.sin(2 * phase) + 0.1 * Math.sin(5 * phase);
            samples[i] = (short) (LOUDNESS * envelope * tone);
        }
        return samples;
    }

    /** Speech-like sound as 24 kHz signed 16-bit little-endian bytes. */
    public static byte[] pcm(long millis) {
        return WireFormat.PCM.fromSamples(samples(millis, WireFormat.PCM.rate()));
    }

    /** Silence as 24 kHz signed 16-bit little-endian bytes. */
    public static byte[] silence(long millis) {
        return new byte[Math.toIntExact(millis * WireFormat.PCM.rate() / 1000 * 2)];
    }
}
