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

import io.github.camelrealtime.session.Timers;
import io.github.camelrealtime.simulator.VirtualClock;

/** The component's time by a clock that a test moves. Tasks run on the thread that moves it. */
public record VirtualTimers(VirtualClock clock) implements Timers {

    @Override
    public long millis() {
        return clock.millis();
    }

    @Override
    public long nanos() {
        return TimeUnit.MILLISECONDS.toNanos(clock.millis());
    }

    @Override
    public Cancellable schedule(Runnable task, long delayMillis) {
        return clock.schedule(delayMillis, task)::cancel;
    }
}
