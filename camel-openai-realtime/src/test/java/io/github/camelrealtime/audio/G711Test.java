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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;

import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

import io.github.camelrealtime.audio.AudioFormat.Encoding;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class G711Test {

    @ParameterizedTest
    @EnumSource(value = Encoding.class, names = { "PCMU", "PCMA" })
    @DisplayName("AIN-4 every code decodes to the value of the JDK's codec")
    void decodesLikeTheJdk(Encoding law) throws IOException {
        byte[] codes = new byte[256];
        for (int i = 0; i < 256; i++) {
            codes[i] = (byte) i;
        }
        byte[] oracle = jdk(codes, jdkLaw(law), 1, javax.sound.sampled.AudioFormat.Encoding.PCM_SIGNED, 2);
        double[] expected = Sound.samples(oracle);
        for (int i = 0; i < 256; i++) {
            assertThat(decode(law, (byte) i)).as("code %d", i).isEqualTo((short) expected[i]);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Encoding.class, names = { "PCMU", "PCMA" })
    @DisplayName("AIN-4 every 16 bit sample encodes like the JDK's codec does where that is right")
    void encodesLikeTheJdk(Encoding law) throws IOException {
        double[] all = new double[65_536];
        for (int i = 0; i < all.length; i++) {
            all[i] = i - 32_768;
        }
        byte[] jdk = jdk(Sound.pcm16(all), javax.sound.sampled.AudioFormat.Encoding.PCM_SIGNED, 2, jdkLaw(law), 1);
        int compared = 0;
        for (int i = 0; i < all.length; i++) {
            int sample = i - 32_768;
            // its µ-law overflows beyond the clipping level, its A-law is half a step off just below zero of each step
            boolean jdkIsRight = law == Encoding.PCMU
                    ? Math.abs(sample) <= 32_635 : sample >= 0 || (-sample & 15) == 0 || (-sample & 15) > 7;
            if (jdkIsRight) {
                compared++;
                assertThat(encode(law, sample)).as("%d", sample).isEqualTo(jdk[i]);
            }
        }
        assertThat(compared).isGreaterThan(50_000);
    }

    @ParameterizedTest
    @EnumSource(value = Encoding.class, names = { "PCMU", "PCMA" })
    @DisplayName("AIN-4 codes follow the decision values of ITU-T G.711 over the whole range, both halves alike")
    void followsTheDecisionValues(Encoding law) {
        // magnitudes of tables 1a and 2a on the scale of 16 bits: 8 segments of 16 steps each
        int code = -1;
        for (int magnitude = 0; magnitude <= Short.MAX_VALUE; magnitude++) {
            if (isDecisionValue(law, magnitude)) {
                code++;
            }
            int positive = law == Encoding.PCMU ? 0xFF - code : (0x80 | code) ^ 0x55;
            assertThat(encode(law, magnitude) & 0xFF).as("+%d", magnitude).isEqualTo(positive);
            // A-law has no zero: its negative half begins with -1
            int negative = law == Encoding.PCMU ? -magnitude : -magnitude - 1;
            if (negative < 0) {
                assertThat(encode(law, negative) & 0xFF).as("%d", negative).isEqualTo(positive ^ 0x80);
            }
        }
        assertThat(code).isEqualTo(127);
    }

    private static boolean isDecisionValue(Encoding law, int magnitude) {
        if (magnitude == 0) {
            return true;
        }
        if (law == Encoding.PCMA) {
            int step = 16;
            while (magnitude >= 32 * step) {
                step *= 2;
            }
            return magnitude % step == 0;
        }
        int biased = magnitude + 132;
        int step = 8;
        while (biased >= 32 * step) {
            step *= 2;
        }
        return biased % step == 0 && biased < 32_768;
    }

    @Test
    @DisplayName("AIN-4 anchors of ITU-T G.711")
    void anchors() {
        assertThat(G711.decodeUlaw((byte) 0xFF)).isZero();
        assertThat(G711.decodeUlaw((byte) 0x80)).isEqualTo((short) 32_124);
        assertThat(G711.decodeUlaw((byte) 0x00)).isEqualTo((short) -32_124);
        assertThat(G711.decodeAlaw((byte) 0xD5)).isEqualTo((short) 8);
        assertThat(G711.decodeAlaw((byte) 0xAA)).isEqualTo((short) 32_256);
        assertThat(G711.decodeAlaw((byte) 0x2A)).isEqualTo((short) -32_256);
        assertThat(G711.encodeUlaw(0)).isEqualTo((byte) 0xFF);
        assertThat(G711.encodeAlaw(0)).isEqualTo((byte) 0xD5);
        assertThat(G711.encodeUlaw(Short.MAX_VALUE)).isEqualTo((byte) 0x80);
        assertThat(G711.encodeUlaw(Short.MIN_VALUE)).isEqualTo((byte) 0x00);
    }

    @ParameterizedTest
    @EnumSource(value = Encoding.class, names = { "PCMU", "PCMA" })
    @DisplayName("AIN-4 a code survives decoding and encoding")
    void codesAreStable(Encoding law) {
        for (int code = 0; code < 256; code++) {
            short sample = decode(law, (byte) code);
            assertThat(decode(law, encode(law, sample))).isEqualTo(sample);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Encoding.class, names = { "PCMU", "PCMA" })
    @DisplayName("AIN-4 the round trip keeps 37 to 39 dB")
    void roundTrip(Encoding law) {
        double[] x = Sound.noise(new Random(711), -15, 80_000);
        double[] back = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = Math.rint(Math.max(-32_000, Math.min(32_000, x[i])));
            back[i] = decode(law, encode(law, (int) x[i]));
        }
        assertThat(Sound.snr(x, back, 0, x.length)).isBetween(37.0, 39.5);
    }

    private static short decode(Encoding law, byte code) {
        return law == Encoding.PCMU ? G711.decodeUlaw(code) : G711.decodeAlaw(code);
    }

    private static byte encode(Encoding law, int sample) {
        return law == Encoding.PCMU ? G711.encodeUlaw(sample) : G711.encodeAlaw(sample);
    }

    private static javax.sound.sampled.AudioFormat.Encoding jdkLaw(Encoding law) {
        return law == Encoding.PCMU
                ? javax.sound.sampled.AudioFormat.Encoding.ULAW : javax.sound.sampled.AudioFormat.Encoding.ALAW;
    }

    private static byte[] jdk(byte[] in, javax.sound.sampled.AudioFormat.Encoding from, int fromBytes,
                              javax.sound.sampled.AudioFormat.Encoding to, int toBytes)
            throws IOException {
        var source = new javax.sound.sampled.AudioFormat(from, 8_000, 8 * fromBytes, 1, fromBytes, 8_000, false);
        var target = new javax.sound.sampled.AudioFormat(to, 8_000, 8 * toBytes, 1, toBytes, 8_000, false);
        try (AudioInputStream stream = new AudioInputStream(new ByteArrayInputStream(in), source, in.length / fromBytes);
             AudioInputStream converted = AudioSystem.getAudioInputStream(target, stream)) {
            return converted.readAllBytes();
        }
    }
}
