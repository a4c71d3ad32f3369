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
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Whose turn it is to be answered in a {@link ResponseSequencer}: requests that wait, the one that was asked for, those out of
 * band, and what else runs. Not thread-safe: the sequencer's lock guards it. Sends nothing and completes no future.
 */
final class ResponseQueue {

    /** Requests that may wait; beyond, a request fails. */
    static final int MAX_WAITING = 1000;
    /** How long a response may run that the service speaks of and that we do not see, in ms. Then we try again. */
    static final long UNSEEN_MILLIS = 10_000;
    private static final int MAX_ABANDONED = 100;

    private final ForeignResponse foreign;
    private final ForeignResponse.Doubt doubt;
    private final Deque<ResponseRequest> waiting = new ArrayDeque<>();
    private final Map<String, ResponseRequest> outOfBand = new HashMap<>();
    /** Sent and not done. */
    private ResponseRequest current;
    /** Sent, and given up before the service created a response: if it still does, that is cancelled. */
    private final Set<String> abandoned = Collections.newSetFromMap(new BoundedMap<>(MAX_ABANDONED));

    /**
     * @param foreign what runs that nobody here waits for
     * @param doubt   told when its end does not come
     */
    ResponseQueue(ForeignResponse foreign, ForeignResponse.Doubt doubt) {
        this.foreign = foreign;
        this.doubt = doubt;
    }

    /** Whether it needs no turn: its response is none of the conversation, and can be told from others by its key. */
    static boolean passesBy(ResponseRequest request) {
        return request.outOfBand && request.key != null;
    }

    /** Takes a request in; returns whether there was room. */
    boolean add(ResponseRequest request) {
        if (passesBy(request)) {
            outOfBand.put(request.key, request);
            return true;
        }
        return waiting.size() < MAX_WAITING && waiting.add(request);
    }

    /** The next whose turn it is; from now on it has the place. {@code null} if nobody waits or the place is taken. */
    ResponseRequest next() {
        if (current == null && !foreign.runs()) {
            current = waiting.poll();
            return current;
        }
        return null;
    }

    /** Whether its turn has come, and it is not answered. */
    boolean isAsked(ResponseRequest request) {
        return current == request || request.key != null && outOfBand.get(request.key) == request;
    }

    /** The response that the conversation is in, {@code null} if it has not begun or is not known. */
    String activeId() {
        return current != null && current.responseId != null ? current.responseId : foreign.id();
    }

    /** Remembers that what has been asked for and has not begun is to be cancelled; the id may be {@code null}. */
    void wishCancel(String eventId) {
        if (current != null) {
            current.cancelWished = true;
            current.cancelId = eventId;
        }
    }

    // ---- ends

    /** Nobody waits for it any more. If the service may still begin its response, that is remembered. */
    void giveUp(ResponseRequest request) {
        boolean asked = isAsked(request);
        boolean placed = current == request;
        waiting.remove(request);
        remove(request);
        if (asked && request.key != null && request.responseId == null) {
            abandoned.add(request.key);
        }
        if (placed && request.responseId != null) {
            // the place is free when the service says that it has ended
            foreign.begin(request.responseId, UNSEEN_MILLIS, doubt);
        }
    }

    /** It has come to its end, and the place is free. */
    void remove(ResponseRequest request) {
        request.watchdog.cancel();
        if (current == request) {
            current = null;
        }
        if (request.key != null) {
            outOfBand.remove(request.key);
        }
    }

    /**
     * A response runs that we have not seen: the request waits again, before all others.
     *
     * @param  request {@code null} for the one that was sent last
     * @return         whether it is one that can be sent again
     */
    boolean takeBack(ResponseRequest request) {
        if (current == null || request != null && current != request || current.responseId != null) {
            return false;
        }
        current.watchdog.cancel();
        waiting.addFirst(current);
        current = null;
        if (!foreign.isKnown()) {
            foreign.begin(null, UNSEEN_MILLIS, doubt);
        }
        return true;
    }

    /** Takes out the requests whose turn had come, as the service knows nothing of them any more. */
    List<ResponseRequest> takeAsked() {
        List<ResponseRequest> asked = new ArrayList<>(outOfBand.values());
        if (current != null) {
            asked.add(current);
        }
        asked.forEach(request -> request.watchdog.cancel());
        outOfBand.clear();
        current = null;
        forgetService();
        return asked;
    }

    /** Takes out all requests. */
    List<ResponseRequest> takeAll() {
        List<ResponseRequest> all = new ArrayList<>(waiting);
        waiting.clear();
        all.addAll(takeAsked());
        return all;
    }

    /** What the service was doing is over. */
    void forgetService() {
        abandoned.clear();
        foreign.clear();
    }

    /** The end of a response that is none of our requests has not come in time; see {@link ForeignResponse#expire}. */
    void expire(long thisCase) {
        foreign.expire(thisCase);
    }

    // ---- what the service says

    /** Whose response begins, by its key; {@code null} if nobody's. */
    ResponseRequest find(String key) {
        ResponseRequest passing = key == null ? null : outOfBand.get(key);
        if (passing != null) {
            return passing;
        }
        return current != null && Objects.equals(key, current.key) ? current : null;
    }

    /**
     * A response begins that nobody waits for.
     *
     * @return whether it was asked for, and given up meanwhile
     */
    boolean beginForeign(String key, String responseId, boolean isOutOfBand) {
        if (!isOutOfBand) {
            foreign.begin(responseId, ResponseSequencer.DONE_MILLIS, doubt);
        }
        return key != null && abandoned.remove(key);
    }

    /** A response is done: takes out whose it was, {@code null} if nobody's. */
    ResponseRequest done(String key, String responseId, boolean isOutOfBand) {
        ResponseRequest request = key == null ? null : outOfBand.get(key);
        if (request == null && current != null && isCurrent(key, responseId)) {
            request = current;
        }
        if (request == null) {
            foreign.done(responseId, isOutOfBand);
        } else {
            remove(request);
        }
        return request;
    }

    /** One without key and id is malformed; it ends what runs. */
    private boolean isCurrent(String key, String responseId) {
        if (key != null) {
            return key.equals(current.key);
        }
        return responseId != null ? responseId.equals(current.responseId) : !foreign.isKnown();
    }

    // ---- for those who look

    /** Whether a response of the conversation runs, or has been asked for. */
    boolean isActive() {
        return current != null || foreign.runs();
    }

    /** Whether nothing runs and nothing has been asked for, out of band neither. */
    boolean isQuiet() {
        return !isActive() && outOfBand.isEmpty();
    }

    /** Whether the service owes anything: a response that was asked for, or the end of one that runs. */
    boolean isAwaited() {
        return current != null && current.sent.isDone() || foreign.runs()
                || outOfBand.values().stream().anyMatch(request -> request.sent.isDone());
    }

    /** Requests that are not answered. */
    int size() {
        return waiting.size() + outOfBand.size() + (current == null ? 0 : 1);
    }
}
