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
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Which options belong to a session and not to an endpoint. A test holds the list against the catalogue. */
final class SessionOptions {

    static final String PROPERTIES_PREFIX = "sessionProperties.";
    static final String HEADERS_PREFIX = SessionHeaders.CUSTOM;

    static final Set<String> NAMES = Set.of(
            "apiKey", "credentials", "provider", "baseUrl", "organization", "project", "safetyIdentifier",
            "safetyIdentifierSecret", "sslContextParameters", "proxyHost", "proxyPort", "proxyUser", "proxyPassword",
            "nonProxyHosts", "sessionType", "model", "modelRetirementWarning", "instructions", "voice", "speed",
            "outputModalities", "maxOutputTokens", "reasoningEffort", "tracing", "inputAudioFormat", "outputAudioFormat",
            "noiseReduction", "turnDetection", "vadThreshold", "vadPrefixPadding", "vadSilenceDuration",
            "vadIdleTimeout", "vadEagerness", "vadCreateResponse", "vadInterruptResponse", "vadStuckTimeout", "autoTruncate",
            "interruptMinSpeech", "falseInterruptionTimeout", "halfDuplex", "muteMode",
            "responseRetries", "greeting", "history", "transcriptionModel",
            "language", "languages", "keywords", "transcriptionPrompt", "transcriptionDelay", "transcriptionLogprobs",
            "sessionConfig", "transcriptOrdering", "segmentation", "segmentMinSpeech", "segmentPreRoll", "segmentHangover", "segmentMax",
            "connectOn", "connectTimeout", "sessionReadyTimeout", "pingInterval", "livenessTimeout", "sendTimeout",
            "fallback", "fallbackAttempts", "fallbackCooldown", "rollover", "rolloverBefore", "rolloverDeadline", "rolloverJitter",
            "reconnect", "replayHistory", "reanchor", "historyMaxItems", "historyMaxText", "historyMaxImages",
            "contextWindow", "contextWarning", "maxReconnects", "reconnectInterval",
            "reconnectMaxInterval", "maxReconnectAttempts", "maxMessageSize", "compression", "itemAckTimeout",
            "transcriptTimeout", "drainTimeout", "idleTimeout", "overflow", "maxQueuedAudio", "maxOutstandingAudio",
            "maxUnsettledAudio");

    /** How an option may be written: {@code turn-detection}, {@code turnDetection}, {@code TURNDETECTION} in the environment. */
    private static final Map<String, String> BY_SPELLING = NAMES.stream()
            .collect(Collectors.toUnmodifiableMap(SessionOptions::spelling, Function.identity()));
    /** Options of many values: what follows is a path or a name of the service's. */
    private static final Map<String, String> PREFIX_BY_SPELLING = Map.of(
            spelling(PROPERTIES_PREFIX), PROPERTIES_PREFIX, spelling(HEADERS_PREFIX), HEADERS_PREFIX);

    private SessionOptions() {
    }

    static boolean isSessionOption(String name) {
        return NAMES.contains(name) || PREFIX_BY_SPELLING.containsValue(name.substring(0, name.indexOf('.') + 1));
    }

    /**
     * Brings {@code support -> {model -> x}} (as the starter and Camel Main give it) and {@code support.model -> x} (from
     * {@code sessions[support.model]}, or given so in Java) into one shape.
     *
     * @return                          by session, its options by their names in the catalogue
     * @throws IllegalArgumentException for an option that no session has; names the option, never a value
     */
    static Map<String, Map<String, Object>> grouped(Map<String, Object> sessions) {
        Map<String, Map<String, Object>> grouped = new LinkedHashMap<>();
        sessions.forEach((key, value) -> {
            if (value instanceof Map<?, ?> options) {
                OptionTree.flat(options).forEach((option, setting) -> put(grouped, key, option, setting));
                return;
            }
            int dot = key.indexOf('.');
            if (dot <= 0 || dot == key.length() - 1) {
                throw new IllegalArgumentException("Option sessions." + key
                                                   + " is not of the form sessions.<session name>.<option>");
            }
            put(grouped, key.substring(0, dot), key.substring(dot + 1), value);
        });
        return grouped;
    }

    private static void put(Map<String, Map<String, Object>> grouped, String session, String option, Object value) {
        String name = name(option);
        if (name == null) {
            throw new IllegalArgumentException("Option sessions." + session + "." + option + " is not an option of a session "
                                               + "(options of endpoints, such as eventTypes or operation, belong into the URI)");
        }
        Object before = grouped.computeIfAbsent(session, key -> new LinkedHashMap<>()).put(name, value);
        if (before != null && !before.equals(value)) {
            throw new IllegalArgumentException("Option sessions." + session + "." + name + " is given twice, spelled differently");
        }
    }

    /** The name in the catalogue, or null if there is none. */
    private static String name(String option) {
        int dot = option.indexOf('.');
        if (dot < 0) {
            return BY_SPELLING.get(spelling(option));
        }
        String prefix = PREFIX_BY_SPELLING.get(spelling(option.substring(0, dot + 1)));
        // what follows stays as it is
        return prefix == null ? null : prefix + option.substring(dot + 1);
    }

    private static String spelling(String option) {
        return option.replace("-", "").toLowerCase(Locale.ROOT);
    }
}
