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
package io.github.camelrealtime.examples.transcribe;

import java.util.List;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ResultTableTest {

    @Test
    @DisplayName("One row per file by name, a file without a reference has no rate, the total weighs by words")
    void table() {
        String table = ResultTable.of(List.of(
                new Result("b.wav", 1_500, 240, 2, new WordErrorRate(1, 3)),
                new Result("own.wav", 500, 100, 7, null),
                new Result("a.wav", 2_000, 1_000, 5, new WordErrorRate(0, 5))), 1_200);

        assertThat(table.lines().map(line -> line.strip().replaceAll(" {2,}", " "))).containsExactly(
                "file audio, s taken, s words WER, %",
                "-".repeat(67),
                "a.wav 2.00 1.00 5 0.0",
                "b.wav 1.50 0.24 2 33.3",
                "own.wav 0.50 0.10 7 -",
                "-".repeat(67),
                "total (3 files) 4.00 1.20 14 12.5");
    }
}
