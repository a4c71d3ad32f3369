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
import io.github.camelrealtime.session.NamePattern;
import io.github.camelrealtime.session.RealtimeException;
import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.SessionConfig;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.session.TurnMode;
import org.apache.camel.Exchange;
import org.apache.camel.ServiceStatus;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.spi.RouteController;

/** Producer on a shared session, or on those that messages name: one operation per exchange. */
@ManagedResource(description = "Producer of the OpenAI Realtime API")
public class SessionProducer extends RealtimeProducer implements SessionUser {

    /** What is no reason to open a session: it does so itself, or has nothing to do where nothing goes on. */
    private static final Set<Operation> LEFT_CLOSED = EnumSet.of(
            Operation.OPEN_SESSION, Operation.CLOSE_SESSION, Operation.CANCEL_RESPONSE, Operation.INTERRUPT,
            Operation.PLAYBACK_POSITION, Operation.PLAYBACK_MARK, Operation.MUTE, Operation.UNMUTE);

    /** Of the endpoint's own name; {@code null} if every message names one. */
    private volatile RealtimeSession session;
    private boolean sharesName;

    SessionProducer(OpenAIRealtimeEndpoint endpoint) {
        super(endpoint);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        check();
        attach();
        if (getEndpoint().getCamelContext().isStarted()) {
            // its route is about to be started too
            open();
        } else {
            component().whenContextStarted(this::openForRoute);
        }
        component().use(this);
    }

    private void check() {
        OpenAIRealtimeEndpoint endpoint = getEndpoint();
        SessionConfig config = endpoint.validateSession();
        endpoint.warnOfRetirements();
        settings().reply().check(endpoint.getConfiguration().getOperation());
        if (endpoint.isForAnySession()) {
            return;
        }
        settings().reply().check(config, endpoint.getName());
        if (endpoint.getConfiguration().getOperation() == Operation.END_TURN && config.turns() == TurnMode.SERVER) {
            throw new IllegalArgumentException("operation=end-turn cannot go with turnDetection by the service, as in session "
                                               + endpoint.getName() + ": only one can end the turns; set turnDetection=none");
        }
    }

    @Override
    public void reattach() {
        attach();
        openForRoute();
    }

    private void attach() {
        OpenAIRealtimeEndpoint endpoint = getEndpoint();
        if (endpoint.isForAnySession()) {
            return;
        }
        component().pools().share(endpoint.getName(), endpoint.toString());
        sharesName = true;
        session = component().registry().acquire(endpoint.getName(), endpoint.sessionFactory());
    }

    /**
     * Camel starts the producers of every route, also of those that it leaves alone ({@code autoStartup=false}): no session is
     * paid for before one of them runs. The first exchange opens what is not open.
     */
    private void openForRoute() {
        RouteController routes = getEndpoint().getCamelContext().getRouteController();
        ServiceStatus route = getRouteId() == null ? null : routes.getRouteStatus(getRouteId());
        if (route == null || !route.isStopped() || routes.isSupervising()) {
            open();
        }
    }

    private void open() {
        RealtimeSession opening = session;
        if (opening != null && getEndpoint().connectOn() == ConnectOn.START) {
            opening.open();
        }
    }

    @Override
    protected void doStop() throws Exception {
        component().unuse(this);
        component().endSessions(NamePattern.of(getEndpoint().getName()));
        if (session != null) {
            component().awaitClosed(component().registry().release(session), session.config().timeouts().drain());
            session = null;
        }
        if (sharesName) {
            component().pools().release(getEndpoint().getName());
            sharesName = false;
        }
        super.doStop();
    }

    @Override
    CompletableFuture<OperationResult> start(Exchange exchange) throws Exception {
        OverrideHeaders headers = OverrideHeaders.take(exchange);
        Operation operation = operation(exchange);
        if (operation == Operation.TRANSCRIBE) {
            throw new IllegalArgumentException(
                    "Operation transcribe needs sessions of its own: set operation=transcribe on an endpoint, not in the header");
        }
        Overrides overrides = headers.overrides();
        RealtimeSession target = target(
                headers.text(OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME), operation,
                headers.text(OpenAIRealtimeConstants.OVERRIDE_SAFETY_IDENTIFIER));
        exchange.getMessage().setHeader(OpenAIRealtimeConstants.SESSION_NAME, target.name());
        return Operations.find(operation).start(exchange, context(target, overrides));
    }

    private RealtimeSession target(String override, Operation operation, String endUser) throws RealtimeException {
        if (override == null && session == null) {
            throw new IllegalArgumentException("Endpoint " + getEndpoint() + " has no session of its own: name one in header "
                                               + OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME + ", or use toD");
        }
        boolean dynamic = session == null || override != null && !override.equals(getEndpoint().getName());
        RealtimeSession target = dynamic ? named(override, operation, endUser) : session;
        if (endUser != null && !isFor(endUser, target)) {
            throw new IllegalArgumentException("Header " + OpenAIRealtimeConstants.OVERRIDE_SAFETY_IDENTIFIER + ": session "
                                               + target.name() + " is there already, for another end user; use a session for each, "
                                               + "named by header " + OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME);
        }
        boolean opens = !LEFT_CLOSED.contains(operation)
                && (dynamic && session != null || getEndpoint().connectOn() != ConnectOn.MANUAL);
        if (opens && target.state() == SessionState.IDLE) {
            // what is given before the session is ready waits for it
            target.open();
        }
        return target;
    }

    private RealtimeSession named(String name, Operation operation, String endUser) throws RealtimeException {
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
        RealtimeSession used = component().registry().dynamic(name, getEndpoint().sessionFactory(endUser));
        getEndpoint().requireAgreement(used);
        return used;
    }

    private boolean isFor(String endUser, RealtimeSession target) {
        return target.config().headers() instanceof SessionHeaders headers
                && headers.sameSafetyIdentifier(getEndpoint().headersFor(target.name(), endUser));
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

    @ManagedAttribute(description = "Speech that was too short to interrupt the assistant (interruptMinSpeech)")
    public long getShortInterruptions() {
        RealtimeSession used = session;
        return used == null ? 0 : used.status().shortInterruptions();
    }

    @ManagedAttribute(description = "Interruptions that no words followed (falseInterruptionTimeout)")
    public long getFalseInterruptions() {
        RealtimeSession used = session;
        return used == null ? 0 : used.status().falseInterruptions();
    }
}
