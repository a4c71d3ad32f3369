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
import java.util.concurrent.locks.ReentrantLock;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;

/**
 * Where each item of the user lies in the audio given. Thread-safe.
 */
final class Spans {

    private static final int MAX_ITEMS = 10_000;

    /**
     * @param startMillis start in ms of the audio given
     * @param endMillis   end, {@code null} while it goes on
     * @param source      {@code segment} (our segmenter or commits, exact) or {@code vad} (the service's word)
     */
    record Span(Long startMillis, Long endMillis, String source) {
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Span> byItem = new BoundedMap<>(MAX_ITEMS);

    /** What the service's voice activity detection says, as far as it is about speech. */
    void onEvent(ServerEvent event) {
        switch (event.getType()) {
            case EventTypes.INPUT_AUDIO_BUFFER_SPEECH_STARTED ->
                put(event.getItemId(), new Span(millis(event, "audio_start_ms"), null, "vad"));
            case EventTypes.INPUT_AUDIO_BUFFER_SPEECH_STOPPED -> {
                Span started = find(event.getItemId());
                put(event.getItemId(), new Span(
                        started == null ? null : started.startMillis(), millis(event, "audio_end_ms"), "vad"));
            }
            default -> {
                // not about speech
            }
        }
    }

    private static Long millis(ServerEvent event, String member) {
        JsonNode millis = event.getJson().path(member);
        return millis.isNumber() ? millis.longValue() : null;
    }

    void put(String itemId, Span span) {
        lock.lock();
        try {
            byItem.put(itemId, span);
        } finally {
            lock.unlock();
        }
    }

    /** The span, or {@code null} if unknown. */
    Span find(String itemId) {
        lock.lock();
        try {
            return byItem.get(itemId);
        } finally {
            lock.unlock();
        }
    }
}
