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

import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Scenario;
import org.apache.camel.ServiceStatus;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.spi.RouteError;
import org.apache.camel.spi.SupervisingRouteController;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/** What becomes of a route whose session cannot be had: option onSessionFailed. */
class FailedRouteTest {

    private static final Scenario REFUSED
            = Scenario.builder().rejectHandshake(401, "{\"error\":{\"message\":\"No.\"}}", 1_000, null).build();
    private static final int POLICY_VIOLATION = 1008;

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();

    private void start(String options) throws Exception {
        camel.start(route -> route.from("openai-realtime:support?eventTypes=lifecycle" + options).routeId("events").process(received));
    }

    private ServiceStatus status() {
        return camel.context().getRouteController().getRouteStatus("events");
    }

    @Test
    @DisplayName("By default the route stays started, and its health is DOWN")
    void health() throws Exception {
        HealthCheckHelper.getHealthCheckRegistry(camel.context());
        camel.scenario(REFUSED);
        start("");
        received.await("camel.session.failed");

        assertThat(status()).isEqualTo(ServiceStatus.Started);
        SessionConsumer consumer = (SessionConsumer) camel.context().getRoute("events").getConsumer();
        assertThat(consumer.getHealthCheck().call().getState()).isEqualTo(HealthCheck.State.DOWN);
    }

    @Test
    @DisplayName("stop-route: a session that is lost for good stops the route, marked with the cause; its last event is routed")
    void stopped() throws Exception {
        start("&onSessionFailed=stop-route");
        camel.awaitState("support", SessionState.READY);

        camel.server(0).close(POLICY_VIOLATION, "no more");

        RealtimeCamel.await().until(() -> status() == ServiceStatus.Stopped);
        RouteError error = camel.context().getRoute("events").getLastError();
        assertThat(error.getException()).hasMessageContaining("1008");
        assertThat(received.types()).contains("camel.session.failed");
        RealtimeCamel.await().until(() -> camel.component().registry().sessions().isEmpty());
    }

    @Test
    @DisplayName("stop-route: a start by hand waits for the connection, and fails without one, leaving nothing behind")
    void restart() throws Exception {
        camel.scenario(REFUSED);
        start("&onSessionFailed=stop-route");
        RealtimeCamel.await().until(() -> status() == ServiceStatus.Stopped);

        assertThat(catchThrowable(() -> camel.context().getRouteController().startRoute("events")))
                .hasStackTraceContaining("401");
        assertThat(camel.component().registry().sessions()).isEmpty();

        camel.scenario(Scenario.builder().build());
        camel.context().getRouteController().startRoute("events");
        assertThat(status()).isEqualTo(ServiceStatus.Started);
        assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
    }

    @Test
    @DisplayName("stop-route: a supervising route controller starts the route again until the session can be had")
    void supervised() throws Exception {
        SupervisingRouteController controller = camel.context().getRouteController().supervising();
        controller.setInitialDelay(0);
        controller.setBackOffDelay(20);
        camel.scenario(REFUSED);
        start("&onSessionFailed=stop-route");
        RealtimeCamel.await().until(() -> camel.simulator().handshakes().size() >= 3);

        camel.scenario(Scenario.builder().build());

        RealtimeCamel.await().until(() -> camel.session("support") != null && camel.session("support").state() == SessionState.READY);
        RealtimeCamel.await().until(() -> status() == ServiceStatus.Started);
        int handshakes = camel.simulator().handshakes().size();

        // refused handshakes made none
        camel.server(0).close(POLICY_VIOLATION, "no more");
        RealtimeCamel.await().until(() -> camel.simulator().handshakes().size() > handshakes);
        RealtimeCamel.await().until(() -> status() == ServiceStatus.Started
                && camel.session("support") != null && camel.session("support").state() == SessionState.READY);
    }

    @Test
    @DisplayName("stop-route is refused for wildcards, whose sessions come and go")
    void wildcard() {
        assertThat(camel.startFailure("openai-realtime:call-*?onSessionFailed=stop-route"))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll("onSessionFailed", "call-*");
    }
}
