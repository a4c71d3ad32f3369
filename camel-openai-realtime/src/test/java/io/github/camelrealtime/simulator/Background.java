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

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What takes too long for a session's lane: listening and speaking. */
final class Background {

    private final Executor workers;
    private final Executor lane;
    private final AtomicInteger running = new AtomicInteger();

    Background(Executor workers, Executor lane) {
        this.workers = workers;
        this.lane = lane;
    }

    /** Works on a thread of its own and hands the result over on the lane. @param work must not throw */
    <T> void run(Supplier<T> work, Consumer<T> receiver) {
        off(work, result -> lane.execute(() -> {
            running.decrementAndGet();
            receiver.accept(result);
        }));
    }

    /** As above, but the receiver is called on the worker's thread. */
    <T> void runHeld(Supplier<T> work, Consumer<T> receiver) {
        off(work, result -> {
            running.decrementAndGet();
            receiver.accept(result);
        });
    }

    /** True while something is worked on. Any thread. */
    boolean isBusy() {
        return running.get() > 0;
    }

    private <T> void off(Supplier<T> work, Consumer<T> done) {
        running.incrementAndGet();
        workers.execute(() -> done.accept(work.get()));
    }
}
