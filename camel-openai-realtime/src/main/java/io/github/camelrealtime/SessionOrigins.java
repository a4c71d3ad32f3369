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
import java.util.Objects;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;

import io.github.camelrealtime.session.RealtimeSession;

/**
 * What was said of a session when it was made, and by whom. A message may name a session that is there already: then the
 * options of its endpoint come too late, and must not be passed over in silence.
 */
final class SessionOrigins {

    private record Origin(Map<String, Object> said, String by) {
    }

    private final ReentrantLock lock = new ReentrantLock();
    /** Sessions come and go without a word to us; their origin goes with them. */
    private final Map<RealtimeSession, Origin> bySession = new WeakHashMap<>();

    /**
     * @param said session options by name
     * @param by   the endpoint, without secrets
     */
    void put(RealtimeSession session, Map<String, Object> said, String by) {
        lock.lock();
        try {
            bySession.put(session, new Origin(Map.copyOf(said), by));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Holds what an endpoint says of a session against what that was made from.
     *
     * @throws IllegalArgumentException naming the option that is not as the endpoint says, and both endpoints
     */
    void requireAgreement(RealtimeSession session, Map<String, Object> said, String by) {
        if (said.isEmpty()) {
            return;
        }
        Origin origin = find(session);
        if (origin == null) {
            return;
        }
        said.forEach((option, value) -> {
            Object before = origin.said().get(option);
            if (before == null || !Objects.equals(before.toString(), String.valueOf(value))) {
                throw new IllegalArgumentException(
                        "Session " + session.name() + ": option " + option + " of " + by + " comes too late, the session was opened "
                                                   + (before == null ? "without it" : "with another value") + " by " + origin.by()
                                                   + ". Set it there, or give sessions with other options other names");
            }
        });
    }

    private Origin find(RealtimeSession session) {
        lock.lock();
        try {
            return bySession.get(session);
        } finally {
            lock.unlock();
        }
    }
}
