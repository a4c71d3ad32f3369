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

import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.camelrealtime.session.BetaShapes;
import io.github.camelrealtime.session.ModelRules;
import io.github.camelrealtime.session.PcmRates;
import io.github.camelrealtime.session.WireProtocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the session object of the first {@code session.update} from options (wire reference §3). What is not set is not
 * sent; {@code none} is sent as null, which turns a thing off.
 */
final class SessionUpdateFactory {

    private static final Logger LOG = LoggerFactory.getLogger(SessionUpdateFactory.class);
    /** Strict, so that "5 rules: ..." stays a text and does not become the number 5. */
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final String NONE = "none";
    /** Members of turn detection that server_vad alone knows, and their options. */
    private static final Map<String, String> SERVER_VAD_ONLY = Map.of("threshold", "vadThreshold", "prefix_padding_ms",
            "vadPrefixPadding", "silence_duration_ms", "vadSilenceDuration", "idle_timeout_ms", "vadIdleTimeout");

    private final OpenAIRealtimeConfiguration options;
    private final WireProtocol protocol;
    private final String model;
    private final boolean ownTurns;

    /**
     * @param ownTurns whether turns are ended by our segmenter, so that the service's turn detection is switched off
     */
    SessionUpdateFactory(OpenAIRealtimeConfiguration options, WireProtocol protocol, String model, boolean ownTurns) {
        this.options = options;
        this.protocol = protocol;
        this.model = model;
        this.ownTurns = ownTurns;
    }

    /** The session object, {@code null} if there is nothing to say. */
    ObjectNode create() {
        ObjectNode session = JsonNodeFactory.instance.objectNode();
        if (protocol.hasConversation()) {
            conversation(session);
        }
        input(session.withObject("/audio/input"));
        if (Boolean.TRUE.equals(options.getTranscriptionLogprobs())) {
            session.putArray("include").add("item.input_audio_transcription.logprobs");
        }
        prune(session);
        List<String> omitted = ModelRules.apply(protocol.type(), model, session);
        if (!omitted.isEmpty()) {
            LOG.warn("Session options that the model does not take are left out: {}", omitted);
        }
        mergeFile(session);
        mergeProperties(session);
        BetaShapes.checkSession(session);
        if (session.isEmpty()) {
            return null;
        }
        PcmRates.add(session);
        return protocol.update(session);
    }

    private void conversation(ObjectNode session) {
        text(session, "instructions", options.getInstructions());
        if (options.getOutputModalities() != null) {
            session.putArray("output_modalities").add(options.getOutputModalities());
        }
        if (options.getMaxOutputTokens() != null) {
            session.put("max_output_tokens", options.getMaxOutputTokens());
        }
        if (options.getReasoningEffort() != null) {
            session.withObject("/reasoning").put("effort", options.getReasoningEffort());
        }
        if (options.getTracing() != null) {
            session.set("tracing", NONE.equals(options.getTracing())
                    ? JsonNodeFactory.instance.nullNode() : JsonNodeFactory.instance.textNode(options.getTracing()));
        }
        ObjectNode output = session.withObject("/audio/output");
        format(output, options.getOutputAudioFormat());
        text(output, "voice", options.getVoice());
        if (options.getSpeed() != null) {
            output.put("speed", options.getSpeed());
        }
    }

    private void input(ObjectNode input) {
        format(input, options.getInputAudioFormat());
        if (options.getNoiseReduction() != null) {
            if (NONE.equals(options.getNoiseReduction())) {
                input.putNull("noise_reduction");
            } else {
                input.withObject("/noise_reduction").put("type", options.getNoiseReduction());
            }
        }
        transcription(input);
        turnDetection(input);
    }

    private void transcription(ObjectNode input) {
        String transcriber = protocol.transcriptionModel(model, options.getTranscriptionModel());
        if (transcriber == null) {
            return;
        }
        if (NONE.equals(transcriber)) {
            input.putNull("transcription");
            return;
        }
        ObjectNode transcription = input.putObject("transcription");
        transcription.put("model", transcriber);
        text(transcription, "language", options.getLanguage());
        text(transcription, "prompt", options.getTranscriptionPrompt());
        text(transcription, "delay", options.getTranscriptionDelay());
        list(transcription, "languages", options.getLanguages());
        list(transcription, "keywords", options.getKeywords());
    }

    /** What cannot have any effect is refused: it would look as if it had. */
    private void checkAnswers() {
        String option = options.getVadCreateResponse() != null ? "vadCreateResponse"
                : options.getVadInterruptResponse() != null ? "vadInterruptResponse" : null;
        if (option == null) {
            return;
        }
        if (!protocol.hasConversation()) {
            throw new IllegalArgumentException("Option " + option + ": a " + protocol.type().wireName()
                                               + " session has no answers to create or interrupt");
        }
        if (ownTurns || NONE.equals(options.getTurnDetection())) {
            throw new IllegalArgumentException("Option " + option + " needs turns that the service ends; here "
                                               + (ownTurns ? "our segmenter does (segmentation=true)" : "turnDetection is none"));
        }
    }

    private void turnDetection(ObjectNode input) {
        checkAnswers();
        if (ownTurns || NONE.equals(options.getTurnDetection())) {
            input.putNull("turn_detection");
            return;
        }
        ObjectNode detection = JsonNodeFactory.instance.objectNode();
        if (options.getVadThreshold() != null) {
            detection.put("threshold", options.getVadThreshold());
        }
        number(detection, "prefix_padding_ms", options.getVadPrefixPadding());
        number(detection, "silence_duration_ms", options.getVadSilenceDuration());
        number(detection, "idle_timeout_ms", options.getVadIdleTimeout());
        text(detection, "eagerness", options.getVadEagerness());
        if (options.getVadCreateResponse() != null) {
            detection.put("create_response", options.getVadCreateResponse());
        }
        if (options.getVadInterruptResponse() != null) {
            detection.put("interrupt_response", options.getVadInterruptResponse());
        } else if (options.getInterruptMinSpeech() != null && options.getInterruptMinSpeech() > 0) {
            // speech has to last before it interrupts, and only we wait for that
            detection.put("interrupt_response", false);
        }
        if (detection.isEmpty() && options.getTurnDetection() == null) {
            return;
        }
        String kind = options.getTurnDetection() == null ? "server_vad" : options.getTurnDetection();
        boolean semantic = "semantic_vad".equals(kind);
        detection.fieldNames().forEachRemaining(member -> {
            String misplaced = semantic ? SERVER_VAD_ONLY.get(member) : "eagerness".equals(member) ? "vadEagerness" : null;
            if (misplaced != null) {
                throw new IllegalArgumentException("Option " + misplaced + " cannot go with turnDetection=" + kind + ", only with "
                                                   + (semantic ? "server_vad" : "semantic_vad"));
            }
        });
        input.putObject("turn_detection").put("type", kind).setAll(detection);
    }

    private static void format(ObjectNode parent, String format) {
        if (format != null) {
            parent.putObject("format").put("type", wireFormat(format));
        }
    }

    static String wireFormat(String format) {
        return switch (format) {
            case "pcm16" -> "audio/pcm";
            case "pcmu" -> "audio/pcmu";
            case "pcma" -> "audio/pcma";
            default -> throw new IllegalArgumentException("Audio format on the wire: " + format
                                                          + " is none of pcm16, pcmu, pcma");
        };
    }

    private void mergeFile(ObjectNode session) {
        String config = options.getSessionConfig();
        if (config == null || config.isBlank()) {
            return;
        }
        try {
            JsonNode given = MAPPER.readTree(config);
            if (!(given instanceof ObjectNode object)) {
                throw new IllegalArgumentException("Option sessionConfig is not a JSON object");
            }
            object.remove("type");
            merge(session, object);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Option sessionConfig is not JSON: line " + e.getLocation().getLineNr()
                                               + ", column " + e.getLocation().getColumnNr());
        }
    }

    private static void merge(ObjectNode into, ObjectNode from) {
        from.properties().forEach(member -> {
            JsonNode before = into.get(member.getKey());
            if (before instanceof ObjectNode object && member.getValue() instanceof ObjectNode more) {
                merge(object, more);
            } else {
                into.set(member.getKey(), member.getValue());
            }
        });
    }

    private void mergeProperties(ObjectNode session) {
        for (Map.Entry<String, Object> property : OptionTree.flat(options.getSessionProperties()).entrySet()) {
            String[] path = property.getKey().split("\\.");
            ObjectNode parent = session;
            for (int i = 0; i < path.length - 1; i++) {
                JsonNode next = parent.get(path[i]);
                parent = next instanceof ObjectNode object ? object : parent.putObject(path[i]);
            }
            parent.set(path[path.length - 1], value(property.getValue()));
        }
    }

    private static JsonNode value(Object value) {
        if (value instanceof String text) {
            try {
                JsonNode parsed = MAPPER.readTree(text);
                return parsed == null || parsed.isMissingNode() ? TextNode.valueOf(text) : parsed;
            } catch (JsonProcessingException e) {
                return TextNode.valueOf(text);
            }
        }
        return MAPPER.valueToTree(value);
    }

    private static void text(ObjectNode parent, String member, String value) {
        if (value != null) {
            parent.put(member, value);
        }
    }

    private static void number(ObjectNode parent, String member, Long value) {
        if (value != null) {
            parent.put(member, value);
        }
    }

    private static void list(ObjectNode parent, String member, String commaSeparated) {
        if (commaSeparated != null) {
            for (String element : commaSeparated.split(",")) {
                parent.withArray("/" + member).add(element.trim());
            }
        }
    }

    /** Takes out objects that nothing was put into. */
    private static boolean prune(ObjectNode object) {
        object.properties().removeIf(member -> member.getValue() instanceof ObjectNode child && prune(child));
        return object.isEmpty();
    }
}
