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
package io.github.camelrealtime;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Which options belong to a session and not to an endpoint. A test holds the list against the catalogue. */
final class SessionOptions {

    static final String PROPERTIES_PREFIX = "sessionProperties.";

    static final Set<String> NAMES = Set.of(
            "apiKey", "baseUrl", "organization", "project", "sessionType", "model", "instructions", "voice", "speed",
            "outputModalities", "maxOutputTokens", "reasoningEffort", "inputAudioFormat", "outputAudioFormat",
            "noiseReduction", "turnDetection", "vadThreshold", "vadPrefixPadding", "vadSilenceDuration",
            "vadIdleTimeout", "vadEagerness", "vadCreateResponse", "vadInterruptResponse", "transcriptionModel",
            "language", "languages", "keywords", "transcriptionPrompt", "transcriptionDelay", "transcriptionLogprobs",
            "sessionConfig", "transcriptOrdering", "segmentation", "segmentMinSpeech", "segmentPreRoll", "segmentHangover", "segmentMax",
            "connectOn", "connectTimeout", "sessionReadyTimeout", "pingInterval", "reconnectInterval",
            "reconnectMaxInterval", "maxReconnectAttempts", "maxMessageSize", "compression", "itemAckTimeout",
            "transcriptTimeout", "drainTimeout", "idleTimeout", "overflow", "maxQueuedAudio");

    private SessionOptions() {
    }

    static boolean isSessionOption(String name) {
        return NAMES.contains(name) || name.startsWith(PROPERTIES_PREFIX);
    }

    /**
     * Brings {@code support.model -> x} (as Camel Main gives it) and {@code support -> {model -> x}} (as the starter gives it)
     * into one shape.
     *
     * @throws IllegalArgumentException for an option that no session has
     */
    static Map<String, Map<String, Object>> grouped(Map<String, Object> sessions) {
        Map<String, Map<String, Object>> grouped = new LinkedHashMap<>();
        if (sessions == null) {
            return grouped;
        }
        sessions.forEach((key, value) -> {
            if (value instanceof Map<?, ?> options) {
                options.forEach((option, setting) -> put(grouped, key, String.valueOf(option), setting));
                return;
            }
            int dot = key.indexOf('.');
            if (dot <= 0 || dot == key.length() - 1) {
                throw new IllegalArgumentException("Option sessions: " + key
                                                   + " is not of the form <session name>.<option>");
            }
            put(grouped, key.substring(0, dot), key.substring(dot + 1), value);
        });
        return grouped;
    }

    private static void put(Map<String, Map<String, Object>> grouped, String session, String option, Object value) {
        String name = camelCase(option);
        if (!isSessionOption(name)) {
            throw new IllegalArgumentException("Option sessions." + session + "." + option + " is not an option of a session");
        }
        grouped.computeIfAbsent(session, key -> new LinkedHashMap<>()).put(name, value);
    }

    /** {@code turn-detection} and {@code turnDetection} are the same. */
    private static String camelCase(String option) {
        if (option.indexOf('-') < 0 || option.startsWith(PROPERTIES_PREFIX)) {
            return option;
        }
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < option.length(); i++) {
            char c = option.charAt(i);
            if (c == '-' && i + 1 < option.length()) {
                name.append(Character.toUpperCase(option.charAt(++i)));
            } else {
                name.append(c);
            }
        }
        return name.toString();
    }
}
