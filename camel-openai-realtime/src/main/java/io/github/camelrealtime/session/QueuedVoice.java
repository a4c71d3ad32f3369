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

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;

import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.ServerEvent;

/** What waits of one spoken part to be handed out in frames. Guarded by the lock of its {@link PlayQueue}. */
final class QueuedVoice {

    private final ServerEvent first;
    private final int frameBytes;
    private final byte silence;
    private final Deque<SessionEvent> pieces = new ArrayDeque<>();
    /** How much of the first piece has been handed out, bytes. */
    private int taken;
    private long bytes;
    private long droppedBytes;
    /** The marker of its end, once that has come. */
    private SessionEvent end;

    /** @param first event of this part */
    QueuedVoice(ServerEvent first, AudioFormat format, int frameBytes) {
        this.first = first;
        this.frameBytes = frameBytes;
        this.silence = format.silence(1)[0];
    }

    /** @param room for so many bytes; of a part that did not fit the rest is not taken either, so that it has no hole */
    void add(SessionEvent delta, long room) {
        int length = delta.event().getAudio().length;
        if (droppedBytes > 0 || length > room) {
            droppedBytes += length;
            return;
        }
        pieces.add(delta);
        bytes += length;
    }

    void ends(SessionEvent marker) {
        end = marker;
    }

    /** The marker of its end; {@code null} as long as more may come. */
    SessionEvent end() {
        return end;
    }

    /** Bytes that wait. */
    long bytes() {
        return bytes;
    }

    /** Bytes that did not fit. */
    long droppedBytes() {
        return droppedBytes;
    }

    /** An event of this part. */
    ServerEvent event() {
        return first;
    }

    /** Whether the event belongs to this part, and that has not ended. */
    boolean takes(ServerEvent event) {
        return end == null && Objects.equals(first.getItemId(), event.getItemId()) && index(first) == index(event);
    }

    private static int index(ServerEvent event) {
        return event.getContentIndex() == null ? 0 : event.getContentIndex();
    }

    /** Whether something can be handed out: a whole frame or, if no more comes, what there is. */
    boolean isReady() {
        return bytes >= frameBytes || end != null;
    }

    /** Takes the next frame, filled up with silence. There must be something to take. */
    SessionEvent nextFrame() {
        byte[] audio = new byte[frameBytes];
        SessionEvent like = pieces.peek();
        int filled = 0;
        long endBytes = 0;
        while (filled < frameBytes && !pieces.isEmpty()) {
            SessionEvent next = pieces.peek();
            byte[] piece = next.event().getAudio();
            int length = Math.min(frameBytes - filled, piece.length - taken);
            System.arraycopy(piece, taken, audio, filled, length);
            filled += length;
            taken += length;
            endBytes = Math.max(0, next.voiceEndBytes() - (piece.length - taken));
            if (taken == piece.length) {
                pieces.poll();
                taken = 0;
            }
        }
        bytes -= filled;
        Arrays.fill(audio, filled, frameBytes, silence);
        return like.withVoice(like.event().withAudio(audio), endBytes);
    }
}
