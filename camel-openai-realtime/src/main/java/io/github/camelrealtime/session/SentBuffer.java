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
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.camelrealtime.session.OutboxEntry.Sound;

/**
 * What the input buffer of one connection has got, as far as nobody knows yet what becomes of it: stretches that are committed
 * and not settled, and what is not committed. Positions are samples of the audio that the connection got. Not thread-safe: the
 * outbox's lock guards it.
 */
final class SentBuffer {

    /**
     * A stretch that may have to be sent again.
     *
     * <p>Of one that the service has committed by itself there is no commit.
     */
    static final class Stretch {
        private long from;
        final long to;
        final OutboxEntry commit;
        /** Whether the service ended it by itself. */
        final boolean byService;

        private Stretch(long from, long to, OutboxEntry commit, boolean byService) {
            this.from = from;
            this.to = to;
            this.commit = commit;
            this.byService = byService;
        }

        long from() {
            return from;
        }

        /** Whether it is committed by nobody yet. */
        boolean isOpen() {
            return commit == null && !byService;
        }
    }

    private static final long NONE = -1;
    /** More than a ring can hold, but for items of no length to speak of. */
    private static final int MAX_ITEMS = 1_000;

    final int epoch;
    /** As much before speech may belong to it: the padding that the service takes, and its delay in noticing. */
    private final long lead;
    private long written;
    /** Where what is neither committed nor cleared begins. */
    private long start;
    /** Where the last stretch that the service has taken ends. */
    private long taken;
    /** The first thing to be heard from {@link #start} on, {@link #NONE} if nothing. */
    private long audible = NONE;
    /** Our commits that have left and are not answered, by event id. */
    private final Map<String, Stretch> pending = new LinkedHashMap<>();
    /** Committed and not settled, by item id. */
    private final Map<String, Stretch> items = new BoundedMap<>(MAX_ITEMS);
    /** The item that somebody speaks for, {@code null} if nobody speaks. */
    private String speaking;
    private long speechFrom;
    private long speechTo = NONE;
    /** Clears that left and are not confirmed. */
    private int clears;
    /** Whether one of them is to carry by. */
    private boolean carrying;

    /** @param lead samples */
    SentBuffer(int epoch, long lead) {
        this.epoch = epoch;
        this.lead = lead;
    }

    /** All audio that the connection got. */
    long written() {
        return written;
    }

    // ---- what leaves

    void audio(long samples, Sound sound) {
        if (sound != Sound.QUIET && audible == NONE) {
            audible = written;
        }
        written += samples;
    }

    void audioTakenBack(long samples) {
        written -= samples;
        audible = audible >= written ? NONE : audible;
    }

    void commit(OutboxEntry commit) {
        pending.put(commit.eventId(), new Stretch(start, written, commit, false));
        empty();
    }

    void clear() {
        clears++;
        speaking = null;
        empty();
    }

    /** A clear of our own, for which the next connection is given again what it clears: until then it stays known. */
    void carry() {
        clears++;
        carrying = true;
    }

    /** The service has cleared. Returns whether that was the last clear that left, and one to carry by. */
    boolean cleared() {
        clears = Math.max(0, clears - 1);
        return carrying && clears == 0;
    }

    /** What was not committed has been carried to the next connection. */
    void carried() {
        pending.clear();
        speaking = null;
        carrying = false;
        empty();
    }

    /** What is not committed is of no interest any more. */
    void empty() {
        start = written;
        audible = NONE;
    }

    // ---- what the service says

    /** Somebody begins to speak. */
    void speechStarted(String itemId, long from) {
        speaking = itemId;
        speechFrom = from;
        speechTo = NONE;
    }

    void speechStopped(String itemId, long to) {
        if (itemId != null && itemId.equals(speaking)) {
            speechTo = to;
        }
    }

    /** Whether the service hears somebody speak, or has not committed what it heard. */
    boolean isSpeaking() {
        return speaking != null;
    }

    /** Whether nothing is in the service's buffer that has to stay together with what follows. */
    boolean isEmpty() {
        return speaking == null && audible == NONE;
    }

    /** Whether the service has said of this item that its speech is over: then it commits that by itself. */
    boolean endsByService(String itemId) {
        return itemId != null && itemId.equals(speaking) && speechTo != NONE;
    }

    /** Where the stretch of a commit of ours begins, -1 if it is not known. */
    long startOf(String eventId) {
        Stretch stretch = pending.get(eventId);
        return stretch == null ? NONE : stretch.from;
    }

    /** Our commit became this item. */
    void answered(String eventId, String itemId) {
        Stretch stretch = pending.remove(eventId);
        if (stretch != null && itemId != null) {
            items.put(itemId, stretch);
            taken = Math.max(taken, stretch.to);
            speaking = null;
        }
    }

    /** Our commit was refused: what it was about is in the service's buffer still, unless that has taken it by itself. */
    void refused(String eventId) {
        Stretch stretch = pending.remove(eventId);
        if (stretch != null && stretch.from < start) {
            start = Math.max(taken, Math.min(start, stretch.from));
        }
    }

    /**
     * The service has committed by itself. What lies before it and in no other stretch is silence that it has gone past.
     *
     * @return what it has committed
     */
    Stretch committedByService(String itemId) {
        boolean heard = itemId != null && itemId.equals(speaking);
        long from = Math.max(taken, heard ? speechFrom : start);
        long to = Math.min(written, heard && speechTo != NONE ? speechTo : written);
        Stretch stretch = new Stretch(Math.min(from, to), to, null, true);
        if (itemId != null && from < to) {
            items.put(itemId, stretch);
        }
        pending.values().forEach(ours -> ours.from = Math.min(ours.to, Math.max(ours.from, to)));
        taken = Math.max(taken, to);
        start = Math.max(start, to);
        speaking = null;
        return stretch;
    }

    /** Returns whether it knew of the item. */
    boolean settle(String itemId) {
        return items.remove(itemId) != null;
    }

    /** The model answers: whatever is committed is settled. */
    void settleAll() {
        items.clear();
    }

    /** Where what is not committed begins to be heard has to be looked for anew. */
    void unheard() {
        audible = NONE;
    }

    /** Here it does. */
    void heardFrom(long at) {
        audible = at;
    }

    // ---- what may have to be sent again

    long start() {
        return start;
    }

    /** Audio up to here was not heard to be speech for so long that it is none. */
    void passed(long to) {
        start = Math.max(start, Math.min(to, written));
        audible = NONE;
    }

    /** Where what is not committed and may be wanted again begins: a little before the first thing to be heard. */
    long openFrom() {
        long heard = (audible == NONE ? written : audible) - lead;
        return Math.max(start, speaking == null ? heard : Math.min(speechFrom, heard));
    }

    /** Where what is not committed begins to be heard, as far as is known. */
    long heardFrom() {
        return Math.max(start, speaking != null ? speechFrom : audible == NONE ? written : audible);
    }

    /** What is not committed. */
    Stretch open() {
        return new Stretch(openFrom(), written, null, false);
    }

    /** All of it, in order; what is not committed last. */
    List<Stretch> unsettled() {
        List<Stretch> all = new ArrayList<>(items.values());
        all.addAll(pending.values());
        all.sort(Comparator.comparingLong(Stretch::from));
        all.add(open());
        return all;
    }

    /** Items that were committed and are not settled. */
    Set<String> itemIds() {
        return Set.copyOf(items.keySet());
    }

    /** What is not committed, in order: commits that were not answered among it. */
    List<Stretch> uncommitted() {
        List<Stretch> all = new ArrayList<>(pending.values());
        all.add(open());
        return all;
    }

    /** Whether something of these samples may have to be sent again. */
    boolean wants(long from, long to) {
        return to > openFrom() || touches(items, from, to) || touches(pending, from, to);
    }

    private static boolean touches(Map<String, Stretch> stretches, long from, long to) {
        for (Stretch stretch : stretches.values()) {
            if (from < stretch.to && to > stretch.from) {
                return true;
            }
        }
        return false;
    }

    /** Whether the commit may have to be made again. */
    boolean wants(OutboxEntry commit) {
        return pending.containsKey(commit.eventId())
                || items.values().stream().anyMatch(stretch -> stretch.commit == commit);
    }
}
