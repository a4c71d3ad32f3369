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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class TranscriptionScriptTest extends WireTest {

    private static final String PREFIX = "conversation.item.input_audio_transcription.";

    @Test
    @DisplayName("SIM-2 without a transcription model there is no transcript; with 'never' there is none either")
    void never() {
        RealtimeSimulator simulator = start(Scenario.standard());
        Client unset = connect(TRANSCRIPTION);
        unset.send("{'type':'session.update','session':{'type':'transcription','audio':{'input':{'turn_detection':null}}}}");
        unset.expect("session.updated");
        commit(unset, 200);
        unset.expectNothingMore();
        await().until(session()::isIdle);

        simulator.scenario(Scenario.builder().transcription(TranscriptionScript.never()).build());
        Client never = whisper("gpt-realtime-whisper");
        commit(never, 200);
        never.expectNothingMore();
    }

    @Test
    @DisplayName("SIM-2 a failed transcription is an event of its own, not an error; a transcriber's failure and exception too")
    void failed() {
        RealtimeSimulator simulator = start(RealtimeSimulator.builder()
                .scenario(Scenario.builder().transcription(TranscriptionScript.failed("audio_unintelligible")).build())
                .transcriber(clip -> {
                    if (clip.samples() > 4_800) {
                        throw new IllegalStateException("no ears");
                    }
                    return Transcription.failed("DeploymentNotFound", "No such deployment");
                }));
        Client client = whisper("whisper-1");
        commit(client, 200);
        JsonNode failed = client.expect(PREFIX + "failed");
        assertThat(failed.path("content_index").asInt()).isZero();
        assertThat(failed.path("error")).isEqualTo(json("{'type':'server_error','code':'audio_unintelligible',"
                + "'message':'Input transcription failed.','param':null}"));
        simulator.scenario(Scenario.standard());
        Client second = whisper("whisper-1");
        commit(second, 200);
        assertThat(second.expect(PREFIX + "failed").at("/error/code").asText()).isEqualTo("DeploymentNotFound");
        commit(second, 300);
        assertThat(second.expect(PREFIX + "failed").at("/error/code").asText()).isEqualTo("transcription_error");
        assertThat(session().sent("error")).isEmpty();
    }

    @Test
    @DisplayName("SIM-4 late transcripts come when the clock says so")
    void late() {
        VirtualClock clock = new VirtualClock();
        start(RealtimeSimulator.builder().clock(clock)
                .scenario(Scenario.builder().transcription(TranscriptionScript.late(Duration.ofSeconds(20))).build()));
        Client client = whisper("whisper-1");
        commit(client, 200);
        await().until(session()::isIdle);
        clock.advance(Duration.ofMillis(19_999));
        client.expectNothingMore();
        clock.advance(Duration.ofMillis(1));
        client.expect(PREFIX + "delta", PREFIX + "completed");
    }

    @Test
    @DisplayName("SIM-4 out of order: pairs of transcripts are swapped, the last odd one comes when its time is up")
    void outOfOrder() {
        VirtualClock clock = new VirtualClock();
        start(RealtimeSimulator.builder().clock(clock)
                .scenario(Scenario.builder().transcription(TranscriptionScript.outOfOrder(Duration.ofSeconds(5))).build()));
        Client client = whisper("whisper-1");
        List<String> items = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            client.append(SyntheticSpeech.pcm(200));
            client.send("{'type':'input_audio_buffer.commit'}");
            items.add(client.await("input_audio_buffer.committed").path("item_id").asText());
        }
        await().until(() -> session().sent(PREFIX + "completed").size() == 4 && session().isIdle());
        clock.advance(Duration.ofSeconds(5));
        await().until(() -> session().sent(PREFIX + "completed").size() == 5);
        List<String> order = session().sent(PREFIX + "completed").stream().map(event -> event.path("item_id").asText()).toList();
        assertThat(order).containsExactlyInAnyOrderElementsOf(items);
        assertThat(order.indexOf(items.get(1))).isLessThan(order.indexOf(items.get(0)));
        assertThat(order.indexOf(items.get(3))).isLessThan(order.indexOf(items.get(2)));
        assertThat(order.get(4)).isEqualTo(items.get(4));
    }

    @Test
    @DisplayName("SIM-2 streaming transcripts: deltas of an item nobody knows yet come before speech_stopped")
    void beforeSpeechStopped() {
        start(Scenario.builder().transcription(TranscriptionScript.beforeSpeechStopped()).build());
        Client client = connect(REALTIME);
        client.send("{'type':'session.update','session':{'type':'realtime','audio':{'input':{'transcription':"
                + "{'model':'gpt-realtime-whisper'},'turn_detection':{'type':'server_vad','create_response':false}}}}}");
        client.expect("session.updated");
        for (int turn = 0; turn < 2; turn++) {
            client.speak(join(SyntheticSpeech.pcm(500), SyntheticSpeech.silence(250)));
            List<JsonNode> events = client.expect("input_audio_buffer.speech_started", PREFIX + "delta", PREFIX + "delta",
                    "input_audio_buffer.speech_stopped", "input_audio_buffer.committed", "conversation.item.added",
                    "conversation.item.done", PREFIX + "completed");
            assertThat(events.get(1).path("item_id")).isEqualTo(events.get(0).path("item_id"));
        }
        assertThat(session().committedRanges()).hasSize(2);
    }

    @ParameterizedTest(name = "SIM-2 usage of a transcript by {0} has the form {1}")
    @CsvSource({"gpt-realtime-whisper, duration", "whisper-1, duration", "gpt-live-transcribe, duration",
        "gpt-4o-transcribe, tokens", "gpt-4o-mini-transcribe, tokens"})
    void usage(String model, String form) {
        start(Scenario.standard());
        Client client = whisper(model);
        commit(client, 2_800);
        JsonNode usage = client.await(PREFIX + "completed").path("usage");
        assertThat(usage).isEqualTo(form.equals("duration") ? json("{'type':'duration','seconds':3}")
                : json("{'type':'tokens','total_tokens':32,'input_tokens':28,'input_token_details':{'text_tokens':0,"
                        + "'audio_tokens':28},'output_tokens':4}"));
    }

    @Test
    @DisplayName("SIM-2 logprobs come when included; whisper-1 sends one delta; the diarizing model sends segments")
    void models() {
        start(RealtimeSimulator.builder().transcriber(clip -> Transcription.of("Good mörning to all")));
        Client client = connect(TRANSCRIPTION);
        client.send("{'type':'session.update','session':{'type':'transcription','include':"
                + "['item.input_audio_transcription.logprobs'],'audio':{'input':{'transcription':{'model':'gpt-4o-transcribe'},"
                + "'turn_detection':null}}}}");
        client.expect("session.updated");
        commit(client, 200);
        JsonNode logprobs = client.await(PREFIX + "completed").path("logprobs");
        assertThat(logprobs).hasSize(4);
        assertThat(logprobs.path(1).path("token").asText()).isEqualTo(" mörning");
        assertThat(logprobs.path(1).path("bytes")).hasSize(9);

        Client whisper = whisper("whisper-1");
        commit(whisper, 200);
        assertThat(whisper.expect(PREFIX + "delta").path("delta").asText()).isEqualTo("Good mörning to all");
        assertThat(whisper.expect(PREFIX + "completed").has("logprobs")).isFalse();

        Client diarize = whisper("gpt-4o-transcribe-diarize");
        commit(diarize, 1_600);
        JsonNode segment = diarize.await(PREFIX + "segment");
        assertThat(segment.path("speaker").asText()).isEqualTo("A");
        assertThat(segment.path("end").asDouble()).isEqualTo(1.6);
        diarize.expect(PREFIX + "completed");
    }

    @Test
    @DisplayName("SIM-2 silence that the transcriber cannot fill gives an empty transcript without deltas")
    void emptyTranscript() {
        start(RealtimeSimulator.builder().transcriber(clip -> Transcription.of("")));
        Client client = whisper("whisper-1");
        commit(client, 200);
        assertThat(client.expect(PREFIX + "completed").path("transcript").asText()).isEmpty();
    }

    @Test
    @DisplayName("SIM-5 ten sessions transcribe at the same time, off the socket's thread: the sockets go on meanwhile")
    void concurrentTranscribers() throws Exception {
        CyclicBarrier allAtWork = new CyclicBarrier(10);
        CountDownLatch goOn = new CountDownLatch(1);
        Set<String> heard = ConcurrentHashMap.newKeySet();
        start(RealtimeSimulator.builder().transcriber(clip -> {
            try {
                // passes only if ten are in here at once
                allAtWork.await(20, TimeUnit.SECONDS);
                goOn.await(20, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            heard.add(clip.sessionId());
            return Transcription.of("ok");
        }));
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Client client = whisper("whisper-1");
            commit(client, 200);
            clients.add(client);
        }
        await().until(() -> allAtWork.getNumberWaiting() == 0);
        clients.forEach(Client::expectNothingMore);
        assertThat(simulator().isIdle()).isFalse();
        goOn.countDown();
        clients.forEach(client -> assertThat(client.await(PREFIX + "completed").path("transcript").asText()).isEqualTo("ok"));
        assertThat(heard).hasSize(10);
        await().until(simulator()::isIdle);
    }

    @Test
    @DisplayName("SIM-2 streaming transcripts of a commit by hand: the deltas come before committed")
    void beforeCommitted() {
        start(Scenario.builder().transcription(TranscriptionScript.beforeSpeechStopped()).build());
        Client client = whisper("gpt-realtime-whisper");
        client.append(SyntheticSpeech.pcm(200));
        client.send("{'type':'input_audio_buffer.commit'}");
        JsonNode delta = client.expect(PREFIX + "delta");
        assertThat(client.await("input_audio_buffer.committed").path("item_id")).isEqualTo(delta.path("item_id"));
        client.expect("conversation.item.added", "conversation.item.done", PREFIX + "completed");
    }

    @Test
    @DisplayName("SIM-2 languages come from models that detect them; a diarized transcript has a segment per speaker's turn")
    void languagesAndSegments() {
        start(RealtimeSimulator.builder().transcriber(clip -> Transcription.of(
                new Transcription.Segment("A", "Good morning.", 0, 90), new Transcription.Segment("B", "Hello.", 100, 200))));
        Client languages = connect(TRANSCRIPTION);
        languages.send("{'type':'session.update','session':{'type':'transcription','audio':{'input':{'transcription':"
                + "{'model':'gpt-transcribe','languages':['de','fr']},'turn_detection':null}}}}");
        languages.expect("session.updated");
        commit(languages, 200);
        assertThat(languages.await(PREFIX + "completed").path("languages")).isEqualTo(json("['de','fr']"));

        Client diarized = whisper("gpt-4o-transcribe-diarize");
        commit(diarized, 200);
        JsonNode first = diarized.await(PREFIX + "segment");
        JsonNode second = diarized.expect(PREFIX + "segment");
        assertThat(first.path("speaker").asText() + second.path("speaker").asText()).isEqualTo("AB");
        assertThat(second.path("start").asDouble()).isEqualTo(0.1);
        JsonNode completed = diarized.expect(PREFIX + "completed");
        assertThat(completed.path("transcript").asText()).isEqualTo("Good morning. Hello.");
        assertThat(completed.has("languages")).isFalse();
    }

    private Client whisper(String model) {
        Client client = connect(TRANSCRIPTION);
        client.send("{'type':'session.update','session':{'type':'transcription','audio':{'input':{'transcription':{'model':'"
                + model + "'},'turn_detection':null}}}}");
        client.expect("session.updated");
        return client;
    }

    private static void commit(Client client, int millis) {
        client.append(SyntheticSpeech.pcm(millis));
        client.send("{'type':'input_audio_buffer.commit'}");
        client.expect("input_audio_buffer.committed", "conversation.item.added", "conversation.item.done");
    }
}
