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
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.transport.TransportException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.camelrealtime.session.Futures.failure;
import static org.assertj.core.api.Assertions.assertThat;

/** One connection follows another; the test is the service. */
class RolloverSessionTest {

    private static final long MINUTE = 60_000;
    private static final String EXPIRED = "Your session hit the maximum duration of 60 minutes.";

    private final ManualTimers timers = new ManualTimers();
    private final FakeTransports transports = new FakeTransports();
    private final List<SessionEvent> events = new ArrayList<>();

    private static Configs planned() {
        return planned(Configs.manual());
    }

    private static Configs planned(Configs configs) {
        return configs.reconnects(50).rollover(5 * MINUTE, 2 * MINUTE);
    }

    /** Waits 5 s for a pause. */
    private static Configs hurried() {
        return Configs.manual().reconnects(50).rollover(5 * MINUTE, 5 * MINUTE - 5_000);
    }

    /** A session that lives for an hour. */
    private RealtimeSession ready(Configs configs) {
        RealtimeSession session = new RealtimeSession("s", configs.build(), transports, timers);
        session.subscribe(events::add);
        session.open();
        transports.last().ready("sess_1", timers.millis() + 60 * MINUTE);
        assertThat(session.state()).isEqualTo(SessionState.READY);
        return session;
    }

    private FakeTransport standby() {
        timers.advance(55 * MINUTE);
        assertThat(transports.all).hasSize(2);
        return transports.last();
    }

    private long inAnHour() {
        return timers.millis() + 60 * MINUTE;
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

    private static List<Integer> given(FakeTransport transport) {
        return transport.frames("input_audio_buffer.append").stream().map(append -> (int) FakeTransport.audio(append)[0]).toList();
    }

    // ---- the switch

    @Test
    @DisplayName("ROLL-1 ROLL-2 five minutes before the end the next connection is made, and takes over at a pause while the old one stands")
    void makeBeforeBreak() {
        RealtimeSession session = ready(planned(Configs.transcription()));
        FakeTransport old = transports.last();
        timers.advance(55 * MINUTE - 1);
        assertThat(transports.all).hasSize(1);
        timers.advance(1);
        FakeTransport next = transports.last();
        assertThat(next).isNotSameAs(old);
        assertThat(session.status().sockets()).isEqualTo(2);
        give(session, 100, 1);
        assertThat(given(old)).containsExactly(1);
        next.ready("sess_2", inAnHour());
        assertThat(session.state()).isEqualTo(SessionState.READY);
        give(session, 100, 2);
        assertThat(given(old)).as("an open turn is no pause").containsExactly(1, 2);
        session.audio().commit(false);
        old.committed("item_1");
        assertThat(session.status().sessionId()).isEqualTo("sess_2");
        give(session, 100, 3);
        assertThat(given(old)).containsExactly(1, 2);
        assertThat(given(next)).containsExactly(3);

        JsonNode rollover = event(LocalEvents.SESSION_ROLLOVER);
        assertThat(rollover.path("cause").asText()).isEqualTo("planned");
        assertThat(rollover.path("forced").asBoolean()).isFalse();
        assertThat(rollover.path("old_session_id").asText()).isEqualTo("sess_1");
        assertThat(rollover.path("old_epoch").asInt()).isEqualTo(1);
        assertThat(rollover.path("session_id").asText()).isEqualTo("sess_2");
        assertThat(rollover.path("epoch").asInt()).isEqualTo(2);
        assertThat(types()).doesNotContain(LocalEvents.SESSION_RECONNECTING, LocalEvents.SESSION_RECONNECTED);

        assertThat(old.closeCode).as("its transcript is still to come").isZero();
        old.transcribed("item_1", "words of the old connection");
        assertThat(old.closeCode).isEqualTo(1000);
        SessionEvent last = events.stream().filter(event -> event.transcript() != null).reduce((a, b) -> b).orElseThrow();
        assertThat(last.epoch()).isEqualTo(1);
        assertThat(last.transcript().text()).isEqualTo("words of the old connection");
        JsonNode drained = event(LocalEvents.SESSION_DRAINED);
        assertThat(drained.path("epoch").asInt()).isEqualTo(1);
        assertThat(drained.path("settled").asInt()).isEqualTo(1);
        assertThat(drained.path("missing").asInt()).isZero();
        old.listener.onClosed(1000, "OK");
        assertThat(session.status().sockets()).isEqualTo(1);
        assertThat(session.status().rollovers()).isEqualTo(1);
        assertThat(session.status().reconnects()).isZero();
    }

    @Test
    @DisplayName("ROLL-1 ROLL-7 a day of planned rollovers: each from expires_at, none costs the budget, one socket between them")
    void aDay() {
        RealtimeSession session = ready(planned().reconnects(1));
        for (int i = 2; i <= 27; i++) {
            timers.advance(55 * MINUTE);
            assertThat(transports.all).hasSize(i);
            transports.last().ready("sess_" + i, inAnHour());
            assertThat(session.status().sessionId()).isEqualTo("sess_" + i);
            transports.all.get(i - 2).listener.onClosed(1000, "OK");
            assertThat(session.status().sockets()).isEqualTo(1);
        }
        assertThat(session.status().rollovers()).isEqualTo(26);
        assertThat(session.state()).isEqualTo(SessionState.READY);
        assertThat(types()).doesNotContain(LocalEvents.SESSION_RECONNECTING);
    }

    @ParameterizedTest
    @ValueSource(longs = { 0, -MINUTE })
    @DisplayName("ROLL-1 an end that the service does not tell, or that is over already, is taken to be an hour away")
    void unknownEnd(long inMillis) {
        RealtimeSession session = new RealtimeSession("s", planned().build(), transports, timers);
        session.open();
        transports.last().ready("sess_1", inMillis == 0 ? 0 : timers.millis() + inMillis);
        timers.advance(55 * MINUTE - 1);
        assertThat(transports.all).hasSize(1);
        timers.advance(1);
        assertThat(transports.all).hasSize(2);
        session.closeNow();
    }

    @Test
    @DisplayName("ROLL-1 while somebody speaks or a response runs there is no pause; at the deadline it is forced, and the event says so")
    void forcedAtTheDeadline() {
        RealtimeSession session = ready(planned());
        FakeTransport old = transports.last();
        FakeTransport next = standby();
        old.say("{'type':'response.created','event_id':'e','response':{'id':'resp_1','conversation_id':'c'}}");
        next.ready("sess_2", inAnHour());
        timers.advance(3 * MINUTE - 1);
        assertThat(session.status().sessionId()).isEqualTo("sess_1");
        timers.advance(1);
        assertThat(session.status().sessionId()).isEqualTo("sess_2");
        assertThat(event(LocalEvents.SESSION_ROLLOVER).path("forced").asBoolean()).isTrue();
        assertThat(old.closeCode).isZero();
        old.say("{'type':'response.output_audio_transcript.done','event_id':'e','response_id':'resp_1','item_id':'i',"
                + "'output_index':0,'content_index':0,'transcript':'to the end'}");
        old.say("{'type':'response.done','event_id':'e','response':{'id':'resp_1','status':'completed'}}");
        assertThat(types()).contains("response.output_audio_transcript.done", "response.done");
        assertThat(old.closeCode).isEqualTo(1000);
        assertThat(event(LocalEvents.SESSION_DRAINED).path("settled").asInt()).isEqualTo(1);
    }

    /** Asks by the first connection, has its response begin if wanted, and lets the deadline of the rollover pass. */
    private CompletableFuture<Answer> askedBefore(RealtimeSession session, boolean begins) {
        FakeTransport old = transports.last();
        FakeTransport next = standby();
        CompletableFuture<Answer> asked = session.conversation().ask(Question.awaited(null, null, null, 0)).answer();
        if (begins) {
            old.say(response("response.created", "r1", old.last()));
        }
        next.ready("sess_2", inAnHour());
        timers.advance(5_000);
        assertThat(event(LocalEvents.SESSION_ROLLOVER).path("forced").asBoolean()).isTrue();
        return asked;
    }

    private static String response(String type, String id, JsonNode create) {
        return "{'type':'" + type + "','event_id':'e','response':{'id':'" + id + "','status':'completed','conversation_id':'c',"
               + "'metadata':" + create.at("/response/metadata") + "}}";
    }

    @Test
    @DisplayName("ROLL-2 RESP-1 a response that runs on the old connection is answered there, and is in nobody's way on the next")
    void responseOfTheOldOne() {
        RealtimeSession session = ready(hurried());
        FakeTransport old = transports.last();
        CompletableFuture<Answer> asked = askedBefore(session, true);
        CompletableFuture<Answer> second = session.conversation().ask(Question.awaited(null, null, null, 0)).answer();
        FakeTransport next = transports.last();
        assertThat(next.frames("response.create")).as("asked at once").hasSize(1);
        next.say(response("response.created", "r2", next.last()));
        old.say(response("response.done", "r1", old.frames("response.create").get(0)));
        assertThat(asked).isCompleted();
        session.conversation().ask(Question.awaited(null, null, null, 0));
        assertThat(next.frames("response.create")).as("r2 still runs").hasSize(1);
        next.say(response("response.done", "r2", next.last()));
        assertThat(second).isCompleted();
        assertThat(next.frames("response.create")).hasSize(2);
    }

    @Test
    @DisplayName("ROLL-14 ROLL-15 an old connection that dies before the end of a response: whoever waits is told, once and typed")
    void responseLostWithTheOldOne() {
        RealtimeSession session = ready(hurried());
        FakeTransport old = transports.last();
        CompletableFuture<Answer> asked = askedBefore(session, true);
        breaks(old);
        assertThat(failure(asked)).isInstanceOf(SessionReconnectingException.class).hasMessageContaining("before its end");
        assertThat(event(LocalEvents.RESPONSE_FAILED).path("response_id").asText()).isEqualTo("r1");
        assertThat(session.status().pendingResponses()).isZero();
        assertThat(session.state()).isEqualTo(SessionState.READY);
    }

    @Test
    @DisplayName("ROLL-15 asked by the old connection and not begun there: asked again by the next, and answered once")
    void askedAgainByTheNext() {
        RealtimeSession session = ready(hurried());
        FakeTransport old = transports.last();
        CompletableFuture<Answer> asked = askedBefore(session, false);
        if (old.open) {
            breaks(old);
        }
        FakeTransport next = transports.last();
        assertThat(next.frames("response.create")).hasSize(1);
        next.say(response("response.created", "r2", next.last()));
        next.say(response("response.done", "r2", next.last()));
        assertThat(asked).isCompleted();
    }

    @Test
    @DisplayName("ROLL-1 ROLL-3 a stream without a pause is cut where it is committed by hand, and nothing of it is sent twice")
    void betweenTwoSegments() {
        RealtimeSession session = ready(planned(Configs.transcription()));
        FakeTransport old = transports.last();
        FakeTransport next = standby();
        give(session, 100, 1);
        next.ready("sess_2", inAnHour());
        give(session, 100, 2);
        session.audio().commit(false);
        // before the service can have answered
        give(session, 100, 3);
        old.committed("item_1");
        assertThat(session.status().sessionId()).isEqualTo("sess_2");
        assertThat(given(old)).containsExactly(1, 2);
        assertThat(given(next)).containsExactly(3);
        assertThat(event(LocalEvents.SESSION_ROLLOVER).path("forced").asBoolean()).isFalse();
        assertThat(event(LocalEvents.SESSION_ROLLOVER).at("/samples/resent").asLong()).isZero();
    }

    @Test
    @DisplayName("ROLL-2 what the old connection does not settle within the time that a transcript may take is counted, and the connection closed")
    void drainTimeout() {
        RealtimeSession session = ready(planned(Configs.transcription()));
        FakeTransport old = transports.last();
        standby();
        give(session, 200, 1);
        session.audio().commit(false);
        old.committed("item_1");
        transports.last().ready("sess_2", inAnHour());
        assertThat(session.status().sessionId()).isEqualTo("sess_2");
        timers.advance(29_999);
        assertThat(old.closeCode).isZero();
        timers.advance(1);
        assertThat(old.closeCode).isEqualTo(1000);
        assertThat(event(LocalEvents.SESSION_DRAINED).path("missing").asInt()).isEqualTo(1);
        int before = events.size();
        old.transcribed("item_1", "too late");
        assertThat(events).hasSize(before);
        timers.advance(2_000);
        assertThat(old.aborted).as("it did not answer the close").isTrue();
        assertThat(session.status().sockets()).isEqualTo(1);
    }

    @Test
    @DisplayName("ROLL-4 CONN-16 the end of a draining connection, whatever it is, is no loss of the session")
    void endOfTheOldOne() {
        RealtimeSession session = ready(planned(Configs.transcription()));
        FakeTransport old = transports.last();
        give(session, 200, 1);
        session.audio().commit(false);
        old.committed("item_1");
        standby().ready("sess_2", inAnHour());
        old.error(Map.of("type", "invalid_request_error", "code", "session_expired", "message", EXPIRED));
        old.listener.onClosed(1001, EXPIRED);
        assertThat(session.state()).isEqualTo(SessionState.READY);
        assertThat(session.status().sockets()).isEqualTo(1);
        assertThat(event(LocalEvents.SESSION_DRAINED).path("lost").asBoolean()).isTrue();
        assertThat(types()).doesNotContain(LocalEvents.SESSION_RECONNECTING, "error");
    }

    @Test
    @DisplayName("ROLL-23 only a later end that the service itself tells moves the plan")
    void laterEnd() {
        ready(planned());
        FakeTransport only = transports.last();
        timers.advance(30 * MINUTE);
        only.say("{'type':'session.updated','event_id':'e','session':{'id':'sess_1'}}");
        only.say("{'type':'session.updated','event_id':'e','session':{'id':'sess_1','expires_at':"
                 + (timers.millis() + 10 * MINUTE) / 1000 + "}}");
        timers.advance(25 * MINUTE - 1);
        assertThat(transports.all).hasSize(1);
        only.say("{'type':'session.updated','event_id':'e','session':{'id':'sess_1','expires_at':"
                 + (timers.millis() + 30 * MINUTE) / 1000 + "}}");
        timers.advance(24 * MINUTE);
        assertThat(transports.all).hasSize(1);
        timers.advance(2 * MINUTE);
        assertThat(transports.all).hasSize(2);
    }

    @Test
    @DisplayName("ROLL-1 a switch off: the session is connected anew when the service has ended it")
    void off() {
        RealtimeSession session = ready(Configs.manual().reconnects(50));
        timers.advance(60 * MINUTE);
        assertThat(transports.all).hasSize(1);
        transports.last().listener.onClosed(1001, EXPIRED);
        timers.advance(0);
        transports.last().ready();
        assertThat(session.state()).isEqualTo(SessionState.READY);
    }

    @Test
    @DisplayName("ROLL-1 ROLL-10 the standby is told of the conversation before the switch, and nobody hears of that")
    void replayed() {
        RealtimeSession session = ready(planned());
        FakeTransport old = transports.last();
        session.send(ClientEvent.userText("Hello"));
        JsonNode item = old.frames("conversation.item.create").get(0).path("item");
        old.say("{'type':'conversation.item.added','event_id':'e','item':" + item + "}");
        FakeTransport next = standby();
        next.ready("sess_2", inAnHour());
        assertThat(session.status().sessionId()).as("not before the service has taken it").isEqualTo("sess_1");
        CompletableFuture<Void> meanwhile = give(session, 100, 1);
        assertThat(meanwhile).isNotDone();
        JsonNode told = next.frames("conversation.item.create").get(0).path("item");
        assertThat(told.at("/content/0/text").asText()).isEqualTo("Hello");
        int before = events.size();
        next.say("{'type':'conversation.item.added','event_id':'e','item':" + told + "}");
        next.say("{'type':'conversation.item.done','event_id':'e','item':" + told + "}");
        next.frames("conversation.item.create").stream().skip(1).forEach(
                more -> next.say("{'type':'conversation.item.added','event_id':'e','item':" + more.path("item") + "}"));
        assertThat(session.status().sessionId()).isEqualTo("sess_2");
        assertThat(meanwhile).isCompleted();
        assertThat(given(next)).containsExactly(1);
        JsonNode rollover = event(LocalEvents.SESSION_ROLLOVER);
        assertThat(rollover.path("replayed_items").asInt()).isEqualTo(1);
        assertThat(rollover.path("expected_items").asInt()).isEqualTo(1);
        assertThat(rollover.path("context_restored").asText()).isEqualTo("true");
        assertThat(types().subList(before, events.size())).doesNotContain("conversation.item.added", "conversation.item.done");
    }

    @Test
    @DisplayName("ROLL-18 a standby that does not take what it is told is replaced; what was given meanwhile leaves by the old one")
    void notRestored() {
        RealtimeSession session = ready(planned());
        FakeTransport old = transports.last();
        session.send(ClientEvent.userText("Hello"));
        JsonNode item = old.frames("conversation.item.create").get(0).path("item");
        old.say("{'type':'conversation.item.added','event_id':'e','item':" + item + "}");
        FakeTransport mute = standby();
        mute.ready("sess_2", inAnHour());
        CompletableFuture<Void> meanwhile = give(session, 100, 1);
        timers.advance(5_000);
        assertThat(mute.aborted).isTrue();
        assertThat(meanwhile).isCompleted();
        assertThat(given(old)).containsExactly(1);
        assertThat(session.status().sessionId()).isEqualTo("sess_1");
        assertThat(session.status().rolloverProblem()).hasMessageContaining("itemAckTimeout");
        timers.advance(500);
        assertThat(transports.all).hasSize(3);
    }

    // ---- accounts

    /** Nothing of what was given is unaccounted for; returns what became of it. */
    private static InputAccounts account(JsonNode event) {
        JsonNode samples = event.path("samples");
        InputAccounts accounts = new InputAccounts(
                samples.path("given").asLong(-1), samples.path("sent").asLong(-1), samples.path("settled").asLong(-1),
                samples.path("resent").asLong(-1), samples.path("dropped").asLong(-1), samples.path("unsettled").asLong(-1));
        assertThat(accounts.settled() + accounts.unsettled()).as("%s", accounts).isEqualTo(accounts.sent());
        return accounts;
    }

    @Test
    @DisplayName("ROLL-3 ROLL-20 the event tells the cut sample and an account that adds up: at a pause nothing is sent twice")
    void accountsAtAPause() {
        RealtimeSession session = ready(planned(Configs.transcription()));
        FakeTransport old = transports.last();
        give(session, 300, 1);
        session.audio().commit(false);
        old.committed("item_1");
        old.transcribed("item_1", "one");
        FakeTransport next = standby();
        give(session, 200, 2);
        next.ready("sess_2", inAnHour());
        session.audio().commit(false);
        old.committed("item_2");
        JsonNode rollover = event(LocalEvents.SESSION_ROLLOVER);
        assertThat(rollover.path("cut_sample").asLong(-1)).isEqualTo(24 * 500);
        assertThat(account(rollover)).isEqualTo(new InputAccounts(12_000, 12_000, 7_200, 0, 0, 4_800));
        give(session, 100, 3);
        assertThat(given(next)).containsExactly(3);
        old.transcribed("item_2", "two");
        assertThat(account(event(LocalEvents.SESSION_DRAINED))).isEqualTo(new InputAccounts(14_400, 14_400, 12_000, 0, 0, 2_400));
    }

    @Test
    @DisplayName("ROLL-3 ROLL-20 forced within a turn, the cut sample is the beginning of the turn, which is counted as sent again")
    void accountsWhenForced() {
        RealtimeSession session = ready(planned());
        FakeTransport old = transports.last();
        give(session, 300, 1);
        session.audio().commit(false);
        old.committed("item_1");
        old.transcribed("item_1", "one");
        give(session, 200, 2);
        standby().ready("sess_2", inAnHour());
        timers.advance(3 * MINUTE);
        give(session, 100, 3);
        old.say("{'type':'input_audio_buffer.cleared','event_id':'e'}");
        transports.last().restored();
        JsonNode rollover = event(LocalEvents.SESSION_ROLLOVER);
        assertThat(rollover.path("forced").asBoolean()).isTrue();
        assertThat(rollover.path("cut_sample").asLong(-1)).isEqualTo(24 * 300);
        assertThat(account(rollover)).as("just before it goes again").isEqualTo(
                new InputAccounts(14_400, 12_000, 7_200, 0, 0, 4_800));
        assertThat(given(transports.last())).containsExactly(2, 2, 3);
        assertThat(session.audio().accounts()).isEqualTo(new InputAccounts(14_400, 14_400, 7_200, 4_800, 0, 7_200));
    }

    @Test
    @DisplayName("ROLL-20 what is dropped by policy during the hand-over is in the account, and the cut sample is behind it")
    void accountsOfDropped() {
        RealtimeSession session = ready(planned(Configs.transcription().overflow(Overflow.DROP_OLDEST, 200)));
        FakeTransport old = transports.last();
        standby();
        give(session, 300, 1);
        transports.last().ready("sess_2", inAnHour());
        timers.advance(3 * MINUTE - 1);
        session.audio().commit(false);
        timers.advance(1);
        assertThat(types()).as("the commit is not answered").doesNotContain(LocalEvents.SESSION_ROLLOVER);
        for (int i = 2; i <= 6; i++) {
            give(session, 100, i);
        }
        old.committed("item_1");
        JsonNode rollover = event(LocalEvents.SESSION_ROLLOVER);
        InputAccounts accounts = account(rollover);
        assertThat(accounts.dropped()).isPositive();
        long cut = rollover.path("cut_sample").asLong(-1);
        assertThat(cut).isEqualTo(accounts.sent() + accounts.dropped());
        InputAccounts after = session.audio().accounts();
        assertThat(after.sent() + after.dropped()).isEqualTo(after.given()).isEqualTo(19_200);
    }

    // ---- standbys that fail

    @Test
    @DisplayName("ROLL-6 ROLL-7 a standby that cannot be made is tried again after growing intervals and Retry-After, and costs no budget")
    void standbyFails() {
        RealtimeSession session = ready(planned().reconnects(1));
        standby().listener.onFailure(new TransportException("HTTP 503", 503, "busy", "req", 9_000, null));
        assertThat(session.status().rolloverProblem()).hasMessageContaining("503");
        assertThat(session.state()).isEqualTo(SessionState.READY);
        timers.advance(8_999);
        assertThat(transports.all).hasSize(2);
        timers.advance(1);
        assertThat(transports.all).hasSize(3);
        for (int i = 4; i <= 9; i++) {
            breaks(transports.last());
            timers.advance(30_000);
            assertThat(transports.all).hasSize(i);
        }
        transports.last().ready("sess_2", inAnHour());
        assertThat(session.status().sessionId()).isEqualTo("sess_2");
        assertThat(session.status().rolloverProblem()).isNull();
        assertThat(types()).doesNotContain(LocalEvents.SESSION_RECONNECTING, LocalEvents.SESSION_FAILED);
    }

    @Test
    @DisplayName("ROLL-2 a standby that dies before the switch is replaced")
    void standbyDies() {
        RealtimeSession session = ready(planned(Configs.transcription()));
        FakeTransport old = transports.last();
        give(session, 200, 1);
        FakeTransport first = standby();
        first.ready("sess_dead", inAnHour());
        breaks(first);
        assertThat(session.status().sockets()).isEqualTo(1);
        timers.advance(500);
        FakeTransport second = transports.last();
        assertThat(second).isNotSameAs(first);
        second.ready("sess_2", inAnHour());
        session.audio().commit(false);
        old.committed("item_1");
        assertThat(session.status().sessionId()).isEqualTo("sess_2");
        assertThat(events).noneMatch(event -> "sess_dead".equals(event.sessionId()));
    }

    @Test
    @DisplayName("ROLL-8 a standby that is refused for good is not dialled again but once at the deadline; then the session is told")
    void standbyFatal() {
        RealtimeSession session = ready(planned());
        standby().listener.onFailure(new TransportException("HTTP 401", 401, "", "req", 0, null));
        timers.advance(3 * MINUTE - 1);
        assertThat(transports.all).hasSize(2);
        assertThat(session.status().rolloverProblem().isFatal()).isTrue();
        timers.advance(1);
        assertThat(transports.all).hasSize(3);
        transports.last().ready("sess_2", inAnHour());
        assertThat(session.status().sessionId()).isEqualTo("sess_2");
        assertThat(session.status().rolloverProblem()).isNull();
    }

    @Test
    @DisplayName("CONN-5 ROLL-18 a standby that is not configured in time, or whose configuration is refused, is replaced")
    void standbyNotConfigured() {
        RealtimeSession session = ready(planned());
        FakeTransport late = standby();
        late.open();
        late.created();
        timers.advance(10_000);
        assertThat(late.aborted).isTrue();
        timers.advance(500);
        FakeTransport refused = transports.last();
        refused.open();
        refused.created();
        refused.error(Map.of("type", "invalid_request_error", "code", "invalid_value", "message", "no"));
        assertThat(refused.aborted).isTrue();
        timers.advance(1_000);
        assertThat(transports.all).hasSize(4);
        assertThat(session.state()).isEqualTo(SessionState.READY);
    }

    @Test
    @DisplayName("ROLL-9 the standby is dialled with credentials read anew")
    void credentials() {
        AtomicInteger asked = new AtomicInteger();
        ready(planned().headers(() -> Map.of("Authorization", "Bearer " + asked.incrementAndGet())));
        assertThat(standby().request.headers()).containsEntry("Authorization", "Bearer 2");
    }

    @Test
    @DisplayName("ROLL-19 sessions that come to their end together dial one after the other, within the limit")
    void limit() {
        RolloverLimit limit = new RolloverLimit(2);
        List<RealtimeSession> sessions = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            RealtimeSession session = new RealtimeSession("s" + i, planned().build(), transports, timers, null, limit);
            session.open();
            transports.last().ready("old_" + i, timers.millis() + 60 * MINUTE);
            sessions.add(session);
        }
        timers.advance(55 * MINUTE);
        for (int i = 0; i < 5; i++) {
            assertThat(transports.all).hasSize(Math.min(10, 7 + i));
            transports.all.get(5 + i).ready("new_" + i, inAnHour());
        }
        assertThat(sessions).allMatch(session -> session.status().rollovers() == 1);
        assertThat(limit.used()).isZero();
    }

    @Test
    @DisplayName("ROLL-19 at the deadline nobody waits for the limit any more")
    void limitAtTheDeadline() {
        RolloverLimit limit = new RolloverLimit(1);
        List<RealtimeSession> sessions = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            RealtimeSession session = new RealtimeSession("s" + i, planned().build(), transports, timers, null, limit);
            session.open();
            transports.last().ready("old_" + i, timers.millis() + 60 * MINUTE);
            sessions.add(session);
        }
        // the permit stays with whoever dials for as long as the dial hangs
        timers.advance(55 * MINUTE);
        FakeTransport hanging = transports.last();
        assertThat(transports.all).hasSize(3);
        timers.advance(3 * MINUTE - 1);
        assertThat(transports.all).as("it waits for the permit").hasSize(3);
        assertThat(limit.used()).isEqualTo(1);
        timers.advance(1);
        assertThat(transports.all).as("no longer").hasSize(4);
        transports.last().ready("new_1", inAnHour());
        assertThat(sessions.get(1).status().rollovers()).isEqualTo(1);
        assertThat(limit.used()).as("it had no permit to give back").isEqualTo(1);
        hanging.ready("new_0", inAnHour());
        assertThat(sessions.get(0).status().rollovers()).isEqualTo(1);
        assertThat(limit.used()).isZero();
        assertThat(transports.all).as("the withdrawn wish is not granted after all").hasSize(4);
    }

    @Test
    @DisplayName("ROLL-19 a session that is closed while it waits for its turn wants none any more, and keeps nobody waiting")
    void limitAndClose() {
        RolloverLimit limit = new RolloverLimit(1);
        List<RealtimeSession> sessions = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            RealtimeSession session = new RealtimeSession("s" + i, planned().build(), transports, timers, null, limit);
            session.open();
            transports.last().ready("old_" + i, timers.millis() + 60 * MINUTE);
            sessions.add(session);
        }
        timers.advance(55 * MINUTE);
        assertThat(transports.all).hasSize(4);
        sessions.get(1).closeNow();
        transports.last().ready("new_0", inAnHour());
        assertThat(transports.all).hasSize(5);
        transports.last().ready("new_2", inAnHour());
        assertThat(sessions.get(2).status().rollovers()).isEqualTo(1);
        assertThat(limit.used()).isZero();
    }

    // ---- the present one is lost meanwhile

    @Test
    @DisplayName("ROLL-4 the present connection dies while a standby is ready: that takes over at once")
    void lostWithStandby() {
        RealtimeSession session = ready(planned());
        FakeTransport old = transports.last();
        give(session, 200, 1);
        FakeTransport next = standby();
        next.ready("sess_2", inAnHour());
        assertThat(session.status().sessionId()).isEqualTo("sess_1");
        breaks(old);
        assertThat(session.state()).isEqualTo(SessionState.READY);
        assertThat(session.status().sessionId()).isEqualTo("sess_2");
        assertThat(transports.all).hasSize(2);
        give(session, 100, 2);
        assertThat(given(next)).contains(2);
        assertThat(event(LocalEvents.SESSION_RECONNECTED).path("session_id").asText()).isEqualTo("sess_2");
        timers.advance(55 * MINUTE);
        assertThat(transports.all).as("and is followed in its turn").hasSize(3);
    }

    @Test
    @DisplayName("CONN-3 the present connection dies while a standby is being made: that goes on as the reconnect, and no other is dialled")
    void lostWhileDialling() {
        RealtimeSession session = ready(planned());
        FakeTransport old = transports.last();
        FakeTransport next = standby();
        breaks(old);
        assertThat(session.state()).isEqualTo(SessionState.CONNECTING);
        timers.advance(1_000);
        assertThat(transports.all).hasSize(2);
        next.open();
        assertThat(session.state()).isEqualTo(SessionState.CONFIGURING);
        next.created();
        next.updated();
        assertThat(session.state()).isEqualTo(SessionState.READY);
    }

    @Test
    @DisplayName("CONN-3 both die: one attempt after another, as without a standby")
    void bothDie() {
        RealtimeSession session = ready(planned());
        FakeTransport old = transports.last();
        FakeTransport next = standby();
        breaks(old);
        breaks(next);
        timers.advance(1_000);
        assertThat(transports.all).hasSize(3);
        transports.last().ready("sess_3", inAnHour());
        assertThat(session.state()).isEqualTo(SessionState.READY);
        assertThat(session.status().sockets()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    @DisplayName("ROLL-4 both shapes of expiry, either alone, lead to the next connection at once and cost nothing of the budget")
    void expiry(boolean byError) {
        RealtimeSession session = ready(planned().reconnects(1));
        for (int i = 2; i <= 4; i++) {
            FakeTransport old = transports.last();
            timers.advance(40 * MINUTE);
            if (byError) {
                old.error(Map.of("type", "invalid_request_error", "code", "session_expired", "message", EXPIRED));
            } else {
                old.listener.onClosed(1001, EXPIRED);
            }
            timers.advance(0);
            assertThat(transports.all).hasSize(i);
            assertThat(old.aborted).isTrue();
            transports.last().ready("sess_" + i, inAnHour());
            assertThat(event(LocalEvents.SESSION_RECONNECTED).path("cause").asText()).isEqualTo("expired");
        }
        assertThat(session.state()).isEqualTo(SessionState.READY);
        assertThat(types()).doesNotContain(LocalEvents.SESSION_FAILED);
    }

    @Test
    @DisplayName("ROLL-4 expiry with a standby: it takes over, also where nothing is connected anew")
    void expiryWithStandby() {
        RealtimeSession session = ready(planned().reconnects(0));
        FakeTransport old = transports.last();
        give(session, 200, 1);
        standby().ready("sess_2", inAnHour());
        old.listener.onClosed(1001, EXPIRED);
        assertThat(session.status().sessionId()).isEqualTo("sess_2");
        breaks(transports.last());
        assertThat(session.state()).isEqualTo(SessionState.FAILED);
    }

    // ---- restart

    @Test
    @DisplayName("CONN-20 restart of a ready session makes the next connection first, and takes the first pause")
    void restart() {
        RealtimeSession session = ready(planned());
        FakeTransport old = transports.last();
        CompletableFuture<Void> restarted = session.restart();
        assertThat(session.restart()).isSameAs(restarted);
        assertThat(transports.all).hasSize(2);
        assertThat(old.closeCode).isZero();
        assertThat(restarted).isNotDone();
        transports.last().ready("sess_2", inAnHour());
        assertThat(restarted).isCompleted();
        assertThat(old.closeCode).isEqualTo(1000);
        assertThat(event(LocalEvents.SESSION_ROLLOVER).path("cause").asText()).isEqualTo("restart");
        timers.advance(2_000);
        assertThat(old.aborted).isTrue();
        timers.advance(55 * MINUTE - 2_000);
        assertThat(transports.all).as("planned from its own end").hasSize(3);
    }

    @Test
    @DisplayName("CONN-20 a restart without a pause is forced after the drain time-out")
    void restartForced() {
        RealtimeSession session = ready(planned());
        give(session, 200, 1);
        CompletableFuture<Void> restarted = session.restart();
        transports.last().ready("sess_2", inAnHour());
        timers.advance(1_999);
        assertThat(restarted).isNotDone();
        timers.advance(1);
        assertThat(restarted).as("what is cleared may have been committed before").isNotDone();
        transports.all.get(0).say("{'type':'input_audio_buffer.cleared','event_id':'e'}");
        assertThat(restarted).isCompleted();
        assertThat(given(transports.last())).as("the open turn goes whole").containsExactly(1, 1);
        assertThat(event(LocalEvents.SESSION_ROLLOVER).path("forced").asBoolean()).isTrue();
    }

    @Test
    @DisplayName("CONN-20 a restart that cannot be made fails, and the session stays as it is; its planned rollover is not lost")
    void restartFails() {
        RealtimeSession session = ready(planned());
        CompletableFuture<Void> restarted = session.restart();
        for (int attempt = 1; attempt <= 3; attempt++) {
            breaks(transports.last());
            timers.advance(30_000);
        }
        assertThat(failure(restarted)).hasMessageContaining("reset");
        assertThat(session.status().sessionId()).isEqualTo("sess_1");
        assertThat(session.state()).isEqualTo(SessionState.READY);
        assertThat(transports.all).hasSize(4);
        timers.advance(55 * MINUTE);
        assertThat(transports.all).hasSize(5);
    }

    @Test
    @DisplayName("CONN-20 the session is lost while it is being restarted: then the reconnect is the restart; closed, it fails")
    void restartOvertaken() {
        RealtimeSession session = ready(planned());
        CompletableFuture<Void> restarted = session.restart();
        breaks(transports.all.get(0));
        assertThat(restarted).isNotDone();
        transports.last().ready("sess_2", inAnHour());
        assertThat(restarted).isCompleted();
        CompletableFuture<Void> again = session.restart();
        session.closeNow();
        assertThat(failure(again)).isInstanceOf(SessionClosedException.class);
    }

    // ---- stop

    @ParameterizedTest
    @ValueSource(strings = { "dialling", "configuring", "waiting", "moving", "draining", "leaving", "retrying" })
    @DisplayName("CONN-3 CONN-4 CONN-14 a stop at any point of a rollover leaves no socket, no timer and nobody waiting")
    void stopped(String when) {
        for (boolean now : new boolean[] { true, false }) {
            transports.all.clear();
            RealtimeSession session = ready(planned(Configs.transcription()));
            FakeTransport old = transports.last();
            timers.advance(55 * MINUTE);
            FakeTransport next = transports.last();
            CompletableFuture<Void> pending = new CompletableFuture<>();
            switch (when) {
                case "dialling" -> pending = session.restart();
                case "configuring" -> next.open();
                case "waiting" -> {
                    give(session, 200, 1);
                    next.ready("sess_2", inAnHour());
                    pending = session.restart();
                }
                case "moving" -> {
                    give(session, 200, 1);
                    next.ready("sess_2", inAnHour());
                    timers.advance(3 * MINUTE);
                    pending = give(session, 200, 2);
                    assertThat(old.types()).contains("clear");
                    assertThat(pending).as("held back for the next connection").isNotDone();
                }
                case "draining" -> {
                    give(session, 200, 1);
                    session.audio().commit(false);
                    old.committed("item_1");
                    next.ready("sess_2", inAnHour());
                    assertThat(session.status().sockets()).isEqualTo(2);
                }
                case "leaving" -> {
                    next.ready("sess_2", inAnHour());
                    assertThat(old.closeCode).isEqualTo(1000);
                }
                default -> breaks(next);
            }
            CompletableFuture<Void> closed = now ? CompletableFuture.runAsync(session::closeNow) : session.close();
            if (now) {
                closed.join();
            } else {
                timers.advance(10_000);
            }
            assertThat(closed).isCompleted();
            assertThat(session.state()).isEqualTo(SessionState.IDLE);
            assertThat(session.status().sockets()).isZero();
            assertThat(transports.all).as("%s, now %s", when, now).allMatch(transport -> transport.aborted || !transport.open);
            assertThat(timers.waiting()).as("%s, now %s", when, now).isZero();
            if (!when.equals("configuring") && !when.equals("draining") && !when.equals("leaving") && !when.equals("retrying")) {
                assertThat(pending).isDone();
            }
            timers.advance(120 * MINUTE);
            assertThat(transports.all).hasSize(2);
            assertThat(types()).endsWith(LocalEvents.SESSION_CLOSED);
        }
    }

    @Test
    @DisplayName("CONN-3 an attempt that comes to stand after a stop is ended")
    void lateStandby() {
        RealtimeSession session = ready(planned());
        FakeTransport next = standby();
        session.closeNow();
        next.aborted = false;
        next.open();
        assertThat(next.aborted).isTrue();
        assertThat(next.frames()).isEmpty();
    }
}
