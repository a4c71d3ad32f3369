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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.camelrealtime.session.RealtimeException;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Scenario;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class DynamicSessionTest {

    private static final int NORMAL = 1000;

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();

    @Test
    @DisplayName("from(A).to(B) goes to B, although the exchange carries the session name of A")
    void consumedNameDoesNotSteer() throws Exception {
        camel.start(
                route -> route.from("openai-realtime:a?eventTypes=response.done").setBody(route.constant("From a"))
                        .to("openai-realtime:b?operation=send-text").process(received),
                route -> route.from("direct:a").to("openai-realtime:a?operation=send-text"));
        camel.template().requestBody("direct:a", "Hello");
        Received.Event passed = received.await(1).get(0);
        assertThat(passed.header(OpenAIRealtimeConstants.SESSION_NAME)).isEqualTo("b");
        assertThat(camel.session("a").status().sessionId()).isNotEqualTo(camel.session("b").status().sessionId());
        // sent is not yet arrived
        await().atMost(RealtimeCamel.PATIENCE).untilAsserted(() -> assertThat(camel.simulator().sessions()).allSatisfy(
                server -> assertThat(server.received("conversation.item.create")).hasSize(1)));
    }

    @Test
    @DisplayName("The override header chooses the session, once: it is removed, so that the next endpoint uses its own")
    void overrideIsUsedAndRemoved() throws Exception {
        camel.start(route -> route.from("direct:ask").to("openai-realtime:a?operation=send-text&connectOn=manual").process(received)
                .to("openai-realtime:b?operation=send-text").process(received));
        Exchange done = RealtimeCamel.done(ask("guest"));
        assertThat(done.getException()).isNull();
        assertThat(received.headers(OpenAIRealtimeConstants.SESSION_NAME)).containsExactly("guest", "b");
        assertThat(received.headers(OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME)).isEmpty();
        assertThat(camel.session("a").state()).isEqualTo(SessionState.IDLE);
    }

    @Test
    @DisplayName("FLOW-6 no more dynamic sessions than maxSessions; close-session makes room")
    void bounded() throws Exception {
        camel.component().setMaxSessions(2);
        camel.start(route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text&connectOn=manual"));
        assertThat(RealtimeCamel.done(ask("call-1")).getException()).isNull();
        assertThat(RealtimeCamel.done(ask("call-2")).getException()).isNull();
        Exchange refused = RealtimeCamel.done(ask("call-3"));
        assertThat(refused.getException()).isInstanceOf(RealtimeException.class).hasMessageContaining("maxSessions");
        assertThat(camel.simulator().handshakes()).hasSize(2);

        RealtimeCamel.done(camel.send("direct:ask", ExchangePattern.InOnly, null, Map.of(
                OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME, "call-1", OpenAIRealtimeConstants.OPERATION, "close-session")));
        assertThat(RealtimeCamel.done(ask("call-3")).getException()).isNull();
        Exchange stranger = RealtimeCamel.done(camel.send("direct:ask", ExchangePattern.InOnly, null, Map.of(
                OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME, "call-9", OpenAIRealtimeConstants.OPERATION, "close-session")));
        assertThat(stranger.getException()).isInstanceOf(RealtimeException.class).hasMessageContaining("call-9");
    }

    @Test
    @DisplayName("FLOW-6 a dynamic session of which nothing is asked for idleTimeout is closed in good order; one in use is not")
    void idle() throws Exception {
        camel.options().setIdleTimeout(300L);
        camel.start(route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));
        camel.awaitState("support", SessionState.READY);
        assertThat(RealtimeCamel.done(ask("guest")).getException()).isNull();
        await().atMost(RealtimeCamel.PATIENCE).until(() -> camel.session("guest") == null && !camel.server(1).isOpen());
        assertThat(camel.server(1).closeCode()).isEqualTo(NORMAL);
        assertThat(camel.session("support").state()).as("declared by a route, so not dynamic").isEqualTo(SessionState.READY);
        assertThat(RealtimeCamel.done(ask("guest")).getException()).isNull();
        assertThat(camel.simulator().handshakes()).hasSize(3);
    }

    @Test
    @DisplayName("open-session and close-session work on a session as often as wanted")
    void openAndClose() throws Exception {
        camel.start(route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text&connectOn=manual"));
        for (int round = 1; round <= 3; round++) {
            assertThat(RealtimeCamel.done(camel.operation("direct:ask", "open-session")).getException()).isNull();
            assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
            assertThat(RealtimeCamel.done(camel.operation("direct:ask", "close-session")).getException()).isNull();
            assertThat(camel.session("support").state()).isEqualTo(SessionState.IDLE);
            assertThat(camel.simulator().handshakes()).hasSize(round);
        }
    }

    @Test
    @DisplayName("A wildcard consumer routes the events of several dynamic sessions side by side, each session's in order")
    void wildcard() throws Exception {
        int sessions = 3;
        int turns = 4;
        CountDownLatch together = new CountDownLatch(sessions);
        camel.scenario(Scenario.builder().thinkTime(Duration.ZERO).build());
        camel.start(
                route -> route.from("openai-realtime:call-*?eventTypes=response.done").process(exchange -> {
                    together.countDown();
                    // opens only if as many are in the route at once
                    if (!together.await(RealtimeCamel.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                        throw new IllegalStateException("one after the other");
                    }
                }).process(received),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text&connectOn=manual"));
        List<CompletableFuture<Exchange>> asked = new ArrayList<>();
        for (int turn = 0; turn < turns; turn++) {
            for (int session = 0; session < sessions; session++) {
                asked.add(ask("call-" + session));
            }
        }
        for (CompletableFuture<Exchange> exchange : asked) {
            assertThat(RealtimeCamel.done(exchange).getException()).isNull();
        }
        received.await(sessions * turns);
        for (int session = 0; session < sessions; session++) {
            String name = "call-" + session;
            assertThat(received.events().stream().filter(event -> name.equals(event.header(OpenAIRealtimeConstants.SESSION_NAME)))
                    .map(event -> event.header(OpenAIRealtimeConstants.SEQUENCE))).containsExactly(1L, 2L, 3L, 4L);
        }
    }

    private CompletableFuture<Exchange> ask(String session) throws Exception {
        return camel.send("direct:ask", ExchangePattern.InOut, "Hello",
                Map.of(OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME, session));
    }
}
