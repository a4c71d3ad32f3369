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
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import io.github.camelrealtime.simulator.ReplyContext.Kind;

/**
 * How a session behaves where the protocol leaves it open, and where it is to misbehave. Immutable; {@link #standard()} is
 * a healthy service that answers at once.
 */
public final class Scenario {

    private final Behaviour behaviour;
    private final ReplyRules replies;

    private Scenario(Behaviour behaviour, ReplyRules replies) {
        this.behaviour = behaviour;
        this.replies = replies;
    }

    /** A healthy service: "You said: …", no delays, no faults. */
    public static Scenario standard() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads a scenario from a YAML file; see the simulator's guide for its words. Needs
     * {@code com.fasterxml.jackson.dataformat:jackson-dataformat-yaml}.
     *
     * @throws IOException              if the file cannot be read
     * @throws IllegalArgumentException if it is no YAML, has a key that nobody knows, or a value that does not fit; the
     *                                  message names the file and the line
     */
    public static Scenario fromYaml(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new YamlScenario(file.toString(), file.toAbsolutePath().getParent()).read(in);
        }
    }

    /** As {@link #fromYaml(Path)}; recordings are looked for in the working directory. The stream is not closed. */
    public static Scenario fromYaml(InputStream in) throws IOException {
        return new YamlScenario("scenario", Path.of("").toAbsolutePath()).read(in);
    }

    /** Whether it says how fast audio is sent. */
    public boolean hasPace() {
        return behaviour.pace > 0;
    }

    /** The same with another pace, see {@link Builder#pace}. */
    public Scenario withPace(double timesRealTime) {
        Behaviour other = behaviour.copy();
        other.pace = timesRealTime;
        return new Scenario(other, replies);
    }

    /** Whether what it sends may break the laws of {@link TraceCheck} on purpose: duplicates, swaps, late events. */
    public boolean isLawless() {
        return behaviour.isLawless();
    }

    Behaviour behaviour() {
        return behaviour;
    }

    Reply replyTo(ReplyContext context) {
        return replies.replyTo(context);
    }

    /** Whether the model has to hear words before it can answer. */
    boolean listens() {
        return behaviour.listening || replies.listen();
    }

    /** Builds a scenario. Not thread-safe. */
    public static final class Builder {

        private static final int ABNORMAL = 1006;

        private final ReplyRules.Builder replies = new ReplyRules.Builder();
        private final Behaviour values = new Behaviour();

        private Builder() {
        }

        /** Answers a user's text that contains this, whatever the case of its letters. The first rule that fits wins. */
        public Builder onText(String contained, Reply reply) {
            return onText(anyCase(contained), reply);
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

        /** Answers a user's audio in which these words are heard, whatever the case of their letters. */
        public Builder onHeard(String contained, Reply reply) {
            return onHeard(anyCase(contained), reply);
        }

        /** Answers a user's audio in whose transcript this is found. The transcriber hears it, whether or not the session wants transcripts. */
        public Builder onHeard(Pattern found, Reply reply) {
            replies.listening().rule(context -> context.kind() == Kind.AUDIO && found.matcher(context.text()).find(), reply);
            return this;
        }

        /** The nth response of a session, from 1, unless a rule before it fits. */
        public Builder onTurn(int nth, Reply reply) {
            replies.rule(context -> context.response() == nth - 1, reply);
            return this;
        }

        /** Answers whatever this says yes to. */
        public Builder on(Predicate<ReplyContext> fits, Reply reply) {
            replies.rule(fits, reply);
            return this;
        }

        /** Whether the model hears words, so that the default answer repeats them. Default false: it names the length of what it heard. */
        public Builder listening(boolean on) {
            values.listening = on;
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
            values.thinkTime = time;
            return this;
        }

        /** Time before each further step of a response; default none. */
        public Builder stepDelay(Duration time) {
            values.stepDelay = time;
            return this;
        }

        /** How transcripts come; default {@link TranscriptionScript#prompt()}. */
        public Builder transcription(TranscriptionScript script) {
            values.transcription = script;
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
            values.refusals = plus(values.refusals, new HandshakeRefusal(status, bodyJson, times, retryAfter));
            return this;
        }

        /** Every answer to a handshake takes that long, by the simulator's clock. */
        public Builder slowHandshake(Duration time) {
            values.handshakeDelay = time;
            return this;
        }

        /** Closes after that many client events, the last one unprocessed. */
        public Builder closeAfter(int events, int code, String reason) {
            values.endings = plus(values.endings, new SocketEnding(events, null, code, reason));
            return this;
        }

        /** Closes that long after the session was opened. */
        public Builder closeAt(Duration time, int code, String reason) {
            values.endings = plus(values.endings, new SocketEnding(0, time, code, reason));
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
            values.hooks = plus(values.hooks, new EventHook(clientEventType, nth, action));
            return this;
        }

        /** False: {@code error.event_id} is always null, as often seen live. Default true. */
        public Builder errorEventIds(boolean echoed) {
            values.errorEventIds = echoed;
            return this;
        }

        /** Whether deltas carry {@code obfuscation}. Default true. */
        public Builder obfuscation(boolean on) {
            values.obfuscation = on;
            return this;
        }

        /** Whether event types and members nobody knows are mixed in. Default false. */
        public Builder unknownEvents(boolean on) {
            values.unknownEvents = on;
            return this;
        }

        /** Sends every nth event twice, with the same event id. Default 0: none. */
        public Builder duplicateEvery(int n) {
            values.duplicateEvery = n;
            return this;
        }

        /** Sends every nth event after the one that should follow it, if that follows at once. Default 0: none. */
        public Builder swapEvery(int n) {
            values.swapEvery = n;
            return this;
        }

        /** Whether {@code rate_limits.updated} follows each {@code response.done}. Default true. */
        public Builder rateLimits(boolean on) {
            values.rateLimits = on ? Acknowledgement.AT_ONCE : Acknowledgement.NEVER;
            return this;
        }

        /** Whether items carry {@code object:"realtime.item"}; the live service omits it. Default false. */
        public Builder itemObjects(boolean on) {
            values.itemObjects = on;
            return this;
        }

        /**
         * Whether a created item is confirmed while a response runs. Default false: after its {@code response.done}, as in
         * every recording.
         */
        public Builder confirmItemsAtOnce(boolean on) {
            values.confirmItemsAtOnce = on;
            return this;
        }

        /** Whether one more delta follows a cancellation before the response ends. Default false. */
        public Builder deltasAfterCancel(boolean on) {
            values.deltasAfterCancel = on;
            return this;
        }

        /** {@code session.updated} never comes, although the update takes effect. */
        public Builder withholdSessionUpdated() {
            values.sessionUpdated = Acknowledgement.NEVER;
            return this;
        }

        /** {@code session.updated} comes that late. */
        public Builder delaySessionUpdated(Duration delay) {
            values.sessionUpdated = new Acknowledgement(true, delay);
            return this;
        }

        /** A commit is carried out, but {@code committed} and the item's events never come. */
        public Builder withholdCommitted() {
            values.committed = Acknowledgement.NEVER;
            return this;
        }

        /** A commit is carried out and everything about it comes that late. */
        public Builder delayCommitted(Duration delay) {
            values.committed = new Acknowledgement(true, delay);
            return this;
        }

        /** Refuses every {@code session.update} with this error code. */
        public Builder refuseSessionUpdate(String code) {
            values.refusedUpdateCode = code;
            return this;
        }

        /** Has something go wrong. May be called several times. */
        public Builder fault(Trigger when, SessionFault what) {
            values.faults = plus(values.faults, new PlannedFault(when, what));
            return this;
        }

        /** A remote tool server that sessions can name in their tools. */
        public Builder mcpServer(McpServer server) {
            Map<String, McpServer> more = new HashMap<>(values.mcpServers);
            more.put(server.label(), server);
            values.mcpServers = Map.copyOf(more);
            return this;
        }

        /** Takes the other side of questions that nobody outside can answer. */
        public Builder assume(Assumption... others) {
            List.of(others).forEach(values::assume);
            return this;
        }

        /**
         * How much faster than it plays audio is sent, 4 for a second in 250 ms; the service is several times faster than
         * the ear. Default 0: in one burst.
         */
        public Builder pace(double timesRealTime) {
            values.pace = timesRealTime;
            return this;
        }

        /** Every event arrives that late, each by a delay of its own drawn from the seed, in the order of sending. Default none. */
        public Builder latency(Duration least, Duration most) {
            values.leastLatency = least;
            values.mostLatency = most;
            return this;
        }

        /** Every nth event is late, while those behind it pass. Default 0: none. */
        public Builder lateEvery(int n, Duration by) {
            values.lateEvery = n;
            values.lateBy = by;
            return this;
        }

        /** {@code rate_limits.updated} comes that long after {@code response.done}. */
        public Builder delayRateLimits(Duration delay) {
            values.rateLimits = new Acknowledgement(true, delay);
            return this;
        }

        /** When sessions expire, instead of the simulator's setting. */
        public Builder sessionLifetime(Duration time) {
            values.lifetime = time;
            return this;
        }

        /**
         * Each session plays the service's part of a recording: what it said comes once the client has sent what it had sent before
         * it, event by event and as much audio, whatever the time it takes. Ids that the client makes anew come back as it made
         * them. Nothing is checked or answered beyond the recording; faults, latency and the session's life are as told here.
         */
        public Builder replay(Recording recording) {
            values.replay = recording;
            return this;
        }

        /** What sessions do when they expire; default {@link Expiry#ERROR_AND_CLOSE}. */
        public Builder expiry(Expiry how) {
            values.expiry = how;
            return this;
        }

        /** Lets the next so many clients in and closes at once, before {@code session.created}; 1006 drops the connection. */
        public Builder acceptAndClose(int times, int code, String reason) {
            values.turnOuts = plus(values.turnOuts, new TurnOut(times, code, reason));
            return this;
        }

        /** Closes a session from which nothing has come for that long, with 1001. No such limit is documented; default never. */
        public Builder closeWhenIdle(Duration time) {
            values.idleClose = time;
            return this;
        }

        /** How far the service's calendar time is ahead of the simulator's clock: {@code expires_at} and {@code received_at}. */
        public Builder clockSkew(Duration ahead) {
            values.clockSkew = ahead;
            return this;
        }

        /** Tokens of input a response may have before old items are left out. Default: the model's, 28,224 or 96,000. */
        public Builder contextTokens(int most) {
            values.contextTokens = most;
            return this;
        }

        /** Tokens of reasoning told in the usage of reasoning models; default 0: the member is not sent. */
        public Builder reasoningTokens(int count) {
            values.reasoningTokens = count;
            return this;
        }

        /** Azure's content part events carry the part under {@code content} once more. Default false. */
        public Builder duplicateContent(boolean on) {
            values.duplicateContent = on;
            return this;
        }

        /** Retrieved audio as the published sample shows it, type {@code audio} with a format {@code pcm16}. Default false. */
        public Builder schemaRetrieved(boolean on) {
            values.schemaRetrieved = on;
            return this;
        }

        /** A wrong key gets its 101 and then close 3000, as behind some gateways. Default false: 401. */
        public Builder keyCheckedAfterOpening(boolean on) {
            values.keyCheckedAfterOpening = on;
            return this;
        }

        public Scenario build() {
            return new Scenario(values.copy(), replies.build());
        }

        private static Pattern anyCase(String text) {
            return Pattern.compile(Pattern.quote(text), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
        }

        private static <T> List<T> plus(List<T> list, T element) {
            List<T> more = new ArrayList<>(list);
            more.add(element);
            return List.copyOf(more);
        }
    }
}
