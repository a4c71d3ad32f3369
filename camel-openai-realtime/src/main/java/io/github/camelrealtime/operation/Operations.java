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

import java.io.File;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.event.ClientEvent;
import org.apache.camel.StreamCache;
import org.apache.camel.WrappedFile;

/** The operations there are. */
public final class Operations {

    private Operations() {
    }

    /**
     * The code of an operation.
     *
     * @throws UnsupportedOperationException if this version has none
     */
    public static SessionOperation find(Operation operation) {
        SessionOperation code = code(operation);
        return operation == Operation.AUTO ? code : (exchange, context) -> {
            OperationRules.check(operation, context);
            return code.start(exchange, context);
        };
    }

    private static SessionOperation code(Operation operation) {
        return switch (operation) {
            case APPEND_AUDIO -> AudioOperations::append;
            case COMMIT_AUDIO -> AudioOperations::commit;
            case CLEAR_AUDIO -> AudioOperations::clear;
            case APPEND_IMAGE -> ImageOperation::append;
            case CREATE_ITEM -> ItemOperations::create;
            case DELETE_ITEM -> ItemOperations::delete;
            case RETRIEVE_ITEM -> ItemOperations::retrieve;
            case TRUNCATE_ITEM -> ItemOperations::truncate;
            case UPDATE_SESSION -> SessionOperations::update;
            case END_TURN -> ResponseOperations::endTurn;
            case SEND_TEXT -> ResponseOperations::sendText;
            case CREATE_RESPONSE -> ResponseOperations::createResponse;
            case CANCEL_RESPONSE -> TurnOperations::cancel;
            case INTERRUPT -> TurnOperations::interrupt;
            case PLAYBACK_POSITION -> PlaybackOperations::position;
            case PLAYBACK_MARK -> PlaybackOperations::mark;
            case MUTE -> TurnOperations::mute;
            case UNMUTE -> TurnOperations::unmute;
            case SEND_EVENT -> EventOperations::send;
            case TRANSCRIBE -> TranscribeOperation::start;
            case OPEN_SESSION -> LifeCycleOperations::open;
            case CLOSE_SESSION -> LifeCycleOperations::close;
            case RESTART -> LifeCycleOperations::restart;
            case AUTO -> (exchange, context) -> find(byBody(exchange.getMessage().getBody())).start(exchange, context);
            default -> throw new UnsupportedOperationException(
                    "Operation " + operation.value() + " is not in this version yet; send-event sends any client event");
        };
    }

    /** What {@code auto} makes of a body. */
    static Operation byBody(Object body) {
        if (body instanceof byte[] || body instanceof ByteBuffer || body instanceof InputStream || body instanceof File
                || body instanceof Path || body instanceof WrappedFile || body instanceof StreamCache) {
            return Operation.APPEND_AUDIO;
        }
        if (body instanceof Map || body instanceof JsonNode || body instanceof ClientEvent) {
            return Operation.SEND_EVENT;
        }
        if (body instanceof String text) {
            if (Bodies.looksLikeEvent(text)) {
                throw new IllegalArgumentException(
                        "The body is JSON text with a member 'type', which operation auto does not say to the model; "
                                                   + "operation=send-event sends it as an event, operation=send-text says it");
            }
            return Operation.SEND_TEXT;
        }
        throw new IllegalArgumentException("Operation auto does not know what to do with "
                                           + (body == null ? "an empty body" : "a body of type " + body.getClass().getName())
                                           + "; set option operation or header CamelOpenAIRealtimeOperation");
    }
}
