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

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.camelrealtime.event.ClientEvent;

/**
 * One commit of the input buffer, from the wish to the item it became. When its connection is lost before the item is
 * settled, it is made again on the next, and becomes another item.
 */
public final class Commit {

    /** Goes with a commit from item to item. Told on socket and timer threads, without a lock held. */
    interface Follower {

        /** It became this item, with {@code input_audio_buffer.committed}. */
        void became(String itemId);

        /** The item is lost with its connection; the commit is made again. */
        default void again() {
        }

        /** It will become no item, or no other than the one that is lost. */
        void failed(Throwable reason);
    }

    private final String eventId;
    /** Guarded by whoever makes it: set before it can leave. */
    private ClientEvent event;
    private boolean awaited;
    private final long startMillis;
    private final long endMillis;
    private final String source;
    private final CompletableFuture<Void> sent = new CompletableFuture<>();
    private final CompletableFuture<String> itemId = new CompletableFuture<>();
    private final List<Follower> followers = new CopyOnWriteArrayList<>();
    /** Of this time: replaced when the commit is made again. */
    private volatile CompletableFuture<String> answer = new CompletableFuture<>();
    private volatile Timers.Cancellable timer = Timers.Cancellable.NOTHING;
    /** Whether it has left and was not answered in time, though it may be yet. */
    private volatile boolean expired;

    /**
     * @param eventId of the event that commits, {@code null} if there is nothing to commit
     * @param source  how start and end are known, as {@link Spans.Span#source} has it
     */
    Commit(String eventId, long startMillis, long endMillis, String source) {
        this.eventId = eventId;
        this.source = source;
        this.startMillis = startMillis;
        this.endMillis = endMillis;
    }

    String eventId() {
        return eventId;
    }

    /** Start of the committed stretch in ms of the audio given. */
    public long startMillis() {
        return startMillis;
    }

    /** End of the committed stretch in ms of the audio given. */
    public long endMillis() {
        return endMillis;
    }

    /** How start and end are known. */
    String source() {
        return source;
    }

    /** Done when the commit has been handed to the transport, or at once if there was nothing to commit; fails if it was not. */
    public CompletableFuture<Void> sent() {
        return sent;
    }

    /**
     * The id of the conversation item, known with {@code input_audio_buffer.committed}; fails if the service refuses the
     * commit, does not answer in time, or is lost. {@code null} if there was nothing to commit. If the commit is made again
     * after it was answered, this stays the first item; {@link #follow} tells of the others.
     */
    public CompletableFuture<String> itemId() {
        return itemId;
    }

    /** Has the follower told of every item it becomes from now on, and of the present one. To be called before it leaves. */
    void follow(Follower follower) {
        followers.add(follower);
    }

    /** Done when the service has answered this time, one way or the other. */
    CompletableFuture<String> answer() {
        return answer;
    }

    /** The item it is now, {@code null} if it is none. */
    String presentItem() {
        CompletableFuture<String> present = answer;
        return present.isCompletedExceptionally() ? null : present.getNow(null);
    }

    /**
     * What is sent for it.
     *
     * @param answerAwaited whether somebody waits for the answer
     */
    void event(ClientEvent sentFor, boolean answerAwaited) {
        event = sentFor;
        awaited = answerAwaited;
    }

    ClientEvent event() {
        return event;
    }

    boolean isAwaited() {
        return awaited;
    }

    /** Runs out if the commit is not answered; replaces the one before. */
    void startTimer(Timers.Cancellable running) {
        timer.cancel();
        timer = running;
        if (answer.isDone()) {
            running.cancel();
        }
    }

    /** It became this item; {@code null} if there was nothing to commit. Not to be called with a lock held. */
    void become(String item) {
        CompletableFuture<String> present = answer;
        if (present.complete(item)) {
            timer.cancel();
            followers.forEach(follower -> follower.became(item));
            itemId.complete(item);
        }
    }

    /** Not to be called with a lock held. */
    void fail(Throwable reason) {
        CompletableFuture<String> present = answer;
        if (present.completeExceptionally(reason)) {
            timer.cancel();
            followers.forEach(follower -> follower.failed(reason));
            itemId.completeExceptionally(reason);
        }
    }

    /** It was not answered in time. Not to be called with a lock held. */
    void expire(Throwable reason) {
        expired = true;
        fail(reason);
    }

    /** Whether it has left and was not answered in time. */
    boolean isExpired() {
        return expired;
    }

    /** It has been answered, or will be, by a connection that is lost: from now on the answer of the next counts. */
    void renew() {
        timer.cancel();
        expired = false;
        if (answer.isDone()) {
            answer = new CompletableFuture<>();
        }
    }

    /** To be called after {@link #renew}, when no lock is held. */
    void tellAgain() {
        followers.forEach(Follower::again);
    }
}
