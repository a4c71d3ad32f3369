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
package io.github.camelrealtime.examples.simulator;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import javax.sound.sampled.AudioFormat;

import com.sun.speech.freetts.Voice;
import com.sun.speech.freetts.audio.AudioPlayer;
import com.sun.speech.freetts.en.us.cmu_us_kal.KevinVoiceDirectory;

/** FreeTTS with its voice kevin16, to be used by one thread at a time. */
final class KevinSynthesiser {

    private static final String NAME = "kevin16";
    private static final int RATE = 16_000;

    private final Voice kevin;

    KevinSynthesiser() {
        kevin = find();
        kevin.allocate();
    }

    /**
     * Says a text.
     *
     * @return                       mono samples at 16 kHz
     * @throws IllegalStateException if it cannot
     */
    short[] say(String text) {
        Sink sink = new Sink();
        kevin.setAudioPlayer(sink);
        if (!kevin.speak(text)) {
            throw new IllegalStateException("The synthesiser gave up on a text of " + text.length() + " characters");
        }
        return sink.samples();
    }

    private static Voice find() {
        for (Voice voice : new KevinVoiceDirectory().getVoices()) {
            if (voice.getName().equals(NAME)) {
                return voice;
            }
        }
        throw new IllegalStateException("FreeTTS has no voice " + NAME);
    }

    /** Takes what would be played. */
    private static final class Sink implements AudioPlayer {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private AudioFormat format = new AudioFormat(RATE, Short.SIZE, 1, true, true);
        private float volume = 1;

        private short[] samples() {
            if (format.getSampleRate() != RATE || format.getChannels() != 1 || format.getSampleSizeInBits() != Short.SIZE) {
                throw new IllegalStateException("The synthesiser wrote " + format + ", not 16 kHz mono 16-bit");
            }
            short[] samples = new short[bytes.size() / Short.BYTES];
            ByteBuffer.wrap(bytes.toByteArray()).order(format.isBigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
                    .asShortBuffer().get(samples);
            return samples;
        }

        @Override
        public void setAudioFormat(AudioFormat wanted) {
            format = wanted;
        }

        @Override
        public AudioFormat getAudioFormat() {
            return format;
        }

        @Override
        public boolean write(byte[] audio) {
            return write(audio, 0, audio.length);
        }

        @Override
        public boolean write(byte[] audio, int offset, int size) {
            bytes.write(audio, offset, size);
            return true;
        }

        @Override
        public float getVolume() {
            return volume;
        }

        @Override
        public void setVolume(float wanted) {
            volume = wanted;
        }

        @Override
        public long getTime() {
            return 0;
        }

        @Override
        public boolean drain() {
            return true;
        }

        @Override
        public boolean end() {
            return true;
        }

        @Override
        public void begin(int size) {
            // as it comes
        }

        @Override
        public void pause() {
            // nothing is played
        }

        @Override
        public void resume() {
            // nothing is played
        }

        @Override
        public void reset() {
            // nothing is played
        }

        @Override
        public void resetTime() {
            // nothing is played
        }

        @Override
        public void startFirstSampleTimer() {
            // nothing is measured
        }

        @Override
        public void cancel() {
            // nothing is played
        }

        @Override
        public void close() {
            // nothing is held
        }

        @Override
        public void showMetrics() {
            // nothing is measured
        }
    }
}
