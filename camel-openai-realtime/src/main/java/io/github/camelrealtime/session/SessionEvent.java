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

import io.github.camelrealtime.event.ServerEvent;

/**
 * An event together with what the session knows of it. This is what consumers get.
 *
 * @param event          the event
 * @param sessionName    logical name of the session, the same over all epochs
 * @param sessionId      the service's id of the epoch's session ({@code sess_…}), {@code null} until known
 * @param epoch          number of the connection it came by, from 1
 * @param receivedMillis when it came, ms since 1970
 * @param transcript     for transcript events, else {@code null}
 * @param context        what is known of its item or response; {@code null} for audio and for events without either
 * @param voiceEndBytes  for the model's voice, where in its content part this piece ends, in bytes of the output format; for the
 *                       marker of its end, how long it is; 0 if unknown
 */
public record SessionEvent(
        ServerEvent event,
        String sessionName,
        String sessionId,
        int epoch,
        long receivedMillis,
        TranscriptAssembler.Progress transcript,
        EventContext context,
        long voiceEndBytes) {

    /** An event that is no voice. */
    public SessionEvent(ServerEvent event, String sessionName, String sessionId, int epoch, long receivedMillis,
                        TranscriptAssembler.Progress transcript, EventContext context) {
        this(event, sessionName, sessionId, epoch, receivedMillis, transcript, context, 0);
    }

    /** A piece of this voice. */
    SessionEvent withVoice(ServerEvent piece, long endBytes) {
        return new SessionEvent(piece, sessionName, sessionId, epoch, receivedMillis, transcript, context, endBytes);
    }

    /** The same, with how far all finals are out now; {@code null} leaves it as it is. */
    SessionEvent settledTo(Long streamMillis) {
        return streamMillis == null || context == null
                ? this
                : new SessionEvent(event, sessionName, sessionId, epoch, receivedMillis, transcript, context.settledTo(streamMillis));
    }

    /** Rough size in memory, for bounds in bytes. */
    public long bytes() {
        byte[] audio = event.getAudio();
        return 200L + (audio == null ? 0 : audio.length) + event.rawLength();
    }

    @Override
    public String toString() {
        return "SessionEvent[" + event + ", session " + sessionName + ", epoch " + epoch + "]";
    }
}
