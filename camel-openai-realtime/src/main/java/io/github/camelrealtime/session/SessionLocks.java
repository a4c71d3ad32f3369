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

import java.util.Locale;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.SessionType;

/** What cannot be changed while a session lives, by the service's rules (wire reference §3.1) or by ours. */
final class SessionLocks {

    private SessionLocks() {
    }

    /**
     * Finds the first member that may not be set so.
     *
     * @param  wanted         the session object of an update
     * @param  effective      what the service holds, {@code null} if not known
     * @param  assistantHeard whether the conversation holds audio of the assistant
     * @return                what is wrong and what to do, {@code null} if nothing is
     */
    static String violation(ObjectNode wanted, SessionConfig config, JsonNode effective, boolean assistantHeard) {
        JsonNode held = effective == null ? MissingNode.getInstance() : effective;
        JsonNode type = wanted.path("type");
        if (!type.isMissingNode() && !type.asText().equals(config.type().wireName())) {
            return "the type of a session cannot be changed: this is a " + config.type().wireName()
                   + " session; another type needs a session of another name";
        }
        if (config.type() == SessionType.REALTIME && wanted.has("model") && !isModel(wanted.get("model"), config, held)) {
            return "the model of a session cannot be changed: this one runs " + config.model()
                   + "; another model needs a session of another name";
        }
        JsonNode output = wanted.path("audio").path("output");
        if (assistantHeard && changes(output, held.path("audio").path("output"), "voice")) {
            return "the voice cannot be changed once the assistant has been heard: leave audio.output.voice out, or set it "
                   + "before the first response";
        }
        if (held.hasNonNull("tracing") && changes(wanted, held, "tracing")) {
            return "tracing cannot be changed once it is on: leave it out";
        }
        JsonNode input = wanted.path("audio").path("input");
        if (config.turns() == TurnMode.CLIENT && input.path("turn_detection").isObject()) {
            return "turn detection cannot be switched on, as turns are ended by our own segmenter (option segmentation, or a "
                   + "model that refuses turn detection): leave audio.input.turn_detection out";
        }
        String format = format("input", input.path("format"), config.inputFormat());
        return format != null ? format : format("output", output.path("format"), config.outputFormat());
    }

    /** The service may know the model by the name of its snapshot. */
    private static boolean isModel(JsonNode wanted, SessionConfig config, JsonNode held) {
        return wanted.asText().equals(config.model()) || SessionDiff.same(wanted, held.get("model"));
    }

    private static boolean changes(JsonNode wanted, JsonNode held, String member) {
        return wanted.has(member) && !SessionDiff.same(wanted.get(member), held.get(member));
    }

    /** Audio is converted to and from the format with which the session was made. */
    private static String format(String direction, JsonNode wanted, AudioFormat made) {
        if (!wanted.path("type").isTextual() || isFormat(wanted.path("type").textValue(), made)) {
            return null;
        }
        return "audio." + direction + ".format cannot be changed while the session is open: audio is converted to " + made
               + "; set option " + direction + "AudioFormat";
    }

    private static boolean isFormat(String wireName, AudioFormat made) {
        try {
            return AudioFormat.parse(wireName.toLowerCase(Locale.ROOT)).equals(made);
        } catch (IllegalArgumentException e) {
            // a name we do not know is another one
            return false;
        }
    }
}
