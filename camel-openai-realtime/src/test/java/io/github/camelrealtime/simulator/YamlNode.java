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
package io.github.camelrealtime.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;

/**
 * A piece of a YAML file that knows its line. A map is used up key by key: what nobody asked for is an error, and names the
 * keys that there are.
 */
final class YamlNode {

    private static final Pattern DURATION = Pattern.compile("(\\d+)(ms|s|m|h)");

    private final String source;
    private final int line;
    private final Map<String, YamlNode> members;
    private final List<YamlNode> elements;
    private final JsonNode scalar;
    private final TreeSet<String> asked = new TreeSet<>();

    private YamlNode(String source, int line, Map<String, YamlNode> members, List<YamlNode> elements, JsonNode scalar) {
        this.source = source;
        this.line = line;
        this.members = members;
        this.elements = elements;
        this.scalar = scalar;
    }

    /** @throws IllegalArgumentException if it is no YAML */
    static YamlNode parse(String source, InputStream in) throws IOException {
        try (JsonParser parser = new YAMLFactory().createParser(in)) {
            parser.disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
            parser.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
            JsonToken first = parser.nextToken();
            YamlNode root = first == null ? new YamlNode(source, 1, new LinkedHashMap<>(), null, null) : read(source, parser);
            if (parser.nextToken() != null) {
                throw root.wrong("one document, not several");
            }
            return root;
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw new IllegalArgumentException(source + ", line " + line + ": " + e.getOriginalMessage(), e);
        }
    }

    private static YamlNode read(String source, JsonParser parser) throws IOException {
        int line = parser.currentTokenLocation().getLineNr();
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, YamlNode> members = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    members.put(name, read(source, parser));
                }
                yield new YamlNode(source, line, members, null, null);
            }
            case START_ARRAY -> {
                List<YamlNode> elements = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(read(source, parser));
                }
                yield new YamlNode(source, line, null, elements, null);
            }
            default -> new YamlNode(source, line, null, null, value(parser));
        };
    }

    private static JsonNode value(JsonParser parser) throws IOException {
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch (parser.currentToken()) {
            case VALUE_NUMBER_INT -> json.numberNode(parser.getLongValue());
            case VALUE_NUMBER_FLOAT -> json.numberNode(parser.getDoubleValue());
            case VALUE_TRUE, VALUE_FALSE -> json.booleanNode(parser.getBooleanValue());
            case VALUE_NULL -> json.nullNode();
            default -> json.textNode(parser.getText());
        };
    }

    boolean isMap() {
        return members != null;
    }

    boolean isText() {
        return scalar != null && scalar.isTextual();
    }

    /** Whether the map has this key; counts as asked for. */
    boolean has(String key) {
        asked.add(key);
        return members != null && members.containsKey(key);
    }

    /** The member, or null. */
    YamlNode get(String key) {
        if (!isMap()) {
            throw wrong("a map");
        }
        asked.add(key);
        return members.get(key);
    }

    /** The member, which has to be there. */
    YamlNode need(String key) {
        YamlNode member = get(key);
        if (member == null) {
            throw error("'" + key + "' is missing");
        }
        return member;
    }

    /** Members whose names are the file's own. */
    Map<String, YamlNode> named() {
        if (!isMap()) {
            throw wrong("a map");
        }
        asked.addAll(members.keySet());
        return members;
    }

    /** The elements, or the one thing itself. */
    List<YamlNode> list() {
        return elements == null ? List.of(this) : elements;
    }

    boolean isList() {
        return elements != null;
    }

    /** @throws IllegalArgumentException if the map has a key that was not asked for */
    void end() {
        for (Map.Entry<String, YamlNode> member : members.entrySet()) {
            if (!asked.contains(member.getKey())) {
                throw member.getValue().error("unknown key '" + member.getKey() + "'; known here: " + String.join(", ", asked));
            }
        }
    }

    /** A text; numbers are texts too. */
    String text() {
        if (scalar == null || scalar.isNull()) {
            throw wrong("a text");
        }
        return scalar.asText();
    }

    int integer() {
        if (scalar == null || !scalar.isInt() && !scalar.isLong() || scalar.asLong() < 0 || scalar.asLong() > Integer.MAX_VALUE) {
            throw wrong("a whole number of 0 or more");
        }
        return scalar.asInt();
    }

    double number() {
        if (scalar == null || !scalar.isNumber()) {
            throw wrong("a number");
        }
        return scalar.asDouble();
    }

    boolean yes() {
        if (scalar == null || !scalar.isBoolean()) {
            throw wrong("true or false");
        }
        return scalar.asBoolean();
    }

    boolean isBoolean() {
        return scalar != null && scalar.isBoolean();
    }

    Duration duration() {
        Matcher matcher = DURATION.matcher(scalar == null ? "" : scalar.asText());
        if (!matcher.matches()) {
            throw wrong("a time like 250ms, 2s, 5m or 1h");
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
        };
    }

    /** Text as it is, anything else as JSON. */
    String json() {
        return isText() ? scalar.asText() : tree().toString();
    }

    private JsonNode tree() {
        if (members != null) {
            asked.addAll(members.keySet());
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            members.forEach((name, member) -> object.set(name, member.tree()));
            return object;
        }
        if (elements != null) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            elements.forEach(element -> array.add(element.tree()));
            return array;
        }
        return scalar;
    }

    IllegalArgumentException wrong(String wanted) {
        String got = members != null ? "a map" : elements != null ? "a list" : "'" + scalar.asText() + "'";
        return error("expected " + wanted + ", but found " + got);
    }

    IllegalArgumentException error(String what) {
        return new IllegalArgumentException(source + ", line " + line + ": " + what);
    }
}
