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

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;

/**
 * Reads a WAV file (RIFF, or RF64 above 4 GiB) as a stream: forward only, without {@code mark}, in flat memory.
 *
 * <p>Reads PCM of 8, 16, 24 and 32 bits, 32 bit float, µ-law and A-law, plain or extensible. Other chunks before the
 * audio are skipped and what follows it is left unread. A size of the audio that programs leave in the header when they
 * write to a pipe (0, 0xFFFFFFFF and a few more) means: until the stream ends. With any other size the stream must hold
 * what was promised. Not thread-safe.
 */
public final class WavReader implements Closeable {

    private static final int RIFF_HEADER = 12;
    private static final int CHUNK_HEADER = 8;
    /** Larger than any real {@code fmt } or {@code ds64} chunk; a broken size must not reserve memory. */
    private static final long MAX_HEADER_CHUNK = 64 * 1024;
    private static final long IN_DS64 = 0xFFFF_FFFFL;
    /**
     * Sizes of writers that could not seek back: most leave 0 or all ones, some the latter less the header (44 bytes
     * with and 36 without its own first eight), SoX 0x7FFFF000, ALSA's arecord the signed limits.
     */
    private static final Set<Long> UNKNOWN_SIZES = Set.of(0L, 0xFFFF_FFFFL, 0xFFFF_FFFFL - 36, 0xFFFF_FFFFL - 44,
            0x7FFF_F000L, 0x7FFF_FFFFL, 0x8000_0000L);

    private final InputStream in;
    private final AudioFormat format;
    private final long dataBytes;
    private long position;

    /**
     * Reads up to the first byte of audio. The stream is not closed if that fails.
     *
     * @throws AudioFormatException if it is not a WAV file, or one we cannot read
     */
    public WavReader(InputStream in) throws IOException {
        this.in = Objects.requireNonNull(in, "in");
        boolean rf64 = readRiffHeader();
        AudioFormat found = null;
        long longSize = -1;
        byte[] header = new byte[CHUNK_HEADER];
        while (true) {
            int n = in.readNBytes(header, 0, CHUNK_HEADER);
            if (n < CHUNK_HEADER) {
                throw new AudioFormatException(n == 0
                        ? "the WAV file has no data chunk: it ends after its header"
                        : "truncated: the WAV file ends inside a chunk header");
            }
            String id = new String(header, 0, 4, StandardCharsets.ISO_8859_1);
            long size = WavFormatChunk.uint32(header, 4);
            if (id.equals("data")) {
                if (found == null) {
                    throw new AudioFormatException("the WAV file has no fmt chunk before its data chunk");
                }
                format = found;
                dataBytes = audioSize(rf64, size, longSize);
                return;
            } else if (id.equals("fmt ")) {
                found = WavFormatChunk.parse(readChunk("fmt", size));
            } else if (rf64 && id.equals("ds64")) {
                longSize = longSize(readChunk("ds64", size));
            } else {
                skip(size + (size & 1));
            }
        }
    }

    /** Whether a stream that begins with these bytes is a WAV file; needs the first 12 to say yes. */
    public static boolean startsLikeWav(byte[] head, int length) {
        return length >= RIFF_HEADER && (hasWord(head, 0, "RIFF") || hasWord(head, 0, "RF64")) && hasWord(head, 8, "WAVE");
    }

    private static boolean hasWord(byte[] bytes, int at, String word) {
        return new String(bytes, at, 4, StandardCharsets.ISO_8859_1).equals(word);
    }

    private boolean readRiffHeader() throws IOException {
        byte[] head = new byte[RIFF_HEADER];
        int n = in.readNBytes(head, 0, RIFF_HEADER);
        if (n == 0) {
            throw new AudioFormatException("not a WAV file: it is empty");
        }
        String hex = HexFormat.ofDelimiter(" ").formatHex(head, 0, Math.min(4, n));
        boolean rf64 = hasWord(head, 0, "RF64");
        if (!rf64 && !hasWord(head, 0, "RIFF")) {
            throw new AudioFormatException("not a WAV file: it starts with the bytes " + hex + ", not with RIFF or RF64");
        }
        if (n < RIFF_HEADER) {
            throw new AudioFormatException("truncated: the WAV file ends inside its RIFF header");
        }
        if (!startsLikeWav(head, n)) {
            throw new AudioFormatException("not a WAV file: a RIFF file that does not hold WAVE but the bytes "
                                           + HexFormat.ofDelimiter(" ").formatHex(head, 8, RIFF_HEADER));
        }
        return rf64;
    }

    private static long audioSize(boolean rf64, long size, long longSize) throws AudioFormatException {
        if (rf64 && size == IN_DS64) {
            if (longSize < -1) {
                throw new AudioFormatException("the WAV file's ds64 chunk promises an impossible size");
            }
            return longSize == 0 ? -1 : longSize;
        }
        return UNKNOWN_SIZES.contains(size) ? -1 : size;
    }

    /** The size of the audio in a {@code ds64} chunk; it stands after the 64 bit size of the file. */
    private static long longSize(byte[] chunk) throws AudioFormatException {
        if (chunk.length < 16) {
            throw new AudioFormatException("the WAV file's ds64 chunk has " + chunk.length + " bytes, 16 are needed");
        }
        return WavFormatChunk.int64(chunk, 8);
    }

    private byte[] readChunk(String name, long size) throws IOException {
        if (size > MAX_HEADER_CHUNK) {
            throw new AudioFormatException("the WAV file's " + name + " chunk claims " + size + " bytes");
        }
        byte[] chunk = new byte[(int) size];
        if (in.readNBytes(chunk, 0, chunk.length) < size) {
            throw new AudioFormatException("truncated: the WAV file ends inside its " + name + " chunk");
        }
        skip(size & 1);
        return chunk;
    }

    private void skip(long bytes) throws IOException {
        long left = bytes;
        byte[] scrap = new byte[(int) Math.min(left, 8 * 1024)];
        while (left > 0) {
            int n = in.read(scrap, 0, (int) Math.min(left, scrap.length));
            if (n < 0) {
                throw new AudioFormatException("truncated: the WAV file ends inside a chunk before its audio");
            }
            left -= n;
        }
    }

    /** What the audio bytes mean. */
    public AudioFormat format() {
        return format;
    }

    /** How many bytes of audio the header promises, -1 if it does not say. */
    public long dataBytes() {
        return dataBytes;
    }

    /**
     * Reads audio, and only audio: cut anywhere, not at whole frames. Blocks as the stream below does.
     *
     * @return                      how many bytes were read, -1 when the audio has ended
     * @throws AudioFormatException if the stream ends before the audio that was promised; all that arrived has been
     *                              returned by earlier calls then
     */
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (length == 0) {
            return 0;
        }
        int wanted = length;
        if (dataBytes >= 0) {
            wanted = (int) Math.min(length, dataBytes - position);
            if (wanted == 0) {
                return -1;
            }
        }
        int n = in.read(buffer, offset, wanted);
        if (n > 0) {
            position += n;
        } else if (n < 0 && dataBytes >= 0) {
            throw new AudioFormatException("truncated: the WAV file's header promises " + dataBytes
                                           + " bytes of audio, " + position + " arrived");
        }
        return n;
    }

    /** Closes the stream below. */
    @Override
    public void close() throws IOException {
        in.close();
    }
}
