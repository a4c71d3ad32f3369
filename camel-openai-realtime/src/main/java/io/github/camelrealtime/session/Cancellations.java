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

import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Responses that have been cancelled and are not done yet, by us or by the service. What they still say was not wanted any
 * more when it came, so their deltas are kept back and counted (RESP-10, trap T-6); events that end something pass, so that
 * whoever keeps books on items, texts and calls sees their end.
 *
 * <p>A cancel that comes too late has reached its aim (RESP-9, trap T-4).
 *
 * <p>Thread-safe. Nothing is sent under the lock.
 */
final class Cancellations {

    private static final Logger LOG = LoggerFactory.getLogger(Cancellations.class);
    private static final int MOST = 100;
    /** Instead of the id of a cancel of ours. */
    private static final String BY_SERVICE = "";
    private static final String NOT_ACTIVE = "response_cancel_not_active";

    private final String sessionName;
    private final Outbox outbox;
    private final Refusals refusals;

    private final ReentrantLock lock = new ReentrantLock();
    /** Response id to event id of the cancel. */
    private final Map<String, String> running = new BoundedMap<>(MOST);
    /** Read for each delta: nearly always there is none. */
    private volatile boolean any;
    private long dropped;
    private long lostRaces;

    Cancellations(String sessionName, Outbox outbox, Refusals refusals) {
        this.sessionName = sessionName;
        this.outbox = outbox;
        this.refusals = refusals;
    }

    /**
     * Cancels this response unless that has been done.
     *
     * @param eventId of the cancel, {@code null} for a new one
     */
    void cancel(String responseId, String eventId) {
        ClientEvent cancel = prepare(responseId, eventId);
        if (cancel != null) {
            outbox.sendUrgent(cancel);
        }
    }

    /**
     * Takes this response for cancelled.
     *
     * @param  eventId of the cancel, {@code null} for a new one
     * @return         what the caller has to send, {@code null} if it is cancelled already
     */
    ClientEvent prepare(String responseId, String eventId) {
        ClientEvent cancel = ClientEvent.responseCancel(responseId);
        if (eventId != null) {
            cancel = cancel.with("event_id", eventId);
        }
        lock.lock();
        try {
            if (running.putIfAbsent(responseId, cancel.getEventId()) != null) {
                return null;
            }
            any = true;
        } finally {
            lock.unlock();
        }
        refusals.expect(cancel, refused -> refused(responseId, refused));
        return cancel;
    }

    /** The service cancels this response itself. */
    void byService(String responseId) {
        lock.lock();
        try {
            running.putIfAbsent(responseId, BY_SERVICE);
            any = true;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether that is as good as success. */
    private boolean refused(String responseId, RequestRefusedException refusal) {
        done(responseId);
        if (!NOT_ACTIVE.equals(refusal.getCode())) {
            return false;
        }
        lock.lock();
        try {
            lostRaces++;
        } finally {
            lock.unlock();
        }
        LOG.debug("Session {}: response {} was over before it could be cancelled", sessionName, responseId);
        return true;
    }

    /** This response is over. */
    void done(String responseId) {
        String cancel;
        lock.lock();
        try {
            cancel = running.remove(responseId);
            any = !running.isEmpty();
        } finally {
            lock.unlock();
        }
        if (cancel != null && !cancel.equals(BY_SERVICE)) {
            refusals.forget(cancel);
        }
    }

    /** Whether this response has been cancelled and is not done yet. */
    boolean contains(String responseId) {
        lock.lock();
        try {
            return running.containsKey(responseId);
        } finally {
            lock.unlock();
        }
    }

    /** Whether the event is a delta that nobody wants any more. Counts it. */
    boolean drops(ServerEvent event) {
        if (!any || event.getResponseId() == null || !event.getType().endsWith(EventTypes.DELTA_SUFFIX)) {
            return false;
        }
        lock.lock();
        try {
            if (!running.containsKey(event.getResponseId())) {
                return false;
            }
            dropped++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The connection is gone, and its responses with it. */
    void reset() {
        lock.lock();
        try {
            running.clear();
            any = false;
        } finally {
            lock.unlock();
        }
    }

    /** Deltas kept back since the session exists. */
    long droppedDeltas() {
        return read(() -> dropped);
    }

    /** Cancels that came too late since the session exists. */
    long lostRaces() {
        return read(() -> lostRaces);
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
