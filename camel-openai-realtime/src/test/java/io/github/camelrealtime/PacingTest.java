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
import java.io.FilterInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import ch.qos.logback.classic.Level;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import io.github.camelrealtime.simulator.VirtualClock;
import org.apache.camel.Exchange;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** How fast a recording is given, by a clock that only the test moves. */
class PacingTest {

    private static final String LINE
            = "openai-realtime:line?turnDetection=none&operation=append-audio&audioFormat=pcm16&maxQueuedAudio=1s"
              + "&livenessTimeout=0&sendTimeout=0&pacing=";
    private static final int SAMPLES_PER_MILLI = 24;
    /** More than a piece of audio lasts, so that a source which sleeps piece by piece would be late each time. */
    private static final Duration STEP = Duration.ofMillis(130);
    private static final int FILE_MILLIS = 60_000;
    private static final int STUCK_POLLS = 40;

    private final VirtualClock clock = new VirtualClock();

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private CompletableFuture<Exchange> give(String pacing, int millis) throws Exception {
        return give(pacing, new ByteArrayInputStream(SyntheticSpeech.pcm(millis)));
    }

    private CompletableFuture<Exchange> give(String pacing, InputStream audio) throws Exception {
        camel.component().setTimers(new VirtualTimers(clock));
        camel.start(route -> route.from("direct:audio").noStreamCaching().to(LINE + pacing));
        camel.awaitState("line", SessionState.READY);
        return camel.tell("direct:audio", audio);
    }

    /** Waits until the source waits for the clock and all it gave has arrived, or the exchange is done. */
    private void settle(CompletableFuture<Exchange> given) {
        await().atMost(RealtimeCamel.PATIENCE).pollInSameThread().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1))
                .until(() -> given.isDone() || clock.millisToNext() <= 100 && sentMillis() == arrivedMillis());
    }

    /**
     * Waits without moving the clock, but for what a full transport needs to be asked again, and for a source that began to
     * wait just as the clock was moved, which is late by as much.
     */
    private void patiently(BooleanSupplier condition) {
        AtomicInteger polls = new AtomicInteger();
        await().atMost(RealtimeCamel.PATIENCE).pollInSameThread().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    boolean stuck = polls.incrementAndGet() % STUCK_POLLS == 0;
                    if (stuck || camel.session("line").status().queuedAudioMillis() > 0) {
                        clock.advance(Duration.ofMillis(1));
                    }
                    return condition.getAsBoolean();
                });
    }

    private long sentMillis() {
        return camel.session("line").status().sentAudioMillis();
    }

    private long arrivedMillis() {
        return camel.server(0).appendedSamples() / SAMPLES_PER_MILLI;
    }

    @ParameterizedTest(name = "pacing={0}")
    @CsvSource({ "realtime, 60000", "2.5, 24000" })
    @DisplayName("AIN-7 a file of 60 s takes 60 s, or as many as the factor says, without drift though each step is late")
    void paced(String pacing, long expectedMillis) throws Exception {
        long start = clock.millis();
        CompletableFuture<Exchange> given = give(pacing, FILE_MILLIS);
        while (sentMillis() < FILE_MILLIS) {
            clock.advance(STEP);
            long due = Math.min(FILE_MILLIS, (clock.millis() - start) * FILE_MILLIS / expectedMillis);
            patiently(() -> sentMillis() >= due);
        }
        assertThat(clock.millis() - start).isCloseTo(expectedMillis, Percentage.withPercentage(1));
        patiently(() -> {
            clock.advance(Duration.ofMillis(5));
            return given.isDone();
        });
        assertThat(given.get().getException()).isNull();
        await().atMost(RealtimeCamel.PATIENCE).until(() -> camel.server(0).committedRanges().size() == 1);
        assertThat(camel.server(0).appendedSamples()).isEqualTo(60_000L * SAMPLES_PER_MILLI);
    }

    @Test
    @DisplayName("AIN-7 in real time nothing is given before its time")
    void notEarly() throws Exception {
        CompletableFuture<Exchange> given = give("realtime", 10_000);
        for (int tenth = 1; tenth <= 30; tenth++) {
            settle(given);
            assertThat(sentMillis()).isEqualTo(tenth * 100L);
            clock.advance(Duration.ofMillis(100));
        }
        camel.session("line").closeNow();
    }

    @Test
    @DisplayName("AIN-7 auto: a live source is given in real time, however much of it is there, and the log says why")
    void autoLive() throws Exception {
        try (LogCapture log = LogCapture.of("io.github.camelrealtime.operation", Level.DEBUG)) {
            // an InputStream of which nobody can say what it is
            CompletableFuture<Exchange> given = give(
                    "auto", new FilterInputStream(new ByteArrayInputStream(SyntheticSpeech.pcm(10_000))) {
                    });
            for (int tenth = 1; tenth <= 30; tenth++) {
                long due = tenth * 100L;
                patiently(() -> sentMillis() >= due);
                assertThat(sentMillis()).isLessThanOrEqualTo(due + 100);
                clock.advance(Duration.ofMillis(100));
            }
            assertThat(given).isNotDone();
            assertThat(log.messages()).filteredOn(message -> message.contains("pacing=realtime (option: auto)")).hasSize(1);
        }
        camel.session("line").closeNow();
    }

    @ParameterizedTest(name = "pacing={0}")
    @ValueSource(strings = { "asap", "auto" })
    @DisplayName("AIN-7 as soon as possible, also auto for what has an end, takes no time, though only so much is under way at once")
    void asap(String pacing) throws Exception {
        CompletableFuture<Exchange> given = give(pacing, 60_000);
        await().atMost(RealtimeCamel.PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> {
            assertThat(camel.session("line").status().queuedAudioMillis()).isLessThanOrEqualTo(1_100);
            // not for the pace: a full transport is asked again by the clock
            clock.advance(Duration.ofMillis(5));
            return given.isDone();
        });
        assertThat(given.get().getException()).isNull();
        await().atMost(RealtimeCamel.PATIENCE).until(() -> arrivedMillis() == 60_000);
    }
}
