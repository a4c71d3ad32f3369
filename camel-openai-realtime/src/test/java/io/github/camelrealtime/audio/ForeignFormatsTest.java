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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

import io.github.camelrealtime.audio.AudioFormat.Encoding;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is refused by name; BadAudioTest tries each format on its way through a route. */
class ForeignFormatsTest {

    private static final int PIECE = 960;

    private static void assertRaw(byte[] piece) {
        assertThat(ForeignFormats.sure(piece, piece.length)).isNull();
        assertThat(AudioContainer.of(piece, piece.length)).isNull();
    }

    @Test
    @DisplayName("AIN-17 noise of any kind is never taken for a file: not in a hundred thousand pieces")
    void noise() {
        Random random = new Random(11);
        byte[] piece = new byte[PIECE];
        for (int i = 0; i < 100_000; i++) {
            random.nextBytes(piece);
            // the first bytes that are looked at more closely come more often than they would
            piece[0] = new byte[] { -1, 0x1F, 0x1A, 0x30, 'I', 'O', 'f', 'P', '<', ' ', 'R', '.' }[i % 12];
            assertRaw(piece);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Encoding.class, names = { "PCM_S16_LE", "PCM_S16_BE", "PCMU", "PCMA", "PCM_U8" })
    @DisplayName("AIN-17 speech, cut anywhere, is never taken for a file")
    void speech(Encoding encoding) {
        for (double level : new double[] { 0, -20, -45 }) {
            byte[] pcm = Sound.pcm16(Sound.babble(8_000, level, 16_000));
            byte[] coded = new byte[pcm.length / 2];
            double[] samples = Sound.samples(pcm);
            for (int i = 0; i < coded.length; i++) {
                coded[i] = switch (encoding) {
                    case PCMU -> G711.encodeUlaw((int) samples[i]);
                    case PCMA -> G711.encodeAlaw((int) samples[i]);
                    default -> (byte) ((int) samples[i] / 256 + 128);
                };
            }
            byte[] audio = encoding.bytesPerSample() == 2 ? pcm : coded;
            for (int at = encoding == Encoding.PCM_S16_BE ? 1 : 0; at + PIECE <= audio.length; at++) {
                assertRaw(Arrays.copyOfRange(audio, at, at + PIECE));
            }
        }
    }

    @Test
    @DisplayName("AIN-17 a constant level, and silence of every encoding, is never taken for a file")
    void constant() {
        byte[] piece = new byte[PIECE];
        for (int value = 0; value < 65_536; value++) {
            for (int i = 0; i < 64; i += 2) {
                piece[i] = (byte) value;
                piece[i + 1] = (byte) (value >> 8);
            }
            assertRaw(piece);
        }
        for (int value = 0; value < 256; value++) {
            Arrays.fill(piece, (byte) value);
            assertRaw(piece);
        }
    }

    @ParameterizedTest
    @CsvSource({
            // version and layer, bit rate and sample rate: bytes of a frame by ISO 11172-3 and 13818-3
            "FB, 90, 417", "FB, 92, 418", "FB, E0, 1044", "F3, 80, 208", "F3, 10, 26", "E3, 80, 417", "FD, 84, 384", "FF, 90, 312" })
    @DisplayName("AIN-17 MPEG audio is told by its second frame, where the first one says that it is")
    void mpegFrames(String second, String third, int length) {
        byte[] file = new byte[3 * length];
        for (int at = 0; at < file.length; at += length) {
            file[at] = -1;
            file[at + 1] = (byte) Integer.parseInt(second, 16);
            file[at + 2] = (byte) Integer.parseInt(third, 16);
        }
        assertThat(ForeignFormats.headNeeded(file, ForeignFormats.HEAD)).isEqualTo(Math.max(ForeignFormats.HEAD, length + 4));
        assertThat(ForeignFormats.sure(file, file.length)).isEqualTo("MP3");
        assertThat(ForeignFormats.sure(file, length + 4)).isEqualTo("MP3");
        assertThat(ForeignFormats.sure(file, length + 3)).as("one frame may be chance").isNull();
        assertThat(ForeignFormats.guess(file, length + 3)).isEqualTo("MP3");
    }

    @Test
    @DisplayName("AIN-17 AAC in ADTS is told by its second frame")
    void adts() {
        byte[] file = new byte[600];
        for (int at = 0; at < file.length; at += 200) {
            // length of the frame in 13 bits
            byte[] header = { -1, (byte) 0xF1, 0x50, (byte) 0x80, (byte) (200 >> 3), (byte) ((200 & 7) << 5), 0 };
            System.arraycopy(header, 0, file, at, header.length);
        }
        assertThat(ForeignFormats.sure(file, file.length)).isEqualTo("AAC (ADTS)");
        assertThat(ForeignFormats.sure(file, 202)).isNull();
    }

    @Test
    @DisplayName("AIN-17 a beginning of any length is looked at without an error")
    void anyLength() {
        Random random = new Random(12);
        for (int first = 0; first < 256; first++) {
            for (int length = 0; length < 80; length++) {
                byte[] head = new byte[length];
                random.nextBytes(head);
                if (length > 0) {
                    head[0] = (byte) first;
                }
                ForeignFormats.headNeeded(head, length);
                ForeignFormats.guess(head, length);
                assertThat(AudioContainer.of(head, length)).isNull();
            }
        }
    }

    @Test
    @DisplayName("AIN-17 text is text in any language, cut in a letter too, and what has control characters is not")
    void text() {
        byte[] text = "Žluťoučký kůň příšerně úpěl ďábelské ódy, 日本語も同じです。".getBytes(StandardCharsets.UTF_8);
        for (int length = 1; length <= text.length; length++) {
            assertThat(ForeignFormats.guess(text, length)).isEqualTo("text");
        }
        assertThat(ForeignFormats.guess(new byte[] { 'a', 'b', 0 }, 3)).isNull();
        assertThat(ForeignFormats.guess(new byte[0], 0)).isNull();
    }

    @Test
    @DisplayName("AIN-17 the page about formats names every encoding that can be declared and every container")
    void documented() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "audio-formats.md"));
        for (Encoding encoding : Encoding.values()) {
            String word = new AudioFormat(encoding, 8_000, 1).toString().replaceAll(";.*", "");
            assertThat(page).contains("`" + word + "`");
        }
        for (AudioContainer container : AudioContainer.values()) {
            assertThat(page).contains("`" + container.word() + "`");
        }
    }
}
