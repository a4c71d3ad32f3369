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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.LogText;
import io.github.camelrealtime.event.ServerEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a connection that has been configured what was said so far (ROLL-10): makes the items of its conversation, in order and
 * past the outbox, whose gate is still shut. Then it settles calls of tools that nobody has had an output of (ROLL-16), and has
 * the model go on where it was (ROLL-17).
 *
 * <p>Items go out one behind the other, at most {@value #WINDOW} of them without an answer. One that the service refuses is
 * left out. Nothing of it is seen by anybody else: {@link #onEvent} keeps back what the service says of these items.
 *
 * <p>A connection that is to follow another is told most of it ({@link #begin}) while the conversation goes on there, and at the
 * end ({@link #on}) what has come since and what has turned out otherwise, see {@link ReplayDelta}: live audio waits for that
 * alone.
 *
 * <p>Used once. Thread-safe; nothing is sent and no future completed under the lock.
 */
final class Replay {

    /** What a call gets for its output if nobody knows what came of it: a claim that it was cancelled might be false. */
    static final String UNKNOWN_OUTCOME = "{\"status\":\"unknown\",\"message\":\"The connection was interrupted before the result "
                                          + "of this call arrived. It may or may not have taken effect. Do not assume either, "
                                          + "and do not call it again without asking the user.\"}";

    private static final Logger LOG = LoggerFactory.getLogger(Replay.class);
    private static final int WINDOW = 64;
    /** The transport does not tell when its queue falls, so it is asked again after this many ms. */
    private static final long RETRY_MILLIS = 5;

    /**
     * What has become of it.
     *
     * @param expected items of which the conversation consisted, as far as it is known here
     * @param replayed how many of them the service has taken
     * @param restored {@code true} if it knows the whole conversation, {@code partial} or {@code false}
     */
    record Result(int expected, int replayed, String restored) {

        static Result of(int expected, int replayed, boolean shorter) {
            boolean whole = replayed == expected && !shorter;
            return new Result(expected, replayed, whole ? "true" : replayed == 0 ? "false" : "partial");
        }
    }

    /**
     * An item on its way.
     *
     * @param step       what it repeats, {@code null} if it is one of ours
     * @param settlement of a call, {@code null} if it is none
     */
    private record Outgoing(String id, ClientEvent event, ReplayPlan.Step step, ReplayPlan.Settlement settlement) {

        static Outgoing of(ReplayPlan.Step step, String previous) {
            return new Outgoing(step.id(), ClientEvent.itemCreate(step.json(), previous), step, null);
        }

        static Outgoing deletion(String itemId) {
            return new Outgoing(itemId, ClientEvent.of(EventTypes.CONVERSATION_ITEM_DELETE).with("item_id", itemId), null, null);
        }
    }

    private enum Stage {
        /** The items there are; more may come to be. */
        EARLY,
        /** It has been told of those, the rest is not due yet. */
        RESTING,
        ITEMS,
        CALLS,
        ANCHOR,
        OVER
    }

    private final ConversationMirror mirror;
    private final SessionConfig config;
    private final CompletableFuture<Void> early = new CompletableFuture<>();
    private final CompletableFuture<Result> done = new CompletableFuture<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Outgoing> waiting = new ArrayDeque<>();
    /** In the order of leaving. */
    private final Map<String, Outgoing> unanswered = new LinkedHashMap<>();
    /** Items of which the service has not said the last. */
    private final Set<String> ours = new HashSet<>();
    private final List<ReplayPlan.Step> taken = new ArrayList<>();
    private final List<ReplayPlan.Step> refused = new ArrayList<>();
    private final List<ReplayPlan.Settlement> settled = new ArrayList<>();
    /** Let go when all of it is told: it is as large as the conversation. */
    private ReplayPlan plan;
    private Stage stage = Stage.ITEMS;
    /** Whether the rest is due. */
    private boolean rest;
    private Epoch epoch;
    private boolean sending;
    /** Finds that the service says nothing for too long. */
    private volatile Timers.Cancellable watch = Timers.Cancellable.NOTHING;
    private Timers.Cancellable retry = Timers.Cancellable.NOTHING;
    /** Counts what happened, so that the timer sees whether anything did. */
    private long answers;
    private int waitingElsewhere;

    private Replay(ConversationMirror mirror, SessionConfig config) {
        this.mirror = mirror;
        this.config = config;
        this.plan = mirror.plan();
        if (config.history().replay()) {
            plan.steps().forEach(step -> waiting.add(Outgoing.of(step, null)));
        } else {
            stage = Stage.OVER;
        }
    }

    /** A replay of what the mirror holds now. */
    static Replay of(ConversationMirror mirror, SessionConfig config) {
        return new Replay(mirror, config);
    }

    /**
     * Makes the items that there are, on this connection, which must be configured; {@link #on} is to follow.
     *
     * @return done when the service has taken or refused all of them; fails as that of {@link #on}
     */
    CompletableFuture<Void> begin(Epoch target) {
        boolean first = locked(() -> {
            if (epoch != null || stage == Stage.OVER) {
                return false;
            }
            epoch = target;
            stage = Stage.EARLY;
            return true;
        });
        if (first) {
            start(target);
        } else {
            // nothing is to be told, or all of it is being told already
            early.complete(null);
        }
        return early;
    }

    /**
     * Makes the items on this connection, which must be configured; those that are not made already.
     *
     * @return done when the service has taken or refused all of them; fails if it does not answer within {@code itemAckTimeout},
     *         or the connection is gone. May be completed on the reader's or a timer's thread
     */
    CompletableFuture<Result> on(Epoch target) {
        boolean due = locked(() -> {
            boolean underWay = epoch != null && stage != Stage.RESTING;
            epoch = target;
            rest = true;
            return !underWay;
        });
        if (due) {
            if (locked(() -> stage == Stage.RESTING)) {
                catchUp();
            }
            start(target);
        }
        return done;
    }

    private void start(Epoch target) {
        int items = locked(waiting::size);
        if (items > 0) {
            LOG.debug("Session on {}: {} items of the conversation are told again", target, items);
            watch(locked(() -> answers));
        }
        pump();
    }

    /** The conversation has gone on since it was told. */
    private void catchUp() {
        ReplayPlan now = mirror.plan();
        locked(() -> {
            ReplayDelta delta = ReplayDelta.of(now, taken, refused);
            plan = delta.plan();
            taken.removeIf(step -> delta.gone().contains(step.id()));
            delta.gone().forEach(id -> waiting.add(Outgoing.deletion(id)));
            delta.added().forEach(more -> waiting.add(Outgoing.of(more.step(), more.previous())));
            refused.removeIf(step -> delta.added().stream().anyMatch(more -> more.step().item() == step.item()));
            stage = Stage.ITEMS;
            return null;
        });
    }

    /** Fails if nothing happens for too long. */
    private void watch(long seen) {
        long millis = config.timeouts().itemAck();
        watch = mirror.timers.schedule(() -> {
            long now = locked(() -> stage == Stage.OVER || stage == Stage.RESTING ? -1 : answers);
            if (now == seen) {
                fail(new TimedOutException(
                        "The service did not acknowledge the items of the conversation that it was told again within " + millis
                                           + " ms (option itemAckTimeout)", millis));
            } else if (now >= 0) {
                watch(now);
            }
        }, millis);
    }

    /** The connection is gone: whoever waits is told so by its end. */
    void cancel() {
        locked(() -> {
            stage = Stage.OVER;
            waiting.clear();
            unanswered.clear();
            retry.cancel();
            return null;
        });
        watch.cancel();
    }

    private void fail(Exception reason) {
        locked(() -> {
            stage = Stage.OVER;
            waiting.clear();
            unanswered.clear();
            return null;
        });
        early.completeExceptionally(reason);
        done.completeExceptionally(reason);
    }

    // ---- out

    /** Sends what may be sent; one thread at a time, so the order is kept. */
    private void pump() {
        while (true) {
            Outgoing next;
            boolean told;
            lock.lock();
            try {
                if (sending) {
                    // whoever sends looks again under the lock before it stops
                    return;
                }
                told = (stage == Stage.EARLY || stage == Stage.ITEMS) && waiting.isEmpty() && unanswered.isEmpty();
                next = told ? null : next();
                sending = told || next != null;
            } finally {
                lock.unlock();
            }
            if (told) {
                told();
            } else if (next == null) {
                conclude();
                return;
            } else if (!send(next)) {
                fail(new IllegalStateException("The connection went down while it was told of the conversation"));
                return;
            }
            locked(() -> sending = false);
        }
    }

    private void told() {
        boolean rests = locked(() -> {
            if (stage == Stage.EARLY && !rest) {
                stage = Stage.RESTING;
            }
            return stage == Stage.RESTING;
        });
        if (rests) {
            watch.cancel();
            early.complete(null);
        } else if (locked(() -> stage == Stage.EARLY)) {
            catchUp();
        } else {
            settleCalls();
        }
    }

    private Outgoing next() {
        while (waiting.isEmpty() && unanswered.isEmpty() && stage != Stage.OVER && stage != Stage.RESTING) {
            stage = Stage.values()[stage.ordinal() + 1];
            if (stage == Stage.ANCHOR && plan.begun() && !taken.isEmpty() && config.history().reanchor() != null) {
                waiting.add(anchor());
            }
        }
        if (waiting.isEmpty() || unanswered.size() >= WINDOW) {
            return null;
        }
        if (epoch.transport.queuedBytes() > Outbox.MARK_BYTES) {
            retry.cancel();
            retry = mirror.timers.schedule(this::pump, RETRY_MILLIS);
            return null;
        }
        Outgoing next = waiting.poll();
        unanswered.put(next.id(), next);
        ours.add(next.id());
        return next;
    }

    /** Returns whether the connection stands. */
    private boolean send(Outgoing item) {
        try {
            return epoch.transport.send(item.event().toJson());
        } catch (IllegalArgumentException tooLarge) {
            LOG.warn("An item of the conversation cannot be told again: {}", tooLarge.getMessage());
            locked(() -> {
                ours.remove(item.id());
                return refuse(unanswered.remove(item.id()));
            });
            return true;
        }
    }

    /** All items have been told: as late as can be, what their calls came to. */
    private void settleCalls() {
        Map<String, ReplayPlan.Step> open = locked(() -> {
            stage = Stage.CALLS;
            removeOrphans();
            Map<String, ReplayPlan.Step> calls = new LinkedHashMap<>(plan.pending());
            calls.values().retainAll(taken);
            return calls;
        });
        ToolOutputs outputs = mirror.outputs();
        open.keySet().forEach(callId -> {
            if (outputs.isWaiting(callId)) {
                locked(() -> waitingElsewhere++);
                return;
            }
            String output = outputs.of(callId);
            ReplayPlan.Settlement settlement = new ReplayPlan.Settlement(
                    ClientEvent.nextItemId(), callId, output == null ? UNKNOWN_OUTCOME : output, output == null);
            ObjectNode json = MirrorItem.output(settlement.itemId(), callId, settlement.output());
            locked(() -> waiting.add(new Outgoing(settlement.itemId(), ClientEvent.itemCreate(json, null), null, settlement)));
        });
    }

    /** An output whose call was refused after it had left itself. */
    private void removeOrphans() {
        Set<String> uncalled = new HashSet<>();
        refused.stream().filter(ReplayPlan.Step::isCall).forEach(call -> uncalled.add(call.callId()));
        List<ReplayPlan.Step> orphans = taken.stream().filter(step -> uncalled.contains(step.callId())).toList();
        taken.removeAll(orphans);
        refused.addAll(orphans);
        orphans.forEach(orphan -> waiting.add(Outgoing.deletion(orphan.id())));
    }

    private Outgoing anchor() {
        String id = ClientEvent.nextItemId();
        ObjectNode item = JsonNodeFactory.instance.objectNode().put("id", id).put("type", "message").put("role", "system");
        item.putArray("content").addObject().put("type", "input_text").put("text", config.history().reanchor());
        return new Outgoing(id, ClientEvent.itemCreate(item, null), null, null);
    }

    private void conclude() {
        Result result = locked(() -> stage != Stage.OVER || !waiting.isEmpty() || !unanswered.isEmpty() ? null : Result.of(
                plan.expected() - waitingElsewhere, taken.size() + settled.size(), plan.shorter()));
        if (result != null) {
            watch.cancel();
            done.complete(result);
        }
    }

    // ---- in

    /**
     * An event of the connection that is told.
     *
     * @return whether it is about what is being told, and nobody else's concern
     */
    boolean onEvent(ServerEvent event) {
        boolean mine = switch (event.getType()) {
            case EventTypes.CONVERSATION_ITEM_ADDED, EventTypes.CONVERSATION_ITEM_CREATED -> answered(event.getItemId(), false);
            case EventTypes.CONVERSATION_ITEM_DONE, EventTypes.CONVERSATION_ITEM_DELETED -> answered(event.getItemId(), true);
            case EventTypes.ERROR -> refused(event.getJson().path("error"));
            default -> false;
        };
        if (mine) {
            pump();
        }
        return mine;
    }

    private boolean answered(String itemId, boolean last) {
        return locked(() -> {
            Outgoing item = unanswered.remove(itemId);
            if (item != null) {
                answers++;
                if (item.step() != null) {
                    taken.add(item.step());
                } else if (item.settlement() != null) {
                    settled.add(item.settlement());
                }
            }
            return last ? ours.remove(itemId) : ours.contains(itemId);
        });
    }

    private boolean refused(JsonNode error) {
        String eventId = error.path("event_id").textValue();
        String param = error.path("param").asText();
        return locked(() -> {
            Outgoing found = null;
            for (Outgoing item : unanswered.values()) {
                // without an id it is about the first that has no answer: nothing else runs that could delay those
                boolean meant = eventId == null ? param.equals("item") || param.startsWith("item.")
                        : eventId.equals(item.event().getEventId());
                if (found == null && meant) {
                    found = item;
                }
            }
            if (found == null) {
                return false;
            }
            LOG.warn("The service refuses an item of the conversation that it is told again: {} {}, {}",
                    LogText.of(error.path("type").asText()), LogText.of(error.path("code").asText()), LogText.of(param));
            answers++;
            unanswered.remove(found.id());
            ours.remove(found.id());
            refuse(found);
            return true;
        });
    }

    private Void refuse(Outgoing item) {
        if (item == null || item.step() == null) {
            return null;
        }
        refused.add(item.step());
        if (item.step().isCall()) {
            // an output without its call would be refused, or worse, taken
            waiting.removeIf(next -> {
                boolean orphan = next.step() != null && item.step().callId().equals(next.step().callId());
                if (orphan) {
                    refused.add(next.step());
                }
                return orphan;
            });
        }
        return null;
    }

    /** The connection takes the place of the one before: from now on the mirror names items as this one does. */
    void admitted() {
        List<ReplayPlan.Step> known = new ArrayList<>();
        List<ReplayPlan.Step> unknown = new ArrayList<>();
        List<ReplayPlan.Settlement> outputs = new ArrayList<>();
        int number = locked(() -> {
            known.addAll(taken);
            unknown.addAll(refused);
            outputs.addAll(settled);
            taken.clear();
            refused.clear();
            settled.clear();
            plan = ReplayPlan.NOTHING;
            return epoch.number;
        });
        mirror.admitted(number, known, unknown, outputs);
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
