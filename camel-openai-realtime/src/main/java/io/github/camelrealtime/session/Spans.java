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
 * Where in the stream of audio given each item lies, over all connections (TIM-2): as our segmenter or a commit says, as the
 * service's voice activity detection says, or as follows from what was committed before and after.
 */
final class Spans {

    /** Our segmenter: exact. */
    static final String SEGMENT = "segment";
    /** A commit that was asked for: exact. */
    static final String COMMIT = "commit";
    private static final String VAD = "vad";
    private static final String INTERPOLATED = "interpolated";
    private static final int MAX_ITEMS = 2_000;

    /**
     * @param startMillis start in ms of the audio given
     * @param endMillis   end, {@code null} while it goes on
     * @param source      {@code segment} (our segmenter, exact), {@code commit} (a commit, exact), {@code vad} (the service's
     *                    word) or {@code interpolated} (what lies between others)
     * @param givenAt     when its start was given, ms since 1970; {@code null} if unknown
     * @param sourceTime  when its start was by the word of its source, ms since 1970; {@code null} if that does not say
     */
    record Span(Long startMillis, Long endMillis, String source, Long givenAt, Long sourceTime) {

        Span(Long startMillis, Long endMillis, String source) {
            this(startMillis, endMillis, source, null, null);
        }
    }

    private final StreamMap streams;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Span> byItem = new BoundedMap<>(MAX_ITEMS);

    /** @param streams knows where in the stream a moment of a connection lies */
    Spans(StreamMap streams) {
        this.streams = streams;
    }

    /**
     * What the service's voice activity detection says, as far as it is about speech.
     *
     * @param epoch number of the connection: the service counts the audio of that one
     */
    void onEvent(int epoch, ServerEvent event) {
        switch (event.getType()) {
            case EventTypes.INPUT_AUDIO_BUFFER_SPEECH_STARTED ->
                put(event.getItemId(), start(epoch, event.getJson().path("audio_start_ms")), null, VAD);
            case EventTypes.INPUT_AUDIO_BUFFER_SPEECH_STOPPED -> {
                Span started = find(event.getItemId());
                put(event.getItemId(), started == null ? null : started.startMillis(),
                        end(epoch, event.getJson().path("audio_end_ms")), VAD);
            }
            default -> {
                // not about speech
            }
        }
    }

    private Long start(int epoch, JsonNode millis) {
        return millis.isNumber() ? streams.startMillis(epoch, streams.samples(millis.longValue())) : null;
    }

    private Long end(int epoch, JsonNode millis) {
        return millis.isNumber() ? streams.endMillis(epoch, streams.samples(millis.longValue())) : null;
    }

    /** A commit of ours became this item. */
    void committed(String itemId, long startMillis, long endMillis, String source) {
        put(itemId, startMillis, endMillis, source);
    }

    /**
     * The service has committed by itself.
     *
     * @param from where the stretch begins if the service has not said, in samples of the connection
     * @param to   where it ends
     * @return     what is known now: start and end are
     */
    Span endedByService(int epoch, String itemId, long from, long to) {
        Span said = find(itemId);
        if (said != null && said.startMillis() != null && said.endMillis() != null) {
            return said;
        }
        long end = said == null || said.endMillis() == null ? streams.endMillis(epoch, to) : said.endMillis();
        long start = said == null || said.startMillis() == null
                ? Math.min(end, streams.startMillis(epoch, from)) : said.startMillis();
        return put(itemId, start, end, INTERPOLATED);
    }

    private Span put(String itemId, Long startMillis, Long endMillis, String source) {
        Span span = new Span(
                startMillis, endMillis, source, startMillis == null ? null : streams.givenAt(startMillis),
                startMillis == null ? null : streams.sourceTime(startMillis));
        put(itemId, span);
        return span;
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
