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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What becomes of things that wait in an {@link Outbox} when their connection is lost and another takes its place. */
final class OutboxCut {

    /** Events that stay and leave by the next connection, by id. */
    final Set<String> staying = new HashSet<>();
    /** Of things that will not leave. */
    final List<CompletableFuture<Void>> failed = new ArrayList<>();
    /** Of those who wait for something that is over. */
    final List<CompletableFuture<Void>> released = new ArrayList<>();
    /** What was sent and is sent again; also among {@link #staying}, what has an id. */
    AudioAgain again = new AudioAgain();

    /** Completes the futures: not to be called with a lock held. */
    void settle(Exception reason) {
        failed.forEach(sent -> sent.completeExceptionally(reason));
        released.forEach(waiter -> waiter.complete(null));
    }
}
