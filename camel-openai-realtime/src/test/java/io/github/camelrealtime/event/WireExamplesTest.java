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
package io.github.camelrealtime.event;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelrealtime.event.EventCatalogue.Body;
import io.github.camelrealtime.event.EventCatalogue.Entry;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

class WireExamplesTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @ParameterizedTest
    @MethodSource("io.github.camelrealtime.event.EventExamples#variants")
    @DisplayName("SIM-8 every example of the reference, with unknown members and with nulls: parses and loses nothing")
    void roundTrip(String frame) throws Exception {
        assertRoundTrip(frame);
    }

    static void assertRoundTrip(String frame) throws Exception {
        ServerEvent event = EventCodec.decode(frame);
        JsonNode expected = EventExamples.delivered(frame);
        assertThat(event.getType()).isEqualTo(expected.path("type").textValue());
        assertThat(event.getRaw()).isSameAs(frame);
        assertThat(event.getJson()).isEqualTo(expected);
        assertThat(event.toMap()).isEqualTo(MAPPER.convertValue(expected, new TypeReference<Map<String, Object>>() {
        }));
        assertThat(MAPPER.readTree(MAPPER.writeValueAsString(event.toMap()))).isEqualTo(expected);
        assertThat(event.getEventId()).isEqualTo(expected.path("event_id").textValue());
        assertThat(event.getItemId()).isEqualTo(expected.path("item_id").asText(expected.at("/item/id").textValue()));
        assertThat(event.getResponseId()).isEqualTo(expected.path("response_id").asText(expected.at("/response/id").textValue()));

        ServerEvent slow = EventCodec.decodeFully(frame);
        assertThat(event.getAudio()).isEqualTo(slow.getAudio());
        assertThat(event).hasToString(slow.toString());
        assertThat(List.of(event.getOutputIndex() == null, event.getContentIndex() == null))
                .isEqualTo(List.of(slow.getOutputIndex() == null, slow.getContentIndex() == null));
        assertThat(event.getDelta()).isEqualTo(slow.getDelta());
    }

    @Test
    @DisplayName("SIM-8 every event of the catalogue has an example, each with the members that the catalogue says it needs")
    void catalogueAndExamplesAgree() {
        Map<String, List<String>> examples = EventExamples.frames().stream().collect(Collectors.groupingBy(EventExamples::type));
        assertThat(new TreeSet<>(examples.keySet())).isEqualTo(new TreeSet<>(EventTypes.serverTypes()));
        for (Entry entry : EventCatalogue.serverEvents().values()) {
            assertThat(examples.get(entry.type())).allSatisfy(frame -> {
                JsonNode event = EventExamples.parse(frame);
                entry.members().stream().filter(member -> !member.startsWith("["))
                        .forEach(member -> assertThat(event.has(member)).as("%s of %s", member, frame).isTrue());
                assertThat(event.has("event_id")).as(frame)
                        .isEqualTo(!EventTypes.INPUT_AUDIO_BUFFER_DTMF_EVENT_RECEIVED.equals(entry.type()));
            });
        }
    }

    @Test
    @DisplayName("The catalogue is complete: every entry has a place, a meaning and, if it comes from the service, a body")
    void entriesAreComplete() {
        assertThat(EventCatalogue.serverEvents().values()).isNotEmpty().allSatisfy(entry -> {
            assertThat(entry.direction()).isEqualTo(EventCatalogue.Direction.SERVER);
            assertThat(entry.body()).isNotNull();
        });
        assertThat(EventCatalogue.clientEvents().values()).isNotEmpty().allSatisfy(entry -> {
            assertThat(entry.direction()).isEqualTo(EventCatalogue.Direction.CLIENT);
            assertThat(entry.body()).isNull();
        });
        Stream.of(EventCatalogue.clientEvents(), EventCatalogue.serverEvents()).flatMap(table -> table.entrySet().stream())
                .forEach(row -> {
                    assertThat(row.getKey()).isEqualTo(row.getValue().type());
                    assertThat(row.getValue().where().values()).isNotEmpty().noneMatch(Set::isEmpty);
                    assertThat(row.getValue().meaning()).isNotBlank();
                });
        assertThat(EventCatalogue.serverEvents().values().stream().filter(entry -> entry.body() == Body.AUDIO).map(Entry::type))
                .containsExactly("response.output_audio.delta", "response.output_audio.done", "session.output_audio.delta");
    }
}
