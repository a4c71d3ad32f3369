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
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.EventDataFormat;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;
import io.github.camelrealtime.session.SessionEvent;
import io.github.camelrealtime.session.TranscriptAssembler;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Makes messages of events. Only our own header names are ever set; what the wire says goes into values. */
final class EventMapper {

    private static final byte[] NO_AUDIO = new byte[0];
    private static final String OCTETS = "application/octet-stream";
    private static final String TEXT = "text/plain";
    private static final String JSON = "application/json";

    private final EventDataFormat dataFormat;

    EventMapper(EventDataFormat dataFormat) {
        this.dataFormat = dataFormat;
    }

    /**
     * @param audioFormat format of the model's voice in this session
     */
    void fill(Message message, EventLane.Numbered numbered, AudioFormat audioFormat) {
        SessionEvent sessionEvent = numbered.event();
        ServerEvent event = sessionEvent.event();
        message.setHeader(OpenAIRealtimeConstants.EVENT_TYPE, event.getType());
        set(message, OpenAIRealtimeConstants.EVENT_ID, event.getEventId());
        message.setHeader(OpenAIRealtimeConstants.SESSION_NAME, sessionEvent.sessionName());
        set(message, OpenAIRealtimeConstants.SESSION_ID, sessionEvent.sessionId());
        message.setHeader(OpenAIRealtimeConstants.EPOCH, sessionEvent.epoch());
        message.setHeader(OpenAIRealtimeConstants.SEQUENCE, numbered.sequence());
        message.setHeader(OpenAIRealtimeConstants.MESSAGE_TIMESTAMP, sessionEvent.receivedMillis());
        if (numbered.dropped() > 0) {
            message.setHeader(OpenAIRealtimeConstants.DROPPED, numbered.dropped());
        }
        set(message, OpenAIRealtimeConstants.RESPONSE_ID, event.getResponseId());
        set(message, OpenAIRealtimeConstants.ITEM_ID, event.getItemId());
        set(message, OpenAIRealtimeConstants.OUTPUT_INDEX, event.getOutputIndex());
        set(message, OpenAIRealtimeConstants.CONTENT_INDEX, event.getContentIndex());
        switch (event.getType()) {
            case EventTypes.RESPONSE_OUTPUT_AUDIO_DELTA, EventTypes.RESPONSE_OUTPUT_AUDIO_DONE -> audio(message, event, audioFormat);
            default -> other(message, sessionEvent, event);
        }
        if (dataFormat != EventDataFormat.PAYLOAD) {
            message.setBody(dataFormat == EventDataFormat.EVENT ? event : event.getRaw());
            if (dataFormat == EventDataFormat.RAW) {
                message.setHeader(Exchange.CONTENT_TYPE, JSON);
            }
        }
    }

    /** Audio as bytes; the end of it as no bytes, so that a route that appends to a file needs no special case. */
    private void audio(Message message, ServerEvent event, AudioFormat format) {
        message.setBody(event.getAudio() == null ? NO_AUDIO : event.getAudio());
        message.setHeader(OpenAIRealtimeConstants.AUDIO_FORMAT, format.toString());
        message.setHeader(OpenAIRealtimeConstants.SAMPLE_RATE, format.sampleRate());
        message.setHeader(Exchange.CONTENT_TYPE, OCTETS);
    }

    private void other(Message message, SessionEvent sessionEvent, ServerEvent event) {
        set(message, OpenAIRealtimeConstants.PREVIOUS_ITEM_ID, event.getPreviousItemId());
        set(message, OpenAIRealtimeConstants.TOOL_CALL_ID, event.getToolCallId());
        set(message, OpenAIRealtimeConstants.PHASE, sessionEvent.phase());
        if (sessionEvent.idleTimeout()) {
            message.setHeader(OpenAIRealtimeConstants.IDLE_TIMEOUT, true);
        }
        if (sessionEvent.transcript() != null) {
            transcript(message, sessionEvent.transcript());
        } else if (EventTypes.RESPONSE_DONE.equals(event.getType()) || EventTypes.RESPONSE_CREATED.equals(event.getType())) {
            response(message, event.getJson().path("response"));
        }
        JsonNode error = event.getJson().path("error");
        set(message, OpenAIRealtimeConstants.ERROR_CODE, text(error.path("code")));
        if (dataFormat == EventDataFormat.PAYLOAD) {
            boolean isText = sessionEvent.transcript() != null && sessionEvent.transcript().text() != null;
            message.setBody(isText ? sessionEvent.transcript().text() : event.toMap());
            message.setHeader(Exchange.CONTENT_TYPE, isText ? TEXT : JSON);
        }
    }

    private static void transcript(Message message, TranscriptAssembler.Progress transcript) {
        message.setHeader(OpenAIRealtimeConstants.ROLE, transcript.role());
        message.setHeader(OpenAIRealtimeConstants.TRANSCRIPT_FINAL, transcript.settled());
        message.setHeader(OpenAIRealtimeConstants.TRANSCRIPT_VERSION, transcript.version());
        message.setHeader(OpenAIRealtimeConstants.DEDUPLICATION_ID, transcript.deduplicationId());
        set(message, OpenAIRealtimeConstants.TRANSCRIPT_REASON, transcript.reason());
        set(message, OpenAIRealtimeConstants.STREAM_START_MS, transcript.startMillis());
        set(message, OpenAIRealtimeConstants.STREAM_END_MS, transcript.endMillis());
        set(message, OpenAIRealtimeConstants.TIME_SOURCE, transcript.timeSource());
    }

    private static void response(Message message, JsonNode response) {
        set(message, OpenAIRealtimeConstants.RESPONSE_STATUS, text(response.path("status")));
        JsonNode details = response.path("status_details");
        set(message, OpenAIRealtimeConstants.STATUS_REASON, details.isTextual() ? details.textValue() : text(details.path("reason")));
        set(message, OpenAIRealtimeConstants.ERROR_CODE, text(details.path("error").path("code")));
        set(message, OpenAIRealtimeConstants.INPUT_TOKENS, number(response.path("usage").path("input_tokens")));
        set(message, OpenAIRealtimeConstants.OUTPUT_TOKENS, number(response.path("usage").path("output_tokens")));
        set(message, OpenAIRealtimeConstants.TOTAL_TOKENS, number(response.path("usage").path("total_tokens")));
    }

    private static String text(JsonNode node) {
        return node.isTextual() ? node.textValue() : null;
    }

    private static Integer number(JsonNode node) {
        return node.isInt() ? node.intValue() : null;
    }

    private static void set(Message message, String header, Object value) {
        if (value != null) {
            message.setHeader(header, value);
        }
    }
}
