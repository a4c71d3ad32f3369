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
package io.github.camelrealtime.event;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A frame of the reference twice, and then with one member after the other gone, of another kind, or there twice. */
public final class SpoiltFrames {

    private static final int PLACES = 60;
    private static final List<String> VALUES = List.of(
            "null", "true", "-1", "7", "9223372036854775807", "123456789012345678901234567890", "1e300", "-1.5", "\"7\"", "\"\"",
            "\"nonsense\"", "[]", "[null,1,\"x\",{},[]]", "{}", "{\"id\":null,\"type\":7,\"content\":{},\"output\":\"x\"}");

    private SpoiltFrames() {
    }

    public static List<String> of(String frame) {
        List<String> spoilt = new ArrayList<>();
        spoilt.add(frame);
        spoilt.add(frame);
        ObjectNode whole = EventExamples.parse(frame);
        List<String> places = new ArrayList<>();
        collect(whole, "", places);
        for (String place : places.subList(0, Math.min(PLACES, places.size()))) {
            if (place.equals("/type")) {
                continue;
            }
            spoilt.add(with(whole, place, null));
            for (String value : VALUES) {
                spoilt.add(with(whole, place, value));
            }
            int at = frame.indexOf('{') + 1;
            spoilt.add(frame.substring(0, at) + "\"" + place.substring(place.lastIndexOf('/') + 1) + "\":[7]," + frame.substring(at));
        }
        return spoilt;
    }

    private static void collect(JsonNode node, String path, List<String> places) {
        if (node.isObject()) {
            node.fields().forEachRemaining(field -> places.add(path + "/" + field.getKey()));
            node.fields().forEachRemaining(field -> collect(field.getValue(), path + "/" + field.getKey(), places));
        } else {
            for (int i = 0; i < node.size(); i++) {
                places.add(path + "/" + i);
                collect(node.get(i), path + "/" + i, places);
            }
        }
    }

    private static String with(ObjectNode whole, String place, String value) {
        ObjectNode spoilt = whole.deepCopy();
        int end = place.lastIndexOf('/');
        String name = place.substring(end + 1);
        JsonNode owner = spoilt.at(place.substring(0, end));
        JsonNode node = value == null ? null : EventExamples.parse("{\"value\":" + value + "}").get("value");
        if (owner instanceof ArrayNode array) {
            if (node == null) {
                array.remove(Integer.parseInt(name));
            } else {
                array.set(Integer.parseInt(name), node);
            }
        } else if (node == null) {
            ((ObjectNode) owner).remove(name);
        } else {
            ((ObjectNode) owner).set(name, node);
        }
        return spoilt.toString();
    }
}
