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

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The results as a table for people. */
final class ResultTable {

    private static final String ROW = "%-30s %9s %9s %7s %8s%n";
    private static final String RULE = "-".repeat(67);

    private ResultTable() {
    }

    /**
     * @param wallMillis how long all of it took; less than the sum of the rows, as recordings are transcribed side by side
     */
    static String of(Collection<Result> results, long wallMillis) {
        List<Result> rows = results.stream().sorted(Comparator.comparing(Result::file)).toList();
        StringBuilder table = new StringBuilder();
        table.append(ROW.formatted("file", "audio, s", "taken, s", "words", "WER, %")).append(RULE).append(System.lineSeparator());
        rows.forEach(row -> table.append(ROW.formatted(row.file(), seconds(row.audioMillis()), seconds(row.takenMillis()),
                row.words(), percent(row.rate()))));
        WordErrorRate rate = rows.stream().map(Result::rate).filter(each -> each != null)
                .reduce(WordErrorRate::plus).orElse(null);
        table.append(RULE).append(System.lineSeparator());
        table.append(ROW.formatted("total (" + rows.size() + " files)",
                seconds(rows.stream().mapToLong(Result::audioMillis).sum()), seconds(wallMillis),
                rows.stream().mapToInt(Result::words).sum(), percent(rate)));
        return table.toString();
    }

    static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.2f", millis / 1000.0);
    }

    private static String percent(WordErrorRate rate) {
        return rate == null ? "-" : String.format(Locale.ROOT, "%.1f", rate.percent());
    }
}
