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

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

import org.apache.camel.ExchangePattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class NumbersOverEpochsTest {

    private static final int EPOCHS = 13;

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();

    @Test
    @DisplayName("TRX-17 CONN-15 over 12 new connections the numbers have no hole, the epoch rises, and name and Kafka key stay")
    void shared() throws Exception {
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=response.done,lifecycle&kafkaKey=true").process(received),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));
        for (int epoch = 1; epoch <= EPOCHS; epoch++) {
            RealtimeCamel.done(camel.ask("direct:ask", "Hello"));
            if (epoch < EPOCHS) {
                RealtimeCamel.done(camel.operation("direct:ask", "restart"));
            }
        }
        received.await("response.done", EPOCHS);
        List<Received.Event> events = received.events();
        assertThat(received.headers(OpenAIRealtimeConstants.SEQUENCE))
                .containsExactlyElementsOf(LongStream.rangeClosed(1, events.size()).<Object>mapToObj(number -> number).toList());
        assertThat(received.ofType("response.done")).extracting(event -> event.header(OpenAIRealtimeConstants.EPOCH))
                .containsExactlyElementsOf(LongStream.rangeClosed(1, EPOCHS).<Object>mapToObj(number -> (int) number).toList());
        assertThat(events).allSatisfy(event -> {
            assertThat(event.headers()).containsEntry(OpenAIRealtimeConstants.SESSION_NAME, "support")
                    .containsEntry("kafka.KEY", "support").doesNotContainKey(OpenAIRealtimeConstants.DROPPED);
        });
        assertThat(received.headers(OpenAIRealtimeConstants.SESSION_ID).stream().distinct()).hasSize(EPOCHS);
    }

    @Test
    @DisplayName("TRX-17 each session that a wildcard matches is counted apart, over its connections; without the option no Kafka key")
    void wildcard() throws Exception {
        camel.start(
                route -> route.from("openai-realtime:call-*?eventTypes=response.done,camel.session.rollover").process(received),
                route -> route.from("direct:ask").to("openai-realtime:desk?connectOn=manual&operation=send-text"));
        for (String call : new String[] { "call-1", "call-2" }) {
            operate(call, "open-session");
        }
        for (int i = 0; i < 3; i++) {
            for (String call : new String[] { "call-1", "call-2" }) {
                RealtimeCamel.done(camel.send("direct:ask", ExchangePattern.InOut, "Hello",
                        Map.of(OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME, call)));
                if (i == 1) {
                    operate(call, "restart");
                }
            }
        }
        received.await("response.done", 6);
        for (String call : new String[] { "call-1", "call-2" }) {
            List<Received.Event> events = received.events().stream()
                    .filter(event -> call.equals(event.header(OpenAIRealtimeConstants.SESSION_NAME))).toList();
            assertThat(events).extracting(event -> event.header(OpenAIRealtimeConstants.SEQUENCE))
                    .containsExactly(1L, 2L, 3L, 4L);
            assertThat(events).extracting(event -> event.header(OpenAIRealtimeConstants.EPOCH)).containsExactly(1, 1, 2, 2);
        }
        assertThat(received.headers("kafka.KEY")).isEmpty();
    }

    @Test
    @DisplayName("TRX-17 TRX-18 with a spool numbers go on over connections too, without holes, and nothing comes twice")
    void spooled(@TempDir Path folder) throws Exception {
        camel.options().setReconnectInterval(1L);
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=response.done,camel.session.reconnected&spool=" + folder.resolve("spool"))
                        .process(received),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));
        for (int epoch = 1; epoch <= EPOCHS; epoch++) {
            assertThat(RealtimeCamel.done(camel.ask("direct:ask", "Hello")).getException()).isNull();
            received.await("response.done", epoch);
            if (epoch < EPOCHS) {
                camel.server(epoch - 1).abort();
                received.await("camel.session.reconnected", epoch);
            }
        }
        List<Received.Event> events = received.events();
        assertThat(events).hasSize(2 * EPOCHS - 1);
        assertThat(received.headers(OpenAIRealtimeConstants.SEQUENCE))
                .containsExactlyElementsOf(LongStream.rangeClosed(1, events.size()).<Object>mapToObj(number -> number).toList());
        assertThat(received.ofType("response.done")).extracting(event -> event.header(OpenAIRealtimeConstants.EPOCH))
                .containsExactlyElementsOf(LongStream.rangeClosed(1, EPOCHS).<Object>mapToObj(number -> (int) number).toList());
        assertThat(events).allSatisfy(event -> assertThat(event.headers())
                .doesNotContainKeys(OpenAIRealtimeConstants.DROPPED, OpenAIRealtimeConstants.REDELIVERED));
    }

    private void operate(String session, String operation) throws Exception {
        assertThat(RealtimeCamel.done(camel.send("direct:ask", ExchangePattern.InOnly, null, Map.of(
                OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME, session,
                OpenAIRealtimeConstants.OPERATION, operation))).getException()).isNull();
    }
}
