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
package io.github.camelrealtime.operation;

import java.util.EnumMap;
import java.util.Map;

import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.SessionType;
import io.github.camelrealtime.event.TransportKind;

/** Which operations there are in which kind of session: those whose client event the service takes there (wire reference §8). */
final class SessionKinds {

    private static final Map<Operation, String> EVENTS = new EnumMap<>(Operation.class);

    static {
        EVENTS.put(Operation.SEND_TEXT, EventTypes.CONVERSATION_ITEM_CREATE);
        EVENTS.put(Operation.CREATE_ITEM, EventTypes.CONVERSATION_ITEM_CREATE);
        EVENTS.put(Operation.APPEND_IMAGE, EventTypes.CONVERSATION_ITEM_CREATE);
        EVENTS.put(Operation.DELETE_ITEM, EventTypes.CONVERSATION_ITEM_DELETE);
        EVENTS.put(Operation.RETRIEVE_ITEM, EventTypes.CONVERSATION_ITEM_RETRIEVE);
        EVENTS.put(Operation.TRUNCATE_ITEM, EventTypes.CONVERSATION_ITEM_TRUNCATE);
        EVENTS.put(Operation.CREATE_RESPONSE, EventTypes.RESPONSE_CREATE);
        EVENTS.put(Operation.CANCEL_RESPONSE, EventTypes.RESPONSE_CANCEL);
        EVENTS.put(Operation.END_TURN, EventTypes.RESPONSE_CREATE);
        EVENTS.put(Operation.PLAYBACK_POSITION, EventTypes.CONVERSATION_ITEM_TRUNCATE);
        EVENTS.put(Operation.PLAYBACK_MARK, EventTypes.CONVERSATION_ITEM_TRUNCATE);
        EVENTS.put(Operation.INTERRUPT, EventTypes.RESPONSE_CANCEL);
        EVENTS.put(Operation.UPDATE_SESSION, EventTypes.SESSION_UPDATE);
        EVENTS.put(Operation.APPEND_AUDIO, EventTypes.INPUT_AUDIO_BUFFER_APPEND);
        EVENTS.put(Operation.COMMIT_AUDIO, EventTypes.INPUT_AUDIO_BUFFER_COMMIT);
        EVENTS.put(Operation.CLEAR_AUDIO, EventTypes.INPUT_AUDIO_BUFFER_CLEAR);
    }

    private SessionKinds() {
    }

    /** Whether that kind of session has the operation; true for those that need no event. */
    static boolean isPossible(Operation operation, SessionType type) {
        String event = EVENTS.get(operation);
        return event == null || EventTypes.isAllowed(event, type, TransportKind.WEBSOCKET);
    }
}
