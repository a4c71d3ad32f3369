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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

import io.github.camelrealtime.simulator.SampleRange;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SimulatedSession;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import io.github.camelrealtime.simulator.VirtualClock;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.camelrealtime.RealtimeCamel.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** The first syllable: what was said before there is a connection, and before the segmenter knew that it was speech. */
class PreRollTest {

    private static final int PIECE_MILLIS = 20;
    private static final int BYTES_PER_MILLI = 48;
    private static final int SAMPLES_PER_MILLI = 24;

    private final VirtualClock simulatorClock = new VirtualClock();

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel(builder -> builder.clock(simulatorClock));

    private List<CompletableFuture<Exchange>> say(byte[] talk, int pieceBytes) throws Exception {
        List<CompletableFuture<Exchange>> given = new ArrayList<>();
        for (int at = 0; at < talk.length; at += pieceBytes) {
            given.add(camel.tell("direct:live", Arrays.copyOfRange(talk, at, Math.min(talk.length, at + pieceBytes))));
        }
        return given;
    }

    @Test
    @DisplayName("AIN-11 what is said before the session is ready is kept and sent first, from the first sample, pieces and recordings")
    void beforeConnect() throws Exception {
        camel.scenario(Scenario.builder().delaySessionUpdated(Duration.ofSeconds(2)).build());
        camel.start(route -> route.from("direct:live")
                .to("openai-realtime:line?turnDetection=none&connectOn=first-message&operation=append-audio&audioFormat=pcm16"));
        byte[] live = SyntheticSpeech.pcm(1_500);
        List<CompletableFuture<Exchange>> given = say(live, PIECE_MILLIS * BYTES_PER_MILLI);
        given.add(camel.tell("direct:live", new ByteArrayInputStream(SyntheticSpeech.pcm(300))));
        SimulatedSession server = camel.server(0);
        await().until(() -> server.received("session.update").size() == 1);
        assertThat(server.received("input_audio_buffer.append")).as("nothing is sent before session.updated").isEmpty();
        simulatorClock.advance(Duration.ofSeconds(2));
        for (CompletableFuture<Exchange> each : given) {
            assertThat(RealtimeCamel.done(each).getException()).isNull();
        }
        await().until(() -> server.committedRanges().size() == 1);
        assertThat(WireAudio.appended(server)).startsWith(live).endsWith(SyntheticSpeech.pcm(300)).hasSize(1_800 * BYTES_PER_MILLI);
    }

    @Test
    @DisplayName("AIN-11 of a call that cannot wait the newest seconds are kept until there is a connection, and the rest is counted")
    void callBeforeConnect() throws Exception {
        camel.scenario(Scenario.builder().delaySessionUpdated(Duration.ofSeconds(2)).build());
        Received gaps = new Received();
        camel.start(
                route -> route.from("direct:live").to("openai-realtime:line?turnDetection=none&inputAudioFormat=pcmu"
                                                      + "&connectOn=first-message&operation=append-audio&maxQueuedAudio=500&await=none"),
                route -> route.from("openai-realtime:line?eventTypes=camel.audio.gap").process(gaps));
        byte[] codes = new byte[8 * 1_200];
        new Random(1).nextBytes(codes);
        say(codes, 8 * PIECE_MILLIS);
        SimulatedSession server = camel.server(0);
        await().until(() -> server.received("session.update").size() == 1);
        simulatorClock.advance(Duration.ofSeconds(2));
        await().until(() -> WireAudio.appended(server).length >= 8 * 500);
        byte[] kept = WireAudio.appended(server);
        assertThat(kept).hasSize(8 * 500).isEqualTo(Arrays.copyOfRange(codes, codes.length - kept.length, codes.length));
        gaps.await(1);
    }

    @ParameterizedTest(name = "segmentPreRoll={0}")
    @ValueSource(ints = { 0, 300, 500 })
    @DisplayName("AIN-11 the moments before our segmenter hears speech are given with it: 300 ms if nothing else is said")
    void beforeLocalTurn(int preRoll) throws Exception {
        camel.start(route -> route.from("direct:live").to("openai-realtime:captions?sessionType=transcription&operation=append-audio"
                                                          + (preRoll == 300 ? "" : "&segmentPreRoll=" + preRoll)));
        // hardly a sound, but each sample another, so that it shows which of them arrived
        byte[] breath = new byte[1_000 * BYTES_PER_MILLI];
        Random random = new Random(5);
        for (int i = 0; i < breath.length; i += 2) {
            breath[i] = (byte) random.nextInt(3);
        }
        byte[] words = SyntheticSpeech.pcm(600);
        ByteArrayOutputStream talk = new ByteArrayOutputStream();
        talk.writeBytes(breath);
        talk.writeBytes(words);
        talk.writeBytes(SyntheticSpeech.silence(1_000));
        for (CompletableFuture<Exchange> each : say(talk.toByteArray(), PIECE_MILLIS * BYTES_PER_MILLI)) {
            assertThat(RealtimeCamel.done(each).getException()).isNull();
        }
        SimulatedSession server = camel.server(0);
        await().until(() -> server.committedRanges().size() == 1);
        SampleRange segment = server.committedRanges().get(0);
        long expected = (preRoll + 600L + 500) * SAMPLES_PER_MILLI;
        assertThat(segment.length()).isCloseTo(expected, within(60L * SAMPLES_PER_MILLI));
        byte[] wire = WireAudio.appended(server);
        // the words repeat themselves, so only most of them are found in one place alone
        int cut = 100 * BYTES_PER_MILLI;
        int wordsAt = indexOf(wire, Arrays.copyOfRange(words, cut, words.length)) - cut;
        assertThat(wordsAt / BYTES_PER_MILLI).as("ms before the words").isBetween(preRoll - 40, preRoll + 40);
        byte[] before = Arrays.copyOf(wire, Math.max(0, wordsAt));
        assertThat(before).isEqualTo(Arrays.copyOfRange(breath, breath.length - before.length, breath.length));
    }

    private static int indexOf(byte[] all, byte[] part) {
        for (int at = 0; at + part.length <= all.length; at += 2) {
            if (Arrays.equals(all, at, at + part.length, part, 0, part.length)) {
                return at;
            }
        }
        throw new AssertionError("it is not in there");
    }
}
