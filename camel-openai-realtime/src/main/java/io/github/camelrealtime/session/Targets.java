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
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where a session is dialled (ROLL-21): at its own place, and while that fails at the first of its fallbacks that does not. A
 * circuit for each of them:
 *
 * <pre>
 *           fallbackAttempts failed in a row, or one that no repetition helps (model_not_found, 401)
 * CLOSED ──────────────────────────────────────────────────────────────────────────────────────────▶ OPEN: passed over
 *   ▲ ready                                                                        failed: again     │    ▲
 *   └───────────────── HALF OPEN: dialled again when it is its turn ◀─────── fallbackCooldown ───────┘    │
 *                          └──────────────────────────────────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>If all are open, the one is dialled that has been so for longest. A connection that stands stays where it is: the first
 * choice is tried again with the next dial, be it a rollover or a reconnect. Thread-safe; the lock calls nobody.
 */
final class Targets {

    private static final class Circuit {
        final Target target;
        int failures;
        /** Until when it is passed over, by {@link Timers#elapsedMillis}; 0 if it is not. */
        long openUntil;

        Circuit(Target target) {
            this.target = target;
        }
    }

    private final int attempts;
    private final long cooldownMillis;
    private final Timers timers;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Circuit> circuits = new ArrayList<>();

    Targets(SessionConfig config, Timers timers) {
        this.attempts = config.fallback().attempts();
        this.cooldownMillis = config.fallback().cooldownMillis();
        this.timers = timers;
        circuits.add(new Circuit(config.target()));
        config.fallback().targets().forEach(target -> circuits.add(new Circuit(target)));
    }

    /** Where to dial now. */
    Target next() {
        lock.lock();
        try {
            return choice().target;
        } finally {
            lock.unlock();
        }
    }

    private Circuit choice() {
        long now = timers.elapsedMillis();
        Circuit choice = null;
        for (Circuit circuit : circuits) {
            if (circuit.openUntil <= now) {
                return circuit;
            }
            if (choice == null || circuit.openUntil < choice.openUntil) {
                choice = circuit;
            }
        }
        return choice;
    }

    /**
     * An attempt there has come to nothing.
     *
     * @param  fatal whether another attempt there would fare no better
     * @return       whether another place is to be tried at once
     */
    boolean failed(Target target, boolean fatal) {
        lock.lock();
        try {
            Circuit circuit = find(target);
            circuit.failures++;
            if (fatal || circuit.failures >= attempts) {
                circuit.openUntil = timers.elapsedMillis() + cooldownMillis;
                // when that is over, one failure is enough
                circuit.failures = attempts - 1;
            }
            Circuit next = choice();
            return next != circuit && next.openUntil <= timers.elapsedMillis();
        } finally {
            lock.unlock();
        }
    }

    /** The session is ready there. */
    void ready(Target target) {
        lock.lock();
        try {
            Circuit circuit = find(target);
            circuit.failures = 0;
            circuit.openUntil = 0;
        } finally {
            lock.unlock();
        }
    }

    private Circuit find(Target target) {
        return circuits.stream().filter(circuit -> circuit.target == target).findFirst().orElseThrow();
    }
}
