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
import java.util.concurrent.Executor;
import java.util.function.Function;

import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.Timers;

/**
 * What an operation works with.
 *
 * @param session  the session
 * @param settings the endpoint's settings
 * @param timers   clock and timer
 * @param worker   for whatever may block, such as reading a stream
 * @param closer   closes a session by name
 * @param overrides what the route says in headers
 */
public record OperationContext(
        RealtimeSession session,
        OperationSettings settings,
        Timers timers,
        Executor worker,
        Function<String, CompletableFuture<Void>> closer,
        Overrides overrides) {

    /** Event id that the route wants on the wire, or {@code null}. */
    public String eventId() {
        return overrides.eventId();
    }

    /** Whether the end of a stream body ends the turn. */
    public boolean endOfStream() {
        return overrides.endOfStream() == null ? settings.endOfStream() : overrides.endOfStream();
    }
}
