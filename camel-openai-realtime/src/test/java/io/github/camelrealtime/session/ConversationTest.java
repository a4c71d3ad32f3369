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
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.EventTypes;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.camelrealtime.session.Futures.failure;
import static io.github.camelrealtime.session.Futures.value;
import static org.assertj.core.api.Assertions.assertThat;

/** Turns and interruptions; the test is the service. */
class ConversationTest {

    private static final int PCM_BYTES_PER_MILLI = 48;
    private static final String SPEECH = "{'type':'input_audio_buffer.speech_started','item_id':'u','audio_start_ms':0}";

    private final ManualTimers timers = new ManualTimers();
    private final FakeTransports transports = new FakeTransports();
    private final List<SessionEvent> events = new ArrayList<>();
    private RealtimeSession session;

    private FakeTransport ready(Configs configs) {
        session = new RealtimeSession("s", configs.build(), transports, timers);
        session.subscribe(events::add);
        session.open();
        return transports.last().ready();
    }

    private Conversation conversation() {
        return session.conversation();
    }

    private static Question awaited() {
        return Question.awaited(null, null, null, 0);
    }

    private void give(int millis) {
        byte[] audio = new byte[PCM_BYTES_PER_MILLI * millis];
        session.audio().piece(AudioFormat.PCM_24K, audio.length).append(audio, 0, audio.length);
    }

    /** The service creates the response that was asked for last. */
    private static void created(FakeTransport service, String id) {
        List<JsonNode> creates = service.frames("response.create");
        JsonNode metadata = creates.get(creates.size() - 1).at("/response/metadata");
        service.say("{'type':'response.created','response':{'id':'" + id + "','conversation_id':'c','metadata':" + metadata + "}}");
    }

    private static void started(FakeTransport service, String id) {
        service.say("{'type':'response.created','response':{'id':'" + id + "','conversation_id':'c'}}");
    }

    private static void done(FakeTransport service, String id, String status) {
        service.say("{'type':'response.done','response':{'id':'" + id + "','conversation_id':'c','status':'" + status
                    + "','output':[]}}");
    }

    private static void audio(FakeTransport service, String response, String item, int millis) {
        service.say("{'type':'response.output_audio.delta','response_id':'" + response + "','item_id':'" + item
                    + "','output_index':0,'content_index':0,'delta':'"
                    + Base64.getEncoder().encodeToString(new byte[PCM_BYTES_PER_MILLI * millis]) + "'}");
    }

    private List<String> deltas() {
        return events.stream().filter(told -> told.event().getType().equals(EventTypes.RESPONSE_OUTPUT_AUDIO_DELTA))
                .map(told -> told.event().getItemId()).toList();
    }

    private List<JsonNode> interruptions() {
        return events.stream().filter(told -> told.event().getType().equals(LocalEvents.TURN_INTERRUPTED))
                .map(told -> told.event().getJson()).toList();
    }

    /** What has been sent since so many frames, without audio. */
    private static List<String> sentSince(FakeTransport service, int frames) {
        return service.types().subList(frames, service.types().size());
    }

    // ---- answers

    @Test
    @DisplayName("RESP-14 audio of several items in turn: each item whole, the end of an item is not the end of the answer")
    void interleavedItems() {
        FakeTransport service = ready(Configs.manual());
        CompletableFuture<Answer> asked = conversation().ask(Question.awaited(null, null, null, 0).spoken(10_000)).answer();
        created(service, "r");
        for (String item : List.of("a", "b", "a", "b")) {
            audio(service, "r", item, 20);
        }
        for (String item : List.of("b", "a")) {
            service.say("{'type':'response.output_audio.done','response_id':'r','item_id':'" + item + "','content_index':0}");
            service.say("{'type':'response.output_item.done','response_id':'r','item':{'id':'" + item + "','type':'message'}}");
        }
        assertThat(asked).isNotDone();
        assertThat(conversation().isResponding()).isTrue();
        assertThat(deltas()).containsExactly("a", "b", "a", "b");
        done(service, "r", "completed");
        assertThat(value(asked).audio()).hasSize(4 * 20 * PCM_BYTES_PER_MILLI);
        assertThat(conversation().isResponding()).isFalse();
    }

    // ---- end-turn

    @Test
    @DisplayName("AIN-16 end-turn commits and asks, in this order, and nothing that waits comes between")
    void oneUnit() {
        FakeTransport service = ready(Configs.manual());
        give(300);
        Asked asked = conversation().endTurn(awaited());
        give(40);
        session.audio().commit(false);
        assertThat(service.types()).endsWith("append", "commit");
        assertThat(asked.sent()).isNotDone();
        service.committed("u1");
        assertThat(value(asked.sent())).isEqualTo("u1");
        assertThat(service.types()).endsWith("commit", "response.create", "append");
        created(service, "r1");
        done(service, "r1", "completed");
        assertThat(value(asked.answer()).inputItemId()).isEqualTo("u1");
    }

    @Test
    @DisplayName("AIN-16 what has been committed before is asked about once, and not committed again")
    void committedBefore() {
        FakeTransport service = ready(Configs.manual());
        give(300);
        Commit commit = session.audio().commit(true);
        Asked asked = conversation().endTurn(awaited());
        assertThat(service.frames("response.create")).isEmpty();
        service.committed("u1");
        assertThat(value(commit.itemId())).isEqualTo("u1");
        assertThat(value(asked.sent())).isEqualTo("u1");
        assertThat(service.frames("input_audio_buffer.commit")).hasSize(1);
        assertThat(service.frames("response.create")).hasSize(1);

        assertThat(failure(conversation().endTurn(awaited()).sent())).hasMessageContaining("nothing to answer");
        assertThat(service.frames("response.create")).hasSize(1);
    }

    @Test
    @DisplayName("AIN-16 what was asked about by other means is not asked about again")
    void askedByOthers() {
        FakeTransport service = ready(Configs.manual());
        give(300);
        session.audio().commit(false);
        service.committed("u1");
        conversation().ask(Question.unawaited(null, null, null));
        assertThat(failure(conversation().endTurn(awaited()).answer())).hasMessageContaining("nothing to answer");
    }

    @ParameterizedTest
    @ValueSource(ints = { 0, 99 })
    @DisplayName("AIN-16 T-8 less than 100 ms: the exchange fails, and the model is not asked about what it has answered")
    void tooShort(int millis) {
        FakeTransport service = ready(Configs.manual());
        give(millis);
        int frames = service.types().size();
        Asked asked = conversation().endTurn(awaited());
        assertThat(failure(asked.answer())).hasMessageContaining("100 ms");
        assertThat(failure(asked.sent())).hasMessageContaining("end-turn");
        assertThat(sentSince(service, frames)).isEmpty();
    }

    @Test
    @DisplayName("AIN-16 T-8 the service refuses the commit: nothing is asked")
    void commitRefused() {
        FakeTransport service = ready(Configs.manual());
        give(200);
        Asked asked = conversation().endTurn(awaited());
        service.error(Map.of("type", "invalid_request_error", "code", "input_audio_buffer_commit_empty", "message", "no"));
        assertThat(failure(asked.answer())).isInstanceOf(RequestRefusedException.class);
        assertThat(service.frames("response.create")).isEmpty();
        assertThat(failure(conversation().endTurn(awaited()).answer())).hasMessageContaining("nothing to answer");
    }

    @Test
    @DisplayName("AIN-16 a turn whose question was refused can be asked about again, such as by a redelivery")
    void askedAgain() {
        FakeTransport service = ready(Configs.manual());
        give(200);
        Asked asked = conversation().endTurn(awaited());
        service.committed("u1");
        service.error(Map.of("type", "server_error", "message", "try again",
                "event_id", service.last().path("event_id").asText()));
        assertThat(failure(asked.answer())).isInstanceOf(RequestRefusedException.class);
        assertThat(value(conversation().endTurn(awaited()).sent())).isEqualTo("u1");
        assertThat(service.frames("input_audio_buffer.commit")).hasSize(1);
        assertThat(service.frames("response.create")).hasSize(2);
    }

    @Test
    @DisplayName("AIN-16 where the service ends the turns, end-turn says so and does nothing")
    void serverTurns() {
        FakeTransport service = ready(Configs.server());
        give(300);
        int frames = service.types().size();
        assertThat(failure(conversation().endTurn(awaited()).answer())).hasMessageContaining("turnDetection=none");
        assertThat(sentSince(service, frames)).isEmpty();
    }

    @Test
    @DisplayName("TRX-9 the answer does not wait for the user's transcript, and brings it if it is there")
    void inputTranscript() {
        FakeTransport service = ready(Configs.manual());
        give(200);
        Asked early = conversation().endTurn(awaited());
        service.committed("u1");
        created(service, "r1");
        done(service, "r1", "completed");
        assertThat(value(early.answer()).inputTranscript()).isNull();
        give(200);
        Asked late = conversation().endTurn(awaited());
        service.committed("u2");
        service.transcribed("u1", "one");
        service.transcribed("u2", "two");
        created(service, "r2");
        done(service, "r2", "completed");
        assertThat(value(late.answer()).inputTranscript()).isEqualTo("two");
    }

    // ---- cancel

    @Test
    @DisplayName("RESP-8 T-5 a cancel before the response begins is sent with its id once it does")
    void cancelBeforeCreated() {
        FakeTransport service = ready(Configs.manual());
        Asked asked = conversation().ask(awaited());
        assertThat(conversation().cancel(null, "mine")).isCompleted();
        assertThat(service.frames("response.cancel")).isEmpty();
        created(service, "r1");
        assertThat(service.frames("response.cancel")).singleElement().satisfies(cancel -> {
            assertThat(cancel.path("response_id").asText()).isEqualTo("r1");
            assertThat(cancel.path("event_id").asText()).isEqualTo("mine");
        });
        audio(service, "r1", "a", 20);
        done(service, "r1", "cancelled");
        assertThat(deltas()).isEmpty();
        assertThat(failure(asked.answer())).isInstanceOf(ResponseFailedException.class);
        assertThat(service.frames("response.cancel")).hasSize(1);
    }

    @Test
    @DisplayName("RESP-8 a question asked after a cancel waits for the end of what was cancelled")
    void createAfterCancel() {
        FakeTransport service = ready(Configs.manual());
        Asked asked = conversation().ask(awaited());
        created(service, "r1");
        conversation().cancel(null, "mine");
        conversation().ask(awaited());
        assertThat(service.last().path("event_id").asText()).isEqualTo("mine");
        assertThat(service.frames("response.create")).hasSize(1);
        done(service, "r1", "cancelled");
        assertThat(service.frames("response.create")).hasSize(2);
        assertThat(((ResponseFailedException) failure(asked.answer())).getStatus()).isEqualTo("cancelled");
    }

    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    @DisplayName("RESP-9 T-4 a cancel that comes too late has reached its aim: no error for anybody, but counted")
    void lostRace(boolean named) {
        FakeTransport service = ready(Configs.manual());
        started(service, "r1");
        assertThat(conversation().cancel(null, null)).isCompleted();
        int before = events.size();
        String cancel = service.last().path("event_id").asText();
        Map<String, String> error = Map.of("type", "invalid_request_error", "code", "response_cancel_not_active", "message", "no");
        done(service, "r1", "completed");
        if (named) {
            error = Map.of("type", "invalid_request_error", "code", "response_cancel_not_active", "message", "no",
                    "event_id", cancel);
        }
        service.error(error);
        assertThat(events.stream().skip(before).map(told -> told.event().getType())).containsExactly(
                "response.done", LocalEvents.TURN_COMPLETED);
    }

    @Test
    @DisplayName("RESP-9 the refusal of a cancel that nothing else has answered is counted")
    void lostRaceCounted() {
        FakeTransport service = ready(Configs.manual());
        conversation().cancel("gone", null);
        service.error(Map.of("type", "invalid_request_error", "code", "response_cancel_not_active", "message", "no"));
        assertThat(session.status().lateCancels()).isEqualTo(1);
        assertThat(conversation().cancellations().contains("gone")).isFalse();
        assertThat(events).noneMatch(told -> told.event().getType().equals(EventTypes.ERROR));
    }

    @Test
    @DisplayName("RESP-10 T-6 deltas of what was cancelled are dropped and counted until its end; other responses are heard")
    void dropsDeltas() {
        FakeTransport service = ready(Configs.manual());
        started(service, "r1");
        audio(service, "r1", "a", 20);
        conversation().cancel("r1", null);
        audio(service, "r1", "a", 20);
        service.say("{'type':'response.output_audio_transcript.delta','response_id':'r1','item_id':'a','content_index':0,'delta':'x'}");
        service.say("{'type':'response.output_audio_transcript.done','response_id':'r1','item_id':'a','content_index':0,'transcript':'x'}");
        done(service, "r1", "cancelled");
        started(service, "r2");
        audio(service, "r2", "b", 20);
        assertThat(deltas()).containsExactly("a", "b");
        assertThat(session.status().droppedDeltas()).isEqualTo(2);
        assertThat(events).extracting(told -> told.event().getType()).contains("response.output_audio_transcript.done")
                .doesNotContain("response.output_audio_transcript.delta");
    }

    @Test
    @DisplayName("RESP-9 nothing runs: cancel and interrupt send nothing, before the session is open too")
    void nothingRuns() {
        FakeTransport service = ready(Configs.manual());
        int frames = service.types().size();
        assertThat(conversation().cancel(null, null)).isCompleted();
        assertThat(conversation().interrupt(null)).isCompleted();
        assertThat(sentSince(service, frames)).isEmpty();
        assertThat(interruptions()).isEmpty();
        RealtimeSession idle = new RealtimeSession("idle", Configs.manual().build(), transports, timers);
        assertThat(idle.conversation().cancel(null, null)).isCompleted();
        assertThat(idle.conversation().interrupt(null)).isCompleted();
    }

    // ---- interrupt

    @Test
    @DisplayName("INT-1 INT-2 interrupt cancels and truncates in one unit, before audio that waits")
    void interrupt() {
        FakeTransport service = ready(Configs.manual());
        started(service, "r1");
        audio(service, "r1", "a", 1_000);
        give(200);
        session.audio().commit(false);
        give(200);
        int frames = service.types().size();
        timers.advance(481);
        CompletableFuture<Void> sent = conversation().interrupt("mine");
        assertThat(sent).isCompleted();
        assertThat(sentSince(service, frames)).containsExactly("response.cancel", "conversation.item.truncate");
        assertThat(service.frames("response.cancel").get(0).path("event_id").asText()).isEqualTo("mine");
        JsonNode truncate = service.last();
        assertThat(truncate.path("item_id").asText()).isEqualTo("a");
        assertThat(truncate.path("content_index").intValue()).isZero();
        assertThat(truncate.path("audio_end_ms").isIntegralNumber()).isTrue();
        assertThat(truncate.path("audio_end_ms").intValue()).isEqualTo(481);
    }

    @Test
    @DisplayName("INT-4 an item of which nothing was heard is deleted, and never truncated at 0")
    void nothingHeard() {
        FakeTransport service = ready(Configs.manual());
        started(service, "r1");
        audio(service, "r1", "a", 1_000);
        conversation().interrupt(null);
        assertThat(service.types()).endsWith("response.cancel", "conversation.item.delete");
        assertThat(service.frames("conversation.item.truncate")).isEmpty();
        assertThat(service.last().path("item_id").asText()).isEqualTo("a");
    }

    @Test
    @DisplayName("INT-6 T-15 a response that is done but not played to its end is truncated; there is nothing to cancel")
    void doneNotPlayed() {
        FakeTransport service = ready(Configs.manual());
        started(service, "r1");
        audio(service, "r1", "a", 1_000);
        done(service, "r1", "completed");
        timers.advance(300);
        int frames = service.types().size();
        conversation().interrupt(null);
        assertThat(sentSince(service, frames)).containsExactly("conversation.item.truncate");
        assertThat(service.last().path("audio_end_ms").intValue()).isEqualTo(300);
    }

    @Test
    @DisplayName("INT-6 what was heard is told by the time that has passed, whatever becomes of the computer's clock")
    void clockSet() {
        FakeTransport service = ready(Configs.manual());
        started(service, "r1");
        audio(service, "r1", "a", 1_000);
        done(service, "r1", "completed");
        timers.jump(-3_600_000);
        timers.advance(300);
        conversation().interrupt(null);
        assertThat(service.last().path("audio_end_ms").intValue()).isEqualTo(300);
    }

    @Test
    @DisplayName("INT-6 what was played to its end is left alone")
    void played() {
        FakeTransport service = ready(Configs.manual());
        started(service, "r1");
        audio(service, "r1", "a", 1_000);
        done(service, "r1", "completed");
        timers.advance(200);
        session.playback().played("a", 0, 1_000);
        int frames = service.types().size();
        conversation().interrupt(null);
        assertThat(sentSince(service, frames)).isEmpty();
    }

    @Test
    @DisplayName("INT-7 a truncation that is refused leads to the item being deleted, and to no error event")
    void truncationRefused() {
        FakeTransport service = ready(Configs.manual());
        started(service, "r1");
        audio(service, "r1", "a", 1_000);
        timers.advance(100);
        conversation().interrupt(null);
        service.error(Map.of("type", "invalid_request_error", "message", "Only model output audio messages can be truncated",
                "param", "item_id", "event_id", service.last().path("event_id").asText()));
        assertThat(service.last().path("type").asText()).isEqualTo("conversation.item.delete");
        assertThat(service.last().path("item_id").asText()).isEqualTo("a");
        assertThat(events).noneMatch(told -> told.event().getType().equals(EventTypes.ERROR));
    }

    @Test
    @DisplayName("INT-7 T-44 a refusal that names no event finds its truncation by what it is about")
    void truncationRefusedNamelessly() {
        FakeTransport service = ready(Configs.manual());
        started(service, "r1");
        audio(service, "r1", "a", 1_000);
        timers.advance(100);
        conversation().interrupt(null);
        service.error(Map.of("type", "invalid_request_error", "message", "Audio content of 50 ms is already shorter than 100 ms",
                "param", "audio_end_ms"));
        assertThat(service.last().path("type").asText()).isEqualTo("conversation.item.delete");
    }

    @Test
    @DisplayName("INT-8 several items, each alone; what comes after the interruption is deleted when the response is done")
    void severalItems() {
        FakeTransport service = ready(Configs.manual());
        started(service, "r1");
        audio(service, "r1", "a", 200);
        service.say("{'type':'response.output_audio.done','response_id':'r1','item_id':'a','output_index':0,'content_index':0}");
        audio(service, "r1", "b", 400);
        audio(service, "r1", "c", 400);
        timers.advance(300);
        int frames = service.types().size();
        conversation().interrupt(null);
        assertThat(sentSince(service, frames)).containsExactly(
                "response.cancel", "conversation.item.truncate", "conversation.item.delete");
        assertThat(service.frames("conversation.item.truncate").get(0).path("item_id").asText()).isEqualTo("b");
        assertThat(service.frames("conversation.item.truncate").get(0).path("audio_end_ms").intValue()).isEqualTo(100);
        assertThat(service.last().path("item_id").asText()).isEqualTo("c");
        service.say("{'type':'response.content_part.added','response_id':'r1','item_id':'d','output_index':3,'content_index':0,"
                    + "'part':{'type':'audio','transcript':''}}");
        audio(service, "r1", "d", 400);
        done(service, "r1", "cancelled");
        assertThat(service.last().path("type").asText()).isEqualTo("conversation.item.delete");
        assertThat(service.last().path("item_id").asText()).isEqualTo("d");
        assertThat(deltas()).containsExactly("a", "b", "c");
    }

    @Test
    @DisplayName("INT-9 T-17 who interrupted and what was heard of which item is told; the words are kept")
    void announced() {
        FakeTransport service = ready(Configs.manual());
        started(service, "r1");
        service.say("{'type':'response.output_audio_transcript.delta','response_id':'r1','item_id':'a','content_index':0,"
                    + "'delta':'It leaves at nine from Ghent'}");
        audio(service, "r1", "a", 1_000);
        service.say("{'type':'response.output_audio_transcript.delta','response_id':'r1','item_id':'a','content_index':0,"
                    + "'delta':'It leaves at nine from Ghent'}");
        timers.advance(300);
        conversation().interrupt(null);
        assertThat(interruptions()).singleElement().satisfies(event -> {
            assertThat(event.path("reason").asText()).isEqualTo("client");
            JsonNode item = event.path("items").get(0);
            assertThat(item.path("item_id").asText()).isEqualTo("a");
            assertThat(item.path("response_id").asText()).isEqualTo("r1");
            assertThat(item.path("played_ms").intValue()).isEqualTo(300);
            assertThat(item.path("received_ms").intValue()).isEqualTo(1_000);
            assertThat(item.path("interrupted").booleanValue()).isTrue();
            assertThat(item.path("removed").booleanValue()).isFalse();
            assertThat(item.path("transcript").asText()).startsWith("It leaves").hasSizeLessThan(28);
        });
    }

    @Test
    @DisplayName("INT-10 interrupting twice is one cancel and one truncation")
    void twice() {
        FakeTransport service = ready(Configs.manual());
        started(service, "r1");
        audio(service, "r1", "a", 1_000);
        timers.advance(300);
        conversation().interrupt(null);
        int frames = service.types().size();
        timers.advance(100);
        conversation().interrupt(null);
        assertThat(sentSince(service, frames)).isEmpty();
        assertThat(interruptions()).hasSize(1);
    }

    @Test
    @DisplayName("INT-1 INT-5 T-15 speech that the service interrupts for: truncated to what was heard, and not "
                 + "cancelled again")
    void bargeIn() {
        FakeTransport service = ready(Configs.server());
        started(service, "r1");
        audio(service, "r1", "a", 1_000);
        timers.advance(300);
        service.say(SPEECH);
        assertThat(service.types()).endsWith("conversation.item.truncate");
        assertThat(service.frames("response.cancel")).isEmpty();
        audio(service, "r1", "a", 1_000);
        assertThat(deltas()).hasSize(1);
        assertThat(interruptions()).singleElement().satisfies(event -> assertThat(event.path("reason").asText()).isEqualTo("speech"));
        int frames = service.types().size();
        conversation().interrupt(null);
        assertThat(sentSince(service, frames)).as("the service has cancelled it").isEmpty();
        done(service, "r1", "cancelled");
    }

    @Test
    @DisplayName("INT-6 speech after all was heard cuts nothing")
    void speechLater() {
        FakeTransport service = ready(Configs.server());
        started(service, "r1");
        audio(service, "r1", "a", 1_000);
        done(service, "r1", "completed");
        timers.advance(1_000);
        int frames = service.types().size();
        service.say(SPEECH);
        assertThat(sentSince(service, frames)).isEmpty();
    }

    @Test
    @DisplayName("INT-6 where nobody plays the voice, speech cuts nothing")
    void nobodyPlays() {
        session = new RealtimeSession("s", Configs.server().build(), transports, timers);
        session.subscribe(new Subscription() {
            @Override
            public void onEvent(SessionEvent event) {
                events.add(event);
            }

            @Override
            public boolean wants(String type) {
                return !type.endsWith(".delta");
            }
        });
        session.open();
        FakeTransport service = transports.last().ready();
        started(service, "r1");
        audio(service, "r1", "a", 1_000);
        timers.advance(300);
        int frames = service.types().size();
        service.say(SPEECH);
        assertThat(sentSince(service, frames)).isEmpty();
        done(service, "r1", "cancelled");
        started(service, "r2");
        audio(service, "r2", "b", 1_000);
        session.playback().played("b", 0, 120);
        service.say(SPEECH);
        assertThat(service.last().path("audio_end_ms").intValue()).as("a sink has told where it is").isEqualTo(120);
    }

    @Test
    @DisplayName("INT-12 with autoTruncate=false speech cuts nothing")
    void noAutoTruncate() {
        Configs configs = Configs.server();
        configs.autoTruncate = false;
        FakeTransport service = ready(configs);
        started(service, "r1");
        audio(service, "r1", "a", 1_000);
        timers.advance(300);
        int frames = service.types().size();
        service.say(SPEECH);
        assertThat(sentSince(service, frames)).isEmpty();
    }

    @Test
    @DisplayName("INT-11 speech that the service does not interrupt for (interrupt_response false) changes nothing")
    void serviceGoesOn() {
        FakeTransport service = ready(Configs.server());
        service.say("{'type':'session.updated','session':{'audio':{'input':{'turn_detection':{'type':'server_vad',"
                    + "'interrupt_response':false}}}}}");
        started(service, "r1");
        audio(service, "r1", "a", 1_000);
        timers.advance(300);
        int frames = service.types().size();
        service.say(SPEECH);
        audio(service, "r1", "a", 1_000);
        assertThat(sentSince(service, frames)).isEmpty();
        assertThat(deltas()).hasSize(2);
        conversation().interrupt(null);
        assertThat(sentSince(service, frames)).containsExactly("response.cancel", "conversation.item.truncate");
    }

    // ---- audio of answers

    @Test
    @DisplayName("AOUT-7 audio is kept only for whoever waits for it, whole by item though it comes mixed, and then no more")
    void keptWhileAwaited() {
        FakeTransport service = ready(Configs.manual());
        Asked asked = conversation().ask(awaited().spoken(10_000));
        created(service, "r1");
        audio(service, "r1", "a", 10);
        audio(service, "r1", "b", 20);
        audio(service, "r1", "a", 30);
        service.say("{'type':'response.done','response':{'id':'r1','status':'completed','metadata':"
                    + service.frames("response.create").get(0).at("/response/metadata") + ",'output':["
                    + "{'id':'b','type':'message','content':[{'type':'output_audio','transcript':'B'}]},"
                    + "{'id':'a','type':'message','content':[{'type':'output_audio','transcript':'A'}]}]}}");
        assertThat(value(asked.answer()).audio()).hasSize(60 * PCM_BYTES_PER_MILLI);
        assertThat(value(asked.answer()).audioFormat()).isEqualTo(AudioFormat.PCM_24K);
        assertThat(conversation().keptAnswers()).isZero();
    }

    @Test
    @DisplayName("T-13 a spoken preamble is no part of the spoken answer")
    void withoutPreamble() {
        FakeTransport service = ready(Configs.manual());
        Asked asked = conversation().ask(awaited().spoken(10_000));
        created(service, "r1");
        audio(service, "r1", "preamble", 10);
        audio(service, "r1", "answer", 20);
        service.say("{'type':'response.done','response':{'id':'r1','status':'completed','metadata':"
                    + service.frames("response.create").get(0).at("/response/metadata") + ",'output':["
                    + "{'id':'preamble','phase':'commentary','content':[{'type':'output_audio','transcript':'Let me see'}]},"
                    + "{'id':'answer','phase':'final_answer','content':[{'type':'output_audio','transcript':'Nine'}]}]}}");
        assertThat(value(asked.answer()).audio()).hasSize(20 * PCM_BYTES_PER_MILLI);
        assertThat(value(asked.answer()).response().text()).isEqualTo("Nine");
    }

    @Test
    @DisplayName("AOUT-7 an answer longer than maxReplyAudio fails its exchange, is cancelled, and nothing of it is kept")
    void tooLong() {
        FakeTransport service = ready(Configs.manual());
        Asked asked = conversation().ask(awaited().spoken(100));
        created(service, "r1");
        audio(service, "r1", "a", 100);
        assertThat(asked.answer()).isNotDone();
        assertThat(conversation().keptAnswers()).isEqualTo(1);
        audio(service, "r1", "a", 1);
        assertThat(failure(asked.answer())).hasMessageContaining("maxReplyAudio").hasMessageContaining("100 ms");
        assertThat(service.frames("response.cancel")).hasSize(1);
        assertThat(conversation().keptAnswers()).isZero();
    }

    @Test
    @DisplayName("AOUT-7 a time-out, a cancel and a lost session leave no audio behind")
    void leavesNothing() {
        FakeTransport service = ready(Configs.manual());
        conversation().ask(Question.awaited(null, null, null, 1_000).spoken(10_000));
        created(service, "r1");
        audio(service, "r1", "a", 10);
        timers.advance(1_000);
        assertThat(conversation().keptAnswers()).isZero();
        done(service, "r1", "cancelled");
        conversation().ask(awaited().spoken(10_000));
        created(service, "r2");
        assertThat(conversation().keptAnswers()).isEqualTo(1);
        service.listener.onClosed(1011, "");
        assertThat(conversation().keptAnswers()).isZero();
    }

    // ---- greeting and muting

    @Test
    @DisplayName("CFG-14 the greeting is the first response, before what else is asked, and never comes again")
    void greeting() {
        Configs configs = Configs.manual();
        configs.greeting = "Say hello";
        session = new RealtimeSession("s", configs.build(), transports, timers);
        session.open();
        Asked asked = conversation().ask(awaited());
        FakeTransport service = transports.last().ready();
        assertThat(service.frames("response.create")).singleElement().satisfies(
                create -> assertThat(create.at("/response/instructions").asText()).isEqualTo("Say hello"));
        created(service, "r1");
        done(service, "r1", "completed");
        created(service, "r2");
        done(service, "r2", "completed");
        assertThat(asked.answer()).isCompleted();
        service.listener.onClosed(1011, "");
        session.open();
        assertThat(transports.last().ready().frames("response.create")).isEmpty();
    }

    @Test
    @DisplayName("CFG-14 a greeting that could not be said for want of a connection is said on the next one")
    void greetingLater() {
        Configs configs = Configs.manual();
        configs.greeting = "Say hello";
        configs.attempts = 1;
        session = new RealtimeSession("s", configs.build(), transports, timers);
        session.open();
        transports.last().listener.onClosed(1011, "");
        assertThat(session.state()).isEqualTo(SessionState.FAILED);
        session.open();
        assertThat(transports.last().ready().frames("response.create")).hasSize(1);
    }

    @Test
    @DisplayName("AIN-15 what a muted speaker gives is counted and dropped; once heard again he is")
    void muteDrops() {
        FakeTransport service = ready(Configs.manual());
        session.mute(true);
        session.mute(true);
        give(300);
        assertThat(service.appends()).isEmpty();
        assertThat(session.status().muted()).isTrue();
        assertThat(session.status().mutedAudioMillis()).isEqualTo(300);
        assertThat(failure(conversation().endTurn(awaited()).answer())).hasMessageContaining("muted");
        session.mute(false);
        give(100);
        assertThat(service.appends()).containsExactly(100 * PCM_BYTES_PER_MILLI);
        assertThat(session.status().mutedAudioMillis()).isEqualTo(300);
    }

    @ParameterizedTest
    @ValueSource(strings = { "pcm16", "pcmu", "pcma" })
    @DisplayName("AIN-15 with muteMode=silence the model gets as much silence, so that time stays true")
    void muteSilences(String format) {
        AudioFormat audio = AudioFormat.parse(format);
        Configs configs = Configs.server().format(audio);
        configs.muteMode = MuteMode.SILENCE;
        FakeTransport service = ready(configs);
        session.mute(true);
        byte[] speech = new byte[(int) audio.bytesOf(40)];
        Arrays.fill(speech, (byte) 0x11);
        session.audio().piece(audio, speech.length).append(speech, 0, speech.length);
        assertThat(service.frames("input_audio_buffer.append")).singleElement()
                .satisfies(append -> assertThat(FakeTransport.audio(append)).isEqualTo(audio.silence(40)));
        assertThat(speech).as("the route's own array").containsOnly(0x11);
    }
}
