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

import java.util.Map;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.SessionType;
import io.github.camelrealtime.net.HostList;
import io.github.camelrealtime.net.Provider;
import io.github.camelrealtime.session.SessionConfig;
import io.github.camelrealtime.session.TurnMode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SessionConfigFactoryTest {

    private final OpenAIRealtimeConfiguration options = new OpenAIRealtimeConfiguration();

    private SessionConfig config() {
        return SessionConfigFactory.create(options, false);
    }

    @Test
    @DisplayName("CFG-1 defaults: the model goes with the address, and nothing is sent that was not set")
    void defaults() {
        SessionConfig config = config();
        assertThat(config.type()).isEqualTo(SessionType.REALTIME);
        assertThat(config.uri()).hasToString("wss://api.openai.com/v1/realtime?model=gpt-realtime-2.1");
        assertThat(config.firstUpdate()).isNull();
        assertThat(config.turns()).isEqualTo(TurnMode.SERVER);
        assertThat(config.inputFormat()).isEqualTo(AudioFormat.PCM_24K);
        assertThat(config.transcribesInput()).isFalse();
        assertThat(config.timeouts()).isEqualTo(new SessionConfig.Timeouts(10_000, 5_000, 30_000, 2_000, 300_000));
        assertThat(config.backoff()).isEqualTo(new SessionConfig.Backoff(500, 30_000, 5));
        assertThat(config.audioQueue().maxMillis()).isEqualTo(2_000);
    }

    @Test
    @DisplayName("SEG-1 transcribe and models that refuse turn detection: our segmenter, null on the wire")
    void transcription() {
        SessionConfig config = SessionConfigFactory.create(options, true);
        assertThat(config.type()).isEqualTo(SessionType.TRANSCRIPTION);
        assertThat(config.uri().getQuery()).isEqualTo("intent=transcription");
        assertThat(config.model()).isEqualTo("gpt-live-transcribe");
        assertThat(config.turns()).isEqualTo(TurnMode.CLIENT);
        assertThat(config.transcribesInput()).isTrue();
        ObjectNode input = (ObjectNode) config.firstUpdate().at("/audio/input");
        assertThat(input.get("turn_detection").isNull()).isTrue();
        assertThat(input.at("/transcription/model").asText()).isEqualTo("gpt-live-transcribe");
        assertThat(config.firstUpdate().path("type").asText()).isEqualTo("transcription");

        options.setSessionType(SessionType.TRANSCRIPTION);
        assertThat(config().turns()).isEqualTo(TurnMode.CLIENT);
        options.setTranscriptionModel("gpt-4o-transcribe");
        assertThat(config().turns()).isEqualTo(TurnMode.SERVER);
        options.setModel("whisper-1");
        assertThatIllegalArgumentException().isThrownBy(this::config).withMessageContaining("whisper-1");
    }

    @Test
    void onlyOneEndsTheTurns() {
        options.setTurnDetection("server_vad");
        assertThatIllegalArgumentException().isThrownBy(() -> SessionConfigFactory.create(options, true))
                .withMessageContaining("operation=transcribe");
        options.setSegmentation(true);
        assertThatIllegalArgumentException().isThrownBy(this::config).withMessageContaining("segmentation=true");
        options.setTurnDetection("none");
        assertThat(config().turns()).isEqualTo(TurnMode.CLIENT);
        options.setSegmentation(null);
        assertThat(config().turns()).isEqualTo(TurnMode.MANUAL);
    }

    @Test
    @DisplayName("CFG-7 what is put in by hand counts as well: turns, transcription, and the audio format")
    void byHand() {
        options.setSessionConfig("{\"audio\":{\"input\":{\"turn_detection\":null,\"format\":{\"type\":\"audio/pcmu\"}}}}");
        options.setSessionProperties(Map.of("audio.input.transcription.model", "whisper-1", "audio.output.format.type", "audio/pcma"));
        SessionConfig config = config();
        assertThat(config.turns()).isEqualTo(TurnMode.MANUAL);
        assertThat(config.transcribesInput()).isTrue();
        assertThat(config.inputFormat()).isEqualTo(AudioFormat.PCMU_8K);
        assertThat(config.outputFormat()).isEqualTo(AudioFormat.PCMA_8K);
    }

    @ParameterizedTest
    @CsvSource({
            "https://api.openai.com/v1/,wss://api.openai.com/v1/realtime?model=m+x",
            "HTTPS://EU.api.openai.com/v1,wss://EU.api.openai.com/v1/realtime?model=m+x",
            "wss://voice.azure-api.net/openai/v1,wss://voice.azure-api.net/openai/v1/realtime?model=m+x",
            "wss://gateway.example:8443/openai,wss://gateway.example:8443/openai/realtime?model=m+x",
            "http://localhost:8080/v1,ws://localhost:8080/v1/realtime?model=m+x",
            "http://127.0.0.1:1/v1,ws://127.0.0.1:1/v1/realtime?model=m+x",
            "ws://[::1]:1,ws://[::1]:1/realtime?model=m+x" })
    @DisplayName("NET-5 the socket's address is that of baseUrl")
    void addresses(String base, String uri) {
        options.setBaseUrl(base);
        options.setModel("m x");
        HostList allowed = HostList.parse("allowedHosts", "gateway.example");
        assertThat(SessionConfigFactory.create(options, false, allowed, key -> key).uri()).hasToString(uri);
    }

    @ParameterizedTest
    @CsvSource({
            "https://r.openai.azure.com, wss://r.openai.azure.com/openai/v1",
            "https://r.openai.azure.com/, wss://r.openai.azure.com/openai/v1",
            "https://r.openai.azure.com/openai, wss://r.openai.azure.com/openai/v1",
            "https://r.openai.azure.com/openai/v1/, wss://r.openai.azure.com/openai/v1",
            "wss://r.services.ai.azure.com, wss://r.services.ai.azure.com/openai/v1",
            "https://r.cognitiveservices.azure.com, wss://r.cognitiveservices.azure.com/openai/v1",
            "https://r.azure-api.net/voice, wss://r.azure-api.net/voice/openai/v1",
            "https://r.azure-api.net/voice/openai/v1, wss://r.azure-api.net/voice/openai/v1",
            "http://127.0.0.1:7, ws://127.0.0.1:7/openai/v1" })
    @DisplayName("NET-3 provider=azure: the GA address of the resource, the deployment as model, or the intent")
    void azureAddresses(String base, String expected) {
        options.setProvider(Provider.AZURE);
        options.setBaseUrl(base);
        options.setModel("my voice");
        assertThat(config().uri()).hasToString(expected + "/realtime?model=my+voice");
        options.setSessionType(SessionType.TRANSCRIPTION);
        assertThat(config().uri()).hasToString(expected + "/realtime?intent=transcription");
    }

    @Test
    @DisplayName("CFG-16 each provider has its own key, and its own header for it; with credentials no key is looked for")
    void keyOfProvider() {
        options.setApiKey("k");
        assertThat(config().headers().get()).isEqualTo(Map.of("Authorization", "Bearer k"));
        options.setProvider(Provider.AZURE);
        options.setBaseUrl("https://r.openai.azure.com");
        options.setModel("m");
        assertThat(config().headers().get()).isEqualTo(Map.of("api-key", "k"));
        options.setCredentials(address -> "token");
        assertThat(config().headers().get()).isEmpty();
    }

    @Test
    @DisplayName("CFG-17 tracing is not mentioned unless set; none switches it off, auto on")
    void tracing() {
        options.setVoice("marin");
        assertThat(config().firstUpdate().has("tracing")).isFalse();
        options.setTracing("none");
        assertThat(config().firstUpdate().get("tracing").isNull()).isTrue();
        options.setTracing("auto");
        assertThat(config().firstUpdate().path("tracing").asText()).isEqualTo("auto");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "http://api.openai.com/v1", "ws://10.0.0.1/v1", "http://127.0.0.1.evil.example/v1", "http://1.example/v1", "http:///v1",
            "ftp://localhost/v1", "api.openai.com/v1" })
    @DisplayName("SEC-10 an address that would show the key is refused, without looking its name up")
    void plainAddresses(String base) {
        options.setBaseUrl(base);
        assertThatIllegalArgumentException().isThrownBy(this::config).withMessageContaining("baseUrl");
    }

    @Test
    @DisplayName("ROLL-9 the key is read at every dial, and is no part of what is printed")
    void headers() {
        options.setApiKey(" sk-one ");
        options.setOrganization("org");
        options.setProject("proj");
        SessionConfig config = config();
        assertThat(config.headers().get()).isEqualTo(Map.of(
                "Authorization", "Bearer sk-one", "OpenAI-Organization", "org", "OpenAI-Project", "proj"));
        options.setApiKey("sk-two");
        assertThat(config.headers().get()).containsEntry("Authorization", "Bearer sk-two");
        assertThat(config.toString()).doesNotContain("sk-");
    }

    @Test
    void rangesAreChecked() {
        options.setSpeed(2.0);
        assertThatIllegalArgumentException().isThrownBy(this::config).withMessage("Option speed is 2.0, allowed is 0.25 to 1.5");
        options.setSpeed(null);
        options.setMaxReconnectAttempts(0);
        assertThatIllegalArgumentException().isThrownBy(this::config).withMessageContaining("maxReconnectAttempts");
    }
}
