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

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

class VoiceTest extends WireTest {

    @Test
    @DisplayName("SIM-5 a voice's samples arrive whole and in order, shared out among the words; a word's text comes first")
    void voice() {
        short[] sound = Tones.sine(Duration.ofMillis(2_500));
        start(RealtimeSimulator.builder().voice(text -> sound).scenario(Scenario.builder().otherwise(Reply.text("one two")).build()));
        Client client = connect(REALTIME);
        client.send("{'type':'response.create'}");
        List<JsonNode> events = client.until("response.done");
        assertThat(audio(events)).isEqualTo(WireFormat.PCM.fromSamples(sound));
        assertThat(events.stream().map(event -> event.path("type").asText()).filter(type -> type.endsWith(".delta")).toList())
                .startsWith("response.output_audio_transcript.delta", "response.output_audio.delta");
    }

    @Test
    @DisplayName("SIM-5 a voice that fails fails the response, not the session")
    void failingVoice() {
        start(RealtimeSimulator.builder().voice(text -> {
            throw new IllegalStateException("hoarse");
        }));
        Client client = connect(REALTIME);
        client.send("{'type':'response.create'}");
        JsonNode response = client.await("response.done").path("response");
        assertThat(response.path("status").asText()).isEqualTo("failed");
        assertThat(response.at("/status_details/error/code").asText()).isEqualTo("voice_failed");
        client.await("rate_limits.updated");
        client.expectNothingMore();
    }

    @Test
    @DisplayName("SIM-5 a response that is cancelled before its voice has spoken ends empty")
    void cancelledBeforeSpeaking() {
        CountDownLatch goOn = new CountDownLatch(1);
        start(RealtimeSimulator.builder().voice(text -> {
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new short[24_000];
        }));
        Client client = connect(REALTIME);
        client.send("{'type':'response.create'}");
        client.expect("response.created");
        client.send("{'type':'response.cancel'}");
        assertThat(client.expect("response.done").at("/response/output")).isEmpty();
        goOn.countDown();
        await().until(session()::isIdle);
        client.expect("rate_limits.updated");
        client.expectNothingMore();
    }

    @Test
    @DisplayName("SIM-5 a tone in G.711 is as long and as loud as in PCM, and nothing is left of what 8 kHz cannot hold")
    void telephone() {
        start(Scenario.builder().otherwise(Reply.tone(Duration.ofSeconds(1), "beep")).build());
        Client client = connect(REALTIME);
        client.send("{'type':'session.update','session':{'type':'realtime','audio':{'output':{'format':{'type':'audio/pcmu'}}}}}");
        client.expect("session.updated");
        client.send("{'type':'response.create'}");
        byte[] ulaw = audio(client.until("response.done"));
        assertThat(ulaw).hasSize(8_000);
        byte[] pcm = WireFormat.ULAW.toPcm16(ulaw);
        assertThat(Pcm.rms(pcm, 100, 7_800)).isBetween(5_300.0, 6_000.0);
        short[] hiss = new short[24_000];
        for (int i = 0; i < hiss.length; i++) {
            hiss[i] = (short) (8_000 * Math.sin(2 * Math.PI * 9_000 * i / 24_000));
        }
        assertThat(Pcm.rms(WireFormat.PCM.fromSamples(Pcm.third(hiss)), 100, 7_800)).isLessThan(100);
    }

    @Test
    @DisplayName("SIM-5 a recording is said as it is, from 24 kHz or 8 kHz; anything else is refused")
    void recording(@TempDir Path folder) throws Exception {
        short[] sound = Tones.sine(Duration.ofMillis(300));
        Reply reply = Reply.recording(wav(folder, sound, 24_000, 1), "beep");
        assertThat(((Reply.Message) reply.parts().get(0)).sound()).isEqualTo(sound);
        Path telephone = wav(folder, new short[800], 8_000, 1);
        assertThat(((Reply.Message) Reply.recording(telephone, "").parts().get(0)).sound()).hasSize(2_400);
        assertThatIllegalArgumentException().isThrownBy(() -> Reply.recording(wav(folder, sound, 16_000, 1), ""))
                .withMessageContaining("16000 Hz");
        assertThatIllegalArgumentException().isThrownBy(() -> Reply.recording(wav(folder, sound, 24_000, 2), ""))
                .withMessageContaining("mono");
        Path text = Files.writeString(folder.resolve("x.wav"), "no sound in here");
        assertThatIllegalArgumentException().isThrownBy(() -> Reply.recording(text, "")).withMessageContaining("x.wav");
    }

    @Test
    @DisplayName("SIM-5 paced: audio leaves in time, a quarter of what it takes to play it")
    void pace() {
        VirtualClock clock = new VirtualClock(0);
        start(RealtimeSimulator.builder().clock(clock)
                .scenario(Scenario.builder().otherwise(Reply.tone(Duration.ofSeconds(4), "")).pace(4).build()));
        Client client = connect(REALTIME);
        client.send("{'type':'response.create'}");
        client.expect("response.created");
        await().until(session()::isIdle);
        clock.advance(Duration.ofSeconds(10));
        client.until("response.done");
        assertThat(session().frames().stream().filter(frame -> frame.type().equals("response.output_audio.delta"))
                .map(Frame::atMillis)).containsExactly(0L, 250L, 500L, 750L);
        assertThat(session().frames().stream().filter(frame -> frame.type().equals("response.done")).map(Frame::atMillis))
                .containsExactly(1_000L);
    }

    @Test
    @DisplayName("SIM-5 a listening model answers what it heard, by rule or by default, and the transcript is heard only once")
    void listening() {
        AtomicInteger heard = new AtomicInteger();
        start(RealtimeSimulator.builder().transcriber(clip -> {
            heard.incrementAndGet();
            return Transcription.of(clip.millis() > 300 ? "When is the next train?" : "Hello.");
        }).scenario(Scenario.builder().onHeard("TRAIN", Reply.text("At nine.")).build()));
        Client client = connect(REALTIME);
        client.send("{'type':'session.update','session':{'type':'realtime','output_modalities':['text'],'audio':{'input':"
                + "{'turn_detection':null,'transcription':{'model':'whisper-1'}}}}}");
        client.expect("session.updated");
        assertThat(say(client, 400)).isEqualTo("At nine.");
        assertThat(say(client, 200)).isEqualTo("You said: Hello.");
        assertThat(heard).hasValue(2);
    }

    private static String say(Client client, int millis) {
        client.append(SyntheticSpeech.pcm(millis));
        client.send("{'type':'input_audio_buffer.commit'}");
        client.send("{'type':'response.create'}");
        String answer = client.await("response.output_text.done").path("text").asText();
        client.await("rate_limits.updated");
        return answer;
    }

    private static byte[] audio(List<JsonNode> events) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        events.stream().filter(event -> event.path("type").asText().equals("response.output_audio.delta"))
                .forEach(event -> bytes.writeBytes(Base64.getDecoder().decode(event.path("delta").asText())));
        return bytes.toByteArray();
    }

    private static Path wav(Path folder, short[] samples, int rate, int channels) throws IOException {
        byte[] bytes = WireFormat.PCM.fromSamples(samples);
        Path file = folder.resolve("sound-" + rate + "-" + channels + ".wav");
        AudioSystem.write(new AudioInputStream(new ByteArrayInputStream(bytes), new AudioFormat(rate, 16, channels, true, false),
                samples.length / channels), AudioFileFormat.Type.WAVE, file.toFile());
        return file;
    }
}
