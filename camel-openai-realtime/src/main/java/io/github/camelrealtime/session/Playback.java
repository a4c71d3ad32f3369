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
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;

/**
 * The model's voice in a session as its listeners have it: what of it has come, what has been handed out, what has been heard,
 * and whether it can be heard just now. Thread-safe.
 */
public final class Playback {

    private final RealtimeSession session;
    private final Timers timers;
    private final EventFanOut fanOut;
    private final Supplier<Epoch> epoch;
    private final PlaybackLedger ledger;
    private final AssistantSpeech speech;
    private final LongAdder ignoredMarks = new LongAdder();

    Playback(RealtimeSession session, EventFanOut fanOut, Timers timers, Supplier<Epoch> epoch) {
        this.session = session;
        this.timers = timers;
        this.fanOut = fanOut;
        this.epoch = epoch;
        this.ledger = new PlaybackLedger(session.config().outputFormat(), this::moved);
        this.speech = new AssistantSpeech(
                this::playsUntil, timers, members -> fanOut.deliverLocal(epoch.get(), LocalEvents.ASSISTANT_SPEAKING, members));
    }

    // ---- what sinks tell

    /**
     * A sink tells how far it has played.
     *
     * @param  playedMillis of this content part of this item
     * @return              whether it counts; not if the item is unknown or was cut meanwhile (INT-10)
     */
    public boolean played(String itemId, int contentIndex, long playedMillis) {
        session.touch();
        boolean counts = ledger.played(itemId, contentIndex, playedMillis, timers.elapsedMillis());
        if (counts) {
            moved();
        } else {
            ignoredMarks.increment();
        }
        return counts;
    }

    /** As {@link #played(String, int, long)}: a sink has come to this mark, or says so of all marks as it is emptied. */
    public boolean played(PlaybackMark mark) {
        return played(mark.itemId(), mark.contentIndex(), mark.playedMillis());
    }

    /** Words of sinks that were about something cut or unknown. */
    public long ignoredMarks() {
        return ignoredMarks.sum();
    }

    // ---- who listens

    /**
     * Hands the voice out at the pace of speech, until the queue is closed.
     *
     * @param frameMillis length of a frame, ms
     * @param maxMillis   as much voice as may wait, ms
     * @param ready       whether the consumer can take another frame; asked on any thread, must not block
     * @param out         gets frames, ends and what else {@link PlayQueue#isFor} names, in order; must not block
     */
    public PlayQueue paced(long frameMillis, long maxMillis, BooleanSupplier ready, Consumer<SessionEvent> out) {
        return new PlayQueue(this, ledger, timers, session.config().outputFormat(), frameMillis, maxMillis, ready, out);
    }

    /** Whether anybody plays the voice: without that nothing of it is heard, and nothing can be cut to what was heard. */
    boolean isPlayed() {
        return ledger.isTold() || ledger.isPaced() || fanOut.isWanted(EventTypes.RESPONSE_OUTPUT_AUDIO_DELTA);
    }

    /** Whether the assistant can be heard just now (INT-14). */
    public boolean isSpeaking() {
        return speech.isOn();
    }

    /** Whether what is heard now may be the assistant himself, by an echo. */
    boolean isAudible() {
        return speech.isAudible();
    }

    // ---- what the session tells

    /**
     * The hot path: a piece of the model's voice.
     *
     * @return where in its part it ends, in bytes
     */
    long received(int epochNumber, ServerEvent delta, long nowMillis) {
        return ledger.received(epochNumber, delta, nowMillis);
    }

    void onEvent(int epochNumber, ServerEvent event) {
        ledger.onEvent(epochNumber, event);
        speech.onEvent(event);
    }

    /** How much has come of the part that the event ends, in bytes. */
    long endOf(ServerEvent event) {
        return EventTypes.RESPONSE_OUTPUT_AUDIO_DONE.equals(event.getType()) ? ledger.receivedBytes(event) : 0;
    }

    /** Something has changed that may be heard. Not to be called under a lock. */
    void moved() {
        speech.look();
    }

    private long playsUntil() {
        long until = ledger.playsUntil(timers.elapsedMillis());
        return until == 0 || isPlayed() ? until : 0;
    }

    /** How long what has come will still be played, in ms; 0 if nobody plays it. */
    long unheardMillis() {
        return Math.max(0, playsUntil() - timers.elapsedMillis());
    }

    /** A paced consumer could not hold all of a part. */
    void overflowed(ObjectNode members) {
        fanOut.deliverLocal(epoch.get(), LocalEvents.PLAYBACK_OVERFLOW, members);
    }

    /** All that was not heard yet is to be thrown away, here and at the sinks. */
    void cleared(String reason, List<PlaybackLedger.Cut> cuts) {
        ObjectNode members = JsonNodeFactory.instance.objectNode().put("reason", reason);
        cuts.forEach(cut -> members.withArray("items").addObject().put("item_id", cut.part().itemId)
                .put("content_index", cut.part().contentIndex).put("played_ms", cut.heardMillis()));
        fanOut.deliverLocal(epoch.get(), LocalEvents.PLAYBACK_CLEARED, members);
        moved();
    }

    PlaybackLedger ledger() {
        return ledger;
    }

    AssistantSpeech speech() {
        return speech;
    }

    void goesOnBy(int epochNumber) {
        ledger.goesOnBy(epochNumber);
    }

    /** The connection is lost; what has come by it may be playing still. */
    void lost() {
        ledger.lost();
        speech.buffered(false);
    }

    /** Another conversation begins. Nobody is told: it is called under a lock, and the one before has ended. */
    void reset() {
        ledger.reset();
    }

    /** The session is over, and with it the call. */
    void ended() {
        ledger.reset();
        speech.buffered(false);
    }
}
