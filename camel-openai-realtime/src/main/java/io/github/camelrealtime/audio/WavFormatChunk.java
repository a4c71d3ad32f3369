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
import java.util.HexFormat;

import io.github.camelrealtime.audio.AudioFormat.Encoding;

/** The words of a {@code fmt } chunk: how a WAV file names its encoding. */
final class WavFormatChunk {

    static final int PCM = 1;
    static final int IEEE_FLOAT = 3;
    static final int A_LAW = 6;
    static final int U_LAW = 7;
    private static final int EXTENSIBLE = 0xFFFE;

    private static final int BASIC_SIZE = 16;
    private static final int EXTENSIBLE_SIZE = 40;
    /** The sub-format of an extensible header is a GUID: two bytes of the old tag, then these. */
    private static final byte[] GUID_TAIL = HexFormat.of().parseHex("000000001000800000aa00389b71");

    private WavFormatChunk() {
    }

    static AudioFormat parse(HeaderInput header, byte[] chunk) throws AudioFormatException {
        if (chunk.length < BASIC_SIZE) {
            throw header.refused("'s fmt chunk has " + chunk.length + " bytes, at least " + BASIC_SIZE + " are needed");
        }
        int tag = uint16(chunk, 0);
        int channels = uint16(chunk, 2);
        int rate = int32(chunk, 4);
        int frameBytes = uint16(chunk, 12);
        int bits = uint16(chunk, 14);
        int speakers = 0;
        if (tag == EXTENSIBLE) {
            tag = extensibleTag(header, chunk);
            speakers = int32(chunk, 20);
        }
        AudioFormat format;
        try {
            format = new AudioFormat(encoding(header, tag, bits), rate, channels, speakers);
        } catch (IllegalArgumentException e) {
            throw header.refused("'s fmt chunk is not usable: " + e.getMessage());
        }
        if (frameBytes != format.bytesPerFrame()) {
            throw header.refused("'s fmt chunk contradicts itself: " + format + " has frames of " + format.bytesPerFrame()
                                 + " bytes, it says " + frameBytes);
        }
        return format;
    }

    private static int extensibleTag(HeaderInput header, byte[] chunk) throws AudioFormatException {
        if (chunk.length < EXTENSIBLE_SIZE) {
            throw header.refused("'s extensible fmt chunk has " + chunk.length + " bytes, " + EXTENSIBLE_SIZE + " are needed");
        }
        if (!Arrays.equals(chunk, 26, EXTENSIBLE_SIZE, GUID_TAIL, 0, GUID_TAIL.length)) {
            throw header.refused("'s sub-format is unknown to us");
        }
        return uint16(chunk, 24);
    }

    private static Encoding encoding(HeaderInput header, int tag, int bits) throws AudioFormatException {
        Encoding encoding = switch (tag) {
            // samples of 12 or 20 bits sit at the upper end of the next whole number of bytes
            case PCM -> switch ((bits + 7) / 8) {
                case 1 -> Encoding.PCM_U8;
                case 2 -> Encoding.PCM_S16_LE;
                case 3 -> Encoding.PCM_S24_LE;
                case 4 -> Encoding.PCM_S32_LE;
                default -> null;
            };
            case IEEE_FLOAT -> switch (bits) {
                case 32 -> Encoding.PCM_F32_LE;
                case 64 -> Encoding.PCM_F64_LE;
                default -> null;
            };
            case A_LAW -> bits == 8 ? Encoding.PCMA : null;
            case U_LAW -> bits == 8 ? Encoding.PCMU : null;
            default -> null;
        };
        if (encoding == null) {
            throw header.refused("'s encoding " + tag + name(tag) + " with " + bits + " bits is not supported: PCM of 8, 16, "
                                 + "24 or 32 bits, float of 32 or 64 bits, A-law or µ-law is");
        }
        return encoding;
    }

    private static String name(int tag) {
        return switch (tag) {
            case PCM -> " (PCM)";
            case 0x2, 0x11 -> " (ADPCM)";
            case IEEE_FLOAT -> " (float)";
            case 0x31 -> " (GSM)";
            case 0x50, 0x55 -> " (MPEG audio)";
            case 0xFF, 0x1600, 0x1610 -> " (AAC)";
            case 0x160, 0x161, 0x162, 0x163 -> " (Windows Media Audio)";
            default -> "";
        };
    }

    static int uint16(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) | ((bytes[at + 1] & 0xFF) << 8);
    }

    static int int32(byte[] bytes, int at) {
        return uint16(bytes, at) | (uint16(bytes, at + 2) << 16);
    }

    static long uint32(byte[] bytes, int at) {
        return int32(bytes, at) & 0xFFFF_FFFFL;
    }

    static long int64(byte[] bytes, int at) {
        return uint32(bytes, at) | (uint32(bytes, at + 4) << 32);
    }
}
