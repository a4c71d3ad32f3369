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
package io.github.camelrealtime;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.Timers;

/**
 * How a consumer comes to its end (CONN-14). Its sessions are drained and what came is routed, until {@code drainTimeout} has
 * passed since the stop began or something was last given to one of them. Then no more is routed; when the consumer
 * stops, what still waits goes to the route's error handler, past the route, unless a spool keeps it. If it turns out that the
 * route is only being suspended, what waits is held. Camel waits by itself for the exchange that is in the route.
 *
 * <p>Thread-safe.
 */
final class ConsumerEnd {

    /** For the last events to be routed, or refused, when the time is over; in ms. */
    static final long LAST_MILLIS = 1_000;
    private static final long DEFAULT_DRAIN_MILLIS = 2_000;

    private final String consumer;
    private final Supplier<Timers> clock;
    private final BooleanSupplier busy;
    private final ReentrantLock lock = new ReentrantLock();
    /** Of the sessions that end with the consumer; empty until the stop begins. */
    private List<RealtimeSession> ending = List.of();
    private List<RealtimeSession> known = List.of();
    private boolean begun;
    private long drainMillis = DEFAULT_DRAIN_MILLIS;
    private long beganMillis;
    private Timers.Cancellable alarm = Timers.Cancellable.NOTHING;
    private volatile long overNanos;
    private volatile boolean draining;
    private volatile boolean timeIsUp;
    private volatile boolean over;
    private volatile Exception refusal;

    /**
     * @param consumer as it is called in messages
     * @param clock    the timers of the component, which has others after a restart
     * @param busy     whether events wait to be routed
     */
    ConsumerEnd(String consumer, Supplier<Timers> clock, BooleanSupplier busy) {
        this.consumer = consumer;
        this.clock = clock;
        this.busy = busy;
    }

    /**
     * The stop begins; again has no effect.
     *
     * @param endingSessions the sessions that end with the consumer
     * @param knownSessions  the sessions that it listens to
     */
    void begin(List<RealtimeSession> endingSessions, List<RealtimeSession> knownSessions) {
        lock.lock();
        try {
            if (begun) {
                return;
            }
            begun = true;
            ending = endingSessions;
            known = knownSessions;
            drainMillis = knownSessions.stream().mapToLong(session -> session.config().timeouts().drain()).max()
                    .orElse(DEFAULT_DRAIN_MILLIS);
        } finally {
            lock.unlock();
        }
        drain(drainMillis);
    }

    /** @param millis until it is looked again */
    private void drain(long millis) {
        lock.lock();
        try {
            if (!begun) {
                return;
            }
            beganMillis = clock.get().elapsedMillis();
            overNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            alarm = clock.get().schedule(this::look, millis);
        } finally {
            lock.unlock();
        }
        draining = !ending.isEmpty();
        CompletableFuture.allOf(ending.stream().map(RealtimeSession::drain).toArray(CompletableFuture[]::new))
                .whenComplete((nothing, failure) -> draining = false);
    }

    /** Exchanges that are still on their way may have given the sessions more. */
    private void look() {
        long used = known.stream().mapToLong(RealtimeSession::lastUsedMillis).max().orElse(0);
        long left = used + drainMillis - clock.get().elapsedMillis();
        if (used > beganMillis && left > 0) {
            drain(left);
        } else {
            // a route that keeps up gets what comes until the very end
            over = busy.getAsBoolean();
            timeIsUp = true;
        }
    }

    /** It was no stop: the route is suspended. */
    void cancel() {
        List<RealtimeSession> going;
        lock.lock();
        try {
            begun = false;
            alarm.cancel();
            going = ending;
            ending = List.of();
            known = List.of();
            draining = false;
            timeIsUp = false;
            over = false;
        } finally {
            lock.unlock();
        }
        going.forEach(RealtimeSession::goOn);
    }

    /** From here on what waits goes to the error handler. */
    void refuse() {
        refusal = new RejectedExecutionException(
                consumer + " stops, and its route did not come to this event within " + drainMillis + " ms (option drainTimeout)");
    }

    /** Whether sessions are being drained, and so events may come. */
    boolean isDraining() {
        return draining;
    }

    /** Whether nothing is waited for any more. */
    boolean isTimeUp() {
        return timeIsUp;
    }

    /** Whether the route did not get to all events in time, and so gets none any more. */
    boolean isOver() {
        return over;
    }

    /** Why events are not routed any more; {@code null} if they are. */
    Exception refusal() {
        return refusal;
    }

    /** How long the lanes may still take, in ms; there is always some time for what comes last. */
    long remainingMillis() {
        return Math.max(LAST_MILLIS, TimeUnit.NANOSECONDS.toMillis(overNanos - System.nanoTime()));
    }
}
