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
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which audio of the stream has been given out as final transcripts, and by which epoch. After a loss audio that was not
 * settled is given to the next epoch again; if its final had come all the same, that of the next epoch says the same once more
 * (ROLL-13).
 *
 * <p>Only what earlier epochs gave out counts: within one epoch the service transcribes nothing twice, and stretches of speech
 * may overlap. Bounded; thread-safe.
 */
final class EmittedAudio {

    /** Stretches remembered: more than are ever given again. */
    private static final int MOST = 1000;
    /**
     * What may be new in a stretch that counts as given out, in ms: the service does not find the edges of speech at the same
     * sample twice, and no word is so short.
     */
    private static final long EDGE_MILLIS = 200;

    private record Range(int epoch, long start, long end) {

        long millis() {
            return end - start;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Range> emitted = new ArrayDeque<>();

    /**
     * Whether an earlier epoch has given out what lies here; never if it is not known where it lies, or if the service says
     * of it what cannot be.
     *
     * @param span where a final lies in ms of the stream, {@code null} if unknown
     */
    boolean has(int epoch, Spans.Span span) {
        if (isNowhere(span)) {
            return false;
        }
        Range range = new Range(epoch, span.startMillis(), span.endMillis());
        lock.lock();
        try {
            long fresh = fresh(range);
            return fresh < EDGE_MILLIS && 2 * fresh < range.millis();
        } finally {
            lock.unlock();
        }
    }

    /** A final with words is given out. */
    void add(int epoch, Spans.Span span) {
        if (isNowhere(span)) {
            return;
        }
        lock.lock();
        try {
            emitted.add(new Range(epoch, span.startMillis(), span.endMillis()));
            if (emitted.size() > MOST) {
                emitted.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    private static boolean isNowhere(Spans.Span span) {
        return span == null || span.startMillis() == null || span.endMillis() == null || span.endMillis() <= span.startMillis();
    }

    /** How many ms of it no earlier epoch has given out. */
    private long fresh(Range range) {
        List<Range> left = List.of(range);
        for (Range before : emitted) {
            if (before.epoch() < range.epoch()) {
                left = without(left, before);
            }
        }
        return left.stream().mapToLong(Range::millis).sum();
    }

    private static List<Range> without(List<Range> ranges, Range cut) {
        List<Range> left = new ArrayList<>();
        for (Range range : ranges) {
            if (cut.start() >= range.end() || cut.end() <= range.start()) {
                left.add(range);
                continue;
            }
            if (cut.start() > range.start()) {
                left.add(new Range(range.epoch(), range.start(), cut.start()));
            }
            if (cut.end() < range.end()) {
                left.add(new Range(range.epoch(), cut.end(), range.end()));
            }
        }
        return left;
    }

    /** Another stream begins, whose positions count from its own beginning. */
    void clear() {
        lock.lock();
        try {
            emitted.clear();
        } finally {
            lock.unlock();
        }
    }
}
