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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Requests that wait to be asked, in order: those that need the place of the default conversation, and those out of band, which
 * need none. Not thread-safe: the sequencer's lock guards it. Sends nothing and completes no future.
 */
final class ResponseQueue {

    /** Requests of either kind that may wait; beyond, a request fails. */
    static final int MAX_WAITING = 1000;

    private final Deque<ResponseRequest> waiting = new ArrayDeque<>();
    private final Deque<ResponseRequest> outOfBand = new ArrayDeque<>();
    /** These rest before they are asked for again; those of the conversation behind them with them, so the order is kept. */
    private final Set<ResponseRequest> resting = new HashSet<>();

    /** Whether it needs no turn: its response is none of the conversation. */
    static boolean passesBy(ResponseRequest request) {
        return request.outOfBand;
    }

    private Deque<ResponseRequest> lane(ResponseRequest request) {
        return passesBy(request) ? outOfBand : waiting;
    }

    /** Takes a request in; returns whether there was room. */
    boolean add(ResponseRequest request) {
        Deque<ResponseRequest> lane = lane(request);
        return lane.size() < MAX_WAITING && lane.add(request);
    }

    /** One that has been asked for waits again, before all others. */
    void putBack(ResponseRequest request) {
        lane(request).addFirst(request);
    }

    /** One that waits rests until {@link #rested}. */
    void rest(ResponseRequest request) {
        resting.add(request);
    }

    /** It has rested. */
    void rested(ResponseRequest request) {
        resting.remove(request);
    }

    /** An automatic one that waits, {@code null} if none does: it will serve for another. */
    ResponseRequest automatic() {
        return waiting.stream().filter(request -> request.automatic).findFirst().orElse(null);
    }

    /** Takes out automatic ones that fulfil a condition. */
    List<ResponseRequest> takeAutomatic(Predicate<ResponseRequest> condition) {
        List<ResponseRequest> taken = waiting.stream().filter(request -> request.automatic && condition.test(request)).toList();
        taken.forEach(this::remove);
        return taken;
    }

    /** The next out of band, {@code null} if none waits. */
    ResponseRequest nextOutOfBand() {
        ResponseRequest next = outOfBand.stream().filter(request -> !rests(request)).findFirst().orElse(null);
        if (next != null) {
            outOfBand.remove(next);
        }
        return next;
    }

    /** The next of the conversation, {@code null} if none waits or it has to rest. */
    ResponseRequest next() {
        return waiting.isEmpty() || rests(waiting.peek()) ? null : waiting.poll();
    }

    private boolean rests(ResponseRequest request) {
        return request.turnLost || resting.contains(request);
    }

    /** Returns whether it was there. */
    boolean remove(ResponseRequest request) {
        rested(request);
        return lane(request).remove(request);
    }

    boolean contains(ResponseRequest request) {
        return lane(request).contains(request);
    }

    /** Takes out all. */
    List<ResponseRequest> takeAll() {
        List<ResponseRequest> all = new ArrayList<>(waiting);
        all.addAll(outOfBand);
        waiting.clear();
        outOfBand.clear();
        resting.clear();
        return all;
    }

    int size() {
        return waiting.size() + outOfBand.size();
    }
}
