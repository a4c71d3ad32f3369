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

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelrealtime.Received.Event;
import io.github.camelrealtime.event.EventCatalogue;
import io.github.camelrealtime.event.EventExamples;
import io.github.camelrealtime.event.EventExamples.Variant;
import io.github.camelrealtime.event.EventFilter;
import io.github.camelrealtime.event.ServerEvent;
import io.github.camelrealtime.event.SessionType;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.SimulatedSession;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static io.github.camelrealtime.TranscriptFrames.mark;
import static org.assertj.core.api.Assertions.assertThat;

/** Every event of the service, sent by the simulator, as a route gets it. */
class EventRoutingTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {
    };
    private static final String OPTIONS
            = "&turnDetection=none&transcriptOrdering=arrival&failedTranscripts=event&drainTimeout=100";
    /** Where in an event the value of a header stands; the first place that has one counts. */
    private static final Map<String, List<String>> PLACES = new LinkedHashMap<>();

    static {
        place(OpenAIRealtimeConstants.EVENT_ID, "/event_id");
        place(OpenAIRealtimeConstants.ITEM_ID, "/item_id", "/item/id");
        place(OpenAIRealtimeConstants.RESPONSE_ID, "/response_id", "/response/id");
        place(OpenAIRealtimeConstants.PREVIOUS_ITEM_ID, "/previous_item_id");
        place(OpenAIRealtimeConstants.OUTPUT_INDEX, "/output_index");
        place(OpenAIRealtimeConstants.CONTENT_INDEX, "/content_index");
        place(OpenAIRealtimeConstants.TOOL_CALL_ID, "/call_id", "/item/call_id");
        place(OpenAIRealtimeConstants.TOOL_NAME, "/name", "/item/name");
        place(OpenAIRealtimeConstants.ITEM_TYPE, "/item/type");
        place(OpenAIRealtimeConstants.ROLE, "/item/role");
        place(OpenAIRealtimeConstants.PHASE, "/item/phase");
        place(OpenAIRealtimeConstants.AUDIO_START_MS, "/audio_start_ms");
        place(OpenAIRealtimeConstants.AUDIO_END_MS, "/audio_end_ms");
        place(OpenAIRealtimeConstants.DTMF_EVENT, "/event");
        place(OpenAIRealtimeConstants.SPEAKER, "/speaker");
        place(OpenAIRealtimeConstants.RESPONSE_STATUS, "/response/status");
        place(OpenAIRealtimeConstants.STATUS_REASON, "/response/status_details/reason");
        place(OpenAIRealtimeConstants.ERROR_CODE, "/error/code", "/response/status_details/error/code");
        place(OpenAIRealtimeConstants.INPUT_TOKENS, "/response/usage/input_tokens");
        place(OpenAIRealtimeConstants.OUTPUT_TOKENS, "/response/usage/output_tokens");
        place(OpenAIRealtimeConstants.TOTAL_TOKENS, "/response/usage/total_tokens");
        place(OpenAIRealtimeConstants.USAGE_SECONDS, "/usage/seconds");
    }

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received payload = new Received();
    private final Received events = new Received();
    private final Received raw = new Received();

    private static void place(String header, String... pointers) {
        PLACES.put(header, List.of(pointers));
    }

    @ParameterizedTest
    @EnumSource(value = SessionType.class, names = { "REALTIME", "TRANSCRIPTION" })
    @DisplayName("CONN-18, CONN-15 every event of a session, as in the reference, with unknown members and with nulls: its "
                 + "exchange has type, ids and body, in all three formats")
    void everyEvent(SessionType sessionType) throws Exception {
        String session = "openai-realtime:support?sessionType=" + sessionType.wireName() + OPTIONS + "&eventTypes=all&dataFormat=";
        camel.start(
                route -> route.from(session + "payload").process(payload),
                route -> route.from(session + "event").process(events),
                route -> route.from(session + "raw").process(raw));
        camel.awaitState("support", SessionState.READY);
        SimulatedSession server = camel.server(0);
        payload.await("camel.session.ready");
        List<String> sent = new ArrayList<>();
        Set<String> over = new HashSet<>();
        for (Variant variant : Variant.values()) {
            for (String example : EventExamples.framesOf(sessionType)) {
                String frame = endedOnce(EventExamples.vary(example, variant), over);
                // a cancellation that lost its race is nobody's business (ERR-1), and an expiry is the connection's end (ROLL-4)
                if (!frame.contains("response_cancel_not_active") && !frame.contains("session_expired")) {
                    sent.add(frame);
                }
            }
        }
        sent.forEach(server::send);
        server.send(mark());

        List<Event> bodies = eventsOf(payload);
        assertThat(bodies).extracting(Event::type).containsExactlyElementsOf(sent.stream().map(EventExamples::deliveredType).toList());
        for (int i = 0; i < sent.size(); i++) {
            assertBody(bodies.get(i), sent.get(i));
            assertHeaders(bodies.get(i), sent.get(i));
        }
        assertThat(eventsOf(events)).extracting(event -> ((ServerEvent) event.body()).getRaw()).containsExactlyElementsOf(sent);
        assertThat(eventsOf(raw)).extracting(Event::body).containsExactlyElementsOf(new ArrayList<Object>(sent));
        assertThat(payload.types()).doesNotContain("camel.error.malformed");
        assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
    }

    /** A response ends once, and what says so again is dropped (RESP-20): the example gets a response of its own. */
    private static String endedOnce(String frame, Set<String> over) {
        JsonNode event = EventExamples.parse(frame);
        String id = event.at("/response/id").asText();
        if (!"response.done".equals(event.path("type").asText()) || over.add(id)) {
            return frame;
        }
        String own = id + "_" + over.size();
        over.add(own);
        return frame.replace('"' + id + '"', '"' + own + '"');
    }

    /** What came after the session's own beginning, up to the mark. */
    private List<Event> eventsOf(Received received) {
        received.await("x.mark");
        List<String> types = received.types();
        int begin = types.indexOf("camel.session.ready") + 1;
        // the confirmation follows the readiness that it brought about
        if (types.get(begin).equals("session.updated")) {
            begin++;
        }
        return received.events().subList(begin, types.indexOf("x.mark")).stream()
                // what the component says about them is another matter
                .filter(event -> !event.type().startsWith("camel.")).toList();
    }

    private static void assertBody(Event routed, String frame) throws Exception {
        JsonNode event = EventExamples.delivered(frame);
        switch (EventCatalogue.serverEvents().get(routed.type()).body()) {
            case AUDIO -> assertThat((byte[]) routed.body()).as(frame)
                    .isEqualTo(Base64.getDecoder().decode(event.path("delta").asText()));
            case TEXT -> {
                assertThat(routed.body()).as(frame).isInstanceOf(String.class);
                String words = event.path("transcript").asText(event.path("text").asText(event.path("delta").asText()));
                assertThat((String) routed.body()).endsWith(words);
            }
            case MAP -> assertThat(routed.body()).as(frame).isEqualTo(MAPPER.convertValue(event, MAP));
        }
    }

    private static void assertHeaders(Event routed, String frame) throws Exception {
        JsonNode event = MAPPER.readTree(frame);
        assertThat(routed.headers()).as(frame)
                .containsEntry(OpenAIRealtimeConstants.SESSION_NAME, "support")
                .containsEntry(OpenAIRealtimeConstants.EPOCH, 1)
                .containsKeys(OpenAIRealtimeConstants.SESSION_ID, OpenAIRealtimeConstants.SEQUENCE);
        assertThat(routed.headers().keySet()).as(frame).isSubsetOf(knownHeaders());
        PLACES.forEach((header, pointers) -> {
            JsonNode value = pointers.stream().map(event::at).filter(node -> node.isValueNode() && !node.isNull()).findFirst()
                    .orElse(null);
            if (value != null && !(value.isTextual() && value.asText().isEmpty())) {
                Object routedValue = routed.header(header);
                assertThat(routedValue).as("%s of %s", header, frame).isNotNull();
                if (value.isNumber()) {
                    assertThat(((Number) routedValue).doubleValue()).as("%s of %s", header, frame).isEqualTo(value.asDouble());
                } else {
                    assertThat(routedValue).as("%s of %s", header, frame).isEqualTo(value.asText());
                }
            }
        });
    }

    /** Constants of ours, and the one header of Camel's: nothing that the wire says is ever a name. */
    private static Set<String> knownHeaders() {
        Set<String> names = new HashSet<>(Set.of(Exchange.CONTENT_TYPE));
        for (Field field : OpenAIRealtimeConstants.class.getFields()) {
            try {
                names.add((String) field.get(null));
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }
        return names;
    }

    @Test
    @DisplayName("CFG-15 every event of the service is found by at least one word for its family, or by name")
    void families() {
        List<String> alone = EventCatalogue.serverEvents().keySet().stream()
                .filter(type -> EventFilter.groupsOf(type).isEmpty()).toList();
        // what concerns the bookkeeping of items, buffers and parts has no word
        assertThat(alone).allMatch(type -> type.startsWith("conversation.") || type.startsWith("input_audio_buffer.")
                || type.startsWith("output_audio_buffer.") || type.startsWith("response.output_item.")
                || type.startsWith("response.content_part.") || type.equals("response.function_call_arguments.delta"));
        assertThat(EventFilter.groupsOf("response.done")).containsExactly("turn", "usage");
        assertThat(EventFilter.groupsOf("response.mcp_call.failed")).containsExactly("tool", "mcp", "error");
    }
}
