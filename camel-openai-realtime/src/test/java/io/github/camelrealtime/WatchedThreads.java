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

import java.util.List;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.camel.support.DefaultThreadPoolFactory;
import org.apache.camel.util.concurrent.CamelThreadFactory;

/**
 * Pools that know whether any of their threads has something to do: a clock that a test moves must wait for them. For a Camel
 * context, all of whose pools it makes, and as an executor of its own.
 *
 * <p>Consumers that keep a thread in a loop, such as {@code seda:}, are not watched: what goes through them may come late in
 * virtual time. A thread that waits for time to pass makes the wait for idleness fail, and so does a route that waits for an
 * answer of the service on a watched thread.
 */
final class WatchedThreads extends DefaultThreadPoolFactory implements Executor {

    private static final long PATIENCE_SECONDS = 20;
    private static final List<String> LOOPS = List.of("seda:", "disruptor:", "vm:", "ShutdownTask");

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final ExecutorService own;
    /** What waits for the thread that waits for idleness; {@code null} if there are others. */
    private final Queue<Runnable> work;
    private int busy;

    WatchedThreads() {
        this(null);
    }

    /**
     * None at all: what is to be done is done by whoever waits for idleness, in the order in which it was handed in. So a run is
     * like the one before.
     */
    static WatchedThreads none() {
        return new WatchedThreads(new ConcurrentLinkedQueue<>());
    }

    private WatchedThreads(Queue<Runnable> work) {
        this.work = work;
        own = Executors.newCachedThreadPool(task -> {
            Thread thread = Executors.defaultThreadFactory().newThread(task);
            thread.setDaemon(true);
            thread.setName("virtual-world-" + thread.getName());
            return thread;
        });
    }

    @Override
    public void execute(Runnable task) {
        watch(own, task);
    }

    /** Ends its own threads; Camel ends those of its pools. */
    void end() {
        own.shutdown();
    }

    /** Waits until no task runs or waits for a thread. */
    void awaitIdle() {
        if (work != null) {
            for (Runnable next = work.poll(); next != null; next = work.poll()) {
                next.run();
            }
            return;
        }
        long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        lock.lock();
        try {
            while (busy > 0) {
                if (left <= 0) {
                    throw new IllegalStateException(busy + " tasks are not done after " + PATIENCE_SECONDS
                                                    + " s: does one wait for time to pass, which waits for it?");
                }
                left = idle.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public ExecutorService newCachedThreadPool(ThreadFactory threads) {
        return watched(super.newCachedThreadPool(threads), threads);
    }

    @Override
    public ExecutorService newThreadPool(
            int core, int most, long keepAlive, TimeUnit unit, int queue, boolean coreTimeOut, RejectedExecutionHandler rejected,
            ThreadFactory threads) {
        return watched(super.newThreadPool(core, most, keepAlive, unit, queue, coreTimeOut, rejected, threads), threads);
    }

    private ExecutorService watched(ExecutorService pool, ThreadFactory threads) {
        boolean loops = threads instanceof CamelThreadFactory camel && LOOPS.stream().anyMatch(camel.getName()::startsWith);
        return loops ? pool : new Watched(pool);
    }

    private void watch(Executor pool, Runnable task) {
        if (work != null) {
            work.add(task);
            return;
        }
        count(1);
        try {
            pool.execute(() -> {
                try {
                    task.run();
                } finally {
                    count(-1);
                }
            });
        } catch (RejectedExecutionException e) {
            count(-1);
            throw e;
        }
    }

    private void count(int more) {
        lock.lock();
        try {
            busy += more;
            if (busy == 0) {
                idle.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private final class Watched extends AbstractExecutorService {

        private final ExecutorService pool;

        private Watched(ExecutorService pool) {
            this.pool = pool;
        }

        @Override
        public void execute(Runnable task) {
            watch(pool, task);
        }

        @Override
        public void shutdown() {
            pool.shutdown();
        }

        @Override
        public List<Runnable> shutdownNow() {
            List<Runnable> dropped = pool.shutdownNow();
            count(-dropped.size());
            return dropped;
        }

        @Override
        public boolean isShutdown() {
            return pool.isShutdown();
        }

        @Override
        public boolean isTerminated() {
            return pool.isTerminated();
        }

        @Override
        public boolean awaitTermination(long time, TimeUnit unit) throws InterruptedException {
            return pool.awaitTermination(time, unit);
        }
    }
}
