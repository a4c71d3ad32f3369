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

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What anybody who stands between client and service can see, and what must hold there (RESP-17, RESP-20 of the client's
 * side). Knows nothing of the sequencer.
 */
final class ResponseWatch {

    /** As long as a response must be believed to run, and one that was cancelled, in ms: the figures of the guide. */
    private static final long RUNS = 5 * 60_000;
    private static final long MOST_AT_ONCE = 10;
    private static final int LATELY = 50;

    private final ManualTimers timers;
    private final Set<String> eventIds = new HashSet<>();
    /** Default responses that were announced and not ended, by id, with the time; those cancelled are left out. */
    private final Map<String, Long> running = new LinkedHashMap<>();
    private final Set<String> ended = new HashSet<>();
    /** The last of them: no client can know all that have ever been. */
    private final Set<String> endedLately = new LinkedHashSet<>();
    /** Ids of those that may be over or not. */
    private final Set<String> uncertain = new HashSet<>();
    /** Our requests that were sent and not answered, by key, with the time. */
    private final Map<String, Long> asked = new HashMap<>();
    private final Map<String, String> keys = new HashMap<>();

    ResponseWatch(ManualTimers timers) {
        this.timers = timers;
    }

    /** A frame leaves. */
    void sent(JsonNode frame) {
        String eventId = frame.path("event_id").asText();
        assertThat(eventId).as("RESP-17").isNotEmpty().hasSizeLessThanOrEqualTo(512);
        assertThat(eventIds.add(eventId)).as("RESP-17 event id used once: " + frame).isTrue();
        if ("response.cancel".equals(frame.path("type").asText())) {
            running.remove(frame.path("response_id").asText());
            uncertain.add(frame.path("response_id").asText());
        } else if ("response.create".equals(frame.path("type").asText())
                && !"none".equals(frame.path("response").path("conversation").asText())) {
            create(frame);
        }
    }

    private void create(JsonNode frame) {
        long now = timers.millis();
        running.values().removeIf(since -> now - since >= RUNS);
        asked.values().removeIf(since -> now - since >= ResponseSequencer.CREATED_MILLIS);
        if (running.size() < MOST_AT_ONCE) {
            assertThat(running).as("RESP-1 nothing is asked while a response runs that we know of").isEmpty();
        }
        assertThat(asked).as("RESP-1 one of ours at a time").isEmpty();
        String key = frame.at("/response/metadata/" + ResponseRequest.METADATA_KEY).asText();
        asked.put(key, now);
        keys.put(eventId(frame), key);
    }

    private static String eventId(JsonNode frame) {
        return frame.path("event_id").asText();
    }

    /** The client gives a request up. */
    void givenUp(ResponseRequest request) {
        asked.remove(request.key);
        if (request.responseId != null) {
            running.remove(request.responseId);
        }
    }

    /** The service says that it has ended what runs itself, as the user speaks. */
    void interrupted() {
        unnamed();
    }

    /** An event is about to be told to the client. */
    void comes(JsonNode event) {
        JsonNode response = event.path("response");
        String id = response.path("id").textValue();
        String key = response.at("/metadata/" + ResponseRequest.METADATA_KEY).asText();
        switch (event.path("type").asText()) {
            case "response.created" -> {
                asked.remove(key);
                boolean outOfBand = response.has("conversation_id") && response.get("conversation_id").isNull();
                if (id != null && !outOfBand && !ended.contains(id) && !uncertain.contains(id)) {
                    running.putIfAbsent(id, timers.millis());
                }
            }
            case "response.done" -> {
                asked.remove(key);
                running.remove(id);
                if (id == null) {
                    unnamed();
                }
            }
            case "error" -> refused(event.path("error"));
            default -> {
                // nothing is to be known from it
            }
        }
    }

    /** A response has ended, whichever it may be. */
    private void unnamed() {
        uncertain.addAll(running.keySet());
        running.clear();
    }

    private void refused(JsonNode error) {
        String eventId = error.path("event_id").textValue();
        if (eventId != null) {
            asked.remove(keys.get(eventId));
        } else if (error.path("code").asText().equals("conversation_already_has_active_response")) {
            asked.clear();
        }
    }

    /** An event is about to be told to the client by a connection that is being drained. */
    void comesElsewhere(JsonNode event) {
        if (event.path("error").hasNonNull("event_id")) {
            refused(event.path("error"));
        }
    }

    /** An event was told to the client, which passes it on or not. */
    void passed(JsonNode event, boolean wanted) {
        String id = event.path("response_id").textValue();
        boolean done = "response.done".equals(event.path("type").asText());
        if (done) {
            id = event.path("response").path("id").textValue();
        }
        if (id == null) {
            return;
        }
        if (wanted) {
            assertThat(endedLately).as("RESP-10 RESP-20 nothing of a response after its end").doesNotContain(id);
        }
        if (done && ended.add(id) && endedLately.add(id) && endedLately.size() > LATELY) {
            endedLately.remove(endedLately.iterator().next());
        }
    }

    /** Another connection takes the place; the old one is listened to. */
    void moved() {
        running.clear();
        asked.clear();
    }

    /** The connection is gone. */
    void lost() {
        moved();
        ended.clear();
        endedLately.clear();
    }
}
