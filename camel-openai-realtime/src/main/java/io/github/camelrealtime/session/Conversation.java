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
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;
import io.github.camelrealtime.event.TransportKind;

/**
 * The talk with the model in a session: questions and answers, whose turn it is, interruptions. Futures given out are
 * completed on threads that must not be held. Thread-safe.
 */
public final class Conversation {

    /** A question may stand behind one that takes all its time, and behind the end of that one's response. */
    private static final int TURN_TIMEOUTS = 2;
    /** Transcripts of the user remembered for answers that come after them. */
    private static final int MAX_TRANSCRIPTS = 100;
    private static final String GO_ON
            = "You were interrupted by a noise: nobody has said anything. Go on exactly where you were interrupted. Neither repeat "
              + "what you have said nor mention the interruption.";
    /** Of a piece of the model's voice that nobody is to hear. */
    static final long UNWANTED = -1;

    private final RealtimeSession session;
    private final SessionConfig config;
    private final AudioInbox inbox;
    private final Outbox outbox;
    private final Timers timers;
    private final ResponseSequencer responses;
    private final Playback playback;
    private final Interruption interruption;
    private final SpeechInterruptions speech;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, String> userTranscripts = new BoundedMap<>(MAX_TRANSCRIPTS);
    private volatile boolean greeted;

    Conversation(
            RealtimeSession session, AudioInbox inbox, Outbox outbox, Refusals refusals, EventFanOut fanOut, Timers timers,
            Supplier<Epoch> epoch) {
        this.session = session;
        this.config = session.config();
        this.inbox = inbox;
        this.outbox = outbox;
        this.timers = timers;
        this.responses = new ResponseSequencer(
                session.name(), outbox, refusals, timers, new ResponseRetries(config.talk().responseRetries(), config.backoff(), timers),
                members -> fanOut.deliverLocal(epoch.get(), LocalEvents.RESPONSE_FAILED, members));
        this.playback = new Playback(session, fanOut, timers, epoch);
        this.interruption = new Interruption(
                session.name(), TransportKind.WEBSOCKET, responses, playback, outbox, refusals, timers,
                members -> fanOut.deliverLocal(epoch.get(), LocalEvents.TURN_INTERRUPTED, members));
        this.speech = new SpeechInterruptions(session, responses, playback, interruption, timers, members -> {
            fanOut.deliverLocal(epoch.get(), LocalEvents.TURN_RESUMED, members);
            goOn();
        });
    }

    // ---- questions and answers

    /** Asks for a response, after those asked for before. */
    public Asked ask(Question question) {
        RealtimeException refusal = session.refusal(ClientEvent.of(EventTypes.RESPONSE_CREATE));
        if (refusal != null) {
            return Asked.failed(refusal);
        }
        ResponseRequest request = request(question, question.eventId(), false);
        CompletableFuture<Answer> answer = request.done.thenApply(done -> new Answer(done, request.audio, null, null));
        start(request, question.timeoutMillis());
        return new Asked(request.sent.thenApply(nothing -> null), answer);
    }

    /**
     * Ends the user's turn: commits what was given since the last commit, and asks for the answer once the service has taken
     * it (AIN-16). If that has been committed already and not been asked about, it only asks.
     *
     * @return fails, with nothing asked, if there is nothing to answer: the model would answer what it has answered already
     *         (trap T-8)
     */
    public Asked endTurn(Question question) {
        if (session.turns() == TurnMode.SERVER) {
            return Asked.failed(new RealtimeException(
                    session.name(), "Session " + session.name() + ": the service ends the turns of this session, so end-turn "
                                    + "has nothing to do; it needs turnDetection=none (or segmentation=true)"));
        }
        RealtimeException refusal = session.refusal(ClientEvent.of(EventTypes.RESPONSE_CREATE));
        if (refusal != null) {
            return Asked.failed(refusal);
        }
        Commit turn = inbox.endTurn(question.eventId());
        if (turn == null) {
            return Asked.failed(new RealtimeException(
                    session.name(), "Session " + session.name() + ": end-turn has nothing to answer: less than "
                                    + InputLine.MIN_COMMIT_MILLIS + " ms of audio were given since the last answer"
                                    + (inbox.muting().isOn() ? ", as the session is muted" : "")));
        }
        ResponseRequest request = request(question, null, true);
        CompletableFuture<Answer> answer = request.done.thenApply(done -> {
            String itemId = turn.presentItem();
            return new Answer(done, request.audio, itemId, transcript(itemId));
        });
        request.done.whenComplete((done, failure) -> {
            if (failure instanceof RequestRefusedException) {
                inbox.dues().commits().notAsked(turn);
            }
        });
        turn.follow(new Commit.Follower() {
            @Override
            public void again() {
                responses.turnLost(request);
            }

            @Override
            public void became(String itemId) {
                responses.turnGiven(request);
            }

            @Override
            public void failed(Throwable reason) {
                responses.turnGiven(request);
            }
        });
        // before anything else that waits may leave: the service's answer is what held it back
        turn.answer().whenComplete((itemId, failure) -> {
            if (failure == null) {
                start(request, question.timeoutMillis());
            } else {
                request.sent.completeExceptionally(failure);
                request.done.completeExceptionally(failure);
            }
        });
        return new Asked(request.sent.thenApply(nothing -> turn.presentItem()), answer);
    }

    private ResponseRequest request(Question question, String eventId, boolean overtakes) {
        ReplyAudio audio = question.maxAudioMillis() > 0
                ? new ReplyAudio(config.outputFormat(), question.maxAudioMillis()) : null;
        return new ResponseRequest(
                question.before(), question.response(), question.awaited(), eventId, audio, overtakes);
    }

    private void start(ResponseRequest request, long timeoutMillis) {
        if (timeoutMillis > 0) {
            Timers.Cancellable turn = giveUpAfter(
                    request, "the request did not get its turn", TURN_TIMEOUTS * timeoutMillis);
            request.sent.whenComplete((nothing, failure) -> {
                turn.cancel();
                if (failure == null) {
                    giveUpAfter(request, "no response", timeoutMillis);
                }
            });
        }
        if (!request.outOfBand) {
            inbox.dues().commits().takeUnasked();
        }
        responses.request(request);
    }

    private Timers.Cancellable giveUpAfter(ResponseRequest request, String what, long millis) {
        Timers.Cancellable timer = timers.schedule(() -> {
            if (request.done.completeExceptionally(new TimedOutException(
                    "Session " + session.name() + ": " + what + " within " + millis + " ms (option requestTimeout)", millis))) {
                responses.abandon(request);
            }
        }, millis);
        request.done.whenComplete((done, problem) -> timer.cancel());
        return timer;
    }

    private String transcript(String itemId) {
        lock.lock();
        try {
            return userTranscripts.get(itemId);
        } finally {
            lock.unlock();
        }
    }

    // ---- turns

    /**
     * Cancels a response; what it still says is dropped. Too late is as good as in time (RESP-9), and a response that has
     * been asked for and has not begun is cancelled when it does. What has been heard of it stays in the conversation as the
     * service has it: see {@link #interrupt}.
     *
     * @param  responseId {@code null} for the one that the conversation is in
     * @param  eventId    of the cancel, {@code null} for a new one
     * @return            done when handed to the transport, at once if there is nothing to cancel
     */
    public CompletableFuture<Void> cancel(String responseId, String eventId) {
        if (isClosed()) {
            return CompletableFuture.completedFuture(null);
        }
        RealtimeException refusal = session.refusal(ClientEvent.of(EventTypes.RESPONSE_CANCEL));
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        ClientEvent cancel = responses.prepareCancel(responseId, eventId);
        return cancel == null ? CompletableFuture.completedFuture(null) : outbox.sendUrgent(cancel);
    }

    /**
     * Interrupts the model: cancels what it says, and cuts the conversation to what was heard. See {@link Interruption}.
     *
     * @param  eventId of the cancel, {@code null} for a new one
     * @return         done when handed to the transport, at once if the model is silent
     */
    public CompletableFuture<Void> interrupt(String eventId) {
        if (isClosed()) {
            return CompletableFuture.completedFuture(null);
        }
        RealtimeException refusal = session.refusal(ClientEvent.of(EventTypes.RESPONSE_CANCEL));
        return refusal == null ? interruption.byClient(eventId) : CompletableFuture.failedFuture(refusal);
    }

    /** In a session that was not opened yet, or has been closed, nobody speaks. */
    private boolean isClosed() {
        return session.state() == SessionState.IDLE;
    }

    /** An interruption was none: the model is asked to go on where it was cut. */
    private void goOn() {
        ObjectNode response = JsonNodeFactory.instance.objectNode().put("instructions", GO_ON);
        start(request(Question.unawaited(null, response, null), null, false), 0);
    }

    /** The model's voice, as its listeners have it. */
    public Playback playback() {
        return playback;
    }

    /** Speech that was too short to interrupt the model (option {@code interruptMinSpeech}). */
    long shortInterruptions() {
        return speech.tooShort();
    }

    /** Interruptions that no words followed (option {@code falseInterruptionTimeout}). */
    long falseInterruptions() {
        return speech.mistaken();
    }

    /** Wants to know of each part of the model's voice that is cut. */
    void onCut(Consumer<PlaybackLedger.Cut> listener) {
        interruption.onCut(listener);
    }

    // ---- what the session tells

    /** A connection is about to be dialled: what the last one was about is over. */
    void opening() {
        responses.reset();
        playback.reset();
        interruption.reset();
        speech.reset();
        greet();
    }

    /** The assistant speaks first, once in the life of the session (CFG-14): before anything else can be asked. */
    private void greet() {
        if (config.talk().greeting() == null || greeted) {
            return;
        }
        ObjectNode response = JsonNodeFactory.instance.objectNode().put("instructions", config.talk().greeting());
        ResponseRequest request = request(Question.unawaited(null, response, null), null, false);
        request.sent.thenRun(() -> greeted = true);
        responses.request(request);
    }

    /** The session object that the service confirms. */
    void configured(JsonNode confirmed) {
        responses.configured(confirmed);
        speech.configured(confirmed);
    }

    /** The conversation goes on by this connection. */
    void goesOnBy(int epoch) {
        playback.goesOnBy(epoch);
    }

    /**
     * The hot path: a piece of the model's voice.
     *
     * @param  epoch number of the connection that it came by
     * @return       where in its part it ends, in bytes (0 if that is not known); {@link #UNWANTED} if nobody is to hear it
     */
    long onAudio(int epoch, ServerEvent delta, long nowMillis) {
        if (responses.cancellations().drops(delta)) {
            return UNWANTED;
        }
        long end = playback.received(epoch, delta, nowMillis);
        responses.received(delta);
        return end;
    }

    /**
     * All other events. Returns whether the event is to be passed on.
     *
     * @param epoch number of the connection that it came by
     */
    boolean onEvent(int epoch, ServerEvent event) {
        return onEvent(epoch, event, responses::onEvent);
    }

    /** As {@link #onEvent}, of a connection that is being drained: the conversation itself goes on by another. */
    boolean onEventElsewhere(Epoch epoch, ServerEvent event) {
        return onEvent(epoch.number, event, heard -> responses.onEventElsewhere(heard, epoch.admission));
    }

    private boolean onEvent(int epoch, ServerEvent event, Consumer<ServerEvent> sequenced) {
        if (EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_COMPLETED.equals(event.getType())) {
            transcribed(event);
        }
        boolean wanted = !responses.cancellations().drops(event);
        playback.onEvent(epoch, event);
        sequenced.accept(event);
        interruption.onEvent(event);
        speech.onEvent(event);
        return wanted;
    }

    private void transcribed(ServerEvent event) {
        lock.lock();
        try {
            userTranscripts.put(event.getItemId(), event.getTranscript());
        } finally {
            lock.unlock();
        }
    }

    /** The service hears speech begin, and all others have been told. */
    void speechStarted(ServerEvent event) {
        speech.started(event);
    }

    /** The requests and running responses, for those who end a connection. */
    ResponseSequencer responses() {
        return responses;
    }

    /** The connection is lost and another takes its place; see {@link ResponseSequencer#cut}. */
    List<ResponseRequest> cut() {
        playback.lost();
        interruption.reset();
        speech.reset();
        return responses.cut();
    }

    void failAll(Exception reason) {
        playback.ended();
        speech.reset();
        responses.failAll(reason);
    }

    /** Whether a response of the conversation runs, or has been asked for. */
    boolean isResponding() {
        return responses.isActive();
    }

    int pending() {
        return responses.pending();
    }

    /** Answers whose audio is being kept. */
    int keptAnswers() {
        return responses.keptAnswers();
    }

    Cancellations cancellations() {
        return responses.cancellations();
    }
}
