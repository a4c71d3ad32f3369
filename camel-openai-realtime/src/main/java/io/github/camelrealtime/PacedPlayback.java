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
package io.github.camelrealtime;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;

import io.github.camelrealtime.session.LocalEvents;
import io.github.camelrealtime.session.PlayQueue;
import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.SessionEvent;

/**
 * The model's voice on its way to a consumer that wants it at the pace of speech ({@code playback=realtime}): a queue for each
 * session. All other events pass it by. Thread-safe.
 */
final class PacedPlayback {

    /** As few frames as a route can have before it has taken them: what it has cannot be thrown away any more. */
    private static final int MOST_FRAMES = 2;

    private final long frameMillis;
    private final long queueMillis;
    private final Function<String, RealtimeSession> sessions;
    private final ToIntFunction<String> waiting;
    private final Consumer<SessionEvent> route;
    private final Map<String, PlayQueue> queues = new ConcurrentHashMap<>();
    /** Of queues that are gone. */
    private final LongAdder droppedBefore = new LongAdder();

    /**
     * @param sessions finds a session by its name
     * @param waiting  how many events of the session wait for the route; asked on any thread
     * @param route    gets what is due, in order
     */
    PacedPlayback(
            OpenAIRealtimeConfiguration options, Function<String, RealtimeSession> sessions, ToIntFunction<String> waiting,
            Consumer<SessionEvent> route) {
        this.frameMillis = options.getPlaybackFrame();
        this.queueMillis = options.getPlayQueue();
        this.sessions = sessions;
        this.waiting = waiting;
        this.route = route;
    }

    /** Returns whether the event will come by the queue; if not, it is nothing to be paced. */
    boolean takes(SessionEvent event) {
        String type = event.event().getType();
        boolean ends = LocalEvents.endsSession(type);
        // made by the session's first event, so that its voice is known to be paced before any of it comes
        PlayQueue queue = ends ? queues.get(event.sessionName()) : queues.computeIfAbsent(event.sessionName(), this::queue);
        if (queue == null || !PlayQueue.isFor(type)) {
            return false;
        }
        queue.take(event);
        if (ends && queues.remove(event.sessionName(), queue)) {
            close(queue);
        }
        return true;
    }

    private PlayQueue queue(String name) {
        RealtimeSession session = sessions.apply(name);
        return session == null ? null : session.playback().paced(
                frameMillis, queueMillis, () -> waiting.applyAsInt(name) < MOST_FRAMES, route);
    }

    /** Nothing is handed out any more. */
    void close() {
        queues.values().forEach(this::close);
        queues.clear();
    }

    private void close(PlayQueue queue) {
        queue.close();
        droppedBefore.add(queue.droppedMillis());
    }

    /** Voice that waits to be handed out, ms. */
    long queuedMillis() {
        return queues.values().stream().mapToLong(PlayQueue::queuedMillis).sum();
    }

    /** Voice that did not fit, or was not handed out before the end of its session or of the consumer, ms. */
    long droppedMillis() {
        return droppedBefore.sum() + queues.values().stream().mapToLong(PlayQueue::droppedMillis).sum();
    }
}
