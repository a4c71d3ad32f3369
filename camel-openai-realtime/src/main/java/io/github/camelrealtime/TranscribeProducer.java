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
package io.github.camelrealtime;

import java.util.concurrent.CompletableFuture;

import io.github.camelrealtime.operation.Operation;
import io.github.camelrealtime.operation.OperationResult;
import io.github.camelrealtime.operation.Operations;
import io.github.camelrealtime.operation.Overrides;
import io.github.camelrealtime.session.NamePattern;
import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.SessionPool;
import org.apache.camel.Exchange;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedResource;

/**
 * Producer of endpoints with {@code operation=transcribe}: every exchange borrows a session of the pool and has it to
 * itself until its transcript is there.
 */
@ManagedResource(description = "Producer of the OpenAI Realtime API")
public class TranscribeProducer extends RealtimeProducer implements SessionUser {

    private volatile SessionPool pool;

    TranscribeProducer(OpenAIRealtimeEndpoint endpoint) {
        super(endpoint);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        getEndpoint().validateSession();
        getEndpoint().warnOfRetirements();
        settings().reply().check(Operation.TRANSCRIBE);
        reattach();
        component().use(this);
    }

    @Override
    public void reattach() {
        OpenAIRealtimeEndpoint endpoint = getEndpoint();
        String name = endpoint.getName();
        int size = endpoint.getConfiguration().getPoolSize();
        pool = component().pools().acquire(
                name, size, endpoint.toString(), () -> component().newPool(name, size, endpoint.sessionFactory()));
    }

    @Override
    protected void doStop() throws Exception {
        component().unuse(this);
        component().endSessions(NamePattern.of(getEndpoint().getName()));
        if (pool != null) {
            long drain = pool.members().stream().mapToLong(member -> member.config().timeouts().drain()).max().orElse(0);
            component().awaitClosed(component().pools().release(getEndpoint().getName()), drain);
            pool = null;
        }
        super.doStop();
    }

    /** Members that cannot be opened are let go at once, so their state does not tell. */
    @Override
    String complaint() {
        SessionPool lender = pool;
        Throwable failure = lender == null ? null : lender.openFailure();
        return failure == null ? null : failure.getMessage();
    }

    @Override
    CompletableFuture<OperationResult> start(Exchange exchange) {
        OverrideHeaders headers = OverrideHeaders.take(exchange);
        if (operation(exchange) != Operation.TRANSCRIBE) {
            throw new IllegalArgumentException(
                    "Header " + OpenAIRealtimeConstants.OPERATION + " asks for another operation than transcribe, for which "
                                               + getEndpoint() + " keeps sessions; use another endpoint");
        }
        refuse(headers, OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME, "which has sessions of its own; name them in the URI");
        refuse(headers, OpenAIRealtimeConstants.OVERRIDE_SAFETY_IDENTIFIER,
                "whose sessions serve one exchange after the other; use option safetyIdentifier");
        if (Boolean.FALSE.equals(headers.overrides().endOfStream())) {
            throw new IllegalArgumentException("Header " + OpenAIRealtimeConstants.OVERRIDE_END_OF_STREAM
                                               + "=false has no meaning for transcribe, which ends with its recording");
        }
        SessionPool lender = pool;
        return lender.lease(getEndpoint().getConfiguration().getPoolWaitTimeout())
                .thenComposeAsync(session -> transcribe(exchange, session, lender), component().worker());
    }

    private static void refuse(OverrideHeaders headers, String header, String reason) {
        if (headers.text(header) != null) {
            throw new IllegalArgumentException("Header " + header + " has no meaning for transcribe, " + reason);
        }
    }

    private CompletableFuture<OperationResult> transcribe(Exchange exchange, RealtimeSession session, SessionPool lender) {
        CompletableFuture<OperationResult> result;
        try {
            result = Operations.find(Operation.TRANSCRIBE).start(exchange, context(session, Overrides.NONE));
        } catch (Exception e) {
            result = CompletableFuture.failedFuture(e);
        }
        return result.whenComplete((done, failure) -> lender.giveBack(session));
    }

    @ManagedAttribute(description = "Sessions the pool may have")
    public int getPoolSize() {
        return getEndpoint().getConfiguration().getPoolSize();
    }

    @ManagedAttribute(description = "Sessions of the pool that are free")
    public int getFreeSessions() {
        SessionPool lender = pool;
        return lender == null ? 0 : lender.free();
    }

    @ManagedAttribute(description = "Exchanges that wait for a session of the pool")
    public int getWaitingExchanges() {
        SessionPool lender = pool;
        return lender == null ? 0 : lender.waiting();
    }
}
