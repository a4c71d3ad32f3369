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
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class InputBufferTest extends WireTest {

    @ParameterizedTest(name = "SIM-3 a commit of {0} bytes fails with the service''s text, naming {1} ms")
    @CsvSource({"0, 0.00", "4798, 99.96", "2400, 50.00"})
    void tooSmall(int bytes, String millis) {
        start(Scenario.standard());
        Client client = manual();
        if (bytes > 0) {
            client.append(new byte[bytes]);
        }
        client.send("{'type':'input_audio_buffer.commit','event_id':'ptt-1'}");
        JsonNode error = client.expectError();
        assertThat(error).isEqualTo(json("{'type':'invalid_request_error','code':'input_audio_buffer_commit_empty','message':"
                + "'Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer only has "
                + millis + "ms of audio.','param':null,'event_id':'ptt-1'}"));
        assertThat(session().committedRanges()).isEmpty();
    }

    @Test
    @DisplayName("SIM-2 100 ms can be committed; append and commit start no response and append is never acknowledged")
    void justEnough() {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        client.send("{'type':'session.update','session':{'type':'realtime','audio':{'input':{'turn_detection':null}}}}");
        client.expect("session.updated");
        client.append(new byte[4_800]);
        client.expectNothingMore();
        client.append(new byte[4_800]);
        client.send("{'type':'input_audio_buffer.commit'}");
        client.expect("input_audio_buffer.committed", "conversation.item.added", "conversation.item.done");
        client.expectNothingMore();
    }

    @Test
    @DisplayName("SIM-2 clear forgets what was appended, but not that it was counted")
    void cleared() {
        start(Scenario.standard());
        Client client = manual();
        client.append(SyntheticSpeech.pcm(1_000));
        client.send("{'type':'input_audio_buffer.clear'}");
        client.expect("input_audio_buffer.cleared");
        client.send("{'type':'input_audio_buffer.commit'}");
        assertThat(client.expectError().path("message").asText()).contains("0.00ms");
        client.append(SyntheticSpeech.pcm(500));
        client.send("{'type':'input_audio_buffer.commit'}");
        client.expect("input_audio_buffer.committed");
        assertThat(session().committedRanges()).containsExactly(new SampleRange(24_000, 36_000));
    }

    @Test
    @DisplayName("SIM-2 chunks of any size are one stream of bytes: half a sample waits for its other half")
    void oddChunks() {
        start(RealtimeSimulator.builder().transcriber(clip -> Transcription.of(Integer.toString(Arrays.hashCode(clip.pcm16())))));
        Client client = manual();
        byte[] pcm = SyntheticSpeech.pcm(400);
        for (int at = 0; at < pcm.length; at += 333) {
            client.append(Arrays.copyOfRange(pcm, at, Math.min(pcm.length, at + 333)));
        }
        client.send("{'type':'input_audio_buffer.commit'}");
        assertThat(client.await("conversation.item.input_audio_transcription.completed").path("transcript").asText())
                .isEqualTo(Integer.toString(Arrays.hashCode(pcm)));
    }

    @Test
    @DisplayName("SIM-3 an append of exactly 15 MiB is taken, one byte more is refused")
    void largestAppend() {
        RealtimeSimulator simulator = start(Scenario.standard());
        // OkHttp's own client cannot send a message of 20 MiB
        WebSocket socket = HttpClient.newHttpClient().newWebSocketBuilder().header("Authorization", "Bearer sk-simulator")
                .buildAsync(URI.create(simulator.baseUrl().replace("http", "ws") + "/realtime?intent=transcription"),
                        new WebSocket.Listener() { }).join();
        int largest = 15 * 1024 * 1024;
        append(socket, largest + 1);
        await().atMost(60, TimeUnit.SECONDS).until(() -> session().sent("error").size() == 1);
        assertThat(session().sent("error").get(0).at("/error/code").asText()).isEqualTo("invalid_value");
        assertThat(session().sent("error").get(0).at("/error/param").asText()).isEqualTo("audio");
        assertThat(session().appendedSamples()).isZero();
        append(socket, largest);
        await().atMost(60, TimeUnit.SECONDS).until(() -> session().appendedSamples() == largest / 2);
        assertThat(session().sent("error")).hasSize(1);
        socket.abort();
    }

    private static void append(WebSocket socket, int bytes) {
        socket.sendText("{\"type\":\"input_audio_buffer.append\",\"audio\":\""
                + Base64.getEncoder().encodeToString(new byte[bytes]) + "\"}", true).join();
    }

    private Client manual() {
        Client client = connect(REALTIME);
        client.send("{'type':'session.update','session':{'type':'realtime','audio':{'input':{'transcription':"
                + "{'model':'whisper-1'},'turn_detection':null}}}}");
        client.expect("session.updated");
        return client;
    }
}
