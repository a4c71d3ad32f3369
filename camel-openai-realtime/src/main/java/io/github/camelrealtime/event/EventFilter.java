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
package io.github.camelrealtime.event;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which events a consumer wants: exact wire names, globs ({@code response.*}; {@code *} is any characters, dots
 * included) and group words, comma-separated. Without any, everything but the deltas. May be used from any thread.
 */
public final class EventFilter {

    /** Types come from the peer, so not all of them may be remembered. The service has some 60, all short. */
    private static final int MAX_REMEMBERED = 512;
    private static final int MAX_LENGTH = 128;

    private static final String ERROR = "error";
    private static final String ALL = "all";
    private static final Map<String, List<String>> GROUPS = groupTable();

    private final Set<String> words;
    private final List<String> patterns;
    private final Map<String, Boolean> decisions = new ConcurrentHashMap<>();

    /**
     * @param words    as they were given
     * @param patterns what they stand for; empty for the default
     */
    private EventFilter(Set<String> words, List<String> patterns) {
        this.words = words;
        this.patterns = patterns;
    }

    /**
     * @param  eventTypes               the option's value; {@code null} or blank for everything but types that end in
     *                                  {@code .delta}
     * @throws IllegalArgumentException if a word is neither a group nor looks like a wire name
     */
    public static EventFilter parse(String eventTypes) {
        Set<String> words = new LinkedHashSet<>();
        List<String> patterns = new ArrayList<>();
        if (eventTypes != null) {
            for (String part : eventTypes.split(",")) {
                String word = part.trim();
                words.add(word);
                List<String> group = GROUPS.get(word);
                if (group != null) {
                    patterns.addAll(group);
                } else if (word.indexOf('.') >= 0 || word.indexOf('*') >= 0) {
                    patterns.add(word);
                } else if (!word.isEmpty()) {
                    throw new IllegalArgumentException(
                            "Option eventTypes: unknown word '" + word + "': use wire names such as response.done, globs such as"
                                    + " response.*, or the groups " + String.join(", ", GROUPS.keySet()));
                }
            }
        }
        return new EventFilter(Collections.unmodifiableSet(words), List.copyOf(patterns));
    }

    /** The group words that stand for events of that type, in the order of the documentation; without {@code all}. */
    public static List<String> groupsOf(String type) {
        List<String> groups = new ArrayList<>();
        GROUPS.forEach((word, patterns) -> {
            if (!ALL.equals(word) && patterns.stream().anyMatch(pattern -> matches(pattern, type))) {
                groups.add(word);
            }
        });
        return groups;
    }

    /** All group words with the patterns they stand for. */
    public static Map<String, List<String>> groups() {
        return GROUPS;
    }

    /**
     * Whether this event is wanted: by its type, or because it is a response that failed. The service sends no
     * {@code error} event for those (trap T-45), so the word {@code error} stands for them too.
     */
    public boolean accepts(ServerEvent event) {
        return accepts(event.getType())
                || EventTypes.RESPONSE_DONE.equals(event.getType()) && words.contains(ERROR) && isFailure(event);
    }

    private static boolean isFailure(ServerEvent responseDone) {
        String status = responseDone.getJson().path("response").path("status").textValue();
        return "failed".equals(status) || "incomplete".equals(status);
    }

    /** Whether events of that type are wanted because of this group word, and would not be without it. */
    public boolean acceptsOnlyAs(String group, String type) {
        return words.contains(group) && accepts(type)
                && words.stream().filter(word -> !word.equals(group))
                        .flatMap(word -> GROUPS.getOrDefault(word, List.of(word)).stream())
                        .noneMatch(pattern -> matches(pattern, type));
    }

    /** Whether events of that type are wanted. */
    public boolean accepts(String type) {
        Boolean known = decisions.get(type);
        if (known != null) {
            return known;
        }
        boolean accepted = decide(type);
        if (decisions.size() < MAX_REMEMBERED && type.length() <= MAX_LENGTH) {
            decisions.put(type, accepted);
        }
        return accepted;
    }

    private boolean decide(String type) {
        if (patterns.isEmpty()) {
            return !type.endsWith(EventTypes.DELTA_SUFFIX);
        }
        for (String pattern : patterns) {
            if (matches(pattern, type)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Glob matching that never backs up further than the last star, so that a long hostile type costs no more than its
     * length times that of the pattern.
     */
    private static boolean matches(String pattern, String type) {
        int p = 0;
        int t = 0;
        int star = -1;
        int retry = 0;
        while (t < type.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                retry = t;
            } else if (p < pattern.length() && pattern.charAt(p) == type.charAt(t)) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++retry;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    private static Map<String, List<String>> groupTable() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        groups.put("transcript", List.of(
                EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_COMPLETED,
                EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_FAILED,
                EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_SEGMENT,
                EventTypes.RESPONSE_OUTPUT_AUDIO_TRANSCRIPT_DONE,
                EventTypes.RESPONSE_OUTPUT_TEXT_DONE,
                "camel.transcript.*"));
        // translation sessions have transcripts in deltas only
        groups.put("transcript-partial", List.of(
                EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_DELTA,
                EventTypes.RESPONSE_OUTPUT_AUDIO_TRANSCRIPT_DELTA,
                EventTypes.RESPONSE_OUTPUT_TEXT_DELTA,
                EventTypes.SESSION_INPUT_TRANSCRIPT_DELTA,
                EventTypes.SESSION_OUTPUT_TRANSCRIPT_DELTA));
        groups.put("audio", List.of(
                EventTypes.RESPONSE_OUTPUT_AUDIO_DELTA,
                EventTypes.RESPONSE_OUTPUT_AUDIO_DONE,
                EventTypes.SESSION_OUTPUT_AUDIO_DELTA,
                "camel.playback.*"));
        groups.put("text", List.of(
                EventTypes.RESPONSE_OUTPUT_TEXT_DELTA,
                EventTypes.RESPONSE_OUTPUT_TEXT_DONE));
        groups.put("turn", List.of(
                EventTypes.INPUT_AUDIO_BUFFER_SPEECH_STARTED,
                EventTypes.INPUT_AUDIO_BUFFER_SPEECH_STOPPED,
                EventTypes.INPUT_AUDIO_BUFFER_COMMITTED,
                EventTypes.INPUT_AUDIO_BUFFER_TIMEOUT_TRIGGERED,
                EventTypes.RESPONSE_CREATED,
                EventTypes.RESPONSE_DONE,
                "camel.turn.*",
                "camel.assistant.*"));
        groups.put("tool", List.of(
                EventTypes.RESPONSE_FUNCTION_CALL_ARGUMENTS_DONE,
                "mcp_*",
                "response.mcp_*"));
        groups.put("mcp", List.of(
                "mcp_*",
                "response.mcp_*"));
        groups.put("lifecycle", List.of(
                EventTypes.SESSION_CREATED,
                EventTypes.SESSION_UPDATED,
                EventTypes.SESSION_CLOSED,
                "camel.session.*"));
        groups.put(ERROR, List.of(EventTypes.ERROR, "*.failed", "camel.error*"));
        groups.put("usage", List.of(
                EventTypes.RESPONSE_DONE,
                EventTypes.RATE_LIMITS_UPDATED,
                "camel.usage*",
                "camel.context*",
                "camel.cost*"));
        groups.put(ALL, List.of("*"));
        return Collections.unmodifiableMap(groups);
    }
}
