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
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.ServerEvent;

/** One item of the user in a turn, spoken or typed. Not thread-safe; used under the lock of {@link TurnAssembler}. */
final class TurnWords {

    /** Speakers named; no more are wanted of one item. */
    private static final int MOST_SPEAKERS = 100;

    private enum State {
        /** Speech has begun and is not committed. */
        SPEAKING,
        /** Committed, and its transcript is to come. */
        OWED,
        /** Its connection is gone; its audio is given to the next one, as another item. */
        LOST,
        SETTLED
    }

    final String itemId;
    final int epoch;
    /** Times on the wall clock, ms since 1970; {@code null} if that did not happen. */
    Long speechStarted;
    Long speechStopped;
    Long given;
    private State state = State.SPEAKING;
    private String kind = "audio";
    private String outcome;
    private String text;
    private Long start;
    private Long end;
    private String timeSource;
    private Double confidence;
    private JsonNode languages;
    private JsonNode usage;
    private final Set<String> speakers = new LinkedHashSet<>();

    TurnWords(String itemId, int epoch) {
        this.itemId = itemId;
        this.epoch = epoch;
    }

    boolean isSpeaking() {
        return state == State.SPEAKING;
    }

    boolean isOwed() {
        return state == State.OWED || state == State.LOST;
    }

    boolean isLost() {
        return state == State.LOST;
    }

    boolean isSettled() {
        return state == State.SETTLED;
    }

    void committed(long nowMillis, boolean transcribed) {
        if (state != State.SPEAKING) {
            return;
        }
        given = nowMillis;
        if (transcribed) {
            state = State.OWED;
        } else {
            settle("untranscribed");
        }
    }

    /** A message that was sent, not spoken into the buffer. */
    void typed(JsonNode item, long nowMillis) {
        if (state != State.SPEAKING || speechStarted != null) {
            return;
        }
        given = nowMillis;
        String written = AnswerText.ofItem(item);
        text = written.isEmpty() ? null : written;
        kind = "message";
        settle("typed");
    }

    /** The final transcript, or what came instead of it. */
    void transcribed(SessionEvent event, String how) {
        if (state == State.SETTLED) {
            return;
        }
        JsonNode json = event.event().getJson();
        TranscriptAssembler.Progress transcript = event.transcript();
        if (transcript != null) {
            text = transcript.text();
            start = transcript.startMillis();
            end = transcript.endMillis();
            timeSource = transcript.timeSource();
        }
        confidence = Confidence.of(json.path("logprobs"));
        languages = json.get("languages");
        usage = json.get("usage");
        if (given == null) {
            given = event.receivedMillis();
        }
        settle(how);
    }

    void spokenBy(ServerEvent segment) {
        JsonNode speaker = segment.getJson().path("speaker");
        if (speaker.isTextual() && speakers.size() < MOST_SPEAKERS) {
            speakers.add(speaker.textValue());
        }
    }

    /** The connection is gone. */
    void lost() {
        if (state != State.SETTLED) {
            state = State.LOST;
        }
    }

    /** Nothing more will come. */
    void settle(String how) {
        if (state != State.SETTLED) {
            state = State.SETTLED;
            outcome = how;
        }
    }

    ObjectNode report() {
        ObjectNode words = JsonNodeFactory.instance.objectNode();
        words.put("item_id", itemId);
        words.put("kind", kind);
        words.put("outcome", outcome);
        words.put("text", text);
        words.put("stream_start_ms", start);
        words.put("stream_end_ms", end);
        words.put("time_source", timeSource);
        words.put("confidence", confidence);
        words.set("languages", languages);
        if (!speakers.isEmpty()) {
            ArrayNode all = words.putArray("speakers");
            speakers.forEach(all::add);
        }
        words.set("usage", usage);
        return TurnReport.withoutNulls(words);
    }
}
