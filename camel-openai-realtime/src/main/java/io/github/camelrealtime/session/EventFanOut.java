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
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.LogText;
import io.github.camelrealtime.event.ServerEvent;
import io.github.camelrealtime.event.SessionType;
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
    private final BooleanSupplier transcribesInput;
    private final Finals finals;
    /** {@code null} where nobody answers: there a segment's final says all there is to say. */
    private final TurnAssembler turns;

    /**
     * @param transcribesInput whether the user's speech is transcribed now
     * @param unheardMillis    how long what the model has said will still be played; 0 if nobody plays it
     */
    EventFanOut(String sessionName, SessionConfig config, BooleanSupplier transcribesInput, LongSupplier unheardMillis,
                Timers timers) {
        this.sessionName = sessionName;
        this.transcribesInput = transcribesInput;
        this.timers = timers;
        this.finals = new Finals(config.timeouts().transcript(), timers);
        this.turns = config.type() == SessionType.REALTIME
                ? new TurnAssembler(
                        sessionName, config.timeouts().transcript(), transcribesInput, unheardMillis, timers, this::pass)
                : null;
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
        long now = timers.millis();
        pass(new SessionEvent(delta, sessionName, epoch.sessionId, epoch.number, now, null, null, endBytes));
        if (turns != null) {
            turns.onAudio(delta.getResponseId(), now);
        }
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
                    sessionName, event.getType(), LogText.of(event.getItemId()));
            return;
        }
        SessionEvent enriched = new SessionEvent(
                event, sessionName, epoch.sessionId, epoch.number, timers.millis(), transcript,
                memory.take(event, epoch.number, epoch.spans), voiceEndBytes);
        insiders.forEach(insider -> tell(insider, enriched));
        if (EventTypes.INPUT_AUDIO_BUFFER_COMMITTED.equals(event.getType()) && transcribesInput.getAsBoolean()) {
            finals.committed(epoch, event);
        }
        if (TranscriptOrder.isFinal(event)) {
            if (epoch.order == null) {
                passFinal(epoch, enriched);
                assemble(enriched);
            } else {
                epoch.order.offer(enriched);
            }
            return;
        }
        pass(enriched);
        if (epoch.order != null) {
            epoch.order.observe(event);
        }
        assemble(enriched);
    }

    /** Something that may complete a turn has been given out, as have the finals that came with it. */
    void assemble(SessionEvent event) {
        if (turns != null) {
            turns.onEvent(event);
        }
    }

    /** A final whose turn has come; {@link #assemble} is told of it afterwards. */
    void passFinal(Epoch epoch, SessionEvent event) {
        SessionEvent due = finals.take(epoch, event);
        if (due == null) {
            LOG.debug("Session {}: the final of item {} says what an earlier epoch has said and is dropped",
                    sessionName, LogText.of(event.event().getItemId()));
            if (event.transcript() != null && event.transcript().version() > 1) {
                retract(epoch, event.transcript(), event.event().getTranscript(), "repeated");
            }
        } else {
            pass(due);
        }
    }

    private void noteUnknown(ServerEvent event) {
        if (EventTypes.serverTypes().contains(event.getType()) || notedTypes.size() >= MAX_NOTED_TYPES) {
            return;
        }
        String type = LogText.of(event.getType());
        if (notedTypes.add(type)) {
            LOG.debug("Session {}: event type {} is new to this component; it is passed on as it is", sessionName, type);
        }
    }

    /** An event of our own making, from any thread. */
    void deliverLocal(Epoch epoch, String type, ObjectNode members) {
        SessionEvent event = local(epoch, type, members, null);
        pass(event);
        assemble(event);
    }

    private SessionEvent local(Epoch epoch, String type, ObjectNode members, TranscriptAssembler.Progress transcript) {
        ServerEvent event = ServerEvent.local(type, members);
        return new SessionEvent(
                event, sessionName, epoch == null ? null : epoch.sessionId, epoch == null ? 0 : epoch.number, timers.millis(),
                transcript, epoch == null ? null : memory.take(event, epoch.number, epoch.spans), 0);
    }

    /**
     * An item whose transcript will not come.
     *
     * @param  reason {@code timeout}, {@code reconnecting} or {@code drained}
     * @return        what {@link #assemble} is to be told of when the finals that waited for it are out
     */
    SessionEvent deliverMissing(Epoch epoch, String itemId, String reason) {
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        members.put("item_id", itemId);
        members.put("reason", reason);
        SessionEvent missing = local(
                epoch, LocalEvents.TRANSCRIPT_MISSING, members, epoch.transcripts.missing(itemId, reason));
        pass(missing.settledTo(finals.missing(epoch, itemId)));
        return missing;
    }

    /**
     * An epoch is lost and another takes its place: gives out the finals that were held, and takes back the partials, as what
     * they were made of is given to the next epoch again (ROLL-13).
     */
    void deliverRetracted(Epoch epoch, String reason) {
        if (epoch.order != null) {
            epoch.order.flush();
        }
        for (TranscriptAssembler.Progress partial : epoch.transcripts.abandoned(reason)) {
            retract(epoch, partial, partial.text(), reason);
        }
        if (turns != null) {
            turns.cut(epoch.number, reason);
        }
    }

    private void retract(Epoch epoch, TranscriptAssembler.Progress partial, String text, String reason) {
        ObjectNode members = members(partial, text, reason);
        members.put("version", partial.version());
        members.put("deduplication_id", partial.deduplicationId());
        pass(local(epoch, LocalEvents.TRANSCRIPT_RETRACTED, members, partial));
    }

    private static ObjectNode members(TranscriptAssembler.Progress partial, String text, String reason) {
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        members.put("item_id", partial.itemId());
        members.put("content_index", partial.contentIndex());
        members.put("role", partial.role());
        members.put("transcript", text);
        members.put("reason", reason);
        return members;
    }

    /** Finals that were held, and partial transcripts that will get no final one. */
    void deliverAbandoned(Epoch epoch, String reason) {
        if (epoch.order != null) {
            epoch.order.flush();
        }
        for (TranscriptAssembler.Progress partial : epoch.transcripts.abandoned(reason)) {
            pass(local(epoch, LocalEvents.TRANSCRIPT_ABANDONED, members(partial, partial.text(), reason), partial));
        }
        if (turns != null) {
            turns.end(reason);
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

    /** Another stream of audio begins, whose positions count from its own beginning. */
    void streamBegins() {
        finals.streamBegins();
    }

    /** Finals kept back because an earlier epoch had given them out. */
    long repeated() {
        return finals.repeated();
    }

    /** Events kept back because the transcript they belong to was final already. */
    long stale() {
        return stale.sum();
    }
}
