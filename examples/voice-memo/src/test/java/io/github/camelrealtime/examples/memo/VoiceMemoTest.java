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
package io.github.camelrealtime.examples.memo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

import io.github.camelrealtime.examples.simulator.SphinxTranscriber;
import io.github.camelrealtime.simulator.AudioClip;
import io.github.camelrealtime.simulator.RealtimeSimulator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class VoiceMemoTest {

    private static final Map<String, String> ANSWERS = Map.of(
            "auth-incorrect", "I have forgotten my password. Please send me a new one.",
            "queue-youarenext", "Thank you very much. I will stay on the line.",
            "ss-noservice", "I will look up the number and call again tomorrow.",
            "tt-weasels", "Please send the weasels home and call me back.");

    @TempDir
    Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @ParameterizedTest(name = "yaml={0}")
    @ValueSource(booleans = {false, true})
    @DisplayName("Each question gets its own answer, in words that can be heard; broken ones land in errors with a reason")
    void answers(boolean yaml) throws Exception {
        addBrokenFiles();

        int exitCode = memo(yaml).withSimulator();

        String output = printed.toString(StandardCharsets.UTF_8);
        assertThat(exitCode).as(output).isZero();
        Map<String, String> questions = Questions.texts();
        SphinxTranscriber ears = new SphinxTranscriber(ANSWERS.values(), 1);
        for (Map.Entry<String, String> answer : ANSWERS.entrySet()) {
            String name = answer.getKey();
            assertThat(ears.transcribe(heard(name + ".answer.wav")).text()).isEqualTo(answer.getValue());
            assertThat(file("answers", name + ".txt")).hasContent(
                    "Question: " + questions.get(name + ".wav") + "\nAnswer: " + answer.getValue());
        }
        assertThat(names("answers")).hasSize(2 * ANSWERS.size());
        assertThat(names("done")).containsExactlyInAnyOrderElementsOf(questions.keySet());
        assertThat(names("questions")).isEmpty();

        assertThat(names("errors")).containsExactlyInAnyOrder("broken.wav", "broken.wav.reason.txt", "letter.wav",
                "letter.wav.reason.txt", "mumbled.wav", "mumbled.wav.reason.txt");
        assertThat(file("errors", "broken.wav.reason.txt")).content().contains("WAV");
        assertThat(file("errors", "letter.wav.reason.txt")).content().contains("The audio is text");
        assertThat(file("errors", "mumbled.wav.reason.txt")).content().contains(SphinxTranscriber.UNINTELLIGIBLE);
        assertThat(output).contains("[7/7]", "4 answered", "3 could not be answered");
    }

    @Test
    @DisplayName("Without an answer to every question that comes with the example the exit code is 1")
    void incomplete() throws Exception {
        try (RealtimeSimulator simulator = RealtimeSimulator.builder().apiKey("sk-right").build()) {
            simulator.start();
            assertThat(memo(false).answer(simulator.baseUrl(), "sk-wrong")).isOne();
            assertThat(simulator.violations()).isEmpty();
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("[4/4]", "0 answered", "4 could not be answered");
    }

    private VoiceMemo memo(boolean yaml) {
        return new VoiceMemo(new PrintStream(printed, true, StandardCharsets.UTF_8), yaml, folder);
    }

    private AudioClip heard(String answer) throws Exception {
        try (AudioInputStream wav = AudioSystem.getAudioInputStream(file("answers", answer).toFile())) {
            AudioFormat format = wav.getFormat();
            assertThat(format.getEncoding()).isEqualTo(AudioFormat.Encoding.PCM_SIGNED);
            assertThat(format.getSampleRate()).isEqualTo(24_000);
            assertThat(format.getSampleSizeInBits()).isEqualTo(16);
            assertThat(format.getChannels()).isOne();
            byte[] pcm = wav.readAllBytes();
            assertThat(pcm.length).isEqualTo(wav.getFrameLength() * format.getFrameSize());
            return new AudioClip("answer", 0, pcm.length / format.getFrameSize(), pcm, (int) format.getSampleRate());
        }
    }

    /** Between the others by name, so that each has an answer to come before or after it. */
    private void addBrokenFiles() throws Exception {
        Path questions = Files.createDirectories(folder.resolve("questions"));
        byte[] whole;
        try (var in = Questions.open("/recordings/tt-weasels.wav")) {
            whole = in.readAllBytes();
        }
        // the header promises more than there is
        Files.write(questions.resolve("broken.wav"), Arrays.copyOf(whole, whole.length / 2));
        Files.writeString(questions.resolve("letter.wav"), "Dear Sir or Madam,\nI am a text and was renamed.\n".repeat(5));
        Files.write(questions.resolve("mumbled.wav"), backwards(whole));
    }

    private static byte[] backwards(byte[] wav) {
        int header = 44;
        byte[] backwards = wav.clone();
        for (int i = header; i + 1 < wav.length; i += 2) {
            int from = wav.length - 2 - (i - header);
            backwards[i] = wav[from];
            backwards[i + 1] = wav[from + 1];
        }
        return backwards;
    }

    private Path file(String subfolder, String name) {
        return folder.resolve(subfolder).resolve(name);
    }

    private List<String> names(String subfolder) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(subfolder))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
