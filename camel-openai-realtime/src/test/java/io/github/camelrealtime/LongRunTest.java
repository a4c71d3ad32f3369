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

import io.github.camelrealtime.event.SessionType;
import io.github.camelrealtime.simulator.SampleRange;
import io.github.camelrealtime.transport.memory.MemoryConnection.Way;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Hours in seconds: what the fixture is for, on sessions that live as long as they like. */
@Tag("hours")
class LongRunTest {

    private static final Duration SPEECH = Duration.ofSeconds(4);
    private static final Duration SILENCE = Duration.ofSeconds(1);

    private final VirtualWorld world = VirtualWorld.onOneThread(builder -> builder
            .transcriber(StreamPattern.transcriber()).sessionLifetime(Duration.ofHours(24)));

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    @DisplayName("SIM-5 SIM-12 an hour of a broadcast, committed by hand: every sample transcribed, once and in order")
    void everySampleOnce() {
        try (LongRun run = new LongRun(world, options -> {
            options.setSessionType(SessionType.TRANSCRIPTION);
            options.setTurnDetection("none");
            options.setSegmentation(false);
        }).open()) {
            for (int minute = 0; minute < 60; minute++) {
                run.talk(Duration.ofMinutes(1), SPEECH, SILENCE).commit();
            }
            assertThat(run.given()).isEqualTo(3600L * 8000);
            assertThat(run.transcribed()).containsExactly(new SampleRange(0, run.given()));
            assertThat(run.finals()).hasSize(60);
            assertThat(world.sessions()).hasSize(1);
        }
    }

    @Test
    @DisplayName("SIM-5 SIM-12 an hour of talk under the service's voice detector: a turn and an answer every five seconds, each once")
    void turns() {
        try (LongRun run = new LongRun(world, options -> {
            options.setTurnDetection("server_vad");
            options.setTranscriptionModel("gpt-4o-transcribe");
        }).open()) {
            run.talk(Duration.ofHours(1), SPEECH, SILENCE);
            List<SampleRange> heard = run.transcribed();
            assertThat(run.finals()).hasSize(720);
            assertThat(heard).hasSize(720).isSortedAccordingTo((a, b) -> Long.compare(a.end(), b.first()));
            assertThat(run.events("response.done")).hasSize(720);
            long turn = SPEECH.plus(SILENCE).toMillis() * StreamPattern.SAMPLES_PER_MILLI;
            long speech = SPEECH.toMillis() * StreamPattern.SAMPLES_PER_MILLI;
            for (int i = 0; i < heard.size(); i++) {
                assertThat(heard.get(i).first()).isLessThanOrEqualTo(i * turn);
                assertThat(heard.get(i).end()).isGreaterThanOrEqualTo(i * turn + speech);
            }
        }
    }

    @Test
    @DisplayName("SIM-4 a cut connection, and one into which everything vanishes: the session is on another within its time-outs")
    void brokenNetwork() {
        try (LongRun run = new LongRun(world, options -> {
            options.setTurnDetection("server_vad");
            options.setTranscriptionModel("gpt-4o-transcribe");
        }).open()) {
            run.talk(Duration.ofMinutes(1), SPEECH, SILENCE);
            world.link().cut();
            run.talk(Duration.ofMinutes(1), SPEECH, SILENCE);
            assertThat(world.links()).hasSize(2);
            assertThat(world.link().isOpen()).isTrue();
            world.link().blackHole(Way.TO_SERVICE);
            world.link().blackHole(Way.TO_CLIENT);
            run.talk(Duration.ofMinutes(2), SPEECH, SILENCE);
            assertThat(world.links()).hasSize(3);
            int before = run.finals().size();
            run.talk(Duration.ofMinutes(1), SPEECH, SILENCE);
            assertThat(run.finals()).hasSize(before + 12);
        }
    }
}
