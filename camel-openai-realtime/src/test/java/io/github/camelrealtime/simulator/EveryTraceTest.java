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
package io.github.camelrealtime.simulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The laws of {@link TraceCheck} are looked after in the fixtures; whoever makes a simulator without one must do it himself. */
class EveryTraceTest {

    private static final Pattern MAKES_ONE = Pattern.compile("RealtimeSimulator\\.builder\\(\\)");
    private static final Pattern IS_CHECKED = Pattern.compile("extends (WireTest|DirectTest|RealtimeCamel)\\b"
            + "|RealtimeSimulatorExtension|new (Realtime|Virtual)Camel\\(|VirtualWorld\\.on|violations\\(\\)");
    /** Its simulator dies with a JVM of its own. */
    private static final List<String> EXCEPTED = List.of("DaemonThreadsTest.java");

    @Test
    @DisplayName("SIM-7 RESP-20 no test makes a simulator whose frames nobody checks")
    void checked() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String root : List.of("src/test/java", "src/interop/java", "../camel-openai-realtime-starter/src/test/java",
                "../examples")) {
            try (Stream<Path> files = Files.walk(Path.of(root))) {
                files.filter(file -> file.toString().endsWith(".java") && !file.toString().contains("/main/")).forEach(sources::add);
            }
        }
        List<String> makers = new ArrayList<>();
        List<String> unchecked = new ArrayList<>();
        for (Path source : sources) {
            String text = Files.readString(source);
            if (MAKES_ONE.matcher(text).find()) {
                makers.add(source.toString());
                if (!IS_CHECKED.matcher(text).find() && !EXCEPTED.contains(source.getFileName().toString())) {
                    unchecked.add(source.toString());
                }
            }
        }
        assertThat(makers).hasSizeGreaterThan(20);
        assertThat(unchecked).as("sources that make a simulator: use a fixture, or assert that violations() is empty").isEmpty();
    }
}
