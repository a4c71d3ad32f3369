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
package io.github.camelrealtime.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;

import io.github.camelrealtime.audio.EnergySegmenter.Settings;
import io.github.camelrealtime.audio.SegmentRecorder.Segment;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnergySegmenterTest {

    private static final int RATE = 24_000;
    private static final int FRAME = RATE / 50;

    private final Random random = new Random(42);

    @ParameterizedTest
    @ValueSource(doubles = { -15, -25, -35, -40 })
    @DisplayName("SEG-1 speech between silences is one segment, from the pre-roll to the hangover")
    void oneSegment(double level) {
        SegmentRecorder recorder = run(quiet(2), speech(level, 3), quiet(2));
        assertThat(recorder.segments).hasSize(1);
        Segment segment = recorder.segments.get(0);
        assertThat(segment.startSeconds(RATE)).isCloseTo(2 - 0.3, offset(0.1));
        assertThat(segment.endSeconds(RATE)).isCloseTo(5 + 0.5, offset(0.1));
    }

    @Test
    @DisplayName("SEG-1 a pause shorter than the hangover is part of the segment, a longer one ends it")
    void pauses() {
        SegmentRecorder recorder = run(speech(-20, 2), quiet(0.35), speech(-20, 2), quiet(0.7), speech(-20, 2));
        assertThat(recorder.segments).hasSize(2);
        assertThat(recorder.segments.get(0).start()).isZero();
        assertThat(recorder.segments.get(0).endSeconds(RATE)).isCloseTo(4.35 + 0.5, offset(0.1));
        // the pre-roll would reach into the first segment: it stops there
        assertThat(recorder.segments.get(1).startSeconds(RATE)).isBetween(4.75, 5.05);
        assertThat(recorder.segments.get(1).endSeconds(RATE)).isEqualTo(7.05);
    }

    @Test
    @DisplayName("SEG-1 the settings are kept: pre-roll, hangover, least speech")
    void settings() {
        Settings settings = new Settings(500, 100, 1_000, 30_000);
        SegmentRecorder recorder = run(settings, quiet(2), speech(-20, 0.4), quiet(2), speech(-20, 2), quiet(0.9),
                speech(-20, 1), quiet(3));
        assertThat(recorder.segments).hasSize(1);
        assertThat(recorder.segments.get(0).startSeconds(RATE)).isCloseTo(4.4 - 0.1, offset(0.08));
        assertThat(recorder.segments.get(0).endSeconds(RATE)).isCloseTo(8.3 + 1.0, offset(0.08));
    }

    @Test
    @DisplayName("SEG-1 the sink gets audio at once until 2 s before the maximum, and the pre-roll first")
    void givenAtOnce() {
        byte[] stream = Sound.pcm16(Sound.join(quiet(1), speech(-20, 11)));
        SegmentRecorder recorder = new SegmentRecorder(stream);
        EnergySegmenter segmenter = new EnergySegmenter(RATE, new Settings(250, 300, 500, 10_000));
        int opened = -1;
        for (int at = 0; at < stream.length; at += 2 * FRAME) {
            recorder.accept(segmenter, at, Math.min(2 * FRAME, stream.length - at));
            long position = (at + 2 * FRAME) / 2;
            if (recorder.isOpen() && recorder.segments.isEmpty()) {
                opened = opened < 0 ? (int) position : opened;
                long length = recorder.submitted + segmenter.heldSamples();
                assertThat(segmenter.heldSamples()).isEqualTo(Math.max(0, length - 8 * RATE));
            }
        }
        // 250 ms of speech make a segment: no sooner, and not much later as the dips do not count
        assertThat(opened).isBetween((int) (1.24 * RATE), (int) (1.5 * RATE));
        assertThat(recorder.segments).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(doubles = { -100, -70, -60, -50, -45, -40, -37 })
    @DisplayName("SEG-2 silence only gives no audio and no end, whatever noise it is made of")
    void silenceOnly(double level) {
        SegmentRecorder recorder = run(noise(level, 60));
        assertThat(recorder.audioCalls).isZero();
        assertThat(recorder.segments).isEmpty();
    }

    @Test
    @DisplayName("SEG-2 zeros with a constant offset and a lone odd byte are silence too")
    void offsetIsSilence() {
        double[] constant = new double[5 * RATE];
        Arrays.fill(constant, 9_000);
        assertThat(run(constant).audioCalls).isZero();
        EnergySegmenter segmenter = new EnergySegmenter(RATE);
        SegmentRecorder recorder = new SegmentRecorder(new byte[1]);
        recorder.run(segmenter, 1);
        assertThat(recorder.audioCalls).isZero();
        assertThat(segmenter.gatedSamples()).isZero();
    }

    @Test
    @DisplayName("SEG-2 steps of the noise floor are not speech")
    void noiseSteps() {
        SegmentRecorder recorder = run(noise(-70, 5), noise(-50, 5), noise(-40, 5), noise(-60, 5), noise(-38, 5), quiet(5));
        assertThat(recorder.audioCalls).isZero();
    }

    @Test
    @DisplayName("SEG-2 noise that rises under speech does not glue the segment open, nor shut after it falls")
    void noiseRisesUnderSpeech() {
        double[] loudPart = Sound.add(speech(-15, 3), noise(-42, 3));
        SegmentRecorder recorder = run(noise(-70, 2), speech(-15, 3), loudPart, noise(-42, 5), noise(-70, 1),
                speech(-38, 2), noise(-70, 2));
        assertThat(recorder.segments).hasSize(2);
        assertThat(recorder.segments.get(0).endSeconds(RATE)).isBetween(8.4, 9.0);
        assertThat(recorder.segments.get(1).startSeconds(RATE)).isBetween(13.5, 14.0);
    }

    @ParameterizedTest
    @ValueSource(doubles = { -34, -30, -25 })
    @DisplayName("SEG-2 even noise as loud as quiet speech is let go of after a while, and speech over it still found")
    void loudNoise(double level) {
        SegmentRecorder recorder = run(quiet(1), noise(level, 29), Sound.add(noise(level, 3), speech(-8, 3)),
                noise(level, 10));
        assertThat(recorder.segments).hasSize(2);
        assertThat(recorder.segments.get(0).endSeconds(RATE)).isLessThan(28);
        assertThat(recorder.segments.get(1).startSeconds(RATE)).isCloseTo(29.7, offset(0.2));
        assertThat(recorder.segments.get(1).endSeconds(RATE)).isCloseTo(33.5, offset(0.3));
    }

    @Test
    @DisplayName("SEG-2 continuous speech ends within the maximum, cut at the quietest 200 ms of the last 2 s")
    void cutAtTheQuietest() {
        double[] talk = speech(-18, 100);
        for (int i = 0; i < talk.length; i++) {
            // no two dips alike
            talk[i] *= 1 + 0.4 * Math.sin(0.8 * i / RATE);
        }
        // a breath of 200 ms in the last two seconds of the first segment, less quiet ones around it
        hush(talk, 9.0, 0.2, 0.05);
        hush(talk, 8.4, 0.3, 0.2);
        hush(talk, 7.0, 0.4, 0.01);
        SegmentRecorder recorder = run(new Settings(250, 300, 500, 10_000), talk);
        assertThat(recorder.segments).hasSizeGreaterThan(10);
        assertThat(recorder.segments.get(0).endSeconds(RATE)).isEqualTo(9.1);
        for (int i = 0; i < recorder.segments.size() - 1; i++) {
            Segment segment = recorder.segments.get(i);
            assertThat(segment.seconds(RATE)).isBetween(8.1, 9.9);
            assertThat(recorder.segments.get(i + 1).start()).as("begins at the cut").isEqualTo(segment.end());
            assertThat(segment.end()).isEqualTo(quietest(talk, segment.start() + 8L * RATE));
        }
        assertThat(recorder.submitted).isEqualTo(talk.length);
    }

    /** Middle of the quietest 200 ms within the 2 s from a sample on, on the grid of frames. */
    private static long quietest(double[] x, long from) {
        double least = Double.MAX_VALUE;
        long found = -1;
        for (long at = from; at + 10 * FRAME <= from + 2L * RATE; at += FRAME) {
            double level = Sound.rms(x, (int) at, (int) at + 10 * FRAME);
            if (level <= least) {
                least = level;
                found = at + 5 * FRAME;
            }
        }
        return found;
    }

    @Test
    @DisplayName("SEG-2 a steady loud sound is cut at the maximum again and again, not taken for noise")
    void steadyLoudSound() {
        SegmentRecorder recorder = run(Sound.tone(RATE, 440, 8_000, 95 * RATE));
        assertThat(recorder.segments).hasSize(4);
        assertThat(recorder.segments).allSatisfy(s -> assertThat(s.seconds(RATE)).isLessThanOrEqualTo(30));
        assertThat(recorder.submitted).isEqualTo(95 * RATE);
    }

    @Test
    @DisplayName("SEG-2 where speech ends just before the maximum, the silence behind the cut is no segment")
    void nothingSpokenBehindTheCut() {
        Settings settings = new Settings(250, 300, 500, 10_000);
        double[] talk = speech(-18, 9.7);
        SegmentRecorder recorder = run(settings, talk, quiet(5));
        assertThat(recorder.segments).hasSize(1);
        assertThat(recorder.segments.get(0).endSeconds(RATE)).isBetween(9.7, 10.0);

        // a last syllable of 150 ms behind the cut is less than the minimum of speech, and still said
        double[] syllable = speech(-18, 10.1);
        hush(syllable, 9.6, 0.35, 0.001);
        recorder = run(settings, syllable, quiet(5));
        assertThat(recorder.segments).hasSize(2);
        assertThat(recorder.segments.get(1).start()).isEqualTo(recorder.segments.get(0).end());
        assertThat(recorder.segments.get(1).endSeconds(RATE)).isBetween(10.4, 10.7);
    }

    @Test
    @DisplayName("SEG-3 bursts shorter than the least speech are gated, also in a row")
    void burstsAreGated() {
        double[] clicks = quiet(30);
        for (int click = 1; click < 95; click++) {
            double[] burst = speech(-12, click % 2 == 0 ? 0.02 : 0.04);
            System.arraycopy(burst, 0, clicks, click * 3 * RATE / 10, burst.length);
        }
        assertThat(run(clicks).audioCalls).isZero();
        double[] typing = quiet(10);
        for (int key = 1; key < 70; key++) {
            double[] burst = speech(-12, 0.01);
            System.arraycopy(burst, 0, typing, key * 14 * RATE / 100, burst.length);
        }
        assertThat(run(typing).audioCalls).isZero();
        assertThat(run(quiet(2), Sound.tone(RATE, 440, 9_000, RATE / 5), quiet(2)).audioCalls).isZero();
    }

    @ParameterizedTest
    @CsvSource({ "0.06, 0", "0.15, 1", "0.2, 1" })
    @DisplayName("SEG-3 a word that the end of the recording interrupts is given, a click is not")
    void burstAtTheEnd(double seconds, int segments) {
        double[] word = Sound.tone(RATE, 440, 9_000, (int) (seconds * RATE));
        SegmentRecorder recorder = run(quiet(1), word);
        assertThat(recorder.segments).hasSize(segments);
        if (segments > 0) {
            assertThat(recorder.segments.get(0).startSeconds(RATE)).isEqualTo(0.7);
            assertThat(recorder.segments.get(0).end()).isEqualTo(RATE + word.length);
        }
        assertThat(run(word).segments).as("as the whole recording").hasSize(segments);
    }

    @Test
    @DisplayName("SEG-3 what is gated is counted to the sample")
    void gatedIsCounted() {
        byte[] stream = Sound.pcm16(Sound.join(quiet(10), speech(-20, 2), quiet(10)));
        EnergySegmenter segmenter = new EnergySegmenter(RATE);
        SegmentRecorder recorder = new SegmentRecorder(stream);
        recorder.run(segmenter, 4_800);
        Segment segment = recorder.segments.get(0);
        assertThat(segmenter.gatedSamples()).isEqualTo(22 * RATE - (segment.end() - segment.start()));
    }

    @Test
    @DisplayName("SEG-1 however the bytes are cut, odd ones too, the segments are the same")
    void chunking() {
        double[] signal = new double[0];
        for (int i = 0; i < 12; i++) {
            signal = Sound.join(signal, noise(-70 + random.nextInt(25), random.nextDouble() * 2),
                    Sound.add(speech(-25 + random.nextInt(15), 3), noise(-60, 3)));
        }
        byte[] stream = Sound.pcm16(signal);
        Settings settings = new Settings(250, 300, 500, 5_000);
        SegmentRecorder whole = new SegmentRecorder(stream);
        whole.run(new EnergySegmenter(RATE, settings), stream.length);
        assertThat(whole.segments).hasSizeGreaterThan(8);
        for (int chunk : new int[] { 101, 960, 961, 4_800, 100_001 }) {
            SegmentRecorder recorder = new SegmentRecorder(stream);
            recorder.run(new EnergySegmenter(RATE, settings), chunk);
            assertThat(recorder.segments).as("chunks of %d", chunk).isEqualTo(whole.segments);
            assertThat(recorder.given.toByteArray()).isEqualTo(whole.given.toByteArray());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = { 8_000, 11_025, 16_000, 48_000 })
    @DisplayName("SEG-1 any sample rate gives the same times")
    void anyRate(int rate) {
        byte[] stream = Sound.pcm16(Sound.join(new double[2 * rate], Sound.babble(rate, -20, 2 * rate), new double[2 * rate]));
        SegmentRecorder recorder = new SegmentRecorder(stream);
        recorder.run(new EnergySegmenter(rate), 999);
        assertThat(recorder.segments).hasSize(1);
        assertThat(recorder.segments.get(0).startSeconds(rate)).isCloseTo(1.7, offset(0.1));
        assertThat(recorder.segments.get(0).endSeconds(rate)).isCloseTo(4.5, offset(0.1));
    }

    @Test
    @DisplayName("SEG-1 telephone speech, µ-law at 8 kHz brought to 24 kHz, is found as a whole")
    void telephone() {
        double[] call = Sound.add(
                Sound.join(new double[8_000], Sound.babble(8_000, -22, 20_000), new double[16_000]),
                Sound.noise(random, -62, 44_000));
        byte[] codes = new byte[call.length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = G711.encodeUlaw((int) Math.round(call[i]));
        }
        AudioConverter converter = new AudioConverter(AudioFormat.PCMU_8K, AudioFormat.PCM_24K);
        ByteArrayOutputStream wide = new ByteArrayOutputStream();
        wide.writeBytes(converter.convert(codes, 0, codes.length));
        wide.writeBytes(converter.finish());
        SegmentRecorder recorder = new SegmentRecorder(wide.toByteArray());
        recorder.run(new EnergySegmenter(RATE), 960);
        assertThat(recorder.segments).hasSize(1);
        assertThat(recorder.segments.get(0).startSeconds(RATE)).isCloseTo(0.7, offset(0.1));
        assertThat(recorder.segments.get(0).endSeconds(RATE)).isCloseTo(4.0, offset(0.1));
    }

    @Test
    @DisplayName("SEG-1 a flushed segmenter goes on at the position it has reached")
    void goesOnAfterFlush() {
        byte[] stream = Sound.pcm16(Sound.join(speech(-20, 1.005), speech(-20, 1)));
        int half = 2 * (int) (1.005 * RATE);
        SegmentRecorder recorder = new SegmentRecorder(stream);
        EnergySegmenter segmenter = new EnergySegmenter(RATE);
        recorder.accept(segmenter, 0, half);
        segmenter.flush(recorder);
        recorder.accept(segmenter, half, stream.length - half);
        recorder.flush(segmenter);
        assertThat(recorder.segments).containsExactly(new Segment(0, half / 2), new Segment(half / 2, stream.length / 2));
    }

    @Test
    void refusesSettings() {
        refused(() -> new Settings(10, 300, 500, 30_000), "minSpeechMillis is 10 ms");
        refused(() -> new Settings(250, -1, 500, 30_000), "preRollMillis is -1 ms");
        refused(() -> new Settings(250, 300, 50, 30_000), "hangoverMillis is 50 ms");
        refused(() -> new Settings(250, 300, 500, 3_049), "maxSegmentMillis is 3049 ms, it must be 3050 to 600000 ms");
        refused(() -> new EnergySegmenter(100), "100 Hz");
        assertThat(Settings.DEFAULTS).isEqualTo(new Settings(250, 300, 500, 30_000));
    }

    private static void refused(Runnable construction, String reason) {
        assertThatThrownBy(construction::run).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(reason);
    }

    private SegmentRecorder run(double[]... parts) {
        return run(Settings.DEFAULTS, parts);
    }

    private SegmentRecorder run(Settings settings, double[]... parts) {
        byte[] stream = Sound.pcm16(Sound.join(parts));
        SegmentRecorder recorder = new SegmentRecorder(stream);
        recorder.run(new EnergySegmenter(RATE, settings), 4_800);
        return recorder;
    }

    private double[] quiet(double seconds) {
        return noise(-72, seconds);
    }

    private double[] noise(double level, double seconds) {
        return Sound.noise(random, level, (int) Math.round(seconds * RATE));
    }

    private static double[] speech(double level, double seconds) {
        return Sound.babble(RATE, level, (int) Math.round(seconds * RATE));
    }

    private static void hush(double[] x, double from, double seconds, double factor) {
        for (int i = (int) Math.round(from * RATE); i < (int) Math.round((from + seconds) * RATE); i++) {
            x[i] *= factor;
        }
    }
}
