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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.openai.client.okhttp.OkHttpClient;
import com.openai.core.ClientOptions;
import com.openai.core.http.WebSocketWriteNotAttempted;
import com.openai.helpers.RealtimeConnection;
import com.openai.helpers.RealtimeWebSocketOptions;
import com.openai.models.realtime.RealtimeClientEvent;
import com.openai.models.realtime.RealtimeServerEvent;
import io.github.camelrealtime.simulator.RealtimeSimulator;
import io.github.camelrealtime.simulator.Reply;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The simulator is judged by OpenAI's own Java SDK: it holds four kinds of turns with it, every event validated. */
@Tag("interop")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class JavaSdkTest {

    private static final String KEY = "sk-interop-test";
    private static final int CHUNK = 4_800;

    private RealtimeSimulator simulator;
    private OkHttpClient http;
    private RealtimeConnection connection;
    private final List<RealtimeServerEvent> seen = new ArrayList<>();

    @BeforeEach
    void connect() throws IOException {
        simulator = RealtimeSimulator.builder().apiKey(KEY).scenario(Scenario.builder()
                .onText("Hello there", Reply.text("Good morning."))
                .onText("train", Reply.functionCall("find_train", "{\"to\":\"Ghent\"}"))
                .onToolOutput("IC 540", Reply.text("Take the IC 540."))
                .onText("story", Reply.text("Once upon a time there was a long story. ".repeat(20)).every(Duration.ofMillis(50)))
                .onAudio(Reply.text("I heard you."))
                .build()).build();
        simulator.start();
        http = OkHttpClient.builder().build();
        connection = RealtimeConnection.connect(
                ClientOptions.builder().httpClient(http).baseUrl(simulator.baseUrl()).apiKey(KEY).build(),
                RealtimeWebSocketOptions.builder().model("gpt-realtime-2.1").build());
        until(RealtimeServerEvent::isSessionCreated);
    }

    @AfterEach
    void close() {
        connection.close();
        http.close();
        simulator.close();
        // SIM-7
        assertThat(simulator.violations()).isEmpty();
    }

    private interface Wanted {
        boolean is(RealtimeServerEvent event);
    }

    private RealtimeServerEvent until(Wanted wanted) {
        while (true) {
            RealtimeServerEvent event = connection.receive().validate();
            seen.add(event);
            assertThat(event.isError()).as("error %s", event).isFalse();
            if (wanted.is(event)) {
                return event;
            }
        }
    }

    /** Their client refuses to queue while the socket writes: who sends has to come again. */
    private void send(String event) {
        RealtimeClientEvent typed = OfficialTypes.client(event);
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> {
            try {
                connection.send(typed);
                return true;
            } catch (WebSocketWriteNotAttempted.Busy busy) {
                return false;
            }
        });
    }

    private void configure(String members) {
        send("{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\"," + members + "}}");
        until(RealtimeServerEvent::isSessionUpdated);
    }

    private void ask(String text) {
        send("{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\",\"role\":\"user\","
             + "\"content\":[{\"type\":\"input_text\",\"text\":\"" + text + "\"}]}}");
        send("{\"type\":\"response.create\"}");
    }

    private void speak(byte[] pcm) {
        for (int at = 0; at < pcm.length; at += CHUNK) {
            byte[] chunk = Arrays.copyOfRange(pcm, at, Math.min(at + CHUNK, pcm.length));
            send("{\"type\":\"input_audio_buffer.append\",\"audio\":\"" + Base64.getEncoder().encodeToString(chunk) + "\"}");
        }
    }

    private String status(RealtimeServerEvent done) {
        return done.asResponseDone().response().status().orElseThrow().asString();
    }

    @Test
    @DisplayName("SIM-8 SIM-9 a text turn")
    void text() {
        configure("\"output_modalities\":[\"text\"]");
        ask("Hello there");

        assertThat(status(until(RealtimeServerEvent::isResponseDone))).isEqualTo("completed");
        assertThat(seen).filteredOn(RealtimeServerEvent::isResponseOutputTextDone)
                .extracting(event -> event.asResponseOutputTextDone().text()).containsExactly("Good morning.");
    }

    @Test
    @DisplayName("SIM-8 SIM-9 an audio turn, its end found by the server")
    void audio() {
        configure("\"audio\":{\"input\":{\"transcription\":{\"model\":\"gpt-realtime-whisper\"},"
                  + "\"turn_detection\":{\"type\":\"server_vad\",\"silence_duration_ms\":300}}}");
        speak(SyntheticSpeech.pcm(2_000));
        speak(SyntheticSpeech.silence(1_000));

        assertThat(status(until(RealtimeServerEvent::isResponseDone))).isEqualTo("completed");
        if (seen.stream().noneMatch(RealtimeServerEvent::isConversationItemInputAudioTranscriptionCompleted)) {
            until(RealtimeServerEvent::isConversationItemInputAudioTranscriptionCompleted);
        }
        assertThat(seen).filteredOn(RealtimeServerEvent::isResponseOutputAudioDelta)
                .extracting(event -> Base64.getDecoder().decode(event.asResponseOutputAudioDelta().delta()).length)
                .isNotEmpty().allMatch(length -> length > 0);
        assertThat(seen).filteredOn(RealtimeServerEvent::isInputAudioBufferSpeechStarted).hasSize(1);
    }

    @Test
    @DisplayName("SIM-8 SIM-9 a turn with a tool")
    void tool() {
        configure("\"output_modalities\":[\"text\"],\"tools\":[{\"type\":\"function\",\"name\":\"find_train\","
                  + "\"description\":\"Find a train\",\"parameters\":{\"type\":\"object\","
                  + "\"properties\":{\"to\":{\"type\":\"string\"}}}}]");
        ask("When is the next train to Ghent?");
        var call = until(RealtimeServerEvent::isResponseFunctionCallArgumentsDone).asResponseFunctionCallArgumentsDone();
        assertThat(call.arguments()).isEqualTo("{\"to\":\"Ghent\"}");
        until(RealtimeServerEvent::isResponseDone);
        send("{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"function_call_output\",\"call_id\":\""
             + call.callId() + "\",\"output\":\"{\\\"train\\\":\\\"IC 540\\\"}\"}}");
        send("{\"type\":\"response.create\"}");

        assertThat(status(until(RealtimeServerEvent::isResponseDone))).isEqualTo("completed");
        assertThat(seen).filteredOn(RealtimeServerEvent::isResponseOutputTextDone)
                .extracting(event -> event.asResponseOutputTextDone().text()).containsExactly("Take the IC 540.");
    }

    @Test
    @DisplayName("SIM-8 SIM-9 a turn that the user interrupts by speaking")
    void interrupted() {
        configure("\"audio\":{\"input\":{\"turn_detection\":{\"type\":\"server_vad\",\"silence_duration_ms\":300}}}");
        ask("Tell me a long story");
        String itemId = until(RealtimeServerEvent::isResponseOutputAudioDelta).asResponseOutputAudioDelta().itemId();
        speak(SyntheticSpeech.pcm(2_000));
        until(RealtimeServerEvent::isInputAudioBufferSpeechStarted);
        send("{\"type\":\"conversation.item.truncate\",\"item_id\":\"" + itemId + "\",\"content_index\":0,\"audio_end_ms\":20}");

        RealtimeServerEvent truncated = until(RealtimeServerEvent::isConversationItemTruncated);
        assertThat(truncated.asConversationItemTruncated().audioEndMs()).isEqualTo(20);
        assertThat(seen).filteredOn(RealtimeServerEvent::isResponseDone).extracting(this::status).containsExactly("cancelled");
    }
}
