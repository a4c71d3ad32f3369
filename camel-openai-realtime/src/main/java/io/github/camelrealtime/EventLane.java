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
 * The events of one session that wait for the route of one consumer, in order and bounded. Numbers them: a number that is
 * missing belongs to an event that was dropped, and the next event says how many.
 */
final class EventLane {

    /**
     * An event with its place in the lane.
     *
     * @param event    the event
     * @param sequence its number, from 1
     * @param dropped  how many were dropped just before it
     */
    record Numbered(SessionEvent event, long sequence, long dropped) {
    }

    private final int maxEvents;
    private final long maxBytes;
    private final BackpressureStrategy strategy;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Numbered> queue = new ArrayDeque<>();
    private long queuedBytes;
    private long sequence;
    private long droppedSinceLast;
    private long droppedInAll;
    private boolean overrun;

    EventLane(int maxEvents, long maxBytes, BackpressureStrategy strategy) {
        this.maxEvents = maxEvents;
        this.maxBytes = maxBytes;
        this.strategy = strategy;
    }

    /** Takes an event in or drops it, never waits. */
    void offer(SessionEvent event) {
        lock.lock();
        try {
            sequence++;
            if (overrun && queue.size() <= maxEvents / 2 && queuedBytes <= maxBytes / 2) {
                overrun = false;
            }
            if (overrun || isFull(event) && !makeRoom(event)) {
                droppedSinceLast++;
                droppedInAll++;
                return;
            }
            add(event);
        } finally {
            lock.unlock();
        }
    }

    private boolean isFull(SessionEvent event) {
        return queue.size() >= maxEvents || queuedBytes + event.bytes() > maxBytes && !queue.isEmpty();
    }

    /** Returns whether the event may come in after all. */
    private boolean makeRoom(SessionEvent event) {
        if (strategy == BackpressureStrategy.DROP_NEWEST && isAudio(event)) {
            return false;
        }
        if (strategy != BackpressureStrategy.FAIL) {
            while (isFull(event)) {
                if (!dropOldestAudio()) {
                    break;
                }
            }
            if (!isFull(event)) {
                return true;
            }
        }
        overrun = true;
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        members.put("reason", "The route is slower than the events come: " + queue.size() + " events and " + queuedBytes
                              + " bytes wait (options queueSize, maxQueuedBytes); events are lost until it has caught up");
        // one more than the bound, so that the route learns of it in the right place
        add(new SessionEvent(
                ServerEvent.local(LocalEvents.ERROR_OVERRUN, members), event.sessionName(), event.sessionId(), event.epoch(),
                event.receivedMillis(), null, null));
        sequence++;
        return false;
    }

    private boolean dropOldestAudio() {
        for (Iterator<Numbered> waiting = queue.iterator(); waiting.hasNext();) {
            Numbered old = waiting.next();
            if (isAudio(old.event())) {
                waiting.remove();
                queuedBytes -= old.event().bytes();
                droppedSinceLast++;
                droppedInAll++;
                return true;
            }
        }
        return false;
    }

    private static boolean isAudio(SessionEvent event) {
        return EventTypes.RESPONSE_OUTPUT_AUDIO_DELTA.equals(event.event().getType());
    }

    private void add(SessionEvent event) {
        queue.add(new Numbered(event, sequence, droppedSinceLast));
        droppedSinceLast = 0;
        queuedBytes += event.bytes();
    }

    /** The next event, {@code null} if none waits. */
    Numbered poll() {
        lock.lock();
        try {
            Numbered next = queue.poll();
            if (next != null) {
                queuedBytes -= next.event().bytes();
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        return size() == 0;
    }

    int size() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    /** Drops what waits, counted. */
    void clear() {
        lock.lock();
        try {
            droppedInAll += queue.size();
            queue.clear();
            queuedBytes = 0;
        } finally {
            lock.unlock();
        }
    }

    boolean isOverrun() {
        lock.lock();
        try {
            return overrun && !queue.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    long dropped() {
        lock.lock();
        try {
            return droppedInAll;
        } finally {
            lock.unlock();
        }
    }
}
