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

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;

/** What a JSON value must look like; says which parameter is wrong, by its path, with the service's error codes. */
@FunctionalInterface
interface Shape {

    /** @throws ProtocolError if the value does not fit */
    void check(JsonNode value, String path);

    /** This shape, or JSON null. */
    default Shape orNull() {
        return (value, path) -> {
            if (!value.isNull()) {
                check(value, path);
            }
        };
    }

    static Shape any() {
        return (value, path) -> { };
    }

    static Shape string() {
        return (value, path) -> expect(value.isTextual(), value, path, "a string");
    }

    /** A string of at most so many characters. */
    static Shape string(int longest) {
        return (value, path) -> {
            string().check(value, path);
            if (value.textValue().length() > longest) {
                throw ProtocolError.of("string_above_max_length", "Invalid '" + path + "': string too long. Expected a string"
                        + " with maximum length " + longest + ", but got a string with length "
                        + value.textValue().length() + " instead.", path);
            }
        };
    }

    /** A string that a regular expression describes. */
    static Shape matching(String pattern) {
        return (value, path) -> {
            string().check(value, path);
            if (!value.textValue().matches(pattern)) {
                throw ProtocolError.invalidValue("Invalid '" + path + "': string does not match pattern. Expected a string that"
                        + " matches the pattern '" + pattern + "'.", path);
            }
        };
    }

    static Shape bool() {
        return (value, path) -> expect(value.isBoolean(), value, path, "a boolean");
    }

    static Shape integer(long least, long most) {
        return (value, path) -> {
            expect(value.isIntegralNumber(), value, path, "an integer");
            within(value, path, least, most);
        };
    }

    static Shape number(double least, double most) {
        return (value, path) -> {
            expect(value.isNumber(), value, path, "a number");
            within(value, path, least, most);
        };
    }

    static Shape oneOf(String... allowed) {
        return (value, path) -> {
            string().check(value, path);
            if (!List.of(allowed).contains(value.textValue())) {
                throw unsupported(value.textValue(), path, List.of(allowed));
            }
        };
    }

    static Shape listOf(Shape element) {
        return (value, path) -> {
            expect(value.isArray(), value, path, "an array");
            for (int i = 0; i < value.size(); i++) {
                element.check(value.get(i), path + "[" + i + "]");
            }
        };
    }

    /** At most so many members, each with a key of at most so many characters. */
    static Shape map(int mostMembers, int longestKey, Shape member) {
        return (value, path) -> {
            expect(value.isObject(), value, path, "an object");
            if (value.size() > mostMembers) {
                throw ProtocolError.invalidValue("Invalid '" + path + "': too many properties. Expected at most "
                        + mostMembers + ", but got " + value.size() + ".", path);
            }
            value.fields().forEachRemaining(entry -> {
                if (entry.getKey().length() > longestKey) {
                    throw ProtocolError.of("string_above_max_length", "Invalid '" + path + "': a key is longer than "
                            + longestKey + " characters.", path);
                }
                member.check(entry.getValue(), path + "." + entry.getKey());
            });
        };
    }

    /** A string is checked by the one shape, everything else by the other. */
    static Shape stringOr(Shape text, Shape other) {
        return (value, path) -> (value.isTextual() ? text : other).check(value, path);
    }

    /** An object whose {@code type} says which shape it has. */
    static Shape byType(Map<String, Shape> shapes) {
        return (value, path) -> {
            expect(value.isObject(), value, path, "an object");
            JsonNode type = value.get("type");
            if (type == null) {
                throw ProtocolError.missing(member(path, "type"));
            }
            Shape shape = shapes.get(type.asText());
            if (shape == null) {
                throw unsupported(type.asText(), member(path, "type"), new TreeSet<>(shapes.keySet()));
            }
            shape.check(value, path);
        };
    }

    static Members object() {
        return new Members();
    }

    private static void expect(boolean fits, JsonNode value, String path, String wanted) {
        if (!fits) {
            throw ProtocolError.invalidValue("Invalid type for '" + path + "': expected " + wanted + ", but got "
                    + kind(value) + " instead.", path);
        }
    }

    private static void within(JsonNode value, String path, double least, double most) {
        double number = value.doubleValue();
        if (number < least || number > most) {
            throw ProtocolError.invalidValue("Invalid '" + path + "': expected a value from " + plain(least) + " to "
                    + plain(most) + ", but got " + value.asText() + " instead.", path);
        }
    }

    private static ProtocolError unsupported(String value, String path, Iterable<String> allowed) {
        StringBuilder names = new StringBuilder();
        allowed.forEach(name -> names.append(names.length() == 0 ? "'" : ", '").append(name).append('\''));
        return ProtocolError.invalidValue("Invalid value: '" + value + "'. Supported values are: " + names + ".", path);
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            default -> "null";
        };
    }

    private static String member(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** An object of known members; anything else in it is refused. */
    final class Members implements Shape {

        private final Map<String, Shape> members = new LinkedHashMap<>();
        private final Set<String> required = new LinkedHashSet<>();

        private Members() {
        }

        Members required(String name, Shape shape) {
            required.add(name);
            members.put(name, shape);
            return this;
        }

        Members optional(String name, Shape shape) {
            members.put(name, shape);
            return this;
        }

        @Override
        public void check(JsonNode value, String path) {
            expect(value.isObject(), value, path, "an object");
            value.fieldNames().forEachRemaining(name -> {
                if (!members.containsKey(name)) {
                    throw ProtocolError.unknown(member(path, name));
                }
            });
            for (String name : required) {
                if (!value.has(name)) {
                    throw ProtocolError.missing(member(path, name));
                }
            }
            members.forEach((name, shape) -> {
                if (value.has(name)) {
                    shape.check(value.get(name), member(path, name));
                }
            });
        }
    }
}
