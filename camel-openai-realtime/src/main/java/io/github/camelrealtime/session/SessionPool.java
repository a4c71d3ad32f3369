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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Sessions that one exchange at a time has to itself. With one member it is the named session itself; with n they are
 * {@code name#1} to {@code name#n}. Members are made and opened when first needed, lent to those who wait in order of
 * their coming, and retired one by one when they are lost: the place is then taken by a fresh one.
 */
public final class SessionPool {

    /** A member is not lent when the service is going to end it within this many ms. */
    private static final long MIN_LIFE_MILLIS = 5 * 60 * 1000;

    private static final class Waiter {
        final CompletableFuture<RealtimeSession> lease = new CompletableFuture<>();
        Timers.Cancellable timer = Timers.Cancellable.NOTHING;
    }

    /** @param loss fails when the member is lost while it is free */
    private record Free(RealtimeSession member, CompletableFuture<Void> loss) {
    }

    private final String name;
    private final SessionRegistry registry;
    private final Function<String, RealtimeSession> factory;
    private final Timers timers;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<String> freeNames = new ArrayDeque<>();
    private final Deque<Free> freeMembers = new ArrayDeque<>();
    private final List<RealtimeSession> members = new ArrayList<>();
    private final int size;
    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private boolean closed;
    /** Why the last member that was to be lent could not be opened; {@code null} if it was. */
    private volatile Throwable openFailure;

    /**
     * @param size    number of members, at least 1
     * @param factory makes a member of the given name
     */
    public SessionPool(String name, int size, SessionRegistry registry, Function<String, RealtimeSession> factory,
                       Timers timers) {
        this.name = name;
        this.registry = registry;
        this.factory = factory;
        this.timers = timers;
        this.size = size;
        if (size == 1) {
            freeNames.add(name);
        }
        for (int i = 1; size > 1 && i <= size; i++) {
            freeNames.add(name + "#" + i);
        }
    }

    /**
     * Lends a member.
     *
     * @param  timeoutMillis how long to wait for one, 0 = for ever
     * @return               done with a session that is ready; fails with {@link TimedOutException}, or if no session can be
     *                       opened
     */
    public CompletableFuture<RealtimeSession> lease(long timeoutMillis) {
        Waiter waiter = new Waiter();
        lock.lock();
        try {
            if (closed) {
                return CompletableFuture.failedFuture(new SessionClosedException(name, "Pool " + name + " is closed"));
            }
            waiters.add(waiter);
            if (timeoutMillis > 0) {
                waiter.timer = timers.schedule(() -> timeOut(waiter, timeoutMillis), timeoutMillis);
            }
        } finally {
            lock.unlock();
        }
        serve();
        return waiter.lease;
    }

    private void timeOut(Waiter waiter, long timeoutMillis) {
        boolean waiting;
        lock.lock();
        try {
            waiting = waiters.remove(waiter);
        } finally {
            lock.unlock();
        }
        if (waiting) {
            waiter.lease.completeExceptionally(new TimedOutException(
                    "Pool " + name + ": no session free within " + timeoutMillis + " ms (options poolSize, poolWaitTimeout)",
                    timeoutMillis));
        }
    }

    private void serve() {
        while (true) {
            Waiter waiter = null;
            RealtimeSession member = null;
            RealtimeSession aged = null;
            Free free = null;
            RuntimeException stopped = null;
            lock.lock();
            try {
                if (waiters.isEmpty() || freeMembers.isEmpty() && freeNames.isEmpty()) {
                    return;
                }
                free = freeMembers.poll();
                member = free == null ? make() : free.member();
                if (member.state() == SessionState.READY && !isUsable(member)) {
                    // it grew too old while nobody needed it
                    aged = member;
                } else {
                    waiter = waiters.poll();
                }
            } catch (RuntimeException e) {
                stopped = e;
            } finally {
                lock.unlock();
            }
            if (free != null) {
                // nobody listens any more: whoever gets it finds out
                free.loss().complete(null);
            }
            if (stopped != null) {
                // the registry makes no more sessions, or none can be made like this: put nobody off for ever
                failWaiters(stopped);
                return;
            }
            if (aged != null) {
                retire(aged);
            } else {
                lend(member, waiter);
            }
        }
    }

    private void lend(RealtimeSession member, Waiter waiter) {
        waiter.timer.cancel();
        member.open().whenComplete((nothing, failure) -> {
            openFailure = failure;
            if (failure == null) {
                waiter.lease.complete(member);
            } else {
                retire(member);
                waiter.lease.completeExceptionally(failure);
                serve();
            }
        });
    }

    private RealtimeSession make() {
        RealtimeSession member = registry.acquire(freeNames.peek(), factory);
        freeNames.poll();
        members.add(member);
        return member;
    }

    /**
     * Takes a member back. It is lent again when nothing of the last recording is left in it; if that does not come about, or
     * if it is lost or soon will be, a fresh one takes its place.
     */
    public void giveBack(RealtimeSession member) {
        if (!isUsable(member)) {
            retire(member);
            serve();
            return;
        }
        member.tidy().thenAccept(tidy -> {
            if (tidy && isUsable(member)) {
                free(member);
            } else {
                retire(member);
            }
            serve();
        });
    }

    private boolean isUsable(RealtimeSession member) {
        long expires = member.status().expiresAtMillis();
        return member.state() == SessionState.READY && (expires == 0 || expires - timers.millis() > MIN_LIFE_MILLIS);
    }

    private void free(RealtimeSession member) {
        Free free = new Free(member, new CompletableFuture<>());
        lock.lock();
        try {
            if (closed) {
                return;
            }
            freeMembers.add(free);
        } finally {
            lock.unlock();
        }
        free.loss().whenComplete((nothing, loss) -> {
            if (loss != null) {
                lostWhileFree(free);
            }
        });
        member.onLoss(free.loss());
    }

    /** The service ends every session some day; nobody is hurt by the end of one that is free. */
    private void lostWhileFree(Free free) {
        boolean wasFree;
        lock.lock();
        try {
            wasFree = freeMembers.remove(free);
        } finally {
            lock.unlock();
        }
        if (wasFree) {
            retire(free.member());
            serve();
        }
    }

    private void retire(RealtimeSession member) {
        boolean known;
        lock.lock();
        try {
            known = members.remove(member);
        } finally {
            lock.unlock();
        }
        if (!known) {
            return;
        }
        // first, so that whoever takes the name next does not find the old session under it; a consumer may hold it too
        registry.discard(member);
        lock.lock();
        try {
            freeNames.add(member.name());
        } finally {
            lock.unlock();
        }
    }

    private void failWaiters(Exception reason) {
        List<Waiter> failed;
        lock.lock();
        try {
            failed = new ArrayList<>(waiters);
            waiters.clear();
        } finally {
            lock.unlock();
        }
        for (Waiter waiter : failed) {
            waiter.timer.cancel();
            waiter.lease.completeExceptionally(reason);
        }
    }

    /** Lends nothing more, fails those who wait, and closes the members in good order. */
    public CompletableFuture<Void> close() {
        List<RealtimeSession> all;
        lock.lock();
        try {
            closed = true;
            all = new ArrayList<>(members);
            members.clear();
            freeMembers.clear();
        } finally {
            lock.unlock();
        }
        failWaiters(new SessionClosedException(name, "Pool " + name + " is closed"));
        return CompletableFuture.allOf(all.stream().map(registry::release).toArray(CompletableFuture[]::new));
    }

    /** Why no session could be opened when one was last needed; {@code null} if one was, or none has been needed. */
    public Throwable openFailure() {
        return openFailure;
    }

    /** How many members there may be. */
    public int size() {
        return size;
    }

    /** Members that are open and lent to nobody. */
    public int free() {
        lock.lock();
        try {
            return freeMembers.size();
        } finally {
            lock.unlock();
        }
    }

    /** Exchanges that wait for a member. */
    public int waiting() {
        lock.lock();
        try {
            return waiters.size();
        } finally {
            lock.unlock();
        }
    }

    /** Members that exist now. */
    public List<RealtimeSession> members() {
        lock.lock();
        try {
            return List.copyOf(members);
        } finally {
            lock.unlock();
        }
    }
}
