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

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelrealtime.audio.AudioFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static io.github.camelrealtime.session.Futures.failure;
import static io.github.camelrealtime.session.Futures.value;
import static org.assertj.core.api.Assertions.assertThat;

class AudioInboxTest {

    private final ManualTimers timers = new ManualTimers();
    private final FakeTransport transport = new FakeTransport();
    private final Refusals refusals = new Refusals();
    private Spans spans;
    private Outbox outbox;

    private AudioInbox inbox(Configs configs) {
        SessionConfig config = configs.build();
        outbox = new Outbox("s", config.inputFormat(), config.audioQueue(), timers);
        outbox.onLeaving(event -> {
            refusals.leaves(event.getEventId());
            return event;
        });
        outbox.tellUnsettled(ring -> ring.admitted(1));
        outbox.admit(transport);
        spans = new Spans(outbox.streams());
        return new AudioInbox("s", config, outbox, refusals, spans, timers);
    }

    private static CompletableFuture<Void> give(AudioInbox inbox, byte[] audio) {
        return inbox.piece(AudioFormat.PCM_24K, audio.length).append(audio, 0, audio.length);
    }

    private static byte[] pcm(int millis) {
        return new byte[48 * millis];
    }

    /** Something that a segmenter takes for speech, and silence around it. */
    private static byte[] speech(int silenceBefore, int speech, int silenceAfter) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(pcm(silenceBefore));
        for (int i = 0; i < 24 * speech; i++) {
            int sample = (int) (8_000 * Math.sin(i * 0.1));
            out.write(sample);
            out.write(sample >> 8);
        }
        out.writeBytes(pcm(silenceAfter));
        return out.toByteArray();
    }

    private void committed(AudioInbox inbox, String itemId) {
        inbox.onEvent(1, Events.committed(itemId));
    }

    @Test
    @DisplayName("AIN-5 audio is cut into appends of 100 ms, and nothing of it is lost or changed")
    void chunks() {
        AudioInbox inbox = inbox(Configs.manual());
        byte[] audio = speech(0, 250, 0);
        CompletableFuture<Void> sent = give(inbox, audio);
        assertThat(transport.appends()).containsExactly(4800, 4800, 2400);
        assertThat(sent).isCompleted();
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        transport.frames().forEach(frame -> got.writeBytes(FakeTransport.audio(frame)));
        assertThat(got.toByteArray()).isEqualTo(audio);
    }

    @Test
    @DisplayName("AIN-5 G.711 is cut into appends of 40 ms")
    void telephonyChunks() {
        AudioInbox inbox = inbox(Configs.manual().format(AudioFormat.PCMU_8K));
        byte[] audio = new byte[8 * 100];
        inbox.piece(AudioFormat.PCMU_8K, audio.length).append(audio, 0, audio.length);
        assertThat(transport.appends()).containsExactly(320, 320, 160);
    }

    @Test
    @DisplayName("AIN-8 a commit of less than 100 ms is held back, and its audio belongs to the next")
    void commitGuard() {
        AudioInbox inbox = inbox(Configs.manual());
        assertThat(value(inbox.commit(true).itemId())).isNull();
        give(inbox, pcm(99));
        Commit early = inbox.commit(true);
        assertThat(value(early.itemId())).isNull();
        assertThat(transport.types()).containsExactly("append");
        assertThat(inbox.suppressedCommits()).isEqualTo(2);

        give(inbox, pcm(1));
        Commit commit = inbox.commit(true);
        assertThat(transport.types()).containsExactly("append", "append", "commit");
        assertThat(commit.startMillis()).isZero();
        assertThat(commit.endMillis()).isEqualTo(100);
        assertThat(commit.itemId()).isNotDone();
        assertThat(inbox.hasUncommitted()).isFalse();
    }

    @Test
    @DisplayName("AIN-8 at the end of a stream too little is padded with silence")
    void padding() {
        AudioInbox inbox = inbox(Configs.manual());
        give(inbox, pcm(30));
        inbox.endOfStream();
        assertThat(transport.types()).containsExactly("append", "append", "commit");
        assertThat(transport.appends().stream().mapToInt(Integer::intValue).sum()).isGreaterThanOrEqualTo(4800);
        inbox.endOfStream();
        assertThat(transport.frames()).hasSize(3);
    }

    @Test
    @DisplayName("AIN-9 where the service ends turns, the end of a stream gives the silence that it waits for, once")
    void silenceForServerTurns() throws Exception {
        AudioInbox inbox = inbox(Configs.server());
        JsonNode session = new ObjectMapper().readTree(
                "{\"audio\":{\"input\":{\"turn_detection\":{\"type\":\"server_vad\",\"silence_duration_ms\":800}}}}");
        inbox.configured(session);
        give(inbox, speech(0, 100, 0));
        inbox.endOfStream();
        int silence = transport.appends().stream().mapToInt(Integer::intValue).sum() - 4800;
        assertThat(silence).isGreaterThanOrEqualTo(48 * 800);
        assertThat(transport.types()).doesNotContain("commit");
        inbox.endOfStream();
        assertThat(transport.appends().stream().mapToInt(Integer::intValue).sum() - 4800).isEqualTo(silence);
    }

    @Test
    @DisplayName("AIN-9 our own silence duration wins over the service's, and silence of G.711 is not zeros")
    void ownSilence() {
        AudioInbox inbox = inbox(Configs.server().vadSilence(300).format(AudioFormat.PCMU_8K));
        inbox.piece(AudioFormat.PCMU_8K, 8).append(new byte[8], 0, 8);
        inbox.endOfStream();
        byte[] last = FakeTransport.audio(transport.last());
        assertThat(last[last.length - 1]).isEqualTo((byte) 0xFF);
        assertThat(transport.appends().stream().mapToInt(Integer::intValue).sum()).isBetween(8 * 300, 8 * 1_000);
    }

    @Test
    @DisplayName("SEG-1 our segmenter commits each stretch of speech, knows where it lies, and keeps silence to itself")
    void segmenter() {
        AudioInbox inbox = inbox(Configs.client());
        List<Commit> told = new ArrayList<>();
        inbox.startStream(told::add);
        give(inbox, speech(1_000, 600, 1_000));
        give(inbox, speech(0, 600, 300));
        assertThat(told).hasSize(1);
        inbox.endOfStream();
        assertThat(told).hasSize(2);
        // the second waits for the answer to the first
        assertThat(transport.frames("input_audio_buffer.commit")).hasSize(1);
        committed(inbox, "item_1");
        committed(inbox, "item_2");
        assertThat(transport.frames("input_audio_buffer.commit")).hasSize(2);
        assertThat(value(told.get(0).itemId())).isEqualTo("item_1");
        assertThat(value(told.get(1).itemId())).isEqualTo("item_2");
        assertThat(told.get(0).startMillis()).isBetween(600L, 1_000L);
        assertThat(told.get(0).endMillis()).isBetween(1_600L, 2_300L);
        assertThat(told.get(1).startMillis()).isBetween(2_200L, 2_600L);
        assertThat(spans.find("item_1").startMillis()).isEqualTo(told.get(0).startMillis());
        assertThat(spans.find("item_1").source()).isEqualTo("segment");
        int given = transport.appends().stream().mapToInt(Integer::intValue).sum();
        assertThat(given).isLessThan(48 * 3_000);
    }

    @Test
    @DisplayName("SEG-1 after a clear the positions still count from the beginning of the stream")
    void positionsAfterClear() {
        AudioInbox inbox = inbox(Configs.client());
        List<Commit> told = new ArrayList<>();
        inbox.startStream(told::add);
        give(inbox, speech(0, 1_000, 0));
        inbox.clear();
        give(inbox, speech(2_000, 600, 1_000));
        assertThat(told).hasSize(1);
        assertThat(told.get(0).startMillis()).isBetween(2_500L, 3_100L);
    }

    @Test
    @DisplayName("SEG-1 silence commits nothing")
    void silence() {
        AudioInbox inbox = inbox(Configs.client());
        give(inbox, pcm(3_000));
        inbox.endOfStream();
        assertThat(value(inbox.commit(true).itemId())).isNull();
        assertThat(transport.frames()).isEmpty();
    }

    @Test
    void theNthCommittedAnswersTheNthCommit() {
        AudioInbox inbox = inbox(Configs.manual());
        List<Commit> commits = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            give(inbox, pcm(100));
            commits.add(inbox.commit(true));
        }
        CompletableFuture<Void> answered = inbox.dues().allAnswered();
        assertThat(transport.frames("input_audio_buffer.commit")).hasSize(1);
        for (int i = 0; i < 3; i++) {
            assertThat(answered).isNotDone();
            committed(inbox, "item_" + i);
            assertThat(value(commits.get(i).itemId())).isEqualTo("item_" + i);
        }
        assertThat(answered).isCompleted();
        assertThat(inbox.dues().commits().isInOrder()).isTrue();
        assertThat(timers.waiting()).isZero();
        assertThat(refusals.size()).isZero();
        assertThat(spans.find("item_1").startMillis()).isEqualTo(100);
        assertThat(spans.find("item_1").endMillis()).isEqualTo(200);
        assertThat(spans.find("item_1").source()).isEqualTo("commit");
    }

    @Test
    @DisplayName("CTX-3 a commit that is not answered in time fails, and a late answer is not taken for that of the next")
    void answerTimeOut() {
        AudioInbox inbox = inbox(Configs.manual());
        give(inbox, pcm(100));
        Commit late = inbox.commit(true);
        give(inbox, pcm(100));
        Commit next = inbox.commit(true);
        timers.advance(4_999);
        assertThat(late.itemId()).isNotDone();
        timers.advance(1);
        assertThat(failure(late.itemId())).hasMessageContaining("itemAckTimeout").hasMessageContaining("5000 ms");
        assertThat(transport.frames("input_audio_buffer.commit")).hasSize(2);
        assertThat(inbox.dues().commits().isInOrder()).isFalse();

        committed(inbox, "late");
        assertThat(next.itemId()).isNotDone();
        committed(inbox, "next");
        assertThat(value(next.itemId())).isEqualTo("next");
        assertThat(inbox.dues().commits().isInOrder()).isTrue();
    }

    @Test
    @DisplayName("ERR-3 a refused commit fails alone: found by its event id, or without one as the one that has left")
    void refusedCommit() {
        AudioInbox inbox = inbox(Configs.manual());
        for (boolean named : new boolean[] { true, false }) {
            give(inbox, pcm(100));
            Commit commit = inbox.commit(true);
            give(inbox, pcm(100));
            Commit next = inbox.commit(true);
            String id = named ? transport.last().path("event_id").asText() : null;
            RequestRefusedException refusal = new RequestRefusedException(
                    "s", "invalid_request_error", "input_audio_buffer_commit_empty", "too small", null, id);
            assertThat(refusals.take(id, refusal.getCode(), null, null).test(refusal)).isTrue();
            assertThat(failure(commit.itemId())).isSameAs(refusal);
            assertThat(next.itemId()).isNotDone();
            committed(inbox, "item");
            assertThat(value(next.itemId())).isEqualTo("item");
        }
    }

    @Test
    void aCommitThatCannotBeQueuedFailsAndHoldsNoLockWhileItDoes() {
        AudioInbox inbox = inbox(Configs.manual());
        give(inbox, pcm(100));
        outbox.failAll(new SessionClosedException("s", "gone"));
        Commit commit = inbox.commit(true);
        assertThat(failure(commit.itemId())).isInstanceOf(SessionClosedException.class);
        assertThat(inbox.dues().commits().isInOrder()).isTrue();
        assertThat(refusals.size()).isZero();
    }

    @Test
    void anAnswerWithoutItemIdFailsTheCommitAndHoldsNobodyUp() {
        AudioInbox inbox = inbox(Configs.manual());
        give(inbox, pcm(100));
        Commit commit = inbox.commit(true);
        give(inbox, pcm(100));
        inbox.commit(true);
        committed(inbox, null);
        assertThat(failure(commit.itemId())).hasMessageContaining("without an item id");
        assertThat(transport.frames("input_audio_buffer.commit")).hasSize(2);
    }

    @Test
    void aTurnOfTheServiceDoesNotAnswerACommitThatHasNotLeft() {
        AudioInbox inbox = inbox(Configs.server());
        transport.queued = Outbox.MARK_BYTES + 1;
        give(inbox, speech(0, 200, 0));
        Commit commit = inbox.commit(true);
        committed(inbox, "turn");
        assertThat(commit.itemId()).isNotDone();
        transport.queued = 0;
        outbox.drain();
        committed(inbox, "ours");
        assertThat(value(commit.itemId())).isEqualTo("ours");
    }

    @Test
    @DisplayName("SEG-1 the spans of the service's own turns are its word")
    void vadSpans() {
        AudioInbox inbox = inbox(Configs.server());
        inbox.onEvent(1, Events.of("{'type':'input_audio_buffer.speech_started','item_id':'i','audio_start_ms':120}"));
        assertThat(spans.find("i")).isEqualTo(new Spans.Span(120L, null, "vad"));
        inbox.onEvent(1, Events.of("{'type':'input_audio_buffer.speech_stopped','item_id':'i','audio_end_ms':900}"));
        committed(inbox, "i");
        assertThat(spans.find("i")).isEqualTo(new Spans.Span(120L, 900L, "vad"));
        inbox.onEvent(1, Events.of("{'type':'input_audio_buffer.speech_stopped','item_id':'j'}"));
        assertThat(spans.find("j")).isEqualTo(new Spans.Span(null, null, "vad"));
    }

    @Test
    @DisplayName("AIN-16 clear goes behind the audio that waits and empties the account")
    void clear() {
        AudioInbox inbox = inbox(Configs.manual());
        give(inbox, pcm(100));
        assertThat(inbox.clear()).isCompleted();
        assertThat(transport.types()).containsExactly("append", "clear");
        assertThat(value(inbox.commit(true).itemId())).isNull();
        give(inbox, pcm(100));
        assertThat(inbox.commit(true).startMillis()).isEqualTo(100);
    }

    @Test
    void whatBelongsToAnotherStreamIsRefused() {
        AudioInbox inbox = inbox(Configs.client());
        int first = inbox.startStream(commit -> {
        });
        AudioIntake old = inbox.recording(AudioFormat.PCM_24K);
        inbox.startStream(null);
        byte[] audio = speech(0, 1_000, 0);
        assertThat(failure(old.append(audio, 0, audio.length))).isInstanceOf(RealtimeException.class)
                .hasMessageContaining("over");
        give(inbox, audio);
        inbox.endOfStream(first);
        assertThat(transport.types()).doesNotContain("commit");
    }

    @Test
    @DisplayName("FLOW-2 fail: of a piece that does not fit nothing is taken behind the hole")
    void overflowLeavesNoHole() {
        AudioInbox inbox = inbox(Configs.manual().overflow(Overflow.FAIL, 200));
        transport.queued = Outbox.MARK_BYTES + 1;
        assertThat(failure(give(inbox, pcm(500)))).isInstanceOf(AudioOverflowException.class);
        transport.queued = 0;
        timers.advance(5);
        assertThat(transport.appends()).containsExactly(4800, 4800);
        assertThat(outbox.droppedAudioMillis()).isEqualTo(100);
    }

    @Test
    void nobodyWaitsAfterTheEnd() {
        AudioInbox inbox = inbox(Configs.manual());
        give(inbox, pcm(100));
        Commit sent = inbox.commit(true);
        give(inbox, pcm(100));
        Commit queued = inbox.commit(true);
        CompletableFuture<Void> answered = inbox.dues().allAnswered();
        SessionClosedException gone = new SessionClosedException("s", "gone");
        outbox.failAll(gone);
        inbox.failAll(gone);
        assertThat(failure(sent.itemId())).isSameAs(gone);
        assertThat(failure(queued.itemId())).isSameAs(gone);
        assertThat(answered).isCompleted();
        assertThat(timers.waiting()).isZero();
        assertThat(inbox.hasUncommitted()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(TurnMode.class)
    void theEndOfNothingSendsNothing(TurnMode turns) {
        Configs configs = Configs.manual();
        configs.turns = turns;
        AudioInbox inbox = inbox(configs);
        assertThat(inbox.endOfStream()).isCompleted();
        assertThat(transport.frames()).isEmpty();
    }

    @Test
    @DisplayName("TIM-1 AIN-15 what is said while muted is not sent, and the time of the stream goes on, as does the clock")
    void mutedTime() {
        AudioInbox inbox = inbox(Configs.manual());
        long begin = timers.millis();
        give(inbox, pcm(200));
        inbox.muting().turn(true);
        timers.advance(300);
        give(inbox, pcm(300));
        inbox.muting().turn(false);
        timers.advance(200);
        give(inbox, pcm(200));
        Commit first = inbox.commit(true);
        give(inbox, pcm(100));
        committed(inbox, "item_1");
        Commit second = inbox.commit(true);
        committed(inbox, "item_2");
        assertThat(transport.appends().stream().mapToInt(Integer::intValue).sum()).isEqualTo(48 * 500);
        assertThat(first.endMillis()).isEqualTo(700);
        assertThat(second.startMillis()).isEqualTo(700);
        assertThat(spans.find("item_2").endMillis()).isEqualTo(800);
        assertThat(outbox.streams().endMillis(1, 24 * 200)).as("before the gap").isEqualTo(200);
        assertThat(outbox.streams().startMillis(1, 24 * 200)).as("behind it").isEqualTo(500);
        assertThat(outbox.streams().givenAt(500)).isEqualTo(begin + 300);
    }

    @Test
    @DisplayName("TIM-1 AIN-15 SEG-1 our own turns lie where they were said, though the speaker was muted before, between and within them")
    void mutedTurns() {
        AudioInbox inbox = inbox(Configs.client());
        inbox.muting().turn(true);
        give(inbox, pcm(5_000));
        inbox.muting().turn(false);
        give(inbox, speech(1_000, 600, 900));
        inbox.muting().turn(true);
        give(inbox, pcm(3_000));
        inbox.muting().turn(false);
        committed(inbox, "item_1");
        give(inbox, speech(1_000, 600, 900));
        committed(inbox, "item_2");
        long before = spans.find("item_1").startMillis();
        assertThat(before).isBetween(5_500L, 6_000L);
        assertThat(spans.find("item_2").startMillis() - before).isEqualTo(2_500 + 3_000);
        assertThat(spans.find("item_2").endMillis() - spans.find("item_1").endMillis()).isEqualTo(2_500 + 3_000);
        // within: the end counts from behind the gap
        give(inbox, speech(1_000, 300, 0));
        inbox.muting().turn(true);
        give(inbox, pcm(4_000));
        inbox.muting().turn(false);
        give(inbox, speech(0, 300, 900));
        committed(inbox, "item_3");
        assertThat(spans.find("item_3").startMillis() - before).isEqualTo(2 * 2_500 + 3_000);
        assertThat(spans.find("item_3").endMillis() - spans.find("item_2").endMillis()).isEqualTo(2_500 + 4_000);
    }

    @ParameterizedTest
    @EnumSource(value = Overflow.class, names = { "DROP_OLDEST", "DROP_NEWEST" })
    @DisplayName("TIM-1 FLOW-2 audio that is dropped as too much waits is a gap in the map, and the time behind it is true")
    void droppedTime(Overflow policy) {
        AudioInbox inbox = inbox(Configs.manual().overflow(policy, 500));
        give(inbox, pcm(300));
        transport.queued = Outbox.MARK_BYTES + 1;
        for (int i = 0; i < 8; i++) {
            give(inbox, pcm(100));
        }
        transport.queued = 0;
        outbox.drain();
        give(inbox, pcm(200));
        long sent = transport.appends().stream().mapToInt(Integer::intValue).sum() / 48;
        assertThat(sent).isBetween(900L, 1_200L);
        assertThat(outbox.droppedAudioMillis()).isEqualTo(1_300 - sent);
        assertThat(outbox.streams().endMillis(1, 24 * sent)).isEqualTo(1_300);
        assertThat(outbox.streams().startMillis(1, 24 * (sent - 200))).isEqualTo(1_100);
        assertThat(outbox.streams().startMillis(1, 24 * 300)).as("behind the gap, or before it")
                .isEqualTo(policy == Overflow.DROP_OLDEST ? 300 + 1_300 - sent : 300);
    }
}
