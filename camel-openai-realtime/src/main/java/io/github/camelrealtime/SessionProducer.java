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
import io.github.camelrealtime.session.RealtimeException;
import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.SessionState;
import org.apache.camel.Exchange;
import org.apache.camel.api.management.ManagedResource;

/** Producer on a shared session, or on those that messages name: one operation per exchange. */
@ManagedResource(description = "Producer of the OpenAI Realtime API")
public class SessionProducer extends RealtimeProducer {

    /** Of the endpoint's own name; {@code null} if every message names one. */
    private RealtimeSession session;

    SessionProducer(OpenAIRealtimeEndpoint endpoint) {
        super(endpoint);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        OpenAIRealtimeEndpoint endpoint = getEndpoint();
        endpoint.validateSession();
        endpoint.warnOfRetirements();
        if (endpoint.isForAnySession()) {
            return;
        }
        component().pools().share(endpoint.getName(), endpoint.toString());
        session = component().registry().acquire(endpoint.getName(), endpoint.sessionFactory());
        if (endpoint.connectOn() == ConnectOn.START) {
            RealtimeSession opening = session;
            component().whenContextStarted(opening::open);
        }
    }

    @Override
    protected void doStop() throws Exception {
        if (session != null) {
            component().awaitClosed(component().registry().release(session), session.config().timeouts().drain());
            component().pools().release(getEndpoint().getName());
            session = null;
        }
        super.doStop();
    }

    @Override
    CompletableFuture<OperationResult> start(Exchange exchange) throws Exception {
        Operation operation = operation(exchange);
        if (operation == Operation.TRANSCRIBE) {
            throw new IllegalArgumentException(
                    "Operation transcribe needs sessions of its own: set operation=transcribe on an endpoint, not in the header");
        }
        String override = takeHeader(exchange, OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME);
        String eventId = takeHeader(exchange, OpenAIRealtimeConstants.OVERRIDE_EVENT_ID);
        boolean endOfStream = takeEndOfStream(exchange);
        RealtimeSession target = target(override, operation);
        exchange.getMessage().setHeader(OpenAIRealtimeConstants.SESSION_NAME, target.name());
        return Operations.find(operation).start(exchange, context(target, eventId, endOfStream));
    }

    private Operation operation(Exchange exchange) {
        Object header = exchange.getMessage().getHeader(OpenAIRealtimeConstants.OPERATION);
        if (header == null) {
            return getEndpoint().getConfiguration().getOperation();
        }
        if (header instanceof Operation operation) {
            return operation;
        }
        try {
            return Operation.fromValue(header.toString());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Header " + OpenAIRealtimeConstants.OPERATION + ": " + e.getMessage(), e);
        }
    }

    private RealtimeSession target(String override, Operation operation) throws RealtimeException {
        if (override == null && session == null) {
            throw new IllegalArgumentException("Endpoint " + getEndpoint() + " has no session of its own: name one in header "
                                               + OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME + ", or use toD");
        }
        boolean dynamic = session == null || override != null && !override.equals(getEndpoint().getName());
        RealtimeSession target = dynamic ? named(override, operation) : session;
        boolean opens = operation != Operation.OPEN_SESSION && operation != Operation.CLOSE_SESSION
                && (dynamic && session != null || getEndpoint().connectOn() != ConnectOn.MANUAL);
        if (opens && target.state() == SessionState.IDLE) {
            // what is given before the session is ready waits for it
            target.open();
        }
        return target;
    }

    private RealtimeSession named(String name, Operation operation) throws RealtimeException {
        UriNames.check(name);
        if (component().pools().isLent(name)) {
            throw new IllegalArgumentException("Session " + name + " belongs to operation transcribe, which has it to itself; name another");
        }
        if (operation == Operation.CLOSE_SESSION) {
            RealtimeSession closing = component().registry().find(name);
            if (closing == null) {
                throw new RealtimeException(name, "Session " + name + " is not there, so it cannot be closed");
            }
            return closing;
        }
        getEndpoint().requireAgreement(name);
        return component().registry().dynamic(name, getEndpoint().sessionFactory());
    }
}
