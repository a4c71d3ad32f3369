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

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.LongStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.Received.Event;
import io.github.camelrealtime.simulator.SimulatedSession;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

class AudioOutTest {

    private static final String DELTA = "response.output_audio.delta";
    private static final String DONE = "response.output_audio.done";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @TempDir
    Path directory;

    private final Received received = new Received();

    @ParameterizedTest
    @CsvSource({ "pcm16, pcm16;rate=24000, 24000", "pcmu, pcmu;rate=8000, 8000", "pcma, pcma;rate=8000, 8000" })
    @DisplayName("AOUT-1 audio comes as the bytes that were sent, with format, item, response and sequence, and ends with an empty one")
    void bytesAndHeaders(String option, String format, int sampleRate) throws Exception {
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=audio&outputAudioFormat=" + option).process(received),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));
        camel.template().requestBody("direct:ask", "Good morning to all of you");
        received.await(DONE);

        SimulatedSession server = camel.server(0);
        List<JsonNode> sent = server.sent(DELTA);
        List<Event> deltas = received.ofType(DELTA);
        assertThat(sent).hasSizeGreaterThan(3);
        assertThat(deltas).hasSameSizeAs(sent);
        for (int i = 0; i < sent.size(); i++) {
            JsonNode wire = sent.get(i);
            assertThat(deltas.get(i).body()).isInstanceOf(byte[].class).isEqualTo(decoded(wire));
            assertBelongsTo(deltas.get(i), wire, format, sampleRate);
        }
        Event end = received.events().get(sent.size());
        assertThat(end.type()).isEqualTo(DONE);
        assertThat(end.body()).isEqualTo(new byte[0]);
        assertBelongsTo(end, server.sent(DONE).get(0), format, sampleRate);
        assertThat(received.headers(OpenAIRealtimeConstants.SEQUENCE)).containsExactlyElementsOf(
                LongStream.rangeClosed(1, sent.size() + 1).<Object>mapToObj(number -> number).toList());
    }

    private static void assertBelongsTo(Event event, JsonNode wire, String format, int sampleRate) {
        assertThat(event.headers())
                .containsEntry(OpenAIRealtimeConstants.AUDIO_FORMAT, format)
                .containsEntry(OpenAIRealtimeConstants.SAMPLE_RATE, sampleRate)
                .containsEntry(OpenAIRealtimeConstants.ITEM_ID, wire.path("item_id").asText())
                .containsEntry(OpenAIRealtimeConstants.RESPONSE_ID, wire.path("response_id").asText());
    }

    @Test
    @DisplayName("AOUT-1 a route that appends the bodies to a file has the whole audio of the answer in it")
    void appendedToFile() throws Exception {
        String file = "file:" + directory.toUri().getPath() + "?fileName=answer.pcm&fileExist=Append";
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=audio").to(file)
                        .removeHeaders("CamelFile*").process(received),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));
        camel.template().requestBody("direct:ask", "Good morning to all of you");
        received.await(DONE);

        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        camel.server(0).sent(DELTA).forEach(wire -> whole.writeBytes(decoded(wire)));
        assertThat(whole.size()).isPositive();
        assertThat(Files.readAllBytes(directory.resolve("answer.pcm"))).isEqualTo(whole.toByteArray());
    }

    @Test
    @DisplayName("AOUT-1 no event of a spoken answer shows the route base64, neither in its body nor in a header")
    void noBase64() throws Exception {
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=all").process(received),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));
        camel.template().requestBody("direct:ask", "Good morning to all of you");
        received.await("response.done");

        List<JsonNode> sent = camel.server(0).sent(DELTA);
        assertThat(sent).isNotEmpty();
        for (JsonNode wire : sent) {
            String base64 = wire.path("delta").asText();
            assertThat(base64).hasSizeGreaterThan(100);
            assertThat(received.events()).allSatisfy(event -> {
                String body = event.body() instanceof byte[] bytes ? new String(bytes, ISO_8859_1)
                        : String.valueOf(event.body());
                assertThat(body.contains(base64)).as("base64 in the body of " + event.type()).isFalse();
                assertThat(event.headers().toString().contains(base64)).as("base64 in a header of " + event.type()).isFalse();
            });
        }
    }

    private static byte[] decoded(JsonNode wire) {
        return Base64.getDecoder().decode(wire.path("delta").asText());
    }
}
