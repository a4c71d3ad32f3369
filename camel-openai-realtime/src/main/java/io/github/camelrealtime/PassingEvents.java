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

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Events of a {@link SpooledLane} that are not kept: audio, and the end of a session that nobody asked for. Bounded: audio that
 * is too much is dropped and counted. Not thread-safe: the lane's lock guards it.
 */
final class PassingEvents {

    private final ConsumerSpool.Limits limits;
    private final Deque<SpooledLane.Placed> waiting = new ArrayDeque<>();
    private long bytes;
    private long dropped;
    private boolean overrun;

    PassingEvents(ConsumerSpool.Limits limits) {
        this.limits = limits;
    }

    void add(SpooledLane.Placed next) {
        if (isAudio(next) && isFull(next)) {
            dropped++;
            overrun = true;
            return;
        }
        waiting.add(next);
        bytes += next.event().event().bytes();
    }

    /** What nobody asked for has no number. */
    private static boolean isAudio(SpooledLane.Placed placed) {
        return placed.event().sequence() > 0;
    }

    private boolean isFull(SpooledLane.Placed next) {
        return waiting.size() >= limits.maxEvents()
                || !waiting.isEmpty() && bytes + next.event().event().bytes() > limits.maxBytes();
    }

    /** The next one, {@code null} if there is none. */
    SpooledLane.Placed peek() {
        return waiting.peek();
    }

    SpooledLane.Placed poll() {
        SpooledLane.Placed next = waiting.poll();
        if (next != null) {
            bytes -= next.event().event().bytes();
        }
        overrun = overrun && !waiting.isEmpty();
        return next;
    }

    /** Drops all, counted. */
    void clear() {
        dropped += waiting.stream().filter(PassingEvents::isAudio).count();
        waiting.clear();
        bytes = 0;
        overrun = false;
    }

    int size() {
        return waiting.size();
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Whether audio is being dropped. */
    boolean isOverrun() {
        return overrun;
    }

    long dropped() {
        return dropped;
    }
}
