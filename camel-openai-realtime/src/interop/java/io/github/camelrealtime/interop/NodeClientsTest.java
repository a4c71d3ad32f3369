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

package io.github.camelrealtime.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.simulator.RealtimeSimulator;
import io.github.camelrealtime.simulator.Reply;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SimulatedSession;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The simulator is judged by OpenAI's own JavaScript clients: each holds four kinds of turns with it. */
@Tag("interop")
class NodeClientsTest {

    private static final String KEY = "sk-interop-test";
    private static final String LONG = "Once upon a time there was a very long story that went on and on. ".repeat(20);

    @TempDir
    Path folder;

    private RealtimeSimulator simulator;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void start() throws IOException {
        HeldCertificate certificate = new HeldCertificate.Builder().addSubjectAlternativeName("localhost")
                .addSubjectAlternativeName("127.0.0.1").build();
        Path authority = folder.resolve("authority.pem");
        Files.writeString(authority, certificate.certificatePem());
        environment.put("INTEROP_CA", authority.toString());
        environment.put("NODE_EXTRA_CA_CERTS", authority.toString());
        simulator = RealtimeSimulator.builder().apiKey(KEY).tls(new HandshakeCertificates.Builder()
                .heldCertificate(certificate).build().sslSocketFactory()).scenario(Scenario.builder()
                .onText("Hello there", Reply.text("Good morning."))
                .onText("train", Reply.functionCall("find_train", "{\"to\":\"Ghent\"}"))
                .onToolOutput("IC 540", Reply.text("Take the IC 540."))
                .onText("story", Reply.text(LONG).every(Duration.ofMillis(50)))
                .onAudio(Reply.text("I heard you."))
                .build()).build();
        simulator.start();
        Path speech = folder.resolve("speech.pcm");
        Files.write(speech, SyntheticSpeech.pcm(2_000));
        environment.put("INTEROP_BASE_URL", simulator.baseUrl());
        environment.put("INTEROP_API_KEY", KEY);
        environment.put("INTEROP_PCM", speech.toString());
    }

    @AfterEach
    void stop() {
        simulator.close();
        // SIM-7
        assertThat(simulator.violations()).isEmpty();
    }

    private SimulatedSession session() {
        assertThat(simulator.sessions()).hasSize(1);
        return simulator.sessions().get(0);
    }

    @ParameterizedTest
    @ValueSource(strings = { "openai.mjs", "agents.mjs" })
    @DisplayName("SIM-9, over TLS: a text turn")
    void text(String client) throws Exception {
        JsonNode seen = NodeClient.run(environment, client, "text");

        assertThat(seen.path("text").asText()).isEqualTo("Good morning.");
        assertThat(seen.path("statuses")).extracting(JsonNode::asText).containsExactly("completed");
        assertThat(seen.path("errors")).isEmpty();
        assertThat(session().sent("error")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = { "openai.mjs", "agents.mjs" })
    @DisplayName("SIM-9, over TLS: an audio turn, its end found by the server")
    void audio(String client) throws Exception {
        JsonNode seen = NodeClient.run(environment, client, "audio");

        assertThat(seen.path("text").asText()).isEqualTo("I heard you.");
        assertThat(seen.path("audioBytes").asLong()).isPositive();
        assertThat(seen.path("userTranscript").asText()).isNotEmpty();
        assertThat(seen.path("statuses")).extracting(JsonNode::asText).containsExactly("completed");
        assertThat(session().sent("error")).isEmpty();
        assertThat(session().sent("input_audio_buffer.committed")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = { "openai.mjs", "agents.mjs" })
    @DisplayName("SIM-9, over TLS: a turn with a tool")
    void tool(String client) throws Exception {
        JsonNode seen = NodeClient.run(environment, client, "tool");

        assertThat(seen.path("tool").path("name").asText()).isEqualTo("find_train");
        assertThat(seen.path("tool").path("arguments").asText()).isEqualTo("{\"to\":\"Ghent\"}");
        assertThat(seen.path("text").asText()).isEqualTo("Take the IC 540.");
        assertThat(seen.path("statuses")).extracting(JsonNode::asText).containsExactly("completed", "completed");
        assertThat(session().sent("error")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = { "openai.mjs", "agents.mjs" })
    @DisplayName("SIM-9, over TLS: a turn that the user interrupts by speaking")
    void interrupted(String client) throws Exception {
        JsonNode seen = NodeClient.run(environment, client, "interrupt");

        assertThat(seen.path("statuses").get(0).asText()).isEqualTo("cancelled");
        assertThat(seen.path("truncatedMs").isIntegralNumber()).isTrue();
        assertThat(seen.path("audioBytes").asLong()).isPositive();
        assertThat(session().sent("conversation.item.truncated")).isNotEmpty();
        assertThat(session().sent("response.done").get(0).at("/response/status_details/reason").asText())
                .isEqualTo("turn_detected");
        assertThat(session().sent("error")).isEmpty();
    }
}
