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

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.audio.EnergySegmenter;
import io.github.camelrealtime.event.SessionType;

/**
 * All that a session is told about itself, settled before it opens.
 *
 * @param type                    kind of session on the wire
 * @param model                   model of the session (of the transcription, in a transcription session)
 * @param uri                     address, query included
 * @param headers                 handshake headers, asked for at every dial since credentials expire and rotate
 * @param firstUpdate             the {@code session} member of the first {@code session.update}; {@code null} if there
 *                                is nothing to configure, in which case {@code session.created} means ready
 * @param inputFormat             what the input buffer takes
 * @param outputFormat            what the model's voice comes as
 * @param turns                   who ends a stretch of speech
 * @param segmenter               settings of our own segmenter, used with {@link TurnMode#CLIENT}
 * @param transcribesInput        whether the user's speech is transcribed
 * @param transcriptOrdering      in which order final transcripts are given out
 * @param talk                    how the conversation is led
 * @param history                 what is kept of the conversation, and what the next connection gets of it
 * @param audioQueue              bounds on audio that waits to be sent and on what is kept of it
 * @param maxOutstandingMillis    as much audio, in ms, as may be given and not be final where transcripts come; 0 = no bound
 * @param timeouts                how long anything may take
 * @param backoff                 how failed dials are repeated
 * @param maxReconnects           how many losses are followed by a reconnect; 0 = lost is lost
 * @param rollover                when a connection is followed by the next before the service ends it
 * @param fallback                where it is dialled when its own place fails
 * @param liveness                when a connection that stands is no longer trusted
 */
public record SessionConfig(
        SessionType type,
        String model,
        URI uri,
        Supplier<Map<String, String>> headers,
        ObjectNode firstUpdate,
        AudioFormat inputFormat,
        AudioFormat outputFormat,
        TurnMode turns,
        EnergySegmenter.Settings segmenter,
        boolean transcribesInput,
        TranscriptOrdering transcriptOrdering,
        Talk talk,
        History history,
        AudioQueue audioQueue,
        long maxOutstandingMillis,
        Timeouts timeouts,
        Backoff backoff,
        int maxReconnects,
        Rollover rollover,
        Fallback fallback,
        Liveness liveness) {

    /**
     * How the conversation is led.
     *
     * @param greeting        instructions for what the model says first, {@code null} if it waits for the user
     * @param autoTruncate    whether what was not heard is cut when the user interrupts by speaking
     * @param responseRetries how often a response is asked for again that has failed before anything of it came
     * @param muteMode        what the model gets of a muted speaker
     * @param interrupts      what the component itself decides of interruptions by speech
     */
    public record Talk(String greeting, boolean autoTruncate, int responseRetries, MuteMode muteMode, Interrupts interrupts) {
    }

    /**
     * What the component itself decides of interruptions by speech.
     *
     * @param minSpeechMillis how long speech must last before it interrupts; 0 = the service decides, or nobody
     * @param halfDuplex      whether nobody is heard while the assistant speaks
     * @param resumeMillis    how long after speech that interrupted its words may come, before the model is asked to go on; 0 =
     *                        it is not
     */
    public record Interrupts(long minSpeechMillis, boolean halfDuplex, long resumeMillis) {

        /** Nothing. */
        public static final Interrupts NONE = new Interrupts(0, false, 0);
    }

    /**
     * What is kept of the conversation.
     *
     * @param seed             items that every conversation of the session begins with
     * @param replay           whether a new connection is told what was said so far
     * @param reanchor         what the model is told after that, {@code null} for nothing
     * @param maxItems         most items kept
     * @param maxText          most text kept, in characters
     * @param maxImages        most pictures kept, in characters of their data URIs
     * @param windowTokens     what of the conversation fits into the model's context, in tokens; 0 = not known
     * @param warningThreshold share of that from which on it is announced that it will soon be full
     */
    public record History(
            List<ObjectNode> seed, boolean replay, String reanchor, int maxItems, long maxText, long maxImages,
            long windowTokens, double warningThreshold) {

        /** What the model is told when a connection was replaced, unless the user says otherwise. */
        public static final String REANCHOR
                = "The technical connection was renewed; the conversation goes on. Continue exactly where it stopped. Do not "
                  + "greet or introduce yourself again, do not repeat what you have said, and do not mention the connection.";
        public static final int MAX_ITEMS = 1_000;
        public static final long MAX_TEXT = 500_000;
        public static final long MAX_IMAGES = 8L * 1024 * 1024;

        public static final History DEFAULTS
                = new History(List.of(), true, REANCHOR, MAX_ITEMS, MAX_TEXT, MAX_IMAGES, 0, 0.8);
    }

    /**
     * Bounds on audio: what waits to be sent, and what was sent and is kept until it is settled.
     *
     * @param maxMillis       ms of audio that may wait
     * @param overflow        what happens beyond; {@code null} = as the source needs it: a recording waits, a live call does not
     * @param unsettledMillis ms of audio kept, to be sent again if the connection is lost
     */
    public record AudioQueue(long maxMillis, Overflow overflow, long unsettledMillis) {

        /** As much is kept unless told otherwise, in ms. */
        public static final long DEFAULT_UNSETTLED_MILLIS = 120_000;

        /** Keeps as much as is usual. */
        public AudioQueue(long maxMillis, Overflow overflow) {
            this(maxMillis, overflow, DEFAULT_UNSETTLED_MILLIS);
        }

        /** The policy for audio of a live source, or of one that can wait. */
        Overflow policy(boolean live) {
            if (overflow != null) {
                return overflow;
            }
            return live ? Overflow.DROP_OLDEST : Overflow.BLOCK;
        }
    }

    /**
     * All in ms.
     *
     * @param ready      from the standing connection to the confirmed configuration
     * @param itemAck    from a commit to its {@code input_audio_buffer.committed}, and from an event about an item
     *                   or an update to its acknowledgement
     * @param transcript from {@code committed} to the final transcript of an item
     * @param drain      at stop: for what is owed to arrive
     * @param idle       without any operation or consumer before a dynamic session is closed; 0 = never
     */
    public record Timeouts(long ready, long itemAck, long transcript, long drain, long idle) {
    }

    /**
     * Repetition of failed dials.
     *
     * @param intervalMillis    before the second attempt; doubles from there
     * @param maxIntervalMillis upper bound of the interval
     * @param maxAttempts       attempts per outage, the first included
     */
    public record Backoff(long intervalMillis, long maxIntervalMillis, int maxAttempts) {

        /**
         * Delay before the attempt of the given number.
         *
         * @param attempt number of attempts made so far, from 1
         * @param jitter  random number in [0, 1): the delay is spread over 50 to 100 %
         */
        long delayMillis(int attempt, double jitter) {
            double doubled = intervalMillis * Math.pow(2, Math.min(attempt - 1, 30));
            return (long) (Math.min(doubled, maxIntervalMillis) * (0.5 + jitter / 2));
        }
    }

    /**
     * How a connection is followed by the next before the service ends it; all in ms.
     *
     * @param enabled        whether it is; if not, the next is made when the service has ended it
     * @param beforeMillis   before the end: the next is dialled, and the first pause is taken
     * @param deadlineMillis before the end: a pause is waited for no longer
     * @param jitterMillis   at most as much earlier, spread at random
     */
    public record Rollover(boolean enabled, long beforeMillis, long deadlineMillis, long jitterMillis) {

        /** Nothing is planned. */
        public static final Rollover OFF = new Rollover(false, 0, 0, 0);
    }

    /**
     * Where a session is dialled when its own place fails.
     *
     * @param targets        in the order of preference
     * @param attempts       failed in a row, after which another place is tried
     * @param cooldownMillis as long a place that failed is passed over, in ms
     */
    public record Fallback(List<Target> targets, int attempts, long cooldownMillis) {

        /** Nowhere else. */
        public static final Fallback NONE = new Fallback(List.of(), 1, 0);

        public Fallback {
            targets = List.copyOf(targets);
        }
    }

    /**
     * When a connection that stands is given up, or a turn ended; all in ms, 0 = never.
     *
     * @param silence  without any event while the service owes one
     * @param send     without the service taking anything while more waits than ever should
     * @param vadStuck from {@code speech_started} without its end to a commit of ours
     */
    public record Liveness(long silence, long send, long vadStuck) {
    }

    /** Whether the model answers in text only, unless a response is asked to do otherwise. */
    public boolean isWritten() {
        JsonNode modalities = firstUpdate == null ? null : firstUpdate.path("output_modalities");
        return modalities != null && modalities.size() == 1 && "text".equals(modalities.get(0).asText());
    }

    /** Its own place. */
    Target target() {
        return new Target(null, model, uri, headers, firstUpdate, null);
    }

    /** The same with these fallbacks. */
    public SessionConfig with(Fallback others) {
        return new SessionConfig(
                type, model, uri, headers, firstUpdate, inputFormat, outputFormat, turns, segmenter, transcribesInput,
                transcriptOrdering, talk, history, audioQueue, maxOutstandingMillis, timeouts, backoff, maxReconnects, rollover,
                others, liveness);
    }

    /** How this kind of session speaks. */
    public WireProtocol protocol() {
        return WireProtocol.of(type);
    }

    /** Format in which {@link AudioInbox} takes audio: what the segmenter can measure, else the wire's own. */
    public AudioFormat lineFormat() {
        if (turns == TurnMode.CLIENT && inputFormat.encoding() != AudioFormat.Encoding.PCM_S16_LE) {
            return new AudioFormat(AudioFormat.Encoding.PCM_S16_LE, inputFormat.sampleRate(), 1);
        }
        return inputFormat;
    }

    @Override
    public String toString() {
        return "SessionConfig[" + type + ", model " + model + ", " + uri + ", turns " + turns + "]";
    }
}
