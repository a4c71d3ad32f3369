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

import java.util.concurrent.locks.ReentrantLock;

import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;

/**
 * Whether the service hears somebody speak. A turn that it does not end within the given time is ended by a commit, as a
 * noisy line can keep its turn detection from ever finding the end (AIN-13).
 *
 * <p>Thread-safe; the commit is made on a timer thread.
 */
final class OpenTurn {

    private final Timers timers;
    private final long stuckMillis;
    private final Runnable commit;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean open;
    /** Whether the service has heard somebody since {@link #deaf}. */
    private boolean hears = true;
    /** Tells the timer of an earlier turn, which may be running already, from that of a later one. */
    private long turns;
    private Timers.Cancellable timer = Timers.Cancellable.NOTHING;

    /**
     * @param stuckMillis 0 = never
     * @param commit      ends the turn
     */
    OpenTurn(Timers timers, long stuckMillis, Runnable commit) {
        this.timers = timers;
        this.stuckMillis = stuckMillis;
        this.commit = commit;
    }

    void onEvent(ServerEvent event) {
        switch (event.getType()) {
            case EventTypes.INPUT_AUDIO_BUFFER_SPEECH_STARTED -> begin();
            case EventTypes.INPUT_AUDIO_BUFFER_SPEECH_STOPPED, EventTypes.INPUT_AUDIO_BUFFER_COMMITTED,
                    EventTypes.INPUT_AUDIO_BUFFER_CLEARED ->
                end();
            default -> {
                // says nothing of who speaks
            }
        }
    }

    private void begin() {
        lock.lock();
        try {
            open = true;
            hears = true;
            long turn = ++turns;
            timer.cancel();
            if (stuckMillis > 0) {
                timer = timers.schedule(() -> expire(turn), stuckMillis);
            }
        } finally {
            lock.unlock();
        }
    }

    private void expire(long turn) {
        lock.lock();
        try {
            if (!open || turn != turns) {
                return;
            }
            open = false;
        } finally {
            lock.unlock();
        }
        commit.run();
    }

    /** The turn is over, or its connection. */
    void end() {
        lock.lock();
        try {
            open = false;
            timer.cancel();
        } finally {
            lock.unlock();
        }
    }

    boolean isOpen() {
        lock.lock();
        try {
            return open;
        } finally {
            lock.unlock();
        }
    }

    /** What can be heard here is not heard there. */
    void deaf() {
        lock.lock();
        try {
            hears = false;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the service can be expected to hear what can be heard. */
    boolean hears() {
        lock.lock();
        try {
            return hears;
        } finally {
            lock.unlock();
        }
    }
}
