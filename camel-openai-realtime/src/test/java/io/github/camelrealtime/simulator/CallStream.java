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

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** A function call; its arguments come in small pieces. */
final class CallStream extends ItemStream {

    private static final int PIECE = 8;

    private final StringBuilder sent = new StringBuilder();
    private final String name;
    private final String callId;
    private List<String> pieces = new ArrayList<>();
    private int next;

    CallStream(SessionContext context, ResponseRun run, int outputIndex, Reply.Call call) {
        super(context, run, outputIndex, new Item(JsonNodeFactory.instance.objectNode().put("id", context.ids().item())
                .put("type", "function_call").put("status", "in_progress").put("name", call.name())
                .put("call_id", call.callId() == null ? context.ids().call() : call.callId()).put("arguments", "")));
        name = call.name();
        callId = item().json().path("call_id").asText();
        for (int at = 0; at < call.arguments().length(); at += PIECE) {
            pieces.add(call.arguments().substring(at, Math.min(at + PIECE, call.arguments().length())));
        }
    }

    @Override
    boolean hasMore() {
        return next < pieces.size();
    }

    @Override
    void next() {
        String piece = pieces.get(next++);
        sent.append(piece);
        send(context().downlink().delta(event("response.function_call_arguments.delta").put("call_id", callId), piece));
    }

    @Override
    long tokens() {
        return TokenMeter.tokens(sent.length());
    }

    @Override
    void halve() {
        pieces = pieces.subList(0, pieces.size() / 2);
    }

    @Override
    void begin() {
        // nothing stands between a call and its arguments
    }

    @Override
    void finish() {
        item().json().put("arguments", sent.toString());
        send(event("response.function_call_arguments.done").put("call_id", callId).put("name", name)
                .put("arguments", sent.toString()));
    }

    @Override
    boolean namesPreviousWhenDone() {
        return false;
    }
}
