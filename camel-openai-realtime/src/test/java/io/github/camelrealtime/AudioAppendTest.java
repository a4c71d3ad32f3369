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
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import io.github.camelrealtime.simulator.SampleRange;
import io.github.camelrealtime.simulator.SimulatedSession;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** How audio is cut into appends and commits. */
class AudioAppendTest {

    private static final String LINE = "openai-realtime:line?turnDetection=none&operation=";
    private static final int BYTES_PER_MILLI = 48;
    private static final int SAMPLES_PER_MILLI = 24;
    private static final int SIXTEEN_MEGABYTES = 16 * 1024 * 1024;
    private static final long ALL_OF_IT = 64L * 1024 * 1024;

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel(builder -> builder.retainedAudio(ALL_OF_IT));

    /** Gives a few bytes at a time, as a pipe may. */
    private static final class Trickle extends InputStream {

        private static final int PIECE = 7;
        private final InputStream all;

        Trickle(byte[] all) {
            this.all = new ByteArrayInputStream(all);
        }

        @Override
        public int read() throws IOException {
            return all.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return all.read(buffer, offset, Math.min(length, PIECE));
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({ "pcm16, 4800", "pcmu, 320", "pcma, 320" })
    @DisplayName("AIN-5 appends are of 100 ms, of 40 ms in telephony, however small the pieces in which the source gives")
    void chunks(String format, int chunkBytes) throws Exception {
        camel.start(route -> route.from("direct:audio")
                .to(LINE + "append-audio&pacing=asap&inputAudioFormat=" + format + "&audioFormat=" + format));
        byte[] audio = new byte[10 * chunkBytes + chunkBytes / 2];
        RealtimeCamel.done(camel.tell("direct:audio", new Trickle(audio)));
        SimulatedSession server = camel.server(0);
        await().atMost(RealtimeCamel.PATIENCE).until(() -> server.committedRanges().size() == 1);
        List<Integer> appends = WireAudio.appends(server);
        assertThat(appends).hasSize(11);
        assertThat(appends.subList(0, 10)).containsOnly(chunkBytes);
        assertThat(appends.get(10)).isEqualTo(chunkBytes / 2);
    }

    @Test
    @DisplayName("AIN-6 a body of 16 MiB goes out in appends of 100 ms")
    void hugeBody() throws Exception {
        camel.start(route -> route.from("direct:audio").to(LINE + "append-audio"));
        assertThat(RealtimeCamel.done(camel.tell("direct:audio", new byte[SIXTEEN_MEGABYTES])).getException()).isNull();
        assertCut();
    }

    @Test
    @DisplayName("AIN-6 an append of 16 MiB written by hand goes out in appends of 100 ms, and waits for room as bodies do")
    void hugeEvent() throws Exception {
        camel.start(route -> route.from("direct:event").to(LINE + "send-event"));
        Map<String, Object> event = Map.of(
                "type", "input_audio_buffer.append", "audio", Base64.getEncoder().encodeToString(new byte[SIXTEEN_MEGABYTES]));
        assertThat(RealtimeCamel.done(camel.tell("direct:event", event)).getException()).isNull();
        assertCut();
    }

    private void assertCut() {
        SimulatedSession server = camel.server(0);
        await().atMost(RealtimeCamel.PATIENCE).until(() -> server.appendedSamples() == SIXTEEN_MEGABYTES / 2);
        List<Integer> appends = WireAudio.appends(server);
        assertThat(appends.subList(0, appends.size() - 1)).containsOnly(100 * BYTES_PER_MILLI);
        assertThat(appends.stream().mapToLong(Integer::longValue).sum()).isEqualTo(SIXTEEN_MEGABYTES);
    }

    @Test
    @DisplayName("AIN-8 less than 100 ms are not committed but kept; what comes then is committed with them")
    void smallCommit() throws Exception {
        camel.start(route -> route.from("direct:audio").to(LINE + "append-audio"),
                route -> route.from("direct:commit").to(LINE + "commit-audio&await=committed"));
        RealtimeCamel.done(camel.tell("direct:audio", SyntheticSpeech.pcm(99)));
        Exchange suppressed = RealtimeCamel.done(camel.tell("direct:commit", null));
        assertThat(suppressed.getException()).isNull();
        assertThat(suppressed.getMessage().getHeader(OpenAIRealtimeConstants.ITEM_ID)).isNull();
        assertThat(camel.session("line").status().suppressedCommits()).isEqualTo(1);
        RealtimeCamel.done(camel.tell("direct:audio", SyntheticSpeech.pcm(1)));
        Exchange committed = RealtimeCamel.done(camel.tell("direct:commit", null));
        assertThat(committed.getMessage().getHeader(OpenAIRealtimeConstants.ITEM_ID)).isNotNull();
        assertThat(camel.server(0).received("input_audio_buffer.commit")).hasSize(1);
        assertThat(camel.server(0).committedRanges()).containsExactly(new SampleRange(0, 100 * SAMPLES_PER_MILLI));
        assertThat(camel.server(0).sent("error")).isEmpty();
    }

    @Test
    @DisplayName("AIN-8 after a clear the count starts anew: nothing is committed of what was cleared")
    void clearedIsNotCommitted() throws Exception {
        camel.start(route -> route.from("direct:audio").to(LINE + "append-audio"),
                route -> route.from("direct:clear").to(LINE + "clear-audio"),
                route -> route.from("direct:commit").to(LINE + "commit-audio&await=committed"));
        RealtimeCamel.done(camel.tell("direct:audio", SyntheticSpeech.pcm(500)));
        RealtimeCamel.done(camel.tell("direct:clear", null));
        RealtimeCamel.done(camel.tell("direct:audio", SyntheticSpeech.pcm(50)));
        RealtimeCamel.done(camel.tell("direct:commit", null));
        RealtimeCamel.done(camel.tell("direct:audio", SyntheticSpeech.pcm(60)));
        RealtimeCamel.done(camel.tell("direct:commit", null));
        assertThat(camel.server(0).committedRanges())
                .containsExactly(new SampleRange(500 * SAMPLES_PER_MILLI, 610 * SAMPLES_PER_MILLI));
        assertThat(camel.server(0).sent("error")).isEmpty();
    }

    @Test
    @DisplayName("AIN-8 the rest of a stream that is shorter than 100 ms is padded with silence and committed at its end")
    void paddedRest() throws Exception {
        camel.start(route -> route.from("direct:audio").to(LINE + "append-audio&await=committed&audioFormat=pcm16"));
        byte[] rest = SyntheticSpeech.pcm(30);
        assertThat(RealtimeCamel.done(camel.tell("direct:audio", new ByteArrayInputStream(rest))).getException()).isNull();
        SimulatedSession server = camel.server(0);
        assertThat(server.committedRanges()).hasSize(1);
        assertThat(server.committedRanges().get(0).length())
                .isBetween(100L * SAMPLES_PER_MILLI, 102L * SAMPLES_PER_MILLI);
        byte[] wire = WireAudio.appended(server);
        assertThat(wire).startsWith(rest);
        assertThat(new String(wire, rest.length, wire.length - rest.length, StandardCharsets.ISO_8859_1))
                .as("padding").matches("\0+");
        assertThat(server.sent("error")).isEmpty();
    }

    @Test
    @DisplayName("AIN-8 an empty stream commits nothing")
    void emptyStream() throws Exception {
        camel.start(route -> route.from("direct:audio").to(LINE + "append-audio&await=committed&audioFormat=pcm16"));
        assertThat(RealtimeCamel.done(camel.tell("direct:audio", new ByteArrayInputStream(new byte[0]))).getException()).isNull();
        assertThat(camel.server(0).frames()).noneMatch(frame -> frame.type().startsWith("input_audio_buffer"));
    }
}
