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

import java.util.Map;

/** The shapes of session objects and of what they are made of (API reference section 3). */
final class SessionRules {

    static final Shape FORMAT = Shape.byType(Map.of(
            // the schema calls rate optional, the live service refuses PCM without it
            "audio/pcm", Shape.object().required("type", Shape.string()).required("rate", Shape.integer(24_000, 24_000)),
            "audio/pcmu", Shape.object().required("type", Shape.string()),
            "audio/pcma", Shape.object().required("type", Shape.string())));

    static final Shape VOICE = Shape.stringOr(Shape.string(), Shape.object().required("id", Shape.string()));

    static final Shape OUTPUT_MODALITIES = (value, path) -> {
        Shape.listOf(Shape.oneOf("text", "audio")).check(value, path);
        if (value.size() != 1) {
            throw ProtocolError.invalidValue("Invalid modalities: " + value
                    + ". Supported combinations are: ['text'] and ['audio'].", path);
        }
    };

    static final Shape MAX_OUTPUT_TOKENS = Shape.stringOr(Shape.oneOf("inf"), Shape.integer(1, 4096));
    /** Before it is known what is assumed of the larger models. */
    private static final Shape ANY_OUTPUT_TOKENS = Shape.stringOr(Shape.oneOf("inf"), Shape.integer(1, 32_000));

    static final Shape REASONING = Shape.object()
            .required("effort", Shape.oneOf("minimal", "low", "medium", "high", "xhigh"));

    static final Shape PROMPT = Shape.object().required("id", Shape.string())
            .optional("version", Shape.string().orNull()).optional("variables", Shape.any());

    static final Shape TOOL_CHOICE = Shape.stringOr(Shape.oneOf("auto", "none", "required"), Shape.byType(Map.of(
            "function", Shape.object().required("type", Shape.string()).required("name", Shape.string()),
            "mcp", Shape.object().required("type", Shape.string()).required("server_label", Shape.string())
                    .optional("name", Shape.string()))));

    static final Shape TOOLS = Shape.listOf(Shape.byType(Map.of(
            "function", Shape.object().required("type", Shape.string()).required("name", Shape.string())
                    .optional("description", Shape.string()).optional("parameters", Shape.any()),
            "mcp", McpTools.SHAPE)));

    private static final int MOST_PREFIX_MILLIS = 60_000;

    private static final Shape TURN_DETECTION = Shape.byType(Map.of(
            "server_vad", Shape.object().required("type", Shape.string())
                    .optional("threshold", Shape.number(0, 1))
                    .optional("prefix_padding_ms", Shape.integer(0, MOST_PREFIX_MILLIS))
                    .optional("silence_duration_ms", Shape.integer(0, MOST_PREFIX_MILLIS))
                    .optional("idle_timeout_ms", Shape.integer(5_000, 30_000).orNull())
                    .optional("create_response", Shape.bool())
                    .optional("interrupt_response", Shape.bool()),
            "semantic_vad", Shape.object().required("type", Shape.string())
                    .optional("eagerness", Shape.oneOf("low", "medium", "high", "auto"))
                    .optional("create_response", Shape.bool())
                    .optional("interrupt_response", Shape.bool())));

    private static final Shape TRANSCRIPTION = Shape.object()
            .optional("model", Shape.string())
            .optional("language", Shape.string().orNull())
            .optional("languages", Shape.listOf(Shape.string()).orNull())
            .optional("keywords", Shape.listOf(Shape.string()).orNull())
            .optional("prompt", Shape.string().orNull())
            .optional("delay", Shape.oneOf("minimal", "low", "medium", "high", "xhigh").orNull());

    private static final Shape INPUT = Shape.object()
            .optional("format", FORMAT)
            .optional("noise_reduction", Shape.object().required("type", Shape.oneOf("near_field", "far_field"))
                    .optional("strength", Shape.number(0, Double.MAX_VALUE)).orNull())
            .optional("transcription", TRANSCRIPTION.orNull())
            .optional("turn_detection", TURN_DETECTION.orNull());

    private static final Shape INCLUDE = Shape.listOf(Shape.oneOf("item.input_audio_transcription.logprobs")).orNull();

    private static final Shape TRUNCATION = Shape.stringOr(Shape.oneOf("auto", "disabled"), Shape.byType(Map.of(
            "retention_ratio", Shape.object().required("type", Shape.string())
                    .required("retention_ratio", Shape.number(0, 1))
                    .optional("token_limits", Shape.object()
                            .optional("post_instructions", Shape.integer(0, Integer.MAX_VALUE))))));

    static final Shape REALTIME = Shape.object()
            .required("type", Shape.oneOf("realtime"))
            .optional("model", Shape.string())
            .optional("output_modalities", OUTPUT_MODALITIES)
            .optional("instructions", Shape.string())
            .optional("audio", Shape.object()
                    .optional("input", INPUT)
                    .optional("output", Shape.object()
                            .optional("format", FORMAT)
                            .optional("voice", VOICE)
                            .optional("speed", Shape.number(0.25, 1.5))))
            .optional("tools", TOOLS)
            .optional("tool_choice", TOOL_CHOICE)
            .optional("parallel_tool_calls", Shape.bool())
            .optional("reasoning", REASONING)
            .optional("max_output_tokens", ANY_OUTPUT_TOKENS)
            .optional("truncation", TRUNCATION)
            .optional("tracing", Shape.stringOr(Shape.oneOf("auto"), Shape.object()
                    .optional("workflow_name", Shape.string())
                    .optional("group_id", Shape.string())
                    .optional("metadata", Shape.any())).orNull())
            .optional("prompt", PROMPT.orNull())
            .optional("include", INCLUDE);

    static final Shape TRANSCRIPTION_SESSION = Shape.object()
            .required("type", Shape.oneOf("transcription"))
            .optional("audio", Shape.object().optional("input", INPUT))
            .optional("include", INCLUDE);

    private SessionRules() {
    }
}
