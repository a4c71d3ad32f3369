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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.github.camelrealtime.simulator.RealtimeSimulatorExtension;
import io.github.camelrealtime.simulator.Reply;
import io.github.camelrealtime.simulator.Scenario;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** A route against the simulator, as docs/simulator.md has it. */
class SimulatorGuideRouteTest extends CamelTestSupport {

    @RegisterExtension
    static final RealtimeSimulatorExtension simulator =
            RealtimeSimulatorExtension.with(Scenario.builder().onText("train", Reply.text("At nine.")).build());

    @Override
    protected RoutesBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                OpenAIRealtimeComponent component = getContext().getComponent("openai-realtime", OpenAIRealtimeComponent.class);
                component.getConfiguration().setBaseUrl(simulator.baseUrl());
                component.getConfiguration().setApiKey("sk-simulator");
                from("direct:ask").to("openai-realtime:support?operation=send-text&outputModalities=text");
            }
        };
    }

    @Test
    @DisplayName("SIM-1 a route asks the simulator; the two lines of the guide are all that it takes")
    void route() throws IOException {
        assertThat(template.requestBody("direct:ask", "When is the next train?", String.class)).isEqualTo("At nine.");
        assertThat(Files.readString(Path.of("../docs/simulator.md"))).contains("""
                component.getConfiguration().setBaseUrl(simulator.baseUrl());
                component.getConfiguration().setApiKey("sk-simulator");
                """);
    }
}
