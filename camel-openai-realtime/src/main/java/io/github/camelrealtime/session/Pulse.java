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

/** What tells whether a session's connection lives: what came last, and what is owed. Thread-safe. */
final class Pulse implements LivenessWatch.Vitals {

    private final SessionConfig config;
    private final AudioInbox inbox;
    private final Acknowledgements acknowledgements;
    private final ResponseSequencer responses;
    private final OwedTranscripts transcripts;
    private final OpenTurn turn;
    private final Outbox outbox;
    private final StandbyState standbys;
    private volatile long lastEventMillis;
    private volatile long heardMillis = Long.MIN_VALUE;

    Pulse(
            SessionConfig config, AudioInbox inbox, Acknowledgements acknowledgements, ResponseSequencer responses,
            OwedTranscripts transcripts, OpenTurn turn, Outbox outbox, StandbyState standbys) {
        this.config = config;
        this.inbox = inbox;
        this.acknowledgements = acknowledgements;
        this.responses = responses;
        this.transcripts = transcripts;
        this.turn = turn;
        this.outbox = outbox;
        this.standbys = standbys;
    }

    /**
     * Anything has come.
     *
     * @param nowMillis     ms since 1970
     * @param elapsedMillis {@link Timers#elapsedMillis}
     */
    void heard(long nowMillis, long elapsedMillis) {
        lastEventMillis = nowMillis;
        heardMillis = elapsedMillis;
    }

    /** When anything last came, ms since 1970; 0 = never. */
    long lastEventMillis() {
        return lastEventMillis;
    }

    @Override
    public long heardMillis() {
        return heardMillis;
    }

    @Override
    public String owed() {
        if (acknowledgements.isUpdateOwed()) {
            return "the confirmation of a session.update";
        }
        if (inbox.dues().commits().isAwaited()) {
            return "the answer to a commit";
        }
        Epoch present = standbys.present();
        if (standbys.isAnyDraining() && present != null) {
            // of the rest it is not told apart which of the connections owes it
            return present.dues.owed();
        }
        if (responses.isAwaited()) {
            return "a response";
        }
        return config.transcribesInput() && transcripts.size() > 0 ? "a transcript" : null;
    }

    @Override
    public ServerTurns given() {
        return inbox.mode() == TurnMode.SERVER ? inbox.dues().turns() : null;
    }

    @Override
    public OpenTurn turn() {
        return turn;
    }

    @Override
    public Outbox outbox() {
        return outbox;
    }
}
