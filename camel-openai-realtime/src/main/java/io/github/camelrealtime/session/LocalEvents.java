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

import java.util.List;

/**
 * Events that the component makes itself. They begin with {@code camel.} so that they can never be taken for the
 * service's.
 */
public final class LocalEvents {

    /** The session is configured and takes audio. Members {@code session_id}, {@code epoch}. */
    public static final String SESSION_READY = "camel.session.ready";
    /**
     * The connection of a session that was ready is gone, and another takes its place. What has left and was not answered has
     * failed, but audio, which is sent again; what has not left stays. Members {@code cause} ({@code lost}, {@code expired}, {@code stalled},
     * {@code restart}), {@code reason}, {@code close_code} (0 if none), {@code session_id} and {@code epoch} of what ended,
     * {@code unsettled_audio_ms} (audio that the service got and did not make final), {@code resent_audio_ms} (as much of it is
     * sent again), {@code resent_from_ms} (from here in the stream on), {@code dropped_audio_ms} (as much of it is lost, as it is
     * more than {@code maxUnsettledAudio}).
     */
    public static final String SESSION_RECONNECTING = "camel.session.reconnecting";
    /**
     * The session takes audio again. Members {@code cause} and {@code reason} as before, {@code old_session_id},
     * {@code old_epoch}, {@code session_id}, {@code epoch}, {@code expected_items} and {@code replayed_items} (of the
     * conversation so far, and what the service has taken of them), {@code context_restored} ({@code true}, {@code partial} or
     * {@code false}: what the model knows of it).
     */
    public static final String SESSION_RECONNECTED = "camel.session.reconnected";
    /**
     * Another connection has taken the place of one that still stood. Members {@code cause} ({@code planned} or
     * {@code restart}), {@code forced} (whether there was no pause in time), {@code old_session_id}, {@code old_epoch},
     * {@code session_id}, {@code epoch}, {@code expected_items} and {@code replayed_items} (of the conversation so far, on the new
     * connection), {@code context_restored} ({@code true}, {@code false} or {@code partial}), {@code cut_sample}
     * (where in the stream of audio the first sample lies that the new connection gets), {@code samples} (the account of the
     * audio given since the session was opened: {@code given}, {@code sent}, {@code settled}, {@code resent},
     * {@code dropped}, {@code unsettled}).
     */
    public static final String SESSION_ROLLOVER = "camel.session.rollover";
    /**
     * The connection before has nothing to say any more and is closed. Members {@code session_id} and {@code epoch} of it,
     * {@code lost} (whether it broke before), {@code settled} and {@code missing}: transcripts and responses that have come to their
     * end since the switch, and that have not.
     */
    public static final String SESSION_DRAINED = "camel.session.drained";
    /** The session was closed in good order. Members {@code session_id}, {@code epoch}. */
    public static final String SESSION_CLOSED = "camel.session.closed";
    /**
     * The session could not be opened, or was lost. Members {@code reason}, {@code close_code} (0 if none),
     * {@code fatal}, {@code epoch}. Part of the groups {@code lifecycle} and {@code error}.
     */
    public static final String SESSION_FAILED = "camel.session.failed";
    /**
     * The conversation will soon be longer than the model's context, and the service leave out what was said first without
     * telling. Once per crossing. Members {@code used_tokens}, {@code window_tokens}, {@code threshold} (option
     * {@code contextWarning}), {@code response_id}.
     */
    public static final String CONTEXT_NEARING_LIMIT = "camel.context.nearing-limit";
    /** Audio for the model was dropped, as too much of it waited. Member {@code dropped_ms}: how much is missing here. */
    public static final String AUDIO_GAP = "camel.audio.gap";
    /**
     * A frame of the service could not be read; or could, but for a member that is none of what it should be: then the event is
     * delivered as well, and that member counts as absent. Members {@code kind} ({@code no-json}, {@code no-object},
     * {@code no-type}, {@code no-audio}, {@code binary}, {@code odd-member}), {@code reason}, {@code event_type} (of the event that
     * is delivered). They never quote the frame.
     */
    public static final String ERROR_MALFORMED = "camel.error.malformed";
    /**
     * A part of this component failed on an event of the service; the other parts and the session go on. Members {@code reason}
     * (the exception's class), {@code part}, {@code event_type}.
     */
    public static final String ERROR_INTERNAL = "camel.error.internal";
    /** Events are lost to a subscription because its route is too slow. Member {@code reason}. */
    public static final String ERROR_OVERRUN = "camel.error.overrun";
    /** What was said so far by somebody whose transcript will not become final. Members {@code transcript}, {@code role}. */
    public static final String TRANSCRIPT_ABANDONED = "camel.transcript.abandoned";
    /**
     * Partials of a transcript that were given out do not hold: a caption takes them away. Their connection was lost, or an
     * earlier one had given out the final. Members {@code item_id}, {@code content_index}, {@code role}, {@code version} (one
     * more than the last partial's), {@code deduplication_id}, {@code transcript} (what was given out), {@code reason}
     * ({@code reconnecting}, {@code drained} or {@code repeated}).
     */
    public static final String TRANSCRIPT_RETRACTED = "camel.transcript.retracted";
    /**
     * No transcript comes for an item. Members {@code item_id}, {@code reason} ({@code timeout}; {@code reconnecting} or
     * {@code drained} if its connection is gone and it is not said again, as the model had begun to answer).
     */
    public static final String TRANSCRIPT_MISSING = "camel.transcript.missing";

    /**
     * A response has ended without an answer, and is not asked for again. Members {@code response_id}, {@code status}
     * ({@code failed}, or {@code interrupted} if its connection was lost, so that no {@code response.done} comes),
     * {@code reason} and {@code code} (as far as the service says), {@code retries} (how often it was asked for again before).
     */
    public static final String RESPONSE_FAILED = "camel.response.failed";
    /**
     * The model was interrupted. Members {@code reason} ({@code client} or {@code speech}) and {@code items}, each with
     * {@code item_id}, {@code response_id}, {@code content_index}, {@code received_ms}, {@code played_ms}, {@code removed}
     * (whether nothing of it was heard, so that it was removed from the conversation), {@code transcript} (an estimate of
     * the words that were heard) and {@code interrupted}.
     */
    public static final String TURN_INTERRUPTED = "camel.turn.interrupted";

    /**
     * A turn is over: the user's words and everything they caused. Not in transcription and translation sessions, where nobody
     * answers. Members {@code session}, {@code turn}, {@code part} (from 1: a response that no words caused is a further part of
     * the turn before it), {@code deduplication_id}, {@code epochs} it spans, {@code completed}, {@code reason} if it is not
     * ({@code unanswered}, {@code superseded}, {@code timeout}, {@code reconnecting}, {@code drained}, {@code hangup},
     * {@code lost}, {@code overflow}), {@code interrupted}, {@code user}, {@code text}, {@code responses}, {@code tools}, {@code usage},
     * {@code timings}.
     */
    public static final String TURN_COMPLETED = "camel.turn.completed";
    /**
     * The model was interrupted by speech that had no words, and is asked to go on. Members {@code item_id} (of that speech) and
     * {@code reason}.
     */
    public static final String TURN_RESUMED = "camel.turn.resumed";
    /**
     * Voice that was not heard yet is unwanted: sinks throw away what they hold. Members {@code reason} as of
     * {@link #TURN_INTERRUPTED} and {@code items}, each with {@code item_id}, {@code content_index}, {@code played_ms}.
     */
    public static final String PLAYBACK_CLEARED = "camel.playback.cleared";
    /**
     * A consumer that gets the voice at the pace of speech could not hold all of a part: its end is missing. Members
     * {@code item_id}, {@code response_id}, {@code content_index}, {@code dropped_ms}.
     */
    public static final String PLAYBACK_OVERFLOW = "camel.playback.overflow";
    /** The assistant begins to be heard, or is not heard any more. Member {@code speaking}. */
    public static final String ASSISTANT_SPEAKING = "camel.assistant.speaking";

    /** Whether an event of this type is the last of a session (which may be opened again). */
    public static boolean endsSession(String type) {
        return SESSION_FAILED.equals(type) || SESSION_CLOSED.equals(type);
    }

    /**
     * What is to be known of one of them.
     *
     * @param type    its name
     * @param when    when it comes, a half-sentence
     * @param members members beyond {@code type}, with what they say
     */
    public record Entry(String type, String when, String members) {
    }

    /** For the documentation. An event that is not here fails the build. */
    private static final List<Entry> CATALOGUE = List.of(
            new Entry(SESSION_READY, "the session is configured and takes audio", "`session_id`, `epoch`"),
            new Entry(SESSION_CLOSED, "it was closed in good order", "`session_id`, `epoch`"),
            new Entry(SESSION_RECONNECTING, "the connection is lost, another takes its place",
                    "`cause` (`lost`, `expired`, `stalled` or `restart`), `reason`, `close_code` (0 if none), `session_id`, "
                                                                                             + "`epoch`, `unsettled_audio_ms`, "
                                                                                             + "`resent_audio_ms`, `resent_from_ms`, "
                                                                                             + "`dropped_audio_ms`"),
            new Entry(SESSION_RECONNECTED, "it is ready again, on another connection",
                    "`cause`, `reason`, `old_session_id`, `old_epoch`, `session_id`, `epoch`, `expected_items`, `replayed_items`, "
                                                                                     + "`context_restored` (`true`, `partial` "
                                                                                     + "or `false`: what the model knows of "
                                                                                     + "the conversation so far), `samples`"),
            new Entry(SESSION_ROLLOVER, "another connection has taken the place of one that still stood",
                    "`cause` (`planned` or `restart`), `forced` (there was no pause in time), `old_session_id`, `old_epoch`, "
                                                                                                  + "`session_id`, `epoch`, "
                                                                                                  + "`expected_items`, "
                                                                                                  + "`replayed_items`, "
                                                                                                  + "`context_restored`, "
                                                                                                  + "`cut_sample` (where in the "
                                                                                                  + "stream of audio the first "
                                                                                                  + "sample lies that the new one "
                                                                                                  + "gets), "
                                                                                                  + "`samples` (the account, at that moment, of the "
                                                                                                  + "audio given so far: `given`, "
                                                                                                  + "`sent`, `settled`, `resent`, "
                                                                                                  + "`dropped`, `unsettled`)"),
            new Entry(SESSION_DRAINED, "the connection before has nothing to say any more and is closed",
                    "`session_id`, `epoch`, `lost` (it broke before), `settled` and `missing` (transcripts and responses that came "
                                                                                            + "to their end since, and that "
                                                                                            + "did not), `samples`"),
            new Entry(SESSION_FAILED, "it could not be opened, or was lost",
                    "`reason`, `close_code` (0 if none), `fatal`, `session_id`, `epoch`"),
            new Entry(CONTEXT_NEARING_LIMIT, "the model's context is nearly full (option `contextWarning`)",
                    "`used_tokens`, `window_tokens`, `threshold`, `response_id`"),
            new Entry(AUDIO_GAP, "audio for the model was dropped, as too much of it waited",
                    "`dropped_ms`: how much is missing here"),
            new Entry(ERROR_MALFORMED, "a frame of the service could not be read, or one of its members is none of what it should be",
                    "`kind` (`no-json`, `no-object`, `no-type`, `no-audio`, `binary`; `odd-member`: the event is delivered as well, "
                                        + "that member counts as absent), `reason`, `event_type`"),
            new Entry(ERROR_INTERNAL, "a part of this component failed on an event of the service; the session goes on",
                    "`reason` (the exception's class), `part`, `event_type`"),
            new Entry(ERROR_OVERRUN, "this route is too slow, events are being lost", "`reason`"),
            new Entry(TRANSCRIPT_ABANDONED, "a partial transcript that will get no final one; the body is the text so far",
                    "`transcript`, `role`, `item_id`, `content_index`, `reason` (`hangup` or `lost`)"),
            new Entry(TRANSCRIPT_RETRACTED, "partials of a transcript do not hold; a caption takes them away",
                    "`item_id`, `content_index`, `role`, `version`, `deduplication_id`, `transcript` (what was given out), `reason` "
                                        + "(`reconnecting`, `drained`: what was said is given to the next connection; `repeated`: "
                                        + "its final has been given out before)"),
            new Entry(RESPONSE_FAILED, "a response has ended without an answer, and is not asked for again",
                    "`response_id`, `status` (`failed`, or `interrupted` if its connection was lost: then no `response.done` "
                                                                            + "comes), `reason`, `code`, `retries`"),
            new Entry(TURN_INTERRUPTED, "the model was interrupted, by operation `interrupt` or by the user's speech",
                    "`reason` (`client` or `speech`), `items`: each with `item_id`, `response_id`, `content_index`, "
                                                                                 + "`received_ms`, `played_ms`, `removed`, "
                                                                                 + "`transcript` (an estimate of what was "
                                                                                 + "heard), `interrupted`"),
            new Entry(TURN_COMPLETED, "a turn is over: the user's words and everything they caused; see [Turns as a whole](#turns-as-a-whole)",
                    "`session`, `turn`, `part`, `deduplication_id`, `epochs`, `completed`, `reason`, `interrupted`, `user`, `text`, "
                                                                                             + "`responses`, `tools`, `usage`, "
                                                                                             + "`timings`"),
            new Entry(TURN_RESUMED, "the model was interrupted by speech without words, and is asked to go on "
                                    + "(`falseInterruptionTimeout`)",
                    "`item_id` (of that speech), `reason` (`no words`)"),
            new Entry(PLAYBACK_CLEARED, "the model was interrupted: a sink throws away what it has not played; the body is empty",
                    "`reason` (`client` or `speech`), `items`: each with `item_id`, `content_index`, `played_ms`"),
            new Entry(PLAYBACK_OVERFLOW, "with `playback=realtime`, the end of an answer did not fit into `playQueue`",
                    "`item_id`, `response_id`, `content_index`, `dropped_ms`"),
            new Entry(ASSISTANT_SPEAKING, "the assistant begins to be heard, or is not heard any more", "`speaking`"),
            new Entry(TRANSCRIPT_MISSING, "no transcript comes for an item",
                    "`item_id`, `reason` (`timeout`: not within `transcriptTimeout`; `reconnecting`, `drained`: its connection is "
                                                                    + "gone, and it is not said again, as the model had "
                                                                    + "begun to answer)"));

    private LocalEvents() {
    }

    /** All of them. */
    public static List<Entry> catalogue() {
        return CATALOGUE;
    }
}
