package io.github.camelrealtime.operation;

import java.util.concurrent.CompletableFuture;

import org.apache.camel.Exchange;

/** {@code open-session}, {@code close-session}. */
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

    /** Closes the session in good order; the exchange goes on when it is closed. */
    static CompletableFuture<OperationResult> close(Exchange exchange, OperationContext context) {
        CompletableFuture<Void> closed = context.closer().apply(context.session().name());
        return context.settings().await() == Await.NONE
                ? CompletableFuture.completedFuture(OperationResult.DONE)
                : closed.thenApply(nothing -> OperationResult.DONE);
    }
}
