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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.SessionType;
import io.github.camelrealtime.transport.TransportException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.camelrealtime.session.Futures.failure;
import static io.github.camelrealtime.session.Futures.value;
import static org.assertj.core.api.Assertions.assertThat;

class RealtimeSessionTest {

    private final ManualTimers timers = new ManualTimers();
    private final FakeTransports transports = new FakeTransports();
    private final List<SessionEvent> events = new ArrayList<>();

    private RealtimeSession session(Configs configs) {
        RealtimeSession session = new RealtimeSession("s", configs.build(), transports, timers);
        session.subscribe(events::add);
        return session;
    }

    private RealtimeSession ready(Configs configs) {
        RealtimeSession session = session(configs);
        session.open();
        transports.last().ready();
        assertThat(session.state()).isEqualTo(SessionState.READY);
        return session;
    }

    private List<String> types() {
        return events.stream().map(event -> event.event().getType()).toList();
    }

    private SessionEvent last() {
        return events.get(events.size() - 1);
    }

    private static TransportException refusal(int status, long retryAfter) {
        return new TransportException("HTTP " + status, status, "body", "req", retryAfter, null);
    }

    private static CompletableFuture<Void> give(RealtimeSession session, int millis) {
        byte[] audio = new byte[48 * millis];
        return session.audio().piece(AudioFormat.PCM_24K, audio.length).append(audio, 0, audio.length);
    }

    // ---- opening

    @Test
    @DisplayName("CONN-5 from idle to ready: only the update leaves before it is confirmed, then what waited, in order")
    void opening() {
        RealtimeSession session = session(Configs.manual());
        assertThat(session.state()).isEqualTo(SessionState.IDLE);
        CompletableFuture<Void> opened = session.open();
        FakeTransport transport = transports.last();
        assertThat(transport.request.headers()).containsEntry("Authorization", "Bearer sk-test");
        assertThat(session.state()).isEqualTo(SessionState.CONNECTING);
        give(session, 20);
        session.send(ClientEvent.clear());
        transport.open();
        assertThat(session.state()).isEqualTo(SessionState.CONFIGURING);
        assertThat(transport.frames()).isEmpty();
        transport.created();
        assertThat(transport.types()).containsExactly("session.update");
        assertThat(transport.last().path("session").path("type").asText()).isEqualTo("realtime");
        assertThat(opened).isNotDone();
        transport.updated();
        assertThat(opened).isCompleted();
        assertThat(session.state()).isEqualTo(SessionState.READY);
        assertThat(transport.types()).containsExactly("session.update", "append", "clear");
        assertThat(types()).containsExactly("session.created", LocalEvents.SESSION_READY, "session.updated");
        assertThat(events.get(1).sessionId()).isEqualTo("sess_1");
        assertThat(events.get(1).epoch()).isEqualTo(1);
        assertThat(timers.waiting()).isZero();
    }

    @Test
    @DisplayName("CONN-6 with nothing to configure the session is ready when it is created, without an update")
    void nothingToConfigure() {
        RealtimeSession session = session(Configs.manual().noUpdate());
        session.open();
        transports.last().open();
        transports.last().created();
        assertThat(session.state()).isEqualTo(SessionState.READY);
        assertThat(transports.last().frames()).isEmpty();
    }

    @Test
    @DisplayName("CONN-3 opening again while it opens or is open dials once")
    void openOnce() {
        RealtimeSession session = session(Configs.manual());
        CompletableFuture<Void> first = session.open();
        CompletableFuture<Void> second = session.open();
        transports.last().ready();
        CompletableFuture<Void> third = session.open();
        assertThat(transports.all).hasSize(1);
        assertThat(List.of(first, second, third)).allMatch(CompletableFuture::isDone);
    }

    @Test
    @DisplayName("CONN-2 failed attempts are repeated with growing intervals, and one success is enough")
    void retry() {
        RealtimeSession session = session(Configs.manual());
        CompletableFuture<Void> opened = session.open();
        transports.last().listener.onFailure(new TransportException("no route", new IOException("no route")));
        assertThat(session.state()).isEqualTo(SessionState.CONNECTING);
        assertThat(transports.last().aborted).isTrue();
        assertThat(timers.nextIn()).isBetween(250L, 500L);
        timers.advance(500);
        assertThat(transports.all).hasSize(2);
        transports.last().listener.onClosed(1011, "busy");
        assertThat(timers.nextIn()).isBetween(500L, 1_000L);
        timers.advance(1_000);
        assertThat(transports.all).hasSize(3);
        transports.last().ready();
        assertThat(opened).isCompleted();
        assertThat(session.status().epoch()).isEqualTo(3);
        assertThat(types()).doesNotContain(LocalEvents.SESSION_FAILED);
    }

    @Test
    @DisplayName("ROLL-6 Retry-After is honoured where it is longer than the back-off")
    void retryAfter() {
        RealtimeSession session = session(Configs.manual());
        session.open();
        transports.last().listener.onFailure(refusal(429, 7_000));
        assertThat(timers.nextIn()).isEqualTo(7_000);
        timers.advance(6_999);
        assertThat(transports.all).hasSize(1);
        timers.advance(1);
        assertThat(transports.all).hasSize(2);
    }

    @Test
    @DisplayName("CONN-4 attempts exhausted: failed, everybody told, no timer left; only an open dials again")
    void exhausted() {
        RealtimeSession session = session(Configs.manual());
        CompletableFuture<Void> opened = session.open();
        CompletableFuture<Void> audio = give(session, 20);
        for (int i = 0; i < 3; i++) {
            transports.last().listener.onFailure(refusal(503, -1));
            timers.advance(60_000);
        }
        assertThat(transports.all).hasSize(3).allMatch(transport -> transport.aborted);
        assertThat(session.state()).isEqualTo(SessionState.FAILED);
        assertThat(failure(opened)).isInstanceOfSatisfying(
                SessionClosedException.class, e -> assertThat(e.isFatal()).isFalse());
        assertThat(audio).isCompletedExceptionally();
        assertThat(last().event().getType()).isEqualTo(LocalEvents.SESSION_FAILED);
        assertThat(last().event().getJson().path("fatal").asBoolean()).isFalse();
        assertThat(session.status().failure()).isSameAs(failure(opened));
        assertThat(timers.waiting()).isZero();
        assertThat(failure(session.send(ClientEvent.clear()))).isSameAs(failure(opened));

        CompletableFuture<Void> again = session.open();
        transports.last().ready();
        assertThat(again).isCompleted();
        assertThat(session.status().failure()).isNull();
        assertThat(give(session, 20)).isCompleted();
    }

    @ParameterizedTest
    @ValueSource(ints = { 401, 403, 404, 400 })
    @DisplayName("ROLL-8 a fatal refusal is not repeated")
    void fatalHandshake(int status) {
        RealtimeSession session = session(Configs.manual());
        CompletableFuture<Void> opened = session.open();
        transports.last().listener.onFailure(refusal(status, -1));
        assertThat(failure(opened)).isInstanceOfSatisfying(
                SessionClosedException.class, e -> assertThat(e.isFatal()).isTrue());
        timers.advance(600_000);
        assertThat(transports.all).hasSize(1);
        assertThat(last().event().getJson().path("fatal").asBoolean()).isTrue();
    }

    @Test
    @DisplayName("ROLL-8 a fatal close while configuring is not repeated, and its code is told")
    void fatalClose() {
        RealtimeSession session = session(Configs.manual());
        CompletableFuture<Void> opened = session.open();
        transports.last().open();
        transports.last().listener.onClosed(4000, "invalid_request_error.invalid_model");
        assertThat(failure(opened)).isInstanceOfSatisfying(SessionClosedException.class, e -> {
            assertThat(e.getCloseCode()).isEqualTo(4000);
            assertThat(e.isFatal()).isTrue();
            assertThat(e).hasMessageContaining("invalid_model");
        });
        assertThat(transports.all).hasSize(1);
    }

    @Test
    @DisplayName("CONN-5 no confirmation in time fails the attempt, and the next is made")
    void readyTimeOut() {
        RealtimeSession session = session(Configs.manual());
        CompletableFuture<Void> opened = session.open();
        FakeTransport slow = transports.last();
        slow.open();
        slow.created();
        timers.advance(10_000);
        assertThat(slow.aborted).isTrue();
        assertThat(session.state()).isEqualTo(SessionState.CONNECTING);
        timers.advance(500);
        slow.updated();
        assertThat(session.state()).isEqualTo(SessionState.CONNECTING);
        assertThat(transports.all).hasSize(2);
        timers.advance(0);
        for (int i = 0; i < 2; i++) {
            transports.last().open();
            timers.advance(11_000);
        }
        assertThat(failure(opened)).hasMessageContaining("sessionReadyTimeout");
    }

    @Test
    @DisplayName("CFG-9 a refused configuration is not tried again, the error is told")
    void configurationRefused() {
        RealtimeSession session = session(Configs.manual());
        CompletableFuture<Void> opened = session.open();
        transports.last().open();
        transports.last().created();
        transports.last().error(Map.of("type", "invalid_request_error", "code", "unknown_parameter", "message", "no such thing",
                "param", "session.foo"));
        assertThat(failure(opened)).isInstanceOf(SessionClosedException.class).hasMessageContaining("no such thing")
                .hasCauseInstanceOf(RequestRefusedException.class);
        assertThat(transports.last().aborted).isTrue();
        timers.advance(60_000);
        assertThat(transports.all).hasSize(1);
        assertThat(types()).contains("error", LocalEvents.SESSION_FAILED);
    }

    @Test
    void aPassingErrorWhileConfiguringIsTriedAgain() {
        RealtimeSession session = session(Configs.manual());
        CompletableFuture<Void> opened = session.open();
        transports.last().open();
        transports.last().error(Map.of("type", "server_error", "message", "try later"));
        assertThat(session.state()).isEqualTo(SessionState.CONNECTING);
        timers.advance(500);
        transports.last().ready();
        assertThat(opened).isCompleted();
    }

    @Test
    void aConfigurationThatCannotBeSentFailsTheSession() {
        RealtimeSession session = session(Configs.manual());
        CompletableFuture<Void> opened = session.open();
        transports.last().open();
        transports.last().onSend = frame -> {
            throw new IllegalArgumentException("Frame of 13000000 bytes is above the limit");
        };
        transports.last().created();
        assertThat(failure(opened)).hasMessageContaining("above the limit");
        assertThat(session.state()).isEqualTo(SessionState.FAILED);
    }

    @Test
    @DisplayName("ROLL-9 the headers are asked for at every attempt")
    void headersPerDial() {
        AtomicInteger asked = new AtomicInteger();
        RealtimeSession session = session(Configs.manual().headers(
                () -> Map.of("Authorization", "Bearer key-" + asked.incrementAndGet())));
        session.open();
        transports.last().listener.onFailure(refusal(503, -1));
        timers.advance(500);
        assertThat(transports.all).extracting(transport -> transport.request.headers().get("Authorization"))
                .containsExactly("Bearer key-1", "Bearer key-2");
    }

    @Test
    @DisplayName("CONN-4 headers that cannot be had fail the session, not the caller's thread, and no lock is held meanwhile")
    void headersFail() {
        List<RealtimeSession> asking = new ArrayList<>();
        RealtimeSession session = session(Configs.manual().headers(() -> {
            // from another thread this would hang if the lock were held
            CompletableFuture.supplyAsync(() -> asking.get(0).state()).join();
            throw new IllegalStateException("no API key: set option apiKey");
        }));
        asking.add(session);
        CompletableFuture<Void> opened = session.open();
        assertThat(opened).isNotDone();
        timers.advance(0);
        assertThat(failure(opened)).hasMessageContaining("set option apiKey")
                .isInstanceOfSatisfying(SessionClosedException.class, e -> assertThat(e.isFatal()).isTrue());
        assertThat(session.state()).isEqualTo(SessionState.FAILED);
        assertThat(transports.all).isEmpty();
    }

    @Test
    void aFactoryThatRefusesFailsTheSession() {
        transports.refusal = new IllegalArgumentException("no such scheme");
        RealtimeSession session = session(Configs.manual());
        CompletableFuture<Void> opened = session.open();
        timers.advance(0);
        assertThat(failure(opened)).hasMessageContaining("no such scheme");
    }

    // ---- stale epochs

    @Test
    @DisplayName("CONN-16 what an old connection says changes nothing")
    void staleEpoch() {
        RealtimeSession session = session(Configs.manual());
        session.open();
        FakeTransport old = transports.last();
        old.listener.onFailure(refusal(503, -1));
        timers.advance(500);
        FakeTransport present = transports.last().ready();
        int before = events.size();
        old.open();
        old.created();
        old.committed("item_old");
        old.say("{'type':'response.created','response':{'id':'r_old'}}");
        old.say("not json");
        old.listener.onBinary(3);
        old.listener.onClosed(1000, "");
        old.listener.onFailure(refusal(401, -1));
        assertThat(session.state()).isEqualTo(SessionState.READY);
        assertThat(events).hasSize(before);
        session.conversation().ask(Question.unawaited(null, null, null));
        assertThat(present.types()).endsWith("response.create");
    }

    @Test
    @DisplayName("CONN-3 an attempt that succeeds after the close drops its own connection")
    void lateSuccess() {
        RealtimeSession session = session(Configs.manual());
        CompletableFuture<Void> opened = session.open();
        FakeTransport late = transports.last();
        assertThat(session.close()).isCompleted();
        assertThat(late.aborted).isTrue();
        late.aborted = false;
        late.open();
        assertThat(late.aborted).isTrue();
        assertThat(session.state()).isEqualTo(SessionState.IDLE);
        assertThat(failure(opened)).isInstanceOf(SessionClosedException.class);
    }

    // ---- the end

    @Test
    @DisplayName("CONN-14 closing in good order: what was accepted leaves, what is owed arrives, 1000")
    void close() {
        RealtimeSession session = ready(Configs.manual());
        FakeTransport transport = transports.last();
        give(session, 200);
        CompletableFuture<Void> closed = session.close();
        assertThat(session.state()).isEqualTo(SessionState.CLOSING);
        assertThat(transport.types()).endsWith("append", "append", "commit");
        assertThat(failure(session.send(ClientEvent.clear()))).hasMessageContaining("being closed");
        assertThat(failure(session.open())).hasMessageContaining("being closed");
        transport.committed("i");
        assertThat(transport.closeCode).isZero();
        transport.transcribed("i", "last words");
        assertThat(transport.closeCode).isEqualTo(1000);
        assertThat(closed).isNotDone();
        transport.listener.onClosed(1000, "OK");
        assertThat(closed).isCompleted();
        assertThat(session.state()).isEqualTo(SessionState.IDLE);
        assertThat(last().event().getType()).isEqualTo(LocalEvents.SESSION_CLOSED);
        assertThat(events).extracting(event -> event.event().getTranscript()).contains("last words");
        assertThat(timers.waiting()).isZero();
        assertThat(session.close()).isCompleted();
    }

    @Test
    @DisplayName("CONN-14 a close waits no longer than the drain time-out, and no longer than 1 s for the close frame")
    void closeIsBounded() {
        RealtimeSession session = ready(Configs.manual());
        FakeTransport transport = transports.last();
        give(session, 200);
        CompletableFuture<Void> closed = session.close();
        timers.advance(1_999);
        assertThat(transport.closeCode).isZero();
        timers.advance(1);
        assertThat(transport.closeCode).isEqualTo(1000);
        timers.advance(999);
        assertThat(closed).isNotDone();
        timers.advance(1);
        assertThat(closed).isCompleted();
        assertThat(transport.aborted).isTrue();
        timers.advance(10_000);
        assertThat(timers.waiting()).isZero();
    }

    @Test
    @DisplayName("TRX-13 what was said and not transcribed to its end is flushed before the session is closed")
    void partialsAtTheEnd() {
        RealtimeSession session = ready(Configs.manual());
        FakeTransport transport = transports.last();
        transport.say("{'type':'conversation.item.input_audio_transcription.delta','item_id':'i','content_index':0,'delta':'hel'}");
        session.close();
        transport.listener.onClosed(1000, "");
        assertThat(types()).endsWith(LocalEvents.TRANSCRIPT_ABANDONED, LocalEvents.SESSION_CLOSED);
        assertThat(events).filteredOn(event -> event.event().getType().equals(LocalEvents.TRANSCRIPT_ABANDONED)).hasSize(1);
    }

    @Test
    void theServiceHangsUpWhileWeDrain() {
        RealtimeSession session = ready(Configs.manual());
        FakeTransport transport = transports.last();
        give(session, 200);
        CompletableFuture<Void> closed = session.close();
        transport.listener.onClosed(1001, "going away");
        assertThat(closed).isCompleted();
        assertThat(session.state()).isEqualTo(SessionState.IDLE);
        assertThat(types()).doesNotContain(LocalEvents.SESSION_FAILED);
        timers.advance(10_000);
        assertThat(timers.waiting()).isZero();
    }

    @Test
    void closeBetweenTwoAttempts() {
        RealtimeSession session = session(Configs.manual());
        CompletableFuture<Void> opened = session.open();
        transports.last().listener.onFailure(refusal(503, -1));
        assertThat(session.close()).isCompleted();
        assertThat(failure(opened)).isInstanceOf(SessionClosedException.class);
        assertThat(session.state()).isEqualTo(SessionState.IDLE);
        timers.advance(60_000);
        assertThat(transports.all).hasSize(1);
        assertThat(last().event().getType()).isEqualTo(LocalEvents.SESSION_CLOSED);
    }

    @Test
    void closeWhileConfiguring() {
        RealtimeSession session = session(Configs.manual());
        CompletableFuture<Void> opened = session.open();
        transports.last().open();
        assertThat(session.close()).isCompleted();
        assertThat(transports.last().aborted).isTrue();
        assertThat(opened).isCompletedExceptionally();
        assertThat(timers.waiting()).isZero();
    }

    @Test
    @DisplayName("CONN-14 a forced stop drops at once, from every state")
    void closeNow() {
        RealtimeSession session = session(Configs.manual());
        session.closeNow();
        assertThat(session.state()).isEqualTo(SessionState.IDLE);
        session.open();
        session.closeNow();
        assertThat(session.state()).isEqualTo(SessionState.IDLE);
        session.open();
        transports.last().ready();
        give(session, 200);
        CompletableFuture<Void> closed = session.close();
        session.closeNow();
        assertThat(closed).isCompleted();
        assertThat(session.state()).isEqualTo(SessionState.IDLE);
        assertThat(transports.all).allMatch(transport -> transport.aborted);
        timers.advance(60_000);
        assertThat(session.state()).isEqualTo(SessionState.IDLE);
    }

    @Test
    @DisplayName("ROLL-14 a lost connection: nobody waits on, and only an open dials again")
    void lost() {
        RealtimeSession session = ready(Configs.manual());
        CompletableFuture<Answer> response = session.conversation().ask(Question.awaited(null, null, null, 0)).answer();
        give(session, 100);
        Commit commit = session.audio().commit(true);
        CompletableFuture<String> text = session.commitAndTranscribe(null);
        transports.last().say("{'type':'response.output_text.delta','item_id':'a','content_index':0,'delta':'I was'}");
        transports.last().listener.onFailure(new TransportException("reset", new IOException("reset")));
        assertThat(session.state()).isEqualTo(SessionState.FAILED);
        assertThat(failure(response)).isInstanceOf(SessionClosedException.class);
        assertThat(failure(commit.itemId())).isInstanceOf(SessionClosedException.class);
        assertThat(text).isDone();
        assertThat(types()).endsWith(LocalEvents.TRANSCRIPT_ABANDONED, LocalEvents.SESSION_FAILED);
        assertThat(timers.waiting()).isZero();
        assertThat(transports.all).hasSize(1);
        assertThat(session.status().pendingResponses()).isZero();
    }

    @Test
    @DisplayName("CONN-16 who reopens while the end is being told gets a whole new connection, after everybody was told")
    void reopenWhileTheEndIsTold() {
        RealtimeSession session = ready(Configs.manual());
        List<CompletableFuture<Void>> reopened = new ArrayList<>();
        List<Integer> dialledWhenTold = new ArrayList<>();
        session.subscribe(event -> {
            if (event.event().getType().equals(LocalEvents.SESSION_FAILED)) {
                dialledWhenTold.add(transports.all.size());
            }
        });
        session.conversation().ask(Question.awaited(null, null, null, 0)).answer().whenComplete((done, failure) -> reopened.add(session.open()));
        transports.last().listener.onClosed(1011, "");
        assertThat(reopened).hasSize(1);
        assertThat(dialledWhenTold).containsExactly(1);
        assertThat(transports.all).hasSize(2);
        assertThat(last().event().getType()).isEqualTo(LocalEvents.SESSION_FAILED);
        give(session, 20);
        transports.last().ready();
        assertThat(reopened.get(0)).isCompleted();
        assertThat(transports.last().types()).containsExactly("session.update", "append");
        assertThat(session.send(ClientEvent.clear())).isCompleted();
    }

    @Test
    @DisplayName("CONN-13 a session that was let go of for good cannot be opened behind its registry's back")
    void retired() {
        RealtimeSession session = ready(Configs.manual());
        CompletableFuture<Void> closed = session.retire();
        transports.last().listener.onClosed(1000, "");
        assertThat(closed).isCompleted();
        assertThat(failure(session.open())).hasMessageContaining("for good");
        assertThat(transports.all).hasSize(1);
    }

    // ---- ready

    @Test
    @DisplayName("CFG-12 an event that the session type does not know is refused here")
    void notAllowed() {
        RealtimeSession session = ready(Configs.client());
        assertThat(failure(session.send(ClientEvent.userText("hi")))).hasMessageContaining("transcription");
        assertThat(failure(session.conversation().ask(Question.unawaited(null, null, null)).sent())).hasMessageContaining("transcription");
        assertThat(failure(session.conversation().ask(Question.awaited(null, null, null, 5)).answer())).hasMessageContaining("transcription");
        assertThat(transports.last().types()).containsExactly("session.update");
    }

    @Test
    void nothingCanBeAskedOfASessionThatIsNotOpen() {
        RealtimeSession session = session(Configs.manual());
        assertThat(failure(session.send(ClientEvent.clear()))).hasMessageContaining("open-session");
        assertThat(failure(session.conversation().ask(Question.awaited(null, null, null, 5)).answer())).isInstanceOf(SessionClosedException.class);
        assertThat(failure(session.commitAndTranscribe(null))).isInstanceOf(SessionClosedException.class);
        assertThat(failure(session.transcribe().result())).isInstanceOf(SessionClosedException.class);
        assertThat(session.drain()).isCompleted();
    }

    @Test
    @DisplayName("ERR-1 an error event alone never closes the session, and goes to those who consume errors")
    void errorEvents() {
        RealtimeSession session = ready(Configs.manual());
        for (String code : List.of("invalid_value", "server_error", "rate_limit_exceeded", "session_expired", "insufficient_quota")) {
            transports.last().error(Map.of("type", "invalid_request_error", "code", code, "message", "m"));
            assertThat(last().event().getType()).isEqualTo("error");
            assertThat(last().event().getJson().path("error").path("code").asText()).isEqualTo(code);
        }
        assertThat(session.state()).isEqualTo(SessionState.READY);
    }

    @Test
    @DisplayName("ERR-1 a harmless lost race goes to nobody")
    void benign() {
        ready(Configs.manual());
        int before = events.size();
        transports.last().error(Map.of("type", "invalid_request_error", "code", "response_cancel_not_active", "message", "m"));
        transports.last().error(Map.of("type", "invalid_request_error", "message", "Cancellation failed: no active response"));
        assertThat(events).hasSize(before);
    }

    @Test
    @DisplayName("ERR-3 an error finds the one who caused it; if nobody takes note it goes out as an event")
    void refusedEvents() {
        RealtimeSession session = ready(Configs.manual());
        List<RequestRefusedException> told = new ArrayList<>();
        for (boolean takesNote : new boolean[] { true, false }) {
            ClientEvent event = ClientEvent.userText("hi");
            session.send(event, refused -> {
                told.add(refused);
                return takesNote;
            });
            int before = events.size();
            transports.last().error(Map.of("type", "invalid_request_error", "code", "invalid_value", "message", "m", "param", "item.id",
                    "event_id", event.getEventId()));
            assertThat(events).hasSize(takesNote ? before : before + 1);
        }
        assertThat(told).hasSize(2).allSatisfy(refused -> {
            assertThat(refused.getCode()).isEqualTo("invalid_value");
            assertThat(refused.getParam()).isEqualTo("item.id");
            assertThat(refused.getSessionName()).isEqualTo("s");
        });
    }

    @Test
    @DisplayName("CONN-18 unreadable frames are recoverable and told, unknown events are passed on")
    void malformed() {
        RealtimeSession session = ready(Configs.manual());
        transports.last().say("this is no json");
        transports.last().say("{'no':'type'}");
        transports.last().listener.onBinary(17);
        transports.last().say("{'type':'response.telepathy.delta','thought':1}");
        assertThat(types()).endsWith(LocalEvents.ERROR_MALFORMED, LocalEvents.ERROR_MALFORMED, LocalEvents.ERROR_MALFORMED,
                "response.telepathy.delta");
        assertThat(session.status().malformedFrames()).isEqualTo(3);
        assertThat(session.state()).isEqualTo(SessionState.READY);
    }

    @Test
    @DisplayName("RESP-16 a response in time, one too late, and nobody is left waiting")
    void responses() {
        RealtimeSession session = ready(Configs.manual());
        CompletableFuture<Answer> late = session.conversation().ask(Question.awaited(ClientEvent.userText("one"), null, null, 20_000)).answer();
        CompletableFuture<Answer> next = session.conversation().ask(Question.awaited(null, JsonNodeFactory.instance.objectNode(), null, 20_000)).answer();
        String lateKey = transports.last().last().path("response").path("metadata").path("camel_request").asText();
        transports.last().say("{'type':'response.created','response':{'id':'l','metadata':{'camel_request':'" + lateKey + "'}}}");
        timers.advance(20_000);
        assertThat(failure(late)).isInstanceOf(TimeoutException.class).hasMessageContaining("requestTimeout");
        assertThat(next).isNotDone();
        transports.last().say("{'type':'response.done','response':{'id':'l','status':'cancelled'}}");
        String key = transports.last().last().path("response").path("metadata").path("camel_request").asText();
        transports.last().say("{'type':'response.done','response':{'id':'r','status':'completed','metadata':{'camel_request':'" + key
                              + "'},'output':[{'id':'m','content':[{'type':'output_text','text':'four'}]}]}}");
        assertThat(value(next).response().text()).isEqualTo("four");
        assertThat(value(next).response().itemId()).isEqualTo("m");
        assertThat(timers.waiting()).isZero();
    }

    @Test
    @DisplayName("RESP-16 RESP-5 a request that never gets its turn ends too, and is not asked any more")
    void noTurn() {
        RealtimeSession session = ready(Configs.manual());
        session.send(ClientEvent.clear());
        transports.last().say("{'type':'response.created','response':{'id':'vad'}}");
        CompletableFuture<Answer> waiting = session.conversation().ask(Question.awaited(null, null, null, 20_000)).answer();
        timers.advance(39_999);
        assertThat(waiting).isNotDone();
        timers.advance(1);
        assertThat(failure(waiting)).isInstanceOf(TimedOutException.class).hasMessageContaining("turn");
        transports.last().say("{'type':'response.done','response':{'id':'vad','status':'completed'}}");
        assertThat(transports.last().frames("response.create")).isEmpty();
        assertThat(session.status().pendingResponses()).isZero();
    }

    @Test
    @DisplayName("ERR-3 an empty-commit error without event id is about the commit that has left, not one that still waits")
    void anonymousErrorMeetsWhatHasLeft() {
        RealtimeSession session = ready(Configs.manual());
        give(session, 100);
        Commit left = session.audio().commit(true);
        give(session, 100);
        Commit queued = session.audio().commit(true);
        assertThat(left.sent()).isCompleted();
        assertThat(queued.sent()).isNotDone();
        transports.last().error(Map.of("type", "invalid_request_error", "code", "input_audio_buffer_commit_empty"));
        assertThat(failure(left.itemId())).isInstanceOf(RequestRefusedException.class);
        assertThat(queued.itemId()).isNotDone();
        assertThat(queued.sent()).isCompleted();
        transports.last().committed("second");
        assertThat(value(queued.itemId())).isEqualTo("second");
    }

    @Test
    @DisplayName("FLOW-3 an urgent event overtakes audio and an unanswered commit")
    void urgent() {
        RealtimeSession session = ready(Configs.manual());
        give(session, 100);
        session.audio().commit(false);
        give(session, 100);
        CompletableFuture<Void> sent = session.sendUrgent(ClientEvent.of("response.cancel"));
        assertThat(sent).isCompleted();
        assertThat(transports.last().types()).endsWith("commit", "response.cancel");
        session.close();
        assertThat(failure(session.sendUrgent(ClientEvent.of("response.cancel")))).isInstanceOf(SessionClosedException.class);
    }

    @Test
    @DisplayName("ERR-1 a fatal error is in the status until the session is ready anew")
    void fatalError() {
        RealtimeSession session = ready(Configs.manual());
        transports.last().error(Map.of("type", "invalid_request_error", "code", "invalid_value"));
        assertThat(session.status().fatalError()).isNull();
        transports.last().error(Map.of("type", "insufficient_quota", "code", "insufficient_quota"));
        assertThat(session.state()).isEqualTo(SessionState.READY);
        assertThat(session.status().fatalError()).isEqualTo("insufficient_quota");
        assertThat(types()).endsWith("error");
        session.closeNow();
        session.open();
        transports.last().ready();
        assertThat(session.status().fatalError()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = { "item_truncate_invalid_item_id", "item_delete_invalid_item_id", "item_retrieve_invalid_item_id" })
    @DisplayName("ERR-1 an item that the service does not know any more troubles nobody")
    void unknownItem(String code) {
        ready(Configs.manual());
        transports.last().error(Map.of("type", "invalid_request_error", "code", code));
        assertThat(types()).doesNotContain("error");
    }

    @Test
    @DisplayName("TRX-1 commit and transcript: the words of that commit, whichever item else becomes final")
    void commitAndTranscribe() {
        Configs configs = Configs.manual();
        // where nobody answers no turn is waited for
        configs.type = SessionType.TRANSCRIPTION;
        RealtimeSession session = ready(configs);
        give(session, 100);
        session.audio().commit(false);
        transports.last().committed("other");
        give(session, 100);
        CompletableFuture<String> text = session.commitAndTranscribe(null);
        transports.last().transcribed("other", "not these");
        transports.last().committed("i");
        assertThat(text).isNotDone();
        transports.last().transcribed("i", "these words");
        assertThat(value(text)).isEqualTo("these words");
        assertThat(timers.waiting()).isZero();
        assertThat(value(session.commitAndTranscribe(null))).isNull();
    }

    @Test
    @DisplayName("TRX-4 a transcript that failed or does not come fails the one who waits, with where it lies")
    void transcriptFails() {
        RealtimeSession session = ready(Configs.manual());
        give(session, 100);
        CompletableFuture<String> failed = session.commitAndTranscribe(null);
        transports.last().committed("i");
        transports.last().say("{'type':'conversation.item.input_audio_transcription.failed','item_id':'i','content_index':0,"
                              + "'error':{'code':'audio_unintelligible'}}");
        assertThat(failure(failed)).isInstanceOfSatisfying(TranscriptionFailedException.class, e -> {
            assertThat(e.getCode()).isEqualTo("audio_unintelligible");
            assertThat(e.getItemId()).isEqualTo("i");
            assertThat(e.getEndMillis()).isEqualTo(100);
        });
        give(session, 100);
        CompletableFuture<String> never = session.commitAndTranscribe(null);
        transports.last().committed("j");
        timers.advance(30_000);
        assertThat(failure(never)).isInstanceOfSatisfying(TranscriptionFailedException.class, e -> {
            assertThat(e.getCode()).isEqualTo(TranscriptionFailedException.TIMEOUT);
            assertThat(e.getStartMillis()).isEqualTo(100);
            assertThat(e.getEndMillis()).isEqualTo(200);
        });
    }

    @Test
    void aSubscriptionThatThrowsCostsTheOthersNothing() {
        RealtimeSession session = session(Configs.manual());
        Subscription broken = event -> {
            throw new IllegalStateException("broken");
        };
        session.unsubscribe(broken);
        session.subscribe(broken);
        List<SessionEvent> after = new ArrayList<>();
        session.subscribe(after::add);
        session.open();
        transports.last().ready();
        assertThat(after).hasSameSizeAs(events);
        session.unsubscribe(broken);
        assertThat(session.status().receivedEvents()).isEqualTo(events.size());
    }

    @Test
    @DisplayName("CONN-15 the status tells name, epoch, ids and accounts, and no content")
    void status() {
        RealtimeSession session = session(Configs.manual());
        session.open();
        transports.last().open();
        transports.last().say("{'type':'session.created','session':{'id':'sess_9','expires_at':2000000000}}");
        transports.last().updated();
        transports.last().say("{'type':'session.created','session':{'id':'sess_doubled','expires_at':1}}");
        give(session, 100);
        SessionStatus status = session.status();
        assertThat(status.name()).isEqualTo("s");
        assertThat(status.sessionId()).isEqualTo("sess_9");
        assertThat(status.expiresAtMillis()).isEqualTo(2_000_000_000_000L);
        assertThat(status.sentAudioMillis()).isEqualTo(100);
        assertThat(status.epoch()).isEqualTo(1);
        assertThat(status.lastEventMillis()).isEqualTo(timers.millis());
        assertThat(session.toString()).isEqualTo("RealtimeSession[s, READY]");
        assertThat(session.config().toString()).doesNotContain("sk-test");
    }
}
