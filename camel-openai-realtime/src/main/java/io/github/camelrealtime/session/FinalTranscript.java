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
 * before anybody has looked at the commit's item id.
 */
final class FinalTranscript implements Subscription {

    private final RealtimeSession session;
    private final CompletableFuture<String> text = new CompletableFuture<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, ServerEvent> settled = new HashMap<>();
    private volatile Commit commit;
    private String wanted;
    private Commit stretch;

    private FinalTranscript(RealtimeSession session) {
        this.session = session;
    }

    /** Commits, and gives the final transcript of what was committed; {@code null} if there was nothing to commit. */
    static CompletableFuture<String> ofCommit(RealtimeSession session, String eventId, Timers timers) {
        FinalTranscript waiting = new FinalTranscript(session);
        session.subscribeInsider(waiting);
        session.onLoss(waiting.text, waiting::isUnsent);
        Commit commit = session.audio().commit(true, eventId);
        waiting.commit = commit;
        commit.itemId().whenComplete((itemId, failure) -> waiting.expect(itemId, failure, timers, commit));
        return waiting.text.whenComplete((text, failure) -> session.unsubscribe(waiting));
    }

    /** Then the commit itself fails if it cannot leave by the next connection either. */
    private boolean isUnsent() {
        Commit made = commit;
        return made == null || !made.sent().isDone();
    }

    private void expect(String itemId, Throwable failure, Timers timers, Commit commit) {
        if (failure != null) {
            text.completeExceptionally(failure);
            return;
        }
        if (itemId == null) {
            text.complete(null);
            return;
        }
        long timeout = session.config().timeouts().transcript();
        Timers.Cancellable timer = timers.schedule(() -> text.completeExceptionally(new TranscriptionFailedException(
                session.name(), itemId, TranscriptionFailedException.TIMEOUT, commit.startMillis(), commit.endMillis())), timeout);
        text.whenComplete((done, problem) -> timer.cancel());
        ServerEvent already;
        lock.lock();
        try {
            wanted = itemId;
            stretch = commit;
            already = settled.get(itemId);
        } finally {
            lock.unlock();
        }
        if (already != null) {
            finish(already);
        }
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
                    session.name(), event, stretch.startMillis(), stretch.endMillis()));
        }
    }
}
