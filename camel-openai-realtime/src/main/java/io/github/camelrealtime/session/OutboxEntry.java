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

import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.EventCodec;
import io.github.camelrealtime.event.EventTypes;

/**
 * One thing waiting in the {@link Outbox}: an event, a piece of audio, or a barrier that sends nothing and only tells
 * when everything before it has left.
 */
final class OutboxEntry {

    final CompletableFuture<Void> sent = new CompletableFuture<>();
    private final ClientEvent event;
    private final byte[] audio;

    private final boolean commit;
    private final boolean hold;
    private final String appendId;

    private OutboxEntry(ClientEvent event, byte[] audio, boolean commit, boolean hold, String appendId) {
        this.appendId = appendId;
        this.event = event;
        this.audio = audio;
        this.commit = commit;
        this.hold = hold;
    }

    static OutboxEntry of(ClientEvent event) {
        return new OutboxEntry(event, null, false, false, null);
    }

    /** A commit whose answer is waited for. */
    static OutboxEntry ofCommit(ClientEvent event) {
        return new OutboxEntry(event, null, true, false, null);
    }

    /**
     * Audio is kept as bytes and encoded when it leaves: base64 in a queue costs a third more.
     *
     * @param eventId {@code null} for a new one
     */
    static OutboxEntry of(byte[] audio, String eventId) {
        return new OutboxEntry(null, audio, false, false, eventId);
    }

    static OutboxEntry barrier() {
        return new OutboxEntry(null, null, false, false, null);
    }

    /** A barrier behind which everything waits for the next connection. */
    static OutboxEntry hold() {
        return new OutboxEntry(null, null, false, true, null);
    }

    boolean isAudio() {
        return audio != null;
    }

    boolean isBarrier() {
        return event == null && audio == null;
    }

    boolean isCommit() {
        return commit;
    }

    boolean isHold() {
        return hold;
    }

    /** Whether the service's input buffer is empty after it. */
    boolean emptiesBuffer() {
        return event != null && (EventTypes.INPUT_AUDIO_BUFFER_COMMIT.equals(event.getType())
                || EventTypes.INPUT_AUDIO_BUFFER_CLEAR.equals(event.getType()));
    }

    /** Id of the event, {@code null} for audio and barriers. */
    String eventId() {
        return event == null ? null : event.getEventId();
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
