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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

import com.fasterxml.jackson.databind.JsonNode;
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
    private static final int MAX_PHASES = 1000;
    private static final int MAX_NOTED_TYPES = 200;

    private final String sessionName;
    private final Timers timers;
    private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
    private final List<Subscription> insiders = new CopyOnWriteArrayList<>();
    private final Set<String> notedTypes = ConcurrentHashMap.newKeySet();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder stale = new LongAdder();
    /** Phase by assistant item; touched by the reader thread only. */
    private final Map<String, String> phases = new BoundedMap<>(MAX_PHASES);
    /** Items that {@code idle_timeout_ms} made; touched by the reader thread only. */
    private final Map<String, Boolean> idleItems = new BoundedMap<>(MAX_PHASES);

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

    /** An event of the service, on the reader thread. */
    void deliver(Epoch epoch, ServerEvent event) {
        if (EventTypes.RESPONSE_OUTPUT_AUDIO_DELTA.equals(event.getType())) {
            // the hot path: nothing to look up
            pass(new SessionEvent(event, sessionName, epoch.sessionId, epoch.number, timers.millis(), null, null));
            return;
        }
        noteUnknown(event);
        TranscriptAssembler.Progress transcript = epoch.transcripts.onEvent(event);
        if (transcript == TranscriptAssembler.STALE) {
            stale.increment();
            LOG.debug("Session {}: {} of item {} came after the final transcript and is dropped",
                    sessionName, event.getType(), event.getItemId());
            return;
        }
        SessionEvent enriched = new SessionEvent(
                event, sessionName, epoch.sessionId, epoch.number, timers.millis(), transcript, phase(event),
                isIdle(event));
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

    private boolean isIdle(ServerEvent event) {
        String itemId = event.getItemId();
        if (itemId == null) {
            return false;
        }
        if (EventTypes.INPUT_AUDIO_BUFFER_TIMEOUT_TRIGGERED.equals(event.getType())) {
            idleItems.put(itemId, true);
        }
        return idleItems.containsKey(itemId);
    }

    private String phase(ServerEvent event) {
        String itemId = event.getItemId();
        if (itemId == null) {
            return null;
        }
        if (EventTypes.RESPONSE_OUTPUT_ITEM_ADDED.equals(event.getType())
                || EventTypes.CONVERSATION_ITEM_ADDED.equals(event.getType())) {
            JsonNode phase = event.getJson().path("item").path("phase");
            if (phase.isTextual()) {
                phases.put(itemId, phase.textValue());
            }
        }
        return phases.get(itemId);
    }

    private void noteUnknown(ServerEvent event) {
        if (!EventTypes.serverTypes().contains(event.getType()) && notedTypes.size() < MAX_NOTED_TYPES
                && notedTypes.add(event.getType())) {
            LOG.debug("Session {}: event type {} is new to this component; it is passed on as it is", sessionName, event.getType());
        }
    }

    /** An event of our own making, from any thread. */
    void deliverLocal(Epoch epoch, String type, ObjectNode members) {
        pass(new SessionEvent(
                ServerEvent.local(type, members), sessionName, epoch == null ? null : epoch.sessionId,
                epoch == null ? 0 : epoch.number, timers.millis(), null, null));
    }

    /** An item whose transcript did not come in time. */
    void deliverMissing(Epoch epoch, String itemId) {
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        members.put("item_id", itemId);
        members.put("reason", "timeout");
        deliverLocal(epoch, LocalEvents.TRANSCRIPT_MISSING, members);
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
            pass(new SessionEvent(
                    ServerEvent.local(LocalEvents.TRANSCRIPT_ABANDONED, members), sessionName, epoch.sessionId, epoch.number,
                    timers.millis(), partial, null));
        }
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
