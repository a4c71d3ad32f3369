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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.ThreadLocalRandom;

import io.github.camelrealtime.session.SessionState;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Producer;
import org.apache.camel.Service;
import org.apache.camel.spi.RouteController;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.camelrealtime.RealtimeCamel.await;
import static org.assertj.core.api.Assertions.assertThat;

class SharedSessionTest {

    private static final int THREADS = 8;
    private static final int ROUNDS = 30;

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @Test
    @DisplayName("CONN-17 consumers and producers of one name share one connection; the last one out closes it")
    void referenceCounted() throws Exception {
        Received first = new Received();
        Received second = new Received();
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=response.done").routeId("first").process(first),
                route -> route.from("openai-realtime:support?eventTypes=response.done").routeId("second").process(second),
                route -> route.from("direct:ask").routeId("ask").to("openai-realtime:support?operation=send-text"),
                route -> route.from("direct:say").routeId("say").to("openai-realtime:support?operation=send-text"));
        camel.template().requestBody("direct:ask", "Hello");
        camel.template().requestBody("direct:say", "Hello");
        first.await(2);
        second.await(2);
        assertThat(camel.simulator().handshakes()).hasSize(1);

        RouteController routes = camel.context().getRouteController();
        for (String routeId : List.of("first", "say", "second")) {
            routes.stopRoute(routeId);
            assertThat(camel.session("support").state()).as("after the end of " + routeId).isEqualTo(SessionState.READY);
        }
        camel.template().requestBody("direct:ask", "Still there?");
        routes.stopRoute("ask");
        await().until(() -> camel.simulator().openSockets() == 0);
        assertThat(camel.session("support")).isNull();
    }

    @RepeatedTest(3)
    @DisplayName("CONN-17 8 threads start and stop consumers and producers of one name: never two connections, none at the end")
    void startStopRace() throws Exception {
        camel.start();
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> users = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                boolean consumes = thread % 2 == 0;
                users.add(threads.submit(() -> {
                    start.await();
                    for (int round = 0; round < ROUNDS; round++) {
                        Service user = consumes ? consumer(new Received()) : producer();
                        user.start();
                        if (ThreadLocalRandom.current().nextInt(4) == 0) {
                            camel.session("support").open().get(RealtimeCamel.PATIENCE.toSeconds(), TimeUnit.SECONDS);
                        }
                        user.stop();
                    }
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> user : users) {
                user.get(3 * RealtimeCamel.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(camel.component().registry().sessions()).isEmpty();
        await().until(() -> camel.simulator().openSockets() == 0);

        // and the name works as if nothing had been
        Received received = new Received();
        Consumer consumer = consumer(received);
        consumer.start();
        camel.template().requestBody("openai-realtime:support?operation=send-text", "Hello");
        received.await("response.done");
        assertThat(received.ofType("response.done")).hasSize(1);
        consumer.stop();
    }

    private Consumer consumer(Received received) throws Exception {
        return endpoint().createConsumer(received);
    }

    private Producer producer() throws Exception {
        return endpoint().createProducer();
    }

    private Endpoint endpoint() {
        return camel.context().getEndpoint("openai-realtime:support?operation=send-text");
    }
}
