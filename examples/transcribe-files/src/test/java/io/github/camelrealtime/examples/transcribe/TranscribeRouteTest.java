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
package io.github.camelrealtime.examples.transcribe;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.camelrealtime.simulator.AudioClip;
import io.github.camelrealtime.simulator.RealtimeSimulator;
import io.github.camelrealtime.simulator.Transcriber;
import io.github.camelrealtime.simulator.Transcription;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class TranscribeRouteTest {

    private static final int SIDE_BY_SIDE = 4;

    @TempDir
    Path folder;

    /** Nobody is answered until four wait for an answer: if the route took the files one by one, all would fail. */
    private static final class FourAtOnce implements Transcriber {

        private final CountDownLatch four = new CountDownLatch(SIDE_BY_SIDE);
        private final AtomicInteger inside = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        @Override
        public Transcription transcribe(AudioClip clip) {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            four.countDown();
            try {
                boolean together = four.await(20, TimeUnit.SECONDS);
                return together ? Transcription.of("Together.") : Transcription.failed("alone", "No four at once.");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Transcription.failed("interrupted", "Interrupted.");
            } finally {
                inside.decrementAndGet();
            }
        }
    }

    @Test
    @DisplayName("Four recordings are transcribed side by side, and no more")
    void sideBySide() throws Exception {
        Path inbox = Files.createDirectories(folder.resolve("inbox"));
        try (InputStream in = TranscribeRoute.class.getResourceAsStream("/recordings/hello-world.wav")) {
            byte[] recording = in.readAllBytes();
            for (int i = 0; i < 2 * SIDE_BY_SIDE; i++) {
                Files.write(inbox.resolve("recording-" + i + ".wav"), recording);
            }
        }
        FourAtOnce transcriber = new FourAtOnce();
        Progress progress = new Progress(new PrintStream(OutputStream.nullOutputStream()), Map.of(), 2 * SIDE_BY_SIDE);

        try (RealtimeSimulator simulator = RealtimeSimulator.builder().transcriber(transcriber).build()) {
            simulator.start();
            Main camel = new Main();
            camel.addInitialProperty("camel.component.openai-realtime.base-url", simulator.baseUrl());
            camel.addInitialProperty("camel.component.openai-realtime.api-key", "sk-simulator");
            camel.addInitialProperty("model", "gpt-live-transcribe");
            camel.addInitialProperty("folder", folder.toString());
            camel.bind("progress", progress);
            camel.configure().addRoutesBuilder(new TranscribeRoute());
            camel.start();
            try {
                assertThat(progress.await(Duration.ofSeconds(60))).isTrue();
            } finally {
                camel.stop();
            }
            assertThat(simulator.violations()).isEmpty();
        }

        assertThat(progress.results()).hasSize(2 * SIDE_BY_SIDE);
        assertThat(transcriber.most).hasValue(SIDE_BY_SIDE);
    }
}
