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

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Decides from the loudness of 10 ms frames whether somebody speaks. A few loud frames begin speech, so that a click does
 * not; the configured silence ends it.
 */
final class SpeechDetector {

    static final int FRAME_MILLIS = 10;
    /** Loud frames in a row that begin speech. */
    static final int ONSET_FRAMES = 3;

    private static final double FULL_SCALE = 32_768;
    /** Threshold 0 hears nearly everything, 0.5 a quiet voice (-40 dB of full scale), 1 nothing. */
    private static final double QUIETEST_DB = -80;
    private static final double THRESHOLD_SPAN_DB = 80;
    private static final int SEMANTIC_PREFIX_MILLIS = 300;

    private final double loud;
    private final int prefixMillis;
    private final int silenceFrames;
    private boolean speaking;
    private int run;

    /** @param turnDetection {@code server_vad} or {@code semantic_vad} with its defaults filled in */
    SpeechDetector(JsonNode turnDetection) {
        boolean semantic = turnDetection.path("type").asText().equals("semantic_vad");
        double threshold = semantic ? 0.5 : turnDetection.path("threshold").asDouble();
        loud = FULL_SCALE * Math.pow(10, (QUIETEST_DB + THRESHOLD_SPAN_DB * threshold) / 20);
        prefixMillis = semantic ? SEMANTIC_PREFIX_MILLIS : turnDetection.path("prefix_padding_ms").asInt();
        int silence = semantic ? patience(turnDetection.path("eagerness").asText())
                : turnDetection.path("silence_duration_ms").asInt();
        silenceFrames = Math.max(1, silence / FRAME_MILLIS);
    }

    int prefixMillis() {
        return prefixMillis;
    }

    boolean isSpeaking() {
        return speaking;
    }

    /** Hears the next frame. @param rms 0 to 32768 */
    Decision hear(double rms) {
        boolean isLoud = rms > loud;
        run = isLoud == speaking ? 0 : run + 1;
        if (!speaking && run == ONSET_FRAMES) {
            return turn(Decision.STARTED);
        }
        if (speaking && run == silenceFrames) {
            return turn(Decision.STOPPED);
        }
        return Decision.NONE;
    }

    private Decision turn(Decision decision) {
        speaking = !speaking;
        run = 0;
        return decision;
    }

    /** A quarter of the longest wait the service documents: words cannot be understood here, so silence must do. */
    private static int patience(String eagerness) {
        return switch (eagerness) {
            case "low" -> 2_000;
            case "high" -> 500;
            default -> 1_000;
        };
    }

    enum Decision {
        NONE, STARTED, STOPPED
    }
}
