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

import org.apache.camel.Exchange;

/**
 * {@code cancel-response}, {@code interrupt}, {@code mute}, {@code unmute}: whose turn it is. The body stays as it is.
 */
final class TurnOperations {

    private TurnOperations() {
    }

    /** Cancels the response that is named, or else the one that the conversation is in. */
    static CompletableFuture<OperationResult> cancel(Exchange exchange, OperationContext context) {
        Overrides overrides = context.overrides();
        return context.session().conversation().cancel(overrides.responseId(), overrides.eventId())
                .thenApply(nothing -> OperationResult.DONE);
    }

    /** Stops the model, and has it forget what was not heard. */
    static CompletableFuture<OperationResult> interrupt(Exchange exchange, OperationContext context) {
        return context.session().conversation().interrupt(context.overrides().eventId())
                .thenApply(nothing -> OperationResult.DONE);
    }

    static CompletableFuture<OperationResult> mute(Exchange exchange, OperationContext context) {
        context.session().mute(true);
        return CompletableFuture.completedFuture(OperationResult.DONE);
    }

    static CompletableFuture<OperationResult> unmute(Exchange exchange, OperationContext context) {
        context.session().mute(false);
        return CompletableFuture.completedFuture(OperationResult.DONE);
    }
}
