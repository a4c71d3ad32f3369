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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of one component by name. Who needs a session acquires it and releases it once; the last one out closes
 * it. Both happen under one lock, so that nobody can get hold of a session that is on its way out: its name is free
 * before it begins to close.
 *
 * <p>Sessions that were made for a name given by a message (dynamic ones) have no holder; they are closed on request,
 * when idle for too long, or with the registry.
 */
public final class SessionRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(SessionRegistry.class);
    private static final long SWEEP_DIVISOR = 4;
    private static final long MIN_SWEEP_MILLIS = 50;

    private static final class Holding {
        final RealtimeSession session;
        int holders;
        boolean dynamic;

        Holding(RealtimeSession session) {
            this.session = session;
        }
    }

    private record Listening(NamePattern pattern, Subscription subscription) {
    }

    private final Timers timers;
    private final int maxDynamic;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Holding> holdings = new LinkedHashMap<>();
    private final List<Listening> listeners = new ArrayList<>();
    private boolean stopped;

    /**
     * @param maxDynamic how many dynamic sessions may exist at once
     */
    public SessionRegistry(Timers timers, int maxDynamic) {
        this.timers = timers;
        this.maxDynamic = maxDynamic;
    }

    /**
     * Gets the session of this name, making it if need be, and holds it until {@link #release}. It is not opened.
     *
     * @param factory makes the session; called under the lock
     */
    public RealtimeSession acquire(String name, Function<String, RealtimeSession> factory) {
        lock.lock();
        try {
            Holding holding = holding(name, factory);
            holding.holders++;
            // whatever end of it had begun, it goes on
            holding.session.goOn();
            return holding.session;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets go of a session.
     *
     * @return done when the session is closed, at once if others hold it
     */
    public CompletableFuture<Void> release(RealtimeSession session) {
        lock.lock();
        try {
            Holding holding = holdings.get(session.name());
            if (holding == null || holding.session != session || holding.holders == 0) {
                return CompletableFuture.completedFuture(null);
            }
            holding.holders--;
            if (holding.holders > 0 || holding.dynamic) {
                return CompletableFuture.completedFuture(null);
            }
            holdings.remove(session.name());
        } finally {
            lock.unlock();
        }
        return session.retire();
    }

    /**
     * Takes a session out of use whoever holds it: its name is free for a fresh one, which those who subscribed by name
     * hear too. Letting go of the old one does nothing any more.
     *
     * @return done when the session is closed
     */
    CompletableFuture<Void> discard(RealtimeSession session) {
        lock.lock();
        try {
            Holding holding = holdings.get(session.name());
            if (holding != null && holding.session == session) {
                holdings.remove(session.name());
            }
        } finally {
            lock.unlock();
        }
        return session.retire();
    }

    /**
     * Gets the session of a name that came with a message. It is made if there is none, or if the one there was is lost,
     * within the bound on dynamic sessions. Lost ones do not count.
     *
     * @throws RealtimeException if there are too many
     */
    public RealtimeSession dynamic(String name, Function<String, RealtimeSession> factory) throws RealtimeException {
        lock.lock();
        try {
            // they stay until now so that their state tells what happened
            holdings.values().removeIf(
                    holding -> holding.dynamic && holding.holders == 0 && holding.session.state() == SessionState.FAILED);
            Holding existing = holdings.get(name);
            if (existing != null) {
                // so that it is not closed as idle before the caller gets to use it
                existing.session.touch();
                return existing.session;
            }
            long dynamic = holdings.values().stream().filter(holding -> holding.dynamic).count();
            if (dynamic >= maxDynamic) {
                throw new RealtimeException(
                        name, "Session " + name + " is not opened: " + maxDynamic
                              + " dynamic sessions exist already (component option maxSessions)");
            }
            Holding made = holding(name, factory);
            made.dynamic = true;
            watchIdle(made.session);
            return made.session;
        } finally {
            lock.unlock();
        }
    }

    /** Closes a session whoever holds it; holders keep the object and may open it again. Dynamic ones are forgotten. */
    public CompletableFuture<Void> close(String name) {
        RealtimeSession session;
        boolean forgotten;
        lock.lock();
        try {
            Holding holding = holdings.get(name);
            if (holding == null) {
                return CompletableFuture.completedFuture(null);
            }
            session = holding.session;
            forgotten = holding.holders == 0;
            if (forgotten) {
                holdings.remove(name);
            } else {
                holding.dynamic = false;
            }
        } finally {
            lock.unlock();
        }
        return forgotten ? session.retire() : session.close();
    }

    private Holding holding(String name, Function<String, RealtimeSession> factory) {
        if (stopped) {
            throw new IllegalStateException("The component is stopped: session " + name + " cannot be made");
        }
        Holding holding = holdings.get(name);
        if (holding == null) {
            holding = new Holding(factory.apply(name));
            holdings.put(name, holding);
            for (Listening listening : listeners) {
                if (listening.pattern().matches(name)) {
                    holding.session.subscribe(listening.subscription());
                }
            }
        }
        return holding;
    }

    private void watchIdle(RealtimeSession session) {
        long idle = session.config().timeouts().idle();
        if (idle > 0) {
            timers.schedule(() -> closeIfIdle(session), Math.max(idle / SWEEP_DIVISOR, MIN_SWEEP_MILLIS));
        }
    }

    private void closeIfIdle(RealtimeSession session) {
        boolean idle;
        lock.lock();
        try {
            Holding holding = holdings.get(session.name());
            if (holding == null || holding.session != session || !holding.dynamic) {
                return;
            }
            idle = holding.holders == 0
                    && timers.elapsedMillis() - session.lastUsedMillis() >= session.config().timeouts().idle();
            if (idle) {
                holdings.remove(session.name());
            }
        } finally {
            lock.unlock();
        }
        if (idle) {
            LOG.debug("Session {} is closed: nothing asked of it for {} ms", session.name(), session.config().timeouts().idle());
            session.retire();
        } else {
            watchIdle(session);
        }
    }

    /**
     * Begins to close all sessions, whoever holds them; none of them is opened again.
     *
     * @return done when those with a matching name are closed
     */
    public CompletableFuture<Void> end(NamePattern names) {
        List<RealtimeSession> all = sessions();
        Map<RealtimeSession, CompletableFuture<Void>> closed = new LinkedHashMap<>();
        all.forEach(session -> closed.put(session, session.retire()));
        return CompletableFuture.allOf(all.stream()
                .filter(session -> names.matches(session.name())).map(closed::get).toArray(CompletableFuture[]::new));
    }

    /** Subscribes to every session whose name matches, present and to come. */
    public void subscribe(NamePattern pattern, Subscription subscription) {
        lock.lock();
        try {
            listeners.add(new Listening(pattern, subscription));
            for (Map.Entry<String, Holding> entry : holdings.entrySet()) {
                if (pattern.matches(entry.getKey())) {
                    entry.getValue().session.subscribe(subscription);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    public void unsubscribe(Subscription subscription) {
        lock.lock();
        try {
            listeners.removeIf(listening -> listening.subscription() == subscription);
            holdings.values().forEach(holding -> holding.session.unsubscribe(subscription));
        } finally {
            lock.unlock();
        }
    }

    /** The session of this name, or {@code null}. */
    public RealtimeSession find(String name) {
        lock.lock();
        try {
            Holding holding = holdings.get(name);
            return holding == null ? null : holding.session;
        } finally {
            lock.unlock();
        }
    }

    /** How many hold the session of this name. */
    public int holders(String name) {
        lock.lock();
        try {
            Holding holding = holdings.get(name);
            return holding == null ? 0 : holding.holders;
        } finally {
            lock.unlock();
        }
    }

    /** All sessions there are now. */
    public List<RealtimeSession> sessions() {
        lock.lock();
        try {
            return holdings.values().stream().map(holding -> holding.session).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Allows sessions (again). */
    public void start() {
        lock.lock();
        try {
            stopped = false;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Closes all sessions and makes no more until {@link #start}.
     *
     * @return done when all are closed
     */
    public CompletableFuture<Void> stop() {
        List<RealtimeSession> all;
        lock.lock();
        try {
            stopped = true;
            all = holdings.values().stream().map(holding -> holding.session).toList();
            holdings.clear();
        } finally {
            lock.unlock();
        }
        return CompletableFuture.allOf(all.stream().map(RealtimeSession::retire).toArray(CompletableFuture[]::new));
    }
}
