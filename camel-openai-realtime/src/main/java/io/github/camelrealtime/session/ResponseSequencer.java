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
import java.util.function.Consumer;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.ServerEvent;

/**
 * Keeps responses of the default conversation one after the other: the service refuses a {@code response.create} while
 * one runs (trap T-1). Out-of-band responses ({@code conversation: none}) pass by.
 *
 * <p>Each request carries a metadata entry ({@link ResponseRequest#METADATA_KEY}) which the service echoes on
 * {@code response.created} and {@code response.done}; this is how a request finds its own response among those that the
 * service starts itself.
 *
 * <p>Who waits is in a {@link ResponseQueue}, who was asked for in a {@link ResponseBook}, what has the place of the
 * conversation in a {@link ResponsePlace}, which goes by the {@link ResponseTable}. What the service says is brought to them by
 * {@link ResponseNews}, what one connection leaves to the next by {@link ResponseConnections}; this class is what the client
 * does, and sends.
 *
 * <p>Thread-safe; one lock guards all of them. Nothing is sent and no future completed under it. What is sent is put into the
 * outbox under it, so that a cut ({@link #cut}) finds each request either there or here.
 */
final class ResponseSequencer {

    /** For the service to create a response once asked, in ms. It does so at once or not at all. */
    static final long CREATED_MILLIS = 10_000;

    private final Outbox outbox;
    private final Cancellations cancellations;
    private final ReplyAudios audios;
    private final ResponseQueue queue = new ResponseQueue();
    private final ResponseBook book = new ResponseBook();
    private final ResponsePlace place;
    private final AutomaticAnswers answers = new AutomaticAnswers();
    private final ResponseAttempts attempts;
    private final ResponseNews news;
    private final ResponseConnections connections;

    private final ReentrantLock lock = new ReentrantLock();
    private boolean sending;

    /** @param announce gets the members of {@link LocalEvents#RESPONSE_FAILED} */
    ResponseSequencer(
            String sessionName, Outbox outbox, Refusals refusals, Timers timers, ResponseRetries retries,
            Consumer<ObjectNode> announce) {
        this.outbox = outbox;
        this.place = new ResponsePlace(timers, this::late);
        this.cancellations = new Cancellations(sessionName, outbox, refusals);
        this.audios = new ReplyAudios(sessionName);
        this.attempts = new ResponseAttempts(
                sessionName, outbox, refusals, timers, this::work, queue, book, place, cancellations);
        this.news = new ResponseNews(
                sessionName, timers, this::work, queue, book, place, attempts, answers, retries, cancellations, audios,
                announce);
        this.connections = new ResponseConnections(outbox, book, place, attempts, answers, announce);
    }

    private <T> T locked(Supplier<T> what) {
        lock.lock();
        try {
            return what.get();
        } finally {
            lock.unlock();
        }
    }

    /** What is done under the lock, and leaves to the list what must not be. */
    @FunctionalInterface
    interface Work {

        void under(List<Runnable> after);
    }

    private void work(Work work) {
        List<Runnable> after = new ArrayList<>(2);
        lock.lock();
        try {
            work.under(after);
        } finally {
            lock.unlock();
        }
        after.forEach(Runnable::run);
        sendNext();
    }

    // ---- requests

    /** Asks for a response; it is sent when its turn comes. */
    void request(ResponseRequest request) {
        work(after -> {
            boolean full = ResponseQueue.passesBy(request) && book.outOfBand() >= ResponseQueue.MAX_WAITING;
            if (full || !queue.add(request)) {
                after.add(() -> request.fail(attempts.full()));
            }
        });
    }

    /**
     * Asks for a response that follows on something the component did, such as the outputs of tools (RESP-18). It waits its
     * turn, and is as good as another of its kind that waits (RESP-2). It is dropped when the user speaks meanwhile and the
     * service ends its response for that (RESP-11), as the answer to the user will cover it.
     *
     * @param  reason for the log: a word such as {@code tools}
     * @return        what serves for it, perhaps asked for before
     */
    ResponseRequest requestAutomatic(String reason) {
        List<ResponseRequest> serves = new ArrayList<>(1);
        work(after -> serves.add(attempts.automatic(reason, 0)));
        return serves.get(0);
    }

    /**
     * The turn that this request is to answer was lost with its connection and is given to the next: if it has to be asked for
     * again, it waits until that has got the turn, as the model would answer without it.
     */
    void turnLost(ResponseRequest request) {
        work(after -> request.turnLost = true);
    }

    /** The service has got it, or as much of it as there is. */
    void turnGiven(ResponseRequest request) {
        work(after -> request.turnLost = false);
    }

    /**
     * Nobody waits for this request any more, so it must not keep those behind it waiting: its response is cancelled, now or
     * when the service comes to create it.
     */
    void abandon(ResponseRequest request) {
        work(after -> attempts.giveUp(request, after));
    }

    /**
     * Cancels a response. If the one to be cancelled has not begun, the wish is remembered: the service would not hear of it
     * before (RESP-8, trap T-5).
     *
     * @param  responseId {@code null} for the one that the conversation is in
     * @param  eventId    of the cancel, {@code null} for a new one
     * @return            what the caller has to send; {@code null} if there is nothing to cancel, or not yet
     */
    ClientEvent prepareCancel(String responseId, String eventId) {
        lock.lock();
        try {
            String id = responseId == null ? place.activeId() : responseId;
            if (id == null) {
                place.wishCancel(eventId);
                return null;
            }
            ClientEvent cancel = cancellations.prepare(id, eventId);
            place.cancelled(id);
            return cancel;
        } finally {
            lock.unlock();
        }
    }

    Cancellations cancellations() {
        return cancellations;
    }

    // ---- what the service says

    /** On the reader thread, for each piece of audio: it may be wanted by somebody. */
    void received(ServerEvent delta) {
        ResponseRequest overfed = audios.received(delta);
        if (overfed != null) {
            abandon(overfed);
        }
    }

    void onEvent(ServerEvent event) {
        attempts.heard();
        if (ResponseNews.concern(event.getType())) {
            work(after -> news.onEvent(event, outbox.admissions(), after));
        }
    }

    /**
     * An event of a connection that is being drained: it settles whoever waits for it, and is in nobody's way.
     *
     * @param connection the one that it comes by, as {@link Outbox#admissions} counts them
     */
    void onEventElsewhere(ServerEvent event, long connection) {
        if (ResponseNews.concern(event.getType())) {
            work(after -> news.onEventElsewhere(event, connection, after));
        }
    }

    /** The session object that the service confirms. */
    void configured(JsonNode confirmed) {
        lock.lock();
        try {
            answers.configured(confirmed);
        } finally {
            lock.unlock();
        }
    }

    /** The service has begun to hear speech, which ends the response that the conversation is in. */
    void interruptedByService() {
        lock.lock();
        try {
            String id = place.activeId();
            if (id != null) {
                place.cancelled(id);
                cancellations.byService(id);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The time for what keeps the place is over. */
    private void late(long thisCase) {
        work(after -> {
            ResponsePlace.Late late = place.late(thisCase);
            late.cancel().forEach(id -> after.add(() -> cancellations.cancel(id, null)));
            if (late.silent()) {
                attempts.automatic("unanswered turn", 0);
            }
        });
    }

    // ---- sending

    private void sendNext() {
        while (true) {
            ResponseAttempts.Attempt next;
            lock.lock();
            try {
                // who sends looks again afterwards: a request that fails at once must not lead to the next by recursion
                next = sending || connections.isPaused() ? null : attempts.next();
                if (next == null) {
                    break;
                }
                sending = true;
            } finally {
                lock.unlock();
            }
            outbox.drain();
            attempts.follow(next);
            lock.lock();
            try {
                sending = false;
            } finally {
                lock.unlock();
            }
        }
        tellIfQuiet();
    }

    private void tellIfQuiet() {
        locked(() -> isQuiet() ? connections.takeQuietWaiters() : List.<CompletableFuture<Void>>of())
                .forEach(waiter -> waiter.complete(null));
    }

    // ---- connections

    /** A new connection begins: what the service was doing on the last one is over. */
    void reset() {
        lock.lock();
        try {
            connections.begin();
        } finally {
            lock.unlock();
        }
        cancellations.reset();
    }

    /**
     * Begins no response any more until {@link #goOn}: requests wait and leave by the connection that is there then. Done when
     * none runs.
     */
    CompletableFuture<Void> pause() {
        CompletableFuture<Void> quiet = locked(connections::pause);
        tellIfQuiet();
        return quiet;
    }

    /**
     * Whoever waits gets a turn, and leaves when the outbox lets it. If another connection has taken the place of the one on
     * which {@link #pause} was called, what runs on that one goes on there: its end settles its request, and it is in
     * nobody's way here.
     */
    void goOn() {
        work(after -> connections.goOn());
    }

    /**
     * The connection is lost and another takes its place (ROLL-15): takes out the requests whose responses ran, or were to be
     * cancelled. Those that were asked for and have not begun stay, and are asked for again after {@link #goOn}; what of them
     * is in the outbox has to be withdrawn, see {@link #withdrawn}.
     *
     * @return those to be told that they fail
     */
    List<ResponseRequest> cut() {
        List<ResponseRequest> lost;
        List<CompletableFuture<Void>> quiet;
        List<Runnable> after = new ArrayList<>();
        lock.lock();
        try {
            lost = connections.cut(after);
            quiet = connections.takeQuietWaiters();
        } finally {
            lock.unlock();
        }
        cancellations.reset();
        quiet.forEach(waiter -> waiter.complete(null));
        after.forEach(Runnable::run);
        return lost;
    }

    /** Ids of events that the last {@link #cut} has taken back, in case they wait in the outbox: they are not to leave. */
    Set<String> withdrawn() {
        return locked(connections::withdrawn);
    }

    /**
     * A connection that was being drained is gone: takes out the requests whose responses ran there. Those whose response has
     * not begun are asked for again on the present one.
     *
     * @param  connection as {@link Outbox#admissions} counts them
     * @return            those to be told that they fail
     */
    List<ResponseRequest> drained(long connection) {
        List<ResponseRequest> lost = new ArrayList<>();
        work(after -> lost.addAll(connections.drained(connection, after)));
        return lost;
    }

    /** The session is gone: everybody who waits is told so. */
    void failAll(Exception reason) {
        List<ResponseRequest> failed;
        List<CompletableFuture<Void>> quiet;
        lock.lock();
        try {
            failed = queue.takeAll();
            failed.addAll(book.takeAll());
            place.cut();
            quiet = connections.takeQuietWaiters();
        } finally {
            lock.unlock();
        }
        cancellations.reset();
        quiet.forEach(waiter -> waiter.complete(null));
        failed.forEach(request -> request.fail(reason));
    }

    // ---- for those who look

    /** What the default conversation is in. */
    ResponseState state() {
        return locked(place::state);
    }

    /** Whether nothing runs, nothing is expected and nothing has been asked for, out of band neither. */
    boolean isQuiet() {
        return locked(() -> place.isFree() && book.isEmpty());
    }

    /** Whether the service owes anything: a response that was asked for, or the end of one that runs. */
    boolean isAwaited() {
        return locked(() -> attempts.isUnanswered() || place.isRunning() || book.anyLeft());
    }

    /** Whether a response of the conversation runs or is expected, or has been asked for. */
    boolean isActive() {
        return state() != ResponseState.IDLE;
    }

    /** Requests that were not answered yet. */
    int pending() {
        return locked(() -> queue.size() + book.size());
    }

    /** Answers whose audio is being kept. */
    int keptAnswers() {
        return audios.size();
    }
}
