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
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

import io.github.camelrealtime.session.Timers;
import io.github.camelrealtime.simulator.RealtimeSimulator;
import io.github.camelrealtime.simulator.SimulatedSession;
import io.github.camelrealtime.simulator.VirtualClock;
import io.github.camelrealtime.transport.TransportFactory;
import io.github.camelrealtime.transport.memory.MemoryTransportFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A simulator and one clock that it shares with the component, without sockets: time moves when a test says so, and only when
 * nobody has anything left to do. So hours pass in seconds, and nothing depends on how fast the machine is.
 *
 * <p>Where no Camel is needed all work is done on the test's own thread, in the order in which it was handed in: each run is
 * like the one before, to the last frame.
 */
public final class VirtualWorld implements AutoCloseable {

    private final VirtualClock clock = new VirtualClock();
    private final AtomicLong calendarAhead = new AtomicLong();
    private final AtomicLong draws = new AtomicLong();
    private final AtomicInteger unreachable = new AtomicInteger();
    private final List<SimulatorLink> links = new CopyOnWriteArrayList<>();
    private final Runnable settle;
    private final RealtimeSimulator simulator;
    private final TransportFactory transports;

    private VirtualWorld(UnaryOperator<RealtimeSimulator.Builder> settings, Executor executor, Runnable settle) {
        this.settle = settle;
        this.simulator = settings.apply(RealtimeSimulator.builder()).clock(clock).executor(executor).build();
        this.transports = new MemoryTransportFactory(connection -> {
            if (unreachable.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IllegalStateException("Nobody can be reached");
            }
            SimulatorLink link = SimulatorLink.dialled(simulator, connection);
            links.add(link);
            return link;
        }, executor);
        clock.betweenTasks(settle);
    }

    /** With a simulator that has all defaults. */
    public static VirtualWorld onOneThread() {
        return onOneThread(builder -> builder);
    }

    /** @param settings what the simulator is to have other than its defaults; clock and executor are seen to */
    public static VirtualWorld onOneThread(UnaryOperator<RealtimeSimulator.Builder> settings) {
        ConcurrentLinkedQueue<Runnable> work = new ConcurrentLinkedQueue<>();
        return new VirtualWorld(settings, work::add, () -> {
            for (Runnable next = work.poll(); next != null; next = work.poll()) {
                next.run();
            }
        });
    }

    /** On these threads, which a Camel context has too. */
    static VirtualWorld onThreads(WatchedThreads threads, UnaryOperator<RealtimeSimulator.Builder> settings) {
        return new VirtualWorld(settings, threads, threads::awaitIdle);
    }

    public VirtualClock clock() {
        return clock;
    }

    /** The clock, as the component wants it. */
    public Timers timers() {
        return new VirtualTimers(clock, calendarAhead, draws);
    }

    /** Connections to the simulator, whatever their address. */
    public TransportFactory transports() {
        return transports;
    }

    public RealtimeSimulator simulator() {
        return simulator;
    }

    /** Everything is done that can be done without time passing. */
    public void settle() {
        settle.run();
    }

    /** Lets time pass; what falls due happens at its time, and all that follows from it before time goes on. */
    public void pass(Duration time) {
        clock.advance(time);
    }

    /** The component's calendar jumps, forwards or back, as when a computer's clock is set; no time passes. */
    public void jump(Duration by) {
        calendarAhead.addAndGet(by.toMillis());
    }

    /** The next so many dials find nobody. */
    public void unreachable(int dials) {
        unreachable.set(dials);
    }

    /** All connections so far, refused ones too, in the order of dialling. */
    public List<SimulatorLink> links() {
        return List.copyOf(links);
    }

    /** The connection dialled last. */
    public SimulatorLink link() {
        return links.get(links.size() - 1);
    }

    /** The simulator's sessions so far. */
    public List<SimulatedSession> sessions() {
        return simulator.sessions();
    }

    /** Closes the simulator; what it sent must have been lawful (SIM-7). */
    @Override
    public void close() {
        settle();
        try {
            assertThat(simulator.violations()).as("what the simulator did that the service does not").isEmpty();
        } finally {
            simulator.close();
            settle();
        }
    }
}
