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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.camelrealtime.session.SessionClosedException;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Reply;
import io.github.camelrealtime.simulator.Scenario;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeTimedOutException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class RequestReplyTest {

    private static final int EXCHANGES = 200;

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    @Test
    @DisplayName("RESP-16 200 exchanges wait at once on one session without a thread each; every one gets its own answer, once")
    void manyWait() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        camel.scenario(Scenario.builder().on("response.create", 1, session -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }).otherwise(asked -> Reply.text("Answer to <" + asked.text() + ">")).build());
        start("1h");
        List<CompletableFuture<Exchange>> asked = new ArrayList<>();
        asked.add(camel.ask("direct:ask", "Question 0"));
        int threads = camel.threads().size();
        for (int i = 1; i < EXCHANGES; i++) {
            asked.add(camel.ask("direct:ask", "Question " + i));
        }
        assertThat(camel.session("support").status().pendingResponses()).isEqualTo(EXCHANGES);
        assertThat(asked).noneMatch(CompletableFuture::isDone);
        assertThat(camel.threads().size()).as("threads with %d waiting", EXCHANGES).isLessThanOrEqualTo(threads + 2);

        go.countDown();
        for (int i = 0; i < EXCHANGES; i++) {
            Exchange done = RealtimeCamel.done(asked.get(i));
            assertThat(done.getException()).isNull();
            assertThat(done.getMessage().getBody()).isEqualTo("Answer to <Question " + i + ">");
        }
        camel.context().stop();
        assertThat(answered).hasValue(EXCHANGES);
        assertThat(failed).hasValue(0);
    }

    @Test
    @DisplayName("RESP-16 an answer that does not come in time is ExchangeTimedOutException, once; those behind it are answered")
    void timeOut() throws Exception {
        camel.scenario(Scenario.builder().onText("wait", Reply.text("never").endless()).build());
        start("200");
        camel.route(route -> route.from("direct:patient").to("openai-realtime:support?operation=send-text&requestTimeout=1h"));
        CompletableFuture<Exchange> late = camel.ask("direct:ask", "wait");
        CompletableFuture<Exchange> behind = camel.ask("direct:patient", "Hello");

        ExchangeTimedOutException timedOut = RealtimeCamel.done(late).getException(ExchangeTimedOutException.class);
        assertThat(timedOut).isNotNull().hasMessageContaining("requestTimeout");
        assertThat(timedOut.getTimeout()).isEqualTo(200);
        assertThat(RealtimeCamel.done(behind).getMessage().getBody(String.class)).contains("Hello");
        assertThat(camel.server(0).received("response.cancel")).hasSize(1);
        camel.context().stop();
        assertThat(failed).hasValue(1);
        assertThat(answered).hasValue(0);
    }

    @Test
    @DisplayName("RESP-16 a disconnect fails all exchanges that wait, each exactly once")
    void disconnect() throws Exception {
        camel.scenario(Scenario.builder().otherwise(Reply.text("never").endless()).build());
        camel.options().setReconnect(false);
        start("1h");
        List<CompletableFuture<Exchange>> asked = new ArrayList<>();
        for (int i = 0; i < EXCHANGES; i++) {
            asked.add(camel.ask("direct:ask", "Question " + i));
        }
        await().atMost(RealtimeCamel.PATIENCE).until(() -> !camel.server(0).sent("response.created").isEmpty());
        camel.server(0).abort();
        for (CompletableFuture<Exchange> exchange : asked) {
            assertThat(RealtimeCamel.done(exchange).getException()).isInstanceOf(SessionClosedException.class);
        }
        assertThat(camel.session("support").status().pendingResponses()).isZero();
        camel.context().stop();
        assertThat(failed).hasValue(EXCHANGES);
        assertThat(answered).hasValue(0);
    }

    private void start(String requestTimeout) throws Exception {
        camel.start(route -> {
            route.onException(Exception.class).process(exchange -> failed.incrementAndGet());
            route.from("direct:ask").to("openai-realtime:support?operation=send-text&requestTimeout=" + requestTimeout)
                    .process(exchange -> answered.incrementAndGet());
        });
        camel.awaitState("support", SessionState.READY);
    }
}
