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
package io.github.camelrealtime.session;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.camelrealtime.docs.DocumentedTable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ErrorTablesTest {

    private static final String PAGE = "errors.md";
    private static final String PACKAGE = ErrorTablesTest.class.getPackageName();
    private static final Path SOURCES = Path.of("src", "main", "java", "io", "github", "camelrealtime", "session");
    private static final Pattern CODE = Pattern.compile("\"([a-z]+(?:_[a-z]+)+)\"");

    @Test
    @DisplayName("ERR-1 docs/errors.md names every code that the component knows, with its class")
    void codes() throws IOException {
        List<List<String>> rows = DocumentedTable.rows(PAGE, "codes");
        assertThat(rows).allSatisfy(row -> assertThat(classOf(row.get(0))).as(row.get(0)).hasToString(row.get(1)));
        Set<String> known = CODE.matcher(Files.readString(SOURCES.resolve("ErrorClassifier.java"))).results()
                .map((MatchResult code) -> code.group(1)).collect(Collectors.toCollection(TreeSet::new));
        assertThat(rows.stream().map(row -> row.get(0)).filter(code -> !isCloseCode(code))).hasSameElementsAs(known);
    }

    private static ErrorClass classOf(String code) {
        return isCloseCode(code)
                ? ErrorClassifier.ofClose(Integer.parseInt(code), null) : ErrorClassifier.ofEvent(null, code, null, false);
    }

    private static boolean isCloseCode(String code) {
        return Character.isDigit(code.charAt(0));
    }

    @Test
    @DisplayName("ERR-1 docs/errors.md explains every class of errors")
    void classes() throws IOException {
        String page = Files.readString(Path.of("..", "docs", PAGE));
        assertThat(ErrorClass.values()).allSatisfy(value -> assertThat(page).contains("\n| `" + value + "` | "));
    }

    @Test
    @DisplayName("ERR-4 docs/errors.md names every exception of sessions, with its properties")
    void exceptions() throws Exception {
        List<List<String>> rows = DocumentedTable.rows(PAGE, "exceptions");
        assertThat(rows).allSatisfy(row -> assertThat(properties(Class.forName(PACKAGE + "." + row.get(0))))
                .as(row.get(0)).isEqualTo(row.get(2)));
        try (Stream<Path> files = Files.list(SOURCES)) {
            assertThat(rows).extracting(row -> row.get(0) + ".java").hasSameElementsAs(files.map(file -> file.getFileName()
                    .toString())
                    .filter(name -> name.endsWith("Exception.java") && !isCamels(name)).toList());
        }
    }

    /** It reaches routes as Camel's own. */
    private static boolean isCamels(String file) {
        return file.equals("TimedOutException.java");
    }

    private static String properties(Class<?> exception) {
        Set<String> declared = Arrays.stream(exception.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers()))
                .map(Method::getName).filter(name -> name.matches("(get|is)[A-Z].*"))
                .map(name -> name.replaceFirst("^(get|is)", ""))
                .map(name -> Character.toLowerCase(name.charAt(0)) + name.substring(1)).collect(Collectors.toSet());
        if (declared.isEmpty()) {
            return exception == SessionReconnectingException.class ? "as `SessionClosedException`" : "–";
        }
        return Arrays.stream(exception.getDeclaredFields()).filter(field -> !Modifier.isStatic(field.getModifiers()))
                .map(field -> field.getName()).filter(declared::contains).map(name -> "`" + name + "`")
                .collect(Collectors.joining(", ")).replaceAll("^`([^`]*)`$", "$1");
    }
}
