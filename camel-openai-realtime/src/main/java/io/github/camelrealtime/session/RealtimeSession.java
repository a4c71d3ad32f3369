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
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.TransportKind;
import io.github.camelrealtime.transport.Transport;
import io.github.camelrealtime.transport.TransportFactory;

/**
 * A logical, named session. Every endpoint that names it shares it; it outlives its connections (epochs) and is owned by the
 * {@link SessionRegistry}.
 *
 * <p>Each part has its own state and its own lock, none of which is held while something is sent, a future completed or a
 * subscription called. Futures given out are completed on a thread that must not be held: whoever goes on to run a route
 * hops to a worker.
 *
 * <p>This is its face: what is asked of the session. What it is made of stands in {@link SessionParts}; {@link EventIntake}
 * tells the parts of events, {@link SessionLife} of the turns of the session's life; {@link SessionDues} waits for what is owed.
 */
public final class RealtimeSession {

    /** The longest event that can be sent, in bytes of its JSON text. */
    public static final int MAX_EVENT_BYTES = Transport.MAX_FRAME_BYTES;

    private final String name;
    private final SessionConfig config;
    private final Timers timers;
    private final SessionParts parts;
    private volatile long lastUsedMillis;
    private volatile long sentWhenLastSeen;

    public RealtimeSession(String name, SessionConfig config, TransportFactory transports, Timers timers) {
        this(name, config, transports, timers, null, new RolloverLimit(1));
    }

    /**
     * @param classifier overrides what errors mean, {@code null} for none
     * @param limit      on second connections being made at once, shared with other sessions
     */
    public RealtimeSession(String name, SessionConfig config, TransportFactory transports, Timers timers,
                           RealtimeErrorClassifier classifier, RolloverLimit limit) {
        this.name = name;
        this.config = config;
        this.timers = timers;
        this.parts = new SessionParts(this, transports, timers, classifier, limit);
        this.lastUsedMillis = timers.elapsedMillis();
    }

    public String name() {
        return name;
    }

    public SessionConfig config() {
        return config;
    }

    public void subscribe(Subscription subscription) {
        parts.fanOut.add(subscription);
    }

    /** Subscribes somebody within the session, who gets finals as they come. */
    void subscribeInsider(Subscription insider) {
        parts.fanOut.addInsider(insider);
    }

    /** Another stream of audio begins, whose positions count from its own beginning. */
    void streamBegins() {
        parts.fanOut.streamBegins();
    }

    public void unsubscribe(Subscription subscription) {
        parts.fanOut.remove(subscription);
    }

    // ---- life cycle

    /**
     * Opens the session unless it is open or being opened. Attempts that fail for a passing reason are repeated.
     *
     * @return done when the session is ready; fails when it cannot be opened
     */
    public CompletableFuture<Void> open() {
        touch();
        return parts.connection.open();
    }

    /**
     * Closes the session in good order: takes nothing new, lets out what was accepted, waits for what is owed (at most the
     * drain time-out), closes with 1000.
     *
     * @return done when the connection is gone; never fails
     */
    public CompletableFuture<Void> close() {
        return parts.connection.close();
    }

    /**
     * Lets another connection take the place of the present one, while that still stands (without {@code rollover}: after it was
     * closed in good order; what is given meanwhile waits). Opens the session if it was lost for good.
     *
     * @return done when the session is ready again; fails when it is not open, or cannot be opened again
     */
    public CompletableFuture<Void> restart() {
        touch();
        return parts.connection.restart();
    }

    /** As {@link #close()}, for good: it refuses to be opened again, as nobody would be left to close it. */
    CompletableFuture<Void> retire() {
        return parts.connection.retire();
    }

    /** Closes at once: what waits is dropped and those who wait are told. */
    public void closeNow() {
        parts.connection.closeNow();
    }

    /**
     * Begins the end of the session: ends the present stream of audio and waits for what is owed, unsent audio, unanswered
     * commits, transcripts to come. The drain time-out counts from the first call: a {@link #close()} that follows waits for no
     * more than is left of it. Whatever is asked of the session in between makes it count anew.
     *
     * @return done when nothing is owed or the drain time-out has passed; never fails
     */
    public CompletableFuture<Void> drain() {
        return parts.dues.drain();
    }

    /** Has the end of the session wait for nothing that is owed. */
    public void hurry() {
        parts.dues.hurry();
    }

    /** The end that {@link #drain()} has begun is none. */
    public void goOn() {
        parts.dues.goOn();
    }

    /**
     * Makes the session fit for the next recording: empties the buffer, and waits for what the last one is still owed.
     *
     * @return whether nothing of the last recording is left, within the drain time-out; never fails
     */
    CompletableFuture<Boolean> tidy() {
        return parts.dues.tidy();
    }

    /**
     * Waits until all that was given so far has its transcript.
     *
     * @return done when it has; fails when a transcript fails or does not come in time, and when the session is lost
     */
    public CompletableFuture<Void> transcribed() {
        return parts.dues.transcribed();
    }

    /**
     * Whether anything can be given to the session now: it is open or being opened.
     *
     * @throws SessionClosedException with the reason if not
     */
    public void requireOpen() throws SessionClosedException {
        SessionClosedException gone = parts.state.unavailable();
        if (gone != null) {
            throw gone;
        }
    }

    /**
     * Fails the future when the session ends, and at once if it is not there any more. A connection whose place another takes
     * changes nothing.
     */
    public void onEnd(CompletableFuture<?> watcher) {
        onLoss(watcher, () -> true);
    }

    /**
     * As {@link #onEnd}, and when a connection is lost with audio that is not there to be sent again: more than
     * {@code maxUnsettledAudio} of it.
     */
    public void onLostAudio(CompletableFuture<?> watcher) {
        onLoss(watcher, parts.inbox::isWhole);
    }

    /** As {@link #onEnd}, and when a connection is lost, though another takes its place. */
    void onLoss(CompletableFuture<?> watcher) {
        onLoss(watcher, () -> false);
    }

    /** @param unsent whether what is waited for has not left, and so may leave by the next connection */
    void onLoss(CompletableFuture<?> watcher, BooleanSupplier unsent) {
        parts.life.onLoss(watcher, unsent);
    }

    // ---- events and audio out

    /**
     * Keeps the speaker from being heard, or lets him be heard again (AIN-15). Audio given meanwhile is taken and counted,
     * and the model gets nothing of it, or silence (option {@code muteMode}). Holds until it is said otherwise, on later
     * connections too.
     */
    public void mute(boolean muted) {
        touch();
        parts.inbox.muting().turn(muted);
    }

    /** The talk with the model. */
    public Conversation conversation() {
        touch();
        return parts.conversation;
    }

    /** The model's voice, as its listeners have it. */
    public Playback playback() {
        return parts.conversation.playback();
    }

    /** The input buffer. Audio given before the session is ready is kept and sent in order once it is. */
    public AudioInbox audio() {
        touch();
        return parts.inbox;
    }

    /**
     * Sends an event, in order with audio that was given before.
     *
     * @return done when handed to the transport; fails if the service or the protocol does not allow it here
     */
    public CompletableFuture<Void> send(ClientEvent event) {
        RealtimeException refusal = refusal(event);
        return refusal != null ? CompletableFuture.failedFuture(refusal) : parts.outbox.send(inPlace(event, parts.outbox::send));
    }

    /**
     * As {@link #send(ClientEvent)}, but overtaking audio and an unanswered commit: for what is about the model and not about
     * the input buffer.
     */
    public CompletableFuture<Void> sendUrgent(ClientEvent event) {
        RealtimeException refusal = refusal(event);
        return refusal != null
                ? CompletableFuture.failedFuture(refusal) : parts.outbox.sendUrgent(inPlace(event, parts.outbox::sendUrgent));
    }

    /**
     * As {@link #send(ClientEvent)}, and tells if the service refuses the event later.
     *
     * @param onRefused returns whether somebody takes note; if not, the error goes out as an event
     */
    public CompletableFuture<Void> send(ClientEvent event, Predicate<RequestRefusedException> onRefused) {
        RealtimeException refusal = refusal(event);
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        parts.refusals.expect(event, onRefused);
        return parts.outbox.send(event);
    }

    /** Whether {@link #request} knows the answer to this event from others. */
    public static boolean isAcknowledged(ClientEvent event) {
        return Acknowledgements.isAcknowledged(event);
    }

    /**
     * Sends an event about an item, which the service acknowledges: {@code conversation.item.create} of an item with an id, and
     * {@code …delete}, {@code …retrieve} and {@code …truncate}. While a response runs the service confirms created items
     * only afterwards, which does not count for {@code itemAckTimeout}.
     *
     * @param urgent  whether it overtakes audio, as {@link #sendUrgent}
     * @param awaited whether somebody waits for the answer; if not, a refusal goes out as an error event
     */
    public Acknowledged request(ClientEvent event, boolean urgent, boolean awaited) {
        RealtimeException refusal = refusal(event);
        if (refusal != null) {
            return Acknowledged.failed(refusal);
        }
        Function<ClientEvent, CompletableFuture<Void>> way = urgent ? parts.outbox::sendUrgent : parts.outbox::send;
        return parts.acknowledgements.send(inPlace(event, way), awaited, way);
    }

    /**
     * The result of a call that the connection was told to be unknown takes the place of that, so that each call has one output.
     *
     * @param way by which the event is going to be sent, right behind what makes room for it
     */
    private ClientEvent inPlace(ClientEvent event, Function<ClientEvent, CompletableFuture<Void>> way) {
        if (!EventTypes.CONVERSATION_ITEM_CREATE.equals(event.getType())) {
            return event;
        }
        JsonNode item = event.getJson().path("item");
        if (!MirrorItem.OUTPUT.equals(item.path("type").asText())) {
            return event;
        }
        ConversationMirror.UnknownOutcome unknown = parts.mirror.unknownOutcome(item.path("call_id").asText());
        if (unknown == null) {
            return event;
        }
        ClientEvent delete = ClientEvent.of(EventTypes.CONVERSATION_ITEM_DELETE).with("item_id", unknown.outputId());
        parts.refusals.expect(delete, refused -> true);
        way.apply(delete);
        return event.with("previous_item_id", unknown.callItem());
    }

    /**
     * Changes the session ({@code session.update}), in order with audio that was given before. Only what differs from what the
     * service holds is sent; what cannot be changed while the session lives fails at once.
     *
     * @param wanted  members of the session object to set, null to clear; those not named stay as they are
     * @param eventId of the update, {@code null} for a new one
     * @param awaited whether somebody waits for the answer; if not, a refusal goes out as an error event
     */
    public Acknowledged update(ObjectNode wanted, String eventId, boolean awaited) {
        RealtimeException refusal = refusal(EventTypes.SESSION_UPDATE);
        if (refusal != null) {
            return Acknowledged.failed(refusal);
        }
        Epoch epoch = parts.state.current();
        return parts.changes.update(epoch == null ? new EffectiveSession() : epoch.effective, wanted, eventId, awaited);
    }

    /** Why this event cannot be sent here and now; {@code null} if it can. */
    RealtimeException refusal(ClientEvent event) {
        if (EventTypes.CONVERSATION_ITEM_TRUNCATE.equals(event.getType())) {
            String itemId = event.getJson().path("item_id").asText();
            if (parts.mirror.isRestored(itemId)) {
                return new RealtimeException(
                        name, "Session " + name + ": item " + itemId + " was restored as text when the connection was replaced, so "
                              + "there is no audio to be truncated; delete-item removes it");
            }
        }
        return refusal(event.getType());
    }

    /** Why this event cannot be sent here and now; {@code null} if it can. */
    private RealtimeException refusal(String eventType) {
        touch();
        if (!EventTypes.isAllowed(eventType, config.type(), TransportKind.WEBSOCKET)) {
            return new RealtimeException(
                    name, "Session " + name + ": event " + eventType + " is not possible in a " + config.type().wireName()
                          + " session over WebSocket");
        }
        return parts.state.unavailable();
    }

    /**
     * Commits the input buffer and waits for the transcript.
     *
     * @param  eventId of the commit, {@code null} for a new one
     * @return         done with the final text, {@code null} if there was nothing to commit; fails if there is no transcript
     */
    public CompletableFuture<String> commitAndTranscribe(String eventId) {
        touch();
        return FinalTranscript.ofCommit(this, eventId, timers);
    }

    /** Starts a recording of operation {@code transcribe}; the session must belong to the caller alone. */
    public TranscriptionRun transcribe() {
        touch();
        return TranscriptionRun.start(this, timers);
    }

    /** Somebody asks something of it, or is about to. */
    void touch() {
        lastUsedMillis = timers.elapsedMillis();
        parts.dues.goOn();
    }

    // ---- for those who look

    /**
     * What was said so far, in the order of the conversation: text and transcripts, what was heard of interrupted answers; not
     * what the service has dropped, but what fits into the options {@code historyMaxItems}, {@code historyMaxText}. Holds content,
     * so it is not for logs.
     */
    public List<ConversationItem> conversationItems() {
        return parts.mirror.items();
    }

    /** The id by which the service knows an item now: on each connection items of the service's own making have another. */
    public String currentItemId(String itemId) {
        return parts.mirror.currentId(itemId);
    }

    /** Whether the service has this item as text from us, since its connection was replaced: it cannot be truncated. */
    public boolean isRestored(String itemId) {
        return parts.mirror.isRestored(itemId);
    }

    /** Who ends turns now: as configured, unless an update has handed them over. */
    public TurnMode turns() {
        return parts.inbox.mode();
    }

    public SessionState state() {
        return parts.state.get();
    }

    /** When the present connection became ready, ms since 1970; 0 if the session is not ready. */
    public long readySinceMillis() {
        return state() == SessionState.READY ? parts.life.readySinceMillis() : 0;
    }

    /** When something was last asked of the session, by {@link Timers#elapsedMillis}. A recording being sent counts as asked all the time. */
    public long lastUsedMillis() {
        long sent = parts.outbox.sentAudioMillis();
        if (sent != sentWhenLastSeen) {
            sentWhenLastSeen = sent;
            touch();
        }
        return lastUsedMillis;
    }

    public SessionStatus status() {
        ConnectionState.Snapshot now = parts.state.snapshot();
        Outbox outbox = parts.outbox;
        AudioInbox inbox = parts.inbox;
        EventFanOut fanOut = parts.fanOut;
        Conversation conversation = parts.conversation;
        Epoch epoch = now.epoch();
        Target target = epoch == null || epoch.target == null ? config.target() : epoch.target;
        return new SessionStatus(
                name, now.state(), now.number(), now.reconnects(), now.rollovers(), now.sockets(),
                epoch == null ? null : epoch.sessionId, parts.pulse.lastEventMillis(),
                epoch == null ? 0 : epoch.expiresAtMillis,
                outbox.queuedAudioMillis(), outbox.droppedAudioMillis(), outbox.sentAudioMillis(), fanOut.delivered(),
                fanOut.stale(), fanOut.repeated(), parts.intake.badInput().unreadable(),
                parts.intake.badInput().flawed(), parts.intake.badInput().failures(), inbox.suppressedCommits(),
                parts.owed.size(), conversation.pending(),
                parts.rateLimits.all(), conversation.cancellations().droppedDeltas(), conversation.cancellations().lostRaces(),
                conversation.shortInterruptions(), conversation.falseInterruptions(),
                inbox.muting().isOn(), inbox.muting().mutedMillis(), parts.mirror.status(parts.contextWatch.usedTokens()),
                target.name(), target.model(), now.outage(), parts.rollover.problem(), now.failure(), parts.intake.fatalError());
    }

    @Override
    public String toString() {
        return "RealtimeSession[" + name + ", " + state() + "]";
    }
}
