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
package io.github.camelrealtime.simulator.fault;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What happens to bytes that go one way through a {@link FaultProxy}. Threads that carry them wait here. */
final class ProxyLine {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Random random;
    private boolean blocked;
    private boolean ended;
    private long leastNanos;
    private long mostNanos;
    private long bytesPerSecond;
    private long untilCut = Long.MAX_VALUE;
    private long passed;
    private long freeAt = System.nanoTime();

    ProxyLine(long seed) {
        random = new Random(seed);
    }

    /**
     * Waits as long as these bytes take.
     *
     * @return how many of them pass; fewer if the connection is to be cut after them
     */
    int admit(int bytes) throws InterruptedException {
        lock.lock();
        try {
            awaitDue(bytes);
            while (blocked && !ended) {
                changed.await();
            }
            int passing = (int) Math.min(bytes, untilCut);
            untilCut = passing < bytes ? Long.MAX_VALUE : untilCut == Long.MAX_VALUE ? untilCut : untilCut - passing;
            passed += passing;
            return passing;
        } finally {
            lock.unlock();
        }
    }

    private void awaitDue(int bytes) throws InterruptedException {
        long transmission = bytesPerSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(bytes) / bytesPerSecond;
        long spread = mostNanos - leastNanos;
        long due = Math.max(System.nanoTime(), freeAt) + transmission;
        freeAt = due;
        due += leastNanos + (spread > 0 ? (long) (random.nextDouble() * spread) : 0);
        for (long left = due - System.nanoTime(); left > 0 && !ended; left = due - System.nanoTime()) {
            changed.awaitNanos(left);
        }
    }

    void block() {
        change(() -> blocked = true);
    }

    void unblock() {
        change(() -> blocked = false);
    }

    void latency(Duration least, Duration most) {
        change(() -> {
            leastNanos = least.toNanos();
            mostNanos = most.toNanos();
        });
    }

    void bandwidth(long perSecond) {
        change(() -> bytesPerSecond = perSecond);
    }

    void cutAfter(long bytes) {
        change(() -> untilCut = bytes);
    }

    /** Nobody waits here any more. */
    void end() {
        change(() -> ended = true);
    }

    long passed() {
        lock.lock();
        try {
            return passed;
        } finally {
            lock.unlock();
        }
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
