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
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The values behind a {@link Scenario}: changed by its builder only, on a copy of its own, and read by the rooms of a session.
 */
final class Behaviour implements Cloneable {

    List<HandshakeRefusal> refusals = List.of();
    List<TurnOut> turnOuts = List.of();
    List<SocketEnding> endings = List.of();
    List<EventHook> hooks = List.of();
    List<PlannedFault> faults = List.of();
    Map<String, McpServer> mcpServers = Map.of();
    Set<Assumption> assumptions = Set.of();
    TranscriptionScript transcription = TranscriptionScript.prompt();
    Acknowledgement sessionUpdated = Acknowledgement.AT_ONCE;
    Acknowledgement committed = Acknowledgement.AT_ONCE;
    Acknowledgement rateLimits = Acknowledgement.AT_ONCE;
    Duration thinkTime = Duration.ZERO;
    Duration stepDelay = Duration.ZERO;
    Duration handshakeDelay = Duration.ZERO;
    Duration leastLatency = Duration.ZERO;
    Duration mostLatency = Duration.ZERO;
    Duration lateBy = Duration.ZERO;
    Duration clockSkew = Duration.ZERO;
    Expiry expiry = Expiry.ERROR_AND_CLOSE;
    /** Null: the service is simulated. */
    Recording replay;
    /** Null: the simulator's. */
    Duration lifetime;
    /** Null: never. */
    Duration idleClose;
    /** The error code with which every {@code session.update} is refused; null for none. */
    String refusedUpdateCode;
    /** How much faster than it plays audio is sent; 0: all at once. */
    double pace;
    /** Tokens of input a response may have; 0: the model's. */
    int contextTokens;
    /** Tokens of reasoning a reasoning model's usage tells of. */
    int reasoningTokens;
    /** Every so many events one is sent twice, changes places with the next, or is late; 0 for none. */
    int duplicateEvery;
    int swapEvery;
    int lateEvery;
    boolean errorEventIds = true;
    boolean obfuscation = true;
    boolean unknownEvents;
    boolean itemObjects;
    boolean confirmItemsAtOnce;
    boolean deltasAfterCancel;
    boolean listening;
    boolean duplicateContent;
    boolean schemaRetrieved;
    boolean keyCheckedAfterOpening;

    boolean assumes(Assumption assumption) {
        return assumptions.contains(assumption);
    }

    void assume(Assumption assumption) {
        Set<Assumption> more = EnumSet.of(assumption);
        more.addAll(assumptions);
        assumptions = Set.copyOf(more);
    }

    /** Whether it has events sent in an order or a number in which no healthy service sends them. */
    boolean isLawless() {
        return duplicateEvery > 0 || swapEvery > 0 || lateEvery > 0;
    }

    /** Shares nothing that can be changed: all collections in it are immutable. */
    Behaviour copy() {
        try {
            return (Behaviour) clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }
}
