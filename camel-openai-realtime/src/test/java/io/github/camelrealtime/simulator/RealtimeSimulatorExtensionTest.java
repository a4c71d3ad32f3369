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
package io.github.camelrealtime.simulator;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

class RealtimeSimulatorExtensionTest {

    /** Ports seen by the tests of the nested classes, which share them on purpose. */
    private static final List<Integer> PER_TEST = new ArrayList<>();
    private static final List<Integer> SHARED = new ArrayList<>();

    private static int statusOf(String baseUrl) throws Exception {
        OkHttpClient client = new OkHttpClient();
        try (Response response = client.newCall(new Request.Builder().url(baseUrl + "/realtime").build()).execute()) {
            return response.code();
        } finally {
            client.dispatcher().executorService().shutdown();
            client.connectionPool().evictAll();
        }
    }

    @Nested
    @TestMethodOrder(MethodOrderer.MethodName.class)
    class PerTest {

        @RegisterExtension
        final RealtimeSimulatorExtension extension =
                new RealtimeSimulatorExtension(() -> RealtimeSimulator.builder().clock(new VirtualClock()));

        @Test
        @DisplayName("SIM-1 an instance field starts a simulator per test, and injects it and its clock")
        void first(RealtimeSimulator simulator, VirtualClock clock) throws Exception {
            assertThat(simulator).isSameAs(extension.simulator());
            assertThat(simulator.clock()).isSameAs(clock);
            assertThat(statusOf(extension.baseUrl())).isEqualTo(401);
            assertThat(simulator.handshakes()).hasSize(1);
            PER_TEST.add(System.identityHashCode(simulator));
        }

        @Test
        @DisplayName("SIM-1 the next test has another one")
        void second(RealtimeSimulator simulator) throws Exception {
            assertThat(simulator.handshakes()).isEmpty();
            assertThat(statusOf(extension.baseUrl())).isEqualTo(401);
            assertThat(PER_TEST).doesNotContain(System.identityHashCode(simulator));
        }
    }

    @Nested
    class Shared {

        @RegisterExtension
        static final RealtimeSimulatorExtension EXTENSION = RealtimeSimulatorExtension.with(Scenario.standard());

        @Test
        @DisplayName("SIM-1 a static field keeps one simulator for all tests of the class")
        void first(RealtimeSimulator simulator) throws Exception {
            same(simulator);
        }

        @Test
        @DisplayName("SIM-1 the same one again")
        void second(RealtimeSimulator simulator) throws Exception {
            same(simulator);
        }

        private void same(RealtimeSimulator simulator) throws Exception {
            assertThat(statusOf(EXTENSION.baseUrl())).isEqualTo(401);
            SHARED.add(simulator.port());
            assertThat(SHARED).containsOnly(simulator.port());
        }
    }

    @Test
    @DisplayName("SIM-1 when a test has failed, and only then, the frames of all sessions go to the log")
    void dumpOnFailure() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(RealtimeSimulatorExtension.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        try {
            runWith(Optional.empty());
            assertThat(log.list).isEmpty();
            runWith(Optional.of(new AssertionError("no")));
            assertThat(log.list).hasSize(1);
            assertThat(log.list.get(0).getFormattedMessage()).contains("the test failed", "Simulated sessions: 0");
        } finally {
            logger.detachAppender(log);
        }
    }

    private static void runWith(Optional<Throwable> outcome) throws Exception {
        ExtensionContext context = (ExtensionContext) Proxy.newProxyInstance(ExtensionContext.class.getClassLoader(),
                new Class<?>[] {ExtensionContext.class}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "getExecutionException" -> outcome;
                    case "getDisplayName" -> "the test";
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        RealtimeSimulatorExtension extension = new RealtimeSimulatorExtension();
        extension.beforeEach(context);
        extension.afterEach(context);
    }

    @Nested
    class Dump extends WireTest {

        @Test
        @DisplayName("SIM-1 the dump names session, times and events, and shortens audio")
        void readable() {
            start(Scenario.standard());
            Client client = connect(REALTIME);
            client.append(new byte[9_600]);
            client.expectNothingMore();
            assertThat(simulator().dump()).contains(session().id(), "gpt-realtime", " ms  client ->", "<- server",
                    "\"type\":\"input_audio_buffer.append\"", "(12800 characters)").doesNotContain("A".repeat(100));
        }
    }
}
