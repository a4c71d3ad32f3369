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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What operation {@code transcribe} makes of a recording. A bean, so that routes can say {@code ${body.text}}.
 */
public final class Transcript {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final String sessionName;
    private final String model;
    private final long audioMillis;
    private final List<Segment> segments;

    Transcript(String sessionName, String model, long audioMillis, List<Segment> segments) {
        this.sessionName = sessionName;
        this.model = model;
        this.audioMillis = audioMillis;
        this.segments = List.copyOf(segments);
    }

    /** The whole text: the segments in order, joined by a blank. Empty if nothing was said. */
    public String getText() {
        StringBuilder text = new StringBuilder();
        for (Segment segment : segments) {
            if (!segment.getText().isBlank()) {
                text.append(text.length() == 0 ? "" : " ").append(segment.getText().trim());
            }
        }
        return text.toString();
    }

    /** The stretches of speech, in the order of the audio. */
    public List<Segment> getSegments() {
        return segments;
    }

    /** Length of the recording in ms. */
    public long getAudioMillis() {
        return audioMillis;
    }

    /** Name of the session that did the work; with a pool, of the member. */
    public String getSessionName() {
        return sessionName;
    }

    /** The transcription model asked for. */
    public String getModel() {
        return model;
    }

    /** What the service says it used, summed over the segments: numbers are added, words are kept. */
    public Map<String, Object> getUsage() {
        Map<String, Object> sum = new LinkedHashMap<>();
        segments.forEach(segment -> add(sum, segment.getUsage()));
        return sum;
    }

    @SuppressWarnings("unchecked")
    private static void add(Map<String, Object> sum, Map<String, Object> usage) {
        usage.forEach((name, value) -> {
            Object before = sum.get(name);
            if (value instanceof Map) {
                Map<String, Object> inner = before instanceof Map ? (Map<String, Object>) before : new LinkedHashMap<>();
                add(inner, (Map<String, Object>) value);
                sum.put(name, inner);
            } else if (value instanceof Number number && before instanceof Number earlier) {
                boolean whole = isWhole(number) && isWhole(earlier);
                // an if and not a conditional expression: that would make a double of both
                if (whole) {
                    sum.put(name, earlier.longValue() + number.longValue());
                } else {
                    sum.put(name, earlier.doubleValue() + number.doubleValue());
                }
            } else if (before == null) {
                sum.put(name, value);
            }
        });
    }

    private static boolean isWhole(Number number) {
        return number instanceof Integer || number instanceof Long;
    }

    /** The transcript as a JSON document. */
    public String toJson() {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(toTree());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of strings and numbers cannot be written as JSON", e);
        }
    }

    /** The same document as a tree, a new one on each call. */
    public ObjectNode toTree() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("text", getText());
        json.put("model", model);
        json.put("sessionName", sessionName);
        json.put("audioMillis", audioMillis);
        ArrayNode list = json.putArray("segments");
        for (Segment segment : segments) {
            ObjectNode entry = list.addObject();
            entry.put("text", segment.getText());
            entry.put("startMillis", segment.getStartMillis());
            entry.put("endMillis", segment.getEndMillis());
            entry.put("itemId", segment.getItemId());
            entry.set("usage", MAPPER.valueToTree(segment.getUsage()));
        }
        json.set("usage", MAPPER.valueToTree(getUsage()));
        return json;
    }

    @Override
    public String toString() {
        return "Transcript[" + segments.size() + " segments, " + audioMillis + " ms]";
    }

    /** One stretch of speech. */
    public static final class Segment {

        private final String itemId;
        private final String text;
        private final long startMillis;
        private final long endMillis;
        private final Map<String, Object> usage;

        Segment(String itemId, String text, long startMillis, long endMillis, Map<String, Object> usage) {
            this.itemId = itemId;
            this.text = text;
            this.startMillis = startMillis;
            this.endMillis = endMillis;
            this.usage = usage;
        }

        public String getItemId() {
            return itemId;
        }

        public String getText() {
            return text;
        }

        /** Start in ms from the beginning of the recording. */
        public long getStartMillis() {
            return startMillis;
        }

        /** End in ms from the beginning of the recording. */
        public long getEndMillis() {
            return endMillis;
        }

        /** The {@code usage} object of the final transcript (wire reference §6.2), empty if there was none. */
        public Map<String, Object> getUsage() {
            return usage;
        }
    }
}
