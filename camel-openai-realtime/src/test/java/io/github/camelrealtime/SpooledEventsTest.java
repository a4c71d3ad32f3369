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

import java.io.IOException;
import java.util.Base64;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.camelrealtime.event.EventCodec;
import io.github.camelrealtime.event.MalformedEventException;
import io.github.camelrealtime.event.ServerEvent;
import io.github.camelrealtime.session.EventContext;
import io.github.camelrealtime.session.LocalEvents;
import io.github.camelrealtime.session.SessionEvent;
import io.github.camelrealtime.session.TranscriptAssembler;
import io.github.camelrealtime.session.Turn;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SpooledEventsTest {

    private static final TranscriptAssembler.Progress PROGRESS = new TranscriptAssembler.Progress(
            "item_1", 2, "user", "Grüße \uD83D\uDE00 \"quoted\"\n", true, 7, "sess_1:item_1:2", null, 120L, 980L, "segment",
            1_700_000_000_456L, 1_600_000_000_789L);
    private static final EventContext CONTEXT = new EventContext(
            "user", "message", null, "f", "item_0", new Turn(3, 3_000_000L, 99L), true, 120L);

    static Stream<SessionEvent> events() throws MalformedEventException {
        ServerEvent plain = EventCodec.decode("{\"type\":\"x.new\", \"event_id\":\"e1\",\"nested\":{\"a\":[1,null,\"\\u0000\"]}}");
        ServerEvent audio = EventCodec.decode("{\"type\":\"response.output_audio.delta\",\"item_id\":\"i\",\"delta\":\""
                                              + Base64.getEncoder().encodeToString(new byte[] { 1, 2, 3, 4 }) + "\"}");
        ServerEvent former = EventCodec.decode("{\"type\":\"response.text.done\",\"item_id\":\"i\",\"text\":\"t\"}");
        ServerEvent huge = EventCodec.decode("{\"type\":\"x.huge\",\"text\":\"" + "x".repeat(21_000_000) + "\"}");
        ServerEvent local = ServerEvent.local(
                LocalEvents.TRANSCRIPT_MISSING, JsonNodeFactory.instance.objectNode().put("item_id", "item_9"));
        return Stream.of(
                new SessionEvent(plain, "support", "sess_1", 4, 1_700_000_000_123L, PROGRESS, CONTEXT),
                new SessionEvent(audio, "call-1#2", null, 1, 5, null, null),
                new SessionEvent(audio, "s", "sess_1", 2, 6, null, CONTEXT, 96_000),
                new SessionEvent(audio.withAudio(new byte[] { 9, 8, 7 }), "s", "sess_1", 2, 6, null, null, 4_800),
                new SessionEvent(former, "s", "sess_1", 1, 5, null, new EventContext(null, null, null, null, null, null, false, null)),
                new SessionEvent(huge, "s", "sess_1", 1, 5, null, null),
                new SessionEvent(local, "s", "sess_1", 2, 5, PROGRESS, null));
    }

    @ParameterizedTest
    @MethodSource("events")
    @DisplayName("TRX-18 an event comes back from the spool as it went in: frame, ids, transcript, context")
    void thereAndBack(SessionEvent event) throws IOException {
        EventQueue.Numbered numbered = new EventQueue.Numbered(event, 42, 3, false);
        EventQueue.Numbered back = SpooledEvents.read(SpooledEvents.write(numbered), true);

        assertThat(back.sequence()).isEqualTo(42);
        assertThat(back.dropped()).isEqualTo(3);
        assertThat(back.redelivered()).isTrue();
        SessionEvent read = back.event();
        assertThat(read).usingRecursiveComparison().ignoringFields("event").isEqualTo(event);
        assertThat(read.event().getRaw()).isEqualTo(event.event().getRaw());
        assertThat(read.event().getType()).isEqualTo(event.event().getType());
        assertThat(read.event().isLocal()).isEqualTo(event.event().isLocal());
        assertThat(read.event().getItemId()).isEqualTo(event.event().getItemId());
        assertThat(read.event().getEventId()).isEqualTo(event.event().getEventId());
        assertThat(read.event().getAudio()).isEqualTo(event.event().getAudio());
        assertThat(read.event().toMap()).isEqualTo(event.event().toMap());
    }

    @Test
    @DisplayName("TRX-18 TIM-2 nothing that a session knows of an event is forgotten: each member of the records is in the text")
    void wholeRecords() throws Exception {
        SessionEvent event = new SessionEvent(
                EventCodec.decode("{\"type\":\"x.new\"}"), "s", "sess_1", 4, 5, PROGRESS, CONTEXT, 7);
        JsonNode json = new ObjectMapper().readTree(SpooledEvents.write(new EventQueue.Numbered(event, 1, 0, false)));
        assertThat(json.path("transcript").size()).isEqualTo(TranscriptAssembler.Progress.class.getRecordComponents().length);
        assertThat(json.path("context").size()).isEqualTo(EventContext.class.getRecordComponents().length);
        // event, name, id, epoch, time, transcript, context, end of the voice: whoever adds one sees to the spool, too
        assertThat(SessionEvent.class.getRecordComponents()).hasSize(8);
    }

    @Test
    @DisplayName("TRX-18 what another version has written beyond what this one knows is passed over")
    void unknownMembers() throws Exception {
        String text = SpooledEvents.write(new EventQueue.Numbered(events().findFirst().orElseThrow(), 1, 0, false));
        String more = text.replace("\"itemId\":", "\"later\":{\"a\":1},\"itemId\":").replaceFirst("\\{", "{\"later\":[1],");
        assertThat(more.length()).isGreaterThan(text.length() + 20);
        assertThat(SpooledEvents.read(more, false).event().transcript()).isEqualTo(PROGRESS);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "{", "[]", "null", "{\"v\":2,\"frame\":\"{}\"}", "{\"v\":1}", "{\"v\":1,\"frame\":\"secret words\"}",
            "{\"v\":1,\"local\":true,\"frame\":\"{\\\"type\\\":\\\"session.created\\\"}\"}", "\u00AC\u00ED\u0000\u0005sr",
            "{\"v\":1,\"frame\":\"{\\\"type\\\":\\\"x\\\"}\",\"transcript\":{\"version\":\"secret words\"}}" })
    @DisplayName("TRX-18 anything else is refused, without a word of its content")
    void refused(String text) {
        assertThatThrownBy(() -> SpooledEvents.read(text, false)).isInstanceOf(IOException.class)
                .satisfies(refusal -> assertThat(refusal.getMessage()).isNotBlank().doesNotContain("secret"))
                .hasNoCause();
    }
}
