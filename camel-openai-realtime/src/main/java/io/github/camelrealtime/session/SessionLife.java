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

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a session does at the turns of its life, and when its connection seems dead: tells its parts, those who wait, and the
 * subscriptions. Thread-safe.
 */
final class SessionLife implements ConnectionOwner {

    private static final Logger LOG = LoggerFactory.getLogger(SessionLife.class);
    private static final int NORMAL_CLOSURE = 1000;

    private final String name;
    private final SessionConfig config;
    private final SessionParts parts;
    private volatile long readySinceMillis;
    /** Whether the user's speech is transcribed now. */
    private volatile boolean transcribesInput;
    /** Where the last connection was that became ready; {@code null} before. */
    private volatile Target lastTarget;
    /** Whether the last end of the session was one that nobody here asked for: then it goes on where it was. */
    private volatile boolean unfinished;

    /** @param parts still being built: it is not touched before the session is used */
    SessionLife(String name, SessionConfig config, SessionParts parts) {
        this.name = name;
        this.config = config;
        this.parts = parts;
        this.transcribesInput = config.transcribesInput();
    }

    /** When the last connection became ready, ms since 1970; 0 if none ever did. */
    long readySinceMillis() {
        return readySinceMillis;
    }

    /** Whether the user's speech is transcribed now. */
    boolean transcribesInput() {
        return transcribesInput;
    }

    /** How long what the model has said will still be played, in ms; 0 if nobody plays it. */
    long unheardMillis() {
        return parts.conversation.playback().unheardMillis();
    }

    // ---- the turns

    @Override
    public void dialling(Epoch epoch) {
        if (config.transcriptOrdering() == TranscriptOrdering.CONVERSATION) {
            epoch.order = new TranscriptOrder(
                    config.transcribesInput(), config.timeouts().transcript(), parts.timers,
                    due -> parts.fanOut.passFinal(epoch, due), parts.fanOut::assemble,
                    itemId -> {
                        epoch.dues.giveUp(itemId);
                        // no stop waits for it any more
                        parts.owed.forget(Set.of(itemId));
                        // sent again after that, it would come behind what was said after it
                        parts.outbox.tellUnsettled(ring -> ring.settled(itemId));
                        return parts.fanOut.deliverMissing(epoch, itemId, "timeout");
                    });
        }
    }

    @Override
    public void opening() {
        transcribesInput = config.transcribesInput();
        if (!unfinished) {
            parts.mirror.begin();
            parts.changes.begin();
        }
        parts.outbox.reset();
        parts.conversation.opening();
    }

    @Override
    public void admit(Epoch epoch) {
        parts.conversation.goesOnBy(epoch.number);
        epoch.replay().admitted();
        parts.inbox.admitted(epoch);
        parts.outbox.admit(epoch.transport);
        epoch.admission = parts.outbox.admissions();
    }

    @Override
    public void ready(Epoch epoch, Outage outage, Replay.Result restored) {
        parts.intake.ready();
        watch(epoch);
        // a standby that has taken the place of a lost connection; else they have been passed on as they came
        epoch.takeHeld().forEach(event -> parts.fanOut.deliver(epoch, event, 0));
        parts.acknowledgements.goOn();
        parts.outbox.drain();
        if (outage == null) {
            parts.fanOut.deliverLocal(epoch, LocalEvents.SESSION_READY, ids(epoch));
            moved(epoch);
            return;
        }
        ObjectNode members = ids(epoch);
        members.put("cause", outage.kind().word());
        members.put("reason", outage.reason().getMessage());
        members.put("old_session_id", outage.sessionId());
        members.put("old_epoch", outage.epoch());
        members.put("expected_items", restored.expected());
        members.put("replayed_items", restored.replayed());
        members.put("context_restored", restored.restored());
        parts.passage.account(members);
        parts.fanOut.deliverLocal(epoch, LocalEvents.SESSION_RECONNECTED, members);
        moved(epoch);
    }

    /** The session goes on by this connection: tells if that is somewhere else. */
    void moved(Epoch epoch) {
        Target before = lastTarget;
        Target now = epoch.target;
        lastTarget = now;
        if (now == before || before == null && now.name() == null) {
            return;
        }
        Target left = before == null ? config.target() : before;
        LOG.warn("Session {} goes on at {}, not at {}", name, now, left);
        ObjectNode members = ids(epoch);
        members.put("fallback", now.name());
        members.put("model", now.model());
        members.put("old_fallback", left.name());
        members.put("old_model", left.model());
        parts.fanOut.deliverLocal(epoch, LocalEvents.SESSION_FALLBACK, members);
    }

    @Override
    public void hold() {
        parts.outbox.shut();
    }

    @Override
    public CompletableFuture<Void> pause() {
        return parts.dues.pause();
    }

    @Override
    public void interrupted(Epoch epoch, Outage outage) {
        epoch.unwatch();
        transcribesInput = config.transcribesInput();
        long unsettled = millis(parts.inbox.accounts().unsettled());
        AudioAgain again = settleSent(outage.told());
        over(epoch, again.items, "reconnecting");
        ObjectNode members = ids(epoch);
        members.put("cause", outage.kind().word());
        members.put("reason", outage.reason().getMessage());
        members.put("close_code", outage.reason().getCloseCode());
        members.put("unsettled_audio_ms", unsettled);
        members.put("resent_audio_ms", millis(again.streamSamples(config.inputFormat())));
        members.put("resent_from_ms", millis(again.streamStart()));
        members.put("dropped_audio_ms", millis(again.lostSamples));
        parts.fanOut.deliverLocal(epoch, LocalEvents.SESSION_RECONNECTING, members);
        parts.conversation.responses().goOn();
    }

    /**
     * Nothing comes by this epoch any more: what it was to transcribe is transcribed by the next, or not at all, as the model has
     * answered it.
     *
     * @param again items that are sent again
     */
    void over(Epoch epoch, Set<String> again, String reason) {
        epoch.dues.items().stream().filter(item -> !again.contains(item))
                .forEach(item -> parts.fanOut.assemble(parts.fanOut.deliverMissing(epoch, item, reason)));
        parts.fanOut.deliverRetracted(epoch, reason);
    }

    @Override
    public void configured(Epoch epoch, JsonNode session) {
        JsonNode transcription = session.path("audio").path("input").path("transcription");
        boolean said = !transcription.isMissingNode();
        if (said && epoch.order != null) {
            epoch.order.transcribesInput(transcription.isObject());
        }
        if (!parts.state.isCurrent(epoch)) {
            // a standby: the session is as the present connection has it
            return;
        }
        parts.changes.configured(session);
        parts.conversation.configured(session);
        if (said) {
            transcribesInput = transcription.isObject();
        }
    }

    @Override
    public CompletableFuture<Void> drain() {
        return parts.dues.drain();
    }

    @Override
    public void closing(Epoch epoch) {
        int missing = parts.owed.giveUp();
        if (missing > 0 && transcribesInput) {
            LOG.warn("Session {} is closed with {} transcripts still to come (option drainTimeout)", name, missing);
        }
        parts.fanOut.deliverAbandoned(epoch, "hangup");
    }

    @Override
    public void gone(Epoch epoch, SessionClosedException reason, boolean lost) {
        unfinished = lost;
        settleAll(reason);
        if (epoch != null) {
            epoch.unwatch();
            // the service closes in good order when the caller has hung up
            boolean hangup = !lost || reason.getCloseCode() == NORMAL_CLOSURE;
            parts.fanOut.deliverAbandoned(epoch, hangup ? "hangup" : "lost");
        }
        ObjectNode members = ids(epoch);
        if (lost) {
            members.put("reason", reason.getMessage());
            members.put("close_code", reason.getCloseCode());
            members.put("fatal", reason.isFatal());
        }
        parts.fanOut.deliverLocal(epoch, lost ? LocalEvents.SESSION_FAILED : LocalEvents.SESSION_CLOSED, members);
    }

    private ObjectNode ids(Epoch epoch) {
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        if (epoch != null) {
            members.put("session_id", epoch.sessionId);
            members.put("epoch", epoch.number);
        }
        return members;
    }

    // ---- those who wait

    /**
     * What has left by a lost connection will not be answered, but audio, which is sent again; what has not stays.
     *
     * @return what is sent again, and what is lost
     */
    private AudioAgain settleSent(Exception reason) {
        List<ResponseRequest> asked = parts.conversation.cut();
        Set<String> withdrawn = new HashSet<>(parts.conversation.responses().withdrawn());
        withdrawn.addAll(parts.mirror.withdrawn());
        OutboxCut cut = parts.inbox.cut(reason, withdrawn);
        // after the cut: only then is known what goes on
        List<CompletableFuture<?>> watchers = parts.lossWatchers.takeBound();
        parts.refusals.cut(cut.staying);
        parts.mirror.cut(cut.staying);
        parts.acknowledgements.cut(cut.staying, this::isTold, reason);
        parts.changes.reset();
        asked.forEach(request -> request.fail(reason));
        watchers.forEach(watcher -> watcher.completeExceptionally(reason));
        parts.owed.cut();
        parts.turn.end();
        return cut.again;
    }

    private long millis(long samples) {
        AudioFormat format = config.inputFormat();
        return format.millisOf(samples * format.bytesPerFrame());
    }

    /** Whether the next connection is told of this item. */
    private boolean isTold(String itemId) {
        return config.history().replay() && parts.mirror.holds(itemId);
    }

    private void settleAll(Exception reason) {
        List<CompletableFuture<?>> watchers = parts.lossWatchers.takeAll();
        parts.outbox.failAll(reason);
        parts.acknowledgements.failAll(reason);
        parts.changes.reset();
        parts.inbox.failAll(reason);
        parts.conversation.failAll(reason);
        parts.refusals.clear();
        // before nothing is owed: that must not look as if all had come
        watchers.forEach(watcher -> watcher.completeExceptionally(reason));
        parts.owed.giveUp();
        parts.turn.end();
    }

    /**
     * Fails the future when the session is lost or closed; at once if it is not there any more.
     *
     * @param unsent whether what is waited for has not left, and so may leave by the next connection
     */
    void onLoss(CompletableFuture<?> watcher, BooleanSupplier unsent) {
        parts.lossWatchers.add(watcher, unsent);
        // after the adding: whoever is lost in between is told here
        SessionClosedException gone = parts.state.unavailable();
        if (gone != null) {
            watcher.completeExceptionally(gone);
        }
    }

    // ---- whether the connection lives

    /** The connection has begun to be the one that everything goes by: from now on it is looked after. */
    void watch(Epoch epoch) {
        readySinceMillis = parts.timers.millis();
        epoch.watch = new LivenessWatch(config.liveness(), parts.pulse, new LivenessWatch.Listener() {
            @Override
            public void silent(String what, boolean heardOnly) {
                if (heardOnly) {
                    // once: if it was no speech after all, the next connection would not answer it either
                    parts.turn.deaf();
                }
                parts.connection.distrust(
                        epoch, Outage.Kind.STALLED, EndReasons.silent(name, what, config.liveness().silence()));
            }

            @Override
            public void stuck(long queuedBytes) {
                parts.connection.distrust(
                        epoch, Outage.Kind.STALLED, EndReasons.notTaken(name, queuedBytes, config.liveness().send()));
            }
        }, parts.timers);
        epoch.watch.start();
    }

    /**
     * Another connection has taken its place. It is not sent anything any more, so all that can be found out is that it does not
     * say what it owes.
     */
    void watchDraining(Epoch epoch) {
        epoch.heardMillis = parts.timers.elapsedMillis();
        long silence = config.liveness().silence();
        epoch.watch = new LivenessWatch(new SessionConfig.Liveness(silence, 0, 0), new DrainingVitals(epoch, parts.outbox),
                new LivenessWatch.Listener() {
                    @Override
                    public void silent(String what, boolean heardOnly) {
                        LOG.warn("{}", EndReasons.silent(name, what, silence).getMessage());
                        parts.rollover.draining().silent(epoch);
                    }

                    @Override
                    public void stuck(long queuedBytes) {
                        throw new IllegalStateException("Nothing is sent by a connection that is being drained");
                    }
                }, parts.timers);
        epoch.watch.start();
    }

    /** What the model was told of the conversation has turned out otherwise; or an answer of the connection before has ended. */
    void correctContext() {
        if (parts.state.get() != SessionState.READY || !config.history().replay()) {
            // the next connection is told as it is
            return;
        }
        List<ClientEvent> corrections = parts.mirror.corrections();
        if (!corrections.isEmpty()) {
            corrections.forEach(event -> parts.refusals.expect(event, refused -> {
                LOG.debug("Session {}: a correction of the conversation was refused: {}", name, LogText.of(refused.getCode()));
                return true;
            }));
            parts.outbox.sendUrgent(corrections);
        }
    }

    /** Audio for the model was dropped. */
    void announceGap(long millis) {
        LOG.debug("Session {}: {} ms of audio for the model were dropped", name, millis);
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        members.put("dropped_ms", millis);
        parts.fanOut.deliverLocal(parts.state.current(), LocalEvents.AUDIO_GAP, members);
    }

    /** The service heard somebody begin and, for too long, not end. */
    void endStuckTurn() {
        LOG.warn("Session {}: the service heard speech begin and not end within {} ms (option vadStuckTimeout); committing",
                name, config.liveness().vadStuck());
        parts.inbox.commit(false);
    }

    /**
     * A commit was not answered. Were its answer only late, the next commit would be taken for it, and with it somebody else's
     * words.
     *
     * @return whether another connection takes the place of the one that does not answer
     */
    boolean distrustCommits() {
        Epoch epoch = parts.state.current();
        if (epoch == null || !parts.state.reconnects()) {
            return false;
        }
        parts.connection.distrust(epoch, Outage.Kind.STALLED, EndReasons.unanswered(name, config.timeouts().itemAck()));
        return true;
    }
}
