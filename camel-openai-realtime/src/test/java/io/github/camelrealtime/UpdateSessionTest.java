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

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelrealtime.session.RealtimeException;
import io.github.camelrealtime.session.RequestRefusedException;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.session.TurnMode;
import io.github.camelrealtime.simulator.SimulatedSession;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.camelrealtime.RealtimeCamel.await;
import static io.github.camelrealtime.RealtimeCamel.done;
import static org.assertj.core.api.Assertions.assertThat;

/** Changes of a session while it is open. */
class UpdateSessionTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();
    private String waits;
    /** Updates that the session has sent by itself. */
    private int configured = 1;

    // ---- what is sent

    @ParameterizedTest
    @ValueSource(strings = { "update-session", "send-event" })
    @DisplayName("CFG-5 only what differs from the effective session is sent, with its type (T-19), also by send-event")
    void difference(String operation) throws Exception {
        start("&voice=cedar&instructions=Be brief.");
        assertThat(update(operation, "{'instructions':'Be brief.','tool_choice':'none',"
                                     + "'audio':{'input':{'format':{'type':'audio/pcm'}},"
                                     + "'output':{'voice':'cedar','speed':1.25}}}").getException()).isNull();
        assertThat(updates(2).get(1).toString())
                .isEqualTo("{\"type\":\"realtime\",\"tool_choice\":\"none\",\"audio\":{\"output\":{\"speed\":1.25}}}");
        assertThat(server().effectiveConfig().at("/audio/output/voice").asText()).isEqualTo("cedar");
    }

    @ParameterizedTest
    @ValueSource(strings = { "update-session", "send-event" })
    @DisplayName("CFG-5 if nothing differs nothing is sent, and the exchange succeeds whatever it waits for")
    void nothing(String operation) throws Exception {
        start("&voice=cedar&vadThreshold=0.7");
        for (String same : List.of("{}", "{'type':'realtime','model':'gpt-realtime-2.1'}", "{'audio':{'output':{'speed':1}}}",
                "{'audio':{'output':{'voice':'cedar'},'input':{'noise_reduction':null}}}",
                "{'audio':{'input':{'turn_detection':{'type':'server_vad','threshold':0.70}}}}")) {
            assertThat(update(operation, same).getException()).isNull();
        }
        assertThat(update(operation, "{'instructions':'Last.'}").getException()).isNull();
        assertThat(updates(2)).hasSize(2);
    }

    @Test
    @DisplayName("CFG-5 what is said again after a change is measured against the change, not the first configuration")
    void mirrorFollows() throws Exception {
        start("&instructions=One.");
        update("update-session", "{'instructions':'Two.'}");
        update("update-session", "{'instructions':'Two.'}");
        update("update-session", "{'instructions':'One.'}");
        assertThat(updates(3)).extracting(session -> session.path("instructions").asText())
                .containsExactly("One.", "Two.", "One.");
    }

    @Test
    @DisplayName("CFG-5 a refused update changes nothing: said again it is sent again")
    void refused() throws Exception {
        start("&await=committed");
        for (int i = 0; i < 2; i++) {
            Exchange refused = update("update-session", "{'output_modalities':['text','audio']}");
            assertThat(refused.getException()).isInstanceOfSatisfying(RequestRefusedException.class,
                    refusal -> assertThat(refusal.getParam()).isEqualTo("session.output_modalities"));
        }
        assertThat(updates(2)).hasSize(2);
        assertThat(received.types()).as("who was told, was told once").isEmpty();
        assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
    }

    @Test
    @DisplayName("CFG-5 while an update is under way what it is about is sent in any case, as it may be refused")
    void underWay() throws Exception {
        start("&instructions=One.&await=sent");
        for (String instructions : List.of("Two.", "Two.", "One.")) {
            update("update-session", "{'instructions':'" + instructions + "'}");
        }
        // the session's own update says "One." too; whether the second "Two." is sent depends on when the first is acknowledged
        await().untilAsserted(() -> assertThat(updates(3)).extracting(session -> session.path("instructions").asText())
                .endsWith("Two.", "One."));
        await().until(() -> server().effectiveConfig().path("instructions").asText().equals("One."));
    }

    @Test
    @DisplayName("CFG-3 null switches off, a value switches on, what is not named stays")
    void triState() throws Exception {
        start("&noiseReduction=near_field&transcriptionModel=whisper-1&language=de");
        update("update-session", "{'audio':{'input':{'noise_reduction':null}}}");
        assertThat(updates(2).get(1).toString())
                .isEqualTo("{\"type\":\"realtime\",\"audio\":{\"input\":{\"noise_reduction\":null}}}");
        update("update-session", "{'audio':{'input':{'noise_reduction':{'type':'far_field'}}}}");
        JsonNode input = server().effectiveConfig().at("/audio/input");
        assertThat(input.at("/noise_reduction/type").asText()).isEqualTo("far_field");
        assertThat(input.at("/transcription/language").asText()).isEqualTo("de");
    }

    @Test
    @DisplayName("CFG-5 the body may be a whole session.update, whose event id is kept; the header wins over it")
    void wholeEvent() throws Exception {
        start("");
        update("update-session", "{'type':'session.update','event_id':'mine','session':{'instructions':'One.'}}");
        done(camel.send(uri("update-session"), ExchangePattern.InOnly,
                Map.of("type", "session.update", "event_id", "mine", "session", Map.of("instructions", "Two.")),
                Map.of(OpenAIRealtimeConstants.OVERRIDE_EVENT_ID, "other")));
        done(camel.send(uri("update-session"), ExchangePattern.InOnly,
                JSON.valueToTree(Map.of("instructions", "Three.")), Map.of()));
        await().until(() -> server().received("session.update").size() == configured + 3);
        assertThat(server().received("session.update")).extracting(event -> event.path("event_id").asText())
                .contains("mine", "other");
        await().until(() -> server().effectiveConfig().path("instructions").asText().equals("Three."));
    }

    @Test
    @DisplayName("CFG-5 what is no session object is refused without repeating it")
    void noSession() throws Exception {
        start("");
        for (Object body : new Object[] { null, "private words", "[1]", Map.of("type", "session.update"), 17 }) {
            Exchange refused = done(camel.send(uri("update-session"), ExchangePattern.InOnly, body, Map.of()));
            assertThat(refused.getException()).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("update-session").hasMessageNotContaining("private words");
        }
        Exchange beta = update("update-session", "{'voice':'cedar'}");
        assertThat(beta.getException()).hasMessageContaining("audio.output.voice");
        assertThat(updates(1)).hasSize(configured);
    }

    // ---- what cannot be changed

    @ParameterizedTest
    @ValueSource(strings = { "update-session", "send-event" })
    @DisplayName("CFG-4 the voice can be changed until the assistant has been heard (T-18), then it is refused here")
    void voice(String operation) throws Exception {
        start("&voice=cedar");
        assertThat(update(operation, "{'audio':{'output':{'voice':'marin'}}}").getException()).isNull();
        assertThat(updates(2)).hasSize(2);
        assertThat(camel.template().requestBody("direct:ask", "Hello", String.class)).contains("Hello");

        Exchange refused = update(operation, "{'instructions':'New.','audio':{'output':{'voice':'cedar'}}}");
        assertThat(refused.getException()).isInstanceOf(RealtimeException.class).isNotInstanceOf(RequestRefusedException.class)
                .hasMessageContainingAll("support", "voice", "heard");
        // the same voice is no change, and is not sent
        assertThat(update(operation, "{'instructions':'New.','audio':{'output':{'voice':'marin'}}}").getException()).isNull();
        assertThat(updates(3).get(2).toString()).isEqualTo("{\"type\":\"realtime\",\"instructions\":\"New.\"}");
        assertThat(server().sent("error")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "{'model':'gpt-realtime'} | model",
            "{'type':'transcription'} | type",
            "{'audio':{'input':{'format':{'type':'audio/pcmu'}}}} | inputAudioFormat",
            "{'audio':{'output':{'format':{'type':'audio/pcma'}}}} | outputAudioFormat",
            "{'tracing':null} | tracing",
            "{'tracing':{'workflow_name':'x'}} | tracing" })
    @DisplayName("CFG-4 model, type, tracing and the formats of audio cannot be changed: refused before anything is sent")
    void locked(String session, String word) throws Exception {
        start("&sessionProperties.tracing=auto");
        for (String operation : List.of("update-session", "send-event")) {
            assertThat(update(operation, session).getException()).isInstanceOf(RealtimeException.class)
                    .hasMessageContainingAll("Session support", word, "cannot be changed");
        }
        assertThat(update("update-session", "{'tracing':'auto','instructions':'x'}").getException()).isNull();
        assertThat(updates(2)).hasSize(2);
        assertThat(server().sent("error")).isEmpty();
    }

    // ---- turn detection

    @ParameterizedTest
    @CsvSource({ "threshold, 0.9", "prefix_padding_ms, 120", "silence_duration_ms, 900", "idle_timeout_ms, 6000",
            "create_response, false", "interrupt_response, false" })
    @DisplayName("CFG-19 every knob of server_vad can be turned while the session is open, and the others stay")
    void knobs(String knob, String value) throws Exception {
        start("&vadThreshold=0.6&vadSilenceDuration=700");
        JsonNode before = server().effectiveConfig().at("/audio/input/turn_detection");
        assertThat(update("update-session", "{'audio':{'input':{'turn_detection':{'" + knob + "':" + value + "}}}}")
                .getException()).isNull();
        updates(2);
        JsonNode after = server().effectiveConfig().at("/audio/input/turn_detection");
        assertThat(after.path(knob).asText()).isEqualTo(value);
        before.properties().stream().filter(member -> !member.getKey().equals(knob))
                .forEach(member -> assertThat(after.get(member.getKey())).as(member.getKey()).isEqualTo(member.getValue()));
        assertThat(server().sent("error")).isEmpty();
    }

    @Test
    @DisplayName("CFG-19 from server_vad to semantic_vad and its eagerness")
    void semantic() throws Exception {
        start("");
        update("update-session", "{'audio':{'input':{'turn_detection':{'type':'semantic_vad','eagerness':'low'}}}}");
        update("update-session", "{'audio':{'input':{'turn_detection':{'eagerness':'high'}}}}");
        updates(3);
        JsonNode detection = server().effectiveConfig().at("/audio/input/turn_detection");
        assertThat(detection.path("type").asText()).isEqualTo("semantic_vad");
        assertThat(detection.path("eagerness").asText()).isEqualTo("high");
        assertThat(server().sent("error")).isEmpty();
    }

    @Test
    @DisplayName("CFG-19 turn detection switched off: from then on the route ends turns")
    void manual() throws Exception {
        start("&transcriptionModel=whisper-1");
        assertThat(update("update-session", "{'audio':{'input':{'turn_detection':null}}}").getException()).isNull();
        assertThat(camel.session("support").turns()).isEqualTo(TurnMode.MANUAL);
        done(camel.send(uri("append-audio"), ExchangePattern.InOnly, SyntheticSpeech.pcm(400), Map.of()));
        Exchange committed = done(camel.send(
                uri("commit-audio") + "&await=committed", ExchangePattern.InOnly, null, Map.of()));
        assertThat(committed.getMessage().getHeader(OpenAIRealtimeConstants.ITEM_ID)).isNotNull();
        assertThat(server().received("input_audio_buffer.commit")).hasSize(1);
        assertThat(server().sent("input_audio_buffer.speech_started")).isEmpty();
        // too little is not committed where turns are ours, and the service is not asked
        done(camel.send(uri("append-audio"), ExchangePattern.InOnly, SyntheticSpeech.pcm(40), Map.of()));
        done(camel.send(uri("commit-audio"), ExchangePattern.InOnly, null, Map.of()));
        assertThat(camel.session("support").status().suppressedCommits()).isEqualTo(1);
        assertThat(server().sent("error")).isEmpty();
    }

    @Test
    @DisplayName("CFG-19 turn detection switched on: from then on the service ends turns, and a recording ends with its silence")
    void serverVad() throws Exception {
        start("&turnDetection=none&transcriptionModel=whisper-1");
        assertThat(update("update-session", "{'audio':{'input':{'turn_detection':{'type':'server_vad',"
                                            + "'silence_duration_ms':300}}}}").getException()).isNull();
        assertThat(camel.session("support").turns()).isEqualTo(TurnMode.SERVER);
        byte[] recording = Wav.file(Wav.PCM, 24_000, 16, 1, SyntheticSpeech.pcm(600));
        done(camel.send(uri("append-audio"), ExchangePattern.InOnly, new ByteArrayInputStream(recording), Map.of()));
        await().until(() -> !server().sent("input_audio_buffer.committed").isEmpty());
        assertThat(server().received("input_audio_buffer.commit")).isEmpty();
        assertThat(server().sent("input_audio_buffer.speech_stopped")).hasSize(1);
    }

    @Test
    @DisplayName("CFG-19 a refused switch of turn detection leaves the turns with whom they were")
    void refusedSwitch() throws Exception {
        start("&turnDetection=none&await=committed");
        assertThat(update("update-session", "{'audio':{'input':{'turn_detection':{'type':'server_vad','threshold':7}}}}")
                .getException()).isInstanceOf(RequestRefusedException.class);
        assertThat(camel.session("support").turns()).isEqualTo(TurnMode.MANUAL);
    }

    @Test
    @DisplayName("CFG-19 a session whose turns our own segmenter ends refuses to be given turn detection")
    void segmenter() throws Exception {
        camel.start(route -> route.from("direct:update").to(
                "openai-realtime:support?operation=update-session&sessionType=transcription&segmentation=true"));
        camel.awaitState("support", SessionState.READY);
        Exchange refused = done(camel.tell("direct:update",
                Map.of("audio", Map.of("input", Map.of("turn_detection", Map.of("type", "server_vad"))))));
        assertThat(refused.getException()).isInstanceOf(RealtimeException.class)
                .hasMessageContainingAll("turn_detection", "segmentation");
        assertThat(camel.session("support").turns()).isEqualTo(TurnMode.CLIENT);
        assertThat(server().received("session.update")).hasSize(1);
    }

    @Test
    @DisplayName("T-19 update-session in a transcription session names that type")
    void transcriptionSession() throws Exception {
        camel.start(route -> route.from("direct:update").to(
                "openai-realtime:support?operation=update-session&sessionType=transcription&await=committed"));
        camel.awaitState("support", SessionState.READY);
        Exchange updated = done(camel.tell("direct:update",
                Map.of("audio", Map.of("input", Map.of("transcription", Map.of("language", "de"))))));
        assertThat(updated.getException()).isNull();
        assertThat(updates(2).get(1).path("type").asText()).isEqualTo("transcription");
        assertThat(server().effectiveConfig().at("/audio/input/transcription").toString())
                .contains("gpt-live-transcribe", "\"de\"");
    }

    @Test
    @DisplayName("CFG-5 an update given before the session is ready waits for it")
    void beforeReady() throws Exception {
        camel.start(route -> route.from("direct:update").to(
                "openai-realtime:support?operation=update-session&connectOn=first-message&voice=cedar&await=committed"));
        Exchange updated = done(camel.tell("direct:update", Map.of("instructions", "One.")));
        assertThat(updated.getException()).isNull();
        assertThat(updates(2)).extracting(session -> session.has("instructions")).containsExactly(false, true);
        assertThat(server().effectiveConfig().path("instructions").asText()).isEqualTo("One.");
    }

    private void start(String options) throws Exception {
        boolean awaits = options.contains("await=");
        waits = awaits ? options.substring(options.indexOf("&await=")) : "&await=committed";
        String session = awaits ? options.substring(0, options.indexOf("&await=")) : options;
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=error" + session).process(received),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text&await=response"));
        camel.awaitState("support", SessionState.READY);
        configured = server().received("session.update").size();
    }

    private static String uri(String operation) {
        return "openai-realtime:support?operation=" + operation;
    }

    private SimulatedSession server() {
        return camel.server(0);
    }

    /** @param session in single quotes */
    private Exchange update(String operation, String session) throws Exception {
        String json = session.replace('\'', '"');
        Object body = operation.equals("send-event")
                ? "{\"type\":\"session.update\",\"session\":" + json + "}" : json;
        return done(camel.send(uri(operation) + waits, ExchangePattern.InOnly, body, Map.of()));
    }

    /** Sessions of the updates that the service has got, the first configuration among them, once there are so many. */
    private List<JsonNode> updates(int count) {
        int all = count - 1 + configured;
        await().until(() -> server().received("session.update").size() >= all);
        return server().received("session.update").stream().map(event -> event.path("session")).toList();
    }
}
