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

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

import io.github.camelrealtime.session.Timers;
import io.github.camelrealtime.spool.EventSpool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The spool of one consumer (TRX-18): writes what its {@link SpooledLane}s have taken in, on a thread of its own, many events
 * at a time; knows whether the disk does what it should, and tries again when it does not.
 */
final class ConsumerSpool implements Closeable {

    /**
     * What holds for all lanes.
     *
     * @param maxEvents      that wait in memory, in each of two places
     * @param maxBytes       the same in bytes
     * @param strategy       past these
     * @param audio          whether the model's voice is kept too
     * @param retryMillis    until a failed event is given again; doubles
     * @param maxRetryMillis up to this
     * @param clock          the timers of the component, which has others after a restart
     */
    record Limits(int maxEvents, long maxBytes, BackpressureStrategy strategy, boolean audio, long retryMillis,
            long maxRetryMillis, Supplier<Timers> clock) {

        private static final int MOST_DOUBLINGS = 30;

        Timers timers() {
            return clock.get();
        }

        /** How long to wait after so many failures in a row, in ms. */
        long delay(int failures) {
            return Math.min(maxRetryMillis, retryMillis << Math.min(failures - 1, MOST_DOUBLINGS));
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(ConsumerSpool.class);
    private static final long RETRY_MILLIS = 1_000;
    private static final long FLUSH_MILLIS = 1_000;

    private final EventSpool store;
    private final Limits limits;
    private final ExecutorService executor;
    private final Map<String, SpooledLane.Left> left = new ConcurrentHashMap<>();
    private final Set<SpooledLane> waiting = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean running = new AtomicBoolean();
    private final AtomicBoolean flushing = new AtomicBoolean();
    private final LongAdder passedBy = new LongAdder();
    private final LongAdder unreadable = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final LongAdder routeFailures = new LongAdder();
    private volatile String writeProblem;
    private volatile String readProblem;
    private volatile boolean full;
    private volatile boolean closed;

    /**
     * @param  executor    of one thread
     * @throws IOException if what is left in the store cannot be read
     */
    ConsumerSpool(EventSpool store, Limits limits, ExecutorService executor) throws IOException {
        this.store = store;
        this.limits = limits;
        this.executor = executor;
        for (String lane : store.lanes()) {
            left.put(lane, SpooledLane.Left.of(store, lane));
        }
    }

    EventSpool store() {
        return store;
    }

    /** Names of the lanes of which something is left from an earlier life. */
    Set<String> left() {
        return Set.copyOf(left.keySet());
    }

    /** Does not touch the disk. */
    SpooledLane newLane(String name, Runnable wakeUp) {
        // the first of this name begins with what is left; a later one comes when nothing is any more
        return new SpooledLane(name, this, limits, left.remove(name), wakeUp);
    }

    // ---- writing

    /** A lane has something to write. Never waits. */
    void write(SpooledLane lane) {
        waiting.add(lane);
        schedule();
    }

    private void schedule() {
        if (running.compareAndSet(false, true) && !queue(this::run)) {
            running.set(false);
        }
    }

    private boolean queue(Runnable task) {
        try {
            executor.execute(task);
            return true;
        } catch (RejectedExecutionException stopped) {
            return false;
        }
    }

    private void run() {
        boolean written;
        do {
            written = writeOnce();
        } while (written && !waiting.isEmpty());
        running.set(false);
        if (!written) {
            limits.timers().schedule(this::schedule, RETRY_MILLIS);
        } else if (!waiting.isEmpty()) {
            // one came between the look and the flag
            schedule();
        }
    }

    /** Returns whether all of it is kept. */
    private boolean writeOnce() {
        Map<SpooledLane, Integer> counts = new LinkedHashMap<>();
        List<EventSpool.Entry> entries = new ArrayList<>();
        int kept = 0;
        try {
            for (SpooledLane lane : List.copyOf(waiting)) {
                waiting.remove(lane);
                counts.put(lane, 0);
                List<EventSpool.Entry> batch = lane.beginWriting();
                counts.put(lane, batch.size());
                entries.addAll(batch);
            }
            if (!entries.isEmpty() || isFailing()) {
                // with nothing to write it finds out whether the trouble is over: no new event may come before it is
                kept = store.append(entries);
                written(kept == entries.size());
            }
        } catch (IOException e) {
            writeFailed(e);
        } catch (RuntimeException e) {
            // a defect of the store; the lanes have to go on
            writeFailed(new IOException("The spool failed", e));
        }
        int left = kept;
        for (Map.Entry<SpooledLane, Integer> lane : counts.entrySet()) {
            int written = Math.min(left, lane.getValue());
            left -= written;
            if (lane.getKey().endWriting(written) || written < lane.getValue()) {
                waiting.add(lane.getKey());
            }
        }
        return writeProblem == null;
    }

    private void written(boolean all) {
        if (!all) {
            if (!full) {
                LOG.warn("The spool is full: {} events, {} bytes (option spoolMaxSize). What comes now waits in memory, "
                         + "and beyond its bounds is lost, until the route has taken some", store.size(), store.bytes());
            }
            full = true;
            writeProblem = "The spool is full (option spoolMaxSize)";
        } else if (writeProblem != null) {
            LOG.info("The spool takes events again");
            full = false;
            writeProblem = null;
        }
    }

    private void writeFailed(IOException e) {
        if (closed) {
            // an exchange that a forced stop has cut off: it comes again in the next life
            return;
        }
        errors.increment();
        if (writeProblem == null) {
            LOG.error("The spool takes no events, so that the route gets them without a net: {}", e.getMessage(), e);
        }
        full = false;
        writeProblem = e.getMessage();
    }

    /** The route is done with an event. */
    void remove(String lane, long position) {
        try {
            store.remove(lane, position);
            if (full) {
                schedule();
            }
        } catch (IOException e) {
            // it comes back after the next start, with the mark of redelivery
            writeFailed(e);
        }
        if (flushing.compareAndSet(false, true)) {
            limits.timers().schedule(() -> queue(this::flush), FLUSH_MILLIS);
        }
    }

    private void flush() {
        flushing.set(false);
        try {
            store.flush();
        } catch (IOException e) {
            writeFailed(e);
        }
    }

    /** As {@link EventQueue#timersLost}. */
    void timersLost() {
        flushing.set(false);
        schedule();
    }

    // ---- what lanes tell

    /** The disk does not give what was kept. */
    void readFailed(IOException e) {
        errors.increment();
        if (readProblem == null) {
            LOG.error("The spool cannot be read; what is in it waits: {}", e.getMessage(), e);
        }
        readProblem = e.getMessage();
    }

    void readable() {
        readProblem = null;
    }

    /** What was kept is no event. */
    void unreadable(String lane, IOException e) {
        unreadable.increment();
        LOG.error("An event of session {} in the spool cannot be understood and is passed over: {}", lane, e.getMessage());
    }

    /** The route gets an event that is not in the spool. */
    void passedBy() {
        passedBy.increment();
    }

    void routeFailed() {
        routeFailures.increment();
    }

    // ---- for those who look

    /** Whether nothing can be written now. */
    boolean isFailing() {
        return writeProblem != null;
    }

    /** What is wrong, {@code null} if nothing is. */
    String complaint() {
        return readProblem != null ? readProblem : writeProblem;
    }

    long size() {
        return store.size();
    }

    long bytes() {
        return store.bytes();
    }

    /** Events routed without a net, as the disk failed. */
    long unspooled() {
        return passedBy.sum();
    }

    /** Events that were lost in the spool, as they could not be understood. */
    long lost() {
        return unreadable.sum();
    }

    /** Errors of the disk. */
    long errors() {
        return errors.sum();
    }

    /** How often the route failed an event that was kept. */
    long routeFailures() {
        return routeFailures.sum();
    }

    /** Once nothing is written or polled any more. What is left in it is there for the next life. */
    @Override
    public void close() {
        closed = true;
        try {
            store.close();
        } catch (IOException e) {
            LOG.warn("{}; what is in it may be routed again after the next start", e.getMessage(), e);
        }
    }
}
