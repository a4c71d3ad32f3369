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
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Writes a WAV file to a stream: the header at once, then the audio as it comes. Where the size is not known beforehand
 * the header says so with 0xFFFFFFFF, as programs do that write to a pipe; {@link WavReader} and most others then read to
 * the end. Not thread-safe.
 */
public final class WavWriter implements Closeable {

    private static final int UNKNOWN = 0xFFFF_FFFF;
    /** Leaves room for the header below the 32 bit size of the file, and clear of the placeholders of unknown sizes. */
    private static final long MAX_BYTES = 0xFFFF_FF00L;

    private final OutputStream out;
    private final long promised;
    private long written;
    private boolean closed;

    /**
     * Writes the header.
     *
     * @param  format                   {@code pcm16}, {@code pcmu} or {@code pcma} of any rate and channels
     * @param  dataBytes                how many bytes of audio will follow, -1 if that is not known
     * @throws IllegalArgumentException if the encoding is another one, or the size is beyond 4 GiB
     */
    public WavWriter(OutputStream out, AudioFormat format, long dataBytes) throws IOException {
        this.out = Objects.requireNonNull(out, "out");
        this.promised = dataBytes;
        out.write(header(format, dataBytes));
    }

    /**
     * The bytes that stand before the audio: 44 for PCM, 58 for G.711. Parameters and errors as of the constructor.
     */
    public static byte[] header(AudioFormat format, long dataBytes) {
        int tag = switch (format.encoding()) {
            case PCM_S16_LE -> WavFormatChunk.PCM;
            case PCMU -> WavFormatChunk.U_LAW;
            case PCMA -> WavFormatChunk.A_LAW;
            default -> throw new IllegalArgumentException("WAV files are written as pcm16, pcmu or pcma, not " + format);
        };
        if (dataBytes < -1 || dataBytes > MAX_BYTES) {
            throw new IllegalArgumentException("A WAV file holds 0 to " + MAX_BYTES + " bytes of audio, not " + dataBytes);
        }
        boolean pcm = tag == WavFormatChunk.PCM;
        int headerBytes = pcm ? 44 : 58;
        ByteBuffer header = ByteBuffer.allocate(headerBytes).order(ByteOrder.LITTLE_ENDIAN);
        header.put(word("RIFF"));
        header.putInt(dataBytes < 0 ? UNKNOWN : (int) (headerBytes - 8 + dataBytes + (dataBytes & 1)));
        header.put(word("WAVE")).put(word("fmt ")).putInt(pcm ? 16 : 18);
        header.putShort((short) tag).putShort((short) format.channels()).putInt(format.sampleRate());
        header.putInt(format.sampleRate() * format.bytesPerFrame()).putShort((short) format.bytesPerFrame());
        header.putShort((short) (format.encoding().bytesPerSample() * 8));
        if (!pcm) {
            // whatever is not PCM carries an extension, empty here, and the number of frames
            header.putShort((short) 0);
            header.put(word("fact")).putInt(4);
            header.putInt(dataBytes < 0 ? UNKNOWN : (int) (dataBytes / format.bytesPerFrame()));
        }
        header.put(word("data")).putInt(dataBytes < 0 ? UNKNOWN : (int) dataBytes);
        return header.array();
    }

    private static byte[] word(String word) {
        return word.getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * Writes audio.
     *
     * @throws IOException if the stream fails, or with more audio than the header promised
     */
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (promised >= 0 && written + length > promised) {
            throw new IOException("The WAV header promises " + promised + " bytes of audio, "
                                  + (written + length) + " were given");
        }
        out.write(bytes, offset, length);
        written += length;
    }

    /**
     * Ends the file and closes the stream below.
     *
     * @throws IOException if the stream fails, or with less audio than the header promised; the stream is closed then too
     */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (out) {
            if (promised >= 0 && written < promised) {
                throw new IOException("The WAV header promises " + promised + " bytes of audio, only " + written
                                      + " were given");
            }
            if (promised >= 0 && (written & 1) == 1) {
                out.write(0);
            }
        }
    }
}
