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
package io.github.camelrealtime.simulator;

/**
 * The simulator's only source of time. Frame times, delays, expiry and the pace of replies come from here, so that a
 * {@link VirtualClock} makes a run repeatable to the millisecond.
 */
public interface SimulatorClock {

    /** Milliseconds since the Unix epoch. Any thread. */
    long millis();

    /**
     * Runs a task once, on a thread of the clock.
     *
     * @param delayMillis from now, 0 or more
     * @param task        short; it must not block
     */
    Cancellable schedule(long delayMillis, Runnable task);

    /** The computer's clock. */
    static SimulatorClock system() {
        return SystemClock.INSTANCE;
    }

    /** A task that has been scheduled. */
    @FunctionalInterface
    interface Cancellable {

        /** Drops the task if it has not begun; does nothing otherwise. Any thread. */
        void cancel();
    }
}
