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
package io.github.camelrealtime.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class OptionTablesTest {

    private static final Path PAGE = Path.of("..", "docs", "options.md");
    private static final String UPDATE = "mvn -B -ntp -pl camel-openai-realtime test -Dtest=OptionTablesTest -Dupdate.docs=true";

    @Test
    @DisplayName("docs/options.md says what the catalogue says")
    void pageIsUpToDate() throws IOException {
        if (Boolean.getBoolean("update.docs")) {
            OptionTables.main(new String[] { PAGE.toString() });
        }
        String page = Files.readString(PAGE);
        assertThat(new OptionTables().fill(page))
                .as("docs/options.md is older than the options. Make it anew: %s", UPDATE)
                .isEqualTo(page);
    }

    @Test
    @DisplayName("Every option and header is on the page")
    void pageIsComplete() throws IOException {
        String page = Files.readString(PAGE);
        OptionTables tables = new OptionTables();
        assertThat(Stream.concat(tables.componentOptions().stream(), tables.endpointOptions().stream()))
                .isNotEmpty()
                .allSatisfy(option -> assertThat(page).contains("\n| `" + option + "`"));
        assertThat(page).contains("`CamelOpenAIRealtimeEventType`", "`CamelOpenAIRealtimeOverrideSessionName`");
    }

    @Test
    @DisplayName("Every option has an example, and every example an option")
    void everyOptionHasAnExample() throws IOException {
        OptionTables tables = new OptionTables();
        OptionExamples examples = OptionExamples.load();
        assertThat(examples.ofComponent().keySet())
                .as("component lines of option-examples.tsv").containsExactlyInAnyOrderElementsOf(tables.componentOptions());
        assertThat(examples.ofEndpoint().keySet())
                .as("endpoint lines of option-examples.tsv").containsExactlyInAnyOrderElementsOf(tables.endpointOptions());
    }

    @Test
    @DisplayName("A stale table is found, and what stands around it is kept")
    void replacesTheTableAlone() throws IOException {
        String page = "Before\n<!-- table: path -->\nold\n<!-- end of table -->\nAfter\n";
        String filled = new OptionTables().fill(page);
        assertThat(filled).startsWith("Before\n<!-- table: path -->\n\n| Option").endsWith("\n<!-- end of table -->\nAfter\n")
                .contains("| `kind`", "| `name` (required)").doesNotContain("old");
        assertThat(new OptionTables().fill(filled)).isEqualTo(filled);
    }

    @Test
    @DisplayName("A marker that stands for no table is an error")
    void refusesUnknownMarkers() throws IOException {
        OptionTables tables = new OptionTables();
        assertThatThrownBy(() -> tables.fill("<!-- table: nothing -->\n<!-- end of table -->"))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("nothing");
    }
}
