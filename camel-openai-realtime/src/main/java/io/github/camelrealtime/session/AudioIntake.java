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
package io.github.camelrealtime.session;

import java.util.concurrent.CompletableFuture;

import io.github.camelrealtime.audio.AudioConverter;
import io.github.camelrealtime.audio.AudioFormat;

/**
 * The way of one source of audio into a session's input buffer: takes the source's own format. Once the recording that it
 * belongs to is over it takes nothing more, so that what a source still has cannot get into the next recording.
 */
public final class AudioIntake {

    private final AudioInbox inbox;
    private final AudioFormat format;
    private final AudioConverter converter;
    private final int stream;
    private final boolean live;
    private String eventId;
    private Long sourceMillis;

    /**
     * @param converter of this source alone; {@code null} if the source is a piece of a stream that goes on
     * @param stream    number of the stream of the inbox that it belongs to
     * @param live      whether the source cannot wait
     */
    AudioIntake(AudioInbox inbox, AudioFormat format, AudioConverter converter, int stream, boolean live) {
        this.inbox = inbox;
        this.format = format;
        this.converter = converter;
        this.stream = stream;
        this.live = live;
    }

    /** Wants this id on the first append that its audio makes. To be called before audio is given. */
    public void useEventId(String id) {
        eventId = id;
    }

    /** The id for the next append, once; {@code null} for a new one. Guarded by the inbox's lock. */
    String takeEventId() {
        String taken = eventId;
        eventId = null;
        return taken;
    }

    /**
     * Says when the audio is from. To be called before audio is given.
     *
     * @param millis when its first sample was, ms since 1970; {@code null} if its source does not say
     */
    public void useTimestamp(Long millis) {
        sourceMillis = millis;
    }

    /** When the audio to come is from, once; {@code null} if its source does not say. Guarded by the inbox's lock. */
    Long takeSourceMillis() {
        Long taken = sourceMillis;
        sourceMillis = null;
        return taken;
    }

    /** What {@link #append} takes. */
    public AudioFormat format() {
        return format;
    }

    /** As much as one append carries, in ms; sources give about that much at a time. */
    public long chunkMillis() {
        return inbox.chunkMillis();
    }

    /** Done when there is room for another piece; see {@link Outbox#room()}. */
    public CompletableFuture<Void> room() {
        return inbox.room(live);
    }

    /**
     * Takes audio, cut anywhere: an incomplete frame at its end waits for what follows.
     *
     * @return done when all of it that is to be sent has been sent; fails if some of it is refused
     */
    public CompletableFuture<Void> append(byte[] audio, int offset, int length) {
        return inbox.append(this, audio, offset, length, false);
    }

    /** The source has ended; the filter gives what it still holds. The turn is not ended by this. */
    public CompletableFuture<Void> finish() {
        return inbox.append(this, new byte[0], 0, 0, true);
    }

    /** Whether the source cannot wait; see {@link AudioInbox#piece}. */
    boolean isLive() {
        return live;
    }

    /** The converter of this source alone, or {@code null}. */
    AudioConverter converter() {
        return converter;
    }

    int stream() {
        return stream;
    }
}
