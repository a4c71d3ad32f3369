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
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.LogText;
import io.github.camelrealtime.event.ServerEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what it means that the service hears speech begin (INT-11 to INT-13).
 *
 * <p>If the service ends its response for that, the interruption is accepted, and what it sent and nobody has heard yet is our
 * task (trap T-15). If it does not, nothing happens, or the speech has to last for a while first
 * ({@link SessionConfig.Interrupts#minSpeechMillis}): the assistant goes on meanwhile, so that a cough costs nothing.
 *
 * <p>An interruption that nobody's words follow was none (trap T-55): if asked to, the model is told to go on.
 *
 * <p>Thread-safe. Nothing is sent and nobody told under the lock.
 */
final class SpeechInterruptions {

    private static final Logger LOG = LoggerFactory.getLogger(SpeechInterruptions.class);

    private final RealtimeSession session;
    private final ResponseSequencer responses;
    private final Playback playback;
    private final Interruption interruption;
    private final Timers timers;
    private final Consumer<ObjectNode> resume;
    private final LongAdder tooShort = new LongAdder();
    private final LongAdder mistaken = new LongAdder();

    private final ReentrantLock lock = new ReentrantLock();
    /** Whether the service ends its response when it begins to hear speech. */
    private volatile boolean byService;
    /** Runs while speech that may interrupt is too short yet. */
    private Timers.Cancellable brief = Timers.Cancellable.NOTHING;
    private boolean begun;
    /** Item of the speech that has interrupted and of which no word is known yet; {@code null} if there is none. */
    private volatile String wordless;
    private Timers.Cancellable silence = Timers.Cancellable.NOTHING;

    /** @param resume has the model go on; gets the members of {@link LocalEvents#TURN_RESUMED} */
    SpeechInterruptions(
            RealtimeSession session, ResponseSequencer responses, Playback playback, Interruption interruption, Timers timers,
            Consumer<ObjectNode> resume) {
        this.session = session;
        this.responses = responses;
        this.playback = playback;
        this.interruption = interruption;
        this.timers = timers;
        this.resume = resume;
        this.byService = session.config().turns() == TurnMode.SERVER && settings().minSpeechMillis() == 0;
    }

    private SessionConfig.Interrupts settings() {
        return session.config().talk().interrupts();
    }

    /** The session object that the service confirms. */
    void configured(JsonNode confirmed) {
        JsonNode turns = confirmed.path("audio").path("input").path("turn_detection");
        if (!turns.isMissingNode()) {
            byService = turns.isObject() && turns.path("interrupt_response").asBoolean(true);
        }
    }

    /** The service hears speech begin. After all others have been told. */
    void started(ServerEvent event) {
        forgetSilence();
        if (byService) {
            responses.interruptedByService();
            if (session.config().talk().autoTruncate() && playback.isPlayed()) {
                accepted(event, interruption.bySpeech());
            }
        } else if (settings().minSpeechMillis() > 0 && (playback.isSpeaking() || responses.isActive())) {
            lock.lock();
            try {
                brief.cancel();
                begun = true;
                brief = timers.schedule(() -> lasted(event), settings().minSpeechMillis());
            } finally {
                lock.unlock();
            }
        }
    }

    /** The speech has lasted long enough. On a timer thread. */
    private void lasted(ServerEvent event) {
        if (end()) {
            accepted(event, interruption.bySpeechHere());
        }
    }

    private boolean end() {
        lock.lock();
        try {
            boolean was = begun;
            begun = false;
            brief.cancel();
            return was;
        } finally {
            lock.unlock();
        }
    }

    private void accepted(ServerEvent event, boolean cut) {
        if (cut && settings().resumeMillis() > 0) {
            wordless = event.getItemId();
        }
    }

    /** Other events, on the reader thread. */
    void onEvent(ServerEvent event) {
        switch (event.getType()) {
            case EventTypes.INPUT_AUDIO_BUFFER_SPEECH_STOPPED -> stopped(event);
            case EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_DELTA -> words(event, event.getDelta(), false);
            case EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_COMPLETED -> words(event, event.getTranscript(), true);
            case EventTypes.RESPONSE_CREATED -> {
                if (!ResponseEvents.isOutOfBand(event)) {
                    // somebody has an answer to it
                    forgetSilence();
                }
            }
            default -> {
                // no concern of ours
            }
        }
    }

    private void stopped(ServerEvent event) {
        if (end()) {
            tooShort.increment();
            LOG.debug("Session {}: speech was too short to interrupt", session.name());
        }
        if (isWordless(event.getItemId())) {
            lock.lock();
            try {
                silence.cancel();
                silence = timers.schedule(() -> mistaken(event.getItemId()), settings().resumeMillis());
            } finally {
                lock.unlock();
            }
        }
    }

    private boolean isWordless(String itemId) {
        return wordless != null && wordless.equals(itemId);
    }

    private void words(ServerEvent event, String words, boolean all) {
        if (!isWordless(event.getItemId())) {
            return;
        }
        if (words != null && !words.isBlank()) {
            forgetSilence();
        } else if (all) {
            mistaken(event.getItemId());
        }
    }

    /** Nobody has said anything. */
    private void mistaken(String itemId) {
        lock.lock();
        try {
            if (!isWordless(itemId)) {
                return;
            }
            wordless = null;
            silence.cancel();
        } finally {
            lock.unlock();
        }
        mistaken.increment();
        LOG.debug("Session {}: nobody said anything in item {}, which interrupted; the model goes on", session.name(), LogText.of(itemId));
        resume.accept(JsonNodeFactory.instance.objectNode().put("item_id", itemId).put("reason", "no words"));
    }

    /** Somebody has done something about it, or the talk is another. */
    void forgetSilence() {
        if (wordless == null) {
            return;
        }
        lock.lock();
        try {
            wordless = null;
            silence.cancel();
        } finally {
            lock.unlock();
        }
    }

    /** The connection is gone. */
    void reset() {
        end();
        forgetSilence();
    }

    /** Speech that was too short to interrupt. */
    long tooShort() {
        return tooShort.sum();
    }

    /** Interruptions that were none. */
    long mistaken() {
        return mistaken.sum();
    }
}
