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
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;

/**
 * What has come of the model's voice, and how much of it has been heard (AOUT-2). The service sends it faster than it is
 * played, and only we can know where the player is when somebody interrupts.
 *
 * <p>Sinks that know their position tell it; of consumers that get the voice at the pace of speech it is known what they have
 * got. For the others a player is imagined (see {@link Playhead}).
 *
 * <p>Items are known to the service by the connection that they came by. What came by an earlier one is not to be cut at the
 * service any more, as there it is a restored item or none at all; that it was heard only in part is known here all the same.
 *
 * <p>Audio itself is not kept (AOUT-7), and only the last {@link SpokenParts#MOST} parts are remembered. Thread-safe; the way of a
 * delta takes no lock as long as it belongs to the same part as the one before.
 */
final class PlaybackLedger {

    /** Responses that run at one time are few; those that never end are not remembered for ever. */
    private static final int MOST = 100;
    private static final String AUDIO = "audio";

    /**
     * Where a part is cut.
     *
     * @param part           the part
     * @param heardMillis    how much was heard, rounded down; 0 = nothing
     * @param receivedMillis how much had come
     * @param heardText      an estimate of the words heard
     * @param removesItem    whether nothing was heard of the whole item
     * @param present        whether the service has the item by this id on the present connection
     */
    record Cut(SpokenPart part, long heardMillis, long receivedMillis, String heardText, boolean removesItem, boolean present) {
    }

    /** What is known of a response that is not done. */
    private record Running(AudioFormat format, boolean outOfBand) {
    }

    private final AudioFormat sessionFormat;
    private final Runnable begins;
    private final ReentrantLock lock = new ReentrantLock();
    private final SpokenParts parts = new SpokenParts();
    private final Map<String, Running> responses = new BoundedMap<>(MOST);
    /** Responses that were interrupted and are not done: what they still bring is cut when they are. */
    private final Map<String, Boolean> interrupted = new BoundedMap<>(MOST);
    /** The part of the last delta; {@code null} if that is of a response that cannot be interrupted. */
    private volatile SpokenPart last;
    private volatile boolean told;
    /** Consumers that get the voice at the pace of speech. */
    private volatile int pacers;
    /** Number of the connection that the conversation is on, 0 while there is none. */
    private int present;

    /**
     * @param format of the voice where a response says nothing else
     * @param begins called on the reader thread when the first audio of a part has come
     */
    PlaybackLedger(AudioFormat format, Runnable begins) {
        this.sessionFormat = format;
        this.begins = begins;
    }

    /**
     * The hot path, on the reader thread: a piece of audio has come.
     *
     * @return where in its part it ends, in bytes; 0 if it belongs to no part that is kept account of
     */
    long received(int epoch, ServerEvent delta, long nowMillis) {
        SpokenPart part = last;
        boolean another = part == null || !part.isOf(delta);
        if (another) {
            part = partOf(epoch, delta);
            last = part;
        }
        if (part == null || delta.getAudio() == null) {
            return 0;
        }
        long end = part.received(delta.getAudio().length, nowMillis);
        if (another) {
            begins.run();
        }
        return end;
    }

    /** How much of the part that the event is about has come, in bytes; 0 if nothing is known of it. */
    long receivedBytes(ServerEvent event) {
        lock.lock();
        try {
            SpokenPart part = parts.find(event);
            return part == null ? 0 : part.receivedBytes();
        } finally {
            lock.unlock();
        }
    }

    /** All other events, on the reader thread. */
    void onEvent(int epoch, ServerEvent event) {
        switch (event.getType()) {
            case EventTypes.RESPONSE_CREATED -> begin(event);
            case EventTypes.RESPONSE_CONTENT_PART_ADDED -> announce(epoch, event);
            case EventTypes.RESPONSE_OUTPUT_AUDIO_TRANSCRIPT_DELTA -> says(epoch, event);
            case EventTypes.RESPONSE_OUTPUT_AUDIO_TRANSCRIPT_DONE -> with(event, part -> part.saidAll(event.getTranscript()));
            case EventTypes.RESPONSE_OUTPUT_AUDIO_DONE -> with(event, part -> part.complete = true);
            case EventTypes.CONVERSATION_ITEM_TRUNCATED, EventTypes.CONVERSATION_ITEM_DELETED -> settle(event.getItemId());
            default -> {
                // the rest says nothing about voice
            }
        }
    }

    private void begin(ServerEvent event) {
        if (event.getResponseId() == null) {
            return;
        }
        lock.lock();
        try {
            responses.put(event.getResponseId(), new Running(
                    ResponseEvents.audioFormat(event, sessionFormat), ResponseEvents.isOutOfBand(event)));
        } finally {
            lock.unlock();
        }
    }

    private void announce(int epoch, ServerEvent event) {
        JsonNode part = event.getJson().path("part");
        if (AUDIO.equals(part.path("type").asText())) {
            partOf(epoch, event);
        }
    }

    /** Words may come before their sound. */
    private void says(int epoch, ServerEvent event) {
        if (partOf(epoch, event) != null) {
            with(event, part -> part.says(event.getDelta()));
        }
    }

    /** The part that the event is about, {@code null} if it cannot be interrupted: out of band nothing is. */
    private SpokenPart partOf(int epoch, ServerEvent event) {
        if (event.getItemId() == null) {
            return null;
        }
        lock.lock();
        try {
            Running running = event.getResponseId() == null ? null : responses.get(event.getResponseId());
            if (running != null && running.outOfBand()) {
                return null;
            }
            SpokenPart known = parts.find(event);
            if (known != null) {
                return known;
            }
            SpokenPart part = new SpokenPart(
                    event.getItemId(), SpokenParts.contentIndex(event), event.getResponseId(), epoch,
                    running == null ? sessionFormat : running.format());
            if (pacers > 0) {
                part.pace();
            }
            parts.add(part);
            return part;
        } finally {
            lock.unlock();
        }
    }

    private void with(ServerEvent event, Change change) {
        lock.lock();
        try {
            SpokenPart part = parts.find(event);
            if (part != null) {
                change.to(part);
            }
        } finally {
            lock.unlock();
        }
    }

    private void settle(String itemId) {
        lock.lock();
        try {
            parts.settle(itemId);
        } finally {
            lock.unlock();
        }
    }

    /**
     * A sink tells how far it has played.
     *
     * @param  playedMillis of this part
     * @return              whether that counts: a part that is unknown, or has been cut, is of an earlier time (INT-10)
     */
    boolean played(String itemId, int contentIndex, long playedMillis, long nowMillis) {
        lock.lock();
        try {
            SpokenPart part = parts.find(itemId, contentIndex);
            if (part == null || part.settled) {
                return false;
            }
            told = true;
            part.told(playedMillis, nowMillis);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The words of the first so many ms of a part, by estimate; {@code null} if nothing is known of it. */
    String heardText(String itemId, int contentIndex, long millis) {
        lock.lock();
        try {
            SpokenPart part = parts.find(itemId, contentIndex);
            return part == null ? null : part.heardText(millis);
        } finally {
            lock.unlock();
        }
    }

    /** Whether any sink has ever told where it is. */
    boolean isTold() {
        return told;
    }

    /**
     * Cuts whatever has not been heard to its end; what has been stays as it is (INT-6). No part is cut twice (INT-10).
     *
     * @return the parts that were cut, in the order of their beginning
     */
    List<Cut> cut(long nowMillis) {
        lock.lock();
        try {
            List<Cut> cuts = parts.cut(nowMillis, present);
            responses.forEach((id, running) -> {
                if (!running.outOfBand()) {
                    interrupted.put(id, true);
                }
            });
            return cuts;
        } finally {
            lock.unlock();
        }
    }

    /** All of this response is unwanted, whatever it brings: it was cancelled when it began. */
    void unwanted(String responseId) {
        lock.lock();
        try {
            interrupted.put(responseId, true);
        } finally {
            lock.unlock();
        }
    }

    /**
     * A response is over.
     *
     * @return what it brought after it had been interrupted, nothing of which anybody wants to hear (INT-8)
     */
    List<Cut> done(String responseId) {
        lock.lock();
        try {
            responses.remove(responseId);
            return parts.done(responseId, interrupted.remove(responseId) != null, present);
        } finally {
            lock.unlock();
        }
    }

    // ---- voice that is handed out at the pace of speech

    /** One more consumer, or one less, gets the voice at the pace of speech. */
    void pacers(int change) {
        lock.lock();
        try {
            pacers += change;
            if (pacers == 0) {
                // what it had not handed out nobody gets any more
                parts.all().stream().filter(SpokenPart::isPaced).forEach(part -> part.handedOut = true);
            }
        } finally {
            lock.unlock();
        }
    }

    boolean isPaced() {
        return pacers > 0;
    }

    /**
     * A frame is about to be handed out. This decides it, so that what is handed out is never more than what was heard.
     *
     * @param  endBytes where in its part the frame ends
     * @return          whether it may be; not if its part has been cut
     */
    boolean handOut(ServerEvent frame, long endBytes) {
        lock.lock();
        try {
            SpokenPart part = parts.find(frame);
            if (part == null) {
                // out of band, or from before anybody can remember
                return true;
            }
            if (!part.settled) {
                part.handed(endBytes);
            }
            return !part.settled;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more of this part is held anywhere. */
    void handedOut(ServerEvent end) {
        with(end, part -> part.handedOut = true);
    }

    /** Whether this part has been cut. */
    boolean isCut(ServerEvent event) {
        lock.lock();
        try {
            SpokenPart part = parts.find(event);
            return part != null && part.settled;
        } finally {
            lock.unlock();
        }
    }

    /** When all that has come will have been played; see {@link Playhead#until}. */
    long playsUntil(long nowMillis) {
        lock.lock();
        try {
            return Playhead.until(parts.all(), nowMillis);
        } finally {
            lock.unlock();
        }
    }

    // ---- connections

    /** The conversation goes on by this connection: what came by those before is known there by other ids, if at all. */
    void goesOnBy(int epoch) {
        lock.lock();
        try {
            present = epoch;
        } finally {
            lock.unlock();
        }
    }

    /** The connection is lost: nothing more comes of what was begun, and what has come may be playing still. */
    void lost() {
        lock.lock();
        try {
            parts.all().forEach(part -> part.complete = true);
            responses.clear();
            interrupted.clear();
            last = null;
            present = 0;
        } finally {
            lock.unlock();
        }
    }

    /** Another conversation begins. */
    void reset() {
        lock.lock();
        try {
            parts.clear();
            responses.clear();
            interrupted.clear();
            last = null;
        } finally {
            lock.unlock();
        }
    }

    @FunctionalInterface
    private interface Change {

        void to(SpokenPart part);
    }
}
