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
import java.util.Set;

/**
 * Reads a WAV file (RIFF, or RF64 and BW64 above 4 GiB) as a stream: forward only, without {@code mark}, in flat memory.
 *
 * <p>Reads PCM of 8, 16, 24 and 32 bits, float of 32 and 64 bits, µ-law and A-law, plain or extensible. Other chunks before
 * the audio are skipped and what follows it is left unread. A size of the audio that programs leave in the header when they
 * write to a pipe (0, 0xFFFFFFFF and a few more) means: until the stream ends. With any other size the stream must hold
 * what was promised. Not thread-safe.
 */
public final class WavReader extends ContainerReader {

    private static final int RIFF_HEADER = 12;
    private static final long IN_DS64 = 0xFFFF_FFFFL;
    /**
     * Sizes of writers that could not seek back: most leave 0 or all ones, some the latter less the header (44 bytes
     * with and 36 without its own first eight), SoX 0x7FFFF000, ALSA's arecord the signed limits.
     */
    private static final Set<Long> UNKNOWN_SIZES = Set.of(0L, 0xFFFF_FFFFL, 0xFFFF_FFFFL - 36, 0xFFFF_FFFFL - 44,
            0x7FFF_F000L, 0x7FFF_FFFFL, 0x8000_0000L);

    private final HeaderInput header;
    private final AudioData audio;

    /**
     * Reads up to the first byte of audio. The stream is not closed if that fails.
     *
     * @throws AudioFormatException if it is not a WAV file, or one we cannot read
     */
    public WavReader(InputStream in) throws IOException {
        header = new HeaderInput(Objects.requireNonNull(in, "in"), "WAV");
        boolean rf64 = readRiffHeader(in);
        AudioFormat found = null;
        long longSize = -1;
        while (true) {
            byte[] chunk = header.chunkHeader();
            if (chunk == null) {
                throw header.refused(" has no data chunk: it ends after its header");
            }
            String id = HeaderInput.word(chunk, 0);
            long size = WavFormatChunk.uint32(chunk, 4);
            if (id.equals("data")) {
                if (found == null) {
                    throw header.refused(" has no fmt chunk before its data chunk");
                }
                audio = new AudioData(in, "WAV", found, audioSize(rf64, size, longSize));
                return;
            } else if (id.equals("fmt ")) {
                found = WavFormatChunk.parse(header, header.chunk("fmt", size));
            } else if (rf64 && id.equals("ds64")) {
                longSize = longSize(header.chunk("ds64", size));
            } else {
                header.skip(size + (size & 1));
            }
        }
    }

    /** Whether a stream that begins with these bytes is a WAV file; needs the first 12 to say yes. */
    public static boolean startsLikeWav(byte[] head, int length) {
        return length >= RIFF_HEADER && HeaderInput.hasWord(head, 8, "WAVE")
                && (HeaderInput.hasWord(head, 0, "RIFF") || isLong(head));
    }

    private static boolean isLong(byte[] head) {
        return HeaderInput.hasWord(head, 0, "RF64") || HeaderInput.hasWord(head, 0, "BW64");
    }

    private boolean readRiffHeader(InputStream in) throws IOException {
        byte[] head = new byte[RIFF_HEADER];
        int n = in.readNBytes(head, 0, RIFF_HEADER);
        if (n == 0) {
            throw new AudioFormatException("not a WAV file: it is empty");
        }
        boolean rf64 = isLong(head);
        if (!rf64 && !HeaderInput.hasWord(head, 0, "RIFF")) {
            throw new AudioFormatException("not a WAV file: it does not start with RIFF, RF64 or BW64");
        }
        if (n < RIFF_HEADER) {
            throw new AudioFormatException("truncated: the WAV file ends inside its RIFF header");
        }
        if (!startsLikeWav(head, n)) {
            throw new AudioFormatException("not a WAV file: a RIFF file that does not hold WAVE");
        }
        return rf64;
    }

    private long audioSize(boolean rf64, long size, long longSize) throws AudioFormatException {
        if (rf64 && size == IN_DS64) {
            if (longSize < -1) {
                throw header.refused("'s ds64 chunk promises an impossible size");
            }
            return longSize == 0 ? -1 : longSize;
        }
        return UNKNOWN_SIZES.contains(size) ? -1 : size;
    }

    /** The size of the audio in a {@code ds64} chunk; it stands after the 64 bit size of the file. */
    private long longSize(byte[] chunk) throws AudioFormatException {
        if (chunk.length < 16) {
            throw header.refused("'s ds64 chunk has " + chunk.length + " bytes, 16 are needed");
        }
        return WavFormatChunk.int64(chunk, 8);
    }

    @Override
    AudioData audio() {
        return audio;
    }
}
