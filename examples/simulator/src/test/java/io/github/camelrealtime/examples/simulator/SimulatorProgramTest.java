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
package io.github.camelrealtime.examples.simulator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.github.camelrealtime.simulator.RealtimeSimulator;
import okhttp3.tls.Certificates;
import okhttp3.tls.HandshakeCertificates;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SimulatorProgramTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    @Test
    @DisplayName("Opens a session for the key it was given, says where, and refuses another key")
    void serves() throws Exception {
        try (RealtimeSimulator simulator = SimulatorProgram.start(out, "--port", "0", "--key", "sk-mine")) {
            assertThat(printed.toString(StandardCharsets.UTF_8)).contains(simulator.baseUrl());
            assertThat(firstEvent(simulator, "sk-mine")).contains("\"session.created\"");
            assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> firstEvent(simulator, "sk-other"))
                    .withCauseInstanceOf(WebSocketHandshakeException.class)
                    .satisfies(e -> assertThat(((WebSocketHandshakeException) e.getCause()).getResponse().statusCode())
                            .isEqualTo(401));
        }
    }

    @Test
    @DisplayName("Takes texts line by line or from the column of a table")
    void texts(@TempDir Path folder) throws IOException {
        Path lines = Files.writeString(folder.resolve("lines.txt"), "Please wait.\nGoodbye.\n");

        SimulatorProgram.start(out, "--port", "0", "--recogniser", "--texts", lines.toString()).close();
        SimulatorProgram.start(out, "--port", "0", "--recogniser",
                "--texts", SpokenRecordings.FOLDER.resolve("texts.tsv").toString()).close();

        // the numbers in the table's other columns could not be listened for
        assertThat(printed.toString(StandardCharsets.UTF_8).lines().filter(line -> line.startsWith("Simulator ready"))).hasSize(2);
    }

    @Test
    @DisplayName("Answers as a scenario says, in words that can be heard, and names the file and line of a mistake")
    void scenario(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("mine.yaml"), "refused-handshakes: [{status: 429}]");
        try (RealtimeSimulator simulator = SimulatorProgram.start(out, "--port", "0", "--voice", "freetts", "--burst",
                "--scenario", file.toString())) {
            assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> firstEvent(simulator, "sk-simulator"));
            assertThat(firstEvent(simulator, "sk-simulator")).contains("\"session.created\"");
        }
        Files.writeString(file, "pace: 3\nrefused: 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SimulatorProgram.start(out, "--port", "0", "--scenario", file.toString()))
                .withMessageContaining("mine.yaml, line 2: unknown key 'refused'");
    }

    @Test
    @DisplayName("With TLS a client that trusts the certificate it wrote gets its refusal in secret")
    void tls(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("simulator.pem");
        try (RealtimeSimulator simulator = SimulatorProgram.start(out, "--port", "0", "--tls", file.toString())) {
            assertThat(simulator.baseUrl()).startsWith("https://");
            HandshakeCertificates trust = new HandshakeCertificates.Builder()
                    .addTrustedCertificate(Certificates.decodeCertificatePem(Files.readString(file))).build();
            HttpClient client = HttpClient.newBuilder().sslContext(trust.sslContext()).build();
            assertThat(client.send(HttpRequest.newBuilder(URI.create(simulator.baseUrl() + "/realtime?model=gpt-realtime")).build(),
                    HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "--port              | --port needs a value",
            "--key --port 0      | --key needs a value",
            "--port many         | not many",
            "--port 70000        | not 70000",
            "--recogniser        | go together",
            "--texts a           | go together",
            "--recogniser --texts no-such-file | no file no-such-file",
            "--voice loud       | freetts or tones, not loud",
            "--scenario no-such-file | no file no-such-file",
            "--loud              | Unknown argument: --loud"})
    @DisplayName("Wrong arguments are refused and named")
    void wrongArguments(String args, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> SimulatorProgram.start(out, args.split(" ")))
                .withMessageContaining(message);
    }

    private static String firstEvent(RealtimeSimulator simulator, String key) throws Exception {
        CompletableFuture<String> first = new CompletableFuture<>();
        WebSocket socket = HttpClient.newHttpClient().newWebSocketBuilder()
                .header("Authorization", "Bearer " + key)
                .buildAsync(URI.create(simulator.baseUrl().replace("http", "ws") + "/realtime?model=gpt-realtime"),
                        new WebSocket.Listener() {
                            private final StringBuilder text = new StringBuilder();

                            @Override
                            public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
                                text.append(data);
                                if (last) {
                                    first.complete(text.toString());
                                }
                                webSocket.request(1);
                                return null;
                            }
                        })
                .get(10, TimeUnit.SECONDS);
        String event = first.get(10, TimeUnit.SECONDS);
        socket.abort();
        return event;
    }
}
