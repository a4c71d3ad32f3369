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
import java.util.concurrent.locks.ReentrantLock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.ClientEvent;

/**
 * Changes of a session while it is open: only what differs from what the service holds is sent (CFG-5), and what cannot be
 * changed is refused here (CFG-4). Who ends turns follows ({@link AudioInbox#update}). Changes outlive the connection: the next
 * one is configured with them (trap T-25).
 *
 * <p>Thread-safe. Nothing is sent under the lock.
 */
final class SessionChanges {

    private final String sessionName;
    private final SessionConfig config;
    private final Acknowledgements acknowledgements;
    private final AudioInbox inbox;

    private final ReentrantLock lock = new ReentrantLock();
    /** Updates without an answer, in order; told apart by identity. */
    private final List<ObjectNode> underWay = new ArrayList<>();
    /** What updates were about whose answer did not come in time: the service may hold it or not, until it says so. */
    private final ObjectNode doubtful = JsonNodeFactory.instance.objectNode();
    /** What the service last said that it holds, on the present connection; {@code null} if it has not said so yet. */
    private JsonNode confirmed;
    /** What was changed since the session was opened, and not refused. */
    private final ObjectNode kept = JsonNodeFactory.instance.objectNode();

    SessionChanges(String sessionName, SessionConfig config, Acknowledgements acknowledgements, AudioInbox inbox) {
        this.sessionName = sessionName;
        this.config = config;
        this.acknowledgements = acknowledgements;
        this.inbox = inbox;
    }

    /**
     * Changes the session.
     *
     * @param  held    what the service holds
     * @param  wanted  members to set; {@code type} and the rate of PCM are added
     * @param  eventId of the {@code session.update}, {@code null} for a new one
     * @param  awaited whether somebody waits for the answer; if not, a refusal goes out as an error event
     * @return         {@link Acknowledged#NOTHING} if the service holds all of it already
     */
    Acknowledged update(EffectiveSession held, ObjectNode wanted, String eventId, boolean awaited) {
        String violation = SessionLocks.violation(wanted, config, held.session(), held.isAssistantHeard());
        if (violation != null) {
            return Acknowledged.failed(new RealtimeException(sessionName, "Session " + sessionName + ": " + violation));
        }
        ObjectNode members = wanted.deepCopy();
        // checked above; the type goes with every update (trap T-19), the model with none
        members.remove(List.of("type", "model"));
        PcmRates.add(members);
        ObjectNode change = begin(members, held.session());
        if (change.isEmpty()) {
            return Acknowledged.NOTHING;
        }
        ObjectNode typed = JsonNodeFactory.instance.objectNode().put("type", config.type().wireName());
        ClientEvent event = ClientEvent.sessionUpdate(typed.setAll(change));
        Acknowledged asked = acknowledgements.send(
                eventId == null ? event : event.with("event_id", eventId), awaited, inbox::update);
        // who waits gets this future and not that one: it must not go on before the change is accounted for
        return new Acknowledged(asked.sent(), asked.answer().whenComplete((updated, failure) -> {
            end(change, failure instanceof TimedOutException);
            if (!(failure instanceof RequestRefusedException) && asked.sent().isDone()
                    && !asked.sent().isCompletedExceptionally()) {
                keep(change);
            }
            if (!(failure instanceof SessionClosedException)) {
                // what was refused is not so, and what others have under way is not so yet
                follow();
            }
        }));
    }

    private ObjectNode begin(ObjectNode members, JsonNode effective) {
        lock.lock();
        try {
            ObjectNode change = SessionDiff.of(members, effective, open());
            if (!change.isEmpty()) {
                underWay.add(change);
            }
            return change;
        } finally {
            lock.unlock();
        }
    }

    private List<ObjectNode> open() {
        List<ObjectNode> open = new ArrayList<>();
        open.add(doubtful);
        open.addAll(underWay);
        return open;
    }

    private void end(ObjectNode change, boolean unanswered) {
        lock.lock();
        try {
            underWay.removeIf(one -> one == change);
            if (unanswered) {
                SessionDiff.merge(doubtful, change);
            }
        } finally {
            lock.unlock();
        }
    }

    /** It has left and was not refused, so every connection from now on is to have it. */
    private void keep(ObjectNode change) {
        lock.lock();
        try {
            SessionDiff.put(kept, change);
        } finally {
            lock.unlock();
        }
    }

    /** Another life of the session begins, with the configuration that it was given. */
    void begin() {
        lock.lock();
        try {
            kept.removeAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * What another connection is to be configured with: the configuration of the session and what was changed since, and
     * nothing that is the service's own default. A new object; {@code null} if there is nothing to configure.
     */
    ObjectNode configurationForNextEpoch(ObjectNode firstUpdate) {
        lock.lock();
        try {
            if (firstUpdate == null && kept.isEmpty()) {
                return null;
            }
            ObjectNode whole = firstUpdate == null
                    ? JsonNodeFactory.instance.objectNode().put("type", config.type().wireName())
                    : firstUpdate.deepCopy();
            SessionDiff.put(whole, kept);
            return whole;
        } finally {
            lock.unlock();
        }
    }

    private void follow() {
        JsonNode certain;
        lock.lock();
        try {
            if (confirmed == null) {
                return;
            }
            certain = SessionDiff.certain(confirmed, open());
        } finally {
            lock.unlock();
        }
        inbox.configured(certain);
    }

    /** The service says what it holds; anything but an object says nothing. */
    void configured(JsonNode session) {
        if (!session.isObject()) {
            return;
        }
        lock.lock();
        try {
            doubtful.removeAll();
            confirmed = session;
        } finally {
            lock.unlock();
        }
        follow();
    }

    /**
     * The connection is gone; the next one begins with its own configuration. Updates that have not left may leave by that, so
     * they are under way until their answer comes or fails.
     */
    void reset() {
        lock.lock();
        try {
            doubtful.removeAll();
            confirmed = null;
        } finally {
            lock.unlock();
        }
    }
}
