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

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What is told of a turn that is over: the members of {@link LocalEvents#TURN_COMPLETED}. */
final class TurnReport {

    private TurnReport() {
    }

    static ObjectNode of(String sessionName, AssembledTurn turn) {
        ObjectNode report = JsonNodeFactory.instance.objectNode();
        report.put("session", sessionName);
        report.put("turn", turn.number);
        report.put("part", turn.part);
        report.put("deduplication_id", turn.sessionId + ":turn:" + turn.number + ":" + turn.part);
        ArrayNode epochs = report.putArray("epochs");
        turn.epochs.forEach(epochs::add);
        report.put("completed", turn.reason == null);
        report.put("reason", turn.reason);
        report.put("interrupted", turn.responses.values().stream().anyMatch(TurnResponse::isInterrupted));
        ArrayNode user = report.putArray("user");
        turn.words.values().forEach(words -> user.add(words.report()));
        report.put("text", turn.responses.values().stream().map(TurnResponse::text).filter(text -> !text.isEmpty())
                .collect(Collectors.joining(" ")));
        ArrayNode responses = report.putArray("responses");
        ArrayNode tools = report.putArray("tools");
        ObjectNode usage = report.putObject("usage");
        for (TurnResponse response : turn.responses.values()) {
            responses.add(response.report());
            response.reportTools(tools);
            add(usage, response.usage());
        }
        report.set("timings", timings(turn));
        return withoutNulls(report);
    }

    /** On the wall clock, ms since 1970; what did not happen is left out. */
    private static ObjectNode timings(AssembledTurn turn) {
        List<TurnWords> words = List.copyOf(turn.words.values());
        List<TurnResponse> responses = List.copyOf(turn.responses.values());
        ObjectNode timings = JsonNodeFactory.instance.objectNode();
        Long stopped = last(words, spoken -> spoken.speechStopped);
        Long given = last(words, spoken -> spoken.given);
        Long token = first(responses, response -> response.firstToken);
        Long audio = first(responses, response -> response.firstAudio);
        timings.put("speech_started", first(words, spoken -> spoken.speechStarted));
        timings.put("speech_stopped", stopped);
        timings.put("committed", given);
        timings.put("response_created", first(responses, response -> response.createdMillis));
        timings.put("first_token", token);
        timings.put("first_audio", audio);
        timings.put("done", last(responses, response -> response.done));
        Long asked = stopped == null ? given : stopped;
        Long answered = audio == null ? token : audio;
        if (asked != null && answered != null) {
            timings.put("latency_ms", answered - asked);
        }
        return withoutNulls(timings);
    }

    private static <T> Long first(List<T> all, Function<T, Long> time) {
        return all.stream().map(time).filter(Objects::nonNull).findFirst().orElse(null);
    }

    private static <T> Long last(List<T> all, Function<T, Long> time) {
        return all.stream().map(time).filter(Objects::nonNull).reduce((one, other) -> other).orElse(null);
    }

    /** Adds up all counts, however deep, as the service adds kinds of them. */
    private static void add(ObjectNode sum, JsonNode usage) {
        if (usage == null) {
            return;
        }
        for (Iterator<Map.Entry<String, JsonNode>> fields = usage.fields(); fields.hasNext();) {
            Map.Entry<String, JsonNode> field = fields.next();
            if (field.getValue().isObject()) {
                JsonNode inner = sum.get(field.getKey());
                add(inner instanceof ObjectNode known ? known : sum.putObject(field.getKey()), field.getValue());
            } else if (field.getValue().isIntegralNumber()) {
                sum.put(field.getKey(), sum.path(field.getKey()).asLong() + field.getValue().asLong());
            }
        }
    }

    /** What is not known is left out. */
    static ObjectNode withoutNulls(ObjectNode node) {
        for (Iterator<JsonNode> values = node.elements(); values.hasNext();) {
            if (values.next().isNull()) {
                values.remove();
            }
        }
        return node;
    }
}
