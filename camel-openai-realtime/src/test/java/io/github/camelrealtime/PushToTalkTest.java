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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

import io.github.camelrealtime.session.RealtimeException;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Reply;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SimulatedSession;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import io.github.camelrealtime.simulator.TranscriptionScript;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Button down, talk, button up, listen. */
class PushToTalkTest {

    private static final int RATE = 16_000;

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @TempDir
    Path directory;

    @Test
    @DisplayName("AIN-16 a file with a question in, a file with the spoken answer out")
    void files() throws Exception {
        Path questions = Files.createDirectory(directory.resolve("questions"));
        Path answers = directory.resolve("answers");
        Received received = new Received();
        camel.start(route -> route.from("file:" + questions.toUri().getPath())
                .to("openai-realtime:memo?turnDetection=none&operation=append-audio")
                .to("openai-realtime:memo?operation=end-turn&replyFormat=wav")
                .to("file:" + answers.toUri().getPath())
                .process(received));
        Path upload = directory.resolve("upload.wav");
        Files.write(upload, Wav.pcm(RATE, 16, 1, SyntheticSpeech.samples(900, RATE)));
        Files.move(upload, questions.resolve("when.wav"));

        Received.Event done = received.await(1).get(0);
        try (AudioInputStream wav = AudioSystem.getAudioInputStream(
                new ByteArrayInputStream(Files.readAllBytes(answers.resolve("when.wav"))))) {
            assertThat(wav.getFormat().getSampleRate()).isEqualTo(24_000);
            assertThat(wav.readAllBytes()).isNotEmpty().isEqualTo(WireAudio.spoken(camel.server(0)));
        }
        assertThat(done.header(OpenAIRealtimeConstants.TRANSCRIPT)).isEqualTo("I heard 900 ms of audio.");
        assertThat(done.header(OpenAIRealtimeConstants.INPUT_ITEM_ID)).isEqualTo(
                camel.server(0).sent("input_audio_buffer.committed").get(0).path("item_id").asText());
        assertThat(camel.server(0).received("input_audio_buffer.commit")).hasSize(1);
        assertThat(camel.server(0).received("response.create")).hasSize(1);
    }

    @Test
    @DisplayName("AIN-16 pieces while the button is down, end-turn when it goes up: committed, then asked")
    void pieces() throws Exception {
        start("");
        for (int i = 0; i < 10; i++) {
            RealtimeCamel.done(camel.tell("direct:talk", SyntheticSpeech.pcm(60)));
        }
        Message reply = RealtimeCamel.done(camel.ask("direct:up", null)).getMessage();
        assertThat(reply.getBody()).isEqualTo("I heard 600 ms of audio.");
        SimulatedSession server = camel.server(0);
        assertThat(reply.getHeader(OpenAIRealtimeConstants.INPUT_ITEM_ID)).isEqualTo(
                server.sent("input_audio_buffer.committed").get(0).path("item_id").asText());
        assertThat(reply.getHeader(OpenAIRealtimeConstants.ITEM_ID)).isEqualTo(
                server.sent("response.output_item.done").get(0).at("/item/id").asText());
        assertThat(server.frames()).extracting(frame -> frame.type())
                .containsSubsequence("input_audio_buffer.commit", "input_audio_buffer.committed", "response.create");
    }

    @Test
    @DisplayName("AIN-16 T-8 a button only touched asks nothing; cleared, it does not count for the next turn either")
    void touched() throws Exception {
        start("");
        RealtimeCamel.done(camel.tell("direct:talk", SyntheticSpeech.pcm(500)));
        RealtimeCamel.done(camel.ask("direct:up", null));
        RealtimeCamel.done(camel.tell("direct:talk", SyntheticSpeech.pcm(80)));
        Exchange refused = RealtimeCamel.done(camel.ask("direct:up", null));
        assertThat(refused.getException()).isInstanceOf(RealtimeException.class).hasMessageContaining("100 ms");
        assertThat(camel.server(0).received("response.create")).hasSize(1);
        RealtimeCamel.done(camel.operation("direct:up", "clear-audio"));
        RealtimeCamel.done(camel.tell("direct:talk", SyntheticSpeech.pcm(300)));
        assertThat(RealtimeCamel.done(camel.ask("direct:up", null)).getMessage().getBody()).isEqualTo("I heard 300 ms of audio.");
    }

    @Test
    @DisplayName("AIN-16 an end-turn that does not wait goes on with the id of the user's item and the body untouched")
    void doesNotWait() throws Exception {
        camel.scenario(Scenario.builder().otherwise(Reply.text("never").endless()).build());
        start("");
        RealtimeCamel.done(camel.tell("direct:talk", SyntheticSpeech.pcm(500)));
        Message sent = RealtimeCamel.done(camel.tell("direct:up", "body")).getMessage();
        assertThat(sent.getBody()).isEqualTo("body");
        assertThat(sent.getHeader(OpenAIRealtimeConstants.INPUT_ITEM_ID)).isEqualTo(
                camel.server(0).sent("input_audio_buffer.committed").get(0).path("item_id").asText());
    }

    @Test
    @DisplayName("TRX-9 the answer comes though the user's transcript never does")
    void withoutTranscript() throws Exception {
        camel.scenario(Scenario.builder().transcription(TranscriptionScript.never()).build());
        start("&transcriptionModel=gpt-4o-transcribe&drainTimeout=0");
        RealtimeCamel.done(camel.tell("direct:talk", SyntheticSpeech.pcm(500)));
        Message reply = RealtimeCamel.done(camel.ask("direct:up", null)).getMessage();
        assertThat(reply.getBody()).isEqualTo("I heard 500 ms of audio.");
        assertThat(reply.getHeader(OpenAIRealtimeConstants.INPUT_TRANSCRIPT)).isNull();
    }

    @Test
    @DisplayName("INT-1 button down while the model speaks: interrupt, talk, and the next answer is to the new turn")
    void buttonDownWhileItSpeaks() throws Exception {
        camel.scenario(Scenario.builder().next(Reply.text("This is going to take very long").endless()).build());
        start("");
        RealtimeCamel.done(camel.tell("direct:talk", SyntheticSpeech.pcm(500)));
        var interrupted = camel.ask("direct:up", null);
        RealtimeCamel.await().until(() -> !camel.server(0).sent("response.output_audio.delta").isEmpty());
        assertThat(RealtimeCamel.done(camel.operation("direct:up", "interrupt")).getException()).isNull();
        assertThat(RealtimeCamel.done(interrupted).getException()).hasMessageContaining("cancelled");
        RealtimeCamel.done(camel.tell("direct:talk", SyntheticSpeech.pcm(300)));
        assertThat(RealtimeCamel.done(camel.ask("direct:up", null)).getMessage().getBody()).isEqualTo("I heard 300 ms of audio.");
        assertThat(camel.server(0).received("response.cancel")).hasSize(1);
        assertThat(camel.server(0).sent("error")).isEmpty();
    }

    @Test
    @DisplayName("AIN-16 end-turn in a session whose turns the service ends fails at start-up")
    void serverTurns() throws Exception {
        assertThat(camel.startFailure(route -> route.from("direct:up").to("openai-realtime:talk?operation=end-turn")))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("turnDetection=none");
    }

    @Test
    @DisplayName("AIN-16 end-turn asked for by header where the service ends turns fails its exchange")
    void serverTurnsByHeader() throws Exception {
        camel.start(route -> route.from("direct:up").to("openai-realtime:talk"));
        camel.awaitState("talk", SessionState.READY);
        Exchange refused = RealtimeCamel.done(camel.send("direct:up", ExchangePattern.InOut, null,
                Map.of(OpenAIRealtimeConstants.OPERATION, "end-turn")));
        assertThat(refused.getException()).isInstanceOf(RealtimeException.class).hasMessageContaining("turnDetection=none");
    }

    private void start(String options) throws Exception {
        camel.start(route -> route.from("direct:talk").to("openai-realtime:talk?turnDetection=none&operation=append-audio" + options),
                route -> route.from("direct:up").to("openai-realtime:talk?operation=end-turn"));
        camel.awaitState("talk", SessionState.READY);
    }
}
