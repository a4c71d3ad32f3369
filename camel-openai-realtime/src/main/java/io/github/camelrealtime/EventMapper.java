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

import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.EventCatalogue;
import io.github.camelrealtime.event.EventDataFormat;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;
import io.github.camelrealtime.session.LocalEvents;
import io.github.camelrealtime.session.PlaybackMark;
import io.github.camelrealtime.session.SessionEvent;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Makes messages of events. Only our own header names are ever set; what the wire says goes into values. */
final class EventMapper {

    private static final byte[] NO_AUDIO = new byte[0];
    private static final String OCTETS = "application/octet-stream";
    private static final String TEXT = "text/plain";
    private static final String JSON = "application/json";
    /** Of camel-kafka, which need not be there. */
    private static final String KAFKA_KEY = "kafka.KEY";

    private final EventDataFormat dataFormat;
    private final EventHeaders headers;
    private final boolean kafkaKey;

    /**
     * @param minConfidence below it transcripts are marked; {@code null} for none
     * @param kafkaKey      whether messages have camel-kafka's header for the key, with the name of the session
     */
    EventMapper(EventDataFormat dataFormat, Double minConfidence, boolean kafkaKey) {
        this.kafkaKey = kafkaKey;
        this.dataFormat = dataFormat;
        this.headers = new EventHeaders(minConfidence);
    }

    /**
     * @param audioFormat format of the model's voice in this session
     */
    void fill(Message message, EventQueue.Numbered numbered, AudioFormat audioFormat) {
        SessionEvent sessionEvent = numbered.event();
        ServerEvent event = sessionEvent.event();
        message.setHeader(OpenAIRealtimeConstants.EVENT_TYPE, event.getType());
        set(message, OpenAIRealtimeConstants.EVENT_ID, event.getEventId());
        message.setHeader(OpenAIRealtimeConstants.SESSION_NAME, sessionEvent.sessionName());
        if (kafkaKey) {
            message.setHeader(KAFKA_KEY, sessionEvent.sessionName());
        }
        set(message, OpenAIRealtimeConstants.SESSION_ID, sessionEvent.sessionId());
        message.setHeader(OpenAIRealtimeConstants.EPOCH, sessionEvent.epoch());
        message.setHeader(OpenAIRealtimeConstants.SEQUENCE, numbered.sequence());
        message.setHeader(OpenAIRealtimeConstants.MESSAGE_TIMESTAMP, sessionEvent.receivedMillis());
        if (numbered.dropped() > 0) {
            message.setHeader(OpenAIRealtimeConstants.DROPPED, numbered.dropped());
        }
        if (numbered.redelivered()) {
            message.setHeader(OpenAIRealtimeConstants.REDELIVERED, true);
        }
        set(message, OpenAIRealtimeConstants.RESPONSE_ID, event.getResponseId());
        set(message, OpenAIRealtimeConstants.ITEM_ID, event.getItemId());
        set(message, OpenAIRealtimeConstants.OUTPUT_INDEX, event.getOutputIndex());
        set(message, OpenAIRealtimeConstants.CONTENT_INDEX, event.getContentIndex());
        switch (event.getType()) {
            case EventTypes.RESPONSE_OUTPUT_AUDIO_DELTA, EventTypes.RESPONSE_OUTPUT_AUDIO_DONE,
                    EventTypes.SESSION_OUTPUT_AUDIO_DELTA ->
                audio(message, sessionEvent, audioFormat);
            case LocalEvents.PLAYBACK_CLEARED -> message.setBody(NO_AUDIO);
            default -> other(message, sessionEvent);
        }
        if (dataFormat != EventDataFormat.PAYLOAD) {
            message.setBody(dataFormat == EventDataFormat.EVENT ? event : event.getRaw());
            if (dataFormat == EventDataFormat.RAW) {
                message.setHeader(Exchange.CONTENT_TYPE, JSON);
            }
        }
    }

    /** Audio as bytes; the end of it as no bytes, so that a route that appends to a file needs no special case. */
    private void audio(Message message, SessionEvent sessionEvent, AudioFormat format) {
        ServerEvent event = sessionEvent.event();
        message.setBody(event.getAudio() == null ? NO_AUDIO : event.getAudio());
        message.setHeader(OpenAIRealtimeConstants.AUDIO_FORMAT, format.toString());
        message.setHeader(OpenAIRealtimeConstants.SAMPLE_RATE, format.sampleRate());
        message.setHeader(Exchange.CONTENT_TYPE, OCTETS);
        if (sessionEvent.voiceEndBytes() > 0) {
            Integer contentIndex = event.getContentIndex();
            message.setHeader(OpenAIRealtimeConstants.PLAYBACK_MARK, new PlaybackMark(
                    event.getItemId(), contentIndex == null ? 0 : contentIndex,
                    format.millisOf(sessionEvent.voiceEndBytes())).toString());
        }
    }

    private void other(Message message, SessionEvent sessionEvent) {
        headers.fill(message, sessionEvent);
        if (dataFormat == EventDataFormat.PAYLOAD) {
            String text = textOf(sessionEvent);
            message.setBody(text != null ? text : sessionEvent.event().toMap());
            message.setHeader(Exchange.CONTENT_TYPE, text != null ? TEXT : JSON);
        }
    }

    /** What was said or written, as far as the event is about that; else {@code null}. */
    private static String textOf(SessionEvent sessionEvent) {
        if (LocalEvents.TRANSCRIPT_RETRACTED.equals(sessionEvent.event().getType())) {
            // not to be taken for something that holds
            return null;
        }
        if (sessionEvent.transcript() != null) {
            return sessionEvent.transcript().text();
        }
        ServerEvent event = sessionEvent.event();
        EventCatalogue.Entry known = EventCatalogue.serverEvents().get(event.getType());
        if (known == null || known.body() != EventCatalogue.Body.TEXT) {
            return null;
        }
        // without an item it belongs to nothing that could be put together
        String text = event.getText() != null ? event.getText() : event.getTranscript();
        return text != null ? text : event.getDelta();
    }

    private static void set(Message message, String header, Object value) {
        if (value != null) {
            message.setHeader(header, value);
        }
    }
}
