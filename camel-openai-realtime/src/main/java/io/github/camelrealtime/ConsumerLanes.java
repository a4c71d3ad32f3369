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

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Stream;

import io.github.camelrealtime.session.SessionEvent;

/** The lanes of a consumer, one for each session whose events it has got; those of sessions that came by a pattern go again. */
final class ConsumerLanes {

    private final Map<String, LanePump> pumps = new ConcurrentHashMap<>();
    /** Of lanes that are gone. */
    private final LongAdder droppedBefore = new LongAdder();
    /** Somebody waits for the lanes to come to their end; {@code null} but for the end of a stop. */
    private volatile CompletableFuture<Void> whenRouted;

    /**
     * Puts an event into the lane of its session. Never waits.
     *
     * @param wanted whether the consumer asked for it; if not, it is the end of its session
     * @param maker  makes the pump of a session that has none yet
     */
    void offer(SessionEvent event, boolean wanted, Function<String, LanePump> maker) {
        LanePump pump = pumps.compute(event.sessionName(), (name, known) -> {
            // offered here, so that a lane is never taken away with an event in it
            LanePump used = known == null ? maker.apply(name) : known;
            used.adopt();
            if (wanted) {
                used.events().offer(event);
            } else {
                used.events().offerUnnumbered(event);
            }
            return used;
        });
        pump.schedule();
    }

    /** Makes the lane of which an earlier life has left something. */
    void open(String sessionName, Function<String, LanePump> maker) {
        pumps.computeIfAbsent(sessionName, name -> {
            LanePump left = maker.apply(name);
            left.orphan();
            return left;
        });
    }

    /** The lane of a session, {@code null} if it has none. */
    LanePump find(String sessionName) {
        return pumps.get(sessionName);
    }

    /** Takes away the lane of a session that has ended. */
    void forgetIfOver(LanePump pump) {
        pumps.computeIfPresent(pump.sessionName(), (name, known) -> {
            if (known != pump || !pump.isOver()) {
                return known;
            }
            droppedBefore.add(dropped(pump));
            return null;
        });
    }

    void scheduleAll() {
        pumps.values().forEach(LanePump::schedule);
    }

    void timersLost() {
        queues().forEach(EventQueue::timersLost);
    }

    /** Done when no exchange is in the route and none will be. */
    CompletableFuture<Void> routed() {
        CompletableFuture<Void> routed = new CompletableFuture<>();
        whenRouted = routed;
        tellIfRouted();
        return routed;
    }

    void tellIfRouted() {
        CompletableFuture<Void> waiting = whenRouted;
        if (waiting != null && pumps.values().stream().noneMatch(LanePump::isBusy)) {
            waiting.complete(null);
        }
    }

    /** Drops what waits and cannot be kept. */
    void clear() {
        queues().forEach(EventQueue::clear);
    }

    /** Nothing comes any more. */
    void close() {
        whenRouted = null;
        queues().forEach(EventQueue::abandon);
        pumps.values().forEach(pump -> droppedBefore.add(dropped(pump)));
        pumps.clear();
    }

    private Stream<EventQueue> queues() {
        return pumps.values().stream().map(LanePump::events);
    }

    /** Events that wait. */
    long waiting() {
        return queues().mapToLong(EventQueue::size).sum();
    }

    /** Events of this session that wait. */
    int waiting(String sessionName) {
        LanePump pump = pumps.get(sessionName);
        return pump == null ? 0 : (int) Math.min(Integer.MAX_VALUE, pump.events().size());
    }

    /** Events that would be lost with the consumer. */
    long atRisk() {
        return queues().filter(queue -> !queue.outlivesConsumer()).mapToLong(EventQueue::size).sum();
    }

    /** Events that will be routed if the route goes on as it does. */
    long underway() {
        return queues().mapToLong(EventQueue::underway).sum();
    }

    long dropped() {
        return droppedBefore.sum() + pumps.values().stream().mapToLong(ConsumerLanes::dropped).sum();
    }

    private static long dropped(LanePump pump) {
        return pump.events().dropped() + pump.refused();
    }

    boolean isOverrun() {
        return queues().anyMatch(EventQueue::isOverrun);
    }

    /** The sessions that have a lane. */
    Stream<String> names() {
        return pumps.keySet().stream();
    }
}
