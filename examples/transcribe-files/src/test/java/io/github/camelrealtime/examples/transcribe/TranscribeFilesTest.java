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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TranscribeFilesTest {

    private static final List<String> BROKEN = List.of("broken.wav", "empty.wav", "letter.wav");

    @TempDir
    Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @ParameterizedTest(name = "yaml={0}")
    @ValueSource(booleans = {false, true})
    @DisplayName("Ten recordings become ten transcripts without an error; three broken files land in errors with a reason")
    void transcribes(boolean yaml) throws Exception {
        Recordings recordings = Recordings.load();
        addBrokenFiles();

        int exitCode = new TranscribeFiles(new PrintStream(printed, true, StandardCharsets.UTF_8), yaml, folder).withSimulator();

        String output = printed.toString(StandardCharsets.UTF_8);
        assertThat(exitCode).as(output).isZero();
        for (Map.Entry<String, String> recording : recordings.texts().entrySet()) {
            checkTranscript(recording.getKey(), recording.getValue());
        }
        assertThat(names("transcripts")).hasSize(20);
        assertThat(names("done")).containsExactlyInAnyOrderElementsOf(recordings.texts().keySet());
        assertThat(names("inbox")).isEmpty();

        assertThat(names("errors")).containsExactlyInAnyOrder("broken.wav", "broken.wav.reason.txt", "empty.wav",
                "empty.wav.reason.txt", "letter.wav", "letter.wav.reason.txt");
        assertThat(reason("broken.wav")).contains("WAV");
        assertThat(reason("empty.wav")).contains("empty");
        assertThat(reason("letter.wav")).contains("WAV");
        assertThat(output).contains("[13/13]").contains("total (10 files)").containsPattern("total .* 187 +0\\.0\n");
    }

    private void checkTranscript(String file, String text) throws IOException {
        String name = file.replace(".wav", "");
        assertThat(folder.resolve("transcripts").resolve(name + ".txt")).hasContent(text);
        JsonNode json = new ObjectMapper().readTree(folder.resolve("transcripts").resolve(name + ".json").toFile());
        assertThat(json.path("text").asText()).isEqualTo(text);
        assertThat(json.path("usage").path("seconds").asInt()).isPositive();
        assertThat(json.path("segments")).isNotEmpty().allSatisfy(segment -> {
            assertThat(segment.path("text").asText()).isNotEmpty();
            assertThat(segment.path("startMillis").asLong()).isLessThan(segment.path("endMillis").asLong());
            assertThat(segment.path("endMillis").asLong()).isLessThanOrEqualTo(json.path("audioMillis").asLong());
        });
    }

    private void addBrokenFiles() throws IOException {
        Path inbox = Files.createDirectories(folder.resolve("inbox"));
        byte[] whole;
        try (InputStream in = TranscribeFiles.class.getResourceAsStream("/recordings/tt-weasels.wav")) {
            whole = in.readAllBytes();
        }
        // the header promises more than there is
        Files.write(inbox.resolve("broken.wav"), Arrays.copyOf(whole, whole.length / 2));
        Files.createFile(inbox.resolve("empty.wav"));
        Files.writeString(inbox.resolve("letter.wav"), "Dear Sir or Madam,\nI am a text and was renamed.\n".repeat(5));
        assertThat(names("inbox")).containsExactlyInAnyOrderElementsOf(BROKEN);
    }

    private String reason(String file) throws IOException {
        return Files.readString(folder.resolve("errors").resolve(file + ".reason.txt"));
    }

    private List<String> names(String subfolder) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(subfolder))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
