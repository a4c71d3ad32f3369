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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.github.camelrealtime.session.RealtimeException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.camelrealtime.RealtimeCamel.await;
import static org.assertj.core.api.Assertions.assertThat;

class ManySessionsTest {

    private static final int SESSIONS = 80;
    /** One timer, ten of the consumer, twenty workers. */

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @Test
    @DisplayName("P2 one component holds 80 sessions open at once, each with an answer of its own")
    void eighty() throws Exception {
        Received received = new Received();
        camel.start(
                route -> route.from("openai-realtime:guest-*?eventTypes=response.done").process(received),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text&connectOn=manual"));
        List<CompletableFuture<Exchange>> asked = new ArrayList<>();
        for (int guest = 0; guest < SESSIONS; guest++) {
            asked.add(ask(guest));
        }
        for (int guest = 0; guest < SESSIONS; guest++) {
            Exchange answered = RealtimeCamel.done(asked.get(guest));
            assertThat(answered.getException()).isNull();
            assertThat(answered.getMessage().getBody(String.class)).contains("guest " + guest + " here");
        }
        assertThat(camel.simulator().openSockets()).isEqualTo(SESSIONS);
        received.await(SESSIONS);
        assertThat(received.headers(OpenAIRealtimeConstants.SESSION_NAME)).hasSize(SESSIONS).doesNotHaveDuplicates();
        // a reader for each socket, and for a moment a writer; beyond that no more than for a few sessions
        String readers = ":" + camel.simulator().port() + "/";
        RealtimeCamel.await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
                .filteredOn(name -> name.startsWith("OkHttp") && name.contains(readers)).hasSizeLessThanOrEqualTo(SESSIONS));
    }

    @Test
    @DisplayName("P2 maxSessions bounds dynamic sessions: one more is refused with the option's name, a closed one makes room")
    void bounded() throws Exception {
        camel.component().setMaxSessions(2);
        camel.start(route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text&connectOn=manual"));
        assertThat(RealtimeCamel.done(ask(0)).getException()).isNull();
        assertThat(RealtimeCamel.done(ask(1)).getException()).isNull();
        assertThat(RealtimeCamel.done(ask(2)).getException()).isInstanceOf(RealtimeException.class).hasMessageContaining("maxSessions");

        RealtimeCamel.done(camel.send("direct:ask", ExchangePattern.InOnly, null, Map.of(
                OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME, "guest-0", OpenAIRealtimeConstants.OPERATION, "close-session")));
        assertThat(RealtimeCamel.done(ask(2)).getException()).isNull();
    }

    private CompletableFuture<Exchange> ask(int guest) throws Exception {
        return camel.send("direct:ask", ExchangePattern.InOut, "guest " + guest + " here",
                Map.of(OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME, "guest-" + guest));
    }

    @Test
    @DisplayName("CONN-17 two Camel contexts with sessions of one name share nothing, and the end of one leaves the other alone")
    void twoContexts() throws Exception {
        Received here = new Received();
        Received there = new Received();
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=response.done&instructions=Be brief").process(here),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));
        try (DefaultCamelContext other = camel.newContext()) {
            RealtimeCamel.route(other, route -> route.from("openai-realtime:support?eventTypes=response.done&instructions=Be kind")
                    .process(there));
            RealtimeCamel.route(other, route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));
            other.start();
            assertThat(camel.template().requestBody("direct:ask", "Hello here", String.class)).contains("here");
            assertThat(other.createProducerTemplate().requestBody("direct:ask", "Hello there", String.class)).contains("there");
            here.await(1);
            there.await(1);
            assertThat(camel.simulator().openSockets()).isEqualTo(2);
        }
        await().until(() -> camel.simulator().openSockets() == 1);
        assertThat(camel.template().requestBody("direct:ask", "Still here", String.class)).contains("Still here");
        here.await(2);
        assertThat(there.events()).hasSize(1);
    }
}
