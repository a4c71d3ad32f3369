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
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.docs.DocumentedTable;
import io.github.camelrealtime.session.BetaShapes;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MigrationTablesTest {

    private static final String PAGE = "migration.md";
    private static final Path SOURCES = Path.of("src", "main", "java", "io", "github", "camelrealtime");
    private static final String MEMBER = "session.";
    private static final Pattern ENTRY = Pattern.compile("^ +(?:Map.of\\()?\"([a-z_.]+)\", ", Pattern.MULTILINE);

    @Test
    @DisplayName("CFG-11 what docs/migration.md calls refused is refused, with the name it says, and nothing else is")
    void refused() throws IOException {
        List<List<String>> rows = DocumentedTable.rows(PAGE, "refused");
        assertThat(rows).allSatisfy(row -> {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            String type = row.get(0).startsWith(MEMBER) ? "session.update" : row.get(0);
            if (row.get(0).startsWith(MEMBER)) {
                body.putObject("session").put(row.get(0).substring(MEMBER.length()), "x");
            }
            assertThatThrownBy(() -> BetaShapes.check(type, body)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(row.get(0)).hasMessageEndingWith("now it is " + row.get(1));
        });
        Set<String> named = rows.stream().map(row -> row.get(0).replaceFirst("^session\\.", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(named).isEqualTo(entries("session/BetaShapes.java"));
    }

    @Test
    @DisplayName("CFG-11 what docs/migration.md calls put right is sent as it says")
    void normalised() throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<List<String>> rows = DocumentedTable.rows(PAGE, "normalised");
        assertThat(rows).hasSize(3);
        for (List<String> row : rows) {
            ObjectNode response = (ObjectNode) json.readTree("{" + row.get(0) + "}");
            BetaShapes.checkResponse(response);
            assertThat(response).isEqualTo(json.readTree("{" + row.get(1) + "}"));
        }
    }

    @Test
    @DisplayName("CFG-11 what docs/migration.md calls mapped is mapped, and nothing else is")
    void mapped() throws IOException {
        List<List<String>> rows = DocumentedTable.rows(PAGE, "mapped");
        assertThat(rows).hasSizeGreaterThan(5).allSatisfy(row -> assertThat(FormerNames.current(row.get(0)))
                .isEqualTo(row.get(1)));
        assertThat(EventTypes.serverTypes()).filteredOn(type -> !FormerNames.current(type).equals(type))
                .allSatisfy(type -> assertThat(rows).extracting(row -> row.get(0)).contains(type));
        String source = Files.readString(SOURCES.resolve("event/FormerNames.java"));
        // each entry of the map names its event of today once
        assertThat(rows).hasSize(source.substring(source.indexOf("Map.of(")).split("EventTypes\\.[A-Z_]+(?:,\n|\\);)")
                .length - 1);
    }

    private static Set<String> entries(String source) throws IOException {
        return ENTRY.matcher(Files.readString(SOURCES.resolve(source))).results().map(entry -> entry.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
