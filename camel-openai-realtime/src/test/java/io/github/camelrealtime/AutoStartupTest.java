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

import io.github.camelrealtime.session.SessionState;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

class AutoStartupTest {

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();

    @Test
    @DisplayName("§13.13 a route with autoStartup=false has no connection before it is started, and none after it is stopped")
    void leftAlone() throws Exception {
        camel.start(
                route -> route.from("direct:waiting").routeId("waiting").autoStartup(false)
                        .to("openai-realtime:waiting?operation=send-text").process(received),
                route -> route.from("openai-realtime:heard?eventTypes=error").routeId("heard").autoStartup(false).process(received),
                route -> route.from("direct:running").to("openai-realtime:running?operation=send-text").process(received));
        camel.awaitState("running", SessionState.READY);
        assertThat(camel.simulator().handshakes()).hasSize(1);
        assertThat(camel.session("waiting").state()).isEqualTo(SessionState.IDLE);

        camel.context().getRouteController().startRoute("waiting");
        assertThat(camel.template().requestBody("direct:waiting", "Hello", String.class)).contains("Hello");
        assertThat(camel.simulator().openSockets()).isEqualTo(2);

        camel.context().getRouteController().stopRoute("waiting");
        assertThat(camel.session("waiting")).isNull();
        RealtimeCamel.await().until(() -> camel.simulator().openSockets() == 1);
    }

    @Test
    @DisplayName("§13.13 a session of two routes is opened for the one that runs")
    void shared() throws Exception {
        camel.start(
                route -> route.from("direct:waiting").autoStartup(false).to("openai-realtime:support?operation=send-text"),
                route -> route.from("direct:running").to("openai-realtime:support?operation=append-audio"));

        camel.awaitState("support", SessionState.READY);
        assertThat(camel.simulator().handshakes()).hasSize(1);
    }

    @Test
    @DisplayName("§13.13 a route that is added while the context runs is connected at its start")
    void addedLater() throws Exception {
        camel.start();
        camel.route(route -> route.from("direct:later").to("openai-realtime:later?operation=send-text"));

        camel.awaitState("later", SessionState.READY);
    }
}
