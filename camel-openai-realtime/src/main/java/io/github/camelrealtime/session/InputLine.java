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
import io.github.camelrealtime.audio.SpeechSegmenter;
import io.github.camelrealtime.event.ClientEvent;

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
    private final ServerTurns turns;
    private final AudioFormat format;
    private final int chunkBytes;

    /** Who ends turns now. Written under the lock, read without it, too. */
    private volatile TurnMode mode;
    private final Deque<Runnable> afterwards = new ArrayDeque<>();
    /** Where turns are ours to end by what is heard, else {@code null}. */
    private SpeechSegmenter segmenter;
    /** Where in the stream the segmenter began. */
    private long segmenterOrigin;
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
    private long streamBytes;
    private long bufferStartBytes;
    /** What the service holds of ours that was neither committed nor cleared. */
    private long bufferBytes;
    /** Whether audio came since the last end of the stream. */
    private boolean streaming;
    private long suppressedCommits;

    /** @param dues told of what is given and committed */
    InputLine(SessionConfig config, Outbox outbox, InputDues dues) {
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
        segmenter = newSegmenter();
        segmenterOrigin = 0;
        toWire = format.equals(config.inputFormat()) ? null : new AudioConverter(format, config.inputFormat());
        streamBytes = 0;
        bufferStartBytes = 0;
        streaming = false;
        lastSent = CompletableFuture.completedFuture(null);
    }

    private SpeechSegmenter newSegmenter() {
        return config.turns() == TurnMode.CLIENT ? new EnergySegmenter(format.sampleRate(), config.segmenter()) : null;
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
                bufferStartBytes = segmenterOrigin + firstSample * format.bytesPerFrame();
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
        return format.millisOf(segmenterOrigin + sample * format.bytesPerFrame());
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
        long missing = format.bytesOf(MIN_COMMIT_MILLIS) - bufferBytes;
        if (missing > 0) {
            byte[] silence = format.silence(format.millisOf(missing) + 1);
            submit(silence, 0, silence.length);
        }
    }

    // ---- ending

    /**
     * Commits what was appended since the last commit or clear, if it is enough.
     *
     * @param  answerAwaited whether somebody waits for the answer
     * @param  eventId       of the commit, {@code null} for a new one
     * @return               the commit; one without an item id if there was too little
     */
    Commit commit(boolean answerAwaited, String eventId) {
        awaited = answerAwaited;
        commitId = eventId;
        Commit commit = commitIf(isEnough());
        awaited = false;
        commitId = null;
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
            segmenter.flush(sink);
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
            submit(silence, 0, silence.length);
        }
        streaming = false;
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
        return commitNow(format.millisOf(bufferStartBytes), format.millisOf(bufferStartBytes + bufferBytes), awaited);
    }

    private Commit nothingToCommit() {
        suppressedCommits++;
        Commit nothing = new Commit(null, format.millisOf(streamBytes), format.millisOf(streamBytes));
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
            segmenterOrigin = streamBytes;
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
        bufferStartBytes += bufferBytes;
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
     * @param openWireBytes of what has not left, what nothing commits or clears yet
     */
    void cut(long openWireBytes) {
        long open = lineBytes(openWireBytes);
        bufferStartBytes += Math.max(0, bufferBytes - open);
        bufferBytes = open;
        // the next connection begins with the options of the session again
        mode = config.turns();
    }

    /** As many bytes as this audio of the wire's format has here. The lock is not needed. */
    long lineBytes(long wireBytes) {
        return wireBytes / config.inputFormat().bytesPerFrame() * format.bytesPerFrame();
    }

    /** The session is gone, and with it what the buffer held. */
    void reset() {
        restart();
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

    /** Commits not made because there was too little to commit. */
    long suppressedCommits() {
        return suppressedCommits;
    }
}
