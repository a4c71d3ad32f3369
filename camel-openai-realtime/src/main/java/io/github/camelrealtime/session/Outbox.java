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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.transport.Transport;

/**
 * What leaves a session, in order. It keeps everything until the gate opens (nothing but the first
 * {@code session.update} may leave before {@code session.updated}, trap T-23), it is the only writer of the transport,
 * and it is bounded: audio in ms, events in number. The transport's own queue never fills, as nothing is handed over
 * while more than {@link #MARK_BYTES} wait there.
 *
 * <p>Audio, commits, clears and ordinary events keep their order. Urgent events (cancel, truncate, tool outputs) overtake
 * them. After a commit the ordered lane rests until the service has answered it, so that there is at most one
 * unanswered commit and the n-th commit is the n-th {@code committed}.
 *
 * <p>Invariants: one thread at a time drains; no future is completed and nothing is sent under the lock; every entry's
 * future is completed exactly once, by leaving, by being dropped, or by {@link #failAll}.
 */
final class Outbox {

    /** As much as may wait in the transport, in bytes: about two seconds of base64 PCM at 24 kHz. */
    static final long MARK_BYTES = 128 * 1024;
    /** As many events as may wait. */
    static final int MAX_EVENTS = 10_000;
    /** The transport does not tell when its queue falls, so it is asked again after this many ms. */
    private static final long RETRY_MILLIS = 5;
    /** What becomes of audio that is dropped at once. */
    static final CompletableFuture<Void> DROPPED = CompletableFuture.completedFuture(null);

    private final String sessionName;
    private final AudioFormat wireFormat;
    private final SessionConfig.AudioQueue bound;
    private final Timers timers;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<OutboxEntry> ordered = new ArrayDeque<>();
    private final Deque<OutboxEntry> urgent = new ArrayDeque<>();
    private final List<CompletableFuture<Void>> roomWaiters = new ArrayList<>();
    private final List<CompletableFuture<Void>> dropped = new ArrayList<>();
    private LongConsumer onGap = millis -> {
    };
    private Transport transport;
    private boolean gateOpen;
    private boolean draining;
    private boolean commitUnanswered;
    private boolean retryScheduled;
    private Exception refusal;
    private long queuedAudioBytes;
    private long droppedAudioBytes;
    /** Dropped by policy and not yet announced. */
    private long gapBytes;
    private long sentAudioBytes;
    private long sentEvents;

    Outbox(String sessionName, AudioFormat wireFormat, SessionConfig.AudioQueue bound, Timers timers) {
        this.sessionName = sessionName;
        this.wireFormat = wireFormat;
        this.bound = bound;
        this.timers = timers;
    }

    /**
     * Sets who is told of gaps: when audio is sent again after some was dropped by policy, how many ms are missing before it.
     * To be set before anything is queued.
     */
    void onGap(LongConsumer listener) {
        onGap = listener;
    }

    /** Takes things in again after {@link #failAll}. */
    void reset() {
        lock.lock();
        try {
            refusal = null;
        } finally {
            lock.unlock();
        }
    }

    /** Lets everything through this transport from now on, what waits first. */
    void open(Transport transport) {
        lock.lock();
        try {
            this.transport = transport;
            this.gateOpen = true;
            this.commitUnanswered = false;
        } finally {
            lock.unlock();
        }
        drain();
    }

    /** The service has answered the last commit, by {@code committed} or by an error, or is not going to. */
    void commitAnswered() {
        lock.lock();
        try {
            commitUnanswered = false;
        } finally {
            lock.unlock();
        }
        drain();
    }

    /**
     * Queues an event behind everything that waits, and sends what may be sent. The future is done when the event has been
     * handed to the transport.
     */
    CompletableFuture<Void> send(ClientEvent event) {
        CompletableFuture<Void> sent = offer(event);
        drain();
        return sent;
    }

    /** As {@link #send}, but overtaking audio. */
    CompletableFuture<Void> sendUrgent(ClientEvent event) {
        CompletableFuture<Void> sent = enqueue(OutboxEntry.of(event), urgent);
        drain();
        return sent;
    }

    /** Queues an event and sends nothing yet: for callers who hold a lock and call {@link #drain} when they do not. */
    CompletableFuture<Void> offer(ClientEvent event) {
        return enqueue(OutboxEntry.of(event), ordered);
    }

    /** Done when everything queued so far has left. */
    CompletableFuture<Void> flushed() {
        CompletableFuture<Void> left = enqueue(OutboxEntry.barrier(), ordered);
        drain();
        return left;
    }

    private CompletableFuture<Void> enqueue(OutboxEntry entry, Deque<OutboxEntry> lane) {
        lock.lock();
        try {
            if (refusal != null) {
                entry.sent.completeExceptionally(refusal);
                return entry.sent;
            }
            if (!entry.isBarrier() && ordered.size() + urgent.size() >= MAX_EVENTS) {
                entry.sent.completeExceptionally(new RealtimeException(
                        sessionName,
                        "Session " + sessionName + ": " + MAX_EVENTS + " events wait to be sent already; the service does not "
                                     + "take them, or the session is not open"));
                return entry.sent;
            }
            lane.add(entry);
        } finally {
            lock.unlock();
        }
        return entry.sent;
    }

    /**
     * Done when there is room for another piece of audio. Sources with {@link Overflow#BLOCK} wait for it; for the
     * other policies there is always room, as those decide in {@link #offerAudio}.
     */
    CompletableFuture<Void> room() {
        return room(false);
    }

    /** As {@link #room()}, for audio of a live source or not. */
    CompletableFuture<Void> room(boolean live) {
        lock.lock();
        try {
            if (refusal != null) {
                return CompletableFuture.failedFuture(refusal);
            }
            if (bound.policy(live) != Overflow.BLOCK || hasRoom()) {
                return CompletableFuture.completedFuture(null);
            }
            CompletableFuture<Void> waiter = new CompletableFuture<>();
            roomWaiters.add(waiter);
            return waiter;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Queues audio in wire format and sends nothing yet: {@link #drain} does. With {@link Overflow#BLOCK} it is taken
     * even without room, as whoever asks for room first goes over the bound by one piece at most.
     *
     * @return done when sent or dropped, and {@link #DROPPED} if dropped at once; failed when refused
     */
    CompletableFuture<Void> offerAudio(byte[] audio) {
        return offerAudio(audio, false);
    }

    /** As {@link #offerAudio(byte[])}, for audio of a live source or not. */
    CompletableFuture<Void> offerAudio(byte[] audio, boolean live) {
        OutboxEntry entry = OutboxEntry.of(audio);
        lock.lock();
        try {
            if (refusal != null) {
                droppedAudioBytes += audio.length;
                entry.sent.completeExceptionally(refusal);
                return entry.sent;
            }
            if (!hasRoom()) {
                switch (bound.policy(live)) {
                    case FAIL -> {
                        droppedAudioBytes += audio.length;
                        entry.sent.completeExceptionally(
                                new AudioOverflowException(sessionName, queuedAudioMillisLocked(), bound.maxMillis()));
                        return entry.sent;
                    }
                    case DROP_NEWEST -> {
                        droppedAudioBytes += audio.length;
                        gapBytes += audio.length;
                        return DROPPED;
                    }
                    case DROP_OLDEST -> dropOldestLocked(audio.length);
                    case BLOCK -> {
                        // taken: see above
                    }
                }
            }
            ordered.add(entry);
            queuedAudioBytes += audio.length;
        } finally {
            lock.unlock();
        }
        return entry.sent;
    }

    private void dropOldestLocked(long needed) {
        long freed = 0;
        for (var waiting = ordered.iterator(); waiting.hasNext() && freed < needed;) {
            OutboxEntry old = waiting.next();
            if (old.isAudio()) {
                waiting.remove();
                freed += old.audioBytes();
                dropped.add(old.sent);
            }
        }
        queuedAudioBytes -= freed;
        droppedAudioBytes += freed;
        gapBytes += freed;
    }

    private boolean hasRoom() {
        return queuedAudioMillisLocked() < bound.maxMillis();
    }

    private long queuedAudioMillisLocked() {
        return wireFormat.millisOf(queuedAudioBytes);
    }

    /** Sends what may be sent. Must not be called with a lock held, as it completes futures. */
    void drain() {
        settleDropped();
        boolean mine = false;
        while (true) {
            OutboxEntry entry;
            Transport to;
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
                entry = nextLocked();
                if (entry == null) {
                    draining = false;
                    return;
                }
                to = transport;
            } finally {
                lock.unlock();
            }
            announceGap(entry);
            hand(entry, to);
            release(entry);
        }
    }

    private void settleDropped() {
        List<CompletableFuture<Void>> settled;
        lock.lock();
        try {
            if (dropped.isEmpty()) {
                return;
            }
            settled = new ArrayList<>(dropped);
            dropped.clear();
        } finally {
            lock.unlock();
        }
        settled.forEach(sent -> sent.complete(null));
    }

    /** Takes the next entry that may leave now, or returns {@code null}. */
    private OutboxEntry nextLocked() {
        if (!gateOpen) {
            return null;
        }
        if (!urgent.isEmpty()) {
            return urgent.poll();
        }
        OutboxEntry head = ordered.peek();
        if (head == null || commitUnanswered) {
            return null;
        }
        if (!head.isBarrier() && transport.queuedBytes() > MARK_BYTES) {
            if (!retryScheduled) {
                retryScheduled = true;
                timers.schedule(this::retry, RETRY_MILLIS);
            }
            return null;
        }
        if (head.isCommit()) {
            commitUnanswered = true;
        }
        return ordered.poll();
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

    private void announceGap(OutboxEntry entry) {
        long millis;
        lock.lock();
        try {
            if (!entry.isAudio() || gapBytes == 0) {
                return;
            }
            millis = wireFormat.millisOf(gapBytes);
            gapBytes = 0;
        } finally {
            lock.unlock();
        }
        onGap.accept(millis);
    }

    private void hand(OutboxEntry entry, Transport to) {
        if (entry.isBarrier()) {
            entry.sent.complete(null);
            return;
        }
        try {
            if (to.send(entry.frame())) {
                entry.sent.complete(null);
            } else {
                entry.sent.completeExceptionally(new SessionClosedException(
                        sessionName, "Session " + sessionName + ": the connection is going down, the event was not sent"));
            }
        } catch (IllegalArgumentException tooLarge) {
            entry.sent.completeExceptionally(tooLarge);
        }
    }

    private void release(OutboxEntry entry) {
        List<CompletableFuture<Void>> free = List.of();
        lock.lock();
        try {
            if (entry.isAudio()) {
                queuedAudioBytes -= entry.audioBytes();
                sentAudioBytes += entry.audioBytes();
            } else if (!entry.isBarrier()) {
                sentEvents++;
            }
            if (!roomWaiters.isEmpty() && hasRoom()) {
                free = new ArrayList<>(roomWaiters);
                roomWaiters.clear();
            }
        } finally {
            lock.unlock();
        }
        free.forEach(waiter -> waiter.complete(null));
    }

    /** Fails everything that waits, and refuses for the same reason whatever comes until {@link #reset}. */
    void failAll(Exception reason) {
        List<CompletableFuture<Void>> failed = new ArrayList<>();
        lock.lock();
        try {
            refusal = reason;
            gateOpen = false;
            transport = null;
            commitUnanswered = false;
            ordered.forEach(entry -> failed.add(entry.sent));
            urgent.forEach(entry -> failed.add(entry.sent));
            failed.addAll(roomWaiters);
            ordered.stream().filter(OutboxEntry::isAudio).forEach(entry -> droppedAudioBytes += entry.audioBytes());
            ordered.clear();
            urgent.clear();
            roomWaiters.clear();
            queuedAudioBytes = 0;
        } finally {
            lock.unlock();
        }
        failed.forEach(future -> future.completeExceptionally(reason));
    }

    /** Audio waiting to be sent, in ms. */
    long queuedAudioMillis() {
        return read(() -> queuedAudioMillisLocked());
    }

    /** Audio dropped or refused by policy or by a lost session, in ms. */
    long droppedAudioMillis() {
        return read(() -> wireFormat.millisOf(droppedAudioBytes));
    }

    /** Audio handed to the transport, in ms. */
    long sentAudioMillis() {
        return read(() -> wireFormat.millisOf(sentAudioBytes));
    }

    /** Events other than audio handed to the transport. */
    long sentEvents() {
        return read(() -> sentEvents);
    }

    private long read(LongSupplier value) {
        lock.lock();
        try {
            return value.getAsLong();
        } finally {
            lock.unlock();
        }
    }
}
