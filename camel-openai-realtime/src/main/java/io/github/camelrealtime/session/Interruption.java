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
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.LogText;
import io.github.camelrealtime.event.ServerEvent;
import io.github.camelrealtime.event.TransportKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Interrupts the model (wire reference §5.7e): ends the response that runs, and has what was not heard yet thrown away.
 *
 * <p>Over WebSocket the conversation on the service's side is brought into line with what was heard. An item heard in part is
 * truncated there; one of which nothing was heard is removed, as truncating at 0 is refused; one heard to its end stays. So the
 * model never believes to have said what nobody heard. What came by an earlier connection is left alone there: nothing is sent
 * on that connection any more, and on the present one the item is another. In a call the service itself knows what it has
 * played: it is told to stop and never to truncate (trap T-16).
 *
 * <p>All that has to be sent for it goes out as one unit, before audio that waits. Thread-safe; nothing is sent and nobody
 * told under the lock.
 */
final class Interruption {

    private static final Logger LOG = LoggerFactory.getLogger(Interruption.class);
    private static final int MOST = 100;
    private static final String CLIENT = "client";
    private static final String SPEECH = "speech";

    private final String sessionName;
    private final TransportKind transport;
    private final ResponseSequencer responses;
    private final Playback playback;
    private final PlaybackLedger ledger;
    private final Outbox outbox;
    private final Refusals refusals;
    private final Timers timers;
    private final Consumer<ObjectNode> announce;
    private volatile Consumer<PlaybackLedger.Cut> mirror = cut -> {
    };

    private final ReentrantLock lock = new ReentrantLock();
    /** Ids of our events by the items that they are about, until the service has answered. */
    private final Map<String, String> unanswered = new BoundedMap<>(MOST);

    /** @param announce gets the members of {@link LocalEvents#TURN_INTERRUPTED} */
    Interruption(
            String sessionName, TransportKind transport, ResponseSequencer responses, Playback playback, Outbox outbox,
            Refusals refusals, Timers timers, Consumer<ObjectNode> announce) {
        this.sessionName = sessionName;
        this.transport = transport;
        this.responses = responses;
        this.playback = playback;
        this.ledger = playback.ledger();
        this.outbox = outbox;
        this.refusals = refusals;
        this.timers = timers;
        this.announce = announce;
    }

    /**
     * Somebody here interrupts. A second time changes nothing (INT-10).
     *
     * @param  eventId of the {@code response.cancel}, {@code null} for a new one
     * @return         done when all has been handed to the transport
     */
    CompletableFuture<Void> byClient(String eventId) {
        CompletableFuture<Void> sent = cut(stop(eventId), CLIENT);
        return sent == null ? CompletableFuture.completedFuture(null) : sent;
    }

    /** Wants to know of each part that is cut, so that it can be restored as it was heard (INT-9). */
    void onCut(Consumer<PlaybackLedger.Cut> listener) {
        mirror = listener;
    }

    /**
     * The user begins to speak, and the service has ended the response itself.
     *
     * @return whether anything was cut
     */
    boolean bySpeech() {
        // in a call it has thrown away and truncated, too
        return transport == TransportKind.WEBSOCKET && cut(new ArrayList<>(), SPEECH) != null;
    }

    /**
     * The user speaks, and we end the response for that.
     *
     * @return whether anything was cut
     */
    boolean bySpeechHere() {
        return cut(stop(null), SPEECH) != null;
    }

    /** What ends the response that runs and, in a call, what is being played of it; nothing if that has been done. */
    private List<ClientEvent> stop(String eventId) {
        List<ClientEvent> unit = new ArrayList<>();
        ClientEvent cancel = responses.prepareCancel(null, eventId);
        if (cancel != null) {
            unit.add(cancel);
        }
        if (transport != TransportKind.WEBSOCKET && playback.speech().isBuffered()) {
            unit.add(ClientEvent.of(EventTypes.OUTPUT_AUDIO_BUFFER_CLEAR));
            playback.speech().buffered(false);
        }
        return unit;
    }

    /** Returns when all has been handed to the transport, {@code null} if there is nothing to do. */
    private CompletableFuture<Void> cut(List<ClientEvent> unit, String reason) {
        List<PlaybackLedger.Cut> cuts = transport == TransportKind.WEBSOCKET ? ledger.cut(timers.elapsedMillis()) : List.of();
        cuts.forEach(cut -> adjust(cut, unit));
        if (unit.isEmpty() && cuts.isEmpty()) {
            return null;
        }
        CompletableFuture<Void> sent = outbox.sendUrgent(unit);
        LOG.debug("Session {}: interrupted by {}, {} spoken parts cut", sessionName, reason, cuts.size());
        cuts.forEach(mirror);
        if (!cuts.isEmpty()) {
            playback.cleared(reason, cuts);
        }
        announce.accept(members(cuts, reason));
        return sent;
    }

    private void adjust(PlaybackLedger.Cut cut, List<ClientEvent> unit) {
        if (!cut.present()) {
            return;
        }
        String itemId = cut.part().itemId;
        if (cut.heardMillis() > 0) {
            ClientEvent truncate = ClientEvent.of(EventTypes.CONVERSATION_ITEM_TRUNCATE).with("item_id", itemId)
                    .with("content_index", cut.part().contentIndex).with("audio_end_ms", cut.heardMillis());
            refusals.expect(truncate, refused -> {
                // rather nothing of it than words that nobody heard (INT-7)
                LOG.debug("Session {}: item {} could not be truncated and is removed: {}",
                        sessionName, LogText.of(itemId), LogText.of(refused.getCode()));
                List<ClientEvent> instead = new ArrayList<>();
                remove(itemId, instead);
                outbox.sendUrgent(instead);
                return true;
            });
            remember(itemId, truncate);
            unit.add(truncate);
        } else if (cut.removesItem()) {
            remove(itemId, unit);
        }
    }

    private void remove(String itemId, List<ClientEvent> unit) {
        ClientEvent delete = ClientEvent.of(EventTypes.CONVERSATION_ITEM_DELETE).with("item_id", itemId);
        refusals.expect(delete, refused -> {
            LOG.debug("Session {}: item {} could not be removed: {}",
                    sessionName, LogText.of(itemId), LogText.of(refused.getCode()));
            return true;
        });
        remember(itemId, delete);
        unit.add(delete);
    }

    private void remember(String itemId, ClientEvent event) {
        lock.lock();
        try {
            unanswered.put(itemId, event.getEventId());
        } finally {
            lock.unlock();
        }
    }

    private static ObjectNode members(List<PlaybackLedger.Cut> cuts, String reason) {
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        members.put("reason", reason);
        ArrayNode items = members.putArray("items");
        for (PlaybackLedger.Cut cut : cuts) {
            items.addObject().put("item_id", cut.part().itemId).put("response_id", cut.part().responseId)
                    .put("content_index", cut.part().contentIndex).put("received_ms", cut.receivedMillis())
                    .put("played_ms", cut.heardMillis()).put("removed", cut.removesItem()).put("transcript", cut.heardText())
                    .put("interrupted", true);
        }
        return members;
    }

    /** On the reader thread, after ledger and sequencer have been told. */
    void onEvent(ServerEvent event) {
        switch (event.getType()) {
            case EventTypes.RESPONSE_CREATED -> created(event.getResponseId());
            case EventTypes.RESPONSE_DONE -> done(event.getResponseId());
            case EventTypes.CONVERSATION_ITEM_TRUNCATED, EventTypes.CONVERSATION_ITEM_DELETED -> answered(event.getItemId());
            default -> {
                // no concern of ours
            }
        }
    }

    /** One that is cancelled as it begins is heard by nobody. */
    private void created(String responseId) {
        if (responseId != null && responses.cancellations().contains(responseId)) {
            ledger.unwanted(responseId);
        }
    }

    /** What came after the interruption was heard by nobody either (INT-8). */
    private void done(String responseId) {
        if (responseId == null) {
            return;
        }
        List<ClientEvent> unit = new ArrayList<>();
        ledger.done(responseId).forEach(cut -> {
            adjust(cut, unit);
            mirror.accept(cut);
        });
        if (!unit.isEmpty()) {
            outbox.sendUrgent(unit);
        }
    }

    private void answered(String itemId) {
        String eventId;
        lock.lock();
        try {
            eventId = unanswered.remove(itemId);
        } finally {
            lock.unlock();
        }
        if (eventId != null) {
            refusals.forget(eventId);
        }
    }

    /** Another conversation begins. */
    void reset() {
        lock.lock();
        try {
            unanswered.clear();
        } finally {
            lock.unlock();
        }
    }
}
