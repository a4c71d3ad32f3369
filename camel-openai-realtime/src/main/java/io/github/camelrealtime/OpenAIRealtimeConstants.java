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

import org.apache.camel.Exchange;
import org.apache.camel.spi.Metadata;

/**
 * Header names. Consumers set, and producers read, different ones: what came out of one session never steers another by
 * accident.
 */
public final class OpenAIRealtimeConstants {

    @Metadata(label = "consumer",
              description = "Type of the event, such as response.done; the component's own begin with camel and a dot",
              javaType = "String", important = true)
    public static final String EVENT_TYPE = "CamelOpenAIRealtimeEventType";
    @Metadata(label = "consumer", description = "The service's id of the event", javaType = "String")
    public static final String EVENT_ID = "CamelOpenAIRealtimeEventId";
    @Metadata(description = "Logical name of the session, the same over all its connections", javaType = "String",
              important = true)
    public static final String SESSION_NAME = "CamelOpenAIRealtimeSessionName";
    @Metadata(label = "consumer", description = "The service's id of the session; changes with every connection",
              javaType = "String")
    public static final String SESSION_ID = "CamelOpenAIRealtimeSessionId";
    @Metadata(label = "consumer", description = "Number of the connection of the session, from 1", javaType = "Integer")
    public static final String EPOCH = "CamelOpenAIRealtimeEpoch";
    @Metadata(label = "consumer",
              description = "Counts the events of one session for this consumer, from 1, after its filter; a hole means dropped",
              javaType = "Long")
    public static final String SEQUENCE = "CamelOpenAIRealtimeSequence";
    @Metadata(label = "consumer", description = "How many events were dropped just before this one; absent if none",
              javaType = "Long")
    public static final String DROPPED = "CamelOpenAIRealtimeDropped";
    @Metadata(label = "consumer",
              description = "true if the route may have had this event before: it failed then, or the process ended (option spool). "
                            + "Absent otherwise",
              javaType = "Boolean")
    public static final String REDELIVERED = "CamelOpenAIRealtimeRedelivered";
    @Metadata(label = "consumer", description = "Id of a transcript that is stable over restarts and redelivery",
              javaType = "String")
    public static final String DEDUPLICATION_ID = "CamelOpenAIRealtimeDeduplicationId";
    @Metadata(description = "Id of the response the event belongs to, or that answered the request", javaType = "String")
    public static final String RESPONSE_ID = "CamelOpenAIRealtimeResponseId";
    @Metadata(description = "Id of the conversation item", javaType = "String")
    public static final String ITEM_ID = "CamelOpenAIRealtimeItemId";
    @Metadata(description = "Id of the user's item that end-turn made, or asked an answer to", javaType = "String")
    public static final String INPUT_ITEM_ID = "CamelOpenAIRealtimeInputItemId";
    @Metadata(label = "consumer", description = "Id of the item before, by which the conversation is ordered",
              javaType = "String")
    public static final String PREVIOUS_ITEM_ID = "CamelOpenAIRealtimePreviousItemId";
    @Metadata(label = "consumer", description = "Id of the function call", javaType = "String")
    public static final String TOOL_CALL_ID = "CamelOpenAIRealtimeToolCallId";
    @Metadata(label = "consumer", description = "Name of the function or MCP tool that the model calls", javaType = "String")
    public static final String TOOL_NAME = "CamelOpenAIRealtimeToolName";
    @Metadata(label = "consumer",
              description = "Type of the conversation item: message, function_call, mcp_call, mcp_approval_request and others",
              javaType = "String")
    public static final String ITEM_TYPE = "CamelOpenAIRealtimeItemType";
    @Metadata(label = "consumer", description = "Position of the item in its response", javaType = "Integer")
    public static final String OUTPUT_INDEX = "CamelOpenAIRealtimeOutputIndex";
    @Metadata(label = "consumer", description = "Position of the content part in its item", javaType = "Integer")
    public static final String CONTENT_INDEX = "CamelOpenAIRealtimeContentIndex";
    @Metadata(label = "consumer", description = "Who speaks: user or assistant", javaType = "String")
    public static final String ROLE = "CamelOpenAIRealtimeRole";
    @Metadata(label = "consumer", description = "commentary or final_answer, if the model says so", javaType = "String")
    public static final String PHASE = "CamelOpenAIRealtimePhase";
    @Metadata(label = "consumer", description = "true on the events of an item of silence that the service made because nobody "
                                                + "spoke (option vadIdleTimeout)", javaType = "Boolean")
    public static final String IDLE_TIMEOUT = "CamelOpenAIRealtimeIdleTimeout";
    @Metadata(description = "The words of a spoken answer, where the body is its audio (replyFormat)", javaType = "String")
    public static final String TRANSCRIPT = "CamelOpenAIRealtimeTranscript";
    @Metadata(description = "What the user said in the turn that end-turn ended, if it was transcribed by the time of the answer",
              javaType = "String")
    public static final String INPUT_TRANSCRIPT = "CamelOpenAIRealtimeInputTranscript";
    @Metadata(label = "consumer",
              description = "Number of the turn in the session, from 1: the user's words and what they caused. 0 before the "
                            + "user has said anything",
              javaType = "Long")
    public static final String TURN = "CamelOpenAIRealtimeTurn";
    @Metadata(label = "consumer",
              description = "Sorts what was said: the user's words of a turn before their answers, whenever they came",
              javaType = "Long")
    public static final String TURN_ORDER = "CamelOpenAIRealtimeTurnOrder";
    @Metadata(label = "consumer",
              description = "Where the user's speech of the turn starts, in ms of the audio given; answers have it too",
              javaType = "Long")
    public static final String SPEECH_START_MS = "CamelOpenAIRealtimeSpeechStartMs";
    @Metadata(label = "consumer",
              description = "Of a turn as a whole: whether all that belongs to it came to its own end; if not, StatusReason "
                            + "says why",
              javaType = "Boolean")
    public static final String TURN_COMPLETED = "CamelOpenAIRealtimeTurnCompleted";
    @Metadata(label = "consumer", description = "Of a turn as a whole: whether the user interrupted the model",
              javaType = "Boolean")
    public static final String INTERRUPTED = "CamelOpenAIRealtimeInterrupted";
    @Metadata(label = "consumer",
              description = "All that a finished item or response says, its parts joined; of a response without the preamble",
              javaType = "String")
    public static final String TEXT = "CamelOpenAIRealtimeText";
    @Metadata(label = "consumer", description = "Whether the transcript is final", javaType = "Boolean")
    public static final String TRANSCRIPT_FINAL = "CamelOpenAIRealtimeTranscriptFinal";
    @Metadata(label = "consumer", description = "Counts the versions of one transcript, from 1; the final one has the highest",
              javaType = "Integer")
    public static final String TRANSCRIPT_VERSION = "CamelOpenAIRealtimeTranscriptVersion";
    @Metadata(label = "consumer", description = "Why a transcript did not become final, such as hangup", javaType = "String")
    public static final String TRANSCRIPT_REASON = "CamelOpenAIRealtimeTranscriptReason";
    @Metadata(label = "consumer",
              description = "How sure the service is of a final transcript, 0 to 1: the geometric mean of its tokens' "
                            + "probabilities. Needs transcriptionLogprobs=true",
              javaType = "Double")
    public static final String CONFIDENCE = "CamelOpenAIRealtimeConfidence";
    @Metadata(label = "consumer",
              description = "Whether the confidence is below option minConfidence; absent without that option or without a "
                            + "confidence",
              javaType = "Boolean")
    public static final String LOW_CONFIDENCE = "CamelOpenAIRealtimeLowConfidence";
    @Metadata(label = "consumer", description = "Label of the speaker of a segment, such as A", javaType = "String")
    public static final String SPEAKER = "CamelOpenAIRealtimeSpeaker";
    @Metadata(label = "consumer",
              description = "How long the speaker's label means the same person: epoch, that is until the next connection",
              javaType = "String")
    public static final String SPEAKER_SCOPE = "CamelOpenAIRealtimeSpeakerScope";
    @Metadata(label = "consumer", description = "The service's id of the segment of a transcript", javaType = "String")
    public static final String SEGMENT_ID = "CamelOpenAIRealtimeSegmentId";
    @Metadata(label = "consumer",
              description = "Start as the event says it, in ms: of the audio of this connection; of a segment, as the service "
                            + "counts within its item",
              javaType = "Long")
    public static final String AUDIO_START_MS = "CamelOpenAIRealtimeAudioStartMs";
    @Metadata(label = "consumer",
              description = "End as the event says it, in ms; of a truncated item, how much of it was heard",
              javaType = "Long")
    public static final String AUDIO_END_MS = "CamelOpenAIRealtimeAudioEndMs";
    @Metadata(label = "consumer", description = "The key that the caller pressed: 0 to 9, *, #, A to D", javaType = "String")
    public static final String DTMF_EVENT = "CamelOpenAIRealtimeDtmfEvent";
    @Metadata(label = "consumer", description = "Where the speech starts, in ms of the audio given", javaType = "Long")
    public static final String STREAM_START_MS = "CamelOpenAIRealtimeStreamStartMs";
    @Metadata(label = "consumer", description = "Where the speech ends, in ms of the audio given", javaType = "Long")
    public static final String STREAM_END_MS = "CamelOpenAIRealtimeStreamEndMs";
    @Metadata(label = "consumer",
              description = "How the times are known: segment (our segmenter) and commit (exact), vad (the service's word) or "
                            + "interpolated",
              javaType = "String")
    public static final String TIME_SOURCE = "CamelOpenAIRealtimeTimeSource";
    @Metadata(label = "consumer", description = "When the start of the speech was given to the session, ms since 1970",
              javaType = "Long")
    public static final String STREAM_START_TIME = "CamelOpenAIRealtimeStreamStartTime";
    @Metadata(label = "consumer",
              description = "When the start of the speech was by the clock of its source, ms since 1970, where append-audio was "
                            + "told a timestamp",
              javaType = "Long")
    public static final String SOURCE_TIMESTAMP = "CamelOpenAIRealtimeSourceTimestamp";
    @Metadata(label = "consumer",
              description = "Of the model's voice: a text that stands for the end of this piece of it. A sink that gives it back "
                            + "once it has played up to there (operation playback-mark) makes known how much was heard",
              javaType = "String")
    public static final String PLAYBACK_MARK = "CamelOpenAIRealtimePlaybackMark";
    @Metadata(label = "consumer",
              description = "On the user's final transcripts: up to where in the audio given, in ms, every final has been given "
                            + "out. A source that begins there again after a crash loses nothing",
              javaType = "Long")
    public static final String SETTLED_MS = "CamelOpenAIRealtimeSettledMs";
    @Metadata(description = "Format of the audio in the body, such as pcm16;rate=24000",
              javaType = "String")
    public static final String AUDIO_FORMAT = "CamelOpenAIRealtimeAudioFormat";
    @Metadata(description = "Sample rate of the audio in the body, in Hz", javaType = "Integer")
    public static final String SAMPLE_RATE = "CamelOpenAIRealtimeSampleRate";
    @Metadata(label = "producer", description = "Size of the image that append-image has given, in bytes", javaType = "Long")
    public static final String IMAGE_BYTES = "CamelOpenAIRealtimeImageBytes";
    @Metadata(description = "How a response ended: completed, cancelled, failed, incomplete", javaType = "String")
    public static final String RESPONSE_STATUS = "CamelOpenAIRealtimeResponseStatus";
    @Metadata(description = "Why a response or a turn ended as it did", javaType = "String")
    public static final String STATUS_REASON = "CamelOpenAIRealtimeStatusReason";
    @Metadata(description = "Error code of the service", javaType = "String")
    public static final String ERROR_CODE = "CamelOpenAIRealtimeErrorCode";
    @Metadata(description = "Tokens that a response or transcription took in", javaType = "Integer")
    public static final String INPUT_TOKENS = "CamelOpenAIRealtimeInputTokens";
    @Metadata(description = "Tokens that a response or transcription put out", javaType = "Integer")
    public static final String OUTPUT_TOKENS = "CamelOpenAIRealtimeOutputTokens";
    @Metadata(description = "Tokens of a response or transcription in all", javaType = "Integer")
    public static final String TOTAL_TOKENS = "CamelOpenAIRealtimeTotalTokens";
    @Metadata(label = "consumer", description = "Seconds of audio that a transcription is billed for, if not by tokens",
              javaType = "Double")
    public static final String USAGE_SECONDS = "CamelOpenAIRealtimeUsageSeconds";
    @Metadata(label = "consumer", description = "When the event came, ms since 1970", javaType = "Long")
    public static final String MESSAGE_TIMESTAMP = Exchange.MESSAGE_TIMESTAMP;

    @Metadata(label = "producer", description = "The operation; wins over the option", important = true,
              javaType = "io.github.camelrealtime.operation.Operation")
    public static final String OPERATION = "CamelOpenAIRealtimeOperation";
    @Metadata(label = "producer",
              description = "Name of the session to use instead of the one in the URI; removed after use. Such a session is "
                            + "opened if there is none, and closed when idle",
              javaType = "String")
    public static final String OVERRIDE_SESSION_NAME = "CamelOpenAIRealtimeOverrideSessionName";
    @Metadata(label = "producer",
              description = "End user of the session that this message opens, instead of option safetyIdentifier; removed after "
                            + "use. Refused if the session is there already, for another end user",
              javaType = "String")
    public static final String OVERRIDE_SAFETY_IDENTIFIER = "CamelOpenAIRealtimeOverrideSafetyIdentifier";
    @Metadata(label = "producer", description = "Event id to put on the event sent; removed after use", javaType = "String")
    public static final String OVERRIDE_EVENT_ID = "CamelOpenAIRealtimeOverrideEventId";
    @Metadata(label = "producer",
              description = "Whether the end of the stream in the body ends the turn; wins over option endOfStream, removed "
                            + "after use",
              javaType = "Boolean")
    public static final String OVERRIDE_END_OF_STREAM = "CamelOpenAIRealtimeOverrideEndOfStream";
    @Metadata(label = "producer", description = "The response that cancel-response is to cancel; removed after use",
              javaType = "String")
    public static final String OVERRIDE_RESPONSE_ID = "CamelOpenAIRealtimeOverrideResponseId";
    @Metadata(label = "producer",
              description = "Id of the item that delete-item, retrieve-item, truncate-item and playback-position are about, or "
                            + "that create-item and append-image are to give; at most 32 characters; removed after use",
              javaType = "String")
    public static final String OVERRIDE_ITEM_ID = "CamelOpenAIRealtimeOverrideItemId";
    @Metadata(label = "producer",
              description = "Id of the item behind which create-item and append-image put theirs, root for the first place; "
                            + "removed after use",
              javaType = "String")
    public static final String OVERRIDE_PREVIOUS_ITEM_ID = "CamelOpenAIRealtimeOverridePreviousItemId";
    @Metadata(label = "producer",
              description = "Position in its item of the content part that truncate-item and retrieve-item are about, from 0; "
                            + "removed after use",
              javaType = "Integer")
    public static final String OVERRIDE_CONTENT_INDEX = "CamelOpenAIRealtimeOverrideContentIndex";
    @Metadata(label = "producer",
              description = "How much of the item's audio truncate-item leaves, in ms; removed after use", javaType = "Long")
    public static final String OVERRIDE_AUDIO_END_MS = "CamelOpenAIRealtimeOverrideAudioEndMs";
    @Metadata(label = "producer",
              description = "When the first sample of the body of append-audio was by the clock of its source, in ms since 1970; "
                            + "transcripts tell it of their speech; removed after use",
              javaType = "Long")
    public static final String OVERRIDE_TIMESTAMP = "CamelOpenAIRealtimeOverrideTimestamp";
    @Metadata(label = "producer", description = "Text that append-image puts before its image; removed after use",
              javaType = "String")
    public static final String OVERRIDE_IMAGE_TEXT = "CamelOpenAIRealtimeOverrideImageText";
    @Metadata(label = "producer", description = "How much of the item has been played, in ms, for playback-position; removed after use",
              javaType = "Long")
    public static final String OVERRIDE_PLAYED_MS = "CamelOpenAIRealtimeOverridePlayedMs";
    @Metadata(label = "producer",
              description = "The mark that a sink has come to, for playback-mark, as consumed audio has it in "
                            + "CamelOpenAIRealtimePlaybackMark; removed after use",
              javaType = "String")
    public static final String OVERRIDE_PLAYBACK_MARK = "CamelOpenAIRealtimeOverridePlaybackMark";

    private OpenAIRealtimeConstants() {
    }
}
