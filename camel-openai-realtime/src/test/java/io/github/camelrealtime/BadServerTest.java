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
package io.github.camelrealtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import ch.qos.logback.classic.Level;
import io.github.camelrealtime.event.EventExamples;
import io.github.camelrealtime.event.SpoiltFrames;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.SimulatedSession;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.camelrealtime.TranscriptFrames.mark;
import static org.assertj.core.api.Assertions.assertThat;

/** A service that talks nonsense, over a real socket, to routes of all formats. */
class BadServerTest {

    private static final String SECRET = "sesame";
    private static final int DEEP = 10_000;

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();
    private final Received events = new Received();
    private final Received raw = new Received();

    /** Each kind that cannot be read, with words in it that nobody may repeat. */
    private static Map<String, List<String>> unreadable() {
        return Map.of(
                "no-json", List.of("", " ", SECRET, "{\"type\":\"" + SECRET, "{\"type\":\"error\"} {\"" + SECRET + "\":1}",
                        "{\"type\":\"deep\",\"x\":" + "[".repeat(DEEP) + "]".repeat(DEEP) + "}",
                        "{\"type\":\"deep\",\"x\":" + "{\"" + SECRET + "\":".repeat(DEEP) + "1" + "}".repeat(DEEP) + "}",
                        "{\"type\":\"number\",\"x\":" + "9".repeat(100_000) + "}", "{\"type\":\"response.done\",\"x\":NaN}"),
                "no-object", List.of("null", "17", "\"" + SECRET + "\"", "[{\"type\":\"" + SECRET + "\"}]"),
                "no-type", List.of("{}", "{\"type\":null}", "{\"type\":7}", "{\"type\":\"\"}", "{\"type\":[\"" + SECRET + "\"]}"),
                "no-audio", List.of("{\"type\":\"response.output_audio.delta\",\"delta\":\"*" + SECRET + "*\"}",
                        "{\"type\":\"response.output_audio.delta\",\"delta\":{\"" + SECRET + "\":1}}"),
                "odd-member", List.of("{\"type\":\"response.output_text.delta\",\"delta\":{\"" + SECRET + "\":1}}",
                        "{\"type\":\"response.output_text.delta\",\"item_id\":\"" + SECRET.repeat(200_000) + "\"}"));
    }

    @Test
    @DisplayName("CONN-18 SEC-6 what cannot be read is counted, told as error event with its kind, and logged once per kind; no word of "
                 + "it is in any of these")
    void loggedOnce() throws Exception {
        try (LogCapture log = LogCapture.of("io.github.camelrealtime", Level.TRACE).and("okhttp3", Level.TRACE).andJava("okhttp3")) {
            camel.start(
                    route -> route.from("openai-realtime:support?eventTypes=error,x.*&turnDetection=none").process(received),
                    route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));
            camel.awaitState("support", SessionState.READY);
            SimulatedSession server = camel.server(0);
            unreadable().values().forEach(frames -> frames.forEach(server::send));
            unreadable().values().forEach(frames -> frames.forEach(server::send));
            // a name with other things in it, which are none of a log's
            server.send("{\"type\":\"x.\\n2026-11-21 ERROR " + SECRET + " spoken words\"}");
            server.send(mark());
            received.await("x.mark");

            Map<String, Long> told = received.ofType("camel.error.malformed").stream()
                    .map(event -> (Map<?, ?>) event.body())
                    .collect(Collectors.groupingBy(body -> (String) body.get("kind"), Collectors.counting()));
            unreadable().forEach((kind, frames) -> assertThat(told).containsEntry(kind, 2L * frames.size()));
            assertThat(received.ofType("camel.error.malformed").toString()).doesNotContain(SECRET);
            long unreadable = told.values().stream().mapToLong(Long::longValue).sum() - told.get("odd-member");
            assertThat(camel.session("support").status().malformedFrames()).isEqualTo(unreadable);
            assertThat(camel.session("support").status().oddEvents()).isEqualTo(told.get("odd-member"));
            assertThat(log.messages()).filteredOn(message -> message.contains("unreadable frame")).hasSize(4);
            assertThat(log.messages()).filteredOn(message -> message.contains("odd event")).hasSize(1);
            assertThat(log.messages()).filteredOn(message -> message.contains("2026-11-21 ERROR")).isEmpty();
            assertThat(log.messages()).filteredOn(message -> message.contains("\n2026")).isEmpty();
            assertThat(log.messages()).filteredOn(message -> !message.contains("new to this component"))
                    .noneMatch(message -> message.contains(SECRET));
            assertThat(camel.template().requestBody("direct:ask", "Hello", String.class)).contains("Hello");
            assertThat(camel.simulator().sessions()).hasSize(1);
        }
    }

    @Test
    @DisplayName("CONN-18 every event, spoilt in every place, goes through routes of all formats; the session goes on")
    void spoilt() throws Exception {
        String session = "openai-realtime:support?turnDetection=none&transcriptOrdering=arrival&failedTranscripts=event"
                         + "&queueSize=1000000&eventTypes=all&dataFormat=";
        camel.start(
                route -> route.from(session + "payload").process(received),
                route -> route.from(session + "event").process(events),
                route -> route.from(session + "raw").process(raw));
        camel.awaitState("support", SessionState.READY);
        SimulatedSession server = camel.server(0);
        int deepEnough = 990;
        List<String> frames = new ArrayList<>(List.of(
                "{\"type\":\"x.deep\",\"x\":" + "[".repeat(deepEnough) + "]".repeat(deepEnough) + "}",
                "{\"type\":\"x.long\",\"x\":\"" + "y".repeat(1_000_000) + "\"}",
                "{\"type\":\"x.huge\",\"x\":1e400,\"y\":" + "9".repeat(900) + ",\"z\":-1e-400}"));
        for (String example : EventExamples.frames()) {
            if (!example.contains("session_expired")) {
                frames.addAll(SpoiltFrames.of(example));
            }
        }
        frames.forEach(server::send);
        server.send(mark());
        for (Received consumer : List.of(received, events, raw)) {
            consumer.await("x.mark");
            assertThat(consumer.types()).contains("x.deep", "x.long", "x.huge").doesNotContain("camel.error.internal");
        }
        assertThat(camel.session("support").status().internalErrors()).isZero();
        assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
        assertThat(camel.simulator().sessions()).hasSize(1);
        // answers that were begun and never ended would be waited for
        camel.session("support").closeNow();
    }
}
