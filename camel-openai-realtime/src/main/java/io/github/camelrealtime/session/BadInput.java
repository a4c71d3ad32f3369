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

import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.LogText;
import io.github.camelrealtime.event.MalformedEventException;
import io.github.camelrealtime.event.ServerEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the service sends and nobody can use, and what this component itself fails on: counted, told to the subscriptions, and
 * logged once per kind, so that a peer that talks nonsense fills no disk. Says what is wrong and where, and quotes nothing of
 * it. Thread-safe.
 */
final class BadInput {

    private static final Logger LOG = LoggerFactory.getLogger(BadInput.class);
    /** Beyond it everything is of a kind that has been logged. */
    private static final int MOST_KINDS = 200;
    private static final int FRAMES_SHOWN = 12;

    /** In place of a type where there is no event. */
    static final String NO_EVENT = "an unreadable frame";

    private final String name;
    private final SessionParts parts;
    private final LongAdder unreadable = new LongAdder();
    private final LongAdder flawed = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final Set<String> noted = ConcurrentHashMap.newKeySet();

    /** @param parts still being built: it is not touched before the first frame */
    BadInput(String name, SessionParts parts) {
        this.name = name;
        this.parts = parts;
    }

    /** Frames that could not be read. */
    long unreadable() {
        return unreadable.sum();
    }

    /** Events with a member that counts as absent, as it is none of what it should be. */
    long flawed() {
        return flawed.sum();
    }

    /** How often this component failed on an event. */
    long failures() {
        return failures.sum();
    }

    void unreadable(Epoch epoch, MalformedEventException.Kind kind, String what) {
        unreadable.increment();
        String word = kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
        if (isNew(word)) {
            LOG.warn("Session {}: unreadable frame ({}): {}. Others of its kind are counted", name, word, what);
        }
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        members.put("kind", word);
        members.put("reason", what);
        announce(epoch, LocalEvents.ERROR_MALFORMED, members);
    }

    /** The event is of use all the same, and goes on. */
    void flawed(Epoch epoch, ServerEvent event) {
        flawed.increment();
        // of a known type, so this is a name of ours
        String type = event.getType();
        if (isNew(type)) {
            LOG.warn("Session {}: odd event {}: {}, so that it counts as absent. Others of this type are counted",
                    name, type, event.getFlaw());
        }
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        members.put("kind", "odd-member");
        members.put("reason", event.getFlaw());
        members.put("event_type", type);
        announce(epoch, LocalEvents.ERROR_MALFORMED, members);
    }

    /** @param part whose defect it is */
    void failed(Epoch epoch, String eventType, String part, Throwable defect) {
        failures.increment();
        String what = defect.getClass().getName();
        if (isNew(part + " " + what)) {
            // its message may quote the event
            LOG.error("Session {}: a defect of this component, {} in {} on {}; the session goes on. Please report:{}",
                    name, what, part, LogText.of(eventType), frames(defect));
        }
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        members.put("reason", what);
        members.put("part", part);
        members.put("event_type", eventType);
        try {
            announce(epoch, LocalEvents.ERROR_INTERNAL, members);
        } catch (RuntimeException again) {
            LOG.debug("Session {}: the defect could not be told of either: {}", name, again.getClass().getName());
        }
    }

    private boolean isNew(String kind) {
        return noted.size() < MOST_KINDS && noted.add(kind);
    }

    private static String frames(Throwable defect) {
        StringBuilder text = new StringBuilder();
        StackTraceElement[] trace = defect.getStackTrace();
        for (int i = 0; i < Math.min(trace.length, FRAMES_SHOWN); i++) {
            text.append(System.lineSeparator()).append("\tat ").append(trace[i]);
        }
        return text.toString();
    }

    private void announce(Epoch epoch, String type, ObjectNode members) {
        // a standby is no news to anybody
        if (parts.state.isCurrent(epoch) || parts.standbys.isDraining(epoch)) {
            parts.fanOut.deliverLocal(epoch, type, members);
        }
    }
}
