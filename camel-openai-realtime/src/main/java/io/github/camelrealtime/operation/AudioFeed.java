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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.session.AudioIntake;
import io.github.camelrealtime.session.RealtimeException;
import io.github.camelrealtime.session.Timers;

/**
 * Carries audio from a body into a session: reads as much as one append takes, appends, and goes on when there is room and
 * when the next piece is due. While it waits it holds no thread; it reads on the caller's thread first and on the worker's
 * afterwards. A live source, whose reads may block, has a worker's thread for as long as a read takes.
 */
final class AudioFeed {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final AudioBody body;
    private final AudioIntake intake;
    private final Pacing pacing;
    private final Timers timers;
    private final Executor worker;
    private final byte[] buffer;
    private final long startNanos;
    private final CompletableFuture<Long> done = new CompletableFuture<>();
    private CompletableFuture<Void> lastSent = CompletableFuture.completedFuture(null);
    /** Written by whoever reads; read by whoever ends it. */
    private volatile long bytesRead;

    AudioFeed(AudioBody body, AudioIntake intake, Pacing pacing, Timers timers, Executor worker) {
        this.body = body;
        this.intake = intake;
        this.pacing = pacing;
        this.timers = timers;
        this.worker = worker;
        AudioFormat format = body.format();
        this.buffer = new byte[(int) Math.max(format.bytesOf(intake.chunkMillis()), format.bytesPerFrame())];
        this.startNanos = timers.nanos();
    }

    /**
     * Starts.
     *
     * @return done with the length of the audio in ms when all of it has been appended; fails if the audio is broken or the
     *         session lost
     */
    CompletableFuture<Long> start() {
        done.whenComplete((millis, failure) -> close());
        body.stalled().whenComplete((never, stalled) -> done.completeExceptionally(stalled));
        if (body.isLive()) {
            goOn(null);
        } else {
            step();
        }
        return done;
    }

    /** Done when what was appended last has been sent. Meaningful once {@link #start} is done. */
    CompletableFuture<Void> lastSent() {
        return lastSent;
    }

    /** Whether anything has been given yet. */
    boolean hasGiven() {
        return bytesRead > 0;
    }

    /** Nobody wants the rest any more. */
    void stop() {
        done.cancel(false);
    }

    private void step() {
        try {
            while (!done.isDone()) {
                CompletableFuture<Void> room = intake.room();
                if (!room.isDone()) {
                    room.whenComplete((nothing, failure) -> goOn(failure));
                    return;
                }
                if (room.isCompletedExceptionally()) {
                    room.whenComplete((nothing, failure) -> done.completeExceptionally(failure));
                    return;
                }
                long wait = pacing.dueNanos(body.format().millisOf(bytesRead)) - (timers.nanos() - startNanos);
                if (wait > NANOS_PER_MILLI) {
                    timers.schedule(() -> goOn(null), wait / NANOS_PER_MILLI);
                    return;
                }
                int read = body.read(buffer);
                if (read == 0) {
                    lastSent = intake.finish();
                    done.complete(body.format().millisOf(bytesRead));
                    return;
                }
                if (done.isDone()) {
                    // a read that blocked gives what nobody waits for any more
                    return;
                }
                bytesRead += read;
                lastSent = intake.append(buffer, 0, read);
                if (lastSent.isCompletedExceptionally()) {
                    lastSent.whenComplete((nothing, refused) -> done.completeExceptionally(refused));
                }
            }
        } catch (IOException | RuntimeException e) {
            done.completeExceptionally(e);
        }
    }

    private void goOn(Throwable failure) {
        if (failure != null) {
            done.completeExceptionally(failure);
            return;
        }
        try {
            worker.execute(this::step);
        } catch (RejectedExecutionException e) {
            done.completeExceptionally(
                    new RealtimeException(null, "The component is stopping: the audio is not given to its end", e));
        }
    }

    private void close() {
        if (body.isLive()) {
            AudioBody.closeSoon(body, worker);
        } else {
            AudioBody.closeQuietly(body);
        }
    }
}
