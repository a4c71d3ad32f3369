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

import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way in: tells the parts of a session of each event, in a fixed order: life cycle, what becomes owed, input buffer,
 * responses, refusals, subscriptions, what is owed no longer. So when a subscription hears of an event, whoever waited for it
 * has been told; only who waits to close the session comes after it.
 *
 * <p>Called by the reader thread of the present connection. Short, in memory, no I/O.
 */
final class EventIntake {

    private static final Logger LOG = LoggerFactory.getLogger(EventIntake.class);

    private final String name;
    private final SessionParts parts;
    private final LongAdder malformed = new LongAdder();
    private volatile String fatalError;

    /** @param parts still being built: it is not touched before the first event */
    EventIntake(String name, SessionParts parts) {
        this.name = name;
        this.parts = parts;
    }

    /** The session is ready: what was fatal before is no longer. */
    void ready() {
        fatalError = null;
    }

    /** Code of the last error after which nothing fares better; {@code null} if there was none since the session was ready. */
    String fatalError() {
        return fatalError;
    }

    /** Frames that could not be read. */
    long malformed() {
        return malformed.sum();
    }

    void onMalformed(Epoch epoch, String what) {
        malformed.increment();
        LOG.debug("Session {}: unreadable frame: {}", name, what);
        if (parts.state.isCurrent(epoch)) {
            ObjectNode members = JsonNodeFactory.instance.objectNode();
            members.put("reason", what);
            parts.fanOut.deliverLocal(epoch, LocalEvents.ERROR_MALFORMED, members);
        }
    }

    void onEvent(Epoch epoch, ServerEvent event) {
        epoch.gate.enter();
        try {
            if (parts.state.isCurrent(epoch)) {
                take(epoch, event);
            }
        } finally {
            epoch.gate.leave();
        }
    }

    private void take(Epoch epoch, ServerEvent event) {
        long now = parts.timers.millis();
        parts.pulse.heard(now);
        if (EventTypes.RESPONSE_OUTPUT_AUDIO_DELTA.equals(event.getType())) {
            // the hot path: no other part has a use for it
            long end = parts.conversation.onAudio(epoch.number, event, now);
            if (end != Conversation.UNWANTED) {
                parts.fanOut.deliverVoice(epoch, event, end);
            }
            return;
        }
        Runnable acknowledged = parts.acknowledgements.take(event);
        Replay replay = epoch.replay;
        if (replay != null && replay.onEvent(event)) {
            // these items are new to nobody but the service
            acknowledged.run();
            return;
        }
        epoch.effective.onEvent(event);
        parts.connection.onEvent(epoch, event);
        parts.turn.onEvent(event);
        parts.rateLimits.onEvent(event);
        parts.owed.begin(event);
        parts.mirror.onEvent(epoch.number, event);
        parts.inbox.onEvent(epoch.number, event);
        boolean wanted = parts.conversation.onEvent(epoch.number, event);
        acknowledged.run();
        if (wanted && (!EventTypes.ERROR.equals(event.getType()) || !onError(epoch, event))) {
            parts.fanOut.deliver(epoch, event, parts.conversation.playback().endOf(event));
        }
        parts.contextWatch.onEvent(event);
        if (EventTypes.RESPONSE_DONE.equals(event.getType()) && !parts.state.isCurrent(epoch)) {
            // an answer that was still being given when the next connection was told of the conversation
            parts.life.correctContext();
        }
        if (EventTypes.INPUT_AUDIO_BUFFER_SPEECH_STARTED.equals(event.getType())) {
            parts.conversation.speechStarted(event);
        }
        // last: whoever waited for it may close the session on this very thread
        parts.owed.settle(event);
    }

    /** Returns whether the error has found its addressee and is not to be passed on. */
    private boolean onError(Epoch epoch, ServerEvent event) {
        JsonNode error = event.getJson().path("error");
        String type = error.path("type").asText(null);
        String code = error.path("code").asText(null);
        String message = error.path("message").asText(null);
        String param = error.path("param").asText(null);
        String eventId = error.path("event_id").asText(null);
        RequestRefusedException refused = new RequestRefusedException(name, type, code, message, param, eventId);
        ErrorClass kind = parts.errors.ofEvent(type, code, message);
        if (kind == ErrorClass.FATAL) {
            // whoever it is about: nothing that is asked from now on will fare better
            fatalError = code;
        }
        if (parts.connection.isConfiguring(epoch)) {
            parts.connection.configurationRefused(epoch, kind, refused);
            return false;
        }
        Predicate<RequestRefusedException> addressee = parts.refusals.take(eventId, code, param, message);
        if (addressee != null && addressee.test(refused)) {
            return true;
        }
        if (kind == ErrorClass.BENIGN) {
            LOG.debug("Session {}: {}, a lost race without consequence", name, code);
            return true;
        }
        LOG.debug("Session {}: the service reports {} {}", name, type, code);
        return false;
    }
}
