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

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;

/** The audio files that we read. */
public enum AudioContainer {
    /** RIFF, RF64 or BW64 with WAVE in it. */
    WAV {
        @Override
        boolean startsLike(byte[] head, int length) {
            return WavReader.startsLikeWav(head, length);
        }

        @Override
        public AudioReader open(InputStream in) throws IOException {
            return new WavReader(in);
        }
    },
    /** AIFF and AIFF-C. */
    AIFF {
        @Override
        boolean startsLike(byte[] head, int length) {
            return AiffReader.startsLikeAiff(head, length);
        }

        @Override
        public AudioReader open(InputStream in) throws IOException {
            return new AiffReader(in);
        }
    },
    /** {@code .au} and {@code .snd}. */
    AU {
        @Override
        boolean startsLike(byte[] head, int length) {
            // as a piece of raw audio may begin with .snd by chance, the size of the header is looked at too
            return AuReader.startsLikeAu(head, length) && (length < 8 || HeaderInput.bigUint32(head, 4) < 1 << 24);
        }

        @Override
        public AudioReader open(InputStream in) throws IOException {
            return new AuReader(in);
        }
    };

    abstract boolean startsLike(byte[] head, int length);

    /**
     * Reads the header, up to the first byte of audio. The stream is not closed if that fails.
     *
     * @throws AudioFormatException if it is not such a file, or one we cannot read
     */
    public abstract AudioReader open(InputStream in) throws IOException;

    /** The file that begins with these bytes, {@code null} if it is none of ours; 12 bytes are enough to tell. */
    public static AudioContainer of(byte[] head, int length) {
        for (AudioContainer container : values()) {
            if (container.startsLike(head, length)) {
                return container;
            }
        }
        return null;
    }

    /** The container that an option names: {@code wav}, {@code aiff} or {@code au}; {@code null} if it names none. */
    public static AudioContainer ofWord(String word) {
        return Arrays.stream(values()).filter(container -> container.word().equals(word)).findFirst().orElse(null);
    }

    /** Its name in options. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Audio that has no header. */
    public static AudioReader raw(InputStream in, AudioFormat format) {
        return new AudioData(in, "raw", format, -1);
    }
}
