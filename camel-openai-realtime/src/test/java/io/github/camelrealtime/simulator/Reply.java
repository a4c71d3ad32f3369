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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the simulated model answers: items in order, and how the response ends. Immutable; every method returns a new one.
 * Whether a message is sent as text or as audio with a transcript is decided by the response's {@code output_modalities}.
 */
public final class Reply {

    private final List<Part> parts;
    private final Ending ending;
    private final String code;
    private final String message;
    private final boolean endless;
    private final Duration thinkTime;
    private final Duration stepDelay;

    private Reply(List<Part> parts, Ending ending, String code, String message, boolean endless, Duration thinkTime,
            Duration stepDelay) {
        this.parts = List.copyOf(parts);
        this.ending = ending;
        this.code = code;
        this.message = message;
        this.endless = endless;
        this.thinkTime = thinkTime;
        this.stepDelay = stepDelay;
    }

    /** A message. */
    public static Reply text(String text) {
        return of(new Message(text, false));
    }

    /** A function call; {@code arguments} is sent as it is, valid JSON or not. The call id is made by the session. */
    public static Reply functionCall(String name, String arguments) {
        return of(new Call(name, arguments, null));
    }

    /** A function call with a call id of your choice. */
    public static Reply functionCall(String name, String arguments, String callId) {
        return of(new Call(name, arguments, callId));
    }

    /** No item at all: a response that completes empty. */
    public static Reply nothing() {
        return new Reply(List.of(), Ending.COMPLETED, null, null, false, null, null);
    }

    /** Ends in {@code status:"failed"} with this error, before any item. */
    public static Reply failed(String code, String message) {
        return nothing().thenFail(code, message);
    }

    /** Adds a message. */
    public Reply andText(String text) {
        return and(new Message(text, false));
    }

    /** Adds a spoken preamble, {@code phase:"commentary"} on models that have phases. */
    public Reply andCommentary(String text) {
        return and(new Message(text, true));
    }

    /** Adds a function call. */
    public Reply andFunctionCall(String name, String arguments) {
        return and(new Call(name, arguments, null));
    }

    /** After its items the response fails. */
    public Reply thenFail(String failureCode, String failureMessage) {
        return new Reply(parts, Ending.FAILED, failureCode, failureMessage, endless, thinkTime, stepDelay);
    }

    /** The last item breaks off and the response ends {@code incomplete}: {@code max_output_tokens} or {@code content_filter}. */
    public Reply thenIncomplete(String reason) {
        return new Reply(parts, Ending.INCOMPLETE, reason, null, endless, thinkTime, stepDelay);
    }

    /** Sends everything but the end of the last item: the response stays active until it is cancelled. */
    public Reply endless() {
        return new Reply(parts, ending, code, message, true, thinkTime, stepDelay);
    }

    /** Time between {@code response.created} and the first item, instead of the scenario's. */
    public Reply after(Duration time) {
        return new Reply(parts, ending, code, message, endless, time, stepDelay);
    }

    /** Time before each further step, a delta or the end of an item, instead of the scenario's. */
    public Reply every(Duration time) {
        return new Reply(parts, ending, code, message, endless, thinkTime, time);
    }

    List<Part> parts() {
        return parts;
    }

    Ending ending() {
        return ending;
    }

    /** The error code of a failure, or the reason of an incomplete response. */
    String code() {
        return code;
    }

    String message() {
        return message;
    }

    boolean isEndless() {
        return endless;
    }

    Duration thinkTime(Duration otherwise) {
        return thinkTime == null ? otherwise : thinkTime;
    }

    Duration stepDelay(Duration otherwise) {
        return stepDelay == null ? otherwise : stepDelay;
    }

    private static Reply of(Part part) {
        return new Reply(List.of(part), Ending.COMPLETED, null, null, false, null, null);
    }

    private Reply and(Part part) {
        List<Part> more = new ArrayList<>(parts);
        more.add(part);
        return new Reply(more, ending, code, message, endless, thinkTime, stepDelay);
    }

    /** How the response ends if nobody cancels it. */
    enum Ending {
        COMPLETED, FAILED, INCOMPLETE
    }

    /** One item. */
    sealed interface Part permits Message, Call {
    }

    record Message(String text, boolean commentary) implements Part {
    }

    record Call(String name, String arguments, String callId) implements Part {
    }
}
