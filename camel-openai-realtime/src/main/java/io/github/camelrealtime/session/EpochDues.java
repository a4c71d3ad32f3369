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

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;

/**
 * What the service owes on one connection: transcripts of what it has committed, ends of responses that it has begun. Told of
 * every event but audio deltas; asked when the connection drains. Thread-safe.
 */
final class EpochDues {

    /** More are not remembered, and so not waited for. */
    private static final int MOST = 1000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Set<String> items = new LinkedHashSet<>();
    /** Items whose transcript came before they were said to be committed. */
    private final Map<String, Boolean> early = new BoundedMap<>(MOST);
    private final Set<String> responses = new LinkedHashSet<>();
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private boolean awaited;
    private int count;

    /** @param transcribes whether committed audio gets a transcript */
    void onEvent(ServerEvent event, boolean transcribes) {
        boolean done;
        lock.lock();
        try {
            take(event, transcribes);
            done = isSettled();
        } finally {
            lock.unlock();
        }
        if (done) {
            settled.complete(null);
        }
    }

    private void take(ServerEvent event, boolean transcribes) {
        switch (event.getType()) {
            case EventTypes.INPUT_AUDIO_BUFFER_COMMITTED -> {
                if (transcribes && early.remove(String.valueOf(event.getItemId())) == null) {
                    add(items, event.getItemId());
                }
            }
            case EventTypes.RESPONSE_CREATED -> add(responses, event.getResponseId());
            case EventTypes.RESPONSE_DONE -> remove(responses, event.getResponseId());
            case EventTypes.CONVERSATION_ITEM_DELETED -> remove(items, event.getItemId());
            default -> {
                if (EventTypes.settlesTranscript(event.getType())) {
                    settled(event.getItemId());
                }
            }
        }
    }

    /** The transcript of this item is waited for no longer. */
    void giveUp(String itemId) {
        boolean done;
        lock.lock();
        try {
            items.remove(itemId);
            done = isSettled();
        } finally {
            lock.unlock();
        }
        if (done) {
            settled.complete(null);
        }
    }

    private static void add(Set<String> owed, String id) {
        if (id != null && owed.size() < MOST) {
            owed.add(id);
        }
    }

    private void settled(String itemId) {
        if (itemId != null && !items.contains(itemId)) {
            early.put(itemId, true);
        }
        remove(items, itemId);
    }

    private void remove(Set<String> owed, String id) {
        if (owed.remove(id) && awaited) {
            count++;
        }
    }

    private boolean isSettled() {
        return awaited && items.isEmpty() && responses.isEmpty();
    }

    /** Done when all has come that is owed; nothing is asked for any more. */
    CompletableFuture<Void> settled() {
        boolean done;
        lock.lock();
        try {
            awaited = true;
            done = isSettled();
        } finally {
            lock.unlock();
        }
        if (done) {
            settled.complete(null);
        }
        return settled;
    }

    /** How much has come since that was asked. */
    int count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** What has not come yet, in words; {@code null} for nothing. */
    String owed() {
        lock.lock();
        try {
            return !responses.isEmpty() ? "the end of a response" : items.isEmpty() ? null : "a transcript";
        } finally {
            lock.unlock();
        }
    }

    /** Items without a transcript. */
    Set<String> items() {
        lock.lock();
        try {
            return new HashSet<>(items);
        } finally {
            lock.unlock();
        }
    }

    /** Responses without an end. */
    List<String> responses() {
        lock.lock();
        try {
            return List.copyOf(responses);
        } finally {
            lock.unlock();
        }
    }
}
