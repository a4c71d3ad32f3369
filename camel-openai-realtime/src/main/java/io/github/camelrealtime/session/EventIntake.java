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

import java.util.function.Predicate;

import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.LogText;
import io.github.camelrealtime.event.MalformedEventException;
import io.github.camelrealtime.event.ServerEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way in: tells the parts of a session of each event, in a fixed order: life cycle, what becomes owed, input buffer,
 * responses, refusals, subscriptions, what is owed no longer. So when a subscription hears of an event, whoever waited for it
 * has been told; only who waits to close the session comes after it. What one part fails on is told to the others all the
 * same, and is never the end of the connection.
 *
 * <p>Called by the reader thread of the present connection. Short, in memory, no I/O.
 */
final class EventIntake {

    private static final Logger LOG = LoggerFactory.getLogger(EventIntake.class);

    private static final Runnable NOBODY = () -> {
    };

    private final String name;
    private final SessionParts parts;
    private final BadInput badInput;
    private volatile String fatalError;

    /** @param parts still being built: it is not touched before the first event */
    EventIntake(String name, SessionParts parts) {
        this.name = name;
        this.parts = parts;
        this.badInput = new BadInput(name, parts);
    }

    /** The session is ready: what was fatal before is no longer. */
    void ready() {
        fatalError = null;
    }

    /** Code of the last error after which nothing fares better; {@code null} if there was none since the session was ready. */
    String fatalError() {
        return fatalError;
    }

    /** What the service sent that was of no use. */
    BadInput badInput() {
        return badInput;
    }

    void onMalformed(Epoch epoch, MalformedEventException.Kind kind, String what) {
        epoch.gate.enter();
        try {
            badInput.unreadable(epoch, kind, what);
        } finally {
            leave(epoch, BadInput.NO_EVENT);
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
        } catch (RuntimeException | StackOverflowError defect) {
            badInput.failed(epoch, event.getType(), "the way in", defect);
        } finally {
            leave(epoch, event.getType());
        }
    }

    /** What has waited for the event is run here, and it may fail as well. */
    private void leave(Epoch epoch, String eventType) {
        try {
            epoch.gate.leave();
        } catch (RuntimeException | StackOverflowError defect) {
            badInput.failed(epoch, eventType, "what waited for the event", defect);
        }
    }

    /** A connection that is not the present one yet: what it says is about itself. */
    private void takeOfStandby(Epoch epoch, ServerEvent event) {
        Containment contained = begin(epoch, event);
        Replay replay = epoch.replay();
        if (replay != null && contained.ask("replay", false, () -> replay.onEvent(event))) {
            return;
        }
        contained.tell("effective session", () -> epoch.effective.onEvent(event));
        switch (event.getType()) {
            case EventTypes.SESSION_CREATED, EventTypes.SESSION_UPDATED -> {
                epoch.hold(event);
                contained.tell("connection", () -> parts.connection.onEvent(epoch, event));
            }
            case EventTypes.ERROR -> contained.tell("errors", () -> onErrorBeside(epoch, event));
            default -> {
                // about what the connection was told, which is no news to anybody
            }
        }
    }

    private Containment begin(Epoch epoch, ServerEvent event) {
        if (event.getFlaw() != null) {
            badInput.flawed(epoch, event);
        }
        return new Containment(badInput, epoch, event);
    }

    /**
     * An old connection, by which nothing is sent any more: what it owes still comes. The parts know it by its ids; what is only
     * known by its order belongs to the present connection.
     */
    private void takeOfDraining(Epoch epoch, ServerEvent event) {
        epoch.heardMillis = parts.timers.elapsedMillis();
        if (EventTypes.RESPONSE_OUTPUT_AUDIO_DELTA.equals(event.getType())) {
            takeVoice(epoch, event, epoch.heardMillis);
            return;
        }
        Containment contained = begin(epoch, event);
        contained.tell("effective session", () -> epoch.effective.onEvent(event));
        // updates are answered in order
        Runnable acknowledged = event.getType().startsWith("session.") ? NOBODY
                : contained.ask("acknowledgements", NOBODY, () -> parts.acknowledgements.take(event));
        contained.tell("mirror", () -> parts.mirror.onEvent(epoch.number, event));
        contained.tell("owed transcripts", () -> parts.owed.begin(event));
        contained.tell("input", () -> parts.inbox.onEvent(epoch.number, event));
        boolean wanted = contained.ask("conversation", true, () -> parts.conversation.onEventElsewhere(epoch, event));
        contained.tell("acknowledgements", acknowledged);
        if (wanted && (!EventTypes.ERROR.equals(event.getType())
                || !contained.ask("errors", false, () -> onErrorBeside(epoch, event)))) {
            contained.tell("subscriptions",
                    () -> parts.fanOut.deliver(epoch, event, parts.conversation.playback().endOf(event)));
        }
        if (EventTypes.RESPONSE_DONE.equals(event.getType())) {
            // an answer that was still being given when the next connection was told of the conversation
            contained.tell("mirror", parts.life::correctContext);
        }
        contained.tell("owed transcripts", () -> parts.owed.settle(event));
        contained.tell("epoch", () -> epoch.dues.onEvent(event, parts.life.transcribesInput()));
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
        long now = parts.timers.elapsedMillis();
        parts.pulse.heard(parts.timers.millis(), now);
        if (EventTypes.RESPONSE_OUTPUT_AUDIO_DELTA.equals(event.getType())) {
            takeVoice(epoch, event, now);
            return;
        }
        Containment contained = begin(epoch, event);
        Runnable acknowledged = contained.ask("acknowledgements", NOBODY, () -> parts.acknowledgements.take(event));
        Replay replay = epoch.replay();
        if (replay != null && contained.ask("replay", false, () -> replay.onEvent(event))) {
            // these items are new to nobody but the service
            contained.tell("acknowledgements", acknowledged);
            return;
        }
        contained.tell("effective session", () -> epoch.effective.onEvent(event));
        contained.tell("connection", () -> parts.connection.onEvent(epoch, event));
        contained.tell("turn", () -> parts.turn.onEvent(event));
        contained.tell("rate limits", () -> parts.rateLimits.onEvent(event));
        contained.tell("owed transcripts", () -> parts.owed.begin(event));
        contained.tell("mirror", () -> parts.mirror.onEvent(epoch.number, event));
        contained.tell("input", () -> parts.inbox.onEvent(epoch.number, event));
        boolean wanted = contained.ask("conversation", true, () -> parts.conversation.onEvent(epoch.number, event));
        contained.tell("acknowledgements", acknowledged);
        if (wanted && (!EventTypes.ERROR.equals(event.getType())
                || !contained.ask("errors", false, () -> onError(epoch, event)))) {
            contained.tell("subscriptions",
                    () -> parts.fanOut.deliver(epoch, event, parts.conversation.playback().endOf(event)));
        }
        contained.tell("context watch", () -> parts.contextWatch.onEvent(event));
        if (EventTypes.INPUT_AUDIO_BUFFER_SPEECH_STARTED.equals(event.getType())) {
            contained.tell("interruption", () -> parts.conversation.speechStarted(event));
        }
        contained.tell("epoch", () -> epoch.dues.onEvent(event, parts.life.transcribesInput()));
        // last: whoever waited for it may close the session on this very thread
        contained.tell("owed transcripts", () -> parts.owed.settle(event));
        contained.tell("rollover", parts.rollover::lookIfWaiting);
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
            LOG.debug("Session {}: {}, a lost race without consequence", name, LogText.of(code));
            return true;
        }
        LOG.debug("Session {}: the service reports {} {}", name, LogText.of(error.type()), LogText.of(code));
        return false;
    }
}
