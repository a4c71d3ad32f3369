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
import java.util.concurrent.atomic.AtomicLong;

import io.github.camelrealtime.session.PlayQueue;
import io.github.camelrealtime.session.RealtimeSession;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Hours of voice out, of which nothing may be kept. */
@Tag("hours")
class VoiceOutHeapTest {

    private static final int SESSIONS = 3;
    /** A minute of voice in each answer, an answer every other minute. */
    private static final int DELTAS = 600;
    private static final long PLAY_QUEUE_MILLIS = 120_000;
    private static final long QUEUE_BYTES = PLAY_QUEUE_MILLIS * 8;

    private static Crowd crowd() {
        return new Crowd(SESSIONS, Duration.ZERO, Duration.ofMinutes(60), DELTAS, options -> {
            options.setTurnDetection("none");
            options.setTranscriptionModel("gpt-4o-transcribe");
            options.setSegmentation(false);
            options.setOutputAudioFormat("pcmu");
        }).open();
    }

    @Test
    @DisplayName("AOUT-7 two hours of voice that nobody plays: none of it is held")
    void nobodyPlays() {
        try (Crowd crowd = crowd()) {
            crowd.talk(Duration.ofMinutes(2)).pass(Duration.ofMinutes(10));
            long before = Footprint.of(crowd.sessions()).audioBytes();
            crowd.pass(Duration.ofMinutes(110));
            assertThat(crowd.deltas()).isGreaterThan(SESSIONS * 40L * DELTAS);
            assertThat(Footprint.of(crowd.sessions()).audioBytes()).isLessThanOrEqualTo(before + LightService.DELTA_BYTES);
        }
    }

    @Test
    @DisplayName("AOUT-3 AOUT-7 two hours of voice at the pace of speech: all of it is played, and no more is held than waits to be")
    void paced() {
        try (Crowd crowd = crowd()) {
            RealtimeSession session = crowd.sessions().get(0);
            AtomicLong played = new AtomicLong();
            PlayQueue queue = session.playback().paced(20, PLAY_QUEUE_MILLIS, () -> true, event -> {
                byte[] audio = event.event().getAudio();
                played.addAndGet(audio == null ? 0 : audio.length);
            });
            session.subscribe(event -> {
                if (PlayQueue.isFor(event.event().getType())) {
                    queue.take(event);
                }
            });
            crowd.talk(Duration.ofMinutes(2));
            long most = 0;
            for (int minute = 0; minute < 120; minute++) {
                crowd.pass(Duration.ofMinutes(1));
                most = Math.max(most, Footprint.of(queue).audioBytes());
                assertThat(queue.queuedMillis()).isLessThanOrEqualTo(PLAY_QUEUE_MILLIS);
            }
            assertThat(queue.droppedMillis()).isZero();
            assertThat(played.get()).isGreaterThan(40L * (DELTAS - 1) * LightService.DELTA_BYTES);
            assertThat(most).as("bytes of voice held").isLessThanOrEqualTo(QUEUE_BYTES);
            queue.close();
        }
    }
}
