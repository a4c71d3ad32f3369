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
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A fenced piece of code in the guide.
 *
 * @param page     name of its file
 * @param line     the line on which its fence opens
 * @param language as the fence says, empty for none
 * @param named    whether a comment before it names it, as a test of its own holds it against its source
 */
public record Snippet(String page, long line, String language, String text, boolean named) {

    private static final Path ROOT = Path.of("..");
    private static final Pattern FENCE
            = Pattern.compile("(<!-- snippet: \\S+ -->\n)?^```(\\w*)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    /** Those of the README and of all pages, in order. */
    public static List<Snippet> all() throws IOException {
        List<Snippet> all = new ArrayList<>(of(ROOT.resolve("README.md")));
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            for (Path page : docs.filter(file -> file.toString().endsWith(".md")).sorted().toList()) {
                all.addAll(of(page));
            }
        }
        return all;
    }

    /** Those in one language, of one page of the guide. */
    public static List<Snippet> of(String page, String language) throws IOException {
        return of(ROOT.resolve("docs").resolve(page)).stream().filter(snippet -> snippet.language().equals(language)).toList();
    }

    private static List<Snippet> of(Path page) throws IOException {
        String text = Files.readString(page);
        List<Snippet> snippets = new ArrayList<>();
        Matcher fence = FENCE.matcher(text);
        while (fence.find()) {
            snippets.add(new Snippet(
                    page.getFileName().toString(), text.substring(0, fence.start(2)).lines().count(), fence.group(2),
                            fence.group(3),
                    fence.group(1) != null));
        }
        return snippets;
    }

    @Override
    public String toString() {
        return page + ":" + line + (language.isEmpty() ? "" : ", " + language);
    }
}
