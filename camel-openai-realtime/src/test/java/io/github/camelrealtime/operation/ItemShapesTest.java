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

import java.util.HashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ItemShapesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static ObjectNode item(String json) throws Exception {
        return (ObjectNode) JSON.readTree(json.replace('\'', '"'));
    }

    private static ObjectNode message(String role, String part) throws Exception {
        return item("{'type':'message','role':'" + role + "','content':[" + part + "]}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
            "system | {'type':'input_text','text':'x'}",
            "user | {'type':'input_text','text':'x'}",
            "user | {'type':'input_text','text':'x'},{'type':'input_image','image_url':'data:image/PNG;base64,AA==','detail':'low'}",
            "user | {'type':'input_image','image_url':'data:image/jpeg;base64,AA=='}",
            "user | {'type':'input_audio','audio':'AA==','transcript':null}",
            "assistant | {'type':'output_text','text':'x'}" })
    @DisplayName("CTX-2 messages that the service takes pass")
    void good(String role, String part) throws Exception {
        ItemShapes.check(message(role, part), "create-item");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{'type':'function_call','name':'f','arguments':'{}'}",
            "{'type':'function_call_output','call_id':'c','output':'12'}",
            "{'type':'mcp_approval_response','approval_request_id':'a','approve':true}",
            "{'type':'of_tomorrow'}" })
    @DisplayName("CTX-2 other items that the service takes pass, and those nobody knows yet are left to it")
    void others(String json) throws Exception {
        ItemShapes.check(item(json), "create-item");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
            "system | {'type':'input_image','image_url':'data:image/png;base64,AA=='} | input_text",
            "user | {'type':'output_text','text':'secret'} | input_audio and input_image",
            "user | {'type':'input_text'} | content[0].text",
            "user | {'type':'input_text','text':'x'},{'text':'secret'} | content[1].type",
            "user | {'type':'input_audio'} | content[0].audio",
            "user | {'type':'input_image','image_url':'https://secret.example/x.png'} | append-image",
            "user | {'type':'input_image','image_url':'data:image/gif;base64,AA=='} | PNG or JPEG",
            "user | {'type':'input_image','image_url':'data:image/png;base64,AA==','detail':'secret'} | auto, low, high",
            "assistant | {'type':'input_text','text':'secret'} | output_text",
            "assistant | {'type':'output_audio','audio':'secret'} | output_text",
            "assistant | {'type':'audio','audio':'secret'} | output_text",
            "developer | {'type':'input_text','text':'secret'} | system, user, assistant",
            "user | | list of content parts" })
    @DisplayName("CTX-2 content that does not go with the role is refused, saying where and what instead (T-26)")
    void badMessage(String role, String part, String word) {
        assertThatIllegalArgumentException().isThrownBy(() -> ItemShapes.check(message(role, part == null ? "" : part), "create-item"))
                .withMessageContaining(word).withMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
            "{'role':'user'} | 'type'",
            "{'type':'message','content':[]} | 'role'",
            "{'type':'message','role':'user','content':'secret'} | list of content parts",
            "{'type':'function_call','name':'f','arguments':{'a':'secret'}} | as text",
            "{'type':'function_call','arguments':'{}'} | 'name'",
            "{'type':'function_call_output','call_id':'c','output':{'a':'secret'}} | as text",
            "{'type':'function_call_output','output':'secret'} | 'call_id'",
            "{'type':'mcp_approval_response','approval_request_id':'a'} | 'approve'",
            "{'type':'mcp_call'} | service only",
            "{'type':'item_reference','id':'a'} | create-response" })
    @DisplayName("CTX-2 items that the service refuses are refused here, with the member at fault")
    void badItem(String json, String word) {
        assertThatIllegalArgumentException().isThrownBy(() -> ItemShapes.check(item(json), "create-item"))
                .withMessageContaining(word).withMessageNotContaining("secret");
    }

    @Test
    @DisplayName("CTX-2 audio of a Map may be bytes")
    void bytes() {
        Map<String, Object> part = new HashMap<>(Map.of("type", "input_audio", "audio", new byte[] { 1, 2 }));
        JsonNode item = JSON.valueToTree(Map.of("type", "message", "role", "user", "content", new Object[] { part }));
        assertThatCode(() -> ItemShapes.check((ObjectNode) item, "create-item")).doesNotThrowAnyException();
    }
}
