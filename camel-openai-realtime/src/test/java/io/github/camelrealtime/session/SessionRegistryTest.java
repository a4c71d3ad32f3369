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
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import io.github.camelrealtime.audio.AudioFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static io.github.camelrealtime.session.Futures.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SessionRegistryTest {

    private final ManualTimers timers = new ManualTimers();
    private final FakeTransports transports = new FakeTransports();
    private final SessionRegistry registry = new SessionRegistry(timers, 2);
    private final Function<String, RealtimeSession> factory
            = name -> new RealtimeSession(name, Configs.manual().idle(1_000).build(), transports, timers);

    private RealtimeSession opened(RealtimeSession session) {
        session.open();
        transports.last().ready();
        return session;
    }

    @Test
    @DisplayName("CONN-17 one session by name for all who hold it; the last one out closes it, for good")
    void referenceCounting() {
        RealtimeSession session = registry.acquire("a", factory);
        assertThat(registry.acquire("a", factory)).isSameAs(session);
        assertThat(registry.holders("a")).isEqualTo(2);
        opened(session);
        assertThat(registry.release(session)).isCompleted();
        assertThat(session.state()).isEqualTo(SessionState.READY);
        CompletableFuture<Void> released = registry.release(session);
        assertThat(released).isNotDone();
        assertThat(registry.find("a")).isNull();
        // the name is free before the old one has gone
        RealtimeSession next = registry.acquire("a", factory);
        assertThat(next).isNotSameAs(session);
        transports.last().listener.onClosed(1000, "");
        assertThat(released).isCompleted();
        assertThat(failure(session.open())).hasMessageContaining("for good");
        // one release too many takes nothing from the others
        assertThat(registry.release(session)).isCompleted();
        assertThat(registry.holders("a")).isEqualTo(1);
    }

    @Test
    void aFactoryThatFailsLeavesNothingBehind() {
        assertThatIllegalStateException().isThrownBy(() -> registry.acquire("a", name -> {
            throw new IllegalStateException("no");
        }));
        assertThat(registry.sessions()).isEmpty();
        assertThat(registry.holders("a")).isZero();
    }

    @Test
    @DisplayName("CONN-17 many threads that come and go: never a closed session in hand, none left at the end")
    void race() throws Exception {
        int threads = 8;
        AtomicInteger made = new AtomicInteger();
        AtomicInteger wrong = new AtomicInteger();
        Function<String, RealtimeSession> counting = name -> {
            made.incrementAndGet();
            return factory.apply(name);
        };
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CyclicBarrier start = new CyclicBarrier(threads);
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                running.add(pool.submit(() -> {
                    start.await();
                    for (int i = 0; i < 500; i++) {
                        RealtimeSession session = registry.acquire("shared", counting);
                        if (session.open().isCompletedExceptionally() || registry.find("shared") != session) {
                            wrong.incrementAndGet();
                        }
                        registry.release(session);
                    }
                    return null;
                }));
            }
            for (Future<?> thread : running) {
                thread.get(30, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(wrong).hasValue(0);
        assertThat(made.get()).isPositive();
        assertThat(registry.sessions()).isEmpty();
        assertThat(transports.all).allMatch(transport -> transport.aborted);
    }

    @Test
    @DisplayName("FLOW-6 dynamic sessions are bounded, and existing ones are found within the bound")
    void dynamicBound() throws Exception {
        registry.acquire("static", factory);
        RealtimeSession one = registry.dynamic("one", factory);
        registry.dynamic("two", factory);
        assertThat(registry.dynamic("one", factory)).isSameAs(one);
        assertThat(registry.dynamic("static", factory)).isSameAs(registry.find("static"));
        assertThatThrownBy(() -> registry.dynamic("three", factory)).isInstanceOf(RealtimeException.class)
                .hasMessageContaining("maxSessions");
        registry.close("one");
        assertThat(registry.dynamic("three", factory)).isNotNull();
    }

    @Test
    @DisplayName("FLOW-6 a lost dynamic session does not count, and the next message gets a new one")
    void lostDynamic() throws Exception {
        RealtimeSession one = opened(registry.dynamic("one", factory));
        transports.last().listener.onClosed(1011, "");
        opened(registry.dynamic("two", factory));
        transports.last().listener.onClosed(1011, "");
        assertThat(registry.find("two").state()).isEqualTo(SessionState.FAILED);
        RealtimeSession again = registry.dynamic("one", factory);
        assertThat(again).isNotSameAs(one);
        assertThat(again.state()).isEqualTo(SessionState.IDLE);
        assertThat(registry.dynamic("three", factory)).isNotNull();
        assertThat(registry.sessions()).extracting(RealtimeSession::name).containsExactly("one", "three");
    }

    @Test
    @DisplayName("CONN-13 a dynamic session is closed when nothing was asked of it for its idle time")
    void idle() throws Exception {
        RealtimeSession session = opened(registry.dynamic("a", factory));
        for (int i = 0; i < 5; i++) {
            timers.advance(900);
            assertThat(registry.dynamic("a", factory)).isSameAs(session);
        }
        timers.advance(1_300);
        assertThat(registry.find("a")).isNull();
        assertThat(transports.last().closeCode).isEqualTo(1000);
        transports.last().listener.onClosed(1000, "");
        timers.advance(10_000);
        assertThat(timers.waiting()).isZero();
        assertThat(failure(session.open())).hasMessageContaining("for good");
    }

    @Test
    @DisplayName("CONN-13 a computer's clock that is set makes no session idle, and keeps none from it")
    void idleWhileClockIsSet() throws Exception {
        opened(registry.dynamic("a", factory));
        timers.jump(3_600_000);
        timers.advance(900);
        assertThat(registry.find("a")).isNotNull();
        timers.jump(-7_200_000);
        timers.advance(400);
        assertThat(registry.find("a")).isNull();
    }

    @Test
    @DisplayName("CONN-13 a long recording keeps a dynamic session from being idle")
    void streamingIsNotIdle() throws Exception {
        RealtimeSession session = opened(registry.dynamic("a", factory));
        AudioIntake intake = session.audio().recording(AudioFormat.PCM_24K);
        for (int i = 0; i < 50; i++) {
            timers.advance(100);
            intake.append(new byte[4_800], 0, 4_800);
        }
        assertThat(registry.find("a")).isSameAs(session);
        assertThat(session.state()).isEqualTo(SessionState.READY);
        timers.advance(5_000);
        assertThat(registry.find("a")).isNull();
    }

    @Test
    void aDynamicSessionThatSomebodyHoldsIsNotIdle() throws Exception {
        RealtimeSession session = opened(registry.dynamic("a", factory));
        registry.acquire("a", factory);
        timers.advance(60_000);
        assertThat(registry.find("a")).isSameAs(session);
        registry.release(session);
        assertThat(registry.find("a")).isSameAs(session);
        timers.advance(5_000);
        assertThat(registry.find("a")).isNull();
    }

    @Test
    @DisplayName("CONN-13 close by name: a held session may be opened again, one that nobody holds is gone for good")
    void close() throws Exception {
        assertThat(registry.close("nobody")).isCompleted();
        RealtimeSession held = registry.acquire("held", factory);
        opened(held);
        registry.close("held");
        transports.last().listener.onClosed(1000, "");
        assertThat(registry.find("held")).isSameAs(held);
        assertThat(held.open()).isNotCompletedExceptionally();

        RealtimeSession dynamic = registry.dynamic("dynamic", factory);
        registry.close("dynamic");
        assertThat(registry.find("dynamic")).isNull();
        assertThat(dynamic.open()).isCompletedExceptionally();
    }

    @Test
    void whatNobodyHoldsCannotBeReleased() throws Exception {
        RealtimeSession session = registry.dynamic("a", factory);
        registry.release(session);
        registry.release(session);
        registry.acquire("a", factory);
        assertThat(registry.holders("a")).isEqualTo(1);
    }

    @Test
    void aDynamicSessionThatWasClosedWhileHeldEndsWithItsHolder() throws Exception {
        RealtimeSession session = registry.dynamic("a", factory);
        registry.acquire("a", factory);
        registry.close("a");
        assertThat(registry.find("a")).isSameAs(session);
        registry.release(session);
        assertThat(registry.find("a")).isNull();
    }

    @Test
    @DisplayName("CONN-17 listeners attach by name or pattern, to sessions present and to come")
    void subscriptions() throws Exception {
        List<String> heard = new ArrayList<>();
        Subscription calls = event -> heard.add("calls " + event.sessionName());
        Subscription one = event -> heard.add("one " + event.sessionName());
        opened(registry.dynamic("call-1", factory));
        registry.subscribe(NamePattern.of("call-*"), calls);
        registry.subscribe(NamePattern.of("other"), one);
        opened(registry.dynamic("call-2", factory));
        opened(registry.acquire("other", factory));
        assertThat(heard).contains("calls call-2", "one other").doesNotContain("calls other", "one call-2");
        heard.clear();
        transports.all.get(0).committed("i");
        assertThat(heard).containsExactly("calls call-1");
        registry.unsubscribe(calls);
        heard.clear();
        transports.all.forEach(transport -> transport.committed("j"));
        assertThat(heard).containsExactly("one other");
    }

    @Test
    @DisplayName("CONN-13 stop closes all and makes no more, start allows sessions again")
    void stop() throws Exception {
        RealtimeSession held = opened(registry.acquire("held", factory));
        FakeTransport first = transports.last();
        registry.dynamic("dynamic", factory);
        CompletableFuture<Void> stopped = registry.stop();
        assertThat(stopped).isNotDone();
        assertThatIllegalStateException().isThrownBy(() -> registry.acquire("new", factory));
        assertThatThrownBy(() -> registry.dynamic("new", factory)).isInstanceOf(IllegalStateException.class);
        first.listener.onClosed(1000, "");
        assertThat(stopped).isCompleted();
        assertThat(registry.release(held)).isCompleted();
        assertThat(held.open()).isCompletedExceptionally();
        registry.start();
        assertThat(registry.acquire("held", factory)).isNotSameAs(held);
    }
}
