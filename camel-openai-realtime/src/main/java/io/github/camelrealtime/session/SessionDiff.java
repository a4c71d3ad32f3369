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
package io.github.camelrealtime.session;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What of a session object is news to the service. What is not named stays as it is, so it is never part of the difference.
 *
 * <p>Whether the service merges an object that has kinds, such as {@code turn_detection}, or makes it anew from its defaults,
 * is not known (wire reference §3.1). So if any of it differs it is completed by what the service holds of the same kind: then
 * both come to the same.
 */
final class SessionDiff {

    private static final Set<String> CONTAINERS = Set.of("audio", "input", "output");
    /** Objects that are completed, and the member that tells their kind. */
    private static final Map<String, String> KINDS = Map.of(
            "turn_detection", "type", "noise_reduction", "type", "truncation", "type", "transcription", "model");

    private SessionDiff() {
    }

    /**
     * What has to be sent.
     *
     * @param  wanted    members to set, null to clear
     * @param  effective what the service holds, {@code null} if not known
     * @param  underWay  what was sent and not answered yet, in order: as it may be refused, what it touches is sent in any case
     * @return           the members that differ, a new object; empty if none does
     */
    static ObjectNode of(ObjectNode wanted, JsonNode effective, List<ObjectNode> underWay) {
        if (effective == null) {
            return wanted.deepCopy();
        }
        ObjectNode certain = effective.deepCopy();
        ObjectNode expected = effective.deepCopy();
        underWay.forEach(change -> {
            blur(certain, change);
            merge(expected, change);
        });
        return difference(wanted, certain, expected);
    }

    /** What the service holds for certain: what is under way is missing from it. */
    static ObjectNode certain(JsonNode effective, List<ObjectNode> underWay) {
        ObjectNode certain = effective.deepCopy();
        underWay.forEach(change -> blur(certain, change));
        return certain;
    }

    private static ObjectNode difference(ObjectNode wanted, JsonNode certain, JsonNode expected) {
        ObjectNode difference = JsonNodeFactory.instance.objectNode();
        wanted.properties().forEach(member -> {
            String name = member.getKey();
            JsonNode value = member.getValue();
            if (CONTAINERS.contains(name) && value instanceof ObjectNode object) {
                ObjectNode inner = difference(object, certain.path(name), expected.path(name));
                if (!inner.isEmpty()) {
                    difference.set(name, inner);
                }
            } else if (!isHeld(name, value, certain.get(name))) {
                difference.set(name, complete(name, value, expected.path(name)));
            }
        });
        return difference;
    }

    private static boolean isHeld(String name, JsonNode value, JsonNode certain) {
        if (certain != null && certain.isMissingNode()) {
            return false;
        }
        if (!isSameKind(name, value, certain)) {
            return same(value, certain);
        }
        return value.properties().stream().allMatch(member -> same(member.getValue(), certain.get(member.getKey())));
    }

    private static JsonNode complete(String name, JsonNode value, JsonNode expected) {
        if (!isSameKind(name, value, expected)) {
            return value.deepCopy();
        }
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        expected.properties().forEach(member -> {
            // the service's nulls stand for "none", which is what it takes anyway
            if (!member.getValue().isNull()) {
                whole.set(member.getKey(), member.getValue());
            }
        });
        return whole.setAll((ObjectNode) value.deepCopy());
    }

    private static boolean isSameKind(String name, JsonNode value, JsonNode other) {
        String kind = KINDS.get(name);
        return kind != null && value.isObject() && other != null && other.isObject()
                && (!value.has(kind) || value.get(kind).equals(other.get(kind)));
    }

    /** Whether two values mean the same: null is absent, and a number is its value. */
    static boolean same(JsonNode one, JsonNode other) {
        if (isNothing(one) || isNothing(other)) {
            return isNothing(one) && isNothing(other);
        }
        if (one.isNumber() && other.isNumber()) {
            return one.decimalValue().compareTo(other.decimalValue()) == 0;
        }
        if (one.isObject() && other.isObject()) {
            Set<String> names = new TreeSet<>();
            one.fieldNames().forEachRemaining(names::add);
            other.fieldNames().forEachRemaining(names::add);
            return names.stream().allMatch(name -> same(one.get(name), other.get(name)));
        }
        if (one.isArray() && other.isArray()) {
            boolean same = one.size() == other.size();
            for (int i = 0; same && i < one.size(); i++) {
                same = same(one.get(i), other.get(i));
            }
            return same;
        }
        return one.equals(other);
    }

    private static boolean isNothing(JsonNode value) {
        return value == null || value.isNull();
    }

    private static void blur(ObjectNode certain, ObjectNode change) {
        change.properties().forEach(member -> {
            String name = member.getKey();
            if (CONTAINERS.contains(name) && member.getValue() instanceof ObjectNode inner) {
                blur(container(certain, name), inner);
            } else {
                certain.set(name, MissingNode.getInstance());
            }
        });
    }

    /** What the service says may be of another kind; that is replaced. */
    private static ObjectNode container(ObjectNode parent, String name) {
        return parent.get(name) instanceof ObjectNode held ? held : parent.putObject(name);
    }

    /** Puts the members of a change into a session object. */
    static void merge(ObjectNode expected, ObjectNode change) {
        change.properties().forEach(member -> {
            String name = member.getKey();
            if (CONTAINERS.contains(name) && member.getValue() instanceof ObjectNode inner) {
                merge(container(expected, name), inner);
            } else {
                expected.set(name, member.getValue());
            }
        });
    }

    /** As {@link #merge}, with copies; an object that has kinds and does not say its own is completed by what is there. */
    static void put(ObjectNode whole, ObjectNode change) {
        change.properties().forEach(member -> {
            String name = member.getKey();
            JsonNode value = member.getValue();
            if (CONTAINERS.contains(name) && value instanceof ObjectNode inner) {
                put(container(whole, name), inner);
            } else if (isSameKind(name, value, whole.get(name))) {
                whole.withObject("/" + name).setAll((ObjectNode) value.deepCopy());
            } else {
                whole.set(name, value.deepCopy());
            }
        });
    }
}
