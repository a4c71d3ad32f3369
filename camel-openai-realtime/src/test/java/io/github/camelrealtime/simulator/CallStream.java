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
package io.github.camelrealtime.simulator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** A function call; its arguments come in small pieces. */
final class CallStream extends ItemStream {

    private final ArgumentPieces arguments;
    private final String name;
    private final String callId;

    CallStream(SessionContext context, ResponseRun run, int outputIndex, Reply.Call call) {
        super(context, run, outputIndex, new Item(JsonNodeFactory.instance.objectNode().put("id", context.ids().item())
                .put("type", "function_call").put("status", "in_progress").put("name", call.name())
                .put("call_id", call.callId() == null ? context.ids().call() : call.callId()).put("arguments", "")));
        name = call.name();
        callId = item().json().path("call_id").asText();
        arguments = new ArgumentPieces(call.arguments());
    }

    @Override
    boolean hasMore() {
        return !arguments.isEmpty();
    }

    @Override
    void next() {
        send(context().downlink().delta(
                event("response.function_call_arguments.delta").put("call_id", callId), arguments.next()));
    }

    @Override
    long tokens() {
        return arguments.tokens();
    }

    @Override
    void halve() {
        arguments.halve();
    }

    @Override
    void begin() {
        // nothing stands between a call and its arguments
    }

    @Override
    void finish() {
        item().json().put("arguments", arguments.sent());
        send(event("response.function_call_arguments.done").put("call_id", callId).put("name", name)
                .put("arguments", arguments.sent()));
    }

    @Override
    boolean namesPreviousWhenDone() {
        return false;
    }
}
