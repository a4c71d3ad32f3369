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
package io.github.camelrealtime.event;

import java.util.Set;

/**
 * Every event name of the service. What the events are is in {@link EventCatalogue}; names that are not here are
 * delivered like any other.
 */
public final class EventTypes {

    /** What the types of events made by this component start with. */
    public static final String LOCAL_PREFIX = "camel.";
    /** What the types of events end in that bring a piece of something. */
    public static final String DELTA_SUFFIX = ".delta";

    // client events
    public static final String SESSION_UPDATE = "session.update";
    public static final String INPUT_AUDIO_BUFFER_APPEND = "input_audio_buffer.append";
    public static final String INPUT_AUDIO_BUFFER_COMMIT = "input_audio_buffer.commit";
    public static final String INPUT_AUDIO_BUFFER_CLEAR = "input_audio_buffer.clear";
    public static final String OUTPUT_AUDIO_BUFFER_CLEAR = "output_audio_buffer.clear";
    public static final String CONVERSATION_ITEM_CREATE = "conversation.item.create";
    public static final String CONVERSATION_ITEM_DELETE = "conversation.item.delete";
    public static final String CONVERSATION_ITEM_RETRIEVE = "conversation.item.retrieve";
    public static final String CONVERSATION_ITEM_TRUNCATE = "conversation.item.truncate";
    public static final String RESPONSE_CREATE = "response.create";
    public static final String RESPONSE_CANCEL = "response.cancel";
    public static final String SESSION_INPUT_AUDIO_BUFFER_APPEND = "session.input_audio_buffer.append";
    public static final String SESSION_CLOSE = "session.close";

    // server events
    public static final String SESSION_CREATED = "session.created";
    public static final String SESSION_UPDATED = "session.updated";
    public static final String ERROR = "error";
    public static final String CONVERSATION_CREATED = "conversation.created";
    public static final String CONVERSATION_ITEM_CREATED = "conversation.item.created";
    public static final String CONVERSATION_ITEM_ADDED = "conversation.item.added";
    public static final String CONVERSATION_ITEM_DONE = "conversation.item.done";
    public static final String CONVERSATION_ITEM_RETRIEVED = "conversation.item.retrieved";
    public static final String CONVERSATION_ITEM_DELETED = "conversation.item.deleted";
    public static final String CONVERSATION_ITEM_TRUNCATED = "conversation.item.truncated";
    public static final String CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_DELTA
            = "conversation.item.input_audio_transcription.delta";
    public static final String CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_COMPLETED
            = "conversation.item.input_audio_transcription.completed";
    public static final String CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_SEGMENT
            = "conversation.item.input_audio_transcription.segment";
    public static final String CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_FAILED
            = "conversation.item.input_audio_transcription.failed";
    public static final String INPUT_AUDIO_BUFFER_SPEECH_STARTED = "input_audio_buffer.speech_started";
    public static final String INPUT_AUDIO_BUFFER_SPEECH_STOPPED = "input_audio_buffer.speech_stopped";
    public static final String INPUT_AUDIO_BUFFER_COMMITTED = "input_audio_buffer.committed";
    public static final String INPUT_AUDIO_BUFFER_CLEARED = "input_audio_buffer.cleared";
    public static final String INPUT_AUDIO_BUFFER_TIMEOUT_TRIGGERED = "input_audio_buffer.timeout_triggered";
    public static final String INPUT_AUDIO_BUFFER_DTMF_EVENT_RECEIVED = "input_audio_buffer.dtmf_event_received";
    public static final String OUTPUT_AUDIO_BUFFER_STARTED = "output_audio_buffer.started";
    public static final String OUTPUT_AUDIO_BUFFER_STOPPED = "output_audio_buffer.stopped";
    public static final String OUTPUT_AUDIO_BUFFER_CLEARED = "output_audio_buffer.cleared";
    public static final String RATE_LIMITS_UPDATED = "rate_limits.updated";
    public static final String RESPONSE_CREATED = "response.created";
    public static final String RESPONSE_DONE = "response.done";
    public static final String RESPONSE_OUTPUT_ITEM_ADDED = "response.output_item.added";
    public static final String RESPONSE_OUTPUT_ITEM_DONE = "response.output_item.done";
    public static final String RESPONSE_CONTENT_PART_ADDED = "response.content_part.added";
    public static final String RESPONSE_CONTENT_PART_DONE = "response.content_part.done";
    public static final String RESPONSE_OUTPUT_TEXT_DELTA = "response.output_text.delta";
    public static final String RESPONSE_OUTPUT_TEXT_DONE = "response.output_text.done";
    public static final String RESPONSE_OUTPUT_AUDIO_TRANSCRIPT_DELTA = "response.output_audio_transcript.delta";
    public static final String RESPONSE_OUTPUT_AUDIO_TRANSCRIPT_DONE = "response.output_audio_transcript.done";
    public static final String RESPONSE_OUTPUT_AUDIO_DELTA = "response.output_audio.delta";
    public static final String RESPONSE_OUTPUT_AUDIO_DONE = "response.output_audio.done";
    public static final String RESPONSE_FUNCTION_CALL_ARGUMENTS_DELTA = "response.function_call_arguments.delta";
    public static final String RESPONSE_FUNCTION_CALL_ARGUMENTS_DONE = "response.function_call_arguments.done";
    public static final String RESPONSE_MCP_CALL_ARGUMENTS_DELTA = "response.mcp_call_arguments.delta";
    public static final String RESPONSE_MCP_CALL_ARGUMENTS_DONE = "response.mcp_call_arguments.done";
    public static final String RESPONSE_MCP_CALL_IN_PROGRESS = "response.mcp_call.in_progress";
    public static final String RESPONSE_MCP_CALL_COMPLETED = "response.mcp_call.completed";
    public static final String RESPONSE_MCP_CALL_FAILED = "response.mcp_call.failed";
    public static final String MCP_LIST_TOOLS_IN_PROGRESS = "mcp_list_tools.in_progress";
    public static final String MCP_LIST_TOOLS_COMPLETED = "mcp_list_tools.completed";
    public static final String MCP_LIST_TOOLS_FAILED = "mcp_list_tools.failed";
    public static final String SESSION_CLOSED = "session.closed";
    public static final String SESSION_INPUT_TRANSCRIPT_DELTA = "session.input_transcript.delta";
    public static final String SESSION_OUTPUT_TRANSCRIPT_DELTA = "session.output_transcript.delta";
    public static final String SESSION_OUTPUT_AUDIO_DELTA = "session.output_audio.delta";

    private EventTypes() {
    }

    /** All client event names. */
    public static Set<String> clientTypes() {
        return EventCatalogue.clientEvents().keySet();
    }

    /** All server event names. */
    public static Set<String> serverTypes() {
        return EventCatalogue.serverEvents().keySet();
    }

    /**
     * Whether the service takes a client event in that kind of session over that transport. Names not known here are let
     * through, as the service learns new ones faster than we do; it answers those it does not know with an error.
     */
    public static boolean isAllowed(String clientType, SessionType sessionType, TransportKind transport) {
        EventCatalogue.Entry known = EventCatalogue.clientEvents().get(clientType);
        return known == null || known.occursIn(sessionType, transport);
    }

    /** Whether an event of that type settles the transcript of its item: it is final, failed, or nobody's any more. */
    public static boolean settlesTranscript(String serverType) {
        return switch (serverType) {
            case CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_COMPLETED, CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_FAILED,
                    CONVERSATION_ITEM_DELETED ->
                true;
            default -> false;
        };
    }

    /** Whether events of that type carry audio, as base64 in {@code delta}. */
    static boolean isAudioDelta(String type) {
        return type.equals(RESPONSE_OUTPUT_AUDIO_DELTA) || type.equals(SESSION_OUTPUT_AUDIO_DELTA);
    }
}
