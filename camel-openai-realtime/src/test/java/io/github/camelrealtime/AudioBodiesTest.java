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
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

import io.github.camelrealtime.audio.AudioFormatException;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import org.apache.camel.Exchange;
import org.apache.camel.converter.stream.InputStreamCache;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What may be in an exchange that brings audio. */
class AudioBodiesTest {

    private static final String LINE = "openai-realtime:line?turnDetection=none&connectOn=first-message";
    private static final byte[] PCM = SyntheticSpeech.pcm(700);
    private static final long SAMPLES = PCM.length / 2;

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @TempDir
    Path directory;

    private Path wav;

    @BeforeEach
    void write() throws Exception {
        wav = Files.write(directory.resolve("speech.wav"), Wav.pcm(24_000, 16, 1, WireAudio.samples(PCM)));
    }

    private void give(Object body) throws Exception {
        // no operation: the body says that this is audio
        camel.start(route -> route.from("direct:audio").to(LINE));
        Exchange done = RealtimeCamel.done(camel.tell("direct:audio", body));
        assertThat(done.getException()).isNull();
    }

    private void assertPiece() {
        await().atMost(RealtimeCamel.PATIENCE).until(() -> camel.server(0).appendedSamples() == SAMPLES);
        assertThat(WireAudio.appended(camel.server(0))).isEqualTo(PCM);
        assertThat(camel.server(0).received("input_audio_buffer.commit")).as("a piece ends nothing").isEmpty();
    }

    private void assertRecording() {
        await().atMost(RealtimeCamel.PATIENCE).until(() -> camel.server(0).committedRanges().size() == 1);
        assertThat(WireAudio.appended(camel.server(0))).isEqualTo(PCM);
    }

    @Test
    @DisplayName("AIN-18 byte[]: a piece of a stream that goes on")
    void bytes() throws Exception {
        give(PCM);
        assertPiece();
    }

    @Test
    @DisplayName("AIN-18 ByteBuffer: what remains in it, and it is left as it was")
    void buffer() throws Exception {
        ByteBuffer buffer = ByteBuffer.allocate(PCM.length + 20).position(10).put(PCM).flip().position(10);
        give(buffer);
        assertPiece();
        assertThat(buffer.remaining()).isEqualTo(PCM.length);
    }

    @Test
    @DisplayName("AIN-18 InputStream: a recording, closed when it has been read")
    void inputStream() throws Exception {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        give(new ByteArrayInputStream(Files.readAllBytes(wav)) {
            @Override
            public void close() {
                closed.complete(null);
            }
        });
        assertRecording();
        assertThat(closed).isDone();
    }

    @Test
    @DisplayName("AIN-18 File: a recording")
    void file() throws Exception {
        give(wav.toFile());
        assertRecording();
    }

    @Test
    @DisplayName("AIN-18 Path: a recording")
    void path() throws Exception {
        give(wav);
        assertRecording();
    }

    @Test
    @DisplayName("AIN-18 a stream cache is a recording, and can be read again afterwards")
    void streamCache() throws Exception {
        Received after = new Received();
        byte[] file = Files.readAllBytes(wav);
        camel.start(route -> route.from("direct:audio").to(LINE)
                .process(exchange -> exchange.getMessage().setBody(exchange.getMessage().getBody(byte[].class))).process(after));
        RealtimeCamel.done(camel.tell("direct:audio", new InputStreamCache(file)));
        assertRecording();
        assertThat((byte[]) after.await(1).get(0).body()).isEqualTo(file);
    }

    @Test
    @DisplayName("AIN-18 the body of a file route is a recording, and the file is done with afterwards")
    void fileRoute() throws Exception {
        camel.start(route -> route.from("file:" + directory + "?move=done&initialDelay=0&delay=50").to(LINE));
        assertRecording();
        await().atMost(RealtimeCamel.PATIENCE).until(() -> Files.exists(directory.resolve("done/speech.wav")));
    }

    @Test
    @DisplayName("AIN-18 a recording is read as it is sent: no more of it is in memory than may wait to be sent")
    void flatMemory() throws Exception {
        camel.scenario(Scenario.builder().withholdSessionUpdated().build());
        // Camel's stream caching reads a stream to its end before anything else; it is of no use for streams such as this
        camel.start(route -> route.from("direct:audio").noStreamCaching().to(LINE + "&maxQueuedAudio=1s&audioFormat=pcm16&pacing=asap"));
        AtomicLong read = new AtomicLong();
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                read.incrementAndGet();
                return 0;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                read.addAndGet(length);
                return length;
            }
        };
        CompletableFuture<Exchange> given = camel.tell("direct:audio", endless);
        await().atMost(RealtimeCamel.PATIENCE)
                .until(() -> camel.session("line").status().queuedAudioMillis() == 1_000);
        assertThat(read.get()).isEqualTo(48_000);
        assertThat(given).isNotDone();
        camel.session("line").closeNow();
        assertThat(RealtimeCamel.done(given).getException()).isNotNull();
    }

    @Test
    @DisplayName("AIN-1 a stream that does not say what it is, is refused with what to do")
    void unknownStream() throws Exception {
        camel.start(route -> route.from("direct:audio").to(LINE));
        Exchange refused = RealtimeCamel.done(camel.tell("direct:audio", new ByteArrayInputStream(PCM)));
        assertThat(refused.getException()).isInstanceOf(AudioFormatException.class).hasMessageContaining("audioFormat=");
    }
}
