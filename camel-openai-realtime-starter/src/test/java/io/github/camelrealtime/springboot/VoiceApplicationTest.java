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
package io.github.camelrealtime.springboot;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.BackpressureStrategy;
import io.github.camelrealtime.OpenAIRealtimeComponent;
import io.github.camelrealtime.OpenAIRealtimeConfiguration;
import io.github.camelrealtime.simulator.RealtimeSimulator;
import io.github.camelrealtime.simulator.RealtimeSimulatorExtension;
import io.github.camelrealtime.simulator.SessionType;
import io.github.camelrealtime.simulator.SimulatedSession;
import io.github.camelrealtime.springboot.application.VoiceApplication;
import kotlin.KotlinVersion;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** A conversation and a transcription, with the libraries that Boot's BOM chooses. */
@SpringBootTest(classes = VoiceApplication.class, webEnvironment = WebEnvironment.NONE, properties = {
        "camel.component.openai-realtime.api-key=sk-of-the-application",
        "camel.component.openai-realtime.connect-timeout=4s",
        "camel.component.openai-realtime.request-timeout=9000",
        "camel.component.openai-realtime.backpressure-strategy=drop-oldest",
        "camel.component.openai-realtime.sessions.support.model=gpt-realtime-mini",
        "camel.component.openai-realtime.sessions.support.output-modalities=text",
        "camel.component.openai-realtime.sessions.support.turn-detection=server_vad",
        "camel.component.openai-realtime.sessions.support.vadSilenceDuration=1s",
        "camel.component.openai-realtime.sessions.support.session-properties.audio.output.speed=1.1",
        "camel.component.openai-realtime.sessions[scribe].language=nl"
})
@DirtiesContext
class VoiceApplicationTest {

    private static final int SAMPLES = 48_000;

    @RegisterExtension
    static final RealtimeSimulatorExtension SIMULATOR
            = new RealtimeSimulatorExtension(() -> RealtimeSimulator.builder().apiKey("sk-of-the-application"));

    @Autowired
    private CamelContext camel;
    @Autowired
    private ProducerTemplate template;

    @DynamicPropertySource
    static void simulator(DynamicPropertyRegistry properties) {
        properties.add("camel.component.openai-realtime.base-url", SIMULATOR::baseUrl);
    }

    @Test
    @DisplayName("A question is answered over the WebSocket, in the session that the properties declare")
    void conversation() {
        String answer = template.requestBody("direct:ask", "Good morning", String.class);

        assertThat(answer).contains("Good morning");
        SimulatedSession session = session(SessionType.REALTIME);
        assertThat(session.model()).isEqualTo("gpt-realtime-mini");
        JsonNode config = session.effectiveConfig();
        assertThat(config.at("/output_modalities").toString()).isEqualTo("[\"text\"]");
        assertThat(config.at("/audio/input/turn_detection/type").asText()).isEqualTo("server_vad");
        assertThat(config.at("/audio/input/turn_detection/silence_duration_ms").asInt()).isEqualTo(1000);
        assertThat(config.at("/audio/output/speed").asDouble()).isEqualTo(1.1);
    }

    @Test
    @DisplayName("Audio is transcribed over the WebSocket, every sample of it once")
    void transcription() {
        Object transcript = template.requestBody("direct:transcribe", tone());

        assertThat(transcript).isEqualTo("samples 0.." + SAMPLES);
        assertThat(session(SessionType.TRANSCRIPTION).effectiveConfig().at("/audio/input/transcription/language").asText())
                .isEqualTo("nl");
    }

    @Test
    @DisplayName("Properties arrive in the component's configuration, and what is not set stays so")
    void properties() {
        OpenAIRealtimeConfiguration configuration
                = camel.getComponent("openai-realtime", OpenAIRealtimeComponent.class).getConfiguration();

        assertThat(configuration.getApiKey()).isEqualTo("sk-of-the-application");
        assertThat(configuration.getBaseUrl()).isEqualTo(SIMULATOR.baseUrl());
        assertThat(configuration.getConnectTimeout()).isEqualTo(4_000);
        assertThat(configuration.getRequestTimeout()).isEqualTo(9_000);
        assertThat(configuration.getBackpressureStrategy()).isEqualTo(BackpressureStrategy.DROP_OLDEST);
        assertThat(configuration.getSessionType()).isNull();
        assertThat(configuration.getVadCreateResponse()).isNull();
        assertThat(configuration.getQueueSize()).isEqualTo(1000);
    }

    @Test
    @Tag("camel-4.18-only")
    @DisplayName("All of this runs on the old Kotlin library that Boot 3.5 chooses")
    void kotlinOfBoot35() {
        assertThat(KotlinVersion.CURRENT).hasToString("1.9.25");
    }

    @Test
    @Tag("camel-4.22-only")
    @DisplayName("All of this runs on the Kotlin library that Boot 4.1 chooses")
    void kotlinOfBoot41() {
        assertThat(KotlinVersion.CURRENT).hasToString("2.3.21");
    }

    private static SimulatedSession session(SessionType type) {
        List<SimulatedSession> sessions = SIMULATOR.simulator().sessions().stream().filter(s -> s.type() == type).toList();
        assertThat(sessions).hasSize(1);
        return sessions.get(0);
    }

    /** PCM, 16 bit, 24 kHz. */
    private static byte[] tone() {
        byte[] pcm = new byte[SAMPLES * 2];
        for (int i = 0; i < SAMPLES; i++) {
            short sample = (short) (8000 * Math.sin(i * 0.1));
            pcm[2 * i] = (byte) sample;
            pcm[2 * i + 1] = (byte) (sample >> 8);
        }
        return pcm;
    }
}
