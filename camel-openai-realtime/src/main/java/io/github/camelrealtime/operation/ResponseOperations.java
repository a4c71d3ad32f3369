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
import java.util.concurrent.CompletionException;
import java.util.function.Function;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.session.Answer;
import io.github.camelrealtime.session.Asked;
import io.github.camelrealtime.session.BetaShapes;
import io.github.camelrealtime.session.Question;
import io.github.camelrealtime.session.RealtimeException;
import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.ResponseResult;
import org.apache.camel.Exchange;

/** {@code send-text}, {@code create-response}, {@code end-turn}: ask the model, and wait for its answer if wanted. */
final class ResponseOperations {

    private ResponseOperations() {
    }

    /** The body is said to the model as the user's words. */
    static CompletableFuture<OperationResult> sendText(Exchange exchange, OperationContext context) throws Exception {
        Object body = exchange.getMessage().getBody();
        if (Bodies.isStructured(body)) {
            // Camel would make a text of it that nobody meant to be said
            throw new IllegalArgumentException(
                    "send-text: the body is not text but of type " + Bodies.describe(body) + "; the text to say is expected, "
                                               + "operation=create-item takes an item, operation=send-event an event");
        }
        String text = exchange.getMessage().getBody(String.class);
        if (text == null || text.isBlank()) {
            throw new IllegalArgumentException("send-text: the body is empty; the text to say is expected");
        }
        ClientEvent said = Bodies.withId(ClientEvent.userText(text), context.eventId());
        if (context.settings().createResponse()) {
            // the id is that of the text
            return finish("send-text", exchange, context, session -> session.conversation().ask(
                    question(said, null, null, exchange, context)));
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
        ObjectNode response = Bodies.responseObject(exchange.getMessage().getBody());
        if (response != null) {
            BetaShapes.checkResponse(response);
        }
        return finish("create-response", exchange, context, session -> session.conversation().ask(
                question(null, response, context.eventId(), exchange, context)));
    }

    /** Ends the turn of a user who speaks, and asks for the answer to it. */
    static CompletableFuture<OperationResult> endTurn(Exchange exchange, OperationContext context) {
        return finish("end-turn", exchange, context, session -> session.conversation().endTurn(
                question(null, null, context.eventId(), exchange, context)));
    }

    private static Question question(
            ClientEvent before, ObjectNode response, String eventId, Exchange exchange, OperationContext context) {
        ReplySettings reply = context.settings().reply();
        ObjectNode wanted = reply.response(response, context.session());
        if (await(exchange, context) != Await.RESPONSE) {
            return Question.unawaited(before, wanted, eventId);
        }
        Question question = Question.awaited(before, wanted, eventId, context.settings().requestTimeout());
        return reply.isSpoken() ? question.spoken(reply.maxAudioMillis()) : question;
    }

    /** Whoever wants an answer in some format waits for it, as the exchange pattern is often an accident of the consumer. */
    private static Await await(Exchange exchange, OperationContext context) {
        if (context.settings().await() != null) {
            return context.settings().await();
        }
        return exchange.getPattern().isOutCapable() || context.settings().reply().format() != null ? Await.RESPONSE : Await.SENT;
    }

    private static CompletableFuture<OperationResult> finish(
            String operation, Exchange exchange, OperationContext context, Function<RealtimeSession, Asked> asking) {
        Asked asked = asking.apply(context.session());
        return switch (await(exchange, context)) {
            case NONE -> AudioOperations.notAwaited(asked.sent(), context.session(), operation);
            case RESPONSE -> context.settings().reply().isSpoken()
                    // putting minutes of audio together is nothing for a thread of the socket
                    ? asked.answer().thenApplyAsync(answer -> spoken(answer, context), context.worker())
                    : asked.answer().thenApply(answer -> result(written(answer.response(), context.settings()), answer));
            // a turn has been committed by the time its question is sent
            case SENT, COMMITTED, COMPLETED -> asked.sent().thenApply(
                    itemId -> new OperationResult(null, null, null, null, itemId));
        };
    }

    private static OperationResult spoken(Answer answer, OperationContext context) {
        try {
            return result(context.settings().reply().audio(answer, context.session()), answer);
        } catch (RealtimeException noAudio) {
            throw new CompletionException(noAudio);
        }
    }

    private static Object written(ResponseResult done, OperationSettings settings) {
        return switch (settings.dataFormat()) {
            case PAYLOAD -> done.text();
            case EVENT -> done.event();
            case RAW -> done.event().getRaw();
        };
    }

    private static OperationResult result(Object body, Answer answer) {
        return new OperationResult(body, answer, null, answer.response().itemId(), answer.inputItemId());
    }
}
