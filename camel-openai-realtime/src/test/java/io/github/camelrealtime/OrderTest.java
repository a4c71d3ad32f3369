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

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.fault.Faults;
import io.github.camelrealtime.simulator.fault.RawWebSocketServer;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class OrderTest {

    private static final int EVENTS = 80_000;

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final AtomicInteger inRoute = new AtomicInteger();
    private final AtomicInteger overlaps = new AtomicInteger();
    private final AtomicInteger breaks = new AtomicInteger();
    private final AtomicInteger routed = new AtomicInteger();
    private final CountDownLatch all = new CountDownLatch(EVENTS);

    @ParameterizedTest(name = "P6 asynchronous route: {0}")
    @ValueSource(booleans = { true, false })
    @DisplayName("P6 a flood of 80,000 events comes through the route in order, complete, and one at a time")
    void flood(boolean asynchronous) throws Exception {
        try (RawWebSocketServer server = RawWebSocketServer.start(Faults.flood(EVENTS))) {
            camel.connectTo(server.baseUrl());
            String uri = "openai-realtime:support?eventTypes=input_audio_buffer.*&dataFormat=event&turnDetection=none&queueSize=" + EVENTS;
            camel.start(route -> {
                var entered = route.from(uri).process(exchange -> enter());
                (asynchronous ? entered.threads(4, 8) : entered).process(this::leave);
            });
            assertThat(all.await(60, TimeUnit.SECONDS)).as("%s of %s events routed", routed, EVENTS).isTrue();
            assertThat(breaks).as("order breaks").hasValue(0);
            assertThat(overlaps).as("overlaps").hasValue(0);
            assertThat(routed).hasValue(EVENTS);
            assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
            camel.context().stop();
        }
    }

    private void enter() {
        if (inRoute.incrementAndGet() > 1) {
            overlaps.incrementAndGet();
        }
    }

    private void leave(Exchange exchange) {
        String expected = "event_" + routed.getAndIncrement();
        if (!expected.equals(exchange.getMessage().getHeader(OpenAIRealtimeConstants.EVENT_ID))) {
            breaks.incrementAndGet();
        }
        inRoute.decrementAndGet();
        all.countDown();
    }
}
