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
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.IntStream;

import io.github.camelrealtime.audio.AudioFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static io.github.camelrealtime.session.Futures.failure;
import static io.github.camelrealtime.session.Futures.value;
import static org.assertj.core.api.Assertions.assertThat;

class SessionPoolTest {

    private final ManualTimers timers = new ManualTimers();
    private final FakeTransports transports = new FakeTransports();
    private final SessionRegistry registry = new SessionRegistry(timers, 10);
    private final Function<String, RealtimeSession> factory
            = name -> new RealtimeSession(name, Configs.client().build(), transports, timers);

    private SessionPool pool(int size) {
        return new SessionPool("p", size, registry, factory, timers);
    }

    private RealtimeSession leased(SessionPool pool) {
        CompletableFuture<RealtimeSession> lease = pool.lease(0);
        if (!lease.isDone()) {
            transports.last().ready();
        }
        return value(lease);
    }

    private FakeTransport transportOf(int number) {
        return transports.all.get(number);
    }

    @Test
    void aPoolOfOneIsTheNamedSession() {
        SessionPool pool = pool(1);
        assertThat(leased(pool).name()).isEqualTo("p");
        assertThat(pool.size()).isEqualTo(1);
    }

    @Test
    @DisplayName("ROLL-19 members are made when needed, and lent again rather than made")
    void lazily() {
        SessionPool pool = pool(3);
        assertThat(pool.members()).isEmpty();
        RealtimeSession first = leased(pool);
        assertThat(first.name()).isEqualTo("p#1");
        pool.giveBack(first);
        assertThat(leased(pool)).isSameAs(first);
        assertThat(leased(pool).name()).isEqualTo("p#2");
        assertThat(transports.all).hasSize(2);
        assertThat(pool.members()).hasSize(2);
    }

    @Test
    void leasesAreServedInTheOrderOfTheirComing() {
        SessionPool pool = pool(1);
        RealtimeSession member = leased(pool);
        List<Integer> served = new ArrayList<>();
        List<CompletableFuture<RealtimeSession>> waiting = IntStream.range(0, 3).mapToObj(i -> {
            CompletableFuture<RealtimeSession> lease = pool.lease(0);
            lease.thenRun(() -> served.add(i));
            return lease;
        }).toList();
        assertThat(waiting).noneMatch(CompletableFuture::isDone);
        for (int i = 0; i < 3; i++) {
            pool.giveBack(member);
            assertThat(value(waiting.get(i))).isSameAs(member);
        }
        assertThat(served).containsExactly(0, 1, 2);
    }

    @Test
    void whoWaitsTooLongIsToldAndIsNotServedLater() {
        SessionPool pool = pool(1);
        RealtimeSession member = leased(pool);
        CompletableFuture<RealtimeSession> impatient = pool.lease(100);
        CompletableFuture<RealtimeSession> patient = pool.lease(0);
        timers.advance(100);
        assertThat(failure(impatient)).isInstanceOf(TimeoutException.class).hasMessageContaining("poolWaitTimeout");
        pool.giveBack(member);
        assertThat(value(patient)).isSameAs(member);
        timers.advance(10_000);
        assertThat(timers.waiting()).isZero();
    }

    @Test
    void aMemberThatCannotBeOpenedFailsItsLeaseAndLeavesItsPlaceToAFreshOne() {
        SessionPool pool = pool(1);
        CompletableFuture<RealtimeSession> first = pool.lease(0);
        CompletableFuture<RealtimeSession> second = pool.lease(0);
        transports.last().listener.onClosed(3000, "invalid_api_key");
        assertThat(failure(first)).isInstanceOf(SessionClosedException.class);
        assertThat(pool.openFailure()).isNotNull();
        transports.last().ready();
        assertThat(value(second).name()).isEqualTo("p");
        assertThat(pool.openFailure()).isNull();
        assertThat(transports.all).hasSize(2);
        assertThat(registry.holders("p")).isEqualTo(1);
    }

    @Test
    void aFactoryThatFailsFailsThoseWhoWait() {
        SessionPool pool = new SessionPool("p", 1, registry, name -> {
            throw new IllegalArgumentException("Option speed is 7");
        }, timers);
        assertThat(failure(pool.lease(0))).hasMessage("Option speed is 7");
        assertThat(failure(pool.lease(0))).hasMessage("Option speed is 7");
        assertThat(pool.members()).isEmpty();
    }

    @Test
    void aLostMemberIsReplaced() {
        SessionPool pool = pool(2);
        RealtimeSession lost = leased(pool);
        CompletableFuture<RealtimeSession> other = pool.lease(0);
        transports.last().ready();
        CompletableFuture<RealtimeSession> waiting = pool.lease(0);
        transportOf(0).listener.onClosed(1011, "");
        pool.giveBack(lost);
        pool.giveBack(lost);
        transports.last().ready();
        assertThat(value(waiting)).isNotSameAs(lost).isNotSameAs(value(other));
        assertThat(value(waiting).name()).isEqualTo("p#1");
        assertThat(pool.members()).hasSize(2);
        assertThat(lost.open()).isCompletedExceptionally();
    }

    @Test
    @DisplayName("ROLL-1 a member that the service will soon end is not lent, also when it grew old while it was free")
    void worn() {
        SessionPool pool = pool(1);
        CompletableFuture<RealtimeSession> lease = pool.lease(0);
        long expires = timers.millis() / 1_000 + 3_600;
        transports.last().open();
        transports.last().say("{'type':'session.created','session':{'id':'s','expires_at':" + expires + "}}");
        transports.last().updated();
        RealtimeSession member = value(lease);
        pool.giveBack(member);
        assertThat(leased(pool)).isSameAs(member);
        pool.giveBack(member);
        timers.advance(3_400_000);
        CompletableFuture<RealtimeSession> next = pool.lease(0);
        transports.last().ready();
        assertThat(value(next)).isNotSameAs(member);
        assertThat(transportOf(0).closeCode).isEqualTo(1000);
    }

    @Test
    @DisplayName("ROLL-1 a member that a consumer holds too is replaced all the same; the consumer hears the fresh one")
    void heldByAConsumer() {
        SessionPool pool = pool(1);
        List<String> heard = new ArrayList<>();
        registry.subscribe(NamePattern.of("p"), event -> heard.add(event.event().getType()));
        RealtimeSession held = registry.acquire("p", factory);
        CompletableFuture<RealtimeSession> lease = pool.lease(0);
        transports.last().open();
        transports.last().say("{'type':'session.created','session':{'id':'s','expires_at':"
                              + (timers.millis() / 1_000 + 3_600) + "}}");
        transports.last().updated();
        assertThat(value(lease)).isSameAs(held);
        pool.giveBack(held);
        timers.advance(3_400_000);
        CompletableFuture<RealtimeSession> next = pool.lease(0);
        heard.clear();
        transports.last().ready();
        assertThat(value(next)).isNotSameAs(held);
        assertThat(heard).contains("session.created");
        assertThat(transportOf(0).closeCode).isEqualTo(1000);
        // the consumer goes: what it held is gone already, and the pool keeps its member
        registry.release(held);
        assertThat(registry.find("p")).isSameAs(value(next));
        assertThat(registry.holders("p")).isEqualTo(1);
    }

    @Test
    @DisplayName("A member that is lost while it is free is retired at once and is not missed")
    void lostWhileFree() {
        SessionPool pool = pool(1);
        RealtimeSession member = leased(pool);
        pool.giveBack(member);
        pool.giveBack(leased(pool));
        transports.last().listener.onClosed(1001, "session_expired");
        assertThat(pool.members()).isEmpty();
        assertThat(registry.sessions()).isEmpty();
        assertThat(pool.openFailure()).isNull();
        assertThat(leased(pool)).isNotSameAs(member);
        assertThat(pool.members()).hasSize(1);
    }

    @Test
    @DisplayName("AIN-16 a member comes back clean: what was not committed is cleared before the next recording")
    void clean() {
        SessionPool pool = pool(1);
        RealtimeSession member = leased(pool);
        TranscriptionRun run = member.transcribe();
        byte[] speech = new byte[48_000];
        for (int i = 0; i < speech.length; i += 2) {
            speech[i + 1] = (byte) ((i / 100) % 2 == 0 ? 30 : -30);
        }
        run.intake(AudioFormat.PCM_24K).append(speech, 0, speech.length);
        assertThat(transports.last().types()).contains("append").doesNotContain("commit");
        run.fail(new IllegalStateException("broken"));
        pool.giveBack(member);
        assertThat(transports.last().types()).endsWith("clear");
        assertThat(leased(pool)).isSameAs(member);
    }

    @Test
    @DisplayName("AIN-16 a member that still owes an answer is not lent before it came, and never if it does not come")
    void settledFirst() {
        SessionPool pool = pool(1);
        for (boolean comes : new boolean[] { true, false }) {
            RealtimeSession member = leased(pool);
            FakeTransport transport = transports.last();
            TranscriptionRun run = member.transcribe();
            byte[] speech = new byte[48_000];
            for (int i = 0; i < speech.length; i += 2) {
                speech[i + 1] = (byte) ((i / 100) % 2 == 0 ? 30 : -30);
            }
            run.intake(AudioFormat.PCM_24K).append(speech, 0, speech.length);
            run.finish(1_000);
            run.fail(new IllegalStateException("nobody waits"));
            pool.giveBack(member);
            CompletableFuture<RealtimeSession> next = pool.lease(0);
            assertThat(next).isNotDone();
            if (comes) {
                transport.committed("i");
                transport.transcribed("i", "words");
                assertThat(value(next)).isSameAs(member);
                pool.giveBack(member);
            } else {
                timers.advance(10_000);
                transports.last().ready();
                assertThat(value(next)).isNotSameAs(member);
            }
        }
    }

    @Test
    @DisplayName("CONN-13 closing fails those who wait and closes the members; nothing is lent any more")
    void close() {
        SessionPool pool = pool(1);
        RealtimeSession member = leased(pool);
        CompletableFuture<RealtimeSession> waiting = pool.lease(5_000);
        CompletableFuture<Void> closed = pool.close();
        assertThat(failure(waiting)).hasMessageContaining("closed");
        assertThat(failure(pool.lease(0))).hasMessageContaining("closed");
        assertThat(closed).isNotDone();
        pool.giveBack(member);
        transports.last().listener.onClosed(1000, "");
        assertThat(closed).isCompleted();
        assertThat(pool.members()).isEmpty();
        assertThat(registry.sessions()).isEmpty();
        timers.advance(10_000);
        assertThat(timers.waiting()).isZero();
    }

    @Test
    void aRegistryThatHasStoppedPutsNobodyOff() {
        SessionPool pool = pool(1);
        registry.stop();
        assertThat(failure(pool.lease(0))).isInstanceOf(IllegalStateException.class);
    }
}
