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
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Reply;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SimulatedSession;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import io.github.camelrealtime.simulator.VirtualClock;
import org.apache.camel.ExchangePattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A conversation in which the service hears when the user has finished, and when he interrupts. */
class VadTurnTest {

    private static final String AUDIO = "response.output_audio.delta";
    private static final String SPEECH = "input_audio_buffer.speech_started";
    private static final String TRUNCATE = "conversation.item.truncate";
    private static final String INTERRUPTED = "camel.turn.interrupted";
    private static final String ENDLESS = "The answer to this is a long story that begins in Ghent";
    private static final int SECOND_BYTES = 48_000;

    private final VirtualClock clock = new VirtualClock();

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel(simulator -> simulator.clock(clock));

    private final Received received = new Received();
    private long given;

    /** Virtual time stands still at the end, so nothing may be left that a graceful stop waits for. */
    @AfterEach
    void forgetWhatWasSaidLast() throws Exception {
        RealtimeCamel.done(camel.operation("direct:in", "clear-audio"));
    }

    @Test
    @DisplayName("AOUT-1 the route only gives audio: the service ends the turns, and the answers come as events")
    void turns() throws Exception {
        start("eventTypes=turn,transcript", "");
        for (int turn = 1; turn <= 2; turn++) {
            speak(800);
            give(SyntheticSpeech.silence(1_000));
            received.await("response.done", turn);
        }
        assertThat(received.ofType("response.output_audio_transcript.done")).hasSize(2)
                .allSatisfy(said -> assertThat((String) said.body()).startsWith("I heard"));
        SimulatedSession server = camel.server(0);
        assertThat(server.received("input_audio_buffer.commit")).isEmpty();
        assertThat(server.received("response.create")).isEmpty();
    }

    @Test
    @DisplayName("INT-1 INT-2 INT-9 speech into an answer that is being played: truncated to what was heard, and told with the words")
    void bargeIn() throws Exception {
        camel.scenario(Scenario.builder().next(Reply.text(ENDLESS).endless()).build());
        start("eventTypes=audio,turn", "");
        long sent = answerBegun();
        clock.advance(Duration.ofMillis(700));
        speak(400);
        Received.Event interrupted = received.await(INTERRUPTED);

        JsonNode truncate = received(TRUNCATE, 1).get(0);
        assertThat(truncate.path("audio_end_ms").intValue()).isEqualTo(700);
        assertThat(camel.server(0).sent("conversation.item.truncated")).hasSizeLessThanOrEqualTo(1);
        Map<?, ?> item = (Map<?, ?>) ((List<?>) ((Map<?, ?>) interrupted.body()).get("items")).get(0);
        assertThat(item.get("item_id")).isEqualTo(truncate.path("item_id").asText());
        assertThat(item.get("played_ms")).isEqualTo(700L);
        assertThat(((Number) item.get("received_ms")).longValue()).isEqualTo(sent);
        assertThat(ENDLESS).startsWith((String) item.get("transcript"));
        assertThat((String) item.get("transcript")).isNotBlank().hasSizeLessThan(ENDLESS.length());
        RealtimeCamel.await().until(() -> camel.server(0).sent("conversation.item.truncated").size() == 1);
        assertThat(camel.server(0).received("response.cancel")).as("the service has cancelled it").isEmpty();
        assertThat(camel.server(0).sent("error")).isEmpty();
        assertThat(received.types()).containsSubsequence(SPEECH, INTERRUPTED);
    }

    @Test
    @DisplayName("INT-5 AOUT-2 a sink that tells where it is decides how much was heard, and not the clock")
    void toldPosition() throws Exception {
        camel.scenario(Scenario.builder().next(Reply.text(ENDLESS).endless()).build());
        start("eventTypes=audio,turn", "");
        answerBegun();
        String item = (String) received.ofType(AUDIO).get(0).header(OpenAIRealtimeConstants.ITEM_ID);
        clock.advance(Duration.ofMillis(900));
        assertThat(RealtimeCamel.done(camel.send("direct:in", ExchangePattern.InOnly, null, Map.of(
                OpenAIRealtimeConstants.OPERATION, "playback-position", OpenAIRealtimeConstants.OVERRIDE_ITEM_ID, item,
                OpenAIRealtimeConstants.OVERRIDE_PLAYED_MS, 333))).getException()).isNull();
        speak(400);
        assertThat(received(TRUNCATE, 1).get(0).path("audio_end_ms").intValue()).isEqualTo(333);
    }

    @Test
    @DisplayName("INT-6 speech after the answer was played to its end cuts nothing")
    void heardToItsEnd() throws Exception {
        start("eventTypes=audio,turn", "");
        speak(800);
        give(SyntheticSpeech.silence(1_000));
        received.await("response.done");
        clock.advance(Duration.ofMinutes(1));
        speak(400);
        received.await(SPEECH, 2);
        give(SyntheticSpeech.silence(1_000));
        received.await("response.done", 2);
        assertThat(received.types()).doesNotContain(INTERRUPTED);
        assertThat(camel.server(0).received(TRUNCATE)).isEmpty();
        assertThat(camel.server(0).received("conversation.item.delete")).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = { "&autoTruncate=false", "&vadInterruptResponse=false" })
    @DisplayName("INT-12 with autoTruncate=false, or where the service goes on, speech cuts nothing")
    void leftAlone(String option) throws Exception {
        camel.scenario(Scenario.builder().next(Reply.text(ENDLESS).endless()).build());
        start("eventTypes=audio,turn", option);
        answerBegun();
        clock.advance(Duration.ofMillis(700));
        speak(400);
        received.await(SPEECH, 2);
        RealtimeCamel.done(camel.operation("direct:in", "mute"));
        assertThat(received.types()).doesNotContain(INTERRUPTED);
        assertThat(camel.server(0).received(TRUNCATE)).isEmpty();
    }

    @Test
    @DisplayName("INT-6 where no consumer takes the audio, and no sink tells of any, speech cuts nothing")
    void nobodyPlays() throws Exception {
        camel.scenario(Scenario.builder().next(Reply.text(ENDLESS).endless()).build());
        start("eventTypes=turn", "");
        speak(800);
        give(SyntheticSpeech.silence(1_000));
        RealtimeCamel.await().until(() -> !camel.server(0).sent(AUDIO).isEmpty());
        clock.advance(Duration.ofMillis(700));
        speak(400);
        received.await("response.done");
        assertThat(received.types()).doesNotContain(INTERRUPTED);
    }

    @Test
    @DisplayName("RESP-10 T-6 what the service still sends of an interrupted answer reaches no consumer")
    void lateDeltas() throws Exception {
        camel.scenario(Scenario.builder().next(Reply.text(ENDLESS).every(Duration.ofMillis(50))).deltasAfterCancel(true).build());
        start("eventTypes=all", "");
        speak(800);
        give(SyntheticSpeech.silence(1_000));
        RealtimeCamel.await().until(() -> {
            clock.advance(Duration.ofMillis(50));
            return !received.ofType(AUDIO).isEmpty();
        });
        speak(400);
        received.await("response.done");
        int end = received.types().indexOf("response.done");
        int speech = received.types().lastIndexOf(SPEECH);
        assertThat(received.types().subList(speech, end)).noneMatch(type -> type.startsWith("response.") && type.endsWith(".delta"));
        assertThat(camel.session("talk").status().droppedDeltas()).isEqualTo(1);
    }

    @Test
    @DisplayName("AIN-15 muted, the service hears silence and ends the turn; what is said meanwhile is not answered")
    void muted() throws Exception {
        start("eventTypes=turn,transcript", "");
        speak(800);
        assertThat(RealtimeCamel.done(camel.operation("direct:in", "mute")).getException()).isNull();
        RealtimeCamel.done(camel.operation("direct:in", "mute"));
        speak(2_000);
        received.await("response.done");
        assertThat(camel.session("talk").status().muted()).isTrue();
        assertThat(camel.session("talk").status().mutedAudioMillis()).isEqualTo(2_000);
        RealtimeCamel.done(camel.operation("direct:in", "unmute"));
        speak(800);
        give(SyntheticSpeech.silence(1_000));
        received.await("response.done", 2);
        assertThat(camel.server(0).appendedSamples()).as("time stays true").isEqualTo((800 + 2_000 + 800 + 1_000) * 24L);
    }

    /** Has the endless answer sent as far as it goes. Returns its length in ms. */
    private long answerBegun() throws Exception {
        speak(800);
        give(SyntheticSpeech.silence(1_000));
        RealtimeCamel.await().until(() -> !camel.server(0).sent("response.created").isEmpty() && camel.simulator().isIdle());
        int pieces = camel.server(0).sent(AUDIO).size();
        assertThat(pieces).isPositive();
        received.await(AUDIO, pieces);
        return WireAudio.spoken(camel.server(0)).length / 48;
    }

    private void speak(int millis) throws Exception {
        give(SyntheticSpeech.pcm(millis));
    }

    /** A second at a time and heard before the next: above its mark the outbox would wait for a clock that stands. */
    private void give(byte[] pcm) throws Exception {
        for (int at = 0; at < pcm.length; at += SECOND_BYTES) {
            byte[] piece = Arrays.copyOfRange(pcm, at, Math.min(pcm.length, at + SECOND_BYTES));
            assertThat(RealtimeCamel.done(camel.tell("direct:in", piece)).getException()).isNull();
            given += piece.length / 2;
            RealtimeCamel.await().until(() -> camel.server(0).appendedSamples() >= given);
        }
    }

    private List<JsonNode> received(String type, int count) {
        RealtimeCamel.await().until(() -> camel.server(0).received(type).size() >= count);
        return camel.server(0).received(type);
    }

    private void start(String consumer, String options) throws Exception {
        camel.component().setTimers(new VirtualTimers(clock));
        camel.start(route -> route.from("openai-realtime:talk?" + consumer).process(received),
                route -> route.from("direct:in").to("openai-realtime:talk?turnDetection=server_vad&operation=append-audio" + options));
        camel.awaitState("talk", SessionState.READY);
    }
}
