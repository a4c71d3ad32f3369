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

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Every event of the service, once: where it occurs, what it holds, and what a route gets of it (wire reference §8).
 * The checks before sending, the bodies of consumed exchanges and {@code docs/events.md} are all made of this table.
 * Events that are not in it are delivered like any other.
 */
public final class EventCatalogue {

    /** Which way an event goes. */
    public enum Direction {
        /** From us to the service. */
        CLIENT,
        /** From the service to us. */
        SERVER
    }

    /** What a route gets as body with {@link EventDataFormat#PAYLOAD}. */
    public enum Body {
        /** {@code byte[]}. */
        AUDIO,
        /** {@code String}. */
        TEXT,
        /** {@code Map}: the whole event. */
        MAP
    }

    /**
     * One event.
     *
     * @param direction which way it goes
     * @param type      its wire name
     * @param where     the transports it occurs on, by session type
     * @param members   members beyond {@code type} and {@code event_id}, in brackets if they may be absent
     * @param body      what a route gets, {@code null} for client events
     * @param meaning   what it says or asks for, a half-sentence
     */
    public record Entry(Direction direction, String type, Map<SessionType, Set<TransportKind>> where, List<String> members,
            Body body, String meaning) {

        /** Whether it occurs in that kind of session over that transport. */
        public boolean occursIn(SessionType session, TransportKind transport) {
            return where.getOrDefault(session, Set.of()).contains(transport);
        }
    }

    // a SIP call has no channel of its own: nothing is ever sent over SIP, it is heard through its sideband
    private static final Set<TransportKind> EVERYWHERE = EnumSet.allOf(TransportKind.class);
    private static final Set<TransportKind> CHANNELS
            = EnumSet.of(TransportKind.WEBSOCKET, TransportKind.WEBRTC, TransportKind.SIDEBAND);
    private static final Set<TransportKind> DIRECT = EnumSet.of(TransportKind.WEBSOCKET, TransportKind.WEBRTC);
    private static final Set<TransportKind> SOCKET = EnumSet.of(TransportKind.WEBSOCKET);
    private static final Set<TransportKind> CALLS
            = EnumSet.of(TransportKind.WEBRTC, TransportKind.SIP, TransportKind.SIDEBAND);
    private static final Set<TransportKind> CALL_CHANNELS = EnumSet.of(TransportKind.WEBRTC, TransportKind.SIDEBAND);
    private static final Set<TransportKind> PHONE = EnumSet.of(TransportKind.SIP, TransportKind.SIDEBAND);

    private static final Set<SessionType> ALL = EnumSet.allOf(SessionType.class);
    private static final Set<SessionType> SPEECH = EnumSet.of(SessionType.REALTIME, SessionType.TRANSCRIPTION);
    private static final Set<SessionType> TALK = EnumSet.of(SessionType.REALTIME);
    private static final Set<SessionType> TRANSLATION = EnumSet.of(SessionType.TRANSLATION);

    /** What the events of one content part of a response have in common. */
    private static final String PART = "response_id, item_id, output_index, content_index";
    private static final String CALL = "response_id, item_id, output_index";

    private static final Map<String, Entry> CLIENT = client();
    private static final Map<String, Entry> SERVER = server();

    private EventCatalogue() {
    }

    /** Client events by type, in the order of the wire reference. */
    public static Map<String, Entry> clientEvents() {
        return CLIENT;
    }

    /** Server events by type, in the order of the wire reference. */
    public static Map<String, Entry> serverEvents() {
        return SERVER;
    }

    private static Map<String, Entry> client() {
        Table table = new Table(Direction.CLIENT);
        table.add(EventTypes.SESSION_UPDATE, SPEECH, CHANNELS, "session", null, "changes the configuration");
        table.add(EventTypes.SESSION_UPDATE, TRANSLATION, DIRECT, "session", null, "changes the configuration");
        table.add(EventTypes.INPUT_AUDIO_BUFFER_APPEND, SPEECH, SOCKET, "audio", null, "gives audio, in base64");
        table.add(EventTypes.INPUT_AUDIO_BUFFER_COMMIT, SPEECH, CHANNELS, "", null,
                "ends the input buffer: it becomes a user item");
        table.add(EventTypes.INPUT_AUDIO_BUFFER_CLEAR, SPEECH, CHANNELS, "", null, "forgets what is in the input buffer");
        table.add(EventTypes.OUTPUT_AUDIO_BUFFER_CLEAR, TALK, CALL_CHANNELS, "", null, "stops what the service is playing");
        table.add(EventTypes.CONVERSATION_ITEM_CREATE, TALK, CHANNELS, "item, [previous_item_id]", null,
                "adds an item to the conversation");
        table.add(EventTypes.CONVERSATION_ITEM_DELETE, TALK, CHANNELS, "item_id", null, "removes an item");
        table.add(EventTypes.CONVERSATION_ITEM_RETRIEVE, TALK, CHANNELS, "item_id", null,
                "asks for an item as the service has it");
        table.add(EventTypes.CONVERSATION_ITEM_TRUNCATE, TALK, SOCKET, "item_id, content_index, audio_end_ms", null,
                "cuts an answer to what was heard of it");
        table.add(EventTypes.RESPONSE_CREATE, TALK, CHANNELS, "[response]", null, "asks for a response");
        table.add(EventTypes.RESPONSE_CANCEL, TALK, CHANNELS, "[response_id]", null, "ends a response");
        table.add(EventTypes.SESSION_INPUT_AUDIO_BUFFER_APPEND, TRANSLATION, SOCKET, "audio", null, "gives audio, in base64");
        table.add(EventTypes.SESSION_CLOSE, TRANSLATION, DIRECT, "", null, "ends the session once all is translated");
        return table.entries();
    }

    private static Map<String, Entry> server() {
        Table table = new Table(Direction.SERVER);
        session(table);
        conversation(table);
        input(table);
        response(table);
        translation(table);
        return table.entries();
    }

    private static void session(Table table) {
        table.add(EventTypes.SESSION_CREATED, ALL, DIRECT, "session", Body.MAP, "the connection stands; the first event");
        table.add(EventTypes.SESSION_UPDATED, ALL, CHANNELS, "session", Body.MAP, "the configuration as it now holds");
        table.add(EventTypes.ERROR, ALL, CHANNELS, "error", Body.MAP,
                "the service refuses something, and no exchange waits to be told");
        table.add(EventTypes.RATE_LIMITS_UPDATED, TALK, EVERYWHERE, "rate_limits", Body.MAP,
                "what is left of the rate limits; after a response, and not always");
    }

    private static void conversation(Table table) {
        table.add(EventTypes.CONVERSATION_CREATED, TALK, DIRECT, "conversation", Body.MAP,
                "the conversation exists; documented, never seen");
        table.add(EventTypes.CONVERSATION_ITEM_CREATED, TALK, CHANNELS, "item, [previous_item_id]", Body.MAP,
                "former name of `conversation.item.added`, as which it is delivered");
        table.add(EventTypes.CONVERSATION_ITEM_ADDED, SPEECH, EVERYWHERE, "item, [previous_item_id]", Body.MAP,
                "an item has joined the conversation; an answer of the model is still empty");
        table.add(EventTypes.CONVERSATION_ITEM_DONE, SPEECH, EVERYWHERE, "item, [previous_item_id]", Body.MAP,
                "the item is complete, audio left out");
        table.add(EventTypes.CONVERSATION_ITEM_RETRIEVED, TALK, CHANNELS, "item", Body.MAP,
                "the item asked for, audio in base64");
        table.add(EventTypes.CONVERSATION_ITEM_DELETED, TALK, CHANNELS, "item_id", Body.MAP, "the item is gone");
        table.add(EventTypes.CONVERSATION_ITEM_TRUNCATED, TALK, EVERYWHERE, "item_id, content_index, audio_end_ms", Body.MAP,
                "the answer is cut to what was heard of it");
        table.add(EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_DELTA, SPEECH, EVERYWHERE,
                "item_id, [content_index], [delta]", Body.TEXT, "more words of the user; the body has all words so far");
        table.add(EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_COMPLETED, SPEECH, EVERYWHERE,
                "item_id, content_index, transcript, usage, [logprobs], [languages]", Body.TEXT, "what the user said, final");
        table.add(EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_SEGMENT, SPEECH, EVERYWHERE,
                "item_id, content_index, id, speaker, text, start, end", Body.TEXT,
                "what one speaker said, from a diarizing model");
        table.add(EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_FAILED, SPEECH, EVERYWHERE,
                "item_id, content_index, error", Body.MAP, "there will be no transcript of the item");
    }

    private static void input(Table table) {
        table.add(EventTypes.INPUT_AUDIO_BUFFER_SPEECH_STARTED, SPEECH, EVERYWHERE, "audio_start_ms, item_id", Body.MAP,
                "the service hears speech begin");
        table.add(EventTypes.INPUT_AUDIO_BUFFER_SPEECH_STOPPED, SPEECH, EVERYWHERE, "audio_end_ms, item_id", Body.MAP,
                "the service hears speech end");
        table.add(EventTypes.INPUT_AUDIO_BUFFER_COMMITTED, SPEECH, EVERYWHERE, "item_id, [previous_item_id]", Body.MAP,
                "the input buffer has become a user item");
        table.add(EventTypes.INPUT_AUDIO_BUFFER_CLEARED, SPEECH, CHANNELS, "", Body.MAP, "the input buffer is empty");
        table.add(EventTypes.INPUT_AUDIO_BUFFER_TIMEOUT_TRIGGERED, TALK, EVERYWHERE, "audio_start_ms, audio_end_ms, item_id",
                Body.MAP, "nobody spoke for vadIdleTimeout: the model speaks up");
        table.add(EventTypes.INPUT_AUDIO_BUFFER_DTMF_EVENT_RECEIVED, TALK, PHONE, "event, received_at", Body.MAP,
                "the caller pressed a key; this event alone has no event_id");
        table.add(EventTypes.OUTPUT_AUDIO_BUFFER_STARTED, TALK, CALLS, "response_id", Body.MAP,
                "the caller begins to hear the answer");
        table.add(EventTypes.OUTPUT_AUDIO_BUFFER_STOPPED, TALK, CALLS, "response_id", Body.MAP,
                "the caller has heard the answer");
        table.add(EventTypes.OUTPUT_AUDIO_BUFFER_CLEARED, TALK, CALLS, "response_id", Body.MAP, "the answer was cut off");
    }

    private static void response(Table table) {
        table.add(EventTypes.RESPONSE_CREATED, TALK, EVERYWHERE, "response", Body.MAP, "the model begins to answer");
        table.add(EventTypes.RESPONSE_DONE, TALK, EVERYWHERE, "response", Body.MAP,
                "the response is over, however it ended; once per response");
        table.add(EventTypes.RESPONSE_OUTPUT_ITEM_ADDED, TALK, EVERYWHERE, "response_id, output_index, item", Body.MAP,
                "the model begins a message or a call");
        table.add(EventTypes.RESPONSE_OUTPUT_ITEM_DONE, TALK, EVERYWHERE, "response_id, output_index, item", Body.MAP,
                "the message or call is complete");
        table.add(EventTypes.RESPONSE_CONTENT_PART_ADDED, TALK, EVERYWHERE, PART + ", part", Body.MAP,
                "a part of a message begins");
        table.add(EventTypes.RESPONSE_CONTENT_PART_DONE, TALK, EVERYWHERE, PART + ", part", Body.MAP,
                "a part of a message is complete");
        table.add(EventTypes.RESPONSE_OUTPUT_TEXT_DELTA, TALK, EVERYWHERE, PART + ", delta", Body.TEXT,
                "more text of the model; the body has all text so far");
        table.add(EventTypes.RESPONSE_OUTPUT_TEXT_DONE, TALK, EVERYWHERE, PART + ", text", Body.TEXT,
                "what the model wrote, final");
        table.add(EventTypes.RESPONSE_OUTPUT_AUDIO_TRANSCRIPT_DELTA, TALK, EVERYWHERE, PART + ", delta", Body.TEXT,
                "more words of the model; the body has all words so far");
        table.add(EventTypes.RESPONSE_OUTPUT_AUDIO_TRANSCRIPT_DONE, TALK, EVERYWHERE, PART + ", transcript", Body.TEXT,
                "what the model said, final");
        table.add(EventTypes.RESPONSE_OUTPUT_AUDIO_DELTA, TALK, SOCKET, PART + ", delta", Body.AUDIO,
                "more of the model's voice; the body has the new piece alone");
        table.add(EventTypes.RESPONSE_OUTPUT_AUDIO_DONE, TALK, EVERYWHERE, PART, Body.AUDIO,
                "the voice of this part is complete; an empty body");
        table.add(EventTypes.RESPONSE_FUNCTION_CALL_ARGUMENTS_DELTA, TALK, EVERYWHERE, CALL + ", call_id, delta", Body.MAP,
                "more of the arguments of a function call, a piece of JSON");
        table.add(EventTypes.RESPONSE_FUNCTION_CALL_ARGUMENTS_DONE, TALK, EVERYWHERE,
                CALL + ", call_id, name, arguments", Body.MAP,
                "the arguments of a function call");
        table.add(EventTypes.RESPONSE_MCP_CALL_ARGUMENTS_DELTA, TALK, EVERYWHERE, CALL + ", delta", Body.MAP,
                "more of the arguments of an MCP call, a piece of JSON");
        table.add(EventTypes.RESPONSE_MCP_CALL_ARGUMENTS_DONE, TALK, EVERYWHERE, CALL + ", arguments", Body.MAP,
                "the arguments of an MCP call");
        table.add(EventTypes.RESPONSE_MCP_CALL_IN_PROGRESS, TALK, EVERYWHERE, "item_id, output_index", Body.MAP,
                "the service calls the MCP server");
        table.add(EventTypes.RESPONSE_MCP_CALL_COMPLETED, TALK, EVERYWHERE, "item_id, output_index", Body.MAP,
                "the MCP server has answered; its output is in the item");
        table.add(EventTypes.RESPONSE_MCP_CALL_FAILED, TALK, EVERYWHERE, "item_id, output_index", Body.MAP,
                "the MCP call failed; why is in the item");
        table.add(EventTypes.MCP_LIST_TOOLS_IN_PROGRESS, TALK, EVERYWHERE, "item_id", Body.MAP,
                "the service asks an MCP server for its tools");
        table.add(EventTypes.MCP_LIST_TOOLS_COMPLETED, TALK, EVERYWHERE, "item_id", Body.MAP, "the tools are known");
        table.add(EventTypes.MCP_LIST_TOOLS_FAILED, TALK, EVERYWHERE, "item_id", Body.MAP,
                "the MCP server's tools cannot be had");
    }

    private static void translation(Table table) {
        table.add(EventTypes.SESSION_CLOSED, TRANSLATION, DIRECT, "", Body.MAP, "all is translated; the socket may be closed");
        table.add(EventTypes.SESSION_INPUT_TRANSCRIPT_DELTA, TRANSLATION, DIRECT, "delta, [elapsed_ms]", Body.TEXT,
                "more words of the speaker; the body has the new piece alone");
        table.add(EventTypes.SESSION_OUTPUT_TRANSCRIPT_DELTA, TRANSLATION, DIRECT, "delta, [elapsed_ms]", Body.TEXT,
                "more words of the translation; the body has the new piece alone");
        table.add(EventTypes.SESSION_OUTPUT_AUDIO_DELTA, TRANSLATION, SOCKET, "delta, [elapsed_ms]", Body.AUDIO,
                "more of the translation's voice");
    }

    /** A table in the making. */
    private static final class Table {

        private final Direction direction;
        private final Map<String, Entry> entries = new LinkedHashMap<>();

        Table(Direction direction) {
            this.direction = direction;
        }

        /** An event that is there already occurs in these sessions too. */
        void add(String type, Set<SessionType> sessions, Set<TransportKind> transports,
                String members, Body body, String meaning) {
            Entry known = entries.get(type);
            Map<SessionType, Set<TransportKind>> where = new EnumMap<>(SessionType.class);
            if (known != null) {
                where.putAll(known.where());
            }
            sessions.forEach(session -> where.put(session, Set.copyOf(transports)));
            List<String> names = new ArrayList<>();
            for (String member : members.split(", ")) {
                if (!member.isEmpty()) {
                    names.add(member);
                }
            }
            entries.put(type, new Entry(direction, type, Map.copyOf(where), List.copyOf(names), body, meaning));
        }

        Map<String, Entry> entries() {
            return Collections.unmodifiableMap(entries);
        }
    }
}
