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
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import io.github.camelrealtime.audio.AudioContainer;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.audio.AudioFormatException;
import io.github.camelrealtime.audio.AudioReader;
import io.github.camelrealtime.audio.ForeignFormats;
import io.github.camelrealtime.session.RealtimeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audio in a message body: its format, and its samples as a stream. Files and streams are never read whole. What it is
 * is found by its first bytes; what they show to be no audio of ours is refused by name.
 */
final class AudioBody implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(AudioBody.class);

    private static final String EMPTY = "The audio is empty: look at what was to write it";

    private final AudioReader audio;
    private final boolean stream;
    private final int pieceBytes;
    /** For a source whose reads may block; {@code null} for others. */
    private final StallGuard guard;

    private AudioBody(AudioReader audio, boolean stream, int pieceBytes, StallGuard guard) {
        this.audio = audio;
        this.stream = stream;
        this.pieceBytes = pieceBytes;
        this.guard = guard;
    }

    /**
     * Opens a source: on the caller's thread, or, as its header may be long in coming, on a worker's if it is live.
     *
     * @param  context tells the declared format, and that of byte arrays without a header
     * @return         fails with {@link AudioFormatException} if it is not the audio it is said to be; also if the session
     *                 ends, or the source stalls, before there is a header. The source is closed then
     */
    static CompletableFuture<AudioBody> open(AudioSource source, OperationContext context) {
        BodyFormat declared = context.settings().audioFormat();
        AudioFormat fallback = context.session().config().inputFormat();
        CompletableFuture<AudioBody> opened = new CompletableFuture<>();
        if (!source.live()) {
            complete(opened, () -> source.piece() != null
                    ? piece(source.piece(), declared, fallback) : open(source.stream(), true, declared, fallback));
            return opened;
        }
        StallGuard guard = new StallGuard(source.stream(), context.timers(), context.settings().sourceTimeout());
        guard.stalled().whenComplete((never, stalled) -> opened.completeExceptionally(stalled));
        opened.whenComplete((body, failure) -> {
            if (failure != null) {
                closeSoon(guard, context.worker());
            }
        });
        context.session().onEnd(opened);
        try {
            context.worker().execute(() -> complete(
                    opened, () -> new AudioBody(reader(guard, true, declared, fallback), true, 0, guard)));
        } catch (RejectedExecutionException e) {
            opened.completeExceptionally(new RealtimeException(null, "The component is stopping: the audio is not read", e));
        }
        return opened;
    }

    @FunctionalInterface
    private interface Opening {
        AudioBody open() throws IOException;
    }

    private static void complete(CompletableFuture<AudioBody> opened, Opening opening) {
        try {
            opened.complete(opening.open());
        } catch (IOException | RuntimeException e) {
            opened.completeExceptionally(e);
        }
    }

    /** A piece of a stream that goes on, without a header. */
    static AudioBody ofPiece(byte[] audio, AudioFormat format) {
        return new AudioBody(AudioContainer.raw(new ByteArrayInputStream(audio), format), false, audio.length, null);
    }

    private static AudioBody piece(byte[] bytes, BodyFormat declared, AudioFormat fallback) throws IOException {
        InputStream in = new ByteArrayInputStream(bytes);
        AudioReader audio = reader(in, bytes, bytes.length, false, declared, fallback);
        if (audio.dataBytes() > in.available()) {
            // a piece may have been added to what came before: so nothing of a broken one
            throw new AudioFormatException("truncated: the header in the body promises " + audio.dataBytes()
                                           + " bytes of audio, " + in.available() + " arrived; send the whole file, or declare"
                                           + " what is there as raw audio without the header");
        }
        return new AudioBody(audio, false, bytes.length, null);
    }

    /** Opens a stream whose reads do not block for long. It is closed if that fails. */
    static AudioBody open(InputStream in, boolean stream, BodyFormat declared, AudioFormat fallback) throws IOException {
        boolean opened = false;
        try {
            AudioBody body = new AudioBody(reader(in, stream, declared, fallback), stream, 0, null);
            opened = true;
            return body;
        } finally {
            if (!opened) {
                in.close();
            }
        }
    }

    private static AudioReader reader(InputStream in, boolean stream, BodyFormat declared, AudioFormat fallback)
            throws IOException {
        byte[] head = in.readNBytes(ForeignFormats.HEAD);
        int wanted = ForeignFormats.headNeeded(head, head.length);
        if (wanted > head.length) {
            byte[] more = in.readNBytes(wanted - head.length);
            int before = head.length;
            head = Arrays.copyOf(head, before + more.length);
            System.arraycopy(more, 0, head, before, more.length);
        }
        InputStream whole = new SequenceInputStream(new ByteArrayInputStream(head), in);
        return reader(whole, head, head.length, stream, declared, fallback);
    }

    private static AudioReader reader(
            InputStream whole, byte[] head, int length, boolean stream, BodyFormat declared, AudioFormat fallback)
            throws IOException {
        AudioContainer container = AudioContainer.of(head, length);
        return switch (declared.kind()) {
            case CONTAINER -> {
                if (container != declared.container()) {
                    throw notDeclared(declared, container == null
                            ? ForeignFormats.guess(head, length) : "a file of the kind " + container, length);
                }
                yield container.open(whole);
            }
            case RAW -> {
                String other = container == null
                        ? ForeignFormats.sure(head, length) : "a file of the kind " + container;
                if (other != null) {
                    throw notDeclared(declared, other, length);
                }
                yield AudioContainer.raw(whole, declared.raw());
            }
            case AUTO -> {
                if (container != null) {
                    yield container.open(whole);
                }
                refuseUnknown(head, length, stream);
                yield AudioContainer.raw(whole, fallback);
            }
        };
    }

    private static AudioFormatException notDeclared(BodyFormat declared, String found, int length) {
        if (length == 0) {
            return new AudioFormatException(EMPTY + "; option audioFormat=" + declared + " promises a header");
        }
        return new AudioFormatException("The audio is not what option audioFormat=" + declared + " says: it begins like "
                                        + (found == null ? "nothing that we know" : found)
                                        + ". audioFormat=auto takes WAV, AIFF and AU files; of anything else, "
                                        + ForeignFormats.REMEDY);
    }

    private static void refuseUnknown(byte[] head, int length, boolean stream) throws AudioFormatException {
        String foreign = stream ? ForeignFormats.guess(head, length) : ForeignFormats.sure(head, length);
        if (foreign != null) {
            throw new AudioFormatException("The audio is " + foreign + ", which is not taken; " + ForeignFormats.REMEDY);
        }
        if (stream) {
            throw new AudioFormatException(length == 0
                    ? EMPTY
                    : "The audio has no WAV, AIFF or AU header; if it is raw, declare what it is, such as"
                      + " audioFormat=pcm16;rate=16000; if not, " + ForeignFormats.REMEDY);
        }
    }

    AudioFormat format() {
        return audio.format();
    }

    /** Whether this is a recording with an end, and not a piece of something that goes on. */
    boolean isStream() {
        return stream;
    }

    /** Whether reading may block for as long as the source likes. */
    boolean isLive() {
        return guard != null;
    }

    /** Fails when a live source stalls; of other sources it is never done. */
    CompletableFuture<Void> stalled() {
        return guard == null ? new CompletableFuture<>() : guard.stalled();
    }

    /** Length of a piece in bytes, header included; 0 for a recording. */
    int pieceBytes() {
        return pieceBytes;
    }

    /** Fills the buffer with samples, however small the pieces in which they come; less, or 0, only at the end. */
    int read(byte[] buffer) throws IOException {
        int filled = 0;
        while (filled < buffer.length) {
            int read = audio.read(buffer, filled, buffer.length - filled);
            if (read < 0) {
                break;
            }
            filled += read;
        }
        return filled;
    }

    @Override
    public void close() throws IOException {
        audio.close();
    }

    /** Closes a live source on a worker: here it may be the socket's thread, and the stream may take its time. */
    static void closeSoon(Closeable source, Executor worker) {
        try {
            worker.execute(() -> closeQuietly(source));
        } catch (RejectedExecutionException e) {
            closeQuietly(source);
        }
    }

    /** Closes it without an error: nobody could do anything about that. */
    static void closeQuietly(Closeable source) {
        try {
            source.close();
        } catch (IOException e) {
            LOG.debug("The audio body could not be closed", e);
        }
    }
}
