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
 * Finds out that a connection which stands carries nothing: the service owes an answer and says nothing at all (CONN-8), or
 * takes nothing of what is sent (CONN-9). Pings do not find that, as the machine that answers them is another. Silence
 * owes nothing, nor does an idle session.
 *
 * <p>It looks a few times per time-out instead of keeping a timer for each thing owed, so it costs the audio path nothing,
 * and finds out up to a quarter of the time-out late. One per epoch.
 *
 * <p>Thread-safe by its timer: looks follow one another.
 */
final class LivenessWatch {

    private static final int LOOKS = 4;
    /** As much loud audio between two looks is taken for speech, in ms. */
    private static final long SPEECH_MILLIS = 1000;
    /** As long the service may take to find the end of a turn, beyond the silence that it waits for, in ms. */
    private static final long MARGIN_MILLIS = 1000;

    /** What the watch looks at. Called on a timer thread. */
    interface Vitals {

        /** When anything last came, by {@link Timers#elapsedMillis}; {@link Long#MIN_VALUE} = never. */
        long heardMillis();

        /** What has been asked and not been answered, in words; {@code null} for nothing. */
        String owed();

        /** What was given to a service that ends the turns; {@code null} where it does not. */
        ServerTurns given();

        OpenTurn turn();

        Outbox outbox();
    }

    /** Whom the watch tells, once. */
    interface Listener {

        /**
         * The service owes this, and says nothing.
         *
         * @param heardOnly whether it is only that audio should have been heard
         */
        void silent(String owed, boolean heardOnly);

        /** As many bytes wait, and nothing is taken. */
        void stuck(long queuedBytes);
    }

    private final Timers timers;
    private final SessionConfig.Liveness limits;
    private final Vitals vitals;
    private final Listener listener;
    private final long periodMillis;
    private volatile boolean stopped;
    private volatile Timers.Cancellable next = Timers.Cancellable.NOTHING;
    private long quietSince;
    private long lastEvent;
    private long loudThen;
    private boolean spokenTo;
    private long carried;
    private long movedMillis;

    LivenessWatch(SessionConfig.Liveness limits, Vitals vitals, Listener listener, Timers timers) {
        this.limits = limits;
        this.vitals = vitals;
        this.listener = listener;
        this.timers = timers;
        long shortest = limits.silence() == 0 ? limits.send()
                : limits.send() == 0 ? limits.silence() : Math.min(limits.silence(), limits.send());
        this.periodMillis = shortest == 0 ? 0 : Math.max(1, shortest / LOOKS);
    }

    void start() {
        if (periodMillis > 0) {
            quietSince = timers.elapsedMillis();
            movedMillis = quietSince;
            again();
        }
    }

    void stop() {
        stopped = true;
        next.cancel();
    }

    private void again() {
        next = timers.schedule(this::look, periodMillis);
        if (stopped) {
            next.cancel();
        }
    }

    private void look() {
        if (stopped) {
            return;
        }
        long now = timers.elapsedMillis();
        long queued = vitals.outbox().transportBytes();
        if (isStuck(now, queued)) {
            stopped = true;
            listener.stuck(queued);
            return;
        }
        String owed = vitals.owed();
        String unheard = limits.silence() == 0 ? null : unheard();
        if (owed == null && unheard == null) {
            quietSince = now;
        }
        quietSince = Math.max(quietSince, vitals.heardMillis());
        if (limits.silence() > 0 && now - quietSince >= limits.silence()) {
            stopped = true;
            listener.silent(owed == null ? unheard : owed, owed == null);
            return;
        }
        again();
    }

    private boolean isStuck(long now, long queued) {
        long carriedNow = vitals.outbox().carried();
        if (queued <= Outbox.MARK_BYTES || carriedNow != carried) {
            carried = carriedNow;
            movedMillis = now;
        }
        return limits.send() > 0 && now - movedMillis >= limits.send();
    }

    /** What the service should have heard since it last said anything; {@code null} if there is nothing. */
    private String unheard() {
        ServerTurns given = vitals.given();
        if (given == null || !vitals.turn().hears()) {
            return null;
        }
        if (vitals.heardMillis() != lastEvent) {
            lastEvent = vitals.heardMillis();
            spokenTo = false;
        }
        long loud = given.loudMillis();
        long unheard = given.loudUnheardMillis();
        spokenTo |= Math.min(loud - loudThen, unheard) >= SPEECH_MILLIS;
        loudThen = loud;
        if (vitals.turn().isOpen()) {
            // long speech is no reason for the service to say anything; a pause in it is, also when the speaker goes on after it
            long pause = unheard == 0 ? given.unheardMillis() : given.quietUnheardMillis();
            return pause > given.silenceMillis() + MARGIN_MILLIS ? "the end of a turn" : null;
        }
        return spokenTo ? "an answer to audio as loud as speech" : null;
    }
}
