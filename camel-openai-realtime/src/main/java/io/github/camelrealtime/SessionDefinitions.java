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

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.camel.util.StringHelper;

/**
 * What is said about sessions, and by whom. A session is declared once; whoever says something else about the same
 * option of the same session fails, with both named.
 */
final class SessionDefinitions {

    private record Said(Object value, String by, int times) {
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Map<String, Said>> bySession = new HashMap<>();

    /**
     * Says something about a session. May be said again by others, and is taken back once by each.
     *
     * @param  options                  session options by name
     * @param  by                       the endpoint, without secrets
     * @return                          whether anything is new
     * @throws IllegalArgumentException if somebody said otherwise
     */
    boolean declare(String session, Map<String, Object> options, String by) {
        lock.lock();
        try {
            Map<String, Said> said = bySession.computeIfAbsent(key(session), name -> new LinkedHashMap<>());
            options.forEach((option, value) -> check(session, option, value, said.get(option), by));
            boolean news = !said.keySet().containsAll(options.keySet());
            options.forEach((option, value) -> said.merge(
                    option, new Said(value, by, 1), (before, now) -> new Said(before.value(), before.by(), before.times() + 1)));
            return news;
        } finally {
            lock.unlock();
        }
    }

    /**
     * As {@link #declare}, but says nothing.
     *
     * @throws IllegalArgumentException if somebody said otherwise
     */
    void requireAgreement(String session, Map<String, Object> options, String by) {
        if (options.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            Map<String, Said> said = bySession.getOrDefault(key(session), Map.of());
            options.forEach((option, value) -> check(session, option, value, said.get(option), by));
        } finally {
            lock.unlock();
        }
    }

    private static void check(String session, String option, Object value, Said before, String by) {
        if (before != null && !Objects.equals(String.valueOf(before.value()), String.valueOf(value))) {
            throw new IllegalArgumentException(
                    "Session " + session + ": option " + option + " is set differently by two endpoints: " + before.by() + " and "
                                               + by + ". Set it on one of them, or once for the session by "
                                               + "camel.component.openai-realtime.sessions." + session + "." + option);
        }
    }

    /** Camel Main makes {@code sessions.callCenter.model} of {@code sessions.call-center.model}: both mean call-center. */
    private static String key(String session) {
        return StringHelper.dashToCamelCase(session);
    }

    void withdraw(String session, Map<String, Object> options) {
        lock.lock();
        try {
            Map<String, Said> said = bySession.get(key(session));
            if (said == null) {
                return;
            }
            options.keySet().forEach(option -> said.computeIfPresent(option, (name, before) -> before.times() == 1
                    ? null : new Said(before.value(), before.by(), before.times() - 1)));
            if (said.isEmpty()) {
                bySession.remove(key(session));
            }
        } finally {
            lock.unlock();
        }
    }

    /** All that is said about a session. */
    Map<String, Object> of(String session) {
        lock.lock();
        try {
            Map<String, Object> options = new LinkedHashMap<>();
            bySession.getOrDefault(key(session), Map.of()).forEach((option, said) -> options.put(option, said.value()));
            return options;
        } finally {
            lock.unlock();
        }
    }
}
