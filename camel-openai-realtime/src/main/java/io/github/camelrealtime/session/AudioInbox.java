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

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.audio.AudioConverter;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.audio.AudioFormat.Encoding;
import io.github.camelrealtime.audio.EnergySegmenter;
import io.github.camelrealtime.audio.SpeechSegmenter;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The input buffer of a session as seen from here: takes audio, cuts it into appends, ends stretches of speech where that
 * is our task, and knows which stretch became which item.
 *
 * <p>The buffer belongs to one speaker; several threads may append, whole calls one after the other. Audio is cut into
 * appends of {@link #CHUNK_MILLIS} ms at most ({@link #TELEPHONY_CHUNK_MILLIS} ms of G.711). Commits of less than
 * {@link #MIN_COMMIT_MILLIS} ms, which the service refuses, are held back or padded with silence.
 *
 * <p>Lock order: this lock, then the outbox's, the refusals', the commits' or the turns'. Nothing is sent and no future
 * that others wait for is completed under it.
 */
public final class AudioInbox {

    static final long CHUNK_MILLIS = 100;
    static final long TELEPHONY_CHUNK_MILLIS = 40;
    static final long MIN_COMMIT_MILLIS = 100;

    private static final Logger LOG = LoggerFactory.getLogger(AudioInbox.class);

    private final String sessionName;
    private final SessionConfig config;
    private final Outbox outbox;
    private final Spans spans;
    private final AudioFormat line;
    private final int chunkBytes;
    private final Commits commits;
    private final ServerTurns turns;
    private final OutstandingAudio outstanding;
    private final MuteSwitch mute;

    private final ReentrantLock lock = new ReentrantLock();
    /** Who ends turns now. Written under the lock. */
    private volatile TurnMode mode;
    private final Deque<Runnable> afterwards = new ArrayDeque<>();
    private final PieceConverter pieces;
    private SpeechSegmenter segmenter;
    private long segmenterOrigin;
    private AudioConverter toWire;
    private Consumer<Commit> observer;
    private int stream;
    private AudioFormat sourceFormat;
    private CompletableFuture<Void> lastSent;
    private CompletableFuture<Void> refused;
    private Commit lastCommit;
    /** Whether somebody waits for the answer to the commit being made. */
    private boolean awaited;
    /** Whether what is being appended comes from a source that cannot wait. */
    private boolean live;
    /** Whose audio is being appended, {@code null} outside of that. */
    private AudioIntake source;
    /** Wanted for the commit being made, {@code null} for a new one. */
    private String commitId;
    private long streamBytes;
    private long bufferStartBytes;
    /** What the service holds of ours that was neither committed nor cleared. */
    private long bufferBytes;
    /** Whether audio came since the last end of the stream. */
    private boolean streaming;
    /** Whether the recording given last goes on with the next one. */
    private boolean unfinished;
    private long suppressedCommits;

    AudioInbox(String sessionName, SessionConfig config, Outbox outbox, Refusals refusals, Spans spans, Timers timers) {
        this.sessionName = sessionName;
        this.config = config;
        this.outbox = outbox;
        this.spans = spans;
        this.line = config.lineFormat();
        boolean telephony = config.inputFormat().sampleRate() == AudioFormat.PCMU_8K.sampleRate();
        this.chunkBytes = (int) line.bytesOf(telephony ? TELEPHONY_CHUNK_MILLIS : CHUNK_MILLIS);
        this.commits = new Commits(sessionName, outbox, refusals, timers, config.timeouts().itemAck());
        this.turns = new ServerTurns(line);
        this.mode = config.turns();
        this.outstanding = new OutstandingAudio(
                config.transcribesInput() ? config.maxOutstandingMillis() : 0, config.timeouts().transcript(), timers);
        this.mute = new MuteSwitch(line, config.talk().muteMode());
        if (config.firstUpdate() != null) {
            turns.configured(turnDetection(config.firstUpdate()));
        }
        this.pieces = new PieceConverter(line);
        restart();
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
            part = unfinished || !ends;
            unfinished = !ends;
        } finally {
            lock.unlock();
        }
        return new AudioIntake(this, format, part ? null : new AudioConverter(format, line), streamFor(format), false);
    }

    private int streamFor(AudioFormat format) {
        lock.lock();
        try {
            if (!format.equals(sourceFormat)) {
                // a wrong format gives noise or another language and no error: this is where to see it
                LOG.debug("Session {}: audio comes as {} and goes out as {}", sessionName, format, config.inputFormat());
                sourceFormat = format;
            }
            return stream;
        } finally {
            lock.unlock();
        }
    }

    long chunkMillis() {
        return line.millisOf(chunkBytes);
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
        CompletableFuture<Void> settled = outstanding.room(uncommittedMillis());
        return settled.isDone() ? room : settled.thenCompose(nothing -> room(false));
    }

    private long uncommittedMillis() {
        lock.lock();
        try {
            return line.millisOf(mode == TurnMode.SERVER ? turns.uncommittedBytes() : bufferBytes);
        } finally {
            lock.unlock();
        }
    }

    /** What has been given and is not final, in ms. */
    long unsettledMillis() {
        return outstanding.millis() + uncommittedMillis();
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
            observer = commitObserver;
            restart();
            return ++stream;
        } finally {
            lock.unlock();
        }
    }

    private void restart() {
        segmenter = config.turns() == TurnMode.CLIENT ? new EnergySegmenter(line.sampleRate(), config.segmenter()) : null;
        segmenterOrigin = 0;
        toWire = line.equals(config.inputFormat()) ? null : new AudioConverter(line, config.inputFormat());
        pieces.end();
        streamBytes = 0;
        bufferStartBytes = 0;
        streaming = false;
        unfinished = false;
        lastSent = CompletableFuture.completedFuture(null);
    }

    // ---- appending

    CompletableFuture<Void> append(AudioIntake intake, byte[] audio, int offset, int length, boolean end) {
        CompletableFuture<Void> sent;
        lock.lock();
        try {
            if (intake.stream() != stream) {
                return CompletableFuture.failedFuture(new RealtimeException(
                        sessionName, "Session " + sessionName + ": the recording is over, its audio is taken no more"));
            }
            refused = null;
            live = intake.isLive();
            source = intake;
            AudioConverter own = intake.converter();
            if (own != null) {
                take(end ? own.finish() : own.convert(audio, offset, length));
            } else if (!end) {
                if (!pieces.goesOn(intake.format())) {
                    take(pieces.end());
                }
                take(pieces.convert(intake.format(), audio, offset, length));
            }
            sent = refused == null ? lastSent : refused;
        } finally {
            source = null;
            lock.unlock();
        }
        sendNow();
        return sent;
    }

    private void take(byte[] given) {
        byte[] audio = mute.pass(given);
        if (audio.length == 0) {
            return;
        }
        if (segmenter != null) {
            segmenter.accept(audio, 0, audio.length, sink);
        } else {
            submit(audio, 0, audio.length);
        }
        streamBytes += audio.length;
        streaming = true;
    }

    private final SpeechSegmenter.Sink sink = new SpeechSegmenter.Sink() {
        @Override
        public void audio(byte[] pcm, int offset, int length, long firstSample) {
            if (bufferBytes == 0) {
                bufferStartBytes = segmenterOrigin + firstSample * line.bytesPerFrame();
            }
            submit(pcm, offset, length);
        }

        @Override
        public void end(long startSample, long endSample) {
            if (bufferBytes > 0) {
                // short ones occur at the end of a stream and behind a cut
                pad();
                commitNow(millisOfSample(startSample), millisOfSample(endSample), observer != null || awaited);
            }
        }
    };

    private long millisOfSample(long sample) {
        return line.millisOf(segmenterOrigin + sample * line.bytesPerFrame());
    }

    private void submit(byte[] audio, int offset, int length) {
        for (int done = 0; done < length;) {
            int part = Math.min(chunkBytes, length - done);
            byte[] wire = toWire == null
                    ? Arrays.copyOfRange(audio, offset + done, offset + done + part)
                    : toWire.convert(audio, offset + done, part);
            CompletableFuture<Void> sent = outbox.offerAudio(
                    wire, live, source == null ? null : source.takeEventId());
            if (sent.isCompletedExceptionally()) {
                // nothing behind a hole: the caller is told, and knows that the rest was not taken either
                refused = refused == null ? sent : refused;
                return;
            } else if (sent != Outbox.DROPPED) {
                lastSent = sent;
                bufferBytes += part;
                if (mode == TurnMode.SERVER) {
                    turns.given(audio, offset + done, part);
                } else if (mode == TurnMode.MANUAL) {
                    turns.passed(part);
                }
            }
            done += part;
        }
    }

    private void pad() {
        long missing = line.bytesOf(MIN_COMMIT_MILLIS) - bufferBytes;
        if (missing > 0) {
            byte[] silence = line.silence(line.millisOf(missing) + 1);
            submit(silence, 0, silence.length);
        }
    }

    // ---- ending

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
        Commit commit;
        lock.lock();
        try {
            take(pieces.turnOver());
            awaited = answerAwaited;
            commitId = eventId;
            commit = commitIf(bufferBytes >= line.bytesOf(MIN_COMMIT_MILLIS));
            awaited = false;
            commitId = null;
        } finally {
            lock.unlock();
        }
        sendNow();
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
            take(pieces.turnOver());
            awaited = true;
            commitId = eventId;
            if (segmenter != null) {
                segmenter.flush(sink);
            } else if (bufferBytes >= line.bytesOf(MIN_COMMIT_MILLIS)) {
                commitIf(true);
            }
            awaited = false;
            commitId = null;
            turn = commits.takeUnasked();
        } finally {
            lock.unlock();
        }
        sendNow();
        return turn == null || turn.itemId().isCompletedExceptionally() ? null : turn;
    }

    /** Which commits have been asked an answer to. */
    Commits commits() {
        return commits;
    }

    /**
     * Ends the stream of this speaker: closes an open segment, commits what is left (padded with silence to what the service
     * takes), or, where the service ends turns, appends the silence that it waits for.
     *
     * @return done when all of that has been sent
     */
    public CompletableFuture<Void> endOfStream() {
        int present;
        lock.lock();
        try {
            present = stream;
        } finally {
            lock.unlock();
        }
        return endOfStream(present);
    }

    /** As {@link #endOfStream()}, for one stream; does nothing when that is over already. */
    CompletableFuture<Void> endOfStream(int ofStream) {
        CompletableFuture<Void> sent;
        lock.lock();
        try {
            if (ofStream != stream) {
                return CompletableFuture.completedFuture(null);
            }
            endStretch();
            sent = lastSent;
        } finally {
            lock.unlock();
        }
        sendNow();
        return sent;
    }

    private void endStretch() {
        take(pieces.end());
        if (mode != TurnMode.SERVER) {
            if (segmenter == null && bufferBytes > 0) {
                pad();
            }
            commitIf(bufferBytes > 0);
        } else if (streaming) {
            byte[] silence = turns.silence();
            submit(silence, 0, silence.length);
        }
        streaming = false;
        unfinished = false;
    }

    /** @param enough whether there is something to commit, where no segmenter knows better */
    private Commit commitIf(boolean enough) {
        if (segmenter != null) {
            lastCommit = null;
            segmenter.flush(sink);
            return lastCommit == null ? nothingToCommit() : lastCommit;
        }
        if (mode != TurnMode.SERVER && !enough) {
            return nothingToCommit();
        }
        return commitNow(line.millisOf(bufferStartBytes), line.millisOf(bufferStartBytes + bufferBytes), awaited);
    }

    private Commit nothingToCommit() {
        suppressedCommits++;
        Commit nothing = new Commit(null, line.millisOf(streamBytes), line.millisOf(streamBytes));
        nothing.sent().complete(null);
        nothing.itemId().complete(null);
        return nothing;
    }

    private Commit commitNow(long startMillis, long endMillis, boolean answerAwaited) {
        ClientEvent event = named(ClientEvent.commit(), commitId);
        commitId = null;
        Commit commit = new Commit(event.getEventId(), startMillis, endMillis);
        if (observer != null) {
            // here and not afterwards: the answer may come before this thread gets any further
            observer.accept(commit);
        }
        outstanding.add(commit);
        CompletableFuture<Void> sent = commits.offer(commit, event, answerAwaited);
        // a refusal by the outbox fails the commit: not under the lock
        afterwards.add(() -> commits.watch(commit, sent));
        lastSent = sent;
        lastCommit = commit;
        turns.dealtWith();
        bufferStartBytes += bufferBytes;
        bufferBytes = 0;
        return commit;
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
            pieces.end();
            if (segmenter != null) {
                segmenter = new EnergySegmenter(line.sampleRate(), config.segmenter());
                segmenterOrigin = streamBytes;
            }
            turns.dealtWith();
            bufferStartBytes += bufferBytes;
            bufferBytes = 0;
            streaming = false;
            unfinished = false;
            sent = outbox.offer(named(ClientEvent.clear(), eventId));
            lastSent = sent;
        } finally {
            lock.unlock();
        }
        sendNow();
        return sent;
    }

    private static ClientEvent named(ClientEvent event, String eventId) {
        return eventId == null ? event : event.with("event_id", eventId);
    }

    /** Whether the service's buffer holds audio of ours that was neither committed nor cleared. */
    boolean hasUncommitted() {
        lock.lock();
        try {
            return bufferBytes > 0;
        } finally {
            lock.unlock();
        }
    }

    /** Commits not made because there was too little to commit. */
    long suppressedCommits() {
        lock.lock();
        try {
            return suppressedCommits;
        } finally {
            lock.unlock();
        }
    }

    /** Audio given while the speaker is muted is taken and counted; of what it says the model gets nothing. */
    MuteSwitch muting() {
        return mute;
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
            follow(turnDetection(update.getJson().path("session")));
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
        turns.configured(detection);
        lock.lock();
        try {
            follow(detection);
        } finally {
            lock.unlock();
        }
        sendNow();
    }

    private static JsonNode turnDetection(JsonNode session) {
        return session.path("audio").path("input").path("turn_detection");
    }

    /** Turns of our own segmenter stay with it, whatever the service says. */
    private void follow(JsonNode turnDetection) {
        if (mode == TurnMode.CLIENT || turnDetection.isMissingNode()) {
            return;
        }
        TurnMode next = turnDetection.isNull() ? TurnMode.MANUAL : TurnMode.SERVER;
        if (mode == TurnMode.SERVER && next == TurnMode.MANUAL) {
            // what it has not ended by now is left to us
            afterwards.add(turns::over);
        }
        mode = next;
    }

    /** Who ends turns now. */
    TurnMode mode() {
        return mode;
    }

    void onEvent(ServerEvent event) {
        if (mode == TurnMode.SERVER) {
            turns.heard();
        }
        if (EventTypes.INPUT_AUDIO_BUFFER_COMMITTED.equals(event.getType())) {
            committed(event.getItemId());
        } else {
            spans.onEvent(event);
            outstanding.onEvent(event);
        }
    }

    ServerTurns turns() {
        return turns;
    }

    /** Whether the service owes the answer to a commit. */
    boolean awaitsAnswer() {
        return commits.isAwaited();
    }

    /** Sets who is told of a commit that is not answered in time; see {@link Commits#onExpired}. */
    void onUnanswered(Runnable listener) {
        commits.onExpired(listener);
    }

    private void committed(String itemId) {
        // under server turns a commit of ours may lose the race: then this answers the service's own
        Commit commit = commits.poll();
        Spans.Span span = spans.find(itemId);
        if (commit == null) {
            lock.lock();
            try {
                bufferStartBytes += bufferBytes;
                bufferBytes = 0;
            } finally {
                lock.unlock();
            }
            outbox.bufferTaken();
            outstanding.add(itemId, millisOf(span));
            turns.committed(span == null ? null : span.endMillis());
            return;
        }
        if (itemId != null && span == null) {
            spans.put(itemId, new Spans.Span(commit.startMillis(), commit.endMillis(), "segment"));
        }
        commits.settle(commit, itemId);
    }

    private static long millisOf(Spans.Span span) {
        return span == null || span.startMillis() == null || span.endMillis() == null ? 0 : span.endMillis() - span.startMillis();
    }

    /** Done when the service has answered what was committed so far, and committed what it ends itself. */
    CompletableFuture<Void> answered() {
        return CompletableFuture.allOf(commits.answered(), turns.settled());
    }

    /** Whether answers can still be told apart; see {@link Commits#isInOrder()}. */
    boolean isInOrder() {
        return commits.isInOrder();
    }

    /**
     * The connection is lost and another takes its place. The streams go on: what has not left stays and leaves by the next
     * connection, in order; commits that have left, or that end a stretch whose beginning is lost, fail.
     *
     * @param  withdrawn ids of events in the outbox that are not to leave
     * @return           what stays in the outbox, and what is dropped of it
     */
    OutboxCut cut(Exception reason, Set<String> withdrawn) {
        OutboxCut cut;
        List<Commit> lost;
        lock.lock();
        try {
            cut = outbox.cut(withdrawn);
            long open = lineBytes(cut.openBytes);
            bufferStartBytes += Math.max(0, bufferBytes - open);
            bufferBytes = open;
            lost = commits.cut(cut.staying);
            turns.cut(lineBytes(cut.stayingBytes));
            // the next connection begins with the options of the session again
            mode = config.turns();
        } finally {
            lock.unlock();
        }
        cut.settle(reason);
        lost.forEach(commit -> commit.itemId().completeExceptionally(reason));
        outstanding.clear();
        return cut;
    }

    private long lineBytes(long wireBytes) {
        return wireBytes / config.inputFormat().bytesPerFrame() * line.bytesPerFrame();
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
            restart();
            bufferBytes = 0;
            mode = config.turns();
        } finally {
            lock.unlock();
        }
        turns.reset();
        commits.failAll(reason);
        outstanding.clear();
    }

    private void sendNow() {
        Runnable task;
        while ((task = nextTask()) != null) {
            task.run();
        }
        outbox.drain();
    }

    private Runnable nextTask() {
        lock.lock();
        try {
            return afterwards.poll();
        } finally {
            lock.unlock();
        }
    }
}
