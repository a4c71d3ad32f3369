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
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

import io.github.camelrealtime.event.ClientEvent;

/**
 * Commits that the service has not answered yet. A connection answers them in order: the n-th commit is the n-th
 * {@code committed}. One whose connection is lost before its item is settled is made again, before those that have not left.
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
    private BooleanSupplier onExpired = () -> false;
    /** The last commit to which the model was not asked to answer, {@code null} if there is none. */
    private Commit unasked;

    /** @param answerMillis for the service to answer a commit */
    Commits(String sessionName, Outbox outbox, Refusals refusals, Timers timers, long answerMillis) {
        this.sessionName = sessionName;
        this.outbox = outbox;
        this.refusals = refusals;
        this.timers = timers;
        this.answerMillis = answerMillis;
    }

    /**
     * Sets who is told, on a timer thread, of a commit that was not answered in time. To be set before anything is offered.
     *
     * @param listener returns whether another connection takes the place of the one that does not answer
     */
    void onExpired(BooleanSupplier listener) {
        onExpired = listener;
    }

    /**
     * Queues the commit behind what waits, and sends nothing yet: for callers who hold a lock and drain the outbox when they
     * do not.
     *
     * @param  awaited whether somebody waits for the answer; if not, a refusal is left to those who consume errors
     * @return         done when sent
     */
    CompletableFuture<Void> offer(Commit commit, ClientEvent event, boolean awaited) {
        lock.lock();
        try {
            unanswered.add(commit);
            unasked = commit;
        } finally {
            lock.unlock();
        }
        expect(commit, event, awaited);
        return outbox.offerCommit(event, commit);
    }

    /**
     * Puts the commit before all that waits, with a hold behind it: it is the last that leaves by this connection. Sends
     * nothing yet, as {@link #offer}; {@link #watch} comes next.
     *
     * @return the entry that waits to leave, and when the service has answered it one way or the other
     */
    Last offerLast(Commit commit, ClientEvent event) {
        lock.lock();
        try {
            Deque<Commit> waiting = new ArrayDeque<>();
            while (!unanswered.isEmpty() && !hasLeft(unanswered.peekLast())) {
                waiting.addFirst(unanswered.pollLast());
            }
            unanswered.add(commit);
            unanswered.addAll(waiting);
        } finally {
            lock.unlock();
        }
        expect(commit, event, false);
        OutboxEntry last = OutboxEntry.ofCommit(event, commit);
        return new Last(last.sent, outbox.holdAll(last));
    }

    /**
     * A commit that is the last of a connection.
     *
     * @param sent     done when it has left
     * @param answered done when it is answered, one way or the other
     */
    record Last(CompletableFuture<Void> sent, CompletableFuture<Void> answered) {
    }

    private void expect(Commit commit, ClientEvent event, boolean awaited) {
        commit.event(event, awaited);
        refusals.expect(event, refused -> {
            outbox.tellUnsettled(ring -> ring.refused(commit.eventId()));
            fail(commit, refused);
            outbox.commitAnswered(commit.eventId());
            return awaited;
        });
    }

    /**
     * Waits for the answer from when the commit has been sent. May fail the commit at once, so not to be called with a lock
     * held.
     */
    void watch(Commit commit, CompletableFuture<Void> sent) {
        sent.whenComplete((nothing, failure) -> {
            if (failure != null) {
                fail(commit, failure);
                commit.sent().completeExceptionally(failure);
                return;
            }
            commit.sent().complete(null);
            commit.startTimer(timers.schedule(() -> expire(commit), answerMillis));
        });
    }

    private void fail(Commit commit, Throwable reason) {
        lock.lock();
        try {
            unanswered.remove(commit);
        } finally {
            lock.unlock();
        }
        refusals.forget(commit.eventId());
        commit.fail(reason);
    }

    /**
     * A commit that is never answered must not hold the buffer for ever. With another connection there are no late answers,
     * and it is made again there. Without, it keeps its place: were its answer only late, the next commit would be taken for
     * it, and with it somebody else's words.
     */
    private void expire(Commit commit) {
        if (commit.answer().isDone() || onExpired.getAsBoolean()) {
            return;
        }
        commit.expire(new RealtimeException(
                sessionName, "Session " + sessionName + ": the service did not answer commit " + commit.eventId() + " within "
                             + answerMillis + " ms (option itemAckTimeout)"));
        outbox.commitAnswered(commit.eventId());
    }

    /**
     * The service has committed. The caller settles the commit with {@link #settle} once the item's stretch is known.
     *
     * @return the commit that this answers, {@code null} if it is not one of ours
     */
    Commit poll() {
        Commit first;
        lock.lock();
        try {
            first = unanswered.peek();
            if (first == null || !hasLeft(first)) {
                return null;
            }
            unanswered.poll();
        } finally {
            lock.unlock();
        }
        refusals.forget(first.eventId());
        return first;
    }

    /** One that has timed out, or the one that the lane rests for. */
    private boolean hasLeft(Commit commit) {
        return commit.isExpired() || outbox.isAwaited(commit.eventId());
    }

    void settle(Commit commit, String itemId) {
        outbox.tellUnsettled(ring -> ring.answered(commit.eventId(), itemId));
        if (itemId == null) {
            commit.fail(new RealtimeException(
                    sessionName, "Session " + sessionName + ": the service answered commit " + commit.eventId()
                                 + " without an item id"));
        } else {
            commit.become(itemId);
        }
        outbox.commitAnswered(commit.eventId());
    }

    /**
     * The last commit to which the model was not asked to answer; it is from now on.
     *
     * @return {@code null} if there is none, or the service has refused it
     */
    Commit takeUnasked() {
        lock.lock();
        try {
            Commit last = unasked;
            unasked = null;
            return last == null || last.itemId().isCompletedExceptionally() ? null : last;
        } finally {
            lock.unlock();
        }
    }

    /** The model was asked to answer this commit, and the service did not let it. */
    void notAsked(Commit commit) {
        lock.lock();
        try {
            unasked = unasked == null ? commit : unasked;
        } finally {
            lock.unlock();
        }
    }

    /** Done when the commits made so far are answered, one way or the other. */
    CompletableFuture<Void> answered() {
        CompletableFuture<?>[] open;
        lock.lock();
        try {
            open = unanswered.stream().map(Commit::answer).toArray(CompletableFuture[]::new);
        } finally {
            lock.unlock();
        }
        return CompletableFuture.allOf(open).handle((nothing, refused) -> null);
    }

    /** Whether the service owes no answer, not even a late one. */
    boolean isInOrder() {
        lock.lock();
        try {
            return unanswered.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Whether a commit has left that the service has not answered. */
    boolean isAwaited() {
        lock.lock();
        try {
            return unanswered.stream().anyMatch(commit -> commit.sent().isDone());
        } finally {
            lock.unlock();
        }
    }

    // ---- from one connection to the next

    /**
     * The connection is lost and another takes its place: takes out the commits that will not be answered.
     *
     * @param staying ids of the commits that have not left and will
     */
    List<Commit> cut(Set<String> staying) {
        List<Commit> lost = new ArrayList<>();
        lock.lock();
        try {
            unanswered.removeIf(commit -> !staying.contains(commit.eventId()) && lost.add(commit));
            // the next connection does not know what the lost one has committed, unless it is told again
            unasked = unasked != null && staying.contains(unasked.eventId()) ? unasked : null;
        } finally {
            lock.unlock();
        }
        return lost;
    }

    /** These are made again, before all that have not left. {@link #tell} comes next, without a lock. */
    void renew(AudioAgain again) {
        lock.lock();
        try {
            unanswered.removeAll(again.commits);
            for (int i = again.commits.size() - 1; i >= 0; i--) {
                unanswered.addFirst(again.commits.get(i));
            }
        } finally {
            lock.unlock();
        }
        again.commits.forEach(Commit::renew);
        again.commits.forEach(commit -> expect(commit, commit.event(), commit.isAwaited()));
    }

    /** They are not made again yet, as there is no place for them. */
    void withdraw(AudioAgain again) {
        lock.lock();
        try {
            unanswered.removeAll(again.commits);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Tells who waits for commits that are made again. One whose stretch has lost its beginning fails, as half a stretch
     * would be taken for a whole; what is left of it is committed nevertheless.
     */
    void tell(AudioAgain again, Exception reason) {
        again.commits.forEach(Commit::tellAgain);
        again.torn.forEach(commit -> commit.fail(reason));
        again.entries.stream().filter(entry -> entry.commit() != null).forEach(entry -> watch(entry.commit(), entry.sent));
    }

    /** Of the stretch that the next commit to leave is about the beginning is lost: fails it as {@link #tell} fails others. */
    void tearNext(AudioAgain again, Exception reason) {
        Commit next;
        lock.lock();
        try {
            next = unanswered.stream().filter(commit -> !again.commits.contains(commit)).findFirst().orElse(null);
        } finally {
            lock.unlock();
        }
        if (next != null) {
            next.fail(reason);
        }
    }

    /** The connection is gone: nobody waits for an answer any more. */
    void failAll(Exception reason) {
        Deque<Commit> lost;
        lock.lock();
        try {
            lost = new ArrayDeque<>(unanswered);
            unanswered.clear();
            unasked = null;
        } finally {
            lock.unlock();
        }
        lost.forEach(commit -> commit.fail(reason));
    }
}
