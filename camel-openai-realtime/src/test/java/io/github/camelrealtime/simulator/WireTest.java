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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/** What the simulator's tests share: a simulator, and a client that knows nothing but frames. */
abstract class WireTest {

    static final ObjectMapper JSON = new ObjectMapper();
    static final String REALTIME = "?model=gpt-realtime";
    static final String TRANSCRIPTION = "?intent=transcription";

    private static final long PATIENCE_SECONDS = 20;

    private final List<Client> clients = new ArrayList<>();
    private RealtimeSimulator simulator;
    private OkHttpClient http;
    private boolean lawful = true;

    @AfterEach
    void closeAll() {
        clients.forEach(client -> client.socket.cancel());
        if (http != null) {
            http.dispatcher().executorService().shutdown();
            http.connectionPool().evictAll();
            http = null;
        }
        if (simulator != null) {
            simulator.close();
            // SIM-7: whatever a test did, the simulator's own frames keep the laws
            if (lawful) {
                assertThat(simulator.violations()).isEmpty();
            }
        }
    }

    RealtimeSimulator start(Scenario scenario) {
        return start(RealtimeSimulator.builder().scenario(scenario));
    }

    RealtimeSimulator start(RealtimeSimulator.Builder builder) {
        simulator = builder.build();
        try {
            simulator.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return simulator;
    }

    /** This test has the simulator break the laws of {@link TraceCheck}. */
    void lawlessOnPurpose() {
        lawful = false;
    }

    RealtimeSimulator simulator() {
        return simulator;
    }

    SimulatedSession session() {
        return simulator.sessions().get(simulator.sessions().size() - 1);
    }

    /** Connects with a good key and takes {@code session.created} off. */
    Client connect(String query) {
        Client client = dial(request(query).header("Authorization", "Bearer sk-simulator").build());
        client.await("session.created");
        return client;
    }

    Request.Builder request(String query) {
        return new Request.Builder().url(simulator.baseUrl() + "/realtime" + query);
    }

    /** Dials another simulator, with a good key. */
    Client dialTo(String baseUrl) {
        return dial(new Request.Builder().url(baseUrl + "/realtime" + REALTIME).header("Authorization", "Bearer sk-simulator").build());
    }

    Client dial(Request request) {
        if (http == null) {
            Dispatcher dispatcher = new Dispatcher();
            dispatcher.setMaxRequests(1000);
            dispatcher.setMaxRequestsPerHost(1000);
            http = new OkHttpClient.Builder().dispatcher(dispatcher).build();
        }
        Client client = new Client();
        client.socket = http.newWebSocket(request, client);
        clients.add(client);
        return client;
    }

    static JsonNode json(String text) {
        try {
            // single quotes keep the tests readable
            return JSON.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    static byte[] join(byte[]... pieces) {
        int length = Arrays.stream(pieces).mapToInt(piece -> piece.length).sum();
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] piece : pieces) {
            System.arraycopy(piece, 0, all, at, piece.length);
            at += piece.length;
        }
        return all;
    }

    /** A bare WebSocket client. */
    static final class Client extends WebSocketListener {

        final CompletableFuture<Integer> closed = new CompletableFuture<>();
        final CompletableFuture<String> closeReason = new CompletableFuture<>();
        final CompletableFuture<Integer> refused = new CompletableFuture<>();
        final CompletableFuture<Throwable> failed = new CompletableFuture<>();
        final List<Integer> binaries = new CopyOnWriteArrayList<>();
        volatile String refusal;
        volatile Response response;
        private final BlockingQueue<JsonNode> inbox = new LinkedBlockingQueue<>();
        private WebSocket socket;

        WebSocket socket() {
            return socket;
        }

        void send(String text) {
            assertThat(socket.send(text.replace('\'', '"'))).isTrue();
        }

        void sendExactly(String text) {
            assertThat(socket.send(text)).isTrue();
        }

        void append(byte[] bytes) {
            send("{'type':'input_audio_buffer.append','audio':'" + Base64.getEncoder().encodeToString(bytes) + "'}");
        }

        /** Appends in pieces of 20 ms of 24 kHz PCM. */
        void speak(byte[] pcm) {
            for (int at = 0; at < pcm.length; at += 960) {
                append(Arrays.copyOfRange(pcm, at, Math.min(pcm.length, at + 960)));
            }
        }

        /** The next event, which must be of this type. */
        JsonNode expect(String type) {
            JsonNode event = next();
            assertThat(event.path("type").asText()).as("%s", event).isEqualTo(type);
            return event;
        }

        /** The next events, of these types in this order. */
        List<JsonNode> expect(String... types) {
            return Arrays.stream(types).map(this::expect).toList();
        }

        /** Sends a {@code conversation.item.create} and returns the {@code added}, after which {@code done} has come too. */
        JsonNode expectCreated(String createEvent) {
            send(createEvent);
            JsonNode added = expect("conversation.item.added");
            assertThat(expect("conversation.item.done").path("item")).isEqualTo(added.path("item"));
            return added;
        }

        /** The next event of this type, skipping others. */
        JsonNode await(String type) {
            JsonNode event = next();
            while (!event.path("type").asText().equals(type)) {
                event = next();
            }
            return event;
        }

        /** All events up to and including the next of this type. */
        List<JsonNode> until(String type) {
            List<JsonNode> events = new ArrayList<>(List.of(next()));
            while (!events.get(events.size() - 1).path("type").asText().equals(type)) {
                events.add(next());
            }
            return events;
        }

        /** The {@code error} member of the next event, which must be an error. */
        JsonNode expectError() {
            return expect("error").path("error");
        }

        /** Proves that nothing else came: a harmless event is answered next. */
        void expectNothingMore() {
            send("{'type':'input_audio_buffer.clear'}");
            expect("input_audio_buffer.cleared");
        }

        int awaitClose() {
            return get(closed);
        }

        int awaitRefusal() {
            return get(refused);
        }

        static <T> T get(CompletableFuture<T> future) {
            try {
                return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (Exception e) {
                return fail("Nothing came within %d s", PATIENCE_SECONDS);
            }
        }

        JsonNode next() {
            try {
                JsonNode event = inbox.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                return event != null ? event : fail("No further event within %d s", PATIENCE_SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return fail("Interrupted");
            }
        }

        @Override
        public void onOpen(WebSocket webSocket, Response opened) {
            response = opened;
        }

        @Override
        public void onMessage(WebSocket webSocket, String text) {
            try {
                inbox.add(JSON.readTree(text));
            } catch (JsonProcessingException e) {
                inbox.add(JSON.createObjectNode().put("type", "not json").put("text", text));
            }
        }

        @Override
        public void onMessage(WebSocket webSocket, ByteString bytes) {
            binaries.add(bytes.size());
        }

        @Override
        public void onClosing(WebSocket webSocket, int code, String reason) {
            closeReason.complete(reason);
            closed.complete(code);
            webSocket.close(1000, null);
        }

        @Override
        public void onClosed(WebSocket webSocket, int code, String reason) {
            closeReason.complete(reason);
            closed.complete(code);
        }

        @Override
        public void onFailure(WebSocket webSocket, Throwable failure, Response answer) {
            response = answer;
            if (answer != null) {
                try {
                    refusal = answer.body().string();
                } catch (IOException e) {
                    refusal = "";
                }
                refused.complete(answer.code());
            }
            failed.complete(failure);
        }
    }
}
