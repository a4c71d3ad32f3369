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

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The rules of remote tools that look at more than one member (section 3.5), and the servers a session has named. */
final class McpTools {

    private static final Shape NAMES = Shape.listOf(Shape.string());
    private static final Shape FILTER = Shape.object().optional("tool_names", NAMES).optional("read_only", Shape.bool());

    static final Shape SHAPE = Shape.object().required("type", Shape.string()).required("server_label", Shape.string())
            .optional("server_url", Shape.string())
            .optional("connector_id", Shape.oneOf("connector_dropbox", "connector_gmail", "connector_googlecalendar",
                    "connector_googledrive", "connector_microsoftteams", "connector_outlookcalendar",
                    "connector_outlookemail", "connector_sharepoint"))
            .optional("tunnel_id", Shape.string()).optional("authorization", Shape.string())
            .optional("headers", Shape.map(Integer.MAX_VALUE, Integer.MAX_VALUE, Shape.string()).orNull())
            .optional("allowed_tools", ((Shape) (value, path) -> (value.isArray() ? NAMES : FILTER).check(value, path)).orNull())
            .optional("require_approval", Shape.stringOr(Shape.oneOf("always", "never"),
                    Shape.object().optional("always", FILTER).optional("never", FILTER)).orNull())
            .optional("server_description", Shape.string())
            .optional("allowed_callers", Shape.listOf(Shape.oneOf("direct", "programmatic")))
            .optional("defer_loading", Shape.bool());

    private final Map<String, ObjectNode> known = new HashMap<>();

    /**
     * Checks a list of tools and fills in what it leaves to earlier ones.
     *
     * @param tools of a shape that has been checked; changed
     */
    void complete(JsonNode tools, String path) {
        Set<String> labels = new HashSet<>();
        for (int i = 0; i < tools.size(); i++) {
            if (tools.get(i) instanceof ObjectNode tool && tool.path("type").asText().equals("mcp")) {
                check(tool, path + "[" + i + "]", labels);
            }
        }
    }

    /** Remembers the servers of a list that has been accepted. */
    void learn(JsonNode tools) {
        for (JsonNode tool : tools) {
            if (tool.path("type").asText().equals("mcp")) {
                known.put(tool.path("server_label").asText(), tool.deepCopy());
            }
        }
    }

    private void check(ObjectNode tool, String path, Set<String> labels) {
        String label = tool.path("server_label").asText();
        if (!labels.add(label)) {
            throw ProtocolError.invalidValue("Duplicate server_label: '" + label + "'.", path + ".server_label");
        }
        int places = (tool.has("server_url") ? 1 : 0) + (tool.has("connector_id") ? 1 : 0) + (tool.has("tunnel_id") ? 1 : 0);
        if (places > 1) {
            throw ProtocolError.invalidValue("Give one of 'server_url', 'connector_id' and 'tunnel_id', not several.", path);
        }
        if (places == 0) {
            if (!known.containsKey(label)) {
                throw ProtocolError.missing(path + ".server_url");
            }
            known.get(label).fields().forEachRemaining(member -> {
                if (!tool.has(member.getKey())) {
                    tool.set(member.getKey(), member.getValue().deepCopy());
                }
            });
        }
        boolean inHeaders = false;
        for (var names = tool.path("headers").fieldNames(); names.hasNext();) {
            inHeaders |= names.next().equalsIgnoreCase("Authorization");
        }
        if (inHeaders && tool.has("authorization")) {
            throw ProtocolError.invalidValue("Give 'authorization' or the header 'Authorization', not both.",
                    path + ".authorization");
        }
    }
}
