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
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.session.RealtimeException;
import io.github.camelrealtime.session.ResponseFailedException;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Reply;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SessionFaults;
import io.github.camelrealtime.simulator.SimulatedSession;
import io.github.camelrealtime.simulator.Trigger;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A conversation in which the answers are wanted as audio. */
class SpokenReplyTest {

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @ParameterizedTest
    @CsvSource({ "pcm16, PCM_SIGNED, 24000, 16", "pcmu, ULAW, 8000, 8", "pcma, ALAW, 8000, 8" })
    @DisplayName("replyFormat=wav: the body is a WAV file that others can read, with the very audio that the service sent")
    void wav(String option, String encoding, float rate, int bits) throws Exception {
        start("outputAudioFormat=" + option + "&operation=send-text&replyFormat=wav");
        Message reply = RealtimeCamel.done(camel.tell("direct:ask", "Hello")).getMessage();
        try (AudioInputStream wav = AudioSystem.getAudioInputStream(new ByteArrayInputStream(reply.getBody(byte[].class)))) {
            AudioFormat format = wav.getFormat();
            assertThat(format.getEncoding()).hasToString(encoding);
            assertThat(format.getSampleRate()).isEqualTo(rate);
            assertThat(format.getSampleSizeInBits()).isEqualTo(bits);
            assertThat(format.getChannels()).isEqualTo(1);
            byte[] sent = WireAudio.spoken(camel.server(0));
            assertThat(wav.getFrameLength()).isEqualTo(sent.length * 8L / bits);
            assertThat(wav.readAllBytes()).isEqualTo(sent);
        }
        assertThat(reply.getHeaders()).containsEntry(OpenAIRealtimeConstants.TRANSCRIPT, "You said: Hello")
                .containsEntry(OpenAIRealtimeConstants.AUDIO_FORMAT, option + ";rate=" + (int) rate)
                .containsEntry(OpenAIRealtimeConstants.SAMPLE_RATE, (int) rate)
                .containsEntry(OpenAIRealtimeConstants.RESPONSE_STATUS, "completed")
                .containsEntry(Exchange.CONTENT_TYPE, "audio/wav")
                .containsKeys(OpenAIRealtimeConstants.RESPONSE_ID, OpenAIRealtimeConstants.ITEM_ID,
                        OpenAIRealtimeConstants.INPUT_TOKENS, OpenAIRealtimeConstants.OUTPUT_TOKENS);
    }

    @ParameterizedTest
    @ValueSource(strings = { "pcm16", "pcmu" })
    @DisplayName("replyFormat=pcm: the body is the bare audio in the session's format")
    void pcm(String option) throws Exception {
        start("outputAudioFormat=" + option + "&operation=send-text&replyFormat=pcm");
        Message reply = RealtimeCamel.done(camel.ask("direct:ask", "Hello")).getMessage();
        assertThat(reply.getBody()).isInstanceOf(byte[].class).isEqualTo(WireAudio.spoken(camel.server(0)));
        assertThat(reply.getHeader(OpenAIRealtimeConstants.TRANSCRIPT)).isEqualTo("You said: Hello");
    }

    @Test
    @DisplayName("AOUT-7 a second answer holds nothing of the first, and none is kept afterwards")
    void oneAfterTheOther() throws Exception {
        start("operation=send-text&replyFormat=pcm");
        byte[] first = RealtimeCamel.done(camel.ask("direct:ask", "Hello")).getMessage().getBody(byte[].class);
        byte[] second = RealtimeCamel.done(camel.ask("direct:ask", "And now something longer")).getMessage().getBody(byte[].class);
        byte[] sent = WireAudio.spoken(camel.server(0));
        assertThat(second).isEqualTo(Arrays.copyOfRange(sent, first.length, sent.length));
    }

    @Test
    @DisplayName("T-13 a spoken preamble is neither in the text nor in the audio of the answer")
    void preamble() throws Exception {
        camel.scenario(Scenario.builder().otherwise(Reply.nothing().andCommentary("Let me look that up").andText("At nine"))
                .build());
        start("operation=send-text&replyFormat=pcm");
        Message reply = RealtimeCamel.done(camel.ask("direct:ask", "When?")).getMessage();
        byte[] sent = WireAudio.spoken(camel.server(0));
        assertThat(reply.getHeader(OpenAIRealtimeConstants.TRANSCRIPT)).isEqualTo("At nine");
        byte[] audio = reply.getBody(byte[].class);
        assertThat(audio.length).isBetween(1, sent.length / 2);
        assertThat(audio).isEqualTo(Arrays.copyOfRange(sent, sent.length - audio.length, sent.length));
    }

    @Test
    @DisplayName("RESP-14 several spoken items at a time, delta by delta: the answer is whole and in order, and "
                 + "comes with response.done only")
    void severalItems() throws Exception {
        short[] low = tone(1_000);
        short[] high = tone(2_000);
        camel.scenario(Scenario.builder().otherwise(Reply.sound(low, "First.").andSound(high, "Second.").interleaved()).build());
        Received received = new Received();
        camel.route(route -> route.from("openai-realtime:talk?eventTypes=response.*").process(received));
        start("operation=send-text&replyFormat=pcm");
        Message reply = RealtimeCamel.done(camel.ask("direct:ask", "Hello")).getMessage();

        SimulatedSession server = camel.server(0);
        List<JsonNode> deltas = server.sent("response.output_audio.delta");
        List<String> items = deltas.stream().map(delta -> delta.path("item_id").asText()).distinct().toList();
        assertThat(items).hasSize(2);
        assertThat(deltas.get(1).path("item_id")).as("they come mixed").isNotEqualTo(deltas.get(0).path("item_id"));
        ByteArrayOutputStream inOrder = new ByteArrayOutputStream();
        for (String item : items) {
            deltas.stream().filter(delta -> delta.path("item_id").asText().equals(item))
                    .forEach(delta -> inOrder.writeBytes(Base64.getDecoder().decode(delta.path("delta").asText())));
        }
        assertThat(reply.getBody(byte[].class)).isEqualTo(inOrder.toByteArray());
        assertThat(reply.getHeader(OpenAIRealtimeConstants.TRANSCRIPT)).asString().containsSubsequence("First.", "Second.");
        received.await("response.done");
        assertThat(received.ofType("response.done")).hasSize(1);
        assertThat(received.ofType("response.output_audio.done")).hasSize(2);
    }

    @Test
    @DisplayName("RESP-14 when all its items are done the response is not: whoever waits does so until response.done")
    void endOfTurn() throws Exception {
        camel.scenario(Scenario.builder().otherwise(Reply.sound(tone(500), "First.").andSound(tone(500), "Second."))
                .fault(Trigger.atClientEvent("response.create", 1), SessionFaults.lose("response.done", 1)).build());
        Received received = new Received();
        camel.route(route -> route.from("openai-realtime:talk?eventTypes=response.*").process(received));
        start("operation=send-text&replyFormat=pcm");
        CompletableFuture<Exchange> asked = camel.ask("direct:ask", "Hello");
        received.await("response.output_item.done", 2);
        assertThat(asked).isNotDone();
        assertThat(camel.session("talk").status().pendingResponses()).isEqualTo(1);
        String id = (String) received.await("response.created").header(OpenAIRealtimeConstants.RESPONSE_ID);
        camel.server(0).send("{\"type\":\"response.done\",\"response\":{\"id\":\"" + id + "\",\"status\":\"completed\"}}");
        assertThat(RealtimeCamel.done(asked).getException()).isNull();
    }

    private static short[] tone(int value) {
        short[] samples = new short[24_000];
        Arrays.fill(samples, (short) value);
        return samples;
    }

    @Test
    @DisplayName("AOUT-7 an answer longer than maxReplyAudio fails its exchange only, naming the option")
    void tooLong() throws Exception {
        camel.scenario(Scenario.builder().onText("long", Reply.text("word ".repeat(100))).build());
        start("operation=send-text&replyFormat=wav&maxReplyAudio=3s");
        Exchange failed = RealtimeCamel.done(camel.ask("direct:ask", "long"));
        assertThat(failed.getException()).isInstanceOf(RealtimeException.class).hasMessageContaining("maxReplyAudio");
        assertThat(RealtimeCamel.done(camel.ask("direct:ask", "Hi")).getException()).isNull();
    }

    @Test
    @DisplayName("outputModality=audio has a session that writes speak for once")
    void speaksForOnce() throws Exception {
        start("outputModalities=text&operation=send-text&replyFormat=wav&outputModality=audio");
        assertThat(RealtimeCamel.done(camel.ask("direct:ask", "Hello")).getMessage().getBody(byte[].class)).hasSizeGreaterThan(44);
    }

    @Test
    @DisplayName("An image and a text in one conversation, the answer as audio")
    void imageAndText() throws Exception {
        camel.start(route -> route.from("direct:event").to("openai-realtime:talk?operation=send-event"),
                route -> route.from("direct:ask").to("openai-realtime:talk?operation=send-text&replyFormat=wav"));
        camel.awaitState("talk", SessionState.READY);
        assertThat(RealtimeCamel.done(camel.tell("direct:event", Map.of("type", "conversation.item.create", "item",
                Map.of("type", "message", "role", "user", "content", List.of(
                        Map.of("type", "input_image", "image_url", "data:image/png;base64,iVBORw0KGgo=")))))).getException()).isNull();
        Message reply = RealtimeCamel.done(camel.ask("direct:ask", "What is this?")).getMessage();
        assertThat(reply.getHeader(OpenAIRealtimeConstants.TRANSCRIPT)).isEqualTo("You said: What is this?");
        assertThat(camel.server(0).received("conversation.item.create")).extracting(item -> item.at("/item/content/0/type").asText())
                .containsExactly("input_image", "input_text");
    }

    @Test
    @DisplayName("RESP-12 an answer that fails half-way fails the exchange, audio or not")
    void failsHalfWay() throws Exception {
        camel.scenario(Scenario.builder().otherwise(Reply.text("Half of").thenFail("server_error", "no")).build());
        start("operation=send-text&replyFormat=wav");
        Exchange failed = RealtimeCamel.done(camel.ask("direct:ask", "Hello"));
        assertThat(failed.getException(ResponseFailedException.class).getStatus()).isEqualTo("failed");
    }

    @Test
    @DisplayName("replyFormat=wav with a response that the route asks in text for is refused before it is asked")
    void textByBody() throws Exception {
        start("operation=create-response&replyFormat=wav");
        Exchange refused = RealtimeCamel.done(camel.ask("direct:ask", Map.of("output_modalities", List.of("text"))));
        assertThat(refused.getException()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("replyFormat=wav");
        assertThat(camel.server(0).received("response.create")).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
            "outputModalities=text&replyFormat=wav, outputModality",
            "outputModality=text&replyFormat=pcm, outputModality",
            "replyFormat=wav&await=sent, await=sent",
            "replyFormat=wav&dataFormat=raw, dataFormat",
            "replyFormat=wav&maxReplyAudio=0, maxReplyAudio",
            "maxReplyAudio=2h, maxReplyAudio" })
    @DisplayName("Options about the reply that cannot go together fail at start-up, naming them")
    void refused(String options, String word) {
        assertThat(camel.startFailure(route -> route.from("direct:in").to("openai-realtime:talk?operation=send-text&" + options)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(word);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = { "append-audio", "interrupt", "transcribe" })
    @DisplayName("replyFormat on an operation that asks nothing fails at start-up, naming both")
    void nothingAsked(String operation) {
        assertThat(camel.startFailure(route -> route.from("direct:in").to(
                "openai-realtime:talk?replyFormat=wav&operation=" + operation)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll("replyFormat", operation);
    }

    private void start(String options) throws Exception {
        camel.start(route -> route.from("direct:ask").to("openai-realtime:talk?" + options));
        camel.awaitState("talk", SessionState.READY);
    }
}
