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

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;

import io.github.camelrealtime.session.TimedOutException;
import io.github.camelrealtime.session.Timers;

/**
 * Watches over reads of a source that may block: a device, or another program's output. A read cannot be interrupted, so
 * whoever waits for the audio is told by a future, and closes the stream.
 */
final class StallGuard extends FilterInputStream {

    private final Timers timers;
    private final long timeoutMillis;
    private final CompletableFuture<Void> stalled = new CompletableFuture<>();

    /** @param timeoutMillis longest time of one read, 0 = no limit */
    StallGuard(InputStream in, Timers timers, long timeoutMillis) {
        super(in);
        this.timers = timers;
        this.timeoutMillis = timeoutMillis;
    }

    /** Fails when a read takes too long; never done otherwise. */
    CompletableFuture<Void> stalled() {
        return stalled;
    }

    @Override
    public int read() throws IOException {
        Timers.Cancellable timer = start();
        try {
            return in.read();
        } finally {
            timer.cancel();
        }
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Timers.Cancellable timer = start();
        try {
            return in.read(buffer, offset, length);
        } finally {
            timer.cancel();
        }
    }

    private Timers.Cancellable start() {
        return timeoutMillis == 0 ? Timers.Cancellable.NOTHING : timers.schedule(this::stall, timeoutMillis);
    }

    private void stall() {
        stalled.completeExceptionally(new TimedOutException(
                "The audio stream in the body gave nothing for " + timeoutMillis
                        + " ms (option sourceTimeout): is what writes to it still alive?", timeoutMillis));
    }
}
