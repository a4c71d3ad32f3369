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

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;

import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.transport.Transport;

/**
 * Lets out of an {@link Outbox} what may leave: hands what waits in the queue to the transport behind the gate, and keeps
 * what that does not take.
 *
 * <p>Shares the outbox's lock, which guards queue, gate and what is kept here. Any thread may call {@link #drain}, without
 * the lock; the counters are read with it. One thread at a time drains, so entries leave in the order in which they are
 * taken out. Nothing is sent, no future completed and no listener called under the lock.
 */
final class OutboxWriter {

    /** The transport does not tell when its queue falls, so it is asked again after this many ms. */
    private static final long RETRY_MILLIS = 5;

    /** What became of an entry. */
    private enum Fate {
        LEFT,
        /** The transport takes nothing any more. */
        REFUSED,
        UNSENDABLE
    }

    private final String sessionName;
    private final Timers timers;
    private final ReentrantLock lock;
    private final OutboxQueue queue;
    private final OutboxGate gate;
    private final UnsettledAudio ring;
    private LongConsumer onGap = millis -> {
    };
    private UnaryOperator<ClientEvent> onLeaving = UnaryOperator.identity();
    private boolean draining;
    private boolean retryScheduled;
    private long sentAudioBytes;
    private long sentEvents;

    /**
     * @param lock of the outbox, which guards queue, gate and ring
     * @param ring told of what leaves, before the service can say anything of it
     */
    OutboxWriter(
            String sessionName, ReentrantLock lock, OutboxQueue queue, OutboxGate gate, UnsettledAudio ring, Timers timers) {
        this.sessionName = sessionName;
        this.timers = timers;
        this.lock = lock;
        this.queue = queue;
        this.gate = gate;
        this.ring = ring;
    }

    /** See {@link Outbox#onGap}. */
    void onGap(LongConsumer listener) {
        onGap = listener;
    }

    /** See {@link Outbox#onLeaving}. */
    void onLeaving(UnaryOperator<ClientEvent> listener) {
        onLeaving = listener;
    }

    /** Sends what may be sent. Must not be called with a lock held, as it completes futures. */
    void drain() {
        settleDropped();
        boolean mine = false;
        while (true) {
            OutboxEntry entry;
            Transport to;
            long gapMillis;
            boolean overtaking;
            lock.lock();
            try {
                if (!mine) {
                    if (draining) {
                        // whoever drains looks again under the lock before it stops
                        return;
                    }
                    draining = true;
                    mine = true;
                }
                entry = gate.isOpen() ? queue.pollUrgent() : null;
                overtaking = entry != null;
                entry = overtaking ? entry : nextLocked();
                if (entry == null) {
                    draining = false;
                    return;
                }
                to = gate.transport();
                gapMillis = entry.isAudio() ? queue.takeGapMillis() : 0;
                ring.leaving(entry);
            } finally {
                lock.unlock();
            }
            if (gapMillis > 0) {
                onGap.accept(gapMillis);
            }
            Fate fate = hand(entry, to);
            if (fate == Fate.REFUSED) {
                // the connection is going down: who ends it says what becomes of the rest
                keep(entry, overtaking, to);
                return;
            }
            release(entry, fate);
        }
    }

    private void settleDropped() {
        List<CompletableFuture<Void>> settled;
        lock.lock();
        try {
            settled = queue.takeDropped();
        } finally {
            lock.unlock();
        }
        settled.forEach(sent -> sent.complete(null));
    }

    /** Takes the next entry that may leave now, or returns {@code null}. */
    private OutboxEntry nextLocked() {
        OutboxEntry head = gate.isOpen() ? queue.peek() : null;
        if (head == null || gate.rests()) {
            return null;
        }
        if (!head.isBarrier() && gate.isFull()) {
            retryLaterLocked();
            return null;
        }
        gate.passing(head);
        return queue.poll();
    }

    private void retryLaterLocked() {
        if (!retryScheduled) {
            retryScheduled = true;
            timers.schedule(this::retry, RETRY_MILLIS);
        }
    }

    private void retry() {
        lock.lock();
        try {
            retryScheduled = false;
        } finally {
            lock.unlock();
        }
        drain();
    }

    private Fate hand(OutboxEntry entry, Transport to) {
        if (entry.isBarrier()) {
            entry.sent.complete(null);
            return Fate.LEFT;
        }
        try {
            String frame = entry.isAudio() ? entry.frame() : onLeaving.apply(entry.event()).toJson();
            if (!to.send(frame)) {
                return Fate.REFUSED;
            }
            count(frame.length());
            entry.sent.complete(null);
            return Fate.LEFT;
        } catch (RuntimeException unsendable) {
            // such as a frame that is too large: it fails alone, and whoever drains must go on
            entry.sent.completeExceptionally(unsendable);
            return Fate.UNSENDABLE;
        }
    }

    private void count(long length) {
        lock.lock();
        try {
            gate.handed(length);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Audio goes back to its place and leaves by the next connection. An event does so until the cut, which says what becomes
     * of it; afterwards it may be asked for by another already.
     */
    private void keep(OutboxEntry entry, boolean overtaking, Transport refused) {
        Exception late = null;
        lock.lock();
        try {
            draining = false;
            gate.answered(entry.eventId());
            if (!ring.takeBack(entry)) {
                // its connection has been cut meanwhile, and it waits in its place for the next
                retryLaterLocked();
                return;
            }
            if (queue.refusal() != null) {
                queue.countDropped(entry);
                late = queue.refusal();
            } else if (gate.keeps(refused) || entry.isAudio()) {
                queue.putBack(entry, overtaking);
                retryLaterLocked();
            } else {
                late = new SessionClosedException(
                        sessionName, "Session " + sessionName + ": the connection is going down, the event was not sent");
            }
        } finally {
            lock.unlock();
        }
        if (late != null) {
            entry.sent.completeExceptionally(late);
            drain();
        }
    }

    private void release(OutboxEntry entry, Fate fate) {
        List<CompletableFuture<Void>> free;
        lock.lock();
        try {
            if (fate == Fate.LEFT) {
                sentAudioBytes += entry.isResent() ? 0 : entry.audioBytes();
                sentEvents += entry.isAudio() || entry.isBarrier() ? 0 : 1;
            } else {
                ring.takeBack(entry);
                gate.answered(entry.eventId());
                if (entry.isAudio()) {
                    queue.countDropped(entry);
                }
            }
            free = queue.takeFreed();
        } finally {
            lock.unlock();
        }
        free.forEach(waiter -> waiter.complete(null));
    }

    /** Audio handed to the transport, what is sent again not counted, in bytes. To be called with the lock held. */
    long sentAudioBytes() {
        return sentAudioBytes;
    }

    /** Events other than audio handed to the transport. To be called with the lock held. */
    long sentEvents() {
        return sentEvents;
    }
}
