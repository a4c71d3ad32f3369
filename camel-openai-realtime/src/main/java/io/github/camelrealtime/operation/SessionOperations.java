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

import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.session.Acknowledged;
import io.github.camelrealtime.session.BetaShapes;
import org.apache.camel.Exchange;

/** {@code update-session}: changes of the session while it is open. */
final class SessionOperations {

    private SessionOperations() {
    }

    /** The body is a session object with the members to change, or a whole {@code session.update}. */
    static CompletableFuture<OperationResult> update(Exchange exchange, OperationContext context) {
        Await await = Answers.await(context, Operation.UPDATE_SESSION);
        ObjectNode body = Bodies.object(exchange.getMessage().getBody());
        boolean isEvent = body != null && EventTypes.SESSION_UPDATE.equals(body.path("type").asText());
        if (body == null || isEvent && !body.path("session").isObject()) {
            throw new IllegalArgumentException(
                    "update-session: the body is not a session object: a Map, JsonNode or JSON text with the members to change "
                                               + "is expected, or a whole session.update, found "
                                               + (isEvent ? "a session.update without 'session'"
                                                       : Bodies.describe(exchange.getMessage().getBody())));
        }
        String eventId = isEvent && context.eventId() == null ? body.path("event_id").textValue() : context.eventId();
        return update(isEvent ? (ObjectNode) body.get("session") : body, eventId, await, context);
    }

    /** @param eventId of the update, {@code null} for a new one */
    static CompletableFuture<OperationResult> update(
            ObjectNode session, String eventId, Await await, OperationContext context) {
        ObjectNode wanted = session.deepCopy();
        BetaShapes.checkSession(wanted);
        Acknowledged asked = context.session().update(wanted, eventId, await == Await.COMMITTED);
        return Answers.result(
                asked, await, context, Operation.UPDATE_SESSION, OperationResult.DONE, updated -> OperationResult.DONE);
    }
}
