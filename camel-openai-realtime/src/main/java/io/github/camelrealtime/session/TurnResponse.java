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

import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** One response in a turn. Not thread-safe; used under the lock of {@link TurnAssembler}. */
final class TurnResponse {

    /** Parts of which the words are kept until it is done. */
    private static final int MOST_PARTS = 200;

    private static final String PENDING = "pending";
    private static final String COMPLETED = "completed";

    /** A call of a function or of an MCP tool. */
    private static final class Call {
        final String id;
        final String name;
        String status;

        Call(String id, String name, String status) {
            this.id = id;
            this.name = name;
            this.status = status;
        }
    }

    final String responseId;
    final int epoch;
    /** Times on the wall clock, ms since 1970; {@code null} if that did not happen. */
    final long createdMillis;
    Long firstToken;
    Long firstAudio;
    Long done;
    private String status;
    private String reason;
    private String text = "";
    private JsonNode usage;
    private boolean calls;
    private boolean interrupted;
    private String heard;
    private Long playedMillis;
    private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();
    private final Map<String, Call> tools = new LinkedHashMap<>();
    /** What it has said so far, by part. */
    private final Map<String, String> partials = new LinkedHashMap<>();

    TurnResponse(String responseId, int epoch, long createdMillis) {
        this.responseId = responseId;
        this.epoch = epoch;
        this.createdMillis = createdMillis;
    }

    boolean isRunning() {
        return status == null;
    }

    /** Whether it has called functions whose answers lead to another response. */
    boolean hasCalls() {
        return calls;
    }

    /** Whether calls of it are not answered. */
    boolean awaitsTools() {
        return tools.values().stream().anyMatch(call -> PENDING.equals(call.status));
    }

    boolean isInterrupted() {
        return interrupted;
    }

    JsonNode usage() {
        return usage;
    }

    String text() {
        return text;
    }

    void says(TranscriptAssembler.Progress partial, long nowMillis) {
        if (firstToken == null) {
            firstToken = nowMillis;
        }
        if (partial == null || partial.text() == null || !isRunning()) {
            return;
        }
        String part = partial.itemId() + "/" + partial.contentIndex();
        if (partials.size() < MOST_PARTS || partials.containsKey(part)) {
            partials.put(part, partial.text());
        }
    }

    void done(JsonNode response, long nowMillis) {
        if (!isRunning()) {
            return;
        }
        done = nowMillis;
        status = response.path("status").asText(COMPLETED);
        JsonNode details = response.path("status_details");
        reason = textOf(details.isTextual() ? details : details.path("reason"));
        usage = response.get("usage");
        text = AnswerText.ofResponse(response);
        response.path("output").forEach(this::item);
        partials.clear();
    }

    private void item(JsonNode item) {
        String id = textOf(item.path("id"));
        String name = textOf(item.path("name"));
        String itemStatus = item.path("status").asText(COMPLETED);
        switch (item.path("type").asText()) {
            case "message" -> {
                ObjectNode message = messages.addObject().put("item_id", id);
                message.put("phase", textOf(item.path("phase")));
                message.put("text", AnswerText.ofItem(item));
                TurnReport.withoutNulls(message);
            }
            case "function_call" -> {
                // what was cut off may be half a call, and nobody answers it
                boolean whole = COMPLETED.equals(itemStatus) && COMPLETED.equals(status);
                call(textOf(item.path("call_id")), name, whole ? PENDING : "incomplete");
            }
            case "mcp_call" -> call(id, name, item.path("error").isObject() ? "failed" : itemStatus);
            case "mcp_approval_request" -> call(id, name, PENDING);
            default -> {
                // nothing to be called
            }
        }
    }

    private void call(String id, String name, String callStatus) {
        if (id != null) {
            calls |= PENDING.equals(callStatus);
            tools.put(id, new Call(id, name, callStatus));
        }
    }

    /** Returns whether the call is one of this response. */
    boolean answered(String callId) {
        Call call = tools.get(callId);
        if (call != null && PENDING.equals(call.status)) {
            call.status = "answered";
        }
        return call != null;
    }

    /** The user cut it off; {@code cut} tells what was heard of one of its items. */
    void interrupted(JsonNode cut) {
        interrupted = true;
        String part = cut.path("transcript").asText("");
        heard = heard == null ? part : heard + " " + part;
        playedMillis = (playedMillis == null ? 0 : playedMillis) + cut.path("played_ms").asLong();
    }

    /** Nothing more will come of it. */
    void lost(String why) {
        if (isRunning()) {
            status = "lost";
            reason = why;
            text = String.join(" ", partials.values());
            partials.clear();
        }
    }

    ObjectNode report() {
        ObjectNode response = JsonNodeFactory.instance.objectNode();
        response.put("response_id", responseId);
        response.put("status", status);
        response.put("reason", reason);
        response.put("text", text);
        response.put("interrupted", interrupted);
        response.put("heard_text", heard);
        response.put("played_ms", playedMillis);
        response.set("messages", messages);
        response.set("usage", usage);
        return TurnReport.withoutNulls(response);
    }

    void reportTools(ArrayNode all) {
        for (Call call : tools.values()) {
            TurnReport.withoutNulls(all.addObject().put("name", call.name).put("call_id", call.id)
                    .put("status", call.status).put("response_id", responseId));
        }
    }

    private static String textOf(JsonNode node) {
        return node.isTextual() ? node.textValue() : null;
    }
}
