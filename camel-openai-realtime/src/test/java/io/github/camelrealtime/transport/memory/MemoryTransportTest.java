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
package io.github.camelrealtime.transport.memory;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.github.camelrealtime.transport.Transport;
import io.github.camelrealtime.transport.TransportException;
import io.github.camelrealtime.transport.TransportListener;
import io.github.camelrealtime.transport.TransportRequest;
import io.github.camelrealtime.transport.memory.MemoryConnection.Way;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MemoryTransportTest {

    private final Queue<Runnable> work = new ArrayDeque<>();
    private final List<String> client = new CopyOnWriteArrayList<>();
    private final List<String> service = new ArrayList<>();
    private MemoryConnection connection;
    private Transport transport;

    private class Client implements TransportListener {

        @Override
        public void onOpen() {
            client.add("open");
        }

        @Override
        public void onFrame(String frame) {
            client.add(frame);
        }

        @Override
        public void onBinary(int bytes) {
            client.add("binary " + bytes);
        }

        @Override
        public void onClosed(int code, String reason) {
            client.add("closed " + code + " " + reason);
        }

        @Override
        public void onFailure(TransportException failure) {
            client.add("failed " + failure.getStatus() + " " + failure.getMessage());
        }
    }

    private class Service implements MemoryPeer {

        @Override
        public void onFrame(String frame) {
            service.add(frame);
        }

        @Override
        public void onClosed(int code, String reason) {
            service.add("closed " + code + " " + reason);
        }

        @Override
        public void onAborted() {
            service.add("aborted");
        }
    }

    @BeforeEach
    void dial() {
        transport = dial(dialled -> {
            connection = dialled;
            service.add("dialled " + dialled.request().uri());
            return new Service();
        });
    }

    private Transport dial(MemoryServer server) {
        return new MemoryTransportFactory(server, work::add).open(
                new TransportRequest(URI.create("ws://memory/v1/realtime"), Map.of()), new Client());
    }

    private void settle() {
        for (Runnable next = work.poll(); next != null; next = work.poll()) {
            next.run();
        }
    }

    private void open() {
        settle();
        connection.open();
        settle();
        client.clear();
        service.clear();
    }

    @Test
    @DisplayName("SIM-5 frames go both ways in order, on the executor's threads only, and not before the connection is open")
    void frames() {
        assertThat(transport.send("too early")).isFalse();
        assertThat(service).isEmpty();
        settle();
        assertThat(transport.send("not yet accepted")).isFalse();
        connection.open();
        assertThat(client).isEmpty();
        settle();
        assertThat(transport.send("a")).isTrue();
        assertThat(transport.send("b")).isTrue();
        assertThat(transport.queuedBytes()).isEqualTo(2);
        assertThat(connection.send("c")).isTrue();
        assertThat(connection.sendBinary(7)).isTrue();
        settle();
        assertThat(transport.queuedBytes()).isZero();
        assertThat(service).containsExactly("dialled ws://memory/v1/realtime", "a", "b");
        assertThat(client).containsExactly("open", "c", "binary 7");
    }

    @Test
    @DisplayName("SIM-5 a close of ours lets out what was sent before, is answered, and is the end for both")
    void closedByClient() {
        open();
        transport.send("last");
        connection.send("still comes");
        transport.close(1000, "OK");
        assertThat(transport.send("too late")).isFalse();
        settle();
        assertThat(service).containsExactly("last", "closed 1000 OK");
        assertThat(client).containsExactly("still comes", "closed 1000 OK");
        connection.send("nobody is there");
        connection.close(1001, "");
        transport.abort();
        settle();
        assertThat(client).hasSize(2);
        assertThat(service).hasSize(2);
    }

    @Test
    @DisplayName("SIM-5 a close of the service comes after its frames; of what is sent meanwhile it hears nothing")
    void closedByService() {
        open();
        connection.send("last");
        connection.close(1001, "enough");
        transport.send("into the void");
        settle();
        transport.close(1000, null);
        settle();
        assertThat(client).containsExactly("last", "closed 1001 enough");
        assertThat(service).isEmpty();
        assertThat(connection.send("too late")).isFalse();
    }

    @Test
    @DisplayName("SIM-5 a connection that is dropped fails, once, on either side")
    void dropped() {
        open();
        connection.send("unread");
        transport.abort();
        transport.abort();
        settle();
        assertThat(client).singleElement().asString().startsWith("failed 0 Connection to ws://memory/v1/realtime was dropped");
        assertThat(service).containsExactly("aborted");
    }

    @Test
    @DisplayName("SIM-5 a refusal has the status, a server that throws makes the dial fail, one that is given up hears of it")
    void refused() {
        settle();
        connection.fail(new TransportException("no", 429, "{}", null, 7000, null));
        settle();
        assertThat(client).containsExactly("failed 429 no");
        client.clear();
        dial(dialled -> {
            throw new IllegalStateException("no service");
        });
        settle();
        assertThat(client).singleElement().asString().contains("no service");
        client.clear();
        service.clear();
        dial();
        settle();
        transport.close(1000, "given up");
        settle();
        connection.open();
        settle();
        assertThat(client).containsExactly("closed 1000 given up");
        assertThat(service).last().isEqualTo("aborted");
    }

    @Test
    @DisplayName("SIM-4 a way that is held carries nothing, closes included, until it is let go; what we do to ourselves we know")
    void held() {
        open();
        connection.hold(Way.TO_CLIENT);
        connection.send("a");
        settle();
        assertThat(client).isEmpty();
        connection.release(Way.TO_CLIENT);
        settle();
        assertThat(client).containsExactly("a");
        connection.hold(Way.TO_SERVICE);
        transport.send("b");
        transport.close(1000, "OK");
        settle();
        assertThat(service).isEmpty();
        assertThat(transport.queuedBytes()).isEqualTo(1);
        connection.hold(Way.TO_CLIENT);
        transport.abort();
        settle();
        assertThat(client).hasSize(2).last().asString().startsWith("failed");
        connection.release(Way.TO_SERVICE);
        settle();
        assertThat(service).containsExactly("aborted");
    }

    @Test
    @DisplayName("FLOW-6 as much may wait as one frame may have: what is above is refused, a frame above it is an error")
    void bounded() {
        open();
        connection.hold(Way.TO_SERVICE);
        String half = "x".repeat(Transport.MAX_FRAME_BYTES / 2 - 1);
        assertThat(transport.send(half)).isTrue();
        assertThat(transport.send(half)).isTrue();
        assertThat(transport.send("xyz")).isFalse();
        assertThat(transport.send("xy")).isTrue();
        String large = "ü".repeat(Transport.MAX_FRAME_BYTES / 2 + 1);
        assertThatThrownBy(() -> transport.send(large)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("limit");
        connection.release(Way.TO_SERVICE);
        settle();
        assertThat(transport.queuedBytes()).isZero();
    }

    @Test
    @DisplayName("SIM-5 many threads at once: each way keeps its order, and calls come one at a time")
    void threads() throws Exception {
        int each = 2_000;
        ExecutorService pool = Executors.newFixedThreadPool(4);
        List<String> received = new ArrayList<>();
        MemoryConnection[] far = new MemoryConnection[1];
        Transport near = new MemoryTransportFactory(dialled -> {
            far[0] = dialled;
            dialled.open();
            return new Service() {
                @Override
                public void onFrame(String frame) {
                    far[0].send(frame);
                }
            };
        }, pool).open(new TransportRequest(URI.create("ws://memory/"), Map.of()), new Client() {
            @Override
            public void onFrame(String frame) {
                // not thread-safe on purpose
                received.add(frame);
            }
        });
        while (!near.send("0")) {
            Thread.onSpinWait();
        }
        for (int i = 1; i < each; i++) {
            near.send(Integer.toString(i));
        }
        near.close(1000, "");
        // the line runs as one task after another: once the close is answered nothing is to come
        while (client.stream().noneMatch(word -> word.startsWith("closed"))) {
            Thread.onSpinWait();
        }
        pool.shutdown();
        assertThat(pool.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        assertThat(received).hasSize(each);
        for (int i = 0; i < each; i++) {
            assertThat(received.get(i)).isEqualTo(Integer.toString(i));
        }
    }
}
