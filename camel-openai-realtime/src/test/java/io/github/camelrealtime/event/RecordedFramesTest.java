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
package io.github.camelrealtime.event;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The codec against recordings of the real service, which are kept beside the checkout and not in it. */
@Tag("interop")
class RecordedFramesTest {

    @ParameterizedTest
    @ValueSource(strings = { "text-in-audio-out.yaml", "tool-call-round.yaml", "audio-in-server-vad.yaml",
            "sideband-text-turn.yaml" })
    @DisplayName("SIM-8 every recorded frame of the service is of a type we know, parses, and loses nothing")
    void recordedFrames(String file) throws Exception {
        List<String> frames = frames(file);
        assertThat(frames).hasSizeGreaterThan(5);
        for (String frame : frames) {
            WireExamplesTest.assertRoundTrip(frame);
            assertThat(EventTypes.serverTypes()).contains(EventCodec.decode(frame).getType());
        }
    }

    private static List<String> frames(String file) throws IOException {
        Path folder = Stream.of("../shared/recordings", "../../shared/recordings").map(Path::of).filter(Files::isDirectory)
                .findFirst().orElse(null);
        assumeTrue(folder != null, "No folder shared/recordings beside the checkout: nothing to compare with");
        List<String> frames = new ArrayList<>();
        for (JsonNode interaction : new YAMLMapper().readTree(folder.resolve(file).toFile()).path("interactions")) {
            if (interaction.path("direction").asText().equals("received")) {
                frames.add(interaction.path("data").toString());
            }
        }
        return frames;
    }
}
