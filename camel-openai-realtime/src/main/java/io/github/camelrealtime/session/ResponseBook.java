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

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Requests that have been asked for and are not answered, of the conversation and out of band, on the present connection and
 * on one that is being drained; and which response belongs to which of them: by its id, or before that is known by the key
 * that the service echoes. Not thread-safe: the sequencer's lock guards it.
 */
final class ResponseBook {

    private static final int MAX_GIVEN_UP = 100;

    /** In the order in which they were asked for. */
    private final Set<ResponseRequest> asked = new LinkedHashSet<>();
    private final Map<String, ResponseRequest> byKey = new HashMap<>();
    private final Map<String, ResponseRequest> byId = new HashMap<>();
    /** Sent, and given up before the service created a response: if it still does, that is cancelled. */
    private final Set<String> givenUp = Collections.newSetFromMap(new BoundedMap<>(MAX_GIVEN_UP));

    /** It is being asked for, perhaps once more. */
    void add(ResponseRequest request) {
        asked.add(request);
        byKey.put(request.key, request);
    }

    boolean contains(ResponseRequest request) {
        return asked.contains(request);
    }

    /** It is answered, or off. */
    void remove(ResponseRequest request) {
        request.watchdog.cancel();
        asked.remove(request);
        byKey.remove(request.key);
        if (request.responseId != null) {
            byId.remove(request.responseId);
        }
    }

    /** Nobody waits for it any more. If the service may still begin its response, that is remembered. */
    void giveUp(ResponseRequest request) {
        boolean mayBegin = byKey.containsKey(request.key) && !request.begun;
        remove(request);
        if (mayBegin) {
            givenUp.add(request.key);
        }
    }

    /** Whether the response with this key belongs to a request that was given up. Says so once. */
    boolean takeGivenUp(String key) {
        return key != null && givenUp.remove(key);
    }

    void forgetGivenUp() {
        givenUp.clear();
    }

    /** Takes out all, the oldest first. */
    List<ResponseRequest> takeAll() {
        List<ResponseRequest> all = all();
        all.forEach(this::remove);
        byKey.clear();
        byId.clear();
        return all;
    }

    /** Whose response begins, by its key; {@code null} if nobody's, or if that has begun already. */
    ResponseRequest notBegun(String key) {
        ResponseRequest request = key == null ? null : byKey.get(key);
        return request == null || request.begun ? null : request;
    }

    /** Its response begins. */
    void begun(ResponseRequest request, String responseId) {
        request.begun = true;
        request.responseId = responseId;
        if (responseId != null) {
            byId.put(responseId, request);
        }
    }

    /** It waits to be asked for once more. Should the response begin after all, it is still known whose it is. */
    void putBack(ResponseRequest request) {
        asked.remove(request);
        if (request.responseId != null) {
            byId.remove(request.responseId);
        }
        request.again();
    }

    /** Whether the response with this id has begun. */
    boolean knows(String responseId) {
        return byId.containsKey(responseId);
    }

    /** Whose response is done, {@code null} if nobody's. One whose id was known is found by it, and by nothing else. */
    ResponseRequest find(String key, String responseId) {
        ResponseRequest named = responseId == null ? null : byId.get(responseId);
        if (named != null) {
            return named;
        }
        ResponseRequest request = key == null ? null : byKey.get(key);
        boolean another = request != null && request.responseId != null && responseId != null;
        return another ? null : request;
    }

    /** Whose response has this name, see {@link ResponseRequest#name}. */
    ResponseRequest byName(String name) {
        return asked.stream().filter(request -> request.begun && request.name().equals(name)).findFirst().orElse(null);
    }

    /** All, the oldest first. */
    List<ResponseRequest> all() {
        return new ArrayList<>(asked);
    }

    boolean isEmpty() {
        return asked.isEmpty();
    }

    /** Whether any was handed to the service, so that it owes something for it. */
    boolean anyLeft() {
        return asked.stream().anyMatch(ResponseRequest::hasLeft);
    }

    /** Out of band ones, which are bounded too. */
    long outOfBand() {
        return asked.stream().filter(ResponseQueue::passesBy).count();
    }

    int size() {
        return asked.size();
    }
}
