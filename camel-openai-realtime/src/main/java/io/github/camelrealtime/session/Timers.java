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

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The clock and the timer of a session, handed in so that hours can pass in a second of a test. Tasks run on a timer
 * thread and must be short: anything that reads a stream or touches a route hops to a worker.
 */
public interface Timers {

    /** Wall clock, ms since 1970: for what is shown, and for times that others name. It may be set at any moment, forwards or back. */
    long millis();

    /** Monotonic time in ns since some moment, never negative, for measuring spans. */
    long nanos();

    /** A number in [0, 1) by which this delay is spread, so that many sessions do not all act at once. */
    default double spread() {
        return ThreadLocalRandom.current().nextDouble();
    }

    /** As {@link #nanos}, in ms: whatever lasts is measured by it, as a clock that is set must not make a time-out longer or shorter. */
    default long elapsedMillis() {
        return TimeUnit.NANOSECONDS.toMillis(nanos());
    }

    /** Runs the task once, {@code delayMillis} from now. */
    Cancellable schedule(Runnable task, long delayMillis);

    /** A task that may no longer be wanted. */
    @FunctionalInterface
    interface Cancellable {

        Cancellable NOTHING = () -> {
        };

        /** Keeps the task from starting; does nothing if it runs or ran. */
        void cancel();
    }

    /** Real time on the given scheduler. Once that is shut down nothing is scheduled any more, without an error. */
    static Timers system(ScheduledExecutorService scheduler) {
        return new Timers() {
            private final long start = System.nanoTime();

            @Override
            public long millis() {
                return System.currentTimeMillis();
            }

            @Override
            public long nanos() {
                return System.nanoTime() - start;
            }

            @Override
            public Cancellable schedule(Runnable task, long delayMillis) {
                try {
                    ScheduledFuture<?> future = scheduler.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
                    return () -> future.cancel(false);
                } catch (RejectedExecutionException e) {
                    if (!scheduler.isShutdown()) {
                        throw e;
                    }
                    // the context is gone, and everybody who waits has been told so by the stop itself
                    return Cancellable.NOTHING;
                }
            }
        };
    }
}
