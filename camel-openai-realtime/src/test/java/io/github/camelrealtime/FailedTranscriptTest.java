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
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.github.camelrealtime.Received.Event;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.session.TranscriptionFailedException;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SimulatedSession;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import io.github.camelrealtime.simulator.TranscriptionScript;
import io.github.camelrealtime.simulator.VirtualClock;
import org.apache.camel.Exchange;
import org.apache.camel.spi.ExceptionHandler;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.camelrealtime.TranscriptFrames.completed;
import static io.github.camelrealtime.TranscriptFrames.failed;
import static io.github.camelrealtime.TranscriptFrames.mark;
import static org.assertj.core.api.Assertions.assertThat;

class FailedTranscriptTest {

    /** Some of the transcripts never come: the end does not wait for them. */
    private static final String OPTIONS = "&transcriptionModel=gpt-4o-transcribe&turnDetection=none&drainTimeout=0";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();
    private final Received dead = new Received();

    private void startWithDeadLetters(String options) throws Exception {
        camel.start(
                route -> {
                    // one that would be delivered again, were the route to blame
                    route.errorHandler(route.deadLetterChannel("direct:dead").maximumRedeliveries(3).redeliveryDelay(0));
                    route.from("openai-realtime:support?" + options + OPTIONS).process(received);
                },
                route -> route.from("direct:dead").process(exchange -> exchange.getMessage()
                        .setHeader("Failure", exchange.getProperty(Exchange.EXCEPTION_CAUGHT))).process(dead),
                route -> route.from("direct:audio").to("openai-realtime:support?operation=append-audio")
                        .to("openai-realtime:support?operation=commit-audio&await=committed"));
        camel.awaitState("support", SessionState.READY);
    }

    private List<String> speakTwice() {
        camel.template().sendBody("direct:audio", SyntheticSpeech.pcm(500));
        camel.template().sendBody("direct:audio", SyntheticSpeech.pcm(700));
        return camel.server(0).sent("input_audio_buffer.committed").stream()
                .map(event -> event.path("item_id").asText()).toList();
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = { "eventTypes=transcript", "\"eventTypes=transcript,x.mark\"",
            "\"eventTypes=transcript,error&failedTranscripts=exception\"", "eventTypes=all&failedTranscripts=exception" })
    @DisplayName("TRX-4, ERR-4 a failed transcription goes to the dead letter channel with item, span and code, and not through the "
                 + "route; the next transcript does")
    void deadLetter(String options) throws Exception {
        camel.scenario(Scenario.builder().transcription(TranscriptionScript.never()).build());
        startWithDeadLetters(options);
        List<String> items = speakTwice();
        SimulatedSession server = camel.server(0);
        server.send(failed(items.get(0), "audio_unintelligible"));
        server.send(completed(items.get(1), "The second."));
        received.await(TranscriptFrames.USER_FINAL);

        Event letter = dead.await(1).get(0);
        assertThat(dead.events()).hasSize(1);
        assertThat(letter.headers())
                .containsEntry(OpenAIRealtimeConstants.EVENT_TYPE, TranscriptFrames.USER_FAILED)
                .containsEntry(OpenAIRealtimeConstants.SESSION_NAME, "support")
                .containsEntry(OpenAIRealtimeConstants.ITEM_ID, items.get(0))
                .containsEntry(OpenAIRealtimeConstants.ERROR_CODE, "audio_unintelligible")
                .containsEntry(OpenAIRealtimeConstants.STREAM_START_MS, 0L)
                .containsEntry(OpenAIRealtimeConstants.STREAM_END_MS, 500L);
        assertThat(letter.body()).isInstanceOfSatisfying(Map.class, body -> assertThat(body).containsKey("error"));
        assertFailure(letter, items.get(0), "audio_unintelligible");
        assertThat(received.ofType(TranscriptFrames.USER_FAILED)).isEmpty();
        assertThat(received.ofType(TranscriptFrames.USER_FINAL)).extracting(Event::body).containsExactly("The second.");
        assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
    }

    private static void assertFailure(Event letter, String itemId, String code) {
        assertThat(letter.header("Failure")).isInstanceOfSatisfying(TranscriptionFailedException.class, failure -> {
            assertThat(failure.getItemId()).isEqualTo(itemId);
            assertThat(failure.getCode()).isEqualTo(code);
            assertThat(failure.getStartMillis()).isZero();
            assertThat(failure.getEndMillis()).isEqualTo(500);
        });
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = { "\"eventTypes=transcript,error\"", "eventTypes=all", "eventTypes=conversation.*",
            "\"eventTypes=transcript,*.failed\"", "eventTypes=transcript&failedTranscripts=event", "queueSize=99" })
    @DisplayName("TRX-4 who asks for errors, for the event, for all or for nothing in particular gets the failure as an event")
    void event(String options) throws Exception {
        camel.scenario(Scenario.builder().transcription(TranscriptionScript.never()).build());
        startWithDeadLetters(options);
        List<String> items = speakTwice();
        camel.server(0).send(failed(items.get(0), "audio_unintelligible"));

        Event failure = received.await(TranscriptFrames.USER_FAILED);
        assertThat(failure.headers()).containsEntry(OpenAIRealtimeConstants.ITEM_ID, items.get(0))
                .containsEntry(OpenAIRealtimeConstants.ERROR_CODE, "audio_unintelligible")
                .containsEntry(OpenAIRealtimeConstants.STREAM_END_MS, 500L);
        assertThat(dead.events()).isEmpty();
    }

    @Test
    @DisplayName("TRX-3, TRX-4 a transcript that does not come in time is a failure of the same kind, with code timeout and its span")
    void timeout() throws Exception {
        VirtualClock clock = new VirtualClock();
        camel.component().setTimers(new VirtualTimers(clock));
        camel.scenario(Scenario.builder().transcription(TranscriptionScript.never()).build());
        startWithDeadLetters("eventTypes=transcript,x.mark&transcriptTimeout=7s");
        List<String> items = speakTwice();
        // when it is through, the session has heard of the commits that came before it
        camel.server(0).send(mark());
        received.await("x.mark");
        clock.advance(Duration.ofSeconds(7));

        Event letter = dead.await(2).get(0);
        assertThat(letter.headers()).containsEntry(OpenAIRealtimeConstants.EVENT_TYPE, "camel.transcript.missing")
                .containsEntry(OpenAIRealtimeConstants.ITEM_ID, items.get(0))
                .containsEntry(OpenAIRealtimeConstants.ERROR_CODE, "timeout")
                .containsEntry(OpenAIRealtimeConstants.STREAM_START_MS, 0L)
                .containsEntry(OpenAIRealtimeConstants.STREAM_END_MS, 500L);
        assertFailure(letter, items.get(0), "timeout");
        // a good end would wait for the clock
        camel.session("support").closeNow();
    }

    @ParameterizedTest
    @ValueSource(ints = { 0, 2 })
    @DisplayName("ERR-4 without a dead letter channel the exception handler is told once, nothing is delivered again, and the route "
                 + "goes on")
    void exceptionHandler(int redeliveries) throws Exception {
        Queue<Throwable> told = new ConcurrentLinkedQueue<>();
        camel.context().getRegistry().bind("told", new ExceptionHandler() {
            @Override
            public void handleException(Throwable exception) {
                told.add(exception);
            }

            @Override
            public void handleException(String message, Throwable exception) {
                told.add(exception);
            }

            @Override
            public void handleException(String message, Exchange exchange, Throwable exception) {
                told.add(exception);
            }
        });
        camel.start(route -> {
            route.errorHandler(route.defaultErrorHandler().maximumRedeliveries(redeliveries).redeliveryDelay(0));
            route.from("openai-realtime:support?eventTypes=transcript,x.mark&exceptionHandler=#told" + OPTIONS).process(received)
                    .process(dead);
        });
        camel.awaitState("support", SessionState.READY);
        camel.server(0).send(failed("item_1", "audio_unintelligible"));
        camel.server(0).send(mark());
        received.await("x.mark");

        assertThat(told).singleElement().isInstanceOfSatisfying(TranscriptionFailedException.class,
                failure -> assertThat(failure.getItemId()).isEqualTo("item_1"));
        assertThat(received.types()).containsExactly("x.mark");
        assertThat(dead.await(1)).hasSize(1);
    }

    @Test
    @DisplayName("ERR-4 onException handles a failed transcription like any failure of the route; bridgeErrorHandler adds no second one")
    void onException() throws Exception {
        Received handled = new Received();
        camel.scenario(Scenario.builder().transcription(TranscriptionScript.never()).build());
        camel.start(route -> {
            route.onException(TranscriptionFailedException.class).handled(true).process(handled);
            route.from("openai-realtime:support?eventTypes=transcript,x.mark&bridgeErrorHandler=true" + OPTIONS).process(received);
        });
        camel.awaitState("support", SessionState.READY);
        camel.server(0).send(failed("item_1", "audio_unintelligible"));
        camel.server(0).send(mark());
        received.await("x.mark");

        assertThat(handled.events()).singleElement().satisfies(event -> assertThat(event.headers())
                .containsEntry(OpenAIRealtimeConstants.ITEM_ID, "item_1"));
        assertThat(received.types()).containsExactly("x.mark");
    }
}
