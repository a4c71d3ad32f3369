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
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;

/**
 * Puts transcripts together, of both sides. Everything is keyed by item and content index, created on first sight, as
 * deltas may come before the item is announced and items interleave (traps T-10, T-12). The final text is
 * authoritative: what comes for a settled key afterwards is stale.
 *
 * <p>One per epoch. Thread-safe: events come on the reader thread, the end of the session from anywhere.
 */
public final class TranscriptAssembler {

    /** Keys remembered; the eldest are forgotten. An hour of lively talk has some thousand. */
    private static final int MAX_KEYS = 2_000;
    /** Characters of a partial transcript: more than anybody says in one item. */
    private static final int MAX_TEXT = 500_000;

    /**
     * What is known of one transcript after an event.
     *
     * @param itemId          the conversation item
     * @param contentIndex    the content part
     * @param role            {@code user} or {@code assistant}
     * @param text            the text so far, or the final text; {@code null} for a failure
     * @param settled         whether this is final: nothing will change it
     * @param version         counts the partials of this key from 1; the final one has the highest
     * @param deduplicationId stable over restarts and redelivery: session id, item id, content index
     * @param reason          why an unsettled text will get no final one, such as {@code hangup}; else {@code null}
     * @param startMillis     where the speech starts in ms of the audio given, {@code null} if unknown
     * @param endMillis       where it ends, {@code null} if unknown
     * @param timeSource      how those times are known: {@code segment}, {@code commit}, {@code vad} or {@code interpolated};
     *                        {@code null} if they are not
     * @param givenAt         when the start of the speech was given, ms since 1970, {@code null} if unknown
     * @param sourceTime      when it was by the word of its source, ms since 1970, {@code null} if that does not say
     */
    public record Progress(String itemId, int contentIndex, String role, String text, boolean settled, int version,
            String deduplicationId, String reason, Long startMillis, Long endMillis, String timeSource, Long givenAt, Long sourceTime) {

        /** Of which no time of day is known. */
        public Progress(String itemId, int contentIndex, String role, String text, boolean settled, int version,
                        String deduplicationId, String reason, Long startMillis, Long endMillis, String timeSource) {
            this(itemId, contentIndex, role, text, settled, version, deduplicationId, reason, startMillis, endMillis, timeSource,
                    null, null);
        }

        @Override
        public String toString() {
            return "Progress[" + itemId + "/" + contentIndex + ", " + role + ", settled " + settled + ", version " + version + "]";
        }
    }

    /** Marks an event that comes too late to count. */
    static final Progress STALE = new Progress(null, 0, null, null, true, 0, null, null, null, null, null);

    private static final String USER = "user";
    private static final String ASSISTANT = "assistant";

    private static final class Entry {
        final String itemId;
        final int contentIndex;
        final String role;
        final StringBuilder text = new StringBuilder();
        boolean settled;
        int version;

        Entry(String itemId, int contentIndex, String role) {
            this.itemId = itemId;
            this.contentIndex = contentIndex;
            this.role = role;
        }
    }

    private final String sessionId;
    private final Spans spans;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Entry> entries = new BoundedMap<>(MAX_KEYS);

    TranscriptAssembler(String sessionId, Spans spans) {
        this.sessionId = sessionId;
        this.spans = spans;
    }

    /**
     * Takes an event in.
     *
     * @return what is known of the transcript now; {@link #STALE} if the event must not be passed on; {@code null} if it is
     *         not about transcripts
     */
    Progress onEvent(ServerEvent event) {
        lock.lock();
        try {
            return take(event);
        } finally {
            lock.unlock();
        }
    }

    private Progress take(ServerEvent event) {
        return switch (event.getType()) {
            case EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_DELTA -> partial(event, USER);
            case EventTypes.RESPONSE_OUTPUT_AUDIO_TRANSCRIPT_DELTA, EventTypes.RESPONSE_OUTPUT_TEXT_DELTA ->
                partial(event, ASSISTANT);
            case EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_COMPLETED -> settle(event, USER, event.getTranscript());
            case EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_FAILED -> settle(event, USER, null);
            case EventTypes.RESPONSE_OUTPUT_AUDIO_TRANSCRIPT_DONE -> settle(event, ASSISTANT, event.getTranscript());
            case EventTypes.RESPONSE_OUTPUT_TEXT_DONE -> settle(event, ASSISTANT, event.getText());
            default -> null;
        };
    }

    private Progress partial(ServerEvent event, String role) {
        Entry entry = entry(event, role);
        if (entry == null) {
            return null;
        }
        if (entry.settled) {
            return STALE;
        }
        if (event.getDelta() != null && entry.text.length() < MAX_TEXT) {
            entry.text.append(event.getDelta());
        }
        entry.version++;
        return progress(entry, entry.text.toString(), null);
    }

    private Progress settle(ServerEvent event, String role, String text) {
        Entry entry = entry(event, role);
        if (entry == null) {
            return null;
        }
        if (entry.settled) {
            return STALE;
        }
        entry.settled = true;
        entry.text.setLength(0);
        entry.version++;
        return progress(entry, text, null);
    }

    private Entry entry(ServerEvent event, String role) {
        String itemId = event.getItemId();
        if (itemId == null) {
            return null;
        }
        int contentIndex = event.getContentIndex() == null ? 0 : event.getContentIndex();
        return entries.computeIfAbsent(itemId + "/" + contentIndex, key -> new Entry(itemId, contentIndex, role));
    }

    /** What was said but never became final, when the session ends: better than nothing, and marked as such. */
    List<Progress> abandoned(String reason) {
        List<Progress> open = new ArrayList<>();
        lock.lock();
        try {
            for (Entry entry : entries.values()) {
                if (!entry.settled && entry.text.length() > 0) {
                    entry.version++;
                    open.add(progress(entry, entry.text.toString(), reason));
                    entry.settled = true;
                }
            }
        } finally {
            lock.unlock();
        }
        return open;
    }

    /** An item for which no transcript has come in time: where it lies, and no text. A late one is still taken. */
    Progress missing(String itemId, String reason) {
        return progress(new Entry(itemId, 0, USER), null, reason);
    }

    private Progress progress(Entry entry, String text, String reason) {
        Spans.Span span = USER.equals(entry.role) ? spans.find(entry.itemId) : null;
        return new Progress(
                entry.itemId, entry.contentIndex, entry.role, text, entry.settled, entry.version,
                sessionId + ":" + entry.itemId + ":" + entry.contentIndex, reason,
                span == null ? null : span.startMillis(), span == null ? null : span.endMillis(),
                span == null ? null : span.source(), span == null ? null : span.givenAt(),
                span == null ? null : span.sourceTime());
    }
}
