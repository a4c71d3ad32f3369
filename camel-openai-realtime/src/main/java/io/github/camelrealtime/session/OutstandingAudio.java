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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;

/**
 * Audio that was committed and has no final transcript yet: without a bound on it a recording given as fast as possible
 * would pile up at the service (AIN-10). A stretch whose transcript does not come in its time counts no more.
 *
 * <p>Thread-safe. No future is completed under the lock.
 */
final class OutstandingAudio {

    private record Stretch(long millis, Timers.Cancellable timer) {
    }

    private final long maxMillis;
    private final long transcriptMillis;
    private final Timers timers;

    private final ReentrantLock lock = new ReentrantLock();
    /** ms of audio by the id of the commit, later of the item. */
    private final Map<String, Stretch> stretches = new HashMap<>();
    private final List<CompletableFuture<Void>> waiters = new ArrayList<>();
    private long committedMillis;

    /**
     * @param maxMillis        ms of audio, 0 = no bound
     * @param transcriptMillis for the transcript of an item to come
     */
    OutstandingAudio(long maxMillis, long transcriptMillis, Timers timers) {
        this.maxMillis = maxMillis;
        this.transcriptMillis = transcriptMillis;
        this.timers = timers;
    }

    /** A commit has been made; until it is answered it stands for its item. To be called before it can leave. */
    void add(Commit commit) {
        if (maxMillis == 0) {
            return;
        }
        begin(commit);
        commit.follow(new Commit.Follower() {
            @Override
            public void became(String itemId) {
                if (itemId != null) {
                    add(itemId, commit.endMillis() - commit.startMillis());
                }
                settle(commit.eventId());
            }

            @Override
            public void again() {
                begin(commit);
            }

            @Override
            public void failed(Throwable reason) {
                settle(commit.eventId());
            }
        });
    }

    private void begin(Commit commit) {
        begin(commit.eventId(), commit.endMillis() - commit.startMillis(), Timers.Cancellable.NOTHING);
    }

    /** The service has committed. */
    void add(String itemId, long millis) {
        if (maxMillis > 0 && itemId != null) {
            begin(itemId, millis, timers.schedule(() -> settle(itemId), transcriptMillis));
        }
    }

    private void begin(String id, long millis, Timers.Cancellable timer) {
        lock.lock();
        try {
            if (stretches.putIfAbsent(id, new Stretch(millis, timer)) == null) {
                committedMillis += millis;
            }
        } finally {
            lock.unlock();
        }
    }

    void onEvent(ServerEvent event) {
        if (EventTypes.settlesTranscript(event.getType())) {
            settle(event.getItemId());
        }
    }

    private void settle(String id) {
        List<CompletableFuture<Void>> free;
        lock.lock();
        try {
            Stretch stretch = stretches.remove(id);
            if (stretch == null) {
                return;
            }
            stretch.timer().cancel();
            committedMillis -= stretch.millis();
            // whoever still finds no room waits again
            free = new ArrayList<>(waiters);
            waiters.clear();
        } finally {
            lock.unlock();
        }
        free.forEach(waiter -> waiter.complete(null));
    }

    /**
     * Done when there is room, or when there may be. Never waits for audio that nobody has committed alone, as that may
     * become final only by what is still to be given.
     *
     * @param uncommittedMillis ms of audio given and not committed
     */
    CompletableFuture<Void> room(long uncommittedMillis) {
        lock.lock();
        try {
            if (maxMillis == 0 || committedMillis == 0 || committedMillis + uncommittedMillis < maxMillis) {
                return CompletableFuture.completedFuture(null);
            }
            CompletableFuture<Void> waiter = new CompletableFuture<>();
            waiters.add(waiter);
            return waiter;
        } finally {
            lock.unlock();
        }
    }

    /** Committed and not final, in ms. */
    long millis() {
        lock.lock();
        try {
            return committedMillis;
        } finally {
            lock.unlock();
        }
    }

    /** The connection is gone: nothing becomes final any more. */
    void clear() {
        List<CompletableFuture<Void>> free;
        lock.lock();
        try {
            stretches.values().forEach(stretch -> stretch.timer().cancel());
            stretches.clear();
            committedMillis = 0;
            free = new ArrayList<>(waiters);
            waiters.clear();
        } finally {
            lock.unlock();
        }
        free.forEach(waiter -> waiter.complete(null));
    }
}
