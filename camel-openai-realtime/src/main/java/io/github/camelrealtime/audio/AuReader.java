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
 * Reads an AU file ({@code .au}, {@code .snd}) as a stream: forward only, without {@code mark}, in flat memory. Reads
 * encodings 1 (µ-law), 2 to 5 (PCM of 8, 16, 24 and 32 bits), 6 and 7 (float of 32 and 64 bits) and 27 (A-law). A size of 0
 * or 0xFFFFFFFF means: until the stream ends. Not thread-safe.
 */
public final class AuReader extends ContainerReader {

    private static final int HEADER = 24;
    /** Between header and audio there may be a text. Longer ones than this are none. */
    private static final long MAX_OFFSET = 1 << 20;
    private static final long UNKNOWN = 0xFFFF_FFFFL;

    private final HeaderInput header;
    private final AudioData audio;

    /**
     * Reads up to the first byte of audio. The stream is not closed if that fails.
     *
     * @throws AudioFormatException if it is not an AU file, or one we cannot read
     */
    public AuReader(InputStream in) throws IOException {
        header = new HeaderInput(Objects.requireNonNull(in, "in"), "AU");
        byte[] head = header.read(HEADER, "its header");
        if (!startsLikeAu(head, head.length)) {
            throw new AudioFormatException("not an AU file: it does not start with .snd");
        }
        long offset = HeaderInput.bigUint32(head, 4);
        if (offset < HEADER || offset > MAX_OFFSET) {
            throw header.refused("'s audio is to begin after " + offset + " bytes; " + HEADER + " to " + MAX_OFFSET
                                 + " are possible");
        }
        AudioFormat format;
        try {
            long rate = HeaderInput.bigUint32(head, 16);
            long channels = HeaderInput.bigUint32(head, 20);
            format = new AudioFormat(encoding(HeaderInput.bigUint32(head, 12)),
                    (int) Math.min(rate, Integer.MAX_VALUE), (int) Math.min(channels, Integer.MAX_VALUE));
        } catch (IllegalArgumentException e) {
            throw header.refused("'s header is not usable: " + e.getMessage());
        }
        header.skip(offset - HEADER);
        long size = HeaderInput.bigUint32(head, 8);
        audio = new AudioData(in, "AU", format, size == 0 || size == UNKNOWN ? -1 : size);
    }

    /** Whether a stream that begins with these bytes is an AU file; needs the first 4 to say yes. */
    public static boolean startsLikeAu(byte[] head, int length) {
        return length >= 4 && HeaderInput.hasWord(head, 0, ".snd");
    }

    private Encoding encoding(long number) throws AudioFormatException {
        return switch ((int) Math.min(number, Integer.MAX_VALUE)) {
            case 1 -> Encoding.PCMU;
            case 2 -> Encoding.PCM_S8;
            case 3 -> Encoding.PCM_S16_BE;
            case 4 -> Encoding.PCM_S24_BE;
            case 5 -> Encoding.PCM_S32_BE;
            case 6 -> Encoding.PCM_F32_BE;
            case 7 -> Encoding.PCM_F64_BE;
            case 27 -> Encoding.PCMA;
            default -> throw header.refused("'s encoding " + number + " is not supported: 1 (µ-law), 2 to 5 (PCM), 6 and 7 "
                                            + "(float) and 27 (A-law) are");
        };
    }

    @Override
    AudioData audio() {
        return audio;
    }
}
