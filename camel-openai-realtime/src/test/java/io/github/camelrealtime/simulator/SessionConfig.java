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

import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A session's effective configuration, the object that {@code session.created} and {@code session.updated} carry. Replaced
 * as a whole by a valid update and left alone by a refused one.
 */
final class SessionConfig {

    /** Objects that an update replaces instead of merging, because they are one of several shapes. */
    private static final Set<String> REPLACED = Set.of("format", "voice", "truncation", "tool_choice", "tracing", "prompt");

    private static final String INSTRUCTIONS = "Your knowledge cutoff is 2023-10. You are a helpful, witty, and friendly AI."
            + " Your voice and personality should be warm and engaging, with a lively and playful tone. Talk quickly."
            + " You should always call a function if you can.";

    private final SessionType type;
    private final ModelProfile model;
    private final McpTools mcpServers = new McpTools();
    /** Never changed once it is here, so that any thread may read it. */
    private volatile ObjectNode effective;

    private SessionConfig(SessionType type, ModelProfile model, ObjectNode effective) {
        this.type = type;
        this.model = model;
        this.effective = effective;
    }

    /** @param expiresAt Unix seconds */
    static SessionConfig realtime(String id, String modelName, long expiresAt) {
        ModelProfile model = ModelProfile.of(modelName);
        ObjectNode session = JsonNodeFactory.instance.objectNode();
        session.put("type", SessionType.REALTIME.wireName()).put("object", SessionType.REALTIME.objectName());
        session.put("id", id).put("model", modelName);
        session.putArray("output_modalities").add("audio");
        session.put("instructions", INSTRUCTIONS).putArray("tools");
        session.put("tool_choice", "auto").put("max_output_tokens", "inf").putNull("tracing").put("truncation", "auto");
        session.putNull("prompt").put("expires_at", expiresAt);
        ObjectNode audio = session.putObject("audio");
        input(audio.putObject("input"), vadDefaults("server_vad", model, SessionType.REALTIME));
        ObjectNode output = audio.putObject("output");
        output.putObject("format").put("type", "audio/pcm").put("rate", WireFormat.PCM.rate());
        output.put("voice", model.voice()).put("speed", 1.0);
        session.putNull("include");
        return new SessionConfig(SessionType.REALTIME, model, session);
    }

    /** @param expiresAt Unix seconds */
    static SessionConfig transcription(String id, long expiresAt) {
        ModelProfile model = ModelProfile.of("");
        ObjectNode session = JsonNodeFactory.instance.objectNode();
        session.put("type", SessionType.TRANSCRIPTION.wireName()).put("object", SessionType.TRANSCRIPTION.objectName());
        session.put("id", id).put("expires_at", expiresAt);
        input(session.putObject("audio").putObject("input"), vadDefaults("server_vad", model, SessionType.TRANSCRIPTION));
        session.putNull("include");
        return new SessionConfig(SessionType.TRANSCRIPTION, model, session);
    }

    SessionType type() {
        return type;
    }

    ModelProfile model() {
        return model;
    }

    /** The effective session object; a copy. */
    ObjectNode toJson() {
        return effective.deepCopy();
    }

    JsonNode at(String pointer) {
        return effective.at(pointer);
    }

    JsonNode turnDetection() {
        return effective.at("/audio/input/turn_detection");
    }

    JsonNode transcription() {
        return effective.at("/audio/input/transcription");
    }

    WireFormat inputFormat() {
        return WireFormat.of(effective.at("/audio/input/format"));
    }

    boolean includesLogprobs() {
        return effective.path("include").size() > 0;
    }

    /**
     * Applies an update member by member.
     *
     * @param update         the {@code session} of a {@code session.update}
     * @param assistantAudio whether the conversation holds audio of the assistant, which fixes the voice
     * @param responding     whether a response is active, which fixes the speed
     * @param behaviour      what is assumed
     * @throws ProtocolError if any of it is refused; nothing has changed then
     */
    void update(JsonNode update, boolean assistantAudio, boolean responding, Behaviour behaviour) {
        (type == SessionType.REALTIME ? SessionRules.REALTIME : SessionRules.TRANSCRIPTION_SESSION).check(update, "session");
        ObjectNode next = effective.deepCopy();
        merge(next, (ObjectNode) update, behaviour);
        new UpdateCheck(this, update, next, behaviour).check(assistantAudio, responding);
        mcpServers.learn(next.path("tools"));
        effective = next;
    }

    /** The remote tool servers named so far: later lists may name them by their label alone. */
    McpTools mcpServers() {
        return mcpServers;
    }

    private void merge(ObjectNode target, ObjectNode changes, Behaviour behaviour) {
        changes.fields().forEachRemaining(change -> {
            String name = change.getKey();
            JsonNode value = change.getValue();
            JsonNode current = target.path(name);
            if (name.equals("turn_detection") && value.isObject()
                    && (!current.path("type").asText().equals(value.path("type").asText())
                    || behaviour.assumes(Assumption.TURN_DETECTION_REBUILT))) {
                // another kind of detector, or one after none, starts from its own defaults
                current = target.putObject(name).setAll(vadDefaults(value.path("type").asText(), model, type));
            } else if (name.equals("transcription") && value.isObject() && !current.isObject()) {
                current = target.putObject(name).putNull("model").putNull("language").putNull("prompt");
            }
            if (value.isObject() && current.isObject() && !REPLACED.contains(name)) {
                merge((ObjectNode) current, (ObjectNode) value, behaviour);
            } else {
                target.set(name, value.deepCopy());
            }
        });
    }

    private static void input(ObjectNode input, ObjectNode turnDetection) {
        input.putObject("format").put("type", "audio/pcm").put("rate", WireFormat.PCM.rate());
        input.putNull("transcription").putNull("noise_reduction").set("turn_detection", turnDetection);
    }

    private static ObjectNode vadDefaults(String kind, ModelProfile model, SessionType type) {
        ObjectNode vad = JsonNodeFactory.instance.objectNode().put("type", kind);
        if (kind.equals("server_vad")) {
            vad.put("threshold", 0.5).put("prefix_padding_ms", 300).put("silence_duration_ms", model.silenceMillis())
                    .putNull("idle_timeout_ms");
        } else {
            vad.put("eagerness", "auto");
        }
        // a transcription session has no responses to create or interrupt
        return type == SessionType.REALTIME ? vad.put("create_response", true).put("interrupt_response", true) : vad;
    }
}
