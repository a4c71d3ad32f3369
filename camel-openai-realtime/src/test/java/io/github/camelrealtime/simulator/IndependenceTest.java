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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The simulator is written against the wire alone: if it shared code with the component, one could hide the other's
 * mistakes. What is published of it may lean on a few libraries only.
 */
class IndependenceTest {

    private static final Pattern COMPONENT_CLASS = Pattern.compile("io/github/camelrealtime/(?!simulator/)[\\w/$]+");
    private static final Pattern IMPORT = Pattern.compile("^import (?:static )?([\\w.]+);", Pattern.MULTILINE);
    private static final List<String> ALLOWED = List.of("java.", "javax.net.", "com.fasterxml.jackson.", "okhttp3.", "okio.",
            "mockwebserver3.", "org.slf4j.", "io.github.camelrealtime.simulator.");

    @Test
    @DisplayName("SIM-2 no class of the simulator, its tests included, refers to the component's main tree")
    void classes() throws Exception {
        Path root = Path.of(RealtimeSimulator.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<String> foreign = new ArrayList<>();
        List<Path> classes = files(root.resolve("io/github/camelrealtime/simulator"), ".class");
        for (Path file : classes) {
            // names of classes stand in the constant pool as plain text
            String pool = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            Matcher matcher = COMPONENT_CLASS.matcher(pool);
            while (matcher.find() && !file.endsWith("IndependenceTest.class")) {
                foreign.add(file.getFileName() + " refers to " + matcher.group());
            }
        }
        assertThat(classes).hasSizeGreaterThan(50);
        assertThat(foreign).isEmpty();
    }

    @Test
    @DisplayName("SIM-1 published classes import only the JDK, Jackson, OkHttp and slf4j; JUnit in the extension alone")
    void imports() throws IOException {
        List<String> foreign = new ArrayList<>();
        List<Path> sources = files(Path.of("src/test/java/io/github/camelrealtime/simulator"), ".java");
        for (Path file : sources) {
            if (file.getFileName().toString().endsWith("Test.java")) {
                continue;
            }
            Matcher matcher = IMPORT.matcher(Files.readString(file));
            while (matcher.find()) {
                String name = matcher.group(1);
                boolean junit = name.startsWith("org.junit.jupiter.api.")
                        && file.endsWith("RealtimeSimulatorExtension.java");
                if (!junit && ALLOWED.stream().noneMatch(name::startsWith)) {
                    foreign.add(file.getFileName() + " imports " + name);
                }
            }
        }
        assertThat(sources).hasSizeGreaterThan(50);
        assertThat(foreign).isEmpty();
    }

    private static List<Path> files(Path root, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }
}
