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

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.session.LocalEvents;
import io.github.camelrealtime.session.SessionEvent;

/**
 * Takes the events of one session through the route of a consumer: in order, one at a time, also when the route is
 * asynchronous, and never on the thread that offered them.
 */
final class LanePump {

    /** What a pump needs to know of the consumer. */
    interface Host {

        /** Whether nothing is to be routed for now. */
        boolean isHeld();

        /** Why what waits is not routed any more and goes to the error handler; {@code null} if it is routed. */
        Exception refusal();

        /** Whether the route wants this event. */
        boolean isForRoute(SessionEvent event);

        /** @throws RejectedExecutionException if the consumer is stopped */
        void execute(Runnable task);

        /** A session was lost, or could not be had. */
        void sessionFailed(SessionEvent event);

        /** The pump rests: there is nothing to route for now. */
        void rests(LanePump pump);
    }

    private static final int EVENTS_IN_A_ROW = 100;

    private final String sessionName;
    private final Host host;
    private final EventRouter router;
    private final AtomicBoolean running = new AtomicBoolean();
    private final LongAdder refused = new LongAdder();
    private final EventQueue events;
    /** Whether the event routed last was the last of its session; written by the pump only. */
    private volatile boolean ended;
    /** Its session is of an earlier life, and may never come again to end. */
    private volatile boolean orphaned;
    /** What the model's voice comes as; kept here, as a session may be gone before the last of its events is routed. */
    private volatile AudioFormat outputFormat;

    /** @param queues makes the queue, given what to run when it may have something to poll */
    LanePump(String sessionName, Host host, EventRouter router, QueueMaker queues, AudioFormat outputFormat) {
        this.sessionName = sessionName;
        this.host = host;
        this.router = router;
        this.outputFormat = outputFormat;
        this.events = queues.make(this::schedule);
    }

    /** Makes the queue of a lane. */
    @FunctionalInterface
    interface QueueMaker {

        EventQueue make(Runnable wakeUp);
    }

    String sessionName() {
        return sessionName;
    }

    EventQueue events() {
        return events;
    }

    /** Another session may have the name now. */
    void outputFormat(AudioFormat format) {
        outputFormat = format;
    }

    /** Whether an exchange is in the route, or will be. */
    boolean isBusy() {
        // in this order: a pump that runs may have taken the last event
        return !isBarred() && events.isReady() || running.get();
    }

    /** Whether its session has ended and all of it was routed. */
    boolean isOver() {
        return (ended || orphaned) && events.isEmpty();
    }

    void orphan() {
        orphaned = true;
    }

    /** Its session is here. */
    void adopt() {
        orphaned = false;
    }

    /** Events that went to the error handler instead of the route. */
    long refused() {
        return refused.sum();
    }

    /** Goes on if there is something to route and it does not already. */
    void schedule() {
        if (!isBarred() && events.isReady() && running.compareAndSet(false, true)) {
            goOn();
        }
    }

    /** What is kept for the next life is not refused. */
    private boolean isBarred() {
        return host.isHeld() || events.outlivesConsumer() && host.refusal() != null;
    }

    private void goOn() {
        if (!queue()) {
            running.set(false);
            host.rests(this);
        }
    }

    /** Returns whether it gets a thread; it gets none when the consumer is stopped. */
    private boolean queue() {
        try {
            host.execute(this::pump);
            return true;
        } catch (RejectedExecutionException stopped) {
            return false;
        }
    }

    /** Routes what waits, one exchange at a time, until nothing waits or an exchange goes on elsewhere. */
    private void pump() {
        int inARow = 0;
        while (true) {
            if (++inARow > EVENTS_IN_A_ROW && queue()) {
                // other lanes wait for a thread too
                return;
            }
            EventQueue.Numbered next = isBarred() ? null : events.poll();
            if (next == null) {
                running.set(false);
                host.rests(this);
                // an event may have come between the look and the flag
                schedule();
                return;
            }
            String type = next.event().event().getType();
            ended = LocalEvents.endsSession(type);
            if (LocalEvents.SESSION_FAILED.equals(type)) {
                host.sessionFailed(next.event());
            }
            if (!host.isForRoute(next.event())) {
                events.settle(true);
            } else if (host.refusal() != null) {
                refuse(next, host.refusal());
            } else if (!route(next)) {
                return;
            }
        }
    }

    /** Returns whether the exchange is done. */
    private boolean route(EventQueue.Numbered next) {
        // Camel's error handler says of every exchange that it goes on elsewhere, also of those that are done by then: whoever
        // comes second, the end of the exchange or this thread, goes on. So a lane seldom changes its thread, and one that is
        // being stopped comes to its end
        AtomicBoolean first = new AtomicBoolean(true);
        router.route(next, outputFormat, delivered -> {
            events.settle(delivered);
            if (!first.getAndSet(false)) {
                goOn();
            }
        });
        return !first.getAndSet(false);
    }

    private void refuse(EventQueue.Numbered next, Exception reason) {
        refused.increment();
        if (!next.event().event().getType().endsWith(EventTypes.DELTA_SUFFIX)) {
            router.refuse(next, outputFormat, reason);
        }
        events.settle(true);
    }
}
