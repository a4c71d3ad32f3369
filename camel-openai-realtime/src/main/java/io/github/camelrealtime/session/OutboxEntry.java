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

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.EventCodec;
import io.github.camelrealtime.event.EventTypes;

/**
 * One thing waiting in the {@link Outbox}: an event, a piece of audio, or a barrier that sends nothing and only tells
 * when everything before it has left. Once it has left it may stay in {@link UnsettledAudio}, with the same bytes.
 */
final class OutboxEntry {

    /** What a piece of audio sounds like, to those who end turns. */
    enum Sound {
        /** Ours to end, or the caller's: it is kept whatever it sounds like. */
        ANY,
        /** The service ends turns: this may be speech. */
        AUDIBLE,
        /** The service ends turns: this is no speech. */
        QUIET
    }

    /** Where audio lies in the stream that is silence of our own making. */
    static final long NOWHERE = -1;

    private enum Kind {
        EVENT,
        COMMIT,
        /** A clear of our own: what it clears is given again to the next connection. */
        CARRY,
        AUDIO,
        BARRIER,
        HOLD
    }

    final CompletableFuture<Void> sent;
    private final Kind kind;
    private final ClientEvent event;
    /** Whom a commit is made for, {@code null} if nobody wants to know. */
    private final Commit commit;
    private final byte[] audio;
    private final long stream;
    private final Sound sound;
    private final String appendId;
    private final boolean resent;

    // where it went; guarded by the outbox's lock
    private int epoch;
    private long at;

    private OutboxEntry(Kind kind, ClientEvent event, Commit commit) {
        this(new CompletableFuture<>(), kind, event, commit, null, NOWHERE, Sound.ANY, null, false);
    }

    private OutboxEntry(
            CompletableFuture<Void> sent, Kind kind, ClientEvent event, Commit commit, byte[] audio, long stream, Sound sound,
            String appendId, boolean resent) {
        this.sent = sent;
        this.kind = kind;
        this.event = event;
        this.commit = commit;
        this.audio = audio;
        this.stream = stream;
        this.sound = sound;
        this.appendId = appendId;
        this.resent = resent;
    }

    static OutboxEntry of(ClientEvent event) {
        return new OutboxEntry(Kind.EVENT, event, null);
    }

    /**
     * A commit whose answer is waited for.
     *
     * @param commit whom it is made for, {@code null} if nobody wants to know
     */
    static OutboxEntry ofCommit(ClientEvent event, Commit commit) {
        return new OutboxEntry(Kind.COMMIT, event, commit);
    }

    /** Clears what the next connection is given again. */
    static OutboxEntry carry(ClientEvent clear) {
        return new OutboxEntry(Kind.CARRY, clear, null);
    }

    /**
     * Audio is kept as bytes and encoded when it leaves: base64 in a queue costs a third more.
     *
     * @param eventId {@code null} for a new one
     * @param stream  its first sample in the stream, or {@link #NOWHERE}
     */
    static OutboxEntry of(byte[] audio, String eventId, long stream, Sound sound) {
        return new OutboxEntry(new CompletableFuture<>(), Kind.AUDIO, null, null, audio, stream, sound, eventId, false);
    }

    static OutboxEntry barrier() {
        return new OutboxEntry(Kind.BARRIER, null, null);
    }

    /** A barrier behind which everything waits for the next connection. */
    static OutboxEntry hold() {
        return new OutboxEntry(Kind.HOLD, null, null);
    }

    /**
     * Silence of our own making that goes out among what is sent again.
     *
     * @param audio of it
     */
    static OutboxEntry silenceAgain(byte[] audio) {
        return new OutboxEntry(new CompletableFuture<>(), Kind.AUDIO, null, null, audio, NOWHERE, Sound.QUIET, null, true);
    }

    /** The same commit, to be made again; who waits for this one to leave is told by whichever does. */
    OutboxEntry again() {
        OutboxEntry again = new OutboxEntry(new CompletableFuture<>(), kind, event, commit, null, NOWHERE, sound, null, true);
        again.sent.whenComplete((nothing, failure) -> {
            if (failure == null) {
                sent.complete(null);
            } else {
                sent.completeExceptionally(failure);
            }
        });
        return again;
    }

    /**
     * A part of this audio, to be sent again; whoever waits for this to leave is told by whichever does.
     *
     * @param fromByte the whole shares its bytes, a part has a copy
     */
    OutboxEntry again(int fromByte, int toByte, int bytesPerSample) {
        byte[] part = fromByte == 0 && toByte == audio.length ? audio : Arrays.copyOfRange(audio, fromByte, toByte);
        return new OutboxEntry(
                sent, kind, null, null, part, stream == NOWHERE ? NOWHERE : stream + fromByte / bytesPerSample, sound, null, true);
    }

    /** It is about to leave by this connection. */
    void leaves(int byEpoch, long atSample) {
        epoch = byEpoch;
        at = atSample;
    }

    /** Number of the connection it left by. */
    int epoch() {
        return epoch;
    }

    /** How much audio that connection had got before it, in samples. */
    long at() {
        return at;
    }

    boolean isAudio() {
        return kind == Kind.AUDIO;
    }

    boolean isBarrier() {
        return kind == Kind.BARRIER || kind == Kind.HOLD;
    }

    boolean isCommit() {
        return kind == Kind.COMMIT;
    }

    boolean isHold() {
        return kind == Kind.HOLD;
    }

    /** Whether it clears what the next connection is given again. */
    boolean isCarry() {
        return kind == Kind.CARRY;
    }

    boolean isClear() {
        return event != null && EventTypes.INPUT_AUDIO_BUFFER_CLEAR.equals(event.getType());
    }

    /** Whether it has left before, or takes the place of what has. */
    boolean isResent() {
        return resent;
    }

    /** Whether the service's input buffer is empty after it. */
    boolean emptiesBuffer() {
        return isCommit() || isClear();
    }

    /** Whom a commit is made for, {@code null} if nobody wants to know. */
    Commit commit() {
        return commit;
    }

    /** Id of the event, {@code null} for audio and barriers. */
    String eventId() {
        return event == null ? null : event.getEventId();
    }

    /** Its first sample in the stream, or {@link #NOWHERE}. */
    long stream() {
        return stream;
    }

    Sound sound() {
        return sound;
    }

    /** Bytes of audio, 0 for anything else. */
    int audioBytes() {
        return audio == null ? 0 : audio.length;
    }

    /** {@code null} for audio and barriers. */
    ClientEvent event() {
        return event;
    }

    /** The append of a piece of audio. */
    String frame() {
        return EventCodec.encodeAppend(audio, 0, audio.length, appendId == null ? ClientEvent.nextEventId() : appendId);
    }
}
