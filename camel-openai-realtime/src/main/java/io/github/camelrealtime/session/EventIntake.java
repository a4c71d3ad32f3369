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

    private static final Runnable NOBODY = () -> {
    };

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
        if (parts.state.isCurrent(epoch) || parts.standbys.isDraining(epoch)) {
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
            } else if (parts.standbys.isStandby(epoch)) {
                takeOfStandby(epoch, event);
            } else if (parts.standbys.isDraining(epoch)) {
                takeOfDraining(epoch, event);
            }
        } finally {
            epoch.gate.leave();
        }
    }

    /** A connection that is not the present one yet: what it says is about itself. */
    private void takeOfStandby(Epoch epoch, ServerEvent event) {
        Replay replay = epoch.replay();
        if (replay != null && replay.onEvent(event)) {
            return;
        }
        epoch.effective.onEvent(event);
        switch (event.getType()) {
            case EventTypes.SESSION_CREATED, EventTypes.SESSION_UPDATED -> {
                epoch.hold(event);
                parts.connection.onEvent(epoch, event);
            }
            case EventTypes.ERROR -> onErrorBeside(epoch, event);
            default -> {
                // about what the connection was told, which is no news to anybody
            }
        }
    }

    /**
     * An old connection, by which nothing is sent any more: what it owes still comes. The parts know it by its ids; what is only
     * known by its order belongs to the present connection.
     */
    private void takeOfDraining(Epoch epoch, ServerEvent event) {
        epoch.heardMillis = parts.timers.millis();
        if (EventTypes.RESPONSE_OUTPUT_AUDIO_DELTA.equals(event.getType())) {
            takeVoice(epoch, event, parts.timers.millis());
            return;
        }
        epoch.effective.onEvent(event);
        // updates are answered in order
        Runnable acknowledged = event.getType().startsWith("session.") ? NOBODY : parts.acknowledgements.take(event);
        parts.mirror.onEvent(epoch.number, event);
        parts.owed.begin(event);
        parts.inbox.onEvent(epoch.number, event);
        boolean wanted = parts.conversation.onEventElsewhere(epoch, event);
        acknowledged.run();
        if (wanted && (!EventTypes.ERROR.equals(event.getType()) || !onErrorBeside(epoch, event))) {
            parts.fanOut.deliver(epoch, event, parts.conversation.playback().endOf(event));
        }
        if (EventTypes.RESPONSE_DONE.equals(event.getType())) {
            // an answer that was still being given when the next connection was told of the conversation
            parts.life.correctContext();
        }
        parts.owed.settle(event);
        epoch.dues.onEvent(event, parts.life.transcribesInput());
    }

    /** As {@link #onError}, on a connection that is not the present one: only who is named can be meant. */
    private boolean onErrorBeside(Epoch epoch, ServerEvent event) {
        ErrorMembers error = ErrorMembers.of(event);
        ErrorClass kind = parts.errors.ofEvent(error.type(), error.code(), error.message());
        if (kind == ErrorClass.EXPIRED) {
            parts.connection.expired(epoch, error.message());
            return true;
        }
        if (parts.standbys.isStandby(epoch)) {
            if (parts.connection.isAboutConfiguration(epoch)) {
                parts.connection.configurationRefused(epoch, kind, error.refusal(name));
            }
            return true;
        }
        Predicate<RequestRefusedException> addressee = error.eventId() == null ? null : parts.refusals.take(
                error.eventId(), error.code(), error.param(), error.message());
        return addressee != null && addressee.test(error.refusal(name)) || kind == ErrorClass.BENIGN;
    }

    private void take(Epoch epoch, ServerEvent event) {
        long now = parts.timers.millis();
        parts.pulse.heard(now);
        if (EventTypes.RESPONSE_OUTPUT_AUDIO_DELTA.equals(event.getType())) {
            takeVoice(epoch, event, now);
            return;
        }
        Runnable acknowledged = parts.acknowledgements.take(event);
        Replay replay = epoch.replay();
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
        if (EventTypes.INPUT_AUDIO_BUFFER_SPEECH_STARTED.equals(event.getType())) {
            parts.conversation.speechStarted(event);
        }
        epoch.dues.onEvent(event, parts.life.transcribesInput());
        // last: whoever waited for it may close the session on this very thread
        parts.owed.settle(event);
        if (parts.rollover.isWaiting()) {
            parts.rollover.look();
        }
    }

    /** The hot path: no other part has a use for it. */
    private void takeVoice(Epoch epoch, ServerEvent event, long now) {
        long end = parts.conversation.onAudio(epoch.number, event, now);
        if (end != Conversation.UNWANTED) {
            parts.fanOut.deliverVoice(epoch, event, end);
        }
    }

    /** Returns whether the error has found its addressee and is not to be passed on. */
    private boolean onError(Epoch epoch, ServerEvent event) {
        ErrorMembers error = ErrorMembers.of(event);
        String code = error.code();
        ErrorClass kind = parts.errors.ofEvent(error.type(), code, error.message());
        if (kind == ErrorClass.FATAL) {
            // whoever it is about: nothing that is asked from now on will fare better
            fatalError = code;
        }
        if (parts.connection.isAboutConfiguration(epoch)) {
            parts.connection.configurationRefused(epoch, kind, error.refusal(name));
            return false;
        }
        if (kind == ErrorClass.EXPIRED) {
            parts.connection.expired(epoch, error.message());
            return false;
        }
        Predicate<RequestRefusedException> addressee
                = parts.refusals.take(error.eventId(), code, error.param(), error.message());
        if (addressee != null && addressee.test(error.refusal(name))) {
            return true;
        }
        if (kind == ErrorClass.BENIGN) {
            LOG.debug("Session {}: {}, a lost race without consequence", name, code);
            return true;
        }
        LOG.debug("Session {}: the service reports {} {}", name, error.type(), code);
        return false;
    }
}
