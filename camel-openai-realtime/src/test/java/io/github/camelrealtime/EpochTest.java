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
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.VirtualClock;
import io.github.camelrealtime.simulator.fault.Fault;
import io.github.camelrealtime.simulator.fault.Faults;
import io.github.camelrealtime.simulator.fault.RawWebSocketServer;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.camelrealtime.RealtimeCamel.await;
import static org.assertj.core.api.Assertions.assertThat;

class EpochTest {

    private static final String SPEECH_STARTED = "{\"type\":\"input_audio_buffer.speech_started\",\"event_id\":\"event_stale\","
            + "\"audio_start_ms\":0,\"item_id\":\"item_stale\"}";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();

    @Test
    @DisplayName("CONN-15 over two connections the session name stays, epoch and session id change, ids are headers")
    void headers() throws Exception {
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=all").process(received),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));
        Exchange first = RealtimeCamel.done(camel.ask("direct:ask", "One"));
        RealtimeCamel.done(camel.operation("direct:ask", "close-session"));
        RealtimeCamel.done(camel.operation("direct:ask", "open-session"));
        Exchange second = RealtimeCamel.done(camel.ask("direct:ask", "Two"));
        received.await("response.done", 2);

        assertThat(received.headers(OpenAIRealtimeConstants.SESSION_NAME)).hasSameSizeAs(received.events()).containsOnly("support");
        List<Received.Event> answers = received.ofType("response.done");
        assertThat(answers).extracting(event -> event.header(OpenAIRealtimeConstants.EPOCH)).containsExactly(1, 2);
        assertThat(answers).extracting(event -> event.header(OpenAIRealtimeConstants.SESSION_ID))
                .containsExactly(camel.server(0).id(), camel.server(1).id()).doesNotHaveDuplicates();
        assertThat(answers).extracting(event -> event.header(OpenAIRealtimeConstants.RESPONSE_ID))
                .containsExactly(first.getMessage().getHeader(OpenAIRealtimeConstants.RESPONSE_ID),
                        second.getMessage().getHeader(OpenAIRealtimeConstants.RESPONSE_ID))
                .doesNotContainNull();
        String item = camel.server(0).sent("response.output_item.done").get(0).at("/item/id").asText();
        assertThat(received.await("response.output_item.done").header(OpenAIRealtimeConstants.ITEM_ID)).isEqualTo(item);
        List<Object> sequence = received.headers(OpenAIRealtimeConstants.SEQUENCE);
        assertThat(sequence).as("one count for both connections").first().isEqualTo(1L);
        assertThat(sequence).last().isEqualTo((long) received.events().size());
    }

    @Test
    @DisplayName("CONN-15 the exchange of a producer says which session it was for")
    void producerHeader() throws Exception {
        camel.start(route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));
        Exchange asked = RealtimeCamel.done(camel.ask("direct:ask", "One"));
        assertThat(asked.getMessage().getHeader(OpenAIRealtimeConstants.SESSION_NAME)).isEqualTo("support");
    }

    @Test
    @DisplayName("CONN-16 what an old socket still sends, in a flood, changes nothing and reaches no route")
    void staleFrames() throws Exception {
        VirtualClock clock = new VirtualClock();
        camel.component().setTimers(new VirtualTimers(clock));
        CompletableFuture<Void> broken = new CompletableFuture<>();
        Fault deaf = Faults.configured(connection -> {
            try {
                // does not answer the close frame, and goes on until the socket is gone
                while (true) {
                    connection.sendText(SPEECH_STARTED);
                }
            } catch (IOException gone) {
                broken.complete(null);
                throw gone;
            }
        });
        try (RawWebSocketServer server = RawWebSocketServer.start(deaf, Faults.none())) {
            camel.connectTo(server.baseUrl());
            camel.start(
                    route -> route.from("openai-realtime:support?eventTypes=all&queueSize=10000000&turnDetection=none")
                            .process(received),
                    route -> route.from("direct:control").to("openai-realtime:support"));
            received.await("input_audio_buffer.speech_started");

            CompletableFuture<Exchange> closing = camel.operation("direct:control", "close-session");
            await().until(() -> {
                clock.advance(Duration.ofSeconds(1));
                return closing.isDone();
            });
            RealtimeCamel.done(camel.operation("direct:control", "open-session"));
            broken.get();
            assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
            assertThat(camel.session("support").status().epoch()).isEqualTo(2);
            received.await("camel.session.ready", 2);

            List<String> types = received.types();
            int closed = types.indexOf("camel.session.closed");
            assertThat(Set.copyOf(received.events().subList(closed + 1, types.size()).stream()
                    .map(event -> event.header(OpenAIRealtimeConstants.EPOCH)).toList())).containsExactly(2);
            assertThat(types.subList(closed + 1, types.size())).doesNotContain("input_audio_buffer.speech_started");
            camel.context().stop();
        }
    }
}
