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
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.docs.AnyComponent;
import io.github.camelrealtime.docs.Snippet;
import io.github.camelrealtime.docs.SnippetCompiler;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Reply;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import io.github.camelrealtime.simulator.VirtualClock;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The model's voice at the pace of speech through a route, and sinks that say what they have played. */
class PacedPlaybackTest {

    private static final String AUDIO = "response.output_audio.delta";
    private static final String DONE = "response.output_audio.done";
    private static final String CLEARED = "camel.playback.cleared";
    private static final String TRUNCATE = "conversation.item.truncate";
    private static final String ENDLESS = "The answer to this is a long story that begins in Ghent";
    private static final int FRAME_MILLIS = 20;

    private final VirtualClock clock = new VirtualClock();

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel(simulator -> simulator.clock(clock));

    private final Received received = new Received();
    /** Of a consumer of its own: frames wait behind other events. */
    private final Received turn = new Received();

    private void start(String consumer) throws Exception {
        camel.component().setTimers(new VirtualTimers(clock));
        camel.start(route -> route.from("openai-realtime:talk?playback=realtime&" + consumer).process(received),
                route -> route.from("openai-realtime:talk?eventTypes=turn").process(turn),
                route -> route.from("direct:in").to("openai-realtime:talk?turnDetection=none&operation=send-text"));
        camel.awaitState("talk", SessionState.READY);
    }

    /** Has the model speak, and the first frame come. */
    private void speak() throws Exception {
        assertThat(RealtimeCamel.done(camel.tell("direct:in", "Hello")).getException()).isNull();
        RealtimeCamel.await().until(() -> !camel.server(0).sent(AUDIO).isEmpty() && camel.simulator().isIdle());
        received.await(AUDIO, 1);
    }

    /** Lets time pass, frame by frame, until so many have come. */
    private void frames(int count) {
        for (int frame = received.ofType(AUDIO).size() + 1; frame <= count; frame++) {
            clock.advance(Duration.ofMillis(FRAME_MILLIS));
            received.await(AUDIO, frame);
        }
    }

    private Exchange operation(String operation, Object body, Map<String, Object> headers) throws Exception {
        Map<String, Object> all = new HashMap<>(headers);
        all.put(OpenAIRealtimeConstants.OPERATION, operation);
        return RealtimeCamel.done(camel.send("direct:in", ExchangePattern.InOnly, body, all));
    }

    private List<JsonNode> truncations() {
        RealtimeCamel.await().until(() -> !camel.server(0).received(TRUNCATE).isEmpty());
        return camel.server(0).received(TRUNCATE);
    }

    @ParameterizedTest
    @ValueSource(strings = { "pcm16", "pcmu" })
    @DisplayName("AOUT-3 AOUT-1 the whole voice comes in frames of 20 ms that end with silence, and then its end")
    void wholeVoice(String format) throws Exception {
        start("eventTypes=audio&outputAudioFormat=" + format);
        speak();
        byte[] spoken = WireAudio.spoken(camel.server(0));
        int frameBytes = format.equals("pcmu") ? 160 : 960;
        int count = (spoken.length + frameBytes - 1) / frameBytes;
        frames(count);
        assertThat(received.ofType(DONE)).isEmpty();
        clock.advance(Duration.ofMillis(FRAME_MILLIS));
        received.await(DONE);

        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        for (Received.Event frame : received.ofType(AUDIO)) {
            assertThat((byte[]) frame.body()).hasSize(frameBytes);
            heard.writeBytes((byte[]) frame.body());
        }
        assertThat(Arrays.copyOf(heard.toByteArray(), spoken.length)).isEqualTo(spoken);
        assertThat(received.ofType(AUDIO)).hasSize(count);
        assertThat(received.events().get(count).body()).isEqualTo(new byte[0]);
        assertThat(received.headers(OpenAIRealtimeConstants.DROPPED)).isEmpty();
    }

    @Test
    @DisplayName("INT-11 AOUT-3 interrupt: no frame more, the sink is told to throw away, and the model knows what was heard")
    void interrupted() throws Exception {
        camel.scenario(Scenario.builder().next(Reply.text(ENDLESS).endless()).build());
        start("eventTypes=audio");
        speak();
        frames(25);
        assertThat(operation("interrupt", null, Map.of()).getException()).isNull();
        Received.Event cleared = received.await(CLEARED);
        assertThat(cleared.body()).isEqualTo(new byte[0]);
        assertThat(truncations()).singleElement()
                .satisfies(event -> assertThat(event.path("audio_end_ms").intValue()).isEqualTo(25 * FRAME_MILLIS));
        turn.await("response.done");
        clock.advance(Duration.ofSeconds(10));
        assertThat(received.ofType(AUDIO)).hasSize(25);
        turn.await("camel.assistant.speaking", 2);
        assertThat(turn.ofType("camel.assistant.speaking")).extracting(event -> String.valueOf(event.body()))
                .satisfiesExactly(first -> assertThat(first).contains("speaking=true"),
                        second -> assertThat(second).contains("speaking=false"));
    }

    @Test
    @DisplayName("AOUT-2 AOUT-4 a mark that the sink gives back says how much was heard; the end of the voice has one, too")
    void marks() throws Exception {
        camel.scenario(Scenario.builder().next(Reply.text(ENDLESS).endless()).build());
        start("eventTypes=audio");
        speak();
        frames(25);
        List<Object> marks = received.headers(OpenAIRealtimeConstants.PLAYBACK_MARK);
        assertThat(marks).hasSize(25).doesNotHaveDuplicates();
        assertThat(operation("playback-mark", marks.get(9), Map.of()).getException()).isNull();
        Exchange told = operation("playback-mark", "a body that is kept",
                Map.of(OpenAIRealtimeConstants.OVERRIDE_PLAYBACK_MARK, marks.get(14)));
        assertThat(told.getException()).isNull();
        assertThat(told.getMessage().getBody()).isEqualTo("a body that is kept");
        assertThat(told.getMessage().getHeader(OpenAIRealtimeConstants.OVERRIDE_PLAYBACK_MARK)).isNull();
        operation("interrupt", null, Map.of());
        assertThat(truncations().get(0).path("audio_end_ms").intValue()).isEqualTo(15 * FRAME_MILLIS);
    }

    @Test
    @DisplayName("INT-10 AOUT-2 a carrier that gives back all its marks when it is cleared changes nothing any more")
    void oldMarks() throws Exception {
        camel.scenario(Scenario.builder().next(Reply.text(ENDLESS).endless()).build());
        start("eventTypes=audio");
        speak();
        frames(25);
        List<Object> marks = received.headers(OpenAIRealtimeConstants.PLAYBACK_MARK);
        operation("playback-mark", marks.get(4), Map.of());
        operation("interrupt", null, Map.of());
        received.await(CLEARED);
        for (Object mark : marks) {
            assertThat(operation("playback-mark", mark, Map.of()).getException()).isNull();
        }
        operation("interrupt", null, Map.of());
        assertThat(truncations()).singleElement()
                .satisfies(event -> assertThat(event.path("audio_end_ms").intValue()).isEqualTo(5 * FRAME_MILLIS));
        assertThat(camel.session("talk").playback().ignoredMarks()).isEqualTo(25);
    }

    @ParameterizedTest
    @ValueSource(strings = { "secret-words", "item:1", "item:x:5", "item:0:-5", "item:0:1.5", "", "item a:0:5" })
    @DisplayName("AOUT-2 a text that is no mark is refused, and not repeated")
    void noMark(String text) throws Exception {
        start("eventTypes=audio");
        Exchange refused = operation("playback-mark", text, Map.of());
        assertThat(refused.getException()).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("playback-mark: ");
        if (!text.isEmpty()) {
            assertThat(refused.getException().getMessage()).doesNotContain(text);
        }
        assertThat(operation("playback-mark", new byte[4], Map.of()).getException())
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("CamelOpenAIRealtimeOverridePlaybackMark");
    }

    @Test
    @DisplayName("AOUT-1 AOUT-2 without a pace, too, each piece and the end have marks, which are where they end")
    void unpacedMarks() throws Exception {
        camel.start(route -> route.from("openai-realtime:talk?eventTypes=audio").process(received),
                route -> route.from("direct:in").to("openai-realtime:talk?turnDetection=none&operation=send-text"));
        camel.awaitState("talk", SessionState.READY);
        speak();
        received.await(DONE);
        long bytes = 0;
        for (Received.Event piece : received.ofType(AUDIO)) {
            bytes += ((byte[]) piece.body()).length;
            assertThat((String) piece.header(OpenAIRealtimeConstants.PLAYBACK_MARK)).endsWith(":0:" + bytes / 48);
        }
        assertThat((String) received.ofType(DONE).get(0).header(OpenAIRealtimeConstants.PLAYBACK_MARK)).endsWith(":0:" + bytes / 48);
    }

    @Test
    @DisplayName("AOUT-4 the carrier of docs/operations.md gets frames of 160 bytes, gives a mark back, and is cleared")
    void carrierOfTheGuide() throws Exception {
        camel.scenario(Scenario.builder().next(Reply.text(ENDLESS).endless()).build());
        camel.component().setTimers(new VirtualTimers(clock));
        List<Snippet> snippets = Snippet.of("operations.md", "java");
        SnippetCompiler compiled = new SnippetCompiler(snippets);
        AnyComponent.standIn(camel.context());
        for (Snippet snippet : snippets) {
            if (snippet.text().contains("carrier-clear")) {
                camel.context().addRoutes(compiled.routes(snippet));
            }
        }
        Received cleared = new Received();
        camel.start(route -> route.from("direct:carrier-media").process(received),
                route -> route.from("direct:carrier-clear").process(cleared),
                route -> route.from("direct:in").to("openai-realtime:phone?operation=send-text"));
        camel.awaitState("phone", SessionState.READY);
        speak();
        frames(10);
        assertThat((byte[]) received.events().get(3).body()).hasSize(160);
        Object mark = received.events().get(7).header(OpenAIRealtimeConstants.PLAYBACK_MARK);
        assertThat(RealtimeCamel.done(camel.tell("direct:carrier-mark-played", mark)).getException()).isNull();
        operation("interrupt", null, Map.of());
        cleared.await(1);
        assertThat(truncations().get(0).path("audio_end_ms").intValue()).isEqualTo(8 * FRAME_MILLIS);
    }

    @Test
    @DisplayName("INT-12 with interruptMinSpeech the service is told not to interrupt, and speech that lasts does")
    void minimumSpeech() throws Exception {
        camel.scenario(Scenario.builder().next(Reply.text(ENDLESS).endless()).build());
        camel.component().setTimers(new VirtualTimers(clock));
        camel.start(route -> route.from("openai-realtime:talk?eventTypes=audio,turn").process(received),
                route -> route.from("direct:in").to(
                        "openai-realtime:talk?turnDetection=server_vad&interruptMinSpeech=900&operation=send-text"));
        camel.awaitState("talk", SessionState.READY);
        assertThat(camel.server(0).received("session.update").get(0)
                .at("/session/audio/input/turn_detection/interrupt_response").asBoolean(true)).isFalse();
        speak();
        assertThat(operation("append-audio", SyntheticSpeech.pcm(600), Map.of()).getException()).isNull();
        received.await("input_audio_buffer.speech_started");
        clock.advance(Duration.ofMillis(899));
        assertThat(received.types()).doesNotContain("camel.turn.interrupted");
        clock.advance(Duration.ofMillis(1));
        received.await("camel.turn.interrupted");
        RealtimeCamel.await().until(() -> !camel.server(0).received("response.cancel").isEmpty());
        received.await("response.done");
        assertThat(operation("clear-audio", null, Map.of()).getException()).isNull();
    }
}
