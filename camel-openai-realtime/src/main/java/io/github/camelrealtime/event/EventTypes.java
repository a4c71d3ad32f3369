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

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Every event name of the service, and where each client event may be sent. Server events are documented where they are
 * handled; names that are not here are delivered like any other.
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

    private static final Map<String, Map<SessionType, Set<TransportKind>>> CLIENT = clientTable();

    private static final Set<String> SERVER = Set.of(
            SESSION_CREATED,
            SESSION_UPDATED,
            ERROR,
            CONVERSATION_CREATED,
            CONVERSATION_ITEM_CREATED,
            CONVERSATION_ITEM_ADDED,
            CONVERSATION_ITEM_DONE,
            CONVERSATION_ITEM_RETRIEVED,
            CONVERSATION_ITEM_DELETED,
            CONVERSATION_ITEM_TRUNCATED,
            CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_DELTA,
            CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_COMPLETED,
            CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_SEGMENT,
            CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_FAILED,
            INPUT_AUDIO_BUFFER_SPEECH_STARTED,
            INPUT_AUDIO_BUFFER_SPEECH_STOPPED,
            INPUT_AUDIO_BUFFER_COMMITTED,
            INPUT_AUDIO_BUFFER_CLEARED,
            INPUT_AUDIO_BUFFER_TIMEOUT_TRIGGERED,
            INPUT_AUDIO_BUFFER_DTMF_EVENT_RECEIVED,
            OUTPUT_AUDIO_BUFFER_STARTED,
            OUTPUT_AUDIO_BUFFER_STOPPED,
            OUTPUT_AUDIO_BUFFER_CLEARED,
            RATE_LIMITS_UPDATED,
            RESPONSE_CREATED,
            RESPONSE_DONE,
            RESPONSE_OUTPUT_ITEM_ADDED,
            RESPONSE_OUTPUT_ITEM_DONE,
            RESPONSE_CONTENT_PART_ADDED,
            RESPONSE_CONTENT_PART_DONE,
            RESPONSE_OUTPUT_TEXT_DELTA,
            RESPONSE_OUTPUT_TEXT_DONE,
            RESPONSE_OUTPUT_AUDIO_TRANSCRIPT_DELTA,
            RESPONSE_OUTPUT_AUDIO_TRANSCRIPT_DONE,
            RESPONSE_OUTPUT_AUDIO_DELTA,
            RESPONSE_OUTPUT_AUDIO_DONE,
            RESPONSE_FUNCTION_CALL_ARGUMENTS_DELTA,
            RESPONSE_FUNCTION_CALL_ARGUMENTS_DONE,
            RESPONSE_MCP_CALL_ARGUMENTS_DELTA,
            RESPONSE_MCP_CALL_ARGUMENTS_DONE,
            RESPONSE_MCP_CALL_IN_PROGRESS,
            RESPONSE_MCP_CALL_COMPLETED,
            RESPONSE_MCP_CALL_FAILED,
            MCP_LIST_TOOLS_IN_PROGRESS,
            MCP_LIST_TOOLS_COMPLETED,
            MCP_LIST_TOOLS_FAILED,
            SESSION_CLOSED,
            SESSION_INPUT_TRANSCRIPT_DELTA,
            SESSION_OUTPUT_TRANSCRIPT_DELTA,
            SESSION_OUTPUT_AUDIO_DELTA);

    private EventTypes() {
    }

    /** All client event names. */
    public static Set<String> clientTypes() {
        return CLIENT.keySet();
    }

    /** All server event names. */
    public static Set<String> serverTypes() {
        return SERVER;
    }

    /**
     * Whether the service takes a client event in that kind of session over that transport. Names not known here are let
     * through, as the service learns new ones faster than we do; it answers those it does not know with an error.
     */
    public static boolean isAllowed(String clientType, SessionType sessionType, TransportKind transport) {
        Map<SessionType, Set<TransportKind>> sessions = CLIENT.get(clientType);
        return sessions == null || sessions.getOrDefault(sessionType, Set.of()).contains(transport);
    }

    /** Whether events of that type carry audio, as base64 in {@code delta}. */
    static boolean isAudioDelta(String type) {
        return type.equals(RESPONSE_OUTPUT_AUDIO_DELTA) || type.equals(SESSION_OUTPUT_AUDIO_DELTA);
    }

    private static Map<String, Map<SessionType, Set<TransportKind>>> clientTable() {
        Set<TransportKind> socket = EnumSet.of(TransportKind.WEBSOCKET);
        Set<TransportKind> direct = EnumSet.of(TransportKind.WEBSOCKET, TransportKind.WEBRTC);
        Set<TransportKind> calls = EnumSet.of(TransportKind.WEBRTC, TransportKind.SIDEBAND);
        // a SIP call has no channel of its own: nothing is ever sent over SIP
        Set<TransportKind> all = EnumSet.of(TransportKind.WEBSOCKET, TransportKind.WEBRTC, TransportKind.SIDEBAND);

        Map<String, Map<SessionType, Set<TransportKind>>> table = new HashMap<>();
        allow(table, SESSION_UPDATE, all, SessionType.REALTIME, SessionType.TRANSCRIPTION);
        allow(table, INPUT_AUDIO_BUFFER_APPEND, socket, SessionType.REALTIME, SessionType.TRANSCRIPTION);
        allow(table, INPUT_AUDIO_BUFFER_COMMIT, all, SessionType.REALTIME, SessionType.TRANSCRIPTION);
        allow(table, INPUT_AUDIO_BUFFER_CLEAR, all, SessionType.REALTIME, SessionType.TRANSCRIPTION);
        allow(table, OUTPUT_AUDIO_BUFFER_CLEAR, calls, SessionType.REALTIME);
        allow(table, CONVERSATION_ITEM_CREATE, all, SessionType.REALTIME);
        allow(table, CONVERSATION_ITEM_DELETE, all, SessionType.REALTIME);
        allow(table, CONVERSATION_ITEM_RETRIEVE, all, SessionType.REALTIME);
        allow(table, CONVERSATION_ITEM_TRUNCATE, socket, SessionType.REALTIME);
        allow(table, RESPONSE_CREATE, all, SessionType.REALTIME);
        allow(table, RESPONSE_CANCEL, all, SessionType.REALTIME);
        allow(table, SESSION_UPDATE, direct, SessionType.TRANSLATION);
        allow(table, SESSION_INPUT_AUDIO_BUFFER_APPEND, socket, SessionType.TRANSLATION);
        allow(table, SESSION_CLOSE, direct, SessionType.TRANSLATION);
        return Map.copyOf(table);
    }

    private static void allow(
            Map<String, Map<SessionType, Set<TransportKind>>> table, String type, Set<TransportKind> transports,
            SessionType... sessions) {
        Map<SessionType, Set<TransportKind>> row = table.computeIfAbsent(type, t -> new EnumMap<>(SessionType.class));
        for (SessionType session : sessions) {
            row.put(session, transports);
        }
    }
}
