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
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import io.github.camelrealtime.audio.AudioConverter;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.audio.EnergySegmenter;
import io.github.camelrealtime.audio.SpeechSegmenter;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;

/**
 * The input buffer of a session as seen from here: takes audio in the session's line format, cuts it into appends, ends
 * stretches of speech where that is our task, and knows which stretch became which item.
 *
 * <p>The buffer belongs to one speaker; several threads may append, whole calls one after the other. Audio is cut into
 * appends of {@link #CHUNK_MILLIS} ms at most ({@link #TELEPHONY_CHUNK_MILLIS} ms of G.711). Commits of less than
 * {@link #MIN_COMMIT_MILLIS} ms, which the service refuses, are held back.
 *
 * <p>Lock order: this lock, then the outbox's or the refusals'. Nothing is sent and no future completed under it.
 */
public final class AudioInbox {

    static final long CHUNK_MILLIS = 100;
    static final long TELEPHONY_CHUNK_MILLIS = 40;
    static final long MIN_COMMIT_MILLIS = 100;
    /** A little more than the silence that ends a turn, so that rounding cannot keep it open. */
    private static final long SILENCE_MARGIN_MILLIS = 200;
    private static final int DEFAULT_VAD_SILENCE_MILLIS = 500;

    private final String sessionName;
    private final SessionConfig config;
    private final Outbox outbox;
    private final Refusals refusals;
    private final Spans spans;
    private final Timers timers;
    private final AudioFormat line;
    private final int chunkBytes;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Commit> unanswered = new ArrayDeque<>();
    private final Deque<Runnable> afterwards = new ArrayDeque<>();
    private SpeechSegmenter segmenter;
    private AudioConverter toWire;
    private Consumer<Commit> observer;
    private CompletableFuture<Void> lastSent;
    private int serverSilenceMillis;
    /** Whether what is being appended comes from a source that cannot wait. */
    private boolean live;
    private long streamBytes;
    private long bufferStartBytes;
    private long bufferBytes;
    private long suppressedCommits;

    AudioInbox(String sessionName, SessionConfig config, Outbox outbox, Refusals refusals, Spans spans, Timers timers) {
        this.sessionName = sessionName;
        this.config = config;
        this.outbox = outbox;
        this.refusals = refusals;
        this.spans = spans;
        this.timers = timers;
        this.line = config.lineFormat();
        boolean telephony = config.inputFormat().sampleRate() == AudioFormat.PCMU_8K.sampleRate();
        this.chunkBytes = (int) line.bytesOf(telephony ? TELEPHONY_CHUNK_MILLIS : CHUNK_MILLIS);
        this.serverSilenceMillis = config.vadSilenceMillis() > 0 ? config.vadSilenceMillis() : DEFAULT_VAD_SILENCE_MILLIS;
        restart();
    }

    /** What {@link #append} takes. */
    public AudioFormat format() {
        return line;
    }

    /** Appends are of this many bytes at most; whoever feeds a stream reads about as much at a time. */
    public int chunkBytes() {
        return chunkBytes;
    }

    /**
     * Done when there is room for another chunk; see {@link Outbox#room()}.
     *
     * @param live whether the source cannot wait, such as a call
     */
    public CompletableFuture<Void> room(boolean live) {
        return outbox.room(live);
    }

    /** Begins a new stream: positions count from here. What the buffer holds is forgotten, so clear or commit first. */
    public void startStream(Consumer<Commit> commitObserver) {
        lock.lock();
        try {
            observer = commitObserver;
            restart();
        } finally {
            lock.unlock();
        }
    }

    private void restart() {
        segmenter = config.turns() == TurnMode.CLIENT ? new EnergySegmenter(line.sampleRate(), config.segmenter()) : null;
        toWire = line.equals(config.inputFormat()) ? null : new AudioConverter(line, config.inputFormat());
        streamBytes = 0;
        bufferStartBytes = 0;
        bufferBytes = 0;
        lastSent = CompletableFuture.completedFuture(null);
    }

    /**
     * Takes audio in line format, whole frames.
     *
     * @return done when all of it that is to be sent has been sent
     */
    public CompletableFuture<Void> append(byte[] audio, int offset, int length) {
        return append(audio, offset, length, false);
    }

    /**
     * As {@link #append(byte[], int, int)}.
     *
     * @param live whether the source cannot wait, such as a call: then the oldest audio is dropped when too much waits, unless
     *             the session's overflow policy says otherwise
     */
    public CompletableFuture<Void> append(byte[] audio, int offset, int length, boolean live) {
        CompletableFuture<Void> sent;
        lock.lock();
        try {
            this.live = live;
            if (segmenter != null) {
                segmenter.accept(audio, offset, length, sink);
            } else {
                submit(audio, offset, length);
            }
            streamBytes += length;
            sent = lastSent;
        } finally {
            lock.unlock();
        }
        sendNow();
        return sent;
    }

    private final SpeechSegmenter.Sink sink = new SpeechSegmenter.Sink() {
        @Override
        public void audio(byte[] pcm, int offset, int length, long firstSample) {
            if (bufferBytes == 0) {
                bufferStartBytes = firstSample * line.bytesPerFrame();
            }
            submit(pcm, offset, length);
        }

        @Override
        public void end(long startSample, long endSample) {
            commitNow(millisOfSample(startSample), millisOfSample(endSample));
        }
    };

    private long millisOfSample(long sample) {
        return line.millisOf(sample * line.bytesPerFrame());
    }

    private void submit(byte[] audio, int offset, int length) {
        for (int done = 0; done < length;) {
            int part = Math.min(chunkBytes, length - done);
            byte[] wire = toWire == null
                    ? Arrays.copyOfRange(audio, offset + done, offset + done + part)
                    : toWire.convert(audio, offset + done, part);
            lastSent = outbox.offerAudio(wire, live);
            done += part;
        }
        bufferBytes += length;
    }

    /**
     * Commits what was appended since the last commit or clear. Less than 100 ms are kept in the buffer and not committed,
     * as the service would refuse; in that case, and with an empty buffer, the item id is {@code null}.
     */
    public Commit commit() {
        Commit commit = commit(false);
        sendNow();
        return commit;
    }

    /**
     * Ends the stream of this speaker: closes an open segment, commits what is left (padded with silence to what the service
     * takes), or, where the service ends turns, appends the silence that it waits for.
     *
     * @return done when all of that has been sent
     */
    public CompletableFuture<Void> endOfStream() {
        CompletableFuture<Void> sent;
        lock.lock();
        try {
            if (config.turns() != TurnMode.SERVER) {
                commit(true);
            } else if (bufferBytes > 0) {
                byte[] silence = silence(serverSilenceMillis + SILENCE_MARGIN_MILLIS);
                submit(silence, 0, silence.length);
            }
            sent = lastSent;
        } finally {
            lock.unlock();
        }
        sendNow();
        return sent;
    }

    private Commit commit(boolean pad) {
        Commit commit;
        lock.lock();
        try {
            if (segmenter != null) {
                return flushSegmenter();
            }
            long minimum = line.bytesOf(MIN_COMMIT_MILLIS);
            if (config.turns() != TurnMode.SERVER && bufferBytes < minimum) {
                if (bufferBytes == 0 || !pad) {
                    return nothingToCommit();
                }
                byte[] silence = silence(line.millisOf(minimum - bufferBytes) + 1);
                submit(silence, 0, silence.length);
            }
            commit = commitNow(line.millisOf(bufferStartBytes), line.millisOf(bufferStartBytes + bufferBytes));
        } finally {
            lock.unlock();
        }
        return commit;
    }

    private Commit flushSegmenter() {
        Commit before = unanswered.peekLast();
        segmenter.flush(sink);
        Commit last = unanswered.peekLast();
        return last == before ? nothingToCommit() : last;
    }

    private Commit nothingToCommit() {
        suppressedCommits++;
        Commit nothing = new Commit(line.millisOf(streamBytes), line.millisOf(streamBytes));
        nothing.itemId().complete(null);
        return nothing;
    }

    private byte[] silence(long millis) {
        byte[] silence = new byte[(int) line.bytesOf(millis)];
        switch (line.encoding()) {
            case PCMU -> Arrays.fill(silence, (byte) 0xFF);
            case PCMA -> Arrays.fill(silence, (byte) 0xD5);
            default -> {
                // zeros are silence
            }
        }
        return silence;
    }

    private Commit commitNow(long startMillis, long endMillis) {
        Commit commit = new Commit(startMillis, endMillis);
        ClientEvent event = ClientEvent.commit();
        unanswered.add(commit);
        refusals.expect(event, refused -> fail(commit, refused));
        lastSent = outbox.offer(event);
        lastSent.whenComplete((nothing, failure) -> {
            if (failure == null) {
                watch(commit, event);
            } else {
                fail(commit, failure);
            }
        });
        commit.itemId().whenComplete((itemId, failure) -> refusals.forget(event.getEventId()));
        if (observer != null) {
            Consumer<Commit> told = observer;
            afterwards.add(() -> told.accept(commit));
        }
        bufferStartBytes += bufferBytes;
        bufferBytes = 0;
        return commit;
    }

    /** A commit that is never answered must not hold the buffer for ever. */
    private void watch(Commit commit, ClientEvent event) {
        Timers.Cancellable timer = timers.schedule(
                () -> fail(commit, new RealtimeException(
                        sessionName, "Session " + sessionName + ": the service did not answer commit " + event.getEventId()
                                     + " within " + config.timeouts().itemAck() + " ms (option itemAckTimeout)")),
                config.timeouts().itemAck());
        commit.itemId().whenComplete((itemId, failure) -> timer.cancel());
    }

    private void fail(Commit commit, Throwable reason) {
        boolean waiting;
        lock.lock();
        try {
            waiting = unanswered.remove(commit);
        } finally {
            lock.unlock();
        }
        if (waiting) {
            commit.itemId().completeExceptionally(reason);
            outbox.commitAnswered();
        }
    }

    /** Empties the buffer on both sides; audio that still waits here goes first, and is cleared with the rest. */
    public CompletableFuture<Void> clear() {
        CompletableFuture<Void> sent;
        lock.lock();
        try {
            if (segmenter != null) {
                segmenter = new EnergySegmenter(line.sampleRate(), config.segmenter());
            }
            bufferStartBytes += bufferBytes;
            bufferBytes = 0;
            sent = outbox.offer(ClientEvent.clear());
            lastSent = sent;
        } finally {
            lock.unlock();
        }
        sendNow();
        return sent;
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

    /** The service's own word on how long it waits before it ends a turn. */
    void serverSilence(int millis) {
        lock.lock();
        try {
            if (config.vadSilenceMillis() <= 0 && millis > 0) {
                serverSilenceMillis = millis;
            }
        } finally {
            lock.unlock();
        }
    }

    void onEvent(ServerEvent event) {
        switch (event.getType()) {
            case EventTypes.INPUT_AUDIO_BUFFER_COMMITTED -> committed(event.getItemId());
            case EventTypes.INPUT_AUDIO_BUFFER_SPEECH_STARTED ->
                spans.put(event.getItemId(), new Spans.Span(millis(event, "audio_start_ms"), null, "vad"));
            case EventTypes.INPUT_AUDIO_BUFFER_SPEECH_STOPPED -> {
                Spans.Span started = spans.find(event.getItemId());
                spans.put(event.getItemId(), new Spans.Span(
                        started == null ? null : started.startMillis(), millis(event, "audio_end_ms"), "vad"));
            }
            default -> {
                // no concern of the buffer
            }
        }
    }

    private static Long millis(ServerEvent event, String member) {
        return event.getJson().path(member).isNumber() ? event.getJson().path(member).longValue() : null;
    }

    private void committed(String itemId) {
        Commit commit;
        lock.lock();
        try {
            // under server turns a commit of ours may lose the race: then this answers the service's own
            commit = unanswered.poll();
            if (commit == null) {
                bufferStartBytes += bufferBytes;
                bufferBytes = 0;
            }
        } finally {
            lock.unlock();
        }
        if (commit == null || itemId == null) {
            return;
        }
        if (spans.find(itemId) == null) {
            spans.put(itemId, new Spans.Span(commit.startMillis(), commit.endMillis(), "segment"));
        }
        commit.itemId().complete(itemId);
        outbox.commitAnswered();
    }

    /** Done when the service has answered the commits made so far, one way or the other. */
    CompletableFuture<Void> answered() {
        CompletableFuture<?>[] open;
        lock.lock();
        try {
            open = unanswered.stream().map(Commit::itemId).toArray(CompletableFuture[]::new);
        } finally {
            lock.unlock();
        }
        return CompletableFuture.allOf(open).handle((nothing, refused) -> null);
    }

    /** The session is gone: nobody waits for an answer to a commit any more. */
    void failAll(Exception reason) {
        Deque<Commit> lost;
        lock.lock();
        try {
            lost = new ArrayDeque<>(unanswered);
            unanswered.clear();
            restart();
        } finally {
            lock.unlock();
        }
        lost.forEach(commit -> commit.itemId().completeExceptionally(reason));
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
