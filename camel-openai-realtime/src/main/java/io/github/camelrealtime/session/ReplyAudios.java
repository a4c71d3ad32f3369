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

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.camelrealtime.event.ServerEvent;

/**
 * Who waits for the voice of which response. A delta costs one look at an empty map when nobody does. Thread-safe.
 */
final class ReplyAudios {

    private final String sessionName;
    private final Map<String, ResponseRequest> byResponse = new ConcurrentHashMap<>();

    ReplyAudios(String sessionName) {
        this.sessionName = sessionName;
    }

    /** The response that answers this request begins; its voice is kept until the request is done, however it ends. */
    void begin(ResponseRequest request, ServerEvent created) {
        if (request.audio == null || request.done.isDone()) {
            return;
        }
        String responseId = created.getResponseId();
        request.audio.begin(created);
        byResponse.put(responseId, request);
        request.done.whenComplete((done, problem) -> byResponse.remove(responseId));
    }

    /** That response has failed, and another will be asked for instead. */
    void end(String responseId) {
        if (responseId != null) {
            byResponse.remove(responseId);
        }
    }

    /**
     * On the reader thread: a piece has come.
     *
     * @return whose bound it breaks, {@code null} if nobody's; that request has failed then, and its response is to be
     *         cancelled
     */
    ResponseRequest received(ServerEvent delta) {
        if (byResponse.isEmpty() || delta.getResponseId() == null) {
            return null;
        }
        ResponseRequest request = byResponse.get(delta.getResponseId());
        if (request == null || request.audio.add(delta)) {
            return null;
        }
        request.done.completeExceptionally(new RealtimeException(
                sessionName, "Session " + sessionName + ": the spoken answer is longer than " + request.audio.maxMillis()
                             + " ms (option maxReplyAudio)"));
        return request;
    }

    /** How many wait. */
    int size() {
        return byResponse.size();
    }
}
