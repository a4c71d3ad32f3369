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
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps responses of the default conversation one after the other: the service refuses a {@code response.create} while
 * one runs (trap T-1). Out-of-band responses ({@code conversation: none}) pass by.
 *
 * <p>Each request carries a metadata entry ({@link ResponseRequest#METADATA_KEY}) which the service echoes on
 * {@code response.created} and {@code response.done}; this is how a request finds its own response among those that the
 * service starts itself.
 *
 * <p>No place is kept for ever (RESP-5): a request whose response does not begin within {@link #CREATED_MILLIS} ms, or is not
 * done within {@link #DONE_MILLIS} ms, fails with {@link TimedOutException}, and those behind it get their turn.
 *
 * <p>Thread-safe. Nothing is sent and no future completed under the lock.
 */
final class ResponseSequencer {

    /** For the service to create a response once asked, in ms. It does so at once or not at all. */
    static final long CREATED_MILLIS = 10_000;
    /** For a response to be done once created, in ms: far more than the longest answer takes, as its end may be lost. */
    static final long DONE_MILLIS = 5 * 60_000;
    private static final Logger LOG = LoggerFactory.getLogger(ResponseSequencer.class);

    private final String sessionName;
    private final Outbox outbox;
    private final Refusals refusals;
    private final Timers timers;
    private final Cancellations cancellations;
    private final ReplyAudios audios;

    private final ReentrantLock lock = new ReentrantLock();
    private final ResponseQueue queue;
    private boolean sending;
    /** Whether a request was given up and nothing at all has come since. */
    private boolean unanswered;
    /** Whether those who wait their turn get it on the next connection only. */
    private boolean paused;
    private final List<CompletableFuture<Void>> quietWaiters = new ArrayList<>();

    ResponseSequencer(String sessionName, Outbox outbox, Refusals refusals, Timers timers) {
        this.sessionName = sessionName;
        this.outbox = outbox;
        this.refusals = refusals;
        this.timers = timers;
        this.queue = new ResponseQueue(new ForeignResponse(timers), this::doubt);
        this.cancellations = new Cancellations(sessionName, outbox, refusals);
        this.audios = new ReplyAudios(sessionName);
    }

    Cancellations cancellations() {
        return cancellations;
    }

    /** Answers whose audio is being kept. */
    int keptAnswers() {
        return audios.size();
    }

    /** On the reader thread, for each piece of audio: it may be wanted by somebody. */
    void received(ServerEvent delta) {
        ResponseRequest overfed = audios.received(delta);
        if (overfed != null) {
            abandon(overfed);
        }
    }

    /** A new connection begins: what the service was doing on the last one is over. */
    void reset() {
        lock.lock();
        try {
            queue.forgetService();
            unanswered = false;
            paused = false;
        } finally {
            lock.unlock();
        }
        cancellations.reset();
    }

    /** Begins no response any more until {@link #cut}; done when none runs. */
    CompletableFuture<Void> pause() {
        CompletableFuture<Void> quiet = new CompletableFuture<>();
        lock.lock();
        try {
            paused = true;
            quietWaiters.add(quiet);
        } finally {
            lock.unlock();
        }
        tellIfQuiet();
        return quiet;
    }

    private void tellIfQuiet() {
        List<CompletableFuture<Void>> told;
        lock.lock();
        try {
            if (quietWaiters.isEmpty() || !queue.isQuiet()) {
                return;
            }
            told = new ArrayList<>(quietWaiters);
            quietWaiters.clear();
        } finally {
            lock.unlock();
        }
        told.forEach(waiter -> waiter.complete(null));
    }

    /** Whether the service owes anything: a response that was asked for, or the end of one that runs. */
    boolean isAwaited() {
        lock.lock();
        try {
            return unanswered || queue.isAwaited();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The connection is lost and another takes its place: takes out the requests whose turn had come. Those that wait their
     * turn stay, until {@link #goOn}.
     */
    List<ResponseRequest> cut() {
        List<ResponseRequest> lost;
        List<CompletableFuture<Void>> quiet;
        lock.lock();
        try {
            lost = queue.takeAsked();
            unanswered = false;
            paused = true;
            quiet = new ArrayList<>(quietWaiters);
            quietWaiters.clear();
        } finally {
            lock.unlock();
        }
        cancellations.reset();
        quiet.forEach(waiter -> waiter.complete(null));
        return lost;
    }

    /** The cut is over: whoever waits gets a turn, and leaves when the outbox lets it. */
    void goOn() {
        lock.lock();
        try {
            paused = false;
        } finally {
            lock.unlock();
        }
        sendNext();
    }

    /** Asks for a response; it is sent when its turn comes. */
    void request(ResponseRequest request) {
        boolean taken;
        lock.lock();
        try {
            taken = queue.add(request);
        } finally {
            lock.unlock();
        }
        if (!taken) {
            RealtimeException full = new RealtimeException(
                    sessionName, "Session " + sessionName + ": " + ResponseQueue.MAX_WAITING
                                 + " requests for a response are waiting already");
            request.fail(full);
        } else if (ResponseQueue.passesBy(request)) {
            send(request);
        } else {
            sendNext();
        }
    }

    /**
     * Nobody waits for this request any more, so it must not keep those behind it waiting: its response is cancelled, now or
     * when the service comes to create it.
     */
    void abandon(ResponseRequest request) {
        String cancelled;
        lock.lock();
        try {
            queue.giveUp(request);
            cancelled = request.responseId;
        } finally {
            lock.unlock();
        }
        if (cancelled != null) {
            cancellations.cancel(cancelled, null);
        }
        sendNext();
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
        String id = responseId;
        lock.lock();
        try {
            if (id == null) {
                id = queue.activeId();
            }
            if (id == null) {
                queue.wishCancel(eventId);
            }
        } finally {
            lock.unlock();
        }
        return id == null ? null : cancellations.prepare(id, eventId);
    }

    /** The service has begun to hear speech, which ends the response that the conversation is in. */
    void interruptedByService() {
        String id;
        lock.lock();
        try {
            id = queue.activeId();
        } finally {
            lock.unlock();
        }
        if (id != null) {
            cancellations.byService(id);
        }
    }

    private void sendNext() {
        while (true) {
            ResponseRequest next;
            lock.lock();
            try {
                // who sends looks again afterwards: a request that fails at once must not lead to the next by recursion
                next = sending || paused ? null : queue.next();
                if (next == null) {
                    break;
                }
                sending = true;
            } finally {
                lock.unlock();
            }
            send(next);
            lock.lock();
            try {
                sending = false;
            } finally {
                lock.unlock();
            }
        }
        tellIfQuiet();
    }

    private void send(ResponseRequest request) {
        if (request.before != null && !request.beforeSent) {
            request.beforeSent = true;
            // the response comes all the same, so the place is kept until it is done
            refusals.expect(request.before, refused -> request.done.completeExceptionally(refused) && request.awaited);
            CompletableFuture<Void> said = outbox.send(request.before);
            if (said.isCompletedExceptionally()) {
                // without it the question is another one
                said.whenComplete((nothing, failure) -> finish(request, failure));
                return;
            }
            said.whenComplete((nothing, failure) -> {
                if (failure != null) {
                    request.done.completeExceptionally(failure);
                }
            });
        }
        if (isLost(request)) {
            return;
        }
        refusals.expect(request.create, refused -> refused(request, refused));
        CompletableFuture<Void> asked = request.overtakes ? outbox.sendUrgent(request.create) : outbox.send(request.create);
        asked.whenComplete((nothing, failure) -> {
            if (failure == null) {
                watch(request);
                request.sent.complete(null);
            } else {
                finish(request, failure);
            }
        });
    }

    /** Whether the connection was lost while the request was being sent: then it has been told so. */
    private boolean isLost(ResponseRequest request) {
        lock.lock();
        try {
            return !queue.isAsked(request);
        } finally {
            lock.unlock();
        }
    }

    /** Neither an error that names nobody nor a lost event may keep the place for ever. */
    private void watch(ResponseRequest request) {
        lock.lock();
        try {
            // the answer may have come already
            if (queue.isAsked(request) && request.responseId == null) {
                limit(request, "no response was begun", CREATED_MILLIS);
            }
        } finally {
            lock.unlock();
        }
    }

    private void limit(ResponseRequest request, String what, long millis) {
        request.watchdog.cancel();
        String begun = request.responseId;
        request.watchdog = timers.schedule(() -> expire(request, begun, what, millis), millis);
    }

    private void expire(ResponseRequest request, String begun, String what, long millis) {
        lock.lock();
        try {
            if (!queue.isAsked(request) || !Objects.equals(begun, request.responseId)) {
                return;
            }
        } finally {
            lock.unlock();
        }
        TimedOutException late = new TimedOutException(
                "Session " + sessionName + ": " + what + " within " + millis + " ms", millis);
        LOG.warn("{}", late.getMessage());
        forget(request);
        request.done.completeExceptionally(late);
        abandon(request);
        heard(false);
    }

    /** Only what comes after the request was given up shows that the service lives. */
    private void heard(boolean anything) {
        lock.lock();
        try {
            unanswered = !anything;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether the refusal is dealt with. */
    private boolean refused(ResponseRequest request, RequestRefusedException refusal) {
        if (!"conversation_already_has_active_response".equals(refusal.getCode())) {
            return finish(request, refusal) && request.awaited;
        }
        if (request.outOfBand && refusal.getEventId() == null) {
            // without an event id it was taken for the last request, but only one of the conversation can be meant
            refusals.expect(request.create, later -> refused(request, later));
            return sendAgain(null);
        }
        return sendAgain(request) || finish(request, refusal) && request.awaited;
    }

    /**
     * A response runs: the request is sent again when that is done.
     *
     * @param  request {@code null} for the one that was sent last
     * @return         whether it is one that can be sent again
     */
    private boolean sendAgain(ResponseRequest request) {
        lock.lock();
        try {
            return queue.takeBack(request);
        } finally {
            lock.unlock();
        }
    }

    /** The end of that response may be lost, or have come before the rejection: it is not waited for for ever. */
    private void doubt(long thisCase) {
        lock.lock();
        try {
            queue.expire(thisCase);
        } finally {
            lock.unlock();
        }
        sendNext();
    }

    /** Returns whether the requester has heard of it by this. */
    private boolean finish(ResponseRequest request, Throwable failure) {
        lock.lock();
        try {
            queue.remove(request);
        } finally {
            lock.unlock();
        }
        forget(request);
        request.sent.completeExceptionally(failure);
        boolean told = request.done.completeExceptionally(failure);
        sendNext();
        return told;
    }

    /** The service has taken the request: an error can no longer be about it. */
    private void forget(ResponseRequest request) {
        if (request.before != null) {
            refusals.forget(request.before.getEventId());
        }
        refusals.forget(request.create.getEventId());
    }

    void onEvent(ServerEvent event) {
        heard(true);
        if (EventTypes.RESPONSE_CREATED.equals(event.getType())) {
            created(event);
        } else if (EventTypes.RESPONSE_DONE.equals(event.getType())) {
            done(event);
        }
    }

    private void created(ServerEvent event) {
        String key = ResponseEvents.key(event);
        String id = event.getResponseId();
        ResponseRequest request;
        boolean unwanted;
        String cancelId = null;
        lock.lock();
        try {
            request = queue.find(key);
            if (request == null) {
                unwanted = queue.beginForeign(key, id, ResponseEvents.isOutOfBand(event));
            } else {
                request.responseId = id;
                unwanted = request.cancelWished;
                cancelId = request.cancelId;
                limit(request, "response " + id + " was not done", DONE_MILLIS);
            }
        } finally {
            lock.unlock();
        }
        if (request != null) {
            forget(request);
        }
        if (unwanted && id != null) {
            cancellations.cancel(id, cancelId);
        } else if (request != null && id != null) {
            audios.begin(request, event);
        }
    }

    private void done(ServerEvent event) {
        ResponseRequest request;
        lock.lock();
        try {
            request = queue.done(ResponseEvents.key(event), event.getResponseId(), ResponseEvents.isOutOfBand(event));
        } finally {
            lock.unlock();
        }
        if (event.getResponseId() != null) {
            cancellations.done(event.getResponseId());
        }
        if (request != null) {
            forget(request);
            ResponseResult result = new ResponseResult(event);
            if (result.status() == null || "completed".equals(result.status())) {
                request.done.complete(result);
            } else {
                request.done.completeExceptionally(new ResponseFailedException(
                        sessionName, result.responseId(), result.status(), result.reason(), result.errorCode()));
            }
        }
        sendNext();
    }

    /** Whether a response of the conversation runs, or has been asked for. */
    boolean isActive() {
        lock.lock();
        try {
            return queue.isActive();
        } finally {
            lock.unlock();
        }
    }

    /** Requests that were not answered yet. */
    int pending() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    /** The session is gone: everybody who waits is told so. */
    void failAll(Exception reason) {
        List<ResponseRequest> failed;
        List<CompletableFuture<Void>> quiet;
        lock.lock();
        try {
            failed = queue.takeAll();
            quiet = new ArrayList<>(quietWaiters);
            quietWaiters.clear();
        } finally {
            lock.unlock();
        }
        cancellations.reset();
        quiet.forEach(waiter -> waiter.complete(null));
        failed.forEach(request -> request.fail(reason));
    }
}
