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

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.errors.OpenAIInvalidDataException;
import io.github.camelrealtime.event.EventCatalogue;
import io.github.camelrealtime.event.SessionType;
import io.github.camelrealtime.event.TransportKind;
import io.github.camelrealtime.interop.OfficialTypes;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Frame;
import io.github.camelrealtime.simulator.McpServer;
import io.github.camelrealtime.simulator.Reply;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SimulatedSession;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import io.github.camelrealtime.simulator.VirtualClock;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Every event that component and simulator send over WebSocket is one that the types of OpenAI's own Java SDK accept. The
 * tour makes each of them happen at least once, so none is left unjudged.
 */
@Tag("interop")
class EveryEventTest {

    /** Names that the schema still has and the service does not use (wire reference §5.1, §8). */
    private static final Set<String> UNUSED = Set.of("conversation.created", "conversation.item.created");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final VirtualClock clock = new VirtualClock();

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel(simulator -> simulator.clock(clock));

    @Test
    @DisplayName("SIM-8 a tour of all events: each that either side sends is valid by the official types, and none is missing")
    void tour() throws Exception {
        camel.scenario(Scenario.builder()
                .onText("train", Reply.functionCall("find_train", "{\"to\":\"Ghent\"}").andText("Wait."))
                .onText("wiki", Reply.mcpCall("wiki", "lookup", "{\"q\":\"IC\"}", "IC = InterCity").andText("A train."))
                .onText("broken", Reply.failedMcpCall("wiki", "lookup", "{\"q\":\"IC\"}", "tool_execution_error", "it does not answer"))
                .onText("story", Reply.text("Once upon a time. ".repeat(20)).endless())
                .mcpServer(McpServer.of("wiki").tool("lookup", "Look up", "{\"type\":\"object\"}"))
                .mcpServer(McpServer.unreachable("nobody"))
                .build());
        camel.start(
                route -> route.from("openai-realtime:talk?outputModalities=text").to("log:talk?level=OFF"),
                route -> route.from("openai-realtime:voice?transcriptionModel=gpt-realtime-whisper&turnDetection=server_vad"
                                    + "&vadIdleTimeout=5s&voice=cedar&speed=1.1&noiseReduction=near_field&instructions=Be brief")
                        .to("log:voice?level=OFF"),
                route -> route.from("openai-realtime:meeting?sessionType=transcription&model=gpt-4o-transcribe-diarize"
                                    + "&turnDetection=none").to("log:meeting?level=OFF"),
                route -> route.from("direct:do").toD("openai-realtime:${header.session}?operation=send-event"));
        for (String session : List.of("talk", "voice", "meeting")) {
            camel.awaitState(session, SessionState.READY);
        }
        writtenConversation();
        spokenConversation();
        meeting();

        List<SimulatedSession> sessions = camel.simulator().sessions();
        assertThat(sessions.stream().flatMap(session -> problems(session).stream())).isEmpty();
        assertThat(types(sessions, Frame.Direction.SENT)).containsAll(expected(EventCatalogue.serverEvents()));
        assertThat(types(sessions, Frame.Direction.RECEIVED)).containsAll(expected(EventCatalogue.clientEvents()));
    }

    private void writtenConversation() throws Exception {
        say("talk", "{'type':'session.update','session':{'tools':[{'type':'function','name':'find_train','description':'Find a train',"
                    + "'parameters':{'type':'object'}},{'type':'mcp','server_label':'wiki','server_url':'https://mcp.example.com',"
                    + "'require_approval':'never'},{'type':'mcp','server_label':'nobody','server_url':'https://mcp.example.org'}]}}");
        sent("talk", "mcp_list_tools.completed", "mcp_list_tools.failed");
        ask("talk", "train");
        sent("talk", "response.function_call_arguments.done", "response.done");
        String callId = last("talk", "response.function_call_arguments.done").path("call_id").asText();
        say("talk", "{'type':'conversation.item.create','item':{'id':'answer','type':'function_call_output','call_id':'" + callId
                    + "','output':'{}'}}");
        ask("talk", "wiki");
        sent("talk", "response.mcp_call.completed");
        ask("talk", "broken");
        sent("talk", "response.mcp_call.failed");
        say("talk", "{'type':'conversation.item.delete','item_id':'answer'}");
        say("talk", "{'type':'conversation.item.delete','item_id':'never_there'}");
        say("talk", "{'type':'conversation.item.create','item':{'id':'picture','type':'message','role':'user','content':[{'type':"
                    + "'input_text','text':'Look:'},{'type':'input_image','image_url':'data:image/png;base64,iVBORw0KGgo='}]}}");
        say("talk", "{'type':'conversation.item.retrieve','item_id':'picture'}");
        sent("talk", "conversation.item.retrieved", "conversation.item.deleted", "error", "rate_limits.updated");
        // without an item_reference: these types have it in a method of its own, not among the events
        say("talk", "{'type':'response.create','response':{'conversation':'none','metadata':{'topic':'test'},'input':[{'type':'message',"
                    + "'role':'user','content':[{'type':'input_text','text':'One word: topic?'}]}],'output_modalities':['text'],"
                    + "'max_output_tokens':50}}");
    }

    private void spokenConversation() throws Exception {
        speak("voice");
        sent("voice", "conversation.item.input_audio_transcription.completed", "response.done");
        clock.advance(Duration.ofSeconds(30));
        sent("voice", "input_audio_buffer.timeout_triggered");
        ask("voice", "story");
        sent("voice", "response.output_audio.delta");
        say("voice", "{'type':'response.cancel'}");
        sent("voice", "response.output_audio.done");
        String item = last("voice", "response.output_audio.delta").path("item_id").asText();
        say("voice", "{'type':'conversation.item.truncate','item_id':'" + item + "','content_index':0,'audio_end_ms':20}");
        sent("voice", "conversation.item.truncated");
        say("voice", "{'type':'input_audio_buffer.clear'}");
        server("voice").dtmf("5");
        sent("voice", "input_audio_buffer.cleared", "input_audio_buffer.dtmf_event_received");
    }

    private void meeting() throws Exception {
        speak("meeting");
        camel.operation("openai-realtime:meeting", "commit-audio").get();
        sent("meeting", "conversation.item.input_audio_transcription.segment",
                "conversation.item.input_audio_transcription.completed");
        camel.scenario(Scenario.standard());
        server("meeting").send(JSON.readTree("{\"type\":\"conversation.item.input_audio_transcription.failed\",\"event_id\":\"e\","
                + "\"item_id\":\"i\",\"content_index\":0,\"error\":{\"type\":\"server_error\",\"code\":\"x\","
                + "\"message\":\"Input transcription failed.\",\"param\":null}}"));
        sent("meeting", "conversation.item.input_audio_transcription.failed");
    }

    private void ask(String session, String text) throws Exception {
        say(session, "{'type':'conversation.item.create','item':{'type':'message','role':'user','content':[{'type':'input_text',"
                     + "'text':'" + text + "'}]}}");
        int before = server(session).sent("response.done").size();
        say(session, "{'type':'response.create'}");
        if (!"story".equals(text)) {
            RealtimeCamel.await().until(() -> server(session).sent("response.done").size() > before);
        }
    }

    private void speak(String session) throws Exception {
        camel.tell("openai-realtime:" + session + "?operation=append-audio", SyntheticSpeech.pcm(2_000)).get();
        camel.tell("openai-realtime:" + session + "?operation=append-audio", SyntheticSpeech.silence(1_000)).get();
    }

    private void say(String session, String event) {
        camel.template().sendBodyAndHeader("direct:do", event.replace('\'', '"'), "session", session);
    }

    private SimulatedSession server(String session) {
        String id = camel.session(session).status().sessionId();
        return camel.simulator().sessions().stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow();
    }

    private JsonNode last(String session, String type) {
        List<JsonNode> all = server(session).sent(type);
        return all.get(all.size() - 1);
    }

    private void sent(String session, String... types) {
        for (String type : types) {
            RealtimeCamel.await().untilAsserted(() -> assertThat(server(session).sent(type)).as(type).isNotEmpty());
        }
    }

    private static List<String> problems(SimulatedSession session) {
        List<String> problems = new ArrayList<>();
        for (Frame frame : session.frames()) {
            try {
                if (frame.direction() == Frame.Direction.SENT) {
                    OfficialTypes.server(frame.json());
                } else {
                    OfficialTypes.client(frame.json());
                }
            } catch (RuntimeException e) {
                problems.add(frame.direction() + " " + frame.type() + ": " + e.getMessage() + " in " + frame.json());
            }
        }
        return problems;
    }

    private static Set<String> types(List<SimulatedSession> sessions, Frame.Direction direction) {
        return sessions.stream().flatMap(session -> session.frames().stream()).filter(frame -> frame.direction() == direction)
                .map(Frame::type).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> expected(Map<String, EventCatalogue.Entry> catalogue) {
        Map<String, EventCatalogue.Entry> all = new LinkedHashMap<>(catalogue);
        all.keySet().removeAll(UNUSED);
        return all.values().stream()
                .filter(entry -> entry.occursIn(SessionType.REALTIME, TransportKind.WEBSOCKET)
                        || entry.occursIn(SessionType.TRANSCRIPTION, TransportKind.WEBSOCKET))
                .map(EventCatalogue.Entry::type).collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{'type':'response.unheard','event_id':'e'}",
            "{'type':'response.output_text.done','event_id':'e','response_id':'r','item_id':'i','output_index':0,'content_index':0}",
            "{'type':'input_audio_buffer.speech_started','event_id':'e','item_id':'i','audio_start_ms':'soon'}" })
    @DisplayName("The judges are strict: an unknown type, a missing member and one of the wrong kind do not pass")
    void strict(String event) throws Exception {
        JsonNode json = JSON.readTree(event.replace('\'', '"'));
        assertThatThrownBy(() -> OfficialTypes.server(json)).isInstanceOf(OpenAIInvalidDataException.class);
    }
}
