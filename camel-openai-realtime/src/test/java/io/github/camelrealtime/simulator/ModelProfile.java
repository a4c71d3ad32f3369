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
package io.github.camelrealtime.simulator;

import java.util.List;
import java.util.Set;

/**
 * What differs between models on the wire.
 *
 * @param name          the model
 * @param voice         default voice
 * @param silenceMillis default {@code silence_duration_ms}
 * @param inputTokens   what a response may have as input
 * @param reasoning     takes {@code reasoning} and {@code parallel_tool_calls}, and marks messages with a {@code phase}
 */
record ModelProfile(String name, String voice, int silenceMillis, int inputTokens, boolean reasoning) {

    /** Models that hold conversations. */
    static final Set<String> CONVERSATION = Set.of("gpt-realtime-2.1", "gpt-realtime-2.1-mini", "gpt-realtime-2",
            "gpt-realtime-1.5", "gpt-realtime", "gpt-realtime-2025-08-28", "gpt-realtime-mini",
            "gpt-realtime-mini-2025-12-15");

    /** Models that exist but cannot be the model of a conversation: the socket opens and is closed with 4000. */
    static final Set<String> OTHER = Set.of("gpt-realtime-whisper", "gpt-realtime-translate", "gpt-live-transcribe",
            "gpt-live-1", "gpt-transcribe", "gpt-4o-transcribe", "gpt-4o-mini-transcribe",
            "gpt-4o-mini-transcribe-2025-12-15", "gpt-4o-transcribe-diarize", "whisper-1");

    private static final List<String> NO_TURN_DETECTION = List.of("gpt-realtime-whisper", "gpt-live-transcribe");
    private static final List<String> TOKENS_FOR_TRANSCRIPTS = List.of("gpt-4o-transcribe", "gpt-4o-mini-transcribe");
    private static final List<String> KEYWORDS = List.of("gpt-transcribe", "gpt-live-transcribe");

    static ModelProfile of(String model) {
        boolean reasoning = model.startsWith("gpt-realtime-2") && !model.startsWith("gpt-realtime-2025");
        boolean first = model.equals("gpt-realtime") || model.equals("gpt-realtime-2025-08-28");
        return new ModelProfile(model, reasoning ? "marin" : "alloy", first ? 200 : 500, reasoning ? 96_000 : 28_224, reasoning);
    }

    /** Transcription models that refuse turn detection in transcription sessions. */
    static boolean refusesTurnDetection(String transcriptionModel) {
        return NO_TURN_DETECTION.contains(transcriptionModel);
    }

    /** Whether a transcript's usage is counted in tokens; in seconds otherwise. */
    static boolean countsTokens(String transcriptionModel) {
        return TOKENS_FOR_TRANSCRIPTS.stream().anyMatch(transcriptionModel::startsWith);
    }

    static boolean takesKeywords(String transcriptionModel) {
        return KEYWORDS.contains(transcriptionModel);
    }
}
