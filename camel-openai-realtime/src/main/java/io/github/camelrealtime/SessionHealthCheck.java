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

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.github.camelrealtime.session.NamePattern;
import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.session.SessionStatus;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Readiness of the sessions that an endpoint names: ready is UP unless the service has
 * reported a fatal error since, nothing open is UP too, anything else is DOWN. Passive:
 * nothing is asked of the service.
 */
class SessionHealthCheck extends AbstractHealthCheck {

    private final OpenAIRealtimeEndpoint endpoint;
    private final Supplier<String> complaint;

    /**
     * @param complaint what else is wrong at the moment, {@code null} if nothing is
     */
    SessionHealthCheck(String id, OpenAIRealtimeEndpoint endpoint, Supplier<String> complaint) {
        super("camel", id);
        this.endpoint = endpoint;
        this.complaint = complaint;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        builder.up();
        builder.detail("session.name", endpoint.getName());
        List<RealtimeSession> sessions = sessions();
        if (sessions.size() > 1) {
            builder.detail("sessions.total", sessions.size());
            builder.detail("sessions.ready", sessions.stream().filter(session -> session.state() == SessionState.READY).count());
        }
        // the details are those of one session: of one that is in trouble if there is any
        RealtimeSession shown = sessions.stream().filter(SessionHealthCheck::isTroubled).findFirst()
                .orElse(sessions.isEmpty() ? null : sessions.get(0));
        if (shown == null) {
            builder.detail("session.state", "idle");
        } else {
            describe(builder, shown, endpoint.getComponent().timersInUse().millis());
        }
        List<String> impending = endpoint.impending();
        if (!impending.isEmpty()) {
            builder.detail("session.retirement", String.join("; ", impending));
        }
        String wrong = complaint.get();
        if (wrong != null) {
            builder.down().message(wrong);
        }
    }

    /** Those that the endpoint names, members of its pool among them. */
    private List<RealtimeSession> sessions() {
        NamePattern names = NamePattern.of(endpoint.getName());
        NamePattern members = NamePattern.of(endpoint.getName() + "#*");
        return endpoint.getComponent().registry().sessions().stream()
                .filter(session -> names.matches(session.name()) || members.matches(session.name())).toList();
    }

    private static boolean isTroubled(RealtimeSession session) {
        SessionState state = session.state();
        SessionStatus status = session.status();
        return state != SessionState.IDLE
                && (state != SessionState.READY || status.fatalError() != null || isEnding(status));
    }

    /** It is open, but will be lost when the service ends it, unless somebody sees to it. */
    private static boolean isEnding(SessionStatus status) {
        return status.rolloverProblem() != null && status.rolloverProblem().isFatal();
    }

    private static void describe(HealthCheckResultBuilder builder, RealtimeSession session, long now) {
        SessionStatus status = session.status();
        builder.detail("session.state", status.state() == SessionState.IDLE ? "idle" : status.state().name());
        builder.detail("session.model", status.model());
        if (status.fallback() != null) {
            // it works, but not as it should
            builder.detail("session.degraded", true);
            builder.detail("session.fallback", status.fallback());
        }
        builder.detail("session.epoch", status.epoch());
        builder.detail("session.reconnects", status.reconnects());
        builder.detail("session.rollovers", status.rollovers());
        builder.detail("session.sockets", status.sockets());
        builder.detail("session.lastEvent", status.lastEventMillis());
        if (status.lastEventMillis() > 0) {
            builder.detail("session.lastEventAge", Math.max(0, now - status.lastEventMillis()));
        }
        builder.detail("session.expires", status.expiresAtMillis());
        if (status.state() == SessionState.READY && status.fatalError() != null) {
            builder.down();
            builder.message("Session " + status.name() + " is open, but the service reports " + status.fatalError()
                            + ": see to the key, the model or the account, and open it anew");
            builder.detail("session.fatalError", status.fatalError());
        }
        if (status.rolloverProblem() != null) {
            builder.detail("session.rolloverProblem", status.rolloverProblem().getMessage());
        }
        if (status.state() == SessionState.READY && isEnding(status)) {
            builder.down();
            builder.message("Session " + status.name() + " is open, but will be lost when the service ends it, as the next "
                            + "connection cannot be made: " + status.rolloverProblem().getMessage());
        }
        if (status.state() != SessionState.READY && status.state() != SessionState.IDLE) {
            builder.down();
            builder.message("Session " + status.name() + " is " + status.state());
            if (status.outage() != null) {
                builder.message("Session " + status.name() + " is reconnecting: " + status.outage().getMessage());
                builder.detail("session.reconnecting", true);
                builder.detail("session.closeCode", status.outage().getCloseCode());
            }
            if (status.failure() != null) {
                builder.message(status.failure().getMessage());
                builder.detail("session.fatal", status.failure().isFatal());
                builder.detail("session.closeCode", status.failure().getCloseCode());
            }
        }
    }
}
