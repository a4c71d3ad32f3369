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

import java.util.Base64;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.session.AudioIntake;
import io.github.camelrealtime.session.BetaShapes;
import io.github.camelrealtime.session.Question;
import io.github.camelrealtime.session.RealtimeSession;
import org.apache.camel.Exchange;

/** {@code send-event}: the body is a client event as the wire has it. */
final class EventOperations {

    private EventOperations() {
    }

    /**
     * Sends the event. What other operations keep account of (audio, commits, responses) goes their way, so that an event
     * written by hand disturbs nothing.
     */
    static CompletableFuture<OperationResult> send(Exchange exchange, OperationContext context) throws Exception {
        RealtimeSession session = context.session();
        ClientEvent event = Bodies.withId(Bodies.event(exchange.getMessage().getBody()), context.eventId());
        ObjectNode json = event.getJson();
        BetaShapes.check(event.getType(), json);
        return switch (event.getType()) {
            case EventTypes.INPUT_AUDIO_BUFFER_APPEND -> append(context, event);
            case EventTypes.INPUT_AUDIO_BUFFER_COMMIT -> AudioOperations.commit(context, event.getEventId());
            case EventTypes.INPUT_AUDIO_BUFFER_CLEAR -> AudioOperations.clear(context, event.getEventId());
            case EventTypes.RESPONSE_CREATE -> session.conversation()
                    .ask(Question.unawaited(
                            null, json.path("response") instanceof ObjectNode response ? response : null, event.getEventId()))
                    .sent().thenApply(nothing -> OperationResult.DONE);
            case EventTypes.SESSION_UPDATE -> update(json, event.getEventId(), context);
            default -> send(event, session).thenApply(nothing -> OperationResult.DONE);
        };
    }

    private static CompletableFuture<OperationResult> update(ObjectNode json, String eventId, OperationContext context) {
        if (!(json.path("session") instanceof ObjectNode session)) {
            throw new IllegalArgumentException("send-event: session.update needs an object 'session' with the members to change");
        }
        Await await = context.settings().await() == Await.COMMITTED ? Await.COMMITTED : Await.SENT;
        return SessionOperations.update(session, eventId, await, context);
    }

    private static CompletableFuture<Void> send(ClientEvent event, RealtimeSession session) {
        boolean urgent = isUrgent(event);
        if (RealtimeSession.isAcknowledged(event)) {
            // so that its answer is not taken for that to an operation
            return session.request(event, urgent, false).sent();
        }
        return urgent ? session.sendUrgent(event) : session.send(event);
    }

    /** What is about the model overtakes audio for it (FLOW-3); what is about the buffer keeps its place. */
    static boolean isUrgent(ClientEvent event) {
        return switch (event.getType()) {
            case EventTypes.RESPONSE_CANCEL, EventTypes.CONVERSATION_ITEM_TRUNCATE -> true;
            case EventTypes.CONVERSATION_ITEM_CREATE -> "function_call_output".equals(
                    event.getJson().path("item").path("type").asText());
            default -> false;
        };
    }

    /** By the same way as audio bodies: in pieces of legal size, and when there is room. */
    private static CompletableFuture<OperationResult> append(OperationContext context, ClientEvent event) {
        ObjectNode json = event.getJson();
        if (!json.path("audio").isTextual()) {
            throw new IllegalArgumentException("send-event: input_audio_buffer.append needs a member 'audio' with base64 text");
        }
        byte[] wire = decode(json.path("audio").textValue());
        AudioFormat format = context.session().config().inputFormat();
        AudioIntake intake = context.session().audio().piece(format, wire.length);
        intake.useEventId(event.getEventId());
        AudioFeed feed = new AudioFeed(
                AudioBody.ofPiece(wire, format), intake, Pacing.ASAP, context.timers(), context.worker());
        return feed.start().thenCompose(millis -> feed.lastSent()).thenApply(nothing -> OperationResult.DONE);
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("send-event: member 'audio' of input_audio_buffer.append is no base64 text; "
                                               + "operation=append-audio takes audio as bytes", e);
        }
    }
}
