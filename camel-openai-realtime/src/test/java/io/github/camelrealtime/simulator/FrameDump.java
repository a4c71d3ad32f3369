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

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.camelrealtime.simulator.Frame.Direction;

/** Frame logs for people: one line each, with the time since the first frame and long strings (audio) cut. */
final class FrameDump {

    private static final int LONGEST = 160;
    private static final int KEPT = 24;

    private FrameDump() {
    }

    static String of(List<SimulatedSession> sessions) {
        StringBuilder text = new StringBuilder("Simulated sessions: ").append(sessions.size()).append('\n');
        sessions.forEach(session -> describe(text, session));
        return text.toString();
    }

    private static void describe(StringBuilder text, SimulatedSession session) {
        List<Frame> frames = session.frames();
        text.append("== ").append(session.id()).append(' ').append(session.type()).append(' ').append(session.model())
                .append(session.isOpen() ? " open" : " closed " + session.closeCode())
                .append(", ").append(frames.size()).append(" frames\n");
        long start = frames.isEmpty() ? 0 : frames.get(0).atMillis();
        for (Frame frame : frames) {
            text.append(String.format("%8d ms  %s  %s%n", frame.atMillis() - start,
                    frame.direction() == Direction.RECEIVED ? "client ->" : "<- server", shorten(frame.json())));
        }
    }

    private static JsonNode shorten(JsonNode node) {
        if (node.isTextual() && node.textValue().length() > LONGEST) {
            String value = node.textValue();
            return TextNode.valueOf(value.substring(0, KEPT) + "... (" + value.length() + " characters)");
        }
        if (node instanceof ObjectNode object) {
            ObjectNode copy = object.objectNode();
            object.fields().forEachRemaining(member -> copy.set(member.getKey(), shorten(member.getValue())));
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = array.arrayNode();
            array.forEach(element -> copy.add(shorten(element)));
            return copy;
        }
        return node;
    }
}
