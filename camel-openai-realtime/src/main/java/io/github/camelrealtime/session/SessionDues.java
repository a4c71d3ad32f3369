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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;

/** Waits for what a session is owed: unsent audio, unanswered commits, transcripts to come. Thread-safe, holds no thread. */
final class SessionDues {

    private static final long NEVER = -1;

    private final String name;
    private final SessionConfig config;
    private final SessionParts parts;
    /** By when what is owed at the end has to have come, by {@link Timers#elapsedMillis}; {@link #NEVER} if no end has begun. */
    private final AtomicLong drainedBy = new AtomicLong(NEVER);

    /** @param parts still being built: it is not touched before the session is used */
    SessionDues(String name, SessionConfig config, SessionParts parts) {
        this.name = name;
        this.config = config;
        this.parts = parts;
    }

    /** As {@link RealtimeSession#drain()}. */
    CompletableFuture<Void> drain() {
        CompletableFuture<Void> drained = new CompletableFuture<>();
        SessionState now = parts.state.get();
        if (now != SessionState.READY && now != SessionState.CLOSING) {
            drained.complete(null);
            return drained;
        }
        // the time counts from here on, and not from when the last commit has left
        CompletableFuture<Boolean> settled = within(leftToDrain());
        parts.inbox.endOfStream();
        settle(settled, parts.outbox.flushed()).whenComplete((all, problem) -> drained.complete(null));
        return drained;
    }

    /** The drain time-out counts once, however often the session is drained on its way to the end. */
    private long leftToDrain() {
        long now = parts.timers.elapsedMillis();
        long by = drainedBy.accumulateAndGet(now + config.timeouts().drain(), (begun, then) -> begun == NEVER ? then : begun);
        return Math.max(0, by - now);
    }

    /** As {@link RealtimeSession#hurry()}. */
    void hurry() {
        drainedBy.set(parts.timers.elapsedMillis());
    }

    /** As {@link RealtimeSession#goOn()}. */
    void goOn() {
        if (drainedBy.get() != NEVER) {
            drainedBy.set(NEVER);
        }
    }

    /** As {@link ConnectionOwner#pause()}. */
    CompletableFuture<Void> pause() {
        CompletableFuture<Void> paused = new CompletableFuture<>();
        CompletableFuture<Void> quiet = parts.conversation.responses().pause();
        settled(config.timeouts().drain(), parts.inbox.pause().thenCombine(quiet, (sent, none) -> null))
                .whenComplete((all, problem) -> paused.complete(null));
        return paused;
    }

    /** As {@link RealtimeSession#tidy()}. */
    CompletableFuture<Boolean> tidy() {
        if (parts.inbox.hasUncommitted()) {
            parts.inbox.clear();
        }
        return settled(config.timeouts().drain()).thenApply(all -> all && parts.inbox.dues().commits().isInOrder());
    }

    /** As {@link RealtimeSession#transcribed()}. */
    CompletableFuture<Void> transcribed() {
        CompletableFuture<Void> transcribed = new CompletableFuture<>();
        Subscription failures = told -> {
            ServerEvent event = told.event();
            if (EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_FAILED.equals(event.getType())) {
                Long start = told.transcript() == null ? null : told.transcript().startMillis();
                Long end = told.transcript() == null ? null : told.transcript().endMillis();
                transcribed.completeExceptionally(TranscriptionFailedException.of(
                        name, event, start == null ? 0 : start, end == null ? 0 : end));
            }
        };
        parts.fanOut.addInsider(failures);
        parts.life.onLoss(transcribed, parts.inbox::isWhole);
        long timeout = config.timeouts().transcript();
        CompletableFuture<Boolean> settled = new CompletableFuture<>();
        expireOnOneConnection(settled, timeout);
        settle(settled, parts.outbox.flushed()).whenComplete((all, problem) -> {
            if (Boolean.TRUE.equals(all)) {
                transcribed.complete(null);
            } else {
                transcribed.completeExceptionally(new TimedOutException(
                        "Session " + name + ": not all transcripts came within " + timeout + " ms (option transcriptTimeout)",
                        timeout));
            }
        });
        return transcribed.whenComplete((nothing, problem) -> parts.fanOut.remove(failures));
    }

    /** Whether all that is owed has come within this many ms. */
    private CompletableFuture<Boolean> settled(long timeoutMillis) {
        return settled(timeoutMillis, parts.outbox.flushed());
    }

    /** @param sent done when all has left that is to be waited for */
    private CompletableFuture<Boolean> settled(long timeoutMillis, CompletableFuture<Void> sent) {
        return settle(within(timeoutMillis), sent);
    }

    /** Done with {@code false} after so many ms. */
    private CompletableFuture<Boolean> within(long timeoutMillis) {
        CompletableFuture<Boolean> settled = new CompletableFuture<>();
        Timers.Cancellable timer = parts.timers.schedule(() -> settled.complete(false), timeoutMillis);
        settled.whenComplete((all, problem) -> timer.cancel());
        return settled;
    }

    /** Done with {@code false} after so many ms on one connection: what is lost with it is sent again, and waited for anew. */
    private void expireOnOneConnection(CompletableFuture<Boolean> settled, long timeoutMillis) {
        long connection = parts.outbox.admissions();
        Timers.Cancellable timer = parts.timers.schedule(() -> {
            if (parts.state.get() == SessionState.READY && parts.outbox.admissions() == connection
                    || parts.state.unavailable() != null) {
                settled.complete(false);
            } else {
                expireOnOneConnection(settled, timeoutMillis);
            }
        }, timeoutMillis);
        settled.whenComplete((all, problem) -> timer.cancel());
    }

    private CompletableFuture<Boolean> settle(CompletableFuture<Boolean> settled, CompletableFuture<Void> sent) {
        sent
                .thenCompose(nothing -> allSettled())
                .whenComplete((nothing, problem) -> settled.complete(problem == null));
        return settled;
    }

    /** What is lost with its connection is sent again: then it is waited for anew. */
    private CompletableFuture<Void> allSettled() {
        return parts.inbox.dues().allAnswered()
                .thenCompose(nothing -> parts.life.transcribesInput()
                        ? parts.owed.settled() : CompletableFuture.completedFuture(true))
                .thenCompose(all -> all ? CompletableFuture.completedFuture(null) : allSettled());
    }
}
