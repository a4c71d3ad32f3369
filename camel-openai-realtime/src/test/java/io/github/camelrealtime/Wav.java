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

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import static io.github.camelrealtime.audio.Bytes.ascii;

/** WAV files, written here byte by byte so that a mistake of the component's own writer cannot hide one of its reader. */
final class Wav {

    static final int PCM = 1;
    static final int ALAW = 6;
    static final int ULAW = 7;

    private static final int HEADER = 44;

    private Wav() {
    }

    /**
     * A file of samples in one channel; further channels are silent.
     *
     * @param bits 8, 16 or 24
     */
    static byte[] pcm(int rate, int bits, int channels, short[] samples) {
        return file(PCM, rate, bits, channels, raw(bits, channels, ByteOrder.LITTLE_ENDIAN, samples));
    }

    /** The samples without a header; further channels are silent. */
    static byte[] raw(int bits, int channels, ByteOrder order, short[] samples) {
        ByteBuffer data = ByteBuffer.allocate(samples.length * channels * bits / 8).order(order);
        for (short sample : samples) {
            put(data, bits, sample);
            for (int silent = 1; silent < channels; silent++) {
                put(data, bits, (short) 0);
            }
        }
        return data.array();
    }

    private static void put(ByteBuffer data, int bits, short sample) {
        switch (bits) {
            case 8 -> data.put((byte) ((sample >> 8) + 128));
            case 16 -> data.putShort(sample);
            default -> data.put((byte) 0).put((byte) sample).put((byte) (sample >> 8));
        }
    }

    static byte[] file(int tag, int rate, int bits, int channels, byte[] data) {
        int frame = channels * bits / 8;
        return ByteBuffer.allocate(HEADER + data.length).order(ByteOrder.LITTLE_ENDIAN)
                .put(ascii("RIFF")).putInt(HEADER - 8 + data.length).put(ascii("WAVE"))
                .put(ascii("fmt ")).putInt(16).putShort((short) tag).putShort((short) channels)
                .putInt(rate).putInt(rate * frame).putShort((short) frame).putShort((short) bits)
                .put(ascii("data")).putInt(data.length).put(data).array();
    }
}
