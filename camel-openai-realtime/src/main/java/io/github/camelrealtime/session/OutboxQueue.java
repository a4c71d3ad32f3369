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
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.ClientEvent;

/**
 * What waits in an {@link Outbox}: an ordered lane, an urgent one, the bound on audio, what is done beyond it and who waits
 * for room. Not thread-safe: the outbox's lock guards it. Completes no future that others wait for.
 */
final class OutboxQueue {

    /** As many entries as may wait before events are refused. */
    static final int MAX_EVENTS = 10_000;

    /** What became of a piece of audio. */
    enum Fate {
        QUEUED,
        DROPPED,
        REFUSED
    }

    private final AudioFormat wireFormat;
    private final SessionConfig.AudioQueue bound;
    private final Deque<OutboxEntry> ordered = new ArrayDeque<>();
    private final Deque<OutboxEntry> urgent = new ArrayDeque<>();
    private final List<CompletableFuture<Void>> dropped = new ArrayList<>();
    private final List<CompletableFuture<Void>> roomWaiters = new ArrayList<>();
    private long queuedAudioBytes;
    /** What waits to be sent again: it needs no room, as it has had its own before. */
    private long resentAudioBytes;
    private int resentEntries;
    private long droppedAudioBytes;
    /** Dropped by policy and not yet announced. */
    private long gapBytes;
    /** Whether audio waits for the next connection, or still leaves that has waited for it. */
    private boolean outage;
    /** Why nothing is taken in, {@code null} if it is. */
    private Exception refusal;

    OutboxQueue(AudioFormat wireFormat, SessionConfig.AudioQueue bound) {
        this.wireFormat = wireFormat;
        this.bound = bound;
    }

    /** Why nothing is to be put in, {@code null} if something may. */
    Exception refusal() {
        return refusal;
    }

    /** @param reason for which nothing is to be put in from now on, {@code null} to take things in again */
    void refuse(Exception reason) {
        refusal = reason;
    }

    boolean isFull() {
        return ordered.size() + urgent.size() - resentEntries >= MAX_EVENTS;
    }

    /** Whether another piece of audio is within the bound. */
    private boolean hasRoom() {
        return queuedAudioMillis() < bound.maxMillis();
    }

    /**
     * Whether another piece of audio of a source that does not wait is within the bound. What is said while a connection is
     * replaced is kept as long as what was said just before (ROLL-12), not only as long as what the present one is slow to take.
     */
    private boolean takesMore() {
        return hasRoom() || outage && queuedAudioMillis() < bound.unsettledMillis();
    }

    /** What waits from now on waits for the next connection. */
    void beginOutage() {
        outage = true;
    }

    /** See {@link Outbox#room}. */
    CompletableFuture<Void> room(boolean live) {
        if (bound.policy(live) != Overflow.BLOCK || hasRoom()) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> waiter = new CompletableFuture<>();
        roomWaiters.add(waiter);
        return waiter;
    }

    /** Those who have waited for room, once there is some. */
    List<CompletableFuture<Void>> takeFreed() {
        return roomWaiters.isEmpty() || !hasRoom() ? List.of() : takeWaiters();
    }

    /** Those who wait for room, room or not. */
    List<CompletableFuture<Void>> takeWaiters() {
        List<CompletableFuture<Void>> taken = new ArrayList<>(roomWaiters);
        roomWaiters.clear();
        return taken;
    }

    /** Whether an event waits for which this holds. */
    boolean holds(Predicate<ClientEvent> wanted) {
        return Stream.concat(urgent.stream(), ordered.stream()).map(OutboxEntry::event)
                .anyMatch(event -> event != null && wanted.test(event));
    }

    void add(OutboxEntry entry) {
        ordered.add(entry);
    }

    void addUrgent(OutboxEntry entry) {
        urgent.add(entry);
    }

    /** With {@link Overflow#BLOCK} it is taken without room too: whoever asks for room first goes over by one piece at most. */
    Fate offerAudio(OutboxEntry entry, boolean live) {
        if (!takesMore()) {
            switch (bound.policy(live)) {
                case FAIL:
                    countDropped(entry);
                    return Fate.REFUSED;
                case DROP_NEWEST:
                    countDropped(entry);
                    gapBytes += entry.audioBytes();
                    return Fate.DROPPED;
                case DROP_OLDEST:
                    dropOldest(entry.audioBytes());
                    break;
                default:
                    break;
            }
        }
        ordered.add(entry);
        count(entry, 1);
        return Fate.QUEUED;
    }

    private void dropOldest(long needed) {
        long freed = 0;
        for (Iterator<OutboxEntry> waiting = ordered.iterator(); waiting.hasNext() && freed < needed;) {
            OutboxEntry old = waiting.next();
            // what was sent before is held by its own bound
            if (old.isAudio() && !old.isResent()) {
                waiting.remove();
                freed += old.audioBytes();
                countDropped(old);
                dropped.add(old.sent);
            }
        }
        queuedAudioBytes -= freed;
        gapBytes += freed;
    }

    private void count(OutboxEntry entry, int times) {
        if (entry.isResent()) {
            resentAudioBytes += (long) times * entry.audioBytes();
            resentEntries += times;
        } else {
            queuedAudioBytes += (long) times * entry.audioBytes();
        }
    }

    void countDropped(OutboxEntry audio) {
        droppedAudioBytes += audio.audioBytes();
    }

    /** How much was dropped by policy since this was last asked, in ms. */
    long takeGapMillis() {
        long millis = wireFormat.millisOf(gapBytes);
        gapBytes = 0;
        return millis;
    }

    /** The futures of what was dropped to make room, once. */
    List<CompletableFuture<Void>> takeDropped() {
        if (dropped.isEmpty()) {
            return List.of();
        }
        List<CompletableFuture<Void>> taken = new ArrayList<>(dropped);
        dropped.clear();
        return taken;
    }

    OutboxEntry pollUrgent() {
        return urgent.poll();
    }

    /** The next of the ordered lane, which stays there; {@code null} if none waits. */
    OutboxEntry peek() {
        return ordered.peek();
    }

    OutboxEntry poll() {
        OutboxEntry entry = ordered.poll();
        count(entry, -1);
        outage = entry.isHold() || outage && !hasRoom();
        return entry;
    }

    /** Puts back what was taken out last and could not leave. */
    void putBack(OutboxEntry entry, boolean overtaking) {
        if (overtaking) {
            urgent.addFirst(entry);
        } else {
            ordered.addFirst(entry);
            count(entry, 1);
        }
    }

    /** Puts this before everything that waits in order, but behind a hold that comes first. */
    void addFirst(List<OutboxEntry> entries) {
        OutboxEntry hold = ordered.peek() != null && ordered.peek().isHold() ? ordered.poll() : null;
        for (int i = entries.size() - 1; i >= 0; i--) {
            ordered.addFirst(entries.get(i));
            count(entries.get(i), 1);
        }
        if (hold != null) {
            ordered.addFirst(hold);
        }
    }

    /**
     * The connection is lost: takes out what makes no sense on the next. That is what overtakes (it is about responses and
     * calls of the lost one), and what is withdrawn.
     *
     * @param withdrawn ids of events that are not to leave
     */
    OutboxCut cut(Set<String> withdrawn) {
        OutboxCut cut = new OutboxCut();
        urgent.forEach(entry -> cut.failed.add(entry.sent));
        urgent.clear();
        for (Iterator<OutboxEntry> waiting = ordered.iterator(); waiting.hasNext();) {
            OutboxEntry entry = waiting.next();
            if (entry.isHold() || entry.isCarry()) {
                waiting.remove();
                cut.released.add(entry.sent);
            } else if (entry.eventId() != null && withdrawn.contains(entry.eventId())) {
                waiting.remove();
                cut.failed.add(entry.sent);
            } else if (entry.eventId() != null) {
                cut.staying.add(entry.eventId());
            }
        }
        cut.released.addAll(takeFreed());
        return cut;
    }

    /** Takes out events that wait, by their ids. */
    List<OutboxEntry> withdraw(Collection<String> eventIds) {
        List<OutboxEntry> withdrawn = new ArrayList<>();
        for (Deque<OutboxEntry> lane : List.of(ordered, urgent)) {
            lane.stream().filter(entry -> entry.eventId() != null && eventIds.contains(entry.eventId())).forEach(withdrawn::add);
            lane.removeIf(withdrawn::contains);
        }
        return withdrawn;
    }

    /** Takes everything out; audio among it counts as dropped. */
    List<OutboxEntry> clear() {
        List<OutboxEntry> all = new ArrayList<>(ordered);
        all.addAll(urgent);
        all.forEach(this::countDropped);
        ordered.clear();
        outage = false;
        urgent.clear();
        queuedAudioBytes = 0;
        resentAudioBytes = 0;
        resentEntries = 0;
        return all;
    }

    long queuedAudioMillis() {
        return wireFormat.millisOf(queuedAudioBytes);
    }

    long droppedAudioMillis() {
        return wireFormat.millisOf(droppedAudioBytes);
    }

    /** Audio dropped or refused, in bytes. */
    long droppedAudioBytes() {
        return droppedAudioBytes;
    }

    /** Where in the stream the first audio lies that waits, in samples; empty if none does. */
    OptionalLong firstSample() {
        return ordered.stream().filter(entry -> entry.isAudio() && entry.stream() != OutboxEntry.NOWHERE)
                .mapToLong(OutboxEntry::stream).min();
    }

    /** Audio of the stream that waits to be sent again, in bytes. */
    long resentAudioBytes() {
        return resentAudioBytes;
    }
}
