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

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.camelrealtime.simulator.SimulatorClock.Cancellable;

/** Timed work of one session: started by the clock, done on the session's lane. */
final class LaneTimer {

    private final SimulatorClock clock;
    private final SerialLane lane;
    private final boolean settles;
    private final Set<Entry> pending = ConcurrentHashMap.newKeySet();

    /** @param settles whether the clock waits for what it has begun */
    LaneTimer(SimulatorClock clock, SerialLane lane, boolean settles) {
        this.clock = clock;
        this.lane = lane;
        this.settles = settles;
    }

    long millis() {
        return clock.millis();
    }

    /** No delay at all still goes through the lane, so that what the client has sent meanwhile gets its turn. */
    Cancellable schedule(Duration delay, Runnable task) {
        Entry entry = new Entry(task);
        pending.add(entry);
        if (delay.isZero()) {
            lane.execute(entry);
        } else {
            entry.timer = clock.schedule(delay.toMillis(), () -> handOver(entry));
        }
        return entry;
    }

    void cancelAll() {
        pending.forEach(Entry::cancel);
    }

    private void handOver(Entry entry) {
        if (settles) {
            // virtual time moves on when this returns: let the session schedule its next step first
            lane.executeAndSettle(entry);
        } else {
            lane.execute(entry);
        }
    }

    private final class Entry implements Runnable, Cancellable {

        private final Runnable task;
        private volatile Cancellable timer;

        private Entry(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            // whoever takes it out of the set, runner or canceller, decides
            if (pending.remove(this)) {
                task.run();
            }
        }

        @Override
        public void cancel() {
            Cancellable started = timer;
            if (pending.remove(this) && started != null) {
                started.cancel();
            }
        }
    }
}
