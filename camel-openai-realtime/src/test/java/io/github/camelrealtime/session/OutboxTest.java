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
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.ClientEvent;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static io.github.camelrealtime.session.Futures.failure;
import static org.assertj.core.api.Assertions.assertThat;

class OutboxTest {

    private final ManualTimers timers = new ManualTimers();
    private final FakeTransport transport = new FakeTransport();

    private Outbox outbox(Overflow overflow, long maxMillis) {
        return new Outbox("s", AudioFormat.PCM_24K, new SessionConfig.AudioQueue(maxMillis, overflow), timers);
    }

    private Outbox open(Outbox outbox) {
        outbox.admit(transport);
        outbox.drain();
        return outbox;
    }

    /** Audio of so many ms, all bytes of the given value. */
    private static byte[] audio(int millis, int value) {
        byte[] audio = new byte[48 * millis];
        Arrays.fill(audio, (byte) value);
        return audio;
    }

    private static CompletableFuture<Void> give(Outbox outbox, byte[] audio, boolean live) {
        return outbox.offerAudio(audio, live, null, 0, OutboxEntry.Sound.ANY);
    }

    private static ClientEvent event(String type) {
        return ClientEvent.of(type);
    }

    @Test
    @DisplayName("CONN-5 nothing leaves before the gate opens, then everything in its order")
    void gate() {
        Outbox outbox = outbox(Overflow.BLOCK, 2_000);
        CompletableFuture<Void> first = outbox.send(event("a"));
        CompletableFuture<Void> sound = give(outbox, audio(20, 1), false);
        CompletableFuture<Void> second = outbox.send(event("b"));
        outbox.drain();
        assertThat(transport.frames()).isEmpty();
        assertThat(List.of(first, sound, second)).noneMatch(CompletableFuture::isDone);

        open(outbox);
        assertThat(transport.types()).containsExactly("a", "append", "b");
        assertThat(List.of(first, sound, second)).allMatch(CompletableFuture::isDone);
        assertThat(outbox.sentEvents()).isEqualTo(2);
        assertThat(outbox.sentAudioMillis()).isEqualTo(20);
        assertThat(outbox.queuedAudioMillis()).isZero();
    }

    @Test
    @DisplayName("CONN-16 what was admitted for an old connection is forgotten by reset")
    void resetShutsTheGate() {
        Outbox outbox = open(outbox(Overflow.BLOCK, 2_000));
        outbox.reset();
        outbox.send(event("early"));
        assertThat(transport.frames()).isEmpty();
        FakeTransport next = new FakeTransport();
        outbox.admit(next);
        outbox.drain();
        assertThat(next.types()).containsExactly("early");
    }

    @Test
    @DisplayName("ROLL-12 what a live source says while its connection is replaced is kept as long as what it said before")
    void outage() {
        Outbox outbox = open(new Outbox(
                "s", AudioFormat.PCM_24K, new SessionConfig.AudioQueue(200, Overflow.DROP_OLDEST, 1_000), timers));
        outbox.shut();
        for (int i = 0; i < 10; i++) {
            give(outbox, audio(100, i), true);
        }
        assertThat(outbox.queuedAudioMillis()).isEqualTo(1_000);
        assertThat(outbox.droppedAudioMillis()).isZero();
        give(outbox, audio(100, 10), true);
        assertThat(outbox.droppedAudioMillis()).as("beyond that the oldest goes").isEqualTo(100);

        FakeTransport next = new FakeTransport();
        next.queued = Outbox.MARK_BYTES + 1;
        outbox.admit(next);
        give(outbox, audio(100, 11), true);
        assertThat(outbox.droppedAudioMillis()).as("still for as long as it leaves").isEqualTo(200);
        next.queued = 0;
        outbox.drain();
        assertThat(outbox.queuedAudioMillis()).isZero();

        next.queued = Outbox.MARK_BYTES + 1;
        for (int i = 0; i < 3; i++) {
            give(outbox, audio(100, i), true);
        }
        assertThat(outbox.queuedAudioMillis()).as("a connection that is slow is another matter").isEqualTo(200);
    }

    @Test
    @DisplayName("FLOW-3 urgent events overtake audio and the mark, commits keep their place")
    void urgentOvertakes() {
        Outbox outbox = outbox(Overflow.BLOCK, 2_000);
        give(outbox, audio(20, 1), false);
        outbox.offerCommit(ClientEvent.commit(), null);
        give(outbox, audio(20, 2), false);
        outbox.sendUrgent(event("response.cancel"));
        transport.queued = Outbox.MARK_BYTES + 1;
        open(outbox);
        assertThat(transport.types()).containsExactly("response.cancel");

        transport.queued = 0;
        outbox.drain();
        assertThat(transport.types()).containsExactly("response.cancel", "append", "commit");
        outbox.sendUrgent(event("conversation.item.truncate"));
        assertThat(transport.types()).endsWith("commit", "conversation.item.truncate");
    }

    @Test
    void oneUnansweredCommit() {
        Outbox outbox = open(outbox(Overflow.BLOCK, 2_000));
        ClientEvent first = ClientEvent.commit();
        ClientEvent second = ClientEvent.commit();
        outbox.offerCommit(first, null);
        outbox.offerCommit(second, null);
        CompletableFuture<Void> flushed = outbox.flushed();
        assertThat(transport.types()).containsExactly("commit");
        assertThat(outbox.isAwaited(first.getEventId())).isTrue();
        assertThat(flushed).isNotDone();

        outbox.commitAnswered(first.getEventId());
        assertThat(transport.types()).containsExactly("commit", "commit");
        outbox.send(event("behind"));
        // an answer that comes late is not one for the second
        outbox.commitAnswered(first.getEventId());
        assertThat(transport.types()).containsExactly("commit", "commit");
        assertThat(flushed).isNotDone();

        outbox.commitAnswered(second.getEventId());
        assertThat(transport.types()).containsExactly("commit", "commit", "behind");
        assertThat(flushed).isCompleted();
    }

    @Test
    @DisplayName("ROLL-14 a commit that the transport does not take is not waited for: it leaves first on the next connection")
    void aCommitThatCannotBeSentKeepsItsPlace() {
        Outbox outbox = open(outbox(Overflow.BLOCK, 2_000));
        transport.open = false;
        CompletableFuture<Void> commit = outbox.offerCommit(ClientEvent.commit(), null);
        outbox.drain();
        assertThat(commit).isNotDone();
        outbox.send(event("behind"));
        outbox.shut();
        outbox.cut(Set.of(), new byte[0]).settle(new SessionClosedException("s", "lost"));
        transport.open = true;
        open(outbox);
        assertThat(commit).isCompleted();
        assertThat(transport.types()).containsExactly("commit");
    }

    @Test
    @DisplayName("ROLL-12 the cut: what overtakes fails, what was sent and is not settled comes first again, the "
                 + "rest stays behind it")
    void cut() {
        Outbox outbox = open(outbox(Overflow.BLOCK, 2_000));
        CompletableFuture<Void> sent = give(outbox, audio(100, 1), false);
        outbox.drain();
        transport.open = false;
        CompletableFuture<Void> rest = give(outbox, audio(100, 2), false);
        CompletableFuture<Void> first = outbox.offerCommit(ClientEvent.commit(), null);
        CompletableFuture<Void> whole = give(outbox, audio(40, 3), false);
        CompletableFuture<Void> second = outbox.offerCommit(ClientEvent.commit(), null);
        CompletableFuture<Void> urgent = outbox.sendUrgent(event("response.cancel"));
        ClientEvent unwanted = event("response.create");
        CompletableFuture<Void> withdrawn = outbox.offer(unwanted);
        outbox.shut();
        SessionClosedException lost = new SessionClosedException("s", "lost");
        OutboxCut cut = outbox.cut(Set.of(unwanted.getEventId()), new byte[0]);
        cut.settle(lost);
        for (CompletableFuture<Void> gone : List.of(urgent, withdrawn)) {
            assertThat(failure(gone)).isSameAs(lost);
        }
        assertThat(outbox.droppedAudioMillis()).isZero();
        assertThat(outbox.queuedAudioMillis()).as("what is sent again needs no room").isEqualTo(140);
        assertThat(sent).isCompleted();

        transport.open = true;
        open(outbox);
        assertThat(rest).isCompleted();
        assertThat(first).isCompleted();
        assertThat(whole).as("behind a commit that is not answered").isNotDone();
        assertThat(second).isNotDone();
        assertThat(transport.types()).containsExactly("append", "append", "append", "commit");
        assertThat(transport.frames().stream().filter(frame -> frame.has("audio")).map(frame -> FakeTransport.audio(frame)[0]))
                .containsExactly((byte) 1, (byte) 1, (byte) 2);
        assertThat(outbox.sentAudioMillis()).as("each sample once").isEqualTo(200);
    }

    @Test
    @DisplayName("ROLL-14 an event that is refused as its connection is lost waits for the cut, and leaves by "
                 + "the next connection")
    void refusedBeforeTheCut() {
        Outbox outbox = outbox(Overflow.BLOCK, 1_000);
        FakeTransport lost = new FakeTransport();
        lost.onSend(frame -> {
            lost.open = false;
            outbox.shut();
        });
        outbox.admit(lost);
        CompletableFuture<Void> sent = outbox.send(ClientEvent.userText("words"));
        assertThat(sent).isNotDone();
        assertThat(outbox.cut(Set.of(), new byte[0]).staying).hasSize(1);
        FakeTransport next = new FakeTransport();
        outbox.admit(next);
        outbox.drain();
        assertThat(next.types()).containsExactly("conversation.item.create");
        assertThat(sent).isCompleted();
    }

    @Test
    @DisplayName("ROLL-14 an event that is refused after the cut fails: whoever gave it may have given it again")
    void refusedAfterTheCut() {
        Outbox outbox = outbox(Overflow.BLOCK, 1_000);
        FakeTransport lost = new FakeTransport();
        lost.onSend(frame -> {
            lost.open = false;
            outbox.shut();
            outbox.cut(Set.of(), new byte[0]);
        });
        outbox.admit(lost);
        assertThat(outbox.send(ClientEvent.userText("words"))).isCompletedExceptionally();
        FakeTransport next = new FakeTransport();
        outbox.admit(next);
        outbox.drain();
        assertThat(next.types()).isEmpty();
    }

    @Test
    @DisplayName("CONN-20 behind a hold everything but what overtakes waits for the next connection")
    void hold() {
        Outbox outbox = open(outbox(Overflow.BLOCK, 2_000));
        assertThat(outbox.send(event("a"))).isCompleted();
        CompletableFuture<Void> held = outbox.offerHold();
        CompletableFuture<Void> behind = outbox.send(event("b"));
        outbox.sendUrgent(event("urgent"));
        assertThat(held).isCompleted();
        assertThat(behind).isNotDone();
        assertThat(transport.types()).containsExactly("a", "urgent");
        outbox.shut();
        outbox.cut(Set.of(), new byte[0]).settle(new SessionClosedException("s", "lost"));
        open(outbox);
        assertThat(transport.types()).containsExactly("a", "urgent", "b");
    }

    @Test
    @DisplayName("FLOW-1 nothing is handed over while the transport holds more than the mark; it is asked again by one timer")
    void mark() {
        Outbox outbox = open(outbox(Overflow.BLOCK, 2_000));
        transport.queued = Outbox.MARK_BYTES + 1;
        CompletableFuture<Void> held = outbox.send(event("a"));
        outbox.send(event("b"));
        assertThat(transport.frames()).isEmpty();
        assertThat(timers.waiting()).isEqualTo(1);

        timers.advance(1_000);
        assertThat(transport.frames()).isEmpty();
        assertThat(timers.waiting()).isEqualTo(1);

        transport.queued = Outbox.MARK_BYTES;
        timers.advance(5);
        assertThat(transport.types()).containsExactly("a", "b");
        assertThat(held).isCompleted();
        assertThat(timers.waiting()).isZero();
    }

    @Test
    @DisplayName("FLOW-1 audio is bounded in ms: whoever can wait is told when there is room")
    void block() {
        Outbox outbox = outbox(Overflow.BLOCK, 200);
        for (int i = 0; i < 2; i++) {
            assertThat(outbox.room(false)).isCompleted();
            give(outbox, audio(100, i), false);
        }
        CompletableFuture<Void> room = outbox.room(false);
        CompletableFuture<Void> another = outbox.room(false);
        assertThat(room).isNotDone();
        assertThat(outbox.queuedAudioMillis()).isEqualTo(200);

        open(outbox);
        assertThat(room).isCompleted();
        assertThat(another).isCompleted();
        assertThat(transport.appends()).containsExactly(4800, 4800);
        assertThat(outbox.droppedAudioMillis()).isZero();
    }

    @Test
    @DisplayName("FLOW-2 drop-oldest: the counters equal the surplus exactly, the gap is announced before what follows it")
    void dropOldest() {
        Outbox outbox = outbox(Overflow.DROP_OLDEST, 200);
        List<String> told = new ArrayList<>();
        outbox.onGap(millis -> told.add("gap " + millis));
        transport.onSend = frame -> told.add("audio " + FakeTransport.audio(frame)[0]);
        List<CompletableFuture<Void>> futures = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            assertThat(outbox.room(false)).isCompleted();
            futures.add(give(outbox, audio(100, i), false));
            outbox.drain();
        }
        assertThat(futures.subList(0, 3)).allMatch(CompletableFuture::isDone);
        assertThat(futures.subList(3, 5)).noneMatch(CompletableFuture::isDone);
        assertThat(outbox.droppedAudioMillis()).isEqualTo(300);
        assertThat(outbox.queuedAudioMillis()).isEqualTo(200);

        open(outbox);
        assertThat(told).containsExactly("gap 300", "audio 4", "audio 5");
        assertThat(outbox.sentAudioMillis()).isEqualTo(200);
        assertThat(outbox.droppedAudioMillis()).isEqualTo(300);
    }

    @Test
    @DisplayName("FLOW-2 drop-newest: the counters equal the surplus exactly")
    void dropNewest() {
        Outbox outbox = outbox(Overflow.DROP_NEWEST, 200);
        for (int i = 1; i <= 5; i++) {
            CompletableFuture<Void> offered = give(outbox, audio(100, i), false);
            assertThat(offered == Outbox.DROPPED).isEqualTo(i > 2);
        }
        open(outbox);
        assertThat(transport.frames().stream().map(frame -> FakeTransport.audio(frame)[0])).containsExactly((byte) 1, (byte) 2);
        assertThat(outbox.droppedAudioMillis()).isEqualTo(300);
        assertThat(outbox.sentAudioMillis()).isEqualTo(200);
    }

    @Test
    @DisplayName("FLOW-2 fail: the surplus is refused by a typed error that names the option")
    void fail() {
        Outbox outbox = outbox(Overflow.FAIL, 200);
        give(outbox, audio(100, 1), false);
        give(outbox, audio(100, 2), false);
        assertThat(failure(give(outbox, audio(100, 3), false))).isInstanceOf(AudioOverflowException.class)
                .hasMessageContaining("maxQueuedAudio");
        assertThat(outbox.droppedAudioMillis()).isEqualTo(100);
        open(outbox);
        assertThat(outbox.sentAudioMillis()).isEqualTo(200);
        assertThat(give(outbox, audio(100, 4), false)).isNotCompletedExceptionally();
    }

    @Test
    @DisplayName("FLOW-2 without a policy a recording waits and a live source loses its oldest audio")
    void policyBySource() {
        Outbox outbox = outbox(null, 100);
        give(outbox, audio(100, 1), true);
        assertThat(outbox.room(false)).isNotDone();
        assertThat(outbox.room(true)).isCompleted();
        give(outbox, audio(100, 2), true);
        assertThat(outbox.droppedAudioMillis()).isEqualTo(100);
        assertThat(outbox.queuedAudioMillis()).isEqualTo(100);
    }

    @Test
    @DisplayName("FLOW-3 events survive where audio is dropped, and FLOW-6 are bounded in number")
    void eventsAreBounded() {
        Outbox outbox = outbox(Overflow.DROP_OLDEST, 100);
        CompletableFuture<Void> first = outbox.send(event("kept"));
        for (int i = 0; i < 50; i++) {
            give(outbox, audio(100, i), false);
        }
        for (int i = 2; i < OutboxQueue.MAX_EVENTS; i++) {
            assertThat(outbox.send(event("e"))).isNotCompletedExceptionally();
        }
        assertThat(failure(outbox.send(event("one too many")))).isInstanceOf(RealtimeException.class)
                .hasMessageContaining(String.valueOf(OutboxQueue.MAX_EVENTS));
        CompletableFuture<Void> flushed = outbox.flushed();
        open(outbox);
        assertThat(first).isCompleted();
        assertThat(flushed).isCompleted();
        assertThat(transport.types().get(0)).isEqualTo("kept");
        assertThat(transport.frames()).hasSize(OutboxQueue.MAX_EVENTS);
    }

    @Test
    void failAllTellsEverybodyOnceAndRefusesUntilReset() {
        Outbox outbox = outbox(Overflow.BLOCK, 100);
        List<CompletableFuture<Void>> all = new ArrayList<>();
        all.add(outbox.send(event("a")));
        all.add(outbox.sendUrgent(event("u")));
        all.add(give(outbox, audio(100, 1), false));
        all.add(outbox.room(false));
        all.add(outbox.flushed());
        SessionClosedException gone = new SessionClosedException("s", "gone");
        outbox.failAll(gone);
        assertThat(all).allSatisfy(future -> assertThat(failure(future)).isSameAs(gone));
        assertThat(outbox.queuedAudioMillis()).isZero();
        assertThat(outbox.droppedAudioMillis()).isEqualTo(100);
        assertThat(failure(outbox.send(event("b")))).isSameAs(gone);
        assertThat(failure(outbox.room(true))).isSameAs(gone);
        assertThat(failure(give(outbox, audio(50, 1), true))).isSameAs(gone);
        assertThat(outbox.droppedAudioMillis()).isEqualTo(150);

        outbox.reset();
        outbox.send(event("again"));
        open(outbox);
        assertThat(transport.types()).containsExactly("again");
    }

    @Test
    void failAllWhileAudioIsBeingHandedOverKeepsTheAccountsRight() {
        Outbox outbox = outbox(Overflow.BLOCK, 100);
        CompletableFuture<Void> handed = give(outbox, audio(100, 1), false);
        CompletableFuture<Void> waiting = give(outbox, audio(100, 2), false);
        transport.onSend = frame -> {
            transport.open = false;
            outbox.failAll(new SessionClosedException("s", "gone"));
        };
        open(outbox);
        assertThat(handed).isCompletedExceptionally();
        assertThat(waiting).isCompletedExceptionally();
        assertThat(outbox.queuedAudioMillis()).isZero();
        assertThat(outbox.sentAudioMillis()).isZero();
        assertThat(outbox.droppedAudioMillis()).isEqualTo(200);

        outbox.reset();
        give(outbox, audio(100, 3), false);
        assertThat(outbox.room(false)).isNotDone();
    }

    @Test
    void whatTheTransportRefusesWaitsAndFailsWithTheSession() {
        Outbox outbox = open(outbox(Overflow.BLOCK, 1_000));
        transport.open = false;
        CompletableFuture<Void> sound = give(outbox, audio(100, 1), false);
        CompletableFuture<Void> event = outbox.send(event("a"));
        assertThat(sound).isNotDone();
        SessionClosedException lost = new SessionClosedException("s", "lost");
        outbox.failAll(lost);
        assertThat(failure(sound)).isSameAs(lost);
        assertThat(failure(event)).isSameAs(lost);
        assertThat(outbox.sentAudioMillis()).isZero();
        assertThat(outbox.sentEvents()).isZero();
        assertThat(outbox.droppedAudioMillis()).isEqualTo(100);
    }

    @Test
    void aFrameThatCannotBeSentFailsAlone() {
        Outbox outbox = open(outbox(Overflow.BLOCK, 1_000));
        for (RuntimeException problem : List.of(new IllegalArgumentException("too large"), new IllegalStateException("odd"))) {
            transport.onSend = frame -> {
                throw problem;
            };
            assertThat(failure(outbox.send(event("bad")))).isSameAs(problem);
            transport.onSend = frame -> {
            };
            assertThat(outbox.send(event("good"))).isCompleted();
        }
        assertThat(transport.types()).containsExactly("good", "good");
    }

    @Test
    void sendingFromACallbackKeepsTheOrderAndDoesNotRecurse() {
        Outbox outbox = outbox(Overflow.BLOCK, 1_000);
        AtomicInteger left = new AtomicInteger(20_000);
        outbox.send(event("chain")).thenRun(new Runnable() {
            @Override
            public void run() {
                if (left.getAndDecrement() > 0) {
                    outbox.send(event("chain")).thenRun(this);
                }
            }
        });
        outbox.send(event("b"));
        open(outbox);
        assertThat(transport.types().subList(0, 3)).containsExactly("chain", "b", "chain");
        assertThat(transport.frames()).hasSize(20_002);
    }

    @Test
    @DisplayName("CONN-10 many threads: one writer, each producer's order, each future done once")
    void manyThreads() throws Exception {
        int producers = 8;
        int each = 400;
        Outbox outbox = outbox(Overflow.BLOCK, 1_000_000);
        AtomicInteger done = new AtomicInteger();
        AtomicInteger twice = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(producers + 1);
        try {
            CyclicBarrier start = new CyclicBarrier(producers + 1);
            List<Future<?>> running = new ArrayList<>();
            for (int p = 0; p < producers; p++) {
                int producer = p;
                running.add(threads.submit(() -> {
                    start.await();
                    for (int i = 0; i < each; i++) {
                        AtomicInteger mine = new AtomicInteger();
                        CompletableFuture<Void> sent = switch ((producer + i) % 4) {
                            case 0 -> give(outbox, stamp(producer, i), false);
                            case 1 -> outbox.offer(stamped("conversation.item.create", producer, i));
                            default -> outbox.send(stamped("conversation.item.delete", producer, i));
                        };
                        sent.whenComplete((nothing, failure) -> {
                            done.incrementAndGet();
                            if (mine.incrementAndGet() > 1 || failure != null) {
                                twice.incrementAndGet();
                            }
                        });
                        outbox.drain();
                    }
                    return null;
                }));
            }
            running.add(threads.submit(() -> {
                start.await();
                outbox.admit(transport);
                outbox.drain();
                return null;
            }));
            for (Future<?> thread : running) {
                thread.get(30, TimeUnit.SECONDS);
            }
            outbox.flushed().get(30, TimeUnit.SECONDS);
        } finally {
            threads.shutdownNow();
        }
        assertThat(transport.overlapped()).isFalse();
        assertThat(done).hasValue(producers * each);
        assertThat(twice).hasValue(0);
        assertThat(transport.frames()).hasSize(producers * each);
        int[] next = new int[producers];
        for (JsonNode frame : transport.frames()) {
            int stamp = frame.has("audio") ? ofBytes(FakeTransport.audio(frame)) : frame.path("stamp").asInt();
            assertThat(stamp % 10_000).isEqualTo(next[stamp / 10_000]++);
        }
    }

    private static ClientEvent stamped(String type, int producer, int number) {
        return event(type).with("stamp", producer * 10_000L + number);
    }

    private static byte[] stamp(int producer, int number) {
        int stamp = producer * 10_000 + number;
        return new byte[] { (byte) (stamp >> 24), (byte) (stamp >> 16), (byte) (stamp >> 8), (byte) stamp };
    }

    private static int ofBytes(byte[] bytes) {
        return (bytes[0] & 0xFF) << 24 | (bytes[1] & 0xFF) << 16 | (bytes[2] & 0xFF) << 8 | bytes[3] & 0xFF;
    }
}
