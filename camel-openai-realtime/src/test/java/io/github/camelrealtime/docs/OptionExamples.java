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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The examples of {@code option-examples.tsv}: what a user would write to set an option. */
public final class OptionExamples {

    private static final String RESOURCE = "option-examples.tsv";

    private final Map<String, Map<String, String>> byScope = new LinkedHashMap<>();

    private OptionExamples() {
    }

    /**
     * Reads them.
     *
     * @throws IllegalStateException if a line is not of the form scope, option, example, or says the same again
     */
    public static OptionExamples load() throws IOException {
        OptionExamples examples = new OptionExamples();
        try (InputStream in = OptionExamples.class.getResourceAsStream(RESOURCE);
             BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            reader.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(examples::add);
        }
        return examples;
    }

    private void add(String line) {
        List<String> parts = List.of(line.split("\t"));
        if (parts.size() != 3) {
            throw new IllegalStateException(RESOURCE + ": three parts with tabs between them are expected: " + line);
        }
        String before = byScope.computeIfAbsent(parts.get(0), scope -> new LinkedHashMap<>()).put(parts.get(1), parts.get(2));
        if (before != null) {
            throw new IllegalStateException(RESOURCE + ": " + parts.get(1) + " has two examples");
        }
    }

    /** The component's own options, each with a line of {@code application.properties}. */
    public Map<String, String> ofComponent() {
        return byScope.getOrDefault("component", Map.of());
    }

    /** The endpoint's options, each with an endpoint URI. */
    public Map<String, String> ofEndpoint() {
        return byScope.getOrDefault("endpoint", Map.of());
    }
}
