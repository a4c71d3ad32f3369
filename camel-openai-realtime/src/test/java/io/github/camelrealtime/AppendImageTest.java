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
package io.github.camelrealtime;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.session.SessionState;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import static io.github.camelrealtime.RealtimeCamel.await;
import static io.github.camelrealtime.RealtimeCamel.done;
import static org.assertj.core.api.Assertions.assertThat;

class AppendImageTest {

    private static final byte[] PNG = image(1_000, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n');
    private static final byte[] JPEG = image(2_000, 0xFF, 0xD8, 0xFF, 0xE0);
    /** The largest that fits, as the documentation has it. */
    private static final int MOST = 9_240_576;

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @TempDir
    Path folder;

    @Test
    @DisplayName("CTX-7 a picture becomes a user message with a data URI, known by its bytes; its size is a header")
    void bodies() throws Exception {
        start();
        Path misnamed = Files.write(folder.resolve("picture.txt"), JPEG);
        for (Object body : List.of(PNG, ByteBuffer.wrap(PNG), new ByteArrayInputStream(PNG))) {
            Exchange given = append("", body, Map.of());
            assertThat(given.getException()).isNull();
            assertThat(given.getMessage().getHeader(OpenAIRealtimeConstants.IMAGE_BYTES)).isEqualTo(1_000L);
            assertThat(given.getMessage().getHeader(OpenAIRealtimeConstants.ITEM_ID, String.class)).isNotBlank();
        }
        for (Object body : List.of(misnamed.toFile(), misnamed)) {
            Exchange given = append("", body, Map.of());
            assertThat(given.getException()).isNull();
            assertThat(given.getMessage().getHeader(OpenAIRealtimeConstants.IMAGE_BYTES)).isEqualTo(2_000L);
        }
        List<JsonNode> items = items(5);
        assertThat(items.subList(0, 3)).allSatisfy(item -> assertImage(item, "image/png", PNG));
        assertThat(items.subList(3, 5)).allSatisfy(item -> assertImage(item, "image/jpeg", JPEG));
        assertThat(camel.server(0).received("response.create")).as("no response is asked for").isEmpty();
    }

    @Test
    @DisplayName("CTX-7 imageDetail says how closely to look, a header the text that goes with it and the place")
    void details() throws Exception {
        start();
        append("&await=committed", PNG, Map.of(OpenAIRealtimeConstants.OVERRIDE_ITEM_ID, "one"));
        Exchange second = append("&imageDetail=low&await=committed", JPEG, Map.of(
                OpenAIRealtimeConstants.OVERRIDE_IMAGE_TEXT, "The meter in the cellar",
                OpenAIRealtimeConstants.OVERRIDE_PREVIOUS_ITEM_ID, "root"));
        assertThat(second.getException()).isNull();
        assertThat(second.getMessage().getHeaders()).doesNotContainKeys(
                OpenAIRealtimeConstants.OVERRIDE_IMAGE_TEXT, OpenAIRealtimeConstants.OVERRIDE_PREVIOUS_ITEM_ID);
        JsonNode item = items(2).get(1);
        assertThat(item.at("/content/0").toString())
                .isEqualTo("{\"type\":\"input_text\",\"text\":\"The meter in the cellar\"}");
        assertThat(item.at("/content/1/type").asText()).isEqualTo("input_image");
        assertThat(item.at("/content/1/detail").asText()).isEqualTo("low");
        assertThat(items(2).get(0).at("/content/0").has("detail")).isFalse();
        assertThat(camel.server(0).received("conversation.item.create").get(1).path("previous_item_id").asText())
                .isEqualTo("root");
    }

    @Test
    @DisplayName("CTX-7 what is neither PNG nor JPEG is refused, and so is text")
    void noImage() throws Exception {
        start();
        for (byte[] body : List.of(new byte[0], "GIF89a...".getBytes(), new byte[] { (byte) 0xFF, (byte) 0xD8 })) {
            assertThat(append("", body, Map.of()).getException()).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("append-image", "PNG", "JPEG");
            assertThat(append("", new ByteArrayInputStream(body), Map.of()).getException())
                    .hasMessageContainingAll("append-image", "PNG", "JPEG");
        }
        assertThat(append("", "iVBORw0KGgo", Map.of()).getException()).hasMessageContaining("a String");
        assertThat(append("", null, Map.of()).getException()).hasMessageContaining("empty");
        assertThat(append("", Map.of("pass", "sesame"), Map.of()).getException())
                .isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll("append-image", "PNG")
                .hasMessageNotContaining("sesame");
        assertThat(camel.server(0).received("conversation.item.create")).isEmpty();
    }

    @Test
    @DisplayName("CTX-7 the largest picture fits into a frame; a larger one is refused with its limit, however it is given")
    void size() throws Exception {
        start();
        Exchange largest = append("&await=committed", Arrays.copyOf(PNG, MOST), Map.of());
        assertThat(largest.getException()).isNull();
        byte[] larger = Arrays.copyOf(PNG, MOST + 1);
        Path file = Files.write(folder.resolve("large.png"), larger);
        for (Object body : List.of(larger, new ByteArrayInputStream(larger), file.toFile())) {
            assertThat(append("", body, Map.of()).getException()).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("append-image", Integer.toString(MOST), "12 MiB");
        }
        assertThat(camel.server(0).received("conversation.item.create")).hasSize(1);
        assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
    }

    private static void assertImage(JsonNode item, String type, byte[] image) {
        assertThat(item.path("role").asText()).isEqualTo("user");
        assertThat(item.path("content")).hasSize(1);
        assertThat(item.at("/content/0/type").asText()).isEqualTo("input_image");
        assertThat(item.at("/content/0/image_url").asText())
                .isEqualTo("data:" + type + ";base64," + Base64.getEncoder().encodeToString(image));
    }

    private void start() throws Exception {
        camel.start(route -> route.from("direct:text").to("openai-realtime:support?operation=send-text"));
        camel.awaitState("support", SessionState.READY);
    }

    private Exchange append(String options, Object body, Map<String, Object> headers) throws Exception {
        return done(camel.send(
                "openai-realtime:support?operation=append-image" + options, ExchangePattern.InOnly, body, headers));
    }

    private List<JsonNode> items(int count) {
        await().until(() -> camel.server(0).received("conversation.item.create").size() == count);
        return camel.server(0).received("conversation.item.create").stream().map(event -> event.path("item")).toList();
    }

    private static byte[] image(int size, int... magic) {
        byte[] image = new byte[size];
        for (int i = 0; i < magic.length; i++) {
            image[i] = (byte) magic[i];
        }
        return image;
    }
}
