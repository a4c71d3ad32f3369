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

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;

/**
 * Waits for the final transcript of one commit. It listens from before the commit is made, as the transcript may be there
 * before anybody has looked at the commit's item id. If the commit is made again on another connection, it waits for that
 * item.
 */
final class FinalTranscript implements Subscription, Commit.Follower {

    private final RealtimeSession session;
    private final Timers timers;
    private final CompletableFuture<String> text = new CompletableFuture<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, ServerEvent> settled = new HashMap<>();
    private volatile Commit commit;
    private Timers.Cancellable timer = Timers.Cancellable.NOTHING;
    private String wanted;

    private FinalTranscript(RealtimeSession session, Timers timers) {
        this.session = session;
        this.timers = timers;
    }

    /** Commits, and gives the final transcript of what was committed; {@code null} if there was nothing to commit. */
    static CompletableFuture<String> ofCommit(RealtimeSession session, String eventId, Timers timers) {
        FinalTranscript waiting = new FinalTranscript(session, timers);
        session.subscribeInsider(waiting);
        session.onLoss(waiting.text, waiting::goesOn);
        Commit commit = session.audio().commit(true, eventId, waiting);
        waiting.commit = commit;
        if (commit.eventId() == null) {
            waiting.text.complete(null);
        }
        return waiting.text.whenComplete((text, failure) -> waiting.over());
    }

    private void over() {
        session.unsubscribe(this);
        startTimer(Timers.Cancellable.NOTHING);
    }

    /** When a connection is lost: whether the commit is answered by the next, as it has not left or is made again there. */
    private boolean goesOn() {
        Commit made = commit;
        return made == null || !made.answer().isDone();
    }

    @Override
    public void became(String itemId) {
        long timeout = session.config().timeouts().transcript();
        startTimer(timers.schedule(() -> text.completeExceptionally(new TranscriptionFailedException(
                session.name(), itemId, TranscriptionFailedException.TIMEOUT, startMillis(), endMillis())), timeout));
        ServerEvent already;
        lock.lock();
        try {
            wanted = itemId;
            already = settled.get(itemId);
        } finally {
            lock.unlock();
        }
        if (already != null) {
            finish(already);
        }
    }

    @Override
    public void again() {
        startTimer(Timers.Cancellable.NOTHING);
    }

    @Override
    public void failed(Throwable reason) {
        text.completeExceptionally(reason);
    }

    private void startTimer(Timers.Cancellable running) {
        Timers.Cancellable old;
        lock.lock();
        try {
            old = timer;
            timer = running;
        } finally {
            lock.unlock();
        }
        old.cancel();
        if (text.isDone()) {
            running.cancel();
        }
    }

    private long startMillis() {
        Commit made = commit;
        return made == null ? 0 : made.startMillis();
    }

    private long endMillis() {
        Commit made = commit;
        return made == null ? 0 : made.endMillis();
    }

    @Override
    public void onEvent(SessionEvent sessionEvent) {
        ServerEvent event = sessionEvent.event();
        if (!EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_COMPLETED.equals(event.getType())
                && !EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_FAILED.equals(event.getType())
                || event.getItemId() == null) {
            return;
        }
        boolean mine;
        lock.lock();
        try {
            settled.put(event.getItemId(), event);
            mine = event.getItemId().equals(wanted);
        } finally {
            lock.unlock();
        }
        if (mine) {
            finish(event);
        }
    }

    private void finish(ServerEvent event) {
        if (EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_COMPLETED.equals(event.getType())) {
            text.complete(event.getTranscript());
        } else {
            text.completeExceptionally(TranscriptionFailedException.of(
                    session.name(), event, startMillis(), endMillis()));
        }
    }
}
