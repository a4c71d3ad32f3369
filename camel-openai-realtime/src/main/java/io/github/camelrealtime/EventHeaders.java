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

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;
import io.github.camelrealtime.session.AnswerText;
import io.github.camelrealtime.session.Confidence;
import io.github.camelrealtime.session.EventContext;
import io.github.camelrealtime.session.LocalEvents;
import io.github.camelrealtime.session.SessionEvent;
import io.github.camelrealtime.session.TranscriptAssembler;
import io.github.camelrealtime.session.TranscriptionFailedException;
import io.github.camelrealtime.session.Turn;
import org.apache.camel.Message;

/**
 * The headers that an event gets beyond those that all have. They are chosen by what the event holds and not by its type
 * alone, so that events the service learns later have them too. Names are ours; what the wire says goes into values.
 */
final class EventHeaders {

    private static final double MILLIS_PER_SECOND = 1000;
    /** Speakers' labels and the times of segments mean nothing beyond the connection they came by. */
    private static final String EPOCH = "epoch";

    private final Double minConfidence;

    /** @param minConfidence below it transcripts are marked; {@code null} for none */
    EventHeaders(Double minConfidence) {
        this.minConfidence = minConfidence;
    }

    void fill(Message message, SessionEvent sessionEvent) {
        ServerEvent event = sessionEvent.event();
        JsonNode json = event.getJson();
        set(message, OpenAIRealtimeConstants.PREVIOUS_ITEM_ID, event.getPreviousItemId());
        set(message, OpenAIRealtimeConstants.TOOL_CALL_ID, event.getToolCallId());
        if (sessionEvent.context() != null) {
            context(message, sessionEvent.context());
        }
        if (sessionEvent.transcript() != null) {
            transcript(message, sessionEvent.transcript(), json);
        }
        set(message, OpenAIRealtimeConstants.AUDIO_START_MS, millis(json.path("audio_start_ms")));
        set(message, OpenAIRealtimeConstants.AUDIO_END_MS, millis(json.path("audio_end_ms")));
        set(message, OpenAIRealtimeConstants.ERROR_CODE, text(json.path("error").path("code")));
        mcpError(message, json.path("item").path("error"));
        switch (event.getType()) {
            case EventTypes.RESPONSE_CREATED, EventTypes.RESPONSE_DONE -> response(message, json.path("response"));
            case EventTypes.CONVERSATION_ITEM_DONE, EventTypes.RESPONSE_OUTPUT_ITEM_DONE ->
                said(message, AnswerText.ofItem(json.path("item")));
            case EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_SEGMENT -> segment(message, json);
            case EventTypes.INPUT_AUDIO_BUFFER_DTMF_EVENT_RECEIVED ->
                set(message, OpenAIRealtimeConstants.DTMF_EVENT, text(json.path("event")));
            case LocalEvents.TURN_COMPLETED -> turn(message, json);
            case LocalEvents.TRANSCRIPT_MISSING ->
                message.setHeader(OpenAIRealtimeConstants.ERROR_CODE, TranscriptionFailedException.TIMEOUT);
            default -> {
                // nothing of its own
            }
        }
    }

    private static void context(Message message, EventContext context) {
        set(message, OpenAIRealtimeConstants.ROLE, context.role());
        set(message, OpenAIRealtimeConstants.ITEM_TYPE, context.itemType());
        set(message, OpenAIRealtimeConstants.PHASE, context.phase());
        if (context.idleTimeout()) {
            message.setHeader(OpenAIRealtimeConstants.IDLE_TIMEOUT, true);
        }
        set(message, OpenAIRealtimeConstants.TOOL_NAME, context.toolName());
        set(message, OpenAIRealtimeConstants.PREVIOUS_ITEM_ID, context.previousItemId());
        set(message, OpenAIRealtimeConstants.SETTLED_MS, context.settledMillis());
        Turn turn = context.turn();
        if (turn != null) {
            message.setHeader(OpenAIRealtimeConstants.TURN, turn.number());
            set(message, OpenAIRealtimeConstants.TURN_ORDER, turn.order());
            set(message, OpenAIRealtimeConstants.SPEECH_START_MS, turn.speechStartMillis());
        }
    }

    private void transcript(Message message, TranscriptAssembler.Progress transcript, JsonNode json) {
        message.setHeader(OpenAIRealtimeConstants.ROLE, transcript.role());
        message.setHeader(OpenAIRealtimeConstants.TRANSCRIPT_FINAL, transcript.settled());
        message.setHeader(OpenAIRealtimeConstants.TRANSCRIPT_VERSION, transcript.version());
        message.setHeader(OpenAIRealtimeConstants.DEDUPLICATION_ID, transcript.deduplicationId());
        set(message, OpenAIRealtimeConstants.TRANSCRIPT_REASON, transcript.reason());
        set(message, OpenAIRealtimeConstants.STREAM_START_MS, transcript.startMillis());
        set(message, OpenAIRealtimeConstants.STREAM_END_MS, transcript.endMillis());
        set(message, OpenAIRealtimeConstants.TIME_SOURCE, transcript.timeSource());
        set(message, OpenAIRealtimeConstants.STREAM_START_TIME, transcript.givenAt());
        set(message, OpenAIRealtimeConstants.SOURCE_TIMESTAMP, transcript.sourceTime());
        if (transcript.settled()) {
            usage(message, json.path("usage"));
            Double confidence = Confidence.of(json.path("logprobs"));
            if (confidence != null) {
                message.setHeader(OpenAIRealtimeConstants.CONFIDENCE, confidence);
                set(message, OpenAIRealtimeConstants.LOW_CONFIDENCE,
                        minConfidence == null ? null : Boolean.valueOf(confidence < minConfidence));
            }
        }
    }

    private static void response(Message message, JsonNode response) {
        set(message, OpenAIRealtimeConstants.RESPONSE_STATUS, text(response.path("status")));
        JsonNode details = response.path("status_details");
        set(message, OpenAIRealtimeConstants.STATUS_REASON, text(details.isTextual() ? details : details.path("reason")));
        set(message, OpenAIRealtimeConstants.ERROR_CODE, text(details.path("error").path("code")));
        usage(message, response.path("usage"));
        said(message, AnswerText.ofResponse(response));
    }

    private static void turn(Message message, JsonNode turn) {
        message.setHeader(OpenAIRealtimeConstants.TURN_COMPLETED, turn.path("completed").asBoolean());
        message.setHeader(OpenAIRealtimeConstants.INTERRUPTED, turn.path("interrupted").asBoolean());
        set(message, OpenAIRealtimeConstants.STATUS_REASON, text(turn.path("reason")));
        set(message, OpenAIRealtimeConstants.DEDUPLICATION_ID, text(turn.path("deduplication_id")));
        usage(message, turn.path("usage"));
        said(message, turn.path("text").asText());
    }

    private static void segment(Message message, JsonNode segment) {
        set(message, OpenAIRealtimeConstants.SPEAKER, text(segment.path("speaker")));
        message.setHeader(OpenAIRealtimeConstants.SPEAKER_SCOPE, EPOCH);
        set(message, OpenAIRealtimeConstants.SEGMENT_ID, text(segment.path("id")));
        set(message, OpenAIRealtimeConstants.AUDIO_START_MS, millisOfSeconds(segment.path("start")));
        set(message, OpenAIRealtimeConstants.AUDIO_END_MS, millisOfSeconds(segment.path("end")));
    }

    /** The service counts either tokens or seconds of audio (wire reference §6). */
    private static void usage(Message message, JsonNode usage) {
        set(message, OpenAIRealtimeConstants.INPUT_TOKENS, number(usage.path("input_tokens")));
        set(message, OpenAIRealtimeConstants.OUTPUT_TOKENS, number(usage.path("output_tokens")));
        set(message, OpenAIRealtimeConstants.TOTAL_TOKENS, number(usage.path("total_tokens")));
        JsonNode seconds = usage.path("seconds");
        set(message, OpenAIRealtimeConstants.USAGE_SECONDS, seconds.isNumber() ? seconds.doubleValue() : null);
    }

    /** The error of an MCP call has a number as code or none at all, but always a type. */
    private static void mcpError(Message message, JsonNode error) {
        JsonNode code = error.path("code");
        String known = code.isNumber() ? code.asText() : text(code);
        set(message, OpenAIRealtimeConstants.ERROR_CODE, known != null ? known : text(error.path("type")));
    }

    private static void said(Message message, String text) {
        set(message, OpenAIRealtimeConstants.TEXT, text.isEmpty() ? null : text);
    }

    private static String text(JsonNode node) {
        return node.isTextual() ? node.textValue() : null;
    }

    private static Integer number(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToInt() ? node.intValue() : null;
    }

    private static Long millis(JsonNode node) {
        return node.isNumber() ? node.longValue() : null;
    }

    private static Long millisOfSeconds(JsonNode node) {
        return node.isNumber() ? Math.round(node.doubleValue() * MILLIS_PER_SECOND) : null;
    }

    private static void set(Message message, String header, Object value) {
        if (value != null) {
            message.setHeader(header, value);
        }
    }
}
