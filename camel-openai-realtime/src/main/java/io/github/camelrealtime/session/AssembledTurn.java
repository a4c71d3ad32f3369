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
import java.util.TreeSet;

/**
 * One turn that is not over: the user's words, the responses they caused, and what it still waits for. Not thread-safe; used
 * under the lock of {@link TurnAssembler}.
 */
final class AssembledTurn {

    /** What a turn waits for, in the order in which that is looked at. */
    enum Wait {
        /** The user's speech has begun and is not committed. */
        SPEECH,
        /** The user's words have no final transcript. */
        TRANSCRIPT,
        /** A response runs. */
        RESPONSE,
        /** Functions were called and have not answered. */
        TOOLS,
        /** No response has begun: to the user's words, or to what the functions answered. */
        ANSWER,
        /** What the model said has not been heard to its end, and may yet be interrupted. */
        PLAYBACK,
        /** It is over. */
        NOTHING
    }

    final long number;
    /** From 1: a response that nobody's words caused is a further part of the turn before it. */
    final int part;
    /** The service's id of the session in which it began, and of the one it came to last. */
    final String sessionId;
    String lastSessionId;
    final TreeSet<Integer> epochs = new TreeSet<>();
    final Map<String, TurnWords> words = new LinkedHashMap<>();
    final Map<String, TurnResponse> responses = new LinkedHashMap<>();
    Long speechStartMillis;
    /** Why it did not come to its own end; {@code null} if it did. */
    String reason;

    /** What is waited for now, with the timer for it. */
    Wait waiting;
    Timers.Cancellable timer = Timers.Cancellable.NOTHING;
    long alarm;

    /** The user has gone on: nothing more will be asked about these words. */
    private boolean superseded;
    private boolean heardOut;
    private boolean ended;

    AssembledTurn(long number, int part, String sessionId) {
        this.number = number;
        this.part = part;
        this.sessionId = sessionId;
        this.lastSessionId = sessionId;
    }

    /** An event of it has come by this epoch. */
    void by(SessionEvent event) {
        epochs.add(event.epoch());
        if (event.epoch() == epochs.last()) {
            lastSessionId = event.sessionId();
        }
    }

    Wait waitsFor() {
        if (words.values().stream().anyMatch(TurnWords::isSpeaking)) {
            return Wait.SPEECH;
        }
        if (words.values().stream().anyMatch(TurnWords::isOwed)) {
            return Wait.TRANSCRIPT;
        }
        if (responses.values().stream().anyMatch(TurnResponse::isRunning)) {
            return Wait.RESPONSE;
        }
        if (!superseded) {
            if (responses.values().stream().anyMatch(TurnResponse::awaitsTools)) {
                return Wait.TOOLS;
            }
            TurnResponse last = last();
            if (last == null || last.hasCalls()) {
                return Wait.ANSWER;
            }
        }
        boolean spoken = responses.values().stream().anyMatch(response -> response.firstAudio != null);
        return spoken && !heardOut ? Wait.PLAYBACK : Wait.NOTHING;
    }

    private TurnResponse last() {
        List<TurnResponse> all = new ArrayList<>(responses.values());
        return all.isEmpty() ? null : all.get(all.size() - 1);
    }

    boolean isEmpty() {
        return words.isEmpty() && responses.isEmpty();
    }

    /** The user's words; what the connection before had begun to hear of them is replaced. */
    TurnWords words(String itemId, int epoch) {
        TurnWords known = words.get(itemId);
        if (known != null) {
            return known;
        }
        words.values().removeIf(before -> before.isLost() && before.epoch < epoch);
        TurnWords begun = new TurnWords(itemId, epoch);
        words.put(itemId, begun);
        return begun;
    }

    void supersede() {
        superseded = true;
        forgetSpeech();
    }

    /** What was begun and never committed was no speech. */
    void forgetSpeech() {
        words.values().removeIf(TurnWords::isSpeaking);
    }

    void heardOut() {
        heardOut = true;
    }

    void answered(String callId) {
        for (TurnResponse response : responses.values()) {
            if (response.answered(callId)) {
                return;
            }
        }
    }

    /**
     * A connection is gone. What the user said before any response began is given to the next one again, and what was asked
     * and not begun is asked again; a response that ran is not.
     *
     * @return whether the turn ends with it
     */
    boolean cut(int epoch, String why) {
        boolean answering = responses.values().stream()
                .anyMatch(response -> response.epoch == epoch && response.isRunning());
        List<TurnWords> gone = words.values().stream()
                .filter(spoken -> spoken.epoch == epoch && !spoken.isSettled()).toList();
        if (answering || !gone.isEmpty() && !responses.isEmpty()) {
            end(why);
            return true;
        }
        gone.forEach(TurnWords::lost);
        return false;
    }

    /** Whether it was ended before its time. */
    boolean isEnded() {
        return ended;
    }

    /** Something did not come in time. */
    void late() {
        reason = TurnAssembler.TIMEOUT;
    }

    /** No transcript has come in time, or the lost words were not said again. */
    void giveUpTranscripts() {
        for (TurnWords spoken : words.values()) {
            if (spoken.isOwed()) {
                reason = spoken.isLost() ? TurnAssembler.RECONNECTING : TurnAssembler.TIMEOUT;
                spoken.settle(spoken.isLost() ? "lost" : "missing");
            }
        }
    }

    /** It ends before its time. */
    void end(String why) {
        ended = true;
        if (reason == null) {
            reason = why;
        }
        words.values().forEach(spoken -> spoken.settle("lost"));
        responses.values().forEach(response -> response.lost(why));
    }

    /** It is over; whether that is its own end is settled here. */
    void over() {
        if (reason != null) {
            return;
        }
        TurnResponse last = last();
        if (last == null) {
            reason = "unanswered";
        } else if (last.hasCalls()) {
            reason = "superseded";
        }
    }
}
