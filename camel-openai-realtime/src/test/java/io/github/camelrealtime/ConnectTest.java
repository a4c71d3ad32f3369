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

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.SessionClosedException;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Handshake;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.VirtualClock;
import io.github.camelrealtime.simulator.fault.Fault;
import io.github.camelrealtime.simulator.fault.Faults;
import io.github.camelrealtime.simulator.fault.RawWebSocketServer;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.support.RoutePolicySupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.camelrealtime.RealtimeCamel.await;
import static org.assertj.core.api.Assertions.assertThat;

class ConnectTest {

    private final VirtualClock simulatorClock = new VirtualClock();

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel(builder -> builder.clock(simulatorClock));

    @Test
    @DisplayName("CONN-1 a session is opened after the last route has started, so every consumer hears its first event")
    void opensAfterTheContextHasStarted() throws Exception {
        List<SessionState> whenRoutesStarted = new CopyOnWriteArrayList<>();
        RoutePolicySupport look = new RoutePolicySupport() {
            @Override
            public void onStart(Route route) {
                whenRoutesStarted.add(camel.session("support").state());
            }
        };
        Received first = new Received();
        Received second = new Received();
        Received third = new Received();
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=all").routePolicy(look).process(first),
                route -> route.from("openai-realtime:support?eventTypes=all").routePolicy(look).process(second),
                route -> route.from("openai-realtime:sup*?eventTypes=all").routePolicy(look).process(third));

        assertThat(whenRoutesStarted).as("at the start of each route").hasSize(3).containsOnly(SessionState.IDLE);
        for (Received received : List.of(first, second, third)) {
            received.await("session.created");
            received.await("camel.session.ready");
            assertThat(received.types()).hasSize(2);
        }
        assertThat(camel.simulator().handshakes()).hasSize(1);
    }

    @Test
    @DisplayName("CONN-1 connectOn=first-message: nothing is opened at the start, the first message opens and is answered")
    void opensWithTheFirstMessage() throws Exception {
        camel.start(route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text&connectOn=first-message"));
        assertThat(camel.session("support").state()).isEqualTo(SessionState.IDLE);

        assertThat(camel.template().requestBody("direct:ask", "Hello", String.class)).contains("Hello");
        assertThat(camel.simulator().handshakes()).hasSize(1);
    }

    @Test
    @DisplayName("CONN-1 connectOn=manual: a message before open-session is refused and says so, nothing is dialled")
    void opensByHandOnly() throws Exception {
        camel.start(route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text&connectOn=manual"));

        Exchange refused = RealtimeCamel.done(camel.ask("direct:ask", "Hello"));
        assertThat(refused.getException()).isInstanceOf(SessionClosedException.class).hasMessageContaining("open-session");
        assertThat(camel.session("support").status().epoch()).isZero();

        RealtimeCamel.done(camel.operation("direct:ask", "open-session"));
        assertThat(camel.template().requestBody("direct:ask", "Hello", String.class)).contains("Hello");
    }

    @Test
    @DisplayName("CONN-2 a server that is down for three attempts: the fourth connects, and what was asked before is answered")
    void retriesTheFirstConnect() throws Exception {
        camel.scenario(Scenario.builder().rejectHandshake(503, null, 3, null).build());
        quickRetries();
        camel.start(route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));

        Exchange asked = RealtimeCamel.done(camel.ask("direct:ask", "Hello"));
        assertThat(asked.getException()).isNull();
        assertThat(asked.getMessage().getBody(String.class)).contains("Hello");
        assertThat(camel.simulator().handshakes()).extracting(Handshake::status).containsExactly(503, 503, 503, 101);
    }

    @Test
    @DisplayName("CONN-2 connections that break off in the handshake are tried again like refused ones")
    void retriesBrokenConnections() throws Exception {
        Fault reset = Faults.resetDuringHandshake();
        try (RawWebSocketServer server = RawWebSocketServer.start(reset, reset, reset, Faults.none())) {
            camel.connectTo(server.baseUrl());
            quickRetries();
            camel.start(route -> route.from("openai-realtime:support?turnDetection=none").to("log:events?level=OFF"));

            camel.awaitState("support", SessionState.READY);
            assertThat(server.accepted()).isEqualTo(4);
            camel.context().stop();
        }
    }

    @Test
    @DisplayName("CONN-2 after maxReconnectAttempts the session has failed, and whoever waited is told why")
    void givesUp() throws Exception {
        camel.scenario(Scenario.builder().rejectHandshake(503, null, 100, null).build());
        quickRetries();
        camel.options().setMaxReconnectAttempts(3);
        camel.start(route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));

        Exchange asked = RealtimeCamel.done(camel.ask("direct:ask", "Hello"));
        assertThat(asked.getException()).isInstanceOf(SessionClosedException.class).hasMessageContaining("503");
        assertThat(camel.session("support").state()).isEqualTo(SessionState.FAILED);
        assertThat(camel.simulator().handshakes()).hasSize(3);
    }

    @Test
    @DisplayName("CONN-2 the time between attempts doubles from reconnectInterval, spread over 50 to 100 %")
    void backsOff() throws Exception {
        VirtualClock clock = new VirtualClock();
        camel.component().setTimers(new VirtualTimers(clock));
        camel.scenario(Scenario.builder().rejectHandshake(503, null, 3, null).build());
        camel.start(route -> route.from("openai-realtime:support").to("log:events?level=OFF"));
        RealtimeSession session = camel.session("support");

        for (int attempt = 1; attempt <= 3; attempt++) {
            long interval = 500L << (attempt - 1);
            // the timer that waits now is that of the next attempt: there is no other
            await().until(() -> clock.pending() == 1);
            clock.advance(Duration.ofMillis(interval / 2 - 1));
            assertThat(session.status().epoch()).as("before the interval").isEqualTo(attempt);
            clock.advance(Duration.ofMillis(interval / 2 + 1));
            assertThat(session.status().epoch()).as("after the interval").isEqualTo(attempt + 1);
        }
        camel.awaitState("support", SessionState.READY);
    }

    @Test
    @DisplayName("CONN-2 Retry-After is waited for, however short the interval")
    void waitsAsAsked() throws Exception {
        VirtualClock clock = new VirtualClock();
        camel.component().setTimers(new VirtualTimers(clock));
        camel.scenario(Scenario.builder().rejectHandshake(429, null, 1, Duration.ofSeconds(7)).build());
        camel.start(route -> route.from("openai-realtime:support").to("log:events?level=OFF"));
        RealtimeSession session = camel.session("support");

        await().until(() -> clock.pending() == 1);
        clock.advance(Duration.ofMillis(6_999));
        assertThat(session.status().epoch()).isEqualTo(1);
        clock.advance(Duration.ofMillis(1));
        assertThat(session.status().epoch()).isEqualTo(2);
        camel.awaitState("support", SessionState.READY);
    }

    @Test
    @DisplayName("CONN-3 a stop during the handshake: the socket goes with it, and nothing opens afterwards")
    void stopsDuringTheHandshake() throws Exception {
        camel.scenario(Scenario.builder().slowHandshake(Duration.ofMinutes(1)).build());
        camel.start(route -> route.from("openai-realtime:support").to("log:events?level=OFF"));
        await().until(() -> simulatorClock.pending() == 1);

        camel.context().stop();
        // now the answer comes that nobody waits for any more
        simulatorClock.advance(Duration.ofMinutes(1));
        await().until(() -> camel.simulator().handshakes().size() == 1);
        await().until(() -> camel.simulator().openSockets() == 0);
    }

    @Test
    @DisplayName("CONN-3 a stop between two attempts: no further attempt is made")
    void stopsBetweenAttempts() throws Exception {
        VirtualClock clock = new VirtualClock();
        camel.component().setTimers(new VirtualTimers(clock));
        camel.scenario(Scenario.builder().rejectHandshake(503, null, 1, null).build());
        camel.start(route -> route.from("openai-realtime:support").routeId("events").to("log:events?level=OFF"));
        RealtimeSession session = camel.session("support");
        await().until(() -> clock.pending() == 1);

        camel.context().getRouteController().stopRoute("events");
        clock.advance(Duration.ofMinutes(1));
        assertThat(session.status().epoch()).isEqualTo(1);
        assertThat(session.state()).isEqualTo(SessionState.IDLE);
    }

    @Test
    @DisplayName("CONN-3 however many ask for it while it is being opened, there is one attempt")
    void dialsOnce() throws Exception {
        camel.scenario(Scenario.builder().slowHandshake(Duration.ofMinutes(1)).build());
        camel.start(route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text&createResponse=false"));
        List<CompletableFuture<Exchange>> asked = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 20; i++) {
            asked.add(camel.tell("direct:ask", "Hello " + i));
            asked.add(camel.operation("direct:ask", "open-session"));
        }
        await().until(() -> simulatorClock.pending() == 1);

        simulatorClock.advance(Duration.ofMinutes(1));
        for (CompletableFuture<Exchange> exchange : asked) {
            assertThat(RealtimeCamel.done(exchange).getException()).isNull();
        }
        assertThat(camel.simulator().handshakes()).hasSize(1);
        assertThat(camel.session("support").status().epoch()).isEqualTo(1);
    }

    @Test
    @DisplayName("CONN-3 an attempt that was given up completes late: it closes, and the newer session hears nothing of it")
    void staleAttemptChangesNothing() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        CompletableFuture<String> staleEnd = new CompletableFuture<>();
        Fault late = connection -> {
            answer.await();
            try {
                Faults.none().strike(connection);
            } catch (IOException gone) {
                staleEnd.complete("gone");
                throw gone;
            }
        };
        try (RawWebSocketServer server = RawWebSocketServer.start(late, Faults.none())) {
            camel.connectTo(server.baseUrl());
            Received received = new Received();
            camel.start(
                    route -> route.from("openai-realtime:support?eventTypes=all&turnDetection=none").process(received),
                    route -> route.from("direct:control").to("openai-realtime:support"));
            await().until(() -> server.accepted() == 1);
            RealtimeCamel.done(camel.operation("direct:control", "close-session"));
            RealtimeCamel.done(camel.operation("direct:control", "open-session"));

            answer.countDown();
            assertThat(staleEnd.get()).isEqualTo("gone");
            assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
            assertThat(camel.session("support").status().epoch()).isEqualTo(2);
            assertThat(server.accepted()).isEqualTo(2);
            received.await("camel.session.ready");
            assertThat(received.ofType("session.created")).hasSize(1);
            camel.context().stop();
        }
    }

    private void quickRetries() {
        camel.options().setReconnectInterval(10L);
        camel.options().setReconnectMaxInterval(10L);
    }
}
