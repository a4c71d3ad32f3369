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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;

/**
 * Brings final transcripts into the order of the conversation, which is the chain of {@code previous_item_id} and not the
 * order of arrival (wire reference §5.6). A final is held until every item before it is settled: by its own final, by a
 * failure, by deletion, or because its time is over. Everything else passes by; an answer never waits here.
 *
 * <p>The first non-null {@code previous_item_id} of an item counts, as the service leaves it out later (trap T-11). Finals
 * of items that are in no conversation (out-of-band responses) are not held.
 *
 * <p>One per epoch. That of the next epoch may {@linkplain #follows follow} that of the one before, which goes on being told
 * of what is still to come there: it gives nothing out before the other holds nothing and expects nothing, has been flushed,
 * or has used up its time. So nothing is blocked for ever, whatever the service leaves out.
 *
 * <p>Thread-safe: finals are given out one at a time and in order, also when a time-out on the timer's
 * thread sets some free. Nothing is given out under the lock.
 */
final class TranscriptOrder {

    /** For an answer to end, in ms: longer than any is allowed to speak. */
    private static final long ANSWER_MILLIS = 300_000;
    /** Items held at most, and finals of them; beyond, the eldest is settled as it is. */
    private static final int MAX_ITEMS = 1000;
    private static final int MAX_EARLY = 100;

    private static final class Item {
        final String id;
        final List<SessionEvent> finals = new ArrayList<>();
        boolean settled;
        /** The model's, made while a response runs. */
        boolean answers;
        Timers.Cancellable timer = Timers.Cancellable.NOTHING;

        Item(String id, boolean settled) {
            this.id = id;
            this.settled = settled;
        }
    }

    private volatile boolean transcribesInput;
    private final long timeoutMillis;
    private final Timers timers;
    private final Consumer<SessionEvent> out;
    private final Consumer<SessionEvent> behind;
    private final Function<String, SessionEvent> onTimeout;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Item> chain = new ArrayList<>();
    private final Map<String, Item> byId = new HashMap<>();
    /** Items whose final came before they had a place. */
    private final Map<String, Boolean> early = new BoundedMap<>(MAX_EARLY);
    private final Map<String, String> responseOf = new BoundedMap<>(MAX_ITEMS);
    private final Deque<SessionEvent> free = new ArrayDeque<>();
    /** Given out, and to be told of once nothing is free. */
    private final Deque<SessionEvent> given = new ArrayDeque<>();
    /** Responses that are not done: they may still bring items. */
    private final Map<String, Boolean> running = new BoundedMap<>(MAX_ITEMS);
    /** Finals in the chain. */
    private int held;
    private boolean emitting;
    /** The epoch before whose finals go first; {@code null} when they are out. */
    private TranscriptOrder predecessor;
    private Timers.Cancellable patience = Timers.Cancellable.NOTHING;
    /** To be told once when nothing is held here and nothing expected. */
    private Runnable successor;

    /**
     * @param transcribesInput whether committed audio gets a transcript
     * @param timeoutMillis    from {@code committed} until an item is settled without one
     * @param out              gets the finals in order
     * @param behind           told of each when all that became free with it are out: what is said of a turn as a whole comes
     *                         behind all of its finals
     * @param onTimeout        told of the items whose time was over, before the finals that waited for them; returns what is
     *                         to be told like a final, {@code null} for nothing
     */
    TranscriptOrder(boolean transcribesInput, long timeoutMillis, Timers timers, Consumer<SessionEvent> out,
                    Consumer<SessionEvent> behind, Function<String, SessionEvent> onTimeout) {
        this.transcribesInput = transcribesInput;
        this.timeoutMillis = timeoutMillis;
        this.timers = timers;
        this.out = out;
        this.behind = behind;
        this.onTimeout = onTimeout;
    }

    /**
     * Gives nothing out before the epoch before has given out what it has and expects. Its time is that of one transcript: what
     * it holds then is flushed.
     *
     * @param before of the epoch that is being drained
     */
    void follows(TranscriptOrder before) {
        lock.lock();
        try {
            predecessor = before;
            patience = timers.schedule(before::flush, timeoutMillis);
        } finally {
            lock.unlock();
        }
        before.precedes(this::goOn);
    }

    private void precedes(Runnable next) {
        lock.lock();
        try {
            successor = next;
        } finally {
            lock.unlock();
        }
        emit();
    }

    /** What went before is out. */
    private void goOn() {
        lock.lock();
        try {
            predecessor = null;
            patience.cancel();
            // it leads to the epoch before, which leads to the one before that
            patience = Timers.Cancellable.NOTHING;
            advance();
        } finally {
            lock.unlock();
        }
        emit();
    }

    /** From now on committed audio gets a transcript, or does not. */
    void transcribesInput(boolean transcribes) {
        transcribesInput = transcribes;
    }

    /**
     * Whether the event is a final that has a place in the order. A written answer ({@code response.output_text.done}) has
     * not: it is the answer itself and not its transcript, and must not wait for what the user said.
     */
    static boolean isFinal(ServerEvent event) {
        return switch (event.getType()) {
            case EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_COMPLETED,
                    EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_FAILED,
                    EventTypes.RESPONSE_OUTPUT_AUDIO_TRANSCRIPT_DONE ->
                true;
            default -> false;
        };
    }

    /** Learns what the event says about the conversation, and gives out what it sets free. */
    void observe(ServerEvent event) {
        lock.lock();
        try {
            switch (event.getType()) {
                case EventTypes.INPUT_AUDIO_BUFFER_COMMITTED -> committed(event);
                case EventTypes.CONVERSATION_ITEM_ADDED -> added(event);
                case EventTypes.CONVERSATION_ITEM_DONE, EventTypes.RESPONSE_OUTPUT_ITEM_DONE -> done(event);
                case EventTypes.RESPONSE_CREATED -> begun(event.getResponseId());
                case EventTypes.RESPONSE_OUTPUT_ITEM_ADDED -> belongs(event);
                case EventTypes.RESPONSE_DONE -> answered(event.getResponseId());
                case EventTypes.CONVERSATION_ITEM_DELETED -> settle(byId.get(event.getItemId()));
                default -> {
                    return;
                }
            }
            advance();
        } finally {
            lock.unlock();
        }
        emit();
    }

    private void committed(ServerEvent event) {
        Item item = place(event, !transcribesInput || early.remove(String.valueOf(event.getItemId())) != null);
        if (item != null && !item.settled) {
            item.timer = timers.schedule(() -> timedOut(item), timeoutMillis);
        }
    }

    private void added(ServerEvent event) {
        if (event.getItemId() != null && !byId.containsKey(event.getItemId())) {
            JsonNode item = event.getJson().path("item");
            // what belongs to no response, such as an item of the client's, has no final that is still to come
            boolean speaks = "message".equals(item.path("type").asText()) && "assistant".equals(item.path("role").asText())
                    && (!running.isEmpty() || responseOf.containsKey(event.getItemId()));
            Item placed = place(event, !speaks);
            if (placed != null && speaks) {
                placed.answers = true;
                placed.timer = timers.schedule(() -> timedOut(placed), ANSWER_MILLIS);
            }
        }
    }

    private void begun(String responseId) {
        if (responseId != null) {
            running.put(responseId, true);
        }
    }

    private void belongs(ServerEvent event) {
        if (event.getItemId() != null && event.getResponseId() != null) {
            responseOf.put(event.getItemId(), event.getResponseId());
        }
    }

    /**
     * A response that was cut off need not say that its items are done; nor will anybody of an item that belongs to none, once
     * none runs.
     */
    private void answered(String responseId) {
        running.remove(responseId);
        responseOf.entrySet().removeIf(entry -> {
            boolean its = entry.getValue().equals(responseId);
            if (its) {
                settle(byId.get(entry.getKey()));
            }
            return its;
        });
        if (running.isEmpty()) {
            chain.stream().filter(item -> item.answers && !responseOf.containsKey(item.id)).forEach(TranscriptOrder::settle);
        }
    }

    /** The model's own items have all their finals when they are done; the user's audio is settled by its transcript. */
    private void done(ServerEvent event) {
        Item item = byId.get(event.getItemId());
        if (item != null && "assistant".equals(event.getJson().path("item").path("role").asText())) {
            settle(item);
        }
    }

    private Item place(ServerEvent event, boolean settled) {
        String id = event.getItemId();
        if (id == null || byId.containsKey(id)) {
            return null;
        }
        Item item = new Item(id, settled);
        Item previous = event.getPreviousItemId() == null ? null : byId.get(event.getPreviousItemId());
        chain.add(previous == null ? chain.size() : chain.indexOf(previous) + 1, item);
        byId.put(id, item);
        if (chain.size() > MAX_ITEMS) {
            settle(chain.get(0));
        }
        return item;
    }

    /** Takes a final; it is given out now or when those before it are settled. */
    void offer(SessionEvent event) {
        lock.lock();
        try {
            Item item = byId.get(event.event().getItemId());
            if (item == null) {
                free.add(event);
                if (event.event().getItemId() != null) {
                    early.put(event.event().getItemId(), true);
                }
            } else {
                item.finals.add(event);
                held++;
                if (event.event().getType().startsWith("conversation.")) {
                    settle(item);
                }
                advance();
                while (held > MAX_ITEMS) {
                    settle(chain.get(0));
                    advance();
                }
            }
        } finally {
            lock.unlock();
        }
        emit();
    }

    private void timedOut(Item item) {
        boolean late;
        lock.lock();
        try {
            late = !item.settled;
        } finally {
            lock.unlock();
        }
        if (!late) {
            return;
        }
        SessionEvent missing = onTimeout.apply(item.id);
        lock.lock();
        try {
            if (missing != null) {
                given.add(missing);
            }
            settle(item);
            advance();
        } finally {
            lock.unlock();
        }
        emit();
    }

    private static void settle(Item item) {
        if (item != null) {
            item.settled = true;
            item.timer.cancel();
        }
    }

    /** Frees the finals at the head of the chain, up to the first item that is not settled. */
    private void advance() {
        int passed = 0;
        for (Item item : chain) {
            free.addAll(item.finals);
            held -= item.finals.size();
            item.finals.clear();
            if (!item.settled) {
                break;
            }
            byId.remove(item.id);
            passed++;
        }
        chain.subList(0, passed).clear();
    }

    /** The epoch is over: gives out what is held, in order, behind what it follows. */
    void flush() {
        TranscriptOrder before;
        lock.lock();
        try {
            before = predecessor;
        } finally {
            lock.unlock();
        }
        if (before != null) {
            // from there it comes back to goOn
            before.flush();
        }
        lock.lock();
        try {
            running.clear();
            chain.forEach(TranscriptOrder::settle);
            advance();
        } finally {
            lock.unlock();
        }
        emit();
    }

    private void emit() {
        boolean mine = false;
        Runnable following = null;
        while (true) {
            SessionEvent next;
            SessionEvent told = null;
            lock.lock();
            try {
                if (emitting && !mine) {
                    // whoever gives out looks again before it stops
                    return;
                }
                next = isHeld() ? null : free.poll();
                if (next == null) {
                    told = given.poll();
                } else {
                    given.add(next);
                }
                emitting = next != null || told != null;
                mine = true;
                if (!emitting && isThrough()) {
                    following = successor;
                    successor = null;
                }
            } finally {
                lock.unlock();
            }
            if (next != null) {
                out.accept(next);
            } else if (told != null) {
                behind.accept(told);
            } else {
                break;
            }
        }
        if (following != null) {
            following.run();
        }
    }

    /** Finals wait for those of the epoch before, as long as there are not too many. */
    private boolean isHeld() {
        return predecessor != null && free.size() <= MAX_ITEMS;
    }

    private boolean isThrough() {
        return predecessor == null && chain.isEmpty() && running.isEmpty() && free.isEmpty();
    }
}
