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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the events of a session to its subscriptions, enriched with what the session knows.
 */
final class EventFanOut {

    private static final Logger LOG = LoggerFactory.getLogger(EventFanOut.class);
    private static final int MAX_NOTED_TYPES = 200;

    private final String sessionName;
    private final Timers timers;
    private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
    private final List<Subscription> insiders = new CopyOnWriteArrayList<>();
    private final Set<String> notedTypes = ConcurrentHashMap.newKeySet();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder stale = new LongAdder();
    private final ItemMemory memory = new ItemMemory();

    EventFanOut(String sessionName, Timers timers) {
        this.sessionName = sessionName;
        this.timers = timers;
    }

    void add(Subscription subscription) {
        subscriptions.add(subscription);
    }

    /** Adds somebody within the session, who gets finals as they come and not in the order of the conversation. */
    void addInsider(Subscription insider) {
        insiders.add(insider);
    }

    void remove(Subscription subscription) {
        subscriptions.remove(subscription);
        insiders.remove(subscription);
    }

    /**
     * The hot path, on the reader thread: a piece of the model's voice. There is nothing to look up.
     *
     * @param endBytes where in its part the piece ends
     */
    void deliverVoice(Epoch epoch, ServerEvent delta, long endBytes) {
        pass(new SessionEvent(
                delta, sessionName, epoch.sessionId, epoch.number, timers.millis(), null, null, endBytes));
    }

    /**
     * Any other event of the service, on the reader thread.
     *
     * @param voiceEndBytes of the marker of a part's end: how long the part is
     */
    void deliver(Epoch epoch, ServerEvent event, long voiceEndBytes) {
        noteUnknown(event);
        TranscriptAssembler.Progress transcript = epoch.transcripts.onEvent(event);
        if (transcript == TranscriptAssembler.STALE) {
            stale.increment();
            LOG.debug("Session {}: {} of item {} came after the final transcript and is dropped",
                    sessionName, event.getType(), event.getItemId());
            return;
        }
        SessionEvent enriched = new SessionEvent(
                event, sessionName, epoch.sessionId, epoch.number, timers.millis(), transcript,
                memory.take(event, epoch.spans), voiceEndBytes);
        insiders.forEach(insider -> tell(insider, enriched));
        if (epoch.order != null && TranscriptOrder.isFinal(event)) {
            epoch.order.offer(enriched);
            return;
        }
        pass(enriched);
        if (epoch.order != null) {
            epoch.order.observe(event);
        }
    }

    private void noteUnknown(ServerEvent event) {
        if (!EventTypes.serverTypes().contains(event.getType()) && notedTypes.size() < MAX_NOTED_TYPES
                && notedTypes.add(event.getType())) {
            LOG.debug("Session {}: event type {} is new to this component; it is passed on as it is", sessionName, event.getType());
        }
    }

    /** An event of our own making, from any thread. */
    void deliverLocal(Epoch epoch, String type, ObjectNode members) {
        deliverLocal(epoch, type, members, null);
    }

    private void deliverLocal(Epoch epoch, String type, ObjectNode members, TranscriptAssembler.Progress transcript) {
        ServerEvent event = ServerEvent.local(type, members);
        pass(new SessionEvent(
                event, sessionName, epoch == null ? null : epoch.sessionId, epoch == null ? 0 : epoch.number, timers.millis(),
                transcript, epoch == null ? null : memory.take(event, epoch.spans)));
    }

    /** An item whose transcript did not come in time. */
    void deliverMissing(Epoch epoch, String itemId) {
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        members.put("item_id", itemId);
        members.put("reason", "timeout");
        deliverLocal(epoch, LocalEvents.TRANSCRIPT_MISSING, members, epoch.transcripts.missing(itemId, "timeout"));
    }

    /** Finals that were held, and partial transcripts that will get no final one. */
    void deliverAbandoned(Epoch epoch, String reason) {
        if (epoch.order != null) {
            epoch.order.flush();
        }
        for (TranscriptAssembler.Progress partial : epoch.transcripts.abandoned(reason)) {
            ObjectNode members = JsonNodeFactory.instance.objectNode();
            members.put("item_id", partial.itemId());
            members.put("content_index", partial.contentIndex());
            members.put("role", partial.role());
            members.put("transcript", partial.text());
            members.put("reason", reason);
            deliverLocal(epoch, LocalEvents.TRANSCRIPT_ABANDONED, members, partial);
        }
    }

    /** Whether any subscription wants events of this type. */
    boolean isWanted(String type) {
        return subscriptions.stream().anyMatch(subscription -> subscription.wants(type));
    }

    /** Gives an event to all subscriptions. */
    void pass(SessionEvent event) {
        delivered.increment();
        for (Subscription subscription : subscriptions) {
            tell(subscription, event);
        }
    }

    private void tell(Subscription subscription, SessionEvent event) {
        try {
            subscription.onEvent(event);
        } catch (RuntimeException e) {
            // a defect of one subscription must cost neither the socket nor the others anything
            LOG.warn("Session {}: a subscription failed on {}", sessionName, event, e);
        }
    }

    /** Events passed on since the session exists. */
    long delivered() {
        return delivered.sum();
    }

    /** Events kept back because the transcript they belong to was final already. */
    long stale() {
        return stale.sum();
    }
}
