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

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Knows by their first bytes the files that people have and that we do not read, so that they are refused by name and are
 * never given to a model as noise.
 *
 * <p>{@link #sure} looks so closely that raw audio is not taken for one of them by chance; it may be asked of every piece of a
 * live stream. {@link #guess} is for what is known not to be ours anyway.
 */
public final class ForeignFormats {

    /** What to do about a file that we do not read. */
    public static final String REMEDY = "convert it first, for example with ffmpeg -i <input> -f s16le -ar 24000 -ac 1 - and"
                                        + " audioFormat=pcm16";

    /** As much of a beginning as is looked at, but for MPEG audio without a tag, which needs its second frame too. */
    public static final int HEAD = 64;

    private static final byte[] ASF = HexFormat.of().parseHex("3026b2758e66cf11a6d900aa0062ce6c");
    private static final int[][] MPEG1_KBITS = {
            { 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448 },
            { 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384 },
            { 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320 } };
    private static final int[][] MPEG2_KBITS = {
            { 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256 },
            { 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160 },
            { 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160 } };
    private static final int[] MPEG1_RATES = { 44_100, 48_000, 32_000 };

    private ForeignFormats() {
    }

    /** How many bytes of the beginning are needed to be sure; more than {@link #HEAD} where MPEG audio may begin. */
    public static int headNeeded(byte[] head, int length) {
        if (length < 7 || head[0] != -1) {
            return HEAD;
        }
        int frame = isAdts(head) ? adtsFrameLength(head) : mpegFrameLength(head, length, 0);
        return Math.max(HEAD, frame + 4);
    }

    /** The name of the format that these bytes begin beyond doubt, {@code null} if there is doubt. */
    public static String sure(byte[] head, int length) {
        if (length < 8) {
            return null;
        }
        String name = switch (head[0]) {
            case 'I' -> id3(head, length) ? "MP3" : null;
            case 'O' -> has(head, length, 0, "OggS\0") ? ogg(head, length) : null;
            case 'f' -> flac(head, length) ? "FLAC" : null;
            case '#' -> has(head, length, 0, "#!AMR\n") || has(head, length, 0, "#!AMR-WB\n") ? "AMR" : null;
            case 'R' -> has(head, length, 0, "RIFF") && has(head, length, 8, "AVI ") ? "AVI" : null;
            case 'r' -> has(head, length, 0, "riff.\u0091\u00cf\u0011") ? "Wave64" : null;
            case 'c' -> has(head, length, 0, "caff\0\1\0\0") ? "CAF" : null;
            case 'P' -> has(head, length, 0, "PK\3\4") && head[5] == 0 && head[4] <= 63 ? "a ZIP archive" : null;
            case 0x1A -> ebml(head, length);
            case 0x1F -> gzip(head, length) ? "gzip data" : null;
            case 0x30 -> startsWith(head, length, ASF) ? "Windows Media Audio (ASF)" : null;
            case (byte) 0xFF -> mpeg(head, length);
            default -> null;
        };
        if (name != null) {
            return name;
        }
        return isIsoMedia(head, length) ? "MP4 or M4A" : markup(head, length);
    }

    /** What these bytes most likely begin, of what they are not audio that we know; {@code null} if that cannot be said. */
    public static String guess(byte[] head, int length) {
        String sure = sure(head, length);
        if (sure != null) {
            return sure;
        }
        if (has(head, length, 0, "ID3") || mpegFrameLength(head, length, 0) != 0) {
            return "MP3";
        }
        for (String[] known : new String[][] {
                { "OggS", "Ogg" }, { "fLaC", "FLAC" }, { "#!AMR", "AMR" }, { "PK\3\4", "a ZIP archive" },
                { "\u001f\u008b", "gzip data" }, { "caff", "CAF" }, { "RIFX", "a big-endian WAV file (RIFX)" },
                { "RIFF", "a RIFF file without WAVE" },
                { "FORM", "an IFF file that is not AIFF" }, { "dns.", "a little-endian AU file" }, { "%PDF", "PDF" },
                { "\u001aE\u00df\u00a3", "Matroska or WebM" } }) {
            if (has(head, length, 0, known[0])) {
                return known[1];
            }
        }
        return isText(head, length) ? "text" : null;
    }

    private static boolean has(byte[] head, int length, int at, String word) {
        return at + word.length() <= length && HeaderInput.hasWord(head, at, word);
    }

    private static boolean startsWith(byte[] head, int length, byte[] prefix) {
        return length >= prefix.length && ByteBuffer.wrap(head, 0, prefix.length).equals(ByteBuffer.wrap(prefix));
    }

    /** The version is 2 to 4 and the size has seven bits in each of its bytes. */
    private static boolean id3(byte[] head, int length) {
        return length >= 10 && has(head, length, 0, "ID3") && head[3] >= 2 && head[3] <= 4 && head[4] == 0
                && (head[5] & 0x0F) == 0 && (head[6] | head[7] | head[8] | head[9]) >= 0;
    }

    private static String ogg(byte[] head, int length) {
        for (String[] codec : new String[][] {
                { "OpusHead", "Opus" }, { "\1vorbis", "Vorbis" }, { "\u007fFLAC", "FLAC" }, { "Speex", "Speex" } }) {
            if (has(head, length, 28, codec[0])) {
                return "Ogg with " + codec[1];
            }
        }
        return "Ogg";
    }

    /** The first block of metadata is always the one of 34 bytes that describes the stream. */
    private static boolean flac(byte[] head, int length) {
        return has(head, length, 0, "fLaC") && (head[4] & 0x7F) == 0 && head[5] == 0 && head[6] == 0 && head[7] == 34;
    }

    private static String ebml(byte[] head, int length) {
        if (!has(head, length, 0, "\u001aE\u00df\u00a3")) {
            return null;
        }
        String text = new String(head, 0, Math.min(length, HEAD), StandardCharsets.ISO_8859_1);
        return text.contains("webm") ? "WebM" : text.contains("matroska") ? "Matroska" : null;
    }

    private static boolean gzip(byte[] head, int length) {
        return length >= 10 && (head[1] & 0xFF) == 0x8B && head[2] == 8 && (head[3] & 0xE0) == 0
                && (head[8] == 0 || head[8] == 2 || head[8] == 4) && (head[9] >= 0 && head[9] <= 13 || head[9] == -1);
    }

    /** The first box has a sensible size and four letters of a brand. */
    private static boolean isIsoMedia(byte[] head, int length) {
        if (length < 12 || !has(head, length, 4, "ftyp") || HeaderInput.bigUint16(head, 0) != 0) {
            return false;
        }
        for (int i = 8; i < 12; i++) {
            if (head[i] < ' ' || head[i] > '~') {
                return false;
            }
        }
        return true;
    }

    private static String markup(byte[] head, int length) {
        int at = 0;
        while (at < length && at < HEAD && (head[at] == ' ' || head[at] == '\n' || head[at] == '\r' || head[at] == '\t')) {
            at++;
        }
        if (at >= length || head[at] != '<') {
            return null;
        }
        String start = new String(head, at, Math.min(length - at, 15), StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        return start.startsWith("<!doctype html") || start.startsWith("<html>") || start.startsWith("<html ") ? "HTML"
                : start.startsWith("<?xml version") ? "XML" : null;
    }

    /** Without a tag only the second frame, where the first one says that it is, tells MPEG audio from loud PCM. */
    private static String mpeg(byte[] head, int length) {
        if (isAdts(head)) {
            int frame = adtsFrameLength(head);
            return frame > 7 && frame + 3 <= length && head[frame] == -1 && head[frame + 1] == head[1]
                    && head[frame + 2] == head[2] ? "AAC (ADTS)" : null;
        }
        int frame = mpegFrameLength(head, length, 0);
        return frame > 0 && mpegFrameLength(head, length, frame) != 0 && head[1] == head[frame + 1]
                && ((head[2] ^ head[frame + 2]) & 0x0C) == 0 ? "MP3" : null;
    }

    private static boolean isAdts(byte[] head) {
        return (head[1] & 0xF6) == 0xF0;
    }

    private static int adtsFrameLength(byte[] head) {
        return (head[3] & 3) << 11 | (head[4] & 0xFF) << 3 | (head[5] & 0xFF) >> 5;
    }

    /** Length in bytes of the frame of MPEG audio that begins there; 0 if none does. */
    private static int mpegFrameLength(byte[] head, int length, int at) {
        if (at + 4 > length || head[at] != -1 || (head[at + 1] & 0xE0) != 0xE0) {
            return 0;
        }
        int version = head[at + 1] >> 3 & 3;
        int layer = 4 - (head[at + 1] >> 1 & 3);
        int bits = head[at + 2] >> 4 & 0x0F;
        int rateIndex = head[at + 2] >> 2 & 3;
        int emphasis = head[at + 3] & 3;
        if (version == 1 || layer == 4 || bits == 0 || bits == 15 || rateIndex == 3 || emphasis == 2) {
            return 0;
        }
        boolean first = version == 3;
        int kbits = (first ? MPEG1_KBITS : MPEG2_KBITS)[layer - 1][bits - 1];
        int rate = MPEG1_RATES[rateIndex] / (first ? 1 : version == 2 ? 2 : 4);
        int padding = head[at + 2] >> 1 & 1;
        if (layer == 1) {
            return (12_000 * kbits / rate + padding) * 4;
        }
        return (layer == 3 && !first ? 72_000 : 144_000) * kbits / rate + padding;
    }

    /** UTF-8 without control characters, cut anywhere. */
    private static boolean isText(byte[] head, int length) {
        int n = Math.min(length, HEAD);
        if (n == 0) {
            return false;
        }
        for (int i = 0; i < n; i++) {
            if (head[i] >= 0 && head[i] < ' ' && head[i] != '\n' && head[i] != '\r' && head[i] != '\t' || head[i] == 0x7F) {
                return false;
            }
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CoderResult result = decoder.decode(ByteBuffer.wrap(head, 0, n), CharBuffer.allocate(n), false);
        return !result.isError();
    }
}
