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
package io.github.camelrealtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The floors of the house, as docs/architecture.md draws them: who may import whom. Read from the import statements, so a
 * new package must be given its floor here before anything compiles against it unseen.
 */
class ArchitectureTest {

    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final String ROOT = "io.github.camelrealtime";
    private static final Pattern IMPORT = Pattern.compile("^import (?:static )?([a-z0-9_.]+)\\.([A-Z*][\\w.*]*);", Pattern.MULTILINE);
    /** A string or a comment, whichever begins first, so that neither is taken for the other. */
    private static final Pattern TEXT_OR_COMMENT
            = Pattern.compile("\"(?:\\\\.|[^\"\\\\\\n])*\"|/\\*.*?\\*/|//[^\\n]*", Pattern.DOTALL);

    private static final String JACKSON = "com.fasterxml.jackson.";
    private static final String OKHTTP = "okhttp3";
    private static final String OKIO = "okio";
    private static final String H2 = "org.h2.mvstore";
    private static final String SLF4J = "org.slf4j";
    private static final String CAMEL = "org.apache.camel";

    /** What a package may import besides the JDK and itself: packages of ours, and prefixes of other libraries. */
    private record Floor(Set<String> ours, Set<String> libraries) {
    }

    private static final Map<String, Floor> FLOORS = Map.of(
            "audio", new Floor(Set.of(), Set.of()),
            "event", new Floor(Set.of(), Set.of(JACKSON)),
            "net", new Floor(Set.of(), Set.of(OKHTTP, OKIO, SLF4J)),
            "transport", new Floor(Set.of("event", "net"), Set.of(SLF4J)),
            "transport.websocket", new Floor(Set.of("transport", "event", "net"), Set.of(OKHTTP, OKIO, SLF4J)),
            "transport.memory", new Floor(Set.of("transport", "event"), Set.of(SLF4J)),
            "spool", new Floor(Set.of(), Set.of(H2)),
            "session", new Floor(Set.of("transport", "event", "audio"), Set.of(JACKSON, SLF4J)),
            "operation", new Floor(Set.of("session", "event", "audio"), Set.of(JACKSON, SLF4J, CAMEL)),
            "", new Floor(
                    Set.of("operation", "session", "transport", "transport.websocket", "net", "event", "audio", "spool"),
                    Set.of(JACKSON, SLF4J, CAMEL)));

    private record Source(Path file, String packageName, String text) {

        static Source read(Path file) {
            try {
                Path directory = SOURCES.resolve(ROOT.replace('.', '/')).relativize(file.getParent());
                return new Source(file, directory.toString().replace('\\', '/').replace('/', '.'), Files.readString(file));
            } catch (IOException e) {
                throw new IllegalStateException(file.toString(), e);
            }
        }

        /** Packages it imports from, in full. */
        Set<String> imports() {
            return imported(text);
        }
    }

    private static Set<String> imported(String text) {
        Set<String> packages = new LinkedHashSet<>();
        Matcher statement = IMPORT.matcher(text);
        while (statement.find()) {
            packages.add(statement.group(1));
        }
        return packages;
    }

    private static List<Source> sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java")).sorted().map(Source::read).toList();
        }
    }

    private static boolean isOurs(String packageName) {
        return packageName.equals(ROOT) || packageName.startsWith(ROOT + ".");
    }

    private static String shortName(String packageName) {
        return packageName.equals(ROOT) ? "" : packageName.substring(ROOT.length() + 1);
    }

    private static boolean isAllowed(Floor floor, String from, String imported) {
        if (isOurs(imported)) {
            return shortName(imported).equals(from) || floor.ours().contains(shortName(imported));
        }
        return imported.startsWith("java.") || imported.startsWith("javax.")
                || floor.libraries().stream().anyMatch(imported::startsWith);
    }

    @Test
    @DisplayName("Lower floors know nothing of higher ones, and of no library that is not theirs")
    void floors() throws IOException {
        List<Source> sources = sources();
        assertThat(sources).hasSizeGreaterThan(50);
        List<String> breaches = new ArrayList<>();
        for (Source source : sources) {
            Floor floor = FLOORS.get(source.packageName());
            if (floor == null) {
                breaches.add(source.file() + ": package ." + source.packageName()
                             + " has no floor; give it one here and in docs/architecture.md");
                continue;
            }
            source.imports().stream().filter(imported -> !isAllowed(floor, source.packageName(), imported))
                    .forEach(imported -> breaches.add(source.file() + " imports " + imported));
        }
        assertThat(breaches).isEmpty();
    }

    @Test
    @DisplayName("What each floor must not know is really refused")
    void refusals() {
        Map<String, String> forbidden = Map.of(
                "audio", "org.slf4j", "event", "org.slf4j", "net", CAMEL, "transport", OKHTTP, "transport.websocket",
                ROOT + ".session", "transport.memory", OKHTTP, "spool", JACKSON + "databind", "session", CAMEL + ".spi", "operation",
                ROOT, "", OKHTTP);
        assertThat(forbidden.keySet()).isEqualTo(FLOORS.keySet());
        assertThat(forbidden).allSatisfy((from, imported) -> assertThat(isAllowed(FLOORS.get(from), from, imported)).isFalse());
        assertThat(imported("import java.util.Map;\nimport static a.b.C.D;\nimport a.c.Outer.Inner;\nimport a.d.*;\n"))
                .containsExactly("java.util", "a.b", "a.c", "a.d");
    }

    @Test
    @DisplayName("No two packages need each other, directly or in a round")
    void noCycles() throws IOException {
        Map<String, Set<String>> needs = new TreeMap<>();
        for (Source source : sources()) {
            needs.computeIfAbsent(source.packageName(), name -> new TreeSet<>()).addAll(source.imports().stream()
                    .filter(ArchitectureTest::isOurs).map(ArchitectureTest::shortName)
                    .filter(name -> !name.equals(source.packageName())).collect(Collectors.toSet()));
        }
        // takes away what needs nothing that is left; what cannot be taken away goes in a round
        boolean taken = true;
        while (taken) {
            taken = needs.entrySet().removeIf(entry -> entry.getValue().stream().noneMatch(needs::containsKey));
        }
        assertThat(needs).as("packages that need each other").isEmpty();
    }

    @Test
    @DisplayName("No synchronized, no sleeping, no raw threads")
    void threads() throws IOException {
        Pattern forbidden = Pattern.compile("\\bsynchronized\\b|\\bThread\\.sleep\\b|\\bnew Thread\\(");
        assertThat(sources()).allSatisfy(source -> assertThat(forbidden.matcher(code(source.text())).results()
                .map(found -> found.group())).as(source.file().toString()).isEmpty());
        assertThat(code("a(\"// no comment\"); // synchronized\n/* new Thread( */ b(); // \"\nsynchronized"))
                .contains("a(", "b()", "synchronized").doesNotContain("new Thread(", "// synchronized");
    }

    @Test
    @DisplayName("TIM-3 time comes from the injected timers; the few that look at the computer's clock are known, with their reason")
    void clocks() throws IOException {
        Pattern clock = Pattern.compile("\\b(System\\.(currentTimeMillis|nanoTime)|Clock\\.system\\w*|(Instant|\\w*Date\\w*)\\.now|new Date)\\("
                                        + "|\\.(orTimeout|completeOnTimeout)\\(|\\bdelayedExecutor\\(");
        assertThat(sources().stream().filter(source -> clock.matcher(code(source.text())).find())
                .map(source -> source.file().getFileName().toString())).containsExactlyInAnyOrder(
                        "Timers.java", // the real ones are made of it
                        "ConsumerEnd.java", // beside Camel's own shutdown, which knows the computer's clock alone
                        "FileSpool.java", // how often the disk is written has nothing to do with a session's time
                        "Transports.java", "WebSocketTransportFactory.java"); // Retry-After may be a date
    }

    /** The text without comments and without what is in strings. */
    private static String code(String text) {
        return TEXT_OR_COMMENT.matcher(text).replaceAll("");
    }
}
