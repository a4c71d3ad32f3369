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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;

/**
 * Items that were committed and have no final transcript yet. At the end of a session they are waited for. Thread-safe.
 */
final class OwedTranscripts {

    private static final int MAX_ITEMS = 2_000;
    private static final int MAX_EARLY = 100;

    private final ReentrantLock lock = new ReentrantLock();
    private final Set<String> items = new LinkedHashSet<>();
    /** Items whose transcript came before they were said to be committed. */
    private final Map<String, Boolean> early = new BoundedMap<>(MAX_EARLY);
    private final List<CompletableFuture<Boolean>> waiters = new ArrayList<>();

    /** To be told of an event before those who wait for a commit are: from then on its item is owed. */
    void begin(ServerEvent event) {
        if (EventTypes.INPUT_AUDIO_BUFFER_COMMITTED.equals(event.getType())) {
            add(event.getItemId());
        }
    }

    /** To be told of an event after everybody else: its item may be the last that was waited for. */
    void settle(ServerEvent event) {
        if (EventTypes.settlesTranscript(event.getType())) {
            settle(event.getItemId());
        }
    }

    private void add(String itemId) {
        lock.lock();
        try {
            if (itemId != null && early.remove(itemId) == null && items.size() < MAX_ITEMS) {
                items.add(itemId);
            }
        } finally {
            lock.unlock();
        }
    }

    /** These will not come: their connection is gone. What is sent again is owed for again, under other names. */
    void forget(Set<String> itemIds) {
        List<CompletableFuture<Boolean>> again = List.of();
        lock.lock();
        try {
            if (items.removeAll(itemIds) && items.isEmpty()) {
                again = new ArrayList<>(waiters);
                waiters.clear();
            }
        } finally {
            lock.unlock();
        }
        again.forEach(waiter -> waiter.complete(false));
    }

    private void settle(String itemId) {
        List<CompletableFuture<Boolean>> done = List.of();
        lock.lock();
        try {
            if (!items.remove(itemId) && itemId != null) {
                early.put(itemId, true);
            }
            if (items.isEmpty()) {
                done = new ArrayList<>(waiters);
                waiters.clear();
            }
        } finally {
            lock.unlock();
        }
        done.forEach(waiter -> waiter.complete(true));
    }

    /** Done when nothing is owed: with false if that was lost with its connection, and may be owed anew by the next. */
    CompletableFuture<Boolean> settled() {
        lock.lock();
        try {
            CompletableFuture<Boolean> waiter = new CompletableFuture<>();
            if (items.isEmpty()) {
                waiter.complete(true);
            } else {
                waiters.add(waiter);
            }
            return waiter;
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return items.size();
        } finally {
            lock.unlock();
        }
    }

    /** The connection is lost, and another takes its place: what was owed is sent again, and owed for again. */
    void cut() {
        List<CompletableFuture<Boolean>> again;
        lock.lock();
        try {
            items.clear();
            again = new ArrayList<>(waiters);
            waiters.clear();
        } finally {
            lock.unlock();
        }
        again.forEach(waiter -> waiter.complete(false));
    }

    /** Nothing will come any more. Returns how many items stay without a transcript. */
    int giveUp() {
        int open;
        List<CompletableFuture<Boolean>> done;
        lock.lock();
        try {
            open = items.size();
            items.clear();
            done = new ArrayList<>(waiters);
            waiters.clear();
        } finally {
            lock.unlock();
        }
        done.forEach(waiter -> waiter.complete(true));
        return open;
    }
}
