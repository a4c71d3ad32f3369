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

import java.util.Map;

import io.github.camelrealtime.simulator.RealtimeSimulator;
import io.github.camelrealtime.simulator.RealtimeSimulatorExtension;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

class SmokeTest extends CamelTestSupport {

    @RegisterExtension
    static RealtimeSimulatorExtension simulator = new RealtimeSimulatorExtension();

    @Override
    protected RoutesBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                OpenAIRealtimeComponent c = context.getComponent("openai-realtime", OpenAIRealtimeComponent.class);
                c.getConfiguration().setBaseUrl(simulator.simulator().baseUrl());
                c.getConfiguration().setApiKey("sk-simulator");
                from("direct:ask").to("openai-realtime:support?operation=send-text&outputModalities=text");
                from("openai-realtime:support").to("mock:events");
                from("direct:transcribe").to("openai-realtime:scribe?operation=transcribe&poolSize=2&audioFormat=pcm16");
            }
        };
    }

    @Test
    void textTurn() throws Exception {
        MockEndpoint events = getMockEndpoint("mock:events");
        events.expectedMinimumMessageCount(5);
        String answer = template.requestBody("direct:ask", "Hello there", String.class);
        assertThat(answer).contains("Hello there");
        events.assertIsSatisfied(10_000);
    }

    @Test
    void transcribe() {
        byte[] tone = new byte[48_000 * 2];
        for (int i = 0; i < tone.length / 2; i++) {
            short s = (short) (8000 * Math.sin(i * 0.1));
            tone[2 * i] = (byte) s;
            tone[2 * i + 1] = (byte) (s >> 8);
        }
        Object text = template.requestBody("direct:transcribe", tone);
        assertThat(text).isEqualTo("samples 0..48000");
    }
}
