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

/**
 * Events that the component makes itself. They begin with {@code camel.} so that they can never be taken for the
 * service's.
 */
public final class LocalEvents {

    /** The session is configured and takes audio. Members {@code session_id}, {@code epoch}. */
    public static final String SESSION_READY = "camel.session.ready";
    /**
     * The connection of a session that was ready is gone, and another takes its place. What has left and was not answered has
     * failed; what has not left stays. Members {@code cause} ({@code lost}, {@code expired}, {@code stalled},
     * {@code restart}), {@code reason}, {@code close_code} (0 if none), {@code session_id} and {@code epoch} of what ended,
     * {@code unsettled_audio_ms} (audio that the service got and did not make final), {@code dropped_audio_ms} (audio that
     * waited and is not sent, as the beginning of its stretch is lost).
     */
    public static final String SESSION_RECONNECTING = "camel.session.reconnecting";
    /**
     * The session takes audio again. Members {@code cause} and {@code reason} as before, {@code old_session_id},
     * {@code old_epoch}, {@code session_id}, {@code epoch}, {@code context_restored} ({@code false}: the model knows nothing of
     * the conversation so far).
     */
    public static final String SESSION_RECONNECTED = "camel.session.reconnected";
    /** The session was closed in good order. Members {@code session_id}, {@code epoch}. */
    public static final String SESSION_CLOSED = "camel.session.closed";
    /**
     * The session could not be opened, or was lost. Members {@code reason}, {@code close_code} (0 if none),
     * {@code fatal}, {@code epoch}. Part of the groups {@code lifecycle} and {@code error}.
     */
    public static final String SESSION_FAILED = "camel.session.failed";
    /** Audio for the model was dropped, as too much of it waited. Member {@code dropped_ms}: how much is missing here. */
    public static final String AUDIO_GAP = "camel.audio.gap";
    /** A frame of the service could not be read. Member {@code reason}. */
    public static final String ERROR_MALFORMED = "camel.error.malformed";
    /** Events are lost to a subscription because its route is too slow. Member {@code reason}. */
    public static final String ERROR_OVERRUN = "camel.error.overrun";
    /** What was said so far by somebody whose transcript will not become final. Members {@code transcript}, {@code role}. */
    public static final String TRANSCRIPT_ABANDONED = "camel.transcript.abandoned";

    /** No transcript came for an item within its time. Members {@code item_id}, {@code reason}. */
    public static final String TRANSCRIPT_MISSING = "camel.transcript.missing";

    private LocalEvents() {
    }
}
