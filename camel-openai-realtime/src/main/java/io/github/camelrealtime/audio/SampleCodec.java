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

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

import io.github.camelrealtime.audio.AudioFormat.Encoding;

/**
 * Bytes to samples and back. Samples are floats on the scale of 16 bit PCM (−32,768 to 32,767), which holds 8 to 24 bit
 * input exactly.
 */
final class SampleCodec {

    /** Float files may exceed full scale between samples and before a mix; more than this is garbage. */
    private static final float FLOAT_LIMIT = 16;

    private static final VarHandle INT_LE = view(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT_BE = view(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle FLOAT_LE = view(float[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle FLOAT_BE = view(float[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle DOUBLE_LE = view(double[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle DOUBLE_BE = view(double[].class, ByteOrder.BIG_ENDIAN);

    private SampleCodec() {
    }

    private static VarHandle view(Class<?> array, ByteOrder order) {
        return MethodHandles.byteArrayViewVarHandle(array, order);
    }

    /** Decodes {@code count} samples, channels still interleaved. */
    static void decode(Encoding encoding, byte[] in, int offset, float[] out, int count) {
        switch (encoding) {
            case PCM_U8 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = ((in[offset + i] & 0xFF) - 128) << 8;
                }
            }
            case PCM_S8 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = in[offset + i] << 8;
                }
            }
            case PCM_S16_LE -> {
                for (int i = 0, at = offset; i < count; i++, at += 2) {
                    out[i] = (in[at] & 0xFF) | (in[at + 1] << 8);
                }
            }
            case PCM_S16_BE -> {
                for (int i = 0, at = offset; i < count; i++, at += 2) {
                    out[i] = (in[at + 1] & 0xFF) | (in[at] << 8);
                }
            }
            case PCM_S24_LE -> {
                for (int i = 0, at = offset; i < count; i++, at += 3) {
                    out[i] = ((in[at] & 0xFF) | ((in[at + 1] & 0xFF) << 8) | (in[at + 2] << 16)) * 0x1p-8f;
                }
            }
            case PCM_S24_BE -> {
                for (int i = 0, at = offset; i < count; i++, at += 3) {
                    out[i] = ((in[at + 2] & 0xFF) | ((in[at + 1] & 0xFF) << 8) | (in[at] << 16)) * 0x1p-8f;
                }
            }
            case PCM_S32_LE -> {
                for (int i = 0, at = offset; i < count; i++, at += 4) {
                    out[i] = (int) INT_LE.get(in, at) * 0x1p-16f;
                }
            }
            case PCM_S32_BE -> {
                for (int i = 0, at = offset; i < count; i++, at += 4) {
                    out[i] = (int) INT_BE.get(in, at) * 0x1p-16f;
                }
            }
            case PCM_F32_LE -> {
                for (int i = 0, at = offset; i < count; i++, at += 4) {
                    out[i] = scaled((float) FLOAT_LE.get(in, at));
                }
            }
            case PCM_F32_BE -> {
                for (int i = 0, at = offset; i < count; i++, at += 4) {
                    out[i] = scaled((float) FLOAT_BE.get(in, at));
                }
            }
            case PCM_F64_LE -> {
                for (int i = 0, at = offset; i < count; i++, at += 8) {
                    out[i] = scaled((float) (double) DOUBLE_LE.get(in, at));
                }
            }
            case PCM_F64_BE -> {
                for (int i = 0, at = offset; i < count; i++, at += 8) {
                    out[i] = scaled((float) (double) DOUBLE_BE.get(in, at));
                }
            }
            case PCMU -> {
                for (int i = 0; i < count; i++) {
                    out[i] = G711.decodeUlaw(in[offset + i]);
                }
            }
            case PCMA -> {
                for (int i = 0; i < count; i++) {
                    out[i] = G711.decodeAlaw(in[offset + i]);
                }
            }
        }
    }

    /** One NaN or infinity would poison the filter for the length of its taps. */
    private static float scaled(float sample) {
        return Float.isNaN(sample) ? 0 : Math.max(-FLOAT_LIMIT, Math.min(FLOAT_LIMIT, sample)) * 32_768;
    }

    /**
     * Rounds and saturates {@code count} samples and writes them as {@link Encoding#PCM_S16_LE}, {@link Encoding#PCMU}
     * or {@link Encoding#PCMA}.
     *
     * @return the offset after the last byte written
     */
    static int encode(Encoding encoding, float[] in, int count, byte[] out, int offset) {
        int at = offset;
        switch (encoding) {
            case PCM_S16_LE -> {
                for (int i = 0; i < count; i++) {
                    int sample = toInt16(in[i]);
                    out[at++] = (byte) sample;
                    out[at++] = (byte) (sample >> 8);
                }
            }
            case PCMU -> {
                for (int i = 0; i < count; i++) {
                    out[at++] = G711.encodeUlaw(toInt16(in[i]));
                }
            }
            case PCMA -> {
                for (int i = 0; i < count; i++) {
                    out[at++] = G711.encodeAlaw(toInt16(in[i]));
                }
            }
            default -> throw new IllegalArgumentException("No conversion to " + encoding);
        }
        return at;
    }

    private static int toInt16(float sample) {
        // the cast truncates towards zero: on the positive side of the shift that is rounding
        int rounded = (int) (sample + 32_768.5f) - 32_768;
        return Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, rounded));
    }
}
