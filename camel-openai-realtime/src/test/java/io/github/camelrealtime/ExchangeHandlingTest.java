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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.camelrealtime.session.RealtimeException;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Scenario;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.engine.PooledExchangeFactory;
import org.apache.camel.spi.ExceptionHandler;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** How exchanges of consumers come about, and go. */
class ExchangeHandlingTest {

    private static final int EVENTS = 60;

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();

    @Test
    @DisplayName("§13.19 pooled exchanges: taken and given back once each, failed ones too, and none carries what another had")
    void pooled() throws Exception {
        PooledExchangeFactory factory = new PooledExchangeFactory();
        factory.setCamelContext(camel.context());
        factory.setStatisticsEnabled(true);
        camel.context().getCamelContextExtension().setExchangeFactory(factory);
        Set<Integer> used = ConcurrentHashMap.newKeySet();
        camel.start(route -> route.from("openai-realtime:support?eventTypes=x.number").routeId("events").process(exchange -> {
            used.add(System.identityHashCode(exchange));
            assertThat(exchange.getMessage().getHeader("left")).as("header of an exchange before").isNull();
            assertThat(exchange.getProperty("left")).as("property of an exchange before").isNull();
            exchange.getMessage().setHeader("left", true);
            exchange.setProperty("left", true);
        }).process(received).process(exchange -> {
            if (received.events().size() % 3 == 0) {
                throw new IllegalStateException("planned");
            }
        }));
        camel.awaitState("support", SessionState.READY);
        for (int i = 0; i < EVENTS; i++) {
            camel.server(0).send("{\"type\":\"x.number\",\"event_id\":\"e" + i + "\"}");
        }
        received.await(EVENTS);

        SessionConsumer consumer = (SessionConsumer) camel.context().getRoute("events").getConsumer();
        RealtimeCamel.await().untilAsserted(() -> {
            var statistics = camel.context().getCamelContextExtension().getExchangeFactoryManager().getStatistics();
            assertThat(statistics.getCreatedCounter() + statistics.getAcquiredCounter()).isEqualTo(EVENTS);
            assertThat(statistics.getReleasedCounter()).isEqualTo(EVENTS);
            assertThat(statistics.getDiscardedCounter()).isZero();
        });
        assertThat(used).as("exchanges used again").hasSizeLessThan(EVENTS);
        assertThat(received.headers(OpenAIRealtimeConstants.EVENT_ID)).doesNotHaveDuplicates().hasSize(EVENTS);
        assertThat(consumer.getQueuedEvents()).isZero();
    }

    @Test
    @DisplayName("§13.20 bridgeErrorHandler: a session that cannot be had goes to the route's error handler")
    void bridged() throws Exception {
        camel.scenario(Scenario.builder().rejectHandshake(401, "{\"error\":{\"message\":\"No.\"}}", 100, null).build());
        camel.start(route -> {
            route.onException(RealtimeException.class).handled(true).to("mock:failed");
            route.from("openai-realtime:support?eventTypes=error&bridgeErrorHandler=true").filter(exchange -> false).to("mock:none");
        });
        MockEndpoint failed = camel.context().getEndpoint("mock:failed", MockEndpoint.class);

        RealtimeCamel.await().until(() -> failed.getReceivedCounter() == 1);
        assertThat(failed.getExchanges().get(0).getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class))
                .isInstanceOf(RealtimeException.class).hasMessageContaining("401");
    }

    @Test
    @DisplayName("§13.20 an exchange that fails without throwing goes to the exception handler, and the next event comes")
    void failedWithoutThrowing() throws Exception {
        List<Throwable> handled = new CopyOnWriteArrayList<>();
        camel.context().getRegistry().bind("handler", new ExceptionHandler() {
            @Override
            public void handleException(Throwable exception) {
                handled.add(exception);
            }

            @Override
            public void handleException(String message, Throwable exception) {
                handled.add(exception);
            }

            @Override
            public void handleException(String message, Exchange exchange, Throwable exception) {
                handled.add(exception);
            }
        });
        camel.start(route -> {
            route.errorHandler(route.noErrorHandler());
            route.from("openai-realtime:support?eventTypes=x.number&exceptionHandler=#handler").process(received)
                    .process(exchange -> exchange.setException(new IllegalStateException("planned")));
        });
        camel.awaitState("support", SessionState.READY);
        camel.server(0).send("{\"type\":\"x.number\",\"event_id\":\"e1\"}");
        camel.server(0).send("{\"type\":\"x.number\",\"event_id\":\"e2\"}");
        received.await(2);
        RealtimeCamel.await().untilAsserted(() -> assertThat(handled).hasSize(2)
                .allSatisfy(failure -> assertThat(failure).hasMessage("planned")));
    }

    @Test
    @DisplayName("exchangePattern=InOut on a consumer makes exchanges of that pattern; the reply is nobody's")
    void pattern() throws Exception {
        Set<ExchangePattern> patterns = ConcurrentHashMap.newKeySet();
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=response.done&exchangePattern=InOut")
                        .process(exchange -> patterns.add(exchange.getPattern())).setBody(route.constant("reply")).process(received),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));
        RealtimeCamel.done(camel.ask("direct:ask", "Hello"));
        received.await(1);

        assertThat(patterns).containsExactly(ExchangePattern.InOut);
    }
}
