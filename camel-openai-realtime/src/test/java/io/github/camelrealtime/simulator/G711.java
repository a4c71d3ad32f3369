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

/** ITU-T G.711 at 8 kHz, one byte a sample. The simulator's own, so that it cannot share a mistake with its clients. */
final class G711 {

    private static final int ULAW_BIAS = 0x84;
    private static final int ULAW_CLIP = 32635;

    private G711() {
    }

    static short fromUlaw(byte code) {
        int value = ~code & 0xFF;
        int magnitude = (((value & 0x0F) << 3) + ULAW_BIAS << ((value & 0x70) >> 4)) - ULAW_BIAS;
        return (short) ((value & 0x80) != 0 ? -magnitude : magnitude);
    }

    static byte toUlaw(short sample) {
        int sign = sample < 0 ? 0x80 : 0;
        int magnitude = Math.min(Math.abs((int) sample), ULAW_CLIP) + ULAW_BIAS;
        int exponent = 31 - Integer.numberOfLeadingZeros(magnitude) - 7;
        int mantissa = magnitude >> exponent + 3 & 0x0F;
        return (byte) ~(sign | exponent << 4 | mantissa);
    }

    static short fromAlaw(byte code) {
        int value = (code ^ 0x55) & 0xFF;
        int exponent = (value & 0x70) >> 4;
        int magnitude = (value & 0x0F) << 4 | 0x08;
        if (exponent > 0) {
            magnitude = magnitude + 0x100 << exponent - 1;
        }
        return (short) ((value & 0x80) != 0 ? magnitude : -magnitude);
    }

    static byte toAlaw(short sample) {
        int sign = sample >= 0 ? 0x80 : 0;
        int magnitude = Math.min(sample >= 0 ? sample : ~sample, 0x7FFF);
        int exponent = Math.max(0, 31 - Integer.numberOfLeadingZeros(magnitude | 1) - 7);
        int mantissa = magnitude >> (exponent == 0 ? 4 : exponent + 3) & 0x0F;
        return (byte) ((sign | exponent << 4 | mantissa) ^ 0x55);
    }
}
