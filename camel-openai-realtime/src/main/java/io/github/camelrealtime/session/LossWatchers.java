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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/** Futures that are to fail when a session is lost or closed, as long as they are not done. Thread-safe. */
final class LossWatchers {

    private final ReentrantLock lock = new ReentrantLock();
    private final Set<CompletableFuture<?>> watchers = new LinkedHashSet<>();

    void add(CompletableFuture<?> watcher) {
        lock.lock();
        try {
            watchers.add(watcher);
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
        lock.lock();
        try {
            List<CompletableFuture<?>> all = new ArrayList<>(watchers);
            watchers.clear();
            return all;
        } finally {
            lock.unlock();
        }
    }
}
