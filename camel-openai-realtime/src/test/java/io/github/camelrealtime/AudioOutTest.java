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
import java.util.List;

import io.github.camelrealtime.simulator.SimulatedSession;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The model's voice in routes. */
class AudioOutTest {

    private static final String DELTA = "response.output_audio.delta";
    private static final String DONE = "response.output_audio.done";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received voice = new Received();

    @ParameterizedTest(name = "{0}")
    @CsvSource({ "pcm16, 24000", "pcmu, 8000", "pcma, 8000" })
    @DisplayName("AOUT-1 routes get bytes, with format, rate, item, response and sequence, and an empty body at the end")
    void voice(String format, int rate) throws Exception {
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=audio&outputAudioFormat=" + format).process(voice),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));
        camel.template().requestBody("direct:ask", "Tell me a story");
        Received.Event end = voice.await(DONE);
        List<Received.Event> events = voice.events();
        SimulatedSession server = camel.server(0);
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        for (int i = 0; i < events.size(); i++) {
            Received.Event event = events.get(i);
            heard.writeBytes((byte[]) event.body());
            assertThat(event.header(OpenAIRealtimeConstants.SEQUENCE)).isEqualTo(i + 1L);
            assertThat(event.header(OpenAIRealtimeConstants.AUDIO_FORMAT)).isEqualTo(format + ";rate=" + rate);
            assertThat(event.header(OpenAIRealtimeConstants.SAMPLE_RATE)).isEqualTo(rate);
            assertThat(event.header(OpenAIRealtimeConstants.ITEM_ID))
                    .isEqualTo(server.sent(DONE).get(0).path("item_id").asText());
            assertThat(event.header(OpenAIRealtimeConstants.RESPONSE_ID))
                    .isEqualTo(server.sent("response.created").get(0).at("/response/id").asText());
            assertThat(event.header(OpenAIRealtimeConstants.CONTENT_INDEX)).isEqualTo(0);
        }
        assertThat(heard.toByteArray()).isNotEmpty().isEqualTo(WireAudio.spoken(server));
        assertThat(voice.ofType(DELTA)).hasSize(server.sent(DELTA).size());
        assertThat(events.get(events.size() - 1)).isSameAs(end);
        assertThat((byte[]) end.body()).isEmpty();
    }

    @Test
    @DisplayName("AOUT-1 the voice goes into a file by nothing but a file endpoint")
    void intoFile(@TempDir Path directory) throws Exception {
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=audio")
                        .to("file:" + directory + "?fileName=voice.raw&fileExist=Append").process(voice),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));
        camel.template().requestBody("direct:ask", "Tell me a story");
        camel.template().requestBody("direct:ask", "Another one");
        voice.await(DONE, 2);
        assertThat(Files.readAllBytes(directory.resolve("voice.raw"))).isEqualTo(WireAudio.spoken(camel.server(0)));
    }

    @Test
    @DisplayName("AOUT-1 by default a consumer gets no audio: it must ask for it")
    void onlyOnDemand() throws Exception {
        camel.start(route -> route.from("openai-realtime:support").process(voice),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));
        camel.template().requestBody("direct:ask", "Tell me a story");
        voice.await("response.done");
        assertThat(voice.ofType(DELTA)).isEmpty();
        await().atMost(RealtimeCamel.PATIENCE).until(() -> !camel.server(0).sent(DELTA).isEmpty());
    }
}
