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

import io.github.camelrealtime.session.SessionState;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

class BlockedRouteTest {

    private static final int TURNS = 20;

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @Test
    @DisplayName("CONN-12 a route that blocks holds back itself alone: socket, other consumers and producers go on")
    void blockedRoute() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Received slow = new Received();
        Received other = new Received();
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=response.done").process(exchange -> {
                    blocked.countDown();
                    release.await();
                }).process(slow),
                route -> route.from("openai-realtime:support?eventTypes=response.done").process(other),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));
        try {
            for (int turn = 0; turn < TURNS; turn++) {
                assertThat(camel.template().requestBody("direct:ask", "Turn " + turn, String.class)).contains("Turn " + turn);
            }
            blocked.await();
            other.await(TURNS);
            assertThat(slow.events()).isEmpty();
            assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
        } finally {
            release.countDown();
        }
        // nothing was lost meanwhile, and nothing has changed places
        slow.await(TURNS);
        assertThat(slow.headers(OpenAIRealtimeConstants.RESPONSE_ID))
                .isEqualTo(other.headers(OpenAIRealtimeConstants.RESPONSE_ID));
        assertThat(camel.simulator().handshakes()).hasSize(1);
    }
}
