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
package io.github.camelrealtime.session;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.EventTypes;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Events whose members are missing or of another kind than the reference says: an exception would cost the connection. */
class OddEventsTest {

    private static final List<String> MEMBERS = List.of(
            "session", "item", "response", "error", "delta", "item_id", "response_id", "content_index", "output_index", "part",
            "transcript", "text", "audio_start_ms", "audio_end_ms", "usage", "rate_limits", "conversation", "previous_item_id",
            "call_id", "name", "arguments", "logprobs");
    private static final List<String> VALUES = List.of(
            "null", "true", "-1", "1e300", "'x'", "''", "[]", "[null]", "['x']", "{}", "{'id':7}", "{'id':'x','audio':'y'}",
            "{'id':'x','audio':{'input':'y','output':[]},'metadata':[],'output':{},'content':'z','type':{}}");

    private final ManualTimers timers = new ManualTimers();
    private final FakeTransports transports = new FakeTransports();

    static Set<String> types() {
        return EventTypes.serverTypes();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("types")
    @DisplayName("CONN-18 an event of an odd shape does no harm: it goes out, and the session goes on")
    void odd(String type) {
        RealtimeSession session = new RealtimeSession("s", Configs.server().build(), transports, timers);
        session.subscribe(event -> {
        });
        session.open();
        FakeTransport service = transports.last().ready();
        for (String value : VALUES) {
            busy(session, service);
            service.say("{'type':'" + type + "'}");
            service.say("{'type':'" + type + "'," + MEMBERS.stream().map(member -> "'" + member + "':" + value)
                    .collect(Collectors.joining(",")) + "}");
            assertThat(session.state()).as(value).isEqualTo(SessionState.READY);
        }
    }

    /** Something of everything is under way. */
    private static void busy(RealtimeSession session, FakeTransport service) {
        byte[] audio = new byte[9_600];
        session.audio().piece(AudioFormat.PCM_24K, audio.length).append(audio, 0, audio.length);
        session.audio().commit(true);
        ObjectNode change = JsonNodeFactory.instance.objectNode().put("instructions", "x");
        change.withObject("/audio/input/turn_detection").put("type", "server_vad").put("silence_duration_ms", 300);
        change.withObject("/audio/output").put("speed", 1.1);
        session.update(change, null, true);
        session.conversation().ask(Question.awaited(null, null, null, 0).spoken(1_000));
        service.say("{'type':'response.created','response':{'id':'x','conversation_id':'c'}}");
        service.say("{'type':'response.output_audio.delta','response_id':'x','item_id':'x','output_index':0,'content_index':0,"
                    + "'delta':'AAAA'}");
    }
}
