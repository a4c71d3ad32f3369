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
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The rules of {@code session.update} that look at more than one member, or at what was there before. */
final class UpdateCheck {

    private static final String INPUT = "session.audio.input.";

    private final SessionConfig current;
    private final JsonNode update;
    private final ObjectNode next;
    private final Behaviour behaviour;

    /** @param next the merged configuration, which this may still adjust */
    UpdateCheck(SessionConfig current, JsonNode update, ObjectNode next, Behaviour behaviour) {
        this.behaviour = behaviour;
        this.current = current;
        this.update = update;
        this.next = next;
    }

    void check(boolean assistantAudio, boolean responding) {
        checkTranscriptionModel();
        if (current.type() == SessionType.TRANSCRIPTION) {
            settleTurnDetection();
            return;
        }
        checkLocks(assistantAudio, responding);
        checkReasoning(update, current.model(), "session.");
        checkOutputTokens();
        current.mcpServers().complete(next.path("tools"), "session.tools");
    }

    private void checkOutputTokens() {
        JsonNode tokens = update.path("max_output_tokens");
        boolean larger = current.model().reasoning() && behaviour.assumes(Assumption.OUTPUT_TOKENS_BY_MODEL);
        if (tokens.isNumber() && !larger) {
            SessionRules.MAX_OUTPUT_TOKENS.check(tokens, "session.max_output_tokens");
        }
    }

    private void checkLocks(boolean assistantAudio, boolean responding) {
        if (changes("/model")) {
            throw ProtocolError.invalidValue("The model of a session cannot be changed: this one runs '"
                    + current.model().name() + "'.", "session.model");
        }
        if (assistantAudio && changes("/audio/output/voice")) {
            throw ProtocolError.of("cannot_update_voice",
                    "Cannot update a conversation's voice if assistant audio is present.", "session.audio.output.voice");
        }
        if (responding && changes("/audio/output/speed")) {
            throw ProtocolError.invalidValue("The speed can only be changed between responses.", "session.audio.output.speed");
        }
        if (responding && behaviour.assumes(Assumption.FORMAT_FIXED_WHILE_RESPONDING)
                && (changes("/audio/input/format") || changes("/audio/output/format"))) {
            throw ProtocolError.invalidValue("The audio format can only be changed between responses.", "session.audio");
        }
        if (!current.at("/tracing").isNull() && changes("/tracing")) {
            throw ProtocolError.invalidValue("Tracing cannot be changed once it is enabled.", "session.tracing");
        }
    }

    /** What only reasoning models take. @param prefix of the parameter's name */
    static void checkReasoning(JsonNode wanted, ModelProfile model, String prefix) {
        for (String member : new String[] {"reasoning", "parallel_tool_calls"}) {
            if (wanted.has(member) && !model.reasoning()) {
                throw ProtocolError.invalidValue("'" + member + "' is not supported by the model '" + model.name() + "'.",
                        prefix + member);
            }
        }
    }

    private void checkTranscriptionModel() {
        JsonNode transcription = next.at("/audio/input/transcription");
        if (!transcription.isObject()) {
            return;
        }
        String model = transcription.path("model").asText("");
        if (transcription.path("model").isNull()) {
            throw ProtocolError.missing(INPUT + "transcription.model");
        }
        refuseUnless(!model.equals("gpt-realtime-whisper") && !model.endsWith("-diarize"), transcription, "prompt", model);
        refuseUnless(model.equals("gpt-realtime-whisper"), transcription, "delay", model);
        refuseUnless(ModelProfile.takesKeywords(model), transcription, "languages", model);
        refuseUnless(ModelProfile.takesKeywords(model), transcription, "keywords", model);
    }

    private static void refuseUnless(boolean supported, JsonNode transcription, String member, String model) {
        if (!supported && transcription.hasNonNull(member)) {
            throw ProtocolError.invalidValue("'" + member + "' is not supported by the transcription model '" + model + "'.",
                    INPUT + "transcription." + member);
        }
    }

    /** The streaming transcription models take no turn detection: refused if asked for, off if left out. */
    private void settleTurnDetection() {
        String model = next.at("/audio/input/transcription/model").asText("");
        if (!ModelProfile.refusesTurnDetection(model)) {
            return;
        }
        if (update.at("/audio/input/turn_detection").isObject()) {
            throw ProtocolError.of(null, "Turn detection is not supported for this transcription model",
                    INPUT + "turn_detection");
        }
        ((ObjectNode) next.at("/audio/input")).putNull("turn_detection");
    }

    private boolean changes(String pointer) {
        JsonNode wanted = update.at(pointer);
        return !wanted.isMissingNode() && !wanted.equals(current.at(pointer));
    }
}
