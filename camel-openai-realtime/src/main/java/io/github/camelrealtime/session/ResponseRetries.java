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

import java.util.Collections;
import java.util.Set;

import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;

/**
 * Whether a response that has failed is asked for again (RESP-13): if the service or its limits were the reason, and nothing
 * of it has had an effect: no part of an answer was begun, which somebody may have heard, and nothing was called. Not
 * thread-safe: the sequencer's lock guards it.
 */
final class ResponseRetries {

    private static final int MOST = 100;

    private final int most;
    private final SessionConfig.Backoff backoff;
    private final Timers timers;
    /** Responses that have had an effect. */
    private final Set<String> effective = Collections.newSetFromMap(new BoundedMap<>(MOST));

    /** @param most repetitions of a response; 0 = never */
    ResponseRetries(int most, SessionConfig.Backoff backoff, Timers timers) {
        this.most = most;
        this.timers = timers;
        this.backoff = backoff;
    }

    void onEvent(ServerEvent event) {
        String type = event.getType();
        boolean effect = EventTypes.RESPONSE_CONTENT_PART_ADDED.equals(type)
                || EventTypes.RESPONSE_OUTPUT_ITEM_ADDED.equals(type)
                        && event.getJson().path("item").path("type").asText().endsWith("_call");
        if (effect && event.getResponseId() != null) {
            effective.add(event.getResponseId());
        }
    }

    /**
     * Whether it is to be asked for again.
     *
     * @param retries how often it has been already
     */
    boolean again(ResponseResult failed, int retries) {
        return retries < most && "failed".equals(failed.status()) && failed.isEmpty()
                && ErrorClassifier.ofEvent(failed.errorType(), failed.errorCode(), null, false) == ErrorClass.TRANSIENT
                && !effective.contains(failed.responseId());
    }

    /**
     * How long to wait before, in ms.
     *
     * @param retries which repetition it is, from 1
     */
    long delayMillis(int retries) {
        return backoff.delayMillis(retries, timers.spread());
    }
}
