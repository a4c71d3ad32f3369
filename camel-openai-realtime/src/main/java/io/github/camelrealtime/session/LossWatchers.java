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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Futures that are to fail when a session is lost or closed, as long as they are not done. When another connection takes the
 * place of the lost one, those stay that wait for something which has not been sent yet. Thread-safe.
 */
final class LossWatchers {

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<CompletableFuture<?>, BooleanSupplier> watchers = new LinkedHashMap<>();

    /** @param unsent asked when a connection is lost: whether what is waited for can still leave by the next */
    void add(CompletableFuture<?> watcher, BooleanSupplier unsent) {
        lock.lock();
        try {
            watchers.put(watcher, unsent);
        } finally {
            lock.unlock();
        }
        watcher.whenComplete((result, problem) -> remove(watcher));
    }

    private void remove(CompletableFuture<?> watcher) {
        lock.lock();
        try {
            watchers.remove(watcher);
        } finally {
            lock.unlock();
        }
    }

    /** Those who wait, each once. */
    List<CompletableFuture<?>> takeAll() {
        return take(unsent -> true);
    }

    /** Those who wait for something that has left, each once. */
    List<CompletableFuture<?>> takeBound() {
        return take(unsent -> !unsent.getAsBoolean());
    }

    private List<CompletableFuture<?>> take(Predicate<BooleanSupplier> wanted) {
        List<CompletableFuture<?>> taken = new ArrayList<>();
        lock.lock();
        try {
            watchers.entrySet().removeIf(entry -> wanted.test(entry.getValue()) && taken.add(entry.getKey()));
        } finally {
            lock.unlock();
        }
        return taken;
    }
}
