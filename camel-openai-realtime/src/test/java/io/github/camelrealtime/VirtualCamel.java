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

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

import io.github.camelrealtime.simulator.RealtimeSimulator;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * As {@link RealtimeCamel}, but in a {@link VirtualWorld}: no sockets, and time stands still until the test lets it pass. The clock
 * waits for the context's threads, so a route must not hold one until the service answers: use asynchronous steps, and
 * {@link #send} instead of a template that waits.
 */
class VirtualCamel extends RealtimeCamel {

    /** Nobody is there: connections are made in memory. */
    static final String ADDRESS = "http://127.0.0.1:9/v1";

    private static final Duration STEP = Duration.ofMillis(100);
    private static final int LOOK_MILLIS = 5;

    private boolean single;
    private WatchedThreads threads;
    private VirtualWorld world;

    VirtualCamel() {
        this(builder -> builder);
    }

    /** @param settings what the simulator is to have other than its defaults; clock and executor are seen to */
    VirtualCamel(UnaryOperator<RealtimeSimulator.Builder> settings) {
        super(settings);
    }

    /** As the other, but all is done on the test's own thread, so that a run is like the one before. */
    static VirtualCamel onOneThread(UnaryOperator<RealtimeSimulator.Builder> settings) {
        VirtualCamel camel = new VirtualCamel(settings);
        camel.single = true;
        return camel;
    }

    @Override
    RealtimeSimulator startSimulator(UnaryOperator<RealtimeSimulator.Builder> wanted) {
        threads = single ? WatchedThreads.none() : new WatchedThreads();
        world = VirtualWorld.onThreads(threads, wanted);
        return world.simulator();
    }

    @Override
    String address() {
        return ADDRESS;
    }

    @Override
    DefaultCamelContext newContext() {
        DefaultCamelContext made = super.newContext();
        made.getExecutorServiceManager().setThreadPoolFactory(threads);
        component(made).setTimers(world.timers());
        component(made).setTransportFactory(world.transports());
        return made;
    }

    /** While a context stops, time goes on. */
    @Override
    void stop(DefaultCamelContext stopped) throws Exception {
        during(stopped::stop);
    }

    @Override
    public void afterEach(ExtensionContext test) throws Exception {
        try {
            super.afterEach(test);
        } finally {
            threads.end();
        }
    }

    VirtualWorld world() {
        return world;
    }

    /** Lets time pass; see {@link VirtualWorld#pass}. */
    void pass(Duration time) {
        world.pass(time);
    }

    /**
     * Does something that may have to wait for time to pass, such as stopping a route, on another thread, and lets time pass
     * until it is done.
     */
    void during(Blocking action) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                action.run();
                done.complete(null);
            } catch (Exception e) {
                done.completeExceptionally(e);
            }
        }, "virtual-world-during");
        thread.setDaemon(true);
        thread.start();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                done.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                world.pass(STEP);
            }
        }
    }

    /** What may block and fail. */
    @FunctionalInterface
    interface Blocking {
        void run() throws Exception;
    }
}
