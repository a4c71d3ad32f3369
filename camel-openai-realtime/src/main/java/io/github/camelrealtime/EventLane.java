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

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.locks.ReentrantLock;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;
import io.github.camelrealtime.session.LocalEvents;
import io.github.camelrealtime.session.SessionEvent;

/**
 * Events that wait in memory. Numbers them: a number that is missing belongs to an event that was dropped, and the next
 * event says how many.
 *
 * <p>Deltas and all other events have a bound each, of the same size: however many deltas come, they cannot push out a
 * final transcript, a tool call or a lifecycle event.
 */
final class EventLane implements EventQueue {

    private record Waiting(SessionEvent event, long sequence, Share share) {
    }

    /** What waits of one sort. */
    private final class Share {
        int events;
        long bytes;

        boolean isFull(SessionEvent event) {
            return events >= maxEvents || bytes + event.bytes() > maxBytes && events > 0;
        }

        boolean isHalfEmpty() {
            return events <= maxEvents / 2 && bytes <= maxBytes / 2;
        }

        void add(SessionEvent event) {
            events++;
            bytes += event.bytes();
        }

        void remove(SessionEvent event) {
            events--;
            bytes -= event.bytes();
        }
    }

    private final int maxEvents;
    private final long maxBytes;
    private final BackpressureStrategy strategy;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private final Share deltas = new Share();
    private final Share others = new Share();
    /**
     * Without a bound, so that they take no final's place: the next overrun waits until most of the lane is routed. The end of
     * a session is one of them, and a session has one: without it the lane would wait for ever for more.
     */
    private final Share notices = new Share();
    private long sequence;
    private long polled;
    private long dropped;
    private boolean overrun;

    EventLane(int maxEvents, long maxBytes, BackpressureStrategy strategy) {
        this(maxEvents, maxBytes, strategy, 0);
    }

    /** @param numbered the number to go on from */
    EventLane(int maxEvents, long maxBytes, BackpressureStrategy strategy, long numbered) {
        this.sequence = numbered;
        this.polled = numbered;
        this.maxEvents = maxEvents;
        this.maxBytes = maxBytes;
        this.strategy = strategy;
    }

    @Override
    public void offer(SessionEvent event) {
        boolean delta = event.event().getType().endsWith(EventTypes.DELTA_SUFFIX);
        lock.lock();
        try {
            sequence++;
            if (LocalEvents.endsSession(event.event().getType())) {
                add(new Waiting(event, sequence, notices));
                return;
            }
            if (overrun && deltas.isHalfEmpty() && others.isHalfEmpty()) {
                overrun = false;
            }
            // a route that was overrun gets no more deltas until it has caught up: one hole, not a thousand
            if (overrun && delta || share(delta).isFull(event) && !makeRoom(event, delta)) {
                dropped++;
                return;
            }
            add(new Waiting(event, sequence, share(delta)));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void offerUnnumbered(SessionEvent event) {
        lock.lock();
        try {
            add(new Waiting(event, 0, notices));
        } finally {
            lock.unlock();
        }
    }

    private Share share(boolean delta) {
        return delta ? deltas : others;
    }

    private void add(Waiting waiting) {
        queue.add(waiting);
        waiting.share().add(waiting.event());
    }

    /** Returns whether the event may come in after all. */
    private boolean makeRoom(SessionEvent event, boolean delta) {
        if (strategy == BackpressureStrategy.DROP_NEWEST && isAudio(event)) {
            return false;
        }
        if (delta && strategy != BackpressureStrategy.FAIL) {
            while (deltas.isFull(event) && dropOldestAudio()) {
                // until there is room, or no audio left to drop
            }
            if (!deltas.isFull(event)) {
                return true;
            }
        }
        if (!overrun) {
            overrun = true;
            tellOverrun(event);
        }
        return false;
    }

    /** One more than the bound, so that the route learns of it in the right place: it takes the number of the lost event. */
    private void tellOverrun(SessionEvent lost) {
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        members.put("reason", "The route is slower than the events come: " + queue.size() + " events and "
                              + (deltas.bytes + others.bytes) + " bytes wait (options queueSize, maxQueuedBytes); events are "
                              + "lost until it has caught up");
        add(new Waiting(
                new SessionEvent(
                        ServerEvent.local(LocalEvents.ERROR_OVERRUN, members), lost.sessionName(), lost.sessionId(),
                        lost.epoch(), lost.receivedMillis(), null, null),
                sequence, notices));
        sequence++;
    }

    private boolean dropOldestAudio() {
        for (Iterator<Waiting> waiting = queue.iterator(); waiting.hasNext();) {
            Waiting old = waiting.next();
            if (isAudio(old.event())) {
                waiting.remove();
                deltas.remove(old.event());
                dropped++;
                return true;
            }
        }
        return false;
    }

    /** Whether it is a piece of the model's voice. */
    static boolean isAudio(SessionEvent event) {
        return EventTypes.RESPONSE_OUTPUT_AUDIO_DELTA.equals(event.event().getType());
    }

    @Override
    public Numbered poll() {
        lock.lock();
        try {
            Waiting next = queue.poll();
            if (next == null) {
                return null;
            }
            next.share().remove(next.event());
            if (next.sequence() == 0) {
                return new Numbered(next.event(), 0, 0, false);
            }
            // numbers are given without holes, so what is missing now was dropped
            long missing = next.sequence() - polled - 1;
            polled = next.sequence();
            return new Numbered(next.event(), next.sequence(), missing, false);
        } finally {
            lock.unlock();
        }
    }

    /** What the route has failed is gone. */
    @Override
    public void settle(boolean delivered) {
        // nothing is kept
    }

    @Override
    public boolean isReady() {
        return !isEmpty();
    }

    @Override
    public boolean isEmpty() {
        return size() == 0;
    }

    @Override
    public int size() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void clear() {
        lock.lock();
        try {
            dropped += queue.size();
            queue.forEach(waiting -> waiting.share().remove(waiting.event()));
            queue.clear();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isOverrun() {
        lock.lock();
        try {
            return overrun && !queue.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }
}
