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

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import io.github.camelrealtime.operation.Operation;
import io.github.camelrealtime.operation.OperationResult;
import io.github.camelrealtime.operation.Operations;
import io.github.camelrealtime.operation.Overrides;
import io.github.camelrealtime.session.RealtimeException;
import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.session.TurnMode;
import org.apache.camel.Exchange;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedResource;

/** Producer on a shared session: one operation per exchange. */
@ManagedResource(description = "Producer on an OpenAI Realtime session")
public class SessionProducer extends RealtimeProducer {

    /** What is no reason to open a session: it does so itself, or has nothing to do where nothing goes on. */
    private static final Set<Operation> LEFT_CLOSED = EnumSet.of(
            Operation.OPEN_SESSION, Operation.CLOSE_SESSION, Operation.CANCEL_RESPONSE, Operation.INTERRUPT,
            Operation.PLAYBACK_POSITION, Operation.MUTE, Operation.UNMUTE);

    private volatile RealtimeSession session;

    SessionProducer(OpenAIRealtimeEndpoint endpoint) {
        super(endpoint);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        OpenAIRealtimeEndpoint endpoint = getEndpoint();
        endpoint.validateSession();
        component().pools().share(endpoint.getName(), endpoint.toString());
        session = component().registry().acquire(endpoint.getName(), endpoint.sessionFactory());
        settings().reply().check(endpoint.getConfiguration().getOperation());
        settings().reply().check(session);
        if (endpoint.getConfiguration().getOperation() == Operation.END_TURN && session.config().turns() == TurnMode.SERVER) {
            throw new IllegalArgumentException("operation=end-turn cannot go with turnDetection by the service, as in session "
                                               + session.name() + ": only one can end the turns; set turnDetection=none");
        }
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
        Overrides overrides = overrides(exchange, operation);
        RealtimeSession target = target(override, operation);
        exchange.getMessage().setHeader(OpenAIRealtimeConstants.SESSION_NAME, target.name());
        return Operations.find(operation).start(exchange, context(target, overrides));
    }

    /** What the route says about this operation, in headers that are for it alone. */
    private Overrides overrides(Exchange exchange, Operation operation) {
        String eventId = takeHeader(exchange, OpenAIRealtimeConstants.OVERRIDE_EVENT_ID);
        boolean endOfStream = takeEndOfStream(exchange);
        return switch (operation) {
            case CANCEL_RESPONSE -> new Overrides(
                    eventId, takeHeader(exchange, OpenAIRealtimeConstants.OVERRIDE_RESPONSE_ID), null, null, endOfStream);
            case PLAYBACK_POSITION -> {
                Long played = exchange.getMessage().getHeader(OpenAIRealtimeConstants.OVERRIDE_PLAYED_MS, Long.class);
                exchange.getMessage().removeHeader(OpenAIRealtimeConstants.OVERRIDE_PLAYED_MS);
                yield new Overrides(
                        eventId, null, takeHeader(exchange, OpenAIRealtimeConstants.OVERRIDE_ITEM_ID), played, endOfStream);
            }
            default -> new Overrides(eventId, null, null, null, endOfStream);
        };
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
        boolean opens = !LEFT_CLOSED.contains(operation) && (dynamic || getEndpoint().connectOn() != ConnectOn.MANUAL);
        if (opens && target.state() == SessionState.IDLE) {
            // what is given before the session is ready waits for it
            target.open();
        }
        return target;
    }

    @ManagedAttribute(description = "Whether the speaker is muted, so that the model does not hear him")
    public boolean isMuted() {
        RealtimeSession used = session;
        return used != null && used.status().muted();
    }

    @ManagedAttribute(description = "Audio given while the speaker was muted, in ms")
    public long getMutedAudioMillis() {
        RealtimeSession used = session;
        return used == null ? 0 : used.status().mutedAudioMillis();
    }

    @ManagedAttribute(description = "Pieces of answers kept back as their response had been cancelled")
    public long getDroppedDeltas() {
        RealtimeSession used = session;
        return used == null ? 0 : used.status().droppedDeltas();
    }
}
