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
import java.util.HashMap;
import java.util.Map;

import io.github.camelrealtime.simulator.SimulatorClock.Cancellable;

/** Swaps pairs: what entered first of a pair leaves after the second has left, or when its time is up. */
final class OutOfOrder {

    private final LaneTimer timer;
    private final Duration atMost;
    private final Map<Integer, Waiting> waiting = new HashMap<>();
    private int entered;
    private int lastGone = -1;

    OutOfOrder(LaneTimer timer, Duration atMost) {
        this.timer = timer;
        this.atMost = atMost;
    }

    /** The place of something that will leave later. */
    int enter() {
        return entered++;
    }

    void leave(int place, Runnable work) {
        boolean first = place % 2 == 0;
        if (first && lastGone != place + 1) {
            Cancellable timeout = timer.schedule(atMost, () -> free(place));
            waiting.put(place, new Waiting(work, timeout));
            return;
        }
        work.run();
        lastGone = place;
        if (!first) {
            free(place - 1);
        }
    }

    private void free(int place) {
        Waiting held = waiting.remove(place);
        if (held != null) {
            held.timeout().cancel();
            held.work().run();
        }
    }

    private record Waiting(Runnable work, Cancellable timeout) {
    }
}
