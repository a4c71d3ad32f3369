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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;

/**
 * Puts turns together (TRX-16): the user's words, the responses they caused, over calls of functions until the last answer, and
 * how long all that took. Each is told of once, as {@link LocalEvents#TURN_COMPLETED}, when the user's words are settled, the
 * responses done, and the voice heard to its end as far as anybody plays it, since until then the user may interrupt it.
 *
 * <p>To be told of an event after the subscriptions, so that a turn comes after what it is made of. Which turn an event
 * belongs to says its {@link EventContext}. Nothing is waited for without end: whatever is left out has its time, and then the
 * turn is told of as it is. Bounded in turns and in what is remembered of those that are over.
 *
 * <p>Thread-safe. Nothing is given out under the lock.
 */
final class TurnAssembler {

    static final String TIMEOUT = "timeout";
    static final String RECONNECTING = "reconnecting";

    /** Turns that are not over; beyond, the eldest is told of as it is. */
    private static final int MOST = 100;
    /** Items, responses and turns remembered, so that none is told of twice. */
    private static final int MAX_KNOWN = 2000;
    /** Items of the user's in one turn, and as many responses; what is beyond is no part of it. */
    private static final int MOST_PARTS = 200;
    /** For speech, responses and functions to come to their end, in ms: longer than any is allowed to take. */
    private static final long LONG_MILLIS = 300_000;
    /** Others have the same time-out and are to be first, as what they say then is part of the turn; in ms. */
    private static final long GRACE_MILLIS = 1000;

    private final String sessionName;
    private final long transcriptMillis;
    private final BooleanSupplier transcribesInput;
    private final LongSupplier unheardMillis;
    private final Timers timers;
    private final Consumer<SessionEvent> out;

    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<Long, AssembledTurn> open = new TreeMap<>();
    private final Map<String, AssembledTurn> byItem = new HashMap<>();
    private final Map<String, AssembledTurn> byResponse = new HashMap<>();
    private final Map<String, Boolean> known = new BoundedMap<>(MAX_KNOWN);
    private final Map<Long, Integer> parts = new BoundedMap<>(MAX_KNOWN);
    private final Deque<SessionEvent> over = new ArrayDeque<>();
    /** How long the voice will be played, in ms, when the present event came. */
    private long unheard;
    /** Whose voice came last, so that the way of audio takes no lock. */
    private volatile String speaking;

    /**
     * @param transcriptMillis from a commit to its final transcript, and from a question to the beginning of its answer
     * @param transcribesInput whether committed audio gets a transcript now
     * @param unheardMillis    how long what the model has said will still be played; 0 if nobody plays it
     * @param out              gets the turns that are over
     */
    TurnAssembler(String sessionName, long transcriptMillis, BooleanSupplier transcribesInput, LongSupplier unheardMillis,
                  Timers timers, Consumer<SessionEvent> out) {
        this.sessionName = sessionName;
        this.transcriptMillis = transcriptMillis;
        this.transcribesInput = transcribesInput;
        this.unheardMillis = unheardMillis;
        this.timers = timers;
        this.out = out;
    }

    /** The hot path: a piece of the model's voice has come. */
    void onAudio(String responseId, long nowMillis) {
        if (responseId == null || responseId.equals(speaking)) {
            return;
        }
        speaking = responseId;
        lock.lock();
        try {
            TurnResponse response = response(responseId);
            if (response != null && response.firstAudio == null) {
                response.firstAudio = nowMillis;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Any other event, of the service or our own. */
    void onEvent(SessionEvent event) {
        if (event.event().getType().endsWith(EventTypes.DELTA_SUFFIX)) {
            says(event);
            return;
        }
        // asked before the lock, as the answer lies with others
        long nowUnheard = unheardMillis.getAsLong();
        lock.lock();
        try {
            unheard = nowUnheard;
            AssembledTurn turn = take(event);
            if (turn != null) {
                turn.by(event);
                advance(turn);
            }
        } finally {
            lock.unlock();
        }
        emit();
    }

    private void says(SessionEvent event) {
        lock.lock();
        try {
            TurnResponse response = response(event.event().getResponseId());
            if (response != null) {
                response.says(event.transcript(), event.receivedMillis());
            }
        } finally {
            lock.unlock();
        }
    }

    // ---- what events say

    /** Returns the turn that has changed, {@code null} if none has. */
    private AssembledTurn take(SessionEvent sessionEvent) {
        ServerEvent event = sessionEvent.event();
        return switch (event.getType()) {
            case EventTypes.INPUT_AUDIO_BUFFER_SPEECH_STARTED -> {
                AssembledTurn turn = begin(sessionEvent);
                yield with(turn, event, words -> words.speechStarted = sessionEvent.receivedMillis());
            }
            case EventTypes.INPUT_AUDIO_BUFFER_SPEECH_STOPPED ->
                with(byItem.get(event.getItemId()), event, words -> words.speechStopped = sessionEvent.receivedMillis());
            case EventTypes.INPUT_AUDIO_BUFFER_COMMITTED -> committed(sessionEvent);
            case EventTypes.CONVERSATION_ITEM_ADDED -> added(sessionEvent);
            case EventTypes.CONVERSATION_ITEM_DELETED ->
                with(byItem.get(event.getItemId()), event, words -> words.settle("deleted"));
            case EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_SEGMENT ->
                with(byItem.get(event.getItemId()), event, words -> words.spokenBy(event));
            case EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_COMPLETED ->
                with(begin(sessionEvent), event, words -> words.transcribed(sessionEvent, "final"));
            case EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_FAILED ->
                with(begin(sessionEvent), event, words -> words.transcribed(sessionEvent, "failed"));
            case LocalEvents.TRANSCRIPT_MISSING ->
                with(byItem.get(event.getItemId()), event, words -> {
                    byItem.get(event.getItemId()).late();
                    words.transcribed(sessionEvent, "missing");
                });
            case EventTypes.RESPONSE_CREATED -> responds(sessionEvent);
            case EventTypes.RESPONSE_DONE -> {
                TurnResponse response = response(event.getResponseId());
                if (response == null) {
                    yield null;
                }
                response.done(event.getJson().path("response"), sessionEvent.receivedMillis());
                yield byResponse.get(event.getResponseId());
            }
            case LocalEvents.TURN_INTERRUPTED -> {
                event.getJson().path("items").forEach(this::interrupted);
                yield null;
            }
            case LocalEvents.ASSISTANT_SPEAKING -> {
                List.copyOf(open.values()).forEach(this::advance);
                yield null;
            }
            default -> null;
        };
    }

    private static AssembledTurn with(AssembledTurn turn, ServerEvent event, Consumer<TurnWords> change) {
        TurnWords words = turn == null ? null : turn.words.get(event.getItemId());
        if (words == null) {
            return null;
        }
        change.accept(words);
        return turn;
    }

    /** The turn of the user's item; {@code null} if that is over. */
    private AssembledTurn begin(SessionEvent event) {
        String itemId = event.event().getItemId();
        AssembledTurn turn = byItem.get(itemId);
        if (turn == null && itemId != null && known.put(itemId, true) == null) {
            turn = turn(event);
            if (turn != null && turn.words.size() < MOST_PARTS) {
                turn.words(itemId, event.epoch());
                byItem.put(itemId, turn);
            }
        }
        return turn;
    }

    /** The open turn that the event belongs to, begun if there is none. */
    private AssembledTurn turn(SessionEvent event) {
        Turn place = event.context() == null ? null : event.context().turn();
        if (place == null) {
            return null;
        }
        AssembledTurn turn = open.get(place.number());
        if (turn == null) {
            turn = new AssembledTurn(place.number(), parts.merge(place.number(), 1, Integer::sum), event.sessionId());
            open.put(place.number(), turn);
            if (open.size() > MOST) {
                AssembledTurn eldest = open.firstEntry().getValue();
                eldest.end("overflow");
                finish(eldest);
            }
        }
        if (turn.speechStartMillis == null) {
            turn.speechStartMillis = place.speechStartMillis();
        }
        return turn;
    }

    private AssembledTurn committed(SessionEvent event) {
        AssembledTurn turn = begin(event);
        if (turn == null) {
            return null;
        }
        turn.waiting = null;
        given(turn);
        return with(turn, event.event(),
                words -> words.committed(event.receivedMillis(), transcribesInput.getAsBoolean()));
    }

    private AssembledTurn added(SessionEvent event) {
        JsonNode item = event.event().getJson().path("item");
        if ("user".equals(item.path("role").asText())) {
            AssembledTurn turn = begin(event);
            if (turn != null) {
                given(turn);
            }
            return with(turn, event.event(), words -> words.typed(item, event.receivedMillis()));
        }
        String callId = switch (item.path("type").asText()) {
            case "function_call_output" -> item.path("call_id").asText();
            case "mcp_approval_response" -> item.path("approval_request_id").asText();
            default -> null;
        };
        if (callId != null) {
            List.copyOf(open.values()).forEach(turn -> {
                turn.answered(callId);
                advance(turn);
            });
        }
        return null;
    }

    /** The model has these words: nobody will ask about those before. */
    private void given(AssembledTurn turn) {
        for (AssembledTurn before : List.copyOf(open.headMap(turn.number).values())) {
            before.supersede();
            if (before.isEmpty()) {
                forget(before);
            } else {
                advance(before);
            }
        }
    }

    private AssembledTurn responds(SessionEvent event) {
        String id = event.event().getResponseId();
        if (id == null || ResponseEvents.isOutOfBand(event.event()) || known.put(id, true) != null) {
            return null;
        }
        AssembledTurn turn = turn(event);
        if (turn != null && turn.responses.size() < MOST_PARTS) {
            turn.responses.put(id, new TurnResponse(id, event.epoch(), event.receivedMillis()));
            byResponse.put(id, turn);
        }
        return turn;
    }

    private void interrupted(JsonNode cut) {
        String responseId = cut.path("response_id").asText(null);
        TurnResponse response = response(responseId);
        if (response != null) {
            response.interrupted(cut);
            AssembledTurn turn = byResponse.get(responseId);
            turn.heardOut();
            advance(turn);
        }
    }

    private TurnResponse response(String responseId) {
        AssembledTurn turn = responseId == null ? null : byResponse.get(responseId);
        return turn == null ? null : turn.responses.get(responseId);
    }

    // ---- until a turn is over

    /** Something has changed: it is over, or waits for something, which has its time. */
    private void advance(AssembledTurn turn) {
        AssembledTurn.Wait wait = turn.waitsFor();
        if (wait == AssembledTurn.Wait.PLAYBACK && unheard <= 0) {
            turn.heardOut();
            wait = turn.waitsFor();
        }
        if (wait == AssembledTurn.Wait.NOTHING) {
            turn.over();
            finish(turn);
            return;
        }
        if (wait == turn.waiting) {
            return;
        }
        turn.waiting = wait;
        turn.timer.cancel();
        long alarm = ++turn.alarm;
        turn.timer = timers.schedule(() -> expired(turn, alarm), switch (wait) {
            case TRANSCRIPT, ANSWER -> transcriptMillis + GRACE_MILLIS;
            case PLAYBACK -> Math.min(unheard, LONG_MILLIS);
            default -> LONG_MILLIS;
        });
    }

    private void expired(AssembledTurn turn, long alarm) {
        long nowUnheard = unheardMillis.getAsLong();
        lock.lock();
        try {
            unheard = nowUnheard;
            if (open.get(turn.number) != turn || turn.alarm != alarm) {
                return;
            }
            switch (turn.waiting) {
                case SPEECH -> turn.forgetSpeech();
                case TRANSCRIPT -> turn.giveUpTranscripts();
                case PLAYBACK -> turn.heardOut();
                case ANSWER -> turn.end("unanswered");
                default -> turn.end(TIMEOUT);
            }
            if (turn.isEmpty()) {
                forget(turn);
            } else if (turn.isEnded()) {
                finish(turn);
            } else {
                advance(turn);
            }
        } finally {
            lock.unlock();
        }
        emit();
    }

    /** A connection is gone, and another takes its place. */
    void cut(int epoch, String reason) {
        lock.lock();
        try {
            unheard = 0;
            for (AssembledTurn turn : List.copyOf(open.values())) {
                if (turn.cut(epoch, reason)) {
                    finish(turn);
                } else {
                    // the outage takes its time
                    turn.waiting = null;
                    advance(turn);
                }
            }
        } finally {
            lock.unlock();
        }
        emit();
    }

    /** The session is over. */
    void end(String reason) {
        lock.lock();
        try {
            for (AssembledTurn turn : new ArrayList<>(open.values())) {
                if (turn.waitsFor() == AssembledTurn.Wait.PLAYBACK) {
                    turn.over();
                } else {
                    turn.end(reason);
                }
                finish(turn);
            }
        } finally {
            lock.unlock();
        }
        emit();
    }

    private void finish(AssembledTurn turn) {
        forget(turn);
        over.add(new SessionEvent(
                ServerEvent.local(LocalEvents.TURN_COMPLETED, TurnReport.of(sessionName, turn)), sessionName,
                turn.lastSessionId, turn.epochs.isEmpty() ? 0 : turn.epochs.last(), timers.millis(), null,
                EventContext.of(new Turn(turn.number, null, turn.speechStartMillis))));
    }

    private void forget(AssembledTurn turn) {
        turn.timer.cancel();
        open.remove(turn.number, turn);
        byItem.values().removeIf(other -> other == turn);
        byResponse.values().removeIf(other -> other == turn);
    }

    private void emit() {
        while (true) {
            SessionEvent next;
            lock.lock();
            try {
                next = over.poll();
            } finally {
                lock.unlock();
            }
            if (next == null) {
                return;
            }
            out.accept(next);
        }
    }
}
