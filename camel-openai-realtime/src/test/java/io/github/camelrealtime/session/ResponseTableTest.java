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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ResponseTableTest {

    private static final Path PAGE = Path.of("..", "docs", "architecture.md");
    private static final Path SOURCE
            = Path.of("src", "main", "java", "io", "github", "camelrealtime", "session", "ResponseTable.java");
    private static final Pattern BLOCK
            = Pattern.compile("(<!-- table: responses -->\n)(.*?)([ *]*<!-- end of table -->)", Pattern.DOTALL);
    private static final String UPDATE = "mvn -B -ntp -pl camel-openai-realtime test -Dtest=ResponseTableTest -Dupdate.docs=true";

    @Test
    @DisplayName("RESP-1 docs/architecture.md has the table of states that the code goes by")
    void page() throws IOException {
        upToDate(PAGE, markdown());
    }

    @Test
    @DisplayName("RESP-1 so has the Javadoc")
    void javadoc() throws IOException {
        upToDate(SOURCE, javadocTable());
    }

    private static void upToDate(Path file, String table) throws IOException {
        String text = Files.readString(file);
        String filled = BLOCK.matcher(text).replaceFirst(
                found -> Matcher.quoteReplacement(found.group(1) + table + found.group(3)));
        if (Boolean.getBoolean("update.docs")) {
            Files.writeString(file, filled);
        }
        assertThat(Files.readString(file)).as("%s is older than ResponseTable. Make it anew: %s", file, UPDATE).isEqualTo(filled);
    }

    private static String markdown() {
        StringBuilder table = new StringBuilder("\n| Input |");
        List.of(ResponseState.values()).forEach(state -> table.append(" `").append(state).append("` |"));
        table.append("\n|---|").append("---|".repeat(ResponseState.values().length)).append('\n');
        for (ResponseInput input : ResponseInput.values()) {
            table.append("| `").append(input).append("` |");
            for (ResponseState state : ResponseState.values()) {
                ResponseTable.Step step = ResponseTable.step(state, input);
                table.append(isNothing(step) ? " |" : " " + target(step) + ", " + word(step.action()) + " |");
            }
            table.append('\n');
        }
        meanings(table, "State", ResponseState.values());
        meanings(table, "Input", ResponseInput.values());
        meanings(table, "Action", ResponseAction.values());
        return table.append('\n').toString();
    }

    private static boolean isNothing(ResponseTable.Step step) {
        return step.action() == ResponseAction.NOTHING;
    }

    private static String target(ResponseTable.Step step) {
        return step.target() == null ? "*rest*" : "`" + step.target() + "`";
    }

    private static String word(ResponseAction action) {
        return action.name().toLowerCase(Locale.ROOT);
    }

    private static void meanings(StringBuilder table, String head, Enum<?>[] words) {
        table.append("\n| ").append(head).append(" | Is |\n|---|---|\n");
        for (Enum<?> word : words) {
            if (word != ResponseAction.NOTHING) {
                String name = word instanceof ResponseAction action ? word(action) : "`" + word + "`";
                table.append("| ").append(name).append(" | ").append(meaning(word)).append(" |\n");
            }
        }
    }

    private static String meaning(Enum<?> word) {
        if (word instanceof ResponseState state) {
            return state.meaning();
        }
        return word instanceof ResponseInput input ? input.meaning() : ((ResponseAction) word).meaning();
    }

    private static String javadocTable() {
        StringBuilder table = new StringBuilder(" * <table>\n * <caption>State, and action, that follow</caption>\n * <tr><th></th>");
        List.of(ResponseState.values()).forEach(state -> table.append("<th>").append(state).append("</th>"));
        table.append("</tr>\n");
        for (ResponseInput input : ResponseInput.values()) {
            table.append(" * <tr><th>").append(input).append("</th>\n *");
            for (ResponseState state : ResponseState.values()) {
                ResponseTable.Step step = ResponseTable.step(state, input);
                String target = step.target() == null ? "rest" : step.target().name();
                table.append(state == ResponseState.CONTESTED ? "\n *" : "")
                        .append(isNothing(step) ? " <td></td>" : " <td>" + target + ", " + word(step.action()) + "</td>");
            }
            table.append("</tr>\n");
        }
        return table.append(" * </table>\n").toString();
    }

    @Test
    @DisplayName("RESP-5 from every state there is a way back to idle, and a time-out or an answer to wait for "
                 + "in each but idle")
    void noDeadEnds() {
        for (ResponseState state : ResponseState.values()) {
            assertThat(ResponseTable.step(state, ResponseInput.CUT).action()).as(state.name()).isEqualTo(ResponseAction.FORGET);
            if (state != ResponseState.IDLE) {
                assertThat(List.of(ResponseInput.LATE, ResponseInput.UNANSWERED)).as("time-out of %s", state)
                        .anyMatch(input -> ResponseTable.step(state, input).action() != ResponseAction.NOTHING);
            }
        }
    }

    @Test
    @DisplayName("RESP-1 only who finds the place free may ask")
    void askedOnlyWhenFree() {
        for (ResponseState state : ResponseState.values()) {
            assertThat(ResponseTable.step(state, ResponseInput.TURN).action() == ResponseAction.ASK).as(state.name())
                    .isEqualTo(state == ResponseState.IDLE);
        }
    }
}
