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

import java.util.concurrent.TimeUnit;

import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import org.apache.camel.Component;
import org.apache.camel.Exchange;
import org.apache.camel.ServiceStatus;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.spi.RouteController;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Every kind of consumer and producer goes through every step of a route's life, and works afterwards. */
class LifeCycleTest {

    /** How an endpoint is used, and how one sees that it works. */
    enum Use {
        CONSUMER("openai-realtime:support?eventTypes=response.done", true, 0),
        WILDCARD_CONSUMER("openai-realtime:sup*?eventTypes=response.done", true, 0),
        PRODUCER("openai-realtime:support?operation=send-text", false, 1),
        LAZY_PRODUCER("openai-realtime:support?operation=send-text&lazyStartProducer=true", false, 1),
        PRODUCER_OF_NAMED_SESSIONS("openai-realtime:${header.caller}?operation=send-text", false, 0),
        TRANSCRIBER("openai-realtime:scribe?operation=transcribe", false, 1),
        POOL("openai-realtime:scribe?operation=transcribe&poolSize=2", false, 1);

        final String uri;
        final boolean consumes;
        /** Sessions that go with the route; that of a consumer is held by the route that asks. */
        final int sessions;

        Use(String uri, boolean consumes, int sessions) {
            this.uri = uri;
            this.consumes = consumes;
            this.sessions = sessions;
        }
    }

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();

    @BeforeEach
    void patience() {
        camel.context().getShutdownStrategy().setTimeUnit(TimeUnit.SECONDS);
    }

    private void start(Use use) throws Exception {
        camel.start(route -> {
            if (use.consumes) {
                route.from(use.uri).routeId("tested").process(received);
            } else {
                produce(route.from("direct:tested").routeId("tested"), use).process(received);
            }
        });
        if (use.consumes) {
            camel.route(route -> route.from("direct:helper").routeId("helper").to("openai-realtime:support?operation=send-text"));
        }
        works(use);
    }

    private static ProcessorDefinition<?> produce(ProcessorDefinition<?> route, Use use) {
        return use == Use.PRODUCER_OF_NAMED_SESSIONS ? route.toD(use.uri) : route.to(use.uri);
    }

    private RouteController routes() {
        return camel.context().getRouteController();
    }

    /** One more message goes through the route. */
    private void works(Use use) throws Exception {
        int before = received.events().size();
        Object body = use.name().startsWith("TRANSCRIBER") || use == Use.POOL ? SyntheticSpeech.pcm(1_000) : "Hello";
        Exchange done = camel.template().request(use.consumes ? "direct:helper" : "direct:tested", exchange -> {
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeader("caller", "guest");
        });
        assertThat(done.getException()).isNull();
        received.await(before + 1);
        RealtimeCamel.await().until(() -> received.events().size() == before + 1);
    }

    @ParameterizedTest
    @EnumSource(Use.class)
    @DisplayName("§13.10 stop and start of a route: its sessions go and come with it")
    void stopAndStart(Use use) throws Exception {
        start(use);
        for (int round = 0; round < 3; round++) {
            int before = camel.component().registry().sessions().size();
            routes().stopRoute("tested");
            assertThat(routes().getRouteStatus("tested")).isEqualTo(ServiceStatus.Stopped);
            assertThat(camel.component().registry().sessions()).hasSize(before - use.sessions);
            routes().startRoute("tested");
            works(use);
        }
        assertThat(camel.simulator().openSockets()).isEqualTo(
                (int) camel.component().registry().sessions().stream().map(RealtimeSession::name).distinct().count());
    }

    @ParameterizedTest
    @EnumSource(Use.class)
    @DisplayName("§13.10 suspend and resume of a route: its sessions stay, on the same connection")
    void suspendAndResume(Use use) throws Exception {
        start(use);
        int handshakes = camel.simulator().handshakes().size();
        for (int round = 0; round < 3; round++) {
            routes().suspendRoute("tested");
            assertThat(routes().getRouteStatus("tested")).isEqualTo(ServiceStatus.Suspended);
            routes().resumeRoute("tested");
            works(use);
        }
        assertThat(camel.simulator().handshakes()).hasSize(handshakes);
    }

    @ParameterizedTest
    @EnumSource(Use.class)
    @DisplayName("§13.10 stop and start of the component, routes stopped around it: nothing of the first life is left")
    void component(Use use) throws Exception {
        start(use);
        Component component = camel.component();
        for (int round = 0; round < 2; round++) {
            routes().stopAllRoutes();
            component.stop();
            RealtimeCamel.await().until(() -> camel.simulator().openSockets() == 0);
            RealtimeCamel.await().until(() -> camel.threads().isEmpty());
            component.start();
            routes().startAllRoutes();
            works(use);
        }
    }

    @ParameterizedTest
    @EnumSource(Use.class)
    @DisplayName("§13.10 suspend and resume of the context")
    void context(Use use) throws Exception {
        start(use);
        camel.context().suspend();
        camel.context().resume();
        works(use);
    }

    @ParameterizedTest
    @EnumSource(Use.class)
    @DisplayName("§13.9 a route that is removed leaves no session behind, and can be added anew")
    void removed(Use use) throws Exception {
        start(use);
        routes().stopAllRoutes();
        camel.context().removeRoute("tested");
        assertThat(camel.component().registry().sessions()).filteredOn(session -> !"guest".equals(session.name())).isEmpty();

        camel.route(route -> {
            if (use.consumes) {
                route.from(use.uri).process(received);
            } else {
                produce(route.from("direct:tested"), use).process(received);
            }
        });
        if (use.consumes) {
            routes().startRoute("helper");
        }
        works(use);
    }
}
