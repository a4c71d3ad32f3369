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

import io.github.camelrealtime.event.EventDataFormat;

/**
 * What an endpoint says about its operations.
 *
 * @param await          how long the exchange waits; {@code null} = as the operation has it
 * @param requestTimeout ms for a response, counted from the last byte sent
 * @param audioFormat    what audio bodies are in
 * @param pacing         how fast streams are given
 * @param endOfStream    whether the end of a stream body ends the turn
 * @param sourceTimeout  ms that one read of a live stream may take, 0 = no limit
 * @param dataFormat     what a reply looks like
 * @param createResponse whether {@code send-text} asks for an answer
 * @param imageDetail    how closely the model looks at images; {@code null} = as the service has it
 * @param retrieveAudio  whether {@code retrieve-item} gives the item's audio
 * @param reply          what is made of an answer
 */
public record OperationSettings(
        Await await,
        long requestTimeout,
        BodyFormat audioFormat,
        Pacing pacing,
        boolean endOfStream,
        long sourceTimeout,
        EventDataFormat dataFormat,
        boolean createResponse,
        ImageDetail imageDetail,
        boolean retrieveAudio,
        ReplySettings reply) {

    /** @throws IllegalArgumentException for settings that cannot go together */
    public OperationSettings {
        reply.check(await, dataFormat);
    }
}
