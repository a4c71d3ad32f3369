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

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.session.SessionState;
import org.apache.camel.Exchange;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRepository;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What cannot work fails when the route starts, and the error says what to change. */
class RefusedConfigurationTest {

    private static final String IN_BETA = "belongs to the Beta API, which is switched off; now it is ";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    // ---- the Beta

    @ParameterizedTest
    @CsvSource({
            "temperature, 0.8, nothing: it is gone", "voice, cedar, audio.output.voice", "speed, 1.1, audio.output.speed",
            "input_audio_format, pcm16, audio.input.format", "output_audio_format, pcm16, audio.output.format",
            "max_response_output_tokens, 100, max_output_tokens" })
    @DisplayName("CFG-11 members of the Beta are refused with what to write now, in sessionConfig and in sessionProperties")
    void betaMembers(String member, String value, String now) {
        String said = "Member session." + member + " " + IN_BETA + now;
        refused("openai-realtime:support?sessionProperties." + member + "=" + value, said);
        camel.options().setSessionConfig("{\"" + member + "\": \"" + value + "\"}");
        refused("openai-realtime:other", said);
    }

    @Test
    @DisplayName("CFG-11 objects of the Beta are refused too")
    void betaObjects() {
        refused("openai-realtime:support?sessionProperties.turn_detection.type=server_vad", IN_BETA + "audio.input.turn_detection");
        refused("openai-realtime:other?sessionProperties.input_audio_transcription.model=whisper-1",
                IN_BETA + "audio.input.transcription");
    }

    @Test
    @DisplayName("CFG-11 events of the Beta are refused before they are sent, and the session goes on")
    void betaEvents() throws Exception {
        camel.start(route -> route.from("direct:ask").to("openai-realtime:support?operation=send-event"));
        camel.awaitState("support", SessionState.READY);

        assertThat(failure(Map.of("type", "transcription_session.update", "session", Map.of())))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("transcription_session.update")
                .hasMessageContaining("session.update with session.type transcription");
        assertThat(failure(Map.of("type", "session.update", "session", Map.of("temperature", 0.8))))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("session.temperature " + IN_BETA);
        assertThat(failure(Map.of("type", "response.create", "response", Map.of("voice", "cedar"))))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("response.voice " + IN_BETA);
        assertThat(camel.server(0).frames()).noneMatch(frame -> frame.toString().contains("transcription_session"));
        assertThat(camel.server(0).received("response.create")).isEmpty();
        assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
    }

    @Test
    @DisplayName("CFG-12 events that a WebSocket does not take, or another type of session, are refused before they are sent")
    void eventsOfOtherTransports() throws Exception {
        camel.start(
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-event"),
                route -> route.from("direct:scribe").to("openai-realtime:scribe?sessionType=transcription&operation=send-event"));
        camel.awaitState("support", SessionState.READY);
        camel.awaitState("scribe", SessionState.READY);

        assertThat(failure(Map.of("type", "output_audio_buffer.clear"))).hasMessageContaining("output_audio_buffer.clear");
        Exchange response = RealtimeCamel.done(camel.tell("direct:scribe", Map.of("type", "response.create")));
        assertThat(response.getException()).hasMessageContaining("response.create");
        assertThat(camel.simulator().sessions()).allSatisfy(server -> {
            assertThat(server.received("output_audio_buffer.clear")).isEmpty();
            assertThat(server.received("response.create")).isEmpty();
            assertThat(server.sent("error")).isEmpty();
        });
    }

    // ---- options

    @ParameterizedTest
    @ValueSource(strings = { "voise=cedar", "sessionProperty.x=1", "eventType=all" })
    @DisplayName("An unknown option fails the start and is named")
    void unknownOption(String option) {
        refused("openai-realtime:support?" + option, option.substring(0, option.indexOf('=')));
    }

    @ParameterizedTest
    @CsvSource({
            "speed, 2.0, 0.25 to 1.5", "speed, 0.2, 0.25 to 1.5", "vadThreshold, 1.5, 0 to 1", "vadThreshold, -0.1, 0 to 1",
            "maxOutputTokens, 0, 1 to 4096", "maxOutputTokens, 4097, 1 to 4096", "vadIdleTimeout, 4s, 5000 to 30000",
            "vadIdleTimeout, 31s, 5000 to 30000", "maxReconnectAttempts, 0, 1 to 1000000", "maxQueuedAudio, 0, 1 to 3600000",
            "maxMessageSize, 100, 65536 to ", "maxReconnects, 0, 1 to 1000000", "livenessTimeout, -1, 0 to 86400000",
            "sendTimeout, -1, 0 to 86400000", "vadStuckTimeout, -1, 0 to 86400000", "pingInterval, -1, 0 to 86400000",
            "maxOutstandingAudio, -1, 0 to 86400000" })
    @DisplayName("A value out of range fails the start; option and range are named")
    void ranges(String option, String value, String range) {
        String uri = "openai-realtime:support?" + option + "=" + value;
        refused(uri, "Option " + option, "allowed is " + range);
    }

    @ParameterizedTest
    @CsvSource({ "speed=0.25", "speed=1.5", "vadThreshold=0", "vadThreshold=1", "maxOutputTokens=1", "maxOutputTokens=4096",
            "vadIdleTimeout=5s", "vadIdleTimeout=30s", "maxReconnectAttempts=1", "maxMessageSize=65536" })
    @DisplayName("The ends of a range are in it")
    void endsOfRanges(String option) throws Exception {
        camel.start(route -> route.from("direct:ask").to("openai-realtime:support?" + option));
        camel.awaitState("support", SessionState.READY);
    }

    @ParameterizedTest
    @CsvSource({
            "'turnDetection=server_vad&operation=transcribe', operation=transcribe",
            "'turnDetection=server_vad&segmentation=true', segmentation=true",
            "'turnDetection=server_vad&vadEagerness=low', eagerness",
            "'turnDetection=semantic_vad&vadThreshold=0.5', threshold",
            "'inputAudioFormat=mp3', mp3",
            "'sessionType=transcription&model=gpt-transcribe&transcriptionModel=gpt-live-transcribe', transcriptionModel" })
    @DisplayName("Options that contradict each other fail the start, and the culprit is named")
    void contradictions(String options, String named) {
        refused("openai-realtime:support?" + options, named);
    }

    @Test
    @DisplayName("A sessionConfig that is no JSON object is refused with its place, and is not quoted")
    void malformedSessionConfig() {
        camel.options().setSessionConfig("{\"instructions\": \"the secret recipe\",,}");
        assertThat(refused("openai-realtime:support", "Option sessionConfig is not JSON: line 1, column "))
                .doesNotContain("recipe");
        camel.options().setSessionConfig("[1, 2]");
        refused("openai-realtime:other", "Option sessionConfig is not a JSON object");
    }

    @ParameterizedTest
    @CsvSource({
            "'turnDetection=none&vadCreateResponse=false', vadCreateResponse, turnDetection",
            "'segmentation=true&vadInterruptResponse=true', vadInterruptResponse, segmentation",
            "'sessionType=transcription&turnDetection=server_vad&vadCreateResponse=false', vadCreateResponse, transcription" })
    @DisplayName("CFG-10 vadCreateResponse and vadInterruptResponse where they can have no effect fail the start")
    void answersWithoutTurns(String options, String option, String why) {
        refused("openai-realtime:support?" + options, "Option " + option, why);
    }

    @ParameterizedTest
    @CsvSource({ "true, true", "true, false", "false, true", "false, false" })
    @DisplayName("CFG-10 with turns of the service every combination of the two goes, and reaches it")
    void answers(boolean create, boolean interrupt) throws Exception {
        camel.start(route -> route.from("openai-realtime:support?turnDetection=server_vad&vadCreateResponse=" + create
                                        + "&vadInterruptResponse=" + interrupt).process(new Received()));
        camel.awaitState("support", SessionState.READY);
        JsonNode sent = camel.server(0).received("session.update").get(0).at("/session/audio/input/turn_detection");
        assertThat(sent.path("create_response").asBoolean()).isEqualTo(create);
        assertThat(sent.path("interrupt_response").asBoolean()).isEqualTo(interrupt);
    }

    @ParameterizedTest
    @CsvSource({
            "http://api.example.com/v1, use https", "ws://10.0.0.7/v1, use https", "http://localhost.example.com/v1, use https",
            "http://127.0.0.1.example.com/v1, use https", "ftp://api.example.com/v1, an https address is expected",
            "file:///v1, an https address is expected", "api.example.com/v1, an https address is expected" })
    @DisplayName("A baseUrl that would show the key, or that is none, fails the start and nothing is dialled")
    void baseUrl(String url, String advice) {
        camel.connectTo(url);
        refused("openai-realtime:support", "Option baseUrl", advice);
    }

    // ---- names, kinds, pools

    @ParameterizedTest
    @CsvSource({ "tool, consumers", "webhook, consumers", "call, producers", "token, producers" })
    @DisplayName("Kinds that are not there yet say so, from and to, and say which role they will not have")
    void kinds(String kind, String role) {
        String said = "openai-realtime:" + kind + ": endpoints are not in this version yet";
        String never = "will only ever be " + role;
        String to = messages(refusedRoute("openai-realtime:" + kind + ":x", false));
        String from = messages(refusedRoute("openai-realtime:" + kind + ":x", true));
        assertThat(to).contains(said);
        assertThat(from).contains(said);
        assertThat(role.equals("consumers") ? to : from).contains(never);
        assertThat(role.equals("consumers") ? from : to).doesNotContain("will only ever be");
    }

    @ParameterizedTest
    @ValueSource(strings = { "openai-realtime:c*l", "openai-realtime:call-*" })
    @DisplayName("A producer on a wildcard is refused, a consumer is fine")
    void wildcard(String uri) throws Exception {
        camel.route(route -> route.from(uri).to("log:events?level=OFF"));
        refused(uri, "A producer needs one session", "only consumers may use *");
    }

    @ParameterizedTest
    @CsvSource({ "poolSize=2, operation=transcribe only", "'poolSize=2&operation=append-audio', operation=transcribe only",
            "'poolSize=0&operation=transcribe', at least 1 is needed" })
    @DisplayName("A pool is for operation transcribe only, and has a member at least")
    void pools(String options, String said) {
        refused("openai-realtime:support?" + options, "Option poolSize", said);
    }

    @Test
    @DisplayName("A kind without a name is refused")
    void noName() {
        assertThatThrownBy(() -> camel.context().getEndpoint("openai-realtime:tool:")).hasStackTraceContaining("a name is missing");
    }

    // ---- the key

    @Test
    @DisplayName("CONN-19 without an API key the failure is fatal, and health is DOWN and says where to put one")
    void missingKey() throws Exception {
        camel.options().setApiKey(" ");
        HealthCheckRepository checks = HealthCheckHelper.getHealthCheckRepository(
                camel.context(), "consumers", HealthCheckRepository.class);
        checks.setEnabled(true);
        camel.start(route -> route.from("openai-realtime:support").routeId("events").to("log:events?level=OFF"));
        camel.awaitState("support", SessionState.FAILED);

        List<HealthCheck.Result> results = checks.stream().map(HealthCheck::call)
                .filter(result -> result.getDetails().containsKey("session.fatal")).toList();
        assertThat(results).hasSize(1);
        assertThat(results.get(0).getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(results.get(0).getDetails()).containsEntry("session.fatal", true);
        assertThat(results.get(0).getMessage().orElseThrow()).contains("apiKey", "OPENAI_API_KEY", "openai.api.key");
        assertThat(camel.simulator().handshakes()).isEmpty();
    }

    private Throwable failure(Map<String, Object> event) throws Exception {
        return RealtimeCamel.done(camel.tell("direct:ask", event)).getException();
    }

    /** The route does not start, for a reason with these words in it; returns the reason. */
    private String refused(String uri, String... words) {
        String messages = messages(refusedRoute(uri, false));
        assertThat(messages).contains(words);
        assertThat(camel.simulator().handshakes()).isEmpty();
        return messages;
    }

    /** Adds the route to a context that runs, so it starts at once. */
    private Throwable refusedRoute(String uri, boolean from) {
        Throwable[] failure = new Throwable[1];
        camel.context().start();
        assertThatThrownBy(() -> {
            if (from) {
                camel.route(route -> route.from(uri).to("log:events?level=OFF"));
            } else {
                camel.route(route -> route.from("direct:refused-" + Integer.toHexString(uri.hashCode())).to(uri));
            }
        }).satisfies(thrown -> failure[0] = thrown);
        return failure[0];
    }

    private static String messages(Throwable thrown) {
        StringBuilder all = new StringBuilder();
        for (Throwable next = thrown; next != null; next = next.getCause()) {
            all.append(next).append('\n');
        }
        return all.toString();
    }
}
