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

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What the simulated model answers: items in order, and how the response ends. Immutable; every method returns a new one.
 * Whether a message is sent as text or as audio with a transcript is decided by the response's {@code output_modalities}.
 */
public final class Reply {

    private final Values values;

    private Reply(Values values) {
        this.values = values;
    }

    /** A message. */
    public static Reply text(String text) {
        return nothing().andText(text);
    }

    /** A function call; {@code arguments} is sent as it is, valid JSON or not. The call id is made by the session. */
    public static Reply functionCall(String name, String arguments) {
        return nothing().andFunctionCall(name, arguments);
    }

    /** A function call with a call id of your choice. */
    public static Reply functionCall(String name, String arguments, String callId) {
        return nothing().and(new Call(name, arguments, callId));
    }

    /**
     * A call of a remote tool, made by the service itself. The client is asked for approval if the session's tools want that.
     *
     * @param server the {@code server_label}
     * @param output what the tool returns
     */
    public static Reply mcpCall(String server, String name, String arguments, String output) {
        return nothing().andMcpCall(server, name, arguments, output);
    }

    /** A call of a remote tool that fails. @param type {@code protocol_error}, {@code tool_execution_error} or {@code http_error} */
    public static Reply failedMcpCall(String server, String name, String arguments, String type, String message) {
        ObjectNode failure = JsonNodeFactory.instance.objectNode().put("type", type);
        if (!type.equals("tool_execution_error")) {
            failure.put("code", type.equals("http_error") ? 502 : -32_000);
        }
        return nothing().and(new McpCall(server, name, arguments, null, failure.put("message", message)));
    }

    /** A message that sounds as a tone of 440 Hz. In a text response it is its transcript. */
    public static Reply tone(Duration length, String transcript) {
        return sound(Tones.sine(length), transcript);
    }

    /** A message that sounds like this. @param samples mono, 24 kHz */
    public static Reply sound(short[] samples, String transcript) {
        return nothing().andSound(samples, transcript);
    }

    /**
     * A message that sounds like a WAV file.
     *
     * @param  wav                      mono, 16-bit, 24 kHz or 8 kHz
     * @throws IOException              if it cannot be read
     * @throws IllegalArgumentException if it is none of these
     */
    public static Reply recording(Path wav, String transcript) throws IOException {
        return sound(Tones.recording(wav), transcript);
    }

    /** No item at all: a response that completes empty. */
    public static Reply nothing() {
        return new Reply(new Values(List.of(), Ending.COMPLETED, null, null, false, false, null, null));
    }

    /** Ends in {@code status:"failed"} with this error, before any item. */
    public static Reply failed(String code, String message) {
        return nothing().thenFail(code, message);
    }

    /** Adds a message. */
    public Reply andText(String text) {
        return and(new Message(text, false, null));
    }

    /** Adds a spoken preamble, {@code phase:"commentary"} on models that have phases. */
    public Reply andCommentary(String text) {
        return and(new Message(text, true, null));
    }

    /** Adds a function call. */
    public Reply andFunctionCall(String name, String arguments) {
        return and(new Call(name, arguments, null));
    }

    /** Adds a message with a sound of its own. @param samples mono, 24 kHz */
    public Reply andSound(short[] samples, String transcript) {
        return and(new Message(transcript, false, samples.clone()));
    }

    /** Adds a call of a remote tool. */
    public Reply andMcpCall(String server, String name, String arguments, String output) {
        return and(new McpCall(server, name, arguments, output, null));
    }

    /** Sends its items side by side, delta by delta, instead of one after the other. */
    public Reply interleaved() {
        return new Reply(values.flags(values.endless, true));
    }

    /** After its items the response fails. */
    public Reply thenFail(String failureCode, String failureMessage) {
        return new Reply(values.ending(Ending.FAILED, failureCode, failureMessage));
    }

    /** The last item breaks off and the response ends {@code incomplete}: {@code max_output_tokens} or {@code content_filter}. */
    public Reply thenIncomplete(String reason) {
        return new Reply(values.ending(Ending.INCOMPLETE, reason, null));
    }

    /** Sends everything but the end of the last item: the response stays active until it is cancelled. */
    public Reply endless() {
        return new Reply(values.flags(true, values.interleaved));
    }

    /** Time between {@code response.created} and the first item, instead of the scenario's. */
    public Reply after(Duration time) {
        return new Reply(values.timing(time, values.stepDelay));
    }

    /** Time before each further step, a delta or the end of an item, instead of the scenario's. */
    public Reply every(Duration time) {
        return new Reply(values.timing(values.thinkTime, time));
    }

    List<Part> parts() {
        return values.parts;
    }

    Ending ending() {
        return values.ending;
    }

    /** The error code of a failure, or the reason of an incomplete response. */
    String code() {
        return values.code;
    }

    String message() {
        return values.message;
    }

    boolean isEndless() {
        return values.endless;
    }

    boolean isInterleaved() {
        return values.interleaved;
    }

    Duration thinkTime(Duration otherwise) {
        return values.thinkTime == null ? otherwise : values.thinkTime;
    }

    Duration stepDelay(Duration otherwise) {
        return values.stepDelay == null ? otherwise : values.stepDelay;
    }

    /** The same without its first parts. */
    Reply from(int part) {
        return new Reply(values.parts(values.parts.subList(part, values.parts.size())));
    }

    Reply and(Part part) {
        List<Part> more = new ArrayList<>(values.parts);
        more.add(part);
        return new Reply(values.parts(more));
    }

    private record Values(List<Part> parts, Ending ending, String code, String message, boolean endless, boolean interleaved,
            Duration thinkTime, Duration stepDelay) {

        private Values parts(List<Part> others) {
            return new Values(List.copyOf(others), ending, code, message, endless, interleaved, thinkTime, stepDelay);
        }

        private Values ending(Ending other, String otherCode, String otherMessage) {
            return new Values(parts, other, otherCode, otherMessage, endless, interleaved, thinkTime, stepDelay);
        }

        private Values flags(boolean withoutEnd, boolean sideBySide) {
            return new Values(parts, ending, code, message, withoutEnd, sideBySide, thinkTime, stepDelay);
        }

        private Values timing(Duration think, Duration step) {
            return new Values(parts, ending, code, message, endless, interleaved, think, step);
        }
    }

    /** How the response ends if nobody cancels it. */
    enum Ending {
        COMPLETED, FAILED, INCOMPLETE
    }

    /** One item. */
    sealed interface Part permits Message, Call, McpCall {
    }

    /** @param sound 24 kHz samples; null to have the voice say the text */
    record Message(String text, boolean commentary, short[] sound) implements Part {
    }

    record Call(String name, String arguments, String callId) implements Part {
    }

    /** @param failure the item's {@code error}; null if it succeeds with the output */
    record McpCall(String server, String name, String arguments, String output, ObjectNode failure) implements Part {
    }
}
