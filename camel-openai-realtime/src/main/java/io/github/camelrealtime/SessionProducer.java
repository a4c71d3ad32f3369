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

/** Producer on a shared session: one operation per exchange. */
class SessionProducer extends RealtimeProducer implements SessionUser {

    private volatile RealtimeSession session;

    SessionProducer(OpenAIRealtimeEndpoint endpoint) {
        super(endpoint);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        getEndpoint().validateSession();
        reattach();
        component().use(this);
    }

    @Override
    public void reattach() {
        OpenAIRealtimeEndpoint endpoint = getEndpoint();
        component().pools().share(endpoint.getName(), endpoint.toString());
        session = component().registry().acquire(endpoint.getName(), endpoint.sessionFactory());
        if (endpoint.connectOn() == ConnectOn.START) {
            RealtimeSession opening = session;
            component().whenContextStarted(opening::open);
        }
    }

    @Override
    protected void doStop() throws Exception {
        component().unuse(this);
        if (session != null) {
            component().awaitClosed(component().registry().release(session), session.config().timeouts().drain());
            component().pools().release(getEndpoint().getName());
            session = null;
        }
        super.doStop();
    }

    @Override
    CompletableFuture<OperationResult> start(Exchange exchange) throws Exception {
        Operation operation = exchange.getMessage().getHeader(
                OpenAIRealtimeConstants.OPERATION, getEndpoint().getConfiguration().getOperation(), Operation.class);
        if (operation == Operation.TRANSCRIBE) {
            throw new IllegalArgumentException(
                    "Operation transcribe needs sessions of its own: set operation=transcribe on an endpoint, not in the header");
        }
        String override = takeHeader(exchange, OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME);
        String eventId = takeHeader(exchange, OpenAIRealtimeConstants.OVERRIDE_EVENT_ID);
        RealtimeSession target = target(override, operation);
        exchange.getMessage().setHeader(OpenAIRealtimeConstants.SESSION_NAME, target.name());
        return Operations.find(operation).start(exchange, context(target, eventId));
    }

    private RealtimeSession target(String override, Operation operation) throws RealtimeException {
        RealtimeSession target = session;
        boolean dynamic = override != null && !override.equals(getEndpoint().getName());
        if (dynamic) {
            if (override.indexOf('*') >= 0) {
                throw new IllegalArgumentException("Header " + OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME
                                                   + " holds a wildcard; an operation needs one session");
            }
            target = operation == Operation.CLOSE_SESSION
                    ? component().registry().find(override)
                    : component().registry().dynamic(override, getEndpoint().sessionFactory());
            if (target == null) {
                throw new RealtimeException(override, "Session " + override + " is not there, so it cannot be closed");
            }
        }
        boolean opens = operation != Operation.OPEN_SESSION && operation != Operation.CLOSE_SESSION
                && (dynamic || getEndpoint().connectOn() != ConnectOn.MANUAL);
        if (opens && target.state() == SessionState.IDLE) {
            // what is given before the session is ready waits for it
            target.open();
        }
        return target;
    }
}
