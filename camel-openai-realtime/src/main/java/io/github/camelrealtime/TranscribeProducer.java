package io.github.camelrealtime;

import java.util.concurrent.CompletableFuture;

import io.github.camelrealtime.operation.Operation;
import io.github.camelrealtime.operation.OperationResult;
import io.github.camelrealtime.operation.Operations;
import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.SessionPool;
import org.apache.camel.Exchange;

/**
 * Producer of endpoints with {@code operation=transcribe}: every exchange borrows a session of the pool and has it to
 * itself until its transcript is there.
 */
class TranscribeProducer extends RealtimeProducer {

    private SessionPool pool;

    TranscribeProducer(OpenAIRealtimeEndpoint endpoint) {
        super(endpoint);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        OpenAIRealtimeEndpoint endpoint = getEndpoint();
        String name = endpoint.getName();
        endpoint.declare();
        try {
            endpoint.validateSession();
            int size = endpoint.getConfiguration().getPoolSize();
            pool = component().pools().acquire(
                    name, size, endpoint.toString(), () -> component().newPool(name, size, endpoint.sessionFactory()));
        } finally {
            if (pool == null) {
                endpoint.withdraw();
            }
        }
    }

    @Override
    protected void doStop() throws Exception {
        if (pool != null) {
            long drain = pool.members().stream().mapToLong(member -> member.config().timeouts().drain()).max().orElse(0);
            component().awaitClosed(component().pools().release(getEndpoint().getName()), drain);
            getEndpoint().withdraw();
            pool = null;
        }
        super.doStop();
    }

    @Override
    CompletableFuture<OperationResult> start(Exchange exchange) {
        Object wanted = exchange.getMessage().getHeader(OpenAIRealtimeConstants.OPERATION);
        if (wanted != null && exchange.getMessage().getHeader(OpenAIRealtimeConstants.OPERATION, Operation.class) != Operation.TRANSCRIBE) {
            throw new IllegalArgumentException(
                    "Header " + OpenAIRealtimeConstants.OPERATION + " asks for another operation than transcribe, for which "
                                               + getEndpoint() + " keeps sessions; use another endpoint");
        }
        SessionPool lender = pool;
        return lender.lease(getEndpoint().getConfiguration().getPoolWaitTimeout())
                .thenComposeAsync(session -> transcribe(exchange, session, lender), component().worker());
    }

    private CompletableFuture<OperationResult> transcribe(Exchange exchange, RealtimeSession session, SessionPool lender) {
        CompletableFuture<OperationResult> result;
        try {
            result = Operations.find(Operation.TRANSCRIBE).start(exchange, context(session, null));
        } catch (Exception e) {
            result = CompletableFuture.failedFuture(e);
        }
        return result.whenComplete((done, failure) -> lender.giveBack(session));
    }
}
