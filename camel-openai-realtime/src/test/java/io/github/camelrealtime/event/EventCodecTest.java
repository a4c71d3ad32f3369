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

import java.util.Base64;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EventCodecTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void idsAreFoundAtTheTopAndOneLevelDown() throws Exception {
        ServerEvent top = EventCodec.decode("""
                {"type":"response.function_call_arguments.done","event_id":"event_1","response_id":"resp_1",
                 "item_id":"item_1","output_index":2,"call_id":"call_1","name":"f","arguments":"{}"}""");
        assertThat(top.getEventId()).isEqualTo("event_1");
        assertThat(top.getResponseId()).isEqualTo("resp_1");
        assertThat(top.getItemId()).isEqualTo("item_1");
        assertThat(top.getToolCallId()).isEqualTo("call_1");
        assertThat(top.getOutputIndex()).isEqualTo(2);
        assertThat(top.getContentIndex()).isNull();
        assertThat(top.getAudio()).isNull();
        assertThat(top.isLocal()).isFalse();

        ServerEvent nested = EventCodec.decode("""
                {"type":"conversation.item.added","previous_item_id":"item_0",
                 "item":{"id":"item_2","type":"function_call","call_id":"call_2"}}""");
        assertThat(nested.getItemId()).isEqualTo("item_2");
        assertThat(nested.getPreviousItemId()).isEqualTo("item_0");
        assertThat(nested.getToolCallId()).isEqualTo("call_2");
        assertThat(nested.getEventId()).isNull();

        ServerEvent response = EventCodec.decode(
                "{\"type\":\"response.done\",\"response\":{\"id\":\"resp_9\",\"usage\":null}}");
        assertThat(response.getResponseId()).isEqualTo("resp_9");
        assertThat(response.getJson().at("/response/usage").isNull()).isTrue();
    }

    @Test
    void textMembersAreThere() throws Exception {
        assertThat(EventCodec.decode("{\"type\":\"response.output_text.delta\",\"delta\":\"Grü\\u00dfe\"}").getDelta())
                .isEqualTo("Grüße");
        assertThat(EventCodec.decode("{\"type\":\"response.output_text.done\",\"text\":\"Hi\"}").getText()).isEqualTo("Hi");
        assertThat(EventCodec.decode("{\"type\":\"response.output_audio_transcript.done\",\"transcript\":\"Ho\"}")
                .getTranscript()).isEqualTo("Ho");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{\"type\":\"conversation.item.done\"}",
            "{\"type\":\"conversation.item.done\",\"item_id\":null,\"item\":null,\"response_id\":null,\"call_id\":null,"
                    + "\"previous_item_id\":null,\"output_index\":null,\"event_id\":null}",
            "{\"type\":\"conversation.item.done\",\"item_id\":7,\"item\":[\"id\"],\"response\":\"id\",\"output_index\":1.5,"
                    + "\"content_index\":99999999999}"
    })
    @DisplayName("CONN-18 nulls, absent members and members of an unexpected kind read alike: as not there")
    void toleratesNullsAndOddKinds(String frame) throws Exception {
        ServerEvent event = EventCodec.decode(frame);
        assertThat(event.getEventId()).isNull();
        assertThat(event.getItemId()).isNull();
        assertThat(event.getPreviousItemId()).isNull();
        assertThat(event.getResponseId()).isNull();
        assertThat(event.getToolCallId()).isNull();
        assertThat(event.getOutputIndex()).isNull();
        assertThat(event.getContentIndex()).isNull();
    }

    @Test
    @DisplayName("CONN-18 an item_id of null gives way to the id of the item")
    void nullIdGivesWay() throws Exception {
        assertThat(EventCodec.decode("{\"type\":\"x.y\",\"item_id\":null,\"item\":{\"id\":\"i\"}}").getItemId()).isEqualTo("i");
    }

    @ParameterizedTest
    @CsvSource({
            "response.text.delta, response.output_text.delta", "response.text.done, response.output_text.done",
            "response.audio.done, response.output_audio.done",
            "response.audio_transcript.delta, response.output_audio_transcript.delta",
            "response.audio_transcript.done, response.output_audio_transcript.done",
            "conversation.item.created, conversation.item.added", "transcription_session.created, session.created",
            "transcription_session.updated, session.updated" })
    @DisplayName("NET-4 former names of events are renamed wherever they are read, and the frame stays as it came")
    void formerNames(String former, String current) throws Exception {
        String frame = "{\"event_id\":\"event_1\",\"type\":\"" + former + "\",\"delta\":\"Hi\"}";
        ServerEvent event = EventCodec.decode(frame);
        assertThat(event.getType()).isEqualTo(current);
        assertThat(event.getJson().path("type").asText()).isEqualTo(current);
        assertThat(event.toMap()).containsEntry("type", current).containsEntry("event_id", "event_1");
        assertThat(event.getDelta()).isEqualTo("Hi");
        assertThat(event.getRaw()).isSameAs(frame);
    }

    @Test
    @DisplayName("NET-4 audio under its former name is decoded, the fast way too")
    void formerAudio() throws Exception {
        String plain = "{\"type\":\"response.audio.delta\",\"item_id\":\"i\",\"delta\":\"AQID\"}";
        assertThat(AudioDeltaScanner.scan(plain)).isNotNull();
        for (String frame : new String[] { plain, plain.replace("}", ",\"news\":[1]}") }) {
            ServerEvent event = EventCodec.decode(frame);
            assertThat(event.getType()).isEqualTo("response.output_audio.delta");
            assertThat(event.getAudio()).containsExactly(1, 2, 3);
            assertThat(event.getItemId()).isEqualTo("i");
            assertThat(event.getJson().path("type").asText()).isEqualTo("response.output_audio.delta");
            assertThat(event.getRaw()).isSameAs(frame);
        }
    }

    @ParameterizedTest
    @MethodSource("everyServerType")
    @DisplayName("CONN-18 every known server event decodes with its type and ids")
    void decodesEveryKnownType(String type) throws Exception {
        String frame = "{\"type\":\"" + type + "\",\"event_id\":\"event_1\",\"item_id\":\"item_1\",\"response_id\":\"resp_1\"}";
        ServerEvent event = EventCodec.decode(frame);
        assertThat(event.getType()).isEqualTo(FormerNames.current(type));
        assertThat(event.getEventId()).isEqualTo("event_1");
        assertThat(event.getItemId()).isEqualTo("item_1");
        assertThat(event.getResponseId()).isEqualTo("resp_1");
        assertThat(event.getRaw()).isSameAs(frame);
    }

    static Iterable<String> everyServerType() {
        return EventTypes.serverTypes();
    }

    @Test
    @DisplayName("CONN-18 unknown types and members pass through whole")
    void unknownTypePassesThrough() throws Exception {
        String frame = "{\"type\":\"live.hologram.delta\",\"delta\":\"not base64!\",\"colours\":[1,{\"deep\":true}]}";
        ServerEvent event = EventCodec.decode(frame);
        assertThat(event.getType()).isEqualTo("live.hologram.delta");
        assertThat(event.getRaw()).isEqualTo(frame);
        assertThat(event.getJson()).isEqualTo(MAPPER.readTree(frame));
        assertThat(event.toMap()).containsEntry("colours", List.of(1, Map.of("deep", true)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {
            "hello secret words       | not JSON, at character",
            "{\"type\":\"a.b\"        | not JSON",
            "{\"type\":\"a.b\",}      | not JSON",
            "{'type':'a.b'}           | not JSON",
            "[\"type\",\"secret\"]    | is an array, not a JSON object",
            "\"secret\"               | is a string, not a JSON object",
            "null                     | is null, not a JSON object",
            "{\"typ\":\"secret\"}     | no type",
            "{\"type\":null}          | Type of the event is null",
            "{\"type\":17}            | Type of the event is a number",
            "{\"type\":{\"a\":1}}     | Type of the event is an object",
            "{\"type\":\"\"}          | is empty",
            "{\"type\":\"a.b\"}{}     | goes on after its JSON object, at character 14",
            "{\"type\":\"a.b\"} x     | not JSON",
            "{\"type\":\"response.output_audio.delta\",\"delta\":\"secret??\"} | 8 characters, is not base64",
            "{\"type\":\"response.output_audio.delta\",\"delta\":\"AAAAA\"}    | 5 characters, is not base64",
            "{\"type\":\"session.output_audio.delta\",\"delta\":5}             | is a number, not a string",
    })
    @DisplayName("CONN-18 what is no event is refused in words that do not quote it")
    void refusesMalformed(String frame, String words) {
        assertThatThrownBy(() -> EventCodec.decode(frame))
                .isInstanceOf(MalformedEventException.class)
                .hasMessageContaining(words)
                .hasMessageNotContainingAny("secret", "hello")
                .hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "   ", "\n" })
    @DisplayName("CONN-18 an empty frame is refused")
    void refusesEmpty(String frame) {
        assertThatThrownBy(() -> EventCodec.decode(frame)).isInstanceOf(MalformedEventException.class)
                .hasMessageContaining("empty");
    }

    @Test
    @DisplayName("CONN-18 nesting beyond reason is an error of that frame, not of the stack")
    void refusesDeepNesting() {
        String frame = "{\"type\":\"a.b\",\"x\":" + "[".repeat(200_000) + "]".repeat(200_000) + "}";
        assertThatThrownBy(() -> EventCodec.decode(frame)).isInstanceOf(MalformedEventException.class);
    }

    @Test
    @DisplayName("CONN-11 an audio item of 15 MiB read back, 20 MiB of base64, decodes")
    void decodesHugeItem() throws Exception {
        String base64 = Base64.getEncoder().encodeToString(new byte[15 * 1024 * 1024]);
        ServerEvent event = EventCodec.decode("{\"type\":\"conversation.item.retrieved\",\"item\":{\"id\":\"item_1\","
                + "\"content\":[{\"type\":\"input_audio\",\"audio\":\"" + base64 + "\"}]}}");
        assertThat(event.getItemId()).isEqualTo("item_1");
        assertThat(event.getJson().at("/item/content/0/audio").textValue()).hasSize(base64.length());
    }

    @Test
    void audioKeepsItsBytesAndGivesNoTextDelta() throws Exception {
        byte[] pcm = { 1, 2, 3, 4, -5, -6 };
        ServerEvent event = EventCodec.decode("{\"type\":\"response.output_audio.delta\",\"event_id\":\"e\",\"item_id\":\"i\","
                + "\"delta\":\"" + Base64.getEncoder().encodeToString(pcm) + "\"}");
        assertThat(event.getAudio()).containsExactly(pcm).isSameAs(event.getAudio());
        assertThat(event.getDelta()).isNull();
        assertThat(event.getJson().get("delta").textValue()).isEqualTo("AQIDBPv6");
        assertThat(event.getJson()).isSameAs(event.getJson());
        assertThat(event.toMap()).containsEntry("item_id", "i");
    }

    @Test
    void mapsAreFreshEachTime() throws Exception {
        ServerEvent event = EventCodec.decode("{\"type\":\"a.b\",\"x\":1}");
        event.toMap().put("x", 2);
        assertThat(event.toMap()).containsEntry("x", 1);
    }

    @Test
    void printsNoContent() throws Exception {
        ServerEvent event = EventCodec.decode(
                "{\"type\":\"response.output_text.delta\",\"event_id\":\"event_1\",\"item_id\":\"item_1\","
                        + "\"response_id\":\"resp_1\",\"call_id\":\"call_1\",\"delta\":\"my diagnosis\"}");
        assertThat(event).hasToString(
                "ServerEvent[response.output_text.delta, event event_1, item item_1, response resp_1, toolCall call_1]");
    }

    @Test
    void localEventsCanBeToldFromOthers() {
        ObjectNode members = MAPPER.createObjectNode().put("type", "response.done").put("item_id", "item_1").put("epoch", 2);
        ServerEvent event = ServerEvent.local("camel.session.reconnected", members);
        members.put("item_id", "changed");
        assertThat(event.getType()).isEqualTo("camel.session.reconnected");
        assertThat(event.isLocal()).isTrue();
        assertThat(event.getItemId()).isEqualTo("item_1");
        assertThat(event.getRaw()).isEqualTo("{\"type\":\"camel.session.reconnected\",\"item_id\":\"item_1\",\"epoch\":2}");
        assertThat(ServerEvent.local("camel.turn.completed", null).getRaw()).isEqualTo("{\"type\":\"camel.turn.completed\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = { "response.done", "camel", "camelot.x", "" })
    void localEventsMayNotLookLikeTheServices(String type) {
        assertThatThrownBy(() -> ServerEvent.local(type, null))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("camel.");
    }

    @Test
    void anEventFromTheWireIsNeverLocal() throws Exception {
        assertThat(EventCodec.decode("{\"type\":\"camel.session.reconnected\"}").isLocal()).isFalse();
    }

    @Test
    @DisplayName("RESP-17 appends carry the audio asked for and a unique event id")
    void encodesAppend() throws Exception {
        byte[] audio = { 9, 1, 2, 3, 9 };
        JsonNode first = MAPPER.readTree(EventCodec.encodeAppend(audio, 1, 3, null));
        JsonNode second = MAPPER.readTree(EventCodec.encodeAppend(audio, 0, 5, null));
        assertThat(first.get("type").textValue()).isEqualTo("input_audio_buffer.append");
        assertThat(first.get("audio").binaryValue()).containsExactly(1, 2, 3);
        assertThat(second.get("audio").binaryValue()).containsExactly(audio);
        assertThat(first.get("event_id").textValue()).isNotBlank().isNotEqualTo(second.get("event_id").textValue());
        assertThat(MAPPER.readTree(EventCodec.encodeAppend(audio, 5, 0, "mine \"\\\n")).get("event_id").textValue())
                .isEqualTo("mine \"\\\n");
    }

    @Test
    void refusesAppendOutOfRange() {
        assertThatThrownBy(() -> EventCodec.encodeAppend(new byte[4], 2, 3, null))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> EventCodec.encodeAppend(new byte[4], 0, 4, "x".repeat(513)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("512");
    }
}
