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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.EventExamples;
import io.github.camelrealtime.event.SessionType;
import io.github.camelrealtime.event.SpoiltFrames;
import io.github.camelrealtime.simulator.Nonsense;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Every event of the reference, spoilt in every place, by every connection that a session can have. */
class BadInputTest {

    private static final long MINUTE = 60_000;

    private final ManualTimers timers = new ManualTimers();
    private final FakeTransports transports = new FakeTransports();
    private final List<SessionEvent> events = new ArrayList<>();

    /** Which connection talks nonsense, and what is going on. */
    enum Scene {
        PRESENT, SERVER_VAD, TRANSCRIPTION, RESTORING, STANDBY, DRAINING
    }

    private final Map<FakeTransport, Integer> served = new HashMap<>();
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
            SpoiltFrames.of(example).forEach(frame -> {
                service.listener.onFrame(frame);
                assertThat(session.status().internalErrors()).as(frame).isZero();
                assertThat(session.state()).as(frame).isNotIn(SessionState.FAILED, SessionState.IDLE, SessionState.CLOSING);
            });
            assertTakesTurn(example);
            session.closeNow();
        }
    }

    @Test
    @DisplayName("CONN-18 random nonsense by each connection (-Dnonsense.frames, -Dnonsense.seed): no part fails, and a turn is taken")
    void nonsense() {
        long seed = Long.getLong("nonsense.seed", 20_261_121L);
        int frames = Integer.getInteger("nonsense.frames", 3_000);
        for (Scene scene : Scene.values()) {
            FakeTransport service = play(scene);
            for (String frame : new Nonsense(seed + scene.ordinal()).frames(frames)) {
                service.listener.onFrame(frame);
                assertThat(session.status().internalErrors()).as("seed %d, %s: %s", seed, scene, frame).isZero();
            }
            assertTakesTurn("seed " + seed + ", " + scene);
            session.closeNow();
        }
    }

    private ObjectNode last(String type) {
        return events.stream().map(SessionEvent::event).filter(event -> event.getType().equals(type))
                .reduce((first, second) -> second).map(event -> (ObjectNode) event.getJson()).orElse(null);
    }

    @Test
    @DisplayName("CONN-18 a member of another kind counts as absent: the event goes out, and an error event says what was odd")
    void oddMember() {
        FakeTransport service = play(Scene.PRESENT);
        service.say("{'type':'input_audio_buffer.dtmf_event_received','event_id':7,'event':'5','received_at':1}");
        assertThat(last("input_audio_buffer.dtmf_event_received").path("event").asText()).isEqualTo("5");
        ObjectNode odd = last(LocalEvents.ERROR_MALFORMED);
        assertThat(odd.path("kind").asText()).isEqualTo("odd-member");
        assertThat(odd.path("reason").asText()).isEqualTo("event_id is a number, not a string");
        assertThat(odd.path("event_type").asText()).isEqualTo("input_audio_buffer.dtmf_event_received");
        assertThat(session.status().oddEvents()).isEqualTo(1);
        assertThat(session.status().malformedFrames()).isZero();
    }

    @Test
    @DisplayName("CONN-18 FLOW-6 an id of a megabyte is none, so nothing keeps it; unknown events may say what they like")
    void hugeId() {
        FakeTransport service = play(Scene.PRESENT);
        service.say("{'type':'conversation.item.added','event_id':'e','item':{'id':'" + "x".repeat(1_000_000) + "','type':'message'}}");
        assertThat(last(LocalEvents.ERROR_MALFORMED).path("reason").asText())
                .isEqualTo("item.id has 1000000 characters, more than 512");
        service.say("{'type':'brand.new','event_id':7,'item':'x','response':[],'delta':{}}");
        assertThat(last("brand.new")).isNotNull();
        assertThat(session.status().oddEvents()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = { "1", "-1", "0", "null", "\"soon\"", "9223372036854775807", "123456789012345678901234567890", "1e300", "-1e300",
            "[]", "9223372036854775" })
    @DisplayName("ROLL-1 an end of the session that cannot be is unknown: an hour is reckoned with")
    void absurdEnd(String expiresAt) {
        session = new RealtimeSession("s", Configs.manual().rollover(5 * MINUTE, 2 * MINUTE).build(), transports, timers);
        session.open();
        FakeTransport service = transports.last();
        service.open();
        service.listener.onFrame("{\"type\":\"session.created\",\"session\":{\"id\":\"sess_1\",\"expires_at\":" + expiresAt + "}}");
        service.listener.onFrame("{\"type\":\"session.updated\",\"session\":{\"id\":\"sess_1\",\"expires_at\":" + expiresAt + "}}");
        assertThat(session.state()).isEqualTo(SessionState.READY);
        timers.advance(55 * MINUTE - 1);
        assertThat(transports.all).hasSize(1);
        timers.advance(1);
        assertThat(transports.all).hasSize(2);
        session.closeNow();
    }

    // ---- defects of our own

    @Test
    @DisplayName("CONN-18 a part that fails on an event is told of, and costs neither the connection nor the other parts anything")
    void defect() {
        FakeTransport service = play(Scene.TRANSCRIPTION);
        session.audio().commit(false);
        service.committed("item_1");
        int owed = session.status().owedTranscripts();
        Epoch epoch = (Epoch) service.listener;
        TranscriptAssembler whole = epoch.transcripts;
        epoch.transcripts = null;
        service.transcribed("item_1", "sesame");
        service.transcribed("item_1", "sesame");
        epoch.transcripts = whole;

        assertThat(session.status().owedTranscripts()).as("who is told after it").isEqualTo(owed - 1);
        assertThat(session.status().internalErrors()).isEqualTo(2);
        ObjectNode told = last(LocalEvents.ERROR_INTERNAL);
        assertThat(told.path("reason").asText()).isEqualTo("java.lang.NullPointerException");
        assertThat(told.path("part").asText()).isEqualTo("subscriptions");
        assertThat(told.path("event_type").asText()).endsWith("transcription.completed");
        assertThat(told.toString()).doesNotContain("sesame");
        assertThat(session.state()).isEqualTo(SessionState.READY);
        service.committed("item_2");
        service.transcribed("item_2", "all is well");
        assertThat(last("conversation.item.input_audio_transcription.completed").path("transcript").asText()).isEqualTo("all is well");
        assertThat(transports.all).hasSize(1);
    }

    @Test
    @DisplayName("CONN-18 whoever asked and fails on the refusal: the refusal goes out as an event, and the session goes on")
    void defectOfWhoAsked() {
        FakeTransport service = play(Scene.PRESENT);
        session.send(ClientEvent.of("input_audio_buffer.clear").with("event_id", "mine"), refused -> {
            throw new IllegalStateException("sesame");
        });
        service.error(Map.of("type", "invalid_request_error", "code", "invalid_value", "event_id", "mine", "message", "no"));
        assertThat(session.status().internalErrors()).isEqualTo(1);
        assertThat(last("error").at("/error/code").asText()).isEqualTo("invalid_value");
        assertThat(last(LocalEvents.ERROR_INTERNAL).path("part").asText()).isEqualTo("errors");
        assertThat(last(LocalEvents.ERROR_INTERNAL).toString()).doesNotContain("sesame");
        assertThat(session.state()).isEqualTo(SessionState.READY);
    }

    /** A service that behaves from now on gets a question, or audio, and answers it. */
    private void assertTakesTurn(String after) {
        byte[] audio = new byte[9_600];
        boolean talks = session.config().type() == SessionType.REALTIME;
        CompletableFuture<?> answer = talks ? session.conversation().ask(Question.awaited(null, null, "turn", 0)).answer()
                : session.audio().piece(AudioFormat.PCM_24K, audio.length).append(audio, 0, audio.length);
        for (int i = 0; i < 2_000 && !answer.isDone(); i++) {
            serve();
            timers.advance(500);
        }
        assertThat(answer).as(after).isCompleted();
        assertThat(session.state()).as(after).isEqualTo(SessionState.READY);
        assertThat(session.status().internalErrors()).as(after).isZero();
    }

    private void serve() {
        FakeTransport present = transports.last();
        if (!present.open) {
            return;
        }
        if (present.frames("session.update").isEmpty()) {
            present.open();
            present.created();
        }
        int served = this.served.getOrDefault(present, 0);
        List<JsonNode> frames = present.frames();
        this.served.put(present, frames.size());
        for (JsonNode frame : frames.subList(served, frames.size())) {
            switch (frame.path("type").asText()) {
                case "session.update" -> present.updated();
                case "input_audio_buffer.commit" -> present.committed("item_" + frame.path("event_id").asText());
                case "conversation.item.create" -> {
                    String item = "'previous_item_id':null,'item':{'id':" + frame.at("/item/id") + ",'type':"
                                  + frame.at("/item/type") + "}}";
                    present.say("{'type':'conversation.item.added','event_id':'e'," + item);
                    present.say("{'type':'conversation.item.done','event_id':'e'," + item);
                }
                case "response.create" -> {
                    String response = "'response':{'id':'resp_" + frame.path("event_id").asText()
                                      + "','conversation_id':'c','output':[],'metadata':" + frame.at("/response/metadata")
                                      + ",'status':'";
                    present.say("{'type':'response.created','event_id':'e'," + response + "in_progress'}}");
                    present.say("{'type':'response.done','event_id':'e'," + response + "completed'}}");
                }
                default -> {
                    // wants no answer
                }
            }
        }
    }
}
