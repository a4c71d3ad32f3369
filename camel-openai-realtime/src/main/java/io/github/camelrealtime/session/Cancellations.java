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

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.LogText;
import io.github.camelrealtime.event.ServerEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Responses that nobody wants to hear any more: those that have been cancelled, by us or by the service, and those that are
 * done. Deltas of theirs are kept back and counted (RESP-10, trap T-6), and so is a second end; other events that end something
 * pass, so that whoever keeps books on items, texts and calls sees their end.
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
    /** Responses that are done, the last of which something came at the end. */
    private final Set<String> over = Collections.newSetFromMap(new BoundedMap<>(MOST));
    /** The response whose delta came last, and was wanted: nearly always the next delta is of the same. */
    private volatile String wanted;
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
     * @return         what the caller has to send, {@code null} if it is cancelled already, or done
     */
    ClientEvent prepare(String responseId, String eventId) {
        ClientEvent cancel = ClientEvent.responseCancel(responseId);
        if (eventId != null) {
            cancel = cancel.with("event_id", eventId);
        }
        lock.lock();
        try {
            if (over.contains(responseId)) {
                lostRaces++;
                return null;
            }
            if (running.putIfAbsent(responseId, cancel.getEventId()) != null) {
                return null;
            }
            wanted = null;
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
            wanted = null;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether that is as good as success. */
    private boolean refused(String responseId, RequestRefusedException refusal) {
        uncancelled(responseId);
        if (!NOT_ACTIVE.equals(refusal.getCode())) {
            return false;
        }
        lock.lock();
        try {
            lostRaces++;
        } finally {
            lock.unlock();
        }
        LOG.debug("Session {}: response {} was over before it could be cancelled", sessionName, LogText.of(responseId));
        return true;
    }

    private void uncancelled(String responseId) {
        lock.lock();
        try {
            running.remove(responseId);
        } finally {
            lock.unlock();
        }
    }

    /** This response is over. */
    void done(String responseId) {
        String cancel;
        lock.lock();
        try {
            cancel = running.remove(responseId);
            over.add(responseId);
            wanted = null;
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

    /** Whether this response is done. */
    boolean isOver(String responseId) {
        lock.lock();
        try {
            return over.contains(responseId);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether nobody wants the event any more: a delta of a response that is cancelled or done, or the end of one that has
     * ended. Counts it.
     */
    boolean drops(ServerEvent event) {
        String responseId = event.getResponseId();
        if (responseId == null || responseId.equals(wanted)) {
            // what is done or cancelled is not wanted
            return false;
        }
        boolean delta = event.getType().endsWith(EventTypes.DELTA_SUFFIX);
        if (!delta && !EventTypes.RESPONSE_DONE.equals(event.getType())) {
            return false;
        }
        lock.lock();
        try {
            if (over.remove(responseId)) {
                // of so many the one that is spoken of is the last to be forgotten
                over.add(responseId);
                dropped++;
                return true;
            }
            if (delta && running.containsKey(responseId)) {
                dropped++;
                return true;
            }
            wanted = delta ? responseId : wanted;
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** The connection is gone, and its responses with it. */
    void reset() {
        lock.lock();
        try {
            running.clear();
            over.clear();
            wanted = null;
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
