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
package io.github.camelrealtime.operation;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;

import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.audio.AudioFormatException;
import io.github.camelrealtime.audio.WavReader;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;

/**
 * The audio in a message body: its format, and its samples as a stream. Files and streams are never read whole.
 */
final class AudioBody implements Closeable {

    private static final int WAV_HEAD = 12;

    private final AudioFormat format;
    private final boolean stream;
    private final WavReader wav;
    private final InputStream raw;
    private int pieceBytes;

    private AudioBody(AudioFormat format, boolean stream, WavReader wav, InputStream raw) {
        this.format = format;
        this.stream = stream;
        this.wav = wav;
        this.raw = raw;
    }

    /**
     * Opens the body of an exchange.
     *
     * @param  declared             what the endpoint says of it
     * @param  fallback             the format of byte arrays without a header
     * @throws AudioFormatException if it is not the audio it is said to be
     */
    static AudioBody open(Exchange exchange, BodyFormat declared, AudioFormat fallback)
            throws IOException, InvalidPayloadException {
        Object body = exchange.getMessage().getBody();
        if (body == null) {
            throw new AudioFormatException("The message has no body; audio is expected (byte[], InputStream, File)");
        }
        if (body instanceof String) {
            throw new AudioFormatException("The body is a String; audio is expected as byte[], InputStream or File");
        }
        if (body instanceof byte[] bytes) {
            return piece(bytes, declared, fallback);
        }
        if (body instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return piece(bytes, declared, fallback);
        }
        return open(exchange.getMessage().getMandatoryBody(InputStream.class), true, declared, fallback);
    }

    /** A piece of a stream that goes on. */
    static AudioBody ofPiece(byte[] audio, AudioFormat format) {
        return new AudioBody(format, false, null, new ByteArrayInputStream(audio));
    }

    private static AudioBody piece(byte[] bytes, BodyFormat declared, AudioFormat fallback) throws IOException {
        AudioBody body = open(new ByteArrayInputStream(bytes), false, declared, fallback);
        body.pieceBytes = bytes.length;
        return body;
    }

    static AudioBody open(InputStream in, boolean stream, BodyFormat declared, AudioFormat fallback) throws IOException {
        boolean opened = false;
        try {
            AudioBody body = switch (declared.kind()) {
                case WAV -> wav(in, stream);
                case RAW -> new AudioBody(declared.raw(), stream, null, in);
                case AUTO -> guess(in, stream, fallback);
            };
            opened = true;
            return body;
        } finally {
            if (!opened) {
                in.close();
            }
        }
    }

    private static AudioBody wav(InputStream in, boolean stream) throws IOException {
        WavReader reader = new WavReader(in);
        return new AudioBody(reader.format(), stream, reader, null);
    }

    private static AudioBody guess(InputStream in, boolean stream, AudioFormat fallback) throws IOException {
        byte[] head = in.readNBytes(WAV_HEAD);
        InputStream whole = new SequenceInputStream(new ByteArrayInputStream(head), in);
        if (WavReader.startsLikeWav(head, head.length)) {
            return wav(whole, stream);
        }
        if (stream) {
            throw new AudioFormatException(
                    head.length == 0
                            ? "The audio is empty"
                            : "The audio has no WAV header; declare what it is, such as audioFormat=pcm16;rate=16000");
        }
        return new AudioBody(fallback, false, null, whole);
    }

    AudioFormat format() {
        return format;
    }

    /** Whether this is a recording with an end, and not a piece of something that goes on. */
    boolean isStream() {
        return stream;
    }

    /** Length of a piece in bytes, header included; 0 for a recording. */
    int pieceBytes() {
        return pieceBytes;
    }

    /** Fills the buffer with samples, however small the pieces in which they come; less, or 0, only at the end. */
    int read(byte[] buffer) throws IOException {
        int filled = 0;
        while (filled < buffer.length) {
            int read = wav != null
                    ? wav.read(buffer, filled, buffer.length - filled) : raw.read(buffer, filled, buffer.length - filled);
            if (read < 0) {
                break;
            }
            filled += read;
        }
        return filled;
    }

    @Override
    public void close() throws IOException {
        if (wav != null) {
            wav.close();
        } else {
            raw.close();
        }
    }
}
