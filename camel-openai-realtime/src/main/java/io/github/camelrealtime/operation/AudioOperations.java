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

import java.util.concurrent.CompletableFuture;

import io.github.camelrealtime.session.AudioIntake;
import io.github.camelrealtime.session.Commit;
import io.github.camelrealtime.session.RealtimeSession;
import org.apache.camel.Exchange;

/** {@code append-audio}, {@code commit-audio}, {@code clear-audio}: the input buffer of a session. */
final class AudioOperations {

    private AudioOperations() {
    }

    /**
     * Gives audio. A byte array is a piece of a stream that goes on; an {@code InputStream} or file is a recording, after
     * whose end the turn is ended too, so that its last words are not lost.
     */
    static CompletableFuture<OperationResult> append(Exchange exchange, OperationContext context) throws Exception {
        RealtimeSession session = context.session();
        Await await = context.settings().await() == null ? Await.SENT : context.settings().await();
        AudioBody body = AudioBody.open(exchange, context.settings().audioFormat(), session.config().inputFormat());
        if (!body.isStream() && (await == Await.COMMITTED || await == Await.COMPLETED || await == Await.RESPONSE)) {
            body.close();
            throw new IllegalArgumentException(
                    "await=" + await.name().toLowerCase() + " has no meaning for a piece of a stream; commit-audio knows it");
        }
        AudioIntake intake = body.isStream()
                ? session.audio().recording(body.format()) : session.audio().piece(body.format(), body.pieceBytes());
        AudioFeed feed = new AudioFeed(body, intake, context.settings().pacing(), context.timers(), context.worker());
        CompletableFuture<Long> fed = feed.start();
        CompletableFuture<Void> ended = fed.thenCompose(millis -> body.isStream()
                ? session.audio().endOfStream() : CompletableFuture.completedFuture(null));
        return switch (await) {
            case NONE -> CompletableFuture.completedFuture(OperationResult.DONE);
            case SENT, RESPONSE -> ended.thenCompose(nothing -> feed.lastSent()).thenApply(nothing -> OperationResult.DONE);
            case COMMITTED, COMPLETED -> ended.thenCompose(nothing -> session.drain()).thenApply(nothing -> OperationResult.DONE);
        };
    }

    /** Ends the stretch given so far. */
    static CompletableFuture<OperationResult> commit(Exchange exchange, OperationContext context) {
        RealtimeSession session = context.session();
        Await await = context.settings().await() == null ? Await.SENT : context.settings().await();
        return switch (await) {
            case NONE, SENT, RESPONSE -> refusedAtOnce(session.audio().commit(false));
            case COMMITTED -> session.audio().commit(true).itemId().thenApply(OperationResult::ofItem);
            case COMPLETED -> session.commitAndTranscribe().thenApply(text -> new OperationResult(text, null, null, null));
        };
    }

    private static CompletableFuture<OperationResult> refusedAtOnce(Commit commit) {
        return commit.itemId().isCompletedExceptionally()
                ? commit.itemId().thenApply(OperationResult::ofItem)
                : CompletableFuture.completedFuture(OperationResult.DONE);
    }

    /** Forgets what was given since the last commit. */
    static CompletableFuture<OperationResult> clear(Exchange exchange, OperationContext context) {
        return context.session().audio().clear().thenApply(nothing -> OperationResult.DONE);
    }
}
