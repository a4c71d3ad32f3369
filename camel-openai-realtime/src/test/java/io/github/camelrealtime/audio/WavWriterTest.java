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

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WavWriterTest {

    private static final byte[] AUDIO = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };

    @ParameterizedTest
    @ValueSource(strings = { "pcm16", "pcm16;rate=44100;channels=2", "pcmu", "pcma" })
    void theJdkAndWeReadIt(String text) throws IOException, UnsupportedAudioFileException {
        AudioFormat format = AudioFormat.parse(text);
        byte[] file = write(format, AUDIO.length, AUDIO);

        WavReader reader = new WavReader(new ByteArrayInputStream(file));
        assertThat(reader.format()).isEqualTo(format);
        assertThat(reader.dataBytes()).isEqualTo(AUDIO.length);
        assertThat(WavReaderTest.readAll(reader)).isEqualTo(AUDIO);

        try (AudioInputStream jdk = AudioSystem.getAudioInputStream(new ByteArrayInputStream(file))) {
            assertThat((int) jdk.getFormat().getSampleRate()).isEqualTo(format.sampleRate());
            assertThat(jdk.getFormat().getChannels()).isEqualTo(format.channels());
            assertThat(jdk.getFrameLength()).isEqualTo(AUDIO.length / format.bytesPerFrame());
            assertThat(jdk.readAllBytes()).isEqualTo(AUDIO);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "pcm16", "pcmu" })
    void unknownSize(String text) throws IOException {
        WavReader reader = new WavReader(new ByteArrayInputStream(write(AudioFormat.parse(text), -1, AUDIO)));
        assertThat(reader.dataBytes()).isEqualTo(-1);
        assertThat(WavReaderTest.readAll(reader)).isEqualTo(AUDIO);
    }

    @Test
    void oddSizeIsPadded() throws IOException {
        byte[] file = write(AudioFormat.PCMU_8K, 3, new byte[] { 1, 2, 3 });
        assertThat(file).hasSize(58 + 4).endsWith(1, 2, 3, 0);
        // size of the file without its first eight bytes
        assertThat(file[4]).isEqualTo((byte) (file.length - 8));
    }

    @Test
    void aBrokenPromiseIsAnError() throws IOException {
        WavWriter more = new WavWriter(OutputStream.nullOutputStream(), AudioFormat.PCM_24K, 10);
        more.write(AUDIO, 0, 8);
        assertThatThrownBy(() -> more.write(AUDIO, 0, 4)).isInstanceOf(IOException.class)
                .hasMessageContaining("promises 10").hasMessageContaining("12 were given");

        boolean[] closed = new boolean[1];
        WavWriter less = new WavWriter(new ByteArrayOutputStream() {
            @Override
            public void close() {
                closed[0] = true;
            }
        }, AudioFormat.PCM_24K, 10);
        assertThatThrownBy(less::close).isInstanceOf(IOException.class).hasMessageContaining("only 0 were given");
        assertThat(closed[0]).isTrue();
        less.close();
    }

    @Test
    void refusals() {
        assertThatThrownBy(() -> WavWriter.header(AudioFormat.parse("float32"), 0))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("float32");
        assertThatThrownBy(() -> WavWriter.header(AudioFormat.PCM_24K, 1L << 32))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("4294967296");
        assertThatThrownBy(() -> WavWriter.header(AudioFormat.PCM_24K, -2)).isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] write(AudioFormat format, long promised, byte[] audio) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (WavWriter writer = new WavWriter(out, format, promised)) {
            writer.write(audio, 0, 5 % audio.length);
            writer.write(audio, 5 % audio.length, audio.length - 5 % audio.length);
        }
        return out.toByteArray();
    }
}
