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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;

/**
 * One recording on its way through a session that it has to itself: knows the stretches committed, collects their
 * transcripts, and is done when all of them are settled. Silence commits nothing and is done at once.
 *
 * <p>A stretch that gets no transcript, or none within the time per item, fails the run: nothing of a recording is left
 * out silently.
 */
public final class TranscriptionRun implements Subscription {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {
    };

    private static final class Stretch {
        final Commit commit;
        Transcript.Segment segment;
        Timers.Cancellable timer = Timers.Cancellable.NOTHING;

        Stretch(Commit commit) {
            this.commit = commit;
        }
    }

    private final RealtimeSession session;
    private final Timers timers;
    private final CompletableFuture<Transcript> outcome = new CompletableFuture<>();
    private final CompletableFuture<Transcript> result;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Stretch> stretches = new ArrayList<>();
    private final Map<String, Stretch> byItem = new HashMap<>();
    private boolean complete;
    private long audioMillis;
    private int stream;

    private TranscriptionRun(RealtimeSession session, Timers timers) {
        this.session = session;
        this.timers = timers;
        // in this order: whoever hears of the result finds the session free for the next recording
        this.result = outcome.whenComplete((transcript, failure) -> cleanUp());
    }

    /** Begins a recording. The session must be ready, end turns by our segmenter, and belong to the caller alone. */
    static TranscriptionRun start(RealtimeSession session, Timers timers) {
        TranscriptionRun run = new TranscriptionRun(session, timers);
        session.subscribeInsider(run);
        session.streamBegins();
        run.stream = session.audio().startStream(run::committed);
        // what is lost and cannot be sent again fails its commit, and that the run
        session.onLostAudio(run.outcome);
        return run;
    }

    private void cleanUp() {
        session.unsubscribe(this);
        session.audio().startStream(null);
        cancelTimers();
    }

    /** The way in for the audio of this recording; it takes nothing once the run is over. */
    public AudioIntake intake(AudioFormat format) {
        return session.audio().recording(format);
    }

    /** The transcript, or why there is none. Completed on a thread that must not be held. */
    public CompletableFuture<Transcript> result() {
        return result;
    }

    /**
     * All audio has been given.
     *
     * @param audioMillis length of the recording
     */
    public void finish(long audioMillis) {
        session.audio().endOfStream(stream);
        lock.lock();
        try {
            this.complete = true;
            this.audioMillis = audioMillis;
        } finally {
            lock.unlock();
        }
        settle();
    }

    /** The recording turned out to be broken, or nobody waits for it any more. */
    public void fail(Throwable reason) {
        outcome.completeExceptionally(reason);
    }

    private void committed(Commit commit) {
        Stretch stretch = new Stretch(commit);
        lock.lock();
        try {
            stretches.add(stretch);
        } finally {
            lock.unlock();
        }
        commit.follow(new Commit.Follower() {
            @Override
            public void became(String itemId) {
                await(stretch, itemId);
            }

            @Override
            public void again() {
                startTimer(stretch, Timers.Cancellable.NOTHING);
            }

            @Override
            public void failed(Throwable reason) {
                fail(reason);
            }
        });
    }

    private void await(Stretch stretch, String itemId) {
        long timeout = session.config().timeouts().transcript();
        Timers.Cancellable timer = timers.schedule(
                () -> fail(failure(stretch, itemId, TranscriptionFailedException.TIMEOUT)), timeout);
        lock.lock();
        try {
            byItem.put(itemId, stretch);
        } finally {
            lock.unlock();
        }
        startTimer(stretch, timer);
    }

    private void startTimer(Stretch stretch, Timers.Cancellable timer) {
        Timers.Cancellable old;
        boolean settled;
        lock.lock();
        try {
            old = stretch.timer;
            stretch.timer = timer;
            settled = stretch.segment != null;
        } finally {
            lock.unlock();
        }
        old.cancel();
        if (settled || outcome.isDone()) {
            // the run was over before its item was known
            timer.cancel();
        }
    }

    private TranscriptionFailedException failure(Stretch stretch, String itemId, String code) {
        return new TranscriptionFailedException(
                session.name(), itemId, code, stretch.commit.startMillis(), stretch.commit.endMillis());
    }

    @Override
    public void onEvent(SessionEvent sessionEvent) {
        ServerEvent event = sessionEvent.event();
        if (isCompleted(event) || EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_FAILED.equals(event.getType())) {
            settled(event);
        }
    }

    private static boolean isCompleted(ServerEvent event) {
        return EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_COMPLETED.equals(event.getType());
    }

    private void settled(ServerEvent event) {
        boolean completed = isCompleted(event);
        Stretch stretch;
        lock.lock();
        try {
            stretch = byItem.get(event.getItemId());
            if (stretch == null || stretch.segment != null) {
                return;
            }
            if (completed) {
                stretch.segment = new Transcript.Segment(
                        event.getItemId(), event.getTranscript() == null ? "" : event.getTranscript(),
                        stretch.commit.startMillis(), stretch.commit.endMillis(), usage(event.getJson().path("usage")));
            }
        } finally {
            lock.unlock();
        }
        stretch.timer.cancel();
        if (completed) {
            settle();
        } else {
            fail(TranscriptionFailedException.of(
                    session.name(), event, stretch.commit.startMillis(), stretch.commit.endMillis()));
        }
    }

    private static Map<String, Object> usage(JsonNode usage) {
        return usage.isObject() ? MAPPER.convertValue(usage, MAP) : Map.of();
    }

    private void settle() {
        Transcript transcript;
        lock.lock();
        try {
            if (!complete || stretches.stream().anyMatch(stretch -> stretch.segment == null)) {
                return;
            }
            transcript = new Transcript(
                    session.name(), session.config().model(), audioMillis,
                    stretches.stream().map(stretch -> stretch.segment).toList());
        } finally {
            lock.unlock();
        }
        outcome.complete(transcript);
    }

    private void cancelTimers() {
        List<Timers.Cancellable> running = new ArrayList<>();
        lock.lock();
        try {
            stretches.forEach(stretch -> running.add(stretch.timer));
        } finally {
            lock.unlock();
        }
        running.forEach(Timers.Cancellable::cancel);
    }
}
