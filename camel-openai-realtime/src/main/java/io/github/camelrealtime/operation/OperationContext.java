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
 * @param eventId  event id that the route wants on the wire, or {@code null}
 */
public record OperationContext(
        RealtimeSession session,
        OperationSettings settings,
        Timers timers,
        Executor worker,
        Function<String, CompletableFuture<Void>> closer,
        String eventId) {
}
