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
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.audio.AudioConverter;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.audio.EnergySegmenter;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.session.OutboxEntry.Sound;

/**
 * The input buffer of the service as an {@link AudioInbox} counts it: cuts audio into appends, ends stretches of speech
 * where that is our task, and knows what the buffer holds and where in the audio given that lies. Takes the line's format
 * ({@link SessionConfig#lineFormat}).
 *
 * <p>Appends carry {@link #CHUNK_MILLIS} ms at most ({@link #TELEPHONY_CHUNK_MILLIS} ms of G.711). Commits of less than
 * {@link #MIN_COMMIT_MILLIS} ms, which the service refuses, are held back or padded with silence.
 *
 * <p>Not thread-safe, but for {@link #mode()}: the inbox's lock guards it. It only queues: it sends nothing, and completes
 * no future that others wait for. What has to be done without the lock is left in {@link #pollAfterwards()}.
 */
final class InputLine {

    static final long CHUNK_MILLIS = 100;
    static final long TELEPHONY_CHUNK_MILLIS = 40;
    static final long MIN_COMMIT_MILLIS = 100;

    private final SessionConfig config;
    private final Outbox outbox;
    private final InputDues dues;
    private final Timers timers;
    private final ServerTurns turns;
    private final AudioFormat format;
    private final int chunkBytes;

    /** Who ends turns now. Written under the lock, read without it, too. */
    private volatile TurnMode mode;
    private final Deque<Runnable> afterwards = new ArrayDeque<>();
    /** Where turns are ours to end by what is heard, else {@code null}. */
    private OwnTurns segmenter;
    /** From the line's format to the wire's, {@code null} if they are the same. */
    private AudioConverter toWire;
    private Consumer<Commit> observer;
    /** Of what was queued last. */
    private CompletableFuture<Void> lastSent;
    /** The first append that the outbox refused of what is being taken, {@code null} if none. */
    private CompletableFuture<Void> refused;
    /** Whose audio is being taken, {@code null} outside of that. */
    private AudioIntake source;
    /** Whether the last source is one that cannot wait. */
    private boolean live;
    private Commit lastCommit;
    /** Whether somebody waits for the answer to the commit being made. */
    private boolean awaited;
    /** Wanted for the commit being made, {@code null} for a new one. */
    private String commitId;
    /** Told of what becomes of the commit being made, {@code null} for nobody. */
    private Commit.Follower follower;
    /** All audio given. */
    private long streamBytes;
    /** The same of all streams since the session was opened. */
    private long givenBytes;
    /** Where in the stream what the buffer holds begins and ends. */
    private long bufferStartBytes;
    private long bufferEndBytes;
    /** What the service holds of ours that was neither committed nor cleared. */
    private long bufferBytes;
    /** Whether audio came since the last end of the stream. */
    private boolean streaming;
    private long suppressedCommits;

    /** @param dues told of what is given and committed */
    InputLine(SessionConfig config, Outbox outbox, InputDues dues, Timers timers) {
        this.timers = timers;
        this.config = config;
        this.outbox = outbox;
        this.dues = dues;
        this.turns = dues.turns();
        this.format = config.lineFormat();
        boolean telephony = config.inputFormat().sampleRate() == AudioFormat.PCMU_8K.sampleRate();
        this.chunkBytes = (int) format.bytesOf(telephony ? TELEPHONY_CHUNK_MILLIS : CHUNK_MILLIS);
        this.mode = config.turns();
        restart();
    }

    /** As much as one append carries, in ms. The lock is not needed. */
    long chunkMillis() {
        return format.millisOf(chunkBytes);
    }

    // ---- streams

    /**
     * Begins a new stream: positions count from here. What the buffer holds stays there.
     *
     * @param commitObserver told of every commit before it can leave, with the lock held, so it may only take note;
     *                       {@code null} for none
     */
    void startStream(Consumer<Commit> commitObserver) {
        observer = commitObserver;
        restart();
    }

    private void restart() {
        outbox.streams().restart();
        toWire = format.equals(config.inputFormat()) ? null : new AudioConverter(format, config.inputFormat());
        streamBytes = 0;
        segmenter = newSegmenter();
        bufferStartBytes = 0;
        bufferEndBytes = 0;
        streaming = false;
        lastSent = CompletableFuture.completedFuture(null);
    }

    private OwnTurns newSegmenter() {
        return config.turns() == TurnMode.CLIENT
                ? new OwnTurns(format, new EnergySegmenter(format.sampleRate(), config.segmenter()), streamBytes, ownTurns) : null;
    }

    // ---- appending

    /** What is taken from now on is this source's. */
    void begin(AudioIntake intake) {
        refused = null;
        live = intake.isLive();
        source = intake;
    }

    /** What is taken from now on is nobody's, such as silence. */
    void end() {
        source = null;
    }

    /** Done when what was taken since {@link #begin} has been sent; failed if some of it was refused. */
    CompletableFuture<Void> taken() {
        return refused == null ? lastSent : refused;
    }

    /** Done when what was queued last has been sent. */
    CompletableFuture<Void> lastSent() {
        return lastSent;
    }

    /** Takes audio in the line's format, whole samples. */
    void take(byte[] audio) {
        if (audio.length == 0) {
            return;
        }
        comes(audio.length);
        if (segmenter != null) {
            segmenter.accept(audio);
        } else {
            submit(audio, 0, audio.length, streamBytes);
        }
        streamBytes += audio.length;
        streaming = true;
    }

    /** As much of the stream is not to be heard: its time goes on. */
    void skip(long bytes) {
        if (bytes == 0) {
            return;
        }
        comes(bytes);
        if (segmenter != null) {
            segmenter.skip(bytes);
        }
        streamBytes += bytes;
    }

    private void comes(long bytes) {
        outbox.streams().given(
                streamBytes / format.bytesPerFrame(), bytes / format.bytesPerFrame(),
                timers.millis() - format.millisOf(bytes), source == null ? null : source.takeSourceMillis());
        givenBytes += bytes;
    }

    private final OwnTurns.Listener ownTurns = new OwnTurns.Listener() {
        @Override
        public void audio(byte[] pcm, int offset, int length, long position) {
            submit(pcm, offset, length, position);
        }

        @Override
        public void end(long startMillis, long endMillis) {
            if (bufferBytes > 0) {
                // short ones occur at the end of a stream and behind a cut
                pad();
                commitNow(startMillis, endMillis, Spans.SEGMENT, observer != null || awaited);
            }
        }
    };

    /** @param position of its first byte in the stream, {@link OutboxEntry#NOWHERE} for silence of our own making */
    private void submit(byte[] audio, int offset, int length, long position) {
        for (int done = 0; done < length;) {
            int part = Math.min(chunkBytes, length - done);
            byte[] wire = toWire == null
                    ? Arrays.copyOfRange(audio, offset + done, offset + done + part)
                    : toWire.convert(audio, offset + done, part);
            long at = position == OutboxEntry.NOWHERE ? OutboxEntry.NOWHERE : position + done;
            CompletableFuture<Void> sent = outbox.offerAudio(
                    wire, live, source == null ? null : source.takeEventId(),
                    at == OutboxEntry.NOWHERE ? OutboxEntry.NOWHERE : at / format.bytesPerFrame(),
                    sound(audio, offset + done, part, at));
            if (sent.isCompletedExceptionally()) {
                // nothing behind a hole: the caller is told, and knows that the rest was not taken either
                refused = refused == null ? sent : refused;
                turns.takeBack();
                return;
            }
            if (sent == Outbox.DROPPED) {
                turns.takeBack();
            } else {
                lastSent = sent;
                holds(part, at);
            }
            done += part;
        }
    }

    private Sound sound(byte[] audio, int offset, int length, long at) {
        if (mode != TurnMode.SERVER) {
            return Sound.ANY;
        }
        if (at == OutboxEntry.NOWHERE) {
            turns.silent(length);
            return Sound.QUIET;
        }
        return turns.given(audio, offset, length, at) ? Sound.AUDIBLE : Sound.QUIET;
    }

    private void holds(int length, long at) {
        if (at != OutboxEntry.NOWHERE) {
            bufferStartBytes = bufferBytes == 0 ? at : bufferStartBytes;
            bufferEndBytes = at + length;
        } else if (bufferBytes == 0) {
            bufferStartBytes = streamBytes;
            bufferEndBytes = streamBytes;
        }
        bufferBytes += length;
    }

    private void pad() {
        long missing = format.bytesOf(MIN_COMMIT_MILLIS) - bufferBytes;
        if (missing > 0) {
            byte[] silence = format.silence(format.millisOf(missing) + 1);
            submit(silence, 0, silence.length, OutboxEntry.NOWHERE);
        }
    }

    // ---- ending

    /**
     * Commits what was appended since the last commit or clear, if it is enough.
     *
     * @param  answerAwaited whether somebody waits for the answer
     * @param  eventId       of the commit, {@code null} for a new one
     * @param  told          of what becomes of the commit, {@code null} for nobody
     * @return               the commit; one without an item id if there was too little
     */
    Commit commit(boolean answerAwaited, String eventId, Commit.Follower told) {
        awaited = answerAwaited;
        commitId = eventId;
        follower = told;
        Commit commit = commitIf(isEnough());
        awaited = false;
        commitId = null;
        follower = null;
        return commit;
    }

    /**
     * Commits what an answer is wanted to, if it is enough; nothing is counted if it is not.
     *
     * @param eventId of the commit, {@code null} for a new one
     */
    void endTurn(String eventId) {
        awaited = true;
        commitId = eventId;
        if (segmenter != null) {
            segmenter.flush();
        } else if (isEnough()) {
            commitIf(true);
        }
        awaited = false;
        commitId = null;
    }

    private boolean isEnough() {
        return bufferBytes >= format.bytesOf(MIN_COMMIT_MILLIS);
    }

    /** Commits what is left, padded if need be; where the service ends turns, appends the silence that it waits for. */
    void endStretch() {
        if (mode != TurnMode.SERVER) {
            if (segmenter == null && bufferBytes > 0) {
                pad();
            }
            commitIf(bufferBytes > 0);
        } else if (streaming) {
            byte[] silence = turns.silence();
            submit(silence, 0, silence.length, OutboxEntry.NOWHERE);
        }
        streaming = false;
    }

    /** @param enough whether there is something to commit, where no segmenter knows better */
    private Commit commitIf(boolean enough) {
        if (segmenter != null) {
            lastCommit = null;
            segmenter.flush();
            return lastCommit == null ? nothingToCommit() : lastCommit;
        }
        if (mode != TurnMode.SERVER && !enough) {
            return nothingToCommit();
        }
        long start = bufferBytes == 0 ? streamBytes : bufferStartBytes;
        long end = bufferBytes == 0 ? streamBytes : bufferEndBytes;
        return commitNow(format.millisOf(start), format.millisOf(end), Spans.COMMIT, awaited);
    }

    private Commit nothingToCommit() {
        suppressedCommits++;
        Commit nothing = new Commit(null, format.millisOf(streamBytes), format.millisOf(streamBytes), Spans.COMMIT);
        nothing.sent().complete(null);
        nothing.become(null);
        return nothing;
    }

    private Commit commitNow(long startMillis, long endMillis, String timeSource, boolean answerAwaited) {
        ClientEvent event = named(ClientEvent.commit(), commitId);
        commitId = null;
        Commit commit = new Commit(event.getEventId(), startMillis, endMillis, timeSource);
        if (follower != null) {
            commit.follow(follower);
        }
        if (observer != null) {
            // here and not afterwards: the answer may come before this thread gets any further
            observer.accept(commit);
        }
        CompletableFuture<Void> sent = dues.offer(commit, event, answerAwaited);
        // a refusal by the outbox fails the commit: not under the lock
        afterwards.add(() -> dues.commits().watch(commit, sent));
        lastSent = sent;
        lastCommit = commit;
        turns.dealtWith();
        emptied();
        return commit;
    }

    /**
     * Queues a clear behind the audio that waits, and forgets what the segmenter holds back.
     *
     * @param  eventId of the clear, {@code null} for a new one
     * @return         done when sent
     */
    CompletableFuture<Void> clear(String eventId) {
        if (segmenter != null) {
            segmenter = newSegmenter();
        }
        turns.dealtWith();
        emptied();
        streaming = false;
        lastSent = outbox.offer(named(ClientEvent.clear(), eventId));
        return lastSent;
    }

    private static ClientEvent named(ClientEvent event, String eventId) {
        return eventId == null ? event : event.with("event_id", eventId);
    }

    /** What the buffer held is committed, by whomever, or cleared: the next stretch begins here. */
    void emptied() {
        bufferBytes = 0;
    }

    // ---- who ends turns

    /** Who ends turns now. Any thread may ask. */
    TurnMode mode() {
        return mode;
    }

    /** Turns of our own segmenter stay with it, whatever the service says. */
    void follow(JsonNode turnDetection) {
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

    // ---- losses

    /**
     * The connection is lost and another takes its place; the stream goes on.
     *
     * @param lostSamples of what is not committed, as many at its beginning are lost
     */
    void cut(long lostSamples) {
        lost(lostSamples);
        // the next connection begins with the options of the session again
        mode = config.turns();
    }

    /** Of what is not committed as many samples at its beginning are lost. */
    void lost(long lostSamples) {
        long lost = Math.min(bufferBytes, lostSamples * format.bytesPerFrame());
        bufferStartBytes += lost;
        bufferBytes -= lost;
    }

    /**
     * What is in the service's buffer and not committed is to be committed before all that waits; it may be that the service
     * has just done so by itself.
     *
     * @param startMillis where it begins in the stream
     * @return            the commit, and when it is answered
     */
    CompletableFuture<Void> commitLast(long startMillis, long endMillis) {
        ClientEvent event = ClientEvent.commit();
        Commit commit = new Commit(event.getEventId(), startMillis, endMillis, Spans.COMMIT);
        Commits.Last last = dues.commits().offerLast(commit, event);
        afterwards.add(() -> dues.commits().watch(commit, last.sent()));
        return last.answered();
    }

    /** The session is gone, and with it what the buffer held. */
    void reset() {
        restart();
        givenBytes = 0;
        bufferBytes = 0;
        mode = config.turns();
    }

    // ---- what is known

    /** Takes out what is to be done next without the lock; {@code null} if there is nothing. */
    Runnable pollAfterwards() {
        return afterwards.poll();
    }

    boolean hasUncommitted() {
        return bufferBytes > 0;
    }

    /** What was given and not committed, in ms; of turns that the service ends, what could be heard of it. */
    long uncommittedMillis() {
        return format.millisOf(mode == TurnMode.SERVER ? turns.uncommittedBytes() : bufferBytes);
    }

    /** All audio given, in samples. The silence of pads and ends is not among it. */
    long givenSamples() {
        return givenBytes / format.bytesPerFrame();
    }

    /** Commits not made because there was too little to commit. */
    long suppressedCommits() {
        return suppressedCommits;
    }
}
