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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.github.camelrealtime.simulator.SimulatedSession;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.camelrealtime.RealtimeCamel.await;
import static org.assertj.core.api.Assertions.assertThat;

class OneWriterTest {

    private static final int THREADS = 8;
    private static final int EACH = 100;

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @Test
    @DisplayName("CONN-10 8 threads send 800 texts over one socket: all arrive whole, and each thread's in its order")
    void manyThreads() throws Exception {
        camel.start(route -> route.from("direct:text").to("openai-realtime:support?operation=send-text&createResponse=false"));
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> senders = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                String name = "thread " + thread;
                senders.add(threads.submit(() -> {
                    start.await();
                    for (int i = 0; i < EACH; i++) {
                        Exchange sent = RealtimeCamel.done(camel.tell("direct:text", name + " text " + i));
                        assertThat(sent.getException()).isNull();
                    }
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> sender : senders) {
                sender.get(RealtimeCamel.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }

        SimulatedSession server = camel.server(0);
        await().until(() -> server.received("conversation.item.create").size() == THREADS * EACH);
        List<String> texts = server.received("conversation.item.create").stream()
                .map(event -> event.at("/item/content/0/text").asText()).toList();
        for (int thread = 0; thread < THREADS; thread++) {
            String name = "thread " + thread;
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < EACH; i++) {
                expected.add(name + " text " + i);
            }
            assertThat(texts).filteredOn(text -> text.startsWith(name)).containsExactlyElementsOf(expected);
        }
        assertThat(camel.simulator().handshakes()).hasSize(1);
    }
}
