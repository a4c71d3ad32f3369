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
import java.util.concurrent.TimeUnit;

import io.github.camelrealtime.session.Timers;
import io.github.camelrealtime.simulator.Reply;
import io.github.camelrealtime.simulator.Scenario;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

class ThreadsTest {

    private static final int EXCHANGES = 60;
    private static final int TIMERS = 5_000;

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @Test
    @DisplayName("CONN-12 exchanges that go on by waiting for others of this component do not take each other's threads")
    void nestedCalls() throws Exception {
        camel.scenario(Scenario.builder().otherwise(Reply.text("answer")).build());
        camel.start(
                route -> route.from("direct:outer").to("openai-realtime:first?operation=send-text&outputModalities=text")
                        .process(exchange -> exchange.getMessage().setBody(
                                camel.template().requestBody("direct:inner", "again", String.class))),
                route -> route.from("direct:inner").to("openai-realtime:second?operation=send-text&outputModalities=text"));
        List<CompletableFuture<Exchange>> asked = new ArrayList<>();
        for (int i = 0; i < EXCHANGES; i++) {
            asked.add(camel.ask("direct:outer", "question " + i));
        }
        for (CompletableFuture<Exchange> exchange : asked) {
            Exchange done = RealtimeCamel.done(exchange);
            assertThat(done.getException()).isNull();
            assertThat(done.getMessage().getBody(String.class)).isEqualTo("answer");
        }
    }

    @Test
    @DisplayName("The timer takes any number of time-outs: none is lost")
    void manyTimers() throws Exception {
        camel.start();
        Timers timers = camel.component().timersInUse();
        CountDownLatch left = new CountDownLatch(TIMERS);
        for (int i = 0; i < TIMERS; i++) {
            timers.schedule(left::countDown, 200);
        }
        assertThat(left.await(RealtimeCamel.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
}
