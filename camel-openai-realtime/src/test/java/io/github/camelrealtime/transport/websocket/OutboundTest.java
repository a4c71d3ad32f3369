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
package io.github.camelrealtime.transport.websocket;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.github.camelrealtime.net.HttpClients;
import io.github.camelrealtime.transport.Transport;
import io.github.camelrealtime.transport.TransportRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class OutboundTest {

    private final HttpClients clients = HttpClients.builder().build();
    private final RecordingListener listener = new RecordingListener();
    private final ExecutorService threads = Executors.newFixedThreadPool(8);

    @AfterEach
    void stop() {
        threads.shutdownNow();
        clients.close();
    }

    @Test
    @DisplayName("CONN-10 8 threads send at once: every frame arrives whole, each thread's in its order")
    void manySenders() throws Exception {
        int senders = 8;
        int frames = 1_000;
        CompletableFuture<List<String>> received = new CompletableFuture<>();
        try (RawServer server = new RawServer(connection -> {
            connection.upgrade();
            List<String> all = new ArrayList<>();
            while (all.size() < senders * frames) {
                all.add(connection.read().text());
            }
            received.complete(all);
            connection.drain();
        })) {
            Transport transport = open(server);
            CountDownLatch start = new CountDownLatch(1);
            List<Future<?>> sending = new ArrayList<>();
            for (int s = 0; s < senders; s++) {
                int sender = s;
                sending.add(threads.submit(() -> {
                    start.await();
                    for (int i = 0; i < frames; i++) {
                        assertThat(transport.send(frame(sender, i))).isTrue();
                    }
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> future : sending) {
                future.get(30, TimeUnit.SECONDS);
            }
            Map<Integer, Integer> next = new HashMap<>();
            for (String frame : received.get(30, TimeUnit.SECONDS)) {
                int sender = frame.charAt(0) - '0';
                int i = next.merge(sender, 1, Integer::sum) - 1;
                assertThat(frame).isEqualTo(frame(sender, i));
            }
            transport.abort();
        }
    }

    /** Sizes of all three header forms. */
    private static String frame(int sender, int i) {
        return sender + ":" + i + ":" + "x".repeat(i % 97 == 0 ? 70_000 : i % 7 == 0 ? 500 : 10);
    }

    @Test
    @DisplayName("P8 a peer that stops reading: sending is refused before OkHttp's queue is full, and goes on later")
    void neverFillsTheQueue() throws Exception {
        CountDownLatch readOn = new CountDownLatch(1);
        CompletableFuture<Integer> lastFrame = new CompletableFuture<>();
        try (RawServer server = new RawServer(connection -> {
            connection.upgrade();
            readOn.await();
            String text = "";
            while (!text.startsWith("last")) {
                text = connection.read().text();
            }
            lastFrame.complete(Integer.valueOf(text.substring(4)));
            connection.drain();
        })) {
            Transport transport = open(server);
            String frame = "x".repeat(64 * 1024);
            List<Future<Integer>> sending = new ArrayList<>();
            for (int s = 0; s < 8; s++) {
                sending.add(threads.submit(() -> {
                    int taken = 0;
                    while (transport.send(frame)) {
                        taken++;
                    }
                    return taken;
                }));
            }
            int taken = 0;
            for (Future<Integer> future : sending) {
                taken += future.get(30, TimeUnit.SECONDS);
            }
            assertThat((long) taken * frame.length()).isGreaterThan(Transport.MAX_FRAME_BYTES - frame.length());
            assertThat(transport.queuedBytes()).isLessThanOrEqualTo(Transport.MAX_FRAME_BYTES)
                    .isGreaterThan(Transport.MAX_FRAME_BYTES / 2);
            assertThat(listener.calls).containsExactly("open");

            readOn.countDown();
            int sent = taken;
            await().until(() -> transport.send("last" + sent));
            assertThat(lastFrame.get(30, TimeUnit.SECONDS)).isEqualTo(taken);
            assertThat(listener.calls).containsExactly("open");
            transport.abort();
        }
    }

    @Test
    @DisplayName("P8 a frame above the limit is refused in words; one at the limit, in any script, is sent")
    void refusesTooLargeFrames() throws Exception {
        CompletableFuture<Integer> length = new CompletableFuture<>();
        try (RawServer server = new RawServer(connection -> {
            connection.upgrade();
            length.complete(connection.read().payload().length);
            connection.drain();
        })) {
            Transport transport = open(server);
            String atTheLimit = "ü".repeat(Transport.MAX_FRAME_BYTES / 2);
            assertThatThrownBy(() -> transport.send(atTheLimit + "x")).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("12582913").hasMessageContaining("12582912");
            assertThatThrownBy(() -> transport.send("x".repeat(20_000_000))).isInstanceOf(IllegalArgumentException.class);
            assertThat(transport.send(atTheLimit)).isTrue();
            assertThat(length.get(30, TimeUnit.SECONDS)).isEqualTo(Transport.MAX_FRAME_BYTES);
            transport.abort();
        }
    }

    private Transport open(RawServer server) throws Exception {
        Transport transport = new WebSocketTransportFactory(clients)
                .open(new TransportRequest(server.uri(), Map.of()), listener);
        listener.awaitOpen();
        return transport;
    }
}
