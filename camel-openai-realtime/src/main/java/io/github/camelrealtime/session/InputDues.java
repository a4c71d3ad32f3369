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

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.ServerEvent;

/**
 * What the service owes for the audio given to it: answers to commits, ends of the turns that it ends itself, and finals.
 * Knows which stretch became which item.
 *
 * <p>Thread-safe, without a lock of its own: each part has one. Methods that complete futures say so, and are not to be
 * called with a lock held, except {@link #cut}.
 */
final class InputDues {

    private final Commits commits;
    private final ServerTurns turns;
    private final OutstandingAudio outstanding;
    private final Spans spans;

    InputDues(String sessionName, SessionConfig config, Outbox outbox, Refusals refusals, Spans spans, Timers timers) {
        this.commits = new Commits(sessionName, outbox, refusals, timers, config.timeouts().itemAck());
        this.turns = new ServerTurns(config.lineFormat());
        this.outstanding = new OutstandingAudio(
                config.transcribesInput() ? config.maxOutstandingMillis() : 0, config.timeouts().transcript(), timers);
        this.spans = spans;
    }

    /** Commits not answered yet, and which of them have been asked an answer to. */
    Commits commits() {
        return commits;
    }

    /** Turns that the service ends. */
    ServerTurns turns() {
        return turns;
    }

    /**
     * Queues a commit and sends nothing yet; {@link Commits#watch} comes next, without a lock.
     *
     * @param  awaited whether somebody waits for the answer
     * @return         done when sent
     */
    CompletableFuture<Void> offer(Commit commit, ClientEvent event, boolean awaited) {
        outstanding.add(commit);
        return commits.offer(commit, event, awaited);
    }

    /** An event other than {@code committed}. Completes futures. */
    void onEvent(ServerEvent event) {
        spans.onEvent(event);
        outstanding.onEvent(event);
    }

    /**
     * The service has committed. Completes the future of the commit that this answers.
     *
     * @return whether it is a commit of ours; if not, {@link #endedByService} comes next
     */
    boolean answered(String itemId) {
        // under server turns a commit of ours may lose the race: then this answers the service's own
        Commit commit = commits.poll();
        if (commit == null) {
            return false;
        }
        if (itemId != null && spans.find(itemId) == null) {
            spans.put(itemId, new Spans.Span(commit.startMillis(), commit.endMillis(), "segment"));
        }
        commits.settle(commit, itemId);
        return true;
    }

    /** The service has committed a turn that it has ended itself. Completes futures. */
    void endedByService(String itemId) {
        Spans.Span span = spans.find(itemId);
        outstanding.add(itemId, millisOf(span));
        turns.committed(span == null ? null : span.endMillis());
    }

    private static long millisOf(Spans.Span span) {
        boolean known = span != null && span.startMillis() != null && span.endMillis() != null;
        return known ? span.endMillis() - span.startMillis() : 0;
    }

    /** Done when the service has answered what was committed so far, and committed what it ends itself. */
    CompletableFuture<Void> allAnswered() {
        return CompletableFuture.allOf(commits.answered(), turns.settled());
    }

    /** Committed and not final, in ms. */
    long outstandingMillis() {
        return outstanding.millis();
    }

    /**
     * Done when there is room for more that is not final; see {@link OutstandingAudio#room}.
     *
     * @param uncommittedMillis ms of audio given and not committed
     */
    CompletableFuture<Void> room(long uncommittedMillis) {
        return outstanding.room(uncommittedMillis);
    }

    /**
     * The connection is lost and another takes its place. To be called with the inbox's lock held, so that nothing is given
     * in between; {@link #lost} comes next, without it.
     *
     * @param  staying      ids of the commits that have not left and will
     * @param  stayingBytes the last of the audio given, which the next connection gets
     * @return              what will not be answered
     */
    Lost cut(Set<String> staying, long stayingBytes) {
        return new Lost(commits.cut(staying), turns.cut(stayingBytes));
    }

    /** Fails these commits; of what the lost connection had, nothing becomes final any more. Completes futures. */
    void lost(Lost lost, Exception reason) {
        lost.turns.forEach(waiter -> waiter.complete(null));
        lost.commits.forEach(commit -> commit.itemId().completeExceptionally(reason));
        outstanding.clear();
    }

    /**
     * What goes with a connection.
     *
     * @param commits will not be answered
     * @param turns   of those who wait for turns that the service will not end
     */
    record Lost(List<Commit> commits, List<CompletableFuture<Void>> turns) {
    }

    /** The session is gone: nothing is owed any more. Completes futures. */
    void failAll(Exception reason) {
        turns.reset();
        commits.failAll(reason);
        outstanding.clear();
    }
}
