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
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;

import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;

/**
 * Events that the service has yet to acknowledge (wire reference §4.2): those about items, each by the id of its item, and
 * updates of the session, in order. Of several about the same item the first to leave gets the first answer.
 *
 * <p>Whether anybody waits makes no difference for the account, only for a refusal: one that nobody waits for goes out as an
 * error event.
 *
 * <p>Thread-safe. No future is completed under the lock.
 */
final class Acknowledgements {

    /** Events without an answer; more are refused. */
    static final int MAX_WAITING = 1_000;

    private static final Runnable NOBODY = () -> {
    };
    private static final String CREATED = "created ";
    private static final String UPDATED = "updated";

    private static final class Waiting {

        final String type;
        final String eventId;
        /** Of the item as the present connection names it. */
        String key;
        final CompletableFuture<ServerEvent> answer = new CompletableFuture<>();
        /** Only what has left can be meant by an answer. */
        boolean left;
        /** Whether a response ran when its time was over: its time begins with the end of that, whenever it was. */
        boolean postponed;
        Timers.Cancellable timer = Timers.Cancellable.NOTHING;

        Waiting(String type, String eventId, String key) {
            this.type = type;
            this.eventId = eventId;
            this.key = key;
        }
    }

    private final String sessionName;
    private final Refusals refusals;
    private final Timers timers;
    private final long answerMillis;
    private final BooleanSupplier responding;

    private final ReentrantLock lock = new ReentrantLock();
    /** In the order of leaving, behind them those that have not left. */
    private final List<Waiting> waiting = new ArrayList<>();
    /** Whether an update has left and nothing has come since that may be its answer. */
    private boolean updateOwed;

    /**
     * @param answerMillis for the service to answer
     * @param responding   whether a response runs: the service confirms created items when that is done
     */
    Acknowledgements(String sessionName, Refusals refusals, Timers timers, long answerMillis, BooleanSupplier responding) {
        this.sessionName = sessionName;
        this.refusals = refusals;
        this.timers = timers;
        this.answerMillis = answerMillis;
        this.responding = responding;
    }

    /**
     * Sends an event and takes note of its answer. Not to be called with a lock held.
     *
     * @param awaited whether somebody waits for the answer; if not, a refusal goes out as an error event
     * @param way     how the event is sent; its future is done when the event has been handed over
     */
    Acknowledged send(ClientEvent event, boolean awaited, Function<ClientEvent, CompletableFuture<Void>> way) {
        Waiting asked = new Waiting(event.getType(), event.getEventId(), keyOf(event));
        if (asked.key == null) {
            throw new IllegalArgumentException("The service does not acknowledge " + event.getType() + " by an item id");
        }
        if (!add(asked)) {
            return Acknowledged.failed(new RealtimeException(
                    sessionName, "Session " + sessionName + ": " + MAX_WAITING + " events wait for the service to acknowledge "
                                 + "them already"));
        }
        refusals.expect(event, refused -> fail(asked, refused) && awaited);
        CompletableFuture<Void> sent = way.apply(event);
        sent.whenComplete((nothing, failure) -> {
            if (failure == null) {
                limit(asked);
            } else {
                refusals.forget(asked.eventId);
                fail(asked, failure);
            }
        });
        return new Acknowledged(sent, asked.answer);
    }

    private boolean add(Waiting asked) {
        lock.lock();
        try {
            return waiting.size() < MAX_WAITING && waiting.add(asked);
        } finally {
            lock.unlock();
        }
    }

    /** The event is about to be handed over, so its answer may come from now on. */
    void leaves(ClientEvent event) {
        String eventId = event.getEventId();
        lock.lock();
        try {
            int gone = 0;
            for (int i = 0; i < waiting.size(); i++) {
                Waiting next = waiting.get(i);
                if (next.left) {
                    gone++;
                } else if (next.eventId.equals(eventId)) {
                    next.left = true;
                    next.key = keyOf(event);
                    updateOwed |= next.key.equals(UPDATED);
                    // urgent events overtake
                    waiting.add(gone, waiting.remove(i));
                    return;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void limit(Waiting asked) {
        lock.lock();
        try {
            // the answer may have come already
            if (waiting.contains(asked)) {
                asked.timer = timers.schedule(() -> expire(asked), answerMillis);
            }
        } finally {
            lock.unlock();
        }
    }

    private void expire(Waiting asked) {
        boolean busy = asked.key.startsWith(CREATED) && responding.getAsBoolean();
        if (busy || asked.postponed) {
            asked.postponed = busy;
            limit(asked);
            return;
        }
        fail(asked, new TimedOutException(
                "Session " + sessionName + ": the service did not acknowledge " + asked.type + " within " + answerMillis
                                          + " ms (option itemAckTimeout)", answerMillis));
    }

    /** Returns whether it has come to its end by this. */
    private boolean fail(Waiting asked, Throwable reason) {
        return remove(asked) && asked.answer.completeExceptionally(reason);
    }

    private boolean remove(Waiting asked) {
        lock.lock();
        try {
            asked.timer.cancel();
            return waiting.remove(asked);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Finds who has waited for this event. To be called before anything can leave in consequence of the event, which would be
     * taken for what it answers.
     *
     * @return tells who has waited; to be run when all others know of the event
     */
    Runnable take(ServerEvent event) {
        String key = keyOf(event);
        if (UPDATED.equals(key) || EventTypes.ERROR.equals(event.getType())) {
            // an error may be the answer to an update, and need not say so
            updateAnswered();
        }
        if (key == null) {
            return NOBODY;
        }
        Waiting answered = find(key);
        if (answered == null) {
            return NOBODY;
        }
        refusals.forget(answered.eventId);
        return () -> answered.answer.complete(event);
    }

    private Waiting find(String key) {
        lock.lock();
        try {
            for (Waiting next : waiting) {
                if (!next.left) {
                    return null;
                }
                if (next.key.equals(key)) {
                    next.timer.cancel();
                    waiting.remove(next);
                    return next;
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The connection is lost and another takes its place: what has left by it will not be answered, what has not stays. An item
     * that the next connection is told of is acknowledged by that.
     *
     * @param staying ids of events that leave by the next one, though the lost one may have been about to take them
     * @param told    whether the next one is told of the item of this id
     */
    void cut(Set<String> staying, Predicate<String> told, Exception reason) {
        lock.lock();
        try {
            waiting.stream().filter(one -> staying.contains(one.eventId)).forEach(one -> one.left = false);
            waiting.stream().filter(one -> one.left && isTold(one, told)).forEach(one -> one.timer.cancel());
        } finally {
            lock.unlock();
        }
        failIf(one -> one.left && !isTold(one, told), reason);
    }

    private static boolean isTold(Waiting one, Predicate<String> told) {
        return one.key.startsWith(CREATED) && told.test(one.key.substring(CREATED.length()));
    }

    /** Another connection is ready: what it was told of and has not acknowledged has its time again. */
    void goOn() {
        List<Waiting> open;
        lock.lock();
        try {
            open = waiting.stream().filter(one -> one.left).toList();
            open.forEach(one -> one.timer.cancel());
        } finally {
            lock.unlock();
        }
        open.forEach(this::limit);
    }

    /** The session is gone: nobody waits for an answer any more. */
    void failAll(Exception reason) {
        failIf(one -> true, reason);
    }

    private void updateAnswered() {
        lock.lock();
        try {
            updateOwed = false;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the service owes the answer to an update, though nobody may wait for it any more. */
    boolean isUpdateOwed() {
        lock.lock();
        try {
            return updateOwed;
        } finally {
            lock.unlock();
        }
    }

    private void failIf(Predicate<Waiting> isLost, Exception reason) {
        List<Waiting> lost;
        lock.lock();
        try {
            lost = waiting.stream().filter(isLost).toList();
            waiting.removeAll(lost);
            updateOwed = false;
            lost.forEach(one -> one.timer.cancel());
        } finally {
            lock.unlock();
        }
        lost.forEach(one -> one.answer.completeExceptionally(reason));
    }

    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the service acknowledges this event so that the answer can be told from others. */
    static boolean isAcknowledged(ClientEvent event) {
        return keyOf(event) != null;
    }

    private static String keyOf(ClientEvent event) {
        return switch (event.getType()) {
            case EventTypes.SESSION_UPDATE -> UPDATED;
            case EventTypes.CONVERSATION_ITEM_CREATE -> key(CREATED, event.getJson().path("item").path("id").textValue());
            case EventTypes.CONVERSATION_ITEM_DELETE -> key("deleted ", event.getJson().path("item_id").textValue());
            case EventTypes.CONVERSATION_ITEM_RETRIEVE -> key("retrieved ", event.getJson().path("item_id").textValue());
            case EventTypes.CONVERSATION_ITEM_TRUNCATE -> key("truncated ", event.getJson().path("item_id").textValue());
            default -> null;
        };
    }

    private static String keyOf(ServerEvent event) {
        return switch (event.getType()) {
            case EventTypes.SESSION_UPDATED -> UPDATED;
            case EventTypes.CONVERSATION_ITEM_ADDED -> key(CREATED, event.getItemId());
            case EventTypes.CONVERSATION_ITEM_DELETED -> key("deleted ", event.getItemId());
            case EventTypes.CONVERSATION_ITEM_RETRIEVED -> key("retrieved ", event.getItemId());
            case EventTypes.CONVERSATION_ITEM_TRUNCATED -> key("truncated ", event.getItemId());
            default -> null;
        };
    }

    private static String key(String kind, String itemId) {
        return itemId == null ? null : kind + itemId;
    }
}
