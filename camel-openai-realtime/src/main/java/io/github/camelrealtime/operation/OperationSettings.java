package io.github.camelrealtime.operation;

import io.github.camelrealtime.event.EventDataFormat;

/**
 * What an endpoint says about its operations.
 *
 * @param await          how long the exchange waits; {@code null} = as the operation has it
 * @param requestTimeout ms for a response, counted from the last byte sent
 * @param audioFormat    what audio bodies are in
 * @param pacing         how fast streams are given
 * @param dataFormat     what a reply looks like
 * @param createResponse whether {@code send-text} asks for an answer
 */
public record OperationSettings(
        Await await,
        long requestTimeout,
        BodyFormat audioFormat,
        Pacing pacing,
        EventDataFormat dataFormat,
        boolean createResponse) {
}
