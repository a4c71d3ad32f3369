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

import io.github.camelrealtime.session.SessionEvent;

/**
 * The events of one session that wait for the route of one consumer, in order, bounded and numbered. Events are offered on
 * the socket's thread; one pump takes them out, one at a time, and settles each before it takes the next.
 */
interface EventQueue {

    /**
     * An event with its place in the lane.
     *
     * @param event       the event
     * @param sequence    its number, from 1; 0 if it has none
     * @param dropped     how many were dropped just before it
     * @param redelivered whether the route may have had it before
     */
    record Numbered(SessionEvent event, long sequence, long dropped, boolean redelivered) {
    }

    /** Takes an event in or drops it, never waits. */
    void offer(SessionEvent event);

    /** Takes in the end of a session that the consumer did not ask for: it is not numbered and leaves no hole. */
    void offerUnnumbered(SessionEvent event);

    /** The next event, {@code null} if none is to be routed now. To be settled before the next call. */
    Numbered poll();

    /**
     * What became of the event polled last.
     *
     * @param delivered whether the route is done with it; if not, the queue may give it again
     */
    void settle(boolean delivered);

    /** Whether {@link #poll} would give something now. Cheap: asked on the socket's thread. */
    boolean isReady();

    /** Whether nothing waits, and nothing will unless it is offered. */
    boolean isEmpty();

    /** Events that wait. */
    int size();

    /** Events that would be routed by and by if nothing more were offered and the route went on as it does. */
    default int underway() {
        return size();
    }

    /** Whether what waits is there for the next life of the consumer, and so need not be routed in this one. */
    default boolean outlivesConsumer() {
        return false;
    }

    /** Drops what waits and cannot be kept, counted. */
    void clear();

    /** Whatever was to happen by the timer will not: the component has another. */
    default void timersLost() {
        // nothing waits for a time
    }

    /** Nothing is polled any more: drops what waits and is not kept, counted. */
    default void abandon() {
        clear();
    }

    /** Whether events are being lost because the route is too slow. */
    boolean isOverrun();

    /** Events dropped so far. */
    long dropped();
}
