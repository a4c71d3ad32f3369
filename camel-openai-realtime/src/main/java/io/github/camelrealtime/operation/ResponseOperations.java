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
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.session.ResponseResult;
import org.apache.camel.Exchange;

/** {@code send-text}, {@code create-response}: ask the model, and wait for its answer if wanted. */
final class ResponseOperations {

    private ResponseOperations() {
    }

    /** The body is said to the model as the user's words. */
    static CompletableFuture<OperationResult> sendText(Exchange exchange, OperationContext context) throws Exception {
        String text = exchange.getMessage().getBody(String.class);
        if (text == null || text.isBlank()) {
            throw new IllegalArgumentException("send-text: the body is empty; the text to say is expected");
        }
        ClientEvent said = Bodies.withId(ClientEvent.userText(text), context.eventId());
        if (context.settings().createResponse()) {
            return ask(said, null, exchange, context);
        }
        CompletableFuture<OperationResult> result = new CompletableFuture<>();
        context.session().send(said, result::completeExceptionally).whenComplete((nothing, failure) -> {
            if (failure == null) {
                result.complete(OperationResult.DONE);
            } else {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    /** Asks for a response; a body of type {@code Map} or JSON is its {@code response} member. */
    static CompletableFuture<OperationResult> createResponse(Exchange exchange, OperationContext context) throws Exception {
        return ask(null, Bodies.responseObject(exchange.getMessage().getBody()), exchange, context);
    }

    private static CompletableFuture<OperationResult> ask(
            ClientEvent before, ObjectNode response, Exchange exchange, OperationContext context) {
        Await await = context.settings().await();
        if (await == null) {
            await = exchange.getPattern().isOutCapable() ? Await.RESPONSE : Await.SENT;
        }
        // with a text the id is that of the text
        String createId = before == null ? context.eventId() : null;
        return switch (await) {
            case NONE -> {
                CompletableFuture<Void> sent = context.session().respond(before, response, createId);
                // what is refused at once is not kept quiet
                yield sent.isCompletedExceptionally()
                        ? sent.thenApply(nothing -> OperationResult.DONE)
                        : CompletableFuture.completedFuture(OperationResult.DONE);
            }
            case SENT -> context.session().respond(before, response, createId).thenApply(nothing -> OperationResult.DONE);
            default -> context.session()
                    .respondAndTell(before, response, createId, context.settings().requestTimeout())
                    .thenApply(done -> new OperationResult(reply(done, context.settings()), done, null, done.itemId()));
        };
    }

    private static Object reply(ResponseResult done, OperationSettings settings) {
        return switch (settings.dataFormat()) {
            case PAYLOAD -> done.text();
            case EVENT -> done.event();
            case RAW -> done.event().getRaw();
        };
    }
}
