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
package io.github.camelrealtime;

import java.util.List;
import java.util.regex.Pattern;

import io.github.camelrealtime.event.EventDataFormat;
import io.github.camelrealtime.event.EventFilter;
import io.github.camelrealtime.event.EventTypes;

/**
 * What the values of single options may be. A word that is not known is refused as well: the service would do so too, but only
 * once the session is connected. Fields that are new to the service can be given by {@code sessionProperties}.
 */
final class OptionRules {

    private static final long DAY_MILLIS = 86_400_000;
    private static final long LONGEST_MILLIS = Long.MAX_VALUE;
    private static final int MANY = 1_000_000;
    private static final int LEAST_MESSAGE_BYTES = 64 * 1024;

    /** Of our segmenter, in ms; the longest segment must have a quiet place to be cut at, beyond what is kept around speech. */
    private static final long CUT_MILLIS = 2_000;
    private static final long LONGEST_SEGMENT_MILLIS = 600_000;

    private static final Pattern ZERO = Pattern.compile("[^1-9]*0[^1-9]*");

    private OptionRules() {
    }

    /** @throws IllegalArgumentException naming the option of the session whose value cannot be */
    static void checkSession(OpenAIRealtimeConfiguration options) {
        checkWords(options);
        checkModel(options);
        checkConnection(options);
        checkHistory(options);
        checkSegmenter(options);
    }

    private static void checkWords(OpenAIRealtimeConfiguration options) {
        audioFormat("inputAudioFormat", options.getInputAudioFormat());
        audioFormat("outputAudioFormat", options.getOutputAudioFormat());
        word("turnDetection", options.getTurnDetection(), "server_vad", "semantic_vad", "none");
        word("vadEagerness", options.getVadEagerness(), "low", "medium", "high", "auto");
        word("noiseReduction", options.getNoiseReduction(), "near_field", "far_field", "none");
        word("outputModalities", options.getOutputModalities(), "audio", "text");
        word("reasoningEffort", options.getReasoningEffort(), "minimal", "low", "medium", "high", "xhigh");
        word("transcriptionDelay", options.getTranscriptionDelay(), "minimal", "low", "medium", "high", "xhigh");
        word("tracing", options.getTracing(), "auto", "none");
    }

    private static void checkModel(OpenAIRealtimeConfiguration options) {
        range("speed", options.getSpeed(), 0.25, 1.5);
        range("vadThreshold", options.getVadThreshold(), 0, 1);
        range("maxOutputTokens", options.getMaxOutputTokens(), 1, 4096);
        range("responseRetries", options.getResponseRetries(), 0, 10);
        range("vadPrefixPadding (ms)", options.getVadPrefixPadding(), 0, DAY_MILLIS);
        range("vadSilenceDuration (ms)", options.getVadSilenceDuration(), 0, DAY_MILLIS);
        range("vadIdleTimeout (ms)", options.getVadIdleTimeout(), 5_000, 30_000);
        range("vadStuckTimeout (ms)", options.getVadStuckTimeout(), 0, DAY_MILLIS);
        range("interruptMinSpeech (ms)", options.getInterruptMinSpeech(), 0, 10_000);
        range("falseInterruptionTimeout (ms)", options.getFalseInterruptionTimeout(), 0, 60_000);
        range("modelRetirementWarning (ms)", options.getModelRetirementWarning(), 0, LONGEST_MILLIS);
    }

    private static void checkConnection(OpenAIRealtimeConfiguration options) {
        range("connectTimeout (ms)", options.getConnectTimeout(), 1, DAY_MILLIS);
        range("sessionReadyTimeout (ms)", options.getSessionReadyTimeout(), 1, DAY_MILLIS);
        range("pingInterval (ms)", options.getPingInterval(), 0, DAY_MILLIS);
        range("maxReconnectAttempts", options.getMaxReconnectAttempts(), 1, MANY);
        range("maxReconnects", options.getMaxReconnects(), 1, MANY);
        range("fallbackAttempts", options.getFallbackAttempts(), 1, 100);
        range("fallbackCooldown (ms)", options.getFallbackCooldown(), 0, DAY_MILLIS);
        range("rolloverBefore (ms)", options.getRolloverBefore(), 1, DAY_MILLIS);
        range("rolloverDeadline (ms)", options.getRolloverDeadline(), 0, DAY_MILLIS);
        range("rolloverJitter (ms)", options.getRolloverJitter(), 0, DAY_MILLIS);
        range("livenessTimeout (ms)", options.getLivenessTimeout(), 0, DAY_MILLIS);
        range("sendTimeout (ms)", options.getSendTimeout(), 0, DAY_MILLIS);
        range("reconnectInterval (ms)", options.getReconnectInterval(), 0, DAY_MILLIS);
        range("reconnectMaxInterval (ms)", options.getReconnectMaxInterval(), 0, DAY_MILLIS);
        range("itemAckTimeout (ms)", options.getItemAckTimeout(), 1, DAY_MILLIS);
        range("transcriptTimeout (ms)", options.getTranscriptTimeout(), 1, LONGEST_MILLIS);
        range("drainTimeout (ms)", options.getDrainTimeout(), 0, LONGEST_MILLIS);
        range("idleTimeout (ms)", options.getIdleTimeout(), 0, LONGEST_MILLIS);
        range("maxOutstandingAudio (ms)", options.getMaxOutstandingAudio(), 0, DAY_MILLIS);
        range("maxUnsettledAudio (ms)", options.getMaxUnsettledAudio(), 0, 3_600_000);
        range("maxQueuedAudio (ms)", options.getMaxQueuedAudio(), 1, 3_600_000);
        range("maxMessageSize (bytes)", options.getMaxMessageSize(), LEAST_MESSAGE_BYTES, Integer.MAX_VALUE);
    }

    private static void checkHistory(OpenAIRealtimeConfiguration options) {
        range("historyMaxItems", options.getHistoryMaxItems(), 1, 100_000);
        range("historyMaxText (characters)", options.getHistoryMaxText(), 1, 100_000_000);
        range("historyMaxImages (bytes)", options.getHistoryMaxImages(), 0, 1_000_000_000);
        range("contextWindow (tokens)", options.getContextWindow(), 1, 1_000_000_000);
        range("contextWarning", options.getContextWarning(), 0, 1);
    }

    private static void checkSegmenter(OpenAIRealtimeConfiguration options) {
        range("segmentMinSpeech (ms)", options.getSegmentMinSpeech(), 20, 1_000);
        range("segmentPreRoll (ms)", options.getSegmentPreRoll(), 0, 2_000);
        range("segmentHangover (ms)", options.getSegmentHangover(), 100, 5_000);
        long speech = options.getSegmentMinSpeech() == null ? 250 : options.getSegmentMinSpeech();
        long preRoll = options.getSegmentPreRoll() == null ? 300 : options.getSegmentPreRoll();
        range("segmentMax (ms)", options.getSegmentMax(), CUT_MILLIS + preRoll + 3 * speech, LONGEST_SEGMENT_MILLIS);
    }

    /** @throws IllegalArgumentException naming the option of a consumer whose value cannot be */
    static void checkConsumer(OpenAIRealtimeConfiguration options, EventFilter filter) {
        range("queueSize", options.getQueueSize(), 1, Integer.MAX_VALUE);
        range("maxQueuedBytes", options.getMaxQueuedBytes(), 1, Long.MAX_VALUE);
        range("playbackFrame (ms)", options.getPlaybackFrame(), 10, 1_000);
        range("playQueue (ms)", options.getPlayQueue(), 1_000, DAY_MILLIS);
        if (options.getPlayback() == PlaybackMode.REALTIME && !filter.accepts(EventTypes.RESPONSE_OUTPUT_AUDIO_DELTA)) {
            throw new IllegalArgumentException("playback=realtime is about the model's voice, which eventTypes="
                                               + options.getEventTypes() + " does not ask for: add the word audio");
        }
        if (options.getPlayback() == PlaybackMode.REALTIME && options.getDataFormat() == EventDataFormat.RAW) {
            throw new IllegalArgumentException("playback=realtime cannot go with dataFormat=raw: its frames are not those of the "
                                               + "service; payload has them as bytes, event as ServerEvent");
        }
        if (options.getPlayback() == PlaybackMode.REALTIME && options.isSpoolAudio()) {
            throw new IllegalArgumentException("playback=realtime cannot go with spoolAudio=true: voice that is given again later has "
                                               + "no pace");
        }
        range("maxConcurrentSessions", options.getMaxConcurrentSessions(), 1, Integer.MAX_VALUE);
        range("minConfidence", options.getMinConfidence(), 0, 1);
        range("spoolRetryDelay (ms)", options.getSpoolRetryDelay(), 1, DAY_MILLIS);
        range("spoolMaxRetryDelay (ms)", options.getSpoolMaxRetryDelay(), options.getSpoolRetryDelay(), DAY_MILLIS);
        range("spoolMaxSize (bytes)", options.getSpoolMaxSize(), 1, Long.MAX_VALUE);
        if (options.getSpool() != null && options.getSpool().isBlank()) {
            throw new IllegalArgumentException("Option spool is blank; it names the directory of the spool");
        }
    }

    /** @throws IllegalArgumentException naming the option of a producer whose value cannot be */
    static void checkProducer(OpenAIRealtimeConfiguration options) {
        range("poolSize", options.getPoolSize(), 1, Integer.MAX_VALUE);
        range("poolWaitTimeout (ms)", options.getPoolWaitTimeout(), 0, LONGEST_MILLIS);
        range("requestTimeout (ms)", options.getRequestTimeout(), 1, LONGEST_MILLIS);
        range("sourceTimeout (ms)", options.getSourceTimeout(), 0, LONGEST_MILLIS);
    }

    /**
     * Refuses text that Camel reads as 0 because it does not understand it, such as {@code abc} or {@code 20S}: what is 0 is
     * off, or without an end, which nobody asked for.
     *
     * @param  said                     as it was written, without placeholders
     * @param  options                  with the option set from that
     * @throws IllegalArgumentException naming the option
     */
    static void understood(String option, Object said, OpenAIRealtimeConfiguration options) {
        Object value = new OpenAIRealtimeConfigurationConfigurer().getOptionValue(options, option, true);
        if (said instanceof String text && value instanceof Long number && number == 0
                && !text.startsWith("#") && !ZERO.matcher(text).matches()) {
            throw new IllegalArgumentException("Option " + option + " is neither a number nor a length of time, "
                                               + "such as 500 (ms), 20s, 5m or 1h30m");
        }
    }

    private static void audioFormat(String option, String value) {
        word(option, value, "pcm16", "pcmu", "pcma");
    }

    private static void word(String option, String value, String... known) {
        if (value != null && !List.of(known).contains(value)) {
            throw new IllegalArgumentException("Option " + option + " is " + value + ", allowed is one of "
                                               + String.join(", ", known));
        }
    }

    /** Written so that what is no number is not within. */
    private static void range(String option, Number value, double least, double most) {
        if (value != null && !(value.doubleValue() >= least && value.doubleValue() <= most)) {
            boolean open = most == Integer.MAX_VALUE || most == LONGEST_MILLIS;
            throw new IllegalArgumentException("Option " + option + " is " + value + ", allowed is "
                                               + (open ? plain(least) + " or more" : plain(least) + " to " + plain(most)));
        }
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}
