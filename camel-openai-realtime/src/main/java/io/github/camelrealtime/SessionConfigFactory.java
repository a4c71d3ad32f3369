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

import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.audio.EnergySegmenter;
import io.github.camelrealtime.event.SessionType;
import io.github.camelrealtime.session.ModelRules;
import io.github.camelrealtime.session.SessionConfig;
import io.github.camelrealtime.session.TranscriptOrdering;
import io.github.camelrealtime.session.TurnMode;

/**
 * Makes the configuration of a session from options, checking them: what cannot work fails when the route starts.
 */
final class SessionConfigFactory {

    static final String DEFAULT_MODEL = "gpt-realtime-2.1";
    static final String DEFAULT_TRANSCRIPTION_MODEL = "gpt-live-transcribe";
    static final String DEFAULT_BASE_URL = "https://api.openai.com/v1";

    private static final Set<String> SECURE = Set.of("https", "wss");
    private static final Set<String> PLAIN = Set.of("http", "ws");
    private static final Pattern NUMERIC = Pattern.compile("[0-9.]+");

    private SessionConfigFactory() {
    }

    /**
     * @param  options                  effective options of the session
     * @param  transcribes              whether operation {@code transcribe} uses it
     * @throws IllegalArgumentException naming the option that is wrong
     */
    static SessionConfig create(OpenAIRealtimeConfiguration options, boolean transcribes) {
        SessionType type = options.getSessionType() != null ? options.getSessionType()
                : transcribes ? SessionType.TRANSCRIPTION : SessionType.REALTIME;
        checkRanges(options);
        String model = model(options, type);
        boolean ownTurns = ownTurns(options, type, model, transcribes);
        ObjectNode update = new SessionUpdateFactory(options, type, model, ownTurns).create();
        JsonNode input = update == null ? null : update.path("audio").path("input");
        TurnMode turns = ownTurns ? TurnMode.CLIENT
                : input != null && input.path("turn_detection").isNull() ? TurnMode.MANUAL : TurnMode.SERVER;
        return new SessionConfig(
                type, model, uri(options, type, model), () -> headers(options), update,
                audioFormat(update, "input"), audioFormat(update, "output"), turns,
                segmenter(options), input != null && input.path("transcription").isObject(),
                options.getTranscriptOrdering() == null ? TranscriptOrdering.CONVERSATION : options.getTranscriptOrdering(),
                new SessionConfig.AudioQueue(
                        or(options.getMaxQueuedAudio(), 2_000), options.getOverflow()),
                or(options.getMaxOutstandingAudio(), 120_000),
                new SessionConfig.Timeouts(
                        or(options.getSessionReadyTimeout(), 10_000), or(options.getItemAckTimeout(), 5_000),
                        or(options.getTranscriptTimeout(), 30_000), or(options.getDrainTimeout(), 2_000),
                        or(options.getIdleTimeout(), 300_000)),
                new SessionConfig.Backoff(
                        or(options.getReconnectInterval(), 500), or(options.getReconnectMaxInterval(), 30_000),
                        options.getMaxReconnectAttempts() == null ? 5 : options.getMaxReconnectAttempts()),
                maxReconnects(options, transcribes),
                new SessionConfig.Liveness(
                        or(options.getLivenessTimeout(), 30_000), or(options.getSendTimeout(), 20_000),
                        or(options.getVadStuckTimeout(), 0)));
    }

    /** A pool replaces what it has lost: half a recording on another connection is of no use to anybody. */
    private static int maxReconnects(OpenAIRealtimeConfiguration options, boolean transcribes) {
        if (transcribes || Boolean.FALSE.equals(options.getReconnect())) {
            return 0;
        }
        return options.getMaxReconnects() == null ? 50 : options.getMaxReconnects();
    }

    private static String model(OpenAIRealtimeConfiguration options, SessionType type) {
        if (type != SessionType.TRANSCRIPTION) {
            return options.getModel() == null ? DEFAULT_MODEL : options.getModel();
        }
        if (options.getModel() != null && options.getTranscriptionModel() != null
                && !options.getModel().equals(options.getTranscriptionModel())) {
            throw new IllegalArgumentException("In a transcription session model and transcriptionModel are the same thing, but "
                                               + options.getModel() + " and " + options.getTranscriptionModel() + " are given");
        }
        if (options.getModel() != null) {
            return options.getModel();
        }
        return options.getTranscriptionModel() == null ? DEFAULT_TRANSCRIPTION_MODEL : options.getTranscriptionModel();
    }

    private static boolean ownTurns(
            OpenAIRealtimeConfiguration options, SessionType type, String model, boolean transcribes) {
        boolean detection = options.getTurnDetection() != null && !"none".equals(options.getTurnDetection());
        if (transcribes || Boolean.TRUE.equals(options.getSegmentation())) {
            if (detection) {
                throw new IllegalArgumentException("turnDetection=" + options.getTurnDetection() + " cannot go with "
                                                   + (transcribes ? "operation=transcribe" : "segmentation=true")
                                                   + ": only one can end the turns");
            }
            return true;
        }
        return options.getSegmentation() == null && options.getTurnDetection() == null && type == SessionType.TRANSCRIPTION
                && ModelRules.refusesTurnDetection(model);
    }

    private static EnergySegmenter.Settings segmenter(OpenAIRealtimeConfiguration options) {
        return new EnergySegmenter.Settings(
                (int) or(options.getSegmentMinSpeech(), 250), (int) or(options.getSegmentPreRoll(), 300),
                (int) or(options.getSegmentHangover(), 500), (int) or(options.getSegmentMax(), 30_000));
    }

    /** What goes to the service decides, be it from an option or put in by hand. */
    private static AudioFormat audioFormat(ObjectNode update, String direction) {
        JsonNode type = update == null ? null : update.path("audio").path(direction).path("format").path("type");
        return type == null || !type.isTextual() ? AudioFormat.PCM_24K : AudioFormat.parse(type.textValue());
    }

    private static URI uri(OpenAIRealtimeConfiguration options, SessionType type, String model) {
        String base = options.getBaseUrl() == null ? DEFAULT_BASE_URL : options.getBaseUrl();
        URI given = URI.create(base.endsWith("/") ? base.substring(0, base.length() - 1) : base);
        String scheme = given.getScheme() == null ? "" : given.getScheme();
        if (PLAIN.contains(scheme)) {
            if (!isLoopback(given.getHost())) {
                throw new IllegalArgumentException("Option baseUrl: " + scheme + " would show the API key to everybody on the way to "
                                                   + given.getHost() + "; use https");
            }
        } else if (!SECURE.contains(scheme)) {
            throw new IllegalArgumentException("Option baseUrl: an https address is expected, such as " + DEFAULT_BASE_URL);
        }
        String query = type == SessionType.TRANSCRIPTION
                ? "intent=transcription" : "model=" + URLEncoder.encode(model, StandardCharsets.UTF_8);
        return URI.create((SECURE.contains(scheme) ? "wss" : "ws") + "://" + given.getRawAuthority() + given.getRawPath()
                          + "/realtime?" + query);
    }

    private static boolean isLoopback(String host) {
        if (host == null) {
            return false;
        }
        if ("localhost".equals(host)) {
            return true;
        }
        boolean literal = host.startsWith("[") || NUMERIC.matcher(host).matches();
        try {
            // only addresses written as such: a name is not looked up for this
            return literal && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static Map<String, String> headers(OpenAIRealtimeConfiguration options) {
        String key = options.getApiKey();
        if (key == null) {
            key = System.getenv("OPENAI_API_KEY");
        }
        if (key == null) {
            key = System.getProperty("openai.api.key");
        }
        if (key == null || key.isBlank()) {
            throw new IllegalStateException("no API key: set option apiKey (component, session or endpoint), the environment variable "
                                            + "OPENAI_API_KEY, or the system property openai.api.key");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Authorization", "Bearer " + key.trim());
        if (options.getOrganization() != null) {
            headers.put("OpenAI-Organization", options.getOrganization());
        }
        if (options.getProject() != null) {
            headers.put("OpenAI-Project", options.getProject());
        }
        return headers;
    }

    private static void checkRanges(OpenAIRealtimeConfiguration options) {
        range("speed", options.getSpeed(), 0.25, 1.5);
        range("vadThreshold", options.getVadThreshold(), 0, 1);
        range("maxOutputTokens", options.getMaxOutputTokens(), 1, 4096);
        range("vadIdleTimeout (ms)", options.getVadIdleTimeout(), 5_000, 30_000);
        range("maxReconnectAttempts", options.getMaxReconnectAttempts(), 1, 1_000_000);
        range("maxReconnects", options.getMaxReconnects(), 1, 1_000_000);
        range("livenessTimeout (ms)", options.getLivenessTimeout(), 0, 86_400_000);
        range("sendTimeout (ms)", options.getSendTimeout(), 0, 86_400_000);
        range("vadStuckTimeout (ms)", options.getVadStuckTimeout(), 0, 86_400_000);
        range("pingInterval (ms)", options.getPingInterval(), 0, 86_400_000);
        range("maxOutstandingAudio (ms)", options.getMaxOutstandingAudio(), 0, 86_400_000);
        range("maxQueuedAudio (ms)", options.getMaxQueuedAudio(), 1, 3_600_000);
        range("transcriptTimeout (ms)", options.getTranscriptTimeout(), 1, Long.MAX_VALUE);
        range("drainTimeout (ms)", options.getDrainTimeout(), 0, Long.MAX_VALUE);
        range("maxMessageSize (bytes)", options.getMaxMessageSize(), 64 * 1024, Integer.MAX_VALUE);
    }

    private static void range(String option, Number value, double least, double most) {
        if (value != null && (value.doubleValue() < least || value.doubleValue() > most)) {
            throw new IllegalArgumentException("Option " + option + " is " + value + ", allowed is " + plain(least) + " to "
                                               + plain(most));
        }
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    private static long or(Long value, long otherwise) {
        return value == null ? otherwise : value;
    }
}
