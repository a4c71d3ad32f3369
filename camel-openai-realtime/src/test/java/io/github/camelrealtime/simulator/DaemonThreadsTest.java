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

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import io.github.camelrealtime.simulator.fault.Faults;
import io.github.camelrealtime.simulator.fault.RawWebSocketServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class DaemonThreadsTest {

    /** An application whose start fails while both servers run and a session is open. Nobody closes anything. */
    static final class Dying {

        private Dying() {
        }

        public static void main(String[] args) throws Exception {
            RawWebSocketServer.start(Faults.none());
            RealtimeSimulator simulator = RealtimeSimulator.builder().build();
            simulator.start();
            HttpClient.newHttpClient().newWebSocketBuilder().header("Authorization", "Bearer sk-simulator")
                    .buildAsync(URI.create(simulator.baseUrl().replaceFirst("http", "ws") + "/realtime?model=gpt-realtime"),
                            new WebSocket.Listener() {
                            })
                    .get(20, TimeUnit.SECONDS);
            throw new AssertionError("The start has failed with " + simulator.openSockets() + " session open");
        }
    }

    @Test
    @DisplayName("A JVM whose start-up dies with an Error ends by itself, although simulator, session and fault server run in it")
    void endsByItself(@TempDir Path folder) throws Exception {
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"), Dying.class.getName())
                .redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            String said = Files.readString(output, StandardCharsets.UTF_8);
            assertThat(said).contains("The start has failed with 1 session open");
            assertThat(ended).as("ended by itself: %s", said).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
        } finally {
            process.destroyForcibly();
        }
    }
}
