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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReadmeTest {

    @Test
    @DisplayName("The page shows the routes and the scenario as they are")
    void snippets() throws IOException {
        String java = Files.readString(Path.of("src/main/java/io/github/camelrealtime/examples/memo/VoiceMemoRoute.java"));
        String yaml = Files.readString(Path.of("src/main/resources/routes/voice-memo.yaml"));
        String scenario = Files.readString(Path.of("src/main/resources/scenario.yaml"));

        assertThat(Files.readString(Path.of("README.md"))).contains(
                java.substring(java.indexOf("        onException"), java.lastIndexOf("    }\n}")).replaceAll("(?m)^ {8}", ""),
                yaml.substring(yaml.indexOf("- route:")),
                scenario);
    }
}
