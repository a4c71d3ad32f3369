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

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;

/**
 * What was said so far, in the order of the conversation (CTX-4): text, transcripts, pictures within a bound, calls of tools
 * with their outputs; never audio. Nothing of a session survives its connection at the service (trap T-25), so this is what a
 * {@link Replay} makes the next one of, and the record of what was said whatever the service has dropped to fit its context
 * window (CTX-10).
 *
 * <p>Learns from the service's events, on the present connection and on those that are being drained, and from our own as they
 * leave: an item that we create counts from then until it is refused, and so does the removal of one. Items that were
 * interrupted keep the words that were heard, by estimate. Items of out-of-band responses are in no conversation, so the
 * service does not announce them as such and they are not here.
 *
 * <p>An item has another id on each connection, unless we have chosen it; it is found by all of them.
 *
 * <p>Thread-safe, with a lock of its own under which nobody else is called. Not told of audio deltas.
 */
final class ConversationMirror {

    /** Estimates the words that were heard. */
    @FunctionalInterface
    interface HeardText {

        /** The words of the first so many ms of this part; {@code null} if nothing is known of it. */
        String of(String itemId, int contentIndex, long millis);
    }

    /** What of an item is known before the item is. */
    private static final int MAX_EARLY = 100;
    /** How fast somebody speaks whose audio nobody has counted. */
    private static final double CHARACTERS_PER_SECOND = 15;
    private static final double MILLIS_PER_SECOND = 1000;

    private final SessionConfig.History config;
    private final boolean used;
    final Timers timers;
    private final HeardText heard;
    private volatile ToolOutputs outputs;

    private final ReentrantLock lock = new ReentrantLock();
    private final MirrorList items;
    private final MirrorCorrections corrections = new MirrorCorrections();
    private final Map<String, String> earlyTranscripts = new BoundedMap<>(MAX_EARLY);
    /** Whether anything has been said since the conversation began, beyond what it began with. */
    private boolean begun;
    /** Number of the connection by which our events leave. */
    private int present;
    private volatile int pendingCalls;

    /** @param outputs who knows what became of calls of tools */
    ConversationMirror(SessionConfig config, Timers timers, HeardText heard, ToolOutputs outputs) {
        this.outputs = outputs;
        this.config = config.history();
        this.used = config.protocol().hasConversation();
        this.timers = timers;
        this.heard = heard;
        this.items = new MirrorList(config.history());
        begin();
    }

    /** Another conversation begins, with what every conversation of this session begins with. */
    void begin() {
        locked(() -> {
            items.clear();
            earlyTranscripts.clear();
            begun = false;
            if (used) {
                config.seed().forEach(seed -> {
                    MirrorItem item = create(seed.hasNonNull("id") ? seed : seed.deepCopy().put("id", ClientEvent.nextItemId()));
                    items.add(item);
                    items.change(item, () -> item.learn(seed));
                });
            }
            return count();
        });
    }

    private static MirrorItem create(ObjectNode json) {
        MirrorItem item = new MirrorItem(json.path("id").asText(), json.path("type").asText(MirrorItem.MESSAGE));
        item.named = true;
        item.done();
        return item;
    }

    // ---- what we send

    /**
     * An event of ours is about to be handed over.
     *
     * @return the event as it is to leave: items are named as they are on the present connection, and one that is created has
     *         an id
     */
    ClientEvent leaves(ClientEvent event) {
        if (!used) {
            return event;
        }
        return switch (event.getType()) {
            case EventTypes.CONVERSATION_ITEM_CREATE -> creates(event);
            case EventTypes.CONVERSATION_ITEM_DELETE -> deletes(named(event));
            case EventTypes.CONVERSATION_ITEM_TRUNCATE -> truncates(named(event));
            case EventTypes.CONVERSATION_ITEM_RETRIEVE -> named(event);
            default -> event;
        };
    }

    private ClientEvent named(ClientEvent event) {
        String asked = event.getJson().path("item_id").textValue();
        String current = currentId(asked);
        return current == null || current.equals(asked) ? event : event.with("item_id", current);
    }

    private ClientEvent creates(ClientEvent event) {
        ObjectNode json = event.getJson();
        if (!(json.path("item") instanceof ObjectNode told)) {
            return event;
        }
        if (!told.path("id").isTextual()) {
            told.put("id", ClientEvent.nextItemId());
        }
        String previous = json.path("previous_item_id").textValue();
        ClientEvent leaving = event.with("item", told).with("previous_item_id", previous == null ? null : currentId(previous));
        return locked(() -> {
            if (corrections.leaves(event, items, present)) {
                return leaving;
            }
            MirrorItem known = items.find(told.path("id").textValue());
            if (known == null) {
                MirrorItem item = create(told);
                item.creation = event.getEventId();
                item.epoch = present;
                place(item, previous);
                items.change(item, () -> item.learn(told));
            }
            begun = true;
            count();
            return leaving;
        });
    }

    private ClientEvent deletes(ClientEvent event) {
        String itemId = event.getJson().path("item_id").textValue();
        return locked(() -> {
            MirrorItem item = items.find(itemId);
            if (!corrections.leaves(event, items, present) && item != null) {
                item.removal = event.getEventId();
                count();
            }
            return event;
        });
    }

    private ClientEvent truncates(ClientEvent event) {
        ObjectNode json = event.getJson();
        cut(json.path("item_id").textValue(), json.path("content_index").asInt(), json.path("audio_end_ms").asLong());
        return event;
    }

    private void cut(String itemId, int contentIndex, long millis) {
        if (itemId != null) {
            cut(itemId, contentIndex, millis, heard.of(itemId, contentIndex, millis));
        }
    }

    private void cut(String itemId, int contentIndex, long millis, String known) {
        locked(() -> {
            MirrorItem item = items.find(itemId);
            if (item != null) {
                String words = known == null ? beginning(item.text(contentIndex), millis) : known;
                items.change(item, () -> item.cut(contentIndex, words));
            }
            return null;
        });
    }

    /** Somebody interrupted: of this part no more was heard. */
    void cut(PlaybackLedger.Cut cut) {
        cut(cut.part().itemId, cut.part().contentIndex, cut.heardMillis(), cut.heardText());
    }

    /**
     * What puts right what the present connection was told and has turned out otherwise since; to be sent as one unit.
     */
    List<ClientEvent> corrections() {
        return locked(() -> corrections.make(items.all(), present));
    }

    /** Ids of events of {@link #corrections} that have not left and make no sense on another connection. */
    Set<String> withdrawn() {
        return locked(corrections::withdraw);
    }

    private static String beginning(String text, long millis) {
        if (millis <= 0) {
            return "";
        }
        int end = (int) Math.min(text.length(), Math.ceil(millis * CHARACTERS_PER_SECOND / MILLIS_PER_SECOND));
        while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        return text.substring(0, end).trim();
    }

    /**
     * The connection is lost.
     *
     * @param staying ids of events that leave by the next one, though the lost one may have been about to take them
     */
    void cut(Set<String> staying) {
        locked(() -> {
            List<MirrorItem> unmade = items.all().stream()
                    .filter(item -> item.creation != null && staying.contains(item.creation)).toList();
            unmade.forEach(items::remove);
            items.all().stream().filter(item -> item.removal != null && staying.contains(item.removal))
                    .forEach(item -> item.removal = null);
            return count();
        });
    }

    // ---- what the service says

    /**
     * On the reader thread of the present connection, or of one that is being drained.
     *
     * @param epoch the number of that
     */
    void onEvent(int epoch, ServerEvent event) {
        if (!used) {
            return;
        }
        switch (event.getType()) {
            case EventTypes.INPUT_AUDIO_BUFFER_COMMITTED -> committed(epoch, event);
            case EventTypes.CONVERSATION_ITEM_ADDED, EventTypes.CONVERSATION_ITEM_CREATED -> added(epoch, event, false);
            case EventTypes.CONVERSATION_ITEM_DONE -> added(epoch, event, true);
            case EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_COMPLETED -> transcribed(event);
            case EventTypes.RESPONSE_OUTPUT_TEXT_DELTA -> said(event, item -> item.says(
                    event.getContentIndex(), false, event.getDelta()));
            case EventTypes.RESPONSE_OUTPUT_AUDIO_TRANSCRIPT_DELTA -> said(event, item -> item.says(
                    event.getContentIndex(), true, event.getDelta()));
            case EventTypes.RESPONSE_OUTPUT_TEXT_DONE -> said(event, item -> item.said(
                    event.getContentIndex(), false, event.getText()));
            case EventTypes.RESPONSE_OUTPUT_AUDIO_TRANSCRIPT_DONE -> said(event, item -> item.said(
                    event.getContentIndex(), true, event.getTranscript()));
            case EventTypes.RESPONSE_FUNCTION_CALL_ARGUMENTS_DONE -> said(event, item -> item.arguments(
                    event.getJson().path("arguments").textValue()));
            case EventTypes.CONVERSATION_ITEM_DELETED -> deleted(event.getItemId());
            case EventTypes.CONVERSATION_ITEM_TRUNCATED -> cut(
                    event.getItemId(), event.getContentIndex() == null ? 0 : event.getContentIndex(),
                    event.getJson().path("audio_end_ms").asLong());
            case EventTypes.ERROR -> refused(event.getJson().path("error"));
            default -> {
                // tells nothing of the conversation
            }
        }
    }

    private void committed(int epoch, ServerEvent event) {
        if (event.getItemId() == null) {
            return;
        }
        locked(() -> {
            MirrorItem item = items.find(event.getItemId());
            if (item == null) {
                item = add(epoch, event.getItemId(), MirrorItem.MESSAGE, event.getPreviousItemId());
                MirrorItem heardNow = item;
                ObjectNode audio = JsonNodeFactory.instance.objectNode().put("role", MirrorItem.USER);
                audio.putArray("content").addObject().put("type", "input_audio");
                items.change(item, () -> heardNow.learn(audio));
                early(heardNow);
            }
            return null;
        });
    }

    private void added(int epoch, ServerEvent event, boolean complete) {
        String itemId = event.getItemId();
        JsonNode told = event.getJson().path("item");
        if (itemId == null || !told.path("type").isTextual()) {
            return;
        }
        locked(() -> {
            MirrorItem known = items.find(itemId);
            MirrorItem item = known == null ? add(epoch, itemId, told.path("type").textValue(), event.getPreviousItemId()) : known;
            item.creation = null;
            if (!item.placed) {
                move(item, event.getPreviousItemId());
            }
            items.change(item, () -> item.learn(told));
            early(item);
            if (complete || MirrorItem.OUTPUT.equals(item.type)) {
                item.done();
            }
            return count();
        });
    }

    private MirrorItem add(int epoch, String itemId, String type, String previousItemId) {
        MirrorItem item = new MirrorItem(itemId, type);
        item.epoch = epoch;
        place(item, previousItemId);
        begun = true;
        return item;
    }

    /** The first {@code previous_item_id} that is told counts: the service leaves it out later (trap T-11). */
    private void place(MirrorItem item, String previousItemId) {
        MirrorItem previous = items.find(previousItemId);
        if (previous != null) {
            items.addAfter(item, previous);
        } else if ("root".equals(previousItemId)) {
            items.addFirst(item);
        } else {
            items.add(item);
        }
        item.placed = previous != null || "root".equals(previousItemId);
    }

    private void move(MirrorItem item, String previousItemId) {
        MirrorItem previous = items.find(previousItemId);
        if (previous != null) {
            items.moveAfter(item, previous);
            item.placed = true;
        }
    }

    private void early(MirrorItem item) {
        String transcript = earlyTranscripts.remove(item.id);
        if (transcript != null) {
            items.change(item, () -> item.said(0, true, transcript));
        }
    }

    private void transcribed(ServerEvent event) {
        if (event.getItemId() == null || event.getTranscript() == null) {
            return;
        }
        locked(() -> {
            MirrorItem item = items.find(event.getItemId());
            if (item == null) {
                earlyTranscripts.put(event.getItemId(), event.getTranscript());
            } else {
                items.change(item, () -> item.said(event.getContentIndex(), true, event.getTranscript()));
            }
            return null;
        });
    }

    private interface Learning {

        void by(MirrorItem item);
    }

    private void said(ServerEvent event, Learning learning) {
        locked(() -> {
            MirrorItem item = items.find(event.getItemId());
            if (item != null) {
                items.change(item, () -> learning.by(item));
            }
            return null;
        });
    }

    private void deleted(String itemId) {
        locked(() -> {
            MirrorItem item = items.find(itemId);
            // one that was told anew has got another id, or is about to
            if (item != null && item.id.equals(itemId) && !itemId.equals(item.replaced)) {
                items.remove(item);
            }
            return count();
        });
    }

    /** An edit of ours is refused: it was none. */
    private void refused(JsonNode error) {
        String eventId = error.path("event_id").textValue();
        String param = error.path("param").asText();
        locked(() -> {
            MirrorItem uncreated = null;
            for (MirrorItem item : items.all()) {
                if (eventId != null && eventId.equals(item.removal)) {
                    item.removal = null;
                }
                // without an id it is about the last to leave, as the service refuses at once
                boolean named = eventId == null
                        ? param.equals("item") || param.startsWith("item.") || param.equals("previous_item_id")
                        : eventId.equals(item.creation);
                uncreated = named && item.creation != null ? item : uncreated;
            }
            if (uncreated != null) {
                items.remove(uncreated);
            }
            return count();
        });
    }

    private Void count() {
        Set<String> answered = new HashSet<>();
        items.all().stream().filter(item -> item.isOutput() && item.removal == null).forEach(item -> answered.add(item.callId()));
        pendingCalls = (int) items.all().stream()
                .filter(item -> item.isCompleteCall() && item.removal == null && !answered.contains(item.callId())).count();
        return null;
    }

    // ---- for those who ask

    /** Calls of tools that the model has made and that have no output yet. */
    int pendingToolCalls() {
        return pendingCalls;
    }

    /** The id by which the service knows an item now; the id itself if nothing else is known of it. */
    String currentId(String itemId) {
        return locked(() -> {
            MirrorItem item = items.find(itemId);
            return item == null ? itemId : item.id;
        });
    }

    /** Whether the service has this item from a {@link Replay}, as text: there is nothing in it that could be truncated. */
    boolean isRestored(String itemId) {
        return locked(() -> {
            MirrorItem item = items.find(itemId);
            return item != null && item.restored;
        });
    }

    /** Whether the item is part of the conversation, so that the next connection gets it without being told again. */
    boolean holds(String itemId) {
        return locked(() -> items.find(itemId) != null);
    }

    /**
     * What has to go before the output of a call can be given, as the connection was told that nobody knows it (ROLL-16).
     *
     * @return the item that says so, {@code null} if none does
     */
    UnknownOutcome unknownOutcome(String callId) {
        return locked(() -> {
            String call = null;
            for (MirrorItem item : items.all()) {
                if (!callId.equals(item.callId())) {
                    continue;
                }
                if (item.isOutput() && item.unknownOutcome && item.removal == null) {
                    return new UnknownOutcome(item.id, call);
                }
                call = item.isCompleteCall() ? item.id : call;
            }
            return null;
        });
    }

    /**
     * @param outputId the item that says that nobody knows
     * @param callItem the item of the call, {@code null} if it is not kept any more
     */
    record UnknownOutcome(String outputId, String callItem) {
    }

    /** The conversation so far, in its order. */
    List<ConversationItem> items() {
        return locked(() -> items.all().stream().filter(item -> item.removal == null).map(ConversationItem::of).toList());
    }

    /**
     * How much is kept, and how much no longer.
     *
     * @param contextTokens what of the model's context is used
     */
    SessionStatus.History status(long contextTokens) {
        return locked(() -> new SessionStatus.History(
                items.all().size(), items.characters(), items.droppedItems(), items.droppedImages(),
                pendingCalls, contextTokens));
    }

    // ---- for the replay

    /** Who knows what became of calls of tools. */
    ToolOutputs outputs() {
        return outputs;
    }

    /** Sets who knows what became of calls of tools. */
    void outputs(ToolOutputs source) {
        outputs = source;
    }

    /** What another connection has to be told, as it is known now. */
    ReplayPlan plan() {
        return locked(() -> ReplayPlan.of(items.all(), begun, items.droppedItems() + items.droppedImages() > 0));
    }

    /**
     * Our events leave by this connection from now on.
     *
     * @param restored what it knows by a {@link Replay}
     * @param refused  what it did not take: nobody is to believe that it is part of the conversation
     * @param settled  calls that nobody had an output of, with what the connection was told instead
     */
    void admitted(
            int epoch, List<ReplayPlan.Step> restored, List<ReplayPlan.Step> refused, List<ReplayPlan.Settlement> settled) {
        locked(() -> {
            // what nobody knew the words of when the connection before was replaced has not become known since
            List<MirrorItem> lost = items.all().stream()
                    .filter(item -> item.epoch != present && item.isUnspeakable()).toList();
            lost.forEach(items::drop);
            present = epoch;
            restored.forEach(step -> restored(step, epoch));
            refused.stream().map(ReplayPlan.Step::item).filter(item -> items.find(item.id) == item && item.epoch != epoch)
                    .forEach(items::drop);
            settled.forEach(settlement -> settled(settlement, epoch));
            return count();
        });
    }

    private void restored(ReplayPlan.Step step, int epoch) {
        MirrorItem item = step.item();
        // it may have been removed meanwhile
        if (items.find(item.id) == item) {
            items.rename(item, step.id());
            item.named = true;
            item.restored = true;
            item.told = step.told();
            item.epoch = epoch;
            item.creation = null;
        }
    }

    private void settled(ReplayPlan.Settlement settlement, int epoch) {
        MirrorItem item = new MirrorItem(settlement.itemId(), MirrorItem.OUTPUT);
        item.named = true;
        item.restored = true;
        item.unknownOutcome = settlement.unknown();
        item.epoch = epoch;
        item.done();
        items.add(item);
        items.change(item, () -> item.learn(
                MirrorItem.output(settlement.itemId(), settlement.callId(), settlement.output())));
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
