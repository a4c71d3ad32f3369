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
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;

import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import org.apache.camel.console.DevConsole;
import org.apache.camel.console.DevConsoleRegistry;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** What an operator sees and can do: the developer console and JMX. */
class ManagementTest {

    private static final String SAID = "The secret of the house";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final CountDownLatch open = new CountDownLatch(1);
    private final Received received = new Received();

    @BeforeEach
    void console() {
        camel.context().setDevConsole(true);
    }

    private void start() throws Exception {
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=all&instructions=" + SAID).routeId("events")
                        .process(exchange -> open.await()).process(received),
                route -> route.from("direct:ask").routeId("ask").to("openai-realtime:support?operation=send-text"),
                route -> route.from("direct:scribe").routeId("scribes").to("openai-realtime:scribe?operation=transcribe&poolSize=2"));
        camel.awaitState("support", SessionState.READY);
        RealtimeCamel.done(camel.ask("direct:ask", SAID));
        RealtimeCamel.done(camel.ask("direct:scribe", SyntheticSpeech.pcm(1000)));
    }

    @Test
    @DisplayName("The developer console tells of sessions, consumers and pools in JSON, with no secret and nothing that was said")
    void json() throws Exception {
        start();

        JsonObject root = (JsonObject) consoleOf().call(DevConsole.MediaType.JSON, Map.of());

        Map<String, Object> support = row(root, "sessions", "support");
        assertThat(support).containsEntry("state", "READY").containsEntry("type", "realtime").containsEntry("epoch", 1)
                .containsEntry("model", "gpt-realtime-2.1").containsEntry("droppedAudioMillis", 0L)
                .containsEntry("owedTranscripts", 0).containsKeys(
                        "sessionId", "ageMillis", "lastEventAgeMillis", "expiresInMillis", "queuedAudioMillis", "pendingResponses");
        assertThat((Long) support.get("deliveredEvents")).isPositive();
        assertThat(row(root, "sessions", "scribe#1")).containsEntry("type", "transcription");
        Map<String, Object> consumer = row(root, "consumers", "support");
        assertThat(consumer).containsEntry("routeId", "events").containsEntry("status", "Started").containsEntry("overrun", false);
        assertThat((Long) consumer.get("queuedEvents")).isPositive();
        assertThat(row(root, "pools", "scribe")).containsEntry("size", 2).containsEntry("members", 1)
                .containsEntry("waiting", 0).containsKey("free");
        assertThat(root.toJson()).doesNotContain(RealtimeCamel.API_KEY, SAID, "Bearer");
        open.countDown();
    }

    @Test
    @DisplayName("The developer console says the same as text")
    void text() throws Exception {
        start();

        String text = (String) consoleOf().call(DevConsole.MediaType.TEXT, Map.of());

        assertThat(text).contains("Sessions: 2", "Consumers: 1", "Pools: 1", "name=support", "state=READY", "model=gpt-realtime-2.1",
                "routeId=events", "size=2").doesNotContain(RealtimeCamel.API_KEY, SAID, "Bearer");
        open.countDown();
    }

    @Test
    @DisplayName("The developer console has nothing to tell before anything is used")
    void nothing() throws Exception {
        camel.start();

        assertThat(consoleOf().call(DevConsole.MediaType.TEXT, Map.of())).isEqualTo("Sessions: 0\nConsumers: 0\nPools: 0\n");
    }

    private DevConsole consoleOf() {
        DevConsoleRegistry registry = camel.context().getCamelContextExtension().getContextPlugin(DevConsoleRegistry.class);
        return registry.resolveById("openai-realtime");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> row(JsonObject root, String part, String name) {
        return ((List<Map<String, Object>>) root.get(part)).stream().filter(row -> name.equals(row.get("name"))).findFirst()
                .orElseThrow();
    }

    @Test
    @DisplayName("JMX: the component lists its sessions and closes one on demand")
    void component() throws Exception {
        open.countDown();
        start();
        ObjectName component = mbean("components", "openai-realtime");

        assertThat(server().getAttribute(component, "SessionCount")).isEqualTo(2);
        assertThat(server().getAttribute(component, "ReadySessionCount")).isEqualTo(2L);
        assertThat(server().getAttribute(component, "MaximumDynamicSessions")).isEqualTo(100);
        TabularData sessions = (TabularData) server().invoke(component, "listSessions", null, null);
        CompositeData support = sessions.get(new Object[] { "support" });
        assertThat(support.get("state")).isEqualTo("READY");
        assertThat(support.get("epoch")).isEqualTo(1L);
        assertThat(support.get("model")).isEqualTo("gpt-realtime-2.1");

        assertThat(close(component, "nobody")).isEqualTo(false);
        assertThat(close(component, "support")).isEqualTo(true);
        camel.awaitState("support", SessionState.IDLE);
    }

    private Object close(ObjectName component, String name) throws Exception {
        return server().invoke(component, "closeSession", new Object[] { name }, new String[] { String.class.getName() });
    }

    @Test
    @DisplayName("JMX: an endpoint tells the state of its session, closes it and opens it again")
    void endpoint() throws Exception {
        open.countDown();
        start();
        ObjectName endpoint = mbean("endpoints", "operation=send-text");

        assertThat(server().getAttribute(endpoint, "SessionName")).isEqualTo("support");
        assertThat(server().getAttribute(endpoint, "SessionState")).isEqualTo("READY");
        assertThat(server().invoke(endpoint, "closeSession", null, null)).isEqualTo(true);
        camel.awaitState("support", SessionState.IDLE);
        assertThat(server().invoke(endpoint, "openSession", null, null)).isEqualTo(true);
        camel.awaitState("support", SessionState.READY);
    }

    @Test
    @DisplayName("JMX: consumers and producers have their counters")
    void consumersAndProducers() throws Exception {
        start();
        ObjectName consumer = mbean("consumers", "SessionConsumer");
        assertThat((Long) server().getAttribute(consumer, "QueuedEvents")).isPositive();
        assertThat(server().getAttribute(consumer, "DroppedEvents")).isEqualTo(0L);
        assertThat(server().getAttribute(consumer, "RoutedEvents")).isEqualTo(1L);
        assertThat(server().getAttribute(consumer, "Overrun")).isEqualTo(false);
        assertThat(server().getAttribute(consumer, "SessionNames")).isEqualTo(List.of("support"));
        open.countDown();
        RealtimeCamel.await().untilAsserted(() -> assertThat(server().getAttribute(consumer, "QueuedEvents")).isEqualTo(0L));

        ObjectName producer = mbean("producers", "SessionProducer");
        assertThat(server().getAttribute(producer, "Operation")).isEqualTo("send-text");
        assertThat(server().getAttribute(producer, "PendingOperations")).isEqualTo(0L);
        assertThat(server().getAttribute(producer, "FailedOperations")).isEqualTo(0L);
        RealtimeCamel.done(camel.operation("direct:ask", "nonsense"));
        assertThat(server().getAttribute(producer, "FailedOperations")).isEqualTo(1L);

        ObjectName scribe = mbean("producers", "TranscribeProducer");
        assertThat(server().getAttribute(scribe, "PoolSize")).isEqualTo(2);
        assertThat(server().getAttribute(scribe, "WaitingExchanges")).isEqualTo(0);
        RealtimeCamel.await().untilAsserted(() -> assertThat(server().getAttribute(scribe, "FreeSessions")).isEqualTo(1));
    }

    /** The only one of this type with this in its name. */
    private ObjectName mbean(String type, String named) throws Exception {
        ObjectName all = new ObjectName("org.apache.camel:context=" + camel.context().getManagementName() + ",type=" + type + ",*");
        List<ObjectName> names = server().queryNames(all, null).stream()
                .filter(name -> name.getKeyProperty("name").contains(named)).toList();
        assertThat(names).as(named).hasSize(1);
        return names.get(0);
    }

    private MBeanServer server() {
        return camel.context().getManagementStrategy().getManagementAgent().getMBeanServer();
    }
}
