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

/** {@code open-session}, {@code close-session}, {@code restart}. */
final class LifeCycleOperations {

    private LifeCycleOperations() {
    }

    /** Opens the session, or dials again if it was lost; the exchange goes on when it is ready. */
    static CompletableFuture<OperationResult> open(Exchange exchange, OperationContext context) {
        CompletableFuture<Void> opened = context.session().open();
        return context.settings().await() == Await.NONE
                ? CompletableFuture.completedFuture(OperationResult.DONE)
                : opened.thenApply(nothing -> OperationResult.DONE);
    }

    /** Another connection for the same session; the exchange goes on when it is ready. */
    static CompletableFuture<OperationResult> restart(Exchange exchange, OperationContext context) {
        CompletableFuture<Void> restarted = context.session().restart();
        return context.settings().await() == Await.NONE
                ? CompletableFuture.completedFuture(OperationResult.DONE)
                : restarted.thenApply(nothing -> OperationResult.DONE);
    }

    /** Closes the session in good order; the exchange goes on when it is closed. */
    static CompletableFuture<OperationResult> close(Exchange exchange, OperationContext context) {
        CompletableFuture<Void> closed = context.closer().apply(context.session().name());
        return context.settings().await() == Await.NONE
                ? CompletableFuture.completedFuture(OperationResult.DONE)
                : closed.thenApply(nothing -> OperationResult.DONE);
    }
}
