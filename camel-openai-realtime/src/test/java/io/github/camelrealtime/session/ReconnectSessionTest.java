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

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.transport.TransportException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.camelrealtime.session.Futures.failure;
import static org.assertj.core.api.Assertions.assertThat;

class ReconnectSessionTest {

    private static final String EXPIRED = "Your session hit the maximum duration of 60 minutes.";
    private static final long FIRST_DELAY = 500;

    private final ManualTimers timers = new ManualTimers();
    private final FakeTransports transports = new FakeTransports();
    private final List<SessionEvent> events = new ArrayList<>();

    private RealtimeSession ready(Configs configs) {
        RealtimeSession session = new RealtimeSession("s", configs.build(), transports, timers);
        session.subscribe(events::add);
        session.open();
        transports.last().ready();
        assertThat(session.state()).isEqualTo(SessionState.READY);
        return session;
    }

    private JsonNode event(String type) {
        List<SessionEvent> found = events.stream().filter(event -> event.event().getType().equals(type)).toList();
        assertThat(found).as(type).isNotEmpty();
        return found.get(found.size() - 1).event().getJson();
    }

    private List<String> types() {
        return events.stream().map(event -> event.event().getType()).toList();
    }

    private static void breaks(FakeTransport transport) {
        transport.open = false;
        transport.listener.onFailure(new TransportException("reset", new IOException("reset")));
    }

    private static CompletableFuture<Void> give(RealtimeSession session, int millis, int value) {
        byte[] audio = new byte[48 * millis];
        Arrays.fill(audio, (byte) value);
        return session.audio().piece(AudioFormat.PCM_24K, audio.length).append(audio, 0, audio.length);
    }

    private static int first(JsonNode append) {
        return FakeTransport.audio(append)[0];
    }

    // ---- what becomes of whom

    @Test
    @DisplayName("ROLL-15 what was asked and had not begun is asked again, once; what was said with it and had "
                 + "left is not said again")
    void askedAgain() {
        RealtimeSession session = ready(Configs.manual().reconnects(50));
        FakeTransport old = transports.last();
        CompletableFuture<Answer> asked = session.conversation()
                .ask(Question.awaited(ClientEvent.userText("Hello"), null, null, 0)).answer();
        assertThat(old.types()).containsExactly("session.update", "conversation.item.create", "response.create");
        JsonNode first = old.last();

        breaks(old);
        timers.advance(FIRST_DELAY);
        FakeTransport next = transports.last().ready();
        assertThat(next.frames("response.create")).hasSize(1);
        assertThat(next.frames("conversation.item.create")).as("told once, by what is told of the conversation so far")
                .filteredOn(item -> item.toString().contains("Hello")).hasSize(1);
        JsonNode second = next.last();
        assertThat(second.path("type").asText()).isEqualTo("response.create");
        assertThat(second.path("event_id").asText()).as("RESP-17 an id of its own").isNotEqualTo(first.path("event_id").asText());
        String response = "'response':{'id':'r','status':'completed','metadata':" + second.at("/response/metadata") + "}}";
        next.say("{'type':'response.created'," + response);
        next.say("{'type':'response.done'," + response);
        assertThat(asked).isCompleted();
        assertThat(session.status().pendingResponses()).isZero();
    }

    @Test
    @DisplayName("ROLL-15 RESP-17 lost again before the response begins: asked a third time, each with an id of "
                 + "its own, said once")
    void askedOnceMore() {
        RealtimeSession session = ready(Configs.manual().reconnects(50));
        CompletableFuture<Answer> asked = session.conversation()
                .ask(Question.awaited(ClientEvent.userText("Hello"), null, null, 0)).answer();
        List<String> ids = new ArrayList<>();
        ids.add(transports.last().last().path("event_id").asText());
        // once while it is being handed over, once when it has left
        for (boolean handing : List.of(true, false, true)) {
            if (transports.last().open) {
                breaks(transports.last());
            }
            timers.advance(10 * FIRST_DELAY);
            FakeTransport next = transports.last();
            next.onSend(frame -> {
                if (handing && frame.path("type").asText().equals("response.create")) {
                    ids.add(frame.path("event_id").asText());
                    breaks(next);
                }
            });
            next.ready();
            if (!handing) {
                ids.add(next.last().path("event_id").asText());
            }
        }
        timers.advance(10 * FIRST_DELAY);
        FakeTransport last = transports.last().ready();
        assertThat(last.frames("response.create")).hasSize(1);
        ids.add(last.last().path("event_id").asText());
        assertThat(ids).hasSize(5).doesNotHaveDuplicates();
        assertThat(last.frames("conversation.item.create")).filteredOn(item -> item.toString().contains("Hello")).hasSize(1);
        String response = "'response':{'id':'r','status':'completed','metadata':" + last.last().at("/response/metadata") + "}}";
        last.say("{'type':'response.created'," + response);
        last.say("{'type':'response.done'," + response);
        assertThat(asked).isCompleted();
    }

    @Test
    @DisplayName("ROLL-15 lost as often as maxReconnects allows and once more: the request fails, once and typed")
    void notForEver() {
        RealtimeSession session = ready(Configs.manual().reconnects(2));
        CompletableFuture<Answer> asked = session.conversation().ask(Question.awaited(null, null, null, 0)).answer();
        for (int lost = 0; lost < 2; lost++) {
            breaks(transports.last());
            timers.advance(10 * FIRST_DELAY);
            assertThat(transports.last().ready().frames("response.create")).hasSize(1);
            assertThat(asked).isNotDone();
        }
        breaks(transports.last());
        assertThat(failure(asked)).isInstanceOf(SessionClosedException.class).hasMessageContaining("maxReconnects");
        assertThat(session.state()).isEqualTo(SessionState.FAILED);
    }

    @Test
    @DisplayName("ROLL-15 what had not left at all leaves by the next connection, once, with what is said before it")
    void unsentLeavesOnce() {
        RealtimeSession session = ready(Configs.manual().reconnects(50));
        give(session, 100, 1);
        session.audio().commit(true);
        // the ordered lane rests for the answer to the commit
        session.conversation().ask(Question.awaited(ClientEvent.userText("Hello"), null, null, 0));
        assertThat(transports.last().types()).doesNotContain("conversation.item.create", "response.create");
        breaks(transports.last());
        timers.advance(FIRST_DELAY);
        transports.last().ready().committed("item_again");
        assertThat(transports.last().types())
                .filteredOn(type -> !type.equals("append") && !type.equals("commit"))
                .containsExactly("session.update", "conversation.item.create", "response.create");
    }

    @Test
    @DisplayName("ROLL-15 a response cancelled by the user before it began is not asked again")
    void cancelledIsNotAskedAgain() {
        RealtimeSession session = ready(Configs.manual().reconnects(50));
        CompletableFuture<Answer> asked = session.conversation().ask(Question.awaited(null, null, null, 0)).answer();
        session.conversation().cancel(null, null);
        breaks(transports.last());
        assertThat(failure(asked)).isInstanceOf(SessionReconnectingException.class);
        timers.advance(FIRST_DELAY);
        assertThat(transports.last().ready().types()).containsExactly("session.update");
    }

    @Test
    @DisplayName("ROLL-15 the end of a response that was streaming is told, as its response.done never comes")
    void streamingIsInterrupted() {
        ready(Configs.manual().reconnects(50));
        transports.last().say("{'type':'response.created','response':{'id':'r','conversation_id':'c'}}");
        breaks(transports.last());
        JsonNode failed = event(LocalEvents.RESPONSE_FAILED);
        assertThat(failed.path("response_id").asText()).isEqualTo("r");
        assertThat(failed.path("status").asText()).isEqualTo("interrupted");
        assertThat(types()).containsSubsequence("response.created", LocalEvents.RESPONSE_FAILED, LocalEvents.SESSION_RECONNECTING);
    }

    @Test
    @DisplayName("CONN-16 changes of the session end with their connection, and what was said by it is not cut on another")
    void stateOfTheConnection() {
        RealtimeSession session = ready(Configs.manual().reconnects(50));
        ObjectNode detection = JsonNodeFactory.instance.objectNode();
        detection.withObject("/audio/input/turn_detection").put("type", "server_vad");
        session.update(detection, null, false);
        assertThat(session.turns()).isEqualTo(TurnMode.SERVER);
        transports.last().say("{'type':'response.created','response':{'id':'r','conversation_id':'c'}}");
        transports.last().say("{'type':'response.output_audio.delta','response_id':'r','item_id':'a','output_index':0,"
                                + "'content_index':0,'delta':'AAAAAAAA'}");
        assertThat(session.playback().played("a", 0, 1)).isTrue();

        breaks(transports.last());
        timers.advance(FIRST_DELAY);
        transports.last().ready();
        assertThat(session.turns()).isEqualTo(TurnMode.MANUAL);
        session.conversation().interrupt(null);
        assertThat(transports.last().types()).doesNotContain("response.cancel", "conversation.item.truncate");
    }

    @Test
    @DisplayName("ROLL-12 ROLL-14 what has left fails once with a typed reason, but audio, which is sent again; "
                 + "then what has not left")
    void sentFailsUnsentStays() {
        RealtimeSession session = ready(Configs.manual().reconnects(50));
        FakeTransport old = transports.last();
        AtomicInteger told = new AtomicInteger();
        CompletableFuture<Answer> asked = session.conversation().ask(Question.awaited(null, null, null, 0)).answer();
        asked.whenComplete((done, problem) -> told.incrementAndGet());
        old.say("{'type':'response.created','response':{'id':'r','metadata':"
                + old.frames("response.create").get(0).at("/response/metadata") + "}}");
        CompletableFuture<Answer> waitsItsTurn = session.conversation().ask(Question.awaited(null, null, null, 0)).answer();
        give(session, 100, 1);
        Commit commit = session.audio().commit(true);
        CompletableFuture<Void> behindTheCommit = give(session, 100, 2);
        CompletableFuture<Void> item = session.send(ClientEvent.userText("written"));

        breaks(old);
        assertThat(session.state()).isEqualTo(SessionState.CONNECTING);
        assertThat(failure(asked)).isInstanceOfSatisfying(SessionReconnectingException.class, e -> {
            assertThat(e).hasMessageContaining("reset").hasMessageContaining("not repeated");
            assertThat(e.isFatal()).isFalse();
            assertThat(e.getCause()).isInstanceOf(SessionClosedException.class);
        });
        assertThat(commit.itemId()).as("it is made again").isNotDone();
        assertThat(told).hasValue(1);
        assertThat(waitsItsTurn).isNotDone();
        CompletableFuture<Void> meanwhile = give(session, 100, 3);
        assertThat(List.of(behindTheCommit, item, meanwhile)).noneMatch(CompletableFuture::isDone);

        timers.advance(FIRST_DELAY);
        assertThat(transports.all).hasSize(2);
        transports.last().ready();
        assertThat(transports.last().types()).contains("append", "commit");
        transports.last().committed("item_again");
        assertThat(commit.itemId()).isCompletedWithValue("item_again");
        assertThat(List.of(behindTheCommit, item, meanwhile)).allMatch(CompletableFuture::isDone);
        assertThat(transports.last().types()).containsSubsequence(
                "session.update", "append", "commit", "append", "conversation.item.create", "append");
        List<JsonNode> appends = transports.last().frames("input_audio_buffer.append");
        assertThat(appends).extracting(ReconnectSessionTest::first).containsExactly(1, 2, 3);
        assertThat(old.frames("input_audio_buffer.append")).hasSize(1);
        assertThat(session.status().pendingResponses()).isEqualTo(1);
    }

    @Test
    @DisplayName("CONN-16 CFG-19 an update that leaves by the next connection is judged by what that holds, not "
                 + "by the lost one")
    void updateKept() {
        RealtimeSession session = ready(Configs.manual().reconnects(50));
        transports.last().say("{'type':'session.updated','session':{'audio':{'input':{'turn_detection':null}}}}");
        give(session, 100, 1);
        session.audio().commit(true);
        ObjectNode detection = JsonNodeFactory.instance.objectNode();
        detection.withObject("/audio/input/turn_detection").put("type", "server_vad");
        Acknowledged waits = session.update(detection, null, true);

        breaks(transports.last());
        timers.advance(FIRST_DELAY);
        transports.last().ready();
        transports.last().committed("item_again");
        assertThat(waits.sent()).isCompleted();
        transports.last().say("{'type':'session.updated','session':{'audio':{'input':{'turn_detection':{'type':'server_vad'}}}}}");
        assertThat(waits.answer()).isCompleted();
        assertThat(session.turns()).isEqualTo(TurnMode.SERVER);
    }

    @Test
    @DisplayName("ROLL-12 AIN-16 a turn that the lost connection had taken is answered by the next, once that has got it again")
    void turnOfTheLostConnection() {
        RealtimeSession session = ready(Configs.manual().reconnects(50));
        give(session, 300, 1);
        session.audio().commit(true);
        transports.last().committed("item_1");

        breaks(transports.last());
        timers.advance(FIRST_DELAY);
        transports.last().ready();
        Asked asked = session.conversation().endTurn(Question.awaited(null, null, null, 0));
        assertThat(asked.answer()).isNotDone();
        assertThat(transports.last().types()).as("not before it knows what to answer").doesNotContain("response.create");
        transports.last().committed("item_2");
        assertThat(transports.last().types()).endsWith("append", "append", "append", "commit", "response.create");
    }

    @Test
    @DisplayName("ROLL-14 what a dying connection did not take any more leaves by the next, and its answer is waited for there")
    void notTaken() {
        RealtimeSession session = ready(Configs.manual().reconnects(50));
        FakeTransport old = transports.last();
        old.open = false;
        Acknowledged asked = session.request(
                ClientEvent.of("conversation.item.delete").with("item_id", "item_1"), false, true);
        breaks(old);
        assertThat(asked.answer()).isNotDone();

        timers.advance(FIRST_DELAY);
        transports.last().ready();
        assertThat(transports.last().types()).endsWith("conversation.item.delete");
        transports.last().error(Map.of("type", "invalid_request_error", "code", "item_delete_invalid_item_id", "message", "no"));
        assertThat(failure(asked.answer())).isInstanceOf(RequestRefusedException.class);
    }

    @Test
    @DisplayName("ROLL-10 ROLL-14 CTX-3 an item whose acknowledgement is still to come is told again, and acknowledged by that")
    void createdAgain() {
        RealtimeSession session = ready(Configs.manual().reconnects(50));
        ObjectNode item = JsonNodeFactory.instance.objectNode().put("id", "mine").put("type", "message").put("role", "user");
        item.putArray("content").addObject().put("type", "input_text").put("text", "hi");
        Acknowledged created = session.request(ClientEvent.itemCreate(item, null), false, true);
        Acknowledged deleted = session.request(ClientEvent.of("conversation.item.delete").with("item_id", "other"), false, true);
        breaks(transports.last());
        assertThat(failure(deleted.answer())).isInstanceOf(SessionReconnectingException.class);
        timers.advance(FIRST_DELAY + 10_000);
        assertThat(created.answer()).isNotDone();
        transports.last().ready();
        assertThat(created.answer()).isCompleted();
        assertThat(transports.last().frames("conversation.item.create")).hasSize(2);
    }

    @Test
    @DisplayName("ROLL-18 a service that does not take the conversation is no service: the attempt has failed, and is repeated")
    void notReplayed() {
        RealtimeSession session = ready(Configs.manual().reconnects(50));
        session.send(ClientEvent.userText("hi"));
        breaks(transports.last());
        timers.advance(FIRST_DELAY);
        for (int attempt = 1; attempt <= 3; attempt++) {
            assertThat(transports.all).hasSize(1 + attempt);
            transports.last().open();
            transports.last().created();
            transports.last().updated();
            assertThat(session.state()).isEqualTo(SessionState.CONFIGURING);
            timers.advance(5_000);
            assertThat(transports.last().aborted).isTrue();
            timers.advance(30_000);
        }
        assertThat(session.state()).isEqualTo(SessionState.FAILED);
        assertThat(session.status().failure()).hasMessageContaining("could not be restored");
        CompletableFuture<Void> opened = session.open();
        transports.last().ready();
        assertThat(opened).isCompleted();
        assertThat(transports.last().frames("conversation.item.create")).as("it goes on where it was lost").hasSize(2);
    }

    @Test
    @DisplayName("CONN-16 CFG-5 an update that waits for the next connection is under way there")
    void updateUnderWay() {
        RealtimeSession session = ready(Configs.manual().reconnects(50));
        give(session, 100, 1);
        session.audio().commit(true);
        give(session, 100, 2);
        session.audio().commit(true);
        Acknowledged waits = session.update(JsonNodeFactory.instance.objectNode().put("instructions", "new"), null, true);

        breaks(transports.last());
        timers.advance(FIRST_DELAY);
        transports.last().ready();
        transports.last().say("{'type':'session.updated','session':{'instructions':'old'}}");
        assertThat(waits.sent()).as("behind a commit that is not answered").isNotDone();
        assertThat(session.update(JsonNodeFactory.instance.objectNode().put("instructions", "old"), null, true))
                .isNotSameAs(Acknowledged.NOTHING);
    }

    @Test
    @DisplayName("ROLL-12 a stretch of which a part had left is sent again whole, and its commit is answered on "
                 + "the next connection")
    void commits() {
        RealtimeSession session = ready(Configs.manual().reconnects(50));
        FakeTransport old = transports.last();
        give(session, 200, 1);
        old.queued = Outbox.MARK_BYTES + 1;
        give(session, 100, 2);
        CompletableFuture<String> half = session.commitAndTranscribe(null);
        give(session, 200, 3);
        CompletableFuture<String> whole = session.commitAndTranscribe(null);
        breaks(old);
        assertThat(List.of(half, whole)).noneMatch(CompletableFuture::isDone);
        JsonNode reconnecting = event(LocalEvents.SESSION_RECONNECTING);
        assertThat(reconnecting.path("dropped_audio_ms").asLong()).isZero();
        assertThat(reconnecting.path("resent_audio_ms").asLong()).isEqualTo(200);
        assertThat(reconnecting.path("resent_from_ms").asLong()).isZero();

        timers.advance(FIRST_DELAY);
        FakeTransport next = transports.last().ready();
        assertThat(next.frames("input_audio_buffer.append")).extracting(ReconnectSessionTest::first).containsExactly(1, 1, 2);
        next.committed("item_half");
        next.transcribed("item_half", "the first");
        assertThat(half).isCompletedWithValue("the first");
        next.committed("item_new");
        next.transcribed("item_new", "the third");
        assertThat(whole).isCompletedWithValue("the third");
        assertThat(session.status().droppedAudioMillis()).isZero();
        assertThat(session.audio().accounts()).isEqualTo(new InputAccounts(12_000, 12_000, 12_000, 4_800, 0, 0));
    }

    @Test
    @DisplayName("ROLL-12 ROLL-14 an item without its transcript is sent again, and who waits for that gets it, "
                 + "of another item")
    void answeredAndNotFinal() {
        RealtimeSession session = ready(Configs.manual().reconnects(50).maxOutstanding(120_000));
        give(session, 200, 1);
        CompletableFuture<String> first = session.commitAndTranscribe(null);
        transports.last().committed("item_1");
        give(session, 200, 2);
        CompletableFuture<String> second = session.commitAndTranscribe(null);
        transports.last().committed("item_2");
        transports.last().transcribed("item_2", "two");
        assertThat(second).isCompletedWithValue("two");

        timers.advance(29_000);
        CompletableFuture<Void> all = session.transcribed();
        breaks(transports.last());
        timers.advance(29_000);
        FakeTransport next = transports.last().ready();
        assertThat(next.frames("input_audio_buffer.append")).as("what is final is not sent again")
                .extracting(ReconnectSessionTest::first).containsExactly(1, 1);
        assertThat(first).as("the time for its transcript begins anew").isNotDone();
        next.committed("item_again");
        assertThat(all).isNotDone();
        next.transcribed("item_again", "one");
        assertThat(first).isCompletedWithValue("one");
        assertThat(all).isCompleted();
    }

    @Test
    @DisplayName("ROLL-12 what the ring holds no more is lost, counted and announced; its commit fails once, "
                 + "what is left is committed")
    void beyondTheRing() {
        RealtimeSession session = ready(Configs.manual().reconnects(50).unsettled(300));
        give(session, 500, 1);
        CompletableFuture<String> torn = session.commitAndTranscribe(null);
        transports.last().committed("item_1");
        give(session, 100, 2);
        breaks(transports.last());
        assertThat(failure(torn)).isInstanceOf(SessionReconnectingException.class);
        assertThat(event(LocalEvents.SESSION_RECONNECTING).path("dropped_audio_ms").asLong()).isEqualTo(300);
        assertThat(event(LocalEvents.SESSION_RECONNECTING).path("resent_audio_ms").asLong()).isEqualTo(300);
        timers.advance(FIRST_DELAY);
        FakeTransport next = transports.last().ready();
        assertThat(next.types()).containsExactly("session.update", "append", "append", "commit");
        next.committed("item_rest");
        assertThat(next.frames("input_audio_buffer.append")).extracting(ReconnectSessionTest::first).containsExactly(1, 1, 2);
        assertThat(session.audio().accounts()).isEqualTo(
                new InputAccounts(14_400, 14_400, 0, 7_200, 7_200, 7_200));
    }

    @Test
    @DisplayName("ROLL-12 what a response was made of is not sent again, nor what was cleared")
    void answeredOrCleared() {
        RealtimeSession session = ready(Configs.manual().reconnects(50));
        give(session, 200, 1);
        session.audio().commit(false);
        transports.last().committed("item_1");
        transports.last().say("{'type':'response.created','response':{'id':'r','conversation_id':'c'}}");
        give(session, 100, 2);
        session.audio().clear();
        give(session, 100, 3);
        breaks(transports.last());
        timers.advance(FIRST_DELAY);
        FakeTransport next = transports.last().ready();
        assertThat(next.frames("input_audio_buffer.append")).extracting(ReconnectSessionTest::first).containsExactly(3);
        assertThat(next.types()).doesNotContain("clear", "commit");
    }

    @Test
    @DisplayName("ROLL-12 ROLL-13 the transcript of what the model had begun to answer does not come; that is said, with its place in the stream")
    void answeredWithoutWords() {
        RealtimeSession session = ready(Configs.manual().reconnects(50));
        give(session, 200, 1);
        session.audio().commit(false);
        transports.last().committed("item_1");
        transports.last().say("{'type':'response.created','response':{'id':'r','conversation_id':'c'}}");
        give(session, 200, 2);
        session.audio().commit(false);
        transports.last().committed("item_2");
        breaks(transports.last());
        JsonNode missing = event(LocalEvents.TRANSCRIPT_MISSING);
        assertThat(types().stream().filter(LocalEvents.TRANSCRIPT_MISSING::equals)).as("the second is sent again").hasSize(1);
        assertThat(missing.path("item_id").asText()).isEqualTo("item_1");
        assertThat(missing.path("reason").asText()).isEqualTo("reconnecting");
    }

    @Test
    @DisplayName("ROLL-13 CONN-8 a transcript whose committed is lost or late answers the commit: nothing is given up, nothing heard twice")
    void transcriptBeforeCommitted() {
        RealtimeSession session = ready(Configs.manual().reconnects(50));
        FakeTransport only = transports.last();
        give(session, 200, 1);
        session.audio().commit(false);
        give(session, 200, 2);
        only.transcribed("item_1", "early");
        assertThat(session.status().owedTranscripts()).isZero();
        timers.advance(6_000);
        session.audio().commit(false);
        only.committed("item_1");
        assertThat(session.status().owedTranscripts()).as("its transcript has come").isZero();
        only.committed("item_2");
        only.transcribed("item_2", "in time");
        timers.advance(60_000);
        assertThat(transports.all).hasSize(1);
        assertThat(types()).doesNotContain(LocalEvents.SESSION_RECONNECTING, LocalEvents.TRANSCRIPT_MISSING);
        assertThat(session.audio().accounts().unsettled()).isZero();
    }

    @Test
    @DisplayName("ROLL-12 what is sent again and lost again is sent a third time")
    void lostAgain() {
        RealtimeSession session = ready(Configs.manual().reconnects(50));
        give(session, 300, 1);
        CompletableFuture<String> text = session.commitAndTranscribe(null);
        for (int i = 0; i < 3; i++) {
            breaks(transports.last());
            timers.advance(60_000);
            assertThat(transports.last().ready().types()).containsExactly("session.update", "append", "append", "append", "commit");
            transports.last().committed("item_" + i);
        }
        transports.last().transcribed("item_2", "at last");
        assertThat(text).isCompletedWithValue("at last");
        assertThat(session.audio().accounts()).isEqualTo(new InputAccounts(7_200, 7_200, 7_200, 21_600, 0, 0));
    }

    @Test
    @DisplayName("ROLL-11 events tell of it: reason, old and new session id and epoch, audio not settled, no context restored")
    void events() {
        RealtimeSession session = ready(Configs.manual().reconnects(50).maxOutstanding(120_000));
        give(session, 300, 1);
        session.audio().commit(false);
        transports.last().committed("item_1");
        give(session, 200, 1);
        transports.last().listener.onClosed(1011, "internal");
        JsonNode reconnecting = event(LocalEvents.SESSION_RECONNECTING);
        assertThat(reconnecting.path("cause").asText()).isEqualTo("lost");
        assertThat(reconnecting.path("reason").asText()).contains("1011").contains("internal");
        assertThat(reconnecting.path("close_code").asInt()).isEqualTo(1011);
        assertThat(reconnecting.path("session_id").asText()).isEqualTo("sess_1");
        assertThat(reconnecting.path("epoch").asInt()).isEqualTo(1);
        assertThat(reconnecting.path("unsettled_audio_ms").asInt()).isEqualTo(500);
        assertThat(session.status().outage()).hasMessageContaining("1011");
        assertThat(session.status().owedTranscripts()).isZero();

        timers.advance(FIRST_DELAY);
        transports.last().open();
        transports.last().say("{'type':'session.created','event_id':'e','session':{'id':'sess_2','expires_at':0}}");
        transports.last().updated();
        JsonNode reconnected = event(LocalEvents.SESSION_RECONNECTED);
        assertThat(reconnected.path("old_session_id").asText()).isEqualTo("sess_1");
        assertThat(reconnected.path("session_id").asText()).isEqualTo("sess_2");
        assertThat(reconnected.path("old_epoch").asInt()).isEqualTo(1);
        assertThat(reconnected.path("epoch").asInt()).isEqualTo(2);
        assertThat(reconnected.path("context_restored").asText()).isEqualTo("true");
        assertThat(reconnected.path("cause").asText()).isEqualTo("lost");
        assertThat(types()).doesNotContain(LocalEvents.SESSION_FAILED, LocalEvents.SESSION_CLOSED);
        assertThat(types().stream().filter(LocalEvents.SESSION_READY::equals)).as("no greeting twice").hasSize(1);
        assertThat(session.status().reconnects()).isEqualTo(1);
        assertThat(session.status().outage()).isNull();
    }

    // ---- when it is dialled, and when no more

    @ParameterizedTest
    @CsvSource({ "1000, ''", "1001, going away", "1006, ''", "1012, restart" })
    @DisplayName("ROLL-5 a close that nobody asked for is a drop, clean or not, and is followed by another connection")
    void drops(int code, String reason) {
        RealtimeSession session = ready(Configs.manual().reconnects(50));
        transports.last().listener.onClosed(code, reason);
        assertThat(transports.all).hasSize(1);
        timers.advance(FIRST_DELAY);
        transports.last().ready();
        assertThat(session.state()).isEqualTo(SessionState.READY);
        assertThat(event(LocalEvents.SESSION_RECONNECTED).path("cause").asText()).isEqualTo("lost");
    }

    @Test
    @DisplayName("ROLL-5 1001 with the duration reason is an expiry: followed at once, and not charged after a long life")
    void expiry() {
        RealtimeSession session = ready(Configs.manual().reconnects(1));
        for (int hour = 1; hour <= 5; hour++) {
            timers.advance(3_600_000);
            transports.last().listener.onClosed(1001, EXPIRED);
            timers.advance(0);
            assertThat(transports.all).hasSize(hour + 1);
            transports.last().ready();
            assertThat(event(LocalEvents.SESSION_RECONNECTED).path("cause").asText()).isEqualTo("expired");
        }
        assertThat(session.state()).isEqualTo(SessionState.READY);
    }

    @Test
    @DisplayName("ROLL-7 a service that accepts and closes for ever is asked less and less, and then no more; "
                 + "opening resets nothing")
    void budget() {
        RealtimeSession session = ready(Configs.manual().reconnects(7));
        List<Long> delays = new ArrayList<>();
        for (int life = 1; life <= 7; life++) {
            transports.last().listener.onClosed(1011, "");
            delays.add(timers.nextIn());
            timers.advance(timers.nextIn());
            transports.last().ready();
        }
        assertThat(delays.get(0)).isBetween(250L, 500L);
        assertThat(delays.get(6)).as("500 ms doubled six times, capped at 30 s, spread over 50 to 100 %").isBetween(15_000L, 30_000L);
        transports.last().listener.onClosed(1011, "");
        assertThat(session.state()).isEqualTo(SessionState.FAILED);
        assertThat(session.status().failure()).hasMessageContaining("maxReconnects").hasMessageContaining("1011");
        assertThat(timers.waiting()).isZero();
        assertThat(transports.all).hasSize(8);

        session.open();
        transports.last().ready();
        breaks(transports.last());
        assertThat(session.state()).isEqualTo(SessionState.FAILED);
    }

    @Test
    @DisplayName("ROLL-6 handshake failures use up attempts, Retry-After is honoured, and a new outage has all attempts again")
    void attempts() {
        RealtimeSession session = ready(Configs.manual().reconnects(50));
        breaks(transports.last());
        timers.advance(FIRST_DELAY);
        transports.last().listener.onFailure(new TransportException("HTTP 503", 503, "busy", "req", 9_000, null));
        timers.advance(8_999);
        assertThat(transports.all).hasSize(2);
        timers.advance(1);
        assertThat(transports.all).hasSize(3);
        transports.last().ready();
        timers.advance(60_000);

        breaks(transports.last());
        CompletableFuture<Void> given = give(session, 100, 1);
        for (int attempt = 1; attempt <= 3; attempt++) {
            timers.advance(30_000);
            transports.last().listener.onFailure(new TransportException("HTTP 503", 503, "busy", "req", 0, null));
        }
        assertThat(transports.all).hasSize(6);
        assertThat(session.state()).isEqualTo(SessionState.FAILED);
        assertThat(failure(given)).isInstanceOf(SessionClosedException.class).hasMessageContaining("503");
        assertThat(types()).endsWith(LocalEvents.SESSION_FAILED);
    }

    @ParameterizedTest
    @ValueSource(ints = { 1008, 3000, 4000 })
    @DisplayName("ROLL-8 a fatal close is the end: nothing is dialled")
    void fatalClose(int code) {
        RealtimeSession session = ready(Configs.manual().reconnects(50));
        transports.last().listener.onClosed(code, "");
        assertThat(session.state()).isEqualTo(SessionState.FAILED);
        assertThat(session.status().failure().isFatal()).isTrue();
        timers.advance(600_000);
        assertThat(transports.all).hasSize(1);
    }

    @Test
    @DisplayName("ROLL-8 a fatal refusal while reconnecting is the end too")
    void fatalRefusal() {
        RealtimeSession session = ready(Configs.manual().reconnects(50));
        breaks(transports.last());
        timers.advance(FIRST_DELAY);
        transports.last().listener.onFailure(new TransportException("HTTP 401", 401, "", "req", 0, null));
        assertThat(session.state()).isEqualTo(SessionState.FAILED);
        timers.advance(600_000);
        assertThat(transports.all).hasSize(2);
    }

    @Test
    @DisplayName("ROLL-9 credentials are asked for at every dial")
    void headers() {
        AtomicInteger asked = new AtomicInteger();
        ready(Configs.manual().reconnects(50).headers(() -> Map.of("Authorization", "Bearer " + asked.incrementAndGet())));
        breaks(transports.last());
        timers.advance(FIRST_DELAY);
        assertThat(transports.all).extracting(transport -> transport.request.headers().get("Authorization"))
                .containsExactly("Bearer 1", "Bearer 2");
    }

    @Test
    @DisplayName("ROLL-18 a session.update that fails after a reconnect is tried again, and ends the session "
                 + "when no attempt is left")
    void refusedUpdate() {
        RealtimeSession session = ready(Configs.manual().reconnects(50));
        breaks(transports.last());
        timers.advance(FIRST_DELAY);
        transports.last().open();
        transports.last().created();
        transports.last().error(Map.of("type", "server_error", "code", "server_error", "message", "try again"));
        assertThat(session.state()).isEqualTo(SessionState.CONNECTING);
        for (int attempt = 2; attempt <= 3; attempt++) {
            timers.advance(30_000);
            assertThat(transports.all).hasSize(attempt + 1);
            assertThat(session.state()).as("it was taken before, so it may be taken again").isEqualTo(SessionState.CONNECTING);
            transports.last().open();
            transports.last().created();
            transports.last().error(Map.of("type", "invalid_request_error", "code", "invalid_value", "message", "no"));
        }
        assertThat(session.state()).isEqualTo(SessionState.FAILED);
        assertThat(session.status().failure()).hasMessageContaining("configured");
        assertThat(types()).contains(LocalEvents.SESSION_RECONNECTING).endsWith(LocalEvents.SESSION_FAILED)
                .doesNotContain(LocalEvents.SESSION_RECONNECTED);
    }

    @Test
    @DisplayName("ROLL-14 open while reconnecting waits for it; close ends it, and nothing is dialled any more")
    void openAndCloseMeanwhile() {
        RealtimeSession session = ready(Configs.manual().reconnects(50));
        breaks(transports.last());
        CompletableFuture<Void> opened = session.open();
        CompletableFuture<Void> given = give(session, 100, 1);
        assertThat(opened).isNotDone();
        assertThat(session.close()).isCompleted();
        assertThat(failure(opened)).isInstanceOf(SessionClosedException.class);
        assertThat(failure(given)).isInstanceOf(SessionClosedException.class);
        timers.advance(600_000);
        assertThat(transports.all).hasSize(1);
        assertThat(types()).endsWith(LocalEvents.SESSION_RECONNECTING, LocalEvents.SESSION_CLOSED);
    }

    // ---- one epoch at a time

    @Test
    @DisplayName("CONN-16 close and open while an event is being passed on: the next connection begins when that is through")
    void nothingOfTheOldInTheNew() throws Exception {
        RealtimeSession session = ready(Configs.manual().reconnects(50));
        List<Integer> dialled = new ArrayList<>();
        List<CompletableFuture<Void>> reopened = new ArrayList<>();
        session.subscribe(event -> {
            if (event.event().getType().equals("input_audio_buffer.committed")) {
                CompletableFuture.runAsync(() -> {
                    session.closeNow();
                    reopened.add(session.open());
                }).join();
                dialled.add(transports.all.size());
            }
        });
        FakeTransport old = transports.last();
        old.committed("item_old");
        assertThat(dialled).containsExactly(1);
        assertThat(transports.all).hasSize(2);
        transports.last().ready();
        assertThat(reopened.get(0)).isCompleted();
        old.committed("item_late");
        assertThat(session.status().owedTranscripts()).isZero();
        assertThat(dialled).hasSize(1);
    }

    @Test
    @DisplayName("CONN-16 what an old connection still says after a reconnect changes nothing")
    void late() {
        RealtimeSession session = ready(Configs.manual().reconnects(50));
        FakeTransport old = transports.last();
        breaks(old);
        timers.advance(FIRST_DELAY);
        transports.last().ready();
        give(session, 100, 1);
        Commit commit = session.audio().commit(true);
        int before = events.size();
        old.committed("item_old");
        old.listener.onClosed(1011, "");
        assertThat(events).hasSize(before);
        assertThat(commit.itemId()).isNotDone();
        assertThat(session.state()).isEqualTo(SessionState.READY);
        transports.last().committed("item_new");
        assertThat(commit.itemId()).isCompletedWithValue("item_new");
    }

    @Test
    @DisplayName("CONN-8 a commit that is never answered costs the connection, so that later ones are not shifted")
    void unansweredCommit() {
        RealtimeSession session = ready(Configs.manual().reconnects(50));
        FakeTransport old = transports.last();
        give(session, 100, 1);
        Commit first = session.audio().commit(true);
        give(session, 100, 2);
        Commit second = session.audio().commit(true);
        timers.advance(5_000);
        assertThat(first.itemId()).as("it is made again").isNotDone();
        assertThat(old.aborted).isTrue();
        timers.advance(FIRST_DELAY);
        transports.last().ready();
        assertThat(transports.last().frames("input_audio_buffer.append")).extracting(ReconnectSessionTest::first).containsExactly(1);
        transports.last().committed("item_of_first");
        assertThat(first.itemId()).isCompletedWithValue("item_of_first");
        assertThat(transports.last().frames("input_audio_buffer.append")).extracting(ReconnectSessionTest::first)
                .containsExactly(1, 2);
        transports.last().committed("item_of_second");
        assertThat(second.itemId()).isCompletedWithValue("item_of_second");
        assertThat(event(LocalEvents.SESSION_RECONNECTING).path("cause").asText()).isEqualTo("stalled");
    }

    // ---- restart

    @Test
    @DisplayName("CONN-20 restart: what was accepted leaves and is answered, then the next connection; what is "
                 + "given meanwhile waits")
    void restart() {
        RealtimeSession session = ready(Configs.manual().reconnects(50));
        FakeTransport old = transports.last();
        give(session, 200, 1);
        CompletableFuture<Void> restarted = session.restart();
        assertThat(session.restart()).isSameAs(restarted);
        assertThat(old.types()).containsExactly("session.update", "append", "append", "commit");
        CompletableFuture<Void> meanwhile = give(session, 100, 2);
        CompletableFuture<Answer> asked = session.conversation().ask(Question.awaited(null, null, null, 0)).answer();
        old.committed("item_1");
        assertThat(old.closeCode).isZero();
        old.transcribed("item_1", "all of it");
        assertThat(old.closeCode).isEqualTo(1000);
        assertThat(event(LocalEvents.SESSION_RECONNECTING).path("cause").asText()).isEqualTo("restart");
        assertThat(old.types()).as("nothing more").hasSize(4);

        timers.advance(0);
        transports.last().ready();
        assertThat(restarted).isCompleted();
        assertThat(meanwhile).isCompleted();
        assertThat(asked).isNotDone();
        assertThat(transports.last().types()).containsExactly(
                "session.update", "conversation.item.create", "conversation.item.create", "append", "response.create");
        assertThat(event(LocalEvents.SESSION_RECONNECTED).path("cause").asText()).isEqualTo("restart");
        timers.advance(2_000);
        assertThat(old.aborted).as("it did not answer the close").isTrue();
        assertThat(session.state()).isEqualTo(SessionState.READY);
    }

    @Test
    @DisplayName("CONN-20 restart costs nothing of the budget, works without reconnect, and lets a running response end")
    void restartWithoutBudget() {
        RealtimeSession session = ready(Configs.manual());
        for (int i = 1; i <= 3; i++) {
            CompletableFuture<Answer> running = session.conversation().ask(Question.awaited(null, null, null, 0)).answer();
            CompletableFuture<Void> restarted = session.restart();
            timers.advance(500);
            assertThat(transports.last().closeCode).isZero();
            JsonNode create = transports.last().frames("response.create").get(0);
            String response = "'response':{'id':'r','status':'completed','metadata':" + create.at("/response/metadata") + "}}";
            transports.last().say("{'type':'response.created','event_id':'e'," + response);
            transports.last().say("{'type':'response.done','event_id':'e'," + response);
            assertThat(running).isCompleted();
            assertThat(transports.last().closeCode).isEqualTo(1000);
            timers.advance(0);
            transports.last().ready();
            assertThat(restarted).isCompleted();
        }
        assertThat(session.status().reconnects()).isEqualTo(3);
        assertThat(transports.all).hasSize(4);
    }

    @Test
    @DisplayName("CONN-20 what does not come within the drain time-out fails with the typed reason; lost "
                 + "meanwhile is restarted too")
    void restartWithoutAnswers() {
        RealtimeSession session = ready(Configs.manual().reconnects(50));
        CompletableFuture<Answer> never = session.conversation().ask(Question.awaited(null, null, null, 0)).answer();
        transports.last().say("{'type':'response.created','response':{'id':'r','metadata':"
                              + transports.last().frames("response.create").get(0).at("/response/metadata") + "}}");
        session.restart();
        timers.advance(2_000);
        assertThat(failure(never)).isInstanceOf(SessionReconnectingException.class).hasMessageContaining("restarted");
        timers.advance(0);
        transports.last().ready();

        give(session, 200, 1);
        CompletableFuture<Void> second = session.restart();
        breaks(transports.last());
        timers.advance(FIRST_DELAY);
        transports.last().ready();
        transports.last().committed("item_again");
        timers.advance(2_000);
        assertThat(second).isCompleted();
        assertThat(transports.all).hasSize(3);
        assertThat(session.send(ClientEvent.clear())).as("nothing is held any more").isCompleted();
    }

    @Test
    @DisplayName("CONN-20 restart of a session that failed opens it; of one that is not open it is refused")
    void restartOfWhatIsNotOpen() {
        RealtimeSession session = ready(Configs.manual());
        breaks(transports.last());
        assertThat(session.state()).isEqualTo(SessionState.FAILED);
        CompletableFuture<Void> restarted = session.restart();
        transports.last().ready();
        assertThat(restarted).isCompleted();
        session.closeNow();
        assertThat(failure(session.restart())).hasMessageContaining("open-session");
    }

    // ---- what feeds nobody but those who look

    @Test
    @DisplayName("FLOW-7 rate limits are kept by name, with the time of their reset")
    void rateLimits() {
        RealtimeSession session = ready(Configs.manual());
        assertThat(session.status().rateLimits()).isEmpty();
        transports.last().say("{'type':'rate_limits.updated','event_id':'e','rate_limits':["
                              + "{'name':'tokens','limit':5000,'remaining':4950,'reset_seconds':0.5},{'limit':1}]}");
        assertThat(session.status().rateLimits()).containsExactly(
                Map.entry("tokens", new SessionStatus.RateLimit(5000, 4950, timers.millis() + 500)));
        transports.last().say("{'type':'rate_limits.updated','event_id':'e','rate_limits':'odd'}");
        assertThat(session.status().rateLimits()).hasSize(1);
    }

    @Test
    @DisplayName("ROLL-14 an update of the session that waits leaves by the next connection")
    void queuedUpdate() {
        RealtimeSession session = ready(Configs.manual().reconnects(50));
        breaks(transports.last());
        CompletableFuture<Void> update = session.send(ClientEvent.sessionUpdate(JsonNodeFactory.instance.objectNode().put("type", "realtime")));
        timers.advance(FIRST_DELAY);
        transports.last().ready();
        assertThat(update).isCompleted();
        assertThat(transports.last().frames("session.update")).hasSize(2);
    }
}
