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

import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Up to where in the stream every final transcript has been given out: whoever has dealt with them may begin there again after
 * a crash and loses nothing (ING-5). What was committed and has no final holds it back, also when its connection is gone and
 * the audio is on its way to the service once more; silence behind the last final is not counted.
 *
 * <p>Bounded; thread-safe.
 */
final class Checkpoint {

    private static final int MOST = 1000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private record Open(int epoch, long start, long end, long sinceNanos) {
    }

    private final long timeoutMillis;
    private final Timers timers;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Open> open = new BoundedMap<>(MOST);
    private long reached;

    /** @param timeoutMillis from a commit until no final is expected any more */
    Checkpoint(long timeoutMillis, Timers timers) {
        this.timeoutMillis = timeoutMillis;
        this.timers = timers;
    }

    /**
     * Audio was committed, and its final is to come. What an earlier epoch owed for the same audio is not owed any more.
     *
     * @param span where it lies, {@code null} if unknown: then it holds nothing back
     */
    void committed(String itemId, int epoch, Spans.Span span) {
        if (itemId == null || span == null || span.startMillis() == null || span.endMillis() == null) {
            return;
        }
        lock.lock();
        try {
            open.values().removeIf(
                    before -> before.epoch() < epoch && before.start() < span.endMillis() && before.end() > span.startMillis());
            open.put(itemId, new Open(epoch, span.startMillis(), span.endMillis(), timers.nanos()));
        } finally {
            lock.unlock();
        }
    }

    /**
     * An item has its final, or none will come.
     *
     * @param  span where it lies, {@code null} if unknown
     * @return      up to where all is settled, in ms of the stream; {@code null} if unknown
     */
    Long settled(String itemId, Spans.Span span) {
        lock.lock();
        try {
            open.remove(itemId);
            long now = timers.nanos();
            open.values().removeIf(item -> now - item.sinceNanos() > timeoutMillis * NANOS_PER_MILLI);
            if (span == null || span.endMillis() == null) {
                return null;
            }
            reached = Math.max(reached, span.endMillis());
            return open.values().stream().mapToLong(Open::start).reduce(reached, Math::min);
        } finally {
            lock.unlock();
        }
    }

    /** Another stream begins, whose positions count from its own beginning. */
    void clear() {
        lock.lock();
        try {
            open.clear();
            reached = 0;
        } finally {
            lock.unlock();
        }
    }
}
