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


/**
 * When a session is dialled again, and how often: attempts per outage, growing intervals, and a budget of reconnects for
 * as long as the session exists. A connection that does not last counts as a setback like one that is not made, so that a
 * service which accepts and closes for ever is asked less and less, and in the end no more.
 *
 * <p>Not thread-safe: the lock of {@link ConnectionState} guards it.
 */
final class Redial {

    /** In place of a Retry-After: the next attempt is made elsewhere, so there is nothing to wait for. */
    static final long AT_ONCE = Long.MIN_VALUE;

    private final SessionConfig.Backoff backoff;
    private final int budget;
    private final Timers timers;
    /** Of the present outage. */
    private int attempts;
    /** Failed attempts and short lives in a row. */
    private int setbacks;
    private int spent;
    private int reconnects;
    private long readyMillis;

    /** @param budget losses that are followed by a reconnect, 0 for none */
    Redial(SessionConfig.Backoff backoff, int budget, Timers timers) {
        this.timers = timers;
        this.backoff = backoff;
        this.budget = budget;
    }

    /** Somebody opens the session. The budget stays as it is. */
    void begin() {
        attempts = 0;
        setbacks = 0;
    }

    void dialling() {
        attempts++;
    }

    /** Number of the present attempt, from 1. */
    int attempts() {
        return attempts;
    }

    boolean mayTryAgain() {
        return attempts < backoff.maxAttempts();
    }

    /**
     * The attempt has failed: ms until the next.
     *
     * @param retryAfterMillis at least, or {@link #AT_ONCE}
     */
    long failed(long retryAfterMillis) {
        setbacks++;
        return retryAfterMillis == AT_ONCE ? 0 : delay(retryAfterMillis);
    }

    private long delay(long atLeast) {
        return Math.max(backoff.delayMillis(setbacks, timers.spread()), atLeast);
    }

    /** The session takes audio. */
    void ready(long nowMillis, boolean again) {
        readyMillis = nowMillis;
        if (again) {
            reconnects++;
        }
    }

    /**
     * A connection that was ready is lost. An expiry after a long life costs nothing of the budget, as every session of the
     * service comes to it; nor does a restart.
     *
     * @param  standby whether another connection is being made or stands already
     * @return         whether another may take its place
     */
    boolean lost(Outage.Kind kind, long nowMillis, boolean standby) {
        attempts = 0;
        if (kind == Outage.Kind.RESTART) {
            setbacks = 0;
            return true;
        }
        boolean lasting = nowMillis - readyMillis >= backoff.maxIntervalMillis();
        setbacks = lasting ? 1 : setbacks + 1;
        if (kind == Outage.Kind.EXPIRED && lasting && (budget > 0 || standby)) {
            return true;
        }
        if (budget == 0) {
            return false;
        }
        if (spent == budget) {
            return false;
        }
        spent++;
        return true;
    }

    /** Another connection has taken the place of one that still stood, which costs nothing. */
    void followed(long nowMillis) {
        readyMillis = nowMillis;
        setbacks = 0;
    }

    /** The ms until the first attempt after a loss. */
    long delayAfterLoss(Outage.Kind kind) {
        // nothing is wrong with the service
        return kind == Outage.Kind.RESTART || kind == Outage.Kind.EXPIRED && setbacks <= 1 ? 0 : delay(0);
    }

    boolean isSpent() {
        return budget > 0 && spent == budget;
    }

    int budget() {
        return budget;
    }

    /** How often the session was ready anew, restarts included. */
    int reconnects() {
        return reconnects;
    }
}
