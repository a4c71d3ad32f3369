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
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;

/**
 * When what has been sent arrives: at once, after a latency of its own in the order of sending, or late, after what was
 * sent behind it. On the session's lane.
 */
final class Delivery {

    private final LaneTimer timer;
    private final Behaviour behaviour;
    private final Random random;
    private final Queue<Runnable> onTheWay = new ArrayDeque<>();
    private long lastArrival;
    private int count;

    Delivery(LaneTimer timer, Behaviour behaviour, long seed) {
        this.timer = timer;
        this.behaviour = behaviour;
        this.random = new Random(seed);
    }

    /** An event that may be late. */
    void event(Runnable transmission) {
        count++;
        if (behaviour.lateEvery > 0 && count % behaviour.lateEvery == 0) {
            late(transmission, behaviour.lateBy);
        } else {
            inOrder(transmission);
        }
    }

    /** An event that is late, while those behind it pass. */
    void late(Runnable transmission, Duration by) {
        timer.schedule(by.plusMillis(latency()), transmission);
    }

    /** Something that comes after all that was sent before it. */
    void inOrder(Runnable transmission) {
        long arrival = Math.max(lastArrival, timer.millis() + latency());
        long delay = arrival - timer.millis();
        lastArrival = arrival;
        if (delay <= 0 && onTheWay.isEmpty()) {
            transmission.run();
        } else {
            // a clock may swap two times that are nearly the same: whichever comes first takes the head
            onTheWay.add(transmission);
            timer.schedule(Duration.ofMillis(delay), () -> onTheWay.remove().run());
        }
    }

    private long latency() {
        long least = behaviour.leastLatency.toMillis();
        long most = behaviour.mostLatency.toMillis();
        return most > least ? least + (long) (random.nextDouble() * (most - least)) : least;
    }
}
