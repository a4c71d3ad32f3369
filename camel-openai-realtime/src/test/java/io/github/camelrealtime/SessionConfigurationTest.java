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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Frame;
import io.github.camelrealtime.simulator.Frame.Direction;
import io.github.camelrealtime.simulator.Handshake;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SimulatedSession;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.camelrealtime.RealtimeCamel.await;
import static org.assertj.core.api.Assertions.assertThat;

/** What options become on the wire. */
class SessionConfigurationTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel(
            builder -> builder.model("model/of tomorrow").model("gpt-realtime"));

    // ---- models

    @Test
    @DisplayName("CFG-1 by default the model is gpt-realtime-2.1, in a transcription session gpt-live-transcribe")
    void defaultModels() throws Exception {
        camel.start(
                route -> route.from("openai-realtime:talk").process(new Received()),
                route -> route.from("openai-realtime:listen?sessionType=transcription").process(new Received()));
        camel.awaitState("talk", SessionState.READY);
        camel.awaitState("listen", SessionState.READY);

        assertThat(camel.simulator().handshakes()).extracting(Handshake::query)
                .containsExactlyInAnyOrder("model=gpt-realtime-2.1", "intent=transcription");
        SimulatedSession listening = camel.simulator().sessions().stream().filter(session -> session.model() == null)
                .findFirst().orElseThrow();
        assertThat(firstUpdate(listening).at("/audio/input/transcription/model").asText()).isEqualTo("gpt-live-transcribe");
    }

    @Test
    @DisplayName("CFG-1 model, voice and transcription model are free text: names nobody knows go out as they are")
    void freeText() throws Exception {
        JsonNode session = configure("model=model/of tomorrow&voice=voice of tomorrow&transcriptionModel=scribe of tomorrow");
        assertThat(camel.simulator().handshakes().get(0).query()).isEqualTo("model=model%2Fof+tomorrow");
        assertThat(camel.server(0).model()).isEqualTo("model/of tomorrow");
        assertThat(session.at("/audio/output/voice").asText()).isEqualTo("voice of tomorrow");
        assertThat(session.at("/audio/input/transcription/model").asText()).isEqualTo("scribe of tomorrow");
    }

    // ---- set, none, not set

    @Test
    @DisplayName("CFG-3 what is not set is not sent; none is sent as null; a value is sent")
    void threeStates() throws Exception {
        JsonNode session = configure("turnDetection=none&transcriptionModel=none&speed=1.2");
        assertThat(session).isEqualTo(JSON.readTree(
                "{'type':'realtime','audio':{'output':{'speed':1.2},'input':{'transcription':null,'turn_detection':null}}}"
                        .replace('\'', '"')));
        camel.awaitState("support", SessionState.READY);
        for (String member : List.of("turn_detection", "transcription")) {
            assertThat(camel.server(0).effectiveConfig().at("/audio/input/" + member).isNull()).as(member).isTrue();
        }
    }

    @Test
    @DisplayName("CFG-3 noiseReduction=none is sent as null, turnDetection with its numbers as an object")
    void values() throws Exception {
        JsonNode session = configure("noiseReduction=none&turnDetection=server_vad&vadSilenceDuration=700ms&vadThreshold=0.4"
                + "&vadCreateResponse=false");
        assertThat(session.at("/audio/input/noise_reduction").isNull()).isTrue();
        assertThat(session.at("/audio/input/turn_detection")).isEqualTo(JSON.readTree(
                "{\"type\":\"server_vad\",\"threshold\":0.4,\"silence_duration_ms\":700,\"create_response\":false}"));
        assertThat(session.path("audio").has("output")).isFalse();
    }

    @Test
    @DisplayName("CFG-3 words become the objects that the service wants")
    void objects() throws Exception {
        JsonNode input = configure("turnDetection=semantic_vad&vadEagerness=low&noiseReduction=near_field"
                + "&transcriptionModel=gpt-transcribe").at("/audio/input");
        assertThat(input).isEqualTo(JSON.readTree("{\"noise_reduction\":{\"type\":\"near_field\"},"
                + "\"transcription\":{\"model\":\"gpt-transcribe\"},"
                + "\"turn_detection\":{\"type\":\"semantic_vad\",\"eagerness\":\"low\"}}"));
    }

    @ParameterizedTest(name = "CFG-3 {0}")
    @ValueSource(strings = { "turnDetection=semantic_vad&vadThreshold=0.5", "turnDetection=server_vad&vadEagerness=low",
            "turnDetection=none&segmentation=false&sessionType=transcription&model=a&transcriptionModel=b" })
    @DisplayName("CFG-3 settings that cannot go together fail when the route starts")
    void contradictions(String options) {
        assertThat(camel.startFailure("openai-realtime:support?" + options)).isInstanceOf(IllegalArgumentException.class);
    }

    // ---- shape

    @ParameterizedTest(name = "CFG-6 {0} is {1}")
    @CsvSource({ "pcm16, '{\"type\":\"audio/pcm\",\"rate\":24000}'", "pcmu, '{\"type\":\"audio/pcmu\"}'",
            "pcma, '{\"type\":\"audio/pcma\"}'" })
    @DisplayName("CFG-6 the first update names its type, and PCM its rate of 24000, G.711 none")
    void typeAndRate(String format, String wire) throws Exception {
        JsonNode session = configure("inputAudioFormat=" + format + "&outputAudioFormat=" + format);
        assertThat(session.path("type").asText()).isEqualTo("realtime");
        assertThat(session.at("/audio/input/format")).isEqualTo(JSON.readTree(wire));
        assertThat(session.at("/audio/output/format")).isEqualTo(JSON.readTree(wire));
    }

    @ParameterizedTest
    @ValueSource(strings = { "input", "output" })
    @DisplayName("CFG-6 PCM that is put in by hand gets its rate too")
    void rateByHand(String direction) throws Exception {
        JsonNode session = configure("sessionProperties.audio." + direction + ".format.type=audio/pcm");
        assertThat(session.at("/audio/" + direction + "/format")).isEqualTo(
                JSON.readTree("{\"type\":\"audio/pcm\",\"rate\":24000}"));
    }

    @Test
    @DisplayName("CFG-6 the first update of a transcription session names that type")
    void transcriptionType() throws Exception {
        assertThat(configure("sessionType=transcription&language=en").path("type").asText()).isEqualTo("transcription");
    }

    @Test
    @DisplayName("CFG-6 an update written by hand gets its type, and its PCM without a rate is the PCM that there is")
    void updateByHand() throws Exception {
        camel.start(route -> route.from("direct:event").to("openai-realtime:support?instructions=Hi&operation=send-event"));
        camel.awaitState("support", SessionState.READY);
        Exchange sent = RealtimeCamel.done(camel.tell("direct:event", Map.of("type", "session.update", "session",
                Map.of("instructions", "Be brief.", "audio", Map.of("input", Map.of("format", Map.of("type", "audio/pcm")))))));
        assertThat(sent.getException()).isNull();

        SimulatedSession server = camel.server(0);
        await().until(() -> server.sent("session.updated").size() == 2);
        assertThat(server.received("session.update").get(1).path("session"))
                .isEqualTo(JSON.readTree("{\"type\":\"realtime\",\"instructions\":\"Be brief.\"}"));
        assertThat(server.sent("error")).isEmpty();
    }

    // ---- what has no option

    @Test
    @DisplayName("CFG-7 sessionProperties.* pass through unchanged, as JSON where they are JSON")
    void sessionProperties() throws Exception {
        JsonNode session = configure("sessionProperties.truncation=disabled&sessionProperties.tracing=null"
                + "&sessionProperties.audio.input.turn_detection.type=server_vad"
                + "&sessionProperties.audio.input.turn_detection.threshold=0.25"
                + "&sessionProperties.include=RAW([\"item.input_audio_transcription.logprobs\"])&instructions=Be brief.");
        assertThat(session).isEqualTo(JSON.readTree("{\"type\":\"realtime\",\"instructions\":\"Be brief.\","
                + "\"truncation\":\"disabled\",\"tracing\":null,\"include\":[\"item.input_audio_transcription.logprobs\"],"
                + "\"audio\":{\"input\":{\"turn_detection\":{\"type\":\"server_vad\",\"threshold\":0.25}}}}"));
    }

    @Test
    @DisplayName("CFG-7 sessionProperties that read as JSON are numbers, flags and objects; the rest is text, whatever it begins with")
    void typesOfSessionProperties() throws Exception {
        JsonNode session = configure("sessionProperties.truncation={\"type\":\"retention_ratio\",\"retention_ratio\":0.5}"
                + "&sessionProperties.audio.output.speed=1.1&sessionProperties.parallel_tool_calls=false"
                + "&sessionProperties.instructions=5 rules: be brief&sessionProperties.aura={\"hue\":[1,2],\"off\":null}");
        assertThat(session).isEqualTo(JSON.readTree("{\"type\":\"realtime\",\"instructions\":\"5 rules: be brief\","
                + "\"truncation\":{\"type\":\"retention_ratio\",\"retention_ratio\":0.5},\"parallel_tool_calls\":false,"
                + "\"audio\":{\"output\":{\"speed\":1.1}},\"aura\":{\"hue\":[1,2],\"off\":null}}"));
    }

    @Test
    @DisplayName("CFG-7 a sessionConfig file is merged over the options, and sessionProperties over both")
    void sessionConfigFile(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("session.json");
        Files.writeString(file, "{\"type\":\"ignored\",\"instructions\":\"from the file\","
                + "\"audio\":{\"output\":{\"voice\":\"cedar\"}},\"truncation\":\"disabled\"}");
        JsonNode session = configure("sessionConfig=file:" + file + "&instructions=from the option&speed=1.1"
                + "&sessionProperties.truncation=auto");
        assertThat(session).isEqualTo(JSON.readTree("{\"type\":\"realtime\",\"instructions\":\"from the file\","
                + "\"audio\":{\"output\":{\"speed\":1.1,\"voice\":\"cedar\"}},\"truncation\":\"auto\"}"));
    }

    @Test
    @DisplayName("CFG-7 a sessionConfig of the class path, whose objects merge with sessionProperties member by member")
    void sessionConfigOfClassPath() throws Exception {
        JsonNode session = configure("voice=cedar&instructions=From the option."
                + "&sessionConfig=classpath:io/github/camelrealtime/session-config.json"
                + "&sessionProperties.truncation.retention_ratio=0.6");
        assertThat(session.at("/instructions").asText()).isEqualTo("From the file.");
        assertThat(session.at("/audio/output")).isEqualTo(JSON.readTree("{\"voice\":\"cedar\",\"speed\":1.25}"));
        assertThat(session.at("/truncation")).isEqualTo(
                JSON.readTree("{\"type\":\"retention_ratio\",\"retention_ratio\":0.6}"));
    }

    @ParameterizedTest(name = "CFG-7 {0}")
    @ValueSource(strings = { "[1,2]", "{broken", "file:/does/not/exist.json" })
    @DisplayName("CFG-7 a sessionConfig that cannot be used fails when the route starts, without its content in the message")
    void brokenSessionConfig(String config) {
        assertThat(camel.startFailure("openai-realtime:support?sessionConfig=RAW(" + config + ")"))
                .extracting(Throwable::getMessage).asString().isNotBlank().doesNotContain("{broken", "[1,2]");
    }

    // ---- what does not go together with the model

    @Test
    @DisplayName("CFG-9 settings that the model would refuse are left out with a warning that names them")
    void badPairs() throws Exception {
        try (LogCapture log = LogCapture.of("io.github.camelrealtime", Level.WARN)) {
            JsonNode session = configure("sessionType=transcription&model=gpt-realtime-whisper&segmentation=false"
                    + "&turnDetection=server_vad&transcriptionPrompt=names&keywords=Camel&language=en");
            assertThat(session.at("/audio/input/turn_detection").isNull()).isTrue();
            assertThat(session.at("/audio/input/transcription")).isEqualTo(
                    JSON.readTree("{\"model\":\"gpt-realtime-whisper\",\"language\":\"en\"}"));
            assertThat(log.messages()).anySatisfy(
                    message -> assertThat(message).contains("gpt-realtime-whisper", "turn_detection", "prompt", "keywords"));
        }
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource({
            "sessionType=transcription&turnDetection=server_vad&language=en, /audio/input/turn_detection/type, turn_detection, gpt-live-transcribe",
            "model=gpt-realtime&reasoningEffort=low&voice=cedar, /reasoning, reasoning, gpt-realtime",
            "model=gpt-realtime-mini&reasoningEffort=low&voice=cedar, /reasoning, reasoning, gpt-realtime-mini" })
    @DisplayName("CFG-9 one such setting alone is left out with a warning as well")
    void badPair(String options, String member, String setting, String model) throws Exception {
        try (LogCapture log = LogCapture.of("io.github.camelrealtime", Level.WARN)) {
            assertThat(configure(options).at(member).isMissingNode()).isTrue();
            assertThat(log.messages()).anySatisfy(message -> assertThat(message).contains(model, setting));
        }
    }

    @Test
    @DisplayName("CFG-9 reasoning on a model that reasons is sent, without a warning")
    void goodPair() throws Exception {
        try (LogCapture log = LogCapture.of("io.github.camelrealtime", Level.WARN)) {
            assertThat(configure("reasoningEffort=low&eventTypes=audio").at("/reasoning/effort").asText()).isEqualTo("low");
            assertThat(log.messages()).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({ "model=gpt-realtime-mini&sessionProperties.reasoning.effort=low, /reasoning/effort",
            "sessionType=transcription&model=gpt-realtime-whisper&sessionProperties.audio.input.transcription.prompt=Names,"
                    + " /audio/input/transcription/prompt",
            "sessionType=transcription&sessionProperties.audio.input.turn_detection.type=server_vad,"
                    + " /audio/input/turn_detection/type" })
    @DisplayName("CFG-9 sessionProperties bypass the table; then the service's own refusal is what counts")
    void bypass(String options, String member) throws Exception {
        camel.scenario(Scenario.builder().refuseSessionUpdate("unknown_parameter").build());
        assertThat(configure(options).at(member).isTextual()).isTrue();
        camel.awaitState("support", SessionState.FAILED);
        assertThat(camel.session("support").status().failure()).hasMessageContaining("unknown_parameter");
    }

    // ---- the dead Beta

    @ParameterizedTest(name = "CFG-11 {0} is now {1}")
    @CsvSource({ "temperature, gone", "voice, audio.output.voice", "turn_detection, audio.input.turn_detection",
            "input_audio_format, audio.input.format", "input_audio_transcription, audio.input.transcription",
            "max_response_output_tokens, max_output_tokens" })
    @DisplayName("CFG-11 Beta members of the session are refused at the start, with the new place named")
    void betaSession(String member, String now) {
        assertThat(camel.startFailure("openai-realtime:support?sessionProperties." + member + "=1"))
                .hasMessageContainingAll("session." + member, "Beta", now);
    }

    @Test
    @DisplayName("CFG-11 modalities become output_modalities with a warning: both at once was the Beta's word for audio")
    void modalities() throws Exception {
        try (LogCapture log = LogCapture.of("io.github.camelrealtime", Level.WARN)) {
            JsonNode session = configure("sessionProperties.modalities=RAW([\"text\",\"audio\"])");
            assertThat(session).isEqualTo(JSON.readTree("{\"type\":\"realtime\",\"output_modalities\":[\"audio\"]}"));
            assertThat(log.messages()).anySatisfy(message -> assertThat(message).contains("modalities", "Beta"));
        }
    }

    @Test
    @DisplayName("CFG-11 Beta shapes in raw events are refused before sending; modalities in them are put right")
    void betaEvents() throws Exception {
        camel.start(route -> route.from("direct:event").to("openai-realtime:support?operation=send-event"));
        for (String event : List.of(
                "{\"type\":\"transcription_session.update\",\"session\":{}}",
                "{\"type\":\"session.update\",\"session\":{\"voice\":\"alloy\"}}",
                "{\"type\":\"response.create\",\"response\":{\"temperature\":0.8}}")) {
            Exchange refused = RealtimeCamel.done(camel.tell("direct:event", event));
            assertThat(refused.getException()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("Beta");
        }
        try (LogCapture log = LogCapture.of("io.github.camelrealtime", Level.WARN)) {
            for (String event : List.of(
                    "{\"type\":\"session.update\",\"session\":{\"modalities\":[\"text\"]}}",
                    "{\"type\":\"response.create\",\"response\":{\"modalities\":[\"audio\",\"text\"]}}")) {
                assertThat(RealtimeCamel.done(camel.tell("direct:event", event)).getException()).isNull();
            }
            assertThat(log.messages()).anyMatch(line -> line.contains("session.modalities"))
                    .anyMatch(line -> line.contains("response.modalities"));
        }

        SimulatedSession server = camel.server(0);
        await().until(() -> !server.sent("response.done").isEmpty());
        assertThat(server.frames().stream().filter(frame -> frame.direction() == Direction.RECEIVED).map(Frame::type))
                .containsExactly("session.update", "response.create");
        assertThat(firstUpdate(server).path("output_modalities").toString()).isEqualTo("[\"text\"]");
        assertThat(firstUpdate(server).has("modalities")).isFalse();
        JsonNode response = server.received("response.create").get(0).path("response");
        assertThat(response.path("output_modalities").toString()).isEqualTo("[\"audio\"]");
        assertThat(response.has("modalities")).isFalse();
        assertThat(server.sent("error")).isEmpty();
    }

    // ---- the transport

    @ParameterizedTest
    @ValueSource(strings = { "instructions=x", "sessionType=transcription" })
    @DisplayName("CFG-11 CFG-13 without a word about it the transport is a WebSocket, with no header of the Beta")
    void webSocket(String options) throws Exception {
        configure(options);
        Handshake handshake = camel.simulator().handshakes().get(0);
        assertThat(handshake.method()).isEqualTo("GET");
        assertThat(handshake.status()).isEqualTo(101);
        assertThat(handshake.header("Upgrade")).isEqualToIgnoringCase("websocket");
        assertThat(handshake.path()).isEqualTo("/v1/realtime");
        assertThat(handshake.authorization()).isEqualTo("Bearer " + RealtimeCamel.API_KEY);
        assertThat(handshake.header("OpenAI-Beta")).isNull();
        assertThat(handshake.header("Sec-WebSocket-Extensions")).as("compression is not offered unless asked for").isNull();
    }

    // ---- helpers

    /** The session object of the first update for these options. */
    private JsonNode configure(String options) throws Exception {
        camel.start(route -> route.from("openai-realtime:support?" + options).process(new Received()));
        return firstUpdate(camel.server(0));
    }

    private static JsonNode firstUpdate(SimulatedSession server) {
        await().until(() -> !server.received("session.update").isEmpty());
        return server.received("session.update").get(0).path("session");
    }
}
