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
package io.github.camelrealtime;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.github.camelrealtime.session.Timers;
import io.github.camelrealtime.simulator.VirtualClock;

/**
 * The component's time by a clock that a test moves. Tasks run on the thread that moves it.
 *
 * @param ahead ms that the computer's calendar is ahead of the clock: it may jump, time that has passed does not
 * @param draws how often a delay was spread
 */
public record VirtualTimers(VirtualClock clock, AtomicLong ahead, AtomicLong draws) implements Timers {

    public VirtualTimers(VirtualClock clock) {
        this(clock, new AtomicLong(), new AtomicLong());
    }

    @Override
    public long millis() {
        return clock.millis() + ahead.get();
    }

    @Override
    public long nanos() {
        return TimeUnit.MILLISECONDS.toNanos(clock.millis());
    }

    /** The same numbers each time, so that a run on one thread can be had again. */
    @Override
    public double spread() {
        return (draws.incrementAndGet() * 0x9E3779B97F4A7C15L >>> 11) * 0x1.0p-53;
    }

    @Override
    public Cancellable schedule(Runnable task, long delayMillis) {
        return clock.schedule(delayMillis, task)::cancel;
    }
}
