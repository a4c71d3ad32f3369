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

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.EventCodec;
import io.github.camelrealtime.event.ServerEvent;
import io.github.camelrealtime.session.Transcript;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import org.apache.camel.Exchange;
import org.apache.camel.TypeConversionException;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ConvertersTest {

    private static final String DONE = "{\"type\":\"response.done\",\"event_id\":\"e1\",\"response\":{\"id\":\"r1\",\"n\":[1,2]}}";
    private static final String DELTA = "{\"type\":\"response.output_audio.delta\",\"event_id\":\"e2\",\"delta\":\"AQIDBA==\"}";
    private static final String AUDIO_DONE = "{\"type\":\"response.output_audio.done\",\"event_id\":\"e3\"}";
    private static final String CLIENT = "{\"type\":\"response.create\",\"event_id\":\"mine\",\"response\":{\"metadata\":{\"a\":\"b\"}}}";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final ObjectMapper mapper = new ObjectMapper();

    @Test
    @DisplayName("An event of the service becomes text, tree, map, bytes and stream")
    void serverEvent() throws Exception {
        ServerEvent event = EventCodec.decode(DONE);

        assertThat(body(event, String.class)).isEqualTo(DONE);
        assertThat(body(event, JsonNode.class)).isEqualTo(mapper.readTree(DONE)).isNotSameAs(event.getJson());
        assertThat(body(event, Map.class)).containsEntry("type", "response.done")
                .containsEntry("response", Map.of("id", "r1", "n", List.of(1, 2)));
        assertThat(body(event, byte[].class)).asString(StandardCharsets.UTF_8).isEqualTo(DONE);
        assertThat(body(event, InputStream.class)).hasContent(DONE);
    }

    @Test
    @DisplayName("An audio event becomes its audio, the end of the audio no bytes; the event itself stays as it is")
    void audioEvent() throws Exception {
        ServerEvent delta = EventCodec.decode(DELTA);

        byte[] audio = body(delta, byte[].class);
        assertThat(audio).containsExactly(1, 2, 3, 4);
        assertThat(body(delta, InputStream.class)).hasBinaryContent(new byte[] { 1, 2, 3, 4 });
        audio[0] = 9;
        assertThat(delta.getAudio()).containsExactly(1, 2, 3, 4);
        assertThat(body(EventCodec.decode(AUDIO_DONE), byte[].class)).isEmpty();
    }

    @Test
    @DisplayName("An event for the service becomes text, tree and map, and each of them becomes it")
    void clientEvent() throws Exception {
        ClientEvent event = ClientEvent.parse(CLIENT);
        Map<?, ?> map = body(event, Map.class);
        JsonNode tree = body(event, JsonNode.class);

        assertThat(tree).isEqualTo(mapper.readTree(CLIENT));
        assertThat(map.get("response")).isEqualTo(Map.of("metadata", Map.of("a", "b")));
        for (Object form : List.of(body(event, String.class), map, tree)) {
            ClientEvent back = body(form, ClientEvent.class);
            assertThat(back.getJson()).as(form.getClass().getSimpleName()).isEqualTo(tree);
            assertThat(back.getEventId()).isEqualTo("mine");
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = { "hello", "[]", "{}", "{\"type\":7}", "{\"type\":\"a\"} and more" })
    @DisplayName("What is no event for the service does not become one")
    void noClientEvent(String text) {
        assertThatThrownBy(() -> body(text, ClientEvent.class)).isInstanceOf(TypeConversionException.class);
    }

    @Test
    @DisplayName("Trees and maps without a type do not become an event")
    void noType() {
        assertThatThrownBy(() -> body(mapper.createArrayNode(), ClientEvent.class)).isInstanceOf(TypeConversionException.class);
        assertThatThrownBy(() -> body(Map.of("event_id", "x"), ClientEvent.class)).isInstanceOf(TypeConversionException.class);
    }

    @Test
    @DisplayName("convertBodyTo makes of a consumed event what the route wants, and of a map the event that is sent")
    void inRoutes() throws Exception {
        Received texts = new Received();
        Received maps = new Received();
        Received audio = new Received();
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=response.done&dataFormat=event")
                        .convertBodyTo(Map.class).process(maps).transform().simple("${body[type]}").process(texts),
                route -> route.from("openai-realtime:support?eventTypes=audio&dataFormat=event")
                        .convertBodyTo(byte[].class).process(audio),
                route -> route.from("direct:event").convertBodyTo(ClientEvent.class)
                        .to("openai-realtime:support?operation=send-event"));
        camel.template().sendBody("direct:event", Map.of("type", "conversation.item.create", "item", Map.of(
                "type", "message", "role", "user", "content", List.of(Map.of("type", "input_text", "text", "Hello")))));
        camel.template().sendBody("direct:event", "{\"type\":\"response.create\"}");

        texts.await(1);
        assertThat(texts.events().get(0).body()).isEqualTo("response.done");
        assertThat(maps.events().get(0).body()).isInstanceOf(Map.class);
        audio.await("response.output_audio.done");
        assertThat(audio.events()).allSatisfy(event -> assertThat(event.body()).isInstanceOf(byte[].class));
        assertThat((byte[]) audio.events().get(0).body()).isNotEmpty();
        assertThat((byte[]) audio.events().get(audio.events().size() - 1).body()).isEmpty();
    }

    @Test
    @DisplayName("A transcript becomes its text, and a document as tree and map")
    void transcript() throws Exception {
        camel.start(
                route -> route.from("direct:event").to("openai-realtime:scribe?operation=transcribe&dataFormat=event"),
                route -> route.from("direct:text").to("openai-realtime:scribe?operation=transcribe&dataFormat=event")
                        .convertBodyTo(String.class));

        Exchange done = RealtimeCamel.done(camel.ask("direct:event", SyntheticSpeech.pcm(1000)));
        Transcript transcript = done.getMessage().getBody(Transcript.class);

        assertThat(transcript.getText()).isNotBlank();
        assertThat(done.getMessage().getBody(String.class)).isEqualTo(transcript.getText());
        JsonNode tree = done.getMessage().getBody(JsonNode.class);
        assertThat(tree).hasToString(mapper.readTree(transcript.toJson()).toString());
        assertThat(done.getMessage().getBody(Map.class)).containsEntry("text", transcript.getText())
                .containsEntry("sessionName", "scribe");
        assertThat(RealtimeCamel.done(camel.ask("direct:text", SyntheticSpeech.pcm(1000))).getMessage().getBody()).isInstanceOf(String.class);
    }

    private <T> T body(Object body, Class<T> type) {
        Exchange exchange = new DefaultExchange(camel.context());
        exchange.getMessage().setBody(body);
        return exchange.getMessage().getBody(type);
    }
}
