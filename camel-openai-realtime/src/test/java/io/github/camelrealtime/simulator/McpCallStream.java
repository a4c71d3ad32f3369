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
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A call of a remote tool, which the service makes by itself: arguments, approval if the session wants it, outcome. */
final class McpCallStream extends ItemStream {

    private final Reply.McpCall call;
    private final ArgumentPieces arguments;
    private State state = State.ARGUMENTS;
    private Item request;
    private boolean approved;

    /** @param needsApproval whether the client is asked within the response */
    McpCallStream(SessionContext context, ResponseRun run, int outputIndex, Reply.McpCall call, boolean needsApproval) {
        super(context, run, outputIndex, new Item(JsonNodeFactory.instance.objectNode().put("id", context.ids().item())
                .put("type", "mcp_call").put("server_label", call.server()).put("name", call.name()).put("arguments", "")));
        this.call = call;
        approved = !needsApproval;
        arguments = new ArgumentPieces(call.arguments());
    }

    @Override
    boolean hasMore() {
        return state != State.OVER;
    }

    @Override
    boolean isWaiting() {
        return state == State.WAITING;
    }

    @Override
    void next() {
        switch (state) {
            case ARGUMENTS -> argue();
            case ASKING -> ask();
            case CALLING -> {
                send(outcomeEvent("response.mcp_call.in_progress"));
                state = State.CALLED;
            }
            case CALLED -> {
                boolean failed = call.failure() != null;
                send(outcomeEvent(failed ? "response.mcp_call.failed" : "response.mcp_call.completed"));
                state = State.OVER;
            }
            default -> throw new IllegalStateException("Nothing comes next in state " + state);
        }
    }

    /** The client has answered the request for approval. @return whether the request was this one's */
    boolean decide(String requestId, boolean approve) {
        if (state != State.WAITING || !request.id().equals(requestId)) {
            return false;
        }
        approved = approve;
        if (!approve) {
            send(outcomeEvent("response.mcp_call.failed"));
        }
        state = approve ? State.CALLING : State.OVER;
        return true;
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
        if (state == State.ARGUMENTS) {
            tellArguments();
        }
        ObjectNode json = item().json();
        json.put("arguments", arguments.sent());
        boolean called = state == State.OVER && approved;
        json.put("output", called && call.failure() == null ? call.output() : null);
        json.set("error", called ? call.failure() : approved ? null : refusal());
        if (request != null) {
            json.put("approval_request_id", request.id());
        }
    }

    @Override
    void mark(String status) {
        // remote calls have no status: their output or error says how they went
    }

    @Override
    boolean namesPreviousWhenDone() {
        return false;
    }

    private void argue() {
        if (arguments.isEmpty()) {
            tellArguments();
            state = approved ? State.CALLING : State.ASKING;
            return;
        }
        send(context().downlink().delta(event("response.mcp_call_arguments.delta"), arguments.next()));
    }

    private void tellArguments() {
        send(event("response.mcp_call_arguments.done").put("arguments", arguments.sent()));
    }

    private void ask() {
        request = approvalRequest(context(), call);
        String previous = context().conversation().lastId();
        context().conversation().append(request);
        send(Conversation.itemEvent(context().downlink(), "conversation.item.added", previous, request));
        send(Conversation.itemEvent(context().downlink(), "conversation.item.done", previous, request));
        state = State.WAITING;
    }

    /** The item that asks the client. */
    static Item approvalRequest(SessionContext context, Reply.McpCall call) {
        return new Item(JsonNodeFactory.instance.objectNode().put("id", context.ids().item())
                .put("type", "mcp_approval_request").put("server_label", call.server()).put("name", call.name())
                .put("arguments", call.arguments()));
    }

    private ObjectNode outcomeEvent(String type) {
        // these three name no response
        return context().downlink().event(type).put("item_id", item().id()).put("output_index", outputIndex());
    }

    private static ObjectNode refusal() {
        return JsonNodeFactory.instance.objectNode().put("type", "tool_execution_error")
                .put("message", "The call was not approved.");
    }

    private enum State {
        ARGUMENTS, ASKING, WAITING, CALLING, CALLED, OVER
    }
}
