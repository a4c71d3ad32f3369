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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.SessionType;

/**
 * What is known not to go together, by model (wire reference §3, traps T-35 to T-37). Models change, so this only takes
 * out what would make the service refuse the whole configuration, and says so; what a user puts in by hand
 * ({@code sessionProperties.*}, {@code sessionConfig}) is left alone, and the service has the last word.
 */
public final class ModelRules {

    private static final Set<String> NO_TURN_DETECTION = Set.of("gpt-realtime-whisper", "gpt-live-transcribe");
    private static final Set<String> NO_PROMPT = Set.of("gpt-realtime-whisper", "gpt-4o-transcribe-diarize");
    private static final Set<String> KEYWORDS = Set.of("gpt-transcribe", "gpt-live-transcribe");
    private static final Set<String> DELAY = Set.of("gpt-realtime-whisper");
    private static final Set<String> NOT_REASONING = Set.of(
            "gpt-realtime", "gpt-realtime-2025-08-28", "gpt-realtime-mini", "gpt-realtime-mini-2025-12-15",
            "gpt-realtime-mini-2025-10-06", "gpt-realtime-1.5", "gpt-4o-realtime-preview", "gpt-4o-mini-realtime-preview");

    /** Context window without the longest answer (wire reference §0.2 and §3.2), in tokens. */
    private static final Map<String, Long> INPUT_TOKENS = Map.of(
            "gpt-realtime-2.1", 96_000L, "gpt-realtime-2.1-mini", 96_000L, "gpt-realtime-2", 96_000L,
            "gpt-realtime-1.5", 28_224L, "gpt-realtime", 28_224L, "gpt-realtime-2025-08-28", 28_224L,
            "gpt-realtime-mini", 28_224L, "gpt-realtime-mini-2025-12-15", 28_224L);

    private ModelRules() {
    }

    /** Whether the transcription model refuses turn detection in a transcription session, so that commits are ours. */
    public static boolean refusesTurnDetection(String transcriptionModel) {
        return NO_TURN_DETECTION.contains(transcriptionModel);
    }

    /** Whether the transcription model takes a prompt; true for one that is not known. */
    static boolean takesPrompt(String transcriptionModel) {
        return !NO_PROMPT.contains(transcriptionModel);
    }

    /** Whether the transcription model takes keywords and languages; true for one that is not known. */
    static boolean takesKeywords(String transcriptionModel) {
        return KEYWORDS.contains(transcriptionModel) || !isKnownTranscriber(transcriptionModel);
    }

    /** Whether the transcription model takes a delay; true for one that is not known. */
    static boolean takesDelay(String transcriptionModel) {
        return DELAY.contains(transcriptionModel) || !isKnownTranscriber(transcriptionModel);
    }

    private static boolean isKnownTranscriber(String model) {
        return model.startsWith("gpt-") || model.startsWith("whisper");
    }

    /** Whether the model reasons, and calls tools side by side; true for one that is not known. */
    static boolean reasons(String model) {
        return !NOT_REASONING.contains(model);
    }

    /** How much of a conversation the model takes in, in tokens; 0 for one that is not known. */
    public static long inputTokens(String model) {
        return INPUT_TOKENS.getOrDefault(model, 0L);
    }

    /**
     * Takes known bad pairs out of a session object.
     *
     * @param  type    kind of session
     * @param  model   model of the session
     * @param  session the session object, changed in place
     * @return         what was taken out and why, a sentence each
     */
    public static List<String> apply(SessionType type, String model, ObjectNode session) {
        List<String> omitted = new ArrayList<>();
        JsonNode input = session.path("audio").path("input");
        if (input.path("transcription") instanceof ObjectNode transcription) {
            String transcriber = transcription.path("model").asText();
            drop(omitted, transcription, "prompt", !takesPrompt(transcriber), transcriber);
            drop(omitted, transcription, "keywords", !takesKeywords(transcriber), transcriber);
            drop(omitted, transcription, "languages", !takesKeywords(transcriber), transcriber);
            drop(omitted, transcription, "delay", !takesDelay(transcriber), transcriber);
            if (type == SessionType.TRANSCRIPTION && refusesTurnDetection(transcriber)
                    && input.path("turn_detection").isObject()) {
                ((ObjectNode) input).putNull("turn_detection");
                omitted.add("turn_detection: " + transcriber + " refuses it, turns are ended by our segmenter");
            }
        }
        drop(omitted, session, "reasoning", !reasons(model), model);
        drop(omitted, session, "parallel_tool_calls", !reasons(model), model);
        return omitted;
    }

    private static void drop(List<String> omitted, ObjectNode object, String member, boolean bad, String model) {
        if (bad && object.has(member)) {
            object.remove(member);
            omitted.add(member + ": not known to " + model);
        }
    }
}
