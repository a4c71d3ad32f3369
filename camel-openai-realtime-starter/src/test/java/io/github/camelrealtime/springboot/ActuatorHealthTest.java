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
package io.github.camelrealtime.springboot;

import java.lang.management.ManagementFactory;
import java.time.Duration;

import javax.management.MBeanServer;
import javax.management.ObjectName;

import io.github.camelrealtime.simulator.RealtimeSimulator;
import io.github.camelrealtime.simulator.RealtimeSimulatorExtension;
import io.github.camelrealtime.springboot.application.VoiceApplication;
import org.apache.camel.builder.RouteBuilder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Health as Boot's actuator tells it. Asked over JMX, as its classes have other packages in Boot 3 and 4, and an application
 * without a web server has it so.
 */
@SpringBootTest(classes = { VoiceApplication.class, ActuatorHealthTest.Listening.class }, webEnvironment = WebEnvironment.NONE,
                properties = {
                        "camel.component.openai-realtime.api-key=sk-of-the-application",
                        "camel.health.exposure-level=full",
                        "spring.jmx.enabled=true",
                        "spring.jmx.default-domain=actuator.health.test",
                        "management.endpoints.jmx.domain=actuator.health.test",
                        "management.endpoints.jmx.exposure.include=health",
                        "management.endpoint.health.show-details=always",
                        "management.endpoint.health.show-components=always"
                })
@DirtiesContext
class ActuatorHealthTest {

    private static final int POLICY_VIOLATION = 1008;

    @RegisterExtension
    static final RealtimeSimulatorExtension SIMULATOR
            = new RealtimeSimulatorExtension(() -> RealtimeSimulator.builder().apiKey("sk-of-the-application"));

    @Configuration
    static class Listening {

        @Bean
        RouteBuilder listener() {
            return new RouteBuilder() {
                @Override
                public void configure() {
                    from("openai-realtime:listened?eventTypes=error").routeId("listener").stop();
                }
            };
        }
    }

    @DynamicPropertySource
    static void simulator(DynamicPropertyRegistry properties) {
        properties.add("camel.component.openai-realtime.base-url", SIMULATOR::baseUrl);
    }

    @Test
    @DisplayName("SIM-11 the actuator has the session's readiness, and DOWN when it is lost, without a secret")
    void health() throws Exception {
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(asked())
                .contains("session.state=READY", "session.model=gpt-realtime-2.1", "session.epoch=1", "session.lastEventAge"));
        assertThat(asked()).contains("consumer:openai-realtime-listener").doesNotContain("DOWN");

        SIMULATOR.simulator().sessions().stream().filter(session -> session.isOpen())
                .forEach(session -> session.close(POLICY_VIOLATION, "no more"));

        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(asked())
                .contains("DOWN", "session.state=FAILED", "session.closeCode=1008"));
        assertThat(asked()).doesNotContain("sk-of-the-application");
    }

    private static String asked() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName health = new ObjectName("actuator.health.test:type=Endpoint,name=Health");
        return String.valueOf(server.invoke(health, "health", new Object[0], new String[0]));
    }
}
