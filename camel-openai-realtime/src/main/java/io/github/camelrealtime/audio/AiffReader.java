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
import java.util.Objects;

import io.github.camelrealtime.audio.AudioFormat.Encoding;

/**
 * Reads an AIFF or AIFF-C file as a stream: forward only, without {@code mark}, in flat memory.
 *
 * <p>Reads PCM of 1 to 32 bits in either byte order, float of 32 and 64 bits, µ-law and A-law. Other chunks before the audio
 * are skipped and what follows it is left unread. A size of the audio of 0 or all ones, or SoX's stand-in, means: until the
 * stream ends. Not thread-safe.
 */
public final class AiffReader extends ContainerReader {

    private static final int FORM_HEADER = 12;
    private static final int COMM_SIZE = 18;
    private static final int AIFC_COMM_SIZE = 22;
    private static final int SOUND_HEADER = 8;
    private static final int EXPONENT_BIAS = 16_383;
    /** What SoX writes to a pipe: the greatest whole number of frames in so many bytes. */
    private static final long SOX_UNKNOWN = 0x7F00_0000L;
    private static final long WIDEST_FRAME = 8L * AudioFormat.MAX_CHANNELS;

    private final HeaderInput header;
    private final AudioData audio;

    /**
     * Reads up to the first byte of audio. The stream is not closed if that fails.
     *
     * @throws AudioFormatException if it is not an AIFF file, or one we cannot read
     */
    public AiffReader(InputStream in) throws IOException {
        header = new HeaderInput(Objects.requireNonNull(in, "in"), "AIFF");
        byte[] head = header.read(FORM_HEADER, "its FORM header");
        if (!startsLikeAiff(head, head.length)) {
            throw new AudioFormatException("not an AIFF file: it does not start with FORM and AIFF or AIFC");
        }
        boolean compressible = HeaderInput.hasWord(head, 8, "AIFC");
        AudioFormat found = null;
        long frames = 0;
        while (true) {
            byte[] chunk = header.chunkHeader();
            if (chunk == null) {
                throw header.refused(" has no SSND chunk: it ends without audio");
            }
            String id = HeaderInput.word(chunk, 0);
            long size = HeaderInput.bigUint32(chunk, 4);
            if (id.equals("SSND")) {
                if (found == null) {
                    throw header.refused(" has its COMM chunk, which says what the audio is, not before the audio, so it cannot"
                                         + " be read as a stream");
                }
                audio = new AudioData(in, "AIFF", found, audioSize(size, frames * found.bytesPerFrame()));
                return;
            } else if (id.equals("COMM")) {
                byte[] comm = header.chunk("COMM", size);
                found = format(comm, compressible);
                frames = HeaderInput.bigUint32(comm, 2);
            } else {
                header.skip(size + (size & 1));
            }
        }
    }

    /** Whether a stream that begins with these bytes is an AIFF file; needs the first 12 to say yes. */
    public static boolean startsLikeAiff(byte[] head, int length) {
        return length >= FORM_HEADER && HeaderInput.hasWord(head, 0, "FORM")
                && (HeaderInput.hasWord(head, 8, "AIFF") || HeaderInput.hasWord(head, 8, "AIFC"));
    }

    /** Goes to the first sample. The chunk may be longer than its frames, as it is padded to whole blocks. */
    private long audioSize(long chunkSize, long frameBytes) throws IOException {
        long offset = HeaderInput.bigUint32(header.read(SOUND_HEADER, "its SSND chunk"), 0);
        boolean unknown = chunkSize == 0 || chunkSize == 0xFFFF_FFFFL || chunkSize == SOUND_HEADER && frameBytes == 0
                || chunkSize > SOX_UNKNOWN + SOUND_HEADER - WIDEST_FRAME && chunkSize <= SOX_UNKNOWN + SOUND_HEADER;
        if (!unknown && offset > chunkSize - SOUND_HEADER) {
            throw header.refused("'s SSND chunk has " + chunkSize + " bytes, and its audio is to begin after " + offset);
        }
        header.skip(offset);
        if (unknown) {
            return -1;
        }
        long room = chunkSize - SOUND_HEADER - offset;
        return frameBytes > 0 ? Math.min(room, frameBytes) : room;
    }

    private AudioFormat format(byte[] comm, boolean compressible) throws AudioFormatException {
        int needed = compressible ? AIFC_COMM_SIZE : COMM_SIZE;
        if (comm.length < needed) {
            throw header.refused("'s COMM chunk has " + comm.length + " bytes, at least " + needed + " are needed");
        }
        int bits = HeaderInput.bigUint16(comm, 6);
        String compression = compressible ? HeaderInput.word(comm, COMM_SIZE) : "NONE";
        try {
            return new AudioFormat(encoding(compression, bits), rate(comm), HeaderInput.bigUint16(comm, 0));
        } catch (IllegalArgumentException e) {
            throw header.refused("'s COMM chunk is not usable: " + e.getMessage());
        }
    }

    private Encoding encoding(String compression, int bits) throws AudioFormatException {
        Encoding encoding = switch (compression) {
            case "NONE", "twos" -> pcm(bits, false);
            case "sowt" -> pcm(bits, true);
            case "raw " -> bits == 8 ? Encoding.PCM_U8 : null;
            case "in24" -> Encoding.PCM_S24_BE;
            case "in32" -> Encoding.PCM_S32_BE;
            case "fl32", "FL32" -> Encoding.PCM_F32_BE;
            case "fl64", "FL64" -> Encoding.PCM_F64_BE;
            case "ulaw", "ULAW" -> Encoding.PCMU;
            case "alaw", "ALAW" -> Encoding.PCMA;
            default -> null;
        };
        if (encoding == null) {
            throw header.refused("'s compression" + name(compression) + " with " + bits + " bits is not supported: PCM of 1 to "
                                 + "32 bits, float of 32 or 64 bits, A-law or µ-law is");
        }
        return encoding;
    }

    /** Samples of 12 or 20 bits sit at the upper end of the next whole number of bytes. */
    private static Encoding pcm(int bits, boolean little) {
        return switch ((bits + 7) / 8) {
            case 1 -> Encoding.PCM_S8;
            case 2 -> little ? Encoding.PCM_S16_LE : Encoding.PCM_S16_BE;
            case 3 -> little ? Encoding.PCM_S24_LE : Encoding.PCM_S24_BE;
            case 4 -> little ? Encoding.PCM_S32_LE : Encoding.PCM_S32_BE;
            default -> null;
        };
    }

    /** Only words that we know: four bytes of the file have no place in a message. */
    private static String name(String compression) {
        return switch (compression) {
            case "NONE", "twos", "sowt", "raw " -> " " + compression.trim();
            case "ima4", "ADP4" -> " IMA ADPCM";
            case "MAC3", "MAC6" -> " MACE";
            case "GSM " -> " GSM";
            case "QDMC", "QDM2" -> " QDesign";
            default -> "";
        };
    }

    /** The rate is an extended float of 80 bits: sign and exponent, then 64 bits of mantissa with its leading one. */
    private int rate(byte[] comm) throws AudioFormatException {
        int exponent = HeaderInput.bigUint16(comm, 8);
        long high = HeaderInput.bigUint32(comm, 10);
        long low = HeaderInput.bigUint32(comm, 14);
        double rate = Math.scalb(high * 0x1p32 + low, Math.min(exponent & 0x7FFF, EXPONENT_BIAS + 63) - EXPONENT_BIAS - 63);
        if ((exponent & 0x8000) != 0 || rate > Integer.MAX_VALUE) {
            throw header.refused("'s COMM chunk has an impossible sample rate");
        }
        return (int) Math.round(rate);
    }

    @Override
    AudioData audio() {
        return audio;
    }
}
