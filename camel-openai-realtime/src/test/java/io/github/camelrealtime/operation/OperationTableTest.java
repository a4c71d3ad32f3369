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
package io.github.camelrealtime.operation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import io.github.camelrealtime.docs.DocumentedTable;
import io.github.camelrealtime.event.SessionType;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OperationTableTest {

    private static final String PAGE = "operations.md";

    @Test
    @DisplayName("docs/operations.md has all operations, in their order, and says rightly in which sessions they are possible")
    void table() throws IOException {
        List<List<String>> rows = DocumentedTable.rows(PAGE, "operations");
        assertThat(rows).extracting(row -> row.get(0).split("`")[1])
                .containsExactlyElementsOf(Arrays.stream(Operation.values()).map(Operation::value).toList());
        for (int i = 0; i < rows.size(); i++) {
            assertThat(rows.get(i).get(1)).as(rows.get(i).get(0)).isEqualTo(sessions(Operation.values()[i]));
        }
    }

    private static String sessions(Operation operation) {
        if (operation == Operation.TRANSCRIBE) {
            return "its own";
        }
        return SessionKinds.isPossible(operation, SessionType.TRANSCRIPTION) ? "both" : "realtime";
    }

    @Test
    @DisplayName("docs/operations.md names every value of await")
    void awaits() throws IOException {
        String page = Files.readString(Path.of("..", "docs", PAGE));
        assertThat(Await.values()).allSatisfy(await -> assertThat(page).contains("\n| `" + await.name().toLowerCase() + "` | "));
    }
}
