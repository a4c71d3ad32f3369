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
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

import io.github.camelrealtime.simulator.ReplyContext.Kind;

/**
 * How a session behaves where the protocol leaves it open, and where it is to misbehave. Immutable; {@link #standard()} is
 * a healthy service that answers at once.
 */
public final class Scenario {

    private final Builder values;
    private final ReplyRules replies;

    private Scenario(Builder values) {
        this.values = new Builder(values);
        this.replies = values.replies.build();
    }

    /** A healthy service: "You said: …", no delays, no faults. */
    public static Scenario standard() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    Reply replyTo(ReplyContext context) {
        return replies.replyTo(context);
    }

    Duration thinkTime() {
        return values.thinkTime;
    }

    Duration stepDelay() {
        return values.stepDelay;
    }

    TranscriptionScript transcription() {
        return values.transcription;
    }

    List<HandshakeRefusal> refusals() {
        return values.refusals;
    }

    Duration handshakeDelay() {
        return values.handshakeDelay;
    }

    Acknowledgement sessionUpdated() {
        return values.sessionUpdated;
    }

    Acknowledgement committed() {
        return values.committed;
    }

    /** The error code with which every {@code session.update} is refused; null for none. */
    String refusedUpdateCode() {
        return values.refusedUpdateCode;
    }

    List<SocketEnding> endings() {
        return values.endings;
    }

    List<EventHook> hooks() {
        return values.hooks;
    }

    boolean errorEventIds() {
        return values.errorEventIds;
    }

    boolean obfuscation() {
        return values.obfuscation;
    }

    boolean unknownEvents() {
        return values.unknownEvents;
    }

    /** Every so many events one is sent twice; 0 for none. */
    int duplicateEvery() {
        return values.duplicateEvery;
    }

    /** Every so many events one changes places with the next; 0 for none. */
    int swapEvery() {
        return values.swapEvery;
    }

    boolean rateLimits() {
        return values.rateLimits;
    }

    boolean itemObjects() {
        return values.itemObjects;
    }

    boolean confirmItemsAtOnce() {
        return values.confirmItemsAtOnce;
    }

    boolean deltasAfterCancel() {
        return values.deltasAfterCancel;
    }

    /** Builds a scenario. Not thread-safe. */
    public static final class Builder {

        private static final int ABNORMAL = 1006;

        private final ReplyRules.Builder replies;
        private List<HandshakeRefusal> refusals = List.of();
        private List<SocketEnding> endings = List.of();
        private List<EventHook> hooks = List.of();
        private Duration thinkTime = Duration.ZERO;
        private Duration stepDelay = Duration.ZERO;
        private Duration handshakeDelay = Duration.ZERO;
        private TranscriptionScript transcription = TranscriptionScript.prompt();
        private Acknowledgement sessionUpdated = Acknowledgement.AT_ONCE;
        private Acknowledgement committed = Acknowledgement.AT_ONCE;
        private String refusedUpdateCode;
        private boolean errorEventIds = true;
        private boolean obfuscation = true;
        private boolean unknownEvents;
        private int duplicateEvery;
        private int swapEvery;
        private boolean rateLimits = true;
        private boolean itemObjects;
        private boolean confirmItemsAtOnce;
        private boolean deltasAfterCancel;

        private Builder() {
            replies = new ReplyRules.Builder();
        }

        private Builder(Builder other) {
            replies = other.replies;
            refusals = other.refusals;
            endings = other.endings;
            hooks = other.hooks;
            thinkTime = other.thinkTime;
            stepDelay = other.stepDelay;
            handshakeDelay = other.handshakeDelay;
            transcription = other.transcription;
            sessionUpdated = other.sessionUpdated;
            committed = other.committed;
            refusedUpdateCode = other.refusedUpdateCode;
            errorEventIds = other.errorEventIds;
            obfuscation = other.obfuscation;
            unknownEvents = other.unknownEvents;
            duplicateEvery = other.duplicateEvery;
            swapEvery = other.swapEvery;
            rateLimits = other.rateLimits;
            itemObjects = other.itemObjects;
            confirmItemsAtOnce = other.confirmItemsAtOnce;
            deltasAfterCancel = other.deltasAfterCancel;
        }

        /** Answers a user's text that contains this, whatever the case of its letters. The first rule that fits wins. */
        public Builder onText(String contained, Reply reply) {
            return onText(Pattern.compile(Pattern.quote(contained), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE), reply);
        }

        /** Answers a user's text in which this is found. */
        public Builder onText(Pattern found, Reply reply) {
            replies.rule(context -> context.kind() == Kind.TEXT && found.matcher(context.text()).find(), reply);
            return this;
        }

        /** Answers a user's audio. */
        public Builder onAudio(Reply reply) {
            replies.rule(context -> context.kind() == Kind.AUDIO, reply);
            return this;
        }

        /** Answers a tool's output that contains this. */
        public Builder onToolOutput(String contained, Reply reply) {
            replies.rule(context -> context.kind() == Kind.TOOL_OUTPUT && context.text().contains(contained), reply);
            return this;
        }

        /** The first responses of a session, in a row, whatever they answer; rules come after them. */
        public Builder next(Reply... inARow) {
            replies.next(List.of(inARow));
            return this;
        }

        /** The answer when no rule fits. */
        public Builder otherwise(Reply reply) {
            return otherwise(context -> reply);
        }

        /** The answer when no rule fits, made from what was asked. */
        public Builder otherwise(Function<ReplyContext, Reply> reply) {
            replies.otherwise(reply);
            return this;
        }

        /** Time between {@code response.created} and the first item; default none. */
        public Builder thinkTime(Duration time) {
            thinkTime = time;
            return this;
        }

        /** Time before each further step of a response; default none. */
        public Builder stepDelay(Duration time) {
            stepDelay = time;
            return this;
        }

        /** How transcripts come; default {@link TranscriptionScript#prompt()}. */
        public Builder transcription(TranscriptionScript script) {
            transcription = script;
            return this;
        }

        /**
         * Refuses handshakes. Several refusals are used up one after the other.
         *
         * @param status     HTTP status
         * @param bodyJson   body, or null for the service's usual error object
         * @param times      how many handshakes
         * @param retryAfter {@code Retry-After}, or null
         */
        public Builder rejectHandshake(int status, String bodyJson, int times, Duration retryAfter) {
            refusals = plus(refusals, new HandshakeRefusal(status, bodyJson, times, retryAfter));
            return this;
        }

        /** Every answer to a handshake takes that long, by the simulator's clock. */
        public Builder slowHandshake(Duration time) {
            handshakeDelay = time;
            return this;
        }

        /** Closes after that many client events, the last one unprocessed. */
        public Builder closeAfter(int events, int code, String reason) {
            endings = plus(endings, new SocketEnding(events, null, code, reason));
            return this;
        }

        /** Closes that long after the session was opened. */
        public Builder closeAt(Duration time, int code, String reason) {
            endings = plus(endings, new SocketEnding(0, time, code, reason));
            return this;
        }

        /** Drops the TCP connection after that many client events, the last one unprocessed. */
        public Builder abortAfter(int events) {
            return closeAfter(events, ABNORMAL, "");
        }

        /** Drops the TCP connection that long after the session was opened. */
        public Builder abortAt(Duration time) {
            return closeAt(time, ABNORMAL, "");
        }

        /**
         * Runs on the session's lane just before its nth event of that type (from 1) is processed; 0 for every one. What
         * the action sends or closes through the session comes after the answer to the event.
         */
        public Builder on(String clientEventType, int nth, Consumer<SimulatedSession> action) {
            hooks = plus(hooks, new EventHook(clientEventType, nth, action));
            return this;
        }

        /** False: {@code error.event_id} is always null, as often seen live. Default true. */
        public Builder errorEventIds(boolean echoed) {
            errorEventIds = echoed;
            return this;
        }

        /** Whether deltas carry {@code obfuscation}. Default true. */
        public Builder obfuscation(boolean on) {
            obfuscation = on;
            return this;
        }

        /** Whether event types and members nobody knows are mixed in. Default false. */
        public Builder unknownEvents(boolean on) {
            unknownEvents = on;
            return this;
        }

        /** Sends every nth event twice, with the same event id. Default 0: none. */
        public Builder duplicateEvery(int n) {
            duplicateEvery = n;
            return this;
        }

        /** Sends every nth event after the one that should follow it, if that follows at once. Default 0: none. */
        public Builder swapEvery(int n) {
            swapEvery = n;
            return this;
        }

        /** Whether {@code rate_limits.updated} follows each {@code response.done}. Default true. */
        public Builder rateLimits(boolean on) {
            rateLimits = on;
            return this;
        }

        /** Whether items carry {@code object:"realtime.item"}; the live service omits it. Default false. */
        public Builder itemObjects(boolean on) {
            itemObjects = on;
            return this;
        }

        /**
         * Whether a created item is confirmed while a response runs. Default false: after its {@code response.done}, as in
         * every recording.
         */
        public Builder confirmItemsAtOnce(boolean on) {
            confirmItemsAtOnce = on;
            return this;
        }

        /** Whether one more delta follows a cancellation before the response ends. Default false. */
        public Builder deltasAfterCancel(boolean on) {
            deltasAfterCancel = on;
            return this;
        }

        /** {@code session.updated} never comes, although the update takes effect. */
        public Builder withholdSessionUpdated() {
            sessionUpdated = Acknowledgement.NEVER;
            return this;
        }

        /** {@code session.updated} comes that late. */
        public Builder delaySessionUpdated(Duration delay) {
            sessionUpdated = new Acknowledgement(true, delay);
            return this;
        }

        /** A commit is carried out, but {@code committed} and the item's events never come. */
        public Builder withholdCommitted() {
            committed = Acknowledgement.NEVER;
            return this;
        }

        /** A commit is carried out and everything about it comes that late. */
        public Builder delayCommitted(Duration delay) {
            committed = new Acknowledgement(true, delay);
            return this;
        }

        /** Refuses every {@code session.update} with this error code. */
        public Builder refuseSessionUpdate(String code) {
            refusedUpdateCode = code;
            return this;
        }

        public Scenario build() {
            return new Scenario(this);
        }

        private static <T> List<T> plus(List<T> list, T element) {
            List<T> more = new ArrayList<>(list);
            more.add(element);
            return List.copyOf(more);
        }
    }
}
