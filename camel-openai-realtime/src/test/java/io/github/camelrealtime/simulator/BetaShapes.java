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

import com.fasterxml.jackson.databind.JsonNode;

/** How clients of the Beta are told from mistaken ones: the Beta's session had no type, and other names (section 1.10). */
final class BetaShapes {

    private static final List<String> MEMBERS = List.of("modalities", "voice", "speed", "input_audio_format",
            "output_audio_format", "input_audio_transcription", "input_audio_noise_reduction", "turn_detection",
            "max_response_output_tokens", "temperature");

    private BetaShapes() {
    }

    static boolean isBeta(JsonNode session) {
        return !session.has("type") && MEMBERS.stream().anyMatch(session::has);
    }

    static ProtocolError refusal() {
        return ProtocolError.fatal("beta_api_shape_disabled", "The Realtime Beta API is no longer supported. Please use /v1/realtime"
                + " and the shapes of the generally available API.", null);
    }
}
