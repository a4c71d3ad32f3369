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
 * Listens to connections that others have taken the place of, until they have said what they owe, {@code drainTimeout} is over,
 * or they are gone; then they are closed. Nothing is sent by them. Thread-safe.
 */
final class Draining {

    private final SessionConfig config;
    private final RolloverOwner owner;
    private final StandbyState standbys;
    private final Dialler dialler;
    private final Timers timers;

    Draining(SessionConfig config, RolloverOwner owner, StandbyState standbys, Dialler dialler, Timers timers) {
        this.config = config;
        this.owner = owner;
        this.standbys = standbys;
        this.dialler = dialler;
        this.timers = timers;
    }

    /** Another connection has just taken its place. */
    void begin(Epoch old) {
        // nobody waits for it, as nobody does at a stop: what it owes has the time that it always has
        long patience = Math.max(config.timeouts().drain(), config.timeouts().transcript());
        old.leaveTimer = timers.schedule(() -> over(old, true), patience);
        old.dues.settled().whenComplete((nothing, problem) -> over(old, true));
    }

    /** Returns whether it was being drained. */
    private boolean over(Epoch old, boolean alive) {
        if (!standbys.drained(old)) {
            return false;
        }
        old.leaveTimer.cancel();
        old.unwatch();
        old.gate.afterPresentEvent(() -> owner.drained(old, alive));
        if (alive) {
            dialler.hangUp(old);
        }
        return true;
    }

    /** It stands, and does not say what it owes. */
    void silent(Epoch old) {
        if (over(old, false)) {
            Dialler.abort(old);
        }
    }

    /**
     * The service has closed a connection, or it broke.
     *
     * @return whether it is an old one
     */
    boolean ended(Epoch epoch) {
        if (standbys.left(epoch)) {
            epoch.leaveTimer.cancel();
            return true;
        }
        return over(epoch, false);
    }

    /** The session is gone: nobody listens to old connections any more. */
    void abandon() {
        for (Epoch old : standbys.takeDraining()) {
            Dialler.abort(old);
            old.gate.afterPresentEvent(() -> owner.abandoned(old));
        }
        standbys.takeLeaving().forEach(Dialler::abort);
    }
}
