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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.audio.AudioConverter;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.audio.AudioFormat.Encoding;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;

/**
 * The input buffer of a session as seen from here: what can be asked of it, each call as a whole. Where audio comes from is
 * for {@link InputSources}, how it is cut and what the buffer holds for {@link InputLine}, what the service owes for it for
 * {@link InputDues}.
 *
 * <p>The buffer belongs to one speaker; several threads may append, whole calls one after the other.
 *
 * <p>Thread-safe. The lock guards the sources and the line. Lock order: this lock, then the outbox's, the refusals' or those
 * of the dues. Nothing is sent under it: {@link #sendNow} comes behind it. Nor is a future completed under it that others
 * wait for.
 */
public final class AudioInbox {

    private static final int MAX_FORESEEN = 100;

    private final String sessionName;
    private final SessionConfig config;
    private final Outbox outbox;
    private final InputDues dues;

    private final ReentrantLock lock = new ReentrantLock();
    private final InputSources sources;
    private final InputLine line;
    private final InputTransfer transfer;
    /** Items whose transcript came before they were said to be committed. Guarded by the lock. */
    private final Map<String, Boolean> foreseen = new BoundedMap<>(MAX_FORESEEN);
    private volatile Runnable onCommit = () -> {
    };

    AudioInbox(String sessionName, SessionConfig config, Outbox outbox, Refusals refusals, Spans spans, Timers timers) {
        this.sessionName = sessionName;
        this.config = config;
        this.outbox = outbox;
        this.dues = new InputDues(sessionName, config, outbox, refusals, spans, timers);
        this.sources = new InputSources(sessionName, config);
        this.line = new InputLine(config, outbox, dues, timers);
        this.transfer = new InputTransfer(sessionName, config, lock, line, outbox, dues, timers);
        if (config.firstUpdate() != null) {
            dues.turns().configured(turnDetection(config.firstUpdate()));
        }
    }

    // ---- sources

    /**
     * The way in for a piece of a stream that goes on: it follows seamlessly on the piece before. A piece of G.711 is taken
     * for one of a call, which cannot wait, unless it is longer than what may wait.
     *
     * @param bytes length of the piece
     */
    public AudioIntake piece(AudioFormat format, long bytes) {
        boolean telephony = format.encoding() == Encoding.PCMU || format.encoding() == Encoding.PCMA;
        boolean live = telephony && format.millisOf(bytes) <= config.audioQueue().maxMillis();
        return new AudioIntake(this, format, null, streamFor(format), live);
    }

    /** The way in for a recording, which has a beginning and an end of its own. */
    public AudioIntake recording(AudioFormat format) {
        return recording(format, true);
    }

    /**
     * The way in for a recording, or for a part of one.
     *
     * @param ends whether its end is the end of the recording; if not, what comes next follows on it seamlessly
     */
    public AudioIntake recording(AudioFormat format, boolean ends) {
        boolean part;
        lock.lock();
        try {
            part = sources.isPart(ends);
        } finally {
            lock.unlock();
        }
        AudioConverter own = part ? null : new AudioConverter(format, config.lineFormat());
        return new AudioIntake(this, format, own, streamFor(format), false);
    }

    private int streamFor(AudioFormat format) {
        lock.lock();
        try {
            sources.comes(format);
            return sources.stream();
        } finally {
            lock.unlock();
        }
    }

    /** As much as one append carries, in ms. */
    long chunkMillis() {
        return line.chunkMillis();
    }

    /**
     * Done when there is room for another chunk; see {@link Outbox#room}. Sources that can wait do so until enough of what
     * they gave is final, too.
     *
     * @param live whether the source cannot wait, such as a call
     */
    CompletableFuture<Void> room(boolean live) {
        CompletableFuture<Void> room = outbox.room(live);
        if (live) {
            return room;
        }
        CompletableFuture<Void> settled = dues.room(uncommittedMillis());
        return settled.isDone() ? room : settled.thenCompose(nothing -> room(false));
    }

    private long uncommittedMillis() {
        return read(line::uncommittedMillis);
    }

    /**
     * Begins a new stream: positions count from here, and what belongs to the stream before is taken no more. What the
     * buffer holds stays there, so clear or commit first.
     *
     * @param  commitObserver told of every commit of the stream before it can leave. Called with a lock held, so it may only
     *                        take note; {@code null} for none
     * @return                number of the stream
     */
    int startStream(Consumer<Commit> commitObserver) {
        lock.lock();
        try {
            line.startStream(commitObserver);
            return sources.nextStream();
        } finally {
            lock.unlock();
        }
    }

    // ---- appending

    /** See {@link AudioIntake#append} and, at the end of the source, {@link AudioIntake#finish}. */
    CompletableFuture<Void> append(AudioIntake intake, byte[] audio, int offset, int length, boolean end) {
        CompletableFuture<Void> sent;
        lock.lock();
        try {
            if (intake.stream() != sources.stream()) {
                return CompletableFuture.failedFuture(new RealtimeException(
                        sessionName, "Session " + sessionName + ": the recording is over, its audio is taken no more"));
            }
            line.begin(intake);
            if (end) {
                line.take(sources.last(intake));
            } else {
                line.take(sources.before(intake));
                line.take(sources.next(intake, audio, offset, length));
            }
            sent = line.taken();
        } finally {
            line.end();
            lock.unlock();
        }
        sendNow();
        return sent;
    }

    // ---- ending

    /** @param listener told when somebody has committed, before more can be given: there the stream can be cut. Called under no lock */
    void onCommit(Runnable listener) {
        onCommit = listener;
    }

    /**
     * Commits what was appended since the last commit or clear. Less than 100 ms are kept in the buffer and not committed,
     * as the service would refuse; in that case, and with an empty buffer, the item id is {@code null}.
     *
     * @param answerAwaited whether the caller waits for the answer; if not, a refusal is left to those who consume errors
     */
    public Commit commit(boolean answerAwaited) {
        return commit(answerAwaited, null);
    }

    /**
     * As {@link #commit(boolean)}.
     *
     * @param eventId of the commit, {@code null} for a new one
     */
    public Commit commit(boolean answerAwaited, String eventId) {
        return commit(answerAwaited, eventId, null);
    }

    /** @param follower told of what becomes of the commit, {@code null} for nobody */
    Commit commit(boolean answerAwaited, String eventId, Commit.Follower follower) {
        Commit commit;
        lock.lock();
        try {
            line.take(sources.turnOver());
            commit = line.commit(answerAwaited, eventId, follower);
        } finally {
            lock.unlock();
        }
        sendNow();
        onCommit.run();
        return commit;
    }

    /**
     * Commits what an answer is wanted to: what was appended since the last commit or clear, if it is enough.
     *
     * @param  eventId of the commit, {@code null} for a new one
     * @return         that commit, or an earlier one that nobody has asked an answer to; {@code null} if there is neither
     */
    Commit endTurn(String eventId) {
        Commit turn;
        lock.lock();
        try {
            line.take(sources.turnOver());
            line.endTurn(eventId);
            turn = dues.commits().takeUnasked();
        } finally {
            lock.unlock();
        }
        sendNow();
        return turn == null || turn.itemId().isCompletedExceptionally() ? null : turn;
    }

    /**
     * Ends the stream of this speaker: closes an open segment, commits what is left (padded with silence to what the service
     * takes), or, where the service ends turns, appends the silence that it waits for.
     *
     * @return done when all of that has been sent
     */
    public CompletableFuture<Void> endOfStream() {
        return endOfStream(read(sources::stream));
    }

    /** As {@link #endOfStream()}, for one stream; does nothing when that is over already. */
    CompletableFuture<Void> endOfStream(int ofStream) {
        CompletableFuture<Void> sent;
        lock.lock();
        try {
            if (ofStream != sources.stream()) {
                return CompletableFuture.completedFuture(null);
            }
            endStretch();
            sent = line.lastSent();
        } finally {
            lock.unlock();
        }
        sendNow();
        return sent;
    }

    private void endStretch() {
        line.take(sources.end());
        line.endStretch();
    }

    /** Empties the buffer on both sides; audio that still waits here goes first, and is cleared with the rest. */
    public CompletableFuture<Void> clear() {
        return clear(null);
    }

    /**
     * As {@link #clear()}.
     *
     * @param eventId of the clear, {@code null} for a new one
     */
    public CompletableFuture<Void> clear(String eventId) {
        CompletableFuture<Void> sent;
        lock.lock();
        try {
            sources.forget();
            sent = line.clear(eventId);
        } finally {
            lock.unlock();
        }
        sendNow();
        return sent;
    }

    /** Whether the service's buffer holds audio of ours that was neither committed nor cleared. */
    boolean hasUncommitted() {
        return read(line::hasUncommitted);
    }

    /** Commits not made because there was too little to commit. */
    long suppressedCommits() {
        return read(line::suppressedCommits);
    }

    /** Audio given while the speaker is muted is taken and counted; of what it says the model gets nothing. */
    MuteSwitch muting() {
        return sources.mute();
    }

    // ---- what the service says

    /**
     * Queues an update of the session. If it hands the turns over, audio behind it is for the new mode, and audio before it for
     * the old one. Whether the service takes it is for {@link #configured} to tell.
     *
     * @return done when sent
     */
    CompletableFuture<Void> update(ClientEvent update) {
        CompletableFuture<Void> sent;
        lock.lock();
        try {
            line.follow(turnDetection(update.getJson().path("session")));
            sent = outbox.offer(update);
        } finally {
            lock.unlock();
        }
        sendNow();
        return sent;
    }

    /** The session object as the service holds it; what it does not say stays as it was. */
    void configured(JsonNode session) {
        JsonNode detection = turnDetection(session);
        dues.turns().configured(detection);
        lock.lock();
        try {
            line.follow(detection);
        } finally {
            lock.unlock();
        }
        sendNow();
    }

    private static JsonNode turnDetection(JsonNode session) {
        return session.path("audio").path("input").path("turn_detection");
    }

    /** Who ends turns now. */
    TurnMode mode() {
        return line.mode();
    }

    /**
     * Told of every event, in order.
     *
     * @param epoch number of its connection
     */
    void onEvent(int epoch, ServerEvent event) {
        if (mode() == TurnMode.SERVER) {
            dues.turns().heard();
        }
        if (EventTypes.INPUT_AUDIO_BUFFER_COMMITTED.equals(event.getType())) {
            if (!isForeseen(event.getItemId())) {
                committed(epoch, event.getItemId());
            }
        } else {
            if (EventTypes.settlesTranscript(event.getType())) {
                foresee(epoch, event.getItemId());
            }
            dues.onEvent(epoch, event);
        }
        if (EventTypes.INPUT_AUDIO_BUFFER_CLEARED.equals(event.getType())) {
            transfer.cleared(epoch);
        }
        if (transfer.resume()) {
            outbox.drain();
        }
    }

    /** A transcript of what nobody has heard of answers the commit that waits: its {@code committed} is late, or lost. */
    private void foresee(int epoch, String itemId) {
        boolean present = outbox.unsettled(UnsettledAudio::presentEpoch) == epoch;
        if (itemId == null || !present || mode() == TurnMode.SERVER || !dues.isUnknown(itemId) || !dues.commits().isAwaited()) {
            return;
        }
        lock.lock();
        try {
            foreseen.put(itemId, true);
        } finally {
            lock.unlock();
        }
        committed(epoch, itemId);
    }

    private boolean isForeseen(String itemId) {
        return itemId != null && read(() -> foreseen.remove(itemId)) != null;
    }

    private void committed(int epoch, String itemId) {
        boolean present = outbox.unsettled(UnsettledAudio::presentEpoch) == epoch;
        boolean ours = present && !outbox.unsettled(ring -> ring.endsByService(itemId));
        if (ours && dues.answered(itemId)) {
            return;
        }
        if (present) {
            lock.lock();
            try {
                line.emptied();
            } finally {
                lock.unlock();
            }
        }
        dues.endedByService(epoch, itemId);
    }

    /** What the service owes for the audio given. */
    InputDues dues() {
        return dues;
    }

    // ---- losses

    /** Whether handing over now splits no turn, and needs nothing to be sent again. */
    boolean isPause() {
        return transfer.isPause();
    }

    /**
     * What has left is the present connection's, what waits and what is given from now on is for the next: it waits until that
     * is admitted. A turn that somebody is in the middle of goes to the next whole, except in a transcription session whose
     * turns the service ends: there it is committed. If the present connection is admitted again, all goes on with it.
     *
     * @param  forced whether it is to be done though somebody is in the middle of a turn
     * @return        done when the present connection has answered what it got, or has not within {@code itemAckTimeout}
     */
    CompletableFuture<Void> handOver(boolean forced) {
        CompletableFuture<Void> done = transfer.handOver(forced);
        sendNow();
        return done;
    }

    /** The next that leaves is this epoch's. To be called just before its transport is admitted to the outbox. */
    void admitted(Epoch epoch) {
        epoch.firstSample = outbox.nextSample();
        outbox.tellUnsettled(ring -> ring.admitted(epoch.number));
    }

    /**
     * The epoch that was handed over from is gone: what of it is not settled is sent again by the present one.
     *
     * @return the items it had made of that
     */
    Set<String> drained(Epoch epoch) {
        Set<String> again = transfer.drained(epoch.number);
        sendNow();
        return again;
    }

    /** What became of the audio given since the session was opened. */
    public InputAccounts accounts() {
        return transfer.accounts();
    }

    /**
     * The connection is lost and another takes its place. The streams go on: what the lost one did not make final is put
     * before what has not left, and leaves by the next connection, in order, with its commits. A commit fails if its stretch
     * has lost its beginning, as {@code maxUnsettledAudio} of it was not enough.
     *
     * @param  withdrawn ids of events in the outbox that are not to leave
     * @return           what stays in the outbox, what is sent again, and what is lost
     */
    OutboxCut cut(Exception reason, Set<String> withdrawn) {
        return transfer.cut(reason, withdrawn);
    }

    /** Whether nothing was lost when the last connection was. */
    boolean isWhole() {
        return transfer.isWhole();
    }

    /**
     * Ends the present stretch as {@link #endOfStream} does; what is given from now on waits for the next connection.
     *
     * @return done when all that came before has been sent
     */
    CompletableFuture<Void> pause() {
        CompletableFuture<Void> sent;
        lock.lock();
        try {
            endStretch();
            sent = outbox.offerHold();
        } finally {
            lock.unlock();
        }
        sendNow();
        return sent;
    }

    /** The session is gone: nobody waits for an answer to a commit any more. */
    void failAll(Exception reason) {
        lock.lock();
        try {
            sources.forget();
            line.reset();
            transfer.reset();
        } finally {
            lock.unlock();
        }
        dues.failAll(reason);
    }

    /** Does what was left to be done without the lock, then lets leave what may. */
    private void sendNow() {
        Runnable task;
        while ((task = read(line::pollAfterwards)) != null) {
            task.run();
        }
        transfer.resume();
        outbox.drain();
    }

    private <T> T read(Supplier<T> value) {
        lock.lock();
        try {
            return value.get();
        } finally {
            lock.unlock();
        }
    }
}
