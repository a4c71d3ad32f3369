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

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;

/**
 * Whether the assistant can be heard just now (INT-14), which is something else than whether a response runs: audio comes
 * faster than it is played (trap T-14). In a call the service plays it and says so ({@code output_audio_buffer.started},
 * {@code stopped}, {@code cleared}); over WebSocket it follows from the {@link PlaybackLedger}.
 *
 * <p>Each change is announced, in order. There is a timer only while the assistant speaks. Thread-safe.
 */
final class AssistantSpeech {

    /** What the room gives back of the assistant's last words is not yet the user, in ms. */
    static final long ECHO_MILLIS = 250;
    private static final long NEVER = Long.MIN_VALUE;

    private final LongSupplier playsUntil;
    private final Timers timers;
    private final Relay<ObjectNode> announced;

    private final ReentrantLock lock = new ReentrantLock();
    /** The service plays it. */
    private boolean buffered;
    private volatile boolean on;
    private volatile long quietSince = NEVER;
    private Timers.Cancellable timer = Timers.Cancellable.NOTHING;

    /**
     * @param playsUntil when what has come will have been played: 0 = nothing plays, {@link Playhead#OPEN} = nobody knows yet
     * @param announce   gets the members of {@link LocalEvents#ASSISTANT_SPEAKING}
     */
    AssistantSpeech(LongSupplier playsUntil, Timers timers, Consumer<ObjectNode> announce) {
        this.playsUntil = playsUntil;
        this.timers = timers;
        this.announced = new Relay<>(announce);
    }

    boolean isOn() {
        return on;
    }

    /** Whether what is heard now may be the assistant himself. Cheap: asked for each piece of the user's audio. */
    boolean isAudible() {
        return on || quietSince != NEVER && timers.elapsedMillis() - quietSince < ECHO_MILLIS;
    }

    /** On the reader thread. */
    void onEvent(ServerEvent event) {
        switch (event.getType()) {
            case EventTypes.OUTPUT_AUDIO_BUFFER_STARTED -> buffered(true);
            case EventTypes.OUTPUT_AUDIO_BUFFER_STOPPED, EventTypes.OUTPUT_AUDIO_BUFFER_CLEARED -> buffered(false);
            case EventTypes.RESPONSE_OUTPUT_AUDIO_DONE, EventTypes.RESPONSE_DONE, EventTypes.CONVERSATION_ITEM_TRUNCATED,
                    EventTypes.CONVERSATION_ITEM_DELETED ->
                look();
            default -> {
                // says nothing about what is being played
            }
        }
    }

    /** Whether the service plays it, in a call. */
    boolean isBuffered() {
        lock.lock();
        try {
            return buffered;
        } finally {
            lock.unlock();
        }
    }

    void buffered(boolean plays) {
        lock.lock();
        try {
            buffered = plays;
        } finally {
            lock.unlock();
        }
        look();
    }

    /** Something has changed that may be heard. Not to be called under a lock. */
    void look() {
        lock.lock();
        try {
            long now = timers.elapsedMillis();
            long until = playsUntil.getAsLong();
            timer.cancel();
            timer = until == 0 || until == Playhead.OPEN
                    ? Timers.Cancellable.NOTHING : timers.schedule(this::look, Math.max(1, until - now));
            boolean speaks = buffered || until > 0;
            if (speaks != on) {
                on = speaks;
                quietSince = speaks ? NEVER : now;
                announced.put(JsonNodeFactory.instance.objectNode().put("speaking", speaks));
            }
        } finally {
            lock.unlock();
        }
        announced.pass();
    }
}
