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

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import io.github.camelrealtime.session.SessionEvent;
import io.github.camelrealtime.session.Timers;
import io.github.camelrealtime.spool.EventSpool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events of one session that are in the {@link ConsumerSpool} before the route gets them, and stay there until the route is
 * done with them. What the route has failed is given again, after a while and before anything else, so that order is kept.
 *
 * <pre>
 * offer ──▶ intake ──▶ unwritten ──▶ spool ────▶ current ──▶ route
 *          (bounded)    (a batch) └▶ passing ──▶    ▲ └─ failed: again, later
 *                             └── the disk fails ───┘
 * </pre>
 *
 * <p>Every event gets a position when it leaves the intake. In the spool and among those that pass by it (audio, and the end
 * of a session that nobody asked for) the lower position comes first; what is unwritten is above both. While the disk
 * fails, the route gets what is unwritten without a net: delivered is better than lost.
 *
 * <p>Offered to on the socket's thread, which never waits for a disk; written by the spool's thread; polled and settled by
 * one pump at a time, which reads the disk without holding the lock.
 */
final class SpooledLane implements EventQueue {

    private static final Logger LOG = LoggerFactory.getLogger(SpooledLane.class);
    private static final int BATCH = 200;

    /** @param kept whether it stays until the route is done with it; if not, it is given once */
    record Placed(long position, Numbered event, boolean kept) {
    }

    /**
     * What an earlier life of the consumer has left of a lane.
     *
     * @param entries  in the spool
     * @param position of the last
     * @param sequence number of the last
     */
    record Left(long entries, long position, long sequence) {

        /** @throws IOException if the spool cannot be read */
        static Left of(EventSpool store, String lane) throws IOException {
            EventSpool.Entry last = store.last(lane);
            long sequence = 0;
            try {
                sequence = SpooledEvents.read(last.content(), true).sequence();
            } catch (IOException unreadable) {
                LOG.debug("The last event of lane {} will be passed over", lane, unreadable);
            }
            return new Left(store.count(lane), last.position(), sequence);
        }
    }

    private final String name;
    private final ConsumerSpool spool;
    private final ConsumerSpool.Limits limits;
    private final Runnable wakeUp;
    private final EventLane intake;
    /** What stands up to here was left by an earlier life of the consumer. */
    private final long inherited;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Placed> unwritten = new ArrayDeque<>();
    private final PassingEvents passing;
    /** Of those that could not be written. */
    private long lost;
    private boolean writing;
    private long position;
    /** Entries in the spool that the route is not done with. */
    private long stored;
    /** Read ahead from the spool; touched by the pump only. */
    private Placed head;
    private Placed current;
    private boolean currentStored;
    private int failures;
    private boolean resting;
    private Timers.Cancellable alarm = Timers.Cancellable.NOTHING;
    private long settledPosition;
    private long lastSequence;

    /**
     * @param left   what is left of an earlier life, {@code null} if nothing is
     * @param wakeUp called when there may be something to poll; must be quick
     */
    SpooledLane(String name, ConsumerSpool spool, ConsumerSpool.Limits limits, Left left, Runnable wakeUp) {
        this.name = name;
        this.spool = spool;
        this.limits = limits;
        this.passing = new PassingEvents(limits);
        this.wakeUp = wakeUp;
        this.stored = left == null ? 0 : left.entries();
        this.inherited = left == null ? 0 : left.position();
        this.position = inherited;
        this.intake = new EventLane(
                limits.maxEvents(), limits.maxBytes(), limits.strategy(), left == null ? 0 : left.sequence());
    }

    // ---- in

    @Override
    public void offer(SessionEvent event) {
        intake.offer(event);
        spool.write(this);
    }

    @Override
    public void offerUnnumbered(SessionEvent event) {
        intake.offerUnnumbered(event);
        spool.write(this);
    }

    private boolean isKept(Numbered numbered) {
        return numbered.sequence() > 0 && (limits.audio() || !EventLane.isAudio(numbered.event()));
    }

    // ---- written by the spool's thread

    /** Begins to write; {@link #endWriting} comes next, on the same thread. */
    List<EventSpool.Entry> beginWriting() {
        List<Placed> batch;
        lock.lock();
        try {
            while (unwritten.size() < BATCH && takeIn()) {
                // until the batch is full, or nothing is left
            }
            writing = !unwritten.isEmpty();
            batch = List.copyOf(unwritten);
        } finally {
            lock.unlock();
        }
        // not under the lock, which the socket's thread may want
        List<EventSpool.Entry> entries = new ArrayList<>(batch.size());
        for (Placed placed : batch) {
            if (placed.kept()) {
                entries.add(new EventSpool.Entry(name, placed.position(), SpooledEvents.write(placed.event())));
            }
        }
        return entries;
    }

    private boolean takeIn() {
        Numbered next = intake.poll();
        if (next != null) {
            unwritten.add(new Placed(++position, next, isKept(next)));
        }
        return next != null;
    }

    /**
     * Ends what {@link #beginWriting} began.
     *
     * @param  written how many of its entries are in the spool
     * @return         whether there is more to write that has room
     */
    boolean endWriting(int written) {
        int left = written;
        boolean more;
        lock.lock();
        try {
            writing = false;
            for (Placed next = unwritten.peek(); next != null && (!next.kept() || left > 0); next = unwritten.peek()) {
                unwritten.poll();
                if (next.kept()) {
                    stored++;
                    left--;
                } else {
                    passing.add(next);
                }
            }
            more = unwritten.isEmpty() && !intake.isEmpty();
        } finally {
            lock.unlock();
        }
        wakeUp.run();
        return more;
    }

    // ---- out, by the pump

    @Override
    public Numbered poll() {
        if (isFailedBefore()) {
            return retried();
        }
        if (!readHead()) {
            return null;
        }
        lock.lock();
        try {
            Placed pass = passing.peek();
            if (head != null && (pass == null || head.position() < pass.position())) {
                take(head, true);
            } else if (pass != null) {
                take(passing.poll(), false);
            } else if (mayPassDisk() && (!unwritten.isEmpty() || takeIn())) {
                Placed next = unwritten.poll();
                if (next.kept()) {
                    spool.passedBy();
                }
                take(next, false);
            }
            return current == null ? null : numbered();
        } finally {
            lock.unlock();
        }
    }

    private boolean isFailedBefore() {
        lock.lock();
        try {
            return current != null;
        } finally {
            lock.unlock();
        }
    }

    private Numbered retried() {
        lock.lock();
        try {
            if (resting) {
                return null;
            }
            Numbered event = current.event();
            return new Numbered(event.event(), event.sequence(), event.dropped(), true);
        } finally {
            lock.unlock();
        }
    }

    private void take(Placed next, boolean fromSpool) {
        current = next;
        currentStored = fromSpool;
        failures = 0;
    }

    /** With what was dropped on any of the ways in: numbers are given without holes. */
    private Numbered numbered() {
        Numbered event = current.event();
        if (event.sequence() == 0) {
            return event;
        }
        long dropped = lastSequence == 0 ? event.dropped() : Math.max(0, event.sequence() - lastSequence - 1);
        lastSequence = event.sequence();
        current = new Placed(
                current.position(), new Numbered(event.event(), event.sequence(), dropped, event.redelivered()), current.kept());
        return current.event();
    }

    private boolean mayPassDisk() {
        return spool.isFailing() && !writing && stored == 0;
    }

    /** Returns whether the next stored event, if there is one, is known. What cannot be understood is passed over. */
    private boolean readHead() {
        while (head == null && hasStored()) {
            try {
                EventSpool.Entry entry = spool.store().next(name, settledPosition);
                if (entry == null) {
                    throw new IOException("An event that was kept is not there any more");
                }
                spool.readable();
                try {
                    head = new Placed(
                            entry.position(), SpooledEvents.read(entry.content(), entry.position() <= inherited), true);
                } catch (IOException unreadable) {
                    spool.unreadable(name, unreadable);
                    forget(entry.position());
                }
            } catch (IOException e) {
                spool.readFailed(e);
                rest(limits.retryMillis());
                return false;
            }
        }
        return true;
    }

    private boolean hasStored() {
        lock.lock();
        try {
            return stored > 0;
        } finally {
            lock.unlock();
        }
    }

    /** The route is done with an entry. */
    private void forget(long done) {
        lock.lock();
        try {
            stored--;
            settledPosition = done;
        } finally {
            lock.unlock();
        }
        spool.remove(name, done);
    }

    @Override
    public void settle(boolean delivered) {
        Placed done;
        boolean wasStored;
        lock.lock();
        try {
            done = current;
            if (!delivered && done.kept()) {
                failures++;
            } else {
                current = null;
                failures = 0;
            }
            wasStored = currentStored;
        } finally {
            lock.unlock();
        }
        if (delivered || !done.kept()) {
            if (wasStored) {
                head = null;
                forget(done.position());
            }
        } else {
            spool.routeFailed();
            rest(limits.delay(failures));
        }
    }

    private void rest(long millis) {
        lock.lock();
        try {
            resting = true;
            alarm = limits.timers().schedule(this::goOn, millis);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void timersLost() {
        goOn();
    }

    private void goOn() {
        lock.lock();
        try {
            resting = false;
        } finally {
            lock.unlock();
        }
        wakeUp.run();
    }

    // ---- for those who look

    @Override
    public boolean isReady() {
        lock.lock();
        try {
            return !resting && (current != null || stored > 0 || !passing.isEmpty()
                    || mayPassDisk() && (!unwritten.isEmpty() || !intake.isEmpty()));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isEmpty() {
        lock.lock();
        try {
            return current == null && stored == 0 && passing.isEmpty() && unwritten.isEmpty() && intake.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** The event in the route, which is kept too, does not wait unless it has failed. */
    @Override
    public int size() {
        lock.lock();
        try {
            long inRoute = current != null && currentStored && failures == 0 ? 1 : 0;
            return (int) Math.min(Integer.MAX_VALUE, stored - inRoute + passing.size() + unwritten.size() + intake.size());
        } finally {
            lock.unlock();
        }
    }

    /** Those whose turn may come while the consumer stops: none while the route fails. */
    @Override
    public int underway() {
        lock.lock();
        try {
            return resting ? 0 : size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean outlivesConsumer() {
        return true;
    }

    /** What is in the spool stays there; what is still to be written will be. */
    @Override
    public void clear() {
        lock.lock();
        try {
            alarm.cancel();
            passing.clear();
        } finally {
            lock.unlock();
        }
    }

    /** What could not be written is lost. */
    @Override
    public void abandon() {
        clear();
        lock.lock();
        try {
            alarm.cancel();
            if (current != null && !currentStored) {
                lost++;
            }
            lost += unwritten.stream().filter(placed -> placed.event().sequence() > 0).count();
            unwritten.clear();
        } finally {
            lock.unlock();
        }
        intake.clear();
    }

    @Override
    public boolean isOverrun() {
        lock.lock();
        try {
            return passing.isOverrun() || intake.isOverrun();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long dropped() {
        lock.lock();
        try {
            return lost + passing.dropped() + intake.dropped();
        } finally {
            lock.unlock();
        }
    }
}
