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
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

import io.github.camelrealtime.event.ClientEvent;

/**
 * Commits that the service has not answered yet. It answers them in order: the n-th commit is the n-th
 * {@code committed}.
 *
 * <p>Thread-safe. No future that others wait for is completed under the lock.
 */
final class Commits {

    private final String sessionName;
    private final Outbox outbox;
    private final Refusals refusals;
    private final Timers timers;
    private final long answerMillis;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Commit> unanswered = new ArrayDeque<>();
    private volatile boolean inOrder = true;

    /** @param answerMillis for the service to answer a commit */
    Commits(String sessionName, Outbox outbox, Refusals refusals, Timers timers, long answerMillis) {
        this.sessionName = sessionName;
        this.outbox = outbox;
        this.refusals = refusals;
        this.timers = timers;
        this.answerMillis = answerMillis;
    }

    /**
     * Queues the commit behind what waits, and sends nothing yet: for callers who hold a lock and drain the outbox when they
     * do not.
     *
     * @param  awaited whether somebody waits for the answer; if not, a refusal is left to those who consume errors
     * @return         done when sent
     */
    CompletableFuture<Void> offer(Commit commit, boolean awaited) {
        ClientEvent event = ClientEvent.commit();
        lock.lock();
        try {
            unanswered.add(commit);
        } finally {
            lock.unlock();
        }
        refusals.expect(event, refused -> {
            fail(commit, refused);
            return awaited;
        });
        commit.itemId().whenComplete((itemId, failure) -> refusals.forget(event.getEventId()));
        CompletableFuture<Void> sent = outbox.offer(event);
        sent.whenComplete((nothing, failure) -> {
            if (failure == null) {
                watch(commit, event);
            } else {
                fail(commit, failure);
            }
        });
        return sent;
    }

    /** A commit that is never answered must not hold the buffer for ever. */
    private void watch(Commit commit, ClientEvent event) {
        Timers.Cancellable timer = timers.schedule(() -> {
            inOrder = false;
            fail(commit, new RealtimeException(
                    sessionName, "Session " + sessionName + ": the service did not answer commit " + event.getEventId()
                                 + " within " + answerMillis + " ms (option itemAckTimeout)"));
        }, answerMillis);
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

    /**
     * The service has committed. The caller settles the commit with {@link #settle} once the item's stretch is known.
     *
     * @return the commit that this answers, {@code null} if it is not one of ours
     */
    Commit poll() {
        lock.lock();
        try {
            return unanswered.poll();
        } finally {
            lock.unlock();
        }
    }

    void settle(Commit commit, String itemId) {
        commit.itemId().complete(itemId);
        outbox.commitAnswered();
    }

    /** Done when the commits made so far are answered, one way or the other. */
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

    /** Whether every answer so far came in time; if not, a late one may be taken for that of another commit. */
    boolean isInOrder() {
        return inOrder;
    }

    /** The connection is gone: nobody waits for an answer any more. */
    void failAll(Exception reason) {
        Deque<Commit> lost;
        lock.lock();
        try {
            lost = new ArrayDeque<>(unanswered);
            unanswered.clear();
        } finally {
            lock.unlock();
        }
        inOrder = true;
        lost.forEach(commit -> commit.itemId().completeExceptionally(reason));
    }
}
