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
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

class VoiceTurnTest extends WireTest {

    private static final byte[] TURN = join(SyntheticSpeech.silence(1_000), SyntheticSpeech.pcm(800), SyntheticSpeech.silence(400));

    @Test
    @DisplayName("SIM-2 a VAD turn: started, stopped, committed, added, done, then an audio answer in the order of 5.7a")
    void voiceTurn() {
        start(Scenario.builder().onAudio(Reply.text("At nine.")).build());
        Client client = connect(REALTIME);
        client.speak(TURN);
        List<JsonNode> events = client.expect("input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped",
                "input_audio_buffer.committed", "conversation.item.added", "conversation.item.done", "response.created",
                "response.output_item.added", "conversation.item.added", "response.content_part.added",
                "response.output_audio_transcript.delta", "response.output_audio.delta",
                "response.output_audio_transcript.delta", "response.output_audio.delta", "response.output_audio.done",
                "response.output_audio_transcript.done", "response.content_part.done", "conversation.item.done",
                "response.output_item.done", "response.done", "rate_limits.updated");

        String user = events.get(0).path("item_id").asText();
        assertThat(events.get(1).path("item_id").asText()).isEqualTo(user);
        assertThat(events.get(2).path("item_id").asText()).isEqualTo(user);
        assertThat(events.get(3).at("/item/id").asText()).isEqualTo(user);
        // speech begins at 1,000 ms with 300 ms of padding, and ends after 200 ms of silence
        assertThat(events.get(0).path("audio_start_ms").asLong()).isCloseTo(700, within(20L));
        assertThat(events.get(1).path("audio_end_ms").asLong()).isCloseTo(2_000, within(20L));
        assertThat(events.get(7).path("previous_item_id").asText()).isEqualTo(user);
        assertThat(events.get(16).path("previous_item_id").isNull()).isTrue();
        assertThat(events.get(8).path("part")).isEqualTo(json("{'type':'audio','transcript':''}"));
        assertThat(events.get(16).at("/item/content")).isEqualTo(json("[{'type':'output_audio','transcript':'At nine.'}]"));

        SampleRange range = session().committedRanges().get(0);
        assertThat(range.first() / 24).isEqualTo(events.get(0).path("audio_start_ms").asLong());
        assertThat(range.end() / 24).isEqualTo(events.get(1).path("audio_end_ms").asLong());
        // the turn can be answered before the last of the silence has arrived
        await().untilAsserted(() -> assertThat(session().appendedSamples()).isEqualTo(2_200 * 24));
    }

    @ParameterizedTest(name = "SIM-2 prefix padding {0} ms and silence {1} ms move the ends of a turn")
    @CsvSource({"0, 100", "500, 300", "2000, 200"})
    void paddingAndSilence(int prefix, int silence) {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        configure(client, "{'type':'server_vad','prefix_padding_ms':" + prefix + ",'silence_duration_ms':" + silence
                + ",'create_response':false}");
        client.speak(TURN);
        long startMillis = client.expect("input_audio_buffer.speech_started").path("audio_start_ms").asLong();
        long endMillis = client.expect("input_audio_buffer.speech_stopped").path("audio_end_ms").asLong();
        assertThat(startMillis).isCloseTo(Math.max(0, 1_000 - prefix), within(20L));
        assertThat(endMillis).isCloseTo(1_800 + silence, within(20L));
    }

    @Test
    @DisplayName("SIM-2 silence and a click commit nothing; a threshold above the voice hears nothing")
    void nothingHeard() {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        client.speak(join(SyntheticSpeech.silence(500), SyntheticSpeech.pcm(15), SyntheticSpeech.silence(500)));
        client.expectNothingMore();
        configure(client, "{'type':'server_vad','threshold':1.0}");
        client.speak(TURN);
        client.expectNothingMore();
        assertThat(session().committedRanges()).isEmpty();
    }

    @Test
    @DisplayName("SIM-2 two turns are two items, chained by previous_item_id, and offsets count all audio")
    void twoTurns() {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        configure(client, "{'type':'server_vad','create_response':false}");
        client.speak(TURN);
        JsonNode first = client.await("input_audio_buffer.committed");
        client.expect("conversation.item.added", "conversation.item.done");
        client.speak(TURN);
        JsonNode started = client.expect("input_audio_buffer.speech_started");
        assertThat(started.path("audio_start_ms").asLong()).isCloseTo(2_900, within(20L));
        JsonNode second = client.await("input_audio_buffer.committed");
        assertThat(second.path("previous_item_id").asText()).isEqualTo(first.path("item_id").asText());
        assertThat(second.path("item_id")).isNotEqualTo(first.path("item_id"));
    }

    @Test
    @DisplayName("SIM-2 speech cancels the active response: its .done events come, then response.done with turn_detected")
    void bargeIn() {
        start(Scenario.builder().next(Reply.text("I will talk for ever").endless()).build());
        Client client = connect(REALTIME);
        client.speak(TURN);
        client.await("response.output_audio.delta");
        client.speak(TURN);
        client.await("input_audio_buffer.speech_started");
        List<JsonNode> end = client.expect("response.output_audio.done", "response.output_audio_transcript.done",
                "response.content_part.done", "conversation.item.done", "response.output_item.done", "response.done");
        JsonNode response = end.get(5).path("response");
        assertThat(response.path("status").asText()).isEqualTo("cancelled");
        assertThat(response.path("status_details")).isEqualTo(json("{'type':'cancelled','reason':'turn_detected'}"));
        assertThat(response.at("/output/0/status").asText()).isEqualTo("incomplete");
        assertThat(response.path("usage").isObject()).isTrue();
        // the turn that interrupted is answered
        client.await("response.created");
    }

    @Test
    @DisplayName("SIM-2 interrupt_response false lets the response run, and the automatic answer silently does not start")
    void noInterrupt() {
        start(Scenario.builder().next(Reply.text("On and on").endless()).build());
        Client client = connect(REALTIME);
        configure(client, "{'type':'server_vad','interrupt_response':false}");
        client.send("{'type':'response.create'}");
        client.await("response.output_audio.delta");
        client.speak(TURN);
        List<String> types = client.until("conversation.item.done").stream().map(event -> event.path("type").asText()).toList();
        assertThat(types).doesNotContain("response.done", "error").contains("input_audio_buffer.committed");
        // what the endless response still had to say may come until now
        client.send("{'type':'input_audio_buffer.clear'}");
        assertThat(client.until("input_audio_buffer.cleared")).extracting(event -> event.path("type").asText())
                .allMatch(type -> type.endsWith(".delta") || type.equals("input_audio_buffer.cleared"));
        assertThat(session().sent("response.created")).hasSize(1);
    }

    @Test
    @DisplayName("SIM-2 create_response false: the turn is committed and nothing is answered until asked")
    void noAutomaticResponse() {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        configure(client, "{'type':'server_vad','create_response':false}");
        client.speak(TURN);
        client.until("conversation.item.done");
        client.expectNothingMore();
        client.send("{'type':'response.create'}");
        client.expect("response.created");
    }

    @Test
    @DisplayName("SIM-2 semantic VAD uses the same events and waits longer the less eager it is")
    void semantic() {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        configure(client, "{'type':'semantic_vad','eagerness':'high','create_response':false}");
        client.speak(join(TURN, SyntheticSpeech.silence(1_000)));
        client.expect("input_audio_buffer.speech_started");
        long high = client.expect("input_audio_buffer.speech_stopped").path("audio_end_ms").asLong();
        client.until("conversation.item.done");
        configure(client, "{'type':'semantic_vad','eagerness':'low','create_response':false}");
        client.speak(join(TURN, SyntheticSpeech.silence(3_000)));
        client.expect("input_audio_buffer.speech_started");
        long low = client.expect("input_audio_buffer.speech_stopped").path("audio_end_ms").asLong() - 3_200;
        assertThat(low).isGreaterThan(high + 1_000);
    }

    @ParameterizedTest(name = "SIM-2 {0} input: 8,000 samples a second, the same offsets, detected like PCM")
    @CsvSource({"audio/pcmu, ULAW", "audio/pcma, ALAW"})
    void g711(String type, WireFormat format) {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        client.send("{'type':'session.update','session':{'type':'realtime','audio':{'input':{'format':{'type':'" + type
                + "'},'transcription':{'model':'whisper-1'},'turn_detection':{'type':'server_vad','create_response':false}}}}}");
        client.expect("session.updated");
        client.append(format.fromSamples(new short[8_000]));
        client.append(format.fromSamples(SyntheticSpeech.samples(800, 8_000)));
        client.append(format.fromSamples(new short[3_200]));
        long startMillis = client.expect("input_audio_buffer.speech_started").path("audio_start_ms").asLong();
        assertThat(startMillis).isCloseTo(700, within(20L));
        JsonNode completed = client.await("conversation.item.input_audio_transcription.completed");
        SampleRange range = EchoTranscriber.parse(completed.path("transcript").asText());
        assertThat(range.first()).isEqualTo(startMillis * 8);
        assertThat(session().appendedSamples()).isEqualTo(8_000 + 6_400 + 3_200);
    }

    @Test
    @DisplayName("SIM-2 a commit by hand while somebody speaks takes what is there; the rest of the turn is another item")
    void commitUnderVad() {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        configure(client, "{'type':'server_vad','create_response':false}");
        client.speak(SyntheticSpeech.pcm(500));
        String announced = client.expect("input_audio_buffer.speech_started").path("item_id").asText();
        client.send("{'type':'input_audio_buffer.commit'}");
        assertThat(client.expect("input_audio_buffer.committed").path("item_id").asText()).isEqualTo(announced);
        client.expect("conversation.item.added", "conversation.item.done");
        client.speak(join(SyntheticSpeech.pcm(500), SyntheticSpeech.silence(400)));
        String rest = client.expect("input_audio_buffer.speech_stopped").path("item_id").asText();
        assertThat(rest).isNotEqualTo(announced);
        assertThat(client.expect("input_audio_buffer.committed").path("item_id").asText()).isEqualTo(rest);
        List<SampleRange> ranges = session().committedRanges();
        assertThat(ranges.get(0)).isEqualTo(new SampleRange(0, 12_000));
        assertThat(ranges.get(1).first()).isEqualTo(12_000);
    }

    @Test
    @DisplayName("SIM-3 a commit after the voice detector took the audio is input_audio_buffer_commit_empty")
    void commitLosesRace() {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        configure(client, "{'type':'server_vad','create_response':false}");
        client.speak(join(SyntheticSpeech.pcm(500), SyntheticSpeech.silence(220)));
        client.until("conversation.item.done");
        client.send("{'type':'input_audio_buffer.commit'}");
        assertThat(client.expectError().path("code").asText()).isEqualTo("input_audio_buffer_commit_empty");
    }

    @Test
    @DisplayName("SIM-2 idle_timeout_ms: counted from the end of playback, commits the silence and answers, no speech events")
    void idleTimeout() {
        VirtualClock clock = new VirtualClock();
        start(RealtimeSimulator.builder().clock(clock));
        Client client = connect(REALTIME);
        configure(client, "{'type':'server_vad','idle_timeout_ms':6000}");
        client.send("{'type':'response.create'}");
        client.until("rate_limits.updated");
        client.speak(SyntheticSpeech.silence(2_000));
        await().until(() -> session().appendedSamples() == 48_000);
        // "Hello." is 6 characters of 65 ms
        clock.advance(Duration.ofMillis(6_389));
        client.send("{'type':'conversation.item.retrieve','item_id':'x'}");
        client.expectError();
        clock.advance(Duration.ofMillis(1));
        JsonNode timeout = client.expect("input_audio_buffer.timeout_triggered");
        assertThat(timeout.path("audio_start_ms").asLong()).isZero();
        assertThat(timeout.path("audio_end_ms").asLong()).isEqualTo(2_000);
        List<JsonNode> events = client.expect("input_audio_buffer.committed", "conversation.item.added",
                "conversation.item.done", "response.created");
        assertThat(events.get(0).path("item_id")).isEqualTo(timeout.path("item_id"));
    }

    @Test
    @DisplayName("SIM-2 speech before the idle timeout stops it")
    void idleTimeoutStopped() {
        VirtualClock clock = new VirtualClock();
        start(RealtimeSimulator.builder().clock(clock));
        Client client = connect(REALTIME);
        configure(client, "{'type':'server_vad','idle_timeout_ms':6000,'create_response':false}");
        client.send("{'type':'response.create'}");
        client.until("rate_limits.updated");
        client.speak(SyntheticSpeech.pcm(300));
        client.expect("input_audio_buffer.speech_started");
        clock.advance(Duration.ofSeconds(60));
        client.send("{'type':'response.cancel'}");
        client.expectError();
        assertThat(session().sent("input_audio_buffer.timeout_triggered")).isEmpty();
    }

    @Test
    @DisplayName("SIM-2 the same script and seed give the same frames, ids and times included")
    void deterministic() {
        assertThat(run().equals(run())).isTrue();
    }

    private String run() {
        VirtualClock clock = new VirtualClock();
        start(RealtimeSimulator.builder().clock(clock).seed(42)
                .scenario(Scenario.builder().stepDelay(Duration.ofMillis(7)).thinkTime(Duration.ofMillis(300)).build()));
        Client client = connect(REALTIME);
        client.speak(TURN);
        client.await("response.created");
        await().until(() -> session().appendedSamples() == TURN.length / 2);
        clock.advance(Duration.ofSeconds(2));
        client.await("rate_limits.updated");
        String frames = session().frames().stream()
                .map(frame -> frame.atMillis() + " " + frame.direction() + " " + frame.json())
                .collect(Collectors.joining("\n"));
        simulator().close();
        return frames;
    }

    private static void configure(Client client, String turnDetection) {
        client.send("{'type':'session.update','session':{'type':'realtime','audio':{'input':{'turn_detection':"
                + turnDetection + "}}}}");
        client.expect("session.updated");
    }
}
