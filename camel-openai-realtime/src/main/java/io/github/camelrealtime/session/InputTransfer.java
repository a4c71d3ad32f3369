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

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.SessionType;

/**
 * Takes the input of a session from one connection to the next, so that no sample is lost, and none doubled that the service
 * does not lose (ROLL-3, ROLL-12). In three ways:
 *
 * <ul>
 * <li>handed over, when both connections stand: what has left is the old one's, what has not is the next one's. A turn that
 * somebody is in the middle of goes whole to the next: it is cleared on the old one and sent again;
 * <li>cut, when the connection is lost: what it got and did not make final is sent again, before what waits;
 * <li>late, when the connection that was handed over from ends with something unsettled: that is sent again where it does
 * not get into the middle of a turn.
 * </ul>
 *
 * <p>Thread-safe; shares the inbox's lock. Nothing is sent here: whoever calls drains the outbox.
 */
final class InputTransfer {

    private final String sessionName;
    private final SessionConfig config;
    private final ReentrantLock lock;
    private final InputLine line;
    private final Outbox outbox;
    private final InputDues dues;
    private final Timers timers;
    /** What is to be sent again when there is a place for it. Written under the lock. */
    private volatile List<UnsettledAudio.Again> parked = List.of();
    /** Done when the present connection has cleared what the next is given again. Guarded by the lock. */
    private CompletableFuture<Void> cleared = CompletableFuture.completedFuture(null);
    /** Ends the wait for that. */
    private volatile Timers.Cancellable clearTimer = Timers.Cancellable.NOTHING;
    private volatile boolean whole = true;

    /** @param lock of the inbox, which guards the line */
    InputTransfer(
            String sessionName, SessionConfig config, ReentrantLock lock, InputLine line, Outbox outbox, InputDues dues,
            Timers timers) {
        this.sessionName = sessionName;
        this.config = config;
        this.lock = lock;
        this.line = line;
        this.outbox = outbox;
        this.dues = dues;
        this.timers = timers;
    }

    // ---- handed over

    /** Whether nobody is in the middle of a turn: handing over now splits nothing, and nothing has to be sent again. */
    boolean isPause() {
        lock.lock();
        try {
            return line.mode() == TurnMode.SERVER
                    ? dues.turns().isPause() && !outbox.unsettled(UnsettledAudio::isSpeaking)
                    : !line.hasUncommitted();
        } finally {
            lock.unlock();
        }
    }

    /**
     * What waits and what is given from now on is for the next connection.
     *
     * @param  forced whether it is done in the middle of a turn, too
     * @return        done when the present connection has answered what it got
     */
    CompletableFuture<Void> handOver(boolean forced) {
        lock.lock();
        try {
            boolean server = line.mode() == TurnMode.SERVER;
            long open = outbox.unsettled(UnsettledAudio::openSamples);
            if (open == 0 || server && !forced && isPause()) {
                return outbox.holdAll(null);
            }
            long enough = config.inputFormat().bytesOf(InputLine.MIN_COMMIT_MILLIS) / config.inputFormat().bytesPerFrame();
            if (server && config.type() == SessionType.TRANSCRIPTION && open >= enough) {
                return commitOpen();
            }
            return carryOpen();
        } finally {
            lock.unlock();
        }
    }

    private CompletableFuture<Void> commitOpen() {
        int epoch = outbox.unsettled(UnsettledAudio::presentEpoch);
        long from = outbox.unsettled(UnsettledAudio::heardFrom);
        long to = outbox.unsettled(UnsettledAudio::written);
        return line.commitLast(outbox.streams().startMillis(epoch, from), outbox.streams().endMillis(epoch, to));
    }

    private CompletableFuture<Void> carryOpen() {
        int epoch = outbox.unsettled(UnsettledAudio::presentEpoch);
        CompletableFuture<Void> empty = new CompletableFuture<>();
        cleared = empty;
        CompletableFuture<Void> held = outbox.holdAll(OutboxEntry.carry(ClientEvent.clear()));
        // what the service commits before it clears is not to be sent again
        CompletableFuture<Void> answered = held.thenCompose(nothing -> {
            Timers.Cancellable timer = timers.schedule(() -> empty.complete(null), config.timeouts().itemAck());
            clearTimer = timer;
            return empty.whenComplete((done, none) -> timer.cancel());
        });
        return answered.thenRun(() -> carry(epoch));
    }

    private void carry(int epoch) {
        UnsettledAudio.Again again;
        lock.lock();
        try {
            again = outbox.carryOpen(epoch);
            dues.commits().renew(again);
            line.lost(again.lostOpenSamples);
        } finally {
            lock.unlock();
        }
        dues.commits().tell(again, torn());
    }

    /** The service has emptied its buffer as it was told. */
    void cleared(int epoch) {
        CompletableFuture<Void> done = null;
        lock.lock();
        try {
            if (outbox.unsettled(ring -> ring.cleared(epoch))) {
                done = cleared;
            }
        } finally {
            lock.unlock();
        }
        if (done != null) {
            done.complete(null);
        }
    }

    // ---- cut

    /** See {@link AudioInbox#cut}. */
    OutboxCut cut(Exception reason, Set<String> withdrawn) {
        OutboxCut cut;
        List<Commit> lost;
        CompletableFuture<Void> clearing;
        lock.lock();
        try {
            cut = outbox.cut(withdrawn, turnEnd());
            lost = dues.cut(cut);
            line.cut(cut.again.lostOpenSamples);
            whole = cut.again.lostSamples == 0;
            clearing = cleared;
        } finally {
            lock.unlock();
        }
        clearing.complete(null);
        cut.settle(reason);
        dues.lost(lost, cut.again, reason);
        return cut;
    }

    /** Silence of our own goes out on the wire, so it is in the wire's format. */
    private byte[] turnEnd() {
        AudioFormat wire = config.inputFormat();
        return config.turns() == TurnMode.SERVER ? dues.turns().silence() : wire.silence(0);
    }

    /** Whether nothing was lost when the last connection was. */
    boolean isWhole() {
        return whole;
    }

    // ---- late

    /** The connection that was handed over from is gone. Returns the items it had made of what is sent again. */
    Set<String> drained(int epoch) {
        UnsettledAudio.Again again;
        lock.lock();
        try {
            again = outbox.unsettled(ring -> ring.takeAll(epoch, turnEnd()));
            if (!again.entries.isEmpty()) {
                if (line.mode() == TurnMode.SERVER) {
                    // or what comes before it would be taken for the beginning of its first turn
                    again.entries.add(0, OutboxEntry.silenceAgain(config.inputFormat().silence(UnsettledAudio.LEAD_MILLIS)));
                }
                List<UnsettledAudio.Again> more = new ArrayList<>(parked);
                more.add(again);
                parked = List.copyOf(more);
            }
        } finally {
            lock.unlock();
        }
        resume();
        return again.items;
    }

    /**
     * Puts what waits for its place there, if there is one now. Completes futures.
     *
     * @return whether there was
     */
    boolean resume() {
        if (parked.isEmpty()) {
            return false;
        }
        List<UnsettledAudio.Again> placed = new ArrayList<>();
        lock.lock();
        try {
            List<UnsettledAudio.Again> left = new ArrayList<>(parked);
            // the last first: each is put before all that waits
            while (!left.isEmpty() && place(left.get(left.size() - 1))) {
                placed.add(0, left.remove(left.size() - 1));
            }
            parked = List.copyOf(left);
        } finally {
            lock.unlock();
        }
        placed.forEach(again -> dues.commits().tell(again, torn()));
        return !placed.isEmpty();
    }

    private boolean place(UnsettledAudio.Again again) {
        // first, as it may be answered as soon as it is in its place
        dues.commits().renew(again);
        if (outbox.offerFirst(again.entries)) {
            return true;
        }
        dues.commits().withdraw(again);
        return false;
    }

    private SessionReconnectingException torn() {
        return new SessionReconnectingException(EndReasons.torn(sessionName, config.audioQueue().unsettledMillis()));
    }

    /** The session is gone. */
    void reset() {
        parked = List.of();
        clearTimer.cancel();
    }

    // ---- what is known

    /** See {@link InputAccounts}. */
    InputAccounts accounts() {
        lock.lock();
        try {
            return outbox.accounts(line.givenSamples(), parked.stream().mapToLong(this::samples).sum());
        } finally {
            lock.unlock();
        }
    }

    private long samples(UnsettledAudio.Again again) {
        return again.streamSamples(config.inputFormat());
    }
}
