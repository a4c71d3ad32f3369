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
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for responses, watches over what is asked for until it has begun or is refused, and asks again. A part of
 * {@link ResponseSequencer}, whose lock guards it: methods are called with that lock, unless they say otherwise.
 */
final class ResponseAttempts {

    private static final Logger LOG = LoggerFactory.getLogger(ResponseAttempts.class);
    private static final String RUNS_ALREADY = "conversation_already_has_active_response";

    private final String sessionName;
    private final Outbox outbox;
    private final Refusals refusals;
    private final Timers timers;
    private final Consumer<ResponseSequencer.Work> sequencer;
    private final ResponseQueue queue;
    private final ResponseBook book;
    private final ResponsePlace place;
    private final Cancellations cancellations;
    /** Whether a request was given up and nothing at all has come since. */
    private volatile boolean unanswered;

    /** @param sequencer works under the lock, for those who do not have it */
    ResponseAttempts(
            String sessionName, Outbox outbox, Refusals refusals, Timers timers, Consumer<ResponseSequencer.Work> sequencer,
            ResponseQueue queue, ResponseBook book, ResponsePlace place, Cancellations cancellations) {
        this.sessionName = sessionName;
        this.outbox = outbox;
        this.refusals = refusals;
        this.timers = timers;
        this.sequencer = sequencer;
        this.queue = queue;
        this.book = book;
        this.place = place;
        this.cancellations = cancellations;
    }

    /**
     * A request on its way. What is heard of it later is about this attempt only.
     *
     * @param said  {@code null} if nothing is said with it, or that has been said
     * @param asked {@code null} if it cannot be asked without what should have been said
     */
    record Attempt(ResponseRequest request, int number, CompletableFuture<Void> said, CompletableFuture<Void> asked) {
    }

    /** Puts the next request into the outbox, which sends nothing yet. {@code null} if nobody's turn has come. */
    Attempt next() {
        ResponseRequest request = queue.nextOutOfBand();
        if (request == null && place.isFree()) {
            request = queue.next();
            if (request != null) {
                place.ask(request);
            }
        }
        return request == null ? null : ask(request);
    }

    private Attempt ask(ResponseRequest request) {
        book.add(request);
        int number = request.attempt;
        CompletableFuture<Void> said = null;
        if (request.before != null && request.said == null) {
            // the response comes all the same, so the place is kept until it is done
            refusals.expect(request.before, refused -> request.done.completeExceptionally(refused) && request.awaited);
            said = outbox.offer(request.before);
            request.said = said;
            if (said.isCompletedExceptionally()) {
                return new Attempt(request, number, said, null);
            }
        }
        refusals.expect(request.create, refused -> refused(request, number, refused));
        request.handed = request.overtakes ? outbox.offerUrgent(request.create) : outbox.offer(request.create);
        return new Attempt(request, number, said, request.handed);
    }

    /** Without the lock: what is in the outbox has been let out, as far as possible. */
    void follow(Attempt attempt) {
        ResponseRequest request = attempt.request();
        if (attempt.asked() == null) {
            // without it the question is another one
            attempt.said().whenComplete((nothing, failure) -> finish(request, attempt.number(), failure));
            return;
        }
        if (attempt.said() != null) {
            attempt.said().whenComplete((nothing, failure) -> {
                if (failure != null && isPresent(attempt)) {
                    request.done.completeExceptionally(failure);
                }
            });
        }
        attempt.asked().whenComplete((nothing, failure) -> {
            if (failure == null) {
                left(attempt);
                request.sent.complete(null);
            } else {
                finish(request, attempt.number(), failure);
            }
        });
    }

    private boolean isPresent(Attempt attempt) {
        boolean[] present = new boolean[1];
        sequencer.accept(after -> present[0] = attempt.request().attempt == attempt.number());
        return present[0];
    }

    private void left(Attempt attempt) {
        ResponseRequest request = attempt.request();
        sequencer.accept(after -> {
            // the answer may have come already
            if (request.attempt == attempt.number() && book.contains(request) && !request.begun) {
                request.connection = outbox.admissions();
                watch(request, "no response was begun", ResponseSequencer.CREATED_MILLIS);
            }
        });
    }

    // ---- watching

    /** Neither an error that names nobody nor a lost event may keep a request for ever. */
    void watch(ResponseRequest request, String what, long millis) {
        request.watchdog.cancel();
        int number = request.attempt;
        boolean begun = request.begun;
        request.watchdog = timers.schedule(() -> sequencer.accept(after -> {
            if (book.contains(request) && request.attempt == number && request.begun == begun) {
                expire(request, what, millis, after);
            }
        }), millis);
    }

    private void expire(ResponseRequest request, String what, long millis, List<Runnable> after) {
        if (place.isAsked(request) && place.unanswered()) {
            // as something else runs it must have been refused, though that was not heard
            putBack(request);
            return;
        }
        TimedOutException late = new TimedOutException(
                "Session " + sessionName + ": " + what + " within " + millis + " ms", millis);
        LOG.warn("{}", late.getMessage());
        forget(request);
        after.add(() -> request.done.completeExceptionally(late));
        giveUp(request, after);
        unanswered = true;
    }

    /** Anything has come: only what comes after a request was given up shows that the service lives. Needs no lock. */
    void heard() {
        unanswered = false;
    }

    /** Whether a request was given up and nothing at all has come since. Needs no lock. */
    boolean isUnanswered() {
        return unanswered;
    }

    /** Nobody waits for it any more; see {@link ResponseSequencer#abandon}. */
    void giveUp(ResponseRequest request, List<Runnable> after) {
        queue.remove(request);
        List<CompletableFuture<Void>> unsent = request.handed == null ? List.of() : outbox.withdraw(request.eventIds());
        if (request.handed != null && unsent.contains(request.handed)) {
            // were it to leave later, it would meet the next
            forget(request);
            book.remove(request);
            RealtimeException late = new RealtimeException(
                    sessionName,
                    "Session " + sessionName + ": the request for a response was given up before it could be sent");
            after.add(() -> unsent.forEach(sent -> sent.completeExceptionally(late)));
        } else {
            book.giveUp(request);
        }
        if (place.isAsked(request)) {
            place.drop();
        }
        if (request.responseId != null) {
            cancel(request.responseId, null, after);
        }
    }

    /** @param eventId of the cancel, {@code null} for a new one */
    void cancel(String responseId, String eventId, List<Runnable> after) {
        place.cancelled(responseId);
        after.add(() -> cancellations.cancel(responseId, eventId));
    }

    // ---- ends of an attempt

    /** Without the lock. Returns whether the refusal is dealt with. */
    private boolean refused(ResponseRequest request, int number, RequestRefusedException refusal) {
        if (!RUNS_ALREADY.equals(refusal.getCode())) {
            return finish(request, number, refusal) && request.awaited;
        }
        boolean[] again = new boolean[1];
        sequencer.accept(after -> again[0] = rejected(request, refusal.getEventId() == null));
        if (again[0] || request.outOfBand && refusal.getEventId() == null) {
            return again[0];
        }
        return finish(request, number, refusal) && request.awaited;
    }

    /**
     * A response runs, so the request is asked for again when that is done (RESP-4).
     *
     * @param unnamed whether the service did not say whom it rejects, so that it was taken for the last
     */
    private boolean rejected(ResponseRequest request, boolean unnamed) {
        ResponseRequest meant = place.isAsked(request) ? request : null;
        if (meant == null && unnamed) {
            // only one of the conversation can be meant
            int number = request.attempt;
            if (book.contains(request) && !request.begun) {
                refusals.expect(request.create, later -> refused(request, number, later));
            }
            meant = place.asked();
        }
        if (meant == null) {
            return false;
        }
        place.rejected();
        putBack(meant);
        meant.rejected = true;
        return true;
    }

    /** It waits again, before all others. */
    void putBack(ResponseRequest request) {
        forget(request);
        book.putBack(request);
        queue.putBack(request);
    }

    /** Without the lock. Returns whether the requester has heard of it by this. */
    private boolean finish(ResponseRequest request, int number, Throwable failure) {
        boolean[] told = new boolean[1];
        sequencer.accept(after -> {
            if (request.attempt != number) {
                return;
            }
            queue.remove(request);
            book.remove(request);
            if (place.isAsked(request)) {
                place.drop();
            }
            forget(request);
            after.add(() -> {
                request.sent.completeExceptionally(failure);
                told[0] = request.done.completeExceptionally(failure);
            });
        });
        return told[0];
    }

    /** The service has taken the request: an error can no longer be about it. */
    void forget(ResponseRequest request) {
        if (request.before != null) {
            refusals.forget(request.before.getEventId());
        }
        refusals.forget(request.create.getEventId());
    }

    /** What whoever finds no room is told. */
    RealtimeException full() {
        return new RealtimeException(
                sessionName, "Session " + sessionName + ": " + ResponseQueue.MAX_WAITING
                             + " requests for a response are waiting already");
    }

    // ---- automatic ones

    /** See {@link ResponseSequencer#requestAutomatic}. */
    ResponseRequest automatic(String reason, int retries) {
        ResponseRequest asked = place.asked();
        ResponseRequest serves = asked != null && asked.automatic && !asked.hasLeft() ? asked : queue.automatic();
        if (serves == null) {
            LOG.debug("Session {}: a response is asked for: {}", sessionName, reason);
            serves = ResponseRequest.automatic();
            serves.retries = retries;
            if (!queue.add(serves)) {
                serves.fail(full());
            }
        }
        return serves;
    }
}
