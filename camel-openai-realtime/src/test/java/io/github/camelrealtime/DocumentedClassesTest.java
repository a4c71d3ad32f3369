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
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Classes come and go; the architecture note names those that are there. */
class DocumentedClassesTest {

    private static final Path PAGE = Path.of("..", "docs", "architecture.md");
    private static final Pattern NAME = Pattern.compile("`((?:[A-Z][a-z]+){2,}|OpenAIRealtime[A-Z]\\w+|Outbox|Epoch|Spans|Refusals|Pools)`");
    /** Of Camel and the JDK. */
    private static final Set<String> OTHERS = Set.of("CamelContext", "ExecutorServiceManager", "ReentrantLock");
    /** Names of thread pools. */
    private static final Pattern POOL = Pattern.compile("OpenAIRealtime(Socket|Worker|Timer)");

    @Test
    @DisplayName("docs/architecture.md names classes that exist")
    void namedClassesExist() throws IOException {
        Set<String> classes = classes();
        Set<String> named = new TreeSet<>();
        Matcher name = NAME.matcher(Files.readString(PAGE));
        while (name.find()) {
            if (!OTHERS.contains(name.group(1)) && !POOL.matcher(name.group(1)).matches()) {
                named.add(name.group(1));
            }
        }
        assertThat(named).hasSizeGreaterThan(40).isSubsetOf(classes);
    }

    @Test
    @DisplayName("docs/architecture.md has every package on its floor")
    void packages() throws IOException {
        Path root = Path.of("src", "main", "java", "io", "github", "camelrealtime");
        String page = Files.readString(PAGE);
        try (Stream<Path> folders = Files.walk(root).filter(Files::isDirectory)) {
            assertThat(folders.map(folder -> folder.equals(root) ? "io.github.camelrealtime"
                    : "." + root.relativize(folder).toString().replace('/', '.')))
                    .allSatisfy(name -> assertThat(page).containsPattern("\\n\\| [1-5] \\| `" + Pattern.quote(name) + "` \\|"));
        }
    }

    private static Set<String> classes() throws IOException {
        try (Stream<Path> main = Files.walk(Path.of("src", "main", "java"));
             Stream<Path> test = Files.walk(Path.of("src", "test", "java"))) {
            return Stream.concat(main, test).map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".java")).map(file -> file.substring(0, file.length() - ".java".length()))
                    .collect(Collectors.toSet());
        }
    }
}
