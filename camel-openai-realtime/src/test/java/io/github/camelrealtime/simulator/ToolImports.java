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

import java.util.HashSet;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Imports the tool lists of the remote servers that a session names. On the session's lane. */
final class ToolImports {

    private final SessionContext context;
    private final Set<String> known = new HashSet<>();
    private final Set<String> loaded = new HashSet<>();

    ToolImports(SessionContext context) {
        this.context = context;
    }

    /** The session's tools have changed. */
    void configured() {
        for (JsonNode tool : context.config().at("/tools")) {
            String label = tool.path("server_label").asText();
            if (tool.path("type").asText().equals("mcp") && known.add(label)) {
                begin(label, tool.path("allowed_tools"));
            }
        }
    }

    /** Whether any of these tools can be called by now. */
    boolean isAnyLoaded(JsonNode tools) {
        for (JsonNode tool : tools) {
            if (!tool.path("type").asText().equals("mcp") || loaded.contains(tool.path("server_label").asText())) {
                return true;
            }
        }
        return false;
    }

    /** Whether a call has to be approved by the client. */
    boolean needsApproval(JsonNode tools, Reply.McpCall call) {
        for (JsonNode tool : tools) {
            if (tool.path("server_label").asText().equals(call.server())) {
                JsonNode wish = tool.path("require_approval");
                return !wish.asText().equals("never") && !names(wish.path("never"), call.name());
            }
        }
        return true;
    }

    private void begin(String label, JsonNode allowed) {
        McpServer server = context.behaviour().mcpServers.getOrDefault(label, McpServer.unreachable(label));
        String itemId = context.ids().item();
        context.downlink().send(context.downlink().event("mcp_list_tools.in_progress").put("item_id", itemId));
        Runnable end = () -> end(server, itemId, allowed);
        if (server.importTime().isZero()) {
            end.run();
        } else {
            context.timer().schedule(server.importTime(), end);
        }
    }

    private void end(McpServer server, String itemId, JsonNode allowed) {
        Downlink downlink = context.downlink();
        if (!server.isReachable()) {
            // not known any more, so that the next update tries again
            known.remove(server.label());
            downlink.send(downlink.event("mcp_list_tools.failed").put("item_id", itemId));
            return;
        }
        loaded.add(server.label());
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("id", itemId).put("type", "mcp_list_tools")
                .put("server_label", server.label());
        ArrayNode list = json.putArray("tools");
        for (McpServer.Tool tool : server.tools()) {
            if (allowed.isMissingNode() || names(allowed, tool.name())) {
                list.addObject().put("name", tool.name()).put("description", tool.description())
                        .set("input_schema", tool.inputSchema().deepCopy());
            }
        }
        Item item = new Item(json);
        String previous = context.conversation().lastId();
        context.conversation().append(item);
        downlink.send(downlink.event("mcp_list_tools.completed").put("item_id", itemId));
        downlink.send(Conversation.itemEvent(downlink, "conversation.item.done", previous, item));
    }

    /** A list of names, or a filter with one. */
    private static boolean names(JsonNode filter, String name) {
        JsonNode list = filter.isArray() ? filter : filter.path("tool_names");
        if (filter.isObject() && !list.isArray()) {
            // a filter by read_only alone: which tools only read is not known here
            return true;
        }
        for (JsonNode entry : list) {
            if (entry.asText().equals(name)) {
                return true;
            }
        }
        return false;
    }
}
