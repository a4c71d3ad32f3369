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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;

/**
 * The model's voice for a consumer that can only take it as fast as it is spoken, such as a carrier or an RTP stream (AOUT-3).
 * The service sends minutes of it within seconds (trap T-47): here it waits, bounded, and is handed out in frames of equal
 * length, the last of a part filled up with silence, and the end marker of the part after its last frame.
 *
 * <p>Frames are due by an absolute clock, so that a late timer does not add up; when there was nothing to hand out, the clock
 * begins anew with what comes. A consumer that has not taken the last frames gets no more until it has: what waits here can
 * still be thrown away when the user interrupts, what has been handed out cannot.
 *
 * <p>The ledger is asked for each frame, so its account of what was heard is that of what has been handed out, without any
 * word from the sink.
 *
 * <p>Thread-safe. Nothing is handed out under the lock, and always in order.
 */
public final class PlayQueue {

    /** After a longer stop of the whole machine the pace goes on from now, as a sink would have to buffer the rest, in ms. */
    static final long MAX_LATE_MILLIS = 200;
    /** How often a consumer that is busy is asked again, within a frame. */
    private static final int RETRIES = 4;
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    /** Parts that were begun and, against the protocol, do not end are not remembered for ever. */
    private static final int MOST = 100;

    private final Playback playback;
    private final PlaybackLedger ledger;
    private final Timers timers;
    private final AudioFormat format;
    private final int frameBytes;
    private final long frameNanos;
    private final long maxBytes;
    private final BooleanSupplier ready;
    private final Relay<SessionEvent> out;

    private final ReentrantLock lock = new ReentrantLock();
    /** In the order of their beginning, in which they are played: the service may send several at once (trap T-12). */
    private final List<QueuedVoice> parts = new ArrayList<>();
    private long queuedBytes;
    private long droppedBytes;
    private boolean ticking;
    private long dueNanos;
    private boolean closed;

    /**
     * @param frameMillis length of a frame
     * @param maxMillis   as much voice as may wait
     * @param ready       whether the consumer can take another frame; from any thread
     * @param out         gets frames and ends, in order, on a timer thread or on the session's reader thread
     */
    PlayQueue(
            Playback playback, PlaybackLedger ledger, Timers timers, AudioFormat format, long frameMillis, long maxMillis,
            BooleanSupplier ready, Consumer<SessionEvent> out) {
        this.playback = playback;
        this.ledger = ledger;
        this.timers = timers;
        this.format = format;
        this.frameBytes = (int) format.bytesOf(frameMillis);
        this.frameNanos = frameMillis * MILLI;
        this.maxBytes = format.bytesOf(maxMillis);
        this.ready = ready;
        this.out = new Relay<>(out);
        ledger.pacers(1);
    }

    /** Whether events of this type have to go through a queue. */
    public static boolean isFor(String type) {
        return EventTypes.RESPONSE_OUTPUT_AUDIO_DELTA.equals(type) || EventTypes.RESPONSE_OUTPUT_AUDIO_DONE.equals(type)
                || LocalEvents.PLAYBACK_CLEARED.equals(type) || LocalEvents.endsSession(type);
    }

    /** Takes an event that {@link #isFor} names. On the session's reader thread, or whoever made the event. */
    public void take(SessionEvent event) {
        ObjectNode overflow = null;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            switch (event.event().getType()) {
                case EventTypes.RESPONSE_OUTPUT_AUDIO_DELTA -> voice(event);
                case EventTypes.RESPONSE_OUTPUT_AUDIO_DONE -> overflow = ends(event);
                case LocalEvents.PLAYBACK_CLEARED -> {
                    sweep();
                    out.put(event);
                }
                default -> {
                    // the session is over, and with it the call
                    drop();
                    out.put(event);
                }
            }
            if (!ticking) {
                // nothing was there to hand out in time: the clock begins anew, though not within the last frame
                dueNanos = Math.max(dueNanos, timers.nanos());
                handOut();
            }
        } finally {
            lock.unlock();
        }
        out.pass();
        if (overflow != null) {
            playback.overflowed(overflow);
        }
    }

    private void voice(SessionEvent delta) {
        if (delta.event().getAudio() == null || delta.event().getAudio().length == 0) {
            return;
        }
        QueuedVoice part = part(delta);
        long before = part.bytes();
        part.add(delta, maxBytes - queuedBytes);
        long added = part.bytes() - before;
        queuedBytes += added;
        droppedBytes += delta.event().getAudio().length - added;
    }

    /** Returns what there is to tell of this part, {@code null} if all of it fitted. */
    private ObjectNode ends(SessionEvent end) {
        QueuedVoice part = part(end);
        part.ends(end);
        if (part.droppedBytes() == 0) {
            return null;
        }
        ServerEvent event = end.event();
        return JsonNodeFactory.instance.objectNode().put("item_id", event.getItemId()).put("response_id", event.getResponseId())
                .put("content_index", event.getContentIndex()).put("dropped_ms", format.millisOf(part.droppedBytes()));
    }

    private QueuedVoice part(SessionEvent event) {
        for (QueuedVoice part : parts) {
            if (part.takes(event.event())) {
                return part;
            }
        }
        if (parts.size() >= MOST) {
            parts.removeIf(part -> !part.isReady());
            if (parts.size() >= MOST) {
                parts.remove(0);
            }
            long left = parts.stream().mapToLong(QueuedVoice::bytes).sum();
            droppedBytes += queuedBytes - left;
            queuedBytes = left;
        }
        QueuedVoice part = new QueuedVoice(event.event(), format, frameBytes);
        parts.add(part);
        return part;
    }

    /** Throws away what belongs to parts that have been cut. Out of band nothing is (RESP-15). */
    private void sweep() {
        parts.removeIf(part -> ledger.isCut(part.event()));
        queuedBytes = parts.stream().mapToLong(QueuedVoice::bytes).sum();
    }

    private void drop() {
        droppedBytes += queuedBytes;
        parts.clear();
        queuedBytes = 0;
    }

    // ---- the pace

    private void tick() {
        lock.lock();
        try {
            ticking = false;
            if (!closed) {
                handOut();
            }
        } finally {
            lock.unlock();
        }
        out.pass();
        playback.moved();
    }

    /** Hands out what is due, and says when to look again if there is more. */
    private void handOut() {
        long now = timers.nanos();
        if (now - dueNanos > MAX_LATE_MILLIS * MILLI) {
            dueNanos = now;
        }
        boolean refused = false;
        QueuedVoice next = next();
        while (next != null && dueNanos <= now && !refused) {
            if (next.bytes() == 0) {
                // the end of a part takes no time
                parts.remove(next);
                ledger.handedOut(next.end().event());
                out.put(next.end());
            } else if (ready.getAsBoolean()) {
                frame(next);
            } else {
                refused = true;
            }
            next = next();
        }
        if (next != null) {
            long wait = refused ? frameNanos / RETRIES : dueNanos - now;
            ticking = true;
            timers.schedule(this::tick, Math.max(1, (wait + MILLI - 1) / MILLI));
        }
    }

    private QueuedVoice next() {
        for (QueuedVoice part : parts) {
            if (part.isReady()) {
                return part;
            }
        }
        return null;
    }

    /** Puts the next frame out, unless it has been cut. */
    private void frame(QueuedVoice part) {
        long before = part.bytes();
        SessionEvent frame = part.nextFrame();
        queuedBytes -= before - part.bytes();
        if (ledger.handOut(frame.event(), frame.voiceEndBytes())) {
            out.put(frame);
            dueNanos += frameNanos;
        }
    }

    // ---- for those who look

    /** Nothing is handed out any more; what waits is dropped and counted. */
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            drop();
        } finally {
            lock.unlock();
        }
        ledger.pacers(-1);
        playback.moved();
    }

    /** Voice that waits to be handed out, ms. */
    public long queuedMillis() {
        lock.lock();
        try {
            return format.millisOf(queuedBytes);
        } finally {
            lock.unlock();
        }
    }

    /** Voice that did not fit, or was not handed out before the end of the session or of the consumer, ms. */
    public long droppedMillis() {
        lock.lock();
        try {
            return format.millisOf(droppedBytes);
        } finally {
            lock.unlock();
        }
    }
}
