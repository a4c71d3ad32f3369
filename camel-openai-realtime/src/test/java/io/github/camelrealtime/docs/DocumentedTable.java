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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A table of a page of the guide, between {@code <!-- table: name -->} and {@code <!-- end of table -->}. */
public final class DocumentedTable {

    private static final Path DOCS = Path.of("..", "docs");
    private static final String END = "<!-- end of table -->";

    private DocumentedTable() {
    }

    /** The cells of all rows but heads, without the backticks around them. */
    public static List<List<String>> rows(String page, String table) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        boolean body = false;
        for (String line : text(page, table).lines().toList()) {
            if (line.startsWith("|---")) {
                body = true;
            } else if (!line.startsWith("|")) {
                body = false;
            } else if (body) {
                rows.add(Arrays.stream(line.substring(1, line.length() - 1).split("\\|")).map(String::strip)
                        .map(DocumentedTable::bare).toList());
            }
        }
        return rows;
    }

    private static String bare(String cell) {
        return cell.length() > 1 && cell.startsWith("`") && cell.indexOf('`', 1) == cell.length() - 1
                ? cell.substring(1, cell.length() - 1) : cell;
    }

    private static String text(String page, String table) throws IOException {
        Matcher found = block(table).matcher(Files.readString(DOCS.resolve(page)));
        if (!found.find()) {
            throw new IllegalArgumentException("No table " + table + " in " + page);
        }
        return found.group(2);
    }

    /** Puts a table in the place of the one that is there. */
    public static void replace(String page, String table, String rows) throws IOException {
        Path file = DOCS.resolve(page);
        Files.writeString(file, block(table).matcher(Files.readString(file))
                .replaceFirst(match -> Matcher.quoteReplacement(match.group(1) + "\n\n" + rows + "\n" + END)));
    }

    private static Pattern block(String table) {
        return Pattern.compile("(<!-- table: " + Pattern.quote(table) + " -->)(.*?)" + END, Pattern.DOTALL);
    }
}
