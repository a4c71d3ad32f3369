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

import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

import ch.qos.logback.classic.Level;
import io.github.camelrealtime.Received.Event;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Reply;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SimulatedSession;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import io.github.camelrealtime.simulator.TranscriptionScript;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.github.camelrealtime.TranscriptFrames.answerDelta;
import static io.github.camelrealtime.TranscriptFrames.answerDone;
import static io.github.camelrealtime.TranscriptFrames.completed;
import static io.github.camelrealtime.TranscriptFrames.delta;
import static io.github.camelrealtime.TranscriptFrames.failed;
import static io.github.camelrealtime.TranscriptFrames.mark;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

class TranscriptHeadersTest {

    private static final String OPTIONS = "&transcriptionModel=gpt-4o-transcribe&turnDetection=none";
    private static final String PREAMBLE = "Let me look that up.";
    private static final String ANSWER = "It is nine o'clock.";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();

    @Test
    @DisplayName("TRX-4 a failed transcription is routed as transcript and as error, with item, code and span; others go on")
    void failedTranscription() throws Exception {
        camel.scenario(Scenario.builder().transcription(TranscriptionScript.never()).build());
        Received errors = new Received();
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=transcript&failedTranscripts=event" + OPTIONS)
                        .process(received),
                route -> route.from("openai-realtime:support?eventTypes=error").process(errors),
                route -> route.from("direct:audio").to("openai-realtime:support?operation=append-audio"),
                route -> route.from("direct:commit").to("openai-realtime:support?operation=commit-audio&await=committed"));
        camel.awaitState("support", SessionState.READY);
        SimulatedSession server = camel.server(0);
        for (int item = 0; item < 2; item++) {
            camel.template().sendBody("direct:audio", SyntheticSpeech.pcm(500));
            camel.template().sendBody("direct:commit", null);
        }
        List<String> items = server.sent("input_audio_buffer.committed").stream()
                .map(event -> event.path("item_id").asText()).toList();
        server.send(failed(items.get(0), "audio_unintelligible"));
        server.send(completed(items.get(1), "The second."));
        received.await(2);
        errors.await(1);

        for (Event failure : List.of(received.events().get(0), errors.events().get(0))) {
            assertThat(failure.type()).isEqualTo(TranscriptFrames.USER_FAILED);
            assertThat(failure.headers())
                    .containsEntry(OpenAIRealtimeConstants.ITEM_ID, items.get(0))
                    .containsEntry(OpenAIRealtimeConstants.ERROR_CODE, "audio_unintelligible")
                    .containsEntry(OpenAIRealtimeConstants.ROLE, "user")
                    .containsEntry(OpenAIRealtimeConstants.STREAM_START_MS, 0L)
                    .containsEntry(OpenAIRealtimeConstants.STREAM_END_MS, 500L);
            assertThat(failure.body()).isInstanceOfSatisfying(Map.class,
                    body -> assertThat(body.get("error").toString()).contains("It did not work."));
        }
        Event second = received.events().get(1);
        assertThat(second.body()).isEqualTo("The second.");
        assertThat(second.headers()).containsEntry(OpenAIRealtimeConstants.ITEM_ID, items.get(1))
                .containsEntry(OpenAIRealtimeConstants.STREAM_START_MS, 500L)
                .containsEntry(OpenAIRealtimeConstants.STREAM_END_MS, 1_000L)
                .doesNotContainKey(OpenAIRealtimeConstants.ERROR_CODE);
        assertThat(errors.events()).hasSize(1);
    }

    @Test
    @DisplayName("TIM-2 transcripts tell when their speech was by the clock of the source, where that was told, and how it is known")
    void sourceTimestamp() throws Exception {
        camel.scenario(Scenario.builder().transcription(TranscriptionScript.never()).build());
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=transcript" + OPTIONS).process(received),
                route -> route.from("direct:audio").to("openai-realtime:support?operation=append-audio"),
                route -> route.from("direct:commit").to("openai-realtime:support?operation=commit-audio&await=committed"));
        camel.awaitState("support", SessionState.READY);
        long before = System.currentTimeMillis();
        camel.template().sendBody("direct:audio", SyntheticSpeech.pcm(500));
        camel.template().sendBody("direct:commit", null);
        camel.template().sendBodyAndHeader(
                "direct:audio", SyntheticSpeech.pcm(500), OpenAIRealtimeConstants.OVERRIDE_TIMESTAMP, 1_700_000_000_000L);
        camel.template().sendBody("direct:commit", null);
        camel.template().sendBody("direct:audio", SyntheticSpeech.pcm(500));
        camel.template().sendBody("direct:commit", null);
        SimulatedSession server = camel.server(0);
        server.sent("input_audio_buffer.committed").forEach(
                event -> server.send(completed(event.path("item_id").asText(), "Words.")));
        received.await(3);

        assertThat(received.events()).extracting(event -> event.header(OpenAIRealtimeConstants.SOURCE_TIMESTAMP))
                .containsExactly(null, 1_700_000_000_000L, 1_700_000_000_500L);
        assertThat(received.headers(OpenAIRealtimeConstants.TIME_SOURCE)).containsOnly("commit");
        assertThat(received.headers(OpenAIRealtimeConstants.STREAM_START_TIME)).allSatisfy(
                time -> assertThat((Long) time).isBetween(before - 2_000, System.currentTimeMillis()));
    }

    @Test
    @DisplayName("TRX-6 partials and finals have the id session:item:part; each route counts its events from 1 without holes")
    void deduplicationIdAndSequence() throws Exception {
        Received finals = new Received();
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=transcript,transcript-partial,x.mark" + OPTIONS)
                        .process(received),
                route -> route.from("openai-realtime:support?eventTypes=transcript,x.mark").process(finals));
        camel.awaitState("support", SessionState.READY);
        SimulatedSession server = camel.server(0);
        for (int i = 0; i < 3; i++) {
            String item = "item_" + i;
            server.send(delta(item, 1, "some"));
            server.send(delta(item, 1, " words"));
            server.send(completed(item, 1, "Some words."));
            // none of these two counts: they come too late
            server.send(delta(item, 1, " more"));
            server.send(completed(item, 1, "Some more words."));
            server.send(answerDelta("answer_" + i, "Yes"));
            server.send(answerDone("answer_" + i, "Yes."));
        }
        server.send(mark());
        received.await("x.mark");
        finals.await("x.mark");

        assertThat(finals.headers(OpenAIRealtimeConstants.DEDUPLICATION_ID)).containsExactly(
                id(server, "item_0:1"), id(server, "answer_0:0"), id(server, "item_1:1"), id(server, "answer_1:0"),
                id(server, "item_2:1"), id(server, "answer_2:0"));
        assertThat(received.events()).filteredOn(event -> "item_1".equals(event.header(OpenAIRealtimeConstants.ITEM_ID)))
                .extracting(event -> event.header(OpenAIRealtimeConstants.DEDUPLICATION_ID))
                .containsExactly(id(server, "item_1:1"), id(server, "item_1:1"), id(server, "item_1:1"));
        assertThat(received.headers(OpenAIRealtimeConstants.SEQUENCE)).containsExactlyElementsOf(numbersTo(16));
        assertThat(finals.headers(OpenAIRealtimeConstants.SEQUENCE)).containsExactlyElementsOf(numbersTo(7));
    }

    private static String id(SimulatedSession server, String itemAndPart) {
        return server.id() + ":" + itemAndPart;
    }

    private static List<Object> numbersTo(long last) {
        return LongStream.rangeClosed(1, last).<Object>mapToObj(number -> number).toList();
    }

    @ParameterizedTest
    @CsvSource({ "audio, " + TranscriptFrames.ANSWER_FINAL, "text, " + TranscriptFrames.TEXT_FINAL })
    @DisplayName("TRX-7 one stream has both sides with role and phase, spoken and written; the reply is the answer without preamble")
    void bothSides(String modality, String answerType) throws Exception {
        camel.scenario(Scenario.builder().otherwise(Reply.nothing().andCommentary(PREAMBLE).andText(ANSWER)).build());
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=transcript&outputModalities=" + modality + OPTIONS)
                        .process(received),
                route -> route.from("direct:audio").to("openai-realtime:support?operation=append-audio")
                        .to("openai-realtime:support?operation=commit-audio&await=committed"),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));
        camel.awaitState("support", SessionState.READY);

        camel.template().sendBody("direct:audio", SyntheticSpeech.pcm(500));
        // a written answer does not wait for what was said before it
        received.await(TranscriptFrames.USER_FINAL);
        assertThat(camel.template().requestBody("direct:ask", "What time is it?", String.class)).isEqualTo(ANSWER);
        received.await(3);

        assertThat(received.events())
                .extracting(Event::type, event -> event.header(OpenAIRealtimeConstants.ROLE),
                        event -> event.header(OpenAIRealtimeConstants.PHASE), Event::body)
                .containsExactly(
                        tuple(TranscriptFrames.USER_FINAL, "user", null, "samples 0..12000"),
                        tuple(answerType, "assistant", "commentary", PREAMBLE),
                        tuple(answerType, "assistant", "final_answer", ANSWER));
    }

    @Test
    @DisplayName("TRX-9 the user's transcript never comes: the answer's audio, its end and response.done come all the same")
    void answerWithoutTranscript() throws Exception {
        camel.scenario(Scenario.builder().transcription(TranscriptionScript.never()).build());
        Received transcripts = new Received();
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=audio,response.done" + OPTIONS).process(received),
                route -> route.from("openai-realtime:support?eventTypes=transcript").process(transcripts),
                route -> route.from("direct:audio").to("openai-realtime:support?operation=append-audio")
                        .to("openai-realtime:support?operation=commit-audio&await=committed")
                        .setBody(exchange -> null).to("openai-realtime:support?operation=create-response"));
        camel.awaitState("support", SessionState.READY);
        Object answer = camel.template().requestBody("direct:audio", SyntheticSpeech.pcm(500));
        assertThat(answer).asString().isNotBlank();
        received.await("response.done");

        assertThat(received.types()).containsSubsequence(
                "response.output_audio.delta", "response.output_audio.done", "response.done");
        assertThat(received.ofType("response.done")).singleElement()
                .satisfies(done -> assertThat(done.header(OpenAIRealtimeConstants.RESPONSE_STATUS)).isEqualTo("completed"));
        assertThat(transcripts.ofType(TranscriptFrames.USER_FINAL)).as("the scenario has sent none").isEmpty();
    }

    @Test
    @DisplayName("TRX-10 a route that asks for transcripts of a session that does not transcribe is warned of, with the remedy")
    void warning() throws Exception {
        assertThat(warningsOf("openai-realtime:support?eventTypes=transcript")).singleElement().asString()
                .contains("support", "transcriptionModel");
    }

    @Test
    @DisplayName("TRX-10 no warning where transcription is configured, or no transcripts of the user are asked for")
    void noWarning() throws Exception {
        assertThat(warningsOf(
                "openai-realtime:support?eventTypes=transcript&transcriptionModel=gpt-4o-transcribe",
                "openai-realtime:captions?eventTypes=transcript&sessionType=transcription",
                "openai-realtime:other?eventTypes=audio")).isEmpty();
    }

    private List<String> warningsOf(String... uris) throws Exception {
        try (LogCapture log = LogCapture.of(MissingTranscription.class.getName(), Level.WARN)) {
            for (String uri : uris) {
                camel.route(route -> route.from(uri).process(received));
            }
            camel.start();
            return log.messages();
        }
    }
}
