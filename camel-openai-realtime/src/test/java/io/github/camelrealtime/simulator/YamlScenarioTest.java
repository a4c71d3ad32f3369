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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class YamlScenarioTest extends WireTest {

    private static final String TRAINS = "/io/github/camelrealtime/simulator/trains.yaml";

    @Test
    @DisplayName("SIM-5 the example of the guide: rules, a refused handshake, a close at a time, a remote tool, an assumption")
    void example() throws IOException {
        VirtualClock clock = new VirtualClock();
        try (InputStream in = getClass().getResourceAsStream(TRAINS)) {
            start(RealtimeSimulator.builder().clock(clock).scenario(Scenario.fromYaml(in)));
        }
        Client refused = dial(request(REALTIME).header("Authorization", "Bearer sk-simulator").build());
        assertThat(refused.awaitRefusal()).isEqualTo(429);
        assertThat(refused.response.header("Retry-After")).isEqualTo("2");

        Client client = connect("?model=gpt-realtime-2.1");
        JsonNode call = ask(client, clock, message("When is the next TRAIN?"));
        assertThat(call.at("/output/0/phase").asText()).isEqualTo("commentary");
        assertThat(call.at("/output/1/arguments").asText()).isEqualTo("{\"to\":\"Ghent\"}");
        assertThat(said(ask(client, clock, "{'type':'function_call_output','call_id':'" + call.at("/output/1/call_id").asText()
                + "','output':'IC 540'}"))).isEqualTo("Take the IC 540 at nine.");
        assertThat(said(ask(client, clock, message("goodbye")))).isEqualTo("Goodbye.");
        assertThat(said(ask(client, clock, message("hm")))).isEqualTo("I sell train tickets.");
        assertThat(ask(client, clock, message("What price?")).at("/status_details/error/code").asText())
                .isEqualTo("rate_limit_exceeded");
        client.send("{'type':'conversation.item.delete','item_id':'nobody'}");
        client.await("session.weather.updated");
        clock.advance(Duration.ofMinutes(30));
        assertThat(client.awaitClose()).isEqualTo(1012);
    }

    @Test
    @DisplayName("SIM-5 every key of the vocabulary is read")
    void everyKey(@TempDir Path folder) throws IOException {
        Scenario scenario = Scenario.fromYaml(Files.writeString(folder.resolve("all.yaml"), """
                think-time: 1ms
                step-delay: 2s
                pace: 2.5
                slow-handshake: 3m
                session-lifetime: 1h
                close-when-idle: 20s
                clock-skew: 5s
                latency: {least: 1ms, most: 2ms}
                late-every: {n: 3, by: 4ms}
                listening: true
                obfuscation: false
                item-objects: true
                confirm-items-at-once: true
                deltas-after-cancel: true
                unknown-events: true
                error-event-ids: false
                duplicate-content: true
                schema-retrieved: true
                key-checked-after-opening: true
                duplicate-every: 5
                swap-every: 6
                context-tokens: 7
                reasoning-tokens: 8
                assume: [call-id-unlimited, turn-detection-rebuilt]
                refuse-session-update: insufficient_quota
                session-updated: never
                committed: 9s
                rate-limits: 10s
                transcription: {out-of-order: 11s}
                mcp-servers: {a: {tools: {t: {}}, imported-after: 1s}, b: unreachable}
                refused-handshakes: {status: 503, body: {error: {code: x}}}
                faults:
                  - {at-client-event: 1, do: drop}
                  - {at-client-event: {type: response.create}, do: silence}
                  - {after-server-event: {type: response.done, nth: 2}, do: stop-reading}
                  - {at: 1s, do: malformed-json}
                  - {at: 1s, in-session: 2, do: unknown-event}
                  - {at: 1s, do: {close: {code: 1011}}}
                  - {at: 1s, do: {read-slowly: 5ms}}
                  - {at: 1s, do: {binary: 5}}
                  - {at: 1s, do: {large-frame: 5}}
                  - {at: 1s, do: {flood: 5}}
                  - {at: 1s, do: {text: {type: mine}}}
                  - {at: 1s, do: {dtmf: '#'}}
                next: [one, {tone: {length: 1s, transcript: beep}}]
                rules:
                  - {text: a, reply: b}
                  - {text-matches: a+, reply: b}
                  - {heard: a, reply: b}
                  - {heard-matches: a+, reply: b}
                  - {tool-output: a, reply: {mcp-call: {server: s, name: n, arguments: {}, output: o}}}
                  - {tool-output: b, reply: {mcp-call: {server: s, name: n, error: {type: http_error, code: 502, message: m}}}}
                  - {turn: 3, reply: {say: [{text: a}, {call: {name: f, id: c}}], every: 1ms, endless: true, interleaved: true}}
                  - {audio: true, reply: {incomplete: content_filter}}
                otherwise: {fail: {code: c, message: m}}
                """));
        Behaviour read = scenario.behaviour();
        assertThat(read.thinkTime).isEqualTo(Duration.ofMillis(1));
        assertThat(read.stepDelay).isEqualTo(Duration.ofSeconds(2));
        assertThat(read.pace).isEqualTo(2.5);
        assertThat(read.handshakeDelay).isEqualTo(Duration.ofMinutes(3));
        assertThat(read.lifetime).isEqualTo(Duration.ofHours(1));
        assertThat(read.idleClose).isEqualTo(Duration.ofSeconds(20));
        assertThat(read.clockSkew).isEqualTo(Duration.ofSeconds(5));
        assertThat(read.leastLatency.plus(read.mostLatency)).isEqualTo(Duration.ofMillis(3));
        assertThat(read.lateEvery).isEqualTo(3);
        assertThat(read.lateBy).isEqualTo(Duration.ofMillis(4));
        assertThat(new boolean[] {read.listening, !read.obfuscation, read.itemObjects, read.confirmItemsAtOnce,
            read.deltasAfterCancel, read.unknownEvents, !read.errorEventIds, read.duplicateContent, read.schemaRetrieved,
            read.keyCheckedAfterOpening}).doesNotContain(false);
        assertThat(new int[] {read.duplicateEvery, read.swapEvery, read.contextTokens, read.reasoningTokens})
                .containsExactly(5, 6, 7, 8);
        assertThat(read.assumptions).containsExactlyInAnyOrder(Assumption.CALL_ID_UNLIMITED, Assumption.TURN_DETECTION_REBUILT);
        assertThat(read.refusedUpdateCode).isEqualTo("insufficient_quota");
        assertThat(read.sessionUpdated).isEqualTo(Acknowledgement.NEVER);
        assertThat(read.committed.delay()).isEqualTo(Duration.ofSeconds(9));
        assertThat(read.rateLimits.delay()).isEqualTo(Duration.ofSeconds(10));
        assertThat(read.transcription).isEqualTo(TranscriptionScript.outOfOrder(Duration.ofSeconds(11)));
        assertThat(read.mcpServers).containsOnlyKeys("a", "b");
        assertThat(read.refusals).containsExactly(new HandshakeRefusal(503, "{\"error\":{\"code\":\"x\"}}", 1, null));
        assertThat(read.faults).extracting(PlannedFault::trigger).contains(Trigger.atClientEvent(1),
                Trigger.atClientEvent("response.create", 1), Trigger.afterServerEvent("response.done", 2),
                Trigger.at(Duration.ofSeconds(1)).inSession(2)).hasSize(12);
        assertThat(scenario.replyTo(new ReplyContext(ReplyContext.Kind.NOTHING, "", 0, 1)).parts().get(0))
                .isInstanceOfSatisfying(Reply.Message.class, message -> assertThat(message.sound()).hasSize(24_000));
        Reply third = scenario.replyTo(new ReplyContext(ReplyContext.Kind.NOTHING, "", 0, 2));
        assertThat(third.isEndless() && third.isInterleaved()).isTrue();
        assertThat(third.parts().get(1)).isEqualTo(new Reply.Call("f", "{}", "c"));
        assertThat(scenario.replyTo(new ReplyContext(ReplyContext.Kind.AUDIO, "", 0, 5)).code()).isEqualTo("content_filter");
        assertThat(scenario.replyTo(new ReplyContext(ReplyContext.Kind.NOTHING, "", 0, 5)).code()).isEqualTo("c");
    }

    @ParameterizedTest(name = "SIM-5 refused with its line: {0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "think-tiem: 1s | line 1: unknown key 'think-tiem'; known here: ",
        "pace: 1;think-time: soon | line 2: expected a time like 250ms, 2s, 5m or 1h, but found 'soon'",
        "pace: quick | line 1: expected a number",
        "listening: 1 | line 1: expected true or false",
        "duplicate-every: -1 | line 1: expected a whole number",
        "pace: 1;pace: 2 | line 2: Duplicate field 'pace'",
        "rules:;  - {text: a, replay: b} | line 2: 'reply' is missing",
        "rules:;  - {reply: b} | line 2: a rule needs",
        "rules:;  - {text: a, heard: b, reply: b} | line 2: unknown key 'heard'",
        "rules:;  - {text-matches: '(', reply: b} | line 2: not a regular expression",
        "otherwise: {sing: x} | line 1: unknown key 'sing'",
        "otherwise: {say: x, aftr: 1s} | line 1: unknown key 'aftr'",
        "otherwise: {call: {nam: x}} | line 1: 'name' is missing",
        "otherwise: {mcp-call: {server: s, name: n}} | line 1: give 'output' or 'error'",
        "faults:;  - {do: drop} | line 2: a fault needs",
        "faults:;  - {at: 1s, do: explode} | line 2: expected drop, silence",
        "faults:;  - {at: 1s, do: {close: {reason: x}}} | line 2: 'code' is missing",
        "assume: [the-best] | line 1: nobody assumes 'the-best'",
        "transcription: sometimes | line 1: expected prompt",
        "mcp-servers: {a: {tools: {t: {schema: '{'}}}} | line 1: The schema of the tool t is not JSON",
        "a: [ | line 1: ",
        "pace: 1;---;pace: 2 | expected one document",
        "- 1 | line 1: expected a map",
    })
    void refused(String yaml, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> Scenario.fromYaml(stream(yaml.replace(';', '\n'))))
                .withMessageContaining(message);
    }

    @Test
    @DisplayName("SIM-5 a file is named in messages, its recordings stand beside it, an empty one is a healthy service")
    void files(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("mine.yaml"), "otherwise: {recording: {file: gone.wav}}");
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> Scenario.fromYaml(file))
                .withMessageContaining(folder.resolve("gone.wav").toString());
        assertThatIllegalArgumentException().isThrownBy(() -> Scenario.fromYaml(Files.writeString(file, "x: 1")))
                .withMessageContaining("mine.yaml, line 1");
        assertThat(Scenario.fromYaml(stream("")).isLawless()).isFalse();
    }

    private static JsonNode ask(Client client, VirtualClock clock, String item) {
        client.expectCreated("{'type':'conversation.item.create','item':" + item + "}");
        client.send("{'type':'response.create','response':{'output_modalities':['text']}}");
        client.expect("response.created");
        clock.advance(Duration.ofSeconds(1));
        JsonNode response = client.await("response.done").path("response");
        client.expect("rate_limits.updated");
        return response;
    }

    private static String message(String text) {
        return "{'type':'message','role':'user','content':[{'type':'input_text','text':'" + text + "'}]}";
    }

    private static String said(JsonNode response) {
        return response.at("/output/0/content/0/text").asText();
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
