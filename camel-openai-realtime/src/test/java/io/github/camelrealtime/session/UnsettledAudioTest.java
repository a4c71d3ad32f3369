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
package io.github.camelrealtime.session;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.session.OutboxEntry.Sound;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class UnsettledAudioTest {

    private static final AudioFormat FORMAT = AudioFormat.PCMU_8K;
    private static final int PIECE = 160;
    private static final int HOUR = 3_600 * 8_000 / PIECE;

    private final StreamMap streams = new StreamMap(FORMAT.sampleRate());
    private final List<WeakReference<OutboxEntry>> early = new ArrayList<>();
    private long stream;

    private UnsettledAudio ring(long maxMillis) {
        UnsettledAudio ring = new UnsettledAudio(FORMAT, maxMillis, streams);
        ring.admitted(1);
        return ring;
    }

    private void give(UnsettledAudio ring, int bytes, Sound sound) {
        OutboxEntry entry = OutboxEntry.of(new byte[bytes], null, stream, sound);
        stream += bytes;
        if (early.size() < 1_000) {
            early.add(new WeakReference<>(entry));
        }
        ring.leaving(entry);
    }

    private void commit(UnsettledAudio ring) {
        ring.leaving(OutboxEntry.ofCommit(ClientEvent.commit(), null));
    }

    @ParameterizedTest
    @EnumSource(Sound.class)
    @DisplayName("AOUT-7 FLOW-6 three hours of which nothing is ever settled: the ring keeps its bound, and lets go of what is older")
    void bounded(Sound sound) {
        UnsettledAudio ring = ring(120_000);
        for (int piece = 0; piece < 3 * HOUR; piece++) {
            give(ring, PIECE, sound);
            if (sound == Sound.ANY && piece % 500 == 499) {
                commit(ring);
            }
            if (piece % 1_000 == 0) {
                assertThat(ring.bytes()).isLessThanOrEqualTo(FORMAT.bytesOf(120_000));
            }
        }
        assertThat(ring.size()).isLessThanOrEqualTo(120_000 / 20 + 13);
        await().atMost(20, TimeUnit.SECONDS).until(() -> {
            System.gc();
            return early.stream().allMatch(entry -> entry.get() == null);
        });
        long kept = ring.unsettledSamples();
        assertThat(kept).isLessThanOrEqualTo(FORMAT.bytesOf(120_000));
        AudioAgain again = ring.takeAll(1, new byte[0]);
        assertThat(again.streamSamples(FORMAT)).isEqualTo(kept);
        assertThat(ring.bytes()).isZero();
        assertThat(ring.size()).isZero();
    }

    @Test
    @DisplayName("FLOW-6 pieces of a sample each: the ring is bounded in number, too, and what is missing is known")
    void boundedInNumber() {
        UnsettledAudio ring = ring(120_000);
        for (int piece = 0; piece < 3 * UnsettledAudio.MAX_ENTRIES; piece++) {
            give(ring, 1, Sound.ANY);
        }
        assertThat(ring.size()).isEqualTo(UnsettledAudio.MAX_ENTRIES);
        AudioAgain again = ring.takeAll(1, new byte[0]);
        assertThat(again.streamSamples(FORMAT)).isEqualTo(UnsettledAudio.MAX_ENTRIES);
        assertThat(again.lostSamples).isEqualTo(2L * UnsettledAudio.MAX_ENTRIES);
        assertThat(again.streamStart()).isEqualTo(2L * UnsettledAudio.MAX_ENTRIES);
        assertThat(ring.lostSamples()).isEqualTo(again.lostSamples);
    }

    @Test
    @DisplayName("FLOW-6 ROLL-12 maxUnsettledAudio=0: nothing to speak of is kept, nothing is sent again, and what is lost is counted")
    void none() {
        UnsettledAudio ring = ring(0);
        for (int piece = 0; piece < 1_000; piece++) {
            give(ring, PIECE, Sound.ANY);
            assertThat(ring.bytes()).isLessThanOrEqualTo(PIECE);
            if (piece == 399) {
                commit(ring);
            }
        }
        AudioAgain again = ring.takeAll(1, new byte[0]);
        assertThat(again.entries).isEmpty();
        assertThat(again.lostSamples).isEqualTo(1_000L * PIECE);
        assertThat(again.lostOpenSamples).isEqualTo(600L * PIECE);
        assertThat(ring.lostSamples()).isEqualTo(again.lostSamples);
    }

    @Test
    @DisplayName("ROLL-12 maxUnsettledAudio=0: silence that the service need not have is no loss")
    void noneOfSilence() {
        UnsettledAudio ring = ring(0);
        for (int piece = 0; piece < 1_000; piece++) {
            give(ring, PIECE, Sound.QUIET);
        }
        assertThat(ring.takeAll(1, new byte[0]).lostSamples).isZero();
    }
}
