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
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.camelrealtime.simulator.Scenario;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** A whole context on virtual time. */
class VirtualCamelTest {

    private static final String URI = "openai-realtime:desk";

    @RegisterExtension
    final VirtualCamel camel = new VirtualCamel(builder -> builder.scenario(Scenario.builder()
            .thinkTime(Duration.ofSeconds(3)).build()).sessionLifetime(Duration.ofHours(24)));

    private final Received events = new Received();

    @Test
    @DisplayName("SIM-5 an hour of questions through routes: each answered once, at the service's time")
    void questions() throws Exception {
        camel.start(route -> route.from(URI + "?eventTypes=response.done").process(events),
                route -> route.from("direct:ask").to(URI + "?operation=send-text"));
        for (int minute = 1; minute <= 60; minute++) {
            CompletableFuture<Exchange> answer = camel.ask("direct:ask", "Question " + minute);
            camel.pass(Duration.ofSeconds(2));
            assertThat(answer).isNotDone();
            camel.pass(Duration.ofSeconds(58));
            assertThat(answer).isDone();
            assertThat(answer.join().getException()).isNull();
            assertThat(events.events()).hasSize(minute);
        }
        assertThat(camel.server(0).received("response.create")).hasSize(60);
    }

    @Test
    @DisplayName("SIM-5 what a time-out of the component ends, it ends at its own time")
    void timeOut() throws Exception {
        camel.scenario(Scenario.builder().thinkTime(Duration.ofHours(1)).build());
        camel.start(route -> route.from("direct:ask").to(URI + "?operation=send-text&requestTimeout=25s"));
        CompletableFuture<Exchange> answer = camel.ask("direct:ask", "Are you there?");
        camel.pass(Duration.ofMillis(24_900));
        assertThat(answer).isNotDone();
        camel.pass(Duration.ofMillis(200));
        assertThat(List.of(answer.join())).allSatisfy(exchange -> assertThat(exchange.getException()).isNotNull());
    }
}
