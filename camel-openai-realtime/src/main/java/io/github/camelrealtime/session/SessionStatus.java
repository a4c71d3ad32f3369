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

import java.util.Map;

/**
 * How a session is, at one moment. For health checks and operators; holds no secret and no content.
 *
 * @param name                logical name
 * @param state               where it is in its life
 * @param epoch               number of the present connection, 0 before the first
 * @param reconnects          how often it was ready anew after a time without a connection
 * @param rollovers           how often another connection took the place of one that still stood
 * @param sockets             connections that it has now, those included that are being made or closed
 * @param sessionId           the service's id, {@code null} if none
 * @param lastEventMillis     when the service last sent anything, ms since 1970; 0 = never
 * @param expiresAtMillis     when the service will end it, ms since 1970; 0 = unknown
 * @param queuedAudioMillis   audio waiting to be sent, ms
 * @param droppedAudioMillis  audio dropped, ms
 * @param sentAudioMillis     audio sent, ms
 * @param receivedEvents      events passed to subscriptions
 * @param staleEvents         late transcript events kept back
 * @param repeatedFinals      finals kept back because an earlier connection had given them out
 * @param malformedFrames     frames that could not be read
 * @param oddEvents           events with a member that counts as absent, as it is none of what it should be
 * @param internalErrors      how often a part of this component failed on an event; each is worth a bug report
 * @param suppressedCommits   commits not made because there was too little audio
 * @param owedTranscripts     items whose transcript is still to come
 * @param pendingResponses    requests for a response that are not answered yet
 * @param rateLimits          what the service last said of its limits, by name; a hint, which may be late
 * @param droppedDeltas       pieces kept back as their response had been cancelled
 * @param lateCancels         cancels that came after the end of their response
 * @param shortInterruptions  speech that was too short to interrupt the model
 * @param falseInterruptions  interruptions that no words followed
 * @param muted               whether the speaker is muted
 * @param mutedAudioMillis    audio given while muted, ms
 * @param history             what is kept of the conversation
 * @param outage              why it is being connected anew, {@code null} if it is not
 * @param rolloverProblem     why the next connection cannot be made, though the present one stands; {@code null} if nothing
 *                            is wrong with it
 * @param failure             why it failed, {@code null} if it did not
 * @param fatalError          code of the last error of the service, since the session is ready, that somebody has to see to
 *                            (key, model, account), such as {@code insufficient_quota}; {@code null} if there was none
 */
public record SessionStatus(
        String name,
        SessionState state,
        int epoch,
        int reconnects,
        int rollovers,
        int sockets,
        String sessionId,
        long lastEventMillis,
        long expiresAtMillis,
        long queuedAudioMillis,
        long droppedAudioMillis,
        long sentAudioMillis,
        long receivedEvents,
        long staleEvents,
        long repeatedFinals,
        long malformedFrames,
        long oddEvents,
        long internalErrors,
        long suppressedCommits,
        int owedTranscripts,
        int pendingResponses,
        Map<String, RateLimit> rateLimits,
        long droppedDeltas,
        long lateCancels,
        long shortInterruptions,
        long falseInterruptions,
        boolean muted,
        long mutedAudioMillis,
        History history,
        SessionClosedException outage,
        SessionClosedException rolloverProblem,
        SessionClosedException failure,
        String fatalError) {

    /**
     * What is kept of the conversation, to be told to the next connection.
     *
     * @param items            items kept
     * @param characters       of their text
     * @param droppedItems     items no longer kept, as there were too many, or as nobody knew what was in them
     * @param droppedImages    pictures no longer kept
     * @param pendingToolCalls calls of the model without an output
     * @param contextTokens    what of the model's context the last response used, 0 if there was none
     */
    public record History(
            int items, long characters, long droppedItems, long droppedImages, int pendingToolCalls, long contextTokens) {
    }

    /**
     * A limit of the service.
     *
     * @param limit       how much there is per period
     * @param remaining   how much of it is left
     * @param resetMillis when it is full again, ms since 1970
     */
    public record RateLimit(long limit, long remaining, long resetMillis) {
    }
}
