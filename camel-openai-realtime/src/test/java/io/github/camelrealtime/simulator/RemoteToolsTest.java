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
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class RemoteToolsTest extends WireTest {

    private static final McpServer WIKI = McpServer.of("wiki")
            .tool("lookup", "Look up", "{\"type\":\"object\"}").tool("edit", "Edit", "{\"type\":\"object\"}");
    private static final String TOOL = "{'type':'mcp','server_label':'wiki','server_url':'https://mcp.example.com/sse'";
    private static final String TEXT = "{'type':'response.create','response':{'output_modalities':['text']}}";
    private static final Reply CALL = Reply.mcpCall("wiki", "lookup", "{\"q\":\"IC\"}", "IC = InterCity").andText("It is a train.");

    @ParameterizedTest(name = "SIM-3 tools {0} are refused: {1} at {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'type':'mcp','server_url':'https://x'} | missing_required_parameter | server_label",
        "{'type':'mcp','server_label':'a'} | missing_required_parameter | server_url",
        "{'type':'mcp','server_label':'a','server_url':'https://x','connector_id':'connector_gmail'} | invalid_value | -",
        "{'type':'mcp','server_label':'a','connector_id':'connector_unheard'} | invalid_value | connector_id",
        "{'type':'mcp','server_label':'a','server_url':'https://x','authorization':'t','headers':{'authorization':'t'}}"
            + " | invalid_value | authorization",
        "{'type':'mcp','server_label':'a','server_url':'https://x','require_approval':'sometimes'}"
            + " | invalid_value | require_approval",
        "{'type':'mcp','server_label':'a','server_url':'https://x','allowed_tools':{'names':[]}}"
            + " | unknown_parameter | allowed_tools.names",
        "{'type':'mcp','server_label':'a','server_url':'https://x','allowed_callers':['anyone']}"
            + " | invalid_value | allowed_callers[0]",
    })
    void refused(String tool, String code, String member) {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        client.send("{'type':'session.update','session':{'type':'realtime','tools':[" + tool + "]}}");
        JsonNode error = client.expectError();
        assertThat(error.path("code").asText()).isEqualTo(code);
        assertThat(error.path("param").asText()).isEqualTo("session.tools[0]" + (member.equals("-") ? "" : "." + member));
        client.send("{'type':'response.create','response':{'tools':[" + tool + "]}}");
        assertThat(client.expectError().path("param").asText())
                .isEqualTo("response.tools[0]" + (member.equals("-") ? "" : "." + member));
        client.expectNothingMore();
    }

    @Test
    @DisplayName("SIM-3 a label twice in one list is refused; a later list may name a known server by its label alone")
    void labels() {
        start(Scenario.builder().mcpServer(WIKI).build());
        Client client = connect(REALTIME);
        client.send("{'type':'session.update','session':{'type':'realtime','tools':[" + TOOL + "}," + TOOL + "}]}}");
        assertThat(client.expectError().path("param").asText()).isEqualTo("session.tools[1].server_label");
        tools(client, TOOL + ",'require_approval':'never'}");
        client.await("conversation.item.done");
        JsonNode again = tools(client, "{'type':'mcp','server_label':'wiki'}");
        assertThat(again.at("/session/tools/0/server_url").asText()).isEqualTo("https://mcp.example.com/sse");
        assertThat(again.at("/session/tools/0/require_approval").asText()).isEqualTo("never");
        client.expectNothingMore();
    }

    @Test
    @DisplayName("SIM-2 tools are imported after session.updated: in_progress, completed, item with the allowed tools")
    void imported() {
        VirtualClock clock = new VirtualClock();
        start(RealtimeSimulator.builder().clock(clock)
                .scenario(Scenario.builder().mcpServer(WIKI.importedAfter(Duration.ofSeconds(2))).build()));
        Client client = connect(REALTIME);
        tools(client, TOOL + ",'allowed_tools':['lookup']}");
        JsonNode progress = client.expect("mcp_list_tools.in_progress");
        assertThat(progress.has("response_id")).isFalse();
        client.expectNothingMore();
        clock.advance(Duration.ofSeconds(2));
        assertThat(client.expect("mcp_list_tools.completed").path("item_id")).isEqualTo(progress.path("item_id"));
        assertThat(client.expect("conversation.item.done").path("item")).isEqualTo(json("{'id':'"
                + progress.path("item_id").asText() + "','type':'mcp_list_tools','server_label':'wiki','tools':[{'name':'lookup',"
                + "'description':'Look up','input_schema':{'type':'object'}}]}"));
    }

    @Test
    @DisplayName("SIM-2 an unknown server is unreachable: mcp_list_tools.failed; a required call with nothing loaded fails")
    void unreachable() {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        tools(client, TOOL + "}");
        client.expect("mcp_list_tools.in_progress", "mcp_list_tools.failed");
        client.send("{'type':'response.create','response':{'tool_choice':'required'}}");
        assertThat(client.await("response.done").at("/response/status").asText()).isEqualTo("failed");
    }

    @Test
    @DisplayName("SIM-2 a call without approval: arguments, in_progress, completed, the item with its output, and on")
    void call() {
        start(Scenario.builder().mcpServer(WIKI).next(CALL).build());
        Client client = withTools("'never'");
        client.send(TEXT);
        List<JsonNode> events = client.until("response.done");
        assertThat(events).extracting(event -> event.path("type").asText()).startsWith("response.created",
                "response.output_item.added", "conversation.item.added", "response.mcp_call_arguments.delta",
                "response.mcp_call_arguments.delta", "response.mcp_call_arguments.done", "response.mcp_call.in_progress",
                "response.mcp_call.completed", "conversation.item.done", "response.output_item.done",
                "response.output_item.added");
        assertThat(events.get(6).has("response_id")).isFalse();
        JsonNode item = events.get(9).path("item");
        assertThat(item.path("output").asText()).isEqualTo("IC = InterCity");
        assertThat(item.path("error").isNull()).isTrue();
        assertThat(item.path("arguments").asText()).isEqualTo("{\"q\":\"IC\"}");
        assertThat(item.has("status")).isFalse();
    }

    @Test
    @DisplayName("SIM-2 a failing call: mcp_call.failed and the item's error")
    void failing() {
        start(Scenario.builder().mcpServer(WIKI).next(Reply.failedMcpCall("wiki", "lookup", "{}", "http_error", "Bad gateway"))
                .build());
        Client client = withTools("'never'");
        client.send(TEXT);
        client.await("response.mcp_call.failed");
        assertThat(client.expect("conversation.item.done").at("/item/error"))
                .isEqualTo(json("{'type':'http_error','code':502,'message':'Bad gateway'}"));
    }

    @ParameterizedTest(name = "SIM-2 approval within the response, answered {0}: {1}")
    @CsvSource({"true, response.mcp_call.completed", "false, response.mcp_call.failed"})
    void approval(boolean approve, String outcome) {
        start(Scenario.builder().mcpServer(WIKI).next(CALL).build());
        Client client = withTools("'always'");
        client.send(TEXT);
        client.await("response.mcp_call_arguments.done");
        JsonNode request = client.expect("conversation.item.added").path("item");
        assertThat(request.path("type").asText()).isEqualTo("mcp_approval_request");
        client.expect("conversation.item.done");
        client.expectNothingMore();

        approve(client, "nobody", approve);
        assertThat(client.expectError().path("param").asText()).isEqualTo("item.approval_request_id");
        approve(client, request.path("id").asText(), approve);
        client.await(outcome);
        assertThat(client.await("response.output_item.done").at("/item/approval_request_id")).isEqualTo(request.path("id"));
        assertThat(client.await("response.done").at("/response/status").asText()).isEqualTo("completed");
        // its confirmation waits for the end of the response, as that of every item
        assertThat(client.await("conversation.item.done").at("/item/type").asText()).isEqualTo("mcp_approval_response");
    }

    @Test
    @DisplayName("SIM-2 a response that waits for an approval can be cancelled")
    void cancelled() {
        start(Scenario.builder().mcpServer(WIKI).next(CALL).build());
        Client client = withTools("{'never':{'tool_names':['edit']}}");
        client.send(TEXT);
        client.await("response.mcp_call_arguments.done");
        client.expect("conversation.item.added", "conversation.item.done");
        client.send("{'type':'response.cancel'}");
        assertThat(client.await("response.done").at("/response/status").asText()).isEqualTo("cancelled");
    }

    @ParameterizedTest(name = "SIM-2 question 1: {0}")
    @CsvSource({"APPROVAL_ENDS_RESPONSE, false", "APPROVAL_NEEDS_RESPONSE_CREATE, true"})
    void nextResponse(Assumption assumption, boolean needsCreate) {
        start(Scenario.builder().mcpServer(WIKI).next(CALL).assume(assumption).build());
        Client client = withTools("'always'");
        client.send(TEXT);
        JsonNode done = client.await("response.done").path("response");
        assertThat(done.path("status").asText()).isEqualTo("completed");
        assertThat(done.at("/output/0/type").asText()).isEqualTo("mcp_approval_request");
        client.await("rate_limits.updated");
        approve(client, done.at("/output/0/id").asText(), true);
        client.expect("conversation.item.added", "conversation.item.done");
        if (needsCreate) {
            client.expectNothingMore();
            client.send(TEXT);
        }
        client.await("response.mcp_call.completed");
        assertThat(client.await("response.done").at("/response/output")).hasSize(2);
    }

    private Client withTools(String approval) {
        Client client = connect(REALTIME);
        tools(client, TOOL + ",'require_approval':" + approval + "}");
        client.await("conversation.item.done");
        return client;
    }

    private static JsonNode tools(Client client, String tools) {
        client.send("{'type':'session.update','session':{'type':'realtime','tools':[" + tools + "]}}");
        return client.await("session.updated");
    }

    private static void approve(Client client, String request, boolean approve) {
        client.send("{'type':'conversation.item.create','item':{'id':'item_ok','type':'mcp_approval_response',"
                + "'approval_request_id':'" + request + "','approve':" + approve + "}}");
    }
}
