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
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.LogText;
import io.github.camelrealtime.event.ServerEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the service says of responses: whose they are, whether they are wanted, how they end. Believes nothing it need not: ids
 * may be missing, repeated or strange, a response may end without having begun. A part of {@link ResponseSequencer}, whose lock
 * guards it: methods are called with that lock.
 */
final class ResponseNews {

    private static final Logger LOG = LoggerFactory.getLogger(ResponseNews.class);
    private static final String TURN_DETECTED = "turn_detected";

    private final String sessionName;
    private final Timers timers;
    private final Consumer<ResponseSequencer.Work> sequencer;
    private final ResponseQueue queue;
    private final ResponseBook book;
    private final ResponsePlace place;
    private final ResponseAttempts attempts;
    private final AutomaticAnswers answers;
    private final ResponseRetries retries;
    private final Cancellations cancellations;
    private final ReplyAudios audios;
    private final Consumer<ObjectNode> announce;

    ResponseNews(
            String sessionName, Timers timers, Consumer<ResponseSequencer.Work> sequencer, ResponseQueue queue,
            ResponseBook book, ResponsePlace place, ResponseAttempts attempts, AutomaticAnswers answers,
            ResponseRetries retries, Cancellations cancellations, ReplyAudios audios, Consumer<ObjectNode> announce) {
        this.sessionName = sessionName;
        this.timers = timers;
        this.sequencer = sequencer;
        this.queue = queue;
        this.book = book;
        this.place = place;
        this.attempts = attempts;
        this.answers = answers;
        this.retries = retries;
        this.cancellations = cancellations;
        this.audios = audios;
        this.announce = announce;
    }

    /** Whether events of this type have something to say here. */
    static boolean concern(String type) {
        return switch (type) {
            case EventTypes.RESPONSE_CREATED, EventTypes.RESPONSE_DONE, EventTypes.RESPONSE_CONTENT_PART_ADDED,
                    EventTypes.RESPONSE_OUTPUT_ITEM_ADDED, EventTypes.INPUT_AUDIO_BUFFER_SPEECH_STOPPED,
                    EventTypes.INPUT_AUDIO_BUFFER_TIMEOUT_TRIGGERED, EventTypes.INPUT_AUDIO_BUFFER_COMMITTED -> true;
            default -> false;
        };
    }

    /** @param connection the present one, by which the event comes */
    void onEvent(ServerEvent event, long connection, List<Runnable> after) {
        switch (event.getType()) {
            case EventTypes.RESPONSE_CREATED -> created(event, connection, after);
            case EventTypes.RESPONSE_DONE -> done(event, connection, after);
            case EventTypes.RESPONSE_CONTENT_PART_ADDED, EventTypes.RESPONSE_OUTPUT_ITEM_ADDED -> retries.onEvent(event);
            default -> {
                if (answers.begins(event)) {
                    place.owed(answers.mayStayAway());
                }
            }
        }
    }

    /**
     * An event of a connection that is being drained: it settles whoever waits for it, and has nothing to do with the place of
     * the conversation, which is that of the present connection.
     *
     * @param connection the one that it comes by
     */
    void onEventElsewhere(ServerEvent event, long connection, List<Runnable> after) {
        String id = event.getResponseId();
        String key = ResponseEvents.key(event);
        switch (event.getType()) {
            case EventTypes.RESPONSE_CREATED -> createdElsewhere(key, event, connection, after);
            case EventTypes.RESPONSE_DONE -> {
                ResponseRequest request = book.find(key, id);
                if (request != null && request.connection == connection) {
                    settle(request, new ResponseResult(event), after);
                }
                if (id != null) {
                    cancellations.done(id);
                }
            }
            default -> {
                if (event.getResponseId() != null) {
                    retries.onEvent(event);
                }
            }
        }
    }

    private void createdElsewhere(String key, ServerEvent event, long connection, List<Runnable> after) {
        String id = event.getResponseId();
        ResponseRequest request = book.notBegun(key);
        if (request != null && request.connection == connection) {
            book.begun(request, id);
            attempts.watch(request, "response " + id + " was not done", ResponsePlace.DONE_MILLIS);
            after.add(() -> {
                if (id != null) {
                    audios.begin(request, event);
                }
            });
        } else if (id != null && book.takeGivenUp(key)) {
            // nothing is sent there any more
            cancellations.byService(id);
        }
    }

    // ---- beginnings

    private void created(ServerEvent event, long connection, List<Runnable> after) {
        String id = event.getResponseId();
        if (id != null && (place.runs(id) || book.knows(id) || cancellations.isOver(id))) {
            // said twice, or after its end
            return;
        }
        String key = ResponseEvents.key(event);
        boolean outOfBand = ResponseEvents.isOutOfBand(event);
        ResponseRequest request = book.notBegun(key);
        if (request == null) {
            createdByOthers(key, id, outOfBand, connection, after);
        } else {
            createdByUs(request, event, connection, after);
        }
    }

    private void createdByUs(ResponseRequest request, ServerEvent event, long connection, List<Runnable> after) {
        String id = event.getResponseId();
        // perhaps it was not refused after all
        queue.remove(request);
        book.add(request);
        book.begun(request, id);
        request.connection = request.connection == 0 ? connection : request.connection;
        attempts.forget(request);
        if (place.isAsked(request)) {
            place.answered(request);
        } else if (!request.outOfBand && request.connection == connection) {
            place.begun(request.name(), id, connection);
        }
        attempts.watch(request, "response " + id + " was not done", ResponsePlace.DONE_MILLIS);
        if (request.cancelWished && id != null) {
            attempts.cancel(id, request.cancelId, after);
        } else if (id != null) {
            after.add(() -> audios.begin(request, event));
        }
    }

    private void createdByOthers(String key, String id, boolean outOfBand, long connection, List<Runnable> after) {
        boolean unwanted = book.takeGivenUp(key);
        String cancelId = null;
        if (!outOfBand) {
            if (!unwanted) {
                // the service has had what they are about, and answers it by this (RESP-4)
                supersede(queue.takeAutomatic(request -> request.rejected), after);
            }
            if (id == null) {
                place.owed(false);
            } else if (place.begun(id, id, connection)) {
                unwanted = true;
                cancelId = place.takeCancelId();
            }
        }
        if (unwanted && id != null) {
            attempts.cancel(id, cancelId, after);
        }
    }

    private void supersede(List<ResponseRequest> automatic, List<Runnable> after) {
        for (ResponseRequest request : automatic) {
            LOG.debug("Session {}: a response that was to follow is not asked for, as another answers for it", sessionName);
            book.remove(request);
            after.add(() -> request.fail(new RealtimeException(
                    sessionName, "Session " + sessionName + ": the response is not asked for, as another answers for it")));
        }
    }

    // ---- ends

    private void done(ServerEvent event, long connection, List<Runnable> after) {
        String id = event.getResponseId();
        if (id != null && cancellations.isOver(id)) {
            return;
        }
        String key = ResponseEvents.key(event);
        boolean outOfBand = ResponseEvents.isOutOfBand(event);
        ResponseRequest request = book.find(key, id);
        String name = request != null && request.begun ? request.name() : id;
        if (name == null && key == null) {
            // malformed: it ends what runs
            name = place.last();
            request = name == null ? null : book.byName(name);
        }
        boolean cancelled = name != null && cancellations.contains(name);
        release(name, request, outOfBand, connection);
        if (name != null) {
            cancellations.done(name);
        }
        ResponseResult result = new ResponseResult(event);
        if (TURN_DETECTED.equals(result.reason()) && !outOfBand) {
            // what was to be said is stale: the user speaks, and the answer to that covers it (RESP-11)
            supersede(queue.takeAutomatic(any -> true), after);
        }
        if (request != null) {
            settle(request, result, after);
        } else if (key == null && !outOfBand && !cancelled) {
            failedByItself(result, after);
        }
    }

    private void release(String name, ResponseRequest request, boolean outOfBand, long connection) {
        if (place.runs(name)) {
            place.ended(name);
        } else if (request != null && place.isAsked(request)) {
            place.skipped();
        } else if (!outOfBand && (request == null || !request.outOfBand && request.connection == connection)) {
            place.stray();
        }
    }

    private void settle(ResponseRequest request, ResponseResult result, List<Runnable> after) {
        attempts.forget(request);
        boolean wanted = !request.done.isDone() && !request.cancelWished;
        if (wanted && retries.again(result, request.retries)) {
            audios.end(request.responseId);
            book.putBack(request);
            queue.remove(request);
            queue.putBack(request);
            request.retries++;
            rest(request, result);
            return;
        }
        queue.remove(request);
        book.remove(request);
        if (result.status() == null || "completed".equals(result.status())) {
            after.add(() -> request.done.complete(result));
            return;
        }
        after.add(() -> request.done.completeExceptionally(new ResponseFailedException(
                sessionName, result.responseId(), result.status(), result.reason(), result.errorCode())));
        if (wanted) {
            announceFailed(result, request.retries, after);
        }
    }

    /** A response of the service's own. Nobody waits for it but the user. */
    private void failedByItself(ResponseResult result, List<Runnable> after) {
        if (retries.again(result, 0)) {
            ResponseRequest instead = attempts.automatic("retry", 1);
            if (instead.retries > 0) {
                rest(instead, result);
            }
        } else {
            announceFailed(result, 0, after);
        }
    }

    private void rest(ResponseRequest request, ResponseResult failed) {
        long delay = retries.delayMillis(request.retries);
        LOG.debug("Session {}: response {} failed, code {}; asking again in {} ms",
                sessionName, LogText.of(failed.responseId()), LogText.of(failed.errorCode()), delay);
        queue.rest(request);
        timers.schedule(() -> sequencer.accept(after -> queue.rested(request)), delay);
    }

    private void announceFailed(ResponseResult result, int retried, List<Runnable> after) {
        if (!"failed".equals(result.status())) {
            return;
        }
        ObjectNode members = ResponseEvents.members(result.responseId(), result.status(), result.reason());
        members.put("code", result.errorCode());
        members.put("retries", retried);
        after.add(() -> announce.accept(members));
    }
}
