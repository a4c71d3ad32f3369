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

import java.util.List;
import java.util.Map;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Handshake;
import io.github.camelrealtime.simulator.SimulatedSession;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What the options of an endpoint become on the wire. */
class SessionUpdateTest {

    private static final String NEWER_MODEL = "gpt-realtime-99-preview";
    private static final String TRANSCRIPTION = "openai-realtime:support?sessionType=transcription";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel(builder -> builder.model(NEWER_MODEL).model("gpt-realtime"));

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void record() {
        log.start();
        logger().addAppender(log);
    }

    @AfterEach
    void stopRecording() {
        logger().detachAppender(log);
    }

    // ---- models

    @Test
    @DisplayName("CFG-1 a model id that nobody has heard of is passed on as it is")
    void unknownModel() throws Exception {
        SimulatedSession server = open("openai-realtime:support?model=" + NEWER_MODEL);
        assertThat(handshake().query()).isEqualTo("model=" + NEWER_MODEL);
        assertThat(server.model()).isEqualTo(NEWER_MODEL);
    }

    @Test
    @DisplayName("CFG-1 voice and transcription model are free text")
    void freeText() throws Exception {
        SimulatedSession server = open("openai-realtime:support?voice=aria-of-2031&transcriptionModel=scribe-of-2031");
        assertThat(update(server).at("/audio/output/voice").asText()).isEqualTo("aria-of-2031");
        assertThat(update(server).at("/audio/input/transcription/model").asText()).isEqualTo("scribe-of-2031");
    }

    @Test
    @DisplayName("CFG-1 a conversation is with gpt-realtime-2.1 unless told otherwise")
    void defaultModel() throws Exception {
        SimulatedSession server = open("openai-realtime:support");
        assertThat(handshake().query()).isEqualTo("model=gpt-realtime-2.1");
        assertThat(server.model()).isEqualTo("gpt-realtime-2.1");
    }

    @Test
    @DisplayName("CFG-1 a transcription session is with gpt-live-transcribe unless told otherwise, and names it in the update")
    void defaultTranscriptionModel() throws Exception {
        SimulatedSession server = open(TRANSCRIPTION);
        assertThat(handshake().query()).isEqualTo("intent=transcription");
        assertThat(update(server).path("type").asText()).isEqualTo("transcription");
        assertThat(update(server).at("/audio/input/transcription/model").asText()).isEqualTo("gpt-live-transcribe");
    }

    // ---- unset, off, value

    @Test
    @DisplayName("CFG-3 none is sent as null, and the service has it switched off")
    void noneIsNull() throws Exception {
        SimulatedSession server = open(
                "openai-realtime:support?turnDetection=none&noiseReduction=none&transcriptionModel=none");
        for (String member : List.of("turn_detection", "noise_reduction", "transcription")) {
            assertThat(update(server).at("/audio/input/" + member).isNull()).as(member).isTrue();
            assertThat(server.effectiveConfig().at("/audio/input/" + member).isNull()).as(member).isTrue();
        }
    }

    @Test
    @DisplayName("CFG-3 what is not set is not sent")
    void unsetIsNotSent() throws Exception {
        SimulatedSession server = open("openai-realtime:support?voice=cedar");
        assertThat(update(server).toString())
                .isEqualTo("{\"type\":\"realtime\",\"audio\":{\"output\":{\"voice\":\"cedar\"}}}");
    }

    @Test
    @DisplayName("CFG-3 a value is sent as such")
    void valueIsSent() throws Exception {
        SimulatedSession server = open("openai-realtime:support?turnDetection=semantic_vad&vadEagerness=low"
                                       + "&noiseReduction=near_field&transcriptionModel=gpt-transcribe");
        JsonNode input = update(server).at("/audio/input");
        assertThat(input.path("turn_detection").toString()).isEqualTo("{\"type\":\"semantic_vad\",\"eagerness\":\"low\"}");
        assertThat(input.path("noise_reduction").toString()).isEqualTo("{\"type\":\"near_field\"}");
        assertThat(input.path("transcription").toString()).isEqualTo("{\"model\":\"gpt-transcribe\"}");
    }

    // ---- type and rate

    @ParameterizedTest
    @CsvSource({
            "'inputAudioFormat=pcm16&outputAudioFormat=pcm16'",
            "'sessionProperties.audio.input.format.type=audio/pcm&sessionProperties.audio.output.format.type=audio/pcm'" })
    @DisplayName("CFG-6 PCM has its rate of 24000, whether by option or by hand, and the update names its type")
    void rateOfPcm(String options) throws Exception {
        SimulatedSession server = open("openai-realtime:support?" + options);
        assertThat(update(server).path("type").asText()).isEqualTo("realtime");
        for (String direction : List.of("input", "output")) {
            assertThat(update(server).at("/audio/" + direction + "/format").toString())
                    .isEqualTo("{\"type\":\"audio/pcm\",\"rate\":24000}");
        }
    }

    @Test
    @DisplayName("CFG-6 G.711 has no rate")
    void noRateOfTelephony() throws Exception {
        SimulatedSession server = open("openai-realtime:support?inputAudioFormat=pcmu&outputAudioFormat=pcma");
        assertThat(update(server).at("/audio/input/format").toString()).isEqualTo("{\"type\":\"audio/pcmu\"}");
        assertThat(update(server).at("/audio/output/format").toString()).isEqualTo("{\"type\":\"audio/pcma\"}");
    }

    @Test
    @DisplayName("CFG-6 an update written by hand gets its type, and its PCM without a rate is the PCM that there is")
    void updateByHand() throws Exception {
        SimulatedSession server = open("openai-realtime:support?instructions=Hi&operation=send-event");
        Exchange sent = RealtimeCamel.done(camel.tell("direct:ask", Map.of("type", "session.update", "session",
                Map.of("instructions", "Be brief.", "audio", Map.of("input", Map.of("format", Map.of("type", "audio/pcm")))))));
        assertThat(sent.getException()).isNull();
        await().atMost(RealtimeCamel.PATIENCE).until(() -> server.sent("session.updated").size() == 2);
        JsonNode second = server.received("session.update").get(1).path("session");
        assertThat(second.toString()).isEqualTo("{\"type\":\"realtime\",\"instructions\":\"Be brief.\"}");
        assertThat(server.sent("error")).isEmpty();
    }

    // ---- fields without an option

    @Test
    @DisplayName("CFG-7 sessionProperties are nested by their dots; values are JSON, or else text")
    void sessionProperties() throws Exception {
        SimulatedSession server = open("openai-realtime:support"
                                       + "?sessionProperties.truncation={\"type\":\"retention_ratio\",\"retention_ratio\":0.5}"
                                       + "&sessionProperties.audio.output.speed=1.1"
                                       + "&sessionProperties.parallel_tool_calls=false"
                                       + "&sessionProperties.instructions=5 rules: be brief");
        JsonNode update = update(server);
        assertThat(update.at("/truncation/retention_ratio").doubleValue()).isEqualTo(0.5);
        assertThat(update.at("/audio/output/speed").isNumber()).isTrue();
        assertThat(update.at("/parallel_tool_calls").isBoolean()).isTrue();
        assertThat(update.at("/instructions").asText()).isEqualTo("5 rules: be brief");
        assertThat(server.effectiveConfig().at("/truncation/retention_ratio").doubleValue()).isEqualTo(0.5);
        assertThat(server.effectiveConfig().at("/instructions").asText()).isEqualTo("5 rules: be brief");
    }

    @Test
    @DisplayName("CFG-7 a field that the component has never heard of is passed on unchanged")
    void futureField() throws Exception {
        start("openai-realtime:support?sessionProperties.aura={\"hue\":[1,2],\"off\":null}");
        SimulatedSession server = camel.server(0);
        await().atMost(RealtimeCamel.PATIENCE).until(() -> !server.received("session.update").isEmpty());
        assertThat(update(server).path("aura").toString()).isEqualTo("{\"hue\":[1,2],\"off\":null}");
    }

    @Test
    @DisplayName("CFG-7 sessionConfig from the class path is merged into the options, and sessionProperties win over it")
    void sessionConfigFile() throws Exception {
        SimulatedSession server = open("openai-realtime:support?voice=cedar&instructions=From the option."
                                       + "&sessionConfig=classpath:io/github/camelrealtime/session-config.json"
                                       + "&sessionProperties.truncation.retention_ratio=0.6");
        JsonNode update = update(server);
        assertThat(update.at("/instructions").asText()).isEqualTo("From the file.");
        assertThat(update.at("/audio/output").toString()).isEqualTo("{\"voice\":\"cedar\",\"speed\":1.25}");
        assertThat(update.at("/truncation").toString()).isEqualTo("{\"type\":\"retention_ratio\",\"retention_ratio\":0.6}");
    }

    // ---- known bad pairs

    @Test
    @DisplayName("CFG-9 turn detection that gpt-live-transcribe refuses is left out with a warning")
    void noTurnDetection() throws Exception {
        SimulatedSession server = open(TRANSCRIPTION + "&turnDetection=server_vad");
        assertThat(update(server).at("/audio/input/turn_detection").isNull()).isTrue();
        assertThat(warnings()).anyMatch(line -> line.contains("turn_detection") && line.contains("gpt-live-transcribe"));
    }

    @Test
    @DisplayName("CFG-9 a prompt that gpt-realtime-whisper refuses is left out with a warning")
    void noPrompt() throws Exception {
        SimulatedSession server = open(TRANSCRIPTION + "&model=gpt-realtime-whisper&transcriptionPrompt=Names");
        assertThat(update(server).at("/audio/input/transcription").toString())
                .isEqualTo("{\"model\":\"gpt-realtime-whisper\"}");
        assertThat(warnings()).anyMatch(line -> line.contains("prompt") && line.contains("gpt-realtime-whisper"));
    }

    @Test
    @DisplayName("CFG-9 reasoning that gpt-realtime does not know is left out with a warning")
    void noReasoning() throws Exception {
        SimulatedSession server = open("openai-realtime:support?model=gpt-realtime&reasoningEffort=low&voice=cedar");
        assertThat(update(server).has("reasoning")).isFalse();
        assertThat(warnings()).anyMatch(line -> line.contains("reasoning") && line.contains("gpt-realtime"));
    }

    @Test
    @DisplayName("CFG-9 a good pair is sent without a warning")
    void goodPair() throws Exception {
        SimulatedSession server = open("openai-realtime:support?reasoningEffort=low");
        assertThat(update(server).at("/reasoning/effort").asText()).isEqualTo("low");
        assertThat(warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
            "'openai-realtime:support?model=gpt-realtime&sessionProperties.reasoning.effort=low', /reasoning/effort",
            "'openai-realtime:support?sessionType=transcription&model=gpt-realtime-whisper"
                 + "&sessionProperties.audio.input.transcription.prompt=Names', /audio/input/transcription/prompt",
            "'openai-realtime:support?sessionType=transcription"
                 + "&sessionProperties.audio.input.turn_detection.type=server_vad', /audio/input/turn_detection/type" })
    @DisplayName("CFG-9 what is put in by hand is sent, whatever we think of it: the service has the last word")
    void bypass(String uri, String member) throws Exception {
        start(uri);
        SimulatedSession server = camel.server(0);
        await().atMost(RealtimeCamel.PATIENCE).until(() -> !server.received("session.update").isEmpty());
        assertThat(update(server).at(member).isTextual()).isTrue();
        assertThat(warnings()).noneMatch(line -> line.contains("left out"));
    }

    // ---- transport, Beta

    @ParameterizedTest
    @CsvSource({ "openai-realtime:support", "openai-realtime:support?sessionType=transcription" })
    @DisplayName("CFG-11, CFG-13 without any option it is a WebSocket handshake, with no header of the Beta")
    void plainEndpoint(String uri) throws Exception {
        open(uri);
        Handshake handshake = handshake();
        assertThat(handshake.method()).isEqualTo("GET");
        assertThat(handshake.path()).isEqualTo("/v1/realtime");
        assertThat(handshake.header("Upgrade")).isEqualToIgnoringCase("websocket");
        assertThat(handshake.status()).isEqualTo(101);
        assertThat(handshake.header("OpenAI-Beta")).isNull();
    }

    @Test
    @DisplayName("CFG-11 modalities in an event is sent as output_modalities, with a warning")
    void modalities() throws Exception {
        SimulatedSession server = open("openai-realtime:support?operation=send-event");
        for (Map<String, Object> event : List.<Map<String, Object>> of(
                Map.of("type", "session.update", "session", Map.of("modalities", List.of("text"))),
                Map.of("type", "response.create", "response", Map.of("modalities", List.of("audio", "text"))))) {
            assertThat(RealtimeCamel.done(camel.tell("direct:ask", event)).getException()).isNull();
        }
        await().atMost(RealtimeCamel.PATIENCE).until(() -> server.received("response.create").size() == 1);
        JsonNode update = server.received("session.update").get(0).path("session");
        assertThat(update.path("output_modalities").toString()).isEqualTo("[\"text\"]");
        assertThat(update.has("modalities")).isFalse();
        JsonNode response = server.received("response.create").get(0).path("response");
        assertThat(response.path("output_modalities").toString()).isEqualTo("[\"audio\"]");
        assertThat(response.has("modalities")).isFalse();
        assertThat(warnings()).anyMatch(line -> line.contains("session.modalities"))
                .anyMatch(line -> line.contains("response.modalities"));
        await().atMost(RealtimeCamel.PATIENCE).until(() -> !server.sent("response.done").isEmpty());
        assertThat(server.sent("error")).isEmpty();
    }

    private void start(String uri) throws Exception {
        camel.start(route -> route.from("direct:ask").to(uri));
    }

    /** Opens the session and returns the service's end of it, which has taken the configuration. */
    private SimulatedSession open(String uri) throws Exception {
        start(uri);
        camel.awaitState("support", SessionState.READY);
        return camel.server(0);
    }

    private Handshake handshake() {
        assertThat(camel.simulator().handshakes()).hasSize(1);
        return camel.simulator().handshakes().get(0);
    }

    private static JsonNode update(SimulatedSession server) {
        assertThat(server.received("session.update")).hasSize(1);
        return server.received("session.update").get(0).path("session");
    }

    private List<String> warnings() {
        return List.copyOf(log.list).stream().filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage).toList();
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger("io.github.camelrealtime");
    }
}
