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

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * The place of the default conversation, which one response at a time can have (trap T-1): whether it is free, and if not,
 * what keeps it: a request that was sent, responses known to run, one that is expected. What follows on what is said by
 * {@link ResponseTable}. Never taken for ever: whatever keeps it has its time.
 *
 * <p>Not thread-safe: the sequencer's lock guards it. Sends nothing and completes no future.
 */
final class ResponsePlace {

    /** For a response that is expected, or runs unseen, or has been cancelled, in ms: its event may be lost. */
    static final long UNSEEN_MILLIS = 10_000;
    /** For a response to be done once created, in ms: far more than the longest answer takes, as its end may be lost. */
    static final long DONE_MILLIS = 5 * 60_000;
    /** For the service to answer a turn that it may have left unanswered, as something ran (trap T-50), in ms. */
    static final long SILENT_MILLIS = 2_000;
    /** The service runs one at a time: more are its mistake. */
    private static final int MAX_RUNNING = 16;

    /** A response that is known to run. */
    private static final class Running {
        private final String id;
        private final long connection;
        private boolean cancelled;

        Running(String id, long connection) {
            this.id = id;
            this.connection = connection;
        }
    }

    private final Timers timers;
    private final LongConsumer late;
    private ResponseState state = ResponseState.IDLE;
    /** Sent and not begun. */
    private ResponseRequest asked;
    /** By name: the id, or what stands for it where the service gave none. */
    private final Map<String, Running> running = new BoundedMap<>(MAX_RUNNING);
    private boolean expected;
    /** Whether what is expected may silently not come. */
    private boolean watched;
    /** Expected once what runs is done. */
    private boolean owed;
    private boolean cancelWished;
    private String cancelId;
    /** Tells the timer of an earlier case, which may be running already, from that of a later one. */
    private long cases;
    private Timers.Cancellable timer = Timers.Cancellable.NOTHING;

    /** @param late run on a timer thread with the number of the case, for {@link #late} */
    ResponsePlace(Timers timers, LongConsumer late) {
        this.timers = timers;
        this.late = late;
    }

    ResponseState state() {
        return state;
    }

    boolean isFree() {
        return state == ResponseState.IDLE;
    }

    /** Whether the service runs a response, as far as we know. */
    boolean isRunning() {
        return !running.isEmpty();
    }

    /** Whether this response is known to run. */
    boolean runs(String name) {
        return name != null && running.containsKey(name);
    }

    /** Whether this request was sent and its response has not begun. */
    boolean isAsked(ResponseRequest request) {
        return asked == request;
    }

    /** The request that was sent, {@code null} if none is. */
    ResponseRequest asked() {
        return asked;
    }

    /** Ids of all that are known to run. */
    Set<String> ids() {
        Set<String> ids = new LinkedHashSet<>();
        running.values().stream().filter(one -> one.id != null).forEach(one -> ids.add(one.id));
        return ids;
    }

    /** The one that began last, {@code null} if none is known to run. */
    String last() {
        String last = null;
        for (String name : running.keySet()) {
            last = name;
        }
        return last;
    }

    /** Id of the one that the conversation is in, {@code null} if none is known to run, or not by its id. */
    String activeId() {
        String last = last();
        return last == null ? null : running.get(last).id;
    }

    // ---- what we do

    /** This request has the place. */
    void ask(ResponseRequest request) {
        asked = request;
        step(ResponseInput.TURN);
    }

    /** The request that was sent is off. */
    void drop() {
        asked = null;
        step(ResponseInput.DROPPED);
    }

    /** This response has been cancelled. */
    void cancelled(String name) {
        Running cancelled = running.get(name);
        if (cancelled == null || cancelled.cancelled) {
            return;
        }
        cancelled.cancelled = true;
        if (allCancelled() && step(ResponseInput.CANCELLED) == ResponseAction.HURRY) {
            arm(UNSEEN_MILLIS);
        }
    }

    private boolean allCancelled() {
        return running.values().stream().allMatch(one -> one.cancelled);
    }

    /**
     * Remembers that what has been asked for or is expected, and has not begun, is to be cancelled when it does (trap T-5).
     *
     * @param eventId of that cancel, {@code null} for a new one
     */
    void wishCancel(String eventId) {
        if (asked != null) {
            asked.cancelWished = true;
            asked.cancelId = eventId;
        }
        if (expected) {
            cancelWished = true;
            cancelId = eventId;
        }
    }

    // ---- what the service does

    /**
     * The service is going to begin a response, or has begun one and did not say which.
     *
     * @param mayStayAway whether it may not come, in silence: then {@link #late} says so
     */
    void owed(boolean mayStayAway) {
        if (step(ResponseInput.OWED) == ResponseAction.OWE || isRunning()) {
            owed = true;
            watched = mayStayAway;
        } else {
            expect(mayStayAway);
        }
    }

    private void expect(boolean mayStayAway) {
        expected = true;
        watched = mayStayAway;
        arm(mayStayAway ? SILENT_MILLIS : UNSEEN_MILLIS);
    }

    /** The response to the request that was sent begins. */
    void answered(ResponseRequest request) {
        asked = null;
        run(request.name(), request.responseId, request.connection);
        step(ResponseInput.ANSWERED);
    }

    /**
     * Another response begins.
     *
     * @param  name as {@link ResponseRequest#name}
     * @param  id   {@code null} if the service left it out
     * @return      whether that is to be cancelled, see {@link #takeCancelId}
     */
    boolean begun(String name, String id, long connection) {
        boolean wished = cancelWished;
        run(name, id, connection);
        step(ResponseInput.BEGUN);
        return wished;
    }

    /** The event id for the cancel that was wished for last, {@code null} for a new one. */
    String takeCancelId() {
        String id = cancelId;
        cancelId = null;
        return id;
    }

    private void run(String name, String id, long connection) {
        running.put(name, new Running(id, connection));
        owed = false;
        notExpected();
        arm(DONE_MILLIS);
    }

    private void notExpected() {
        expected = false;
        cancelWished = false;
    }

    /** A response that is known to run is done. */
    void ended(String name) {
        running.remove(name);
        step(ResponseInput.ENDED);
    }

    /** The response to the request that was sent is done, and never began. */
    void skipped() {
        asked = null;
        step(ResponseInput.SKIPPED);
    }

    /** Some other response is done. */
    void stray() {
        notExpected();
        step(ResponseInput.STRAY);
    }

    /** The request that was sent is refused, as a response runs. */
    void rejected() {
        asked = null;
        if (running.isEmpty()) {
            expect(false);
        }
        step(ResponseInput.REJECTED);
    }

    /** Nothing has come for the request that was sent. Returns whether it is to be sent again. */
    boolean unanswered() {
        asked = null;
        return step(ResponseInput.UNANSWERED) == ResponseAction.REPEAT;
    }

    // ---- ends

    /**
     * What is left to be done when the time of a case is over.
     *
     * @param cancel which responses to cancel
     * @param silent whether the service has left a turn unanswered
     */
    record Late(List<String> cancel, boolean silent) {
    }

    /** The time of that case is over. */
    Late late(long thisCase) {
        if (thisCase != cases) {
            return new Late(List.of(), false);
        }
        boolean silent = expected && watched;
        notExpected();
        if (ResponseTable.step(state, ResponseInput.LATE).action() == ResponseAction.CANCEL) {
            List<String> cancel = running.values().stream().filter(one -> !one.cancelled && one.id != null)
                    .map(one -> one.id).toList();
            running.values().forEach(one -> one.cancelled = true);
            step(ResponseInput.LATE);
            arm(UNSEEN_MILLIS);
            return new Late(cancel, false);
        }
        running.clear();
        step(ResponseInput.LATE);
        return new Late(List.of(), silent);
    }

    /** The connection is lost. */
    void cut() {
        asked = null;
        running.clear();
        moved(0);
    }

    /**
     * Another connection has taken the place: what runs on the old one goes on there, and is in nobody's way.
     *
     * @param connection the new one
     */
    void moved(long connection) {
        if (asked != null && asked.hasLeft() && asked.connection != connection) {
            asked = null;
        }
        running.values().removeIf(one -> one.connection != connection);
        owed = false;
        notExpected();
        step(ResponseInput.CUT);
    }

    private ResponseAction step(ResponseInput input) {
        ResponseTable.Step step = ResponseTable.step(state, input);
        if (owed && running.isEmpty()) {
            owed = false;
            expect(watched);
        }
        state = step.target() == null ? rest() : step.target();
        if (running.isEmpty() && !expected && step.action() != ResponseAction.AWAIT) {
            timer.cancel();
        }
        return step.action();
    }

    private ResponseState rest() {
        if (asked != null) {
            return running.isEmpty() && !expected ? ResponseState.ASKED : ResponseState.CONTESTED;
        }
        if (!running.isEmpty()) {
            return allCancelled() ? ResponseState.CANCELLING : ResponseState.ACTIVE;
        }
        return expected ? ResponseState.EXPECTED : ResponseState.IDLE;
    }

    private void arm(long millis) {
        timer.cancel();
        long thisCase = ++cases;
        timer = timers.schedule(() -> late.accept(thisCase), millis);
    }
}
