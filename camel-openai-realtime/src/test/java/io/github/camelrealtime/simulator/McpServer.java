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

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * A remote tool server as the simulated service finds it. No network is used: what it offers is written here, what its calls
 * return in {@link Reply#mcpCall}. A server that a session asks for and no scenario has is unreachable. Immutable.
 */
public final class McpServer {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String label;
    private final Map<String, Tool> tools;
    private final Duration importTime;
    private final boolean reachable;

    private McpServer(String label, Map<String, Tool> tools, Duration importTime, boolean reachable) {
        this.label = label;
        this.tools = tools;
        this.importTime = importTime;
        this.reachable = reachable;
    }

    /** A server without tools. @param label as in the session's {@code server_label} */
    public static McpServer of(String label) {
        return new McpServer(label, Map.of(), Duration.ZERO, true);
    }

    /** Its import fails with {@code mcp_list_tools.failed}. */
    public static McpServer unreachable(String label) {
        return new McpServer(label, Map.of(), Duration.ZERO, false);
    }

    /**
     * Adds a tool.
     *
     * @param  inputSchema              JSON
     * @throws IllegalArgumentException if the schema is not JSON
     */
    public McpServer tool(String name, String description, String inputSchema) {
        Map<String, Tool> more = new LinkedHashMap<>(tools);
        try {
            more.put(name, new Tool(name, description, JSON.readTree(inputSchema)));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The schema of the tool " + name + " is not JSON", e);
        }
        return new McpServer(label, more, importTime, reachable);
    }

    /** How long the import of its tools takes; default none. */
    public McpServer importedAfter(Duration time) {
        return new McpServer(label, tools, time, reachable);
    }

    String label() {
        return label;
    }

    Iterable<Tool> tools() {
        return tools.values();
    }

    Duration importTime() {
        return importTime;
    }

    boolean isReachable() {
        return reachable;
    }

    record Tool(String name, String description, JsonNode inputSchema) {
    }
}
