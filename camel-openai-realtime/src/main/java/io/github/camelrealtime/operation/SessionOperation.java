package io.github.camelrealtime.operation;

import java.util.concurrent.CompletableFuture;

import org.apache.camel.Exchange;

/** One kind of thing that a producer does with an exchange. */
@FunctionalInterface
public interface SessionOperation {

    /**
     * Starts the operation. The exchange's body and headers are read before this returns or, for streams, by the worker; they
     * are not written.
     *
     * @return          done, on any thread, when the exchange may go on; fails with what the exchange is to fail with
     * @throws Exception if the exchange cannot be used; the same as a failed future
     */
    CompletableFuture<OperationResult> start(Exchange exchange, OperationContext context) throws Exception;
}
