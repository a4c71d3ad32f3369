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
 * ITU-T G.711 by table: 256 entries to decode, 64 KiB per law to encode. Linear samples are signed 16 bit; both halves
 * are mirror images, louder samples than the law knows are clipped to its loudest code.
 *
 * <p>The codecs of the JDK's {@code javax.sound} are not used: they belong to the desktop module, cannot be fed chunks,
 * turn µ-law samples beyond ±32,635 into silence and put some negative A-law samples on the wrong side of a decision
 * value.
 */
public final class G711 {

    private static final int ULAW_BIAS = 0x84;
    private static final int ULAW_CLIP = 32_635;
    private static final int ALAW_TOGGLE = 0x55;

    private static final short[] ULAW_TO_LINEAR = new short[256];
    private static final short[] ALAW_TO_LINEAR = new short[256];
    private static final byte[] LINEAR_TO_ULAW = new byte[65_536];
    private static final byte[] LINEAR_TO_ALAW = new byte[65_536];

    static {
        for (int code = 0; code < 256; code++) {
            ULAW_TO_LINEAR[code] = (short) expandUlaw(code);
            ALAW_TO_LINEAR[code] = (short) expandAlaw(code);
        }
        for (int sample = Short.MIN_VALUE; sample <= Short.MAX_VALUE; sample++) {
            LINEAR_TO_ULAW[sample & 0xFFFF] = (byte) compressUlaw(sample);
            LINEAR_TO_ALAW[sample & 0xFFFF] = (byte) compressAlaw(sample);
        }
    }

    private G711() {
    }

    /** Signed 16 bit sample of a µ-law byte. */
    public static short decodeUlaw(byte code) {
        return ULAW_TO_LINEAR[code & 0xFF];
    }

    /** Signed 16 bit sample of an A-law byte. */
    public static short decodeAlaw(byte code) {
        return ALAW_TO_LINEAR[code & 0xFF];
    }

    /** µ-law byte of a sample; only the low 16 bits are looked at, so saturate first. */
    public static byte encodeUlaw(int sample) {
        return LINEAR_TO_ULAW[sample & 0xFFFF];
    }

    /** A-law byte of a sample; only the low 16 bits are looked at, so saturate first. */
    public static byte encodeAlaw(int sample) {
        return LINEAR_TO_ALAW[sample & 0xFFFF];
    }

    private static int expandUlaw(int code) {
        int bits = ~code;
        int magnitude = ((((bits & 0x0F) << 3) + ULAW_BIAS) << ((bits & 0x70) >> 4)) - ULAW_BIAS;
        return (bits & 0x80) != 0 ? -magnitude : magnitude;
    }

    private static int compressUlaw(int sample) {
        int sign = sample < 0 ? 0x80 : 0;
        int magnitude = Math.min(Math.abs(sample), ULAW_CLIP) + ULAW_BIAS;
        int segment = 24 - Integer.numberOfLeadingZeros(magnitude);
        return ~(sign | (segment << 4) | ((magnitude >> (segment + 3)) & 0x0F));
    }

    private static int expandAlaw(int code) {
        int bits = code ^ ALAW_TOGGLE;
        int segment = (bits & 0x70) >> 4;
        int magnitude = ((bits & 0x0F) << 4) | 0x08;
        if (segment > 0) {
            magnitude = (magnitude + 0x100) << (segment - 1);
        }
        return (bits & 0x80) != 0 ? magnitude : -magnitude;
    }

    private static int compressAlaw(int sample) {
        int sign = sample >= 0 ? 0x80 : 0;
        // one's complement: the negative half mirrors the positive one with no code wasted on -0
        int magnitude = sample >= 0 ? sample : ~sample;
        int segment = Math.max(0, 24 - Integer.numberOfLeadingZeros(magnitude));
        int mantissa = (magnitude >> (segment == 0 ? 4 : segment + 3)) & 0x0F;
        return (sign | (segment << 4) | mantissa) ^ ALAW_TOGGLE;
    }
}
