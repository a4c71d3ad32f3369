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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.EventExamples;
import io.github.camelrealtime.event.SessionType;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Every event of the reference, spoilt in every place, by every connection that a session can have. */
class BadInputTest {

    private static final long MINUTE = 60_000;
    private static final int PLACES = 60;
    private static final List<String> VALUES = List.of(
            "null", "true", "-1", "7", "9223372036854775807", "123456789012345678901234567890", "1e300", "-1.5", "\"7\"", "\"\"",
            "\"nonsense\"", "[]", "[null,1,\"x\",{},[]]", "{}", "{\"id\":null,\"type\":7,\"content\":{},\"output\":\"x\"}");

    private final ManualTimers timers = new ManualTimers();
    private final FakeTransports transports = new FakeTransports();
    private final List<SessionEvent> events = new ArrayList<>();

    /** Which connection talks nonsense, and what is going on. */
    enum Scene {
        PRESENT, SERVER_VAD, TRANSCRIPTION, RESTORING, STANDBY, DRAINING
    }

    private RealtimeSession session;

    /** Returns the connection of that scene. */
    private FakeTransport play(Scene scene) {
        Configs configs = switch (scene) {
            case SERVER_VAD -> Configs.server();
            case TRANSCRIPTION -> Configs.transcription();
            default -> Configs.manual();
        };
        transports.all.clear();
        events.clear();
        session = new RealtimeSession(
                "s", configs.reconnects(1_000).rollover(5 * MINUTE, 2 * MINUTE).build(), transports, timers);
        session.subscribe(events::add);
        session.open();
        FakeTransport first = transports.last().ready("sess_1", timers.millis() + 60 * MINUTE);
        if (scene != Scene.TRANSCRIPTION) {
            first.say("{'type':'conversation.item.added','event_id':'e','previous_item_id':null,'item':{'id':'told','type':'message',"
                      + "'role':'user','content':[{'type':'input_text','text':'Hello'}]}}");
            first.say("{'type':'conversation.item.done','event_id':'e','previous_item_id':null,'item':{'id':'told','type':'message',"
                      + "'role':'user','content':[{'type':'input_text','text':'Hello'}]}}");
        }
        switch (scene) {
            case RESTORING -> {
                first.open = false;
                first.listener.onClosed(1011, "gone");
                timers.advance(500);
                FakeTransport second = transports.last();
                assertThat(second).isNotSameAs(first);
                second.open();
                second.created();
                second.updated();
                assertThat(second.frames("conversation.item.create")).as("it is being told").isNotEmpty();
            }
            case STANDBY -> {
                owe();
                timers.advance(55 * MINUTE);
                transports.last().open();
                transports.last().created();
                assertThat(transports.all).hasSize(2);
            }
            case DRAINING -> {
                timers.advance(55 * MINUTE);
                transports.last().ready("sess_2", timers.millis() + 60 * MINUTE);
                transports.last().restored();
                assertThat(session.status().rollovers()).isOne();
                return first;
            }
            default -> owe();
        }
        return transports.last();
    }

    /** Something of everything is under way. */
    private void owe() {
        byte[] audio = new byte[9_600];
        session.audio().piece(AudioFormat.PCM_24K, audio.length).append(audio, 0, audio.length);
        session.audio().commit(true);
        session.update(JsonNodeFactory.instance.objectNode().put("instructions", "x"), null, true);
        session.conversation().ask(Question.awaited(null, null, null, 0).spoken(1_000));
    }

    /** The example, with one member after the other gone, spoilt, or twice. */
    private static void spoil(String frame, Consumer<String> use) {
        use.accept(frame);
        use.accept(frame);
        ObjectNode whole = EventExamples.parse(frame);
        List<String> places = new ArrayList<>();
        collect(whole, "", places);
        for (String place : places.subList(0, Math.min(PLACES, places.size()))) {
            if (place.equals("/type")) {
                continue;
            }
            use.accept(with(whole, place, null));
            for (String value : VALUES) {
                use.accept(with(whole, place, value));
            }
            int at = frame.indexOf('{') + 1;
            use.accept(frame.substring(0, at) + "\"" + place.substring(place.lastIndexOf('/') + 1) + "\":[7]," + frame.substring(at));
        }
    }

    private static void collect(JsonNode node, String path, List<String> places) {
        if (node.isObject()) {
            node.fields().forEachRemaining(field -> places.add(path + "/" + field.getKey()));
            node.fields().forEachRemaining(field -> collect(field.getValue(), path + "/" + field.getKey(), places));
        } else {
            for (int i = 0; i < node.size(); i++) {
                places.add(path + "/" + i);
                collect(node.get(i), path + "/" + i, places);
            }
        }
    }

    private static String with(ObjectNode whole, String place, String value) {
        ObjectNode spoilt = whole.deepCopy();
        int end = place.lastIndexOf('/');
        String name = place.substring(end + 1);
        JsonNode owner = spoilt.at(place.substring(0, end));
        JsonNode node = value == null ? null : EventExamples.parse("{\"value\":" + value + "}").get("value");
        if (owner instanceof ArrayNode array) {
            if (node == null) {
                array.remove(Integer.parseInt(name));
            } else {
                array.set(Integer.parseInt(name), node);
            }
        } else if (node == null) {
            ((ObjectNode) owner).remove(name);
        } else {
            ((ObjectNode) owner).set(name, node);
        }
        return spoilt.toString();
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    @DisplayName("CONN-18 ERR-1 every event with every member gone, spoilt and twice: no part fails, the session goes on and takes a turn")
    void spoilt(Scene scene) {
        for (String example : EventExamples.frames()) {
            if (example.contains("session_expired")) {
                // that does end a connection
                continue;
            }
            FakeTransport service = play(scene);
            spoil(example, frame -> {
                service.listener.onFrame(frame);
                assertThat(session.status().internalErrors()).as(frame).isZero();
                assertThat(session.state()).as(frame).isNotIn(SessionState.FAILED, SessionState.IDLE, SessionState.CLOSING);
            });
            timers.advance(70_000);
            assertThat(session.status().internalErrors()).as(example).isZero();
            assertTakesTurn(example);
            session.closeNow();
        }
    }

    /** Whatever the present connection is by now. */
    private void assertTakesTurn(String after) {
        FakeTransport present = transports.last();
        if (session.state() != SessionState.READY) {
            present.ready();
        }
        present.restored();
        assertThat(session.state()).as(after).isEqualTo(SessionState.READY);
        byte[] audio = new byte[9_600];
        if (session.config().type() != SessionType.REALTIME) {
            int before = present.appends().size();
            session.audio().piece(AudioFormat.PCM_24K, audio.length).append(audio, 0, audio.length);
            timers.advance(1);
            assertThat(present.appends().size()).as(after).isGreaterThan(before);
            return;
        }
        int before = present.frames("response.create").size();
        CompletableFuture<?> answer = session.conversation().ask(Question.awaited(
                ClientEvent.of("conversation.item.create").with("item", JsonNodeFactory.instance.objectNode()), null, null, 0)).answer();
        for (int minutes = 0; minutes < 20 && present.frames("response.create").size() == before; minutes++) {
            timers.advance(MINUTE);
        }
        assertThat(present.frames("response.create").size()).as(after).isGreaterThan(before);
        for (JsonNode asked : present.frames("response.create")) {
            String id = "resp_" + asked.path("event_id").asText();
            String response = "'response':{'id':'" + id + "','conversation_id':'c','output':[],'metadata':"
                              + asked.at("/response/metadata").toString().replace('"', '\'') + ",'status':'";
            present.say("{'type':'response.created','event_id':'e'," + response + "in_progress'}}");
            present.say("{'type':'response.done','event_id':'e'," + response + "completed'}}");
        }
        assertThat(answer).as(after).isDone();
    }
}
