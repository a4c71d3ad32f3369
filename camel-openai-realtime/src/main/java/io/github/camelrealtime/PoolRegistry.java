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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import io.github.camelrealtime.session.SessionPool;

/**
 * Who works with a session name how: operation {@code transcribe} has a session to itself, so other producers cannot
 * share its name, and all its producers share one pool.
 */
final class PoolRegistry {

    private static final class Use {
        final String by;
        final SessionPool pool;
        int users;

        Use(String by, SessionPool pool) {
            this.by = by;
            this.pool = pool;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Use> byName = new HashMap<>();

    /** A producer that transcribes begins to use the name. */
    SessionPool acquire(String name, int size, String by, Supplier<SessionPool> factory) {
        lock.lock();
        try {
            Use use = byName.get(name);
            if (use != null && use.pool == null) {
                throw conflict(name, use.by, by);
            }
            if (use == null) {
                use = new Use(by, factory.get());
                byName.put(name, use);
            } else if (use.pool.size() != size) {
                throw new IllegalArgumentException("Session " + name + ": option poolSize is set differently by two endpoints: "
                                                   + use.by + " and " + by);
            }
            use.users++;
            return use.pool;
        } finally {
            lock.unlock();
        }
    }

    /** A producer that shares the session begins to use the name. */
    void share(String name, String by) {
        lock.lock();
        try {
            Use use = byName.computeIfAbsent(name, key -> new Use(by, null));
            if (use.pool != null) {
                throw conflict(name, use.by, by);
            }
            use.users++;
        } finally {
            lock.unlock();
        }
    }

    private static IllegalArgumentException conflict(String name, String first, String second) {
        return new IllegalArgumentException("Session " + name + ": operation transcribe has a session to itself, but " + first
                                            + " and " + second + " name the same session; give them different names");
    }

    /** The component stops: nobody uses a name any more. */
    void clear() {
        List<SessionPool> all = new ArrayList<>();
        lock.lock();
        try {
            byName.values().forEach(use -> {
                if (use.pool != null) {
                    all.add(use.pool);
                }
            });
            byName.clear();
        } finally {
            lock.unlock();
        }
        all.forEach(SessionPool::close);
    }

    /** The pools there are now, by name. */
    Map<String, SessionPool> pools() {
        lock.lock();
        try {
            Map<String, SessionPool> pools = new TreeMap<>();
            byName.forEach((name, use) -> {
                if (use.pool != null) {
                    pools.put(name, use.pool);
                }
            });
            return pools;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a session of this name is lent by a pool, be it the pool's only one or a member. */
    boolean isLent(String sessionName) {
        int mark = sessionName.lastIndexOf('#');
        lock.lock();
        try {
            Use use = byName.get(sessionName);
            Use pool = mark < 0 ? null : byName.get(sessionName.substring(0, mark));
            return use != null && use.pool != null || pool != null && pool.pool != null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A producer is done with the name.
     *
     * @return done when the pool is closed, if it was the last
     */
    CompletableFuture<Void> release(String name) {
        SessionPool last = null;
        lock.lock();
        try {
            Use use = byName.get(name);
            if (use != null && --use.users == 0) {
                byName.remove(name);
                last = use.pool;
            }
        } finally {
            lock.unlock();
        }
        return last == null ? CompletableFuture.completedFuture(null) : last.close();
    }
}
