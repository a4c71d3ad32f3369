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
package io.github.camelrealtime.operation;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import io.github.camelrealtime.session.AudioIntake;
import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.SessionClosedException;
import io.github.camelrealtime.session.SessionReconnectingException;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code append-audio}, {@code commit-audio}, {@code clear-audio}: the input buffer of a session. */
final class AudioOperations {

    private static final Logger LOG = LoggerFactory.getLogger(AudioOperations.class);

    private AudioOperations() {
    }

    /**
     * Gives audio. A byte array is a piece of a stream that goes on; an {@code InputStream} or file is a recording, after
     * whose end the turn is ended too, so that its last words are not lost, unless more bodies belong to it.
     */
    static CompletableFuture<OperationResult> append(Exchange exchange, OperationContext context) throws Exception {
        RealtimeSession session = context.session();
        Await await = context.settings().await() == null ? Await.SENT : context.settings().await();
        session.requireOpen();
        AudioSource source = AudioSource.of(exchange);
        boolean ends = source.stream() != null && context.endOfStream();
        if (!ends && (await == Await.COMMITTED || await == Await.COMPLETED)) {
            if (source.stream() != null) {
                AudioBody.closeQuietly(source.stream());
            }
            throw new IllegalArgumentException(
                    "await=" + await.name().toLowerCase(Locale.ROOT)
                                               + " has no meaning for a piece of a stream; commit-audio knows it");
        }
        // fails with whatever makes it impossible, so that no more of it is given
        CompletableFuture<Void> whole = new CompletableFuture<>();
        if (await == Await.COMMITTED || await == Await.COMPLETED) {
            // lost connections change nothing, as the audio is sent again; audio that is not there any more does, at any time
            session.onLostAudio(whole);
        }
        CompletableFuture<AudioFeed> fed = AudioBody.open(source, context).thenCompose(body -> feed(body, context, whole));
        CompletableFuture<Void> ended = ends
                ? fed.thenCompose(feed -> session.audio().endOfStream().thenCompose(nothing -> feed.lastSent()))
                : fed.thenCompose(AudioFeed::lastSent);
        return switch (await) {
            case NONE -> notAwaited(ended, session, "append-audio");
            case SENT -> ended.thenApply(nothing -> OperationResult.DONE);
            case COMMITTED, COMPLETED -> transcribed(ended, whole, session);
            case RESPONSE -> throw new IllegalStateException("await=response was refused before");
        };
    }

    /** @param whole fails if some of the audio is lost */
    private static CompletableFuture<OperationResult> transcribed(
            CompletableFuture<Void> ended, CompletableFuture<Void> whole, RealtimeSession session) {
        ended.thenCompose(nothing -> session.transcribed()).whenComplete((nothing, failure) -> {
            if (failure == null) {
                whole.complete(null);
            } else {
                whole.completeExceptionally(failure);
            }
        });
        return whole.thenApply(nothing -> OperationResult.DONE);
    }

    /**
     * Gives all of it, however many connections that takes.
     *
     * @param  whole when it fails, no more is given
     * @return       done when all of the audio has been given
     */
    private static CompletableFuture<AudioFeed> feed(
            AudioBody body, OperationContext context, CompletableFuture<Void> whole) {
        RealtimeSession session = context.session();
        AudioIntake intake = body.isStream()
                ? session.audio().recording(body.format(), context.endOfStream())
                : session.audio().piece(body.format(), body.pieceBytes());
        intake.useEventId(context.eventId());
        intake.useTimestamp(context.overrides().timestamp());
        Pacing pacing = context.settings().pacing().of(body.isLive());
        if (body.isStream()) {
            LOG.debug("Session {}: a {} recording in {} is given with pacing={} (option: {})", session.name(),
                    body.isLive() ? "live" : "bounded", body.format(), pacing, context.settings().pacing());
        }
        AudioFeed feed = new AudioFeed(body, intake, pacing, context.timers(), context.worker());
        CompletableFuture<Long> given = feed.start();
        if (body.isLive()) {
            // a read that blocks would not notice
            session.onEnd(given);
        }
        whole.whenComplete((nothing, lost) -> {
            if (lost != null) {
                given.completeExceptionally(lost);
            }
        });
        return given.whenComplete((millis, failure) -> {
            boolean broken = failure instanceof IOException || failure instanceof SessionReconnectingException;
            if (body.isStream() && feed.hasGiven() && broken) {
                takeBack(session);
            }
        }).thenApply(millis -> feed);
    }

    /**
     * A recording that breaks off, or has lost a part with a connection, leaves nothing behind: the next one, maybe its redelivery, does not follow on its half. One
     * that only stalls cannot be had again, so what it gave stays.
     */
    private static void takeBack(RealtimeSession session) {
        session.audio().clear().whenComplete((nothing, failure) -> {
            if (failure != null) {
                LOG.debug("Session {}: the beginning of a broken recording could not be cleared", session.name(), failure);
            }
        });
    }

    /** Ends the stretch given so far. */
    static CompletableFuture<OperationResult> commit(Exchange exchange, OperationContext context) throws SessionClosedException {
        return commit(context, context.eventId());
    }

    /** @param eventId of the commit, {@code null} for a new one */
    static CompletableFuture<OperationResult> commit(OperationContext context, String eventId) throws SessionClosedException {
        RealtimeSession session = context.session();
        session.requireOpen();
        Await await = context.settings().await() == null ? Await.SENT : context.settings().await();
        return switch (await) {
            case NONE -> notAwaited(session.audio().commit(false, eventId).sent(), session, "commit-audio");
            case SENT -> session.audio().commit(false, eventId).sent().thenApply(nothing -> OperationResult.DONE);
            case COMMITTED -> session.audio().commit(true, eventId).itemId().thenApply(OperationResult::ofItem);
            case COMPLETED -> session.commitAndTranscribe(eventId)
                    .thenApply(text -> new OperationResult(text, null, null, null, null));
            case RESPONSE -> throw new IllegalStateException("await=response was refused before");
        };
    }

    /** What is refused at once is not kept quiet; of what fails later the log is the only one to tell. */
    static CompletableFuture<OperationResult> notAwaited(
            CompletableFuture<?> work, RealtimeSession session, String operation) {
        if (work.isCompletedExceptionally()) {
            return work.thenApply(nothing -> OperationResult.DONE);
        }
        work.whenComplete((nothing, failure) -> {
            if (failure != null) {
                Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause() : failure;
                LOG.warn("Session {}: {} with await=none failed: {}", session.name(), operation, cause.toString());
            }
        });
        return CompletableFuture.completedFuture(OperationResult.DONE);
    }

    /** Forgets what was given since the last commit. */
    static CompletableFuture<OperationResult> clear(Exchange exchange, OperationContext context) throws SessionClosedException {
        return clear(context, context.eventId());
    }

    /** @param eventId of the clear, {@code null} for a new one */
    static CompletableFuture<OperationResult> clear(OperationContext context, String eventId) throws SessionClosedException {
        context.session().requireOpen();
        return context.session().audio().clear(eventId).thenApply(nothing -> OperationResult.DONE);
    }
}
