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
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * Makes the tables of {@code docs/options.md} from the component's entry in the catalogue, which the build makes from the
 * annotations in the sources. What stands between the markers is replaced, the rest of the page is left alone.
 */
public final class OptionTables {

    private static final String CATALOGUE = "/META-INF/io/github/camelrealtime/openai-realtime.json";
    private static final Pattern TABLE = Pattern.compile("(<!-- table: ([a-z-]+) -->\n).*?(<!-- end of table -->)", Pattern.DOTALL);
    private static final String OPTION_HEAD = "| Option | Type | Default | Meaning | Example |\n|---|---|---|---|---|\n";
    private static final String HEADER_HEAD = "| Header | Type | Where | Meaning |\n|---|---|---|---|\n";

    private final JsonNode catalogue;
    private final OptionExamples examples;

    public OptionTables() throws IOException {
        try (InputStream in = OptionTables.class.getResourceAsStream(CATALOGUE)) {
            catalogue = new ObjectMapper().readTree(in);
        }
        examples = OptionExamples.load();
    }

    /** Writes the tables into the page whose path is the argument. */
    public static void main(String[] args) throws IOException {
        Path page = Path.of(args[0]);
        Files.writeString(page, new OptionTables().fill(Files.readString(page)));
    }

    /**
     * The page with its tables made anew.
     *
     * @throws IllegalArgumentException if the page has a marker that stands for no table
     */
    public String fill(String page) {
        return TABLE.matcher(page).replaceAll(table -> Matcher.quoteReplacement(
                table.group(1) + "\n" + table(table.group(2)) + "\n" + table.group(3)));
    }

    private String table(String name) {
        return switch (name) {
            case "component" -> componentTable();
            case "path" -> endpointTable(option -> "path".equals(option.path("kind").asText()));
            case "common" -> endpointTable(option -> isParameter(option) && "common".equals(group(option)));
            case "consumer" -> endpointTable(option -> group(option).startsWith("consumer"));
            case "producer" -> endpointTable(option -> group(option).startsWith("producer"));
            case "session" -> endpointTable(option -> "session".equals(group(option)) && !isAdvanced(option));
            case "session-advanced" -> endpointTable(option -> "session".equals(group(option)) && isAdvanced(option));
            case "headers" -> headerTable();
            default -> throw new IllegalArgumentException("There is no table '" + name + "'");
        };
    }

    /** Options of the component that no endpoint has. */
    List<String> componentOptions() {
        List<String> names = new ArrayList<>();
        catalogue.path("componentProperties").fieldNames().forEachRemaining(names::add);
        names.removeIf(name -> catalogue.path("properties").has(name));
        return names;
    }

    /** Options of an endpoint, parts of its path included. */
    List<String> endpointOptions() {
        List<String> names = new ArrayList<>();
        catalogue.path("properties").fieldNames().forEachRemaining(names::add);
        return names;
    }

    private String componentTable() {
        StringBuilder table = new StringBuilder(OPTION_HEAD);
        for (String name : componentOptions()) {
            option(table, name, catalogue.path("componentProperties").path(name), examples.ofComponent());
        }
        TreeSet<String> onEndpointsOnly = new TreeSet<>(endpointOptions());
        catalogue.path("componentProperties").fieldNames().forEachRemaining(onEndpointsOnly::remove);
        onEndpointsOnly.removeIf(name -> !isParameter(catalogue.path("properties").path(name)));
        return table + "\nEvery option of an endpoint can be set on the component too, as default of all endpoints, except `"
               + String.join("`, `", onEndpointsOnly) + "`.\n";
    }

    private String endpointTable(Predicate<JsonNode> wanted) {
        List<Map.Entry<String, JsonNode>> rows = new ArrayList<>();
        catalogue.path("properties").properties().forEach(entry -> {
            if (wanted.test(entry.getValue())) {
                rows.add(entry);
            }
        });
        rows.sort(Comparator.comparing(entry -> isAdvanced(entry.getValue())));
        StringBuilder table = new StringBuilder(OPTION_HEAD);
        rows.forEach(row -> option(table, row.getKey(), row.getValue(), examples.ofEndpoint()));
        return table.toString();
    }

    private static void option(StringBuilder table, String name, JsonNode option, Map<String, String> examples) {
        table.append("| `").append(name).append('`').append(option.path("required").asBoolean() ? " (required)" : "")
                .append(" | ").append(type(option))
                .append(" | ").append(defaultValue(option))
                .append(" | ").append(cell(option.path("description").asText()))
                .append(option.path("secret").asBoolean() ? " Secret." : "")
                .append(" | `").append(cell(examples.getOrDefault(name, ""))).append("` |\n");
    }

    private static String type(JsonNode option) {
        if (option.has("enum")) {
            List<String> values = new ArrayList<>();
            option.path("enum").forEach(value -> values.add("`" + value.asText() + "`"));
            return String.join(", ", values);
        }
        String type = option.path("type").asText();
        return "object".equals(type) ? "`" + simpleName(option.path("javaType").asText()) + "`" : type;
    }

    private static String defaultValue(JsonNode option) {
        if (!option.has("defaultValue")) {
            return "";
        }
        String value = option.path("defaultValue").asText();
        boolean bareMillis = "duration".equals(option.path("type").asText()) && value.chars().allMatch(Character::isDigit)
                && !"0".equals(value);
        return "`" + value + "`" + (bareMillis ? " ms" : "");
    }

    private String headerTable() {
        StringBuilder table = new StringBuilder(HEADER_HEAD);
        catalogue.path("headers").properties().forEach(entry -> {
            JsonNode header = entry.getValue();
            String where = switch (header.path("label").asText()) {
                case "consumer" -> "on consumed exchanges";
                case "producer" -> "read by producers";
                default -> "on consumed exchanges, set by producers";
            };
            table.append("| `").append(entry.getKey()).append("`<br>`").append(constant(header)).append("` | `")
                    .append(simpleName(header.path("javaType").asText())).append("` | ").append(where).append(" | ")
                    .append(cell(header.path("description").asText())).append(" |\n");
        });
        return table.toString();
    }

    private static String constant(JsonNode header) {
        String name = header.path("constantName").asText();
        return name.substring(name.indexOf('#') + 1);
    }

    private static boolean isParameter(JsonNode option) {
        return "parameter".equals(option.path("kind").asText());
    }

    private static String group(JsonNode option) {
        return isParameter(option) ? option.path("group").asText() : "";
    }

    private static boolean isAdvanced(JsonNode option) {
        return option.path("label").asText().contains("advanced");
    }

    private static String simpleName(String javaType) {
        return javaType.replaceAll("[a-z][A-Za-z0-9]*\\.", "");
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;");
    }
}
