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
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

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
 * <p>What waits is in an {@link OutboxQueue}, what the connection can take in an {@link OutboxGate}; an
 * {@link OutboxWriter} hands the one to the other.
 *
 * <p>Thread-safe; one lock guards all of them. Invariants: one thread at a time drains; nothing is sent under the lock, and
 * no future completed that somebody has got; every entry's future is completed exactly once, by leaving, by being dropped,
 * or by {@link #failAll}.
 */
final class Outbox {

    /** As much as may wait in the transport, in bytes: about two seconds of base64 PCM at 24 kHz. */
    static final long MARK_BYTES = 128 * 1024;
    /** What became of audio that was dropped at once. */
    static final CompletableFuture<Void> DROPPED = CompletableFuture.completedFuture(null);

    private final String sessionName;
    private final AudioFormat wireFormat;
    private final SessionConfig.AudioQueue bound;

    private final ReentrantLock lock = new ReentrantLock();
    private final OutboxQueue queue;
    private final OutboxGate gate = new OutboxGate();
    private final StreamMap streams;
    private final UnsettledAudio ring;
    private final OutboxWriter writer;
    private Transport admitted;
    private long admissions;

    Outbox(String sessionName, AudioFormat wireFormat, SessionConfig.AudioQueue bound, Timers timers) {
        this.sessionName = sessionName;
        this.wireFormat = wireFormat;
        this.bound = bound;
        this.queue = new OutboxQueue(wireFormat, bound);
        this.streams = new StreamMap(wireFormat.sampleRate());
        this.ring = new UnsettledAudio(wireFormat, bound.unsettledMillis(), streams);
        this.writer = new OutboxWriter(sessionName, lock, queue, gate, ring, timers);
    }

    /**
     * Sets who is told of gaps: when audio is sent again after some was dropped by policy, how many ms are missing before it.
     * To be set before anything is queued.
     */
    void onGap(LongConsumer listener) {
        writer.onGap(listener);
    }

    /**
     * Sets who is told of each event just before it is handed over, as the answer may come at once, and returns the event as it
     * is to leave. To be set before anything is queued.
     */
    void onLeaving(UnaryOperator<ClientEvent> listener) {
        writer.onLeaving(listener);
    }

    /** Takes things in (again), and keeps them until {@link #admit}. */
    void reset() {
        lock.lock();
        try {
            queue.refuse(null);
            gate.shut();
            ring.reset();
        } finally {
            lock.unlock();
        }
    }

    /** Everything goes through this transport from now on, what waits first; {@link #drain} begins. */
    void admit(Transport transport) {
        lock.lock();
        try {
            gate.open(transport);
            // one that is admitted again is no other
            admissions += transport == admitted ? 0 : 1;
            admitted = transport;
        } finally {
            lock.unlock();
        }
    }

    /** How many connections have been admitted: tells one from the next. */
    long admissions() {
        return read(() -> admissions);
    }

    /** Nothing leaves any more until {@link #admit}; what is given stays. */
    void shut() {
        lock.lock();
        try {
            gate.shut();
            queue.beginOutage();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The connection is lost, and another will be admitted: sorts out what makes no sense there, and puts what it got and did
     * not make final before all that waits. To be called after {@link #shut}; the caller settles the cut when it holds no
     * lock.
     *
     * @param withdrawn ids of events that are not to leave
     * @param turnEnd   see {@link UnsettledAudio#takeAll}
     */
    OutboxCut cut(Set<String> withdrawn, byte[] turnEnd) {
        lock.lock();
        try {
            gate.cut();
            OutboxCut cut = queue.cut(withdrawn);
            cut.again = ring.takeAll(ring.presentEpoch(), turnEnd);
            queue.addFirst(cut.again.entries);
            cut.again.entries.stream().map(OutboxEntry::eventId).filter(Objects::nonNull).forEach(cut.staying::add);
            return cut;
        } finally {
            lock.unlock();
        }
    }

    // ---- from one connection to the next

    /** Where audio that left lies in the stream given. */
    StreamMap streams() {
        return streams;
    }

    /** What left and is not settled, with the lock held. */
    <T> T unsettled(Function<UnsettledAudio, T> look) {
        lock.lock();
        try {
            return look.apply(ring);
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #unsettled}, to tell it something. */
    void tellUnsettled(Consumer<UnsettledAudio> what) {
        lock.lock();
        try {
            what.accept(ring);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Everything that waits stays until the next connection is admitted, this event alone leaves before. Sends nothing yet, as
     * {@link #offer}.
     *
     * @param last the last that leaves by the present connection, {@code null} for none
     * @return     done when it has left, and what was to be answered before it was
     */
    CompletableFuture<Void> holdAll(OutboxEntry last) {
        OutboxEntry hold = OutboxEntry.hold();
        lock.lock();
        try {
            if (queue.refusal() != null) {
                return CompletableFuture.failedFuture(queue.refusal());
            }
            queue.addFirst(last == null ? List.of(hold) : List.of(last, hold));
        } finally {
            lock.unlock();
        }
        return hold.sent;
    }

    /**
     * What this connection got and does not commit is put before all that waits. To be called behind {@link #holdAll}; does
     * nothing if things leave by another by now.
     */
    AudioAgain carryOpen(int epoch) {
        lock.lock();
        try {
            if (ring.presentEpoch() != epoch) {
                return new AudioAgain();
            }
            AudioAgain again = ring.takeOpen();
            queue.addFirst(again.entries);
            return again;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Puts this before all that waits, if nothing is in the service's buffer that it would be mixed with.
     *
     * @return whether it could
     */
    boolean offerFirst(List<OutboxEntry> entries) {
        lock.lock();
        try {
            if (!ring.isBufferEmpty() || gate.rests()) {
                return false;
            }
            queue.addFirst(entries);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Where in the stream the audio goes on that leaves next, in samples. */
    long nextSample() {
        return read(() -> queue.firstSample().orElse(ring.streamEnd()));
    }

    /**
     * How much of what was handed over on this connection the service has taken, in characters, roughly: it grows as long as
     * the connection carries anything.
     */
    long carried() {
        return read(gate::carried);
    }

    /** What waits in the transport, in bytes. */
    long transportBytes() {
        return read(gate::transportBytes);
    }

    /**
     * The service has answered a commit, by {@code committed} or by an error, or is not going to.
     *
     * @param eventId the commit; an older one than the last changes nothing
     */
    void commitAnswered(String eventId) {
        lock.lock();
        try {
            gate.answered(eventId);
        } finally {
            lock.unlock();
        }
        drain();
    }

    /** Whether the ordered lane rests until this commit is answered: it is the one that has left. */
    boolean isAwaited(String commitEventId) {
        lock.lock();
        try {
            return gate.isAwaited(commitEventId);
        } finally {
            lock.unlock();
        }
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
        CompletableFuture<Void> sent = enqueue(OutboxEntry.of(event), true);
        drain();
        return sent;
    }

    /** As {@link #sendUrgent(ClientEvent)}, for events that nothing may come between. */
    CompletableFuture<Void> sendUrgent(List<ClientEvent> unit) {
        List<OutboxEntry> entries = unit.stream().map(OutboxEntry::of).toList();
        lock.lock();
        try {
            entries.forEach(entry -> enqueue(entry, true));
        } finally {
            lock.unlock();
        }
        drain();
        return CompletableFuture.allOf(entries.stream().map(entry -> entry.sent).toArray(CompletableFuture[]::new));
    }

    /** Queues an event and sends nothing yet: for callers who hold a lock and call {@link #drain} when they do not. */
    CompletableFuture<Void> offer(ClientEvent event) {
        return enqueue(OutboxEntry.of(event), false);
    }

    /** As {@link #offer}, but overtaking audio. */
    CompletableFuture<Void> offerUrgent(ClientEvent event) {
        return enqueue(OutboxEntry.of(event), true);
    }

    /**
     * Takes back events that have not left.
     *
     * @return their futures, for the caller to complete when it holds no lock
     */
    List<CompletableFuture<Void>> withdraw(Collection<String> eventIds) {
        lock.lock();
        try {
            return queue.withdraw(eventIds).stream().map(entry -> entry.sent).toList();
        } finally {
            lock.unlock();
        }
    }

    /**
     * As {@link #offer}, for a commit: once it has left, what is behind it waits for {@link #commitAnswered}.
     *
     * @param commit whom it is made for, {@code null} if nobody wants to know
     */
    CompletableFuture<Void> offerCommit(ClientEvent event, Commit commit) {
        return enqueue(OutboxEntry.ofCommit(event, commit), false);
    }

    /**
     * What is queued from now on waits for the next connection; done when everything before has left. Sends nothing yet, as
     * {@link #offer}.
     */
    CompletableFuture<Void> offerHold() {
        return enqueue(OutboxEntry.hold(), false);
    }

    /** Done when everything queued so far has left. */
    CompletableFuture<Void> flushed() {
        CompletableFuture<Void> left = enqueue(OutboxEntry.barrier(), false);
        drain();
        return left;
    }

    private CompletableFuture<Void> enqueue(OutboxEntry entry, boolean overtaking) {
        lock.lock();
        try {
            if (queue.refusal() != null) {
                entry.sent.completeExceptionally(queue.refusal());
            } else if (!entry.isBarrier() && queue.isFull()) {
                entry.sent.completeExceptionally(new RealtimeException(
                        sessionName,
                        "Session " + sessionName + ": " + OutboxQueue.MAX_EVENTS + " events wait to be sent already; the "
                                     + "service does not take them, or the session is not open"));
            } else if (overtaking) {
                queue.addUrgent(entry);
            } else {
                queue.add(entry);
            }
        } finally {
            lock.unlock();
        }
        return entry.sent;
    }

    /**
     * Done when there is room for another piece of audio. Sources with {@link Overflow#BLOCK} wait for it; for the
     * other policies there is always room, as those decide in {@link #offerAudio}.
     *
     * @param live whether the source cannot wait
     */
    CompletableFuture<Void> room(boolean live) {
        lock.lock();
        try {
            if (queue.refusal() != null) {
                return CompletableFuture.failedFuture(queue.refusal());
            }
            return queue.room(live);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Queues audio in wire format and sends nothing yet: {@link #drain} does. With {@link Overflow#BLOCK} it is taken
     * even without room, as whoever asks for room first goes over the bound by one piece at most.
     *
     * @param  live    whether the source cannot wait
     * @param  eventId of the append, {@code null} for a new one
     * @param  stream  its first sample in the stream given, {@link OutboxEntry#NOWHERE} if it is silence of our own
     * @return         done when sent or dropped, and {@link #DROPPED} if dropped at once; failed when refused
     */
    CompletableFuture<Void> offerAudio(byte[] audio, boolean live, String eventId, long stream, OutboxEntry.Sound sound) {
        OutboxEntry entry = OutboxEntry.of(audio, eventId, stream, sound);
        lock.lock();
        try {
            if (queue.refusal() != null) {
                queue.countDropped(entry);
                return CompletableFuture.failedFuture(queue.refusal());
            }
            return switch (queue.offerAudio(entry, live)) {
                case QUEUED -> entry.sent;
                case DROPPED -> DROPPED;
                case REFUSED -> CompletableFuture.failedFuture(
                        new AudioOverflowException(sessionName, queue.queuedAudioMillis(), bound.maxMillis()));
            };
        } finally {
            lock.unlock();
        }
    }

    /** Sends what may be sent. Must not be called with a lock held, as it completes futures. */
    void drain() {
        writer.drain();
    }

    /** Fails everything that waits, and refuses for the same reason whatever comes until {@link #reset}. */
    void failAll(Exception reason) {
        List<CompletableFuture<Void>> failed = new ArrayList<>();
        lock.lock();
        try {
            queue.refuse(reason);
            gate.shut();
            queue.clear().forEach(entry -> failed.add(entry.sent));
            failed.addAll(queue.takeWaiters());
        } finally {
            lock.unlock();
        }
        failed.forEach(future -> future.completeExceptionally(reason));
    }

    /** Audio waiting to be sent, in ms. */
    long queuedAudioMillis() {
        return read(queue::queuedAudioMillis);
    }

    /** Audio dropped or refused by policy or by a lost session, in ms. */
    long droppedAudioMillis() {
        return read(queue::droppedAudioMillis);
    }

    /** Audio handed to the transport, in ms; what is sent again is not counted. */
    long sentAudioMillis() {
        return read(() -> wireFormat.millisOf(writer.sentAudioBytes()));
    }

    /** Whether an event waits for which this holds. */
    boolean holds(Predicate<ClientEvent> wanted) {
        lock.lock();
        try {
            return queue.holds(wanted);
        } finally {
            lock.unlock();
        }
    }

    /**
     * What became of the audio given.
     *
     * @param given  all of it, in samples
     * @param parked samples that are to be sent again and have not been given back yet
     */
    InputAccounts accounts(long given, long parked) {
        lock.lock();
        try {
            int width = wireFormat.bytesPerFrame();
            long unsettled = ring.unsettledSamples() + queue.resentAudioBytes() / width + parked;
            long dropped = queue.droppedAudioBytes() / width + ring.lostSamples();
            long settled = ring.sentSamples() - ring.lostSamples() - unsettled;
            return new InputAccounts(given, ring.sentSamples(), settled, ring.resentSamples(), dropped, unsettled);
        } finally {
            lock.unlock();
        }
    }

    /** Events other than audio handed to the transport. */
    long sentEvents() {
        return read(writer::sentEvents);
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
