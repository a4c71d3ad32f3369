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
 * called with a lock held.
 */
final class InputDues {

    private final Commits commits;
    private final ServerTurns turns;
    private final OutstandingAudio outstanding;
    private final Spans spans;
    private final Settlement settlement;

    InputDues(String sessionName, SessionConfig config, Outbox outbox, Refusals refusals, Spans spans, Timers timers) {
        this.commits = new Commits(sessionName, outbox, refusals, timers, config.timeouts().itemAck());
        this.turns = new ServerTurns(config.lineFormat());
        this.outstanding = new OutstandingAudio(
                config.transcribesInput() ? config.maxOutstandingMillis() : 0, config.timeouts().transcript(), timers);
        this.spans = spans;
        this.settlement = new Settlement(outbox, config.type());
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

    /**
     * An event other than {@code committed}. Completes futures.
     *
     * @param epoch number of its connection
     */
    void onEvent(int epoch, ServerEvent event) {
        settlement.onEvent(epoch, event);
        spans.onEvent(epoch, event);
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
            spans.committed(itemId, settlement.startMillis(commit), commit.endMillis(), commit.source());
        }
        commits.settle(commit, itemId);
        return true;
    }

    /**
     * The service has committed a turn that it has ended itself. Completes futures.
     *
     * @param epoch number of its connection
     */
    void endedByService(int epoch, String itemId) {
        SentBuffer.Stretch stretch = settlement.committedByService(epoch, itemId);
        Spans.Span span = spans.endedByService(
                epoch, itemId, stretch == null ? 0 : stretch.from(), stretch == null ? 0 : stretch.to);
        outstanding.add(itemId, span.endMillis() - span.startMillis());
        turns.committed(span.endMillis());
    }

    /** Whether nothing has been said of this item yet. */
    boolean isUnknown(String itemId) {
        return spans.find(itemId) == null;
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
     * @return commits that will not be answered
     */
    List<Commit> cut(OutboxCut cut) {
        List<Commit> lost = commits.cut(cut.staying);
        commits.renew(cut.again);
        turns.again(firstAgain(cut.again));
        return lost;
    }

    /** Where in the stream what is sent again begins, in samples; {@link Long#MAX_VALUE} if nothing is. */
    private static long firstAgain(UnsettledAudio.Again again) {
        return again.entries.stream().filter(entry -> entry.isAudio() && entry.stream() != OutboxEntry.NOWHERE)
                .mapToLong(OutboxEntry::stream).min().orElse(Long.MAX_VALUE);
    }

    /** Fails these commits, and tells those who wait for others that these are made again. Completes futures. */
    void lost(List<Commit> lost, UnsettledAudio.Again again, Exception reason) {
        turns.release();
        outstanding.clear();
        lost.forEach(commit -> commit.fail(reason));
        commits.tell(again, reason);
        if (again.lostOpenSamples > 0) {
            commits.tearNext(again, reason);
        }
    }

    /** The session is gone: nothing is owed any more. Completes futures. */
    void failAll(Exception reason) {
        turns.reset();
        commits.failAll(reason);
        outstanding.clear();
    }
}
