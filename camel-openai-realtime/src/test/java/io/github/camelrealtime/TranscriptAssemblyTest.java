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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import io.github.camelrealtime.Received.Event;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SimulatedSession;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import io.github.camelrealtime.simulator.TranscriptionScript;
import io.github.camelrealtime.simulator.VirtualClock;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.github.camelrealtime.TranscriptFrames.answerDelta;
import static io.github.camelrealtime.TranscriptFrames.answerDone;
import static io.github.camelrealtime.TranscriptFrames.completed;
import static io.github.camelrealtime.TranscriptFrames.delta;
import static io.github.camelrealtime.TranscriptFrames.mark;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

class TranscriptAssemblyTest {

    private static final String SESSION = "openai-realtime:support?transcriptionModel=gpt-4o-transcribe&turnDetection=none";
    private static final String PARTIALS = SESSION + "&eventTypes=transcript,transcript-partial,x.mark";

    private final VirtualClock simulatorClock = new VirtualClock();

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel(builder -> builder.clock(simulatorClock));

    private final Received received = new Received();

    @Test
    @DisplayName("TRX-1 deltas of two items nobody has announced, interleaved: each partial has the words of its own item alone")
    void interleavedItems() throws Exception {
        SimulatedSession server = startPartials();
        server.send(delta("item_a", "The cat "));
        server.send(delta("item_b", "Nine "));
        server.send(answerDelta("item_c", "Right, "));
        server.send(delta("item_a", "sat on "));
        server.send(delta("item_b", "o'clock"));
        server.send(answerDelta("item_c", "done."));
        server.send(delta("item_a", "the mat."));
        received.await(7);

        assertThat(bodies("item_a")).containsExactly("The cat ", "The cat sat on ", "The cat sat on the mat.");
        assertThat(bodies("item_b")).containsExactly("Nine ", "Nine o'clock");
        assertThat(bodies("item_c")).containsExactly("Right, ", "Right, done.");
    }

    @Test
    @DisplayName("TRX-1 the content parts of one item are transcripts of their own")
    void contentParts() throws Exception {
        SimulatedSession server = startPartials();
        server.send(delta("item_a", 0, "first "));
        server.send(delta("item_a", 1, "second "));
        server.send(delta("item_a", 0, "part"));
        server.send(completed("item_a", 0, "First part."));
        server.send(delta("item_a", 1, "part"));
        server.send(completed("item_a", 1, "Second part."));
        received.await(6);

        assertThat(received.events()).extracting(event -> event.header(OpenAIRealtimeConstants.CONTENT_INDEX), Event::body)
                .containsExactly(tuple(0, "first "), tuple(1, "second "), tuple(0, "first part"), tuple(0, "First part."),
                        tuple(1, "second part"), tuple(1, "Second part."));
    }

    @Test
    @DisplayName("TRX-5 the final text wins over its deltas; later deltas and a second final are not routed; versions rise")
    void completedIsAuthoritative() throws Exception {
        SimulatedSession server = startPartials();
        server.send(delta("item_a", "I scream"));
        server.send(delta("item_a", " cone"));
        server.send(completed("item_a", "Ice cream cone."));
        server.send(delta("item_a", " please"));
        server.send(completed("item_a", "Something else."));
        server.send(answerDelta("item_b", "Yes"));
        server.send(answerDone("item_b", "Yes!"));
        server.send(answerDelta("item_b", " Sir"));
        server.send(answerDone("item_b", "No!"));
        server.send(mark());
        received.await("x.mark");

        assertThat(bodies("item_a")).containsExactly("I scream", "I scream cone", "Ice cream cone.");
        assertThat(headers("item_a", OpenAIRealtimeConstants.TRANSCRIPT_VERSION)).containsExactly(1, 2, 3);
        assertThat(headers("item_a", OpenAIRealtimeConstants.TRANSCRIPT_FINAL)).containsExactly(false, false, true);
        assertThat(bodies("item_b")).containsExactly("Yes", "Yes!");
        assertThat(headers("item_b", OpenAIRealtimeConstants.TRANSCRIPT_VERSION)).containsExactly(1, 2);
        assertThat(headers("item_b", OpenAIRealtimeConstants.TRANSCRIPT_FINAL)).containsExactly(false, true);
    }

    @Test
    @DisplayName("TRX-13 the end of the session waits for the last transcript, late as it is, and routes it as final")
    void lateTranscript() throws Exception {
        camel.scenario(Scenario.builder().transcription(TranscriptionScript.late(Duration.ofSeconds(5))).build());
        startWithAudio("&drainTimeout=15s");
        camel.template().sendBody("direct:audio", SyntheticSpeech.pcm(500));
        camel.template().sendBody("direct:commit", null);
        assertThat(received.events()).isEmpty();

        CompletableFuture<Void> stopped = CompletableFuture.runAsync(camel.context()::stop);
        await().atMost(RealtimeCamel.PATIENCE).until(() -> {
            simulatorClock.advance(Duration.ofSeconds(5));
            return stopped.isDone();
        });
        assertThat(received.ofType(TranscriptFrames.USER_FINAL)).extracting(Event::body).containsExactly("samples 0..12000");
        assertThat(received.ofType(TranscriptFrames.ABANDONED)).isEmpty();
    }

    @Test
    @DisplayName("TRX-13 a transcript that does not come in time is given up: its partial text is routed, not final, reason hangup")
    void abandonedTranscript() throws Exception {
        VirtualClock clock = new VirtualClock();
        camel.component().setTimers(new VirtualTimers(clock));
        camel.scenario(Scenario.builder().transcription(TranscriptionScript.never()).build());
        startWithAudio("&drainTimeout=3s&livenessTimeout=0");
        camel.template().sendBody("direct:audio", SyntheticSpeech.pcm(500));
        camel.template().sendBody("direct:commit", null);
        SimulatedSession server = camel.server(0);
        String item = server.sent("input_audio_buffer.committed").get(0).path("item_id").asText();
        server.send(completed("item_done", "An earlier sentence."));
        server.send(delta(item, "I would "));
        server.send(delta(item, "like to"));
        received.await(3);

        CompletableFuture<Void> stopped = CompletableFuture.runAsync(camel.context()::stop);
        await().atMost(RealtimeCamel.PATIENCE).until(() -> {
            clock.advance(Duration.ofSeconds(3));
            return stopped.isDone();
        });
        assertThat(received.ofType(TranscriptFrames.ABANDONED)).singleElement().satisfies(abandoned -> {
            assertThat(abandoned.body()).isEqualTo("I would like to");
            assertThat(abandoned.headers())
                    .containsEntry(OpenAIRealtimeConstants.ITEM_ID, item)
                    .containsEntry(OpenAIRealtimeConstants.ROLE, "user")
                    .containsEntry(OpenAIRealtimeConstants.TRANSCRIPT_FINAL, false)
                    .containsEntry(OpenAIRealtimeConstants.TRANSCRIPT_REASON, "hangup")
                    .containsEntry(OpenAIRealtimeConstants.TRANSCRIPT_VERSION, 3);
        });
    }

    @ParameterizedTest
    @CsvSource({ "FAIL, 1", "DROP_OLDEST, 1", "DROP_NEWEST, 1", "FAIL, 4", "DROP_OLDEST, 4", "DROP_NEWEST, 4" })
    @DisplayName("TRX-14 a flood of deltas takes no final from a slow route, whatever the strategy and however small the queue")
    void flood(String strategy, int queueSize) throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Received marks = new Received();
        camel.start(
                route -> route.from(SESSION + "&eventTypes=transcript,transcript-partial,audio,camel.error.*&queueSize="
                                    + queueSize + "&backpressureStrategy=" + strategy)
                        .process(exchange -> {
                            blocked.countDown();
                            release.await();
                        }).process(received),
                route -> route.from("openai-realtime:support?eventTypes=x.mark").process(marks));
        try {
            camel.awaitState("support", SessionState.READY);
            SimulatedSession server = camel.server(0);
            server.send(delta("item_first", "blocks the route"));
            blocked.await();
            for (int item = 0; item < queueSize; item++) {
                for (int i = 0; i < 100; i++) {
                    server.send(delta("item_" + item, "word "));
                    server.send(answerDelta("item_answer", "word "));
                }
                server.send(completed("item_" + item, "Sentence " + item));
            }
            server.send(mark());
            marks.await("x.mark");
        } finally {
            release.countDown();
        }
        received.await(TranscriptFrames.USER_FINAL, queueSize);
        assertThat(received.ofType(TranscriptFrames.USER_FINAL)).extracting(Event::body)
                .containsExactlyElementsOf(IntStream.range(0, queueSize).mapToObj(item -> "Sentence " + item).toList());
        assertThat(received.ofType(TranscriptFrames.USER_DELTA).size()
                   + received.ofType(TranscriptFrames.ANSWER_DELTA).size())
                .as("deltas must have been dropped, else this proves nothing").isLessThanOrEqualTo(queueSize + 1);
        assertThat(received.ofType("camel.error.overrun")).as("the loss is told").isNotEmpty();
    }

    // ---- helpers

    private SimulatedSession startPartials() throws Exception {
        camel.start(route -> route.from(PARTIALS).process(received));
        camel.awaitState("support", SessionState.READY);
        return camel.server(0);
    }

    private void startWithAudio(String options) throws Exception {
        camel.start(
                route -> route.from(PARTIALS + options).process(received),
                route -> route.from("direct:audio").to("openai-realtime:support?operation=append-audio"),
                route -> route.from("direct:commit").to("openai-realtime:support?operation=commit-audio&await=committed"));
        camel.awaitState("support", SessionState.READY);
    }

    private List<Object> bodies(String itemId) {
        return ofItem(itemId).stream().map(Event::body).toList();
    }

    private List<Object> headers(String itemId, String name) {
        List<Object> values = new ArrayList<>();
        ofItem(itemId).forEach(event -> values.add(event.header(name)));
        return values;
    }

    private List<Event> ofItem(String itemId) {
        return received.events().stream()
                .filter(event -> itemId.equals(event.header(OpenAIRealtimeConstants.ITEM_ID))).toList();
    }
}
